"""The same plan on a Dask cluster: what local processes make, and a worker that is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest

from benchmarks import faults
from tests.sizes import cases, thorough

distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dask")]


def said(place: faults.Place) -> dict[str, str]:
    """Every page, the moment of its build left out."""
    moment = re.compile(r"(Dibuat|Made) [^<]*?(?=dari|from)|\d{2}[.:]\d{2}")
    pages = [p for p in place.to.glob("2026/*/*.html") if ".failed." not in p.name]
    return {page.name: moment.sub("", page.read_text()) for page in pages}


def start(*command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def read_address(process: subprocess.Popen[str], sign: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(rf"{sign}.*?(tcp://[\d.]+:\d+)", line):
            return found.group(1)
    raise AssertionError("no address was told")


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and two workers, started as an administrator would."""
    local = ("--host", "127.0.0.1", "--port", "0", "--dashboard-address", "127.0.0.1:0")
    scheduler = start("distributed.cli.dask_scheduler", *local)
    address = read_address(scheduler, "Scheduler at")
    shape = ("--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard", "--no-nanny")
    number = cases(1, 2)  # where a worker is lost, another must be there
    workers = [start("distributed.cli.dask_worker", address, *shape) for _ in range(number)]
    for worker in workers:
        read_address(worker, "Start worker at")
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.communicate()


@thorough
def test_a_cluster_makes_what_this_machine_makes_though_a_worker_is_lost(
    cluster, tmp_path: Path
) -> None:
    address, workers = cluster
    place = faults.Place(tmp_path, units=4)
    place.write_notebook("import time\ntime.sleep(1)")
    place.build()
    here = said(place)
    place.check_right()

    build = place.start("--all", "--dask", address)
    deadline = time.monotonic() + 120
    while not [*place.to.glob(".building/ready/**/*.ok")] and time.monotonic() < deadline:
        time.sleep(0.05)
    below = psutil.Process(workers[0].pid).children(recursive=True)
    workers[0].kill()
    told, _ = build.communicate(timeout=240)
    assert build.returncode == 0 and "4 built" in told, told
    place.check_right()
    assert said(place) == here
    psutil.wait_procs(below, timeout=20)
    assert not [p for p in below if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


@thorough
def test_a_cluster_in_one_process_tree(tmp_path: Path) -> None:
    place = faults.Place(tmp_path, units=2)
    place.build_first()
    here = said(place)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as local:
        told = place.build("--all", "--dask", local.scheduler_address)
    assert "2 built" in told and said(place) == here
    place.check_right()


@thorough
def test_what_reads_reports_is_made_on_the_cluster_too(cluster, tmp_path: Path) -> None:
    address, _ = cluster
    place = faults.Place(tmp_path, units=2)
    reader = nbformat.read(place.notebook, as_version=4)
    reader.cells[1].source += '\nreports = ""'
    reader.cells[2].source = (
        f"{faults.SHOW}\nfrom pathlib import Path\n"
        "name = f'records: {len(list(Path(reports).glob(\"*/01-x/*.json\")))}'"
    )
    nbformat.write(reader, place.notebook.with_name("06_reader.ipynb"))
    with place.plan.open("a") as stream:
        stream.write('[[report]]\nnotebook = "06_reader"\nunits = "root"\nformats = []\n')
    assert "3 built" in place.build("--dask", address)
    assert "records: 2" in (place.to / "2026/06-reader/R.id.html").read_text()


def test_workers_of_another_version_are_refused(cluster) -> None:
    from cakra_analysis.errors import PlanError
    from cakra_analysis.report import remote

    def be_another() -> None:
        from pathlib import Path

        from cakra_analysis.report import keys

        keys.digest_package.cache_clear()
        keys.PACKAGE = Path("/nowhere")

    with distributed.Client(cluster[0]) as client:
        client.run(be_another)
    with pytest.raises(PlanError, match=r"not all workers at tcp"):
        remote.make_on_cluster(cluster[0])
