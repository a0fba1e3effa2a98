"""The tour as a newcomer meets it: JupyterLab in a real browser, with keys, without a network."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

from cakra_analysis.synthetic import make_region, write_region
from tests.conftest import ROOT

TOKEN = "known-to-this-test"
PATIENCE = 600_000  # milliseconds; a busy machine is slow

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed"),
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """What somebody has after cloning, with a smaller region so that it takes less time."""
    for name in ("notebooks/README.ipynb", "notebooks/01_needs.ipynb", "settings.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    write_region(make_region(7, staff=150, cycles=1), tmp_path / "data" / "cakranegara")
    return tmp_path


@contextmanager
def serve(place: Path) -> Iterator[str]:
    """JupyterLab on a free port, with nobody's own settings; its address is given."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(place / ".jupyter") for name in ("CONFIG", "DATA", "RUNTIME")}
    env = {**os.environ, **own, "IPYTHONDIR": str(place / ".ipython"), "PYTHONPATH": str(ROOT)}
    call = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    call += [f"--port={port}", f"--IdentityProvider.token={TOKEN}"]
    call += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with (place / "log").open("w") as log:
        lab = subprocess.Popen(call, cwd=place, env=env, stdout=log, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_for(f"{base}/api/status?token={TOKEN}", lab)
        yield base
    finally:
        lab.terminate()
        lab.wait(30)


def wait_for(address: str, lab: subprocess.Popen) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end and lab.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.3)
    pytest.fail("JupyterLab did not start")


@contextmanager
def visit(address: str) -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        path = shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 1000})
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        yield page
        browser.close()


def run_all(page, file: Path) -> list:
    """Run every cell by the menu; the code cells as JupyterLab saved them, results and all."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    last.filter(has_text=re.compile(r"\[\d+\]")).wait_for()
    page.keyboard.press("Control+s")
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        page.wait_for_timeout(500)
        cells = [c for c in nbformat.read(file, as_version=4).cells if c.cell_type == "code"]
        if cells[-1].execution_count:
            return cells
    return pytest.fail("JupyterLab did not save the tour")


def test_the_tour_runs_and_its_explorer_and_tables_answer(place: Path) -> None:
    asked: list[str] = []
    file = place / "notebooks" / "README.ipynb"
    with (
        serve(place) as base,
        visit(f"{base}/lab/tree/notebooks/README.ipynb?token={TOKEN}") as page,
    ):
        page.on("request", lambda request: asked.append(request.url))
        page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for()
        page.get_by_text("| Idle").wait_for()
        cells = run_all(page, file)
        outputs = [output for cell in cells for output in cell.outputs]
        assert all(cell.execution_count for cell in cells)
        assert [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"] == []
        change_unit_by_keyboard(page)
        sort_a_table(page)
    printed = "".join(o.text for o in outputs if o.output_type == "stream")
    assert "1 built" in printed and (place / "reports/tour/index.html").exists()
    assert "tour.xlsx: satu lembar" in printed and (place / "data/raw/tour.xlsx").exists()
    assert "table ratings is missing, or has no row" in printed  # of own data, not filled in yet
    assert [
        a for a in asked if not a.startswith((base, base.replace("http", "ws"), "data:", "blob:"))
    ] == []


def change_unit_by_keyboard(page) -> None:
    unit = page.get_by_label("Unit", exact=True)
    unit.scroll_into_view_if_needed()
    panel = page.locator(".widget-vbox").filter(has=unit).last
    before = read_panel(panel)
    unit.focus()
    page.keyboard.press("Home")  # the whole region
    end = time.monotonic() + PATIENCE / 1000
    while read_panel(panel)[0] == before[0] and time.monotonic() < end:
        page.wait_for_timeout(300)
    after = read_panel(panel)
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert "<svg" in after[1]
    assert unit.evaluate("list => document.activeElement === list")


def read_panel(panel) -> list[str]:
    """What the explorer says, draws and lists."""
    parts = (panel.get_by_role("status"), panel.locator(".cakra-figure"), panel.locator("tbody"))
    return [part.evaluate_all("found => found.map(e => e.innerHTML).join()") for part in parts]


def sort_a_table(page) -> None:
    table = page.locator("table.dataTable").filter(has_text="parent_id").first
    first = table.locator("tbody tr").first.locator("td").first
    table.scroll_into_view_if_needed()
    for _ in range(2):  # upwards, then downwards
        before = first.text_content()
        table.locator("thead [tabindex='0']").first.press("Enter")
        page.wait_for_timeout(300)
    assert first.text_content() != before
