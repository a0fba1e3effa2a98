"""What an import refuses, and in which words; what it leaves in the folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.cli import main
from cakra_analysis.errors import CakraError, DataError, MappingError
from cakra_analysis.intake import import_survey, write_import
from cakra_analysis.load import load
from tests.test_intake import EXPORT, PLAN

Files = tuple[Path, Path]
PREFIX = '[person]\ncolumn = "No"'


@pytest.fixture
def files(tmp_path: Path) -> Files:
    mapping, csv = tmp_path / "m.toml", tmp_path / "export.csv"
    mapping.write_text(PLAN)
    export(csv)
    return mapping, csv


def again(mapping: Path, old: str, new: str) -> None:
    assert old in PLAN
    mapping.write_text(PLAN.replace(old, new, 1))


def export(file: Path, **changes: list[str]) -> None:
    pd.DataFrame(EXPORT | changes).to_csv(file, index=False)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('= "stated need"', '= "Stated need"', 'Did you mean "stated need"?'),
        ('= "stated need"', '= "need minus mastery"', 'the grids are "K" (need)'),
        ('gap_definition = "stated need"', "", 'gap_definition is "standard minus observed"'),
        ('population = "unknown"', 'population = "unkown"', 'Did you mean "unknown"?'),
        ("name_en", "nmae_en", 'Did you mean "name_en"?'),
        ('cycle = "2026"', 'cycle = "this year"', 'cycle: "this year"'),
        ('"Sangat perlu" = 5', '"Sangat perlu" = 9', 'scale "need": the level of "Sangat perlu"'),
        ('"Tidak perlu" = 1', '"Tidak perlu" = 0', "go from 1 to 5"),
        ('"Tidak perlu" = 1', '"perlu " = 1', '"perlu" and "Perlu" are the same text'),
        ('"Kelurahan  B"', '"kelurahan a"', '"Kelurahan A" and "kelurahan a" are the same'),
        ('ignore = ["Komentar"]', 'ignore = ["Kebutuhan [Literasi]"]', 'ignore and grid "K"'),
        ('column = "Unit Kerja"', 'column = "No"', "[person] and [unit]"),
        ('code = "K"', 'code = "K"\nuntil = "L"', "nothing is left as the name"),
        ('column = "No"', 'column = "No"\nduplicate = "last"', 'Did you mean "duplicates"?'),
        ('column = "No"', 'column = "No"\nduplicates = "all"', "person.duplicates"),
        ('root = "Semua"', 'root = ""', "unit.root"),
    ],
)
def test_a_mapping_is_refused_in_words(files: Files, old: str, new: str, said: str) -> None:
    again(files[0], old, new)
    with pytest.raises(MappingError) as caught:
        import_survey(*files)
    assert said in str(caught.value)


def test_two_grids_may_not_claim_one_column(files: Files) -> None:
    grid = PLAN[PLAN.index("[[grids]]") :].replace('"Kebutuhan"', '"Kebutuhan [L"')
    files[0].write_text(PLAN + grid.replace('"K"', '"L"'))
    with pytest.raises(MappingError, match=r'"Kebutuhan \[Literasi\]": grid "K" \(need\) and grid'):
        import_survey(*files)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"No": ["1", "2", "1"]}, "the same person more than once: rows 2, 4"),
        ({"No": ["a", "2", "'A"]}, "the same person more than once: rows 2, 4"),
        ({"No": ["1", "", "'"]}, '"No" is blank in rows 3, 4'),
        ({"No": ["1,98609E+17", "2", "3"]}, "a rounded number, a formula or an error value in row"),
        ({"No": ["1", "#REF!", "3"]}, "in row 3"),
        ({"Kebutuhan  [literasi]": ["", "", ""]}, '"Kebutuhan  [literasi]" are the same'),
        ({"Kebutuhan Literasi": ["", "", ""]}, 'two items have the name "Literasi"'),
    ],
)
def test_an_export_is_refused_in_words(files: Files, changes: dict, said: str) -> None:
    export(files[1], **changes)
    with pytest.raises(CakraError) as caught:
        import_survey(*files)
    assert said in str(caught.value)


def test_nobody_at_all_is_refused_under_every_policy(files: Files) -> None:
    again(files[0], PREFIX, PREFIX + '\nduplicates = "last"')
    export(files[1], No=["", "", ""])
    with pytest.raises(DataError, match="is blank in every row"):
        import_survey(*files)


def test_an_nip_stored_as_a_number_is_refused(files: Files, tmp_path: Path) -> None:
    table = pd.DataFrame(EXPORT | {"No": [198609262015051001, 2, 3]})
    table.to_excel(tmp_path / "e.xlsx", index=False)
    with pytest.raises(DataError, match="in row 2"):
        import_survey(files[0], tmp_path / "e.xlsx")


def test_a_blank_group_is_said(files: Files) -> None:
    export(files[1], **{"Unit Kerja": ["Kelurahan A", "", "Lain"]})
    result = import_survey(*files)
    assert result.regrouped.values.tolist() == [[3, "Unit Kerja", "", "Semua"]]
    assert 'Put under "Semua": no answer (1)' in result.report()
    again(files[0], 'root = "Semua"', 'root = "Semua"\nother = "Lainnya"')
    result = import_survey(*files)
    assert result.regrouped["value"].tolist() == ["", "Lain"]
    assert 'Put under "Lainnya": no answer (1)' in result.report()
    assert result.unplaced["column"].tolist() == ["Kebutuhan [Pelayanan]"]


def test_a_topic_nobody_answered_stays_a_topic(files: Files, tmp_path: Path) -> None:
    export(files[1], **{"Kebutuhan [Literasi]": ["", "", ""]})
    write_import(import_survey(*files), tmp_path / "out")
    data = load(tmp_path / "out")
    assert data["competencies"]["name_en"].tolist() == ["Pelayanan", "Literasi"]
    assert data["ratings"]["competency_id"].unique().tolist() == ["K.01"]


def test_a_file_of_another_kind_is_refused(files: Files, tmp_path: Path) -> None:
    mapping, csv = files
    with pytest.raises(MappingError, match="this is a folder"):
        import_survey(tmp_path, csv)
    with pytest.raises(DataError, match="this is a folder"):
        import_survey(mapping, tmp_path)
    with pytest.raises(DataError, match=r'from a "\.toml" file'):
        import_survey(mapping, mapping)
    csv.write_text(csv.read_text().splitlines()[0] + "\n")
    with pytest.raises(DataError, match="no answer below the header"):
        import_survey(*files)
    csv.write_text("No,Unit Kerja,Kebutuhan [A],Komentar\n1,Kelurahan A\n")
    with pytest.raises(DataError, match="row 2"):
        import_survey(*files)


def test_sheets_that_are_not_read_are_said(files: Files, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    with pd.ExcelWriter(book) as writer:
        for sheet in ("Jawaban", "Lain"):
            pd.DataFrame(EXPORT).to_excel(writer, sheet_name=sheet, index=False)
    with pytest.raises(MappingError, match="2 sheets, and the mapping names none"):
        import_survey(files[0], book)
    again(files[0], 'cycle = "2026"', 'cycle = "2026"\nsheet = "Jawabn"')
    with pytest.raises(MappingError, match='Did you mean "Jawaban"'):
        import_survey(files[0], book)
    again(files[0], 'cycle = "2026"', 'cycle = "2026"\nsheet = "Jawaban"')
    assert 'Sheet not read: "Lain"' in import_survey(files[0], book).report()


def test_a_second_import_leaves_nothing_of_the_first(files: Files, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "_not_placed.csv" in [f.name for f in write_import(import_survey(*files), out)]
    (out / ".gitkeep").touch()
    export(files[1], **{"Unit Kerja": ["Kelurahan A"] * 3, "Kebutuhan [Pelayanan]": [""] * 3})
    written = write_import(import_survey(*files), out)
    assert {f.name for f in out.iterdir()} == {".gitkeep", *(f.name for f in written)}
    assert "_not_placed.csv" not in [f.name for f in written]
    assert [f.name for f in tmp_path.iterdir() if f.name.startswith(".")] == []


def test_a_folder_with_other_files_is_left_alone(files: Files, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = import_survey(*files)
    write_import(result, out)
    (out / "positions.csv").write_text("made by hand")
    before = {f: f.stat().st_mtime_ns for f in out.iterdir()}
    with pytest.raises(DataError, match=r"does not write: positions\.csv"):
        write_import(result, out)
    assert before == {f: f.stat().st_mtime_ns for f in out.iterdir()}
    with pytest.raises(DataError, match="this is a file"):
        write_import(result, files[1])
    with pytest.raises(DataError, match="cannot be written"):
        write_import(result, files[1] / "below")


def test_what_load_would_set_aside_is_not_written(files: Files, tmp_path: Path) -> None:
    export(files[1], **{"Kebutuhan [=rumus]": ["Perlu", "", ""]})
    again(files[0], 'code = "K"', 'code = "=K"')
    with pytest.raises(DataError) as caught:
        write_import(import_survey(*files), tmp_path / "out")
    assert "othing was written" in str(caught.value) and ".out-" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_the_command_says_it_without_a_traceback(files: Files, tmp_path: Path, capsys) -> None:
    arguments = ["import", str(files[0]), str(files[1]), "--to"]
    assert main([*arguments, str(tmp_path / "out")]) == 0
    assert main([*arguments, str(files[1])]) == 2
    assert "this is a file" in capsys.readouterr().err
