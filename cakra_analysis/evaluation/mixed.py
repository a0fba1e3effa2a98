"""A linear mixed model with one or two kinds of groups, by restricted maximum likelihood."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize

STARTS = (0.05, 0.3, 1.0, 4.0)  # standard deviation of groups over that of people
MOST = 1000.0


@dataclass(frozen=True)
class MixedFit:
    """What a mixed model found.

    Attributes
    ----------
    fixed : ndarray
        Coefficients of the columns.
    groups : list of ndarray
        Deviation of each group, a list entry a kind of group.
    variances : ndarray
        Variance between groups, by kind.
    residual : float
        Variance between people of one group.
    inverse : ndarray
        Of the equations; see ``spread``.
    scale : ndarray
        Standard deviation of each group over that of people.
    deviance : float
        Minus twice the restricted log likelihood.
    """

    fixed: np.ndarray
    groups: list[np.ndarray]
    variances: np.ndarray
    residual: float
    inverse: np.ndarray
    scale: np.ndarray
    deviance: float

    def spread(self, columns: np.ndarray, place: int) -> float:
        """Return the variance of columns times coefficients plus one group's deviation."""
        weights = np.zeros(len(self.inverse))
        weights[place] = self.scale[place]
        weights[len(self.scale) :] = columns
        return float(self.residual * weights @ self.inverse @ weights)


def fit_mixed(outcome: np.ndarray, columns: np.ndarray, codes: list[np.ndarray]) -> MixedFit:
    """Return how much groups differ, and by how much each does, shrunk to what is known of it.

    Parameters
    ----------
    outcome : ndarray of float, shape (people,)
        What is explained.
    columns : ndarray of float, shape (people, coefficients)
        The constant first; none may follow from others.
    codes : list of ndarray of int
        Group of each person (0, 1, ...), one array a kind of group: nested or crossed;
        none = least squares.

    Returns
    -------
    MixedFit
        Coefficients, deviations of the groups, variances.

    Notes
    -----
    y = X b + sum_k Z_k u_k + e, u_k ~ N(0, s_k^2), e ~ N(0, s^2). With t_k = s_k / s the restricted
    likelihood needs only cross products, so it takes as long for 6,000 people as for 60. Bates,
    Maechler, Bolker & Walker (2015), J. Statistical Software 67(1), section 3. Pinned by
    ``tests/test_evaluation_differences.py`` (the numbers of lme4).

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 5.0, 6.0, 3.0, 4.0])
    >>> found = fit_mixed(y, np.ones((6, 1)), [np.array([0, 0, 1, 1, 2, 2])])
    >>> found.variances.round(3).tolist(), round(found.residual, 3)
    ([3.75], 0.5)
    >>> found.groups[0][:2].round(3).tolist()
    [-1.875, 1.875]
    """
    sums = _Sums.of(outcome, columns, codes)
    kinds = len(codes)
    if not kinds:
        return sums.solve(np.empty(0))
    starts = (np.array(start) for start in itertools.product(STARTS, repeat=kinds))
    found = optimize.minimize(
        sums.deviance,
        min(starts, key=sums.deviance),
        method="Nelder-Mead",
        bounds=[(0.0, MOST)] * kinds,
        options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 1000},
    )
    # A search between zero and something may stop just short of zero.
    candidates = [found.x, np.where(found.x < 1e-3, 0.0, found.x)]
    return sums.solve(min(candidates, key=sums.deviance))


@dataclass(frozen=True)
class _Sums:
    """Cross products of the groups' indicators Z, the columns X and the outcome y."""

    zz: np.ndarray
    zx: np.ndarray
    zy: np.ndarray
    xx: np.ndarray
    xy: np.ndarray
    yy: float
    n: int
    sizes: list[int]

    @classmethod
    def of(cls, y: np.ndarray, x: np.ndarray, codes: list[np.ndarray]) -> _Sums:
        sizes = [int(code.max()) + 1 for code in codes]
        parts = [np.eye(size)[code] for size, code in zip(sizes, codes, strict=True)]
        z = np.concatenate([np.empty((len(y), 0)), *parts], axis=1)
        return cls(z.T @ z, z.T @ x, z.T @ y, x.T @ x, x.T @ y, float(y @ y), len(y), sizes)

    def factor(self, ratios: np.ndarray) -> tuple[np.ndarray, ...]:
        """Cholesky factors L and R of the equations, their solution, and what is not explained."""
        t = np.repeat(ratios, self.sizes)
        lower = np.linalg.cholesky(t[:, None] * self.zz * t + np.eye(len(t)))
        both = linalg.solve_triangular(lower, t[:, None] * np.c_[self.zx, self.zy], lower=True)
        rzx, cu = both[:, :-1], both[:, -1]
        right = np.linalg.cholesky(self.xx - rzx.T @ rzx)
        cb = linalg.solve_triangular(right, self.xy - rzx.T @ cu, lower=True)
        beta = linalg.solve_triangular(right.T, cb)
        u = linalg.solve_triangular(lower.T, cu - rzx @ beta)
        # A perfect fit leaves rounding only; the likelihood must stay finite.
        left = max(float(self.yy - cu @ cu - cb @ cb), 1e-12 * max(self.yy, 1e-12))
        return lower, right, beta, u, np.array(left)

    def deviance(self, ratios: np.ndarray) -> float:
        lower, right, _, _, left = self.factor(ratios)
        df = self.n - len(right)
        logs = 2 * float(np.log(np.diag(lower)).sum() + np.log(np.diag(right)).sum())
        return logs + df * (1 + float(np.log(2 * np.pi * left / df)))

    def solve(self, ratios: np.ndarray) -> MixedFit:
        _, right, beta, u, left = self.factor(ratios)
        residual = float(left) / (self.n - len(right))
        t = np.repeat(ratios, self.sizes)
        corner = t[:, None] * self.zx
        whole = np.block([[t[:, None] * self.zz * t + np.eye(len(t)), corner], [corner.T, self.xx]])
        ends = np.cumsum(self.sizes)[:-1]
        return MixedFit(
            fixed=beta,
            groups=np.split(t * u, ends),
            variances=ratios**2 * residual,
            residual=residual,
            inverse=np.linalg.inv(whole),
            scale=t,
            deviance=self.deviance(ratios),
        )
