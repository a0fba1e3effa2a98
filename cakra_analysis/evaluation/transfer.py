"""Level 3: do they use it. Behaviour before and after, as alumni and those around them see it."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.evaluation.answer_means import check_levels, mean_by

BEHAVIOUR = ("motivation", "confidence", "sharing", "application")  # "result" is level 4
OCCASIONS = ["before", "after"]
ALL = "all"
LOWEST, HIGHEST = 1, 4
ESTIMATE = ["value", "low", "high", "level", "n"]


def score_behaviour(
    transfer: pd.DataFrame,
    sessions: pd.DataFrame,
    attendance: pd.DataFrame,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how far behaviour at work changed after a course, as each kind of rater sees it.

    Parameters
    ----------
    transfer : DataFrame
        staff_id, course_id, source, rater, occasion (before, after), aspect, level (1-4).
    sessions : DataFrame
        session_id, course_id, end.
    attendance : DataFrame
        session_id, staff_id, status; who "completed" is an alumnus, others' rows are left out.
    confidence : float
        Of the interval of the change.

    Returns
    -------
    DataFrame
        One row a course, source and aspect, sorted; aspect "all" is the mean of the four of
        behaviour (not the result): ``before``, ``after`` (means, levels 1-4), ``value`` (mean
        change, levels), ``low``, ``high``, ``level``, ``n`` (alumni), ``raters``, ``completers``
        (alumni of the course), ``answered`` (share of these whom the source rated, 0-1),
        ``method``.

    Raises
    ------
    DataError
        When a level is not on the scale 1-4.

    Notes
    -----
    d_i = mean over i's raters of a source of after minus before, where both were given; value =
    mean d_i, clustered in sessions from three on (``mean_by``). One supervisor's leniency to
    several alumni is left out of the interval. Before is mostly rated after the course, looking
    back, which makes changes *larger* than two separate ratings would; and there is no comparison
    group, so a change is *not* the course's effect. Taylor, Russ-Eft & Taylor (2009), J. Applied
    Psychology 94, 104-121. Pinned by ``tests/test_evaluation_transfer.py``.

    Examples
    --------
    >>> rows = {"staff_id": list("AABB"), "occasion": ["before", "after"] * 2}
    >>> transfer = pd.DataFrame(rows).assign(course_id="C", source="self", rater=None,
    ...                                      aspect="application", level=[1, 3, 2, 3])
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C", "end": "2026-03-01"})
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": list("ABCD"),
    ...                            "status": "completed"})
    >>> table = score_behaviour(transfer, sessions, attendance)
    >>> table[["aspect", "value", "n", "answered"]].values.tolist()
    [['all', 1.5, 2, 0.5], ['application', 1.5, 2, 0.5]]
    """
    alumni = find_alumni(sessions, attendance)
    pairs = pair_occasions(transfer)
    rows = _people(pairs).merge(alumni, on=["staff_id", "course_id"], validate="many_to_one")
    keys = ["course_id", "source", "aspect"]
    table = mean_by(rows, keys, "change", cluster="session_id", confidence=confidence)
    groups = rows.groupby(keys, observed=True)
    table = table.join(groups[OCCASIONS].mean()).join(_count_raters(pairs, alumni)).reset_index()
    completers = table["course_id"].map(alumni.groupby("course_id").size()).astype(int)
    table = table.assign(completers=completers, answered=table["n"] / completers)
    columns = [*keys, *OCCASIONS, *ESTIMATE, "raters", "completers", "answered", "method"]
    return table[columns]


def score_source_gap(
    transfer: pd.DataFrame,
    sessions: pd.DataFrame,
    attendance: pd.DataFrame,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return by how much more change alumni see in themselves than their supervisors see.

    Parameters
    ----------
    transfer, sessions, attendance, confidence : DataFrame, DataFrame, DataFrame, float
        As for ``score_behaviour``.

    Returns
    -------
    DataFrame
        One row a course, sorted: ``value`` (mean of own minus supervisor's change, levels),
        ``low``, ``high``, ``level``, ``n`` (alumni with both), ``method``.

    Raises
    ------
    DataError
        When a level is not on the scale 1-4.

    Notes
    -----
    Paired by alumnus over the four aspects of behaviour; ``mean_by``, clustered in sessions. Not
    who is right: both are perceptions. Pinned by ``tests/test_evaluation_transfer.py``.

    Examples
    --------
    >>> rows = {"source": ["self", "self", "supervisor", "supervisor"],
    ...         "occasion": ["before", "after"] * 2, "level": [1, 3, 2, 3]}
    >>> transfer = pd.DataFrame(rows).assign(staff_id="A", course_id="C", rater=None,
    ...                                      aspect="application")
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C", "end": "2026-03-01"})
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": ["A"], "status": "completed"})
    >>> score_source_gap(transfer, sessions, attendance)[["value", "n", "method"]].values.tolist()
    [[1.0, 1, 'too few']]
    """
    rows = _people(pair_occasions(transfer))
    rows = rows[rows["aspect"].isin(BEHAVIOUR)]
    keys = ["staff_id", "course_id"]
    sides = rows.set_index([*keys, "aspect", "source"])["change"].unstack("source")
    sides = sides.reindex(columns=["self", "supervisor"]).dropna()
    gap = (sides["self"] - sides["supervisor"]).rename("gap")
    gaps = gap.groupby(keys).mean().reset_index()
    gaps = gaps.merge(find_alumni(sessions, attendance), on=keys, validate="one_to_one")
    table = mean_by(gaps, ["course_id"], "gap", cluster="session_id", confidence=confidence)
    return table.reset_index()[["course_id", *ESTIMATE, "method"]]


def find_alumni(sessions: pd.DataFrame, attendance: pd.DataFrame) -> pd.DataFrame:
    """Return who completed which course, and in which session.

    Parameters
    ----------
    sessions : DataFrame
        session_id, course_id, end.
    attendance : DataFrame
        session_id, staff_id, status.

    Returns
    -------
    DataFrame
        One row a person and course, the last session counting: staff_id, course_id, session_id,
        end.

    Examples
    --------
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C", "end": "2026-03-01"})
    >>> attendance = pd.DataFrame({"session_id": "S", "staff_id": list("AB"),
    ...                            "status": ["completed", "dropped"]})
    >>> find_alumni(sessions, attendance)["staff_id"].tolist()
    ['A']
    """
    done = attendance.loc[attendance["status"] == "completed", ["session_id", "staff_id"]]
    held = sessions[["session_id", "course_id", "end"]]
    rows = done.merge(held, on="session_id", validate="many_to_one").sort_values(
        ["end", "session_id"], kind="stable"
    )
    rows = rows.drop_duplicates(["staff_id", "course_id"], keep="last", ignore_index=True)
    return rows[["staff_id", "course_id", "session_id", "end"]]


def pair_occasions(transfer: pd.DataFrame) -> pd.DataFrame:
    """Return what each rater saw before and after, side by side.

    Parameters
    ----------
    transfer : DataFrame
        As for ``score_behaviour``; a missing rater is the alumnus or the only one of the source.

    Returns
    -------
    DataFrame
        course_id, source, staff_id, rater, aspect, before, after (missing = not given), change.

    Raises
    ------
    DataError
        When a level is not on the scale 1-4.

    Examples
    --------
    >>> transfer = pd.DataFrame({"staff_id": "A", "course_id": "C", "source": "self", "rater": None,
    ...                          "occasion": ["before", "after"], "aspect": "sharing",
    ...                          "level": [1, 3]})
    >>> pair_occasions(transfer)["change"].tolist()
    [2.0]
    """
    rows = transfer[transfer["level"].notna()]
    rows = rows.assign(
        rater=rows["rater"].fillna(rows["staff_id"]), level=rows["level"].astype(float)
    )
    check_levels(rows["level"], LOWEST, HIGHEST)
    keys = ["course_id", "source", "staff_id", "rater", "aspect"]
    means = rows.groupby([*keys, "occasion"], observed=True)["level"].mean()
    wide = means.unstack("occasion").reindex(columns=OCCASIONS).rename_axis(columns=None)
    return wide.assign(change=wide["after"] - wide["before"]).reset_index()


def _people(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row an alumnus, source and aspect, raters averaged; "all" over the behaviour aspects."""
    measures = [*OCCASIONS, "change"]
    keys = ["course_id", "source", "staff_id", "aspect"]
    whole = pairs[pairs["change"].notna()]
    single = whole.groupby(keys, observed=True)[measures].mean().reset_index()
    behaviour = single[single["aspect"].isin(BEHAVIOUR)]
    overall = behaviour.groupby(keys[:-1], observed=True)[measures].mean().reset_index()
    return pd.concat([single, overall.assign(aspect=ALL)], ignore_index=True)


def _count_raters(pairs: pd.DataFrame, alumni: pd.DataFrame) -> pd.Series:
    """Number of different raters by course, source and aspect."""
    whole = pairs[pairs["change"].notna()].merge(
        alumni[["staff_id", "course_id"]], on=["staff_id", "course_id"], validate="many_to_one"
    )
    overall = whole[whole["aspect"].isin(BEHAVIOUR)].assign(aspect=ALL)
    both = pd.concat([whole, overall], ignore_index=True)
    return both.groupby(["course_id", "source", "aspect"])["rater"].nunique().rename("raters")
