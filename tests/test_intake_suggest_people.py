"""Persons in a proposed mapping: nobody is counted twice unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakra_analysis.intake import suggest_mapping
from tests.test_intake_suggest import write

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("header", "who", "said"),
    [
        ("Nama Lengkap", [f"Orang {LETTERS[n % 12]}" for n in range(15)], "3 rows repeat"),
        ("Email", [f"o{n % 5}@x.id" if n < 12 else "" for n in range(30)], "7 rows repeat"),
    ],
)
def test_rows_that_repeat_a_name_or_address_are_asked(
    tmp_path: Path, header: str, who: list[str], said: str
) -> None:
    rows = [f"{name},Unit {n % 2},{n % 5 + 1}" for n, name in enumerate(who)]
    made = suggest_mapping(write(tmp_path, f"{header},Unit Kerja,Kebutuhan data", *rows))
    asked = {q.key: q.said for q in made.questions}
    assert said in asked["person.each_row"] and who[0] not in made.text


def test_addresses_that_differ_where_given_tell_persons_apart(tmp_path: Path) -> None:
    who = [f"o{n % 12}@x.id" if n < 20 else "" for n in range(30)]
    rows = [f"{mail},Unit {n % 2},{n % 5 + 1}" for n, mail in enumerate(who)]
    made = suggest_mapping(write(tmp_path, "Email,Unit Kerja,Kebutuhan data", *rows))
    assert 'column = "Email"' in made.text
    assert "8 rows are of a person who is there already, 10 of nobody" in made.text
