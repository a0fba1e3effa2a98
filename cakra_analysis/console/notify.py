"""The notice of a build: what people who do not look at a terminal are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cakra_analysis.notices import Notices, send_notices
from cakra_analysis.report.outcome import BUILT, FAILED, KEPT, Outcome
from cakra_analysis.report.prepare import Prepared


def notify(
    notices: Notices,
    plan: Path,
    start: datetime,
    *,
    prepared: Prepared | None = None,
    outcomes: Sequence[Outcome] = (),
    error: Exception | None = None,
) -> list[str]:
    """Tell how a build went, as the plan wants it told.

    Parameters
    ----------
    notices : Notices
        When to tell, and how.
    plan : Path
        The plan.
    start : datetime
        When the build began.
    prepared : Prepared, optional
        What was built; missing where a build could not begin.
    outcomes : sequence of Outcome
        How the runs ended.
    error : Exception, optional
        Why nothing could be built.

    Returns
    -------
    list of str
        What could not be sent.
    """
    failed = [outcome for outcome in outcomes if outcome.cause]
    states = Counter(outcome.state for outcome in outcomes)
    summary = {
        "plan": plan.name,
        "dataset": prepared.dataset if prepared else "",
        "lang": prepared.runs[0].lang if prepared else "id",
        "outcome": "stopped" if error else "failed" if failed else "ok",
        "started": start.isoformat(timespec="seconds"),
        "ended": datetime.now().astimezone().isoformat(timespec="seconds"),
        "counts": {state: states[state] for state in (BUILT, KEPT, FAILED)},
        "failed": [
            {"report": o.run.name, "unit": o.run.unit_name, "cause": o.told} for o in failed
        ],
        "index": "index.html",
    }
    if error:
        from cakra_analysis.report.causes import tell_cause

        summary["cause"] = tell_cause(type(error).__name__, str(error))
    return send_notices(notices, summary)
