"""What the data check says, in no language."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cakra_analysis.names import name_item
from cakra_analysis.privacy import Published
from cakra_analysis.results import Finding
from cakra_analysis.settings import CheckSettings

LIMITS = CheckSettings().limits


def find_problems(summary: pd.DataFrame, *, aside: int, rows: int) -> Finding:
    """Say how many rows were set aside.

    Parameters
    ----------
    summary : DataFrame
        From ``score_problems``.
    aside : int
        Rows set aside; one row may have several problems.
    rows : int
        Rows read in all tables.

    Returns
    -------
    Finding
        ``check.problems`` with count, rows, share (0-1) and kinds.
    """
    values = {"count": aside, "rows": rows, "share": aside / max(rows, 1), "kinds": len(summary)}
    return Finding("check.problems", values, n=rows)


def find_response(response: Published, *, unit: str, listed: bool = True) -> Finding:
    """Say what share of a unit's staff was rated, and where fewest were.

    Parameters
    ----------
    response : Published
        A ``score_response`` table with names.
    unit : str
        Code of the unit.
    listed : bool
        Whether the staff table lists everybody.

    Returns
    -------
    Finding
        ``check.response.unknown`` with rated when it does not. ``check.response.known`` with
        share, rated, staff, the unit with the lowest share and its share;
        ``check.response.hidden`` when the unit is too small.
    """
    table = response.table
    whole = table[(table["unit_id"] == unit) & table["share"].notna()]
    if whole.empty:
        return Finding("check.response.hidden")
    row, shown = whole.iloc[0], table[table["share"].notna()]
    if not listed:
        rated = int(row["rated"])
        return Finding("check.response.unknown", {"rated": rated}, n=rated)
    least = shown.loc[shown["share"].idxmin()]
    values = {
        "share": row["share"],
        "rated": int(row["rated"]),
        "staff": int(row["staff"]),
        "least_unit": least["unit"],
        "least_share": least["share"],
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
        ``check.missing.known`` with share (0-1) over all forms, and the competency with the largest
        share; ``check.missing.nobody`` without a form.
    """
    shown = missing[missing["share"].notna()]
    if shown.empty:
        return Finding("check.missing.nobody")
    worst = shown.loc[shown["share"].idxmax()]
    values = {
        "share": 1 - shown["answers"].sum() / shown["forms"].sum(),
        "name": name_item(worst),
        "worst": worst["share"],
    }
    return Finding("check.missing.known", values, n=int(shown["forms"].max()))


def find_straight(straight: pd.DataFrame) -> Finding:
    """Say what share of the forms gives one level throughout.

    Parameters
    ----------
    straight : DataFrame
        A published ``find_straight_liners`` table.

    Returns
    -------
    Finding
        ``check.straight.judged`` with straight, forms and share (0-1), or
        ``check.straight.none_judged``.
    """
    forms, lines = int(straight["forms"].sum()), int(straight["straight"].sum())
    if not forms:
        return Finding("check.straight.none_judged")
    values = {"straight": lines, "forms": forms, "share": lines / max(forms, 1)}
    return Finding("check.straight.judged", values, n=forms)


def find_items(items: pd.DataFrame) -> Finding:
    """Say whether an item of the forms points against the others.

    Parameters
    ----------
    items : DataFrame
        A published ``score_items`` table with names.

    Returns
    -------
    Finding
        ``check.items.negative`` with the names, ``check.items.fine`` with the lowest correlation
        and its item, ``check.items.none`` without complete forms.
    """
    shown = items[items["item_rest"].notna()].sort_values("item_rest")
    if shown.empty:
        return Finding("check.items.none")
    against = shown[shown["item_rest"] < 0].drop_duplicates("competency_id")
    names = [name_item(row) for row in against.itertuples()]
    first = shown.iloc[0]
    values = {"names": names, "low": first["item_rest"]}
    values |= {"name": name_item(first)}
    return Finding(f"check.items.{'negative' if names else 'fine'}", values, n=int(first["n"]))


def check_fitness(
    problems: Finding, response: Finding, straight: Finding, *, limits: Mapping[str, float] = LIMITS
) -> Finding:
    """Say whether the data is fit to use.

    Parameters
    ----------
    problems, response, straight : Finding
        From the functions above.
    limits : mapping of str to float
        ``least`` share of staff rated, most rows set ``aside``, most ``straight`` forms (0-1).

    Returns
    -------
    Finding
        ``check.fit`` when all three keep their limits; ``check.review`` when one does not or could
        not be checked. The limits are working conventions.
    """
    kept = (
        response.values.get("share", -1.0) >= limits["least"],
        problems.values["share"] <= limits["aside"],
        straight.values.get("share", 2.0) <= limits["straight"],
    )
    return Finding("check.fit" if all(kept) else "check.review")


def find_data_caveats(problems: Finding, *, limits: Mapping[str, float] = LIMITS) -> list[Finding]:
    """Return what the checks cannot see, and what to do with what they saw.

    Parameters
    ----------
    problems : Finding
        From ``find_problems``.
    limits : mapping of str to float
        As for ``check_fitness``.

    Returns
    -------
    list of Finding
        ``caveat.check.*``.
    """
    found = [Finding("caveat.check.limits", dict(limits)), Finding("caveat.check.plausible")]
    return ([Finding("caveat.check.mend")] if problems.values["count"] else []) + found
