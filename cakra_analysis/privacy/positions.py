"""Positions that one person holds: a camat, the lurah or head of somewhere."""

from __future__ import annotations

import re
from collections.abc import Collection

POSITION = "[jabatan]"

# One holder in a kecamatan or city, whatever follows.
SINGLE = (
    r"sekretaris\s+(?:camat|kecamatan)|camat|sekcam|sekretaris\s+daerah|sekda|wakil\s+wali\s?kota|wali\s?kota|"
    r"wawali|bupati|wabup|kadis[a-z]{3,}|kadin[a-z]{3,}"
)
OFFICES = (
    r"dinas|badan|kantor|bidang|bagian|seksi|sub\s?bagian|subbag|puskesmas|pustu|sekolah|lingkungan|"
    r"upt|uptd|kelurahan|satuan|inspektorat"
)
AGENCIES = (
    r"bkpsdm|bkd|bappeda|bpkad|satpol|dispora|dikbud|dukcapil|rsud|bpbd|kesbangpol|sdn?|smpn?|"
    r"sman?|smkn?|paud"
)
# One holder of the office or place that is named after it.
NAMED = (
    rf"(?:kepala|sekretaris|bendahara)\s+(?:{OFFICES})|kepala(?=\s+(?:{AGENCIES})\b)|sekretaris\s+lurah|lurah|seklur|"
    r"kadis|sekdis|kaban|sekban|kabid|kabag|kasi|kasie|kasubag|kasubbag|kasubbid|kapus|kepsek|kaling|"
    r"direktur|inspektur(?:\s+kota)?|asisten(?=\s+(?:[I123]+|setda))"
)
NOT_HERE = r"(?<!kantor\s)(?<!para\s)(?<!semua\s)(?<!rumah\s)"
ALONE = re.compile(rf"{NOT_HERE}\b(?:{SINGLE})(?:nya)?\b", re.I)
OF_A_PLACE = re.compile(rf"{NOT_HERE}\b(?:{NAMED})(?:nya)?(?!\w)", re.I)
NEXT = re.compile(r"\s+([^\W_][\w.]*)")
VERB = re.compile(r"(?:me(?:m|n|ng|ny)?|ber|ter|di)[a-z]{4,}|(?:se|ke)[a-z]+nya", re.I)
MOST_WORDS = 4


def mask_positions(text: str, ordinary: Collection[str]) -> str:
    """Replace positions that only one person can hold.

    Parameters
    ----------
    text : str
        A comment.
    ordinary : collection of str
        Words that end the name of an office or place, in small letters.

    Returns
    -------
    str
        With ``[jabatan]`` for the position and the words that name its office or place. A position
        that many hold ("semua lurah", "kabid kurang mendukung") stays.

    Examples
    --------
    >>> mask_positions("lurah mawar tidak setuju, lurah tidak setuju", {"tidak"})
    '[jabatan] tidak setuju, lurah tidak setuju'
    """
    parts, start = [], 0
    for found in OF_A_PLACE.finditer(text):
        end = _find_end(text, found.end(), ordinary)
        if found.start() >= start and end > found.end():
            parts += [text[start : found.start()], POSITION]
            start = end
    text = "".join(parts) + text[start:]
    parts, start = [], 0
    for found in ALONE.finditer(text):
        parts += [text[start : found.start()], POSITION]
        start = _find_end(text, found.end(), ordinary)
    return "".join(parts) + text[start:]


def _find_end(text: str, place: int, ordinary: Collection[str]) -> int:
    """Where the name of the office or place ends; the place itself if there is none."""
    for _ in range(MOST_WORDS):
        found = NEXT.match(text, place)
        if not found:
            break
        word = found.group(1).rstrip(".")
        if word.lower() in ordinary or VERB.fullmatch(word):
            break
        place = found.end()
        if found.group(1) != word:  # a full stop ends it
            return place - 1
    return place
