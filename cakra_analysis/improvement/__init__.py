"""Stage 5: what the next cycle learns from this one."""

from cakra_analysis.improvement.cycles import count_age
from cakra_analysis.improvement.evidence import update_effects
from cakra_analysis.improvement.information import score_information, score_perfect_information

__all__ = ["count_age", "score_information", "score_perfect_information", "update_effects"]
