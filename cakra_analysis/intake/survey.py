"""Apply a mapping to an export; every cell is placed, reported, or declared ignored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from cakra_analysis.contracts import STANDARD
from cakra_analysis.errors import DataError
from cakra_analysis.intake.account import Imported
from cakra_analysis.intake.answers import Answers, read_answers
from cakra_analysis.intake.columns import Columns, find_columns, find_header_of
from cakra_analysis.intake.export import Export, read_export
from cakra_analysis.intake.flags import flag_rows
from cakra_analysis.intake.grids import list_merged, list_unpaired
from cakra_analysis.intake.mapping import read_mapping
from cakra_analysis.intake.mapping_checks import find_scale
from cakra_analysis.intake.parts import Mapping
from cakra_analysis.intake.people import place_groups, place_people, place_units
from cakra_analysis.intake.reasons import count_cells, explain, list_unplaced, show_values
from cakra_analysis.intake.tables import tabulate_staff, tabulate_stakeholders
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.times import read_times
from cakra_analysis.privacy import Key, read_key

Sides = tuple[pd.Series | None, pd.Series | None]  # begun and sent


def import_survey(mapping: Path, file: Path) -> Imported:
    """Read a survey export with a mapping file.

    Parameters
    ----------
    mapping : Path
        The mapping file.
    file : Path
        The export, ``.xlsx``, ``.csv`` or ``.tsv``. Line breaks, non-breaking and double blanks in
        headers and answers do not count, nor does upper or lower case.

    Returns
    -------
    Imported
        Tables and account.

    Raises
    ------
    MappingError
        When the mapping is not usable, or does not fit the export.
    DataError
        When the export cannot be read, or does not tell one person from another.
    SecretError
        When the mapping asks for pseudonyms and there is no key, or none that is kept well.
    """
    plan = read_mapping(mapping)
    export = read_export(plan, file)
    columns = find_columns(mapping, plan, list(export.texts))
    key = read_key(apart_from=[file]) if plan.person.pseudonym else None
    times = _read_times(mapping, plan, export)
    people, left_out = _place_rows(mapping, plan, export, columns, key, times)
    answers = read_answers(mapping, plan, export, columns, people.index)
    tables, regrouped, no_unit = _tabulate(plan, export, columns, answers, people)
    why = explain(plan, export, columns, answers, left_out, times)
    if len(no_unit):
        why.reasons.loc[no_unit.index, columns.unit] = no_unit
    return Imported(
        tables=tables,
        unused=columns.unused
        + [f"{s}: {h}" for s, r in answers.repeated.items() for h in r.unused],
        ignored=columns.ignored
        + [f"{s}: {h}" for s, r in answers.repeated.items() for h in r.ignored],
        other_sheets=export.other_sheets,
        unpaired=list_unpaired(answers.items),
        unplaced=list_unplaced(export, columns, answers, why),
        left_out=left_out,
        regrouped=regrouped.assign(value=show_values(regrouped["value"])),
        cells=count_cells(export, columns, answers, why),
        key_code=key.code if key else "",
        cut=export.cut,
        flagged=flag_rows(
            answers.grid_items,
            answers.grid_levels,
            *(None if t is None else t.loc[people.index] for t in times),
        ),
        notes=export.notes + _tell_standards(plan) + _tell_merged(plan, export, answers),
    )


def _tell_standards(plan: Mapping) -> list[str]:
    if plan.group or plan.about.get("gap_definition", STANDARD) != STANDARD:
        return []
    return [
        "A gap is standard minus level: before reports are made put the tables positions and "
        "standards beside, and the column position_id into staff."
    ]


def _tell_merged(plan: Mapping, export: Export, answers: Answers) -> list[str]:
    """Say which different answers became one level."""
    lines = []
    for name, items in answers.grid_items.groupby("scale_id", sort=False):
        cells = export.texts[list(items["column"])]
        lines += list_merged(find_scale(plan, str(name)), str(name), cells)
    for repeat in plan.repeats:
        texts = export.repeats[repeat.sheet].texts
        for asked in repeat.asks:
            cells = texts[[c for c in texts if fold(c) == fold(asked.column)]]
            lines += list_merged(find_scale(plan, asked.scale), asked.scale, cells)
    return list(dict.fromkeys(lines))


def _read_times(mapping: Path, plan: Mapping, export: Export) -> Sides:
    if not plan.times:
        return None, None
    headers = list(export.texts)
    start, end = (
        read_times(export.texts[find_header_of(mapping, headers, name)], plan.times.dates)
        if name
        else None
        for name in (plan.times.start, plan.times.end)
    )
    return start, end


def _place_rows(
    mapping: Path, plan: Mapping, export: Export, columns: Columns, key: Key | None, times: Sides
) -> tuple[pd.Series, pd.Series]:
    """The person of each row that counts, and why the others do not."""
    lost = pd.Series(dtype="str")
    if plan.complete:
        column = find_header_of(mapping, list(export.texts), plan.complete)
        rows = export.texts.index[export.texts[column].isna()]
        lost = pd.Series(f'not complete: "{column}" is blank', index=rows, dtype="str")
    if plan.review:
        column = find_header_of(mapping, list(export.texts), plan.review.column)
        refused = {fold(text) for text in plan.review.leave_out}
        rows = export.texts.index[export.texts[column].map(fold, na_action="ignore").isin(refused)]
        more = pd.Series(f'reviewed: "{column}" says so', index=rows, dtype="str")
        lost = pd.concat([lost, more.drop(lost.index, errors="ignore")])
    if plan.group:
        _, without = place_groups(plan.group, export.texts[columns.unit])
        lost = pd.concat([lost, without.drop(lost.index, errors="ignore")])
    kept = export.texts.index.difference(lost.index)
    if kept.empty:
        raise DataError(
            f"{export.where}: no row counts: {lost.iloc[0]}, and so on in every row.",
            do="Mend the mapping, or export the survey with its answers.",
        )
    counted = replace(export, texts=export.texts.loc[kept], numeric=export.numeric.loc[kept])
    sent = times[1] if times[1] is not None else times[0]
    order = None if sent is None else sent.loc[kept]
    people, left_out = place_people(plan.person, counted, columns.person, key, sent=order)
    return people, pd.concat([lost, left_out]).sort_index()


def _tabulate(
    plan: Mapping, export: Export, columns: Columns, answers: Answers, people: pd.Series
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, pd.Series]:
    """The tables, who went to another group, and whose group could not be placed."""
    texts = export.texts.loc[people.index]
    if plan.group:
        groups, _ = place_groups(plan.group, texts[columns.unit])
        tables = tabulate_stakeholders(plan, answers.items, answers.levels, people, groups)
        nobody = pd.DataFrame(columns=["row", "column", "value", "into"])
        return tables, nobody, pd.Series(dtype="str")
    if plan.unit is None:  # check_mapping has refused this
        raise DataError(f"{export.where}: no groups.", do="Write [unit] in the mapping.")
    blank = pd.Series(None, index=texts.index, dtype="str")
    told = texts[columns.unit] if columns.unit else blank
    units, of_person, regrouped, no_unit = place_units(plan.unit, told)
    if not columns.unit:
        regrouped = regrouped.iloc[:0]
    tables = tabulate_staff(plan, answers.items, answers.levels, people, units, of_person)
    return tables, regrouped, no_unit
