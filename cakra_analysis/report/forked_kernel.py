"""Kernels that start in a moment: Jupyter's own extension point, forking from a warm server."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Empty
from typing import Any

import psutil
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import DottedObjectName, Float

from cakra_analysis.report.ceiling import limit_memory
from cakra_analysis.report.warm import fork

START = 1800.0  # seconds for the server to load a large data set and for the kernel to listen
PROVISIONER = "cakra-fork"  # its name among the entry points
LIVE: dict[str, ForkedProvisioner] = {}  # by the address its kernel manager was given


class ForkedProvisioner(LocalProvisioner):
    """Launches a kernel by forking the warm server; all else is as with an ordinary kernel.

    Attributes
    ----------
    gigabytes, seconds : float
        Most memory of the kernel, and most time from the moment it listens; 0 for no limit.
    is_late : bool
        Whether it was ended because its time was up.
    cpu, memory : float
        Seconds of CPU and largest memory in MB, once the kernel has ended.
    """

    gigabytes = Float(0.0, config=True)
    seconds = Float(0.0, config=True)
    is_late = False
    cpu = memory = 0.0
    _timer: threading.Timer | None = None
    process: BaseProcess | None = None  # type: ignore[assignment]  # an ordinary one has a Popen
    code: int | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel and wait until it listens."""
        arguments, cwd = cmd[cmd.index("-f") :], str(kwargs.get("cwd") or "")
        self.process, answer = fork(_run_kernel, arguments, kwargs["env"], cwd, self.gigabytes)
        self.pid, self.pgid, self.cwd = self.process.pid, None, kwargs.get("cwd") or Path.cwd()
        LIVE[self.address] = self
        self._set_timer(START)
        try:  # a client that comes too early waits 0.1 s for its next try
            await asyncio.to_thread(answer.recv)
        except EOFError:  # it ended before it listened; the client will see that
            self.log.debug("The forked kernel ended at its start.")
        finally:
            answer.close()
        self._set_timer(self.seconds)
        return self.connection_info

    def _set_timer(self, seconds: float) -> None:
        """End the kernel after some seconds, in place of an earlier timer."""
        if self._timer:
            self._timer.cancel()
        self._timer = threading.Timer(seconds, self._expire) if seconds else None
        if self._timer:
            self._timer.daemon = True
            self._timer.start()

    def _expire(self) -> None:
        self.is_late = True
        self._kill()

    @property
    def address(self) -> str:
        """The address that the kernel's manager was given."""
        return str(getattr(self.parent, "ip", ""))

    async def poll(self) -> int | None:
        """Return None while the kernel runs, else its exit code."""
        if self.process is None:
            return 0 if self.code is None else self.code
        return self.process.exitcode

    async def wait(self) -> int | None:
        """Wait for the end of the kernel without polling for it."""
        if self.process is not None:
            await asyncio.to_thread(self.process.join)
            self.code = self.process.exitcode
            self.process.close()
            self.process = None
        return self.code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel."""
        if self.process is not None and self.process.is_alive():
            self._measure()
            os.kill(int(self.process.pid or 0), signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002 - asked for by Jupyter
        """End the kernel at once."""
        await self.send_signal(signal.SIGKILL)
        if self.process is not None:
            await asyncio.to_thread(self.process.join)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002 - asked for by Jupyter
        """Ask the kernel to end."""
        await self.send_signal(signal.SIGTERM)

    def find_code(self) -> int | None:
        """Return the exit code of a kernel that ended by itself; None while it runs."""
        if self.process is not None:
            self.process.join(1)
            return self.process.exitcode
        return self.code

    def end(self) -> None:
        """End the kernel, if it still runs, and its timer."""
        self._set_timer(0)
        self._kill()

    def _kill(self) -> None:
        process = self.process
        with suppress(ValueError):  # it was closed in the meantime
            if process is not None and process.is_alive():
                self._measure()
                process.kill()

    def _measure(self) -> None:
        """Remember what the kernel used; once it has ended the system no longer knows."""
        try:
            used = psutil.Process(self.pid)
            times = used.cpu_times()
            self.cpu = times.user + times.system
            self.memory = _peak(int(self.pid or 0)) or used.memory_info().rss / 2**20
        except psutil.Error:
            return


def _peak(pid: int) -> float:
    """The largest memory of a process in MB, where the system tells it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(li.split()[1]) / 1024 for li in lines if li.startswith("VmHWM")), 0.0)


def _run_kernel(
    told: Connection, arguments: Sequence[str], environment: dict[str, str], cwd: str, most: float
) -> None:
    """Be a kernel, in the forked process."""
    from ipykernel.kernelapp import IPKernelApp

    os.environ.clear()
    os.environ.update(environment)
    if cwd:
        os.chdir(cwd)
    limit_memory(most)
    app = IPKernelApp.instance()
    app.initialize(list(arguments))
    told.send("listening")
    told.close()
    app.start()


class QuickClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel answers, without waiting for silence."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both channels.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Raises
        ------
        RuntimeError
            When the kernel died or did not answer in time.
        """
        end = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < end:
            asked = self.kernel_info()
            if await self._is_answered(asked):
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _is_answered(self, asked: str) -> bool:
        """Whether answer and status arrive: what a kernel says before is lost to its client."""
        try:
            while True:
                answer = await self.get_shell_msg(timeout=1)
                if answer["parent_header"].get("msg_id") == asked:
                    break
            while True:
                status = await self.get_iopub_msg(timeout=0.2)
                own = status["parent_header"].get("msg_id") == asked
                if own and status["content"].get("execution_state") == "idle":
                    return True
        except Empty:
            return False


class ForkedManager(AsyncKernelManager):
    """A manager whose kernels are forked, and whose client is ready at once."""

    client_class = DottedObjectName(f"{__name__}.{QuickClient.__name__}")

    @property
    def kernel_spec(self) -> KernelSpec | None:
        """The specification of an ordinary kernel, with another way to start it."""
        spec = super().kernel_spec
        if spec is not None:
            spec.metadata["kernel_provisioner"] = {"provisioner_name": PROVISIONER, "config": {}}
        return spec
