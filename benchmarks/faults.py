"""What happens when things break: ``python -m benchmarks.faults`` (100 kills and every fault).

A small plan of quick pages is built by the real command, which is killed at random moments together
with, or without, its children; then every other fault in turn. After each, every report that stands
must be whole; after the next run all must be there and say what the data say now.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil

UNITS = 6
KILLS = 100
MARK = "CAKRA_FAULT_RUN"  # in the environment of all that a build starts
PARAMETERS = 'data = ""\ncycle = ""\nunit = ""\nlang = "id"\naudience = "internal"\nsettings = ""'
SHOW = """from cakra_analysis.load import load
from cakra_analysis.report import Page
from cakra_analysis.results import Finding
name = load(data).unit_name(unit)"""
PAGE = """page = Page(lang)
page.header("needs", Finding("needs.leading.hidden", {"instead": name}), [name])"""
KEEP = 'page.provenance([], fingerprint="f", threshold=5)'


READY = Path(tempfile.mkdtemp(prefix="faults-"))
atexit.register(shutil.rmtree, READY, ignore_errors=True)


class BrokenPromiseError(Exception):
    """A report was torn, lost, or wrong."""


class Place:
    """A folder with data, notebook, plan and reports, and the promises about them."""

    def __init__(self, folder: Path, *, units: int = UNITS, minutes: float = 2) -> None:
        self.folder, self.units, self.version = folder, units, 0
        self.data, self.to = folder / "data", folder / "reports"
        self.plan, self.notebook = folder / "reports.toml", folder / "nb" / "01_x.ipynb"
        self.notebook.parent.mkdir()
        self.write_notebook()
        self.write_data()
        self.write_plan(minutes=minutes)

    def write_notebook(self, *extra: str) -> None:
        cells = [nbformat.v4.new_markdown_cell("# Apa?")]
        cells += [nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})]
        cells += [nbformat.v4.new_code_cell(code) for code in (SHOW, *extra, PAGE, KEEP)]
        for number, cell in enumerate(cells):
            cell["id"] = f"cell-{number}"  # the same notebook each time, so the same digest
        nbformat.write(nbformat.v4.new_notebook(cells=cells), self.notebook)

    def write_plan(self, **keys: object) -> None:
        told = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
        self.plan.write_text(
            f'data = "{self.data}"\nnotebooks = "{self.notebook.parent}"\n[[report]]\n'
            f'notebook = "01_x"\nformats = ["xlsx"]\n{told}'
        )

    def write_data(self) -> None:
        """New data: every report has something new to say."""
        self.version += 1
        self.data.mkdir(exist_ok=True)
        units = [f"U{n},R,Unit {n} version {self.version}" for n in range(1, self.units)]
        rows = {
            "about": ["key,value", "population,listed"],
            "units": ["unit_id,parent_id,name", f"R,,Region version {self.version}", *units],
            "positions": ["position_id,name,job_class", "P,Lurah,Pengawas"],
            "staff": ["staff_id,unit_id,position_id,sex", "S1,U1,P,male", "S2,U2,P,female"],
            "competencies": ["competency_id,name_id,name_en,group", "M.1,A,A,manajerial"],
            "standards": ["position_id,competency_id,required_level", "P,M.1,2"],
            "ratings": ["staff_id,competency_id,cycle,source,level", "S1,M.1,2026,self,2"],
        }
        for name, lines in rows.items():
            (self.data / f"{name}.csv").write_text("\n".join(lines) + "\n")

    def command(self, *more: str) -> list[str]:
        cakra = Path(sys.executable).parent / "cakra"
        return [str(cakra), "report", str(self.plan), "--to", str(self.to), *more]

    def start(self, *more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, MARK: str(self.folder)},
            start_new_session=True,
        )

    def build_first(self) -> None:
        """What a first build leaves; it is made once for each number of units, then copied."""
        made = READY / f"{self.units}-{self.plan.read_text().partition('[[')[2]}".replace("\n", "-")
        if not made.exists():
            self.build()
            shutil.copytree(self.to, made)
        else:
            shutil.copytree(made, self.to, dirs_exist_ok=True)

    def build(self, *more: str, code: int = 0) -> str:
        """Build to the end and see that the exit code is as it should be."""
        process = self.start(*more)
        said, _ = process.communicate(timeout=300)
        if process.returncode != code:
            raise BrokenPromiseError(f"exit code {process.returncode}, not {code}:\n{said}")
        return said

    def check_whole(self) -> int:
        """See that no file is torn; return how many reports stand."""
        pages = sorted(self.to.glob("2026/*/*.html"))
        pages = [page for page in pages if not page.name.endswith(".failed.html")]
        for page in pages:
            if not page.read_text().rstrip().endswith("</html>"):
                raise BrokenPromiseError(f"{page} is torn")
        for book in self.to.glob("2026/*/*.xlsx"):
            with zipfile.ZipFile(book) as parts:
                if parts.testzip():
                    raise BrokenPromiseError(f"{book} is torn")
        for record in self.to.glob("2026/*/*.json"):
            json.loads(record.read_text())
        return len(pages)

    def check_right(self) -> None:
        """See that every report is there, its files belong together, and it says what is so now."""
        if self.check_whole() != self.units:
            raise BrokenPromiseError(f"{self.check_whole()} of {self.units} reports are there")
        for page in self.to.glob("2026/*/*.id.html"):
            if f"version {self.version}" not in page.read_text():
                raise BrokenPromiseError(f"{page} does not say what the data say")
        for record in self.to.glob("2026/*/*.id.json"):
            for ending, size in json.loads(record.read_text())["files"].items():
                if record.with_suffix(f".{ending}").stat().st_size != size:
                    raise BrokenPromiseError(f"files of {record} do not belong together")
        left = [*self.to.rglob(".part-*"), *self.to.glob(".building*")]
        if left:
            raise BrokenPromiseError(f"left behind: {left}")

    def processes(self) -> list[psutil.Process]:
        """All that a build of this place has started and that still runs."""
        found = []
        for process in psutil.process_iter():
            try:
                ended = process.status() == psutil.STATUS_ZOMBIE
                if process.environ().get(MARK) == str(self.folder) and not ended:
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def check_gone(self) -> None:
        """See that nothing of a killed build goes on."""
        end = time.monotonic() + 10
        while self.processes():
            if time.monotonic() > end:
                names = [" ".join(p.cmdline())[:80] for p in self.processes()]
                raise BrokenPromiseError(f"still running: {names}")
            time.sleep(0.05)


def kill_at_random(place: Place, rng: random.Random, longest: float) -> str:
    """Start a build and kill something of it after a random time."""
    process = place.start()
    time.sleep(rng.uniform(0.2, longest))
    victims = place.processes()
    target = rng.choice(["builder", "builder", "builder", "everything", "any"])
    if process.poll() is not None or not victims:
        target = "nothing, it had ended"
    elif target == "builder":
        process.kill()
    elif target == "everything":
        for victim in victims:
            end(victim)
    else:
        end(rng.choice(victims))
    process.communicate(timeout=300)
    place.check_gone()
    place.check_whole()
    return target


def end(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGKILL)
    except psutil.Error:
        return


def measure_kills(kills: int, *, seed: int = 1, in_a_row: int = 4) -> str:
    """Kill builds at random moments; after every few, let one come to its end."""
    rng, counts, resumed = random.Random(seed), dict[str, int](), 0
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        start = time.monotonic()
        place.build()
        longest = 1.1 * (time.monotonic() - start)
        target = ""
        for number in range(kills):
            # Else a build that had ended leaves the next one nothing to do, and nothing to kill.
            if number % in_a_row == 0 or target.startswith("nothing"):
                place.write_data()
            target = kill_at_random(place, rng, longest)
            counts[target] = counts.get(target, 0) + 1
            if number % in_a_row == in_a_row - 1 or number == kills - 1:
                said = place.build()
                resumed += "(0.0 s;" in said
                place.check_right()
    told = ", ".join(f"{name}: {count}" for name, count in sorted(counts.items()))
    return f"{kills} kills ({told}): no torn file, no lost report, every later run complete; " \
        f"{resumed} later runs went on from reports that a killed one had ready."  # fmt: skip


def break_notebook(code: str, said: str, **keys: object) -> str:
    """A notebook that breaks: the last good reports stay, the cause is said, the next run mends."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), units=2)
        place.build_first()
        good = {page: page.read_text() for page in place.to.glob("2026/*/*.id.html")}
        place.write_notebook(code)
        place.write_plan(**{"minutes": 2, **keys})
        told = place.build(code=1)
        if not re.search(said, told):
            raise BrokenPromiseError(f"{said} was not said:\n{told}")
        if any(page.read_text() != text for page, text in good.items()):
            raise BrokenPromiseError("a good report was lost")
        place.check_gone()
        place.write_notebook()
        place.build()
        place.check_right()
        if [*place.to.rglob("*.failed.*")]:
            raise BrokenPromiseError("a failure is still noted down")
        return next(line for line in told.splitlines() if line.startswith("Cause:"))


def dead_kernel() -> str:
    return break_notebook("import os\nos.kill(os.getpid(), 9)", "killed|ended")


def dying_kernel() -> str:
    return break_notebook("import os\nos._exit(3)", r"exit code 3")


def hung_kernel() -> str:
    return break_notebook("while True: pass", "longer than its limit", minutes=0.1)


def hung_outside_python() -> str:
    """A loop in C that never lets go of the interpreter."""
    return break_notebook("import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
                          "longer than its limit", minutes=0.1)  # fmt: skip


def out_of_memory() -> str:
    return break_notebook("import numpy\nx = numpy.ones(2 * 10**9)", "more memory", gigabytes=2)


def corrupt_cache(*, damages: int = 6) -> str:
    """Every file that the builder keeps for itself, damaged in several ways, and a torn report."""
    with tempfile.TemporaryDirectory() as folder:
        place, tries = Place(Path(folder), units=2), 0
        place.build_first()
        for file in sorted((place.to / ".cakra").glob("*.json")):
            every = [b"\xff\x00\xfe", file.read_bytes()[:-9], b"", b"{", b"[]", b'{"a": 1}']
            for damage in every[:damages]:
                file.write_bytes(damage)
                said = place.build()
                place.check_right()
                tries += 1
                if " built" in said and "0 built" not in said:
                    raise BrokenPromiseError(f"{file.name}: built again:\n{said}")
        for ending in ("html", "xlsx", "json")[: max(1, damages // 2)]:
            torn = next(place.to.glob(f"2026/*/R.internal.id.{ending}"), None) or next(
                place.to.glob(f"2026/*/*.id.{ending}")
            )
            torn.write_bytes(torn.read_bytes()[:-20])
            if "1 built" not in place.build():
                raise BrokenPromiseError(f"{torn.name} was torn and not built again")
            place.check_right()
            tries += 1
        return f"{tries} damages: nothing built twice, torn reports built again"


def clock_jump() -> str:
    """A clock that was a year ahead: what was built then neither blocks nor is taken as new."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), units=2)
        place.write_plan(minutes=2, cadence="monthly")
        place.build_first()
        for record in place.to.glob("2026/*/*.id.json"):
            content = json.loads(record.read_text())
            record.write_text(json.dumps(content | {"when": "2099-01-01T00:00:00+08:00"}))
            ahead = time.time() + 365 * 86400
            for file in record.parent.glob(f"{record.stem}.*"):
                os.utime(file, (ahead, ahead))
        ratings = place.data / "ratings.csv"
        ratings.write_text(ratings.read_text().replace("self,2", "self,3"))
        said = place.build()
        place.check_right()
        if "dated in the future" not in said:
            raise BrokenPromiseError(f"the clock was not told of:\n{said}")
        return "built again, and said why"


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of its own; needs root."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "x", str(folder)],
                          capture_output=True, text=True)  # fmt: skip
    if done.returncode:
        raise PermissionError(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def full_disk() -> str:
    """The disk of the reports fills up during a build; with room again the next run completes."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), units=2)
        place.to.mkdir()
        with small_disk(place.to, "8m"):
            place.build_first()
            place.write_data()
            filler = place.to / "filler"
            room = shutil.disk_usage(place.to).free
            filler.write_bytes(b"x" * (room - 120_000))  # enough for no whole report
            process = place.start()
            said, _ = process.communicate(timeout=300)
            if process.returncode not in (1, 2) or "No space left" not in said:
                raise BrokenPromiseError(f"exit code {process.returncode}:\n{said}")
            if place.check_whole() != place.units:
                raise BrokenPromiseError("a good report was lost")
            filler.unlink()
            place.build()
            place.check_right()
        return next(line for line in said.splitlines() if "No space left" in line)


def read_only() -> str:
    """A reports folder that cannot be written: one clear line before anything is built."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), units=2)
        place.to.mkdir()
        with small_disk(place.to, "8m"):
            place.build_first()
            place.write_data()
            subprocess.run(["mount", "-o", "remount,ro", str(place.to)], check=True)
            said = place.build(code=2)
            place.check_whole()
            subprocess.run(["mount", "-o", "remount,rw", str(place.to)], check=True)
            place.build()
            place.check_right()
        return said.splitlines()[0].replace(str(place.folder), "...")


def many_builders(count: int = 20) -> str:
    """Builders started together: one builds, the others wait or say who does."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        started = [place.start(*(["--no-wait"] if n % 2 else [])) for n in range(count)]
        said = [process.communicate(timeout=600)[0] for process in started]
        codes = [process.returncode for process in started]
        place.check_right()
        built = sum(" 6 built" in text for text in said)
        waited = sum("Waiting: process" in text for text in said)
        told = sum("is building here; nothing was done" in text for text in said)
        fresh = sum("0 built, 6 up to date" in text for text in said)
        if built != 1 or set(codes) - {0, 2} or built + fresh + told != count:
            raise BrokenPromiseError(f"{codes} {built} {fresh} {told}:\n" + "\n---\n".join(said))
        return f"1 built, {told} said who does and ended, {waited} waited; then all were right"


FAULTS = {
    "kernel killed": dead_kernel,
    "kernel exits": dying_kernel,
    "kernel hangs in Python": hung_kernel,
    "kernel hangs outside Python": hung_outside_python,
    "out of memory": out_of_memory,
    "corrupt cache, torn report": corrupt_cache,
    "clock jump": clock_jump,
    "full disk": full_disk,
    "read-only folder": read_only,
    "20 builders at once": many_builders,
}


def list_faults(wanted: Sequence[str] = ()) -> Iterator[str]:
    """Try faults whose names hold one of the words, all if there are none."""
    for name, fault in FAULTS.items():
        if not wanted or any(word in name for word in wanted):
            try:
                yield f"- {name}: {fault()}"
            except PermissionError as error:
                yield f"- {name}: not tried, {error}"
    if not wanted or "kills" in wanted:
        yield f"- {measure_kills(KILLS)}"


def write_faults() -> str:
    """The section of docs/benchmarks.md; about half an hour."""
    head = "## What happens when things break\n\nA small plan, by the real command"
    lines = "\n".join(list_faults())
    return f"{head} (`benchmarks/faults.py`):\n\n{lines}\n"


def main() -> None:
    for line in list_faults(sys.argv[1:]):
        print(line, flush=True)


if __name__ == "__main__":
    main()
