"""Paper, typeface and styles of an official report as a Word document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.styles.style import ParagraphStyle

# On every machine, or with a substitute of the same widths there.
TYPEFACE = "Arial"
INK, MUTE, TEAL, AMBER = "1D2B33", "566670", "0F6B6B", "6B4A00"
SHADE = {"fill": "FFF6E0", "head": "EEF2F2"}
MARGIN_CM, TEXT_CM = 2.5, 16.0
# A taller chart is made smaller, down to this share, so that it leaves less of a page empty.
TALLEST_CM, SMALLEST = 9.5, 0.7
LOCALES = {"id": "id-ID", "en": "en-GB"}

# name: points, bold, colour, space before and after in points
STYLES: dict[str, tuple[float, bool, str, float, float]] = {
    "Normal": (10.5, False, INK, 0, 6),
    "Title": (22, True, TEAL, 150, 18),
    "Subtitle": (13, False, INK, 0, 4),
    "Heading 1": (14, True, INK, 24, 12),
    "Heading 2": (11.5, True, INK, 16, 6),
    "Heading 3": (10.5, True, TEAL, 10, 2),
    "TOC Heading": (13, True, INK, 12, 6),
    "Caption": (9.5, False, INK, 8, 4),
    "List Bullet": (10.5, False, INK, 0, 3),
    "List Number": (10.5, False, INK, 0, 5),
    "Cell": (8.5, False, INK, 1, 1),
    "Note": (8.5, False, MUTE, 3, 10),
    "To Fill In": (10.5, False, AMBER, 4, 8),
    "toc 1": (9, True, INK, 2, 0),
    "toc 2": (9, False, INK, 0, 0),
    "table of figures": (9, False, INK, 0, 0),
}
CENTRED = ("Title", "Subtitle", "Heading 1", "TOC Heading", "Caption")
ENTRIES = ("toc 1", "toc 2", "table of figures")


def prepare(document: WordDocument, lang: str) -> None:
    """Set paper, margins, language and styles of an empty document.

    Parameters
    ----------
    document : Document
        Of python-docx, new.
    lang : str
        ``id`` or ``en``.
    """
    set_paper(document.sections[0])
    _set_language(document, LOCALES[lang])
    for name in STYLES:
        _set_style(document, name)


def set_paper(section: Any) -> None:
    """Make a section A4 with equal margins.

    Parameters
    ----------
    section : Section
        Of python-docx.
    """
    from docx.shared import Cm

    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Cm(MARGIN_CM))


def _set_language(document: WordDocument, locale: str) -> None:
    """The language of every run that names no other."""
    from docx.oxml.ns import qn

    for said in document.styles.element.iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia"):
            said.set(qn(name), locale)


def _set_style(document: WordDocument, name: str) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    if name not in [style.name for style in document.styles]:
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style: Any = document.styles[name]
    size, bold, colour, before, after = STYLES[name]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    _set_typeface(style)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.keep_with_next = name.startswith(("Heading", "TOC"))
    if name in CENTRED:
        layout.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if name in ("Heading 1", "TOC Heading"):
        style.font.all_caps = True
    if name in ENTRIES:
        layout.tab_stops.add_tab_stop(Cm(TEXT_CM), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        layout.left_indent = Cm(0.6 if name == "toc 2" else 0)
        layout.right_indent = Cm(0)
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        border.getparent().remove(border)  # the template draws a line below titles
    if name == "To Fill In":
        shade(style.element.get_or_add_pPr(), SHADE["fill"])


def _set_typeface(style: ParagraphStyle) -> None:
    """The typeface of all scripts; the template's theme would take others for headings."""
    from docx.oxml.ns import qn

    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(faces.attrib):
        del faces.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        faces.set(qn(f"w:{script}"), TYPEFACE)


def shade(properties: Any, colour: str) -> None:
    """Fill the background of a paragraph or cell.

    Parameters
    ----------
    properties : element
        ``w:pPr`` or ``w:tcPr``.
    colour : str
        Six hexadecimal digits.
    """
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    after = [
        qn(f"w:{n}")
        for n in ("tabs", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr")
    ]
    later = next((child for child in properties if child.tag in after), None)
    if later is None:
        properties.append(shading)
    else:
        later.addprevious(shading)
