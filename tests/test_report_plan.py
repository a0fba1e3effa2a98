"""Strict before a kernel starts: plans, parameters, settings."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from cakra_analysis.cli import main
from cakra_analysis.errors import PlanError, SettingsError
from cakra_analysis.report.parameters import check_parameters, read_parameters
from cakra_analysis.report.plan import read_plan
from cakra_analysis.settings import SOURCES, Settings, read_settings
from tests.conftest import ROOT, edit, many_ratings, write_rows

GOOD = 'data = ""\ncycle = ""\nunit = ""\nlang = "id"\naudience = "internal"\nsettings = ""'


def notebook(path: Path, parameters: str = GOOD, *cells: str, tags=("parameters",)) -> Path:
    first = new_code_cell(parameters, metadata={"tags": list(tags)})
    body = [new_markdown_cell("# Apa?"), first, *[new_code_cell(c) for c in cells]]
    nbformat.write(new_notebook(cells=body), path)
    return path


def plan(folder: Path, text: str, *, data: Path) -> Path:
    (folder / "nb").mkdir(exist_ok=True)
    notebook(folder / "nb" / "01_x.ipynb")
    file = folder / "reports.toml"
    file.write_text(f'data = "{data}"\nnotebooks = "nb"\n{text}')
    return file


ENTRY = '[[report]]\nnotebook = "01_x"\n'


def test_a_plan_becomes_runs(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    where = tmp_path_factory.mktemp("plan")
    runs, data = read_plan(plan(where, ENTRY + 'languages = ["id", "en"]\n', data=folder))
    assert [run.name for run in runs] == [
        "2026/01-x/R.id",
        "2026/01-x/R.en",
        "2026/01-x/A.id",
        "2026/01-x/A.en",
    ]
    assert runs[0].parameters["cycle"] == "2026" and data.root == "R"
    assert [run.place for run in runs] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY + "unit = 'A'\n", ['unknown key "unit"', 'Did you mean "units"']),
        (ENTRY + "units = ['Z']\n", ['no unit "Z"', "There are: R, A"]),
        (ENTRY + "cycles = ['2025']\n", ['no cycle "2025"', "2026"]),
        (ENTRY + "languages = ['fr']\n", ['no language "fr"']),
        (ENTRY + "audience = 'leaders'\n", ['no audience "leaders"', 'Did you mean "leadership"']),
        (ENTRY + "units = 3\n", ['"units" is 3, which is of the wrong type']),
        (ENTRY + "[report.parameters]\nunti = 'A'\n", ['no parameter "unti"', "unit (str)"]),
        (ENTRY + "[report.parameters]\nsettings = 3\n", ['may not hold "settings"', "at the top"]),
        (ENTRY + "[report.parameters]\ncycle = '1999'\n", ['may not hold "cycle"', '"cycles"']),
        (ENTRY + "languages = []\n", ["the list of languages is empty", "There are: id, en"]),
        (ENTRY + "units = []\n", ["the list of units is empty"]),
        (ENTRY + "units = [['A']]\n", ["there is no unit", "in quotes"]),
        (ENTRY + "cycles = [2026]\n", ['no cycle "2026"', "Write it in quotes"]),
        ("report = []\n", ["there is nothing to build"]),
        ("report = [1]\n", ["number 1 is 1", "[[report]]"]),
        ("[[report]]\nnotebook = 'no'\n", ["no.ipynb: there is no such notebook"]),
        ("[[report]]\nunits = 'all'\n", ['number 1 has no "notebook"']),
        ("", ['the key "report" is missing']),
        ("[[report]\n", ["not a TOML file"]),
        (ENTRY + ENTRY, ["two entries would both write 2026/01-x/R.id"]),
    ],
)
def test_a_wrong_plan_is_refused(folder, tmp_path_factory, text: str, said: list[str]) -> None:
    where = tmp_path_factory.mktemp("plan")
    with pytest.raises(PlanError) as caught:
        read_plan(plan(where, text, data=folder))
    for words in said:
        assert words in str(caught.value)


def test_a_data_set_without_ratings_cannot_be_reported(folder, tmp_path_factory) -> None:
    for row in (2, 3, 4):
        edit(folder, "ratings", row, "level", "9")
    with pytest.raises(PlanError, match="no usable row is left in the table ratings"):
        read_plan(plan(tmp_path_factory.mktemp("plan"), ENTRY, data=folder))


def test_unit_codes_cannot_leave_the_folder(folder, tmp_path_factory) -> None:
    units = [["R", "", "R"], ["../../etc", "R", "A"]]
    write_rows(folder / "units.csv", [["unit_id", "parent_id", "name"], *units])
    for row in (2, 3):
        edit(folder, "staff", row, "unit_id", "../../etc")
    runs, _ = read_plan(plan(tmp_path_factory.mktemp("plan"), ENTRY, data=folder))
    assert [run.name for run in runs] == ["2026/01-x/R.id", "2026/01-x/etc-74ccf3.id"]


def test_the_latest_cycle_is_not_a_mistyped_one(folder, tmp_path_factory) -> None:
    many_ratings(folder)
    edit(folder, "ratings", 3, "cycle", "2062")
    runs, data = read_plan(plan(tmp_path_factory.mktemp("plan"), ENTRY, data=folder))
    assert {run.parameters["cycle"] for run in runs} == {"2026"}
    assert data.cycles == ["2026", "2062"] and data.rare_cycles == {"2062": 1}


def test_one_notebook_may_serve_several_audiences(folder, tmp_path_factory) -> None:
    text = "units = 'root'\n" + ENTRY + "units = 'root'\naudience = 'public'\n"
    runs, _ = read_plan(plan(tmp_path_factory.mktemp("plan"), ENTRY + text, data=folder))
    assert [run.name for run in runs] == ["2026/01-x/R.id", "2026/01-x/R.public.id"]
    assert {run.dataset for run in runs} == {"Region"}


def test_standards_without_a_usable_row_cannot_be_reported(folder, tmp_path_factory) -> None:
    edit(folder, "standards", 2, "required_level", "9")
    with pytest.raises(PlanError, match="no usable row is left in the table standards"):
        read_plan(plan(tmp_path_factory.mktemp("plan"), ENTRY, data=folder))


@pytest.mark.parametrize(
    ("source", "tags", "said"),
    [
        (GOOD, (), 'no cells are tagged "parameters"'),
        ("x = [1, 2][0]", ("parameters",), "x is not a literal"),
        ("import os", ("parameters",), "holds 'import os'"),
        ('data = "x', ("parameters",), "the parameters cell is not Python"),
    ],
)
def test_a_notebook_without_usable_parameters_is_refused(tmp_path, source, tags, said) -> None:
    with pytest.raises(PlanError, match=said):
        read_parameters(notebook(tmp_path / "n.ipynb", source, tags=tags))


def test_parameters_and_their_types(tmp_path: Path) -> None:
    file = notebook(tmp_path / "n.ipynb", 'unit = "A"\nshare = 0.5\ncount = 3\nflag = True')
    assert read_parameters(file) == {"unit": "A", "share": 0.5, "count": 3, "flag": True}
    check_parameters(file, {"unit": "B", "share": 1, "flag": False})
    for wrong in ({"unit": 3}, {"count": 3.0}, {"count": True}, {"flag": 1}, {"unti": "A"}):
        with pytest.raises(PlanError, match="Parameters are: unit"):
            check_parameters(file, wrong)
    for text in ("x", "", "[]", "{}", "3"):
        (tmp_path / "bad.ipynb").write_text(text)
        with pytest.raises(PlanError, match="this is not a notebook"):
            read_parameters(tmp_path / "bad.ipynb")
    with pytest.raises(PlanError, match="this notebook cannot be read"):
        read_parameters(tmp_path)


def test_the_command_line_says_it_and_exits_with_2(tmp_path: Path, capsys) -> None:
    assert main(["report", str(tmp_path / "no.toml")]) == 2
    assert "there is no such plan" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "no")]) == 2
    assert "there is no such file or folder" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["report", "check", "synthetic", "import", "dictionary"])
def test_help_shows_an_example(command: str, capsys) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert f"Example:\n  cakra {command}" in capsys.readouterr().out


def test_the_shipped_settings_are_the_defaults() -> None:
    assert read_settings(ROOT / "settings.toml") == Settings() == read_settings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[gaps]\n", 'unknown section "gaps"'),
        ("[gap]\nbelow = 1\n", 'unknown key in [gap] "below"'),
        ("[gap]\nbelow_from = 'a'\n", "gap.below_from is 'a'"),
        ("[gap]\nbelow_from = 0\n", "gap.below_from must be above 0"),
        ("[gap.weights]\nboss = 1\n", 'unknown name "boss"'),
        ("[gap.weights]\nself = -1\n", "gap.weights must not be negative"),
        ("[gap]\nbelow_from = 50\n", "gap.below_from must be above 0 and at most 5"),
        ("[gap]\nbelow_from = inf\n", "gap.below_from is inf"),
        ("[gap]\nneed_from = 0\n", "gap.need_from must lie between 1 and 5"),
        ("[gap.weights]\nself = inf\n", "gap.weights.self is inf"),
        (
            f"[gap]\nweights = {{ {', '.join(f'{s} = 0' for s in SOURCES)} }}\n",
            "one must be above 0",
        ),
        ("[gap]\ncategories = [0, 2, 1]\n", "gap.categories must rise"),
        ("[gap]\ncategories = [-9, -8, -7]\n", "gap.categories must rise, from 0"),
        ("[job_match]\nmapping = [800, -5]\n", "job_match.mapping must fall, from 100"),
        ("[job_match]\nfilling = [68, 80]\n", "job_match.filling must fall"),
        ("[gap]\nconfidence = 95\n", "between 0.5 and 0.999"),
        ("[job_match]\ncap = 'yes'\n", "job_match.cap is 'yes'"),
        ("[privacy]\npublic = 1\n", "privacy thresholds must be 3 or more"),
        ("[report]\ntimezone = 'Asia/Lombok'\n", "is not a time zone"),
        ("[report]\ntimezone = 'Asia'\n", "is not a time zone"),
        ("gap = 3\n", "[gap] must be a section"),
        ("[gap\n", "not a TOML file"),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_settings(file)
    assert said in str(caught.value) and str(file) in str(caught.value)


def test_some_settings_leave_the_others_alone(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[gap]\nbelow_from = 1\n[privacy]\npublic = 20\n")
    settings = read_settings(file)
    assert settings.gap.below_from == 1.0 and settings.privacy.public == 20
    assert settings.gap.weights == Settings().gap.weights


def test_weights_that_are_not_named_keep_their_default(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for text, wanted in (("", {}), ("self = 4", {"self": 4.0})):
        file.write_text(f"[gap]\nweights = {{ {text} }}\n")
        assert read_settings(file).gap.weights == {**Settings().gap.weights, **wanted}


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="these settings cannot be read"):
        read_settings(tmp_path)


def test_a_type_may_be_written_and_none_takes_any_value(tmp_path: Path) -> None:
    typed = notebook(tmp_path / "a.ipynb", 'level: float = 2.25\nmessage = None\nname: str = "x"')
    assert read_parameters(typed) == {"level": 2.25, "message": None, "name": "x"}
    check_parameters(typed, {"message": "text", "level": 1})
    check_parameters(typed, {"message": 3})
    with pytest.raises(PlanError, match="must be of type str"):
        check_parameters(typed, {"name": 3})
    for wrong in ("level: float", "a: int = b"):
        with pytest.raises(PlanError):
            read_parameters(notebook(tmp_path / "b.ipynb", wrong))


def test_a_notebook_of_another_language_is_refused(tmp_path: Path) -> None:
    file = notebook(tmp_path / "a.ipynb")
    content = nbformat.read(file, as_version=4)
    content.metadata["kernelspec"] = {"name": "ir", "language": "R", "display_name": "R"}
    nbformat.write(content, file)
    with pytest.raises(PlanError, match="written for R, not for Python"):
        check_parameters(file, {"lang": "id"})


@pytest.mark.slow
def test_levels_of_the_tree_and_new_keys(folder: Path, tmp_path: Path) -> None:
    def units(text: str) -> list[str]:
        runs, _ = read_plan(plan(tmp_path, ENTRY + text, data=folder))
        return [run.parameters["unit"] for run in runs]

    assert units('units = "level 1"\n') == ["R"] and units('units = "level 2"\n') == ["A"]
    keys = 'cadence = "quarterly"\nminutes = 1.5\ngigabytes = 2\n'
    (run, _), _ = read_plan(plan(tmp_path, ENTRY + keys, data=folder))
    assert (run.cadence, run.minutes, run.gigabytes) == ("quarterly", 1.5, 2.0)
    for text, said in (
        ('units = "level 3"\n', "There are: R, A, root, below, level 1, level 2, all"),
        ('cadence = "monthl"\n', 'Did you mean "monthly"'),
        ("minutes = -1\n", "must be 0 or more"),
        ("gigabytes = true\n", "of the wrong type"),
        ("[keep]\ncycle = 3\n", 'Did you mean "cycles"'),
        ("[keep]\nexecuted = -1\n", "must be 0 or more"),
    ):
        with pytest.raises(PlanError) as error:
            read_plan(plan(tmp_path, ENTRY + text, data=folder))
        assert said in str(error.value)


def test_reports_of_one_notebook_have_one_cadence(folder: Path, tmp_path: Path) -> None:
    one = ENTRY + 'units = "root"\ncadence = "monthly"\n'
    with pytest.raises(PlanError, match='cadences "monthly" and "on data"'):
        read_plan(plan(tmp_path, one + ENTRY + "units = ['A']\n", data=folder))
    read_plan(plan(tmp_path, one + one.replace('"root"', "['A']"), data=folder))


def test_a_tour_is_no_report() -> None:
    with pytest.raises(PlanError, match="is a tour for analysts, not a report"):
        read_parameters(ROOT / "notebooks" / "README.ipynb")
