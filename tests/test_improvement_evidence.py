"""What was found of courses and what the next plan makes of it; docs/methods.md's example."""

from __future__ import annotations

from dataclasses import replace
from inspect import signature

import numpy as np
import pandas as pd
import pytest

from benchmarks.evidence import conclude
from cakra_analysis import year_evidence
from cakra_analysis.cli import main
from cakra_analysis.errors import AnalysisError, SettingsError
from cakra_analysis.improvement import count_age, update_effects
from cakra_analysis.improvement.posterior import find_posterior
from cakra_analysis.settings import Settings, read_settings
from cakra_analysis.year import gather_year
from cakra_analysis.year_effects import expect_effects
from cakra_analysis.year_evidence import evaluate_cycle, gather_evidence, score_spread
from tests.conftest import ROOT

Z = 1.959964
ROUTES = pd.DataFrame({"course_id": ["C"], "route": "coaching", "mode": "social"})


def claims(*rows: tuple[str, float, float]) -> pd.DataFrame:
    """Course, effect and standard deviation of a claim on K."""
    table = pd.DataFrame(rows, columns=["course_id", "effect", "sd"])
    ends = {"low": table["effect"] - Z * table["sd"], "high": table["effect"] + Z * table["sd"]}
    return table.assign(competency_id="K", **ends).drop(columns="sd")


def found(*rows: tuple[str, str, float, float, str]) -> pd.DataFrame:
    """Course, cycle, effect, standard error and grade of an evaluation on K."""
    names = ["course_id", "cycle", "effect", "error", "grade"]
    table = pd.DataFrame(rows, columns=names).astype({"effect": float, "error": float})
    ends = {
        "low": table["effect"] - Z * table["error"],
        "high": table["effect"] + Z * table["error"],
    }
    return table.assign(competency_id="K", n=50, **ends).drop(columns="error")


def courses(*names: str, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"course_id": list(names)}).assign(**columns)


def update(*args: pd.DataFrame, cycle: str = "2026", **options: object) -> pd.DataFrame:
    return update_effects(*args, cycle=cycle, **options).set_index("course_id")


def test_one_course_is_the_textbooks_normal_and_normal() -> None:
    """The worked example: claim 0.5 +- 0.1, found 0.2 +- 0.1 by lot."""
    table = update(
        claims(("C", 0.5, 0.1)),
        ROUTES,
        found(("C", "2026", 0.2, 0.1, "A")),
        bias=0,
        spread=0,
    ).loc["C"]
    assert table["value"] == pytest.approx(0.35)
    assert table["trust"] == pytest.approx(0.5)
    assert (table["high"] - table["low"]) / (2 * Z) == pytest.approx(np.sqrt(0.005))
    assert (table["prior"], table["data"]) == pytest.approx((0.5, 0.2))
    assert (table["status"], table["evaluations"], table["n"]) == ("evaluated", 1, 50)
    older = found(("C", "2024", 0.2, 0.1, "B"))
    table = update(claims(("C", 0.5, 0.1)), ROUTES, older, bias=0, spread=0).loc["C"]
    assert table[["value", "trust"]].tolist() == pytest.approx([0.41, 0.31], abs=0.005)


def test_the_share_of_claims_that_comes_true_is_learnt_for_all() -> None:
    """b ~ N(1, 0.4^2), C's claim sure to 0.05: posterior of b by hand, and what D makes of it."""
    table = update(
        claims(("C", 0.5, 0.05), ("D", 0.3, 0.1)),
        courses("C", "D"),
        found(("C", "2026", 0.2, 0.1, "A")),
        spread=0,
        bias=0.4,
    )
    shared, noise = 0.5**2 * 0.4**2, 0.05**2 + 0.1**2
    b = 1 + 0.5 * 0.4**2 / (shared + noise) * (0.2 - 0.5)
    left = 0.4**2 - (0.5 * 0.4**2) ** 2 / (shared + noise)
    assert table.loc["D", "value"] == pytest.approx(0.3 * b)
    assert (b, 0.3 * b) == pytest.approx((0.54, 0.16), abs=0.005)
    half = Z * np.sqrt(0.3**2 * left + 0.1**2)
    assert table.loc["D", "high"] - table.loc["D", "value"] == pytest.approx(half, rel=1e-6)
    assert table.loc["D", "status"] == "borrowed" and table.loc["D", "trust"] == 0


def test_where_nobody_evaluated_anything_claims_stand_as_they_are() -> None:
    catalogue = claims(("C", 0.5, 0.1), ("D", -0.2, 0.2))
    table = update(catalogue, courses("C", "D"), found())
    assert table["value"].tolist() == [0.5, -0.2]
    assert table[["low", "high"]].to_numpy() == pytest.approx(catalogue[["low", "high"]].to_numpy())
    assert set(table["status"]) == {"claim"} and table["data"].isna().all()
    uneven = catalogue.assign(low=[0.4, -0.3])
    assert update(uneven, courses("C"), found())["low"].tolist() == pytest.approx([0.4, -0.3])


def test_what_tells_of_a_course_is_said() -> None:
    """Confirmed claims are a kind of their own; methods carry over, a claim of 0 cannot."""
    catalogue = claims(("C", 0.5, 0.1), ("D", 0.5, 0.1), ("E", 0.5, 0.1), ("F", 0.0, 0.1))
    catalogue["confirmed"] = ["yes", "no", "no", "yes"]
    about = courses("C", "D", "E", "F", route=["a", "a", "b", "a"], mode=["x", "y", "y", "x"])
    table = update(catalogue, about, found(("C", "2026", 0.1, 0.05, "A")))
    assert table["status"].to_dict() == {
        "C": "evaluated",
        "D": "borrowed",
        "E": "claim",
        "F": "claim",
    }
    assert table.loc["D", "value"] < table.loc["E", "value"] == pytest.approx(0.5)


def test_a_poor_or_old_evaluation_counts_as_a_wider_one() -> None:
    catalogue, about = claims(("C", 0.5, 0.1)), courses("C")

    def own(cycle: str, grade: str) -> float:
        table = update(catalogue, about, found(("C", cycle, 0.2, 0.1, grade))).loc["C"]
        return ((table["data_high"] - table["data_low"]) / (2 * Z)) ** 2

    assert own("2026", "A") == pytest.approx(0.01)
    assert own("2026", "B") == pytest.approx(0.01 / 0.7)
    assert own("2024", "A") == pytest.approx(0.01 / 0.8**2)
    assert own("2025", "C") == pytest.approx(0.01 / (0.3 * 0.8))
    nothing = update(catalogue, about, found(("C", "2026", 0.2, 0.1, "D"))).loc["C"]
    assert nothing["status"] == "claim" and nothing["value"] == 0.5


def test_several_evaluations_are_pooled_by_how_sure_they_are() -> None:
    both = found(("C", "2026", 0.2, 0.1, "A"), ("C", "2025", 0.4, 0.1, "A"))
    table = update(claims(("C", 0.5, 0.1)), courses("C"), both).loc["C"]
    assert table["data"] == pytest.approx((0.2 + 0.8 * 0.4) / 1.8)
    assert (table["evaluations"], table["last_cycle"], table["n"]) == (2, "2026", 100)


def test_the_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    names = [f"C{i}" for i in range(8)]
    catalogue = claims(*((name, rng.normal(0.4, 0.2), 0.1) for name in names))
    about = courses(*names, route=list("aabbccdd"), mode="formal")
    told = found(*((name, "2026", rng.normal(0.2, 0.2), 0.1, "B") for name in names[:5]))
    first = update_effects(catalogue, about, told, cycle="2026")
    shuffled = [table.sample(frac=1, random_state=1) for table in (catalogue, about, told)]
    pd.testing.assert_frame_equal(first, update_effects(*shuffled, cycle="2026"))


def test_evidence_belongs_to_the_offer_whatever_its_code() -> None:
    catalogue = claims(("C-2026", 0.5, 0.1), ("C-2027", 0.7, 0.1))
    about = courses("C-2025", "C-2026", "C-2027", offer_id="C")
    told = found(("C-2025", "2025", 0.2, 0.1, "A"), ("C-2026", "2026", 0.3, 0.1, "A"))
    table = update(catalogue, about, told)
    assert table["evaluations"].tolist() == [2, 2]
    assert table["prior"].tolist() == [0.5, 0.7]
    assert table["value"].nunique() == 1
    alone = update(
        claims(("C", 0.6, 0.1)),
        courses("C"),
        told.assign(course_id="C"),
    )
    assert table["value"].iloc[0] == pytest.approx(alone["value"].item())
    blank = courses("C-2026", "C-2027", offer_id=[None, None])
    apart = update(catalogue, blank, told[1:])
    assert apart["status"].tolist() == ["evaluated", "borrowed"]


def test_what_was_evaluated_without_a_claim_has_a_row() -> None:
    told = found(("C", "2026", 0.3, 0.05, "A")).assign(competency_id="L")
    table = update_effects(claims(("C", 0.5, 0.1)), courses("C"), told, cycle="2026")
    assert table["competency_id"].tolist() == ["K", "L"]
    row = table.iloc[1]
    assert np.isnan(row["prior"]) and row["status"] == "evaluated"
    assert 0.28 < row["value"] < 0.3
    later = update_effects(claims(("C", 0.5, 0.1)), courses("C"), told, cycle="2025")
    assert later["competency_id"].tolist() == ["K"] and later["status"].item() == "claim"


@pytest.mark.slow
@pytest.mark.parametrize("seen", [1, 2, 6])
@pytest.mark.parametrize("effect", [-0.3, 0.0, 0.4, 0.9])
def test_nobody_gets_surer_of_a_course_that_was_never_evaluated(seen: int, effect: float) -> None:
    names = [f"C{i}" for i in range(seen)]
    catalogue = claims(*((name, 0.4, 0.1) for name in names), ("D", effect, 0.1))
    told = found(*((name, "2026", 0.4, 0.05, "A") for name in names))
    table = update(catalogue, courses(*names, "D", route="a", mode="x"), told)
    assert table.loc["D", "high"] - table.loc["D", "low"] >= 2 * Z * 0.1 - 1e-9


def test_two_courses_that_kept_their_word_do_not_vouch_for_all() -> None:
    """Spreads are integrated out: at their likeliest value, 0, D would be as sure as its claim."""
    catalogue = claims(("A", 0.5, 0.05), ("B", 0.5, 0.05), ("D", 0.5, 0.05))
    told = found(("A", "2026", 0.5, 0.05, "A"), ("B", "2026", 0.5, 0.05, "A"))
    table = update(catalogue, courses("A", "B", "D"), told)
    assert table.loc["D", "high"] - table.loc["D", "low"] > 1.5 * 2 * Z * 0.05


def test_ranges_that_are_missing_or_too_sure_are_made_honest() -> None:
    catalogue = claims(("A", 0.6, 0.1), ("B", -0.6, 0.1), ("C", 0.5, 0.0))
    catalogue.loc[:1, ["low", "high"]] = np.nan
    table = update(catalogue, courses("A", "B", "C"), found())
    assert table.loc["A", ["low", "high"]].tolist() == pytest.approx([0.0, 1.2])
    assert table.loc["B", ["low", "high"]].tolist() == pytest.approx([-1.2, 0.0])
    assert table.loc["C", "high"] - table.loc["C", "low"] == pytest.approx(2 * Z * 0.05)


def test_harm_is_learnt_too() -> None:
    told = found(("C", "2026", -0.4, 0.08, "B"))
    table = update(claims(("C", 0.2, 0.1)), courses("C"), told).loc["C"]
    assert table["value"] < -0.1 and table["high"] < 0.2


TOLD = found(("C", "2026", 0.2, 0.1, "A"))


@pytest.mark.parametrize(
    ("catalogue", "told", "options", "said"),
    [
        (claims(("C", 0.5, 0.1), ("C", 0.5, 0.1)), TOLD, {}, "stands twice"),
        (claims(("C", np.nan, 0.1)), TOLD, {}, "is blank"),
        (claims(("C", 0.5, 0.1)).assign(low=0.6), TOLD, {}, "outside its own range"),
        (claims(("C", 0.5, 0.1)), TOLD.assign(grade="F"), {}, "grade that is none"),
        (claims(("C", 0.5, 0.1)), pd.concat([TOLD, TOLD]), {}, "stands twice"),
        (claims(("C", 0.5, 0.1)), TOLD.assign(low=np.nan), {}, "no interval"),
        (claims(("C", 0.5, 0.1)), TOLD.assign(low=0.2, high=0.2), {}, "no interval"),
        (claims(("C", 0.5, 0.1)), TOLD.assign(effect=0.9), {}, "no interval"),
        (claims(("C", 0.5, 0.1)), TOLD.assign(effect=np.nan), {}, "no interval"),
        (claims(("C", 0.5, 0.1)), TOLD, {"decay": 0.0}, "cannot be weighed"),
        (claims(("C", 0.5, 0.1)), TOLD, {"grades": {"A": 1.5}}, "cannot be weighed"),
        (claims(("C", 0.5, 0.1)), TOLD.assign(cycle="last"), {}, "no cycle"),
    ],
)
def test_what_cannot_be_is_refused(catalogue, told, options, said) -> None:
    with pytest.raises(AnalysisError, match=said):
        update(catalogue, courses("C"), told, **options)


def test_age_is_counted_in_cycles_of_any_length() -> None:
    told = pd.Series(["2026", "2025", "2026-S1", "2026-2", "2026-Q3", "2026-03", "2027"])
    assert count_age(told, cycle="2026").tolist() == [0, 1, 0.5, 0, 0.25, 0.75, -1]
    assert count_age(pd.Series(["2025-S2", "2025"]), cycle="2026-S1").tolist() == [1, 1]


@pytest.mark.slow
def test_intervals_hold_the_effects_of_courses_with_claims_too_high() -> None:
    """150 catalogues of 20 courses, claims 30% too high, 8 courses evaluated."""
    rng, held = np.random.default_rng(8), {True: [], False: []}
    names = [f"C{i:02}" for i in range(20)]
    things = pd.DataFrame({"offer_id": names, "competency_id": "K", "basis": "no", "sd": 0.1})
    things = things.assign(route=list("abcd") * 5, mode=["x", "y"] * 10)
    for _ in range(150):
        claim = rng.normal(0.4, 0.2, 20)
        share = 0.7 + np.tile(rng.normal(0, 0.2, 4), 5) + rng.normal(0, 0.2, 20)
        true = claim * share + rng.normal(0, 0.1, 20)
        seen = rng.permutation(20) < 8
        told = things[seen].assign(data=rng.normal(true[seen], 0.1), variance=0.01)
        table = find_posterior(things.assign(claim=claim), told, bias=0.4, spread=0.3)
        inside = np.abs(true - table["mean"]) <= Z * np.sqrt(table["variance"])
        for own in (True, False):
            held[own] += inside[seen == own].tolist()
    assert 0.93 < np.mean(held[True]) < 0.985
    assert 0.93 < np.mean(held[False]) < 0.985


def test_levels_are_what_people_differ_by_without_noise() -> None:
    rng = np.random.default_rng(2)
    true = rng.normal(3, 0.6, 4000)
    rated = pd.DataFrame({"competency_id": "K", "observed": true + rng.normal(0, 0.4, 4000)})
    rated["noise_variance"] = 0.16
    noisy = rated.assign(competency_id="L", noise_variance=9.0)
    spread = score_spread(pd.concat([rated, noisy]))
    assert spread["K"] == pytest.approx(0.6, abs=0.03)
    assert spread["L"] == spread["K"]  # nothing left of its own
    with pytest.raises(AnalysisError, match="levels_per_sd"):
        score_spread(noisy)


def test_the_defaults_are_those_of_the_settings() -> None:
    learnt = read_settings(ROOT / "settings.toml").improvement
    assert learnt == Settings().improvement
    options = signature(update_effects).parameters
    for name in ("decay", "bias", "spread"):
        assert options[name].default == getattr(learnt, name)
    assert dict(options["grades"].default) == dict(learnt.grades)


@pytest.mark.parametrize(
    "wrong", ['plan_with = "hope"', "decay = 0", "grades = { A = 2 }", "levels_per_sd = -1"]
)
def test_settings_that_cannot_be_are_refused(wrong: str, tmp_path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f"[improvement]\n{wrong}\n")
    with pytest.raises(SettingsError, match="improvement"):
        read_settings(file)


@pytest.fixture(scope="module")
def rows(region):
    return evaluate_cycle(region, cycle="2026", settings=Settings())


@pytest.mark.slow
@pytest.mark.xdist_group("evidence")
def test_the_bundled_regions_courses_are_found(rows) -> None:
    """Planted 8, 6, 5, 0, 3, 2 and -5 points; C08 has nobody to compare and so no row."""
    assert rows["course_id"].tolist() == [f"C0{i}" for i in range(1, 8)]
    assert rows.set_index("course_id")["grade"].to_dict()["C01"] == "A"
    planted = pd.Series([8, 6, 5, 0, 3, 2, -5]) / 13
    assert np.corrcoef(planted, rows["effect"])[0, 1] > 0.9
    assert ((rows["low"] < rows["effect"]) & (rows["effect"] < rows["high"])).all()
    points = rows["source"].str.extract(r"d (-?[\d.]+) x ([\d.]+)").astype(float)
    assert (points[0] * points[1]).tolist() == pytest.approx(rows["effect"].tolist(), abs=0.01)


def test_a_cycle_without_tests_has_no_evidence(region) -> None:
    assert evaluate_cycle(region, cycle="2025", settings=Settings()).empty


def test_kept_rows_count_where_raw_answers_are_gone(region, monkeypatch) -> None:
    raw = found(("C01", "2026", 0.3, 0.1, "A")).assign(source="raw")
    kept = found(("C01", "2026", 0.9, 0.1, "A"), ("C01", "2025", 0.1, 0.1, "B"))
    kept = pd.concat([kept, found(("C02", "2027", 0.1, 0.1, "A"))]).assign(source="kept")
    data = replace(region, tables={**region.tables, "evaluations": kept})
    monkeypatch.setattr(year_evidence, "evaluate_cycle", lambda *_, **__: raw)
    table = gather_evidence(data, cycle="2026", settings=Settings())
    assert table[["cycle", "source"]].values.tolist() == [["2025", "kept"], ["2026", "raw"]]


def test_plans_can_be_made_with_claims_alone(region) -> None:
    settings = Settings()
    settings = replace(settings, improvement=replace(settings.improvement, plan_with="claims"))
    table = expect_effects(region, cycle="2026", settings=settings)
    claimed = region["course_effects"].sort_values(["course_id", "competency_id"])
    assert table["effect"].tolist() == claimed["effect"].tolist()
    assert table["confirmed"].tolist() == claimed["confirmed"].tolist()


@pytest.mark.slow
@pytest.mark.xdist_group("evidence")
def test_the_year_is_planned_with_what_was_found(region, rows, monkeypatch) -> None:
    monkeypatch.setattr(year_evidence, "evaluate_cycle", lambda *_, **__: rows)
    effects = gather_year(region, cycle="2026", unit="CKR", settings=Settings()).effects
    table = effects.set_index(["course_id", "competency_id"])
    harmful = table.loc[("C07", "M.2")]
    assert harmful["data"] < harmful["effect"] < harmful["claim"] == pytest.approx(-0.3)
    assert table.loc[("C01", "M.5"), "status"] == "evaluated"
    assert table.loc[("C01", "M.5"), ["confirmed", "source"]].tolist() == [
        "yes",
        "evaluasi siklus lalu (sintetis)",
    ]
    assert table.loc[("C10", "M.8"), "confirmed"] == "no"


def test_the_command_keeps_other_rows_as_they_were(region, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("cakra_analysis.console.evidence.load", lambda _: region)
    told = found(("C01", "2026", 0.3, 0.1, "A")).assign(fewest=18, source="x")
    monkeypatch.setattr("cakra_analysis.console.evidence.evaluate_cycle", lambda *_, **__: told)
    to = tmp_path / "evaluations.csv"
    names = "course_id,competency_id,cycle,effect,low,high,grade,n,source"
    old = "C01,K,2025,0.10,0,0.20,B,40"  # kept before anybody noted the smaller side
    to.write_text(f"{names}\n{old},kept\nC01,K,2026,9,8,10,A,1,wrong\n")
    call = ["evidence", "data", "--to", str(to), "--settings", str(ROOT / "settings.toml")]
    assert main(call) == 0
    lines = to.read_text().splitlines()
    assert lines[0] == names.replace("n,source", "n,fewest,source") and len(lines) == 3
    assert lines[1] == f"{old},,kept" and lines[2].startswith("C01,K,2026,0.3,")
    assert lines[2].endswith(",18,x")
    assert "1 others stay" in capsys.readouterr().out
    to.write_text("a,b\n1,2\n")
    assert main(call) == 2 and to.read_text() == "a,b\n1,2\n"
    assert "no table of evaluations" in capsys.readouterr().err
    assert main([*call, "--cycle", "1999"]) == 2


def test_the_benchmark_closes_with_what_its_table_shows() -> None:
    columns = ["scene", "cycles", "prior_square", "replaced_square", "value_square", "held_own",
               "held_others"]  # fmt: skip
    rows = [
        ("right", 0, 0.1, 0.1, 0.1, np.nan, 0.95),
        ("right", 1, 0.1, 0.12, 0.1004, 0.98, 0.98),
        ("drifting", 1, 0.3, 0.2, 0.1, 0.96, 0.92),
        ("drifting", 2, 0.3, 0.1, 0.2, 0.91, 0.96),
    ]
    said = " ".join(conclude(pd.DataFrame(rows, columns=columns)).split())
    assert "what is claimed in: *right* (after cycle 1); and not" in said
    assert "what is replaced in: *drifting* (after cycle 2)." in said
    assert said.endswith("hold the effect in: *drifting* (after cycle 1, 2).")
    good = pd.DataFrame(rows[2:3], columns=columns).assign(held_others=0.95)
    assert conclude(good).count("none") == 3
