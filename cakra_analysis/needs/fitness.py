"""What the data check says, in no language."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.privacy import Published
from cakra_analysis.results import Finding

LOW_RESPONSE, MANY_STRAIGHT = 0.6, 0.05


def find_problems(summary: pd.DataFrame, *, rows: int) -> Finding:
    """Say how many rows were set aside.

    Parameters
    ----------
    summary : DataFrame
        From ``score_problems``.
    rows : int
        Rows read in all tables.

    Returns
    -------
    Finding
        ``check.problems`` with count, rows, share (0-1) and kinds.
    """
    count = int(summary["rows"].sum()) if len(summary) else 0
    values = {"count": count, "rows": rows, "share": count / max(rows, 1), "kinds": len(summary)}
    return Finding("check.problems", values, n=rows)


def find_response(response: Published, *, unit: str) -> Finding:
    """Say what share of a unit's staff was rated, and where fewest were.

    Parameters
    ----------
    response : Published
        A ``score_response`` table with names.
    unit : str
        Code of the unit.

    Returns
    -------
    Finding
        ``check.response.known`` with share, rated, staff, the unit with the lowest share and its
        share, and low (units under 60%); ``check.response.hidden`` when the unit is too small.
    """
    table = response.table
    whole = table[(table["unit_id"] == unit) & table["share"].notna()]
    if whole.empty:
        return Finding("check.response.hidden")
    row, shown = whole.iloc[0], table[table["share"].notna()]
    least = shown.loc[shown["share"].idxmin()]
    values = {
        "share": row["share"],
        "rated": int(row["rated"]),
        "staff": int(row["staff"]),
        "least_unit": least["unit"],
        "least_share": least["share"],
        "low": int((shown["share"] < LOW_RESPONSE).sum()),
    }
    return Finding("check.response.known", values, n=int(row["staff"]))


def find_missing(missing: pd.DataFrame) -> Finding:
    """Say what share of the asked answers is missing, and where most are.

    Parameters
    ----------
    missing : DataFrame
        A published ``score_missing`` table with names.

    Returns
    -------
    Finding
        ``check.missing`` with share (0-1) over all forms, and the competency with the largest
        share.
    """
    shown = missing[missing["share"].notna()]
    worst = shown.loc[shown["share"].idxmax()]
    values = {
        "share": 1 - shown["answers"].sum() / shown["forms"].sum(),
        "name": {"id": worst["name_id"], "en": worst["name_en"]},
        "worst": worst["share"],
    }
    return Finding("check.missing", values, n=int(shown["forms"].max()))


def find_straight(straight: pd.DataFrame) -> Finding:
    """Say what share of the forms gives one level throughout.

    Parameters
    ----------
    straight : DataFrame
        A published ``find_straight_liners`` table.

    Returns
    -------
    Finding
        ``check.straight`` with straight, forms and share (0-1).
    """
    forms, lines = int(straight["forms"].sum()), int(straight["straight"].sum())
    values = {"straight": lines, "forms": forms, "share": lines / max(forms, 1)}
    return Finding("check.straight", values, n=forms)


def judge_fitness(problems: Finding, response: Finding, straight: Finding) -> Finding:
    """Say whether the data is fit to use.

    Parameters
    ----------
    problems, response, straight : Finding
        From the functions above.

    Returns
    -------
    Finding
        ``check.fit`` when at least 60% of the staff were rated, under 1% of rows were set aside and
        under 5% of forms are straight lines; else ``check.review``. The limits are working
        conventions.
    """
    fit = (
        response.values.get("share", 1.0) >= LOW_RESPONSE
        and problems.values["share"] < 0.01
        and straight.values["share"] < MANY_STRAIGHT
    )
    values = {"share": response.values.get("share", 1.0), "count": problems.values["count"]}
    return Finding("check.fit" if fit else "check.review", values)


def find_data_caveats(problems: Finding) -> list[Finding]:
    """Return what the checks cannot see, and what to do with what they saw.

    Parameters
    ----------
    problems : Finding
        From ``find_problems``.

    Returns
    -------
    list of Finding
        ``caveat.check.*``.
    """
    found = [Finding("caveat.check.limits"), Finding("caveat.check.plausible")]
    return ([Finding("caveat.check.mend")] if problems.values["count"] else []) + found
