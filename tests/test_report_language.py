"""No visible word of a report is in the other language: lexicons made from catalogue and data."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel import Locale

from cakra_analysis.dataset import Dataset
from cakra_analysis.load import load
from cakra_analysis.words.catalogue import catalogue
from tests.conftest import REGION
from tests.test_report_build import visible

WORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]+)*")
PAIRS = {"id": "en", "en": "id"}


@cache
def data() -> Dataset:
    return load(REGION)


def words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}


def bilingual(lang: str) -> str:
    """What the data says in two languages: names, scale labels, messages."""
    said = [
        frame[column].dropna().astype(str).str.cat(sep=" ")
        for frame in [*data().tables.values(), data().problems]
        for column in frame.columns
        if column.endswith(f"_{lang}")
    ]
    return " ".join(said)


@cache
def lexicon(lang: str) -> frozenset[str]:
    texts = [re.sub(r"\{[^}]*\}", " ", text) for text in catalogue(lang).values()]
    months = [*Locale.parse(lang).months["format"]["wide"].values()]
    return frozenset(words(" ".join([*texts, *months, bilingual(lang)])))


@cache
def of_the_data(lang: str) -> frozenset[str]:
    """Words that the data brings in one language only, and names of tables and columns.

    Comments are Indonesian on every page, which says so.
    """
    tables = data().tables
    once = [
        frame[column].dropna().astype(str).str.cat(sep=" ")
        for name, frame in tables.items()
        for column in frame.columns
        if (name != "comments" or lang == "en")
        and not column.endswith(("_id", "_en"))
        and frame[column].dtype.kind not in "biuf"
    ]
    columns = [" ".join([name, *frame.columns]).replace("_", " ") for name, frame in tables.items()]
    return frozenset(words(" ".join([*once, *columns, "Bahasa Indonesia English sha cakra"])))


def find_strangers(text: str, lang: str) -> set[str]:
    """Words of the other language that this language and the data do not have."""
    own = lexicon(lang) | of_the_data(lang)
    return (words(text) & lexicon(PAIRS[lang])) - own


@pytest.mark.slow
def test_a_word_of_the_other_language_is_found() -> None:
    assert find_strangers("Kesenjangan terbesar, but not the widest", "id") >= {"not", "the"}
    assert "kebutuhan" in find_strangers("The largest kebutuhan", "en")
    assert find_strangers("Kesenjangan terbesar pada literasi digital", "id") == set()


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_every_visible_word_is_in_the_pages_language(built: Path) -> None:
    for page in sorted(built.glob("*/*/*.html")):
        lang = page.stem.rsplit(".", 1)[-1]
        assert not find_strangers(visible(page), lang), page.name
