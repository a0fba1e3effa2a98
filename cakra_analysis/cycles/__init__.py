"""A region over several cycles, from needs to improvement, planned in different ways."""

from cakra_analysis.cycles.run import ARMS, CLAIMS, MEASURED, TRUTH, Year, run_cycles
from cakra_analysis.cycles.world import World, make_world

__all__ = ["ARMS", "CLAIMS", "MEASURED", "TRUTH", "World", "Year", "make_world", "run_cycles"]
