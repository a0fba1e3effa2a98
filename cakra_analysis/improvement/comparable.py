"""Which cycles may be compared: same instrument, or linked, and the same thing measured."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from cakra_analysis.errors import AnalysisError

ALL = "all"
SAME, LINKED, APART = "same", "linked", "no"
# Why two cycles cannot be compared, the first that holds.
REASONS = ("absent", "instrument", "definition", "basis")


def compare_cycles(
    gaps_by_person: pd.DataFrame, instruments: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return which cycles' gaps may be set against each other, competency by competency.

    Parameters
    ----------
    gaps_by_person : DataFrame
        cycle, competency_id; gap_definition and ``basis`` (what the levels rest on) where they are
        known.
    instruments : DataFrame, optional
        cycle, ``version``, ``comparable`` with the latest cycle: ``same``, ``linked`` (by slope
        and shift) or ``no``. A cycle without a row, or no table at all, counts as the same
        instrument, but as not ``declared``.

    Returns
    -------
    DataFrame
        One row a pair of cycles and competency (``all`` for the mean over the comparable ones),
        sorted: ``first``, ``last``, ``competency_id``, ``comparable``, ``apart`` (``absent``: not
        rated in both; ``instrument``; ``definition`` of the gap; ``basis``: other raters behind
        the levels; empty where comparable), ``declared`` (of both cycles), ``linked`` (whether a
        linking stands between them).

    Raises
    ------
    AnalysisError
        When ``comparable`` is none of the three, or a cycle has two rows.

    Notes
    -----
    Two cycles are comparable where both are ``same`` or ``linked``, or where both used one version.
    It is a declaration, *not* a test: whether a linking holds is seen in ``link_levels``. Kolen &
    Brennan (2014), Test Equating, Scaling, and Linking, ch. 10. Pinned by
    ``tests/test_improvement_linking.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"cycle": ["2025", "2026"], "competency_id": "M.1"})
    >>> rows = pd.DataFrame({"cycle": ["2025", "2026"], "version": ["1", "2"],
    ...                      "comparable": ["no", "same"]})
    >>> compare_cycles(gaps, rows)[["competency_id", "comparable", "apart"]].values.tolist()
    [['M.1', False, 'instrument'], ['all', False, 'instrument']]
    """
    about = _read_instruments(instruments)
    cells = _describe(gaps_by_person)
    parts = []
    for first, last in combinations(sorted(gaps_by_person["cycle"].unique()), 2):
        rows = cells.loc[first].add_suffix("_a").join(cells.loc[last].add_suffix("_b"), how="outer")
        old, new = (about.get(cycle, {}) for cycle in (first, last))
        rows = rows.assign(
            first=first,
            last=last,
            apart=_find_reasons(rows, old, new),
            declared=bool(old) and bool(new),
            linked=_is_linked(old, new),
        )
        rows = rows.rename_axis("competency_id").reset_index()
        parts.append(pd.concat([rows, _sum_up(rows)]))
    if not parts:  # one cycle only: nothing to compare
        table = pd.DataFrame(columns=["first", "last", "competency_id", "comparable", "apart"])
        return table.assign(declared=False, linked=False)
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(comparable=table["apart"] == "")
    columns = ["first", "last", "competency_id", "comparable", "apart", "declared", "linked"]
    return table[columns].reset_index(drop=True)


def _read_instruments(instruments: pd.DataFrame | None) -> dict[str, dict[str, str]]:
    """Version and comparability by cycle."""
    if instruments is None or instruments.empty:
        return {}
    wrong = instruments.loc[~instruments["comparable"].isin([SAME, LINKED, APART]), "comparable"]
    if len(wrong):
        raise AnalysisError(
            f'"{wrong.iloc[0]}" does not tell whether an instrument is comparable.',
            allowed=f"Allowed in instruments: {SAME}, {LINKED}, {APART}.",
        )
    if instruments["cycle"].duplicated().any():
        twice = instruments.loc[instruments["cycle"].duplicated(), "cycle"].iloc[0]
        raise AnalysisError(f"The table instruments has two rows for the cycle {twice}.")
    rows = instruments[["cycle", "version", "comparable"]].astype(str)
    return {row["cycle"]: row for row in rows.to_dict(orient="records")}


def _describe(gaps: pd.DataFrame) -> pd.DataFrame:
    """What the gaps of a cycle and competency are, as text; missing where nobody knows."""
    about = gaps.reindex(columns=["cycle", "competency_id", "gap_definition", "basis"])
    about = about.drop_duplicates().astype("object").fillna("").astype(str)
    texts = about.groupby(["cycle", "competency_id"], observed=True)
    return texts.agg(lambda column: " / ".join(sorted(set(column))))


def _find_reasons(rows: pd.DataFrame, old: dict[str, str], new: dict[str, str]) -> pd.Series:
    reason = pd.Series("", index=rows.index)
    reason = reason.mask(rows["basis_a"] != rows["basis_b"], "basis")
    reason = reason.mask(rows["gap_definition_a"] != rows["gap_definition_b"], "definition")
    declared = [one["comparable"] for one in (old, new) if one]
    if APART in declared and not _is_one_version(old, new):
        reason = reason.mask(pd.Series(True, index=rows.index), "instrument")
    return reason.mask(rows[["basis_a", "basis_b"]].isna().any(axis=1), "absent")


def _is_one_version(old: dict[str, str], new: dict[str, str]) -> bool:
    return bool(old) and bool(new) and old["version"] == new["version"]


def _is_linked(old: dict[str, str], new: dict[str, str]) -> bool:
    linked = LINKED in [one["comparable"] for one in (old, new) if one]
    return linked and not _is_one_version(old, new)


def _sum_up(rows: pd.DataFrame) -> pd.DataFrame:
    """The row of the mean over the competencies that can be compared."""
    fit = rows[rows["apart"] == ""]
    told = fit if len(fit) else rows[rows["apart"] != "absent"]
    told = told if len(told) else rows
    return told.head(1).assign(competency_id=ALL)
