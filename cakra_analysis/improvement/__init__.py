"""Stage 5: what the next cycle learns from this one."""

from cakra_analysis.improvement.action_cells import list_telling
from cakra_analysis.improvement.action_findings import (
    find_action_caveats,
    find_division,
    find_log,
    find_proposed,
    find_results,
    find_steps,
)
from cakra_analysis.improvement.action_log import list_actions
from cakra_analysis.improvement.action_results import score_actions
from cakra_analysis.improvement.actions import list_courses, propose_actions, sort_actions
from cakra_analysis.improvement.changes import judge_changes
from cakra_analysis.improvement.codes import find_codes, keep_codes, use_codes
from cakra_analysis.improvement.comparable import compare_cycles
from cakra_analysis.improvement.control import score_control
from cakra_analysis.improvement.control_findings import (
    find_charts,
    find_control,
    find_control_caveats,
)
from cakra_analysis.improvement.course_facts import gather_facts
from cakra_analysis.improvement.coverage import score_coverage
from cakra_analysis.improvement.cycles import count_age, select_until
from cakra_analysis.improvement.evidence import update_effects
from cakra_analysis.improvement.evidence_findings import find_evidence_caveats, find_learnt
from cakra_analysis.improvement.information import score_information, score_perfect_information
from cakra_analysis.improvement.information_findings import find_worth, list_worth
from cakra_analysis.improvement.linking import apply_instruments, link_levels
from cakra_analysis.improvement.own_effects import select_own
from cakra_analysis.improvement.regression_to_mean import expect_regression
from cakra_analysis.improvement.rules import read_rules
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
from cakra_analysis.improvement.untold_results import count_untold, select_measured

__all__ = [
    "apply_instruments",
    "compare_cycles",
    "count_age",
    "count_untold",
    "expect_regression",
    "find_action_caveats",
    "find_change",
    "find_changed_units",
    "find_charts",
    "find_codes",
    "find_control",
    "find_control_caveats",
    "find_division",
    "find_evidence_caveats",
    "find_improved",
    "find_learnt",
    "find_log",
    "find_parts",
    "find_proposed",
    "find_results",
    "find_signals",
    "find_steps",
    "find_trend_caveats",
    "find_who",
    "find_worth",
    "gather_facts",
    "judge_changes",
    "keep_codes",
    "link_levels",
    "list_actions",
    "list_courses",
    "list_telling",
    "list_worth",
    "propose_actions",
    "read_rules",
    "score_actions",
    "score_control",
    "score_coverage",
    "score_information",
    "score_perfect_information",
    "score_same_units",
    "score_trend",
    "select_changes",
    "select_measured",
    "select_own",
    "select_parts",
    "select_period",
    "select_until",
    "sort_actions",
    "update_effects",
    "use_codes",
]
