"""What the server holds from which kernels are forked: imported libraries and loaded data sets.

Importing this module is the work; it is imported by the server and nowhere else.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import sys

from cakra_analysis.errors import CakraError

MODULES = [
    *(f"ipykernel.{name}" for name in ("kernelapp", "ipkernel", "zmqshell")),
    *(f"IPython.core.{name}" for name in ("completerlib", "debugger", "logger", "oinspect")),
    *("IPython.extensions.storemagic", "IPython.utils.wildcard", "sqlite3", "zmq.utils.garbage"),
    *("tornado.platform.asyncio", "tornado.queues", "tornado.locks"),
    *(f"matplotlib.{name}" for name in ("pyplot", "backends.backend_agg", "backends.backend_svg")),
    *("seaborn", "scipy.stats", "scipy.optimize", "sklearn.mixture", "sklearn.cluster"),
    *("sklearn.experimental.enable_iterative_imputer", "sklearn.impute", "statsmodels.api"),
    *("narwhals._pandas_like.dataframe", "narwhals._pandas_like.group_by", "narwhals.group_by"),
    *("narwhals._pandas_like.expr", "narwhals._pandas_like.selectors"),
    *("pandas.core.reshape.reshape", "PIL.features", "openpyxl", "weasyprint", "docx", "nbconvert"),
    *("pypdf", "encodings.latin_1", "encodings.ascii"),
    *("holidays.countries.indonesia", "ortools.sat.python.cp_model"),
    *(f"cakra_analysis.{name}" for name in ("needs", "design", "implementation", "handover")),
    *(f"cakra_analysis.{name}" for name in ("evaluation", "brief", "charts", "privacy")),
    *(f"cakra_analysis.{name}" for name in ("year", "year_plan")),
    *(f"cakra_analysis.{name}" for name in ("load", "audit", "report.rendering", "report.page")),
    *(f"cakra_analysis.report.{name}" for name in ("saved_records", "laporan", "sheets")),
    *(f"cakra_analysis.report.{name}" for name in ("document", "render")),
]

# Nobody debugs a report: with the debugger out of sight ipykernel does without it, which saves each
# kernel 0.2 s.
sys.modules["debugpy"] = None  # type: ignore[assignment]
importlib.import_module("ipykernel.debugger")
del sys.modules["debugpy"]

for _name in MODULES:
    # What is missing here is missed where it is needed, with the message that belongs there.
    with contextlib.suppress(ImportError, OSError):
        importlib.import_module(_name)

if os.environ.get("CAKRA_SHARED_DATA"):
    from cakra_analysis.load import hold, load
    from cakra_analysis.report.guard import read_known_once

    for _path in json.loads(os.environ["CAKRA_SHARED_DATA"]):
        with contextlib.suppress(CakraError, OSError):
            hold(_data := load(_path))
            read_known_once(_path, _data.fingerprint)
    del os.environ["CAKRA_SHARED_DATA"]

# What is here stays: collectors of the children need not look at it, nor copy its pages.
gc.collect()
gc.freeze()
