"""The server holds what the notebooks of a plan use, and nothing that only others use."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cakra_analysis.report.preloads import NAMED, find_needed, list_modules
from cakra_analysis.report.run import Run
from tests.conftest import ROOT
from tests.sizes import thorough


def needed(name: str, *formats: str, **parameters: str) -> set[str]:
    return set(
        find_needed([Run(ROOT / f"notebooks/{name}.ipynb", parameters, "x", formats=formats)])
    )


def test_each_stage_brings_its_own() -> None:
    assert needed("01_needs", "xlsx") == {"charts", "needs", "xlsx"}
    assert {"implementation", "year_plan", "pdf"} <= needed("03_implementation", "pdf")
    assert {"charts", "design", "evaluation", "improvement", "year"} <= needed("05_improvement")
    assert "docx" not in needed("01_needs", "docx")
    assert "docx" in needed("01_needs", "docx", outline="laporan")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "there"), [("[]", "False False"), pytest.param("null", "True True", marks=thorough)]
)
def test_a_server_holds_what_is_asked_for(asked: str, there: str) -> None:
    code = (
        "import cakra_analysis.report.preloaded, sys\n"
        "print('weasyprint' in sys.modules, 'statsmodels' in sys.modules)"
    )
    own = {**os.environ, "CAKRA_PRELOAD": asked}
    done = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True)
    assert done.stdout.strip() == there, done.stderr


def test_every_module_is_one() -> None:
    from importlib.util import find_spec

    assert [name for name in list_modules(NAMED) if find_spec(name) is None] == []
