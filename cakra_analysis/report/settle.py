"""The end of a wave: what is good is published, what failed is noted down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cakra_analysis.report.building import Building
from cakra_analysis.report.outcome import Outcome
from cakra_analysis.report.publish import forget_failure, page_path, publish_reports
from cakra_analysis.report.records import keep_failure, read_record
from cakra_analysis.report.work import Work


def settle(works: Mapping[str, Work], outcomes: dict[str, Outcome], building: Building) -> None:
    """Publish what is good, and note down what failed.

    Parameters
    ----------
    works : mapping of str to Work
        By the name of the run.
    outcomes : dict of str to Outcome
        By the name of the run; what could not be noted down is added to their causes.
    building : Building
        The build.
    """
    from cakra_analysis.report.executed import keep_executed

    to, staged = building.to, building.staged
    built = [works[name].run for name, outcome in outcomes.items() if outcome.state == "built"]
    records = {run.name: read_record(staged, run)["when"] for run in built}
    publish_reports(staged, to, built)
    for run in built:
        keep_executed(staged, to, run, building.keep)
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    for name, outcome in outcomes.items():
        run, parts = works[name].run, works[name].parts
        if outcome.cause:
            outcomes[name] = _note_failure(outcome, to, now)
            continue
        building.current.add(name)
        if outcome.is_kept:
            forget_failure(page_path(to, run))
            entry = building.ledger.find(run)
            records[name] = entry.when if entry else now
        if parts:
            building.ledger.keep(run, parts, outcome.content, records[name])


def _note_failure(outcome: Outcome, to: Path, now: str) -> Outcome:
    try:
        keep_failure(to, outcome.run, outcome.told, outcome.cell, now, outcome.kind)
    except OSError as error:
        cause = f"{outcome.cause}\nThe failure could not be noted down either: {error.strerror}"
        return replace(outcome, cause=cause)
    return outcome
