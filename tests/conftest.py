"""Data that several tests share, made once a session."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.dataset import Dataset
from cakra_analysis.load import load
from cakra_analysis.synthetic import make_region

ROOT = Path(__file__).parent.parent
REGION = ROOT / "data" / "cakranegara"
SIB = ROOT.parent / "shared" / "data" / "sib-2026" / "survey.xlsx"


PLAN = f"""
data = "{ROOT}/data/cakranegara"
settings = "settings.toml"
notebooks = "{ROOT}/notebooks"
[[report]]
notebook = "00_data_check"
units = "root"
languages = ["id", "en"]
audience = "internal"
[[report]]
notebook = "01_needs"
units = ["CKR", "KEL-11"]
languages = ["id", "en"]
[[report]]
notebook = "02_design"
units = "root"
languages = ["id", "en"]
[[report]]
notebook = "03_implementation"
units = "root"
languages = ["id", "en"]
[[report]]
notebook = "04_evaluation"
units = "root"
languages = ["id", "en"]
[[report]]
notebook = "05_improvement"
units = "root"
languages = ["id"]
"""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of a group on one worker, so that what they share is made once.

    xdist 3.8 writes the group into an attribute that pytest 9.2 no longer reads.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        groups = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})
        if groups and "@" not in item.nodeid:
            item._id = type(item._id).parse(f"{item.nodeid}@{'_'.join(groups)}")


@pytest.fixture(scope="session")
def region() -> Dataset:
    return load(REGION)


@pytest.fixture(scope="session")
def small():
    return make_region(7, staff=150, cycles=1, mistakes=False)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of report, built once; tests that use it carry ``xdist_group("built")``."""
    from cakra_analysis.cli import main

    folder = tmp_path_factory.mktemp("reports")
    (folder / "plan.toml").write_text(PLAN)
    rules = (ROOT / "settings.toml").read_text().replace("draws = 12", "draws = 2")  # quicker
    rules = rules.replace("searched = 4", "searched = 1")
    (folder / "settings.toml").write_text(rules)
    assert main(["report", str(folder / "plan.toml"), "--to", str(folder)]) == 0
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A tiny data set that keeps every rule; tests break one thing in it."""
    tables = {
        "about": [["key", "value"], ["population", "listed"]],
        "units": [["unit_id", "parent_id", "name"], ["R", "", "Region"], ["A", "R", "Unit A"]],
        "positions": [["position_id", "name", "job_class"], ["P", "Lurah", "Pengawas"]],
        "staff": [
            ["staff_id", "unit_id", "position_id", "sex"],
            ["P-AAAAAAAAAAA2", "A", "P", "male"],
            ["P-BBBBBBBBBBB3", "A", "P", "female"],
        ],
        "competencies": [
            ["competency_id", "name_id", "name_en", "group"],
            ["M.1", "Integritas", "Integrity", "manajerial"],
        ],
        "standards": [["position_id", "competency_id", "required_level"], ["P", "M.1", "2"]],
        "ratings": [
            ["staff_id", "competency_id", "cycle", "source", "level"],
            ["P-AAAAAAAAAAA2", "M.1", "2026", "self", "2"],
            ["P-BBBBBBBBBBB3", "M.1", "2026", "self", "1"],
            ["P-BBBBBBBBBBB3", "M.1", "2026", "supervisor", ""],
        ],
    }
    for name, rows in tables.items():
        write_rows(tmp_path / f"{name}.csv", rows)
    return tmp_path


def write_rows(file: Path, rows: list[list[str]]) -> None:
    pd.DataFrame(rows[1:], columns=rows[0]).to_csv(file, index=False)


def edit(folder: Path, table: str, row: int, column: str, value: str) -> None:
    """Change one cell; ``row`` as the spreadsheet numbers it (the header is row 1)."""
    file = folder / f"{table}.csv"
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    frame.loc[row - 2, column] = value
    frame.to_csv(file, index=False)


def many_ratings(folder: Path) -> None:
    """Enough staff that one rating is a rare one."""
    staff = [f"N{number:03}" for number in range(150)]
    columns = ["staff_id", "unit_id", "position_id", "sex"]
    write_rows(folder / "staff.csv", [columns, *[[s, "A", "P", "male"] for s in staff]])
    columns = ["staff_id", "competency_id", "cycle", "source", "level"]
    rows = [[s, "M.1", "2026", "self", "2"] for s in staff]
    write_rows(folder / "ratings.csv", [columns, *rows])
