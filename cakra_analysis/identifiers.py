"""What the number of a person looks like, whole or damaged by a spreadsheet."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

# A number that a spreadsheet or a float has rounded, a formula without its result, an error value.
DAMAGED = re.compile(
    r"\d{15}000|\d[.,]\d+[eE]\+?\d+|\d[eE]\+\d+|\d{15,}[.,]0+|=.+|#(?:[A-Z/0]+[!?]|N/A)"
)
MARKS = "'`´‘’\""  # put before a number so that a spreadsheet keeps it as text
LONG = re.compile(r"\d{16,}")
APART = re.compile(r"\d(?:[ .\-]?\d){15,}")
BIRTH = r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# NIP: born, appointed (year and month, or year and the code of a PPPK), sex, number in the month.
NIP = re.compile(rf"{BIRTH}(?:19|20)\d{{4}}[12]\d{{3}}")
# NIK: region, born (40 is added to a woman's day), number of the day.
NIK = re.compile(r"\d{6}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}")
# Both begin where a run of such letters does: tried from each of them, a long text takes minutes.
LABELLED = re.compile(r"(?:(?<![^|\d])[^|\d]*\||ni[pk]\b[\s.:]*)\s*(?=\d)", re.IGNORECASE)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.\w")
MOBILE = re.compile(r"(?:\+?62|0)8\d{8,11}")
# Most codes: too short for a number of a person, and none of the marks of a damaged one.
HARMLESS = re.compile(r"[A-Za-z][A-Za-z0-9_-]{,13}|\d{1,9}")
WHOLE = 15  # digits that a spreadsheet keeps; a longer number is one of a person


def tidy_identifier(text: str) -> str:
    """Return what two spellings of one identifier share.

    Parameters
    ----------
    text : str
        A cell: an NIP, an NIK or a code.

    Returns
    -------
    str
        Without marks, invisible characters and upper case; of an NIP or NIK the digits alone, also
        where a name or "NIP." stands before it. Empty where nothing is left.

    Examples
    --------
    >>> tidy_identifier("'19700101 199001 1 001"), tidy_identifier(" S-01 ")
    ('197001011990011001', 's-01')
    """
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = " ".join(text.split()).strip(MARKS + " ")
    number = re.sub(r"[ .\-]", "", LABELLED.sub("", text, count=1)).strip(MARKS)
    long = number.isascii() and number.isdigit() and len(number) >= WHOLE
    return number if long else text.casefold()


def is_damaged(text: str) -> bool:
    """Tell whether a spreadsheet has destroyed an identifier.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    bool
        Whether it reads E+, ends in the three zeros of a rounded NIP (no NIP has the number 000) or
        in a float's ".0", or is a formula or an error value.

    Examples
    --------
    >>> [is_damaged(text) for text in ("1,97E+17", "197001011990011000", "197001011990011001")]
    [True, True, False]
    """
    bare = text.strip().lstrip(MARKS).strip()
    return bool(DAMAGED.fullmatch(bare) or DAMAGED.fullmatch(tidy_identifier(text)))


def is_raw(text: str) -> bool:
    """Tell whether a code is the number of a person: an NIP, an NIK, a mobile or an e-mail.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    bool
        True for 16 digits on end, for digits with blanks, dots or hyphens between that make an NIP
        or NIK, for an e-mail address, and for a mobile telephone that is the whole text.

    Examples
    --------
    >>> [is_raw(text) for text in ("Budi | 197001011990011001", "19700101 199001 1 001", "S-01")]
    [True, True, False]
    """
    if LONG.search(text) or MAIL.search(text):
        return True
    if MOBILE.fullmatch(re.sub(r"[ .\-]", "", text)):
        return True
    runs = (re.sub(r"[ .\-]", "", run) for run in APART.findall(" ".join(text.split())))
    return any(NIP.fullmatch(run) or NIK.fullmatch(run) for run in runs)


def find_damaged(cells: pd.Series) -> pd.Series:
    """Find the identifiers that a spreadsheet has destroyed.

    Parameters
    ----------
    cells : Series
        Text; missing where blank.

    Returns
    -------
    Series
        True where ``is_damaged``.
    """
    return cells.isin([text for text in _list_doubtful(cells) if is_damaged(text)])


def find_raw(cells: pd.Series) -> pd.Series:
    """Find the cells that hold the number or address of a person.

    Parameters
    ----------
    cells : Series
        Text; missing where blank.

    Returns
    -------
    Series
        True where ``is_raw``.
    """
    return cells.isin([text for text in _list_doubtful(cells) if is_raw(text)])


def _list_doubtful(cells: pd.Series) -> list[str]:
    return [text for text in map(str, cells.dropna().unique()) if not HARMLESS.fullmatch(text)]
