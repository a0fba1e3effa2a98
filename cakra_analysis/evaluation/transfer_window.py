"""Was behaviour asked for when it could have changed: neither too early nor too late."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.evaluation.transfer import find_alumni

# Months after the session's end, both ends included; practice differs, see the domain notes 2.7.
WINDOWS: Mapping[str, tuple[int, int]] = {"technical": (3, 12), "managerial": (6, 12)}
VERDICTS = ["inside", "early", "late", "undated"]


def check_window(
    transfer: pd.DataFrame,
    courses: pd.DataFrame,
    sessions: pd.DataFrame,
    attendance: pd.DataFrame,
    *,
    months: Mapping[str, tuple[int, int]] = WINDOWS,
) -> pd.DataFrame:
    """Return what share of the forms on behaviour was filled in inside the window.

    Parameters
    ----------
    transfer : DataFrame
        staff_id, course_id, source, rater, occasion ("after" is read), date (ISO text or missing).
    courses : DataFrame
        course_id, kind.
    sessions : DataFrame
        session_id, course_id, end (ISO text).
    attendance : DataFrame
        session_id, staff_id, status; forms on who did not complete are left out.
    months : mapping of str to tuple of int
        Window by kind of course: calendar months after the end of the alumnus's session, both ends
        included.

    Returns
    -------
    DataFrame
        One row a course, sorted: ``kind``, ``months_from``, ``months_to``, ``value`` (share inside,
        0-1), ``early``, ``late``, ``undated`` (shares; no date that can be read), ``forms`` (one
        rater on one alumnus), ``n`` (alumni), ``method``. A count of forms, so without interval.

    Raises
    ------
    AnalysisError
        When a course is of a kind that has no window.

    Notes
    -----
    A form counts by the earliest date among its answers. Pinned by
    ``tests/test_evaluation_transfer.py``.

    Examples
    --------
    >>> transfer = pd.DataFrame({"staff_id": list("AB"), "course_id": "C", "source": "self",
    ...                          "rater": None, "occasion": "after",
    ...                          "date": ["2026-06-01", "2026-04-01"]})
    >>> courses = pd.DataFrame({"course_id": ["C"], "kind": "technical"})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C", "end": "2026-03-01"})
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": list("AB"),
    ...                            "status": "completed"})
    >>> check_window(transfer, courses, sessions, attendance)[["value", "early"]].values.tolist()
    [[0.5, 0.5]]
    """
    forms = _date_forms(transfer, courses, sessions, attendance)
    unknown = sorted(set(forms["kind"].fillna("(missing)")) - set(months))
    if unknown:
        raise AnalysisError(
            f'Courses of kind "{unknown[0]}" have no window.',
            allowed=f"Kinds with a window are: {', '.join(months)}.",
            do="Correct the kind of the course, or give its window in months.",
        )
    verdict = pd.Series("undated", index=forms.index)
    for kind, (first, last) in months.items():
        own = (forms["kind"] == kind) & forms["date"].notna() & forms["end"].notna()
        date, end = forms.loc[own, "date"], forms.loc[own, "end"]
        early = date < end + pd.DateOffset(months=first)
        late = date > end + pd.DateOffset(months=last)
        verdict[own] = np.select([early, late], ["early", "late"], "inside")
    shares = pd.get_dummies(verdict).reindex(columns=VERDICTS, fill_value=False).astype(float)
    groups = forms.assign(**shares).groupby(["course_id", "kind"], observed=True)
    table = groups[VERDICTS].mean().rename(columns={"inside": "value"})
    table = table.assign(forms=groups.size(), n=groups["staff_id"].nunique()).reset_index()
    ends = [table["kind"].map({k: w[i] for k, w in months.items()}) for i in (0, 1)]
    table = table.assign(months_from=ends[0], months_to=ends[1], method="share of forms, counted")
    months_columns = ["course_id", "kind", "months_from", "months_to"]
    return table[[*months_columns, "value", "early", "late", "undated", "forms", "n", "method"]]


def _date_forms(
    transfer: pd.DataFrame, courses: pd.DataFrame, sessions: pd.DataFrame, attendance: pd.DataFrame
) -> pd.DataFrame:
    """One row a form on an alumnus: its date, the end of the session, the kind of course."""
    rows = transfer[transfer["occasion"] == "after"]
    rater = rows["rater"].fillna(rows["staff_id"])
    date = pd.to_datetime(rows["date"], format="ISO8601", errors="coerce")
    keys = ["staff_id", "course_id", "source", "rater"]
    rows = rows.assign(rater=rater, date=date)
    forms = rows.groupby(keys, observed=True)["date"].min().reset_index()
    alumni = find_alumni(sessions, attendance)
    forms = forms.merge(alumni, on=["staff_id", "course_id"], validate="many_to_one")
    forms = forms.merge(courses[["course_id", "kind"]], on="course_id", validate="many_to_one")
    return forms.assign(end=pd.to_datetime(forms["end"], format="ISO8601", errors="coerce"))
