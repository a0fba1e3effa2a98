"""A timetable for builds: systemd's files, the crontab, and the examples beside them.

The schedulers' programs are small stand-ins on a path of their own, which note down each call.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from cakra_analysis.cli import main
from cakra_analysis.errors import ScheduleError
from cakra_analysis.schedule import job as jobs
from cakra_analysis.schedule.crontab import put_block, take_block, write_block
from cakra_analysis.schedule.job import Job, make_job, next_start, read_note, write_note
from cakra_analysis.schedule.units import write_units
from tests.conftest import ROOT

EXAMPLES = ROOT / "docs" / "scheduling"
PLAN = 'data = "data"\n[[report]]\nnotebook = "01_needs"\n'
UNQUOTED = "100% of $HOME `id` é; #"
NASTY = 'it\'s 100% $HOME "q" `id` é; #'

STAND_INS = {
    "systemctl": """
if "is-system-running" in sys.argv:
    print((home / "state").read_text())
    sys.exit(0 if (home / "state").read_text() == "running" else 1)
if "show" in sys.argv:
    if sys.argv[3].endswith(".service"):
        print("ExecMainStartTimestamp=Tue 2026-11-24 05:30:02 UTC\\nExecMainStatus=1")
        sys.exit()
    print("NextElapseUSecRealtime=Wed 2026-11-25 05:30:14 UTC")
    print("ActiveState=" + (home / "active").read_text())
if (home / "fail").exists() and (home / "fail").read_text() in sys.argv:
    sys.exit("Failed to connect to bus: No medium found")
""",
    "crontab": """
table = home / "table"
if (home / "fail").exists():
    sys.exit("You (cakra) are not allowed to use this program (crontab)")
if sys.argv[1] == "-l":
    if not table.exists():
        sys.exit("no crontab for cakra")
    sys.stdout.buffer.write(table.read_bytes())
elif sys.argv[1] == "-r":
    table.unlink()
elif sys.argv[1] == "-":
    table.write_bytes(sys.stdin.buffer.read())
""",
    "loginctl": 'print("Linger=" + (home / "linger").read_text())',
}


class Machine:
    """A home, a plan and some schedulers."""

    def __init__(self, folder: Path) -> None:
        self.home, self.programs = folder / "home", folder / "programs"
        self.table, self.units = self.home / "table", self.home / ".config/systemd/user"
        for path in (self.home, self.programs, folder / "work"):
            path.mkdir()
        self.plan = folder / "work" / "reports.toml"
        self.plan.write_text(PLAN)
        for name, text in {"state": "running", "active": "active", "linger": "yes"}.items():
            (self.home / name).write_text(text)

    def has(self, *names: str) -> None:
        for name in names:
            program = self.programs / name
            program.write_text(
                f"#!{sys.executable}\nimport sys, pathlib\n"
                f"home = pathlib.Path({str(self.home)!r})\n"
                "with (home / 'calls').open('a') as calls:\n"
                "    print(pathlib.Path(sys.argv[0]).name, *sys.argv[1:], file=calls)\n"
                f"{STAND_INS[name]}\n"
            )
            program.chmod(0o755)

    def calls(self) -> list[str]:
        path = self.home / "calls"
        calls = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return calls

    def files(self) -> list[str]:
        return sorted(path.name for path in self.units.glob("*")) if self.units.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    monkeypatch.setenv("HOME", str(machine.home))
    monkeypatch.setenv("PATH", str(machine.programs))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.chdir(machine.plan.parent)
    return machine


def schedule(*words: object) -> int:
    return main(["schedule", *map(str, words)])


# systemd.


def test_a_working_user_manager_gets_a_timer(machine, capsys) -> None:
    machine.has("systemctl", "crontab", "loginctl")
    assert schedule("install", "reports.toml", "--at", "6.15", "--to", "out") == 0
    name = jobs.name_job(machine.plan)
    assert machine.files() == [f"{name}.service", f"{name}.timer"]
    service, timer = ((machine.units / f"{name}.{end}").read_text() for end in ("service", "timer"))
    folder = machine.plan.parent
    cakra = Path(sys.executable).parent / "cakra"
    command = f"{cakra} report {machine.plan} --to {folder / 'out'} --no-wait --quiet"
    assert f"\nExecStart={command}\n" in service
    assert f"\nWorkingDirectory={folder}\n" in service
    assert "\nOnCalendar=*-*-* 06:15:00\n" in timer
    assert "\nPersistent=true\n" in timer
    changes = [call for call in machine.calls() if re.search("daemon|enable|restart", call)]
    assert changes == [
        "systemctl --user daemon-reload",
        f"systemctl --user enable --now {name}.timer",
        f"systemctl --user restart {name}.timer",
    ]
    assert not machine.table.exists()
    told = capsys.readouterr().out
    assert "Next start: Wed 2026-11-25 05:30:14 UTC." in told
    assert "Last start: Tue 2026-11-24 05:30:02 UTC; exit code 1." in told


@pytest.mark.slow
def test_remove_takes_away_what_install_wrote_and_no_more(machine) -> None:
    machine.has("systemctl")
    machine.units.mkdir(parents=True)
    (machine.units / "other.timer").write_text("mine")
    assert schedule("install", "reports.toml") == 0
    machine.calls()
    assert schedule("remove", "reports.toml") == 0
    assert machine.files() == ["other.timer"]
    name = jobs.name_job(machine.plan)
    assert f"systemctl --user disable --now {name}.timer" in machine.calls()
    assert schedule("remove", "reports.toml") == 0
    assert not any("disable" in call for call in machine.calls())


def test_remove_works_when_the_user_manager_does_not(machine) -> None:
    machine.has("systemctl")
    schedule("install", "reports.toml")
    wants = machine.units / "timers.target.wants"
    wants.mkdir()
    (wants / f"{jobs.name_job(machine.plan)}.timer").symlink_to("nowhere")
    (machine.programs / "systemctl").unlink()
    assert schedule("remove", "reports.toml") == 0
    assert machine.files() == ["timers.target.wants"]
    assert list(wants.iterdir()) == []


def test_a_refusal_of_systemd_leaves_nothing_behind(machine, capsys) -> None:
    machine.has("systemctl")
    (machine.home / "fail").write_text("enable")
    assert schedule("install", "reports.toml") == 2
    assert machine.files() == []
    assert "No medium found" in capsys.readouterr().err


@pytest.mark.slow
def test_a_refusal_of_systemd_leaves_the_job_that_was_there(machine) -> None:
    machine.has("systemctl")
    schedule("install", "reports.toml", "--at", "04:00")
    (machine.home / "fail").write_text("enable")
    assert schedule("install", "reports.toml", "--at", "05:00") == 2
    timer = (machine.units / f"{jobs.name_job(machine.plan)}.timer").read_text()
    assert "OnCalendar=*-*-* 04:00:00" in timer


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
@pytest.mark.parametrize("every", jobs.EVERY)
@pytest.mark.parametrize("name", ["cakra", UNQUOTED, NASTY], ids=["plain", "odd", "nasty"])
def test_systemd_itself_finds_nothing_wrong(name: str, every: str, tmp_path: Path) -> None:
    """It looks for the program too, so it must read the path back as it was meant."""
    job = Job(str(tmp_path / "p"), str(tmp_path), (f"{tmp_path}/{name}", name), "05:30", every)
    program = tmp_path / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = {tmp_path / file: text for file, text in write_units(job).items()}
    for file, text in units.items():
        file.write_text(text)

    def verify() -> subprocess.CompletedProcess:
        command = ["systemd-analyze", "verify", "--user", *map(str, units)]
        here = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
        return subprocess.run(command, capture_output=True, text=True, env=here)

    said = verify()
    assert job.name not in said.stderr + said.stdout
    assert said.returncode == 0
    if name != NASTY:  # that one is started by a shell
        program.unlink()
        assert f"{program} is not executable" in verify().stderr


@pytest.mark.parametrize("name", ["plain", UNQUOTED, NASTY, "back\\slash"])
def test_systemd_reads_every_word_back(name: str, tmp_path: Path) -> None:
    """Its double quotes are those of a shell, a percent sign aside; the colon keeps each ``$``."""
    program = tmp_path / name
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$0" "$@"\n')
    program.chmod(0o755)
    words = (str(program), NASTY, "back\\slash", "%h %% $$ ${X}", "plain")
    service = next(iter(write_units(Job("/p", f"/srv/{name}", words)).values()))
    told = re.search(r"^ExecStart=:(.*)$", service, re.MULTILINE)
    assert told is not None
    command = [word.replace("%%", "%") for word in shlex.split(told[1])]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert said.splitlines() == list(words)
    assert f"\nWorkingDirectory=/srv/{name.replace('%', '%%')}\n" in service


# cron.


def test_a_user_manager_that_does_not_answer_leaves_it_to_cron(machine, capsys) -> None:
    machine.has("systemctl", "crontab")
    (machine.home / "state").write_text("offline")
    assert schedule("install", "reports.toml") == 0
    assert machine.files() == []
    lines = machine.table.read_text().splitlines()
    assert [line.split("set -a")[0] for line in lines[2:4]] == ["30 5 * * * ", "@reboot sleep 60; "]
    assert "Scheduled by cron: every day at 05:30" in capsys.readouterr().out


FOREIGN = [
    b"# mine\nMAILTO=me\n\n0 1 * * * date +\\%F > /tmp/x\n",
    b"0 1 * * * echo caf\xe9\r\n\t# odd\x0bline\n",
    b"# >>> cakra-00000000 another plan\n@daily true\n# <<< cakra-00000000\n",
]


@pytest.mark.slow
@pytest.mark.parametrize("foreign", [*FOREIGN, b"".join(FOREIGN)])
def test_foreign_lines_stay_byte_for_byte(machine, foreign: bytes) -> None:
    machine.has("crontab")
    machine.table.write_bytes(foreign)
    for at in ("05:30", "05:30", "22:00"):
        assert schedule("install", "reports.toml", "--at", at) == 0
        assert machine.table.read_bytes().startswith(foreign)
    assert machine.table.read_bytes().count(b"@reboot") == 1
    assert schedule("remove", "reports.toml") == 0
    assert machine.table.read_bytes() == foreign


def test_a_block_is_taken_from_among_later_lines() -> None:
    job = Job("/p.toml", "/", ("cakra",))
    installed = put_block(b"0 1 * * * first\n", job) + b"0 2 * * * later\n"
    assert take_block(installed, job.name) == b"0 1 * * * first\n0 2 * * * later\n"
    assert put_block(installed, job).endswith(b"0 2 * * * later\n" + write_block(job).encode())
    assert put_block(b"0 1 * * * no end", job).startswith(b"0 1 * * * no end\n# >>> ")


def test_no_crontab_before_is_no_crontab_after(machine) -> None:
    machine.has("crontab")
    assert schedule("install", "reports.toml") == 0
    assert schedule("remove", "reports.toml") == 0
    assert not machine.table.exists()


def test_a_crontab_that_cannot_be_read_is_not_written(machine, capsys) -> None:
    machine.has("crontab")
    machine.table.write_bytes(FOREIGN[0])
    (machine.home / "fail").write_text("")
    assert schedule("install", "reports.toml") == 2
    assert machine.calls() == ["crontab -l"]
    assert machine.table.read_bytes() == FOREIGN[0]
    assert "not allowed to use this program" in capsys.readouterr().err


@pytest.mark.parametrize("mark", ["# >>> {}", "# <<< {}", "# <<< {0}\n# >>> {0}"])
def test_half_a_block_is_left_to_the_reader(machine, mark: str, capsys) -> None:
    machine.has("crontab")
    table = f"{mark.format(jobs.name_job(machine.plan))}\n0 1 * * * mine\n".encode()
    machine.table.write_bytes(table)
    for action in ("install", "remove", "status"):
        assert schedule(action, "reports.toml") == 2
    assert machine.table.read_bytes() == table
    assert "crontab -e" in capsys.readouterr().err


@pytest.mark.parametrize("takes_backslash", [True, False])
@pytest.mark.parametrize("line", [2, 3], ids=["daily", "reboot"])
def test_cron_and_the_shell_read_every_path_back(
    tmp_path: Path, line: int, takes_backslash: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / NASTY
    folder.mkdir()
    program = folder / "cakra"
    program.write_text('#!/bin/sh\npwd > told\nprintf "%s\\n" "$@" "$SECRET" >> told\n')
    program.chmod(0o755)
    secrets = tmp_path / ".config" / "cakra" / "environment"
    secrets.parent.mkdir(parents=True)
    secrets.write_text("SECRET='a $b %c'\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    job = Job(str(folder / "p.toml"), str(folder), (str(program), "report", NASTY))
    told = write_block(job).splitlines()[line]
    command = told.split(maxsplit=5)[5] if line == 2 else told.partition("sleep 60; ")[2]
    assert not re.search(r"(?<!\\)%", command)  # cron would end the command there
    command = command.replace("\\%", "%") if takes_backslash else command
    subprocess.run(["/bin/sh", "-c", command], check=True)
    assert (folder / "told").read_text().splitlines() == [str(folder), "report", NASTY, "a $b %c"]


def test_paths_that_a_crontab_cannot_hold_are_refused(machine, capsys) -> None:
    machine.has("crontab")
    assert schedule("install", "reports.toml", "--to", "x" * 1000) == 2
    assert schedule("install", "reports.toml", "--to", "a\\b") == 2
    assert not machine.table.exists()
    assert "short, plain names" in capsys.readouterr().err


# Both.


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b", "\u2028", "\udcff", "\\"])
def test_paths_that_nothing_can_hold_are_refused(sign: str) -> None:
    with pytest.raises(ScheduleError, match="no line break"):
        make_job(Path("reports.toml"), to=f"a{sign}")


def test_without_any_scheduler_other_ways_are_named(machine, capsys) -> None:
    assert schedule("install", "reports.toml") == 2
    told = capsys.readouterr().err
    assert "Neither" in told
    assert "docs/scheduling" in told
    assert EXAMPLES.joinpath("README.md").exists()
    assert not (machine.home / ".config").exists()


def test_a_kind_that_does_not_work_is_refused(machine, capsys) -> None:
    machine.has("crontab")
    assert schedule("install", "reports.toml", "--kind", "systemd") == 2
    assert "What works here: cron." in capsys.readouterr().err
    assert not machine.table.exists()


def test_a_dry_run_shows_both_and_changes_nothing(machine, capsys) -> None:
    machine.has("systemctl", "crontab")
    machine.table.write_bytes(FOREIGN[0])
    assert schedule("install", "reports.toml", "--dry-run") == 0
    told = capsys.readouterr().out
    assert "would use systemd" in told
    job = make_job(machine.plan)
    for text in [*write_units(job).values(), write_block(job)]:
        assert text in told
    assert machine.files() == []
    assert machine.table.read_bytes() == FOREIGN[0]
    assert machine.calls() == ["systemctl --user is-system-running"]
    schedule("install", "reports.toml")
    assert schedule("remove", "reports.toml", "--dry-run") == 0
    assert "Would be taken out of systemd" in capsys.readouterr().out
    assert len(machine.files()) == 2


@pytest.mark.slow
def test_a_plan_is_never_in_both(machine, capsys) -> None:
    machine.has("systemctl", "crontab")
    for kind, files, lines in [("cron", 0, True), ("systemd", 2, False), ("cron", 0, True)]:
        assert schedule("install", "reports.toml", "--kind", kind) == 0
        assert (len(machine.files()), machine.table.exists()) == (files, lines)
    assert "Taken out of systemd" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (None, "no such plan"),
        ("data = 1", "wrong type"),
        (f'{PLAN}[notices]\npassword = "x"\n', "Secrets come from the environment only"),
    ],
)
def test_a_plan_that_would_fail_each_night_is_refused(machine, plan, said, capsys) -> None:
    machine.has("systemctl")
    machine.plan.unlink()
    if plan:
        machine.plan.write_text(plan)
    assert schedule("install", "reports.toml") == 2
    assert said in capsys.readouterr().err
    assert machine.files() == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["systemd", "cron"])
def test_status_tells_what_is_installed_and_what_is_wrong(machine, kind, capsys) -> None:
    machine.has("systemctl", "crontab")
    assert schedule("status", "reports.toml") == 1
    assert "is not scheduled" in capsys.readouterr().out
    schedule("install", "reports.toml", "--kind", kind, "--every", "week", "--at", "7:05")
    capsys.readouterr()
    schedule("status", "reports.toml")
    told = capsys.readouterr().out
    assert f"scheduled by {kind}" in told
    assert f"Every week at 07:05, in {machine.plan.parent}:" in told
    assert f"report {machine.plan} --no-wait --quiet" in told
    assert "Next start: " in told
    assert "no longer there" not in told
    machine.plan.unlink()
    assert schedule("status", "reports.toml") == 1
    assert f"Warning: The plan {machine.plan} is no longer there." in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["systemd", "cron"])
def test_status_warns_when_cakra_has_gone(machine, kind, capsys, monkeypatch) -> None:
    machine.has("systemctl", "crontab")
    monkeypatch.setattr(jobs, "_find_cakra", lambda: ("/gone/bin/cakra",))
    schedule("install", "reports.toml", "--kind", kind)
    assert schedule("status", "reports.toml") == 1
    assert "/gone/bin/cakra is no longer there, so no build can start" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Nice=10", "Nice=5", "not as this version writes it"),
        ("# cakra: {", "# cakra: ", "cannot be read any more"),
        ('"every": "day"', '"every": "hour"', "cannot be read any more"),
        ('"at": "05:30"', '"at": "99:30"', "cannot be read any more"),
    ],
)
def test_status_warns_of_a_change_by_hand(machine, old: str, new: str, said: str, capsys) -> None:
    machine.has("systemctl")
    schedule("install", "reports.toml")
    file = machine.units / f"{jobs.name_job(machine.plan)}.service"
    file.write_text(file.read_text().replace(old, new))
    assert schedule("status", "reports.toml") == 1
    assert said in capsys.readouterr().out
    assert schedule("install", "reports.toml") == 0
    assert schedule("status", "reports.toml") == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("state", "offline", "does not answer"),
        ("active", "inactive", "the timer is not running"),
        ("linger", "no", "loginctl enable-linger"),
        (".config/cakra/environment", "P='x'", "can be read by others"),
    ],
)
def test_status_warns_of_what_stops_a_timer(machine, file, text, said, capsys) -> None:
    machine.has("systemctl", "loginctl")
    schedule("install", "reports.toml")
    assert schedule("status", "reports.toml") == 0
    path = machine.home / file
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text)
    path.chmod(0o644)
    assert schedule("status", "reports.toml") == 1
    assert said in capsys.readouterr().out


def test_a_job_is_read_back_from_its_note() -> None:
    job = Job(f"/{NASTY}", "/srv", ("cakra", "report", NASTY), "23:59", "month")
    assert read_note(f"# first\n{write_note(job)}\nmore\n") == job
    assert read_note("# nothing\n") is None


@pytest.mark.parametrize(
    ("every", "now", "then"),
    [
        ("day", "2026-11-24 05:29", "2026-11-24 05:30"),
        ("day", "2026-11-24 05:30", "2026-11-25 05:30"),
        ("day", "2026-12-31 06:00", "2027-01-01 05:30"),
        ("week", "2026-11-24 05:00", "2026-11-30 05:30"),
        ("week", "2026-11-30 05:00", "2026-11-30 05:30"),
        ("month", "2026-11-01 05:31", "2026-12-01 05:30"),
        ("month", "2028-02-28 12:00", "2028-03-01 05:30"),
    ],
)
def test_the_next_start(every: str, now: str, then: str) -> None:
    job = Job("/p.toml", "/", ("cakra",), every=every)
    assert next_start(job, datetime.fromisoformat(now)) == datetime.fromisoformat(then)


@pytest.mark.parametrize("at", ["24:00", "5", "05:60", "5:3", "x:30", "-1:30", "05:30:00", "٥:٣٠x"])
def test_a_time_that_is_none_is_refused(at: str, capsys) -> None:
    with pytest.raises(SystemExit):
        schedule("install", f"--at={at}")
    assert "such as 05:30" in capsys.readouterr().err


# The examples under docs/scheduling.


def test_examples_are_what_a_dry_run_prints(machine, capsys) -> None:
    schedule("install", "reports.toml", "--dry-run")
    told = capsys.readouterr().out
    here = {
        str(Path(sys.executable).parent / "cakra"): "/srv/cakra/.venv/bin/cakra",
        str(machine.plan): "/srv/cakra/reports/reports.toml",
        str(machine.plan.parent): "/srv/cakra",
        jobs.name_job(machine.plan): jobs.name_job(Path("/srv/cakra/reports/reports.toml")),
    }
    for path, shown in here.items():
        told = told.replace(path, shown)
    for name in ("cakra.service", "cakra.timer", "crontab"):
        assert f"\n{EXAMPLES.joinpath(name).read_text('utf-8')}" in told


def test_workflows_build_by_cakra_on_a_timetable() -> None:
    actions = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text("utf-8"))
    trigger = actions[True]  # YAML 1.1 reads "on" as yes
    assert re.fullmatch(r"\d+ \d+ \* \* \*", trigger["schedule"][0]["cron"])
    steps = actions["jobs"]["reports"]["steps"]
    assert any("cakra report" in step.get("run", "") for step in steps)
    assert actions["permissions"] == {"contents": "read"}
    assert actions["concurrency"]["cancel-in-progress"] is False
    gitlab = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text("utf-8"))
    job = gitlab["reports"]
    assert any("cakra report" in line for line in job["script"])
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    assert job["resource_group"]


def test_the_dag_compiles_and_calls_cakra() -> None:
    source = (EXAMPLES / "airflow_dag.py").read_text("utf-8")
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    told = {word.arg for call in calls for word in call.keywords}
    assert {"catchup", "max_active_runs", "bash_command", "schedule"} <= told
    assert "report" in source


def test_every_example_is_named_in_the_guide() -> None:
    guide = (EXAMPLES / "README.md").read_text("utf-8")
    names = [file.name for file in EXAMPLES.iterdir() if file.name != "README.md"]
    assert names
    assert [name for name in names if name not in guide] == []
