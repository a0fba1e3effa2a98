"""How likely each person was to be trained, and what each would have scored untrained."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np

FOLDS = 5
EDGE = 0.01  # chances are kept this far from 0 and 1


def estimate_propensity(
    columns: np.ndarray, treated: np.ndarray, *, ridge: float = 0.0
) -> np.ndarray:
    """Return each person's chance of being trained, from a logistic regression.

    Parameters
    ----------
    columns : ndarray of float, shape (people, covariates)
        Covariates before the course, scaled.
    treated : ndarray of bool, shape (people,)
        Who was trained.
    ridge : float
        Penalty on the squared coefficients of scaled covariates; 0 = plain logistic regression.

    Returns
    -------
    ndarray of float, shape (people,)
        0-1.

    Notes
    -----
    Rosenbaum & Rubin (1983), Biometrika 70, 41-55. Pinned by ``tests/test_evaluation_effect.py``.

    Examples
    --------
    >>> x = np.array([[0.0], [0.0], [1.0], [1.0]])
    >>> estimate_propensity(x, np.array([True, False, True, False])).round(3).tolist()
    [0.5, 0.5, 0.5, 0.5]
    """
    return _logistic(columns, treated, ridge).predict_proba(columns)[:, 1]


def _logistic(columns: np.ndarray, treated: np.ndarray, ridge: float):  # type: ignore[no-untyped-def]
    from scipy.linalg import LinAlgWarning
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    strength = 1 / ridge if ridge > 0 else np.inf
    model = LogisticRegression(C=strength, solver="newton-cholesky", tol=1e-10, max_iter=200)
    with warnings.catch_warnings():
        # Where covariates tell the sides apart wholly, or say the same twice: another solver takes
        # over, and ``check_overlap`` calls out the first.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", LinAlgWarning)
        return model.fit(columns, treated)


def weigh(treated: np.ndarray, chance: np.ndarray, estimand: str = "att") -> np.ndarray:
    """Return the weights that make the compared look like the trained, or both like everybody.

    Parameters
    ----------
    treated : ndarray of bool, shape (people,)
        Who was trained.
    chance : ndarray of float, shape (people,)
        Of being trained; kept a hair away from 0 and 1.
    estimand : str
        ``att`` or ``ate``.

    Returns
    -------
    ndarray of float, shape (people,)
        att: 1 and e / (1 - e); ate: 1 / e and 1 / (1 - e).

    Examples
    --------
    >>> weigh(np.array([True, False]), np.array([0.8, 0.5])).tolist()
    [1.0, 1.0]
    """
    chance = np.clip(chance, EDGE / 100, 1 - EDGE / 100)
    if estimand == "ate":
        return np.where(treated, 1 / chance, 1 / (1 - chance))
    return np.where(treated, 1.0, chance / (1 - chance))


def predict_apart(
    columns: np.ndarray,
    treated: np.ndarray,
    outcome: np.ndarray,
    cluster: np.ndarray,
    *,
    ridge: float = 1.0,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return chances and expected outcomes of each fifth of the people, learnt from the others.

    Parameters
    ----------
    columns : ndarray of float, shape (people, covariates)
        Covariates before the course, scaled.
    treated : ndarray of bool, shape (people,)
        Who was trained.
    outcome : ndarray of float, shape (people,)
        Scores after.
    cluster : ndarray, shape (people,)
        Who stays together.
    ridge : float
        Penalty of both models.
    rng : Generator
        Draws the folds.

    Returns
    -------
    tuple of ndarray of float, shape (people,)
        Chance of being trained, expected outcome untrained, expected outcome trained.

    Notes
    -----
    Cross-fitting keeps a flexible model from explaining its own noise: Chernozhukov et al. (2018),
    Econometrics Journal 21, C1-C68. Pinned by ``tests/test_evaluation_effect.py``.
    """
    from sklearn.linear_model import Ridge

    chance, without, with_it = (np.full(len(outcome), np.nan) for _ in range(3))
    for learn, held in _split(treated, cluster, rng):
        model = _logistic(columns[learn], treated[learn], ridge)
        chance[held] = model.predict_proba(columns[held])[:, 1]
        for target, group in ((without, ~treated), (with_it, treated)):
            mine = learn & group
            line = Ridge(alpha=ridge).fit(columns[mine], outcome[mine])
            target[held] = line.predict(columns[held])
    return np.clip(chance, EDGE, 1 - EDGE), without, with_it


def _split(
    treated: np.ndarray, cluster: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Folds of whole clusters, trained and untrained ones dealt out evenly.

    One cluster alone on a side cannot be learnt from others, so its people are dealt out singly.
    """
    sides = [len(np.unique(cluster[side])) for side in (treated, ~treated)]
    kept = cluster if min(sides) > 1 else np.arange(len(cluster))
    codes, place = np.unique(kept, return_inverse=True)
    of_trained = np.bincount(place, treated) > 0
    fold = np.empty(len(codes), dtype=int)
    for kind in (of_trained, ~of_trained):
        mine = rng.permutation(np.flatnonzero(kind))
        fold[mine] = np.arange(len(mine)) % FOLDS
    for number in range(FOLDS):
        held = fold[place] == number
        if held.any():
            yield ~held, held
