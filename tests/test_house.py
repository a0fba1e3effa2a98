"""The rules of the house: who imports whom, how long, how documented, what is pinned.

A rule is a function of a module's dotted name and its source that lists what breaks it, so that
every rule is also tried on a source that must fail.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import validate
from packaging.requirements import Requirement

from cakra_analysis.report.plan import read_plan

ROOT = Path(__file__).parent.parent
OURS = "cakra_analysis"
PACKAGE = ROOT / OURS

MOST_LINES = 250
MOST_FUNCTION_LINES = 40
VAGUE_NAMES = {"utils", "helpers", "common", "core", "base"}

STAGES = {"needs", "design", "implementation", "evaluation", "improvement", "brief"}
BASE = {"errors", "contracts", "settings"}
INPUT = {"files", "raw", "workbook", "sources", "cells", "references", "facts", "dataset", "load"}
INPUT |= {"coded", "typed", "database"}
# What every stage counts with: the tree of units, plain intervals, names beside codes, who served.
FOR_A_STAGE = {
    "errors",
    "results",
    "contracts",
    "settings",
    "privacy",
    "tree",
    "intervals",
    "names",
    "serving",
    "routes",
}

# Who may import whom; everybody may import from the own folder. cli stands in nobody's row.
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "errors": set(),
    "results": set(),
    "contracts": {"errors"},
    "limits": set(),
    "once": set(),
    "sections": set(),
    "settings": {"errors", "limits", "sections"},
    "tree": set(),
    "intervals": set(),
    "names": set(),
    "formulas": set(),
    "serving": set(),
    "routes": set(),
    "words": {"errors", "results"},
    "identifiers": set(),
    "privacy": {"errors", "results", "settings", "identifiers"},
    "coded": set(),
    "raw": BASE | {"coded"},
    "files": {"errors", "database"},
    "database": BASE | {"raw", "typed", "dataset"},
    "workbook": BASE | {"raw"},
    "typed": BASE | {"raw", "coded"},
    "sources": BASE | {"files", "raw", "workbook", "typed", "database"},
    "dataset": BASE,
    "cells": BASE | {"raw", "coded"},
    "references": BASE | {"cells"},
    "facts": BASE,
    "load": BASE | INPUT | {"identifiers"},
    "scan": BASE,
    "dictionary": BASE,
    "template": BASE | {"words"},
    "marked": BASE | {"dataset", "files", "raw", "sources", "words"},
    "arguments": set(),
    "intake": BASE | INPUT | {"identifiers", "privacy", "formulas"},
    "synthetic": BASE | INPUT,
    **dict.fromkeys(STAGES, FOR_A_STAGE),
    "charts": {"words"},
    "handover": {"errors", "tree", "formulas"},
    "audit": {"errors", "settings", "privacy", "results", "raw", "sources", "files", "database"},
    "report": BASE | INPUT | {"results", "privacy", "words", "audit", "once", "formulas"},
}
# Where the stages of planning meet, for the notebooks and for `cakra plan` alike.
MAY_IMPORT["year"] = FOR_A_STAGE | {"needs", "design", "dataset", "serving", "once"}
MAY_IMPORT["year_verdicts"] = FOR_A_STAGE | {"evaluation", "dataset", "once"}
MAY_IMPORT["year_evidence"] = FOR_A_STAGE | {"needs", "improvement", "dataset", "year_verdicts"}
MAY_IMPORT["year_effects"] = FOR_A_STAGE | {"improvement", "dataset", "year_evidence"}
MAY_IMPORT["year"] |= {"year_effects", "evaluation", "improvement"}
MAY_IMPORT["year_problem"] = MAY_IMPORT["year"] | {"year"}
MAY_IMPORT["year_information"] = MAY_IMPORT["year"] | {
    "year",
    "year_evidence",
    "evaluation",
    "improvement",
}
MAY_IMPORT["year_plan"] = MAY_IMPORT["year"] | {"year", "year_problem", "implementation"}
MAY_IMPORT["year_trend"] = FOR_A_STAGE | {"needs", "improvement", "dataset"}
MAY_IMPORT["year_cells"] = MAY_IMPORT["year_trend"]
MAY_IMPORT["notices"] = {"errors", "words"}
MAY_IMPORT["schedule"] = {"errors", "report", "notices"}  # report: only to check a plan's keys
# For notebooks only: stages, charts and pages meet behind lists to choose from.
MAY_IMPORT["explorer"] = FOR_A_STAGE | {"needs", "charts", "dataset", "report", "words"}
# Where all stages meet: a region that lives through several cycles.
MAY_IMPORT["cycles"] = FOR_A_STAGE | (STAGES - {"brief", "implementation"}) | {"synthetic"}
PLANNING = {"year", "year_plan", "year_evidence", "design", "implementation", "handover"}
FILLED_IN = {"template", "marked", "intake", "formulas"}
MAY_IMPORT["console"] = BASE | INPUT | PLANNING | FILLED_IN | {"results", "report", "notices"}
MAY_IMPORT["console"] |= {"cycles", "charts", "words"}  # the figure of `cakra cycle --demo`
MAY_IMPORT["cli"] = set(MAY_IMPORT) - {"__main__"}

# One home for each heavy library; of two entries that fit an import the longer one counts.
HOMES: dict[str, set[str]] = {
    "papermill": {"report"},
    "nbclient": {"report"},
    "nbconvert": {"report"},
    "matplotlib": {"charts", "report.blocks"},  # blocks writes the SVG
    "matplotlib.axes": {"charts", "report.blocks", "report.page"},  # page needs the type only
    "seaborn": {"charts"},
    "sklearn": {"needs.segments", "evaluation.propensity", "evaluation.comments"},
    "statsmodels": {"evaluation"},
    "ortools": {"design", "implementation.timetable_model", "implementation.timetable_solve"},
    "pandera": {"contracts", "load"},
    # cover only names the type of what it fills
    "weasyprint": {"report.pdf"},
    "openpyxl": {
        "workbook",
        "template",
        "marked",
        "handover.plan_book",
        *(f"report.{m}" for m in ("sheets", "sheet", "sheet_cells", "cover")),
    },
    "ipywidgets": {"explorer"},
    "itables": {"explorer"},
    "icalendar": {"handover.calendar_file"},
    "duckdb": {"scan", "database.duck"},
    "sqlalchemy": {"database.alchemy", "database.copied"},  # copied names a type only
    "pydantic": {"intake.mapping", "intake.parts"},
    "rapidfuzz": {"intake"},
    "pypdf": {"audit.portable"},
    "apprise": {"notices.services"},
    "docx": {
        "report.document",
        "report.word_blocks",
        "report.word_contents",
        "report.word_fields",
        "report.word_styles",
        "report.word_tables",
    },
}
SLOW = {"pandas", "numpy", "scipy", *(name for name in HOMES if "." not in name)}

# What numpydoc's own checks must not find.
OF_A_METHOD = {"GL06", "GL07", "GL08", "SS01", "PR02"}
OF_A_FUNCTION = OF_A_METHOD | {"PR01", "PR03", "PR04", "PR07", "RT01", "RT03", "YD01"}

CONDA_NAMES = {
    "tzdata": "python-tzdata",
    "ortools": "ortools-python",
}  # conda's own tzdata holds no Python module

# In pieces, so that this file does not hold what it forbids.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted",
    "npm" + "js.",
    "deb." + "debian",
    "ana" + "conda.org",
]

Rule = Callable[[str, str], list[str]]


def sources() -> dict[str, str]:
    """Source by dotted name below the package: ``needs.gaps``, ``needs.__init__``, ``cli``."""
    files = sorted(PACKAGE.rglob("*.py"))
    names = [".".join(file.relative_to(PACKAGE).with_suffix("").parts) for file in files]
    return dict(zip(names, (file.read_text("utf-8") for file in files), strict=True))


def at(module: str, line: int, what: str) -> str:
    return f"{OURS}/{module.replace('.', '/')}.py:{line}: {what}"


def find_imports(module: str, source: str) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported, inside functions and by name too."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import():
                yield from ((node.lineno, alias.name) for alias in node.names)
            case ast.ImportFrom():
                here = [OURS, *module.split(".")][: -node.level] if node.level else []
                origin = ".".join([*here, *([node.module] if node.module else [])])
                yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)
            case ast.Call(args=[ast.Constant(value=str(name)), *_]):
                if ast.unparse(node.func).endswith(("import_module", "__import__")):
                    yield node.lineno, name


def check_imports_of_ours(module: str, source: str) -> list[str]:
    home = module.split(".")[0]
    if home not in MAY_IMPORT:
        return [at(module, 1, f"{home} has no row in MAY_IMPORT; design.md says what it may see")]
    allowed = MAY_IMPORT[home] | {home, "__version__"}
    ours = [(line, name) for line, name in find_imports(module, source) if is_in(name, OURS)]
    return [
        at(module, line, f"{home} may not import {name}")
        for line, name in ours
        if name != OURS and name.split(".")[1] not in allowed
    ]


def check_homes_of_libraries(module: str, source: str) -> list[str]:
    offenders = []
    for line, name in find_imports(module, source):
        entry = max((key for key in HOMES if is_in(name, key)), key=len, default="")
        if entry and not any(is_in(module, home) for home in HOMES[entry]):
            offenders.append(at(module, line, f"{name} belongs in {sorted(HOMES[entry])}"))
    return offenders


def is_in(name: str, parent: str) -> bool:
    return f"{name}.".startswith(f"{parent}.")


def check_length(module: str, source: str) -> list[str]:
    lines = len(source.splitlines())
    return [at(module, lines, f"{lines} lines")] if lines > MOST_LINES else []


def check_functions(module: str, source: str) -> list[str]:
    """A function's lines from ``def`` on, its docstring left out."""
    offenders = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            words = node.body[0] if ast.get_docstring(node) is not None else None
            said = words.end_lineno - words.lineno + 1 if words else 0
            lines = node.end_lineno - node.lineno + 1 - said
            if lines > MOST_FUNCTION_LINES:
                offenders.append(at(module, node.lineno, f"{node.name} has {lines} lines"))
    return offenders


def check_assert(module: str, source: str) -> list[str]:
    nodes = ast.walk(ast.parse(source))
    return [at(module, node.lineno, "assert") for node in nodes if isinstance(node, ast.Assert)]


def check_name(module: str, source: str) -> list[str]:
    vague = VAGUE_NAMES.intersection(module.split("."))
    return [at(module, 1, f"{name} says nothing; name the idea") for name in sorted(vague)]


def check_kwargs_of_charts(module: str, source: str) -> list[str]:
    nodes = ast.walk(ast.parse(source)) if is_in(module, "charts") else ()
    return [
        at(module, node.kwarg.lineno, f"**{node.kwarg.arg}")
        for node in nodes
        if isinstance(node, ast.arguments) and node.kwarg
    ]


RULES: list[Rule] = [
    check_imports_of_ours,
    check_homes_of_libraries,
    check_length,
    check_functions,
    check_assert,
    check_name,
    check_kwargs_of_charts,
]

BREAKS: list[tuple[Rule, str, str]] = [
    (check_imports_of_ours, "errors", "import cakra_analysis.results"),
    (check_imports_of_ours, "settings", "from cakra_analysis import contracts"),
    (check_imports_of_ours, "words.catalogue", "from cakra_analysis.settings import Settings"),
    (check_imports_of_ours, "privacy", "from cakra_analysis.words import say"),
    (check_imports_of_ours, "raw", "from .workbook import read_workbook"),
    (check_imports_of_ours, "load", "from cakra_analysis.words import say"),
    (check_imports_of_ours, "intake.survey", "from ..needs.gaps import score_gaps"),
    (check_imports_of_ours, "synthetic.region", "from cakra_analysis.needs import score_gaps"),
    (check_imports_of_ours, "design.portfolio", "def f():\n    from ..needs import gaps"),
    (check_imports_of_ours, "needs.__init__", "from .. import charts"),
    (check_imports_of_ours, "needs.gaps", "importlib.import_module('cakra_analysis.load')"),
    (check_imports_of_ours, "charts.gaps", "from cakra_analysis.needs import score_gaps"),
    (check_imports_of_ours, "charts.gaps", "from cakra_analysis import *"),
    (check_imports_of_ours, "report.page", "from cakra_analysis.charts import theme"),
    (check_imports_of_ours, "report.page", "if TYPE_CHECKING:\n    import cakra_analysis.needs"),
    (check_imports_of_ours, "report.build", "from cakra_analysis.cli import main"),
    (check_imports_of_ours, "__init__", "from cakra_analysis import errors"),
    (check_imports_of_ours, "newcomer", ""),
    (check_homes_of_libraries, "needs.gaps", "def f():\n    import matplotlib.pyplot as plt"),
    (check_homes_of_libraries, "report.page", "from matplotlib.figure import Figure"),
    (check_homes_of_libraries, "needs.gaps", "from sklearn.cluster import KMeans"),
    (check_homes_of_libraries, "sources", "import openpyxl"),
    (check_homes_of_libraries, "cli", "import papermill as pm"),
    (check_length, "load", "x = 1\n" * (MOST_LINES + 1)),
    (check_functions, "load", "def f():\n" + "    x = 1\n" * MOST_FUNCTION_LINES),
    (check_assert, "load", "def f(x):\n    assert x"),
    (check_name, "needs.helpers", ""),
    (check_name, "core.gaps", ""),
    (check_kwargs_of_charts, "charts.gaps", "def plot_gaps(table, **options): ..."),
]

KEEPS: list[tuple[Rule, str, str]] = [
    (check_imports_of_ours, "design.portfolio", "from . import nomination\nimport pandas"),
    (check_imports_of_ours, "needs.gaps", "from cakra_analysis.tree import ancestors"),
    (check_imports_of_ours, "report.render", "from cakra_analysis import __version__"),
    (check_imports_of_ours, "cli", "from cakra_analysis import charts, needs, report"),
    (check_homes_of_libraries, "charts.gaps", "import matplotlib.pyplot, seaborn"),
    (check_homes_of_libraries, "report.page", "from matplotlib.axes import Axes"),
    (check_length, "load", "x = 1\n" * MOST_LINES),
    (check_functions, "load", 'def f():\n    """A.\n' + "\n" * 50 + '    """\n    return 1'),
    (check_kwargs_of_charts, "report.page", "def provenance(**facts): ..."),
]


def name_of(value: object) -> str:
    return value.__name__ if callable(value) else str(value)[:40]


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_package_keeps_rule(rule):
    offenders = [found for module, source in sources().items() for found in rule(module, source)]
    assert not offenders, "\n" + "\n".join(offenders)


@pytest.mark.parametrize(("rule", "module", "source"), BREAKS, ids=name_of)
def test_rule_can_fail(rule, module, source):
    assert len(rule(module, source)) == 1


@pytest.mark.parametrize(("rule", "module", "source"), KEEPS, ids=name_of)
def test_rule_lets_good_source_pass(rule, module, source):
    assert rule(module, source) == []


def public_names(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of the public functions, and of public methods of public classes."""
    for node in ast.parse(source).body:
        if getattr(node, "name", "_").startswith("_"):
            continue
        if isinstance(node, ast.FunctionDef):
            yield node.lineno, node.name
        if isinstance(node, ast.ClassDef):
            methods = [m for m in node.body if isinstance(m, ast.FunctionDef)]
            yield from (
                (m.lineno, f"{node.name}.{m.name}") for m in methods if not m.name.startswith("_")
            )


def check_docstring(thing: object, *, method: bool) -> list[str]:
    """Objections to the docstring of a function, given by itself or by its dotted name."""
    try:
        errors = validate(thing if isinstance(thing, str) else get_doc_object(thing))["errors"]
    except (ValueError, UserWarning) as error:  # a section that is unknown or given twice
        return [str(error)]
    matters = OF_A_METHOD if method else OF_A_FUNCTION
    return [f"{code} {message}" for code, message in errors if code in matters]


def test_docstrings():
    offenders = []
    for module, source in sources().items():
        if module in {"cli", "__main__"}:
            continue
        path = f"{OURS}.{module}".removesuffix(".__init__")
        for line, name in public_names(source):
            found = check_docstring(f"{path}.{name}", method="." in name)
            offenders += [at(module, line, f"{name}: {what}") for what in found]
    assert not offenders, "\n" + "\n".join(offenders)


def test_docstring_check_can_fail():
    def silent(table): ...

    def partial(table, units):
        """Return the number of rows.

        Parameters
        ----------
        table : DataFrame
            Any.
        """
        return len(table)

    def misspelt(table):
        """Show the table.

        Paramters
        ---------
        table : DataFrame
            Any.
        """

    objections = [check_docstring(f, method=False) for f in (silent, partial, misspelt)]
    assert [{text[:4] for text in texts} for texts in objections] == [
        {"GL08"},
        {"PR01", "RT01"},
        {"Unkn"},
    ]
    assert check_docstring(partial, method=True) == []


def test_public_names_are_found():
    source = "def a(): 1\ndef _b(): 1\nclass C:\n def d(): 1\n def _e(): 1\nclass _F:\n def g(): 1"
    assert [name for _, name in public_names(source)] == ["a", "C.d"]


def run_doctests(module: object) -> tuple[list[str], int]:
    """What the failing examples print, and how many were tried."""
    names = {"pd": pd, "np": np} | vars(module)
    said: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    for case in doctest.DocTestFinder().find(module, globs=names):
        runner.run(case, out=said.append)
    return said, runner.tries


@pytest.mark.slow
def test_doctests():
    # Importing __main__ would run the command.
    modules = [f"{OURS}.{name}".removesuffix(".__init__") for name in sources()]
    results = [run_doctests(importlib.import_module(m)) for m in modules if m != f"{OURS}.__main__"]
    said = [text for texts, _ in results for text in texts]
    assert not said, "\n" + "\n".join(said)
    assert sum(tries for _, tries in results) > 0


def test_doctest_run_can_fail():
    module = type(sys)("wrong")
    module.__doc__ = ">>> 1 + 1\n3\n"
    said, tries = run_doctests(module)
    assert said
    assert tries == 1


def test_readme_counts_the_reports_of_the_plan():
    runs, _ = read_plan(ROOT / "reports" / "reports.toml")
    (said,) = re.findall(r"all (\d+) take", (ROOT / "README.md").read_text("utf-8"))
    assert int(said) == len(runs)


def direct_dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project["dependencies"] + project["optional-dependencies"]["dev"]


def test_every_dependency_stands_in_the_table_of_libraries():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    section = text.partition("## Libraries")[2].partition("\n## ")[0]
    rows = [row.split("|")[1] for row in section.splitlines() if row.startswith("| ")][1:]
    names = re.sub(r"\([^)]*\)", "", ",".join(rows)).split(",")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = [line for extra in project["optional-dependencies"].values() for line in extra]
    wanted = {same_name(Requirement(line).name) for line in project["dependencies"] + optional}
    wanted -= {"hatchling", "pytest"}  # to build and to test
    assert sorted({same_name(name.strip()) for name in names}) == sorted(wanted)


def test_conda_environment_equals_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [Requirement(line) for line in direct_dependencies()]
    wanted = {f"{CONDA_NAMES.get(r.name, r.name)}{r.specifier}" for r in wanted}
    # conda's python does not always bring the pip that installs the package itself.
    wanted |= {f"python{project['requires-python']}", "pip"}
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    given = environment["dependencies"]
    assert set(given) == wanted
    assert len(given) == len(wanted)
    assert environment["channels"] == ["conda-forge"]


def check_lock(lock: str, direct: list[str]) -> list[str]:
    offenders = [line for line in lock.splitlines() if re.match(r"\s*-(?!-hash=)", line)]
    offenders += [line for line in lock.splitlines() if "://" in line]
    locked: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        found = re.match(r"([A-Za-z0-9._-]+)==([^\s;]+)", entry)
        if not found or not re.search(r"\s--hash=sha256:[0-9a-f]{64}\b", entry):
            offenders.append(f"not pinned with a hash: {entry.splitlines()[0]}")
        else:
            locked.setdefault(same_name(found[1]), []).append(found[2])
    for wanted in map(Requirement, direct):
        versions = locked.get(same_name(wanted.name), [])
        if not versions or not all(wanted.specifier.contains(v) for v in versions):
            offenders.append(f"{wanted} is wanted, locked is {versions or 'nothing'}")
    return offenders


def same_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_lock_pins_everything():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    offenders = check_lock(lock, direct_dependencies())
    assert not offenders, "\n" + "\n".join(offenders)


@pytest.mark.parametrize(
    "wrong",
    [
        "a>=1 \\\n    --hash=sha256:" + "0" * 64,
        "a==1",
        "a==1 \\\n    --hash=sha256:" + "0" * 63,
        "--find-links x",
        "--extra-index-url x",
        "-i x",
        "a @ https://x/a.whl \\\n    --hash=sha256:" + "0" * 64,
        "b_c==1 \\\n    --hash=sha256:" + "0" * 64,
    ],
)
def test_lock_check_can_fail(wrong):
    good = "B.c==2 ; sys_platform == 'x' \\\n    --hash=sha256:" + "f" * 64 + "\n"
    assert check_lock(good, ["b-c>=2"]) == []
    assert check_lock(good + wrong, ["b-c>=2"]) != []
    assert check_lock(good, ["absent>=2"]) != []


def find_registries(content: bytes) -> list[str]:
    return [word for word in REGISTRIES if word.encode() in content.lower()]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git checkout")
def test_no_file_names_a_registry():
    # New files count before they are committed. CI may own the checkout as somebody else.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    found = {
        str(f.relative_to(ROOT)): find_registries(f.read_bytes()) for f in files if f.is_file()
    }
    assert len(found) > 50
    assert {name: words for name, words in found.items() if words} == {}


def test_registry_check_can_fail():
    assert find_registries(f"see https://PY{REGISTRIES[0][2:]}/simple".encode()) == REGISTRIES[:1]


@pytest.mark.parametrize(
    "code",
    [
        "import cakra_analysis",
        "import contextlib, cakra_analysis.cli as cli\n"
        "with contextlib.suppress(SystemExit): cli.main(['--help'])",
        "import cakra_analysis.cli as cli, cakra_analysis.console.report\n"
        "cli.main(['status', '/nowhere'])",
    ],
    ids=["import", "help", "status and a build of nothing"],
)
def test_start_is_light(code):
    """Stands for the 0.3 s rule, which a busy machine would break by itself."""
    code += "\nimport sys\nprint('loaded:', *sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = run.stdout.rpartition("loaded: ")[2].split()
    assert OURS in loaded
    assert SLOW.intersection(loaded) == set()
