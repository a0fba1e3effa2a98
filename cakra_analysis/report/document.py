"""An official report as a Word document, which an agency edits before it signs."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cakra_analysis.report.chapters_html import join
from cakra_analysis.report.outline import FRONT, Chapter, Document
from cakra_analysis.report.sheet_cells import safe_text
from cakra_analysis.report.signature import Signature, write_signature
from cakra_analysis.report.word_blocks import order_for_paper, write_word_block
from cakra_analysis.report.word_contents import Bookmarks, write_contents
from cakra_analysis.report.word_fields import add_field, number_pages
from cakra_analysis.report.word_styles import LOCALES, prepare, set_paper
from cakra_analysis.settings import ReportSettings
from cakra_analysis.words import write_day

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

SIGNATURE_CM = 8.5  # from the left margin
SIGNING_POINTS = 54  # room for a signature and a stamp


def write_docx(
    document: Document, *, lang: str, when: datetime, report_settings: ReportSettings
) -> bytes:
    """Write an official report as a Word document.

    Parameters
    ----------
    document : Document
        From ``arrange``.
    lang : str
        ``id`` or ``en``.
    when : datetime
        Moment of the build, with its zone.
    report_settings : ReportSettings
        Agency and signature.

    Returns
    -------
    bytes
        A .docx file. Headings are Word's own; captions and lists of contents are fields, which
        Word works out again; what comes from data is plain text.
    """
    import docx

    word = docx.Document()
    prepare(word, lang)
    marks = Bookmarks()
    signature = write_signature(report_settings, when, lang)
    _write_cover(word, document, report_settings.agency, write_day(when, lang))
    for number, chapter in enumerate(document.chapters):
        if chapter.form == FRONT:
            _write_chapter(word, chapter, number, marks, signature)
    write_contents(word, document, marks)
    _begin_body(word)
    for number, chapter in enumerate(document.chapters):
        if chapter.form != FRONT:
            _write_chapter(word, chapter, number, marks, signature)
    _write_feet(word, document)
    _clean(word, document, when)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _write_cover(word: WordDocument, document: Document, agency: str, day: str) -> None:
    from docx.shared import Pt

    word.add_paragraph(document.title, style="Title")
    for fact in document.facts:
        word.add_paragraph(safe_text(fact), style="Subtitle")
    last = [line for line in (agency, day) if line]
    lines = [word.add_paragraph(safe_text(line), style="Subtitle") for line in last]
    lines[0].paragraph_format.space_before = Pt(220)
    word.add_page_break()


def _write_chapter(
    word: WordDocument, chapter: Chapter, number: int, marks: Bookmarks, signature: Signature
) -> None:
    head = word.add_paragraph(join(chapter.mark, chapter.head), style="Heading 1")
    marks.set(head, f"c-{number}")
    for at, part in enumerate(chapter.parts):
        if part.head:
            marks.set(
                word.add_paragraph(join(part.mark, part.head), style="Heading 2"),
                f"c-{number}-{at}",
            )
        level = 3 if part.head else 2
        for block in order_for_paper(part.blocks):
            write_word_block(word, {**block, "level": level}, marks)
        if part.signed:
            _sign(word, signature)


def _sign(word: WordDocument, signature: Signature) -> None:
    from docx.shared import Cm, Pt

    before = word.paragraphs[-1]
    lines = [
        word.add_paragraph(safe_text(line)) for line in (signature.place_and_day, signature.title)
    ]
    name = word.add_paragraph()
    name.add_run(safe_text(signature.name)).bold = True
    for line in (*lines, name):
        line.paragraph_format.left_indent = Cm(SIGNATURE_CM)
        line.paragraph_format.keep_with_next = line is not name
        line.paragraph_format.space_after = Pt(0)
    before.paragraph_format.keep_with_next = True
    lines[0].paragraph_format.space_before = Pt(24)
    name.paragraph_format.space_before = Pt(SIGNING_POINTS)


def _begin_body(word: WordDocument) -> None:
    from docx.enum.section import WD_SECTION

    set_paper(word.add_section(WD_SECTION.NEW_PAGE))


def _write_feet(word: WordDocument, document: Document) -> None:
    """What and whom at the foot on the left, the page on the right; none on the cover."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    front, body = word.sections
    front.different_first_page_header_footer = True
    body.different_first_page_header_footer = False
    for at, (section, form) in enumerate(((front, "lowerRoman"), (body, "decimal"))):
        section.footer.is_linked_to_previous = False
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot.add_run(safe_text(" · ".join(document.facts[:2])) + " · ")
        add_field(foot, "PAGE", "1")
        number_pages(word, at, form)


def _clean(word: WordDocument, document: Document, when: datetime) -> None:
    """Properties that name no person and no program's template."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    about = word.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = about.subject = ""
    about.title = safe_text(" · ".join((document.title, *document.facts[:2])))[:255]
    about.language = LOCALES[document.lang]
    about.created = about.modified = when.astimezone(UTC).replace(tzinfo=None)
    package = word.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]
