"""For notebooks only: look around in the gaps, and sort and search tables, without writing code."""

from cakra_analysis.explorer.gaps import publish_gaps
from cakra_analysis.explorer.panel import explore
from cakra_analysis.explorer.tables import show_table, start

__all__ = ["explore", "publish_gaps", "show_table", "start"]
