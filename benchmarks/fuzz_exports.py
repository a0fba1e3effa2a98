"""Cases of the fuzz run that begin with an export: import it, and hold it to another reading."""

from __future__ import annotations

import functools
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.damage import damage_book, damage_bytes, damage_cells, damage_text
from benchmarks.fuzz_seeds import Case, Grid, unchecked, write_book, write_text
from cakra_analysis.identifiers import LONG, MAIL
from cakra_analysis.intake import (
    Imported,
    Suggestion,
    answer_questions,
    import_survey,
    suggest_mapping,
)
from tests.exports.make import FOLDER
from tests.exports.reference import expect, fold, read_grids
from tests.exports.result import people_of, read_back

HERE = FOLDER.parent
CHECKED = "read to check or link rows"
TEXTS = (".csv", ".tsv", ".txt")


@functools.cache
def expectations() -> dict[str, dict[str, Any]]:
    os.environ.setdefault("CAKRA_KEY", bytes(range(32)).hex())
    return tomllib.loads((HERE / "expected.toml").read_text("utf-8"))


@functools.cache
def plan_of(name: str) -> dict[str, Any]:
    return tomllib.loads(mapping_of(name).read_text("utf-8"))


def mapping_of(name: str) -> Path:
    return HERE / "mappings" / f"{Path(name).stem}.toml"


@functools.cache
def grids_of(name: str) -> dict[str, Grid]:
    return read_grids(FOLDER / name, merged=False)


def choose(rng: Random, *endings: str) -> str:
    said = expectations()
    return rng.choice([n for n in said if "refused" not in said[n] and n.endswith(endings)])


def text_cells(rng: Random, folder: Path) -> Case:
    name = choose(rng, *TEXTS)
    grid = [list(row) for row in grids_of(name)[""]]
    done = damage_cells(rng, grid)
    grid[:] = [[str(value) for value in row] for row in grid]
    file = folder / name
    write_text(grid, file, separator=rng.choice(",;\t"))
    return Case(
        "export, cells of a text file", name, done, importing(name, file), holding(name, grid)
    )


def book_cells(rng: Random, folder: Path) -> Case:
    name = choose(rng, ".xlsx")
    grids = {title: [list(row) for row in grid] for title, grid in grids_of(name).items()}
    sheet = expectations()[name].get("sheet") or next(iter(grids))
    done = damage_cells(rng, grids[sheet])
    file = folder / name
    write_book(grids, file)
    return Case(
        "export, cells of a workbook",
        name,
        done,
        importing(name, file),
        holding(name, grids[sheet]),
    )


def text_bytes(rng: Random, folder: Path) -> Case:
    name = choose(rng, *TEXTS)
    damage = rng.choice([damage_bytes, damage_text])
    content, done = damage(rng, (FOLDER / name).read_bytes())
    return _bytes(name, folder, content, done, "export, bytes of a text file")


def book_bytes(rng: Random, folder: Path) -> Case:
    name = choose(rng, ".xlsx")
    damage = rng.choice([damage_bytes, damage_book, damage_book])
    content, done = damage(rng, (FOLDER / name).read_bytes())
    return _bytes(name, folder, content, done, "export, parts of a workbook")


def _bytes(name: str, folder: Path, content: bytes, done: str, kind: str) -> Case:
    file = folder / name
    file.write_bytes(content)
    return Case(kind, name, [done], importing(name, file), unchecked)


def mapping_bytes(rng: Random, folder: Path) -> Case:
    """The export is whole, the mapping is not."""
    name = choose(rng, *TEXTS)
    content, done = damage_bytes(rng, mapping_of(name).read_bytes())
    file = folder / "mapping.toml"
    file.write_bytes(content)
    return Case(
        "mapping, bytes", name, [done], lambda: import_survey(file, FOLDER / name), unchecked
    )


def proposal(rng: Random, folder: Path) -> Case:
    """A mapping is proposed for a damaged export."""
    made = rng.choice([text_cells, book_cells, text_bytes, book_bytes])(rng, folder)
    file = folder / made.source
    return Case("export, a mapping is proposed", made.source, made.damage,
                lambda: suggest_mapping(file), check_proposal)  # fmt: skip


def check_proposal(proposed: Suggestion) -> str:
    """A proposal is TOML, asks what it leaves open, and names nobody."""
    try:
        tomllib.loads(proposed.text)
    except tomllib.TOMLDecodeError as error:
        return f"no TOML: {error}"
    if LONG.search(proposed.text) or MAIL.search(proposed.text):
        return "a person is named"
    answers = {q.key: q.answers[0] if q.answers else "2026" for q in proposed.questions}
    left = tomllib.loads(answer_questions(proposed.text, answers))
    return "a question is not listed" if '"?"' in str(left) else ""


def importing(name: str, file: Path) -> Callable[[], Imported]:
    return lambda: import_survey(mapping_of(name), file)


def holding(name: str, grid: Grid) -> Callable[[Imported], str]:
    return lambda result: compare_import(name, grid, result)


def compare_import(name: str, grid: Grid, result: Imported) -> str:
    """Hold an import to what ``expect`` makes of the same cells; say what differs, or nothing."""
    plan = plan_of(name)
    header = find_header(grid, plan)
    if not header:
        return "no header, and a result"
    cut = {int(row) for row in result.cut["row"]}
    want = expect(
        grid, plan, header=header, cut=cut, left_out=set(result.left_out.index), fill=True
    )
    if len(want.kept) != len(people_of(result)):
        return f"{len(want.kept)} rows count, {len(people_of(result))} persons"
    place = {row: number for number, row in enumerate(want.kept)}
    levels = {
        (place[row], want.items[column][1], fold(want.items[column][0])): level
        for (row, column), level in want.levels.items()
    }
    if not plan.get("repeats") and levels != (got := read_back(result)):
        return f"levels differ: {sorted(set(levels.items()) ^ set(got.items()))[:4]}"
    counted = {what: n for what, n in result.cells.items() if what != "in rows cut off"}
    no_date = int(result.unplaced["reason"].str.startswith("no date").sum())
    counted["could not be placed"] -= no_date  # read to check, and found to be none
    counted[CHECKED] = counted.get(CHECKED, 0) + no_date
    counted = {what: n for what, n in counted.items() if n}
    if not plan.get("repeats") and counted != dict(want.classes):
        return f"cells: {counted} and not {dict(want.classes)}"
    return ""


def find_header(grid: Grid, plan: dict[str, Any]) -> list[int]:
    given = plan.get("header")
    if given:
        return [given] if isinstance(given, int) else list(given)
    person = fold(plan["person"]["column"])
    found = (n for n, row in enumerate(grid, start=1) if person in map(fold, row))
    return [row] if (row := next(found, 0)) else []


CASES: dict[str, tuple[int, Callable[[Random, Path], Case]]] = {
    "text_cells": (24, text_cells),
    "book_cells": (16, book_cells),
    "text_bytes": (10, text_bytes),
    "book_bytes": (10, book_bytes),
    "mapping_bytes": (4, mapping_bytes),
    "proposal": (12, proposal),
}
