"""What is seen of a build: a bar with what is running, a line a report, lines in the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from cakra_analysis.console.paths import count, display_path, display_place
from cakra_analysis.files import find_place
from cakra_analysis.report.building import Watcher
from cakra_analysis.report.log import write_line
from cakra_analysis.report.outcome import Outcome
from cakra_analysis.report.prepare import Prepared
from cakra_analysis.report.reasons import describe_reasons
from cakra_analysis.report.run import Run
from cakra_analysis.report.work import HELD, Choice, Work

MARKS = {"built": "built ", "kept": "kept  ", "failed": "FAILED"}
MOST_SHOWN = 3  # of the runs that are under way, on one line


class Progress:
    """Prints how a build goes.

    Parameters
    ----------
    quiet : bool
        Whether nothing is printed as long as nothing fails.

    Attributes
    ----------
    quiet : bool
        As given.
    waiting : int
        Reports whose data changed and whose time has not come.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
        self.quiet = quiet
        self._running: list[str] = []
        self.waiting = self._fresh = 0
        self._build = datetime.now().astimezone().isoformat(timespec="milliseconds")

    def tell(self, *lines: str, style: str = "") -> None:
        """Print lines."""
        for line in lines:
            self._console.print(line, style=style or None)

    def tell_waiting(self, who: str) -> None:
        """Say that another builder holds the folder."""
        self.tell(f"Waiting: {who} is building here.")

    @contextmanager
    def watch(self, to: Path, total: int) -> Iterator[Watcher]:
        """Show a bar while a build goes on.

        Parameters
        ----------
        to : Path
            The reports folder, with the log.
        total : int
            How many runs the plan has.

        Yields
        ------
        Watcher
            To be told what happens.
        """
        from rich import progress as bars

        columns = (bars.BarColumn(), bars.MofNCompleteColumn(), bars.TimeRemainingColumn())
        text = bars.TextColumn("{task.description}", markup=False)
        with bars.Progress(
            *columns, text, console=self._console, transient=True, disable=self.quiet
        ) as bar:
            task = bar.add_task("reading the plan", total=total)

            def describe() -> str:
                shown = self._running[:MOST_SHOWN]
                return ", ".join(shown) + (" ..." if len(self._running) > len(shown) else "")

            def choose(choice: Choice) -> None:
                self.waiting += len(choice.waiting)
                self._fresh += len(choice.fresh)
                bar.update(task, advance=len(choice.waiting) + len(choice.fresh))

            def begin(run: Run) -> None:
                self._running.append(f"{run.unit_name} ({run.notebook.stem})")
                bar.update(task, description=describe())

            def end(work: Work, outcome: Outcome) -> None:
                name = f"{work.run.unit_name} ({work.run.notebook.stem})"
                if name in self._running:
                    self._running.remove(name)
                bar.update(task, advance=0 if HELD in work.reasons else 1, description=describe())
                self._print(work, outcome)
                self._log(to, work, outcome)

            yield Watcher(choose, begin, end)

    def _log(self, to: Path, work: Work, outcome: Outcome) -> None:
        try:
            write_line(to, self._line(work, outcome))
        except OSError as error:  # a full disk: what was built may still be published
            self._console.print(f"The log cannot be written: {error.strerror}.", style="red")

    def _print(self, work: Work, outcome: Outcome) -> None:
        if self.quiet and not outcome.cause:
            return
        mark, page = MARKS[outcome.state], display_path(outcome.page)
        why = describe_reasons(work.reasons)
        self._console.print(f"{mark} {page}  ({outcome.seconds:.1f} s; {why})")

    def _line(self, work: Work, outcome: Outcome) -> dict[str, Any]:
        told = {"cause": outcome.told, "cell": outcome.cell, "cause_kind": outcome.kind}
        return {
            "kind": "run",
            "build": self._build,
            "run": work.run.name,
            "unit": work.run.unit_name,
            "key": work.parts,
            "reasons": list(work.reasons),
            "outcome": outcome.state,
            "seconds": round(outcome.seconds, 2),
            "cpu": round(outcome.cpu, 2),
            "memory_mb": round(outcome.memory),
            **(told if outcome.cause else {}),
        }

    def summarise(self, outcomes: Sequence[Outcome], seconds: float) -> dict[str, Any]:
        """Return the log's line of a whole build.

        Parameters
        ----------
        outcomes : sequence of Outcome
            How the runs ended.
        seconds : float
            How long it took.

        Returns
        -------
        dict of str to object
            Counts by outcome.
        """
        states = Counter(outcome.state for outcome in outcomes)
        counts = {state: states[state] for state in MARKS}
        counts |= {"waiting": self.waiting, "fresh": self._fresh}
        return {"kind": "build", "build": self._build, "seconds": round(seconds, 1), **counts}

    def tell_end(self, prepared: Prepared, outcomes: Sequence[Outcome]) -> None:
        """Say what was built and what stands."""
        states = Counter(outcome.state for outcome in outcomes)
        told = [
            f"{states['built']} built",
            *([f"{states['kept']} checked and unchanged"] if states["kept"] else []),
            *([f"{states['failed']} failed"] if states["failed"] else []),
            *([f"{self.waiting} waiting for their time"] if self.waiting else []),
            *([f"{self._fresh} up to date"] if self._fresh else []),
        ]
        data = display_place(find_place(prepared.data))
        self.tell(f"{count(len(prepared.runs), 'report')} from {data}: {', '.join(told)}.")
