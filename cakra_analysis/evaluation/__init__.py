"""Stage 4: whether a course was liked, learnt, used, felt in the service, and worth it."""

from cakra_analysis.evaluation.attrition import score_attrition, weigh_courses, weigh_stayers
from cakra_analysis.evaluation.balance import check_balance, check_overlap, name_covariates
from cakra_analysis.evaluation.bounds import bound_courses, bound_effect
from cakra_analysis.evaluation.comments import find_themes
from cakra_analysis.evaluation.comparison import gather_people, list_covariates, select_tests
from cakra_analysis.evaluation.course_power import score_power
from cakra_analysis.evaluation.differences import score_groups
from cakra_analysis.evaluation.distinct import differ, pool_rows, standard_errors
from cakra_analysis.evaluation.effect import estimate_effect
from cakra_analysis.evaluation.effect_sizes import score_independent, score_paired
from cakra_analysis.evaluation.event_study import (
    estimate_event_study,
    estimate_placebo,
    find_trained_units,
)
from cakra_analysis.evaluation.gain import score_gain, score_shift
from cakra_analysis.evaluation.impact import check_courses, choose_method, estimate_courses
from cakra_analysis.evaluation.impact_findings import (
    find_comparison,
    find_gain,
    find_harm,
    find_subgroups,
    find_verdicts,
)
from cakra_analysis.evaluation.impact_notes import (
    choose_summary,
    find_impact_caveats,
    find_next_step,
)
from cakra_analysis.evaluation.learning import list_highest, score_learning
from cakra_analysis.evaluation.learning_findings import (
    find_ceiling,
    find_groups,
    find_learning,
    find_losses,
    find_regression,
    find_retention,
    find_shift,
)
from cakra_analysis.evaluation.pairs import pair_people, pair_tests
from cakra_analysis.evaluation.placebo import check_placebo
from cakra_analysis.evaluation.power import chance_to_show, plan_power, plan_sizes
from cakra_analysis.evaluation.ptia import categorise_ptia, score_ptia
from cakra_analysis.evaluation.reach import count_trained, find_reach
from cakra_analysis.evaluation.reaction import score_reactions, score_recommend, score_satisfaction
from cakra_analysis.evaluation.reaction_findings import (
    find_comments,
    find_reaction_items,
    find_reaction_reliability,
    find_reactions,
    find_recommend,
)
from cakra_analysis.evaluation.reaction_reliability import score_reaction_reliability
from cakra_analysis.evaluation.regression import score_regression
from cakra_analysis.evaluation.sensitivity import bound_rosenbaum, score_evalue
from cakra_analysis.evaluation.service import score_elements, score_ikm
from cakra_analysis.evaluation.service_effect import (
    estimate_service_effect,
    estimate_single_unit,
    find_rollout,
)
from cakra_analysis.evaluation.service_findings import (
    find_elements,
    find_interruption,
    find_service,
    find_service_effect,
    find_service_trend,
    find_service_units,
)
from cakra_analysis.evaluation.service_trend import (
    estimate_interruption,
    estimate_trends,
    score_ikm_by_period,
)
from cakra_analysis.evaluation.sides import (
    adjust_scores,
    correlate_occasions,
    score_sides,
    spread_methods,
    spread_sources,
)
from cakra_analysis.evaluation.sizes import add_fewest, count_fewest, describe_design
from cakra_analysis.evaluation.skm import categorise_ikm
from cakra_analysis.evaluation.staggered import estimate_staggered
from cakra_analysis.evaluation.subgroups import estimate_subgroups
from cakra_analysis.evaluation.support import count_barriers, find_blocking, score_support
from cakra_analysis.evaluation.support_findings import find_barriers, find_blocked, find_support
from cakra_analysis.evaluation.transfer import find_alumni, score_behaviour, score_source_gap
from cakra_analysis.evaluation.transfer_findings import (
    find_behaviour,
    find_ptia,
    find_source_gap,
    find_transfer_caveats,
    find_window,
)
from cakra_analysis.evaluation.transfer_window import check_window
from cakra_analysis.evaluation.unit_results import (
    count_completers,
    count_participation,
    score_unit_gains,
    score_unit_transfer,
)
from cakra_analysis.evaluation.value import score_benefits, score_cost, score_return
from cakra_analysis.evaluation.value_findings import (
    find_cost,
    find_power,
    find_powerless,
    find_return,
)
from cakra_analysis.evaluation.verdict import BENCHMARKS, grade_evidence, judge_courses

__all__ = [
    "BENCHMARKS",
    "add_fewest",
    "adjust_scores",
    "bound_courses",
    "bound_effect",
    "bound_rosenbaum",
    "categorise_ikm",
    "categorise_ptia",
    "chance_to_show",
    "check_balance",
    "check_courses",
    "check_overlap",
    "check_placebo",
    "check_window",
    "choose_method",
    "choose_summary",
    "correlate_occasions",
    "count_barriers",
    "count_completers",
    "count_fewest",
    "count_participation",
    "count_trained",
    "describe_design",
    "differ",
    "estimate_courses",
    "estimate_effect",
    "estimate_event_study",
    "estimate_interruption",
    "estimate_placebo",
    "estimate_service_effect",
    "estimate_single_unit",
    "estimate_staggered",
    "estimate_subgroups",
    "estimate_trends",
    "find_alumni",
    "find_barriers",
    "find_behaviour",
    "find_blocked",
    "find_blocking",
    "find_ceiling",
    "find_comments",
    "find_comparison",
    "find_cost",
    "find_elements",
    "find_gain",
    "find_groups",
    "find_harm",
    "find_impact_caveats",
    "find_interruption",
    "find_learning",
    "find_losses",
    "find_next_step",
    "find_power",
    "find_powerless",
    "find_ptia",
    "find_reach",
    "find_reaction_items",
    "find_reaction_reliability",
    "find_reactions",
    "find_recommend",
    "find_regression",
    "find_retention",
    "find_return",
    "find_rollout",
    "find_service",
    "find_service_effect",
    "find_service_trend",
    "find_service_units",
    "find_shift",
    "find_source_gap",
    "find_subgroups",
    "find_support",
    "find_themes",
    "find_trained_units",
    "find_transfer_caveats",
    "find_verdicts",
    "find_window",
    "gather_people",
    "grade_evidence",
    "judge_courses",
    "list_covariates",
    "list_highest",
    "name_covariates",
    "pair_people",
    "pair_tests",
    "plan_power",
    "plan_sizes",
    "pool_rows",
    "score_attrition",
    "score_behaviour",
    "score_benefits",
    "score_cost",
    "score_elements",
    "score_evalue",
    "score_gain",
    "score_groups",
    "score_ikm",
    "score_ikm_by_period",
    "score_independent",
    "score_learning",
    "score_paired",
    "score_power",
    "score_ptia",
    "score_reaction_reliability",
    "score_reactions",
    "score_recommend",
    "score_regression",
    "score_return",
    "score_satisfaction",
    "score_shift",
    "score_sides",
    "score_source_gap",
    "score_support",
    "score_unit_gains",
    "score_unit_transfer",
    "select_tests",
    "spread_methods",
    "spread_sources",
    "standard_errors",
    "weigh_courses",
    "weigh_stayers",
]
