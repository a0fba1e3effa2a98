"""One table's sheet: headings with their meaning, drop-downs, and colours for faults."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cakra_analysis.contracts import Column, Contract, describe_rule, facts
from cakra_analysis.template.faults import find_faults
from cakra_analysis.template.names import LAST, name_key, name_list
from cakra_analysis.template.purposes import is_needed
from cakra_analysis.words import LANGUAGES, label

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

TEAL, PALE, INK = "0F6B6B", "D7E8E8", "1D2B33"
COLOURS = {"blank": "FBE8B5", "wrong": "EFB3A1", "unknown": "D5C3E0", "duplicate": "A9D3D3"}
TEXTS = ("identifier", "cycle", "month", "date")  # Excel would make numbers or dates of these
NARROWEST, WIDEST = 14, 40  # characters


def fill_sheet(
    sheet: Worksheet, contract: Contract, columns: Sequence[Column], *, lang: str
) -> None:
    """Prepare the empty sheet of a table.

    Parameters
    ----------
    sheet : Worksheet
        Of openpyxl.
    contract : Contract
        Of the table.
    columns : sequence of Column
        Those to fill in.
    lang : str
        ``id`` or ``en``.
    """
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    letters = {c.name: get_column_letter(n) for n, c in enumerate(columns, start=1)}
    for column in columns:
        letter, needed = letters[column.name], is_needed(column)
        head = sheet[f"{letter}1"]
        head.value = column.name
        head.font = Font("Calibri", 11, bold=True, color="FFFFFF" if needed else INK)
        head.fill = PatternFill("solid", fgColor=TEAL if needed else PALE)
        head.alignment = Alignment(vertical="center")
        head.comment = Comment(explain(contract, column, lang), "Cakra", height=170, width=330)
        long = max(map(len, (column.name, *column.allowed)))
        sheet.column_dimensions[letter].width = min(max(NARROWEST, long + 4), WIDEST)
        if column.kind in TEXTS:
            sheet.column_dimensions[letter].number_format = "@"
        if check := _limit(contract, column, lang):
            check.add(f"{letter}2:{letter}{LAST}")
            sheet.add_data_validation(check)
        _colour(sheet, f"{letter}2:{letter}{LAST}", find_faults(contract, column, letters))
    sheet.row_dimensions[1].height = 22
    sheet.freeze_panes = "B2" if len(columns) > 2 else "A2"


def explain(contract: Contract, column: Column, lang: str) -> str:
    """Say what stands in a column: its meaning in both languages, its kind, its limits.

    Parameters
    ----------
    contract : Contract
        Of the table.
    column : Column
        Of the table.
    lang : str
        Of the rules, and of the meaning that comes first.

    Returns
    -------
    str
        A few lines.

    Examples
    --------
    >>> from cakra_analysis.contracts import contracts
    >>> mentors = contracts()["mentors"]
    >>> print(explain(mentors, mentors.columns["most"], "en"))
    most participants mentored at a time
    (peserta paling banyak yang didampingi bersamaan)
    - whole number
    - from 1 to 1000
    - must be filled in
    """
    other = next(code for code in LANGUAGES if code != lang)
    lines = [getattr(column, lang), f"({getattr(column, other)})"]
    rules = [label(f"template.kind.{column.kind}", lang)]
    if column.high is not None:
        rules.append(label("template.range", lang, low=f"{column.low:g}", high=f"{column.high:g}"))
    elif column.low is not None:
        rules.append(label("template.from", lang, low=f"{column.low:g}"))
    if column.allowed:
        rules.append(label("template.one_of", lang, allowed=", ".join(column.allowed)))
    if column.refers:
        table, key = column.refers.split(".")
        rules.append(label("template.refers", lang, table=table, column=key))
    if column.key:
        rules.append(label("template.part_of_key", lang, columns=" + ".join(contract.key)))
    rules.append(label("template.required" if is_needed(column) else "template.may_blank", lang))
    return "\n".join([*lines, *(f"- {rule}" for rule in rules)])


def fill_facts(sheet: Worksheet, keys: Sequence[str]) -> None:
    """Write the facts that have few values on the sheet ``about``, with their usual value.

    Parameters
    ----------
    sheet : Worksheet
        Prepared by ``fill_sheet``.
    keys : sequence of str
        Which facts.
    """
    from openpyxl.worksheet.datavalidation import DataValidation

    for row, key in enumerate(keys, start=2):
        sheet[f"A{row}"], sheet[f"B{row}"] = key, facts()[key][0]
        check = DataValidation("list", formula1=name_list("about", key), allow_blank=True)
        check.add(f"B{row}")
        sheet.add_data_validation(check)
    sheet.column_dimensions["B"].width = WIDEST


def _limit(contract: Contract, column: Column, lang: str) -> DataValidation | None:
    """What a cell takes. A code that is not there yet is only warned of; its sheet may follow."""
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = ""
    if column.allowed:
        rule = "not_allowed"
        check = DataValidation("list", formula1=name_list(contract.name, column.name))
    elif column.refers:
        rule, key = "unknown", name_key(column.refers)
        filled = f"OFFSET({key},0,0,MAX(1,COUNTA({key})),1)"
        check = DataValidation("list", formula1=filled, errorStyle="warning")
    elif column.is_number and column.low is not None:
        rule = "not_a_number"
        kind = "whole" if column.kind == "whole" else "decimal"
        check = DataValidation(kind, operator="greaterThanOrEqual", formula1=f"{column.low:g}")
        if column.high is not None:
            check.operator, check.formula2 = "between", f"{column.high:g}"
            rule = "too_low"
    if not rule:
        return None
    said = explain(contract, column, lang) if rule == "too_low" else ""
    check.error = (said or describe_rule(rule, column, contract)[lang])[:250]
    check.errorTitle, check.allow_blank = label("template.refused", lang), True
    return check


def _colour(sheet: Worksheet, cells: str, faults: dict[str, str]) -> None:
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font, PatternFill

    for fault, formula in faults.items():
        fill = PatternFill("solid", bgColor=COLOURS[fault])
        rule = FormulaRule([formula], stopIfTrue=True, fill=fill, font=Font(bold=True, color=INK))
        sheet.conditional_formatting.add(cells, rule)
