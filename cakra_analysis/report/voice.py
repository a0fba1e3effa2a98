"""What a page says: catalogue texts and findings, with the data set's own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cakra_analysis.results import Finding
from cakra_analysis.words import label, say, write_number


class Voice:
    """Says texts and findings in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.
    **words : str
        Words the data set brings for the sentences: ``person``, ``item``, ``unit_word``.
    """

    def __init__(self, lang: str, **words: str) -> None:
        self.lang = lang
        defaults = {k: label(f"subject.{k}", lang) for k in ("person", "item", "unit_word")}
        self.words = defaults | {k: v for k, v in words.items() if v}

    def say(self, finding: Finding, part: str = "text") -> str:
        """Return a finding's sentence, as plain text."""
        return say(finding, self.lang, part, **self.words)

    def text(self, key: str, **values: Any) -> str:
        """Return a fixed text of the catalogue, with the data set's words."""
        return label(key, self.lang, **{**self.words, **values})

    def texts(self, stem: str, names: Sequence[str]) -> list[str]:
        """Return the catalogue's texts for several names below a stem."""
        return [self.text(f"{stem}.{name}") for name in names]

    def fact(self, finding: Finding, value: str, kind: str, key: str) -> tuple[str, str]:
        """Return one large figure and what it counts, a dash where the finding has no value.

        Parameters
        ----------
        finding : Finding
            Holds the value.
        value : str
            Its name in the finding.
        kind : str
            How the number is written; see ``write_number``.
        key : str
            Catalogue key below ``figure``.

        Returns
        -------
        tuple of str
            Figure and text.
        """
        number = finding.values.get(value)
        shown = "–" if number is None else write_number(float(number), self.lang, kind)
        values = {"total": "–", "staff": "–", **finding.values}
        return shown, self.text(f"figure.{key}", **values)

    def people(self, key: str, finding: Finding, *, instead: str) -> str:
        """Return whom the figures are about: a unit too small shows its parent's."""
        if instead:
            return self.text("subject.instead", unit=instead)
        return self.text(key, **finding.values) if "rated" in finding.values else ""
