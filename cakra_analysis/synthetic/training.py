"""Who was trained, when, and what tests before and after show, with all that spoils a comparison.

Planted: selection of the weak, regression to the mean, growth that needs no course, a ceiling,
drop-out of the weak, over-rating before the course, sessions and trainers that differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis.synthetic.courses import (
    ALONE,
    KEPT_ASKED,
    SERVICE_KINDS,
    SERVICE_UNITS,
    THEN_ASKED,
    Course,
)
from cakra_analysis.synthetic.people import People
from cakra_analysis.synthetic.places import COMPETENCIES, POSITIONS

SKILL_SD, NOISE_SD, GROWTH = 11.0, 5.5, 1.25
SESSION_SD, TRAINER_SD = 0.8, 0.8
SHARE, SESSION_SIZE, PER_TRAINED = 0.12, 12, 1.5
LEADS = ("Administrator", "Pengawas", "JPT Pratama")


@dataclass(frozen=True)
class Trained:
    """Everybody with something to do with one course.

    Attributes
    ----------
    course : Course
        Which.
    person : ndarray of int, shape (people,)
        Row numbers of the people; trained and comparison.
    session : ndarray of int, shape (people,)
        Number of the session within the course; -1 = comparison.
    status : ndarray of str, shape (people,)
        ``completed``, ``dropped``, ``absent``; empty for the comparison.
    scores : mapping of str to ndarray of float, shape (people,)
        Test scores by occasion, NaN where there is none.
    gain : ndarray of float, shape (people,)
        What the course did to the score after, in points.
    sessions : DataFrame
        One row a session, as the table ``sessions`` has it.
    """

    course: Course
    person: np.ndarray
    session: np.ndarray
    status: np.ndarray
    scores: dict[str, np.ndarray]
    gain: np.ndarray
    sessions: pd.DataFrame


def train(
    course: Course, units: pd.DataFrame, people: People, cycle: int, rng: np.random.Generator
) -> Trained:
    """Run one course.

    Parameters
    ----------
    course : Course
        What it is and does.
    units : DataFrame
        unit_id, kind.
    people : People
        Everybody.
    cycle : int
        Row number of the cycle.
    rng : Generator
        Source of randomness.

    Returns
    -------
    Trained
        Participants, comparison and their scores.
    """
    pool = _pool(course, units, people, cycle)
    item = [code for code, *_ in COMPETENCIES].index(course.competency)
    level = people.level_in(cycle)[pool, item]
    skill = 0.6 * (level - level.mean()) / (level.std() + 1e-9) + 0.8 * rng.standard_normal(
        len(pool)
    )
    true = course.mean + SKILL_SD * skill
    noise = NOISE_SD * rng.standard_normal((4, len(pool)))
    pre = _score(true + GROWTH + noise[1])
    trained, compared = _choose(course, people, pool, pre, rng)
    chosen = np.concatenate([trained, compared])
    session = np.full(len(chosen), -1)
    session[: len(trained)] = _seat(course, people, pool[trained], rng)
    sessions = _plan(course, int(session.max()) + 1, rng)
    effect = _effects(course, sessions, session, rng)
    status = _status(course, pre[chosen], session, rng)
    without = true[chosen] + 2 * GROWTH + noise[2][chosen]
    after = np.where(status == "completed", effect, 0.0)
    post, gain = _score(without + after), _score(without + after) - _score(without)
    scores = {
        "earlier": _score(true[chosen] + noise[0][chosen]),
        "pre": pre[chosen],
        "post": np.where(_stayed(status, rng), post, np.nan),
    }
    if course.code in THEN_ASKED:
        recalled = _score(true[chosen] - 7 + noise[3][chosen])
        scores["then"] = np.where(np.isnan(scores["post"]) | (session < 0), np.nan, recalled)
    if course.code in KEPT_ASKED:
        kept = _score(without + 0.8 * after + NOISE_SD * rng.standard_normal(len(chosen)))
        scores["retention"] = np.where(rng.random(len(chosen)) < 0.75, kept, np.nan)
    return Trained(course, pool[chosen], session, status, scores, gain, sessions)


def _score(points: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(points), 0, 100)


def _pool(course: Course, units: pd.DataFrame, people: People, cycle: int) -> np.ndarray:
    """Those in service whom the course concerns."""
    serving = people.serving_in(cycle)
    if course.assignment == "lot":
        suits = units["kind"].isin(SERVICE_KINDS[:2]) | units["unit_id"].str.endswith(SERVICE_UNITS)
        return serving[suits.to_numpy()[people.unit[serving]]]
    if course.kind == "managerial" and course.assignment == "nominated":
        leads = np.array([job in LEADS for _, _, job, _ in POSITIONS])
        return serving[leads[people.post[serving]]]
    return serving


def _choose(
    course: Course, people: People, pool: np.ndarray, pre: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers in the pool of those trained and of those only tested."""
    if course.assignment == "lot":  # whole offices, half of them
        offices = rng.permutation(np.unique(people.unit[pool]))
        chosen = np.isin(people.unit[pool], offices[: len(offices) // 2])
        takes_part = rng.random(len(pool)) < 0.8
        return np.flatnonzero(chosen & takes_part), np.flatnonzero(~chosen & takes_part)
    lean = {"low score": -0.8, "applied": 0.5, "nominated": 0.4, "wait list": 0.0}
    drawn = lean[course.assignment] * (pre - pre.mean()) / pre.std() + rng.gumbel(size=len(pool))
    many = round((SHARE if len(pool) > 300 else 0.4) * len(pool))
    order = np.argsort(-drawn, kind="stable")
    others = rng.permutation(order[many:])[: round(PER_TRAINED * many)]
    return np.sort(order[:many]), np.sort(others) if course.code not in ALONE else others[:0]


def _seat(
    course: Course, people: People, trained: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The session of each participant; offices drawn by lot come together."""
    count = max(2, round(len(trained) / SESSION_SIZE))
    if course.assignment != "lot":
        return rng.permutation(np.arange(len(trained)) % count)
    sizes = (
        pd.Series(people.unit[trained]).value_counts(sort=False).sample(frac=1, random_state=rng)
    )
    group = np.minimum((sizes.cumsum() - sizes) // (len(trained) / count), count - 1).astype(int)
    return pd.factorize(pd.Series(people.unit[trained]).map(group), sort=True)[0]


def _plan(course: Course, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Dates two weeks apart at most, all within five months; a trainer for every third session."""
    gap = min(14, max(1, 150 // max(count, 1)))
    first = pd.Timestamp(f"{course.first}-01")
    monday = first + pd.Timedelta(days=-first.weekday() % 7)
    start = monday + pd.to_timedelta(gap * np.arange(count), unit="D")
    days = max(1, round(course.hours / 5))
    trainers = [f"T{course.code[1:]}{number}" for number in range(1, max(2, count // 3) + 1)]
    return pd.DataFrame(
        {
            "session_id": [f"{course.code}-{number:02d}" for number in range(1, count + 1)],
            "course_id": course.code,
            "cycle": course.first[:4],
            "start": start.strftime("%Y-%m-%d"),
            "end": (start + pd.Timedelta(days=days - 1)).strftime("%Y-%m-%d"),
            "trainer": np.array(trainers)[np.arange(count) % len(trainers)],
            "venue": rng.choice(["Aula Kecamatan", "BKPSDM", "Aula Dinas"], size=count),
            "seats": 30 if course.assignment == "lot" else SESSION_SIZE + 4,
            "assignment": course.assignment,
        }
    )


def _effects(
    course: Course, sessions: pd.DataFrame, session: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    of_session = SESSION_SD * rng.standard_normal(len(sessions))
    names, trainer = np.unique(sessions["trainer"], return_inverse=True)
    of_session += (TRAINER_SD * rng.standard_normal(len(names)))[trainer]
    own = course.effect * (1 + 0.3 * rng.standard_normal(len(session)))
    return own + (of_session - of_session.mean())[session]


def _status(
    course: Course, pre: np.ndarray, session: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    weak = np.exp(-(pre - pre.mean()) / (pre.std() + 1e-9))
    leaves = rng.random(len(pre)) < np.clip(course.leaving * weak / weak.mean(), 0, 0.8)
    status = np.where(
        rng.random(len(pre)) < 0.02, "absent", np.where(leaves, "dropped", "completed")
    )
    return np.where(session < 0, "", status)


def _stayed(status: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Who sat the test after: most who completed, few who left, most of the comparison."""
    chance = pd.Series(status).map({"completed": 0.96, "dropped": 0.1, "absent": 0.1, "": 0.93})
    return rng.random(len(status)) < chance.to_numpy()
