"""The workbook to fill in, sheet by sheet."""

from __future__ import annotations

import io

from cakra_analysis.contracts import contracts
from cakra_analysis.template.guide import write_examples, write_guide
from cakra_analysis.template.names import add_names
from cakra_analysis.template.purposes import choose_columns, choose_tables
from cakra_analysis.template.table_sheet import fill_facts, fill_sheet
from cakra_analysis.words import label


def write_template(purpose: str = "needs", *, lang: str = "id") -> bytes:
    """Write an empty workbook that ``load`` reads as it stands once it is filled in.

    Parameters
    ----------
    purpose : str
        One of ``list_purposes``: which tables it holds.
    lang : str
        Language of the guide and the notes, ``id`` or ``en``. Names of sheets and columns are those
        of the contracts.

    Returns
    -------
    bytes
        An ``.xlsx`` file: a guide, a sheet a table in the order in which they refer to each other,
        examples and the lists of choices. Sheets that are no table have a name that begins with
        ``_``, so that ``load`` leaves them out.
    """
    from openpyxl import Workbook

    tables = choose_tables(purpose)
    columns = {name: choose_columns(contracts()[name], tables) for name in tables}
    book = Workbook()
    write_guide(book.worksheets[0], tables, lang=lang)
    for name, least in tables.items():
        sheet = book.create_sheet(name)
        sheet.sheet_properties.tabColor = "0F6B6B" if least else "D7E8E8"
        fill_sheet(sheet, contracts()[name], columns[name], lang=lang)
    keys = ("population", "gap_definition") if "ratings" in tables else ("population",)
    fill_facts(book["about"], keys)
    write_examples(book.create_sheet(label("template.example", lang)), columns, lang=lang)
    add_names(book, columns, lists=label("template.lists", lang))
    for sheet in book.worksheets:  # printed, no column falls on a page of its own
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
