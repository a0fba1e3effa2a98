"""From notebooks to pages: plan, check, run, render, publish, index."""

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cakra_analysis.report.build import build_reports
    from cakra_analysis.report.outcome import Outcome
    from cakra_analysis.report.page import Page
    from cakra_analysis.report.plan import read_plan
    from cakra_analysis.report.run import Run
    from cakra_analysis.report.saved_records import read_saved

# Importing nbformat takes 2 s more without this: jsonschema builds a grammar, to check addresses in
# a format that no notebook has. Where it is missing that check is left out.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__all__ = ["Outcome", "Page", "Run", "build_reports", "read_plan", "read_saved"]

HOMES = {"Outcome": "outcome", "Page": "page", "Run": "run"}
HOMES |= {"build_reports": "build", "read_plan": "plan", "read_saved": "saved_records"}


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: a build with nothing to do needs no pandas."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{HOMES[name]}"), name)
