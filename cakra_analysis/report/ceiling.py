"""The most time and memory a report may take, and what is said when that is not enough."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from cakra_analysis.errors import RunError

INPUT, CODE, TIME, MEMORY, DEAD = "input", "code", "time", "memory", "dead"  # sorts of causes


class StoppedError(RunError):
    """A report was ended from outside its notebook: by a limit, or by the system.

    Parameters
    ----------
    found : str
        What happened, for the log.
    kind : str
        ``time``, ``memory`` or ``dead``.
    """

    def __init__(self, found: str, *, kind: str) -> None:
        super().__init__(found)
        self.kind = kind


@dataclass(frozen=True)
class Limit:
    """The most that a report may take.

    Attributes
    ----------
    minutes : float
        Of wall time; 0 for no limit.
    gigabytes : float
        Of memory; 0 for no limit.
    """

    minutes: float = 0.0
    gigabytes: float = 0.0

    @property
    def seconds(self) -> float:
        """The limit of time in seconds; 0 for none."""
        return self.minutes * 60

    def too_long(self) -> StoppedError:
        """Return the error of a report that took longer."""
        return StoppedError(
            f'It took longer than its limit of {self.minutes:.3g} minutes ("minutes" in the plan) '
            "and was ended.",
            kind=TIME,
        )

    def ended(self, code: int | None) -> StoppedError:
        """Return the error of a process that ended without an answer."""
        if code == -9:
            return StoppedError(
                "Its process was killed (signal 9); too little memory is the usual cause.",
                kind=MEMORY,
            )
        return StoppedError(f"Its process ended without an answer (exit code {code}).", kind=DEAD)


def limit_memory(gigabytes: float) -> None:
    """Let this process allocate no more than so much; asking for more is a MemoryError.

    Parameters
    ----------
    gigabytes : float
        0 for no limit. Without effect where the system knows none (Windows).
    """
    if not gigabytes or sys.platform == "win32":
        return
    import resource

    most = int(gigabytes * 2**30)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
