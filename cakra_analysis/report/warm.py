"""Processes forked from one that has everything imported already, one for each kernel or task."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any

from cakra_analysis.once import PLACE
from cakra_analysis.report.ceiling import Limit, limit_memory

PRELOADED = "cakra_analysis.report.preloaded"
SHARED = "CAKRA_SHARED_DATA"  # tells the server which data sets to hold
WANTED = "CAKRA_PRELOAD"  # and which libraries
# Set before libraries are imported: one BLAS thread a kernel, as several kernels share the cores.
ENVIRONMENT = {
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
_starting = threading.Lock()


def can_fork() -> bool:
    """Return whether this system can fork from a server; elsewhere processes start afresh.

    Returns
    -------
    bool
        True on Linux and other Unix systems.
    """
    return "forkserver" in multiprocessing.get_all_start_methods()


def start_server(data: Sequence[str] = (), needed: Sequence[str] | None = None) -> None:
    """Start the process from which others are forked, with libraries and data sets in memory.

    Parameters
    ----------
    data : sequence of str
        Data sets to hold. A kernel uses a held one only if its files are still the same.
    needed : sequence of str, optional
        From ``find_needed``; without it the libraries of all stages are held.

    Notes
    -----
    A server that runs already is kept as it is. It ends with this process.
    """
    os.environ.update(ENVIRONMENT)
    if not can_fork():
        return
    with _starting:
        os.environ[SHARED], os.environ[WANTED] = json.dumps(list(data)), json.dumps(needed)
        try:
            from multiprocessing import forkserver

            forkserver.set_forkserver_preload([PRELOADED])
            forkserver.ensure_running()
        finally:
            del os.environ[SHARED], os.environ[WANTED]


def _context() -> BaseContext:
    return multiprocessing.get_context("forkserver" if can_fork() else "spawn")


def fork(function: Callable[..., None], *arguments: Any) -> tuple[BaseProcess, Connection]:
    """Run a function in a forked process that ends when this one does.

    Parameters
    ----------
    function : callable
        Takes a connection to write to, then the arguments.
    *arguments : object
        Whatever can be pickled.

    Returns
    -------
    tuple of Process and Connection
        The process, and the end to read from; it is at its end when the process has ended.
    """
    start_server()
    if multiprocessing.current_process().daemon:  # as workers of a cluster are
        multiprocessing.current_process().daemon = False
    context = _context()
    answer, told = context.Pipe(duplex=False)
    alive, mine = context.Pipe(duplex=False)
    process = context.Process(  # type: ignore[attr-defined]
        target=_begin, args=(function, told, alive, dict(os.environ), *arguments), daemon=True
    )
    process.start()
    told.close()
    alive.close()
    process._mine = mine  # closed with this process: the sign for the other one to end
    return process, answer


def _begin(
    function: Callable[..., None],
    told: Connection,
    alive: Connection,
    environment: Mapping[str, str],
    *arguments: Any,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    # Libraries tidy up when a process ends by itself, but this one is ended: what it leaves goes
    # with the build.
    tempfile.tempdir = environment.get(PLACE) or None
    _end_with(alive)
    multiprocessing.current_process().daemon = False  # it may start processes of its own
    function(told, *arguments)


def _end_with(alive: Connection) -> None:
    """End this process when the one that asked for it ends, even if this one hangs."""
    if sys.platform == "linux":
        import fcntl

        # The system itself sends the signal when the other end closes; it ends the process.
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(alive.fileno(), fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(alive.fileno(), fcntl.F_GETFL)
        fcntl.fcntl(alive.fileno(), fcntl.F_SETFL, flags | os.O_ASYNC)
    watch = threading.Thread(target=_watch, args=(alive,), daemon=True)
    watch.start()


def _watch(alive: Connection) -> None:
    try:
        alive.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


def call(function: Callable[..., Any], *arguments: Any, limit: Limit) -> tuple[Any, float, float]:
    """Call a function in a forked process and wait for what it returns.

    Parameters
    ----------
    function : callable
        A function of a module.
    *arguments : object
        Whatever can be pickled.
    limit : Limit
        Most time and memory.

    Returns
    -------
    tuple of object, float and float
        What the function returned, seconds of CPU, and the largest memory in MB.

    Raises
    ------
    RunError
        When it took too long, needed too much memory, or its process ended without an answer.
    Exception
        What the function raised.
    """
    process, answer = fork(_answer, limit.gigabytes, function, arguments)
    try:
        if not answer.poll(limit.seconds or None):
            raise limit.too_long()
        ended, value, cpu, memory = answer.recv()
    except EOFError:
        process.join()
        raise limit.ended(process.exitcode) from None
    finally:
        process.kill()
        process.join()
        process.close()
        answer.close()
    if ended == "raised":
        raise value
    return value, cpu, memory


def _answer(
    told: Connection, gigabytes: float, function: Callable[..., Any], arguments: Sequence[Any]
) -> None:
    limit_memory(gigabytes)
    before = _used()
    try:
        ended, value = "returned", function(*arguments)
    except Exception as error:
        ended, value = "raised", error
    cpu, memory = _used()
    told.send((ended, value, cpu - before[0], memory))
    told.close()


def _used() -> tuple[float, float]:
    """CPU in seconds and the largest memory in MB, of this process."""
    if sys.platform == "win32":
        return 0.0, 0.0
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return used.ru_utime + used.ru_stime, used.ru_maxrss / scale
