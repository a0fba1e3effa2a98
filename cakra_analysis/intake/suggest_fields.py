"""What each column of an export is about: by its name, nearly its name, or what stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from cakra_analysis.identifiers import MAIL, MOBILE, find_raw
from cakra_analysis.intake.suggest_draft import HIGH, LOW, MIDDLE
from cakra_analysis.intake.vocabulary import field_of, plain

NEAR = 88  # of 100: how alike two names must be
SHORTEST = 5  # letters of a name that may be nearly another
MOSTLY = 0.6
LONG_TEXT = 40  # letters of an answer in free words


@dataclass(frozen=True)
class Field:
    """What a column is about.

    Attributes
    ----------
    name : str
        A field of ``aliases.toml``, or empty.
    reason, trust : str
        Why, and how far.
    """

    name: str
    reason: str = ""
    trust: str = ""


def name_field(header: str, texts: pd.Series, label: str = "") -> Field:
    """Name what a column is about.

    Parameters
    ----------
    header : str
        Its header.
    texts : Series
        Its answers.
    label : str
        Its label in the form, where there is one.

    Returns
    -------
    Field
        By content for numbers and addresses of persons, else by name.
    """
    given = texts.dropna()
    by_content = _name_by_content(given)
    if by_content.name:
        return by_content
    for text in dict.fromkeys([header, header.split("/")[-1], header.split(". ", 1)[-1], label]):
        found = _name_by_header(plain(text)) if text else Field("")
        if found.name:
            return found
    return Field("")


def _name_by_content(given: pd.Series) -> Field:
    if given.empty:
        return Field("")
    mail = given.str.fullmatch(r"\S+@\S+\.\S+").mean()
    if mail >= MOSTLY:
        return Field("email", "its cells are e-mail addresses", HIGH)
    if given.str.replace(r"[ .\-]", "", regex=True).str.fullmatch(MOBILE).mean() >= MOSTLY:
        return Field("phone", "its cells are telephone numbers", HIGH)
    if (find_raw(given) & ~given.str.contains(MAIL)).mean() >= MOSTLY:
        return Field("person", "its cells hold numbers of persons (NIP or NIK)", HIGH)
    return Field("")


def _name_by_header(text: str) -> Field:
    from rapidfuzz import fuzz, process

    known = field_of()
    if text in known:
        return Field(known[text], f'"{text}" is a known name', HIGH)
    if len(text) < SHORTEST:
        return Field("")
    long = [name for name in known if len(name) >= SHORTEST]
    near = process.extractOne(text, long, scorer=fuzz.ratio, score_cutoff=NEAR)
    if near:
        return Field(known[near[0]], f'nearly "{near[0]}", a known name', MIDDLE)
    inside = [n for n in long if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text)]
    if inside:
        longest = max(inside, key=len)
        return Field(known[longest], f'"{longest}" is in it', LOW)
    return Field("")


def is_free_text(texts: pd.Series) -> bool:
    """Tell whether a column holds answers in free words.

    Parameters
    ----------
    texts : Series
        Its answers.

    Returns
    -------
    bool
        Where most differ and half are long, or hardly any is there twice.
    """
    given = texts.dropna()
    if len(given) < 3:
        return True
    unlike = given.nunique() / len(given)
    return unlike > MOSTLY and (given.str.len().median() > LONG_TEXT or unlike > 0.8)
