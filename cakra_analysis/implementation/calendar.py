"""The days of a year: on which training may be held, on which better not, on which never."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from cakra_analysis.errors import AnalysisError

from .pawukon import list_pawukon

STRENGTHS = ("open", "soft", "hard")
RAMADAN_DAYS = 30
TOPAT = 7  # days from Idul Fitri to Lebaran Topat
ESTIMATED = " (estimated)"
JOINT = " Joint Holiday"
IDUL_FITRI = "Eid al-Fitr"
NYEPI = "Day of Silence"
BEYOND = 1  # days on either side of an estimated date that the true date may fall on


class _Reason(NamedTuple):
    date: pd.Timestamp
    strength: str
    name_id: str
    name_en: str
    confirmed: bool


def list_days(
    year: int,
    *,
    closures: pd.DataFrame | None = None,
    galungan: str = "hard",
    kuningan: str = "hard",
    saraswati: str = "soft",
    pagerwesi: str = "soft",
    avoid_friday: bool = True,
) -> pd.DataFrame:
    """List the days of a year with how hard each keeps training away, and why.

    Hard: weekends, public holidays and joint leave (cuti bersama), Galungan and Kuningan. Soft: the
    days around Galungan, Saraswati, Pagerwesi, Pengrupukan (the day before Nyepi), Lebaran Topat (a
    week after Idul Fitri), the anniversaries of city and province, Fridays. Closures of kind
    ``all`` add the user's own days. Of several reasons the hardest counts; all are named.

    Dates of the public holidays come from the package ``holidays``. They count as confirmed in a
    year for which it holds the decree's joint leave, save those it marks as estimated itself and
    the joint leave that hangs on these; in any other year no decree is known and the whole list
    counts as estimated. Ramadan is the 30 days before Idul Fitri: its first day may be one off.

    Parameters
    ----------
    year : int
        Calendar year.
    closures : DataFrame, optional
        The contract's table; only rows of kind ``all`` are read here.
    galungan, kuningan, saraswati, pagerwesi : str
        ``hard``, ``soft`` or ``none``.
    avoid_friday : bool
        Whether Fridays are soft.

    Returns
    -------
    DataFrame
        One row is one day: date, weekday (0 = Monday), strength (open, soft, hard), name_id,
        name_en (reasons, joined with "; "; empty if none), confirmed (False if a reason's date is
        estimated), ramadan; sorted by date.

    Raises
    ------
    AnalysisError
        If a strength is unknown.

    Examples
    --------
    >>> days = list_days(2026).set_index("date")
    >>> days.loc["2026-06-16":"2026-06-19", "strength"].tolist()
    ['hard', 'hard', 'soft', 'soft']
    >>> days.loc["2026-06-17", "name_en"]
    'Galungan'
    """
    wanted = {
        "galungan": galungan,
        "kuningan": kuningan,
        "saraswati": saraswati,
        "pagerwesi": pagerwesi,
    }
    for name, strength in wanted.items():
        if strength not in {"hard", "soft", "none"}:
            raise AnalysisError(f"{name} = {strength!r}", allowed="hard, soft, none")
    feasts = _list_feasts(year)
    reasons = [*_list_holidays(year, feasts), *_list_holy(year, wanted), *_list_local(year, feasts)]
    reasons += [*_list_closures(closures), *_list_weekdays(year, avoid_friday)]
    days = _join(year, reasons)
    days["ramadan"] = False
    for feast, _ in feasts:
        before = (feast - days["date"]).dt.days
        days["ramadan"] |= before.between(1, RAMADAN_DAYS)
    return days


def _join(year: int, reasons: list[_Reason]) -> pd.DataFrame:
    """One row a day: the hardest of its reasons, all their names."""
    days = pd.DataFrame({"date": pd.date_range(f"{year}-01-01", f"{year}-12-31")})
    days["weekday"] = days["date"].dt.day_of_week
    rows = pd.DataFrame(reasons, columns=_Reason._fields)
    rows["rank"] = rows["strength"].map(STRENGTHS.index)
    by_day = rows.groupby("date", sort=True)
    told = by_day.agg(
        rank=("rank", "max"), name_id=("name_id", "; ".join), name_en=("name_en", "; ".join)
    )
    told["confirmed"] = by_day["confirmed"].all()
    days = days.merge(told.reset_index(), on="date", how="left", validate="1:1")
    days["strength"] = [STRENGTHS[int(rank)] for rank in days.pop("rank").fillna(0)]
    days["confirmed"] = days["confirmed"].astype("boolean").fillna(True).astype(bool)
    days[["name_id", "name_en"]] = days[["name_id", "name_en"]].fillna("")
    return days[["date", "weekday", "strength", "name_id", "name_en", "confirmed"]]


@cache
def _read_words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("days.toml").read_text("utf-8"))


def _name(date: pd.Timestamp, strength: str, key: str, confirmed: bool = True) -> _Reason:
    words = _read_words()[key]
    return _Reason(date, strength, words["id"], words["en"], confirmed)


@cache
def _look_up(year: int, language: str) -> tuple[tuple[pd.Timestamp, str], ...]:
    """Date and name of each holiday; several on one day stand apart."""
    from holidays import country_holidays

    kept = country_holidays(
        "ID", years=year, language=language, categories=("public", "government")
    )
    return tuple(
        (pd.Timestamp(date), name) for date in sorted(kept) for name in kept.get_list(date)
    )


def _list_feasts(year: int) -> list[tuple[pd.Timestamp, bool]]:
    """Every Idul Fitri that this year's Ramadan may lead to, and whether its date is estimated."""
    found = [*_look_up(year, "en_US"), *_look_up(year + 1, "en_US")]
    return [
        (date, name.endswith(ESTIMATED))
        for date, name in found
        if name.removesuffix(ESTIMATED) == IDUL_FITRI
    ]


def _list_holidays(year: int, feasts: list[tuple[pd.Timestamp, bool]]) -> list[_Reason]:
    ours, theirs = _look_up(year, "id"), _look_up(year, "en_US")
    decreed = any(name.endswith(JOINT) for _, name in theirs)
    open_ones = {name.removesuffix(ESTIMATED) for _, name in theirs if name.endswith(ESTIMATED)}
    open_ones |= {IDUL_FITRI} if any(late for day, late in feasts if day.year == year) else set()
    rows = []
    for (date, name_id), (_, name_en) in zip(ours, theirs, strict=True):
        plain = name_en.removesuffix(ESTIMATED).removesuffix(JOINT)
        sure = decreed and plain not in open_ones
        names = name_id.removesuffix(" (perkiraan)"), name_en.removesuffix(ESTIMATED)
        rows.append(_Reason(date, "hard", *names, sure))
        if plain == NYEPI and not name_en.endswith(JOINT):
            rows.append(_name(date - pd.Timedelta(days=1), "soft", "pengrupukan", sure))
    return rows


def _list_holy(year: int, wanted: dict[str, str]) -> list[_Reason]:
    beside = "none" if wanted["galungan"] == "none" else "soft"
    strengths = wanted | {"penampahan": beside, "umanis": beside}
    return [
        _name(date, strengths[holy], holy)
        for date, holy in list_pawukon(year).itertuples(index=False)
        if strengths[holy] != "none"
    ]


def _list_local(year: int, feasts: list[tuple[pd.Timestamp, bool]]) -> list[_Reason]:
    topat = [(day + pd.Timedelta(days=TOPAT), late) for day, late in feasts]
    rows = [_name(day, "soft", "topat", not late) for day, late in topat if day.year == year]
    for one in _read_words()["yearly"]:
        date = pd.Timestamp(year, one["month"], one["day"])
        rows.append(_Reason(date, "soft", one["id"], one["en"], True))
    return rows


def _list_closures(closures: pd.DataFrame | None) -> list[_Reason]:
    if closures is None or closures.empty:
        return []
    return [
        _Reason(date, row["strength"], row["name_id"], row["name_en"], row["confirmed"] != "no")
        for _, row in closures[closures["kind"] == "all"].iterrows()
        for date in pd.date_range(row["start"], row["end"])
    ]


def _list_weekdays(year: int, avoid_friday: bool) -> list[_Reason]:
    dates = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    rows = [_name(date, "hard", "weekend") for date in dates[dates.day_of_week >= 5]]
    fridays = dates[dates.day_of_week == 4] if avoid_friday else []
    return rows + [_name(date, "soft", "friday") for date in fridays]


def near_estimated(days: pd.DataFrame) -> pd.DataFrame:
    """Find the days that an estimated holiday may turn out to fall on.

    Parameters
    ----------
    days : DataFrame
        What ``list_days`` gives.

    Returns
    -------
    DataFrame
        date and estimated (the estimated hard date it stands within a day of; the nearest, of two
        the earlier), only days that are not hard themselves; sorted by date.

    Examples
    --------
    >>> days = pd.DataFrame({"date": pd.date_range("2027-03-09", periods=3)})
    >>> days["strength"], days["confirmed"] = ["open", "hard", "open"], [True, False, True]
    >>> near_estimated(days)["date"].dt.day.tolist()
    [9, 11]
    """
    open_dates = days.loc[(days["strength"] == "hard") & ~days["confirmed"], "date"]
    held = days.loc[days["strength"] != "hard", "date"]
    pairs = [
        (date, other)
        for other in open_dates
        for date in held
        if 0 < abs((date - other).days) <= BEYOND
    ]
    found = pd.DataFrame(pairs, columns=["date", "estimated"])
    return found.sort_values(["date", "estimated"]).drop_duplicates("date", ignore_index=True)
