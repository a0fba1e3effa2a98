"""Who is in the data: identifiers and names to look for, and the key of the pseudonyms."""

from __future__ import annotations

import base64
import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cakra_analysis.database.address import list_secrets
from cakra_analysis.files import find_place
from cakra_analysis.privacy.key import KEY, find_key_file
from cakra_analysis.sources import read_tables

IDENTIFIERS = ("staff_id", "stakeholder_id", "respondent_id", "respondent", "trainer", "nip", "nik",
               "rater", "rater_id")  # fmt: skip
NAMES = ("name", "nama", "nama_lengkap", "full_name", "nama_pegawai", "trainer_name",
         "nama_pengajar")  # fmt: skip
WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*")
TOKEN = re.compile(r"\w+(?:-\w+)*")
PARTS = (re.compile(r"[^\W_]+(?:-[^\W_]+)*"), re.compile(r"[^\W_]+"))  # of a token
SHORTEST_NUMBER = 8  # of an identifier that is digits only; shorter ones are in every table
SHORTEST = 4
SHORTEST_KEY = 8


@dataclass(frozen=True)
class Known:
    """What must not be met outside.

    Attributes
    ----------
    identifiers : frozenset of str
        As they stand in the data.
    names : mapping of str to set of tuple
        Names as words in small letters, by their first word.
    keys : frozenset of str
        The pseudonyms' key, in the ways it may be written, and passwords of databases.
    braced : frozenset of str
        Texts of the data with braces, for instance an odd name of a unit.
    """

    identifiers: frozenset[str] = frozenset()
    names: Mapping[str, set[tuple[str, ...]]] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    braced: frozenset[str] = frozenset()

    def says(self, text: str) -> bool:
        """Return whether a text in braces is somebody's own and not a template's."""
        bare = "".join(text.split())  # a printed page breaks lines where it likes
        return any(bare in "".join(given.split()) for given in self.braced)

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Return kind, start and end of everything known in a text; whole words only."""
        if self.identifiers:
            for token in TOKEN.finditer(text):
                parts = (found for way in PARTS for found in way.finditer(text, *token.span()))
                for part in (token, *parts):
                    if part.group() in self.identifiers:
                        yield "identifier", *part.span()
                        break
        if self.names:
            yield from self._find_names(text)
        for key in self.keys:
            if (start := text.find(key)) >= 0:
                yield "secret", start, start + len(key)

    def _find_names(self, text: str) -> Iterator[tuple[str, int, int]]:
        words = list(WORD.finditer(text))
        small = [word.group().lower() for word in words]
        for place, first in enumerate(small):
            for name in self.names.get(first, ()):
                last = place + len(name)
                # One word is a name only where it is written as one: many are ordinary words too.
                alone = len(name) == 1 and not words[place].group()[0].isupper()
                if tuple(small[place:last]) == name and not alone:
                    yield "name", words[place].start(), words[last - 1].end()


def read_known(data: str = "") -> Known:
    """Read who is in a data set, and the key if there is one.

    Parameters
    ----------
    data : str
        Folder, workbook or URL; empty for none.

    Returns
    -------
    Known
        Identifiers of four characters on, with a letter and a digit or of eight digits on; names
        from the columns of tables about persons; the key from ``CAKRA_KEY`` or its file.
    """
    identifiers: set[str] = set()
    names: dict[str, set[tuple[str, ...]]] = {}
    for table in read_tables(find_place(data)) if data else []:
        columns = [c for c in table.cells.columns if c.lower() in IDENTIFIERS]
        for column in columns:
            identifiers |= {
                value for value in table.cells[column].dropna().unique() if _is_telling(value)
            }
        for column in [c for c in table.cells.columns if c.lower() in NAMES if columns]:
            for value in table.cells[column].dropna().unique():
                words = tuple(word.lower() for word in WORD.findall(value))
                if len("".join(words)) >= SHORTEST:
                    names.setdefault(words[0], set()).add(words)
    return Known(frozenset(identifiers), names, frozenset(_list_secret()))


def _is_telling(value: str) -> bool:
    if value.isdigit():
        return len(value) >= SHORTEST_NUMBER
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return len(value) >= SHORTEST and mixed


def _list_secret() -> Iterator[str]:
    yield from _list_keys()
    yield from (secret for secret in list_secrets() if len(secret) >= SHORTEST_KEY)


def _list_keys() -> Iterator[str]:
    """The key as it was given, and the same bytes in hexadecimal digits and in base64."""
    for given in {os.environ.get(KEY, "").strip(), _read_text(find_key_file())}:
        if len(given) >= SHORTEST_KEY:
            yield given
            for secret in (given.encode(), *_decode(given)):
                yield from (secret.hex(), base64.b64encode(secret).decode())


def _decode(given: str) -> Iterator[bytes]:
    for decode in (bytes.fromhex, base64.b64decode):
        with contextlib.suppress(ValueError):
            if len(secret := decode(given)) >= SHORTEST_KEY:
                yield secret


def _read_text(file: Path) -> str:
    try:
        return file.read_text("utf-8").strip() if file.is_file() else ""
    except (OSError, ValueError):
        return ""


def list_braced(value: Any) -> Iterator[str]:
    """Return the texts of saved reports that hold braces as a template does.

    Parameters
    ----------
    value : object
        Records, or a part of one.

    Yields
    ------
    str
        Texts that came from the data, since a record is not made from a template.

    Examples
    --------
    >>> list(list_braced([{"unit_name": "{{ 7 * 7 }}", "title": "one"}]))
    ['{{ 7 * 7 }}']
    """
    if isinstance(value, str):
        if "{{" in value or "{%" in value or "%}" in value:
            yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from list_braced(part)
    elif isinstance(value, list):
        for part in value:
            yield from list_braced(part)
