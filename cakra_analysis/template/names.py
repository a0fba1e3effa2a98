"""Names for ranges of cells: lists of choices, and the keys that other sheets refer to.

A rule for colours may look at another sheet through a name in every version of Excel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cakra_analysis.contracts import Column, facts

if TYPE_CHECKING:
    from openpyxl import Workbook

LAST = 10_000  # rows below are checked by `cakra check` only


def name_key(refers: str) -> str:
    """Return the name of the cells that a column refers to.

    Parameters
    ----------
    refers : str
        Table and column.

    Returns
    -------
    str
        A name that Excel and LibreOffice take.

    Examples
    --------
    >>> name_key("units.unit_id")
    'key_units_unit_id'
    """
    return f"key_{refers.replace('.', '_')}"


def name_list(table: str, column: str) -> str:
    """Return the name of the cells that hold the choices of a column, or of a fact in ``about``.

    Parameters
    ----------
    table, column : str
        Names.

    Returns
    -------
    str
        A name that Excel and LibreOffice take.

    Examples
    --------
    >>> name_list("staff", "sex")
    'list_staff_sex'
    """
    return f"list_{table}_{column}"


def add_names(book: Workbook, columns: Mapping[str, Sequence[Column]], *, lists: str) -> None:
    """Add the sheet of choices, and a name for each list and each key.

    Parameters
    ----------
    book : Workbook
        Of openpyxl, with a sheet for each table.
    columns : mapping of str to sequence of Column
        Those of each table, as they stand on its sheet.
    lists : str
        Name of the sheet of choices.
    """
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(lists)
    choices = {name_list(t, c.name): c.allowed for t, mine in columns.items() for c in mine}
    choices |= {name_list("about", fact): values for fact, values in facts().items()}
    for place, (name, values) in enumerate((n, v) for n, v in choices.items() if v):
        letter = get_column_letter(place + 1)
        for row, value in enumerate((name, *values), start=1):
            sheet[f"{letter}{row}"] = value
        sheet.column_dimensions[letter].width = 24
        _name(book, name, f"'{lists}'!${letter}$2:${letter}${len(values) + 1}")
    for refers in sorted({c.refers for mine in columns.values() for c in mine if c.refers}):
        table, key = refers.split(".")
        letter = get_column_letter([c.name for c in columns[table]].index(key) + 1)
        _name(book, name_key(refers), f"'{table}'!${letter}$2:${letter}${LAST}")


def _name(book: Workbook, name: str, cells: str) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    book.defined_names[name] = DefinedName(name, attr_text=cells)
