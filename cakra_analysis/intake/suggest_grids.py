"""Which columns form a grid, and what it asks."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

import pandas as pd

from cakra_analysis.intake.grids import EDGE
from cakra_analysis.intake.mapping_checks import VALUED
from cakra_analysis.intake.suggest_headers import (
    BRACKET,
    MERGED,
    SLASH,
    find_ask,
    find_beginnings,
)
from cakra_analysis.intake.suggest_scales import (
    MOST_STEPS,
    Fit,
    fit_own,
    fit_scale,
    has_more_steps,
)
from cakra_analysis.intake.text import fold
from cakra_analysis.intake.vocabulary import asked_words, known_scales
from cakra_analysis.intake.xlsform import Form

SHARED = 6  # letters that two columns of a grid share at least
FIRST_WORDS = 4
OF_STAKEHOLDERS = {"level": "performance", "need": "importance"}
RESULT = re.compile(r"\b(gap|selisih|kesenjangan|diskrepansi|skor total)\b|^gap_", re.IGNORECASE)
UNKNOWN = ["need", "level", "barrier", "learning_format"]


@dataclass(frozen=True)
class GridGuess:
    """Columns that seem to be one grid.

    Attributes
    ----------
    columns : list of str
        Its columns.
    starts_with : str
        Their common beginning, where no other column has it.
    names : dict of str to str
        Names of items that differ from what the header leaves.
    becomes : list of str
        What it may ask, the likeliest first; one where that is clear.
    reason : str
        Why.
    fit : Fit
        Its scale.
    """

    columns: list[str]
    starts_with: str
    names: dict[str, str]
    becomes: list[str]
    reason: str
    fit: Fit

    def list_items(self) -> list[str]:
        """Return the names of its items.

        Returns
        -------
        list of str
            In the order of the columns.
        """
        rest = [column[len(self.starts_with) :].strip(EDGE) for column in self.columns]
        return [self.names.get(name, name) for name in rest]


@dataclass
class _Cluster:
    stem: str
    asks: tuple[str, ...]  # what it may ask by words of its header
    columns: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # by column


def guess_grids(
    texts: pd.DataFrame, free: list[str], form: Form, *, valued: bool, merged: bool = False
) -> list[GridGuess]:
    """Guess the grids of an export.

    Parameters
    ----------
    texts : DataFrame
        All answers.
    free : list of str
        Columns that are nothing else.
    form : Form
        Labels, empty where there is no form.
    valued : bool
        Whether stakeholders answered, who say importance and performance.
    merged : bool
        Whether the header has several rows, whose texts a colon joins.

    Returns
    -------
    list of GridGuess
        In the order of their first columns.
    """
    free = [column for column in free if not RESULT.search(column)]  # worked out, not answered
    answered = [column for column in free if texts[column].notna().any()]
    patterns = (BRACKET, *([MERGED] if merged else []), SLASH)
    clusters = _cluster(texts, answered, form, patterns)
    unclear = {scale for cluster in clusters for scale in _fit(cluster, texts, form).near}
    guesses = []
    for cluster in clusters:  # a scale that is asked for one grid is asked for each
        fit = _fit(cluster, texts, form, without=unclear)
        if fit and (guess := _describe(list(texts), cluster, fit, form, valued=valued)):
            guesses.append(guess)
    places = {column: place for place, column in enumerate(texts)}
    return sorted(guesses, key=lambda guess: places[guess.columns[0]])


def _fit(
    cluster: _Cluster, texts: pd.DataFrame, form: Form, *, without: Collection[str] = ()
) -> Fit:
    together = pd.concat([texts[column] for column in cluster.columns], ignore_index=True)
    fit = _fit_by_form(cluster, form) or fit_scale(together, without=without)
    return fit if fit or len(cluster.columns) == 1 else fit_own(together)


def _cluster(
    texts: pd.DataFrame, columns: list[str], form: Form, patterns: tuple[re.Pattern[str], ...]
) -> list[_Cluster]:
    """Columns with a common stem and question; then those that begin alike; then the rest."""
    clusters: dict[tuple[str, tuple[str, ...]], _Cluster] = {}
    for column in columns:
        match = next((m for p in patterns if (m := p.match(column))), None)
        if not match:
            continue
        stem, item = match["stem"], match["item"]
        in_stem, first = find_ask(f"{stem} {form.label(stem)}"), fold(item).split()[0]
        in_item = tuple(ask for ask in find_ask(item) if first in _words(ask))
        if in_item and not in_stem:
            cluster = clusters.setdefault(("", in_item), _Cluster(item, in_item))
            cluster.names[column] = stem
        else:
            asks = in_stem or (find_ask(item.split("_")[0]) if "_" in item else ())
            cluster = clusters.setdefault((stem, asks), _Cluster(stem, asks))
        cluster.columns.append(column)
    good = [c for c in clusters.values() if len(c.columns) > 1]
    beyond = {c for c in columns if has_more_steps(texts[c])}
    refused = {c for cluster in good for c in cluster.columns if beyond & {*cluster.columns}}
    good = [cluster for cluster in good if not refused & {*cluster.columns}]
    for cluster in good:
        cluster.columns = _drop_free(texts, cluster.columns)
    good = [c for c in good if c.columns]
    taken = {column for cluster in good for column in cluster.columns} | refused
    left = [c for c in columns if c not in taken]
    fitting = [c for c in left if fit_scale(texts[c]) or c.split("/")[-1] in form.one]
    pool = [c for c in left if c in beyond or c in fitting]
    alike = _cluster_alike(pool, texts, form)
    return good + [cluster for cluster in alike if not beyond & {*cluster.columns}]


def _drop_free(texts: pd.DataFrame, columns: list[str]) -> list[str]:
    """The columns of a grid that are answered on a scale, and not in free words."""
    scaled = [column for column in columns if fit_scale(texts[column])]
    return scaled or [column for column in columns if texts[column].nunique() <= MOST_STEPS]


def _cluster_alike(pool: list[str], texts: pd.DataFrame, form: Form) -> list[_Cluster]:
    runs: list[_Cluster] = []
    for column in pool:
        said = form.label(column) or column
        asks = find_ask(" ".join(said.split()[:FIRST_WORDS])) or find_ask(column.split("_")[0])
        mates = (r for r in runs if r.asks == asks or set(r.asks) & set(asks))
        home = next((r for r in mates if _alike(r.columns, column)), None)
        if home is None:
            runs.append(home := _Cluster("", asks))
        home.columns.append(column)
        home.asks = tuple(ask for ask in home.asks if ask in asks)  # the others are of one item
    for run in runs:
        run.stem = next(iter(find_beginnings(run.columns)), "") if len(run.columns) > 1 else ""
        run.asks = find_ask(run.stem) or run.asks
    alone: dict[tuple[tuple[str, ...], tuple[str, ...]], _Cluster] = {}
    for run in [r for r in runs if len(r.columns) == 1]:
        if has_more_steps(texts[run.columns[0]]):
            continue
        fit = fit_scale(texts[run.columns[0]])
        key = (run.asks, tuple(fit.scales or fit.near))
        alone.setdefault(key, _Cluster("", run.asks)).columns += run.columns
    return [r for r in runs if len(r.columns) > 1] + list(alone.values())


def _alike(columns: list[str], column: str) -> bool:
    return any(len(start) >= SHARED for start in find_beginnings([*columns, column]))


def _words(becomes: str) -> set[str]:
    return {word.split()[0] for word in asked_words()[becomes]}


def _fit_by_form(cluster: _Cluster, form: Form) -> Fit:
    """The scale that a form says a question has: its options tell 4 from 5 steps."""
    lists = {form.one.get(column.split("/")[-1]) for column in cluster.columns}
    options = form.options.get(next(iter(lists)) or "", {}) if len(lists) == 1 else {}
    if not options:
        return Fit()
    if set(options) in ({"1", "2", "3", "4"}, {"1", "2", "3", "4", "5"}):
        return Fit([f"angka_{len(options)}"])
    codes = fit_scale(pd.Series(list(options)))
    steps = [s for s in codes.scales if len(set(known_scales()[s].levels.values())) == len(options)]
    return Fit(steps) if steps and not codes.left else Fit([], list(options))


def _catches(headers: list[str], start: str) -> set[str]:
    return {header for header in headers if fold(header).startswith(fold(start))}


def _describe(
    headers: list[str], cluster: _Cluster, fit: Fit, form: Form, *, valued: bool
) -> GridGuess | None:
    columns = set(cluster.columns)
    is_grid = len(columns) > 1 or cluster.columns[0].endswith("]")  # of one row, perhaps
    starts = find_beginnings(cluster.columns) if is_grid and not cluster.names else []
    start = next((s for s in starts if _catches(headers, s) == columns and s not in columns), "")
    names = {}
    for column in cluster.columns:
        rest = column[len(start) :].strip(EDGE)
        name = cluster.names.get(column) or form.label(column) or rest
        if name != rest:
            names[rest] = name
    shipped = fit.scales or fit.near
    by_scale = known_scales()[shipped[0]].asks if shipped else ""
    first = [by_scale] if by_scale in cluster.asks else []
    asks = [ask for ask in dict.fromkeys([*first, *cluster.asks, by_scale]) if ask]
    if valued:  # a stakeholder who says how able the staff are says how they perform
        asks = list(dict.fromkeys(OF_STAKEHOLDERS.get(ask, ask) for ask in asks))
    asks = [ask for ask in asks if valued or ask not in VALUED]
    if fit.scales == ["ya_tidak"] and not {"barrier", "learning_format"} & set(asks):
        return None
    if len(asks) == 1:
        reason = f"by words of its {'header' if cluster.asks else 'scale'}"
    else:
        said = "its header says" if len(cluster.asks) > 1 else "header and scale say"
        reason = f"{said} different things" if asks else "nothing tells what it asks"
        asks = asks or (list(VALUED) if valued else UNKNOWN)
    return GridGuess(cluster.columns, start, names, asks, reason, fit)
