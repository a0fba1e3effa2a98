"""The same plan on a Dask cluster: inputs and outputs travel with each task."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cakra_analysis.errors import PlanError
from cakra_analysis.files import find_place, list_files
from cakra_analysis.report.guard import HELD
from cakra_analysis.report.keys import digest_package
from cakra_analysis.report.make import make_report
from cakra_analysis.report.outcome import Outcome
from cakra_analysis.report.publish import page_path, write_whole
from cakra_analysis.report.run import Run
from cakra_analysis.report.work import Work

SECONDS = 30  # to find the scheduler
RETRIES = 3  # of a run whose worker was lost
Files = dict[str, bytes]


def make_on_cluster(
    address: str, on_start: Callable[[Run], None] = lambda _: None
) -> Callable[[Sequence[Work], Path, Path], Iterator[Outcome]]:
    """Return a maker of reports that uses a Dask cluster.

    Parameters
    ----------
    address : str
        Of the scheduler, for instance ``tls://10.0.0.5:8786``. Its workers need this library in
        the same version; they need neither the data nor a shared disk, but they see the data.
    on_start : callable
        Told of each run when it is handed over.

    Returns
    -------
    callable
        Takes works, the reports folder and the folder of the build; yields outcomes as they come.

    Raises
    ------
    PlanError
        When Dask is not installed, nobody answers at the address, or the workers have another
        version of this library.
    """
    client = _connect(address)
    _check_workers(client, address)

    def make(works: Sequence[Work], to: Path, staged: Path) -> Iterator[Outcome]:
        from distributed import as_completed

        shared: dict[str, Any] = {}
        futures = {}
        for work in works:
            place = str(work.run.notebook) + str(work.run.parameters["data"])
            if place not in shared:
                # A task, so that the cluster can make it again when the worker that has it is lost.
                shared[place] = client.submit(_hand_on, _read_shared(work.run), pure=False)
            on_start(work.run)
            own = _read_own(work.run, to)
            future = client.submit(
                make_parcel, work, shared[place], own, retries=RETRIES, pure=False
            )
            futures[future] = work
        for future in as_completed(futures):
            work = futures[future]
            if future.status == "finished":
                outcome, files = future.result()
                for name, content in files.items():
                    write_whole(staged / name, content)
                yield replace(outcome, run=work.run, page=page_path(to, work.run))
            else:
                cause = "The cluster gave it up: its workers were lost again and again."
                page = page_path(to, work.run)
                yield Outcome(work.run, page, 0.0, cause=cause, kind="dead")
            future.release()

    return make


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise PlanError(
            "--dask: the library distributed is not installed.",
            do='Install it with: pip install "cakra-analysis[dask]"',
        ) from None
    try:
        return Client(address, timeout=SECONDS)
    except (OSError, ValueError) as error:
        raise PlanError(
            f"--dask: no scheduler answers at {address} ({type(error).__name__}).",
            do="Start one with `dask scheduler` and workers with `dask worker ADDRESS`.",
        ) from None


def _check_workers(client: Any, address: str) -> None:
    """Refuse a cluster without workers, or whose workers would make other reports."""
    try:
        client.wait_for_workers(1, timeout=SECONDS)
        found = set(client.run(digest_package).values())
    except TimeoutError:
        raise PlanError(
            f"--dask: the scheduler at {address} has no workers.",
            do=f"Start some with `dask worker {address}`.",
        ) from None
    except ImportError:
        found = {""}
    if found != {digest_package()}:
        raise PlanError(
            f"--dask: not all workers at {address} have this very version of cakra-analysis.",
            do="Install it there too, and start the workers again.",
        )


def _hand_on(files: Files) -> Files:
    return files


def _read_shared(run: Run) -> Files:
    """Data set, settings and notebook, compressed, by the folder where each is put."""
    data = find_place(str(run.parameters["data"]))
    tables: list[Path] = []  # of a database each worker reads them itself
    if isinstance(data, Path):
        tables = list_files(data) if data.is_dir() else [data]
    found = {f"data/{file.name}": file.read_bytes() for file in tables}
    found[f"notebooks/{run.notebook.name}"] = run.notebook.read_bytes()
    if run.parameters["settings"]:
        found["settings.toml"] = Path(str(run.parameters["settings"])).read_bytes()
    return {name: zlib.compress(content, 1) for name, content in found.items()}


def _read_own(run: Run, to: Path) -> Files:
    """Cells held back, and what the reports kept that this one reads."""
    found = {}
    if held := str(run.parameters.get(HELD, "")):
        found["withheld.json"] = Path(held).read_bytes()
    if "reports" in run.parameters:
        cycle = run.name.split("/")[0]
        records = [*(to / cycle).glob("*/*.json"), *(to / ".cakra").glob("current.json")]
        found |= {f"reports/{f.relative_to(to).as_posix()}": f.read_bytes() for f in records}
    return found


def make_parcel(work: Work, shared: Files, own: Files) -> tuple[Outcome, Files]:
    """Make a report where a task arrives.

    Parameters
    ----------
    work : Work
        The run.
    shared : dict of str to bytes
        Data set, settings and notebook, compressed.
    own : dict of str to bytes
        Files of this run alone: cells held back, and what other reports kept.

    Returns
    -------
    tuple of Outcome and dict of str to bytes
        How it ended, and what is to stand in the folder of the build.
    """
    with tempfile.TemporaryDirectory(prefix="cakra-task-") as folder:
        here = Path(folder)
        files = {name: zlib.decompress(content) for name, content in shared.items()}
        for name, content in {**files, **own}.items():
            write_whole(here / name, content)
        staged = here / "staged"
        outcome = make_report(replace(work, run=_move(work.run, here)), here / "reports", staged)
        made = {f.relative_to(staged).as_posix(): f.read_bytes()
                for f in staged.rglob("*") if f.is_file() and not outcome.cause}  # fmt: skip
        return outcome, made


def _move(run: Run, here: Path) -> Run:
    """The run with its paths as they are where it arrived."""
    data = find_place(str(run.parameters["data"]))
    places = {"data": str(data)}
    if isinstance(data, Path):
        workbook = data.suffix.lower() in (".xlsx", ".xlsm")
        places = {"data": str(here / "data" / data.name if workbook else here / "data")}
    places["settings"] = str(here / "settings.toml") if run.parameters["settings"] else ""
    if run.parameters.get(HELD):
        places[HELD] = str(here / "withheld.json")
    if "reports" in run.parameters:
        places["reports"] = str(here / "reports")
    notebook = here / "notebooks" / run.notebook.name
    return replace(run, notebook=notebook, parameters={**run.parameters, **places})
