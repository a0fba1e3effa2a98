"""Who signs an official report, and where a line is left to be filled in by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cakra_analysis.settings import ReportSettings
from cakra_analysis.words import label, write_day

BLANK = "." * 32


@dataclass(frozen=True)
class Signature:
    """The lines of a signature: place and day, title, and below the space to sign in, the name."""

    place_and_day: str
    title: str
    name: str


def write_signature(rules: ReportSettings, when: datetime, lang: str) -> Signature:
    """Write the signature of a report.

    Parameters
    ----------
    rules : ReportSettings
        Place, title and name; an empty one becomes a dotted line.
    when : datetime
        Moment of the build; its day is the report's.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Signature
        Three lines.

    Examples
    --------
    >>> rules = ReportSettings(place="Mataram", signer_title="Kepala Badan")
    >>> write_signature(rules, datetime(2026, 11, 24), "id").place_and_day
    'Mataram, 24 November 2026'
    """
    day = write_day(when, lang)
    place = label("laporan.signed", lang, place=rules.place or BLANK, day=day)
    return Signature(place, rules.signer_title or BLANK, rules.signer or BLANK)
