"""Agreement of raters: ICC and rwg against R, printed tables and hand; self minus supervisor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cakra_analysis.needs.agreement import score_agreement, score_self_gap
from tests.sizes import cases

GOLDENS = Path(__file__).parent / "goldens"  # reliability.R beside the CSVs makes them
KINDS = ["ICC(1)", "ICC(1,k)", "ICC(A,1)", "ICC(C,1)", "rwg"]
SOURCES = ["self", "supervisor", "peer"]


def frame(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["staff_id", "competency_id", "source", "level"])


def by_kind(ratings: pd.DataFrame, **options) -> pd.DataFrame:
    return score_agreement(ratings, **options).set_index("kind")


def simulate(seed: int, people: int = 40, noise: float = 1.0, competencies: int = 2):
    """Persons and noise of equal variance: the true ICC(C,1) is 1 / (1 + noise)."""
    rng = np.random.default_rng(seed)
    shape = (competencies, people, len(SOURCES))
    levels = rng.normal(size=(competencies, people, 1)) + np.sqrt(noise) * rng.normal(size=shape)
    names = [[f"M.{c}" for c in range(competencies)], [f"S{i:03d}" for i in range(people)], SOURCES]
    index = pd.MultiIndex.from_product(names, names=["competency_id", "staff_id", "source"])
    return pd.Series(levels.ravel(), index=index, name="level").reset_index()


@pytest.mark.parametrize("data", ["shrout_fleiss", "attitude", "chickwts", "dyestuff"])
def test_icc_equals_r(data: str) -> None:
    ratings = pd.read_csv(GOLDENS / "agreement_ratings.csv").query("competency_id == @data")
    found = by_kind(ratings)
    wanted = pd.read_csv(GOLDENS / "agreement_icc.csv").query("competency_id == @data")
    assert len(wanted) in (2, 4)
    for row in wanted.itertuples():
        ours = found.loc[row.kind, ["value", "low", "high"]].tolist()
        assert ours == pytest.approx([row.value, row.low, row.high], abs=1e-6)


def test_icc_equals_the_printed_table() -> None:
    """Shrout & Fleiss (1979), table 4: .17, .44, .29 and .71."""
    ratings = pd.read_csv(GOLDENS / "agreement_ratings.csv")
    found = by_kind(ratings[ratings["competency_id"] == "shrout_fleiss"])
    assert found["value"].iloc[:4].round(2).tolist() == [0.17, 0.44, 0.29, 0.71]
    assert found["n"].iloc[:4].tolist() == [6] * 4


def test_one_way_by_hand_with_unequal_numbers() -> None:
    rows = [("A", "M.1", "self", 1), ("A", "M.1", "peer", 3), ("B", "M.1", "peer", 2)]
    rows += [("C", "M.1", "peer", 4), ("C", "M.1", "peer", 4), ("C", "M.1", "self", 5)]
    found = by_kind(frame(rows))
    # Means 2, 2, 13/3 around 19/6: between 6 (7/6)^2 / 2, within (2 + 2/3) / 3, k0 = (6-14/6)/2.
    between, within, k0 = 49 / 12, 8 / 9, 11 / 6
    single = (between - within) / (between + (k0 - 1) * within)
    assert found.loc["ICC(1)", "value"] == pytest.approx(single)
    assert found.loc["ICC(1,k)", "value"] == pytest.approx(1 - within / between)
    low = between / within / stats.f.ppf(0.975, 2, 3)
    assert found.loc["ICC(1)", "low"] == pytest.approx((low - 1) / (low + k0 - 1))
    assert found["n"].tolist() == [3, 3, 2, 2, 2]


def test_two_way_reads_the_persons_whom_every_source_rated() -> None:
    rows = [(p, "M.1", "self", v) for p, v in zip("ABCD", [2, 3, 5, 4], strict=True)]
    rows += [(p, "M.1", "supervisor", v) for p, v in zip("ABC", [1, 2, 4], strict=True)]
    whole = by_kind(frame(rows))
    three = by_kind(frame([row for row in rows if row[0] != "D"]))
    two_way = ["ICC(A,1)", "ICC(C,1)"]
    pd.testing.assert_frame_equal(whole.loc[two_way], three.loc[two_way])
    # R = 14/3, S = 1.5, E = 0: nothing but leniency sets the sources apart.
    assert whole.loc["ICC(C,1)", "value"] == pytest.approx(1)
    assert whole.loc["ICC(A,1)", "value"] == pytest.approx((14 / 3) / (14 / 3 + 2 * 1.5 / 3))
    assert whole.loc["ICC(1)", "n"] == 4


def test_two_raters_of_a_source_count_as_their_mean_in_two_way() -> None:
    ratings = simulate(1)
    peers = ratings[ratings["source"] == "peer"]
    twice = pd.concat([ratings, peers.assign(level=peers["level"] + 1)])
    twice["level"] -= 0.5 * (twice["source"] == "peer")
    two_way = ["ICC(A,1)", "ICC(C,1)"]
    found = by_kind(twice).loc[two_way, ["value", "low", "high"]]
    wanted = by_kind(ratings).loc[two_way, ["value", "low", "high"]]
    pd.testing.assert_frame_equal(found, wanted)


def test_within_group_agreement_by_hand() -> None:
    # Variances 0.5, 2 and 12.5 against (6^2 - 1) / 12 = 35/12; the last one is cut at 0.
    rows = [("A", "M.1", "self", 3), ("A", "M.1", "peer", 4), ("B", "M.1", "self", 2)]
    rows += [("B", "M.1", "peer", 4), ("C", "M.1", "self", 0), ("C", "M.1", "peer", 5)]
    found = by_kind(frame([*rows, ("D", "M.1", "self", 2)])).loc["rwg"]
    own = [1 - 0.5 / (35 / 12), 1 - 2 / (35 / 12), 0]
    assert found["value"] == pytest.approx(np.mean(own)) and found["n"] == 3
    low, high = stats.t.interval(0.95, 2, np.mean(own), stats.sem(own))
    assert (found["low"], found["high"]) == pytest.approx((max(low, 0), min(high, 1)))
    five = by_kind(frame(rows), scale_levels=5).loc["rwg", "value"]
    assert five == pytest.approx(np.mean([1 - 0.5 / 2, 1 - 2 / 2, 0]))


@pytest.mark.parametrize("change", ["shuffle", "relabel", "shift"])
def test_what_must_not_matter(change: str) -> None:
    ratings = simulate(1).sample(frac=0.9, random_state=1)
    changed = ratings.sample(frac=1, random_state=2)
    if change == "relabel":
        names = np.random.default_rng(3).permutation(ratings["staff_id"].unique())
        codes = dict(zip(ratings["staff_id"].unique(), names, strict=True))
        changed = ratings.assign(staff_id=ratings["staff_id"].map(codes))
    if change == "shift":
        changed = ratings.assign(level=ratings["level"] + 1)
    pd.testing.assert_frame_equal(score_agreement(changed), score_agreement(ratings), rtol=1e-9)


def test_a_rating_not_given_is_no_rating() -> None:
    ratings = simulate(1)
    holes = ratings.assign(level=ratings["level"].mask(ratings.index % 7 == 0))
    pd.testing.assert_frame_equal(
        score_agreement(holes), score_agreement(holes.dropna(subset="level"))
    )


def test_leniency_of_a_source_is_disagreement_but_not_inconsistency() -> None:
    ratings = simulate(1)
    lenient = ratings.assign(level=ratings["level"] + 2 * (ratings["source"] == "self"))
    before, after = by_kind(ratings)["value"], by_kind(lenient)["value"]
    assert after["ICC(C,1)"].tolist() == pytest.approx(before["ICC(C,1)"].tolist())
    assert (after["ICC(A,1)"] < before["ICC(A,1)"]).all()
    assert (after["rwg"] < before["rwg"]).all()


@pytest.mark.parametrize(
    ("rows", "too_few"),
    [
        ([("A", "M.1", "self", 3), ("A", "M.1", "peer", 4)], KINDS),
        ([("A", "M.1", "self", 3), ("B", "M.1", "self", 4)], KINDS),
        ([("A", "M.1", "self", 3), ("B", "M.1", "peer", 4), ("B", "M.1", "self", 4)], KINDS[2:]),
        ([(p, "M.1", "peer", v) for p in "AB" for v in (2, 3)], KINDS[2:4]),
    ],
    ids=["one person", "one rating each", "one person complete", "one source"],
)
def test_too_few(rows: list[tuple], too_few: list[str]) -> None:
    found = by_kind(frame(rows))
    assert found.index[found["method"] == "too few"].tolist() == too_few
    assert found.loc[too_few, ["value", "low", "high"]].isna().all(axis=None)


def test_where_nothing_varies_there_is_no_icc_and_no_interval() -> None:
    rows = [(p, "M.1", s, 3) for p in "ABC" for s in ("self", "peer")]
    found = by_kind(frame(rows))
    assert (found["method"] == "no variance").all()
    assert found.loc[KINDS[:4], ["value", "low", "high"]].isna().all(axis=None)
    assert found.loc["rwg", "value"] == 1 and np.isnan(found.loc["rwg", "low"])


def test_perfect_agreement_is_one() -> None:
    rows = [(p, "M.1", s, v) for p, v in zip("ABC", [1, 2, 4], strict=True) for s in SOURCES]
    found = by_kind(frame(rows)).loc[KINDS[:4], ["value", "low", "high"]]
    assert found.to_numpy() == pytest.approx(1)


def test_persons_whose_means_do_not_differ() -> None:
    found = by_kind(frame([(p, "M.1", s, v) for p in "AB" for s, v in (("self", 2), ("peer", 4))]))
    assert found.loc["ICC(1)", "value"] == pytest.approx(-1)  # -1 / (k - 1)
    # Minus infinity is no estimate, nor does it have an interval.
    assert found.loc["ICC(1,k)", ["value", "low", "high"]].isna().all()
    assert found.loc[KINDS[2:4], "method"].tolist() == ["no variance"] * 2
    rows = [("A", "M.1", "self", 2), ("A", "M.1", "peer", 4)]
    rows += [("B", "M.1", "self", 4), ("B", "M.1", "peer", 2)]
    assert by_kind(frame(rows)).loc["ICC(A,1)", "method"] == "no variance"


@pytest.mark.slow
def test_noise_alone_gives_an_interval_around_zero_every_time() -> None:
    found = score_agreement(simulate(5, competencies=60, people=6, noise=1e6)).set_index("kind")
    absolute = found.loc["ICC(A,1)"]
    assert (absolute["value"] < 0).any()
    assert (absolute["low"] <= absolute["value"]).all()
    assert (absolute["value"] <= absolute["high"]).all()
    assert 0.9 <= ((absolute["low"] < 0) & (absolute["high"] > 0)).mean() <= 1


def test_nothing_rated_gives_an_empty_table() -> None:
    found = score_agreement(simulate(1).assign(level=np.nan))
    assert found.empty and found.columns[:3].tolist() == ["competency_id", "kind", "value"]


@pytest.mark.slow
def test_intervals_hold_the_planted_icc_at_their_rate() -> None:
    many = cases(150, 300)
    found = score_agreement(simulate(11, competencies=many, people=25)).set_index("kind")
    held = ((found["low"] < 0.5) & (found["high"] > 0.5)).groupby("kind").mean()
    assert held[["ICC(1)", "ICC(C,1)", "ICC(A,1)"]].between(0.92, 0.98).all(), held
    fewer = simulate(12, competencies=many, people=25).sample(frac=0.7, random_state=1)
    found = score_agreement(fewer).set_index("kind").loc["ICC(1)"]
    assert 0.92 <= ((found["low"] < 0.5) & (found["high"] > 0.5)).mean() <= 0.98


UNITS = pd.DataFrame({"unit_id": ["R", "A", "B", "C"], "parent_id": [None, "R", "R", "R"]})
STAFF = pd.DataFrame({"staff_id": list("VWXYZ"), "unit_id": list("AABBC")})
GAPS = [
    *[("V", "M.1", "self", 4), ("V", "M.1", "supervisor", 3), ("V", "M.2", "self", 4)],
    *[("V", "M.2", "supervisor", 1), ("W", "M.1", "self", 3), ("W", "M.1", "supervisor", 2)],
    *[("W", "M.1", "supervisor", 4), ("W", "M.2", "self", 5), ("W", "M.1", "peer", 0)],
    *[("X", "M.1", "self", 2), ("X", "M.1", "supervisor", 3), ("Y", "M.1", "self", None)],
    *[("Y", "M.1", "supervisor", 3), ("Q", "M.1", "self", 5), ("Q", "M.1", "supervisor", 0)],
]


def test_self_gap_by_hand() -> None:
    # V: (1 + 3) / 2; W: 3 - (2 + 4) / 2, M.2 has no supervisor; X: -1; Y, Z, Q (not staff): none.
    found = score_self_gap(frame(GAPS), STAFF, UNITS).set_index("unit_id")
    assert found.index.tolist() == ["A", "B", "R"]
    assert found["value"].tolist() == pytest.approx([1, -1, 1 / 3])
    assert found["n"].tolist() == [2, 1, 3]
    for unit, own in (("A", [2, 0]), ("R", [2, 0, -1])):
        wanted = stats.t.interval(0.95, len(own) - 1, np.mean(own), stats.sem(own))
        assert found.loc[unit, ["low", "high"]].tolist() == pytest.approx(list(wanted))
    assert found.loc["B", ["low", "high"]].isna().all()
    assert found["method"].tolist() == ["t over persons", "too few", "t over persons"]


def test_persons_alike_give_no_interval_of_width_zero() -> None:
    rows = [(p, "M.1", s, v) for p in "VW" for s, v in (("self", 3), ("supervisor", 2))]
    found = score_self_gap(frame(rows), STAFF, UNITS).set_index("unit_id")
    assert found["value"].tolist() == [1, 1] and found["method"].tolist() == ["no variance"] * 2
    assert found[["low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize("change", ["shuffle", "relabel", "shift"])
def test_what_must_not_matter_to_the_self_gap(change: str) -> None:
    ratings = simulate(1, people=30)
    people = ratings["staff_id"].unique()
    staff = pd.DataFrame({"staff_id": people, "unit_id": np.resize(list("ABC"), len(people))})
    wanted = score_self_gap(ratings, staff, UNITS)
    changed, there = ratings.sample(frac=1, random_state=2), staff.sample(frac=1, random_state=3)
    if change == "relabel":
        names = np.random.default_rng(3).permutation(people)
        codes = dict(zip(people, names, strict=True))
        changed = ratings.assign(staff_id=ratings["staff_id"].map(codes))
        there = staff.assign(staff_id=staff["staff_id"].map(codes))
    if change == "shift":
        changed, there = ratings.assign(level=ratings["level"] + 1), staff
    pd.testing.assert_frame_equal(score_self_gap(changed, there, UNITS), wanted, rtol=1e-9)


def test_without_supervisors_the_self_gap_is_empty() -> None:
    ratings = frame([row for row in GAPS if row[2] == "self"])
    found = score_self_gap(ratings, STAFF, UNITS)
    assert found.empty
    assert found.columns.tolist() == ["unit_id", "value", "low", "high", "level", "n", "method"]
