"""What the programme of a year is chosen for."""

from __future__ import annotations

from cakra_analysis import design
from cakra_analysis.settings import Settings
from cakra_analysis.year import Year


def make_problem(year: Year, *, settings: Settings) -> design.Problem:
    """Return what a programme is chosen for.

    Parameters
    ----------
    year : Year
        From ``gather_year``.
    settings : Settings
        The section ``learning``.

    Returns
    -------
    Problem
        From ``gather_problem``.
    """
    return design.gather_problem(
        year.gaps,
        year.people,
        year.offers,
        year.effects,
        weights=year.weights,
        least_jp=settings.learning.least_jp,
        most_jp_pppk=settings.learning.most_jp_pppk,
        completed=year.completed,
    )
