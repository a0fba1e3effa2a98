"""Data that several tests share, made once a session."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.dataset import Dataset
from cakra_analysis.load import load
from cakra_analysis.report import pool
from cakra_analysis.report.preloads import NAMED
from cakra_analysis.synthetic import make_region
from tests.sizes import THOROUGH

ROOT = Path(__file__).parent.parent
REGION = ROOT / "data" / "cakranegara"
SIB = ROOT.parent / "shared" / "data" / "sib-2026" / "survey.xlsx"


# Paper takes longest to make, so it is made where a test reads it.
PAPER = ["02.CKR.id", "01.CKR.id", "01.KEL-11.id", "04.CKR.id"]  # the longest first
PAGES = [*PAPER, "00.CKR.id", "00.CKR.en", "01.CKR.en", "03.CKR.id", "04.CKR.en", "05.CKR.id"]
if THOROUGH:
    PAPER += ["00.CKR.en", "03.CKR.id"]
    PAGES += ["01.KEL-11.en", "02.CKR.en", "03.CKR.en", "05.CKR.en"]


def write_plan(folder: Path) -> Path:
    """A plan of every kind of report, for the bundled region."""
    names = {file.stem[:2]: file.stem for file in (ROOT / "notebooks").glob("0*.ipynb")}
    lines = [f'data = "{REGION}"', 'settings = "settings.toml"', f'notebooks = "{ROOT}/notebooks"']
    for page in PAGES:
        number, unit, lang = page.split(".")
        lines += ["[[report]]", f'notebook = "{names[number]}"', f'units = ["{unit}"]']
        lines += [f'languages = ["{lang}"]', 'audience = "internal"' if number == "00" else ""]
        lines += ['formats = ["pdf", "xlsx"]' if page in PAPER else 'formats = ["xlsx"]']
    plan = folder / "plan.toml"
    plan.write_text("\n".join(lines))
    return plan


def pytest_configure() -> None:
    """One thread for a worker's linear algebra: with more they wait for each other's cores."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # Builds of one test process share a server, so it holds what any of them needs.
    pool.find_needed = lambda _: [*NAMED]


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


def pytest_collection_finish() -> None:
    """The objects of libraries and tests stay to the end: the collector need not walk them."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Libraries say goodbye to their objects as ever."""
    gc.unfreeze()


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
    rules = (ROOT / "settings.toml").read_text()
    for kept, quicker in (("draws = 12", "draws = 2"), ("searched = 4", "searched = 1"),
                          ("seconds = 20", "seconds = 4")):  # fmt: skip
        assert rules.count(kept) == 1
        rules = rules.replace(kept, quicker)
    (folder / "settings.toml").write_text(rules)
    assert main(["report", str(write_plan(folder)), "--to", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of localhost that nobody vouches for, in one file."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("certificate")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout k -out c"
    )
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command.split(), *names], cwd=folder, check=True, capture_output=True)
    (folder / "both").write_text((folder / "k").read_text() + (folder / "c").read_text())
    return folder / "both"


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
