"""Call a scheduler's own program and hear what it says, in plain English."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from cakra_analysis.errors import ScheduleError

SECONDS = 60


def has_program(name: str) -> bool:
    """Tell whether a program is on the path.

    Parameters
    ----------
    name : str
        Of the program.

    Returns
    -------
    bool
        Whether it can be called; that does not yet mean that it works.
    """
    return shutil.which(name) is not None


def call(command: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Call a program.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    given : bytes
        Its standard input.

    Returns
    -------
    CompletedProcess
        Exit code and what it printed; the code may be any.

    Raises
    ------
    ScheduleError
        When it cannot be called or does not end.
    """
    told = " ".join(command)
    try:
        return subprocess.run(  # noqa: S603  # fixed names
            list(command), input=given, capture_output=True, timeout=SECONDS, env=_environment()
        )
    except subprocess.TimeoutExpired:
        raise ScheduleError(f"`{told}` has not ended within {SECONDS} seconds.") from None
    except OSError as error:
        raise ScheduleError(f"`{told}` cannot be called: {error.strerror}.") from None


def call_well(command: Sequence[str], given: bytes = b"") -> bytes:
    """Call a program that must succeed.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    given : bytes
        Its standard input.

    Returns
    -------
    bytes
        What it printed.

    Raises
    ------
    ScheduleError
        When it fails, with its own words.
    """
    ended = call(command, given)
    if ended.returncode:
        raise ScheduleError(
            f"`{' '.join(command)}` failed: {complaint(ended)}",
            do="See docs/scheduling/README.md for other ways.",
        )
    return ended.stdout


def complaint(ended: subprocess.CompletedProcess[bytes]) -> str:
    """Return what a program says went wrong.

    Parameters
    ----------
    ended : CompletedProcess
        Of a call.

    Returns
    -------
    str
        Its last words, or its exit code.
    """
    words = ended.stderr.decode(errors="replace").strip()
    return words or f"it ended with exit code {ended.returncode}"


def _environment() -> dict[str, str]:
    """English words; and the way to the user manager, which `su` and `sudo` forget."""
    environment = {**os.environ, "LC_ALL": "C"}
    usual = Path(f"/run/user/{os.getuid()}")
    if "XDG_RUNTIME_DIR" not in environment and usual.is_dir():
        environment["XDG_RUNTIME_DIR"] = str(usual)
    return environment
