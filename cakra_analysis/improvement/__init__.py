"""Stage 5: what the next cycle learns from this one."""

from cakra_analysis.improvement.changes import judge_changes
from cakra_analysis.improvement.comparable import compare_cycles
from cakra_analysis.improvement.control import score_control
from cakra_analysis.improvement.control_findings import find_charts, find_control
from cakra_analysis.improvement.linking import apply_instruments, link_levels
from cakra_analysis.improvement.same_units import score_same_units
from cakra_analysis.improvement.signals import find_signals
from cakra_analysis.improvement.trend import score_trend
from cakra_analysis.improvement.trend_caveats import find_trend_caveats
from cakra_analysis.improvement.trend_findings import (
    find_change,
    find_changed_units,
    find_improved,
    find_parts,
    find_who,
    select_period,
)
from cakra_analysis.improvement.trend_tables import select_changes, select_parts

__all__ = [
    "apply_instruments",
    "compare_cycles",
    "find_change",
    "find_changed_units",
    "find_charts",
    "find_control",
    "find_improved",
    "find_parts",
    "find_signals",
    "find_trend_caveats",
    "find_who",
    "judge_changes",
    "link_levels",
    "score_control",
    "score_same_units",
    "score_trend",
    "select_changes",
    "select_parts",
    "select_period",
]
