"""An errand: a process of its own that gets the message, ends in time, and says nothing of itself.

A process, since only that can be ended for certain when a server hangs. What it prints is thrown
away or read as our own words: a library's error text may hold the address that it was given, and
an address of a service is a secret.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import IO, Any


class Errand:
    """A process that was sent off.

    Parameters
    ----------
    command : sequence of str
        Program and arguments; no shell reads them.
    given : object
        Written as JSON to the program's standard input.
    """

    def __init__(self, command: Sequence[str], given: Any) -> None:
        # Files instead of pipes: nothing to fill up while several errands are under way.
        with tempfile.TemporaryFile() as message:
            message.write(json.dumps(given, ensure_ascii=False, default=str).encode())
            message.seek(0)
            self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # read() closes it
            try:
                self._process = subprocess.Popen(  # noqa: S603  # the plan's owner named it
                    list(command),
                    stdin=message,
                    stdout=self._said,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except BaseException:
                self._said.close()
                raise

    def wait(self, until: float) -> int | None:
        """Wait for the end, and end the process with all it started if the time is over.

        Parameters
        ----------
        until : float
            A moment of ``time.monotonic``.

        Returns
        -------
        int or None
            The exit code; None when the time was over.
        """
        try:
            return self._process.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
            return None

    def read(self) -> list[str]:
        """Read what one of our own programs printed, a JSON list of texts, and close it.

        Returns
        -------
        list of str
            Empty when it printed nothing of the kind.
        """
        with self._said as said:
            said.seek(0)
            try:
                return [str(line) for line in json.loads(said.read())]
            except (ValueError, TypeError):
                return []


def our_program(module: str) -> list[str]:
    """Return the command that runs ``main`` of one of our modules in this Python.

    Parameters
    ----------
    module : str
        Dotted name.

    Returns
    -------
    list of str
        Program and arguments; the working folder is no place to import from.
    """
    return [sys.executable, "-P", "-c", f"from {module} import main; main()"]
