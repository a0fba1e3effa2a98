"""The lists of the tour show what a report would show, and hide what it would hide."""

from __future__ import annotations

import re

import pytest

from cakra_analysis.charts import describe_gaps
from cakra_analysis.errors import AnalysisError
from cakra_analysis.explorer import explore, publish_gaps, show_table
from cakra_analysis.settings import AUDIENCES, Settings


@pytest.fixture(scope="module")
def panel(region):
    return explore(region, unit="KEL-09", lang="id")


def lists(panel) -> dict:
    return {pick.description: pick for pick in panel.children[0].children}


def rows(panel) -> int:
    return len(re.findall("<tr", panel.children[1].value)) - 1  # without the heading


@pytest.mark.slow
def test_it_shows_the_chosen_unit_and_follows_each_list(region, panel) -> None:
    gaps = publish_gaps(region, cycle="2026")
    assert list(lists(panel)) == ["Unit", "Kelompok", "Siklus", "Untuk pembaca"]
    seen = set()
    for name, value in (
        ("Unit", "PKM-1"),
        ("Siklus", "2025"),
        ("Kelompok", "teknis"),
    ):
        lists(panel)[name].value = value
        seen.add(panel.children[1].value)
        if name == "Unit":
            own = gaps.of_units(value).largest_first("value").table
            assert describe_gaps(own, lang="id", item="kompetensi") in panel.children[1].value
    assert len(seen) == 3
    teknis = region["competencies"]["group"].eq("teknis").sum()
    assert rows(panel) == teknis


@pytest.fixture(scope="module")
def english(region):
    return explore(region, unit="KEL-11", lang="en")


@pytest.mark.slow
def test_too_few_people_are_never_shown(english) -> None:
    for audience in AUDIENCES:
        lists(english)["For readers"].value = audience
        least = getattr(Settings().privacy, audience)
        assert f"fewer than {least} people" in english.children[1].value
        assert "<svg" not in english.children[1].value


def test_what_cannot_be_scored_is_said(english) -> None:
    pick = lists(english)["Cycle"]
    pick.options = [*pick.options, ("2031", "2031")]
    pick.value = "2031"
    assert "Nobody was rated in the cycle 2031." in english.children[1].value


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"unit": "KEL-1l"}, 'There is no unit "KEL-1l".*Did you mean "KEL-1'),
     ({"audience": "pimpinan"}, 'There is no audience "pimpinan".*internal, leadership, public')],
)  # fmt: skip
def test_an_unknown_choice_is_refused(region, wrong: dict, told: str) -> None:
    with pytest.raises(AnalysisError, match=f"(?s){told}"):
        explore(region, **wrong)


@pytest.mark.slow
def test_its_words_are_those_of_the_language(region, english) -> None:
    assert list(lists(english)) == ["Unit", "Group", "Cycle", "For readers"]
    assert dict(lists(english)["Group"].options)["sociocultural"] == "sosial kultural"


def test_the_words_around_a_table_are_those_of_the_language(region, monkeypatch) -> None:
    shown: dict = {}
    monkeypatch.setattr("itables.show", lambda table, **options: shown.update(options))
    show_table(region["units"].assign(people=3), lang="id")  # test_lab.py opens it in a browser
    assert shown["language"]["search"].startswith("Cari")
    assert shown["columnDefs"] == [{"targets": [0, 1, 2, 3], "className": "dt-left"}]
