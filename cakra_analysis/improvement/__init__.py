"""Stage 5: what the next cycle learns from this one."""

from cakra_analysis.improvement.action_findings import (
    find_action_caveats,
    find_log,
    find_proposed,
    find_results,
    find_steps,
)
from cakra_analysis.improvement.action_log import list_actions
from cakra_analysis.improvement.action_results import score_actions
from cakra_analysis.improvement.actions import propose_actions
from cakra_analysis.improvement.course_facts import gather_facts
from cakra_analysis.improvement.coverage import score_coverage
from cakra_analysis.improvement.evidence_findings import find_evidence_caveats, find_learnt
from cakra_analysis.improvement.regression_to_mean import expect_regression
from cakra_analysis.improvement.rules import read_rules

__all__ = [
    "expect_regression",
    "find_action_caveats",
    "find_evidence_caveats",
    "find_learnt",
    "find_log",
    "find_proposed",
    "find_results",
    "find_steps",
    "gather_facts",
    "list_actions",
    "propose_actions",
    "read_rules",
    "score_actions",
    "score_coverage",
]
