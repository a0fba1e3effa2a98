"""How many people the courses of a cycle reached."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.results import Finding


def count_trained(attendance: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Count sessions, participants and completions of a cycle.

    Parameters
    ----------
    attendance : DataFrame
        session_id, staff_id, status.
    sessions : DataFrame
        session_id, course_id; sessions of the cycle.

    Returns
    -------
    DataFrame
        One row: ``courses``, ``sessions``, ``completed`` (completions; who completed two courses
        counts twice), ``share`` (of those listed, 0-1), ``n`` (people listed, each once).

    Examples
    --------
    >>> attendance = pd.DataFrame({"session_id": ["S", "S"], "staff_id": ["A", "B"],
    ...                            "status": ["completed", "dropped"]})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": ["C"]})
    >>> count_trained(attendance, sessions).values.tolist()
    [[1.0, 1.0, 1.0, 0.5, 2.0]]
    """
    came = attendance[attendance["session_id"].isin(sessions["session_id"])]
    done = came["status"] == "completed"
    row = {
        "courses": sessions["course_id"].nunique(),
        "sessions": len(sessions),
        "completed": int(done.sum()),
        "share": float(done.mean()) if len(done) else float("nan"),
        "n": came["staff_id"].nunique(),
    }
    return pd.DataFrame([row])


def find_reach(table: pd.DataFrame) -> Finding:
    """Return how many were reached, for the head of the page.

    Parameters
    ----------
    table : DataFrame
        Published ``count_trained``.

    Returns
    -------
    Finding
        Values courses, sessions, completed, share, people; of those suppressed, sessions and people
        are a dash and the others missing.

    Examples
    --------
    >>> find_reach(pd.DataFrame({"n": [9], "courses": [1]})).values["people"]
    9
    """
    values = table.iloc[0].drop("suppressed", errors="ignore").dropna().to_dict()
    values["people"] = values.pop("n", "–")
    return Finding("evaluation.reach", {"sessions": "–", **values}, "count")
