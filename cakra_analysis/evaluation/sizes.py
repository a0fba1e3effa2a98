"""How each course chose its people, how many there are on either side, and how many were lost."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.evaluation.covariates import select_complete


def describe_design(sessions: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return how each course's participants were chosen and whether anybody can be compared.

    Parameters
    ----------
    sessions : DataFrame
        course_id, assignment.
    people : DataFrame
        From ``gather_people``.

    Returns
    -------
    DataFrame
        One row a course of ``sessions``, sorted: ``assignment`` (the weakest of its sessions:
        lot, wait list, applied, nominated, low score), ``n_trained``, ``n_comparison`` (people
        with a score before), ``lost_trained``, ``lost_comparison`` (shares without an outcome,
        0-1), ``sessions`` (with anybody trained), ``n``.

    Examples
    --------
    >>> sessions = pd.DataFrame({"course_id": ["C", "C"], "assignment": ["lot", "applied"]})
    >>> people = pd.DataFrame({"course_id": ["C"], "treated": True, "after": 1.0,
    ...                        "session_id": "S"})
    >>> describe_design(sessions, people)[["assignment", "n_trained"]].values.tolist()
    [['applied', 1]]
    """
    order = ["lot", "wait list", "applied", "nominated", "low score"]
    place = sessions["assignment"].astype("object").map(order.index).groupby(sessions["course_id"])
    table = place.max().map(dict(enumerate(order))).rename("assignment").to_frame()
    for side, name in ((True, "trained"), (False, "comparison")):
        after = people.loc[people["treated"] == side].groupby("course_id")["after"]
        table[f"n_{name}"] = after.size().reindex(table.index, fill_value=0)
        table[f"lost_{name}"] = (1 - after.count() / after.size()).reindex(table.index)
    table["sessions"] = people.groupby("course_id")["session_id"].nunique()
    return table.assign(n=table["n_trained"] + table["n_comparison"]).reset_index()


def count_fewest(people: pd.DataFrame) -> pd.Series:
    """Return how many people stand behind a course's figures on the side that has fewer.

    Parameters
    ----------
    people : DataFrame
        From ``gather_people``.

    Returns
    -------
    Series
        By course: the smaller number of trained and compared people with both scores; of the
        trained where nobody is compared. What a threshold of privacy is held against.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": [True, True, False],
    ...                        "before": 1.0, "after": [2.0, 3.0, 4.0]})
    >>> count_fewest(people).to_dict()
    {'C': 1}
    """
    kept = select_complete(people)
    sides = kept.groupby(["course_id", "treated"]).size().unstack(fill_value=0)
    fewest = sides.where(sides > 0).min(axis=1).astype(int)
    return fewest.rename("fewest").rename_axis("course_id")


def add_fewest(table: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Add to a table by course how many people its smaller side has.

    Parameters
    ----------
    table : DataFrame
        course_id.
    people : DataFrame
        From ``gather_people``.

    Returns
    -------
    DataFrame
        Same rows with ``fewest``, 0 for a course without anybody; see ``count_fewest``.

    Examples
    --------
    >>> people = pd.DataFrame({"course_id": "C", "treated": True, "before": 1.0, "after": [2.0]})
    >>> add_fewest(pd.DataFrame({"course_id": ["C", "D"]}), people)["fewest"].tolist()
    [1, 0]
    """
    fewest = table["course_id"].map(count_fewest(people)).fillna(0).astype(int)
    return table.assign(fewest=fewest)
