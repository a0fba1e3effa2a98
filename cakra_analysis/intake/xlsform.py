"""The labels of a KoboToolbox or ODK form, from the form's own workbook (XLSForm)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cakra_analysis.errors import DataError
from cakra_analysis.intake.shape_sheet import Sheet, read_sheets
from cakra_analysis.intake.text import fold, tidy_text

NEEDED = {"survey": ("type", "name"), "choices": ("list_name", "name")}


@dataclass(frozen=True)
class Form:
    """Questions and options of a form.

    Attributes
    ----------
    labels : dict of str to str
        Label by name of the question.
    several : dict of str to str
        List of options by name of each question with several answers.
    one : dict of str to str
        List of options by name of each question with one answer.
    options : dict of str to dict
        Label by code, by name of the list.
    """

    labels: dict[str, str] = field(default_factory=dict)
    several: dict[str, str] = field(default_factory=dict)
    one: dict[str, str] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)

    def label(self, header: str) -> str:
        """Return the label of a column.

        Parameters
        ----------
        header : str
            Name of the question, after the names of its groups.

        Returns
        -------
        str
            Empty where the form has none.
        """
        return self.labels.get(header.split("/")[-1], "")


def read_form(file: Path) -> Form:
    """Read an XLSForm.

    Parameters
    ----------
    file : Path
        ``.xlsx`` with the sheets ``survey`` and ``choices``.

    Returns
    -------
    Form
        Labels in the form's first language.

    Raises
    ------
    DataError
        When it is no such workbook.
    """
    sheets = {fold(sheet.name): sheet for sheet in read_sheets(file)}
    form = Form()
    for row in _read_rows(file, sheets, "survey"):
        kind, _, options = tidy_text(row["type"]).partition(" ")
        form.labels[row["name"]] = tidy_text(row["label"])
        if kind in ("select_multiple", "select_one"):
            asked = form.several if kind == "select_multiple" else form.one
            asked[row["name"]] = options.split(" ")[0]
    for row in _read_rows(file, sheets, "choices"):
        listed = form.options.setdefault(row["list_name"], {})
        listed[row["name"]] = tidy_text(row["label"]) or row["name"]
    return form


def _read_rows(file: Path, sheets: dict[str, Sheet], name: str) -> list[dict[str, str]]:
    if name not in sheets:
        raise DataError(
            f'{file}: there is no sheet "{name}".',
            allowed="A form of KoboToolbox or ODK (XLSForm) has the sheets survey and choices.",
            do="Download the form as XLSForm, or leave --form out.",
        )
    rows = sheets[name].rows
    header = [fold(text).replace("list name", "list_name") for text in rows[0]]
    missing = [column for column in NEEDED[name] if column not in header]
    if missing:
        raise DataError(
            f'{file}, sheet {name}: there is no column "{missing[0]}".',
            allowed=f"It has: {', '.join(filter(None, header))}.",
            do="Download the form as XLSForm again.",
        )
    label = next((c for c, text in enumerate(header) if text.split("::")[0] == "label"), None)
    places = {column: header.index(column) for column in NEEDED[name]}
    table = [
        {column: row[place] for column, place in places.items()}
        | {"label": "" if label is None else row[label]}
        for row in rows[1:]
    ]
    return [row for row in table if all(row[column] for column in NEEDED[name])]
