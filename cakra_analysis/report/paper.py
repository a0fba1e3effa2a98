"""Charts on paper: taken out of a page, made to fit the sheets, put back."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

SHEET_WIDTH = 176.0  # mm between the margins
MOST_HEIGHT = 190.0  # mm of a chart, so that heading and caption fit the same sheet
STEP = 0.95  # a smaller one would lay the document out again and again
LEAST_SCALE = 0.65  # letters of 9 points become 6
MOST_EMPTY = 0.3  # of a sheet
SLACK = 3.0  # mm

CHART = re.compile(
    r'<div class="wide" role="img" aria-label="([^"]*)">(<svg .*?</svg>)\s*</div>'
    r'<div class="narrow" .*?</svg>\s*</div>',
    re.DOTALL,
)
BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class Chart:
    """A drawing and how large it stands on paper.

    Attributes
    ----------
    svg : str
        The drawing.
    alt : str
        The drawing in words, escaped.
    width, height : float
        Its proportions.
    scale : float
        Share of the sheet's width.
    later : bool
        Whether the table behind it goes first; a table can be broken, a chart cannot.
    """

    svg: str
    alt: str
    width: float
    height: float
    scale: float = 1.0
    later: bool = False


@dataclass(frozen=True)
class Sheet:
    """What was measured of a laid-out page, in mm.

    Attributes
    ----------
    height : float
        Between the margins.
    empty : float
        Free space at the foot.
    chart : int
        Number of the first chart, when only headings and text of its section stand above; -1: none.
    needed : float
        From the top to the end of that chart's caption.
    """

    height: float
    empty: float
    chart: int = -1
    needed: float = 0.0


def take_charts(html: str) -> tuple[str, list[Chart]]:
    """Take the charts out of a page.

    Parameters
    ----------
    html : str
        A page with every chart in two widths.

    Returns
    -------
    tuple
        The page with ``<!--chart N-->`` in their places, and the charts for wide paper.
    """
    charts: list[Chart] = []

    def keep(found: re.Match[str]) -> str:
        box = BOX.search(found[2])
        width, height = (float(box[1]), float(box[2])) if box else (16.0, 9.0)
        tallest = MOST_HEIGHT * width / (height * SHEET_WIDTH)
        charts.append(Chart(found[2], found[1], width, height, min(1.0, tallest)))
        return f"<!--chart {len(charts) - 1}-->"

    return CHART.sub(keep, html), charts


def put_charts(html: str, charts: Sequence[Chart]) -> str:
    """Put charts back at their sizes.

    Parameters
    ----------
    html : str
        From ``take_charts``.
    charts : sequence of Chart
        In the order of the page.

    Returns
    -------
    str
        The page; each chart carries its number and its words, which a tagged PDF reads out.
    """

    def put(found: re.Match[str]) -> str:
        chart = charts[int(found[1])]
        inner = chart.svg.split(">", 1)[1]
        size = f'viewBox="0 0 {chart.width} {chart.height}" style="width:{chart.scale:.1%}"'
        head = f'<svg data-chart="{found[1]}" xmlns="http://www.w3.org/2000/svg" {size}>'
        return f'<div class="paper">{head}<title>{chart.alt}</title>{inner}</div>'

    return re.sub(r"<!--chart (\d+)-->", put, _set_order(html, charts))


def _set_order(html: str, charts: Sequence[Chart]) -> str:
    """Swap charts that go later with the tables behind them; every block is one line."""
    lines = html.split("\n")
    for i, (line, following) in enumerate(itertools.pairwise(lines)):
        found = re.search(r"<!--chart (\d+)-->", line)
        if found and charts[int(found[1])].later and following.startswith('<figure class="table'):
            lines[i : i + 2] = [following, line]
    return "\n".join(lines)


def fit_charts(sheets: Sequence[Sheet], charts: Sequence[Chart]) -> Mapping[int, Chart]:
    """Return the charts that must change so that no sheet is left too empty.

    Parameters
    ----------
    sheets : sequence of Sheet
        Of the whole document as laid out.
    charts : sequence of Chart
        At their present sizes.

    Returns
    -------
    mapping of int to Chart
        At most one chart, by its number: small enough for the sheet before it, or behind the table
        that follows it; none when all is well or nothing more can be done. What follows moves, so
        the document is laid out again.

    Examples
    --------
    >>> chart = Chart("", "", 16.0, 9.0)
    >>> fitted = fit_charts([Sheet(260, 100), Sheet(260, 20, 0, 115)], [chart])
    >>> round(fitted[0].scale, 2)
    0.82
    >>> fit_charts([Sheet(260, 100), Sheet(260, 20, 0, 160)], [chart])[0].later
    True
    >>> fit_charts([Sheet(260, 60), Sheet(260, 20, 0, 115)], [chart])
    {}
    """
    for sheet, after in itertools.pairwise(sheets):
        if sheet.empty <= MOST_EMPTY * sheet.height or after.chart < 0:
            continue
        chart = charts[after.chart]
        tall = SHEET_WIDTH * chart.scale * chart.height / chart.width
        scale = chart.scale * min((tall - (after.needed - sheet.empty) - SLACK) / tall, STEP)
        if scale >= LEAST_SCALE:
            return {after.chart: replace(chart, scale=scale)}
        if not chart.later:
            return {after.chart: replace(chart, later=True)}
    return {}
