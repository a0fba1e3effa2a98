"""What the server holds from which kernels are forked: imported libraries and loaded data sets.

Importing this module is the work; it is imported by the server and nowhere else.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os

from cakra_analysis.errors import CakraError

MODULES = [
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.zmqshell", "IPython.core.completer"),
    *("matplotlib.pyplot", "seaborn", "scipy.stats", "scipy.optimize", "sklearn.mixture"),
    *("sklearn.cluster", "statsmodels.api", "openpyxl", "weasyprint", "docx", "nbconvert", "pypdf"),
    *(f"cakra_analysis.{name}" for name in ("needs", "evaluation", "brief", "charts", "privacy")),
    *(f"cakra_analysis.{name}" for name in ("load", "audit", "report.rendering", "report.page")),
    *(f"cakra_analysis.report.{name}" for name in ("saved_records", "laporan", "sheets")),
    *(f"cakra_analysis.report.{name}" for name in ("document", "render")),
]

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
