"""Ratings of true levels by self, supervisor and peers, with what goes wrong in real ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from cakra_analysis.synthetic.people import People
from cakra_analysis.synthetic.places import COMPETENCIES


@dataclass(frozen=True)
class Source:
    """How one source of ratings errs.

    Attributes
    ----------
    name : str
        ``self``, ``supervisor`` or ``peer``.
    rater : str
        Number of the rater within the source.
    leniency : float
        Mean over-rating, in levels.
    halo : float
        Standard deviation of a rater's error that is the same for all of a person's competencies.
    noise : float
        Standard deviation of the error of one rating.
    missing : float
        Share of people whom this rater does not rate.
    straight : float
        Share of people who get one level throughout.
    skipped : float
        Share of single answers left out.
    """

    name: str
    rater: str
    leniency: float
    halo: float
    noise: float
    missing: float
    straight: float = 0.02
    skipped: float = 0.03


SOURCES = (
    Source("self", "1", 0.45, 0.25, 0.55, 0.06),
    Source("supervisor", "1", -0.05, 0.3, 0.45, 0.05),
    Source("peer", "1", 0.2, 0.3, 0.55, 0.1),
    Source("peer", "2", 0.2, 0.3, 0.55, 0.3),
)
# Trained, with a test in hand: neither mild nor hasty.
ASSESSOR = Source("assessor", "1", 0.0, 0.1, 0.35, 0.0, straight=0.0, skipped=0.0)


def rate(level: np.ndarray, source: Source, rng: np.random.Generator) -> np.ndarray:
    """Rate everybody once, as whole levels 0-5; -1 where there is no answer.

    Parameters
    ----------
    level : ndarray of float32, shape (people, competencies)
        True levels.
    source : Source
        Who rates.
    rng : Generator
        Source of randomness.

    Returns
    -------
    ndarray of int8, shape (people, competencies)
        Ratings.
    """
    people, items = level.shape
    seen = level + np.float32(source.leniency)
    seen += np.float32(source.halo) * rng.standard_normal((people, 1), dtype=np.float32)
    same = rng.random(people, dtype=np.float32) < source.straight
    flat = seen[same].mean(axis=1, keepdims=True)
    seen += np.float32(source.noise) * rng.standard_normal((people, items), dtype=np.float32)
    seen[same] = flat
    ratings = np.clip(np.rint(seen), 0, 5).astype(np.int8)
    ratings[rng.random((people, items), dtype=np.float32) < source.skipped] = -1
    ratings[rng.random(people, dtype=np.float32) < source.missing] = -1
    return ratings


def expect(level: np.ndarray, source: Source) -> np.ndarray:
    """Return the mean rating that a source would give over endless repetitions.

    Parameters
    ----------
    level : ndarray, shape (people, competencies)
        True levels.
    source : Source
        Who rates.

    Returns
    -------
    ndarray of float, shape (people, competencies)
        Expected rating, 0-5: leniency, rounding and the ends of the scale are in it, noise is not.
    """
    mean = level.astype(float) + source.leniency
    usual = _mean_rounded(mean, float(np.hypot(source.halo, source.noise)))
    flat = _mean_rounded(mean.mean(axis=1, keepdims=True), source.halo)
    return (1 - source.straight) * usual + source.straight * flat


def _mean_rounded(mean: np.ndarray, sd: float) -> np.ndarray:
    """E[round(clip(X, 0, 5))] of a normal X: one level more past each of five half-way points."""
    return np.sum([ndtr((mean - (k - 0.5)) / sd) for k in range(1, 6)], axis=0)


def make_ratings(
    people: People,
    cycles: list[str],
    response: np.ndarray,
    rng: np.random.Generator,
    *,
    assessors: float = 0.0,
) -> pd.DataFrame:
    """Return the long table of ratings.

    Parameters
    ----------
    people : People
        Everybody.
    cycles : list of str
        Names of the cycles.
    response : ndarray of float, shape (units,)
        Share of a unit's people of whom there is any rating.
    rng : Generator
        Source of randomness.
    assessors : float
        Share of those serving, rated or not, whom an assessor rates too. The other ratings stay
        the same, whatever it is.

    Returns
    -------
    DataFrame
        person (row number), competency_id, cycle, source, rater, level; text as categories.
    """
    parts = []
    apart = rng.spawn(1)[0]  # a stream of its own, so the assessors change no other rating
    for cycle in range(len(cycles)):
        serving = people.serving_in(cycle)
        rated = serving[rng.random(len(serving)) < response[people.unit[serving]]]
        level = people.level_in(cycle)[rated]
        parts += [
            _long(rated, rate(level, source, rng), cycle, number)
            for number, source in enumerate(SOURCES)
        ]
        if assessors > 0:
            chosen = apart.choice(serving, round(assessors * len(serving)), replace=False)
            chosen.sort()
            level = people.level_in(cycle)[chosen]
            parts.append(_long(chosen, rate(level, ASSESSOR, apart), cycle, len(SOURCES)))
    person, item, cycle_no, source_no, value = (np.concatenate(c) for c in zip(*parts, strict=True))
    sources = (*SOURCES, ASSESSOR) if assessors > 0 else SOURCES
    names = list(dict.fromkeys(s.name for s in sources))
    numbers = np.array([names.index(s.name) for s in sources], dtype=np.int8)
    source_names = pd.Categorical.from_codes(numbers[source_no], names)
    raters = np.array([int(s.rater) - 1 for s in sources], dtype=np.int8)[source_no]
    return pd.DataFrame(
        {
            "person": person,
            "competency_id": pd.Categorical.from_codes(item, [c[0] for c in COMPETENCIES]),
            "cycle": pd.Categorical.from_codes(cycle_no, cycles),
            "source": source_names,
            "rater": pd.Categorical.from_codes(raters, ["1", "2"]),
            "level": value,
        },
        copy=False,
    )


def _long(
    rated: np.ndarray, ratings: np.ndarray, cycle: int, source: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    row, item = np.nonzero(ratings >= 0)
    values = ratings[row, item]
    constant = np.empty(len(row), dtype=np.int8)
    return (
        rated[row].astype(np.int32),
        item.astype(np.int8),
        np.full_like(constant, cycle),
        np.full_like(constant, source),
        values,
    )
