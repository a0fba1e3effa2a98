"""Who shares the same needs: groups of people by their profile of gaps, or no groups at all."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from cakra_analysis.needs.segment_profiles import match_segments, profile_segments

FEWEST = 60  # people below whom groups cannot be told from chance
SAMPLE = 4000  # people the model is fitted to; everybody is placed
SPLITS, STARTS, CHUNK = 3, 6, 200_000
STABLE = 0.4  # least agreement of two halves: half the people find less than all do


@dataclass(frozen=True)
class Segments:
    """Groups of people with a like profile; every table is there with one group, too.

    Attributes
    ----------
    members : DataFrame
        staff_id, ``segment`` (1 and up; missing for somebody without any gap), ``probability`` of
        belonging there (0-1); sorted by staff_id.
    segments : DataFrame
        One row a segment: ``segment``, ``n``, ``share`` (0-1), ``probability`` (mean of its
        members), ``stability`` (of the division).
    profiles : DataFrame
        From ``profile_segments``; its means are what the next cycle matches to.
    choice : DataFrame
        One row a number of groups tried: ``groups``, ``icl`` (less is better, against one group),
        ``stability`` (-1 to 1), ``chosen``. Empty with too few people.
    """

    members: pd.DataFrame
    segments: pd.DataFrame
    profiles: pd.DataFrame
    choice: pd.DataFrame

    @property
    def count(self) -> int:
        """Number of groups; 1 = nobody is told apart, 0 = too few people to look."""
        return len(self.segments)


def find_segments(
    gaps_by_person: pd.DataFrame,
    *,
    previous: pd.DataFrame | None = None,
    largest: int = 6,
    seed: int = 0,
) -> Segments:
    """Group people by their profile of gaps; one group is a possible answer.

    Parameters
    ----------
    gaps_by_person : DataFrame
        From ``score_person_gaps``: staff_id, competency_id, gap (missing = not rated). Nobody with
        a gap is left out.
    previous : DataFrame, optional
        ``profiles`` of the last cycle: a group keeps its number where it is still there.
    largest : int
        Most groups to try.
    seed : int
        Of the starts and splits; neither order nor names of rows matter.

    Returns
    -------
    Segments
        With no segment at all where fewer than 60 people can be compared.

    Notes
    -----
    Each competency is brought to bell shape by its ranks (so that a skewed answer is no group),
    missing cells get what the person's other cells let expect (chained ridge regressions), all is
    whitened, and a normal mixture with one covariance for all groups is fitted: a general factor
    then divides nobody. The number of groups has the least integrated completed likelihood (BIC
    plus the entropy of the places, so badly separated groups lose: Biernacki, Celeux & Govaert
    2000, IEEE PAMI 22, 719-725) among those whose halves agree: the median adjusted Rand index of
    models fitted to two distinct halves. It finds groups of a like covariance only, and groups on
    one line of need it calls one. Pinned by ``tests/test_needs_segments.py`` and
    ``benchmarks/segments.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"staff_id": ["A", "A"], "competency_id": ["M.1", "M.2"], "gap": 1.0})
    >>> find_segments(gaps).count
    0
    """
    rows = gaps_by_person[gaps_by_person["gap"].notna()]
    wide = rows.pivot(index="staff_id", columns="competency_id", values="gap")
    # The order of people is that of their gaps, whatever the rows or names were.
    wide = wide.sort_index(axis=1)
    wide = wide.sort_values(list(wide.columns))
    varying = wide.loc[:, wide.nunique() > 1]
    if len(wide) < FEWEST or varying.shape[1] < 2:
        return _one_or_none(gaps_by_person, wide)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # models that have not come to rest are judged all the same
        points = _prepare(varying, seed)
        choice, model = _choose(points, largest, seed)
        places, chance = _place(model, points)
    number = _renumber(wide, places, previous)
    members = pd.DataFrame({"segment": number[places], "probability": chance}, index=wide.index)
    stability = float(choice.loc[choice["chosen"], "stability"].iloc[0])
    return _tables(gaps_by_person, wide, members, choice, stability)


def _prepare(wide: pd.DataFrame, seed: int) -> np.ndarray:
    """Bell-shaped, filled and whitened, shape (people, dimensions)."""
    from sklearn.decomposition import PCA
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    from sklearn.impute import IterativeImputer
    from sklearn.linear_model import Ridge

    scores = stats.norm.ppf((wide.rank() - 0.5) / wide.notna().sum()).astype(np.float64)
    sample = _sample(len(scores), SAMPLE, seed)
    if np.isnan(scores).any():
        fill = IterativeImputer(Ridge(alpha=1.0), max_iter=5, random_state=seed)
        fill.fit(scores[sample])
        parts = np.array_split(scores, max(len(scores) // CHUNK, 1))
        scores = np.concatenate([fill.transform(part) for part in parts])
    turn = PCA(whiten=True, svd_solver="full").fit(scores[sample])
    kept = turn.explained_variance_ > 1e-6
    return turn.transform(scores)[:, kept].astype(np.float32)


def _sample(people: int, size: int, seed: int) -> np.ndarray:
    if people <= size:
        return np.arange(people)
    return np.sort(np.random.default_rng(seed).choice(people, size, replace=False))


def _fit(points: np.ndarray, groups: int, seed: int) -> Any:
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    model = GaussianMixture(
        groups, covariance_type="tied", n_init=STARTS, random_state=seed, reg_covar=1e-3
    )
    with threadpool_limits(1):  # small matrices: threads cost more than they bring
        return model.fit(points)


def _choose(points: np.ndarray, largest: int, seed: int) -> tuple[pd.DataFrame, Any]:
    from sklearn.metrics import adjusted_rand_score

    points = points[_sample(len(points), SAMPLE, seed)].astype(np.float64)
    rng = np.random.default_rng(seed)
    halves = [rng.permutation(len(points)) < len(points) // 2 for _ in range(SPLITS)]
    models: dict[int, Any] = {}
    rows: list[tuple[int, float, float]] = []
    for groups in range(1, largest + 1):
        model = models[groups] = _fit(points, groups, seed)
        chance = model.predict_proba(points)
        unsure = -float((chance * np.log(np.maximum(chance, 1e-300))).sum())
        icl = model.bic(points) + 2 * unsure
        # What is worse than one group needs no halves.
        stability = 1.0 if groups == 1 else np.nan
        if groups > 1 and icl < rows[0][1]:
            agreed = [
                adjusted_rand_score(*(_fit(points[h], groups, seed).predict(points) for h in pair))
                for pair in ((half, ~half) for half in halves)
            ]
            stability = float(np.median(agreed))
        rows.append((groups, icl, stability))
    choice = pd.DataFrame(rows, columns=["groups", "icl", "stability"])
    choice["icl"] -= choice["icl"].iloc[0]
    best = choice["icl"].where(choice["stability"] >= STABLE).idxmin()
    return choice.assign(chosen=choice.index == best), models[int(choice["groups"][best])]


def _place(model: Any, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    parts = np.array_split(points, max(len(points) // CHUNK, 1))
    chances = [model.predict_proba(part) for part in parts]
    return (
        np.concatenate([chance.argmax(axis=1) for chance in chances]),
        np.concatenate([chance.max(axis=1) for chance in chances]),
    )


def _renumber(wide: pd.DataFrame, places: np.ndarray, previous: pd.DataFrame | None) -> np.ndarray:
    """The number of each group of the model: the largest first, or as in the last cycle."""
    groups = int(places.max()) + 1
    sizes = np.bincount(places, minlength=groups)
    order = np.argsort(-sizes, kind="stable")
    number = np.empty(groups, dtype=int)
    number[order] = np.arange(1, groups + 1)
    if previous is None or previous.empty:
        return number
    means = wide.groupby(number[places]).mean()
    matched = match_segments(means, previous)
    return np.array([matched[old] for old in number])


def _tables(
    gaps: pd.DataFrame,
    wide: pd.DataFrame,
    members: pd.DataFrame,
    choice: pd.DataFrame,
    stability: float,
) -> Segments:
    groups = members.groupby("segment")["probability"]
    table = groups.agg(n="size", probability="mean").reset_index()
    table = table.assign(share=table["n"] / table["n"].sum(), stability=stability)
    everybody = pd.Index(sorted(set(gaps["staff_id"])), name="staff_id")
    return Segments(
        members=members.reindex(everybody).reset_index(),
        segments=table[["segment", "n", "share", "probability", "stability"]],
        profiles=profile_segments(wide, members["segment"]),
        choice=choice,
    )


def _one_or_none(gaps: pd.DataFrame, wide: pd.DataFrame) -> Segments:
    """Nobody told apart: one group where there is no difference, none with too few people."""
    kept = wide if len(wide) >= FEWEST else wide.head(0)
    members = pd.DataFrame({"segment": 1, "probability": 1.0}, index=kept.index)
    choice = pd.DataFrame(columns=["groups", "icl", "stability", "chosen"])
    return _tables(gaps, kept, members, choice, 1.0)
