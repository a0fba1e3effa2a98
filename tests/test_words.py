"""The catalogue: same keys and placeholders, numbers as each language writes them."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cakra_analysis.errors import PlanError
from cakra_analysis.results import Finding
from cakra_analysis.words import label, say, write_date, write_number
from cakra_analysis.words.catalogue import catalogue
from tests.conftest import ROOT


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{[^}]*\}", text))


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    one, other = catalogue("id"), catalogue("en")
    assert list(one) == list(other)
    different = [k for k in one if placeholders(one[k]) != placeholders(other[k])]
    assert different == []
    spoken = {k: re.sub(r"\{[^}]*\}|[^a-zA-Z ]", "", text) for k, text in one.items()}
    same = [k for k in one if one[k] == other[k] and len(spoken[k]) > 12]
    assert same == []


def test_every_sentence_is_used_somewhere() -> None:
    sources = list((ROOT / "cakra_analysis").rglob("*.py"))
    sources += (ROOT / "notebooks").glob("*.ipynb")
    sources += (ROOT / "cakra_analysis").rglob("*.j2")
    for package in ("report", "improvement"):
        sources += (ROOT / "cakra_analysis" / package).glob("*.toml")
    text = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    words = set(re.findall(r"\w+", text))
    # The last name of a key that is no variant stands in the code, or is a style or name in data.
    variants = {"text", "title", "head", "none", "one", "other"}
    built = {"gap", "need", "gaps", "needs", "gaps_table", "needs_table", "heat_gap", "heat_need"}
    built |= {"keep_up", "low_priority"}  # quadrants
    built |= {"brief_gaps", "brief_needs"}  # gap or need
    built |= {"wait_list", "low_score"}  # how participants were chosen
    unused = []
    for key in catalogue("id"):
        last = [part for part in key.split(".") if part not in variants or part == key][-1]
        if last in built or key.startswith("notebook."):
            continue
        if last not in words:
            unused.append(key)
    assert unused == []


@pytest.mark.parametrize(
    ("value", "kind", "indonesian", "english"),
    [
        (1.125, "levels", "1,12", "1.12"),
        (-0.314, "signed", "−0,31", "−0.31"),
        (0.5, "signed", "+0,50", "+0.50"),
        (0.001, "signed", "0,00", "0.00"),
        (-0.04, "level1", "0,0", "0.0"),
        (0.876, "percent", "88%", "88%"),
        (0.0002, "percent2", "0,02%", "0.02%"),
        (69958, "count", "69.958", "69,958"),
        (78.13, "jpm", "78%", "78%"),
        (float("nan"), "levels", "–", "–"),
    ],
)
def test_numbers(value: float, kind: str, indonesian: str, english: str) -> None:
    assert write_number(value, "id", kind) == indonesian
    assert write_number(value, "en", kind) == english


def test_dates() -> None:
    moment = datetime(2026, 11, 24, 7, 5, tzinfo=ZoneInfo("Asia/Makassar"))
    assert write_date(moment, "id") == "24 November 2026 pukul 07.05 WITA"
    assert write_date(moment, "en") == "24 November 2026, 07:05 WITA"


NAMES = [
    {"id": "Pelayanan publik", "en": "Public service"},
    {"id": "Literasi digital", "en": "Digital literacy"},
]


@pytest.mark.parametrize(
    ("count", "indonesian"),
    [
        (0, "Tidak ada kompetensi yang jelas di bawah standar jabatan"),
        (1, "Satu dari 10 kompetensi jelas di bawah standar jabatan"),
        (3, "3 dari 10 kompetensi jelas di bawah standar jabatan"),
    ],
)
def test_plural_and_no_such_case(count: int, indonesian: str) -> None:
    finding = Finding("needs.below.gap", {"count": count, "total": 10, "mean": 0.2})
    assert say(finding, "id", "title", item="kompetensi", target="standar jabatan") == indonesian


def test_names_inside_a_sentence_and_first_in_it() -> None:
    finding = Finding("needs.leading.gap.two", {"names": NAMES, "values": [1.12, 0.98]})
    said = say(finding, "id", "title")
    assert said == "Kesenjangan terbesar ada pada pelayanan publik dan literasi digital"
    assert (
        say(finding, "en", "head") == "The largest gaps are in public service and digital literacy."
    )
    assert "1,12 dan 0,98" in say(finding, "id", person="ASN", target="standar")


def test_a_sentence_cannot_use_what_its_finding_lacks() -> None:
    with pytest.raises(KeyError):
        say(Finding("needs.leading.gap.one", {"names": NAMES}), "id")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(PlanError, match="Languages are: id, en"):
        label("page.summary", "fr")
