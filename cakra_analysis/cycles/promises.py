"""What courses promise and what they truly do: the catalogue of the demonstration.

Every figure is a working convention [I] unless a source is named; none was fitted to a result.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Promises:
    """How the courses of a region are, and how far their claims are from it; all in levels.

    Attributes
    ----------
    method : mapping of str to float
        Mean true effect by mode of learning. That practice does more than listening is Lacerenza
        et al. (2017), JAP 102, 1686-1718; the mean of them all is near what the region's own
        courses of ``synthetic.courses`` do, half a standard deviation between colleagues being
        0.63 in Arthur et al. (2003), JAP 88, 234-245.
    spread : float
        Standard deviation of true effects between courses of one mode.
    useless, harmful : float
        Share of courses that do nothing, and that do harm: one in eight each, as in
        ``synthetic.courses``.
    harm : float
        What a harmful course does, -0.3 as course C07 there.
    usual, follows, noise : float
        A claim is ``usual`` + ``follows`` x true effect (0 if below) + noise of this standard
        deviation: too high on average, and saying something of which course is better.
    width : float
        Half of a claim's 95% range as a share of the claim, as the judged effects of
        ``synthetic.catalogue`` have it.
    """

    method: dict[str, float] = field(
        default_factory=lambda: {"formal": 0.2, "social": 0.3, "experience": 0.4}
    )
    spread: float = 0.15
    useless: float = 0.125
    harmful: float = 0.125
    harm: float = -0.3
    usual: float = 0.3
    follows: float = 0.5
    noise: float = 0.12
    width: float = 0.8


def draw_courses(
    courses: pd.DataFrame, promises: Promises, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw what each course truly does, and what the catalogue says it does.

    Parameters
    ----------
    courses : DataFrame
        course_id, competency_id, mode.
    promises : Promises
        How claims and truth are made.
    rng : Generator
        Source of randomness.

    Returns
    -------
    tuple of two DataFrames
        Truth: course_id, competency_id, ``effect`` (levels), ``kind`` (works, useless, harmful).
        Claims, as the table ``course_effects``: course_id, competency_id, ``effect``, ``low``,
        ``high``; whole twentieths of a level, at least 0.1, as a catalogue would print it.

    Examples
    --------
    >>> courses = pd.DataFrame({"course_id": [*"ABCDEFGH"], "competency_id": "K", "mode": "social"})
    >>> truth, claims = draw_courses(courses, Promises(), np.random.default_rng(1))
    >>> sorted(truth["kind"].value_counts().items())
    [('harmful', 1), ('useless', 1), ('works', 6)]
    """
    many = len(courses)
    works = courses["mode"].map(promises.method).to_numpy(float)
    works = np.maximum(works + promises.spread * rng.standard_normal(many), 0.05)
    order = rng.permutation(many)
    bad, idle = round(promises.harmful * many), round(promises.useless * many)
    kind = np.full(many, "works", dtype=object)
    kind[order[:bad]], kind[order[bad : bad + idle]] = "harmful", "useless"
    effect = np.select([kind == "harmful", kind == "useless"], [promises.harm, 0.0], works)
    claim = promises.usual + promises.follows * np.maximum(effect, 0)
    claim = claim + promises.noise * rng.standard_normal(many)
    claim = np.maximum(np.round(20 * claim) / 20, 0.1)
    names = courses[["course_id", "competency_id"]].reset_index(drop=True)
    half = promises.width * claim
    claims = names.assign(effect=claim, low=claim - half, high=claim + half)
    return names.assign(effect=effect, kind=kind), claims
