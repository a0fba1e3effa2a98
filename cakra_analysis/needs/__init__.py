"""Stage 1: where the gaps are, and how sure that is."""

from cakra_analysis.needs.findings import (
    count_below,
    find_caveats,
    find_leading,
    find_match,
    find_next,
    find_spread,
)
from cakra_analysis.needs.fitness import (
    check_fitness,
    find_data_caveats,
    find_missing,
    find_problems,
    find_response,
    find_straight,
)
from cakra_analysis.needs.gaps import categorise_gaps, score_gaps
from cakra_analysis.needs.job_match import score_job_match, score_match_by_unit
from cakra_analysis.needs.labels import (
    GAP_COLUMNS,
    add_names,
    gap_style,
)
from cakra_analysis.needs.person_gaps import STANDARD, score_person_gaps
from cakra_analysis.needs.population import count_people, select_staff, select_unit
from cakra_analysis.needs.quality import (
    find_straight_liners,
    score_missing,
    score_problems,
    score_response,
)
from cakra_analysis.needs.raters import combine_ratings, combine_sides, list_weights
from cakra_analysis.needs.survey import find_top_answers, score_answers
from cakra_analysis.needs.tree import ancestors, find_peers, find_shown

__all__ = [
    "GAP_COLUMNS",
    "STANDARD",
    "add_names",
    "ancestors",
    "categorise_gaps",
    "check_fitness",
    "combine_ratings",
    "combine_sides",
    "count_below",
    "count_people",
    "find_caveats",
    "find_data_caveats",
    "find_leading",
    "find_match",
    "find_missing",
    "find_next",
    "find_peers",
    "find_problems",
    "find_response",
    "find_shown",
    "find_spread",
    "find_straight",
    "find_straight_liners",
    "find_top_answers",
    "gap_style",
    "list_weights",
    "score_answers",
    "score_gaps",
    "score_job_match",
    "score_match_by_unit",
    "score_missing",
    "score_person_gaps",
    "score_problems",
    "score_response",
    "select_staff",
    "select_unit",
]
