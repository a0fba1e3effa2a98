"""What an import must make of a file, worked out again, cell by cell, without the library's code.

Only the mapping is read as the library reads it: which columns it means, and which level is which
text. The file itself is read here with ``csv`` and ``openpyxl``.
"""

from __future__ import annotations

import csv
import functools
import io
import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

Grid = list[list[Any]]
Cell = tuple[int, int]  # row and column as a spreadsheet counts them, from 1
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
YES = {"1", "true", "y"}
NO = {"0", "false", "n", ""}


@functools.cache
def read_grids(file: Path, *, merged: bool = True) -> dict[str, Grid]:
    """Every sheet of a file as rows of values; a text file is one sheet without a name.

    ``merged``: a merged cell counts for every cell that it covers, not only for the first.
    """
    if file.suffix.lower() in (".csv", ".tsv", ".txt"):
        return {"": read_text(file.read_bytes())}
    shown, written = load_workbook(file, data_only=True), load_workbook(file)
    return {s.title: _values(s, written[s.title], merged=merged) for s in shown.worksheets}


def read_text(content: bytes) -> Grid:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _values(shown: Worksheet, written: Worksheet, *, merged: bool) -> Grid:
    rows = [[cell.value for cell in row] for row in shown.iter_rows()]
    for row, formulas in zip(rows, written.iter_rows(), strict=True):
        for place, cell in enumerate(formulas):
            if row[place] is None and cell.data_type == "f":
                row[place] = cell.value
    for area in shown.merged_cells.ranges if merged else []:
        value = rows[area.min_row - 1][area.min_col - 1]
        for row in rows[area.min_row - 1 : area.max_row]:
            row[area.min_col - 1 : area.max_col] = [value] * (area.max_col - area.min_col + 1)
    return rows


def text_of(value: Any) -> str:
    """A cell as one line; blank where there is nothing to see."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(UNSEEN.sub("", str(value)).split())


def fold(value: Any) -> str:
    return text_of(value).casefold()


@dataclass
class Expected:
    """What must become of a sheet.

    ``classes`` counts cells as the account must; ``levels`` are those of the grids by cell,
    ``items`` what each column of a grid asks: its name and what it becomes; ``ticks`` the options
    that somebody chose, by row and column, and ``wrong`` the cells that must be reported.
    """

    kept: list[int]
    classes: Counter[str] = field(default_factory=Counter)
    levels: dict[Cell, int] = field(default_factory=dict)
    items: dict[int, tuple[str, str]] = field(default_factory=dict)
    ticks: dict[Cell, set[str]] = field(default_factory=dict)
    wrong: set[Cell] = field(default_factory=set)


def name_headers(grid: Grid, header: list[int], *, fill: bool = False) -> list[str]:
    """The headers; those of several rows are joined from above, each text once.

    ``fill``: no cells are merged, so that a text counts for the blank ones right of it.
    """
    width = max(map(len, grid))
    rows = [[text_of(value) for value in grid[row - 1]] for row in header]
    rows = [row + [""] * (width - len(row)) for row in rows]
    for upper, lower in itertools.pairwise(rows) if fill else ():
        for column in range(1, width):
            if not upper[column] and lower[column]:
                upper[column] = upper[column - 1]
    names = [list(dict.fromkeys(filter(None, above))) for above in zip(*rows, strict=True)]
    return [": ".join(part.rstrip(" :") for part in parts) if len(header) > 1 else "".join(parts)
            for parts in names]  # fmt: skip


def expect(
    grid: Grid,
    plan: dict[str, Any],
    *,
    header: list[int],
    cut: set[int],
    left_out: set[int],
    fill: bool = False,
) -> Expected:
    """Say what must become of each cell below the header.

    Parameters
    ----------
    grid : list of list
        The sheet.
    plan : dict
        The mapping, as TOML has it.
    header, cut, left_out : list of int, set of int, set of int
        Rows of the header, rows that are no answers, and rows that do not count.
    fill : bool
        As ``name_headers`` takes it.
    """
    names = name_headers(grid, header, fill=fill)
    role = _roles(names, plan)
    rows = {
        number: row
        for number, row in enumerate(grid, start=1)
        if number > header[-1] and number not in cut and any(map(text_of, row))
    }
    out = Expected([number for number in rows if number not in left_out])
    for column, what in role.items():
        if what[0] == "grid":
            out.items[column] = what[2], what[1]["becomes"]
    for number, row in rows.items():
        for column, what in role.items():
            value = row[column - 1] if column <= len(row) else ""
            said = _class(out, (number, column), value, what, left=number in left_out)
            out.classes[said] += 1
    return out


def expect_repeat(
    grid: Grid, repeat: dict[str, Any], plan: dict[str, Any], owners: dict[str, int]
) -> tuple[Counter[str], dict[tuple[int, str, str], int], set[Cell]]:
    """Say what must become of a repeated group, by the place of the person each row belongs to.

    Returns
    -------
    tuple
        Cells by class, levels by person, what was asked and item, and cells to be reported.
    """
    names = [text_of(value) for value in grid[0]]
    parent, item = names.index(repeat.get("parent", "_parent_index")), names.index(repeat["item"])
    asks = {names.index(asked["column"]): asked for asked in repeat["asks"]}
    classes: Counter[str] = Counter()
    levels: dict[tuple[int, str, str], int] = {}
    wrong: set[Cell] = set()
    for number, row in enumerate(grid[1:], start=2):
        owner = owners.get(text_of(row[parent]))
        what = fold(repeat.get("names", {}).get(text_of(row[item]), text_of(row[item])))
        for column, value in enumerate(row):
            asked = asks.get(column)
            level = find_level(value, plan["scales"][asked["scale"]]["levels"]) if asked else None
            if not text_of(value):
                said = "blank"
            elif column == parent:
                said = "read to check or link rows"
            elif column in (item, *asks):
                good = owner is not None and (column == item or level is not None)
                said = "placed" if good else "could not be placed"
                if not good:
                    wrong.add((number, column + 1))
                if good and asked and owner is not None and level is not None:
                    levels[owner, asked["becomes"], what] = level
            else:
                ignored = fold(names[column]) in map(fold, repeat.get("ignore", []))
                said = "under ignored headers" if ignored else "under headers not used"
            classes[said] += 1
    return classes, levels, wrong


def _roles(names: list[str], plan: dict[str, Any]) -> dict[int, tuple[Any, ...]]:
    """What each column is, by its number; columns without a name hold nothing."""
    used = [plan["person"].get("column"), plan.get("group", {}).get("column")]
    times = plan.get("times", {})
    checked = [times.get("start"), times.get("end"), plan.get("complete")]
    checked += [plan.get("review", {}).get("column")]
    checked += [repeat.get("index", "_index") for repeat in plan.get("repeats", [])]
    role: dict[int, tuple[Any, ...]] = {}
    for column, name in enumerate(names, start=1):
        bare = fold(name)
        if not bare:
            continue
        if bare in map(fold, filter(None, used)):
            role[column] = ("used",)
        elif bare == fold(plan.get("unit", {}).get("column")):
            role[column] = ("unit", plan["unit"])
        elif bare in map(fold, plan.get("ignore", [])):
            role[column] = ("under ignored headers",)
        elif bare in map(fold, filter(None, checked)):
            role[column] = ("read to check or link rows",)
        else:
            role[column] = _grid(name, plan) or _choice(name, plan) or ("under headers not used",)
    return role


def _grid(name: str, plan: dict[str, Any]) -> tuple[Any, ...] | None:
    for grid in plan.get("grids", []):
        start = grid.get("starts_with", "")
        listed = fold(name) in map(fold, grid.get("columns", []))
        if listed or (start and fold(name).startswith(fold(start))):
            item = name[len(text_of(start)) :].strip(" .:[]/_>-")
            item = item.split(grid["until"])[0] if grid.get("until") else item
            return "grid", grid, item.strip(), plan["scales"][grid["scale"]]["levels"]
    return None


def _choice(name: str, plan: dict[str, Any]) -> tuple[Any, ...] | None:
    for choice in plan.get("choices", []):
        options = choice["options"]
        options = options if isinstance(options, dict) else {option: option for option in options}
        if choice.get("column") and fold(choice["column"]) == fold(name):
            return "choice", choice, options
        start = choice.get("starts_with")
        if start and fold(name).startswith(fold(start)):
            one = fold(name[len(text_of(start)) :].strip(" .:[]/_>-"))
            known = {said: meant for said, meant in options.items() if fold(said) == one}
            return "option", choice, known
    return None


def _class(out: Expected, cell: Cell, value: Any, what: tuple[Any, ...], *, left: bool) -> str:
    if not text_of(value):
        return "blank"
    if len(what) == 1 and what[0] != "used":
        return str(what[0])
    if left:
        out.wrong.add(cell)
        return "could not be placed"
    placed = what[0] == "used"
    if what[0] == "unit":
        values = what[1].get("values", {})
        placed = not values or bool(what[1].get("other")) or fold(value) in map(fold, values)
    elif what[0] == "grid":
        level = find_level(value, what[3])
        placed = level is not None
        if level is not None:
            out.levels[cell] = level
    elif what[0] == "choice":
        taken, rest = _split(text_of(value), what[2], what[1].get("joined_by", ", ").strip() or " ")
        if taken or not rest:
            out.ticks[cell] = taken
        placed = not rest
        if taken and rest:
            out.wrong.add(cell)
            return "placed in part"
    elif what[0] == "option":
        placed = bool(what[2]) and fold(value) in YES | NO
        if placed:
            out.ticks[cell] = set(what[2].values()) if fold(value) in YES else set()
    if not placed:
        out.wrong.add(cell)
    return "placed" if placed else "could not be placed"


def find_level(value: Any, levels: dict[str, int]) -> int | None:
    """The level of an answer; 4,0 and 4.00 say 4, and 4.000 may say anything."""
    known = {fold(text): level for text, level in levels.items()}
    whole = re.sub(r"^(\d)[.,]0{1,2}$", r"\1", fold(value))
    return known.get(fold(value), known.get(whole))


def _split(text: str, options: dict[str, str], joined_by: str) -> tuple[set[str], str]:
    """Take out the options, the longest first; what stands between separators must be gone."""
    taken = set()
    for option in sorted(options, key=len, reverse=True):
        edge = r"\s" if joined_by == " " else re.escape(joined_by)
        whole = rf"(?:(?<={edge})|^)\s*{re.escape(text_of(option))}\s*(?={edge}|$)"
        text, times = re.subn(whole, "", text, flags=re.IGNORECASE)
        if times:
            taken.add(options[option])
    return taken, text.replace(joined_by, "").strip()
