"""What a portfolio is chosen for: groups of people, their gaps, and what a seat gives them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

Array = np.ndarray


@dataclass(frozen=True)
class Problem:
    """Groups of people and the courses on offer; rows of the arrays are groups.

    Attributes
    ----------
    groups : DataFrame
        One row a group: unit_id, segment, status, ``people``, ``debt_jp`` (JP that its PNS lack
        to the least; 0 for others), ``room_jp`` (JP that its PPPK may still take; inf for others).
    offers : DataFrame
        ``list_offers``.
    competencies : DataFrame
        competency_id, ``weight``.
    pairs : DataFrame
        One row a course and competency with an effect above zero: ``course``, ``competency``
        (positions), ``effect``, ``low``, ``high``.
    gaps : array of group x competency
        Levels lacking, summed over the people of the group who lack any.
    in_need : array of group x competency
        How many people lack any.
    seats_need : array of group x course
        People who gain from a seat.
    seats_all : array of group x course
        People who may have a seat; the others among them gain nothing but hours.
    credit_jp : array of group x course
        JP by which a seat lowers the group's debt.
    completed : array of group x course
        People who have completed what the course requires.
    usable : array of group x pair
        Levels that a seat closes of the gap, on average over ``seats_need``, before overlap.
    gap_of_person : array of person x competency
        Levels lacking, never below 0.
    gains : array of person x course
        Whether that person is one of ``seats_need``.
    group_of_person : array of person
        Position of the person's group.
    """

    groups: pd.DataFrame
    offers: pd.DataFrame
    competencies: pd.DataFrame
    pairs: pd.DataFrame
    gaps: Array
    in_need: Array
    seats_need: Array
    seats_all: Array
    credit_jp: Array
    completed: Array
    usable: Array
    gap_of_person: Array
    gains: Array
    group_of_person: Array

    @property
    def whole_gap(self) -> float:
        """Weighted levels lacking, over all groups and competencies."""
        return float((self.gaps @ self.competencies["weight"].to_numpy()).sum())


def use_effects(problem: Problem, effects: Array) -> Problem:
    """Return the problem as it is if the effects are others.

    Parameters
    ----------
    problem : Problem
        From ``gather_problem``.
    effects : array
        Levels, one of each row of ``problem.pairs``; below zero counts as zero.

    Returns
    -------
    Problem
        With another ``usable``; who is in need and who may have a seat stay.
    """
    usable = np.zeros((len(problem.groups), len(problem.pairs)))
    for at, (course, competency) in enumerate(_positions(problem.pairs)):
        close = np.minimum(max(0.0, float(effects[at])), problem.gap_of_person[:, competency])
        close = close * problem.gains[:, course]
        total = np.bincount(problem.group_of_person, close, minlength=len(problem.groups))
        usable[:, at] = total / np.maximum(problem.seats_need[:, course], 1)
    return replace(problem, usable=usable)


def draw_effects(problem: Problem, draws: int, seed: int) -> Array:
    """Draw what the effects may be: normal, so that low to high holds 95 percent.

    Parameters
    ----------
    problem : Problem
        Its ``pairs`` have effect, low, high; without low or high the effect does not vary.
    draws : int
        How many.
    seed : int
        Of the draws.

    Returns
    -------
    array of draw x pair
        Levels; each course and competency by itself.
    """
    spread = (problem.pairs["high"] - problem.pairs["low"]).fillna(0.0).to_numpy() / (2 * 1.959964)
    noise = np.random.default_rng(seed).standard_normal((draws, len(problem.pairs)))
    return problem.pairs["effect"].to_numpy() + noise * spread


def _positions(pairs: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(pairs["course"], pairs["competency"], strict=True))
