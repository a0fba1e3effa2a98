"""The gaps of one cycle, as the needs report has them."""

from __future__ import annotations

from cakra_analysis import needs
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import AnalysisError
from cakra_analysis.privacy import Published, publish
from cakra_analysis.settings import Settings


def publish_gaps(
    tables: Dataset, *, cycle: str, audience: str = "internal", settings: Settings | None = None
) -> Published:
    """Return the gaps of all units and competencies in a cycle, fit to be shown to an audience.

    Parameters
    ----------
    tables : Dataset
        The input tables.
    cycle : str
        For instance 2026.
    audience : str
        ``internal``, ``leadership`` or ``public``.
    settings : Settings, optional
        Weights of raters and thresholds; the defaults if missing.

    Returns
    -------
    Published
        One row a unit and competency, with names; figures about too few people are missing.

    Raises
    ------
    AnalysisError
        When nobody was rated in the cycle.
    PrivacyError
        When the audience is unknown.
    """
    rules, definition = settings or Settings(), tables.gap_definition
    units, competencies = tables["units"], tables["competencies"]
    staff = needs.select_staff(tables["staff"], cycle)
    rated = tables["ratings"]["cycle"]
    ratings = tables["ratings"][rated == cycle]
    if ratings.empty:
        raise AnalysisError(
            f"Nobody was rated in the cycle {cycle}.",
            allowed=f"Cycles with ratings are: {', '.join(sorted(set(rated)))}.",
        )
    weights = needs.list_weights(ratings, rules.gap.weights)
    observed, wanted = needs.combine_sides(
        ratings, tables["standards"], definition=definition, weights=weights
    )
    by_person = needs.score_person_gaps(observed, wanted, staff, definition=definition)
    people = needs.count_people(
        staff, tables["standards"], competencies, definition=definition, listed=tables.listed
    )
    from_level = {"gap": rules.gap.below_from, "need": rules.gap.need_from}
    gaps = needs.score_gaps(
        by_person,
        units,
        people=people,
        need_from=from_level[needs.gap_style(definition)],
        categories=rules.gap.categories,
        confidence=rules.gap.confidence,
    )
    gaps = needs.adjust_below(gaps, rate=rules.gap.false_rate)
    named = needs.add_names(gaps, units=units, items=competencies)
    return publish(named, "gaps", audience=audience, settings=rules.privacy, units=units)
