"""Charts for leaders: each draws one table of results and tells it in words for a screen reader."""

from cakra_analysis.charts.answers import describe_answers, plot_answers
from cakra_analysis.charts.balance import describe_balance, plot_balance
from cakra_analysis.charts.before_after import describe_before_after, plot_before_after
from cakra_analysis.charts.beside import describe_beside, plot_beside
from cakra_analysis.charts.change import describe_change, plot_change
from cakra_analysis.charts.control import describe_control, plot_control
from cakra_analysis.charts.event import describe_event, plot_event
from cakra_analysis.charts.forest import describe_forest, plot_forest
from cakra_analysis.charts.frontier import describe_frontier, plot_frontier
from cakra_analysis.charts.funnel import describe_funnel, plot_funnel
from cakra_analysis.charts.gantt import describe_gantt, plot_gantt
from cakra_analysis.charts.gaps import describe_gaps, plot_gaps
from cakra_analysis.charts.heat import describe_heat, plot_heat
from cakra_analysis.charts.importance import describe_importance, plot_importance
from cakra_analysis.charts.likert import describe_likert, plot_likert
from cakra_analysis.charts.load import describe_load, plot_load
from cakra_analysis.charts.loop import describe_loop, plot_loop
from cakra_analysis.charts.posterior import describe_posterior, plot_posterior
from cakra_analysis.charts.programme import describe_programme, plot_programme
from cakra_analysis.charts.ranks import describe_ranks, plot_ranks
from cakra_analysis.charts.response import describe_response, plot_response
from cakra_analysis.charts.trend import describe_trend, plot_trend

__all__ = [
    "describe_answers",
    "describe_balance",
    "describe_before_after",
    "describe_beside",
    "describe_change",
    "describe_control",
    "describe_event",
    "describe_forest",
    "describe_frontier",
    "describe_funnel",
    "describe_gantt",
    "describe_gaps",
    "describe_heat",
    "describe_importance",
    "describe_likert",
    "describe_load",
    "describe_loop",
    "describe_posterior",
    "describe_programme",
    "describe_ranks",
    "describe_response",
    "describe_trend",
    "plot_answers",
    "plot_balance",
    "plot_before_after",
    "plot_beside",
    "plot_change",
    "plot_control",
    "plot_event",
    "plot_forest",
    "plot_frontier",
    "plot_funnel",
    "plot_gantt",
    "plot_gaps",
    "plot_heat",
    "plot_importance",
    "plot_likert",
    "plot_load",
    "plot_loop",
    "plot_posterior",
    "plot_programme",
    "plot_ranks",
    "plot_response",
    "plot_trend",
]
