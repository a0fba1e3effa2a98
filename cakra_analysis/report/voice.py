"""What a page says: catalogue texts and findings, with the data set's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cakra_analysis.results import Finding
from cakra_analysis.words import label, say, write_number


class Voice:
    """Says texts and findings in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.
    definition : str
        Of the gap; its first word names what the gap is held against.
    **words : object
        What every sentence may use: the data set's words for ``person``, ``item`` and
        ``unit_word``, ``confidence``, ``need_from``.
    """

    def __init__(self, lang: str, *, definition: str = "standard", **words: Any) -> None:
        self.lang = lang
        defaults = {k: label(f"subject.{k}", lang) for k in ("person", "item", "unit_word")}
        for word in ("target", "lack", "scale"):
            defaults[word] = label(f"{word}.{definition.split()[0]}", lang)
        self.words = defaults | {k: v for k, v in words.items() if v}

    def say(self, finding: Finding, part: str = "text", **words: Any) -> str:
        """Return a finding's sentence, as plain text."""
        return say(finding, self.lang, part, **{**self.words, **words})

    def tell(self, *findings: Finding) -> str:
        """Return the sentences of several findings, without those that say nothing was asked."""
        return " ".join(self.say(f) for f in findings if not f.key.endswith(".none"))

    def text(self, key: str, **values: Any) -> str:
        """Return a fixed text of the catalogue, with the data set's words."""
        return label(key, self.lang, **{**self.words, **values})

    def texts(self, stem: str, names: Sequence[str]) -> list[str]:
        """Return the catalogue's texts for several names below a stem."""
        return [self.text(f"{stem}.{name}") for name in names]

    def shares(self, stem: str, numbers: Mapping[str, float]) -> str:
        """Return names below a stem with a number each, for instance ``atasan 2``."""
        pairs = [f"{self.text(f'{stem}.{k}')} {v:g}" for k, v in numbers.items()]
        return ", ".join(pairs)

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
