"""Lists of contents, tables and figures of a Word document, readable before Word updates them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cakra_analysis.report.chapters_html import Line, list_contents, list_numbered
from cakra_analysis.report.outline import Document
from cakra_analysis.report.sheet_cells import safe_text
from cakra_analysis.report.word_fields import add_bookmark, add_field, close_field, open_field
from cakra_analysis.words import label

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph


class Bookmarks:
    """Names of the places that the lists lead to."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, anchor: str) -> str:
        """Return the bookmark's name for a place, the same each time."""
        return self._names.setdefault(anchor, f"_Toc{1_000_000 + len(self._names)}")

    def set(self, paragraph: Paragraph, anchor: str) -> None:
        """Put the bookmark of a place around a paragraph."""
        name = self.name(anchor)
        add_bookmark(paragraph, name, int(name.removeprefix("_Toc")))


def write_contents(word: WordDocument, document: Document, marks: Bookmarks) -> None:
    r"""Write the lists of contents, tables and figures at the end of a document.

    Parameters
    ----------
    word : Document
        Of python-docx.
    document : Document
        The report.
    marks : Bookmarks
        Of its chapters, parts, tables and figures.
    """
    lang = document.lang
    contents = list_contents(document)
    _write_list(word, label("laporan.contents", lang), r'TOC \o "1-2" \u', contents, marks)
    for kind in ("table", "figure"):
        lines = list_numbered(document, kind)
        word_of_kind = label(f"laporan.word.{kind}", lang)
        head = label(f"laporan.{kind}s", lang)
        if lines:
            _write_list(word, head, rf'TOC \c "{word_of_kind}"', lines, marks, "table of figures")


def _write_list(
    word: WordDocument,
    head: str,
    code: str,
    lines: Sequence[Line],
    marks: Bookmarks,
    style: str = "",
) -> None:
    """A heading and a field whose cached result is one line an entry, its page a field too."""
    word.add_paragraph(head, style="TOC Heading")
    for number, line in enumerate(lines):
        entry = word.add_paragraph(style=style or f"toc {line.level}")
        if number == 0:
            open_field(entry, code, stale=True)
        entry.add_run(f"{safe_text(line.text)}\t")
        add_field(entry, f"PAGEREF {marks.name(line.anchor)}", "")
        if number == len(lines) - 1:
            close_field(entry)
