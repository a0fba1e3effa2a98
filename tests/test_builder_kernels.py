"""Forked kernels, limits, the lock, what a stopped build leaves, and a Dask cluster."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from benchmarks import faults
from cakra_analysis.cli import main
from cakra_analysis.errors import BusyError, DataError, PlanError
from cakra_analysis.report import execute as executing
from cakra_analysis.report.build import build_reports
from cakra_analysis.report.building import Watcher
from cakra_analysis.report.ceiling import Limit, StoppedError
from cakra_analysis.report.execute import execute
from cakra_analysis.report.executed import executed_path, keep_executed
from cakra_analysis.report.keep import drop_cycles
from cakra_analysis.report.lock import find_holder, hold_lock
from cakra_analysis.report.outcome import Outcome
from cakra_analysis.report.pool import count_workers
from cakra_analysis.report.publish import STAGED, page_path, publish_reports, write_whole
from cakra_analysis.report.records import keep_success, read_ready
from cakra_analysis.report.render import find_blocks
from cakra_analysis.report.run import Run
from cakra_analysis.report.warm import call, can_fork
from cakra_analysis.synthetic import make_region
from tests.conftest import REGION, ROOT
from tests.sizes import THOROUGH, cases, thorough
from tests.test_builder_choice import run

forking = pytest.mark.skipif(not can_fork(), reason="this system cannot fork from a server")


@pytest.fixture
def place(tmp_path: Path) -> faults.Place:
    return faults.Place(tmp_path, units=2)


def kernel_run(notebook: Path, **fields: object) -> Run:
    return Run(notebook, {}, "x", **fields)


def write(path: Path, *codes: str) -> Path:
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def texts(executed) -> list[str]:
    outputs = [o for cell in executed.notebook.cells for o in cell.get("outputs", [])]
    return [o["data"]["text/plain"] for o in outputs if "data" in o]


@forking
@pytest.mark.slow
@pytest.mark.xdist_group("kernels")
def test_a_forked_kernel_is_a_clean_one(tmp_path: Path) -> None:
    """Libraries are there already, but no name, no environment and no folder of another."""
    asks = write(
        tmp_path / "asks.ipynb",
        "import os, sys, threading, multiprocessing",
        "'cakra_analysis.needs' in sys.modules, 'seen' in dir()",
        "seen = os.environ['CAKRA_TRACE'] = 'x'\nos.getcwd()",
        "os.environ['OMP_NUM_THREADS'], multiprocessing.current_process().daemon",
        "os.environ.get('CAKRA_KEY', 'no key')",
    )
    for _ in range(2):
        said = texts(execute(kernel_run(asks)))
        assert said[0] == "(True, False)" and said[1] == repr(str(tmp_path))
        assert said[2] == "('1', False)" and said[3] == "'no key'"
    assert "CAKRA_TRACE" not in os.environ


@forking
@pytest.mark.slow
@pytest.mark.xdist_group("kernels")
def test_forked_and_fresh_kernels_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"data": str(REGION), "settings": str(ROOT / "settings.toml"), "cycle": "2026"}
    given |= {"unit": "KEL-09", "lang": "id", "audience": "leadership"}
    name = "01_needs" if THOROUGH else "00_data_check"
    one = Run(ROOT / f"notebooks/{name}.ipynb", given)
    warm = execute(one)
    monkeypatch.setattr(executing, "can_fork", lambda: False)
    fresh = execute(one)
    assert find_blocks(warm.notebook) == find_blocks(fresh.notebook)
    assert warm.cpu > 0 and warm.memory > 50


@forking
@pytest.mark.slow
@pytest.mark.xdist_group("kernels")
def test_limits_end_a_report_and_say_which(tmp_path: Path) -> None:
    hangs = write(tmp_path / "hangs.ipynb", "while True: pass")
    with pytest.raises(StoppedError, match=r"limit of 0\.05 minutes") as late:
        execute(kernel_run(hangs, minutes=0.05))
    assert late.value.kind == "time" and '"minutes" in the plan' in late.value.found
    large = write(tmp_path / "large.ipynb", "import numpy", "x = numpy.ones(10**9)")
    with pytest.raises(StoppedError, match='"gigabytes" in the plan') as full:
        execute(kernel_run(large, gigabytes=1.5))
    assert full.value.kind == "memory"
    killed = write(tmp_path / "killed.ipynb", "import os", "os.kill(os.getpid(), 9)")
    with pytest.raises(StoppedError, match="too little memory is the usual cause"):
        execute(kernel_run(killed))


def fails(number: int) -> int:
    raise DataError(f"not {number}")


def gives(number: int) -> int:
    return number + 1


def ends(code: int) -> None:
    os._exit(code)


@forking
@pytest.mark.slow
@pytest.mark.xdist_group("kernels")
def test_a_call_in_a_process_gives_errors_back() -> None:
    assert call(gives, 1, limit=Limit())[0] == 2
    with pytest.raises(DataError, match="not 1"):
        call(fails, 1, limit=Limit())
    with pytest.raises(StoppedError, match="exit code 3"):
        call(ends, 3, limit=Limit())


@thorough
@forking
@pytest.mark.slow
@pytest.mark.parametrize("fault", ["full disk", "clock jump", "read-only folder"])
def test_faults_leave_good_reports(fault: str) -> None:
    try:
        assert faults.FAULTS[fault]()
    except PermissionError as error:
        pytest.skip(str(error))


@forking
@pytest.mark.slow
def test_damaged_files_of_the_builder_are_made_again() -> None:
    assert faults.corrupt_cache(damages=1).startswith("4 damages")


@thorough
@forking
@pytest.mark.slow
def test_killed_builds_leave_good_reports() -> None:
    seed = random.Random().randrange(10**6)
    assert "no torn file" in faults.measure_kills(6, seed=seed)


@forking
@pytest.mark.slow
def test_builders_at_once_do_not_collide() -> None:
    assert faults.many_builders(cases(2, 3)).startswith("1 built")


@forking
@pytest.mark.slow
def test_a_stopped_build_says_so_and_the_next_one_goes_on(place: faults.Place) -> None:
    place.write_notebook("import time\ntime.sleep(0 if unit == 'R' else 600)")
    process = place.start("--workers", "1")
    ready = place.to / STAGED / "ready"
    while not [*ready.rglob("*.ok")]:
        assert process.poll() is None
    process.terminate()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 143 and "what was ready is kept" in said
    place.check_gone()
    assert not [*place.to.glob("2026/*/*.html")]
    place.write_plan(minutes=0.05)
    said = place.build(code=1)  # R was ready; U1 takes too long
    assert "R.id.html  (0.0 s;" in said and "longer than its limit" in said


@forking
@pytest.mark.slow
def test_only_what_changed_is_built(place: faults.Place, capfd) -> None:
    command = ["report", str(place.plan), "--to", str(place.to)]
    assert main(command) == 0 and "2 built." in capfd.readouterr().out
    before = {file: file.stat().st_mtime_ns for file in place.to.rglob("*") if file.is_file()}
    assert main([*command, "--dry-run"]) == 0
    assert "2 reports: 2 fresh." in capfd.readouterr().out
    assert main(command) == 0 and "0 built, 2 up to date." in capfd.readouterr().out
    changed = {f.name for f, time in before.items() if f.stat().st_mtime_ns != time}
    assert changed <= {"log.jsonl", "lock"}

    units = place.data / "units.csv"
    units.write_text(units.read_text().replace("Unit 1 version", "Unit one version"))
    assert main([*command, "--dry-run"]) == 0
    said = capfd.readouterr().out
    assert "check 2026/01-x/R.id: data changed" in said
    assert "make  2026/01-x/U1.id: parameters or formats changed" in said
    assert main(command) == 0
    assert "1 built, 1 checked and unchanged." in capfd.readouterr().out
    assert main([*command, "--all", "--quiet"]) == 0
    assert capfd.readouterr().out == ""  # nothing failed, so there is nothing for cron to mail
    assert main(["status", str(place.to)]) == 0
    assert "2 built" in capfd.readouterr().out


@forking
@pytest.mark.slow
def test_a_build_leaves_nothing_in_the_temporary_folder(
    place: faults.Place, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typefaces, for instance, that are unpacked for print by a process that is ended."""
    own = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(own))
    place.plan.write_text(place.plan.read_text().replace('["xlsx"]', '["pdf"]'))
    assert "2 built" in place.build()
    assert not [*own.rglob("*")]


@forking
@pytest.mark.slow
def test_executed_notebooks_are_kept_without_paths(place: faults.Place, capfd) -> None:
    place.write_notebook("print('stray', data)")
    assert main(["report", str(place.plan), "--to", str(place.to)]) == 0
    kept = place.to / ".cakra/executed/2026/01-x/U1.id.ipynb"
    text = kept.read_text()
    content = nbformat.reads(text, as_version=4)
    assert str(place.folder) not in text and any(
        "unit = 'U1'" in cell.source for cell in content.cells
    )
    assert [o for cell in content.cells for o in cell.get("outputs", [])]


def test_executed_notebooks_grow_old_and_go(tmp_path: Path) -> None:
    staged, to, one = tmp_path / "staged", tmp_path / "to", run()
    for version in range(5):
        write_whole(executed_path(staged, one), str(version))
        keep_executed(staged, to, one, 3)
    folder = executed_path(to, one).parent
    names = ["A.id.ipynb", "A.id.1.ipynb", "A.id.2.ipynb"]
    assert [(folder / name).read_text() for name in names] == ["4", "3", "2"]
    write_whole(executed_path(staged, one), "5")
    keep_executed(staged, to, one, 1)
    assert {file.name: file.read_text() for file in folder.iterdir()} == {"A.id.ipynb": "5"}
    write_whole(executed_path(staged, one), "6")
    keep_executed(staged, to, one, 0)
    assert not [*folder.iterdir()]


def test_the_oldest_cycles_go_and_nobody_elses(tmp_path: Path) -> None:
    for cycle in ("2023", "2024", "2025", "2026"):
        one = run(parameters={"cycle": cycle}, dataset="Here")
        keep_success(tmp_path, one, {"html": "x"}, {}, "2026-01-01T10:00:00+08:00")
    other = run(parameters={"cycle": "2024"}, dataset="There")
    other = replace(other, notebook=Path("04_y.ipynb"))
    keep_success(tmp_path, other, {"html": "x"}, {}, "2026-01-01T10:00:00+08:00")
    assert drop_cycles(tmp_path, "Here", 0) == []
    assert drop_cycles(tmp_path, "Here", 2) == ["2023"]
    assert sorted(f.name for f in tmp_path.glob("20*")) == ["2024", "2025", "2026"]


def test_a_lock_is_held_by_one_and_says_by_whom(tmp_path: Path) -> None:
    held = subprocess.Popen(
        [sys.executable, "-c", "import sys\nfrom pathlib import Path\n"
         "from cakra_analysis.report.lock import hold_lock\n"
         f"with hold_lock(Path({str(tmp_path)!r})):\n  print('held', flush=True)\n"
         "  sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert held.stdout.readline() == "held\n"
    assert find_holder(tmp_path).startswith(f"process {held.pid} on ")
    with (
        pytest.raises(BusyError, match=f"process {held.pid} on .* is building here"),
        hold_lock(tmp_path, wait=False),
    ):
        pass
    waited: list[str] = []

    def let_go(who: str) -> None:
        waited.append(who)
        held.kill()  # a builder that dies holds nothing

    with hold_lock(tmp_path, on_wait=let_go):
        assert f"process {held.pid}" in waited[0]
    held.communicate()
    assert not (tmp_path / ".cakra/holder.json").exists() and find_holder(tmp_path) == ""


def test_a_publication_that_was_cut_short_is_brought_to_its_end(tmp_path, monkeypatch) -> None:
    """All files of a report or none: killed between two of them, the next build moves the rest."""
    to, staged, one = tmp_path / "to", tmp_path / "staged", run()
    keep_success(to, one, {"html": "old", "pdf": b"old", "docx": b"old"}, {}, "2026")
    keep_success(staged, one, {"html": "new", "pdf": b"new", "xlsx": b"new"}, {}, "2027")
    usual, moves = Path.replace, []

    def breaks(self: Path, target: Path) -> Path:
        if self.is_relative_to(staged) and "publish" not in Path(target).name:
            moves.append(target)
            if len(moves) == 2:
                raise KeyboardInterrupt
        return usual(self, target)

    monkeypatch.setattr(Path, "replace", breaks)
    with pytest.raises(KeyboardInterrupt):
        publish_reports(staged, to, [one])
    monkeypatch.undo()
    assert build_reports([], to=to) == []  # another folder of a build: nothing to bring to an end
    from cakra_analysis.report.publish import finish_publishing

    assert finish_publishing(staged, to) == 1 and finish_publishing(staged, to) == 0
    page = page_path(to, one)
    assert page.read_text() == "new" and page.with_suffix(".pdf").read_bytes() == b"new"
    assert page.with_suffix(".xlsx").exists() and not page.with_suffix(".docx").exists()
    assert json.loads(page.with_suffix(".json").read_text())["when"] == "2027"


def test_a_report_that_was_not_looked_through_is_not_taken_over(tmp_path: Path) -> None:
    one = run()
    keep_success(tmp_path, one, {"html": "x"}, {"parts": {"a": "b"}}, "2026")
    assert read_ready(tmp_path, one) == {}


def test_a_build_of_nothing_makes_nothing(tmp_path: Path) -> None:
    def never(*_: object) -> Iterator[Outcome]:
        raise AssertionError("nothing was to be made")

    told = []
    watcher = Watcher(on_choice=lambda choice: told.append(len(choice.works)))
    assert build_reports([], tmp_path, make=never, watcher=watcher) == [] and told == [0]


def test_a_full_disk_is_said_without_a_path() -> None:
    from cakra_analysis.report.make import _tell_disk

    told = _tell_disk(OSError(errno.ENOSPC, "No space left on device", "/secret/place"))
    assert told["kind"] == "disk" and "/secret" not in told["cause"]
    assert "until there is room" in told["cause"]


def test_workers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    class Memory:
        available = 2 * 2**30

    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)), raising=False)
    assert count_workers() == 2 and count_workers(5) == 5
    Memory.available = 1000
    assert count_workers() == 1


@pytest.mark.slow
def test_an_address_where_nobody_answers_is_one_clear_error(monkeypatch) -> None:
    from cakra_analysis.report import remote

    monkeypatch.setattr(remote, "SECONDS", 1)
    with pytest.raises(PlanError, match="no scheduler answers at tcp://127"):
        remote.make_on_cluster("tcp://127.0.0.1:9")


def test_notebooks_name_every_table_that_they_read() -> None:
    """And ask the data set for nothing but what follows from the tables that every page reads."""
    from cakra_analysis.report.reads import read_declaration

    follows = {"gap_definition", "words", "listed", "root", "about", "synthetic", "fingerprint"}
    follows |= {"rare_cycles"}  # of the ratings, which 05 reads whole
    stages = ("01_needs", "02_design", "03_implementation", "04_evaluation", "05_improvement")
    for name in stages:
        path = ROOT / f"notebooks/{name}.ipynb"
        cells = nbformat.read(path, as_version=4).cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        told: set[str] = set()
        while parts := set(re.findall(r"from cakra_analysis\.(year\w*) import", code)) - told:
            code += "".join((ROOT / f"cakra_analysis/{part}.py").read_text() for part in parts)
            told |= parts
        read = set(re.findall(r'\btables\["(\w+)"\]', code))
        assert len(read) > 10 and read <= set(read_declaration(path))
        assert set(re.findall(r"\btables\.(\w+)", code)) <= follows


@pytest.mark.slow
@pytest.mark.xdist_group("kernels")
def test_a_report_says_the_same_without_the_rows_it_does_not_read(tmp_path: Path) -> None:
    from cakra_analysis.report.make import digest_content
    from cakra_analysis.report.reads import CYCLE, read_declaration

    path, said = ROOT / "notebooks/01_needs.ipynb", []
    region = make_region(5, staff=100, cycles=2, with_levels=False)
    for name, reads in (("whole", {}), ("own", read_declaration(path))):
        (tmp_path / name).mkdir()
        for table, frame in region.tables.items():
            own = reads.get(table) == CYCLE and "cycle" in frame
            kept = frame[frame["cycle"] == "2026"] if own else frame
            kept.to_csv(tmp_path / name / f"{table}.csv", index=False)
        given = {"settings": str(ROOT / "settings.toml"), "cycle": "2026", "unit": "CKR"}
        given |= {"lang": "id", "audience": "leadership", "data": str(tmp_path / name)}
        said.append(digest_content(execute(Run(path, given))))
    assert said[0] == said[1]


def test_what_was_ready_serves_but_not_where_a_cell_is_held_back(tmp_path, monkeypatch) -> None:
    from cakra_analysis.report import make
    from cakra_analysis.report.records import mark_ready
    from cakra_analysis.report.work import Work

    one, parts, made = run(), {"a": "b"}, []
    keep_success(tmp_path, one, {"html": "x"}, {"parts": parts, "content": "c"}, "2026")
    mark_ready(tmp_path, one)
    monkeypatch.setattr(make, "_make", lambda work, _: made.append(work.reasons) or {})
    assert make.make_report(Work(one, ("new",), parts), tmp_path, tmp_path).content == "c"
    assert made == []
    make.make_report(Work(one, ("held",), parts), tmp_path, tmp_path)
    make.make_report(Work(one, ("new",), {"a": "other"}), tmp_path, tmp_path)
    assert made == [("held",), ("new",)]
