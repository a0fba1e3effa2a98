"""The mean gap of every unit and competency in every cycle that can be set against the latest."""

from __future__ import annotations

import pandas as pd

from cakra_analysis import improvement, needs
from cakra_analysis.dataset import Dataset
from cakra_analysis.settings import Settings


def score_cells(
    gaps_by_person: pd.DataFrame, tables: Dataset, *, cycle: str, settings: Settings
) -> pd.DataFrame:
    """Return the gaps of all units in each cycle, for what actions did to them.

    Parameters
    ----------
    gaps_by_person : DataFrame
        From ``gather_gaps``.
    tables : Dataset
        The input tables.
    cycle : str
        The latest cycle.
    settings : Settings
        The section ``gap``.

    Returns
    -------
    DataFrame
        Of ``score_gaps``, with ``cycle``. Of an earlier cycle only the competencies that can be
        compared with the latest (``compare_cycles``).
    """
    parts = [
        _score(rows, tables, str(name), settings)
        for name, rows in gaps_by_person.groupby("cycle", observed=True)
    ]
    cells = pd.concat(parts, ignore_index=True)
    rules = improvement.compare_cycles(gaps_by_person, tables["instruments"])
    apart = rules[(rules["last"] == cycle) & ~rules["comparable"].astype(bool)]
    left_out = apart[["first", "competency_id"]].rename(columns={"first": "cycle"})
    told = cells.merge(
        left_out.drop_duplicates(),
        on=["cycle", "competency_id"],
        how="left",
        indicator=True,
        validate="many_to_one",
    )
    return told[told["_merge"] == "left_only"].drop(columns="_merge").reset_index(drop=True)


def _score(rows: pd.DataFrame, tables: Dataset, cycle: str, settings: Settings) -> pd.DataFrame:
    people = needs.count_people(
        needs.select_staff(tables["staff"], cycle),
        tables["standards"],
        tables["competencies"],
        definition=tables.gap_definition,
        listed=tables.listed,
    )
    gaps = needs.score_gaps(
        rows,
        tables["units"],
        people=people,
        need_from=settings.gap.below_from,
        categories=settings.gap.categories,
        confidence=settings.gap.confidence,
    )
    return gaps.assign(cycle=cycle)
