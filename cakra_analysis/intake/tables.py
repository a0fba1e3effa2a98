"""Items and levels become contract tables: of staff, or of stakeholders."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.intake.choices import CHOSEN, CHOSEN_LABELS
from cakra_analysis.intake.mapping_checks import RATED, VALUED, find_scale
from cakra_analysis.intake.parts import Mapping
from cakra_analysis.intake.people import ROOT


def tabulate_staff(
    plan: Mapping,
    items: pd.DataFrame,
    levels: pd.DataFrame,
    people: pd.Series,
    units: pd.DataFrame,
    of_person: pd.Series,
) -> dict[str, pd.DataFrame]:
    """Write a survey of staff as contract tables.

    Parameters
    ----------
    plan : Mapping
        Cycle, facts and scales.
    items : DataFrame
        From ``list_items``, ``read_choices`` and ``read_repeat``.
    levels : DataFrame
        A column an item, for the rows that count.
    people : Series
        Code of the person, by row.
    units : DataFrame
        Table ``units``.
    of_person : Series
        Code of each person's unit, by row.

    Returns
    -------
    dict of str to DataFrame
        ``about``, ``units``, ``staff``, ``competencies``, ``ratings`` (one row a person and
        competency, level and need side by side), ``scales``, ``questions`` and ``answers``.
    """
    long = _lengthen(items, levels, people, "staff_id")
    asked = long[~long["becomes"].isin(RATED)]
    unique = items.drop_duplicates("item").assign(name_id=items["name"], name_en=items["name"])
    is_rated = unique["becomes"].isin(RATED)
    ratings = _set_side_by_side(long, "staff_id", RATED).assign(cycle=plan.cycle, source="self")
    questions = unique[~is_rated].rename(columns={"item": "question_id", "becomes": "block"})
    answers = asked.rename(columns={"item": "question_id"}).assign(cycle=plan.cycle)
    return {
        "about": pd.DataFrame(plan.about.items(), columns=["key", "value"]),
        "units": units,
        "staff": pd.DataFrame({"staff_id": people, "unit_id": of_person}),
        "competencies": _list_competencies(unique[is_rated]),
        "ratings": ratings[["staff_id", "competency_id", "cycle", "source", *RATED]],
        "scales": _list_scales(plan, set(questions["scale_id"])),
        "questions": questions[["question_id", "block", "name_id", "name_en", "scale_id"]],
        "answers": answers[["staff_id", "question_id", "cycle", "level"]],
    }


def tabulate_stakeholders(
    plan: Mapping,
    items: pd.DataFrame,
    levels: pd.DataFrame,
    people: pd.Series,
    groups: pd.Series,
) -> dict[str, pd.DataFrame]:
    """Write a survey of stakeholders as contract tables.

    Parameters
    ----------
    plan : Mapping
        Cycle and facts.
    items, levels : DataFrame
        From ``list_items``; a column an item, for the rows that count.
    people : Series
        Code of the respondent, by row.
    groups : Series
        Group of the respondent, by row.

    Returns
    -------
    dict of str to DataFrame
        ``about``, ``units`` (the top alone), ``staff`` and ``ratings`` (empty), ``competencies``,
        ``stakeholders`` and ``stakeholder_answers``.
    """
    root = plan.group.root if plan.group else ""
    long = _lengthen(items, levels, people, "stakeholder_id")
    said = _set_side_by_side(long, "stakeholder_id", VALUED)
    who = pd.DataFrame({"stakeholder_id": people, "cycle": plan.cycle, "group": groups})
    return {
        "about": pd.DataFrame(plan.about.items(), columns=["key", "value"]),
        "units": pd.DataFrame([(ROOT, None, root)], columns=["unit_id", "parent_id", "name"]),
        "staff": pd.DataFrame(columns=["staff_id", "unit_id"]),
        "competencies": _list_competencies(
            items.drop_duplicates("item").assign(name_id=items["name"], name_en=items["name"])
        ),
        "ratings": pd.DataFrame(columns=["staff_id", "competency_id", "cycle", "source", *RATED]),
        "stakeholders": who,
        "stakeholder_answers": said[["stakeholder_id", "competency_id", *VALUED]],
    }


def _lengthen(
    items: pd.DataFrame, levels: pd.DataFrame, people: pd.Series, who: str
) -> pd.DataFrame:
    long = levels.assign(**{who: people}).melt(who, var_name="column", value_name="level")
    return long.dropna(subset="level").merge(items, on="column", validate="many_to_one")


def _set_side_by_side(long: pd.DataFrame, who: str, sides: tuple[str, ...]) -> pd.DataFrame:
    rated = long[long["becomes"].isin(sides)]
    table = rated.pivot(index=[who, "item"], columns="becomes", values="level")
    table = table.reindex(columns=list(sides)).astype("Int64").reset_index()
    return table.rename(columns={"item": "competency_id"})


def _list_competencies(items: pd.DataFrame) -> pd.DataFrame:
    table = items.rename(columns={"item": "competency_id"})
    return table[["competency_id", "name_id", "name_en", "group"]]


def _list_scales(plan: Mapping, used: set[str]) -> pd.DataFrame:
    own = [name for name in plan.scales if name in used]
    rows = [
        (name, level, text, text)
        for name in [*own, *sorted(used - set(own) - {CHOSEN})]
        for text, level in find_scale(plan, name).items()
    ]
    if CHOSEN in used:
        rows += [(CHOSEN, level, *texts) for level, texts in CHOSEN_LABELS.items()]
    table = pd.DataFrame(rows, columns=["scale_id", "level", "label_id", "label_en"])
    return table.drop_duplicates(["scale_id", "level"])
