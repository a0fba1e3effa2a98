"""Which tool an export comes from, and by what it was recognised."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cakra_analysis.errors import DataError
from cakra_analysis.intake.shape import Shape, shape_sheet
from cakra_analysis.intake.shape_cut import TITLE
from cakra_analysis.intake.shape_sheet import Sheet, read_sheets
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.vocabulary import field_of, plain, tools


@dataclass(frozen=True)
class Recognised:
    """The tool that made a file.

    Attributes
    ----------
    tool : str
        ``google``, ``kobo``, ``limesurvey``, ``microsoft``, ``agency`` or ``table``.
    name : str
        In words.
    reasons : list of str
        What it was recognised by.
    sheet : str
        Sheet with the answers; empty for a text file.
    shape : Shape
        The answers.
    others : dict of str to Sheet
        The other sheets by name; those of a repeated group among them.
    """

    tool: str
    name: str
    reasons: list[str]
    sheet: str
    shape: Shape
    others: dict[str, Sheet] = field(default_factory=dict)

    def list_alike(self) -> list[str]:
        """Return the other sheets that have the same header.

        Returns
        -------
        list of str
            Names.
        """
        header = {fold(text) for text in self.shape.texts}
        rows = {
            name: sheet.rows[: self.shape.header[-1] + 1] for name, sheet in self.others.items()
        }
        return [
            name
            for name, top in rows.items()
            if any(header <= {fold(text) for text in row if text} for row in top)
        ]


def recognise(file: Path, *, sheet: str = "") -> Recognised:
    """Say which tool an export comes from.

    Parameters
    ----------
    file : Path
        The export.
    sheet : str
        Its sheet with the answers; by itself the one with the most cells that is no repeated
        group of another.

    Returns
    -------
    Recognised
        Tool, reasons and the answers.

    Raises
    ------
    DataError
        When the file cannot be read or shaped.
    """
    sheets = {s.name: s for s in read_sheets(file)}
    _refuse_form(file, sheets)
    name = sheet if sheet in sheets else _choose(list(sheets.values()))
    shape = shape_sheet(sheets[name])
    tool, spoken, reasons = name_tool(shape)
    others = {other: s for other, s in sheets.items() if other != name}
    in_book = "" if not others and file.suffix.lower() in (".csv", ".tsv", ".txt") else name
    return Recognised(tool, spoken, reasons, in_book, shape, others)


def name_tool(shape: Shape) -> tuple[str, str, list[str]]:
    """Name the tool that made a sheet.

    Parameters
    ----------
    shape : Shape
        Its answers.

    Returns
    -------
    tuple of str, str and list of str
        Key, name in words, reasons.
    """
    headers = {fold(part): h for h in shape.texts for part in (h, *h.split(". ", 1))}
    for key, tool in tools().items():
        marks = tool.get("some", [])
        found = [headers[mark] for mark in marks if mark in headers]
        first = next(iter(shape.texts), "")
        if fold(first) in tool.get("first", []):
            found = [first]
        if len(set(found)) >= tool["least"]:
            names = dict.fromkeys(found)
            return key, tool["name"], [f'it has the column "{name}"' for name in names]
    reasons = _describe_agency(shape)
    if reasons:
        return "agency", "an agency's own sheet", reasons
    return "table", "a plain table", ["row 1 is the header, and no tool's own columns are there"]


def _describe_agency(shape: Shape) -> list[str]:
    reasons = []
    kinds = shape.cut["what"]
    if (kinds == TITLE).any():
        reasons.append(f"{(kinds == TITLE).sum()} rows stand above the header")
    if len(shape.header) > 1:
        reasons.append(f"the header has {len(shape.header)} rows")
    if (kinds != TITLE).any():
        reasons.append(f"{(kinds != TITLE).sum()} rows below it are no answers")
    fields = [field_of().get(plain(header), "") for header in shape.texts]
    if fields and fields[0] == "row" and {"unit", "person", "name"} & set(fields):
        reasons.append("it has a column that numbers the rows, and one of persons or units")
    return reasons


def _refuse_form(file: Path, sheets: dict[str, Sheet]) -> None:
    form = next((s for name, s in sheets.items() if fold(name) == "survey"), None)
    if form and {"type", "name"} <= {fold(text) for text in form.rows[0]}:
        raise DataError(
            f"{file}: this is a form (XLSForm), and not its answers.",
            allowed="An export holds a row for each person who answered.",
            do="Give the export, and this file as --form beside it.",
        )


def _choose(sheets: list[Sheet]) -> str:
    """The sheet with the answers: the largest that does not belong to another."""
    whole = [s for s in sheets if not _is_repeat(s)] or sheets
    return max(whole, key=lambda s: sum(sum(map(bool, row)) for row in s.rows)).name


def _is_repeat(sheet: Sheet) -> bool:
    return any(fold(text) == "_parent_index" for row in sheet.rows[:3] for text in row)
