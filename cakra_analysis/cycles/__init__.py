"""A region over several cycles, from needs to improvement, planned in different ways."""

from cakra_analysis.cycles.compare import compare_arms, find_loop, score_learnt
from cakra_analysis.cycles.promises import Promises
from cakra_analysis.cycles.run import ARMS, CLAIMS, MEASURED, TRUTH, Year, run_cycles
from cakra_analysis.cycles.seeds import Regions, run_region, run_regions
from cakra_analysis.cycles.story import find_year, list_courses
from cakra_analysis.cycles.world import STAFF, World, make_world

__all__ = [
    "ARMS",
    "CLAIMS",
    "MEASURED",
    "STAFF",
    "TRUTH",
    "Promises",
    "Regions",
    "World",
    "Year",
    "compare_arms",
    "find_loop",
    "find_year",
    "list_courses",
    "make_world",
    "run_cycles",
    "run_region",
    "run_regions",
    "score_learnt",
]
