"""Stage 5: what the next cycle learns from this one."""

from cakra_analysis.improvement.evidence import update_effects

__all__ = ["update_effects"]
