"""Notebooks of others, in the class they should be: ``python -m benchmarks.foreign FOLDER ...``.

A folder is the unpacked source package of papermill, or of jupyter-scheduler. Nothing of them is
copied into this project: only which of their notebooks run, fail, or are refused before a start.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cakra_analysis.errors import PlanError, RunError
from cakra_analysis.report.execute import execute
from cakra_analysis.report.parameters import check_parameters
from cakra_analysis.report.run import Run

OK, FAILED, REFUSED = "ok", "failed", "refused"
SAID = {"msg": "hello"}
# Parameters that are passed, if any; the class; and why.
PAPERMILL: dict[str, tuple[Mapping[str, Any] | None, str, str]] = {
    "blank-vscode": (None, OK, "nothing in it"),
    "broken": (None, FAILED, "Python 2"),
    "broken1": (None, FAILED, "an assertion"),
    "broken2": (None, FAILED, "an error shown as a picture of itself"),
    "complex_parameters": ({"a": 1.5}, REFUSED, "its parameters cell is no Python"),
    "gcs-simple_notebook": (None, OK, "what would crash its kernel is a comment"),
    "keyboard_interrupt": (None, FAILED, "it takes longer than its limit"),
    "line_magic_error": (None, FAILED, "no such magic"),
    "nb_version_4.4": ({"var": 2}, OK, "an older format"),
    "nb_version_4.4 wrong type": ({"var": "2"}, REFUSED, "a text for a number"),
    "no_parameters": (None, OK, "no parameters"),
    "no_parameters given": (SAID, REFUSED, "no cell takes them; papermill only warns"),
    "notimplemented_translator": (SAID, REFUSED, "not for Python"),
    "read_check": (None, OK, "reads a file of its own folder"),
    "report_mode_test": ({"a": 2, "b": 3}, OK, "two numbers"),
    "result_no_exec": ({"foo": 2, "bar": "x"}, OK, "parameters only"),
    "s3-simple_notebook": (SAID, OK, "None takes any value"),
    "simple_execute": (SAID, OK, "None takes any value"),
    "simple_execute misspelt": ({"mgs": "hello"}, REFUSED, "papermill only warns"),
    "sysexit": (None, OK, "ends early, on purpose"),
    "sysexit0": (None, OK, "ends early, on purpose"),
    "sysexit1": (None, FAILED, "says that it failed"),
    "systemexit": (None, OK, "ends early, on purpose"),
    "test_autosave": (None, OK, "many outputs"),
    "test_logging": (None, FAILED, "needs a library that is not here"),
    "test_notebooknode_io": (None, OK, "prints"),
}
SCHEDULER: dict[str, tuple[Mapping[str, Any] | None, str, str]] = {
    "helloworld": (None, OK, "prints"),
    "helloworld-1": (None, OK, "prints"),
    "import-helloworld": (None, FAILED, "reads a file that is not there"),
    "side_effects": (None, OK, "writes a file"),
}
SECONDS = 20  # keyboard_interrupt sleeps for a minute


def classify(notebook: Path, given: Mapping[str, Any] | None) -> tuple[str, str]:
    """Run a notebook as the builder would; its class, and what was said."""
    try:
        if given is not None:
            check_parameters(notebook, given)
        execute(Run(notebook, dict(given or {}), notebook.stem, minutes=SECONDS / 60))
    except PlanError as error:
        return REFUSED, error.found
    except RunError as error:
        return FAILED, error.found
    return OK, ""


def check_folder(folder: Path) -> list[tuple[str, str, str, str]]:
    """Name, expected and found class, and what was said, of every notebook that is known."""
    found = []
    with tempfile.TemporaryDirectory() as copy:
        whole = Path(shutil.copytree(folder, Path(copy) / "source"))
        files = {path.stem: path for path in whole.rglob("*.ipynb")}
        for name, (given, expected, _) in {**PAPERMILL, **SCHEDULER}.items():
            if (stem := name.split()[0]) in files:
                files[stem].with_name("check.txt").touch()
                found.append((name, expected, *classify(files[stem], given)))
    return found


def main() -> None:
    for folder in sys.argv[1:]:
        rows = check_folder(Path(folder))
        for name, expected, got, said in rows:
            mark = "as it should" if got == expected else f"SHOULD BE {expected}"
            print(f"{got:<8} {name} ({mark}){': ' if said else ''}{said[:100]}")
        right = sum(expected == got for _, expected, got, _ in rows)
        print(f"{right} of {len(rows)} in the class they should be")


if __name__ == "__main__":
    main()
