"""Is the data fit to use: who answered, what is missing, who ticked one answer throughout."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.tree import ancestors


def score_response(
    ratings: pd.DataFrame, staff: pd.DataFrame, units: pd.DataFrame, *, value: str = "level"
) -> pd.DataFrame:
    """Return the share of each unit's staff of whom there is at least one rating.

    Parameters
    ----------
    ratings : DataFrame
        Ratings of one cycle: staff_id, level.
    staff : DataFrame
        Everybody in service in the cycle: staff_id, unit_id.
    units : DataFrame
        unit_id, parent_id.
    value : str
        Column that holds the answer, ``level`` or ``need``.

    Returns
    -------
    DataFrame
        One row a unit (with all units below it), sorted: ``staff``, ``rated``, ``share`` (0-1),
        ``n`` (= staff, what a threshold is held against).

    Examples
    --------
    >>> ratings = pd.DataFrame({"staff_id": ["A"], "level": [3.0]})
    >>> staff = pd.DataFrame({"staff_id": ["A", "B"], "unit_id": "U"})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_response(ratings, staff, units)[["staff", "rated", "share"]].values.tolist()
    [[2.0, 1.0, 0.5]]
    """
    answered = ratings.loc[ratings[value].notna(), "staff_id"].unique()
    people = staff[["staff_id", "unit_id"]]
    rows = ancestors(units).merge(people, on="unit_id", validate="many_to_many")
    rated = rows["staff_id"].isin(answered)
    groups = rated.groupby(rows["ancestor"].rename("unit_id"))
    table = groups.agg(staff="size", rated="sum").reset_index()
    return table.assign(share=table["rated"] / table["staff"], n=table["staff"])


def score_missing(
    ratings: pd.DataFrame,
    staff: pd.DataFrame,
    competencies: pd.DataFrame,
    standards: pd.DataFrame | None = None,
    *,
    value: str = "level",
) -> pd.DataFrame:
    """Return, per competency, how many answers are missing among those who answered at all.

    Parameters
    ----------
    ratings : DataFrame
        Ratings of one cycle: staff_id, competency_id, source, rater, level.
    staff : DataFrame
        Everybody in service in the cycle.
    competencies : DataFrame
        competency_id.
    standards : DataFrame, optional
        position_id, competency_id: a competency is asked of those whose post requires it. Without
        standards everything is asked of everybody.
    value : str
        Column that holds the answer, ``level`` or ``need``.

    Returns
    -------
    DataFrame
        One row a competency, in their order: ``forms`` (rated person by rater), ``answers``,
        ``share`` missing (0-1), ``share_<source>`` for each source, ``n`` (= forms). A form with
        no answer at all is non-response, not a missing answer.

    Examples
    --------
    >>> ratings = pd.DataFrame({"staff_id": ["A", "A", "B"], "competency_id": ["M.1", "M.2", "M.1"],
    ...                         "source": "self", "rater": "1", "level": [3.0, 2.0, 1.0]})
    >>> staff = pd.DataFrame({"staff_id": ["A", "B"]})
    >>> both = pd.DataFrame({"competency_id": ["M.1", "M.2"]})
    >>> score_missing(ratings, staff, both)["share"].tolist()
    [0.0, 0.5]
    """
    kept = ratings[ratings[value].notna() & ratings["staff_id"].isin(staff["staff_id"])]
    forms = kept[["source", "staff_id", "rater"]].drop_duplicates()
    if standards is None or standards.empty:
        asked = forms.merge(competencies[["competency_id"]], how="cross")
    else:
        posts = staff[["staff_id", "position_id"]]
        asked = forms.merge(posts, on="staff_id", validate="many_to_one")
        pairs = standards[["position_id", "competency_id"]]
        asked = asked.merge(pairs, on="position_id", validate="many_to_many")
    keys = ["source", "staff_id", "rater", "competency_id"]
    given = asked.merge(kept[keys].assign(answers=1), on=keys, how="left", validate="one_to_one")
    by_item = given.groupby("competency_id")["answers"].agg(forms="size", answers="sum")
    by_source = given.groupby(["competency_id", "source"])["answers"].agg(["size", "sum"])
    shares = (1 - by_source["sum"] / by_source["size"]).unstack().add_prefix("share_")
    table = by_item.reindex([c for c in competencies["competency_id"] if c in by_item.index])
    table = table.assign(share=1 - table["answers"] / table["forms"], n=table["forms"])
    return table.join(shares).reset_index()


def find_straight_liners(
    ratings: pd.DataFrame, *, value: str = "level", at_least: int = 6
) -> pd.DataFrame:
    """Return, per source, how many forms give one and the same level throughout.

    Parameters
    ----------
    ratings : DataFrame
        Ratings of one cycle: staff_id, competency_id, source, rater, level.
    value : str
        Column that holds the answer, ``level`` or ``need``.
    at_least : int
        Forms with fewer answers are not judged.

    Returns
    -------
    DataFrame
        One row a source, sorted: ``forms`` judged, ``straight``, ``share`` (0-1), ``n`` (= forms).
        An honest person may give one level throughout; the share is a sign, not a proof.

    Examples
    --------
    >>> ratings = pd.DataFrame({"staff_id": list("AAABBB"), "competency_id": [1, 2, 3] * 2,
    ...                         "source": "self", "rater": "1", "level": [3, 3, 3, 3, 2, 3]})
    >>> find_straight_liners(ratings, at_least=3)["share"].tolist()
    [0.5]
    """
    kept = ratings[ratings[value].notna()]
    forms = kept.groupby(["source", "staff_id", "rater"], observed=True)[value]
    spread = forms.agg(["size", "nunique"])
    judged = spread[spread["size"] >= at_least]
    straight = judged["nunique"].eq(1).groupby("source", observed=True)
    table = straight.agg(forms="size", straight="sum").reset_index()
    return table.assign(share=table["straight"] / table["forms"], n=table["forms"])


def score_problems(problems: pd.DataFrame) -> pd.DataFrame:
    """Count the problems that loading reported, by table, column and rule.

    Parameters
    ----------
    problems : DataFrame
        ``Dataset.problems``.

    Returns
    -------
    DataFrame
        One row a table, column and rule: ``rows``, ``first_rows`` (the first five row numbers, as
        text), ``example`` (the first value), message_id, message_en. Most frequent first.

    Examples
    --------
    >>> problems = pd.DataFrame({"table": "ratings", "row": [5, 9], "column": "level",
    ...     "value": ["7", "8"], "rule": "too_high", "message_id": "x", "message_en": "y"})
    >>> score_problems(problems)[["rows", "first_rows", "example"]].values.tolist()
    [[2, '5, 9', '7']]
    """
    keys = ["table", "column", "rule", "message_id", "message_en"]
    table = problems.groupby(keys, as_index=False, sort=True).agg(
        rows=("row", "size"),
        first_rows=("row", lambda rows: ", ".join(str(r) for r in rows[:5])),
        example=("value", "first"),
    )
    return table.sort_values(["rows", *keys], ascending=[False] + [True] * 5, ignore_index=True)
