"""Stage 5: what do we change next cycle?"""

from cakra_analysis.improvement.comparable import compare_cycles
from cakra_analysis.improvement.linking import apply_instruments, link_levels
from cakra_analysis.improvement.trend import score_trend

__all__ = ["apply_instruments", "compare_cycles", "link_levels", "score_trend"]
