"""Why a report is made, in words for the terminal and the log."""

from __future__ import annotations

from collections.abc import Sequence

from cakra_analysis.report.keys import TABLE
from cakra_analysis.report.work import ASKED, CLOCK, DUE, FAILED, FORMAT, HELD, NEW, TORN

WORDS = {
    NEW: "new",
    TORN: "files missing or not whole",
    FAILED: "failed last time",
    FORMAT: "a format is missing",
    DUE: "due by its cadence",
    CLOCK: "the last build is dated in the future (was a clock wrong?)",
    ASKED: "all were asked for",
    HELD: "other reports would give its figures away",
    "notebook": "notebook changed",
    "parameters": "parameters or formats changed",
    "settings": "settings changed",
    "library": "cakra or a library changed",
    "data": "data changed",
    "reports": "reports that it reads changed",
}


def describe_reasons(reasons: Sequence[str]) -> str:
    """Say why a report is made.

    Parameters
    ----------
    reasons : sequence of str
        Of a ``Work``.

    Returns
    -------
    str
        For instance ``data changed in ratings``.

    Examples
    --------
    >>> describe_reasons(["failed", "table:ratings", "table:staff"])
    'failed last time, data changed in ratings and staff'
    """
    tables = [reason.removeprefix(TABLE) for reason in reasons if reason.startswith(TABLE)]
    changed = [f"data changed in {' and '.join(tables)}"] if tables else []
    plain = [WORDS.get(reason, reason) for reason in reasons if not reason.startswith(TABLE)]
    return ", ".join([*plain, *changed])
