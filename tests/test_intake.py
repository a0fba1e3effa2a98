"""Survey exports: every cell is placed, reported or declared ignored."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis.errors import DataError, MappingError
from cakra_analysis.intake import import_survey, write_import
from cakra_analysis.load import load
from cakra_analysis.needs import combine_ratings, score_answers, score_gaps, score_person_gaps
from tests.conftest import ROOT, SIB

MAPPING = ROOT / "docs" / "examples" / "sib-2026" / "mapping.toml"
NEEDS_SIB = pytest.mark.skipif(not SIB.exists(), reason="../shared/data/sib-2026 is not here")
PLAN = """
cycle = "2026"
ignore = ["Komentar"]
[about]
name_en = "Test"
population = "unknown"
gap_definition = "stated need"
[person]
column = "No"
[unit]
column = "Unit Kerja"
root = "Semua"
values = { "Kelurahan A" = "A", "Kelurahan  B" = "B" }
[scales.need.levels]
"Tidak perlu" = 1
"Perlu" = 3
"Sangat perlu" = 5
[[grids]]
starts_with = "Kebutuhan"
becomes = "need"
scale = "need"
code = "K"
"""
EXPORT = {
    "No": ["1", "2", "3"],
    "Unit Kerja": ["kelurahan a", "Kelurahan\u00a0B ", "Lain"],
    "Kebutuhan [Pelayanan]": ["Perlu", "sangat  perlu", "entah"],
    "Kebutuhan [Literasi]": ["", "Tidak perlu", "Perlu"],
    "Komentar": ["x", "", "y"],
    "Umur": ["30", "", ""],
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    mapping, export = tmp_path / "m.toml", tmp_path / "export.csv"
    mapping.write_text(PLAN)
    pd.DataFrame(EXPORT).to_csv(export, index=False)
    return mapping, export


def test_every_cell_is_accounted_for(files: tuple[Path, Path]) -> None:
    result = import_survey(*files)
    assert result.unused == ["Umur"] and result.ignored == ["Komentar"]
    assert result.unplaced.values.tolist() == [
        [4, "Unit Kerja", "Lain", "no such group in the mapping"],
        [4, "Kebutuhan [Pelayanan]", "entah", "no such answer in scale need"],
    ]
    assert result.cells == {
        "placed": 9,
        "blank": 4,
        "could not be placed": 2,
        "under ignored headers": 2,
        "under headers not used": 1,
    }
    assert sum(result.cells.values()) == 18
    report = "\n".join(result.report())
    assert 'NOT PLACED: row 4, "Kebutuhan [Pelayanan]": "entah"' in report
    assert 'Header not used: "Umur"' in report


def test_what_was_placed_is_right_and_loads(files: tuple[Path, Path], tmp_path: Path) -> None:
    result = import_survey(*files)
    ratings = result.tables["ratings"]
    assert ratings[["staff_id", "competency_id", "need"]].values.tolist() == [
        ["R1", "K.01", 3],
        ["R2", "K.01", 5],
        ["R2", "K.02", 1],
        ["R3", "K.02", 3],
    ]
    assert result.tables["competencies"]["name_en"].tolist() == ["Pelayanan", "Literasi"]
    written = write_import(result, tmp_path / "out")
    assert "_not_placed.csv" in [f.name for f in written]
    data = load(tmp_path / "out")
    assert data.problems.empty and not data.listed
    assert data["staff"]["unit_id"].tolist() == ["U01", "U02", "ALL"]


def test_a_group_for_all_others_is_said(files: tuple[Path, Path]) -> None:
    mapping, export = files
    mapping.write_text(PLAN.replace('root = "Semua"', 'root = "Semua"\nother = "Lainnya"'))
    result = import_survey(mapping, export)
    assert result.regrouped[["row", "value"]].values.tolist() == [[4, "Lain"]]
    assert result.tables["staff"]["unit_id"].tolist() == ["U01", "U02", "U03"]
    assert any('"Lain" (1)' in line for line in result.report())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('column = "No"', 'column = "Nomor"', 'no column "Nomor"'),
        ('column = "Unit Kerja"', 'column = "Unit Kerj"', 'Did you mean "Unit Kerja"'),
        ('starts_with = "Kebutuhan"', 'starts_with = "Kompetensi"', "no header of the export"),
        ('scale = "need"', 'scale = "liking"', 'there is no scale "liking"'),
        ('code = "K"', 'code = "K"\ncolour = "red"', "grids.0.colour"),
        ('cycle = "2026"', "", "cycle"),
        ('cycle = "2026"', "cycle = ", "not a TOML file"),
        ('becomes = "need"', 'becomes = "wish"', "grids.0.becomes"),
    ],
)
def test_a_mapping_that_does_not_fit_is_one_clear_error(
    files: tuple[Path, Path], old: str, new: str, said: str
) -> None:
    mapping, export = files
    mapping.write_text(PLAN.replace(old, new))
    with pytest.raises(MappingError) as caught:
        import_survey(mapping, export)
    assert said in str(caught.value)


def test_a_missing_file_is_one_clear_error(files: tuple[Path, Path], tmp_path: Path) -> None:
    mapping, export = files
    with pytest.raises(MappingError, match="no such mapping"):
        import_survey(tmp_path / "no.toml", export)
    with pytest.raises(DataError, match="there is no such file"):
        import_survey(mapping, tmp_path / "no.csv")
    with pytest.raises(DataError, match="there is no such file"):
        import_survey(mapping, tmp_path / "no.xlsx")


@pytest.fixture(scope="module")
def sib(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("sib")
    result = import_survey(MAPPING, SIB)
    write_import(result, folder)
    return result, load(folder)


NEED = {
    "Not needed": 1,
    "Slightly needed": 2,
    "Moderately needed": 3,
    "Very needed": 4,
    "Highly needed": 4,
    "Absolutely essential": 5,
}


@pytest.mark.slow
@NEEDS_SIB
def test_the_real_survey_is_placed_whole(sib) -> None:
    result, data = sib
    assert result.unused == [] and result.unplaced.empty and data.problems.empty
    assert sum(result.cells.values()) == 260 * 62
    raw = pd.read_excel(SIB, dtype=str)
    assert (
        result.cells["blank"]
        == raw.apply(lambda c: c.str.strip()).replace("", None).isna().sum().sum()
    )


@pytest.mark.slow
@NEEDS_SIB
def test_the_real_surveys_figures_equal_a_few_lines_of_pandas(sib) -> None:
    _, data = sib
    raw = pd.read_excel(SIB, dtype=str)
    topics = raw.iloc[:, 9:42].apply(lambda c: c.str.strip().map(NEED))
    stage = raw.iloc[:, 5].str.strip()
    known = stage.where(stage.map(stage.value_counts()) >= 5, "Other career stage")
    known = known.replace(
        {
            "Research assistant/ Technician": "Research assistant or technician",
            "Senior scientist/ Principal investigator": "Senior scientist or PI",
        }
    )
    assert len(data["staff"]) == len(raw) == 260
    names = data["units"].set_index("unit_id")["name"]
    counts = data["staff"]["unit_id"].map(names).value_counts()
    assert counts.to_dict() == known.value_counts().to_dict()

    observed = combine_ratings(data["ratings"], weights={"self": 1.0}, value="need")
    people = score_person_gaps(observed, observed, data["staff"], definition="stated need")
    scored = score_gaps(people, data["units"], need_from=4)
    whole = scored[scored["unit_id"] == "ALL"].set_index("competency_id")
    order = data["competencies"]["competency_id"]
    whole = whole.loc[order]
    assert whole["value"].tolist() == pytest.approx(topics.mean().tolist())
    assert whole["n"].tolist() == topics.notna().sum().tolist()
    share = (topics >= 4).sum() / topics.notna().sum()
    assert whole["need_share"].tolist() == pytest.approx(share.tolist())
    by_stage = topics.groupby(known).mean()
    code = data["units"].set_index("name")["unit_id"]
    for name in by_stage.index:
        rows = scored[scored["unit_id"] == code[name]].set_index("competency_id")["value"]
        assert rows.reindex(order).tolist() == pytest.approx(
            by_stage.loc[name].tolist(), nan_ok=True
        )


@pytest.mark.slow
@NEEDS_SIB
def test_the_real_surveys_formats_and_barriers_equal_pandas(sib) -> None:
    _, data = sib
    raw = pd.read_excel(SIB, dtype=str)
    scales = {
        "barrier": (
            raw.iloc[:, 44:53],
            ["No", "Small", "Moderate", "Large", "Critical"],
            " barrier",
        ),
        "learning_format": (
            raw.iloc[:, 53:62],
            ["Strongly dislike", "Dislike", "Neutral", "Like", "Strongly like"],
            "",
        ),
    }
    for block, (answers, labels, tail) in scales.items():
        level = {label + tail: i for i, label in enumerate(labels, start=1)}
        values = answers.apply(lambda c, level=level: c.str.strip().map(level))
        args = (data["answers"], data["questions"], data["scales"], data["staff"], data["units"])
        scored = score_answers(*args, block=block)
        whole = scored[scored["unit_id"] == "ALL"].sort_values("question_id")
        assert whole["value"].tolist() == pytest.approx(values.mean().tolist())
        high = (values >= 4).sum() / values.notna().sum()
        assert whole["agree_share"].tolist() == pytest.approx(high.tolist())
