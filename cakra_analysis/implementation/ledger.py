"""Learning hours (JP) by person and year, and how many staff have what the rules ask for."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cakra_analysis.implementation.activities import list_activities
from cakra_analysis.serving import select_staff
from cakra_analysis.tree import climb

CIVIL_SERVANT, CONTRACT = "PNS", "PPPK"
TINY = 1e-9  # sums of decimals
SUMS = ["course_jp", "record_jp", "repeated_jp", "hours_jp", "unconfirmed_jp", "activities", "came",
        "unrated"]  # fmt: skip
LEDGER = ["staff_id", "unit_id", "status", "year", *SUMS, "least", "most", "reached", "over"]
COMPLIANCE = ["unit_id", "value", "reached", "below", "n", "staff", "total_jp", "mean_jp",
              "contract", "over", "unconfirmed_share", "repeated_jp", "unrated"]  # fmt: skip


def keep_ledger(
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    courses: pd.DataFrame,
    records: pd.DataFrame,
    conversion: pd.DataFrame,
    staff: pd.DataFrame,
    *,
    least: float = 20.0,
    most: float = 24.0,
    repeats: str = "same",
    years: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the learning hours of every person in service, year by year.

    Parameters
    ----------
    attendance, sessions, courses, records, conversion : DataFrame
        As for ``list_activities``.
    staff : DataFrame
        staff_id, unit_id; status (without the column everybody counts as PNS), first_cycle and
        last_cycle (missing = no limit).
    least : float
        JP a year that a PNS has a right to (PP 11/2017, article 203).
    most : float
        JP a year that a PPPK may have at most (Peraturan LAN 15/2020; from memory, not confirmed).
    repeats : str
        As for ``list_activities``.
    years : sequence of str
        Years to list; those of the sessions and records when empty.

    Returns
    -------
    DataFrame
        One row a person and year in service, sorted by year and person: staff_id, unit_id, status,
        year; ``course_jp``, ``record_jp`` and their sum ``hours_jp`` (JP that count),
        ``repeated_jp`` (JP of records taken as a course that counts already), ``unconfirmed_jp``
        (of hours_jp, by routes whose rate is not confirmed), ``activities`` (that count), ``came``
        (courses come to, dropped ones included), ``unrated`` (records whose route has no rate; they
        give 0 JP); ``least`` (PNS) or ``most`` (PPPK), else missing; ``reached`` (hours_jp at least
        ``least``), ``over`` (hours_jp above ``most``; PPPK 24 is a *maximum*). It holds persons:
        for sums, never for a page.

    Notes
    -----
    Pinned by ``tests/test_implementation_delivery.py`` (vector 18 of the domain notes).

    Examples
    --------
    >>> nothing = pd.DataFrame(columns=["session_id", "staff_id", "status", "course_id", "cycle",
    ...                                 "hours_jp"])
    >>> records = pd.DataFrame({"staff_id": "A", "cycle": "2026", "route": ["workshop", "coaching"],
    ...                         "quantity": [3, 3]})
    >>> rates = pd.DataFrame({"route": ["workshop", "coaching"], "hours_jp": [5.0, 2.0],
    ...                       "confirmed": ["yes", "no"]})
    >>> staff = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": "U", "status": "PNS"})
    >>> ledger = keep_ledger(nothing, nothing, nothing, records, rates, staff)
    >>> ledger[["hours_jp", "unconfirmed_jp", "reached"]].values.tolist()
    [[21.0, 6.0, True], [0.0, 0.0, False]]
    """
    rows = list_activities(attendance, sessions, courses, records, conversion, repeats=repeats)
    told = sorted({*rows["year"], *sessions["cycle"].astype("str").str[:4]})
    people = _list_people(staff, list(years) or told)
    course, counts = rows["source"] == "course", rows["hours_jp"] > 0
    parts = rows[["staff_id", "year", "hours_jp"]].assign(
        course_jp=rows["hours_jp"].where(course, 0.0),
        record_jp=rows["hours_jp"].mask(course, 0.0),
        repeated_jp=rows["given_jp"].where(rows["repeated"], 0.0),
        unconfirmed_jp=rows["hours_jp"].mask(rows["confirmed"], 0.0),
        activities=counts.astype(int),
        came=course.astype(int),
        unrated=(~rows["rated"]).astype(int),
    )
    sums = parts.groupby(["staff_id", "year"], observed=True)[SUMS].sum().reset_index()
    table = people.merge(sums, on=["staff_id", "year"], how="left", validate="one_to_one")
    table = table.fillna(dict.fromkeys(SUMS, 0.0))
    table = table.astype(dict.fromkeys(SUMS[-3:], int) | dict.fromkeys(SUMS[:-3], float))
    table["least"] = (table["status"] == CIVIL_SERVANT).map({True: least, False: float("nan")})
    table["most"] = (table["status"] == CONTRACT).map({True: most, False: float("nan")})
    table["reached"] = table["hours_jp"] >= table["least"] - TINY
    table["over"] = table["hours_jp"] > table["most"] + TINY
    return table.sort_values(["year", "staff_id"]).reset_index(drop=True)[LEDGER]


def _list_people(staff: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    """One row a person and year in service; a year counts with any part of it."""
    limits = [name for name in ("first_cycle", "last_cycle") if name in staff]
    # A cycle may be part of a year: 2026-S1.
    short = staff.assign(**{name: staff[name].astype("object").str[:4] for name in limits})
    short["status"] = staff["status"].fillna("") if "status" in staff else CIVIL_SERVANT
    told = [select_staff(short, year).assign(year=year) for year in years]
    columns = ["staff_id", "unit_id", "status", "year"]
    return pd.concat(told or [short.head(0).assign(year="")], ignore_index=True)[columns]


def score_compliance(
    ledger: pd.DataFrame, units: pd.DataFrame, *, year: str | None = None
) -> pd.DataFrame:
    """Return how many staff of each unit have the learning hours the rules ask for.

    Parameters
    ----------
    ledger : DataFrame
        From ``keep_ledger``.
    units : DataFrame
        unit_id, parent_id.
    year : str, optional
        The newest of the ledger unless given.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it), sorted: ``value`` (share of PNS with at least
        their JP, 0-1; missing without PNS), ``reached`` and ``below`` (PNS), ``n`` (PNS),
        ``staff`` (everybody), ``total_jp`` and ``mean_jp`` (everybody), ``contract`` (PPPK),
        ``over`` (PPPK above their maximum), ``unconfirmed_share`` (of total_jp, 0-1), and
        ``repeated_jp``, ``unrated`` as in the ledger. A full count of what was recorded: no
        interval; hours are *not* learning.

    Notes
    -----
    The columns of the dashboards that agencies know (simonbangkom). Pinned by
    ``tests/test_implementation_delivery.py``.

    Examples
    --------
    >>> ledger = pd.DataFrame({"unit_id": "U", "year": "2026", "status": ["PNS", "PPPK"],
    ...     "hours_jp": [20.0, 30.0], "unconfirmed_jp": [0.0, 10.0], "repeated_jp": 0.0,
    ...     "unrated": 0, "reached": [True, False], "over": [False, True]})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> found = score_compliance(ledger, units)
    >>> found[["value", "n", "total_jp", "over", "unconfirmed_share"]].values.tolist()
    [[1.0, 1.0, 50.0, 1.0, 0.2]]
    """
    if ledger.empty:
        return pd.DataFrame(columns=COMPLIANCE)
    rows = ledger[ledger["year"] == (year or ledger["year"].max())]
    rows = rows.assign(
        n=rows["status"] == CIVIL_SERVANT, contract=rows["status"] == CONTRACT, staff=1
    ).rename(columns={"hours_jp": "total_jp"})
    sums = ["reached", "n", "staff", "total_jp", "contract", "over", "unconfirmed_jp",
            "repeated_jp", "unrated"]  # fmt: skip
    table = climb(rows[["unit_id", *sums]], units).groupby("unit_id")[sums].sum()
    table = table.assign(
        value=table["reached"] / table["n"].where(table["n"] > 0),
        below=table["n"] - table["reached"],
        mean_jp=table["total_jp"] / table["staff"],
        unconfirmed_share=table["unconfirmed_jp"] / table["total_jp"].where(table["total_jp"] > 0),
    )
    return table.reset_index()[COMPLIANCE]
