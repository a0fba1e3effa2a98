"""Four choices, and the chart and table they lead to."""

from __future__ import annotations

import functools
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

from cakra_analysis import charts, needs
from cakra_analysis.contracts import list_allowed
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import CakraError, refuse_unknown
from cakra_analysis.explorer.gaps import publish_gaps
from cakra_analysis.privacy import Published
from cakra_analysis.report import Page
from cakra_analysis.settings import AUDIENCES, Settings
from cakra_analysis.words import label

if TYPE_CHECKING:
    from ipywidgets import VBox

GROUPS = {"manajerial": "manajerial", "sosial kultural": "sosial_kultural", "teknis": "teknis",
          "pemerintahan": "pemerintahan"}  # fmt: skip
ALL = ""  # every group


def explore(
    tables: Dataset,
    *,
    unit: str = "",
    audience: str = "internal",
    lang: str = "id",
    settings: Settings | None = None,
) -> VBox:
    """Return lists to choose unit, group of competencies, cycle and readers from, and the gaps.

    Parameters
    ----------
    tables : Dataset
        The input tables.
    unit : str
        Chosen at first; empty for the unit at the top.
    audience : str
        Chosen at first.
    lang : str
        Of labels, chart and table, ``id`` or ``en``.
    settings : Settings, optional
        Weights of raters and thresholds; the defaults if missing.

    Returns
    -------
    VBox
        Four lists, which take the arrow keys, above the chart and the table. Everything shown has
        been published for the chosen readers.

    Raises
    ------
    AnalysisError
        When the unit or the audience is unknown.
    """
    from ipywidgets import HTML, Box, Dropdown, Layout, VBox

    refuse_unknown("unit", unit or tables.root, tables["units"]["unit_id"])
    refuse_unknown("audience", audience, AUDIENCES)
    choices = _list_choices(tables, lang)
    first = {"unit": unit or tables.root, "audience": audience, "cycle": tables.latest}
    picks = {
        name: Dropdown(
            options=options,
            value=first.get(name, ALL),
            description=label(f"explorer.{name}", lang),
            style={"description_width": "8.5em"},
            layout=Layout(width="26em"),
        )
        for name, options in choices.items()
    }
    shown = HTML()
    publish = functools.cache(functools.partial(publish_gaps, tables, settings=settings))

    def draw(_: Any = None) -> None:
        chosen = {name: pick.value for name, pick in picks.items()}
        shown.value = _draw(tables, publish, lang=lang, settings=settings or Settings(), **chosen)

    for pick in picks.values():
        pick.observe(draw, "value")
    draw()
    lists = Box([*picks.values()], layout=Layout(flex_flow="row wrap"))
    return VBox([lists, shown]).add_class("cakra-explorer")


def _list_choices(tables: Dataset, lang: str) -> dict[str, list[tuple[str, str]]]:
    """What each list offers: text and value."""
    units = tables["units"]
    depth = needs.ancestors(units).groupby("unit_id")["steps"].max()
    given = set(tables["competencies"]["group"])
    groups = [g for g in list_allowed("competencies", "group") if g in given]
    pairs = zip(units["unit_id"], units["name"], strict=True)
    return {
        "unit": [(f"{'· ' * depth[code]}{name}", code) for code, name in pairs],
        "group": [(label("explorer.all", lang), ALL)]
        + [(label(f"explorer.group_name.{GROUPS[g]}", lang), g) for g in groups],
        "cycle": [(cycle, cycle) for cycle in reversed(tables.cycles)],
        "audience": [(label(f"audience.{a}", lang), a) for a in AUDIENCES],
    }


def _draw(
    tables: Dataset,
    publish: Callable[..., Published],
    *,
    unit: str,
    group: str,
    cycle: str,
    audience: str,
    lang: str,
    settings: Settings,
) -> str:
    """Chart and table as a report shows them; or why there is nothing to see."""
    try:
        gaps = publish(cycle=cycle, audience=audience)
    except CakraError as error:
        return f'<p role="status">{escape(str(error))}</p>'
    items = tables["competencies"]
    codes = items.loc[items["group"].eq(group) | (group == ALL), "competency_id"]
    own = gaps.of_units(unit).of_items(*codes).largest_first("value")
    if own.table["suppressed"].all():
        told = label("explorer.nothing", lang, threshold=gaps.threshold)
        return f'<p role="status">{escape(told)}</p>'
    words: dict[str, Any] = {"confidence": settings.gap.confidence, **tables.words(lang)}
    need = settings.gap.need_from
    page = Page(lang, definition=tables.gap_definition, need_from=need, **words)
    style = needs.gap_style(tables.gap_definition)
    from_level = {"gap": settings.gap.below_from, "need": settings.gap.need_from}[style]
    told = charts.describe_gaps(own.table, lang=lang, item=page.words["item"])
    chart = page.figure(charts.plot_gaps, own, caption=page.text(f"caption.{style}s"), alt=told)
    caption = page.text(f"caption.{style}s_table", from_level=from_level)
    table = page.table(own, needs.GAP_COLUMNS[style], caption=caption)
    return f'<p role="status">{escape(told)}</p>{chart.shown}{table.shown}'
