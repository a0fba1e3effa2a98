"""A control chart of course quality: which sessions differ by more than sessions do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import optimize

from cakra_analysis.errors import AnalysisError
from cakra_analysis.improvement.signals import FAR, RULES, find_signals

COURSE, ALL = "course", "all"
METHOD = "X-bar, unequal n; between sessions by moving ranges"
TOO_FEW, LEFT_OUT = "too few sessions", "left out: too few people"
ALONE = "left out: the only session of its course"
HALF_NORMAL = np.sqrt(2 / np.pi)  # mean of |z|
FIGURES = ["value", "centre", "limit_low", "limit_high", "z", "between", "within"]


def score_control(
    forms: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    rules: Mapping[str, float] | None = None,
    fewest: int = 1,
) -> pd.DataFrame:
    """Return the sessions in order of date with the limits between which a stable course stays.

    Parameters
    ----------
    forms : DataFrame
        One row a form or person: session_id, ``value`` (mean answer of the form, or gain; rows
        without are left out).
    sessions : DataFrame
        session_id, course_id, ``start`` (date).
    rules : mapping of str to float, optional
        What is a signal (``find_signals``), and ``sessions``: with fewer a chart has no limits, and
        says so; the section ``improvement.control`` of the settings.
    fewest : int
        Fewest people behind a session that may count: the threshold of privacy. Where those left
        out of a course are fewer than that together, its next smallest session is left out too, so
        that their mean cannot be worked out from the course's.

    Returns
    -------
    DataFrame
        One row a chart and session: ``group`` (``course``: a chart of its course's sessions;
        ``all``: one of all sessions, each against its own course), course_id, session_id,
        ``start``, ``value`` (mean), ``n`` (people), ``centre`` (mean of the course), ``limit_low``,
        ``limit_high`` (where a stable process stays, *not* an interval of the mean), ``z``
        (standard errors from the centre), ``signal`` (``far``, ``pair``, ``run``, or empty) and
        ``side`` (``above``, ``below``, or empty), ``between`` and ``within`` (standard deviations
        between sessions, of people inside one), ``sessions`` (behind the limits), ``method``.
        Charts in order, sessions by date.

    Raises
    ------
    AnalysisError
        When a form is of an unknown session, or no session has a date.

    Notes
    -----
    mean_j ~ (centre, tau^2 + s^2 / n_j): s^2 pooled within sessions, tau^2 what sessions of one
    process differ by beyond that (another trainer, another room). Added, since it does not shrink
    with n_j: Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, sec. 3.3; estimated from
    moving ranges as Laney (2002), Quality Engineering 14, 531-537, since a shift hardly moves
    those: mean of abs(mean_j - mean_j-1) / sqrt(2 tau^2 + s^2 / n_j + s^2 / n_j-1) = sqrt(2 / pi).
    centre: of the course, weighted by 1 / (tau^2 + s^2 / n_j); limits: centre +- far sqrt(tau^2 +
    s^2 / n_j) sqrt(1 - h), h the session's share of its centre. The chart ``all`` shows differences
    from the course's own centre, as is usual for short runs: Montgomery (2013), Introduction to
    Statistical Quality Control, sec. 10.1; that courses differ is *not* in it. Without tau^2 large
    sessions would always signal. A signal is a reason to ask, *not* a verdict. Pinned by
    ``tests/test_improvement_control.py``.

    Examples
    --------
    >>> forms = pd.DataFrame({"session_id": np.repeat(list("ABCDEFGH"), 2),
    ...     "value": [4, 3, 3, 4, 4, 4, 3, 3, 4, 3, 3, 4, 4, 3, 1, 1]})
    >>> sessions = pd.DataFrame({"session_id": list("ABCDEFGH"), "course_id": "C",
    ...     "start": [f"2026-01-{day:02d}" for day in range(1, 9)]})
    >>> table = score_control(forms, sessions)
    >>> table.loc[table["signal"] != "", ["group", "session_id", "signal", "side"]].values.tolist()
    [['course', 'H', 'far', 'below'], ['all', 'H', 'far', 'below']]
    """
    known = forms[forms["value"].notna()]
    if not known["session_id"].isin(sessions["session_id"]).all() or sessions["start"].isna().any():
        raise AnalysisError(
            "A control chart needs course and start of every session that has forms.",
            do="Complete the table sessions.",
        )
    by_session = known.assign(value=known["value"].astype(float)).groupby("session_id")["value"]
    cells = by_session.agg(value="mean", variance="var", n="size").reset_index()
    about = sessions[["session_id", "course_id", "start"]]
    cells = cells.merge(about, on="session_id", validate="one_to_one")
    cells = cells.sort_values(["start", "session_id"], ignore_index=True)
    cells["counts"] = _choose(cells, fewest)
    charts = [chart.assign(group=COURSE) for _, chart in cells.groupby("course_id")]
    charts.append(cells.assign(group=ALL))
    drawn = [_draw_limits(chart, rules or RULES) for chart in charts]
    columns = ["group", "course_id", "session_id", "start", *FIGURES[:1], "n", *FIGURES[1:5]]
    columns += ["signal", "side", *FIGURES[5:], "sessions", "method"]
    return pd.concat(drawn, ignore_index=True)[columns]


def _choose(cells: pd.DataFrame, fewest: int) -> pd.Series:
    """Whether a session counts: enough people, and what is left out is nobody or enough."""
    counts = cells["n"] >= fewest
    for _, course in cells.groupby("course_id"):
        for place in course.sort_values("n", kind="stable").index:
            out = course.loc[~counts[course.index], "n"].sum()
            if 0 < out < fewest:
                counts[place] = False
    return counts


def _draw_limits(chart: pd.DataFrame, rules: Mapping[str, float]) -> pd.DataFrame:
    """One chart; sessions that do not count have no figures."""
    beside = chart["counts"].groupby(chart["course_id"]).transform("sum") > 1
    counts = chart["counts"] & beside
    method = np.where(counts, METHOD, np.where(chart["counts"], ALONE, LEFT_OUT))
    chart = chart.assign(value=chart["value"].where(chart["counts"]), signal="", side="")
    chart = chart.assign(**dict.fromkeys(FIGURES[1:], np.nan), sessions=int(counts.sum()))
    used = chart[counts]
    steps = len(used) - used["course_id"].nunique()
    if steps < rules["sessions"] - 1:
        return chart.assign(method=np.where(chart["counts"], TOO_FEW, method))
    n = used["n"].to_numpy(dtype=float)
    inside = (used["variance"].fillna(0.0) * (n - 1)).sum() / max(n.sum() - len(n), 1)
    between = estimate_between(used["value"], inside / n, used["course_id"])
    centre, error = _centre(used, between + inside / n)
    far = (used["value"] - centre).to_numpy()
    z = np.divide(far, error, out=np.zeros_like(far), where=error > 1e-9)
    signals = np.array(find_signals(z, rules), dtype=object)
    figures = {
        "centre": centre,
        "limit_low": centre - rules[FAR] * error,
        "limit_high": centre + rules[FAR] * error,
        "z": z,
        "between": np.sqrt(between),
        "within": np.sqrt(inside),
        "signal": signals,
        "side": np.where(signals == "", "", np.where(z > 0, "above", "below")),
    }
    for name, values in figures.items():
        chart.loc[counts, name] = values
    return chart.assign(method=method)


def _centre(used: pd.DataFrame, variance: np.ndarray) -> tuple[pd.Series, np.ndarray]:
    """Each session's course mean, and the standard error of the session's distance from it."""
    course = used["course_id"]
    weight = pd.Series(1 / np.maximum(variance, 1e-12), index=used.index)
    share = weight / weight.groupby(course).transform("sum")
    centre = (share * used["value"]).groupby(course).transform("sum")
    return centre, np.sqrt(variance * (1 - share.to_numpy()))


def estimate_between(
    means: pd.Series | np.ndarray, noise: np.ndarray, course: pd.Series | None = None
) -> float:
    """Return by what variance sessions that follow each other differ beyond the noise of means.

    Parameters
    ----------
    means : Series or ndarray of float
        Of the sessions, in order of date.
    noise : ndarray of float
        Variance of each mean by who happened to come.
    course : Series, optional
        Course of each session; only sessions of one course are set against each other.

    Returns
    -------
    float
        0 where the noise alone explains what they differ by.

    Notes
    -----
    tau^2 with mean(abs(difference) / sqrt(2 tau^2 + noise_j + noise_j-1)) = sqrt(2 / pi), the
    moving-range estimate for unequal variances.

    Examples
    --------
    >>> round(estimate_between(np.array([1.0, 2, 1, 2, 1]), np.zeros(5)), 3)
    0.785
    """
    rows = pd.DataFrame({"mean": np.asarray(means), "noise": noise})
    own = rows.groupby(np.zeros(len(rows)) if course is None else course.to_numpy())
    steps = own["mean"].diff().abs().dropna()
    doubled = (rows["noise"] + own["noise"].shift())[steps.index].to_numpy()
    lengths = steps.to_numpy()

    def excess(variance: float) -> float:
        scale = np.sqrt(2 * variance + doubled)
        ratio = np.divide(lengths, scale, out=np.zeros_like(lengths), where=lengths > 0)
        return float(ratio.mean() - HALF_NORMAL)

    most = (lengths.max(initial=0.0) / HALF_NORMAL) ** 2
    if most == 0 or (doubled.min() > 0 and excess(0.0) <= 0):
        return 0.0
    return float(optimize.brentq(excess, 1e-12 * most, most))
