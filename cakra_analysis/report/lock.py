"""One builder at a time in a reports folder."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from cakra_analysis.errors import BusyError
from cakra_analysis.report.ledger import OWN
from cakra_analysis.report.publish import write_whole

HOLDER = "holder.json"


@contextmanager
def hold_lock(
    to: Path, *, wait: bool = True, on_wait: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Hold a reports folder while it is built; the system lets go of it when a builder dies.

    Parameters
    ----------
    to : Path
        The reports folder.
    wait : bool
        Whether to wait for another builder.
    on_wait : callable
        Told who is waited for, before the wait begins.

    Yields
    ------
    None
        While it is held.

    Raises
    ------
    BusyError
        When another builder holds it and ``wait`` is false.
    """
    own = to / OWN
    own.mkdir(parents=True, exist_ok=True)
    lock = FileLock(own / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not wait:
            raise BusyError(
                f"{to}: {_describe(own)} is building here; nothing was done.",
                do="Wait until it has ended, or leave out --no-wait to wait for it.",
            ) from None
        on_wait(_describe(own))
        lock.acquire()
    try:
        start = datetime.now().astimezone().isoformat(timespec="seconds")
        who = {"pid": os.getpid(), "host": socket.gethostname(), "since": start}
        write_whole(own / HOLDER, json.dumps(who))
        yield
    finally:
        (own / HOLDER).unlink(missing_ok=True)
        lock.release()


def find_holder(to: Path) -> str:
    """Return who builds in a reports folder just now.

    Parameters
    ----------
    to : Path
        The reports folder.

    Returns
    -------
    str
        Process, machine and since when; empty where nobody does.
    """
    own = to / OWN
    if not (own / HOLDER).exists():
        return ""
    lock = FileLock(own / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _describe(own).rstrip(",")
    lock.release()  # its holder died
    return ""


def _describe(own: Path) -> str:
    """Say who holds the lock, as far as it has said so itself."""
    try:
        who = json.loads((own / HOLDER).read_text(encoding="utf-8"))
        return f"process {who['pid']} on {who['host']}, since {who['since']},"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
