"""How a run ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cakra_analysis.report.run import Run

BUILT, KEPT, FAILED = "built", "kept", "failed"
# Why a report failed, as the index tells it in its reader's language.
CAUSES = ("input", "code", "time", "memory", "dead", "leak", "disk", "stopped")


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes
    ----------
    run : Run
        Which.
    page : Path
        Where its page stands, or would.
    seconds : float
        How long it took.
    cause, cell : str
        Why and where it failed; empty when it did not.
    note : str
        What could not be made beside the page, and what to do.
    kind : str
        Of the cause, one of ``CAUSES``; empty when it did not fail.
    content : str
        Digest of what the report says.
    is_kept : bool
        Whether it came out as it stands, so that nothing was written.
    cpu, memory : float
        Seconds of CPU and largest memory in MB.
    """

    run: Run
    page: Path
    seconds: float
    cause: str = ""
    cell: str = ""
    note: str = ""
    kind: str = ""
    content: str = ""
    is_kept: bool = False
    cpu: float = 0.0
    memory: float = 0.0

    @property
    def state(self) -> str:
        """One of built, kept, failed."""
        return FAILED if self.cause else KEPT if self.is_kept else BUILT

    @property
    def told(self) -> str:
        """The cause as it may stand in files and notices: a leak must not leave in words either."""
        if self.kind == "leak":
            return "It would give away what may not leave; the build's own output says what."
        return self.cause

    def describe(self) -> str:
        """Say in a few lines which report failed, where and why."""
        kept = "the last good page is kept" if self.page.exists() else "there is no earlier page"
        name = f"{self.run.notebook.stem}, {self.run.unit_name}, {self.run.lang}"
        cell = f"\nCell: {self.cell}" if self.cell else ""
        return f"\nFAILED {name}; {kept}.{cell}\nCause: {self.cause}"
