"""The one door to the outside: what is not published is neither shown nor saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cakra_analysis.errors import PrivacyError, suggest
from cakra_analysis.privacy.published import KEYS, Published
from cakra_analysis.settings import AUDIENCES, PrivacySettings

# Columns that name a person; a table that still has one is about persons, not groups.
PERSONS = ("staff_id", "stakeholder_id", "respondent_id", "respondent", "rater", "trainer", "text",
           "nip", "nik", "nama")  # fmt: skip


# What is said in words of people's figures and is removed with them.
WORDED = ("category", "verdict", "grade", "reason", "worst_covariate", "words", "quotes")


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
    """Remove every figure with too few people behind it.

    Parameters
    ----------
    table : DataFrame
        One row a group; ``counts`` tells how many people are behind it.
    name : str
        What the table is called outside; the same figures carry the same name in every report.
    audience : str
        ``internal``, ``leadership`` or ``public``.
    settings : PrivacySettings, optional
        Thresholds by audience.
    units : DataFrame, optional
        unit_id, parent_id. With it a second unit is removed where a single one could be worked out
        from its parent and its siblings.
    counts : str
        Column with the number of people; empty where no people are behind the rows (a table of
        file problems, for instance).
    withheld : sequence of mapping
        Cells that may not be shown whatever is behind them; see ``read_withheld``.

    Returns
    -------
    Published
        Same rows and order; removed figures are missing.

    Raises
    ------
    PrivacyError
        When the table names persons, lacks the counts, or the audience is unknown.

    Notes
    -----
    Threshold rule with complementary suppression, within this one table; shares of categories
    (``share_*``) need twice the threshold and not everybody alike. It does *not* protect against
    arithmetic between tables or cycles. Thresholds: ``settings.toml``. Pinned by
    ``tests/test_privacy.py``.

    Examples
    --------
    >>> table = pd.DataFrame({"unit_id": ["A", "B"], "value": [1.0, 2.0], "n": [9, 3]})
    >>> publish(table, "gaps", audience="internal").table["value"].tolist()
    [1.0, nan]
    """
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
    threshold = int(getattr(settings or PrivacySettings(), audience))
    if not counts:
        return Published(table.assign(suppressed=False), name, audience, threshold, counts)
    if counts not in table:
        raise PrivacyError(f'The table has no column "{counts}" with the number of people.')
    hidden = table[counts].fillna(0) < threshold
    if units is not None:
        hidden = _hide_companions(table, hidden, units, counts, threshold)
    return Published(_blank(table, hidden, counts, threshold), name, audience, threshold, counts)


def _blank(table: pd.DataFrame, hidden: pd.Series, counts: str, threshold: int) -> pd.DataFrame:
    shown = table.copy()
    kept = {*KEYS, "event_time", "theme", "level", "method", "gap_definition", "staff"}
    for column in shown.columns:
        figure = column == counts or pd.api.types.is_numeric_dtype(shown[column])
        if (figure or column in WORDED) and column not in kept:
            shown[column] = shown[column].where(~hidden)
    return _hide_categories(shown, counts, threshold).assign(suppressed=hidden)


def _hide_categories(shown: pd.DataFrame, counts: str, threshold: int) -> pd.DataFrame:
    """Remove shares of categories that tell about every member: all alike, or a handful of people.

    A group needs twice the threshold before its people are spread over categories.
    """
    shares = [c for c in shown.columns if c.startswith("share_")]
    if shares:
        few = (shown[counts] < 2 * threshold) & ("question_id" not in shown)
        alike = shown[shares].eq(1).any(axis=1)
        shown[shares] = shown[shares].mask(few | alike)
    return shown


def _hide_companions(
    table: pd.DataFrame, hidden: pd.Series, units: pd.DataFrame, counts: str, threshold: int
) -> pd.Series:
    """Hide the smallest sibling wherever what is hidden below a shown parent is too few people.

    A parent's own staff, in no unit below it, are never shown and so count as hidden.
    """
    others = [c for c in KEYS if c in table and c != "unit_id"]
    parent = table["unit_id"].map(units.set_index("unit_id")["parent_id"]).fillna("")
    n = table[counts].fillna(0)
    frame = table[others].assign(unit=table["unit_id"], parent=parent, n=n)
    whole = frame.set_index([*others, "unit"])["n"].to_dict()
    families = [
        (tuple(key), rows.index)
        for key, rows in frame.groupby([*others, "parent"], sort=False)
        if tuple(key) in whole
    ]
    place = {
        tuple(row): i
        for i, row in zip(frame.index, frame[[*others, "unit"]].to_numpy(), strict=True)
    }
    hidden, changed = hidden.copy(), True
    while changed:
        changed = False
        for key, children in families:
            below = hidden[children]
            unknown = n[children][below].sum() + max(whole[key] - n[children].sum(), 0)
            exposed = 0 < unknown < threshold if not hidden[place[key]] else not below.any()
            if exposed:
                shown = n[children][~below]
                hidden[shown.idxmin() if len(shown) else place[key]] = True
                changed = True
    return hidden
