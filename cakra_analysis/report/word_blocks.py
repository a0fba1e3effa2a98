"""The blocks of an official report as paragraphs, tables and pictures of a Word document."""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from cakra_analysis.report.chapters_html import name_anchor
from cakra_analysis.report.sheet_cells import safe_text
from cakra_analysis.report.word_contents import Bookmarks
from cakra_analysis.report.word_fields import add_field, describe_picture
from cakra_analysis.report.word_styles import SMALLEST, TALLEST_CM, TEXT_CM
from cakra_analysis.report.word_tables import write_word_table

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

Block = Mapping[str, Any]


def write_word_block(word: WordDocument, block: Block, marks: Bookmarks) -> None:
    """Write a block at the end of a document.

    Parameters
    ----------
    word : Document
        Of python-docx.
    block : mapping
        Of a part of the report, with the ``level`` of a heading in it.
    marks : Bookmarks
        Get the places of tables and figures.
    """
    WRITERS[block["kind"]](word, block, marks)


def order_for_paper(blocks: Sequence[Block]) -> list[Block]:
    """Put a tall figure behind the table that follows it: a table can be broken, a figure cannot.

    Parameters
    ----------
    blocks : sequence of mapping
        Of a part of the report.

    Returns
    -------
    list of mapping
        The same blocks.
    """
    ordered = list(blocks)
    for at, (block, after) in enumerate(pairwise(blocks)):
        if block["kind"] == "figure" and after["kind"] == "table" and _is_tall(block):
            ordered[at : at + 2] = [after, block]
    return ordered


def _is_tall(block: Block) -> bool:
    """Whether a picture takes much of a page though it is made smaller."""
    width, height = struct.unpack(">II", base64.b64decode(block["png"])[16:24])
    return bool(TEXT_CM * SMALLEST * height / width > TALLEST_CM)


def _say(word: WordDocument, text: str, style: str = "Normal") -> Paragraph:
    return word.add_paragraph(safe_text(text), style=style)


def _say_pair(word: WordDocument, head: str, text: str, style: str = "Normal") -> None:
    paragraph = word.add_paragraph(style=style)
    paragraph.add_run(safe_text(head)).bold = True
    paragraph.add_run(safe_text(text))


def _text(word: WordDocument, block: Block, _: Bookmarks) -> None:
    _say(word, block["text"])


def _fill(word: WordDocument, block: Block, _: Bookmarks) -> None:
    _say(word, block["text"], "To Fill In")


def _statement(word: WordDocument, block: Block, _: Bookmarks) -> None:
    paragraph = word.add_paragraph()
    paragraph.add_run(safe_text(block.get("title", block.get("text", "")))).bold = True
    paragraph.paragraph_format.keep_with_next = True


def _list(word: WordDocument, block: Block, _: Bookmarks) -> None:
    for item in block["items"]:
        _say(word, item, "List Bullet")


def _summary(word: WordDocument, block: Block, _: Bookmarks) -> None:
    for item in block["items"]:
        _say_pair(word, item["head"], f" {item['text']}", "List Number")


def _figures(word: WordDocument, block: Block, _: Bookmarks) -> None:
    for item in block["items"]:
        _say_pair(word, item["value"], f" {item['what']}", "List Bullet")


def _section(word: WordDocument, block: Block, marks: Bookmarks) -> None:
    if block["small"]:
        _say(word, block["small"], f"Heading {block['level']}")
    _statement(word, block, marks)
    if block["text"]:
        _say(word, block["text"])


def _notes(word: WordDocument, block: Block, marks: Bookmarks) -> None:
    _say(word, block["head"], f"Heading {block['level']}")
    _list(word, block, marks)


def _terms(word: WordDocument, block: Block, _: Bookmarks) -> None:
    for item in block["items"]:
        _say_pair(word, f"{item['head']}: ", item["text"])


def _caption(word: WordDocument, block: Block, marks: Bookmarks) -> Paragraph:
    r"""``Tabel 4.`` and a field that counts anew after each chapter, then the title."""
    paragraph = word.add_paragraph(style="Caption")
    paragraph.add_run(f"{block['word']} {block['chapter']}.").bold = True
    add_field(paragraph, _count(block), str(block["place"]), bold=True)
    paragraph.add_run(f" {safe_text(block['caption'])}")
    marks.set(paragraph, name_anchor(block))
    return paragraph


def _count(block: Block) -> str:
    r"""Word counts anew after each chapter (``\s``); other programs need the first one told."""
    first = r" \r 1" if block["place"] == 1 else r" \s 1"
    return rf"SEQ {block['word']} \* ARABIC{first}"


def _table(word: WordDocument, block: Block, marks: Bookmarks) -> None:
    _caption(word, block, marks).paragraph_format.keep_with_next = True
    write_word_table(word, block)
    _say(word, block["note"], "Note")


def _figure(word: WordDocument, block: Block, marks: Bookmarks) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Emu

    holder = word.add_paragraph()
    holder.alignment = WD_ALIGN_PARAGRAPH.CENTER
    holder.paragraph_format.keep_with_next = True
    stream = io.BytesIO(base64.b64decode(block["png"]))
    picture = holder.add_run().add_picture(stream, width=Cm(TEXT_CM))
    ratio = min(1.0, max(SMALLEST, Cm(TALLEST_CM) / picture.height))
    picture.width, picture.height = (
        Emu(int(picture.width * ratio)),
        Emu(int(picture.height * ratio)),
    )
    describe_picture(picture, block["number"], safe_text(block["alt"]))
    caption = _caption(word, block, marks)
    caption.paragraph_format.keep_with_next = bool(block["note"])
    if block["note"]:
        _say(word, block["note"], "Note")


WRITERS: dict[str, Callable[[Any, Block, Bookmarks], None]] = {
    "text": _text,
    "fill": _fill,
    "statement": _statement,
    "list": _list,
    "summary": _summary,
    "figures": _figures,
    "section": _section,
    "notes": _notes,
    "terms": _terms,
    "figure": _figure,
    "table": _table,
}
