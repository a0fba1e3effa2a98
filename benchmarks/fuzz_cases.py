"""Cases of the fuzz run: a damaged file, what is done with it, and what must hold afterwards."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

from benchmarks.damage import damage_book, damage_bytes, damage_cells, damage_text
from benchmarks.fuzz_seeds import (
    COURSES,
    NEEDS,
    Case,
    Grid,
    clean,
    read_tiny,
    unchecked,
    write_book,
    write_csv,
    write_text,
)
from cakra_analysis.contracts import contracts
from cakra_analysis.dataset import KEPT, Dataset
from cakra_analysis.load import load


@functools.cache
def tiny(name: str) -> dict[str, pd.DataFrame]:
    return read_tiny({"needs": NEEDS, "courses": COURSES}[name])


def as_grid(table: pd.DataFrame) -> Grid:
    return [list(table.columns), *table.to_numpy().tolist()]


def folder_cells(rng: Random, folder: Path) -> Case:
    name = rng.choice(["needs", "needs", "courses"])
    tables = tiny(name)
    write_csv(tables, folder)
    table = rng.choice(["ratings", *tables])
    grid = as_grid(tables[table])
    done = damage_cells(rng, grid)
    grid[:] = [[str(value) for value in row] for row in grid]
    write_text(grid, folder / f"{table}.csv", separator=rng.choice(",,;\t"))
    return Case(
        "data set, cells of a CSV file",
        f"{name}/{table}",
        done,
        lambda: load(folder),
        lambda result: compare_table(result, table, grid),
    )


def folder_bytes(rng: Random, folder: Path) -> Case:
    name = rng.choice(["needs", "needs", "courses"])
    tables = tiny(name)
    write_csv(tables, folder)
    table = rng.choice(["ratings", *tables])
    file = folder / f"{table}.csv"
    if rng.random() < 0.2:
        file.unlink()
        file = folder / f"{table}.parquet"
        tables[table].to_parquet(file)
        content, done = damage_bytes(rng, file.read_bytes())
    else:
        damage = rng.choice([damage_bytes, damage_text])
        content, done = damage(rng, file.read_bytes())
    file.write_bytes(content)
    return Case(
        "data set, bytes of a file", f"{name}/{table}", [done], lambda: load(folder), unchecked
    )


def book_cells(rng: Random, folder: Path) -> Case:
    tables = tiny("needs")
    grids = {name: as_grid(table) for name, table in tables.items()}
    table = rng.choice(["ratings", *tables])
    done = damage_cells(rng, grids[table])
    write_book(grids, folder / "data.xlsx")
    return Case(
        "data set, cells of a workbook",
        f"needs/{table}",
        done,
        lambda: load(folder / "data.xlsx"),
        lambda result: compare_table(result, table, grids[table]),
    )


@functools.cache
def whole_book() -> bytes:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        file = Path(name) / "data.xlsx"
        write_book({table: as_grid(frame) for table, frame in tiny("needs").items()}, file)
        return file.read_bytes()


def book_bytes(rng: Random, folder: Path) -> Case:
    damage = rng.choice([damage_bytes, damage_book, damage_book, damage_book])
    content, done = damage(rng, whole_book())
    (folder / "data.xlsx").write_bytes(content)
    return Case(
        "data set, parts of a workbook",
        "needs",
        [done],
        lambda: load(folder / "data.xlsx"),
        unchecked,
    )


def compare_table(result: Dataset, name: str, grid: Grid) -> str:
    """Hold each row that was kept to the row of the file it comes from."""
    if name not in result.tables:
        filled = any(clean(value) for row in grid[1:] for value in row)
        return "the table is gone" if filled else ""
    header = [clean(value) for value in grid[0]]
    problems = result.problems[result.problems["table"] == name]
    aside = set(problems.loc[~problems["rule"].isin(KEPT), "row"])
    rows = {number: [clean(value) for value in row] for number, row in enumerate(grid[1:], start=2)}
    kept = [row for number, row in rows.items() if any(row) and number not in aside]
    table, columns = result.tables[name], contracts()[name].columns.values()
    defaults = {column.name: column.default for column in columns if column.default}
    if len(kept) != len(table):
        return f"{len(kept)} rows were not set aside, {len(table)} are there"
    for column in table:
        if column not in header:
            continue
        place = header.index(column)
        for row, value in zip(kept, table[column], strict=True):
            said = (row[place] if place < len(row) else "") or defaults.get(column, "")
            if not same(value, said):
                return f'{column}: "{said}" became "{value}"'
    return ""


def same(value: Any, said: str) -> bool:
    """Whether a value is what a cell says."""
    if pd.isna(value):
        return said == ""
    if isinstance(value, int | float):
        try:
            return float(said.replace(",", ".")) == value
        except ValueError:
            return False
    return said.lstrip("'`") == str(value)


CASES: dict[str, tuple[int, Callable[[Random, Path], Case]]] = {
    "folder_cells": (8, folder_cells),
    "folder_bytes": (6, folder_bytes),
    "book_cells": (4, book_cells),
    "book_bytes": (6, book_bytes),
}
