"""Stage 2: which programme closes most of the gaps for the money and hours there are."""

from cakra_analysis.design.conflict import find_least_budget, find_most_share
from cakra_analysis.design.frontier import score_draws, trace_frontier
from cakra_analysis.design.groups import fill_people, gather_problem
from cakra_analysis.design.lots import Lots, draw_lots
from cakra_analysis.design.lots_plan import list_designs, plan_lots
from cakra_analysis.design.nomination import Nomination, nominate
from cakra_analysis.design.nomination_findings import find_lots, find_nominations, find_reasons
from cakra_analysis.design.nomination_input import list_eligible
from cakra_analysis.design.nomination_summary import NominationSummary, summarise_nominations
from cakra_analysis.design.offers import list_offers
from cakra_analysis.design.plan_notes import find_plan_caveats, find_plan_steps
from cakra_analysis.design.portfolio import Portfolio, plan_portfolio, plan_with
from cakra_analysis.design.portfolio_findings import (
    find_fair,
    find_next_step,
    find_portfolio,
    find_regret,
    score_fair,
)
from cakra_analysis.design.problem import Problem
from cakra_analysis.design.programme import describe_courses, describe_effects, list_budgets
from cakra_analysis.design.regret import Regret, score_regret
from cakra_analysis.design.rules import Rules
from cakra_analysis.design.scenarios import compare_scenarios, summarise_plan
from cakra_analysis.design.sessions import list_sessions

__all__ = [
    "Lots",
    "Nomination",
    "NominationSummary",
    "Portfolio",
    "Problem",
    "Regret",
    "Rules",
    "compare_scenarios",
    "describe_courses",
    "describe_effects",
    "draw_lots",
    "fill_people",
    "find_fair",
    "find_least_budget",
    "find_lots",
    "find_most_share",
    "find_next_step",
    "find_nominations",
    "find_plan_caveats",
    "find_plan_steps",
    "find_portfolio",
    "find_reasons",
    "find_regret",
    "gather_problem",
    "list_budgets",
    "list_designs",
    "list_eligible",
    "list_offers",
    "list_sessions",
    "nominate",
    "plan_lots",
    "plan_portfolio",
    "plan_with",
    "score_draws",
    "score_fair",
    "score_regret",
    "summarise_nominations",
    "summarise_plan",
    "trace_frontier",
]
