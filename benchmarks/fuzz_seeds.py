"""What the fuzz run damages: the export files of the tests, and a dozen people of the region."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Grid = list[list[Any]]
# Written here again, so that a mistake there is not made here, too.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)

ROOT = Path(__file__).parent.parent
REGION = ROOT / "data" / "cakranegara"
NEEDS = ["about", "units", "positions", "staff", "competencies", "standards", "ratings"]
COURSES = [*NEEDS, "jp_conversion", "courses", "sessions", "attendance", "tests"]
WHOLE = {"about", "jp_conversion", "units", "positions", "competencies", "courses"}
PEOPLE, SESSIONS, ROWS = 12, 4, 20


@dataclass(frozen=True)
class Case:
    """One damaged file.

    ``run`` reads it; ``check`` says what is wrong with the result, or nothing.
    """

    kind: str
    source: str
    damage: list[str]
    run: Callable[[], Any]
    check: Callable[[Any], str]


def unchecked(_: Any) -> str:
    """Any result will do: nobody can say what the file should hold."""
    return ""


def read_tiny(names: list[str]) -> dict[str, pd.DataFrame]:
    """Tables of the bundled region, cut down to a dozen people, as text."""
    tables = {
        name: pd.read_csv(REGION / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in names
    }
    sessions = list(pd.read_csv(REGION / "sessions.csv", dtype=str)["session_id"][:SESSIONS])
    came = pd.read_csv(REGION / "attendance.csv", dtype=str)
    people = list(came[came["session_id"].isin(sessions)]["staff_id"].unique()[:PEOPLE])
    return {
        name: _cut(table, people, sessions).head(None if name in WHOLE else ROWS)
        for name, table in tables.items()
    }


def _cut(table: pd.DataFrame, people: list[str], sessions: list[str]) -> pd.DataFrame:
    for column, kept in (("staff_id", people), ("session_id", sessions)):
        if column in table:
            table = table[table[column].isin(kept)]
    for column in ("supervisor_id", "target_position_id"):
        if column in table:
            table = table.assign(**{column: ""})
    return table


def write_csv(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)


def clean(value: Any) -> str:
    """What a cell says, as the documents promise to read it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = UNSEEN.sub("", str(value).replace("\u00a0", " "))
    return text.strip()


def write_book(sheets: dict[str, Grid], file: Path) -> None:
    """A workbook of grids; what no cell of one can hold is taken out."""
    made = Workbook()
    made.remove(made.active)
    for title, grid in sheets.items():
        sheet = made.create_sheet(title)
        for row in grid:
            sheet.append([_fit(value) for value in row])
    made.save(file)


def _fit(value: Any) -> Any:
    if isinstance(value, str):
        return ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000] or None
    return value


def write_text(grid: Grid, file: Path, *, separator: str = ",") -> None:
    with file.open("w", encoding="utf-8", newline="", errors="replace") as stream:
        csv.writer(stream, delimiter=separator).writerows(grid)
