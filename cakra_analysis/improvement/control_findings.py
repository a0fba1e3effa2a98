"""What the published control chart says, in no language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cakra_analysis.improvement.control import ALL
from cakra_analysis.improvement.signals import RULES
from cakra_analysis.names import name_item
from cakra_analysis.results import Finding

NAMED = 4
FALSE = 1 / 122  # false signals a session of a stable course, by the default rules


def find_control(control: pd.DataFrame) -> Finding:
    """Find which sessions and courses are out of control.

    Parameters
    ----------
    control : DataFrame
        A published ``score_control`` table with name_id, name_en of the courses: of the group that
        is drawn beside it, so that the sentence counts what the figure shows.

    Returns
    -------
    Finding
        ``improvement.control.below`` (some session lies below what its course usually gives),
        ``.above`` (only above), ``.stable``, ``.few`` (too few sessions for limits), ``.hidden``
        or ``.none``. Values count (sessions with a signal), total (sessions), names (courses
        below), above (courses above), and of the furthest: name, value, centre, date.
    """
    if control.empty:
        return Finding("improvement.control.none")
    shown = control[control["value"].notna()]
    total = shown["session_id"].nunique()
    if not total:
        return Finding("improvement.control.hidden")
    drawn = shown[shown["centre"].notna()]
    if drawn.empty:
        return Finding("improvement.control.few", {"total": total}, n=_count(shown))
    signals = drawn[drawn["side"].isin(["above", "below"])]
    method = str(drawn["method"].iloc[0])
    if signals.empty:
        values = {"total": drawn["session_id"].nunique(), "courses": drawn["course_id"].nunique()}
        return Finding("improvement.control.stable", values, method, _count(drawn))
    kind = "below" if (signals["side"] == "below").any() else "above"
    mine = signals[signals["side"] == kind]
    furthest = mine.loc[mine["z"].abs().idxmax()]
    values = {
        "count": signals["session_id"].nunique(),
        "total": drawn["session_id"].nunique(),
        "names": _name_courses(signals, "below"),
        "above": _name_courses(signals, "above"),
        "name": name_item(furthest),
        "value": furthest["value"],
        "centre": furthest["centre"],
        "date": pd.Timestamp(furthest["start"]).date().isoformat(),
    }
    return Finding(f"improvement.control.{kind}", values, method, _count(drawn))


def find_control_caveats(control: pd.DataFrame, rules: Mapping[str, float]) -> list[Finding]:
    """Say how many signals a stable course would give.

    Parameters
    ----------
    control : DataFrame
        As for ``find_control``.
    rules : mapping of str to float
        What is a signal; see ``find_signals``.

    Returns
    -------
    list of Finding
        ``improvement.caveat.signals`` where limits were drawn by the default rules, whose rate is
        known: total (sessions), rate, expected (false signals).
    """
    drawn = control[control["centre"].notna()]
    if drawn.empty or dict(rules) != RULES:
        return []
    total = drawn["session_id"].nunique()
    values = {"total": total, "rate": FALSE, "expected": total * FALSE}
    return [Finding("improvement.caveat.signals", values, n=total)]


def find_charts(control: pd.DataFrame) -> Finding:
    """Find which courses have a control chart of their own.

    Parameters
    ----------
    control : DataFrame
        As for ``find_control``.

    Returns
    -------
    Finding
        ``improvement.control.charts.some`` (names, count), ``.pooled`` (none; the sessions are
        judged together, each against its own course) or ``.none``.
    """
    drawn = control[control["centre"].notna()] if len(control) else control
    own = drawn[drawn["group"] != ALL] if len(drawn) else drawn
    if len(own):
        courses = own.drop_duplicates("course_id")
        names = [name_item(row) for row in courses.head(NAMED).itertuples()]
        return Finding("improvement.control.charts.some", {"names": names, "count": len(courses)})
    return Finding(f"improvement.control.charts.{'pooled' if len(drawn) else 'none'}")


def _count(rows: pd.DataFrame) -> int:
    return int(rows.drop_duplicates("session_id")["n"].sum())


def _name_courses(signals: pd.DataFrame, side: str) -> list[Any]:
    rows = signals[signals["side"] == side].sort_values("z", key=abs, ascending=False)
    return [name_item(row) for row in rows.drop_duplicates("course_id").head(NAMED).itertuples()]
