"""What a build would do, and why, without doing it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial
from pathlib import Path

from cakra_analysis.console.paths import count
from cakra_analysis.report.build import can_print, split_waves
from cakra_analysis.report.keys import READS
from cakra_analysis.report.ledger import Ledger
from cakra_analysis.report.prepare import Prepared
from cakra_analysis.report.reasons import describe_reasons
from cakra_analysis.report.work import Choice, choose_work, digest_reads


def show_plan(prepared: Prepared, to: Path, *, everything: bool = False) -> list[str]:
    """Say what would be made, and why.

    Parameters
    ----------
    prepared : Prepared
        The plan.
    to : Path
        The reports folder; nothing is written there.
    everything : bool
        Whether all would be made in any case.

    Returns
    -------
    list of str
        A line a report that would be made or waits, and one that counts.
    """
    ledger, now = Ledger(to), datetime.now().astimezone()
    names = {run.name for run in prepared.runs}
    first, later = split_waves(prepared.runs, to)
    choose = partial(
        choose_work,
        ledger=ledger,
        to=to,
        names=names,
        now=now,
        can_print=can_print,
        everything=everything,
    )
    one = choose(first, prepared.digests)
    current = {run.name for run in one.fresh}
    digests = {**prepared.digests, **digest_reads(later, first, ledger, to, current)}
    two = choose(later, digests)
    cycles = {work.run.parameters["cycle"] for work in one.works}
    perhaps = [run for run in two.fresh if run.parameters["cycle"] in cycles]
    lines = [*_describe(one), *_describe(two)]
    lines += [f"check {run.name}: {describe_reasons([READS])}, if they do" for run in perhaps]
    kinds = Counter(line.split()[0] for line in lines)
    fresh = len(prepared.runs) - len(lines)
    told = [f"{kinds[kind]} to {kind}" for kind in ("make", "check") if kinds[kind]]
    told += [f"{kinds['wait']} waiting"] if kinds["wait"] else []
    lines.append(f"{count(len(prepared.runs), 'report')}: {', '.join([*told, f'{fresh} fresh'])}.")
    if kinds["check"]:
        lines.append("A report that is checked is run, and kept if it says the same as before.")
    return lines


def _describe(choice: Choice) -> list[str]:
    made = [
        f"{'check' if work.standing else 'make'}  {work.run.name}: {describe_reasons(work.reasons)}"
        for work in choice.works
    ]
    waiting = [f"wait  {run.name}: its data changed; {run.cadence}" for run in choice.waiting]
    return [line.replace("check  ", "check ") for line in [*made, *waiting]]
