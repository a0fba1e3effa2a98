"""A page as a document for print: A4, tagged, with bookmarks, nothing fetched from anywhere."""

from __future__ import annotations

import contextlib
import functools
import io
import logging
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from cakra_analysis.errors import PdfError
from cakra_analysis.report.paper import Sheet, fit_charts, put_charts, take_charts

MOST_ROUNDS = 12
PIXELS = 96 / 25.4  # a millimetre
INSTALL = (
    "On Debian or Ubuntu: apt-get install "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0"
)


def write_pdf(html: str) -> bytes:
    """Write a page as PDF.

    Parameters
    ----------
    html : str
        A rendered page, self-contained.

    Returns
    -------
    bytes
        PDF/UA-1; the same page gives the same bytes. Charts are drawings, made smaller where that
        keeps a sheet from standing half empty.

    Raises
    ------
    PdfError
        When Pango is missing on this machine.
    """
    weasyprint = load_weasyprint()
    page, charts = take_charts(html)
    for _ in range(MOST_ROUNDS):
        document = _lay_out(weasyprint, put_charts(page, charts))
        smaller = fit_charts(_measure(document), charts)
        if not smaller:
            break
        charts = [smaller.get(number, chart) for number, chart in enumerate(charts)]
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


def load_weasyprint() -> ModuleType:
    """Return WeasyPrint, or say how to install what it needs.

    Returns
    -------
    module
        WeasyPrint, which complains only about errors.

    Raises
    ------
    PdfError
        When it, or the library Pango that it draws text with, is missing.
    """
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it prints a banner of its own
            import weasyprint
    except (ImportError, OSError):
        raise PdfError("PDF needs the library Pango, which is missing here.", do=INSTALL) from None
    # The style sheet is a browser's too: what print does not know is no cause for a warning.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    return weasyprint


@functools.cache
def _typefaces() -> Any:
    """The typefaces, unpacked once a process."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _lay_out(weasyprint: ModuleType, html: str) -> Any:
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    source = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return source.render(font_config=_typefaces(), pdf_variant="pdf/ua-1")


def _measure(document: Any) -> list[Sheet]:
    return [_measure_sheet(page._page_box) for page in document.pages]


def _measure_sheet(page: Any) -> Sheet:
    """Free space at the foot, and what the first chart would need on the sheet before."""
    root, top = page.children[0], page.content_box_y()
    boxes = list(_walk(root))
    ends = [b.position_y + b.margin_height() for b in boxes if _is_seen(b)]
    empty = (top + page.height - max(ends, default=top)) / PIXELS
    sheet = Sheet(page.height / PIXELS, empty)
    for box in boxes:
        if box.element_tag == "figure":
            charts = [b for b in _walk(box) if _chart(b) >= 0]
            if not charts:
                return sheet
            needed = (box.position_y + box.margin_height() - top) / PIXELS
            return Sheet(sheet.height, empty, _chart(charts[0]), needed)
        if box.element_tag in ("table", "li", "summary"):
            return sheet
    return sheet


def _walk(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        yield from _walk(getattr(child, "_box", child))


def _is_seen(box: Any) -> bool:
    """Whether a box is ink by itself: a line of text, a drawing, a cell."""
    return type(box).__name__ in ("LineBox", "TableCellBox") or _chart(box) >= 0


def _chart(box: Any) -> int:
    if box.element is None or not str(box.element_tag).endswith("svg"):
        return -1
    return int(box.element.get("data-chart", -1))
