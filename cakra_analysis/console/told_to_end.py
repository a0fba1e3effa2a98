"""A command that is told to end, by a scheduler or a shutdown, ends as one that is interrupted."""

from __future__ import annotations

import signal
import threading


class EndedError(KeyboardInterrupt):
    """SIGTERM came."""


def end_when_told() -> None:
    """Let SIGTERM interrupt this process as Ctrl-C does, so that its kernels end with it."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _end)


def _end(*_: object) -> None:
    raise EndedError
