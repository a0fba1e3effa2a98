"""Pseudonyms: the same person the same one in every table and cycle, and no way back."""

from __future__ import annotations

import base64
import re

import pandas as pd

from cakra_analysis.errors import DataError, PrivacyError
from cakra_analysis.identifiers import find_damaged, tidy_identifier
from cakra_analysis.privacy.key import Key

PREFIX, LETTERS = "P-", 12  # base32: 60 bits, no 0, 1, 8 or 9 to mistake, no number for Excel
PSEUDONYM = re.compile(r"P-[A-Z2-7]{12}")
MOST_SHOWN = 10
LARGEST_ROW = 10_000_000  # a larger label is no row number and may itself be an identifier


def pseudonymise(identifiers: pd.Series, key: Key, *, where: str = "") -> pd.Series:
    """Return the pseudonym of each identifier.

    Parameters
    ----------
    identifiers : Series
        NIPs, NIKs or codes as text, as they stand in spreadsheets; a missing or blank one stays
        missing, a pseudonym stays as it is.
    key : Key
        From ``read_key``.
    where : str
        File and column, for messages.

    Returns
    -------
    Series
        Same index: ``P-`` and the first twelve base32 characters (60 bits) of the HMAC-SHA256 of
        what ``tidy_identifier`` leaves. It is *not* anonymous: who has the key can find a person.

    Raises
    ------
    DataError
        When identifiers are stored as numbers or were damaged by a spreadsheet; rows are named.
    PrivacyError
        When two persons would get the same pseudonym.

    Notes
    -----
    Without a key the 18 digits of an NIP could be found by trying all birthdays; RFC 2104. Pinned
    by ``tests/test_privacy_pseudonyms.py``.

    Examples
    --------
    >>> key = Key(bytes(range(32)))
    >>> said = pd.Series(["197001011990011001", "`19700101 199001 1 001", None])
    >>> pseudonymise(said, key).tolist()
    ['P-M23DXJ6BBA47', 'P-M23DXJ6BBA47', nan]
    """
    _refuse_numbers(identifiers, where)
    texts = identifiers.astype("str")
    spelled = texts.dropna().unique()
    damaged = find_damaged(texts)
    if damaged.any():
        raise DataError(
            f"{_start(where)}a spreadsheet has rounded or replaced the number of a person in "
            f"{_rows(identifiers.index[damaged])}.",
            allowed="An NIP is text of 18 digits; as a number it loses its last digits.",
            do="Format the column as Text and type these again, or export anew.",
        )
    tidy = {text: tidy_identifier(text) for text in spelled}
    known = {person: _sign(person, key) for person in sorted(set(tidy.values())) if person}
    if len(set(known.values())) < len(known):
        raise PrivacyError(
            f"{_start(where)}two persons would get the same pseudonym.",
            allowed=f"It has {LETTERS} characters, so this is next to impossible.",
            do="Please report it.",
        )
    return texts.map({text: known.get(person) for text, person in tidy.items()}).astype("str")


def _sign(person: str, key: Key) -> str:
    """A pseudonym stays itself, so that a table done twice is as one done once."""
    if PSEUDONYM.fullmatch(person.upper()):
        return person.upper()
    return PREFIX + base64.b32encode(key.sign(person)).decode()[:LETTERS]


def _refuse_numbers(identifiers: pd.Series, where: str) -> None:
    if isinstance(identifiers.dtype, pd.StringDtype):
        return
    given = identifiers.dropna()
    numbers = given.index[[not isinstance(cell, str) for cell in given]]
    if len(numbers):
        raise DataError(
            f"{_start(where)}the number of a person is stored as a number in {_rows(numbers)}.",
            allowed="It is text always: as a number an NIP loses its last digits unseen.",
            do="Format the column as Text and type these again, or export anew.",
        )


def _start(where: str) -> str:
    return f"{where}: " if where else ""


def _rows(labels: pd.Index) -> str:
    """Name rows by their numbers; any other label might tell who it is."""
    numbers = [n for n in labels if isinstance(n, int) and 0 <= n < LARGEST_ROW]
    if len(numbers) < len(labels):
        return f"{len(labels)} rows"
    shown = ", ".join(str(number) for number in numbers[:MOST_SHOWN])
    more = f" and {len(numbers) - MOST_SHOWN} more" if len(numbers) > MOST_SHOWN else ""
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{more}"
