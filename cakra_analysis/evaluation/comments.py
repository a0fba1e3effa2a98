"""What the free comments are about: themes that the texts themselves bring, with masked quotes."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize

from cakra_analysis.privacy.masking import MARKS, mask_text
from cakra_analysis.privacy.ordinary import list_stopwords

TOP_WORDS, QUOTES = 5, 2
FEWEST_USES = 3  # comments in which a word must occur
MOST_THEMES, MOST_JUDGED = 8, 1500  # comments that the number of themes is judged on, at most
RUNS, PART = 6, 0.8  # samples of this part of the comments
SMALLEST = 0.03  # share of the comments in a theme, at least
NEARLY = 0.02  # agreement this far below the best is as good
SHORTEST, LONGEST = 15, 200  # characters of a quote
COLUMNS = ["theme", "words", "share", "low", "high", "level", "n", "comments", "quotes", "method"]


def find_themes(
    comments: pd.DataFrame,
    *,
    themes: int | None = None,
    seed: int = 0,
    fewest: int = 10,
    names: Collection[str] = (),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what the comments are about, each theme with its words and typical quotes.

    Parameters
    ----------
    comments : DataFrame
        text (missing or empty = no comment).
    themes : int, optional
        How many; without it as many as samples of the comments agree on, see Notes.
    seed : int
        Of those samples.
    fewest : int
        Comments behind a theme that is quoted, and behind the table: give the threshold of the
        audience.
    names : collection of str
        Names to mask, see ``mask_text``.
    confidence : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a theme, the most frequent first: ``theme`` (1, 2, ...), ``words`` (its first five),
        ``share`` (0-1, of the comments), ``low``, ``high``, ``level``, ``n`` (comments in it),
        ``comments`` (all), ``quotes`` (up to two, joined by " | ", masked; empty below ``fewest``),
        ``method``. A comment is in one theme or in none. Empty below ``fewest`` comments, or where
        no word recurs.

    Notes
    -----
    Masked first; words without function words and the ending -nya; weights (1 + log f) idf; NMF,
    X ~ W H; a comment is in the theme with its largest weight. The number of themes: the largest
    (at most 8, each with ``fewest`` and 3% of the comments) whose themes agree, within 0.02 of the
    best, between all comments and six samples of four fifths (mean cosine of matched rows of H);
    one where none qualifies. After Greene, O'Callaghan & Cunningham (2014), ECML PKDD, 498-513.
    Wilson's interval of k / n takes the sorting as given. Themes are groups of words, *not*
    opinions: praise and complaint may share one. Lee & Seung (1999), Nature 401, 788-791. Pinned by
    ``tests/test_evaluation_comments.py``.

    Examples
    --------
    >>> said = ["materi jelas", "materi jelas sekali", "ruangan panas", "ruangan panas sempit"] * 3
    >>> table = find_themes(pd.DataFrame({"text": said}), themes=2, fewest=5)
    >>> table[["words", "share"]].values.tolist()
    [['jelas, materi', 0.5], ['panas, ruangan, sempit', 0.5]]
    """
    from statsmodels.stats.proportion import proportion_confint

    told = comments["text"].astype("string").str.strip()
    told = told[told.notna() & (told != "")].sort_values(ignore_index=True)
    masked = mask_text(told, names=names)
    weights, words = _weigh_words(masked)
    if len(told) < fewest or not len(words):
        return pd.DataFrame(columns=COLUMNS)
    count = themes or _choose_count(weights, fewest, seed)
    strength, loadings = _factorise(weights, min(count, len(words)))
    place = _sort_comments(strength, loadings)
    rows = []
    for theme in range(len(loadings)):
        own = np.flatnonzero(place == theme)
        first = _first_words(loadings[theme], words)
        quotes = _quote(masked, own, strength[:, theme], weights) if len(own) >= fewest else ""
        rows.append((", ".join(first), len(own), quotes))
    table = pd.DataFrame(rows, columns=["words", "n", "quotes"]).query("n > 0")
    table = table.sort_values(["n", "words"], ascending=[False, True], ignore_index=True)
    low, high = proportion_confint(table["n"], len(told), 1 - confidence, method="wilson")
    table = table.assign(low=low, high=high, level=confidence, comments=len(told))
    table = table.assign(theme=table.index + 1, share=table["n"] / len(told))
    return table.assign(method=f"TF-IDF, NMF with {len(loadings)} themes; Wilson")[COLUMNS]


def split_words(text: str) -> list[str]:
    """Return the words of a comment that say what it is about.

    Parameters
    ----------
    text : str
        A masked comment.

    Returns
    -------
    list of str
        In small letters, without function words, what was masked, and the ending -nya.

    Examples
    --------
    >>> split_words("Materinya sangat jelas, [nama] ramah")
    ['materi', 'jelas', 'ramah']
    """
    plain = re.sub("|".join(map(re.escape, MARKS)), " ", text.lower())
    found = [w for w in re.findall(r"[^\W\d_]{3,}", plain) if w not in list_stopwords()]
    short = [
        w[:-3] if w.endswith("nya") and len(w) >= 7 and w[:-3] != "berta" else w for w in found
    ]
    return [w for w in short if w not in list_stopwords()]


def _weigh_words(texts: pd.Series) -> tuple[Any, np.ndarray]:
    """Sparse weights (comments, words) and the words; no words where none recurs."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(analyzer=split_words, min_df=FEWEST_USES, sublinear_tf=True)
    try:
        weights = vectoriser.fit_transform(texts.tolist())
    except ValueError:  # no word is left
        return None, np.array([])
    return weights, vectoriser.get_feature_names_out()


def _factorise(weights: Any, count: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    model = NMF(count, init="nndsvda", max_iter=300, tol=1e-3, random_state=0)
    # Where a fit is perfect, the root of its error may be that of a rounding below zero.
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)
        strength = model.fit_transform(weights)
    return strength, model.components_


def _choose_count(weights: Any, fewest: int, seed: int) -> int:
    """The most themes that samples agree on nearly best, each with enough comments; else one."""
    rng = np.random.default_rng(seed)
    total = weights.shape[0]
    if total > MOST_JUDGED:
        weights, total = weights[np.sort(rng.permutation(total)[:MOST_JUDGED])], MOST_JUDGED
    most = min(MOST_THEMES, total // max(fewest, 1), weights.shape[1])
    drawn = [np.sort(rng.permutation(total)[: int(PART * total)]) for _ in range(RUNS)]
    agreement: dict[int, float] = {}
    for count in range(2, most + 1):
        strength, loadings = _factorise(weights, count)
        sizes = np.bincount(_sort_comments(strength, loadings) + 1, minlength=count + 1)[1:]
        if sizes.min() >= max(fewest, SMALLEST * total):
            samples = [_factorise(weights[rows], count)[1] for rows in drawn]
            agreement[count] = float(np.mean([_agree(loadings, own) for own in samples]))
    best = max(agreement.values(), default=0.0)
    return max((c for c, value in agreement.items() if value >= best - NEARLY), default=1)


def _sort_comments(strength: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """Each comment's theme, -1 for none; strengths count by the size of their theme's loadings."""
    strength = strength * np.linalg.norm(loadings, axis=1)
    return np.where(strength.max(axis=1) > 1e-9, strength.argmax(axis=1), -1)


def _agree(one: np.ndarray, other: np.ndarray) -> float:
    """Mean cosine of two sets of themes, each theme with its best partner."""
    sizes = [np.linalg.norm(h, axis=1, keepdims=True).clip(1e-12) for h in (one, other)]
    alike = (one / sizes[0]) @ (other / sizes[1]).T
    return float(alike[optimize.linear_sum_assignment(-alike)].mean())


def _first_words(loading: np.ndarray, words: np.ndarray) -> list[str]:
    order = sorted(range(len(words)), key=lambda i: (-round(float(loading[i]), 6), words[i]))
    return [str(words[i]) for i in order[:TOP_WORDS] if loading[i] > 1e-6]


def _quote(texts: pd.Series, own: np.ndarray, strength: np.ndarray, weights: Any) -> str:
    """The texts that are most about a theme: strongest for their number of words, none twice."""
    order = own[np.argsort(-strength[own] * np.log1p(weights[own].getnnz(axis=1)), kind="stable")]
    # Where something had to be masked, something else may have been missed.
    marks = "|".join(re.escape(mark) for mark in MARKS)
    texts = texts.mask(texts.str.contains(marks), "")
    fitting = [texts.iloc[i] for i in order if len(texts.iloc[i]) >= SHORTEST]
    chosen = list(dict.fromkeys(text.replace("|", "/") for text in fitting))[:QUOTES]
    cut = [t if len(t) <= LONGEST else t[:LONGEST].rsplit(" ", 1)[0] + " …" for t in chosen]
    return " | ".join(" ".join(t.split()) for t in cut)
