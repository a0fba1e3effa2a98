"""Numbers that belong to one person: NIP, NIK, telephone; told apart from other long numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

Hit = tuple[str, int, int]  # kind, start, end

GAP = r"[ .\-/\u00a0\u2009\u202f]{0,2}"
NIP = re.compile(rf"(?<!\d)(?=((?:\d{GAP}){{17}}\d)(?!\d))")
SPOILT_NIP = re.compile(
    r"(?<!\d)(?<!\d[.,])[12][.,]\d{8,}[Ee]\+?17(?!\d)"
)  # as a spreadsheet writes it
NIK = re.compile(
    r"(?<!\d)(?<!\d[.,])(?:\d{16}|\d{4}([ \-\u00a0])\d{4}\1\d{4}\1\d{4}"
    r"|\d{6}([ .\-\u00a0])\d{6}\2\d{4}|\d\d([ .\-])\d\d\3\d\d\3\d{6}\3\d{4})(?!\d|[.,]\d)"
)
PHONE = re.compile(
    r"(?<![\w+])(?<!\d[.,])(?:(?:\+|00)62[ .\-]?[2-9]|(?:62|0)8)\d{1,3}"
    r"(?:[ .\-]?\d{3,4}){2,3}(?!\d|[.,]\d)"
)
HEXADECIMAL = re.compile(r"[0-9a-fA-F-]{24,}")  # a fingerprint, not a number


def find_numbers(text: str) -> Iterator[Hit]:
    """Find the numbers of persons in a text.

    Parameters
    ----------
    text : str
        Any.

    Yields
    ------
    (str, int, int)
        ``NIP``, ``NIK`` or ``telephone``, and where it starts and ends.

    Notes
    -----
    An NIP must hold a possible date of birth, month of appointment (for PPPK: year) and sex; blanks
    and points between its digits do not matter. An NIK must hold a possible region and date of
    birth. Pinned by ``tests/test_audit_traces.py``.

    Examples
    --------
    >>> list(find_numbers("NIP 19860926 201505 1 001, Rp 198.609.262.015.051.001"))
    [('NIP', 4, 25)]
    """
    prints = [m.span() for m in HEXADECIMAL.finditer(text) if re.search("[a-fA-F]", m.group())]

    def inside(start: int) -> bool:
        return any(first <= start < last for first, last in prints)

    for found in NIP.finditer(text):
        digits = re.sub(r"\D", "", found.group(1))
        if is_nip(digits) and not _is_amount(found.group(1)) and not inside(found.start(1)):
            yield "NIP", found.start(1), found.end(1)
    for found in SPOILT_NIP.finditer(text):
        if is_nip(re.sub(r"\D", "", found.group().upper().split("E")[0]).ljust(18, "0")):
            yield "NIP", *found.span()
    for found in NIK.finditer(text):
        if is_nik(re.sub(r"\D", "", found.group())) and not inside(found.start()):
            yield "NIK", *found.span()
    for found in PHONE.finditer(text):
        if 10 <= len(re.sub(r"\D", "", found.group())) <= 15 and not inside(found.start()):
            yield "telephone", *found.span()


def _is_amount(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text) is not None


def is_nip(digits: str) -> bool:
    """Return whether 18 digits can be an NIP or the number of a PPPK.

    Parameters
    ----------
    digits : str
        18 digits.

    Returns
    -------
    bool
        Whether birth, appointment and sex are possible.

    Examples
    --------
    >>> is_nip("198609262015051001"), is_nip("199001012023211003"), is_nip("123456789012345678")
    (True, True, False)
    """
    year, start = int(digits[:4]), int(digits[8:12])
    if not (_is_day(digits[:8]) and digits[14] in "12" and 17 <= start - year <= 60):
        return False
    return 1 <= int(digits[12:14]) <= 12 or start >= 2007  # of a PPPK: a code instead of a month


def _is_day(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1930 <= born.year <= 2015


def is_nik(digits: str) -> bool:
    """Return whether 16 digits can be an NIK.

    Parameters
    ----------
    digits : str
        16 digits.

    Returns
    -------
    bool
        Whether region and birth (40 is added to a woman's day) are possible.

    Examples
    --------
    >>> is_nik("5271036609860001"), is_nik("5271039909860001")
    (True, False)
    """
    day, month = int(digits[6:8]), int(digits[8:10])
    region = 11 <= int(digits[:2]) <= 97 and "00" not in (digits[2:4], digits[4:6])
    birth = (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12
    return region and birth and digits[12:] != "0000"
