"""What python-docx has no words for: fields, bookmarks, repeated header rows, alternative texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.shape import InlineShape
    from docx.table import _Row
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run


def add_field(paragraph: Paragraph, code: str, shown: str, *, bold: bool = False) -> None:
    r"""Add a field with what it shows until Word works it out again.

    Parameters
    ----------
    paragraph : Paragraph
        Gets it at its end.
    code : str
        Written by this library, never by data; for instance ``SEQ Tabel \s 1``.
    shown : str
        The cached result.
    bold : bool
        Whether the result is set in bold.
    """
    before = len(paragraph.runs)
    open_field(paragraph, code)
    paragraph.add_run(shown)
    close_field(paragraph)
    for run in paragraph.runs[before:]:
        run.bold = bold or None


def open_field(paragraph: Paragraph, code: str, *, stale: bool = False) -> None:
    """Begin a field whose cached result follows, in this paragraph or the next ones.

    Parameters
    ----------
    paragraph : Paragraph
        Gets the beginning at its end.
    code : str
        Written by this library, never by data.
    stale : bool
        Whether Word should work it out when it opens the document.
    """
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    begin = _mark(paragraph.add_run(), "begin")
    if stale:
        begin.set(qn("w:dirty"), "true")
    said = OxmlElement("w:instrText")
    said.set(qn("xml:space"), "preserve")
    said.text = f" {code} "
    paragraph.add_run()._r.append(said)
    _mark(paragraph.add_run(), "separate")


def close_field(paragraph: Paragraph) -> None:
    """End the field that was opened last.

    Parameters
    ----------
    paragraph : Paragraph
        Gets the end at its end.
    """
    _mark(paragraph.add_run(), "end")


def _mark(run: Run, kind: str):  # type: ignore[no-untyped-def]
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run._r.append(mark)
    return mark


def add_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Put a bookmark around what a paragraph holds so far.

    Parameters
    ----------
    paragraph : Paragraph
        With its text.
    name : str
        Letters, digits and underscores.
    number : int
        Of its own in the document.
    """
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    first = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(first, start)
    paragraph._p.append(end)


def repeat_header(row: _Row) -> None:
    """Repeat a row at the top of each page, and mark it as the table's header.

    Parameters
    ----------
    row : Row
        The first of a table.
    """
    _set_of_row(row, "w:tblHeader")


def keep_row(row: _Row) -> None:
    """Keep the lines of a row on one page.

    Parameters
    ----------
    row : Row
        Of a table.
    """
    _set_of_row(row, "w:cantSplit")


def _set_of_row(row: _Row, name: str) -> None:
    from docx.oxml.parser import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def describe_picture(picture: InlineShape, title: str, alt: str) -> None:
    """Give a picture its alternative text.

    Parameters
    ----------
    picture : InlineShape
        In the document.
    title, alt : str
        Its number, and what it shows in words.
    """
    said = picture._inline.docPr
    said.set("title", title)
    said.set("descr", alt)


def number_pages(document: WordDocument, section: int, form: str) -> None:
    """Start the page numbers of a section at one.

    Parameters
    ----------
    document : Document
        Of python-docx.
    section : int
        Which, from 0.
    form : str
        ``decimal`` or ``lowerRoman``.
    """
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:fmt"), form)
    numbers.set(qn("w:start"), "1")
    properties = document.sections[section]._sectPr
    before = [el for el in properties if el.tag in (qn("w:cols"), qn("w:titlePg"), qn("w:docGrid"))]
    if before:
        before[0].addprevious(numbers)
    else:
        properties.append(numbers)
