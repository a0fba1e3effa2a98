"""What a noisy gap says of a person: the likely true gap and how far it may be off."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtr

from cakra_analysis.needs.intervals import moderate_cells


def correct_noise(gaps_by_person: pd.DataFrame) -> pd.DataFrame:
    """Draw each person's gap towards the unit's mean, by as much of its spread as is noise.

    Rating noise pushes people over any limit in both directions: of a unit whose people are all
    0.4 short, some are rated 0.6 short. Counting people over a limit, or cutting levels off at the
    standard, then gives too much. The likely gap and its spread allow to count rightly.

    Parameters
    ----------
    gaps_by_person : DataFrame
        From ``score_person_gaps``: unit_id, competency_id, gap, noise_variance.

    Returns
    -------
    DataFrame
        Same rows and order, with ``likely`` (levels), ``likely_variance`` (squared levels; 0
        where the noise is not known, and then ``likely`` is the gap itself) and
        ``drawn_variance``, what the unit's mean, drawn towards, adds when it is off for all.

    Notes
    -----
    Empirical Bayes: likely = m + r (gap - m) and likely_variance = r noise, with m the mean of the
    unit's own people and r = 1 - noise / variance of the gaps there (``moderate_variances``), at
    least 0. Efron & Morris (1973), JASA 68, 117-130. It is *not* a better figure for naming one
    person. Pinned by ``tests/test_needs_noise.py``.

    Examples
    --------
    >>> people = pd.DataFrame({"unit_id": "U", "competency_id": "M.1", "gap": [0.0, 1.0, 2.0],
    ...                        "noise_variance": 0.5})
    >>> correct_noise(people)["likely"].tolist()
    [0.5, 1.0, 1.5]
    """
    cell = gaps_by_person.groupby(["unit_id", "competency_id"], observed=True)["gap"]
    cells = moderate_cells(cell.agg(n="size", variance="var"))
    keys = gaps_by_person[["unit_id", "competency_id"]]
    total = keys.merge(cells["variance"].reset_index(), how="left", validate="many_to_one")
    total = total["variance"].to_numpy()
    noise = gaps_by_person["noise_variance"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.clip(1 - noise / total, 0, 1)
    kept = np.where(np.isnan(noise) | np.isnan(total), 1.0, kept)
    mean = cell.transform("mean")
    likely = mean + kept * (gaps_by_person["gap"] - mean)
    return gaps_by_person.assign(
        likely=likely,
        likely_variance=np.nan_to_num(kept * noise),
        drawn_variance=np.nan_to_num((1 - kept) * noise),
    )


def score_chance(people: pd.DataFrame, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the chance that each person's true gap reaches a limit.

    Parameters
    ----------
    people : DataFrame
        From ``correct_noise``.
    limit : float
        In levels.

    Returns
    -------
    tuple of ndarray, each of shape (people,)
        The chance, 0-1 (0 or 1 where the noise is not known), and how much it rises for each level
        that the likely gap rises.

    Examples
    --------
    >>> people = pd.DataFrame({"likely": [0.5, 2.0], "likely_variance": [0.1, 0.0]})
    >>> score_chance(people, 0.5)[0].tolist()
    [0.5, 1.0]
    """
    over = people["likely"].to_numpy() - limit
    sd = np.sqrt(people["likely_variance"].to_numpy())
    known = sd > 1e-9
    z = np.divide(over, sd, out=np.zeros_like(over), where=known)
    slope = np.divide(_density(z), sd, out=np.zeros_like(over), where=known)
    return np.where(known, ndtr(z), (over >= -1e-9).astype(float)), slope


def expect_shortfall(people: pd.DataFrame) -> np.ndarray:
    """Return how far each person is expected to be short, a surplus counting as none.

    Parameters
    ----------
    people : DataFrame
        From ``correct_noise``.

    Returns
    -------
    ndarray of float, shape (people,)
        E[max(true gap, 0)], in levels.

    Notes
    -----
    m Phi(m/s) + s phi(m/s) for a normal true gap with mean m and standard deviation s.

    Examples
    --------
    >>> people = pd.DataFrame({"likely": [1.0, -1.0, 0.0], "likely_variance": [0.0, 0.0, 1.0]})
    >>> expect_shortfall(people).round(3).tolist()
    [1.0, 0.0, 0.399]
    """
    mean = people["likely"].to_numpy()
    sd = np.sqrt(people["likely_variance"].to_numpy())
    known = sd > 1e-9
    z = np.divide(mean, sd, out=np.zeros_like(mean), where=known)
    return np.where(known, mean * ndtr(z) + sd * _density(z), np.maximum(mean, 0.0))


def _density(z: np.ndarray) -> np.ndarray:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
