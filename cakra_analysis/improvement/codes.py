"""One code for each offer of the catalogue, which has a new code in every cycle it is held."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.improvement.claims import find_offers


def find_codes(courses: pd.DataFrame, sessions: pd.DataFrame) -> pd.Series:
    """Return the latest code of each course's offer.

    Parameters
    ----------
    courses : DataFrame
        course_id, and perhaps offer_id.
    sessions : DataFrame
        course_id, cycle: of the cycles that count.

    Returns
    -------
    Series
        By course_id: the code under which its offer was held last; where that is no code or
        several, the one that comes last in the alphabet.

    Examples
    --------
    >>> courses = pd.DataFrame({"course_id": ["C-25", "C-26", "D"], "offer_id": ["C", "C", None]})
    >>> held = pd.DataFrame({"course_id": ["C-25", "C-26"], "cycle": ["2025", "2026"]})
    >>> find_codes(courses, held).to_dict()
    {'C-25': 'C-26', 'C-26': 'C-26', 'D': 'D'}
    """
    codes = courses["course_id"].astype("object")
    last = sessions.astype({"cycle": "object"}).groupby("course_id", observed=True)["cycle"].max()
    table = pd.DataFrame({"code": codes, "offer": find_offers(courses["course_id"], courses)})
    table["last"] = table["code"].map(last).astype("object").fillna("")
    latest = table.sort_values(["last", "code"]).groupby("offer")["code"].last()
    return pd.Series(table["offer"].map(latest).to_numpy(), index=pd.Index(codes))


def use_codes(table: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """Return the rows with the latest code of each offer for whichever they had.

    Parameters
    ----------
    table : DataFrame
        With a column ``course_id``, or without; what is missing or not in ``codes`` stays.
    codes : Series
        From ``find_codes``.

    Returns
    -------
    DataFrame
        Same rows and order.

    Examples
    --------
    >>> log = pd.DataFrame({"course_id": ["C-25", None]})
    >>> use_codes(log, pd.Series({"C-25": "C-26"}))["course_id"].fillna("-").tolist()
    ['C-26', '-']
    """
    held = table.reindex(columns=["course_id"])["course_id"].astype("object")
    return table.assign(
        course_id=held.map(codes).astype("object").where(held.isin(codes.index), held)
    )


def keep_codes(table: pd.DataFrame, codes: pd.Series, *, by: str = "") -> pd.DataFrame:
    """Return one row an offer, under its latest code.

    Parameters
    ----------
    table : DataFrame
        With a column ``course_id``.
    codes : Series
        From ``find_codes``.
    by : str
        Another column that tells rows of one course apart, for instance competency_id.

    Returns
    -------
    DataFrame
        The row of the latest code itself where it has one, else the first of the offer, in the
        order of the table.

    Examples
    --------
    >>> rows = pd.DataFrame({"course_id": ["C-25", "C-26", "D"], "value": [1, 2, 3]})
    >>> codes = pd.Series({"C-25": "C-26", "C-26": "C-26", "D": "D"})
    >>> keep_codes(rows, codes)["value"].tolist()
    [2, 3]
    """
    found = use_codes(table, codes)
    other = (found["course_id"] != table["course_id"].astype("object")).to_numpy()
    first = found.assign(_other=other).sort_values("_other", kind="stable")
    keys = ["course_id", by] if by else ["course_id"]
    kept = first.drop_duplicates(keys).sort_index()
    return kept.drop(columns="_other").reset_index(drop=True)
