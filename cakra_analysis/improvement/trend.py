"""How gaps moved from cycle to cycle, told apart from who is there."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from cakra_analysis.errors import AnalysisError
from cakra_analysis.improvement.comparable import compare_cycles
from cakra_analysis.improvement.parts import CELL, split_change
from cakra_analysis.tree import climb

ALL = "all"  # the competency that stands for the mean over all of them
PERSON = ["staff_id", "competency_id"]
ENDS = ("first", "last")
READ = ["gap", "noise_variance", "anchor_variance", "link_variance"]
SPLIT = "same people paired; dynamic Olley-Pakes, equal weights"
UNKNOWN = "who was in service is not known: rated in one cycle only counts as joined or left"


def score_trend(
    gaps_by_person: pd.DataFrame,
    units: pd.DataFrame,
    *,
    serving: pd.DataFrame | None = None,
    instruments: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how the mean gap of every unit moved between cycles, and why.

    Parameters
    ----------
    gaps_by_person : DataFrame
        One row a person, competency and cycle: staff_id, unit_id (in that cycle), cycle,
        competency_id, ``gap`` (levels); noise_variance, anchor_variance, gap_definition, basis
        where they are known. After ``apply_instruments`` where instruments were linked.
    units : DataFrame
        unit_id, parent_id.
    serving : DataFrame, optional
        staff_id, cycle: everybody in service, rated or not. Without it nobody can tell who joined
        from who was only rated.
    instruments : DataFrame, optional
        As for ``compare_cycles``.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a pair of cycles (one after the other, and first to last), unit (with those below
        it) and competency (``all``: the mean over a person's competencies), sorted: ``period``,
        ``first``, ``last``, the columns of ``split_change`` (levels; below 0 = the gap fell),
        ``level``, ``reliability`` (0-1: how much of what people's changes differ by is no rating
        noise; missing where the noise is not known), ``comparable``, ``apart`` and ``declared``
        of ``compare_cycles``, ``method``. What is not comparable has no figures; with one cycle
        there is no row.

    Raises
    ------
    AnalysisError
        When there is no cycle, or a person has two gaps in one.

    Notes
    -----
    ``all`` compares, for people of both cycles, the competencies rated in both. The mean is over
    the people rated, *not* weighted to a unit's staff as in ``score_gaps``. Rating noise averages
    out of means, not of one person's change, to which it adds both cycles' noise: reliability =
    1 - mean(noise_a + noise_b) / var(change), and who is worst in one cycle looks better in the
    next by noise alone. A new requirement of the post counts as a change of the gap. Raters who
    all turn milder look like progress; only an anchor tells. Pinned by
    ``tests/test_improvement_trend.py``.

    Examples
    --------
    >>> gaps = pd.DataFrame({"staff_id": list("ABCAB"), "unit_id": "U", "competency_id": "M.1",
    ...     "cycle": ["2025"] * 3 + ["2026"] * 2, "gap": [1.0, 0.5, 3.0, 0.6, 0.3]})
    >>> units = pd.DataFrame({"unit_id": ["U"], "parent_id": [None]})
    >>> score_trend(gaps, units)[["total", "value", "left", "n"]].round(2).values.tolist()
    [[-1.05, -0.3, -0.75, 2.0], [-1.05, -0.3, -0.75, 2.0]]
    """
    cycles = sorted(gaps_by_person["cycle"].unique())
    if not cycles:
        raise AnalysisError("A trend needs ratings.", do="Rate the staff.")
    if gaps_by_person.duplicated([*PERSON, "cycle"]).any():
        raise AnalysisError("A person has two gaps in one competency and cycle.")
    if len(cycles) == 1:  # a second cycle like the first has the columns; no row of it is true
        again = gaps_by_person.assign(cycle=f"{cycles[0]}+")
        both = pd.concat([gaps_by_person, again], ignore_index=True)
        return score_trend(both, units, confidence=confidence).head(0)
    rules = compare_cycles(gaps_by_person, instruments)
    rules = rules.assign(period=rules["first"] + "\u2013" + rules["last"])
    pairs = [*pairwise(cycles)] + ([(cycles[0], cycles[-1])] if len(cycles) > 2 else [])
    rows = [_compare(gaps_by_person, units, rules, pair, serving) for pair in pairs]
    placed = pd.concat(rows, ignore_index=True)
    table = split_change(placed, confidence=confidence)
    table = table.merge(_score_reliability(placed), on=CELL, how="left", validate="one_to_one")
    figures = table.select_dtypes("number").columns.difference(["n"])
    table = table.merge(rules, on=["period", "competency_id"], validate="many_to_one")
    table[figures] = table[figures].where(table["comparable"])
    table = table.assign(level=confidence, method=SPLIT if serving is not None else UNKNOWN)
    order = ["period", "first", "last", "unit_id", "competency_id"]
    table = table[[*order, *(c for c in table if c not in order)]]
    return table.sort_values(["last", "first", "unit_id", "competency_id"], ignore_index=True)


def _compare(
    gaps: pd.DataFrame,
    units: pd.DataFrame,
    rules: pd.DataFrame,
    cycles: tuple[str, str],
    serving: pd.DataFrame | None,
) -> pd.DataFrame:
    """Everybody of one pair of cycles in every unit that they count for."""
    rule = rules[(rules["first"] == cycles[0]) & (rules["last"] == cycles[1])]
    rule = rule.set_index("competency_id")
    people = _match(*(gaps[gaps["cycle"] == cycle] for cycle in cycles))
    fit = people["competency_id"].map(rule["comparable"])
    # Where nothing fits, the mean stands there without figures, to say why.
    mean = _mean_over(people[fit] if fit.any() else people)
    people = pd.concat([people, mean], ignore_index=True)
    placed = _tell_kind(_place(people, units), people, cycles, serving)
    shared = placed[["anchor_variance_first", "anchor_variance_last"]].sum(axis=1)
    link = placed[["link_variance_first", "link_variance_last"]].sum(axis=1)
    linked = placed["competency_id"].map(rule["linked"])
    return placed.assign(shared=shared + link.where(linked, 0.0), period=rule["period"].iloc[0])


def _match(first: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """One row a person and competency, with what either cycle knows of them."""
    columns = [*PERSON, "unit_id", *READ]
    sides = [side.reindex(columns=columns).set_index(PERSON) for side in (first, last)]
    names = [side.add_suffix(f"_{end}") for side, end in zip(sides, ENDS, strict=True)]
    return names[0].join(names[1], how="outer", validate="one_to_one").reset_index()


def _mean_over(people: pd.DataFrame) -> pd.DataFrame:
    """Each person's mean over competencies; of who was rated twice, over those rated twice."""
    there = people[["gap_first", "gap_last"]].notna()
    twice = there.all(axis=1)
    staff = people["staff_id"]
    ever = twice.groupby(staff, observed=True).transform("any")
    apart = there.groupby(staff, observed=True).transform("any").all(axis=1) & ~ever
    used = people[(twice | ~ever) & ~apart]  # who was rated on nothing twice cannot be compared
    group = used.groupby("staff_id", observed=True)
    means = group[[f"{name}_{end}" for name in READ for end in ENDS]].mean()
    for end in ENDS:  # of a mean of k ratings on their own
        means[f"noise_variance_{end}"] /= group.size()
    places = group[["unit_id_first", "unit_id_last"]].first()
    return means.join(places).assign(competency_id=ALL).reset_index()


def _place(people: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Everybody once in each unit that they count for in either cycle."""
    sides = []
    for end in ENDS:
        own = {f"unit_id_{end}": "unit_id"}
        columns = [*PERSON, *own, *(f"{name}_{end}" for name in READ)]
        there = people.loc[people[f"gap_{end}"].notna(), columns].rename(columns=own)
        sides.append(climb(there, units))
    return sides[0].merge(sides[1], on=["unit_id", *PERSON], how="outer", validate="one_to_one")


def _tell_kind(
    placed: pd.DataFrame,
    people: pd.DataFrame,
    cycles: tuple[str, str],
    serving: pd.DataFrame | None,
) -> pd.DataFrame:
    """Why somebody counts for a unit in one cycle and not in the other."""
    twice = people.loc[people[["gap_first", "gap_last"]].notna().all(axis=1), PERSON]
    placed = placed.merge(twice.assign(twice=True), on=PERSON, how="left", validate="many_to_one")
    was, now = placed["gap_first"].notna(), placed["gap_last"].notna()
    kind = pd.Series("joined", index=placed.index).mask(~now, "left")
    if serving is not None:
        there = [set(serving.loc[serving["cycle"] == cycle, "staff_id"]) for cycle in cycles]
        staff = placed["staff_id"]
        kind = kind.mask((~was & staff.isin(there[0])) | (~now & staff.isin(there[1])), "answered")
    kind = kind.mask(placed["twice"].notna(), "moved").mask(was & now, "same")
    renamed = {"gap_first": "first", "gap_last": "last"}
    return placed.assign(kind=kind).rename(columns=renamed)


def _score_reliability(placed: pd.DataFrame) -> pd.DataFrame:
    """How much of what the changes of people differ by is no rating noise, 0-1."""
    same = placed[placed["kind"] == "same"]
    noise = same["noise_variance_first"] + same["noise_variance_last"]
    same = same.assign(noise=noise, change=same["last"] - same["first"])
    group = same.groupby(CELL, observed=True)
    spread = group["change"].var()
    real = 1 - group["noise"].mean() / spread.where(spread > 0)
    return real.clip(lower=0.0).rename("reliability").reset_index()
