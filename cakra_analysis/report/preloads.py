"""Which libraries a server holds for the kernels forked from it: those that the reports use."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cakra_analysis.report.run import Run

ALWAYS = [
    *(f"ipykernel.{name}" for name in ("kernelapp", "ipkernel", "zmqshell")),
    *(f"IPython.core.{name}" for name in ("completerlib", "debugger", "logger", "oinspect")),
    *("IPython.extensions.storemagic", "IPython.utils.wildcard", "sqlite3", "zmq.utils.garbage"),
    *("tornado.platform.asyncio", "tornado.queues", "tornado.locks", "nbconvert"),
    *("encodings.latin_1", "encodings.ascii", "pandas.core.reshape.reshape"),
    *(f"cakra_analysis.{name}" for name in ("load", "privacy", "audit", "once")),
    *(f"cakra_analysis.report.{name}" for name in ("page", "rendering", "render", "laporan")),
    "cakra_analysis.report.saved_records",
]
FITTING = [
    *("scipy.stats", "scipy.optimize", "sklearn.mixture", "sklearn.cluster"),
    *("sklearn.experimental.enable_iterative_imputer", "sklearn.impute"),
    *(f"narwhals.{name}" for name in ("_pandas_like.dataframe", "_pandas_like.group_by")),
    *(f"narwhals.{name}" for name in ("_pandas_like.expr", "_pandas_like.selectors", "group_by")),
]
PLANNING = ["holidays.countries.indonesia", "ortools.sat.python.cp_model"]
# What comes with a package that a notebook imports, or with a format that is asked for.
NAMED = {
    "charts": [
        *(f"matplotlib.{name}" for name in ("pyplot", "backends.backend_agg")),
        *("matplotlib.backends.backend_svg", "PIL.features", "seaborn", "cakra_analysis.charts"),
    ],
    "needs": [*FITTING, "cakra_analysis.needs"],
    "design": ["cakra_analysis.design"],
    "implementation": [*PLANNING, "cakra_analysis.implementation"],
    "handover": ["cakra_analysis.handover"],
    "evaluation": [*FITTING, "statsmodels.api", "cakra_analysis.evaluation"],
    "improvement": ["cakra_analysis.improvement"],
    "brief": ["cakra_analysis.brief"],
    "year": [*FITTING, "statsmodels.api", "cakra_analysis.year"],
    "year_plan": [*PLANNING, "cakra_analysis.year_plan"],
    "pdf": ["weasyprint", "pypdf"],
    "xlsx": ["openpyxl", "cakra_analysis.report.sheets"],
    "docx": ["docx", "cakra_analysis.report.document"],
}


def find_needed(runs: Iterable[Run]) -> list[str]:
    """Return what reports need of the libraries.

    Parameters
    ----------
    runs : iterable of Run
        The reports.

    Returns
    -------
    list of str
        Names for ``list_modules``. A library that is missing among them is imported by each kernel
        for itself, which only takes time.
    """
    runs = list(runs)
    text = " ".join(path.read_text(encoding="utf-8") for path in {run.notebook for run in runs})
    named = " ".join(re.findall(r"\b(?:from|import) cakra_analysis[\w., ]*(?:\([^)]*)?", text))
    words = set(re.findall(r"\w+", named)).union(*(run.formats for run in runs))
    if not any(run.is_official for run in runs):
        words -= {"docx"}
    return sorted(words & NAMED.keys())


def list_modules(needed: Iterable[str]) -> list[str]:
    """Return the modules to import for what is needed.

    Parameters
    ----------
    needed : iterable of str
        From ``find_needed``.

    Returns
    -------
    list of str
        Names of modules, those of a kernel first.
    """
    return list(dict.fromkeys([*ALWAYS, *(m for name in needed for m in NAMED[name])]))
