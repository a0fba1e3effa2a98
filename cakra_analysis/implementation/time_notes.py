"""Whether counters stay staffed, how sure a timetable is, and what follows, in no language."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.results import Finding


def find_load(load_by_week: pd.DataFrame, *, limit: float) -> Finding:
    """Find how much of a unit is away at the most.

    Parameters
    ----------
    load_by_week : DataFrame
        From ``count_load`` with the units' names: unit, value (0-1), n (staff).
    limit : float
        Largest share allowed, 0-1.

    Returns
    -------
    Finding
        ``implementation.load.kept`` (no unit is ever above the limit), ``.single`` (only where it
        is one person of a small unit) or ``.none`` (nobody is away); values limit, share, name (of
        the unit with the largest share), units (with anybody away), small (units of which one
        person is more than the limit).
    """
    if load_by_week.empty:
        return Finding("implementation.load.none")
    top = load_by_week.loc[load_by_week["value"].idxmax()]
    over = load_by_week[load_by_week["value"] > limit + 1e-9]
    values = {"limit": limit, "share": float(top["value"]), "name": str(top["unit"])}
    values |= {"units": load_by_week["unit"].nunique(), "small": over["unit"].nunique()}
    kind = "kept" if over.empty else "single"
    return Finding(f"implementation.load.{kind}", values, "largest share of a day")


def find_time_caveats(calendar: Finding) -> list[Finding]:
    """Find what a reader must know before relying on a timetable.

    Parameters
    ----------
    calendar : Finding
        From ``find_calendar``.

    Returns
    -------
    list of Finding
        ``caveat.time.estimated`` (estimated, year) where dates are estimates, ``.feasts``,
        ``.venues`` and ``.rates``.
    """
    values = {"estimated": calendar.values["estimated"], "year": str(calendar.values["year"])}
    unsure = [Finding("caveat.time.estimated", values)] if values["estimated"] else []
    return unsure + [Finding(f"caveat.time.{name}") for name in ("feasts", "venues", "rates")]


def find_time_steps(overdue: Finding) -> list[Finding]:
    """Find what should be done next.

    Parameters
    ----------
    overdue : Finding
        From ``find_overdue``.

    Returns
    -------
    list of Finding
        ``next.time.book``, and ``next.time.support`` (overdue) where steps are overdue.
    """
    late = overdue.values.get("overdue", 0)
    more = [Finding("next.time.support", {"overdue": late})] if late else []
    return [Finding("next.time.book"), *more]
