"""The one door to the outside: what is not published is neither shown nor saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cakra_analysis.errors import PrivacyError, suggest
from cakra_analysis.privacy.exactness import round_figures
from cakra_analysis.privacy.hiding import find_hidden
from cakra_analysis.privacy.measures import Measure, find_measure
from cakra_analysis.privacy.published import KEYS, Published
from cakra_analysis.privacy.withheld import find_withheld
from cakra_analysis.settings import AUDIENCES, PrivacySettings

# Columns that name a person; a table that still has one is about persons, not groups.
PERSONS = ("staff_id", "stakeholder_id", "respondent_id", "respondent", "rater", "trainer", "text",
           "nip", "nik", "nama")  # fmt: skip
# Numbers and words that are no figures about people; whatever else stands in a row goes with them.
KEPT = (*KEYS, "event_time", "theme", "level", "unit", "name", "name_id", "name_en", "label_id",
        "label_en", "scale", "code", "block", "kind", "outcome", "variable", "covariate",
        "session_id", "start", "first", "last", "comparable", "apart", "declared", "linked",
        "assignment", "gap_definition", "basis", "method")  # fmt: skip


def publish(
    table: pd.DataFrame,
    name: str,
    *,
    audience: str,
    settings: PrivacySettings | None = None,
    units: pd.DataFrame | None = None,
    counts: str = "n",
    withheld: Sequence[Mapping[str, Any]] = (),
) -> Published:
    """Remove every figure that tells about too few people, alone or with what else is shown.

    Parameters
    ----------
    table : DataFrame
        One row a group; ``counts`` tells how many people are behind it.
    name : str
        What the table is called outside; the same figures carry the same name in every report.
    audience : str
        ``internal``, ``leadership`` or ``public``.
    settings : PrivacySettings, optional
        Thresholds and exactness by audience.
    units : DataFrame, optional
        unit_id, parent_id. With it further units are removed where a small group could be worked
        out by subtracting units from those above them.
    counts : str
        Column with the number of people; empty where no people are behind the rows (a table of
        file problems, for instance).
    withheld : sequence of mapping
        Cells that may not be shown whatever is behind them; see ``read_withheld``.

    Returns
    -------
    Published
        Same rows and order; removed figures are missing, the others rounded.

    Raises
    ------
    PrivacyError
        When the table names persons, lacks the counts, has two rows for one cell, or the audience
        is unknown.

    Notes
    -----
    Threshold rule; no mean at the end of its scale (0% or 100% tells about every member); shares
    of categories (``share_*``) need twice the threshold and not everybody alike; complementary
    suppression through the tree of units, with the least loss (``choose_hidden``). What an audience
    may not see is hidden from wider ones too, so that reports for different readers cannot be set
    against each other. Which columns add up is in ``measures.toml``; thresholds in
    ``settings.toml``. Arithmetic between reports is left to ``cakra audit``, whose finds the
    builder passes back as ``withheld``. Pinned by ``tests/test_privacy.py``.

    Examples
    --------
    >>> table = pd.DataFrame({"unit_id": ["A", "B"], "value": [1.0, 2.0], "n": [9, 3]})
    >>> publish(table, "gaps", audience="internal").table["value"].tolist()
    [1.0, nan]
    """
    _refuse(table, audience, counts)
    rules = settings or PrivacySettings()
    threshold = int(getattr(rules, audience))
    measure, mine = find_measure(name), [cell for cell in withheld if cell["table"] == name]
    if not counts:
        rows = find_withheld(table, mine)
        shown = _blank(table, pd.DataFrame({"rows": rows, "categories": rows}), measure)
        return Published(shown, name, audience, threshold)
    hidden = find_hidden(
        table,
        measure,
        [int(getattr(rules, a)) for a in AUDIENCES[: AUDIENCES.index(audience) + 1]],
        units=units,
        counts=counts,
        narrowest=rules.narrowest,
        cells=mine,
    )
    decimals, whole = int(rules.decimals[audience]), int(rules.whole[audience])
    shown = _blank(table, hidden, measure)
    for column, about in measure.parts.items():
        shown = _blank_part(shown, column, about, threshold)
    shown = round_figures(shown, counts, decimals=decimals, whole=whole)
    parents = {} if units is None else find_parents(units)
    return Published(
        shown, name, audience, threshold, counts, measure, parents, decimals=decimals, whole=whole
    )


def find_parents(units: pd.DataFrame) -> dict[str, str]:
    """Return the unit above each unit that has one.

    Parameters
    ----------
    units : DataFrame
        unit_id, parent_id.

    Returns
    -------
    dict of str to str
        By unit_id.
    """
    below = units.dropna(subset=["parent_id"])
    return dict(zip(below["unit_id"], below["parent_id"], strict=True))


def _refuse(table: pd.DataFrame, audience: str, counts: str) -> None:
    if audience not in AUDIENCES:
        raise PrivacyError(
            f'"{audience}" is not an audience.',
            allowed=f"Audiences are: {', '.join(AUDIENCES)}.",
            do=suggest(audience, AUDIENCES),
        )
    persons = [c for c in table.columns if c in PERSONS]
    if persons:
        raise PrivacyError(
            f"The table names persons (column {persons[0]}) and cannot be published.",
            do="Publish a table by unit, for instance from score_gaps.",
        )
    if counts and counts not in table:
        raise PrivacyError(f'The table has no column "{counts}" with the number of people.')


def _blank(table: pd.DataFrame, hidden: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Remove what hidden rows tell; ``hidden`` has a column for rows and one for categories."""
    shown = table.copy()
    for column in shown.columns:
        if column not in KEPT or column in measure.words:
            which = "categories" if column.startswith("share_") else "rows"
            shown[column] = shown[column].where(~hidden[which])
    return shown.assign(suppressed=hidden["rows"])


def _blank_part(
    table: pd.DataFrame, counts: str, about: Sequence[str], threshold: int
) -> pd.DataFrame:
    """Remove what is told of a part of a row's people where that part is too small."""
    if counts not in table:
        return table
    few = table[counts].gt(0) & table[counts].lt(threshold)
    told = [c for c in table if c == counts or str(c).startswith(tuple(about))]
    return table.assign(**{str(column): table[column].where(~few) for column in told})
