"""A mapping proposed from an export, for a person to check: reasons, and questions left open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cakra_analysis.errors import DataError
from cakra_analysis.identifiers import is_raw
from cakra_analysis.intake.export import tidy_export
from cakra_analysis.intake.recognise import Recognised, recognise
from cakra_analysis.intake.suggest_answers import propose_answers
from cakra_analysis.intake.suggest_draft import (
    HIGH,
    Question,
    ask_line,
    list_questions,
    write_line,
)
from cakra_analysis.intake.suggest_fields import is_free_text, name_field
from cakra_analysis.intake.suggest_people import (
    suggest_person,
)
from cakra_analysis.intake.suggest_times import suggest_cycle, suggest_review, suggest_times
from cakra_analysis.intake.suggest_units import suggest_group, suggest_unit
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.values import write_value
from cakra_analysis.intake.xlsform import Form, read_form

HIDDEN = {
    "name": "names never get into a data set",
    "email": "addresses never get into a data set",
    "phone": "telephone numbers never get into a data set",
    "nik": "numbers of persons never get into a data set",
    "address": "it can tell who answered",
    "person": "another column tells the person",
    "row": "it only numbers the rows",
    "meta": "the tool's own column",
    "time": "a time that is not needed",
    "start": "a time that is not needed",
    "end": "a time that is not needed",
    "free": "answers that differ from row to row, or free text, can name persons",
}


@dataclass(frozen=True)
class Suggestion:
    """A proposed mapping.

    Attributes
    ----------
    text : str
        Commented TOML, without anything that tells a person.
    tool : str
        Key of the tool that made the export.
    name : str
        The tool in words.
    reasons : list of str
        By what it was recognised.
    questions : list of Question
        What a person must answer before ``import_survey`` takes the mapping.
    """

    text: str
    tool: str
    name: str
    reasons: list[str]
    questions: list[Question]


def suggest_mapping(file: Path, *, form: Path | None = None) -> Suggestion:
    """Propose a mapping for an export.

    Parameters
    ----------
    file : Path
        The export.
    form : Path, optional
        The form behind an export of KoboToolbox or ODK (XLSForm), for labels and options.

    Returns
    -------
    Suggestion
        Guesses with their reasons. What the export cannot tell is a question: whether S is the
        third of four steps or the fourth of five, day or month first, which column holds the
        groups. It is *not* a finished mapping: a person reads it before it is applied.

    Raises
    ------
    DataError
        When the export or the form cannot be read.

    Notes
    -----
    Names of columns are compared with known ones by RapidFuzz's ratio, 88 of 100 and more. Pinned
    by ``tests/test_intake_suggest.py``.
    """
    found = recognise(file)
    labels = read_form(form) if form else Form()
    text = _write(file, found, labels)
    return Suggestion(text, found.tool, found.name, found.reasons, list_questions(text))


def _write(file: Path, found: Recognised, form: Form) -> str:
    export = tidy_export(found.shape)
    texts = export.texts
    _refuse_persons(export.where, found, list(texts))
    fields = {c: name_field(c, texts[c], form.label(c)) for c in texts}
    times, time_lines, years = suggest_times(texts, fields)
    person, person_lines = suggest_person(texts, fields, found.tool)
    group, group_lines = suggest_group(texts, fields)
    complete = _find_complete(found, list(texts))
    review, review_lines = suggest_review(texts)
    known = {*times, person, complete, review}
    free = [c for c in texts if c not in known | {group} and fields[c].trust != HIGH]
    proposal = propose_answers(found, texts, free, form, valued=bool(group))
    if not proposal.valued:
        group = ""
    left = [c for c in texts if c not in known | set(proposal.columns)]
    unit, unit_lines = (group, group_lines) if group else suggest_unit(texts, fields, left, form)
    ignored = [c for c in left if c != unit and c not in _asked(unit_lines)]
    reasons = {c: proposal.notes.get(c) or HIDDEN.get(fields[c].name, "") for c in ignored}
    reasons |= {c: HIDDEN["free"] for c in ignored if not reasons[c] and is_free_text(texts[c])}
    years_said = suggest_cycle(years, [file.stem, *found.shape.titles])
    parts = [
        _write_head(found),
        _write_file(found, complete, years_said),
        _write_ignored(ignored, reasons),
        _write_about(file.stem, proposal.definition),
        person_lines,
        unit_lines,
        time_lines,
        review_lines,
        *proposal.parts,
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _refuse_persons(where: str, found: Recognised, headers: list[str]) -> None:
    """Refuse a header that holds numbers of persons: it is a row of answers."""
    if any(is_raw(header) for header in headers):
        raise DataError(
            f"{where}: row {found.shape.header[-1]} was taken for the header, and it holds numbers "
            "or addresses of persons.",
            allowed="A header holds the names of the columns; a file without one cannot be read.",
            do="Put a row with the names of the columns above the answers.",
        )


def _write_head(found: Recognised) -> list[str]:
    lines = [
        "# Proposed by `cakra import --suggest`; read every line before you use it.",
        f"# The file looks like: {found.name}.",
        *(f"#   {reason}" for reason in found.reasons),
        "# Where a value is a question mark, its comment says which answers are possible.",
        "# Then: cakra import MAPPING FILE --to FOLDER",
    ]
    cut = found.shape.cut.groupby("what", sort=False)["row"].agg(list)
    for what, rows in cut.items():
        shown = ", ".join(map(str, rows[:10])) + (", ..." if len(rows) > 10 else "")
        lines.append(f"# Cut off as no answers: row {shown} ({what}).")
    if len(cut):
        lines.append("# Write cut = false above [about] to keep those below the header.")
    return lines


def _write_file(found: Recognised, complete: str, cycle: str) -> list[str]:
    rows = found.shape.header
    said = "the first row with names of columns" if len(rows) == 1 else "names in several rows"
    lines = [write_line("header", rows[0] if len(rows) == 1 else rows, said), cycle]
    if found.sheet:
        alike = found.list_alike()
        said = "these sheets have the same header; one is read at a time"
        line = write_line("sheet", found.sheet, "the sheet with the answers")
        lines.insert(0, ask_line("sheet", [found.sheet, *alike], said) if alike else line)
    if complete:
        lines.append(write_line("complete", complete, "rows where it is blank are left out"))
    return lines


def _write_about(name: str, definition: str) -> list[str]:
    return [
        "[about]",
        write_line("name_id", f"Survei {name}"),
        write_line("name_en", f"Survey {name}"),
        write_line("population", "unknown", "only those who answered are in the file"),
        definition,
    ]


def _write_ignored(ignored: list[str], reasons: dict[str, str]) -> list[str]:
    if not ignored:
        return []
    lines = [
        "# Left out on purpose; take a line out to see the column reported as not used.",
        "ignore = [",
    ]
    for column in ignored:
        said = reasons[column] or "not used by the reports"
        lines.append(f"  {write_value(column)},  # {said}")
    return [*lines, "]"]


def _find_complete(found: Recognised, headers: list[str]) -> str:
    """LimeSurvey leaves the day of sending blank in rows that are not complete."""
    names = {"submitdate", "date submitted", "tanggal dikirim"}
    return (
        next((h for h in headers if names & set(fold(h).split(". "))), "")
        if found.tool == "limesurvey"
        else ""
    )


def _asked(lines: list[str]) -> set[str]:
    """Columns that a question offers; the one not chosen is reported as not used."""
    questions = list_questions("\n".join(lines)) if any('"?"' in line for line in lines) else []
    return {str(answer) for question in questions for answer in question.answers}
