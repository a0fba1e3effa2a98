"""Priority scores: the vectors of the domain notes, ties, missing pairs, what must not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakra_analysis.errors import AnalysisError
from cakra_analysis.needs.order import compare_scores, rank_values, share_on_top
from cakra_analysis.needs.priorities import (
    score_mwds,
    score_pni,
    score_pni_modified,
    score_rds,
    score_weighted_gap,
)
from cakra_analysis.needs.tna import place_tna
from tests.sizes import cases

COLUMNS = ["competency_id", "value", "n", "rank", "method", "reason"]
PLAIN = [score_mwds, score_rds, score_pni, score_pni_modified]


def pairs(**items: tuple[list[float], list[float]]) -> pd.DataFrame:
    rows = [
        (f"S{i}", code, required, observed)
        for code, (wanted, held) in items.items()
        for i, (required, observed) in enumerate(zip(wanted, held, strict=True))
    ]
    return pd.DataFrame(rows, columns=["staff_id", "competency_id", "required", "observed"])


EXAMPLE = pairs(one=([5, 4, 5, 4, 5], [3, 3, 4, 4, 2]), two=([4, 3, 4, 3, 4], [2, 2, 3, 2, 2]))
WEIGHTS = pd.DataFrame({"competency_id": ["one", "two"], "weight": [1.0, 3.0]})


def one_pair(required: float, observed: float) -> pd.DataFrame:
    return pairs(x=([required], [observed]))


def test_vectors_1_to_3() -> None:
    assert score_mwds(EXAMPLE)["value"].tolist() == pytest.approx([6.44, 5.04])
    assert score_rds(EXAMPLE)["value"].tolist() == [-80, -100]
    # The two methods disagree about the first need, as the domain notes say.
    assert score_mwds(EXAMPLE)["rank"].tolist() == [1, 2]
    assert score_rds(EXAMPLE)["rank"].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("required", "observed", "expected"), [(4.54, 3.92, 0.1582), (2.91, 2.03, 0.4335)]
)
def test_vector_4(required: float, observed: float, expected: float) -> None:
    value = score_pni_modified(one_pair(required, observed))["value"].item()
    assert value == pytest.approx(expected, abs=5e-5)


def test_vector_5_and_items() -> None:
    assert score_pni(one_pair(4.54, 3.92))["value"].item() == pytest.approx(2.8148)
    assert score_pni_modified(EXAMPLE)["value"].tolist() == pytest.approx([0.4375, 7 / 11])
    pd.testing.assert_series_equal(score_pni(EXAMPLE)["value"], score_mwds(EXAMPLE)["value"])


def test_weighted_gap_stays_in_levels() -> None:
    table = score_weighted_gap(EXAMPLE, weights=WEIGHTS)
    assert table["value"].tolist() == pytest.approx([1.4 * 0.5, 1.4 * 1.5])
    even = score_weighted_gap(EXAMPLE, weights=WEIGHTS.assign(weight=7.0))
    assert (
        even["value"].tolist() == pytest.approx([1.4, 1.4]) and even["rank"].tolist() == [1.5] * 2
    )


@pytest.mark.parametrize(
    "weights",
    [
        WEIGHTS.head(1),
        WEIGHTS.assign(weight=[-1, 2]),
        WEIGHTS.assign(weight=0),
        WEIGHTS.assign(weight=[np.nan, 1]),
        pd.concat([WEIGHTS, WEIGHTS]),
    ],
)
def test_weights_must_fit(weights: pd.DataFrame) -> None:
    with pytest.raises(AnalysisError, match="weights"):
        score_weighted_gap(EXAMPLE, weights=weights)


@pytest.mark.parametrize("score", PLAIN)
def test_half_a_pair_is_left_out_of_both_means(score) -> None:
    halves = pd.DataFrame(
        [("X", "one", 1.0, np.nan), ("Y", "one", np.nan, 1.0), ("X", "none", 3.0, np.nan)],
        columns=EXAMPLE.columns,
    )
    table = score(pd.concat([EXAMPLE, halves])).set_index("competency_id")
    assert list(table.reset_index()) == COLUMNS
    whole = score(EXAMPLE).set_index("competency_id")
    pd.testing.assert_frame_equal(table.loc[["one", "two"]], whole)
    assert np.isnan(table.loc["none", "value"]) and np.isnan(table.loc["none", "rank"])
    assert table.loc["none", ["n", "reason"]].tolist() == [0, "no complete pair"]


def test_a_ratio_to_nothing_has_no_value_but_a_reason() -> None:
    table = score_pni_modified(
        pairs(a=([2, 2], [0, 0]), b=([2, 2], [0.1, 0.3]), c=([2, 2], [1, 1]))
    )
    assert table["value"].isna().tolist() == [True, True, False]
    assert table["reason"].tolist() == ["observed mean near zero"] * 2 + [""]
    assert table["rank"].fillna(0).tolist() == [0, 0, 1]
    exact = score_pni_modified(pairs(a=([2], [0]), b=([2], [0.1])), least_observed=0.0)
    assert exact["value"].isna().tolist() == [True, False]


@pytest.mark.parametrize("score", [*PLAIN, place_tna])
def test_a_person_counts_once(score) -> None:
    with pytest.raises(AnalysisError, match="two pairs"):
        score(pd.concat([EXAMPLE, EXAMPLE.head(1)]))


def test_ranks_are_ties_within_rounding() -> None:
    assert rank_values(np.array([0.1 + 0.2, 0.3, 0.3 - 1e-8, 5])).tolist() == [2.5, 2.5, 4, 1]
    assert rank_values(np.array([])).tolist() == []
    assert np.isnan(rank_values(np.array([np.nan]))).all()
    close = pairs(a=([0.3, 4], [0.1 + 0.2, 3]), b=([3, 4], [3, 3]))
    assert score_rds(close)["value"].tolist() == [-50, -50]


def test_a_tie_at_the_limit_is_shared_out() -> None:
    assert share_on_top(np.array([[1.0, 1.0, 1.0, 2.0]]), 2).tolist() == pytest.approx(
        [1 / 3, 1 / 3, 1 / 3, 1]
    )
    assert share_on_top(np.array([[1.0, 2.0]]), 5).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("needed", "held", "zone"),
    [
        (9, 1, "A"),
        (6.5, 3.49, "A"),
        (8, 5, "B"),
        (5, 2, "B"),
        (9, 7, "C"),
        (3, 1, "C"),
        (4, 4, "D"),
        (2, 8, "D"),
        (0.1 + 0.2, 0.3, "D"),
    ],
)
def test_zones(needed: float, held: float, zone: str) -> None:
    table = place_tna(one_pair(needed, held))
    assert table["zone"].item() == zone and table["value"].item() == pytest.approx(needed - held)
    assert table[["required", "observed"]].values.tolist() == [[needed, held]]


def test_zones_on_another_scale_and_without_pairs() -> None:
    levels = {"scale": (1, 5), "limits": (2.5, 3.5)}
    assert place_tna(one_pair(4, 2), **levels)["zone"].item() == "A"
    assert place_tna(one_pair(4, np.nan))["zone"].isna().all()
    with pytest.raises(AnalysisError, match="off the scale 1-5"):
        place_tna(one_pair(7, 2), **levels)


def test_orders_compared() -> None:
    both = compare_scores(score_mwds(EXAMPLE), score_rds(EXAMPLE), score_pni(EXAMPLE))
    assert both["n"].tolist() == [2, 2, 2] and both["value"].isna().all()  # two say nothing
    assert both["method_a"].tolist()[0] == "mean weighted discrepancy (Borich)"
    wide = pairs(**{f"k{i}": ([4, 4], [i / 3, i / 4]) for i in range(1, 7)})
    assert compare_scores(score_mwds(wide), score_pni_modified(wide, least_observed=0))[
        "value"
    ].item() == pytest.approx(1)
    # Six by hand: d = (0, 1, -1, 0, .5, -.5), with the tie in one order.
    a = pd.DataFrame({"competency_id": list("abcdef"), "rank": [1.0, 2, 3, 4, 5, 6], "method": "a"})
    b = a.assign(rank=[1.0, 3, 2, 4, 5.5, 5.5], method="b").sample(frac=1, random_state=1)
    rho = np.corrcoef([1, 2, 3, 4, 5, 6], [1, 3, 2, 4, 5.5, 5.5])[0, 1]
    assert compare_scores(a, b)["value"].item() == pytest.approx(rho)
    # Who is ranked by one only does not count, and the others close ranks.
    assert compare_scores(a, a.drop(index=0))[["value", "n"]].values.tolist() == [
        [pytest.approx(1), 5]
    ]
    assert np.isnan(compare_scores(a, a.assign(rank=3.5))["value"].item())
    with pytest.raises(AnalysisError, match="Two or more"):
        compare_scores(a)


answers = st.lists(
    st.tuples(st.integers(1, 5), st.one_of(st.integers(1, 5), st.just(np.nan))),
    min_size=4,
    max_size=6,
)


@pytest.mark.slow
@settings(max_examples=cases(20, 60), deadline=None)
@given(a=answers, b=answers, c=answers, seed=st.integers(0, 99))
def test_properties(a, b, c, seed: int) -> None:
    frame = pairs(**{k: tuple(zip(*v, strict=True)) for k, v in {"a": a, "b": b, "c": c}.items()})
    shuffled = frame.sample(frac=1, random_state=seed)[list(frame)[::-1]]
    renamed = frame.assign(staff_id="X" + frame["staff_id"])
    up = frame.assign(required=frame["required"] + 2, observed=frame["observed"] + 2)
    for score in PLAIN:
        table = score(frame)
        pd.testing.assert_frame_equal(score(shuffled), table)
        pd.testing.assert_frame_equal(score(renamed), table)
        twice = score(pd.concat([frame, renamed]))
        pd.testing.assert_frame_equal(twice.assign(n=table["n"]), table)
        order = table.dropna(subset="rank")
        assert order["rank"].sum() == pytest.approx(len(order) * (len(order) + 1) / 2)
    rds = score_rds(frame)["value"].dropna()
    assert rds.between(-100, 100).all()
    pd.testing.assert_frame_equal(score_rds(up), score_rds(frame))
    # With one importance for all, moving both sides leaves Borich's order.
    flat = frame.assign(required=3.0)
    lifted = flat.assign(required=5.0, observed=flat["observed"] + 2)
    pd.testing.assert_series_equal(score_mwds(lifted)["rank"], score_mwds(flat)["rank"])
