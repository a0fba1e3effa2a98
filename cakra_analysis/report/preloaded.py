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
from cakra_analysis.report.preloads import NAMED, list_modules

# Nobody debugs a report: with the debugger out of sight ipykernel does without it, which saves each
# kernel 0.2 s.
sys.modules["debugpy"] = None  # type: ignore[assignment]
importlib.import_module("ipykernel.debugger")
del sys.modules["debugpy"]

_needed = json.loads(os.environ.pop("CAKRA_PRELOAD", "null"))
for _name in list_modules(NAMED if _needed is None else _needed):
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
