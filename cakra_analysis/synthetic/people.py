"""Staff with posts, segments and true levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis.synthetic.places import COMPETENCIES, POSITIONS, POSTS, SEGMENTS, make_standards

TURNOVER = 0.05
GENERAL_SD, PERSON_SD, UNIT_SD, GROWTH = 0.25, 0.45, 0.25, 0.06


@dataclass(frozen=True)
class People:
    """Everybody who served in one of the cycles.

    Attributes
    ----------
    unit, post, segment : ndarray of int, shape (people,)
        Row numbers in the units, ``POSITIONS`` and ``SEGMENTS``.
    first, last : ndarray of int, shape (people,)
        First and last cycle in service, as row numbers of the cycles.
    level : ndarray of float32, shape (people, competencies)
        True level in the first cycle, 0-5.
    required : ndarray of float32, shape (people, competencies)
        Level that the post requires, 1-5.
    """

    unit: np.ndarray
    post: np.ndarray
    segment: np.ndarray
    first: np.ndarray
    last: np.ndarray
    level: np.ndarray
    required: np.ndarray

    def level_in(self, cycle: int) -> np.ndarray:
        """Return the true levels in a cycle, 0-5: everybody grows a little each year."""
        return np.clip(self.level + np.float32(GROWTH * cycle), 0, 5)

    def serving_in(self, cycle: int) -> np.ndarray:
        """Return the row numbers of those in service in a cycle."""
        return np.flatnonzero((self.first <= cycle) & (cycle <= self.last))


def make_people(units: pd.DataFrame, cycles: int, rng: np.random.Generator) -> People:
    """Fill the units' posts, and some of them again after people leave.

    Parameters
    ----------
    units : DataFrame
        Columns kind and headcount, one row a unit.
    cycles : int
        Number of cycles.
    rng : Generator
        Source of randomness.

    Returns
    -------
    People
        Everybody, first those who served in the first cycle.
    """
    unit = np.repeat(np.arange(len(units)), units["headcount"])
    post = _posts(units, rng)
    first = np.zeros(len(unit), dtype=np.int8)
    last = np.full(len(unit), cycles - 1, dtype=np.int8)
    seats = np.arange(len(unit))
    for cycle in range(1, cycles):
        leaving = np.flatnonzero(rng.random(len(seats)) < TURNOVER)
        last[seats[leaving]] = cycle - 1
        new = len(unit) + np.arange(len(leaving))
        unit, post = np.append(unit, unit[leaving]), np.append(post, post[leaving])
        first = np.append(first, np.full(len(leaving), cycle, dtype=np.int8))
        last = np.append(last, np.full(len(leaving), cycles - 1, dtype=np.int8))
        seats[leaving] = new
    segment = rng.choice(len(SEGMENTS), p=[share for share, _ in SEGMENTS.values()], size=len(unit))
    required = _required()[post]
    level = _levels(unit, len(units), segment, required, rng)
    return People(unit, post, segment, first, last, level, required)


def _posts(units: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """The post of every seat, unit after unit."""
    number = {post: i for i, (post, *_) in enumerate(POSITIONS)}
    sizes = units["headcount"].to_numpy()
    kinds = np.repeat(units["kind"].to_numpy(), sizes)
    place = np.arange(len(kinds)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    posts = np.zeros(len(kinds), dtype=np.int16)
    for kind, (heads, mix) in POSTS.items():
        seats = np.flatnonzero(kinds == kind)
        others = rng.choice([number[p] for p in mix], p=list(mix.values()), size=len(seats))
        leading = np.array([number[p] for p in heads])
        head = place[seats] < len(heads)
        posts[seats] = np.where(head, leading[np.minimum(place[seats], len(heads) - 1)], others)
    return posts


def _required() -> np.ndarray:
    """Required level, shape (posts, competencies)."""
    levels = make_standards()["required_level"].to_numpy(dtype=np.float32)
    return levels.reshape(len(POSITIONS), len(COMPETENCIES))


def _levels(
    unit: np.ndarray,
    units: int,
    segment: np.ndarray,
    required: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Standard less the segment's deficit, plus unit, general and own deviations, within 0-5."""
    shape = required.shape
    deficit = np.array([d for _, d in SEGMENTS.values()], dtype=np.float32)[segment]
    of_unit = rng.standard_normal((units, shape[1]), dtype=np.float32)[unit]
    general = rng.standard_normal((shape[0], 1), dtype=np.float32)
    own = rng.standard_normal(shape, dtype=np.float32)
    level = required - deficit + UNIT_SD * of_unit + GENERAL_SD * general + PERSON_SD * own
    return np.clip(level, 0, 5).astype(np.float32)
