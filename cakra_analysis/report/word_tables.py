"""A table of a report as a Word table: repeated header, widths by content, text stays text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cakra_analysis.report.html import SHORT_ROWS
from cakra_analysis.report.sheet_cells import safe_text
from cakra_analysis.report.tables import TEXT, write_cell
from cakra_analysis.report.word_fields import keep_row, repeat_header
from cakra_analysis.report.word_styles import SHADE, TEXT_CM, shade

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import _Cell

Block = Mapping[str, Any]
SIZES = ((9, 7.0), (7, 7.5))  # from so many columns on: points
POINTS = 8.5
LETTER_CM = 0.0215  # average width of a bold letter of one point
PADDING_CM = 0.46  # both sides of a cell
NARROWEST, WIDEST = 4, 45  # characters


def write_word_table(document: WordDocument, block: Block) -> None:
    """Write a table at the end of a document.

    Parameters
    ----------
    document : Document
        Of python-docx.
    block : mapping
        Table block: columns, rows, lang.
    """
    columns = block["columns"]
    heads = [column["heading"] for column in columns]
    body = [
        [write_cell(row, c["name"], c["kind"], block["lang"]) for c in columns]
        for row in block["rows"]
    ]
    table = document.add_table(rows=1 + len(body), cols=len(columns), style="Table Grid")
    table.autofit = False
    size = next((points for most, points in SIZES if len(columns) >= most), POINTS)
    sides = [at == 0 or column["kind"] in TEXT for at, column in enumerate(columns)]
    short = len(body) <= SHORT_ROWS
    for number, (row, texts) in enumerate(zip(table.rows, [heads, *body], strict=True)):
        keep_row(row)
        # No row stands alone on a page; a short table stays whole.
        together = number < 2 or number == len(body) - 1 or (short and number < len(body))
        for cell, text, left in zip(row.cells, texts, sides, strict=True):
            _write(cell, text, left=left, head=number == 0, size=size, together=together)
    repeat_header(table.rows[0])
    _set_widths(table, share_width(heads, body, size))


def share_width(
    heads: Sequence[str], body: Sequence[Sequence[str]], points: float = POINTS
) -> list[float]:
    """Share the width of the page among columns by what stands in them.

    Parameters
    ----------
    heads : sequence of str
        Headings; they may be broken between words.
    body : sequence of sequence of str
        Rows.
    points : float
        Size of the letters.

    Returns
    -------
    list of float
        Widths in cm: each column holds its longest word, and what is left goes to those that hold
        more.

    Examples
    --------
    >>> [round(w, 1) for w in share_width(["Unit", "n"], [["Kelurahan Mayura", "12"]])]
    [14.7, 1.3]
    """
    columns = list(zip(heads, *body, strict=True))
    letter = points * LETTER_CM
    words = [max(len(word) for text in c for word in [*text.split(), ""]) for c in columns]
    least = [PADDING_CM + letter * max(word, NARROWEST) for word in words]
    texts = [max(len(text) for text in (column[1:] or column)) for column in columns]
    more = [
        letter * max(min(n, WIDEST) - word, 0) + 0.01 for n, word in zip(texts, words, strict=True)
    ]
    left = TEXT_CM - sum(least)
    if left < 0:
        return [TEXT_CM * width / sum(least) for width in least]
    return [width + left * extra / sum(more) for width, extra in zip(least, more, strict=True)]


def _write(cell: _Cell, text: str, *, left: bool, head: bool, size: float, together: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.style = "Cell"
    side = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.alignment = side
    paragraph.paragraph_format.keep_with_next = together
    run = paragraph.add_run(safe_text(text))
    run.bold = head or None
    run.font.size = Pt(size)
    if head:
        shade(cell._tc.get_or_add_tcPr(), SHADE["head"])


def _set_widths(table: Any, widths: Sequence[float]) -> None:
    from docx.shared import Cm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
