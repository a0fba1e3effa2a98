"""Why a cell of an export was not placed, and how many cells became what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from cakra_analysis.intake.answers import Answers
from cakra_analysis.intake.columns import Columns
from cakra_analysis.intake.export import Export
from cakra_analysis.intake.parts import Mapping
from cakra_analysis.intake.repeats import Repeated
from cakra_analysis.privacy import mask_text

CLASSES = [
    "placed",
    "blank",
    "could not be placed",
    "under ignored headers",
    "under headers not used",
]
NOW_AND_THEN = ["placed in part", "read to check or link rows", "in rows cut off"]


@dataclass(frozen=True)
class Why:
    """Why cells were not placed.

    Attributes
    ----------
    reasons : DataFrame
        By row and column; missing where a cell was placed or is not ours to place.
    values : DataFrame
        Same shape: what was not placed of the cell.
    partly : DataFrame
        Same shape: whether the rest of the cell was placed.
    """

    reasons: pd.DataFrame
    values: pd.DataFrame
    partly: pd.DataFrame


def explain(
    plan: Mapping,
    export: Export,
    columns: Columns,
    answers: Answers,
    left_out: pd.Series,
    times: tuple[pd.Series | None, pd.Series | None],
) -> Why:
    """Say why cells were not placed.

    Parameters
    ----------
    plan : Mapping
        Which columns are times.
    export : Export
        The export.
    columns : Columns
        Which column is which.
    answers : Answers
        What was read.
    left_out : Series
        Why a row does not count.
    times : tuple of Series or None
        When a row was begun and sent.

    Returns
    -------
    Why
        Of the columns that are used or checked.
    """
    texts = export.texts
    ours = [*columns.used, *columns.checked]
    reasons = pd.DataFrame(index=texts.index, columns=ours, dtype="str")
    values = texts[ours].copy()
    partly = pd.DataFrame(False, index=texts.index, columns=ours)
    levels = answers.grid_levels
    scales = zip(answers.grid_items["column"], answers.grid_items["scale_id"], strict=True)
    for column, scale in scales:
        wrong = levels.index[levels[column].isna() & texts.loc[levels.index, column].notna()]
        reasons.loc[wrong, column] = f"no such answer in scale {scale}"
    for chosen in answers.chosen:
        some = chosen.levels.notna().any(axis=1)
        for column, rest in chosen.rests.items():
            reasons.loc[rest.index, column] = "not among the options"
            values.loc[rest.index, column] = rest
            partly.loc[rest.index, column] = some[rest.index] & (len(chosen.rests) == 1)
    if plan.times:
        for time in times:
            if time is not None:
                wrong = time.index[time.isna() & texts[time.name].notna()]
                reasons.loc[wrong, time.name] = f"no date, {plan.times.dates}"
    for row, reason in left_out.items():
        reasons.loc[row, columns.used] = f"left out: {reason}"
        partly.loc[row] = False
    return Why(reasons, values, partly)


def list_unplaced(export: Export, columns: Columns, answers: Answers, why: Why) -> pd.DataFrame:
    """List every cell that holds something and has a reason not to be placed, row by row.

    Parameters
    ----------
    export : Export
        The export.
    columns : Columns
        Which column tells the person.
    answers : Answers
        What was read of repeated groups.
    why : Why
        Reasons.

    Returns
    -------
    DataFrame
        row, column (of a repeated group with its sheet before it), value, reason. Anything may have
        been typed into a cell, so values are masked, and the person's not shown.
    """
    table = _lengthen(why.values, why.reasons)
    shown = show_values(table["value"]).where(table["column"] != columns.person, "…")
    tables = [table.assign(value=shown.astype("str"))]
    for sheet, repeated in answers.repeated.items():
        more = _lengthen(export.repeats[sheet].texts, repeated.reasons)
        named = f"{sheet}: " + more["column"].astype("str")
        tables.append(more.assign(column=named, value=show_values(more["value"])))
    return pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True)


def _lengthen(texts: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    cells = {"value": texts[list(reasons)], "reason": reasons}
    long = [
        frame.rename_axis("row").melt(var_name="column", value_name=name, ignore_index=False)
        for name, frame in cells.items()
    ]
    table = long[0].assign(reason=long[1]["reason"]).dropna().reset_index()
    return table.sort_values("row", kind="stable", ignore_index=True)


def show_values(values: pd.Series) -> pd.Series:
    """Return answers as an account may show them.

    Parameters
    ----------
    values : Series
        Text.

    Returns
    -------
    Series
        Masked; what is nothing but invisible stays an answer.
    """
    masked = mask_text(values)
    return masked.mask((masked == "") & (values != ""), "…")


def count_cells(export: Export, columns: Columns, answers: Answers, why: Why) -> dict[str, int]:
    """Count cells by what became of them; each cell is in one class, as it has one label.

    Parameters
    ----------
    export : Export
        The export and its repeated groups.
    columns : Columns
        Which column is which.
    answers : Answers
        What was read of repeated groups.
    why : Why
        Reasons.

    Returns
    -------
    dict of str to int
        They add up to all cells below the header, rows with nothing in them not counted, and those
        that hold something in rows that were cut off.
    """
    label = _label(export, columns.ignored, columns.unused, columns.checked, why.reasons)
    label[list(why.partly)] = label[list(why.partly)].mask(why.partly, NOW_AND_THEN[0])
    labels = [label.where(export.texts.notna(), "blank")]
    cut = [export.cut]
    for sheet, part in answers.repeated.items():
        labels.append(_label_repeat(export.repeats[sheet], part))
        cut.append(export.repeats[sheet].cut)
    found = Counter(text for part in labels for text in part.to_numpy().ravel().tolist())
    counts = {name: found[name] for name in [*CLASSES, *NOW_AND_THEN]}
    counts[NOW_AND_THEN[-1]] = int(sum(part["cells"].sum() for part in cut))
    return {name: n for name, n in counts.items() if n or name in CLASSES}


def _label_repeat(sheet: Export, part: Repeated) -> pd.DataFrame:
    label = _label(sheet, part.ignored, part.unused, part.links, part.reasons)
    return label.where(sheet.texts.notna(), "blank")


def _label(
    export: Export,
    ignored: list[str],
    unused: list[str],
    checked: list[str],
    reasons: pd.DataFrame,
) -> pd.DataFrame:
    texts = export.texts
    label = pd.DataFrame("placed", index=texts.index, columns=texts.columns, dtype="str")
    label[checked] = NOW_AND_THEN[1]
    label[ignored] = "under ignored headers"
    label[unused] = "under headers not used"
    label[list(reasons)] = label[list(reasons)].where(reasons.isna(), "could not be placed")
    return label
