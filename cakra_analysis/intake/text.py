"""How two texts of an export or a mapping count as the same."""

from __future__ import annotations

import re

from cakra_analysis.raw import UNSEEN


def tidy_text(text: str) -> str:
    r"""Fold line breaks, non-breaking and double blanks into single ones; drop what is not seen.

    Parameters
    ----------
    text : str
        A header or an answer.

    Returns
    -------
    str
        The same, as one line.

    Examples
    --------
    >>> tidy_text("Needs:\u00a0\nplease  say")
    'Needs: please say'
    """
    return re.sub(r"\s+", " ", UNSEEN.sub("", str(text))).strip()


def fold(text: str) -> str:
    """Return what two texts share that differ in blanks, or in upper and lower case, only.

    Parameters
    ----------
    text : str
        A header, an answer or a name.

    Returns
    -------
    str
        One line, without case.

    Examples
    --------
    >>> fold("Sangat  Perlu ")
    'sangat perlu'
    """
    return tidy_text(text).casefold()


def find_twin(texts: list[str]) -> tuple[str, str] | None:
    """Find two texts that are the same once folded.

    Parameters
    ----------
    texts : list of str
        Headers, answers or names.

    Returns
    -------
    tuple of str or None
        The first two that are the same; none where all differ.

    Examples
    --------
    >>> find_twin(["Perlu", "Tidak", "perlu "])
    ('Perlu', 'perlu ')
    """
    seen: dict[str, str] = {}
    for text in texts:
        if fold(text) in seen:
            return seen[fold(text)], text
        seen[fold(text)] = text
    return None
