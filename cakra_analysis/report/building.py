"""A build under way: where, what stands there, who makes reports, who is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cakra_analysis.report.keys import Parts
from cakra_analysis.report.ledger import Ledger
from cakra_analysis.report.outcome import Outcome
from cakra_analysis.report.publish import STAGED
from cakra_analysis.report.run import Run
from cakra_analysis.report.work import Choice, Work

Maker = Callable[[Sequence[Work], Path, Path], Iterator[Outcome]]


@dataclass
class Watcher:
    """What is told while reports are built; each of the three may be left out.

    Attributes
    ----------
    on_choice : callable
        Told what a wave makes, what waits and what stands.
    on_start : callable
        Told of each run when it begins.
    on_done : callable
        Told of each run's outcome; again if it is made once more, or not published.
    """

    on_choice: Callable[[Choice], None] = lambda _: None
    on_start: Callable[[Run], None] = lambda _: None
    on_done: Callable[[Work, Outcome], None] = lambda _work, _outcome: None


@dataclass
class Building:
    """A build under way."""

    to: Path
    ledger: Ledger
    make: Maker
    watcher: Watcher
    digests: Mapping[str, Parts] | None
    keep: int
    everything: bool = False
    names: frozenset[str] = frozenset()
    current: set[str] = field(default_factory=set)

    @property
    def staged(self) -> Path:
        """The folder inside the reports folder from which reports are published by renaming."""
        return self.to / STAGED
