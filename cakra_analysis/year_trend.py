"""What the trend of a region is read from: every cycle's gaps and staff, made alike."""

from __future__ import annotations

import pandas as pd

from cakra_analysis import needs
from cakra_analysis.dataset import Dataset
from cakra_analysis.improvement import apply_instruments
from cakra_analysis.needs.raters import PERCEPTION
from cakra_analysis.serving import select_staff
from cakra_analysis.settings import Settings

USUAL = 0.5  # share of the people whom a usual source rated, as in combine_ratings


def gather_gaps(tables: Dataset, *, cycle: str, settings: Settings) -> pd.DataFrame:
    """Return everybody's gaps in every cycle up to one, as far as can be on one scale.

    Parameters
    ----------
    tables : Dataset
        The input tables; ``instruments`` is read where it is there.
    cycle : str
        The last cycle to look at.
    settings : Settings
        The section ``gap``: weights of the raters.

    Returns
    -------
    DataFrame
        From ``score_person_gaps``, one row a person, competency and cycle, with ``cycle``,
        ``job_class``, ``link_variance``, and ``basis`` with the usual sources where levels are
        perceptions: other sources are another basis. Cycles that look mistyped are left out.
        Linked cycles are brought to the latest instrument.
    """
    parts = []
    for name in list_cycles(tables, cycle):
        ratings = tables["ratings"]
        ratings = ratings[ratings["cycle"] == name]
        observed, wanted = needs.combine_sides(
            ratings,
            tables["standards"],
            definition=tables.gap_definition,
            weights=needs.list_weights(ratings, settings.gap.weights),
        )
        staff = select_staff(tables["staff"], name)
        gaps = needs.score_person_gaps(
            observed, wanted, staff, definition=tables.gap_definition
        ).assign(cycle=name)
        perceived = gaps["basis"] == PERCEPTION
        sources = f"{PERCEPTION}: {_list_usual(ratings)}"
        parts.append(gaps.assign(basis=gaps["basis"].mask(perceived, sources)))
    gaps = pd.concat(parts, ignore_index=True)
    jobs = tables["staff"][["staff_id"]].assign(job_class=_find_jobs(tables))
    gaps = gaps.merge(jobs, on="staff_id", how="left", validate="many_to_one")
    return apply_instruments(gaps, tables["instruments"])


def gather_serving(tables: Dataset, *, cycle: str) -> pd.DataFrame | None:
    """Return who was in service in every cycle up to one, rated or not.

    Parameters
    ----------
    tables : Dataset
        The input tables.
    cycle : str
        The last cycle to look at.

    Returns
    -------
    DataFrame or None
        staff_id, unit_id, cycle; None where the staff table lists only those who answered.
    """
    if not tables.listed:
        return None
    columns = ["staff_id", "unit_id"]
    parts = [
        select_staff(tables["staff"], name)[columns].assign(cycle=name)
        for name in list_cycles(tables, cycle)
    ]
    return pd.concat(parts, ignore_index=True)


def gather_forms(tables: Dataset, *, cycle: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the forms on sessions held up to a cycle, for ``score_control``.

    Parameters
    ----------
    tables : Dataset
        The input tables.
    cycle : str
        The last cycle to look at.

    Returns
    -------
    tuple of DataFrame
        Forms (session_id, ``value``: the mean of a form's answers on the session) and the sessions
        (session_id, course_id, start).
    """
    sessions = tables["sessions"]
    sessions = sessions[sessions["cycle"] <= cycle]
    questions = tables["questions"]
    asked = questions.loc[questions["block"] == "reaction", "question_id"]
    answers = tables["reactions"]
    answers = answers[answers["question_id"].isin(asked) & answers["level"].notna()]
    answers = answers[answers["session_id"].isin(sessions["session_id"])]
    forms = answers.groupby(["session_id", "respondent"], observed=True)["level"].mean()
    forms = forms.astype(float).rename("value").reset_index()
    return forms[["session_id", "value"]], sessions[["session_id", "course_id", "start"]]


def list_cycles(tables: Dataset, cycle: str) -> list[str]:
    """Return the cycles with ratings up to one, oldest first, without those that look mistyped.

    Parameters
    ----------
    tables : Dataset
        The input tables.
    cycle : str
        The last one.

    Returns
    -------
    list of str
        Names of cycles.
    """
    rated = sorted(tables["ratings"]["cycle"].unique())
    return [name for name in rated if name <= cycle and name not in tables.rare_cycles]


def _list_usual(ratings: pd.DataFrame) -> str:
    """The sources that rated at least half of the people of a cycle."""
    people = ratings.groupby("source", observed=True)["staff_id"].nunique()
    usual = people[people >= USUAL * ratings["staff_id"].nunique()]
    return ", ".join(sorted(usual.index))


def _find_jobs(tables: Dataset) -> pd.Series:
    staff, positions = tables["staff"], tables["positions"]
    if "position_id" not in staff:
        return pd.Series(None, index=staff.index, dtype="object")
    return staff["position_id"].map(positions.set_index("position_id")["job_class"])
