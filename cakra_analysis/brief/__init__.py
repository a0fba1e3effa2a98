"""Across the stages, from what earlier reports saved: the brief and each unit's own sheet."""

from cakra_analysis.brief.ahead import find_ahead
from cakra_analysis.brief.answers import find_answer, join_verdicts, match_courses
from cakra_analysis.brief.beside import collect_results, find_parent, find_siblings, set_beside
from cakra_analysis.brief.decision import choose_steps, choose_told, find_decision
from cakra_analysis.brief.unit_findings import (
    find_against,
    find_barrier_step,
    find_change,
    find_gain,
    find_participation,
    find_reached,
    find_title,
    restate_wish,
)

__all__ = [
    "choose_steps",
    "choose_told",
    "collect_results",
    "find_against",
    "find_ahead",
    "find_answer",
    "find_barrier_step",
    "find_change",
    "find_decision",
    "find_gain",
    "find_parent",
    "find_participation",
    "find_reached",
    "find_siblings",
    "find_title",
    "join_verdicts",
    "match_courses",
    "restate_wish",
    "set_beside",
]
