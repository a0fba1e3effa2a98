"""The builder against its lower bound and others, taking turns: ``python -m benchmarks builder``.

``python -m benchmarks.builder ways`` (``light``, ``rebuild``, ``kernels``) prints one part alone.
Ploomber's engine takes part when it can be imported, Quarto when its command is there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
import psutil

from cakra_analysis.report.ceiling import Limit
from cakra_analysis.report.execute import execute
from cakra_analysis.report.ledger import Ledger
from cakra_analysis.report.parameters import read_parameters
from cakra_analysis.report.plan import read_plan
from cakra_analysis.report.prepare import prepare
from cakra_analysis.report.render import find_blocks, render_page
from cakra_analysis.report.run import Run
from cakra_analysis.report.warm import call, start_server

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "benchmarks.md"
REPORTS, WORKERS, TURNS = 24, 2, 4
SHARE = REPORTS // TURNS  # reports that a way makes before the next one has its turn
SLOW_TURNS = 2  # of the ways that take long
CLASHES: list[str] = []  # reports for which papermill's command failed the first time


def list_runs(notebook: str = "01_needs") -> list[Run]:
    """24 reports of the region, a unit each: its needs, or the light check of its data."""
    runs, _ = read_plan(ROOT / "reports" / "reports.toml")
    runs = [run for run in runs if run.notebook.stem == "01_needs" and not run.is_official]
    names = read_parameters(ROOT / "notebooks" / f"{notebook}.ipynb")
    return [
        replace(
            run,
            notebook=run.notebook.with_name(f"{notebook}.ipynb"),
            parameters={k: v for k, v in run.parameters.items() if k in names},
        )
        for run in runs[:REPORTS]
    ]


def exec_cells(run: Run) -> None:
    """The same cells as plain code; the last expression of a cell is shown, as a kernel would."""
    import ast

    from IPython.core.interactiveshell import InteractiveShell

    os.chdir(run.notebook.parent)
    shown = InteractiveShell.instance().display_formatter.format
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in nbformat.read(run.notebook, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if "parameters" in cell.metadata.get("tags", []):
            names |= dict(run.parameters)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            if value is not None:
                shown(value)


def plain(run: Run) -> None:
    call(exec_cells, run, limit=Limit())


def forked(run: Run) -> None:
    execute(run)


def write_html(run: Run, notebook: nbformat.NotebookNode) -> None:
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    render_page(notebook, lang=run.lang, when=now, index="i", other={}, downloads={})


def forked_html(run: Run) -> None:
    call(write_html, run, execute(run).notebook, limit=Limit())


def by_papermill(run: Run) -> None:
    """Papermill with an ordinary kernel, one BLAS thread."""
    import papermill

    with tempfile.TemporaryDirectory() as folder:
        papermill.execute_notebook(
            str(run.notebook), f"{folder}/x.ipynb", parameters=dict(run.parameters),
            progress_bar=False, cwd=str(run.notebook.parent), kernel_name="python3",
        )  # fmt: skip


def by_command(run: Run) -> None:
    """Papermill's command line, then nbconvert's."""
    with tempfile.TemporaryDirectory() as folder:
        given = [x for k, v in run.parameters.items() for x in ("-r", k, str(v))]
        bins = Path(sys.executable).parent
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        made = f"{folder}/x.ipynb"
        command = [str(bins / "papermill"), "--no-progress-bar", "--cwd", str(run.notebook.parent)]
        command += ["-k", "python3", str(run.notebook), made, *given]
        # Two that start at the same moment may choose the same ports; then one fails.
        if subprocess.run(command, **quiet).returncode:
            CLASHES.append(run.name)
            subprocess.run(command, **quiet, check=True)
        command = [str(bins / "jupyter"), "nbconvert", "--to", "html", made]
        subprocess.run(command, **quiet, check=True)


def by_ploomber(run: Run) -> None:
    from ploomber_engine import execute_notebook

    with tempfile.TemporaryDirectory() as folder:
        execute_notebook(
            str(run.notebook), f"{folder}/x.ipynb", parameters=dict(run.parameters),
            progress_bar=False, cwd=str(run.notebook.parent),
        )  # fmt: skip


def by_quarto(run: Run) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(run.notebook, folder))
        given = [x for k, v in run.parameters.items() for x in ("-P", f"{k}:{v}")]
        command = ["quarto", "render", str(copy), "--execute", "--to", "html", *given]
        subprocess.run(command, check=True, capture_output=True)


def in_threads(way: Callable[[Run], None], runs: Sequence[Run]) -> None:
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(way, runs))


def in_processes(way: Callable[[Run], None], runs: Sequence[Run]) -> None:
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(way, runs))


def in_a_loop(way: Callable[[Run], None], runs: Sequence[Run]) -> None:
    for run in runs:
        way(run)


COMMANDS = "papermill's command line, then nbconvert's"
BOUND, FORKED, HTML = "bound: plain code in forked processes", "cakra: executed", "cakra: with HTML"
WAYS: dict[str, tuple[Callable[..., None], Callable[[Run], None]]] = {
    BOUND: (in_threads, plain),
    FORKED: (in_threads, forked),
    HTML: (in_threads, forked_html),
    "papermill in a process pool": (in_processes, by_papermill),
    "papermill in a loop": (in_a_loop, by_papermill),
    COMMANDS: (in_threads, by_command),
}


def list_ways() -> dict[str, tuple[Callable[..., None], Callable[[Run], None]]]:
    ways = dict(WAYS)
    with contextlib.suppress(ImportError):
        import ploomber_engine  # noqa: F401

        os.environ["PLOOMBER_STATS_ENABLED"] = "false"
        ways["ploomber-engine in a process pool"] = (in_processes, by_ploomber)
    if shutil.which("quarto"):
        ways["quarto"] = (in_threads, by_quarto)
    return ways


def measure_ways(notebook: str = "01_needs") -> str:
    """Every way makes every report, in turns of a few reports; the order turns round too."""
    runs, ways = list_runs(notebook), list_ways()
    start_server([str(runs[0].parameters["data"])])
    for way in (plain, forked_html):
        way(runs[0])  # the server is ready now, and papermill imported
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(TURNS):
        order = list(ways) if turn < SLOW_TURNS else [BOUND, FORKED, HTML]
        for name in order if turn % 2 == 0 else reversed(order):
            pool, way = ways[name]
            start = time.perf_counter()
            pool(way, runs[turn * SHARE : (turn + 1) * SHARE])
            seconds[name].append(time.perf_counter() - start)
            print(f"turn {turn + 1}, {name}: {seconds[name][-1]:.1f} s", flush=True)
    return "\n".join([*tell_ways(seconds), *tell_missing(ways)])


def tell_ways(seconds: Mapping[str, Sequence[float]]) -> list[str]:
    """A row a way; what is set against each other comes from the same turns."""
    lines = ["| way | reports | s a report | of the bound | by turn | times faster than commands |",
             "|---|---|---|---|---|---|"]  # fmt: skip
    commands = seconds[COMMANDS]
    for name, took in seconds.items():
        bound = seconds[BOUND][: len(took)]
        ratios = [a / b for a, b in zip(took, bound, strict=True)]
        faster = sum(commands) / sum(took[: len(commands)])
        each = sum(took) / len(took) / SHARE
        lines.append(
            f"| {name} | {len(took) * SHARE} | {each:.2f} | {sum(took) / sum(bound):.2f} "
            f"| {min(ratios):.2f}-{max(ratios):.2f} | {faster:.1f} |"
        )
    return lines


def tell_missing(ways: Mapping[str, object]) -> list[str]:
    missing = [n for n in ("ploomber", "quarto") if not any(n in name for name in ways)]
    lines = ["", f"Not measured, as not installed here: {', '.join(missing)}."] if missing else []
    clashed = f"Papermill's command failed {len(CLASHES)} times and was started again."
    return [*lines, *(["", clashed] if CLASHES else [])]


def cakra(*arguments: str) -> tuple[float, str]:
    command = [str(Path(sys.executable).parent / "cakra"), *arguments]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    return time.perf_counter() - start, done.stdout + done.stderr


def best_of(times: int, *arguments: str) -> tuple[float, str]:
    tries = [cakra(*arguments) for _ in range(times)]
    return statistics.median(seconds for seconds, _ in tries), tries[-1][1]


PLAN = """data = "{data}"
settings = "{root}/settings.toml"
notebooks = "{root}/notebooks"
[[report]]
notebook = "01_needs"
formats = []
[[report]]
notebook = "06_brief"
units = "root"
formats = []
"""


def measure_rebuilds() -> str:
    """Nothing changed, for 24 and for 2,000 reports; then one rating of one unit changed."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        to, data = Path(folder) / "reports", Path(folder) / "data"
        shutil.copytree(ROOT / "data" / "cakranegara", data)
        shutil.rmtree(data / "truth", ignore_errors=True)
        plan = Path(folder) / "plan.toml"
        text = PLAN.format(root=ROOT, data=data)
        units = list(dict.fromkeys(str(run.parameters["unit"]) for run in list_runs()))[:23]
        plan.write_text(text.replace('"01_needs"\n', f'"01_needs"\nunits = {json.dumps(units)}\n'))
        seconds, said = cakra("report", str(plan), "--to", str(to))
        lines.append(f"- 24 reports built (pages only): {seconds:.0f} s.")
        seconds, said = best_of(5, "report", str(plan), "--to", str(to))
        lines.append(f"- nothing changed, 24 reports: {seconds:.2f} s ({said.splitlines()[-2]})")
        unit = change_a_rating(data, units)
        seconds, said = cakra("report", str(plan), "--to", str(to))
        built = [line.split()[1].split("/")[-1] for line in said.splitlines() if "built  " in line]
        last = next(line for line in said.splitlines() if " reports from " in line)
        lines.append(f"- one rating of {unit} changed: {seconds:.0f} s; {last} Written anew: "
                     f"{', '.join(built)}.")  # fmt: skip
    seconds = measure_many(2000)
    lines.append(f"- nothing changed, 2,000 planned reports: {seconds:.2f} s")
    return "\n".join(lines)


def change_a_rating(data: Path, units: Sequence[str]) -> str:
    """Change the last rating of somebody in one of the lowest units."""
    import pandas as pd

    staff = pd.read_csv(data / "staff.csv", dtype=str)
    ratings = pd.read_csv(data / "ratings.csv", dtype=str)
    unit = next(u for u in reversed(units) if u.startswith("KEL"))
    own = ratings["staff_id"].isin(staff.loc[staff["unit_id"] == unit, "staff_id"])
    row = ratings.index[own & (ratings["cycle"] == "2026") & ratings["level"].isin(list("1234"))][
        -1
    ]
    ratings.loc[row, "level"] = str(int(ratings.loc[row, "level"]) + 1)
    ratings.to_csv(data / "ratings.csv", index=False)
    return unit


def measure_many(count: int) -> float:
    """The time of a build with nothing to do, over reports that were put there by the library."""
    from datetime import UTC, datetime

    from cakra_analysis.report.keys import find_parts
    from cakra_analysis.report.records import keep_success
    from cakra_analysis.report.work import find_other

    with tempfile.TemporaryDirectory() as folder:
        data, to, plan = Path(folder) / "data", Path(folder) / "reports", Path(folder) / "plan.toml"
        write_units(data, count // 2)
        plan.write_text(
            f'data = "{data}"\nnotebooks = "{ROOT}/notebooks"\n[[report]]\nnotebook = "01_needs"\n'
            'languages = ["id", "en"]\nformats = []\n'
        )
        prepared = prepare(plan, to)
        names = {run.name for run in prepared.runs}
        record = {"title": "t", "facts": {}, "findings": [], "tables": [], "content": "c"}
        ledger, now = Ledger(to), datetime.now(UTC).isoformat()
        for run in prepared.runs:
            parts = find_parts(run, prepared.digests[run.name], other=find_other(run, names))
            keep_success(to, run, {"html": "x" * 200_000}, {**record, "parts": parts}, now)
            ledger.keep(run, parts, "c", now)
        ledger.save()
        cakra("report", str(plan), "--to", str(to))  # writes the index
        seconds, said = best_of(3, "report", str(plan), "--to", str(to))
        if f"{count} up to date" not in said:
            raise SystemExit(f"Not everything was up to date: {said}")
        return seconds


def write_units(data: Path, count: int) -> None:
    data.mkdir(parents=True)
    staff = range(count - 1)
    competency = "M.1,Integritas,Integrity,manajerial"
    tables = {
        "about": ["key,value", "population,listed"],
        "units": ["unit_id,parent_id,name", "R,,Region",
                  *(f"U{n:04},R,Unit {n}" for n in staff)],
        "positions": ["position_id,name,job_class", "P,Lurah,Pengawas"],
        "staff": ["staff_id,unit_id,position_id,sex",
                  *(f"S{n:04},U{n:04},P,male" for n in staff)],
        "competencies": ["competency_id,name_id,name_en,group", competency],
        "standards": ["position_id,competency_id,required_level", "P,M.1,2"],
        "ratings": ["staff_id,competency_id,cycle,source,level",
                    *(f"S{n:04},M.1,2026,self,2" for n in staff)],
    }  # fmt: skip
    for name, rows in tables.items():
        (data / f"{name}.csv").write_text("\n".join(rows) + "\n")


def measure_kernels(count: int = 200) -> str:
    """Forked kernels in a row: nothing is left behind, and what they say is what fresh ones say."""
    from cakra_analysis.report import execute as module

    run = list_runs()[0]
    start_server([str(run.parameters["data"])])
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.ipynb"
        cells = [
            nbformat.v4.new_code_cell(code)
            for code in ("x = 1", "import numpy\nnumpy.ones(3).sum()")
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), small)
        tiny = replace(run, notebook=small, parameters={})
        execute(tiny)
        me = psutil.Process()
        server = next(c for c in me.children() if "forkserver" in " ".join(c.cmdline()))
        before = count_things(me, server)
        start = time.perf_counter()
        for _ in range(count):
            execute(tiny)
        seconds = (time.perf_counter() - start) / count
        after = count_things(me, server)
    warm = find_blocks(execute(run).notebook)
    usual, module.can_fork = module.can_fork, lambda: False
    try:
        fresh = find_blocks(execute(run).notebook)
    finally:
        module.can_fork = usual
    same = json.dumps(warm, sort_keys=True) == json.dumps(fresh, sort_keys=True)
    lines = ["| left behind | before | after |", "|---|---|---|"]
    lines += [f"| {name} | {before[name]} | {after[name]} |" for name in before]
    head = f"{count} kernels in a row, one at a time: {seconds:.3f} s each (start, two cells, end)."
    foot = f"Blocks of a needs report from a forked and from a fresh kernel are equal: {same}."
    return "\n".join([head, "", *lines, "", foot])


def count_things(me: psutil.Process, server: psutil.Process) -> dict[str, Any]:
    below = [*me.children(recursive=True)]
    return {
        "processes": len(below),
        "zombies": sum(p.status() == psutil.STATUS_ZOMBIE for p in below),
        "open files of the builder": me.num_fds(),
        "open files of the server": server.num_fds(),
        "listening ports": sum(len(p.net_connections("tcp")) for p in (me, *below)),
        "threads of the builder": me.num_threads(),
        "temporary files": len(list(Path(tempfile.gettempdir()).glob("cakra-*"))),
        "memory of the server, MB": round(server.memory_info().rss / 2**20),
        "memory of the builder, MB": round(me.memory_info().rss / 2**20),
    }


PARTS: dict[str, Callable[[], str]] = {
    "ways": measure_ways,
    "light": lambda: measure_ways("00_data_check"),
    "rebuild": measure_rebuilds,
    "kernels": measure_kernels,
}


TEXT = """## The builder

{reports} needs reports of the region, {workers} at a time, every way taking turns of {share}
reports in one run, the slow ways for half of them (`benchmarks/builder.py`). One BLAS thread
everywhere. The bound and cakra's kernels share the loaded data set; all other ways load it
themselves, as they must.

{ways}

The same for light reports, the check of a unit's data (`00_data_check`), where starting a kernel
weighs more:

{light}

### Built again

{rebuild}

### Kernels left behind

{kernels}
"""


def write_builder() -> str:
    """The section of docs/benchmarks.md; about a quarter of an hour."""
    told = {name: measure() for name, measure in PARTS.items()}
    return TEXT.format(reports=REPORTS, workers=WORKERS, share=SHARE, **told)


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    for name in wanted:
        print(f"### {name}\n\n{PARTS[name]()}\n", flush=True)


if __name__ == "__main__":
    # Under its own name, so that processes of a pool find its functions.
    from benchmarks import builder

    builder.main()
