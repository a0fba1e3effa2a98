"""Stage 1: where the gaps are, and how sure that is."""

from cakra_analysis.contracts import STANDARD
from cakra_analysis.names import add_names
from cakra_analysis.needs.agreement import score_agreement, score_self_gap
from cakra_analysis.needs.below import adjust_below
from cakra_analysis.needs.causes import score_causes, score_performance
from cakra_analysis.needs.caveats import (
    find_learning_caveat,
    find_rating_caveats,
    find_self_gap,
    find_voices_caveat,
)
from cakra_analysis.needs.explained import (
    find_causes,
    find_learning,
    find_order,
    find_performance,
    find_reliability,
    find_target,
    find_voices,
)
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
    find_items,
    find_missing,
    find_problems,
    find_response,
    find_straight,
)
from cakra_analysis.needs.gaps import categorise_gaps, score_gaps, score_sums
from cakra_analysis.needs.job_match import score_job_match, score_match_by_unit
from cakra_analysis.needs.labels import GAP_COLUMNS, gap_style
from cakra_analysis.needs.learning import score_learning
from cakra_analysis.needs.means import mean_sums
from cakra_analysis.needs.order import compare_scores
from cakra_analysis.needs.person_gaps import score_person_gaps
from cakra_analysis.needs.plan import plan_needs
from cakra_analysis.needs.population import (
    count_people,
    select_aiming,
    select_unit,
)
from cakra_analysis.needs.priorities import (
    score_mwds,
    score_pni,
    score_pni_modified,
    score_rds,
    score_weighted_gap,
)
from cakra_analysis.needs.quality import (
    find_straight_liners,
    score_missing,
    score_problems,
    score_response,
)
from cakra_analysis.needs.ranked import rank_table
from cakra_analysis.needs.ranks import rank_needs
from cakra_analysis.needs.raters import combine_ratings, combine_sides, list_weights
from cakra_analysis.needs.rating_sums import sum_ratings
from cakra_analysis.needs.reliability import find_speeders, score_items, score_reliability
from cakra_analysis.needs.robustness import score_robustness
from cakra_analysis.needs.sample import compare_sample, required_sample, slovin
from cakra_analysis.needs.segment_profiles import find_groups, name_segments
from cakra_analysis.needs.segments import find_segments
from cakra_analysis.needs.shrinkage import shrink_gaps
from cakra_analysis.needs.stakeholders import (
    combine_groups,
    place_importance,
    score_concordance,
    score_groups,
)
from cakra_analysis.needs.sums import add_sums, sum_gaps
from cakra_analysis.needs.survey import find_top_answers, score_answers
from cakra_analysis.needs.target import score_target_gaps
from cakra_analysis.needs.tna import place_tna
from cakra_analysis.needs.unit_profiles import find_alike, group_units
from cakra_analysis.needs.voices import hear_nobody, hear_stakeholders, score_parts, spread_groups
from cakra_analysis.needs.weighting import compare_margins, rake_weights, score_weights
from cakra_analysis.serving import select_staff
from cakra_analysis.tree import ancestors, find_peers, find_shown

__all__ = [
    "GAP_COLUMNS",
    "STANDARD",
    "add_names",
    "add_sums",
    "adjust_below",
    "ancestors",
    "categorise_gaps",
    "check_fitness",
    "combine_groups",
    "combine_ratings",
    "combine_sides",
    "compare_margins",
    "compare_sample",
    "compare_scores",
    "count_below",
    "count_people",
    "find_alike",
    "find_causes",
    "find_caveats",
    "find_data_caveats",
    "find_groups",
    "find_items",
    "find_leading",
    "find_learning",
    "find_learning_caveat",
    "find_match",
    "find_missing",
    "find_next",
    "find_order",
    "find_peers",
    "find_performance",
    "find_problems",
    "find_rating_caveats",
    "find_reliability",
    "find_response",
    "find_segments",
    "find_self_gap",
    "find_shown",
    "find_speeders",
    "find_spread",
    "find_straight",
    "find_straight_liners",
    "find_target",
    "find_top_answers",
    "find_voices",
    "find_voices_caveat",
    "gap_style",
    "group_units",
    "hear_nobody",
    "hear_stakeholders",
    "list_weights",
    "mean_sums",
    "name_segments",
    "place_importance",
    "place_tna",
    "plan_needs",
    "rake_weights",
    "rank_needs",
    "rank_table",
    "required_sample",
    "score_agreement",
    "score_answers",
    "score_causes",
    "score_concordance",
    "score_gaps",
    "score_groups",
    "score_items",
    "score_job_match",
    "score_learning",
    "score_match_by_unit",
    "score_missing",
    "score_mwds",
    "score_parts",
    "score_performance",
    "score_person_gaps",
    "score_pni",
    "score_pni_modified",
    "score_problems",
    "score_rds",
    "score_reliability",
    "score_response",
    "score_robustness",
    "score_self_gap",
    "score_sums",
    "score_target_gaps",
    "score_weighted_gap",
    "score_weights",
    "select_aiming",
    "select_staff",
    "select_unit",
    "shrink_gaps",
    "slovin",
    "spread_groups",
    "sum_gaps",
    "sum_ratings",
]
