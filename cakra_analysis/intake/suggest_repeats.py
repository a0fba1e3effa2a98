"""Repeated groups of an export: which column is the item, and what is asked of it."""

from __future__ import annotations

import pandas as pd

from cakra_analysis.intake.export import tidy_export
from cakra_analysis.intake.recognise import Recognised
from cakra_analysis.intake.repeats import find_nested
from cakra_analysis.intake.shape import shape_sheet
from cakra_analysis.intake.suggest_draft import MIDDLE, ask_line, is_personal, write_line
from cakra_analysis.intake.suggest_headers import find_ask
from cakra_analysis.intake.suggest_parts import write_scale
from cakra_analysis.intake.suggest_scales import Fit, fit_scale
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.vocabulary import known_scales
from cakra_analysis.intake.xlsform import Form

PARENT, INDEX = "_parent_index", "_index"
MOST_ITEMS = 60
RATED = ("level", "need")


def suggest_repeats(
    found: Recognised, texts: pd.DataFrame, form: Form
) -> tuple[list[list[str]], list[tuple[str, list[str]]]]:
    """Propose the repeated groups of an export.

    Parameters
    ----------
    found : Recognised
        Its other sheets.
    texts : DataFrame
        The main sheet.
    form : Form
        Labels and options.

    Returns
    -------
    tuple of list of list of str and list of tuple
        Lines by group; and code and what it becomes, of each column with answers.
    """
    parts: list[list[str]] = []
    kinds: list[tuple[str, list[str]]] = []
    if not any(fold(header) == INDEX for header in texts):
        return parts, kinds
    for name, sheet in found.others.items():
        if not any(fold(text) == PARENT for row in sheet.rows[:3] for text in row):
            continue
        code, rows = f"R{len(parts) + 1}", tidy_export(shape_sheet(sheet)).texts
        if find_nested(rows, found.others).notna().any():
            continue  # its rows name rows of another group, and not persons
        lines, asked = _suggest_one(name, rows, form, code)
        if asked:
            parts.append(lines)
            kinds += [(code, becomes) for becomes in asked]
    return parts, kinds


def _suggest_one(
    name: str, texts: pd.DataFrame, form: Form, code: str
) -> tuple[list[str], list[list[str]]]:
    asks: dict[str, tuple[list[str], Fit]] = {}
    for column in texts:
        fit = fit_scale(texts[column])
        shipped = fit.scales or fit.near
        by_scale = known_scales()[shipped[0]].asks if shipped else ""
        said = find_ask(f"{form.label(column)} {column.split('/')[-1]}") or (by_scale,)
        becomes = [ask for ask in said if ask in RATED]
        if fit and becomes and becomes not in [b for b, _ in asks.values()] and len(asks) < 2:
            asks[column] = (becomes, fit)
    left = [c for c in texts if c not in asks and not fold(c).startswith("_")]
    items = [c for c in left if 1 <= texts[c].nunique() <= MOST_ITEMS and texts[c].notna().any()]
    if not asks or not items:
        return [], []
    item = items[0]
    codes = form.options.get(form.one.get(item.split("/")[-1], ""), {})
    lines = [
        "# A repeated group: a row of its sheet is one item of the person whose row it names.",
        "[[repeats]]",
        write_line("sheet", name),
        write_line("item", item, "the column of words beside the answers", MIDDLE),
        write_line("code", code),
    ]
    used = {code: label for code, label in codes.items() if not is_personal(label)}
    if used:
        lines.append(write_line("names", used, "labels of the form"))
    others = [c for c in texts if c not in asks and c != item and fold(c) != PARENT]
    if others:
        lines.append(write_line("ignore", others, "it only links the sheets, or is not used"))
    for column, (becomes, fit) in asks.items():
        own = f"own_{code}_{becomes[0]}"
        lines += ["[[repeats.asks]]", write_line("column", column), _write_becomes(becomes)]
        if len(fit.scales) > 1:
            lines.append(ask_line("scale", fit.scales, "all answers are on each"))
        else:
            lines.append(write_line("scale", fit.scales[0] if fit.scales else own))
            lines = [*(write_scale(own, fit) if fit.own else []), *lines]
    return lines, [becomes for becomes, _ in asks.values()]


def _write_becomes(becomes: list[str]) -> str:
    if len(becomes) > 1:
        return ask_line("becomes", becomes, "its header says both")
    return write_line("becomes", becomes[0], "by its words", MIDDLE)
