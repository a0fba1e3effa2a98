"""Which answer scale a column fits, and where the answers alone cannot tell."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from cakra_analysis.intake.grids import fold_answer
from cakra_analysis.intake.suggest_draft import is_personal
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.vocabulary import known_scales

COVERED = 0.8  # share of the answers that a scale must know
MOST_STEPS = 7
LONGEST = 40  # letters of an answer that may be a step of a scale
CODED = re.compile(r"[A-Za-z]{1,3}\d{1,2}")  # A1, AO03
NUMBERS = re.compile(r"\d{1,3}(?:[.,]\d+)?")


@dataclass(frozen=True)
class Fit:
    """The scale of one or several columns.

    Attributes
    ----------
    scales : list of str
        Shipped scales that fit; several where the answers do not tell which.
    own : list of str
        Answers of a scale that is not shipped.
    left : int
        Answers that are on none of the scales.
    near : list of str
        Shipped scales that have the answers of ``own``, but two of them on one step.
    """

    scales: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    left: int = 0
    near: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.scales or self.own)


def fit_scale(texts: pd.Series, *, without: Collection[str] = ()) -> Fit:
    """Find the scales that answers may be on.

    Parameters
    ----------
    texts : Series
        Answers, of all columns of a grid together.
    without : collection of str
        Scales on which answers of another grid share a step.

    Returns
    -------
    Fit
        Shipped scales that hold all answers, else those that hold most; more than one is a question
        for a person: STS, TS, S and SS may be steps of four or of five, so may 1 to 4. Where two
        different answers share a step of each scale, the answers as a scale of their own. A number
        that 1 to 5 do not hold means another scale.

    Examples
    --------
    >>> fit_scale(pd.Series(["S", "SS", "TS"])).scales
    ['setuju_5', 'setuju_4']
    >>> fit_scale(pd.Series(["S", "SS", "N"])).scales
    ['setuju_5']
    >>> fit_scale(pd.Series(["1", "5"])).scales
    ['angka_5']
    >>> fit_scale(pd.Series(["Perlu", "Kurang perlu", "Tidak perlu", "Cukup perlu"])).own
    ['Tidak perlu', 'Kurang perlu', 'Cukup perlu', 'Perlu']
    """
    counts = Counter(fold_answer(text) for text in texts.dropna())
    total = counts.total()
    known = {name: counts.keys() & of_scale for name, of_scale in _folded_scales().items()}
    covered = {name: sum(counts[text] for text in found) for name, found in known.items()}
    best = max(covered.values())
    scales = [name for name, number in covered.items() if number == best]
    steps = max(len(known[name]) for name in scales)
    if best == 0 or best < COVERED * total or (best < total and steps < 2):
        return Fit()  # what fits but one step of a scale says nothing about the rest
    if best < total and _has_other_numbers(counts.keys() - known[scales[0]], scales):
        return Fit()
    scales.sort(key=lambda name: -max(known_scales()[name].levels.values()))
    clear = [name for name in scales if name not in without and not shares_step(name, counts)]
    own = [text for text in known_scales()[scales[0]].levels if fold(text) in counts]
    return Fit(clear, [], total - best) if clear else Fit([], own, total - best, scales)


def shares_step(scale: str, given: Collection[str]) -> bool:
    """Tell whether two different answers are on one step of a shipped scale.

    Parameters
    ----------
    scale : str
        Its name.
    given : collection of str
        Answers as ``fold_answer`` gives them.

    Returns
    -------
    bool
        Initials of an answer and another spelling do not count, nor do scales of yes and no.
    """
    levels = {fold(text): level for text, level in known_scales()[scale].levels.items()}
    found = [text for text in given if text in levels]
    return max(levels.values()) > 2 and any(
        levels[one] == levels[other] and _differ(one, other)
        for one, other in itertools.combinations(found, 2)
    )


def _differ(one: str, other: str) -> bool:
    words = [re.findall(r"\w+", text) for text in (one, other)]
    initials = ["".join(word[0] for word in of_text) for of_text in words]
    return words[0] != words[1] and one != initials[1] and other != initials[0]


def _has_other_numbers(left: Collection[str], scales: list[str]) -> bool:
    """Whether there are numbers beside those of 1 to 5: the scale has more steps then."""
    return any(name.startswith("angka") for name in scales) and any(map(NUMBERS.fullmatch, left))


def fit_own(texts: pd.Series) -> Fit:
    """Take answers that no shipped scale knows for a scale of their own.

    Parameters
    ----------
    texts : Series
        Answers, of all columns of a grid together.

    Returns
    -------
    Fit
        Its answers, without their levels, where they are few, short, often given and tell nobody.
    """
    given = texts.dropna()
    counts = given.map(fold).value_counts()
    coded = given.str.fullmatch(CODED).all()
    few = counts.min() < 2 or len(given) < 3 * len(counts) if len(counts) else True
    if not 2 <= len(counts) <= MOST_STEPS or (few and not coded):
        return Fit()
    spelt = given.groupby(given.map(fold)).agg(lambda s: s.mode().iloc[0])
    labels = [spelt[text] for text in sorted(counts.index)]
    unfit = any(len(x) > LONGEST or NUMBERS.fullmatch(x) or is_personal(x) for x in labels)
    return Fit() if unfit else Fit([], labels)


def is_number_beyond(texts: pd.Series) -> bool:
    """Tell whether answers are numbers that no scale of five steps holds.

    Parameters
    ----------
    texts : Series
        Answers.

    Returns
    -------
    bool
        For scales of 0-9, 0-100 and the like.
    """
    given = texts.dropna()
    return len(given) > 0 and bool(given.str.fullmatch(NUMBERS).mean() > COVERED)


def has_more_steps(texts: pd.Series) -> bool:
    """Tell whether answers are numbers of a scale that goes further than 1 to 5.

    Parameters
    ----------
    texts : Series
        Answers of one column.

    Returns
    -------
    bool
        True where most are numbers and one is not among 1 to 5: such as 0-9, 1-7 or 0-100.

    Examples
    --------
    >>> has_more_steps(pd.Series(["1", "5", "6"])), has_more_steps(pd.Series(["1", "5", "?"]))
    (True, False)
    """
    given = {fold_answer(text) for text in texts.dropna()}
    other = given - known_scales()["angka_5"].levels.keys()
    return is_number_beyond(texts) and any(map(NUMBERS.fullmatch, other))


@cache
def _folded_scales() -> dict[str, set[str]]:
    return {name: {fold(text) for text in s.levels} for name, s in known_scales().items()}
