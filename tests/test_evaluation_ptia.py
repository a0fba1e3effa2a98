"""The PTIA score: the domain notes' vector, its three mended defects, rounding, interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.errors import DataError
from cakra_analysis.evaluation.ptia import (
    SECONDARY,
    WEIGHTS,
    categorise_ptia,
    round_half_up,
    score_ptia,
)
from tests.sizes import cases

ASPECTS = ["motivation", "confidence", "sharing", "application"]


def form(staff: str, source: str, changes: dict[str, int], *, before: int = 1, rater=None):
    """Rows of one form: each aspect's change, for sharing its level after."""
    rows = []
    for aspect, change in changes.items():
        after = change if aspect == "sharing" else before + change
        for occasion, level in (("before", before), ("after", after)):
            rows.append((staff, "C", source, rater, occasion, aspect, level))
    names = ["staff_id", "course_id", "source", "rater", "occasion", "aspect", "level"]
    return pd.DataFrame(rows, columns=names)


ALUMNUS = form("A", "self", dict(zip(ASPECTS, (1, 1, 3, 1), strict=True)))
SUPERVISOR = form("A", "supervisor", dict(zip(ASPECTS, (1, 0, 4, 1), strict=True)), rater="B")


def behaviour(transfer: pd.DataFrame, **options) -> pd.Series:
    table = score_ptia(transfer, **({"fewest": 1} | options))
    return table[table["outcome"] == "behaviour"].iloc[0]


def many(count: int, seed: int = 1, *, alone: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    forms = []
    for i in range(count):
        for source in WEIGHTS:
            if source == "supervisor" and rng.random() < alone:
                continue
            answers = {a: int(rng.integers(-1, 3)) for a in (*ASPECTS, "result")}
            answers["sharing"] = int(rng.integers(1, 5))
            forms.append(form(f"S{i:03}", source, answers, before=2).assign(rater=source))
    rows = pd.concat(forms, ignore_index=True)
    return rows.assign(level=rows["level"].clip(1, 4))


def test_the_vector_of_the_domain_notes() -> None:
    row = behaviour(pd.concat([ALUMNUS, SUPERVISOR]))
    assert row[["from_self", "from_supervisor", "value"]].tolist() == [33.94, 27.01, 60.95]
    assert row["category"] == "moderate" and row["one_source"] == 0


def test_the_weights_add_up() -> None:
    level3 = sum(WEIGHTS[s][a] for s in WEIGHTS for a in ASPECTS)
    level4 = sum(WEIGHTS[s]["result"] for s in WEIGHTS) + SECONDARY
    assert [level3, level4] == pytest.approx([100, 100])


def test_a_missing_supervisor_does_not_halve_the_score() -> None:
    row = behaviour(ALUMNUS)
    assert row["value"] == pytest.approx(100 * 33.9375 / 51.45, abs=0.0051)
    assert row["one_source"] == 1 and np.isnan(row["from_supervisor"])
    full = dict(zip(ASPECTS, (3, 3, 4, 3), strict=True))
    assert behaviour(form("A", "self", full))["value"] == 100
    # A form that lacks an aspect is no source; the other one counts.
    torn = SUPERVISOR[SUPERVISOR["aspect"] != "confidence"]
    assert behaviour(pd.concat([ALUMNUS, torn]))["value"] == row["value"]


def test_a_fall_counts_nothing_and_zero_has_a_category() -> None:
    fallen = form("A", "self", dict(zip(ASPECTS, (-2, -1, 1, -1), strict=True)), before=3)
    row = behaviour(fallen)
    assert row["value"] == 0 and row["category"] == "none" and row["n"] == 1
    limits = categorise_ptia(pd.Series([0, 25, 25.01, 50, 50.01, 75, 75.01, 100, np.nan]))
    wanted = ["none"] * 2 + ["slight"] * 2 + ["moderate"] * 2 + ["strong"] * 2
    assert limits.tolist()[:-1] == wanted and limits.isna().iloc[-1]


def test_halves_round_up_and_not_to_even() -> None:
    assert round_half_up(pd.Series([0.5, 1.5, 2.5]), 0).tolist() == [1, 2, 3]
    assert round_half_up(pd.Series([1.005, 60.9499, 33.9375])).tolist() == [1.01, 60.95, 33.94]
    # Two supervisors, changes 0 and 1: the mean of a half becomes 1.
    two = [form("A", "supervisor", {"result": d}, rater=str(d)) for d in (0, 1)]
    assert score_ptia(pd.concat(two), fewest=1)["value"].item() == 63


def test_the_result_with_and_without_indicators() -> None:
    result = pd.concat([form("A", s, {"result": 1}) for s in WEIGHTS])
    assert score_ptia(result, fewest=1)["value"].item() == 63
    rose = pd.DataFrame({"course_id": "C", "before": [5, 3], "after": [4, 4]})
    row = score_ptia(result, secondary=rose, fewest=1).iloc[0]
    assert row["value"] == pytest.approx(0.63 * (37.95 + 35.82) + 26.23, abs=0.005)
    assert row["improved"] is True
    fell = score_ptia(result, secondary=rose.head(1), fewest=1).iloc[0]
    assert fell["value"] == pytest.approx(row["value"] - 26.23, abs=0.011)
    other = score_ptia(result, secondary=rose.assign(course_id="D"), fewest=1).iloc[0]
    assert other["value"] == 63 and pd.isna(other["improved"])


def test_too_few_alumni_have_no_score() -> None:
    row = behaviour(many(9), fewest=10)
    assert np.isnan(row["value"]) and row["category"] is None
    assert row["n"] == 9 and row["method"] == "too few"
    assert behaviour(many(10), fewest=10)["method"].startswith("PTIA")
    assert behaviour(ALUMNUS)["method"] == "no variance"
    empty = score_ptia(ALUMNUS.head(0))
    assert empty.empty and "category" in empty


@pytest.mark.slow
def test_order_of_rows_and_names_of_people_change_nothing() -> None:
    rows = many(20, alone=0.3)
    first = score_ptia(rows)
    shuffled = rows.sample(frac=1, random_state=3)
    names = {s: f"X{int(s[1:], 36) * 7919 % 9973}-{s}" for s in rows["staff_id"].unique()}
    renamed = shuffled.assign(staff_id=shuffled["staff_id"].map(names))
    pd.testing.assert_frame_equal(first, score_ptia(shuffled))
    pd.testing.assert_frame_equal(first, score_ptia(renamed))
    assert not rows["level"].isna().any() and list(rows) == list(renamed)


@pytest.mark.slow
def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    population = many(2000, seed=5)
    truth = behaviour(population)["value"]
    people = population["staff_id"].unique()
    rng, held, runs = np.random.default_rng(8), 0, cases(25, 60)
    own = dict(list(population.groupby("staff_id")))
    for _ in range(runs):
        drawn = pd.concat([own[s] for s in rng.choice(people, 30, replace=False)])
        row = behaviour(drawn, resamples=400)
        held += row["low"] <= truth <= row["high"]
    assert held >= 0.85 * runs


def test_levels_off_the_scale_are_refused() -> None:
    with pytest.raises(DataError, match="from 1 to 4"):
        score_ptia(ALUMNUS.assign(level=5))
