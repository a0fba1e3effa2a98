"""Charts for leaders: each draws one table of results and tells it in words for a screen reader."""

from cakra_analysis.charts.answers import describe_answers, plot_answers
from cakra_analysis.charts.gaps import describe_gaps, plot_gaps
from cakra_analysis.charts.heat import describe_heat, plot_heat
from cakra_analysis.charts.importance import describe_importance, plot_importance
from cakra_analysis.charts.ranks import describe_ranks, plot_ranks
from cakra_analysis.charts.response import describe_response, plot_response

__all__ = [
    "describe_answers",
    "describe_gaps",
    "describe_heat",
    "describe_importance",
    "describe_ranks",
    "describe_response",
    "plot_answers",
    "plot_gaps",
    "plot_heat",
    "plot_importance",
    "plot_ranks",
    "plot_response",
]
