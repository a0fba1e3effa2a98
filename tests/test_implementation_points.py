"""IP-ASN competence points against the table of PermenPANRB 38/2018."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cakra_analysis import implementation
from cakra_analysis.errors import DataError

STAFF = pd.DataFrame({"staff_id": list("abcd"), "unit_id": ["U", "U", "V", "V"],
                      "position_id": ["camat", "arsiparis", "staf", "x"]})  # fmt: skip
POSITIONS = pd.DataFrame({"position_id": ["camat", "arsiparis", "staf", "x"],
    "job_class": ["Administrator", "JF Ahli Muda", "Pelaksana", "Lainnya"]})  # fmt: skip
UNITS = pd.DataFrame({"unit_id": ["R", "U", "V"], "parent_id": [None, "R", "R"]})


def activities(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["staff_id", "year", "route", "hours_jp"])
    return table.assign(kind=None)


def everything(person: str) -> pd.DataFrame:
    return activities(
        (person, "2010", "pelatihan struktural kepemimpinan", 300),
        (person, "2010", "pelatihan fungsional", 100),
        (person, "2026", "bimbingan teknis", 20),
        (person, "2025", "seminar/konferensi/sarasehan", 4),
    )


@pytest.mark.parametrize(
    ("person", "parts"), [("a", [15, 15, 10]), ("b", [15, 15, 10]), ("c", [0, 22.5, 17.5])]
)
def test_full_points_are_forty_in_every_group(person: str, parts: list[float]) -> None:
    table = implementation.score_points(everything(person), STAFF, POSITIONS, year="2026")
    row = table.set_index("staff_id").loc[person]
    assert row[["post", "technical", "seminar"]].tolist() == parts
    assert row["points"] == row["most"] == 40
    assert table.set_index("staff_id").loc["d", ["points", "most"]].isna().all()


def test_nineteen_hours_earn_nothing_or_their_share() -> None:
    rows = activities(("c", "2026", "kursus", 12), ("c", "2026", "e-learning", 7),
                      ("c", "2025", "kursus", 40), ("c", "2024", "sosialisasi", 3))  # fmt: skip
    plain = implementation.score_points(rows, STAFF, POSITIONS, year="2026")
    assert plain.set_index("staff_id").loc["c", "points"] == 0
    part = implementation.score_points(rows, STAFF, POSITIONS, year="2026", prorate=True)
    assert part.set_index("staff_id").loc["c", "points"] == pytest.approx(19 / 20 * 22.5)
    before = implementation.score_points(rows, STAFF, POSITIONS, year="2025")
    assert before.set_index("staff_id").loc["c", "points"] == 40


def test_managerial_courses_are_not_technical_ones() -> None:
    rows = activities(("c", "2026", "pelatihan", 40)).assign(kind="managerial")
    table = implementation.score_points(rows, STAFF, POSITIONS, year="2026")
    assert table.set_index("staff_id").loc["c", "technical"] == 0


def test_post_training_is_unknown_until_somebody_tells() -> None:
    rows = activities(("a", "2026", "kursus", 20))
    unknown = implementation.score_points(rows, STAFF, POSITIONS, year="2026")
    assert unknown.loc[0, ["points", "most"]].tolist() == [15, 25]
    assert pd.isna(unknown.loc[0, "post"])
    told = implementation.score_points(rows, STAFF, POSITIONS, year="2026", held=["b"])
    assert told[["points", "most"]].to_numpy()[:3].tolist() == [[15, 40], [15, 40], [0, 40]]


def test_units_and_the_year_before() -> None:
    now = implementation.score_points(everything("c"), STAFF, POSITIONS, year="2026", held=[])
    then = implementation.score_points(everything("c"), STAFF, POSITIONS, year="2024", held=[])
    table = implementation.score_unit_points(now, UNITS, before=then).set_index("unit_id")
    assert table.loc["V", ["value", "before", "change", "n"]].tolist() == [40, 0, 40, 1]
    assert table.loc["R", ["value", "n"]].tolist() == [40 / 3, 3]
    said = implementation.find_points(table.reset_index(), "V")
    assert (said.key, said.values["change"]) == ("implementation.points.moved", 40)
    alone = implementation.score_unit_points(now, UNITS)
    assert implementation.find_points(alone, "V").key == "implementation.points.level"


def test_a_table_of_ones_own_is_checked(tmp_path: Path) -> None:
    own = Path(implementation.__file__).with_name("points.toml").read_text("utf-8")
    file = tmp_path / "points.toml"
    file.write_text(own.replace("technical_jp = 20.0", "technical_jp = 10.0"), "utf-8")
    rules = implementation.read_points(file)
    rows = activities(("c", "2026", "kursus", 12))
    table = implementation.score_points(rows, STAFF, POSITIONS, year="2026", rules=rules)
    assert table.set_index("staff_id").loc["c", "points"] == 22.5
    for wrong in ("technical_jp = 0", "x = 1", "[["):
        file.write_text(own.replace("technical_jp = 20.0", wrong), "utf-8")
        with pytest.raises(DataError, match=r"points\.toml"):
            implementation.read_points(file)
    with pytest.raises(DataError, match="read"):
        implementation.read_points(tmp_path / "none.toml")
    assert not implementation.read_points().confirmed
