"""Rules that turn findings into proposals, the log of actions, and what actions did to gaps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import improvement
from cakra_analysis.errors import DataError
from cakra_analysis.improvement import action_results
from cakra_analysis.improvement.actions import URGENT
from cakra_analysis.improvement.regression_to_mean import expect_regression, read_variance
from cakra_analysis.improvement.rules import FACTS, KINDS, NUMBERS, WORDS, read_rules
from cakra_analysis.privacy import publish
from cakra_analysis.synthetic.actions import LOG
from cakra_analysis.words import label, say

DAY = pd.Timestamp("2026-10-31")
RULES = read_rules()


def satisfy(rule) -> dict[str, object]:
    """The facts that a rule asks for, and no more."""
    facts: dict[str, object] = {"course_id": "C", "competency_id": "M.1"}
    for name, wanted in rule.when.items():
        if name in WORDS:
            facts[name] = wanted[0]
        else:
            low = wanted.get("from", wanted.get("above", wanted.get("below", 1) - 1))
            facts[name] = low + 0.01
    return facts


def propose(*facts: dict[str, object], **options) -> pd.DataFrame:
    return improvement.propose_actions(pd.DataFrame(facts), day=DAY, **options)


@pytest.mark.parametrize("number", range(1, len(RULES) + 1))
def test_every_rule_decides_something_and_its_words_are_there(number: int) -> None:
    rule = RULES[number - 1]
    row = propose(satisfy(rule)).iloc[0]
    assert (row["rule"], row["kind"], row["ground"]) == (number, rule.kind, rule.ground)
    assert [part.split("=")[0] for part in row["evidence"].split("; ")] == list(rule.when)
    assert row["due"] > "2026-10-31" and row["status"] == "proposed"
    for lang in ("id", "en"):
        assert label(f"ground.{rule.ground}", lang) and label(f"indicator.{rule.kind}", lang)


@pytest.mark.parametrize("verdict", [v for v in WORDS["verdict"] if v != "none"])
@pytest.mark.parametrize("grade", WORDS["grade"])
def test_the_rules_cover_every_verdict(verdict: str, grade: str) -> None:
    """Whatever else is known or not, an evaluated course gets a proposal."""
    bare = {"course_id": "C", "competency_id": "M.1", "verdict": verdict, "grade": grade}
    full = bare | dict.fromkeys(NUMBERS, 0.3) | {"known": "evaluated"}
    table = propose(bare, full)
    assert set(table["kind"]) <= set(KINDS)


def test_what_no_rule_fits_cannot_be_told() -> None:
    row = propose({"course_id": "C", "competency_id": "M.1", "verdict": "none"}).iloc[0]
    assert (row["kind"], row["ground"], row["rule"]) == ("cannot_tell", "cannot_tell", 0)
    assert row[["due", "status"]].isna().all()


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"verdict": "works", "effect_low": 0.1, "gap_low": 0.3, "coverage": 0.1}, "widen"),
        ({"verdict": "works", "effect_low": 0.1, "gap_low": 0.3, "coverage": 0.7}, "keep"),
        ({"verdict": "works", "effect_low": 0.1, "gap_low": 0.3}, "keep"),
        ({"verdict": "works", "effect_low": 0.1, "transfer_high": 0.0}, "revise_method"),
        ({"verdict": "works", "effect_low": -0.1}, "measure"),
        ({"verdict": "harmful", "effect_high": 0.1}, "revise_curriculum"),
        ({"verdict": "no_sign", "evaluations": 2, "effect_high": 0.1}, "stop"),
        ({"verdict": "no_sign", "evaluations": 1, "effect_high": 0.1}, "revise_method"),
        ({"verdict": "none", "known": "claim", "worth_low": 0.4}, "measure"),
        ({"verdict": "none", "known": "claim", "worth": 0.4, "worth_low": 0.0}, "cannot_tell"),
        ({"verdict": "none", "known": "evaluated", "effect_low": 0.1, "data_low": 0.1}, "keep"),
        (
            {"verdict": "none", "known": "evaluated", "effect_low": 0.1, "data_low": -0.1},
            "cannot_tell",
        ),
    ],
)
def test_the_first_rule_that_fits_decides(facts: dict[str, object], kind: str) -> None:
    assert propose({"course_id": "C", "competency_id": "M.1"} | facts)["kind"].item() == kind


def test_a_recorded_action_keeps_its_office_day_and_status() -> None:
    log = pd.DataFrame(
        {"action_id": ["1", "2", "3"], "cycle": ["2024", "2025", "2025"], "kind": "stop",
         "course_id": ["C", "C", "D"], "owner": ["old", "Office", "Other"],
         "due": ["2025-01-31", "2026-01-31", "2026-01-31"],
         "status": ["done", "decided", "dropped"]}
    )  # fmt: skip
    harm = {"competency_id": "M.1", "verdict": "harmful", "effect_high": -0.1}
    owners = pd.DataFrame({"course_id": ["C", "D"], "provider": "Provider"})
    table = propose({"course_id": "C"} | harm, {"course_id": "D"} | harm, owners=owners, log=log)
    told = table[["owner", "due", "status"]].values.tolist()
    assert told[0] == ["Office", "2026-01-31", "decided"]
    assert told[1] == ["Provider", "2026-11-30", "proposed"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('kind = "stop"', 'kind = "halt"'),
        ("effect_high = { below", "effect_hig = { below"),
        ("{ below = 0.0 }", "{ under = 0.0 }"),
        ("{ below = 0.0 }", "0.0"),
        ('["harmful"]', '["harm"]'),
        ("months = 1\n", "months = 0\n"),
        ("months = 1\n", ""),
        ('kind = "stop"', "kind ="),
    ],
)
def test_a_wrong_rule_is_refused_and_named(tmp_path: Path, change: str, said: str) -> None:
    text = Path(improvement.rules.__file__).with_name("rules.toml").read_text("utf-8")
    file = tmp_path / "own.toml"
    file.write_text(text.replace(change, said, 1), "utf-8")
    with pytest.raises(DataError, match=r"own\.toml"):
        read_rules(file)
    file.write_text("[x]\n")
    with pytest.raises(DataError, match="holds no rules"):
        read_rules(file)


def test_facts_stand_side_by_side_and_what_is_hidden_stays_unknown() -> None:
    effects = pd.DataFrame(
        {"course_id": ["A", "A", "B"], "competency_id": ["M.1", "M.2", "M.1"], "value": 0.3,
         "low": [0.1, 9, None], "high": 0.5, "evaluations": 1, "status": "evaluated"}
    )  # fmt: skip
    courses = pd.DataFrame({"course_id": ["B", "A"], "competency_id": "M.1"})
    verdicts = pd.DataFrame({"course_id": ["B"], "verdict": [None], "grade": [None]})
    gaps = pd.DataFrame({"competency_id": ["M.1"], "value": [0.4], "low": [0.2]})
    facts = improvement.gather_facts(effects, courses, verdicts=verdicts, gaps=gaps)
    assert list(facts.columns[2:]) == list(FACTS)
    assert facts["course_id"].tolist() == ["B", "A"]
    assert facts["effect_low"].isna().tolist() == [True, False]
    assert facts["gap_low"].tolist() == [0.2, 0.2]
    # A verdict that may not be shown is not the same as a course that nobody evaluated.
    assert pd.isna(facts["verdict"][0]) and facts["verdict"][1] == "none"


def test_the_state_of_the_log() -> None:
    columns = ["action_id", "due", "status", "done_on"]
    rows = [
        ("a", "2026-10-30", "decided", None), ("b", "2026-10-31", "decided", None),
        ("c", "2026-01-31", "done", "2026-02-10"), ("d", "2026-01-31", "done", None),
        ("e", "2025-01-31", "dropped", None), ("f", "2026-09-01", "proposed", None),
    ]  # fmt: skip
    listed = improvement.list_actions(pd.DataFrame(rows, columns=columns), day=DAY)
    told = listed[["action_id", "state"]].values.tolist()
    assert told == [["f", "overdue"], ["a", "overdue"], ["b", "open"], ["c", "done"],
                    ["d", "done"], ["e", "dropped"]]  # fmt: skip
    assert listed["days_late"].fillna(-1).tolist() == [60, 1, 0, 10, -1, -1]
    found = improvement.find_log(listed)
    assert found.key == "improvement.log.overdue"
    assert (found.values["overdue"], found.values["late"], found.values["longest"]) == (2, 1, 60)
    assert improvement.find_log(listed.tail(2)).key == "improvement.log.kept"
    assert improvement.find_log(listed.head(0)).key == "improvement.log.none"


def test_regression_to_the_mean_by_hand() -> None:
    """The example of docs/methods.md."""
    cells = pd.DataFrame({"competency_id": "M.1", "before": [1.1, 0.5, 0.2], "variance": 0.05})
    table = expect_regression(cells)
    assert table["spread"].iloc[0] == pytest.approx(0.21 - 0.05)
    assert table["reliability"].iloc[0] == pytest.approx(0.16 / 0.21)
    assert table["regression"].tolist() == pytest.approx([0.119048, -0.02381, -0.095238], abs=1e-5)
    alone = expect_regression(cells.head(1))
    assert alone["regression"].tolist() == [0.0]
    exact = expect_regression(cells.assign(variance=0.0))
    assert exact["regression"].tolist() == [0.0, 0.0, 0.0]


def test_variance_is_read_off_the_interval_it_gave() -> None:
    from cakra_analysis.intervals import t_interval

    value, variance, df = pd.Series([0.4]), pd.Series([0.03]), pd.Series([7.0])
    low, high = t_interval(value, variance, df, 0.9)
    gap = pd.DataFrame({"low": low, "high": high, "level": 0.9, "df": df})
    assert read_variance(gap).item() == pytest.approx(0.03)


UNITS = 24
TREE = pd.DataFrame(
    {
        "unit_id": ["R", "G", *[f"U{i:02}" for i in range(UNITS)]],
        "parent_id": [None, "R", *["R"] * UNITS],
    }
)


def measure(rng: np.random.Generator, *, spread: float, effect: float = 0.0, drift: float = 0.05):
    """Cells measured twice with noise, the seven worst of M.0 picked for an action."""
    items = [f"M.{k}" for k in range(4)]
    true = rng.normal(0, 0.3, 4) + spread * rng.normal(size=(UNITS, 4))
    error = rng.uniform(0.1, 0.35, (UNITS, 4))
    before = true + error * rng.normal(size=true.shape)
    picked = np.zeros(true.shape, dtype=bool)
    picked[np.argsort(-before[:, 0])[:7], 0] = True
    after = true - drift - effect * picked + error * rng.normal(size=true.shape)
    keys = {"unit_id": np.repeat(TREE["unit_id"][2:], 4), "competency_id": items * UNITS}
    cells = [
        pd.DataFrame(keys | {"value": seen.ravel(), "n": 20, "cycle": cycle, "level": 0.95,
                             "low": (seen - 1.959964 * error).ravel(),
                             "high": (seen + 1.959964 * error).ravel()})
        for cycle, seen in (("2025", before), ("2026", after))
    ]  # fmt: skip
    own = set(TREE["unit_id"][2:].to_numpy()[picked[:, 0]])
    parents = TREE["parent_id"].mask(TREE["unit_id"].isin(own), "G")
    return pd.concat(cells, ignore_index=True), TREE.assign(parent_id=parents)


def log_of(**changes) -> pd.DataFrame:
    row = {"action_id": "A", "cycle": "2025", "kind": "widen", "course_id": None,
           "competency_id": "M.0", "unit_id": "G", "status": "done"}  # fmt: skip
    return pd.DataFrame([row | changes])


def repeat(seeds: int, **planted: float) -> pd.DataFrame:
    rows = []
    for seed in range(seeds):
        gaps, units = measure(np.random.default_rng(seed), **planted)
        rows.append(improvement.score_actions(log_of(), gaps, units, cycle="2026"))
    return pd.concat(rows, ignore_index=True)


@pytest.mark.slow
@pytest.mark.parametrize(("spread", "effect"), [(0.0, 0.0), (0.25, 0.3)])
def test_picked_for_noise_is_no_success_and_a_planted_fall_is_found(
    spread: float, effect: float
) -> None:
    found = repeat(15, spread=spread, effect=effect)
    naive, value = (found[c] - effect for c in ("naive", "value"))
    sure = 3 * value.std() / np.sqrt(len(found))
    assert abs(value.mean()) < sure + 0.02
    assert naive.mean() > 0.1 > abs(value.mean()) + 0.02
    assert ((found["low"] <= effect) & (effect <= found["high"])).mean() >= 0.84
    parts = found[["regression", "elsewhere", "value"]].sum(axis=1)
    np.testing.assert_allclose(parts, found["naive"], atol=1e-12)
    if spread == 0.0:  # all that was measured is noise: nearly the whole fall is regression
        assert found["regression"].mean() > 0.6 * naive.mean()


def test_few_cells_early_actions_and_cells_never_measured_say_so() -> None:
    gaps, units = measure(np.random.default_rng(1), spread=0.3)

    def method(log: pd.DataFrame, gaps: pd.DataFrame = gaps, **options) -> str:
        row = improvement.score_actions(log, gaps, units, cycle="2026", **options).iloc[0]
        assert pd.isna(row["value"])
        return row["method"]

    assert method(log_of(unit_id=None)) == action_results.FEW  # no cell is left to compare with
    assert method(log_of(), fewest=UNITS) == action_results.FEW
    assert method(log_of(cycle="2026")) == action_results.EARLY
    assert method(log_of(competency_id="M.9")) == action_results.SMALL
    assert method(log_of(competency_id=None)) == action_results.SMALL
    everywhere = improvement.score_actions(log_of(unit_id=None), gaps, units, cycle="2026")
    assert everywhere["naive"].notna().all() and everywhere["unit_id"].tolist() == ["R"]
    assert improvement.find_results(everywhere.assign(suppressed=False)).key.endswith("untold")
    assert method(log_of(), gaps[gaps["cycle"] == "2026"]) == action_results.UNRATED
    assert method(log_of(done_on="2027-01-01")) == action_results.LATE


def test_only_what_was_done_before_the_cycle_ended_is_judged() -> None:
    gaps, units = measure(np.random.default_rng(1), spread=0.3)
    for done_on in ("2026-12-31", None):
        row = improvement.score_actions(log_of(done_on=done_on), gaps, units, cycle="2026").iloc[0]
        assert row["method"] == action_results.METHOD and row["n"] > 0


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cycle": "2026"}, "early"),
        ({"done_on": "2027-03-01"}, "late"),
        ({"competency_id": "M.9"}, "unrated"),
        ({"unit_id": None}, "alone"),
    ],
)
def test_what_cannot_be_compared_yet_is_not_said_to_be_too_few_people(changes, why) -> None:
    gaps, units = measure(np.random.default_rng(1), spread=0.3)
    results = improvement.score_actions(log_of(**changes), gaps, units, cycle="2026")
    untold = improvement.count_untold(results)
    assert untold == dict.fromkeys(("early", "late", "unrated", "alone"), 0) | {why: 1}
    shown = publish(improvement.select_measured(results), "action_results", audience="public")
    found = improvement.find_results(shown.table, untold)
    assert found.key == "improvement.acted.untold"
    assert (found.values["total"], found.values["few"]) == (1, 0)
    caveats = improvement.find_action_caveats(pd.DataFrame({"kind": []}), shown.table, untold)
    for lang in ("id", "en"):
        assert all(say(found, lang, part) for part in ("title", "head", "text"))
        assert [c.key for c in caveats] == ["improvement.caveat.unjudged"] and say(caveats[0], lang)


def test_only_what_was_meant_to_lower_a_gap_and_is_done_is_judged() -> None:
    gaps, units = measure(np.random.default_rng(2), spread=0.3)
    for changes in ({"kind": "measure"}, {"kind": "keep"}, {"status": "under_way"}):
        assert improvement.score_actions(log_of(**changes), gaps, units, cycle="2026").empty
    courses = pd.DataFrame({"course_id": ["C"], "competency_id": ["M.0"]})
    named = log_of(competency_id=None, course_id="C")
    result = improvement.score_actions(named, gaps, units, cycle="2026", courses=courses)
    assert result["competency_id"].item() == "M.0" and result["value"].notna().all()


def test_cells_of_other_actions_are_no_comparison_unless_never_begun() -> None:
    gaps, units = measure(np.random.default_rng(3), spread=0.3)
    other = units.loc[units["parent_id"] == "R", "unit_id"].iloc[-1]
    counts = {}
    for status in ("under_way", "dropped", "proposed"):
        log = pd.concat([log_of(), log_of(action_id="B", unit_id=other, status=status)])
        table = improvement.score_actions(log, gaps, units, cycle="2026")
        counts[status] = table["comparison"].iloc[0]
    assert counts == {"under_way": UNITS - 8, "dropped": UNITS - 7, "proposed": UNITS - 7}


def test_shuffled_rows_give_the_same() -> None:
    gaps, units = measure(np.random.default_rng(4), spread=0.3)
    one = improvement.score_actions(log_of(), gaps, units, cycle="2026")
    shuffled = gaps.sample(frac=1, random_state=1)
    other = improvement.score_actions(log_of(), shuffled, units, cycle="2026")
    pd.testing.assert_frame_equal(one, other)


def test_the_regions_log_keeps_its_contract_and_names_offices(region) -> None:
    log = region["actions"]
    assert len(log) == len(LOG) == 12
    assert not len(region.problems[region.problems["table"] == "actions"])
    assert set(log["status"]) >= {"done", "decided", "under_way", "proposed"}
    assert log["cycle"].unique().tolist() == ["2024", "2025", "2026"]
    assert set(log["kind"]) <= set(KINDS)


NAMED = {"name_id": "Pelayanan", "name_en": "Service", "suppressed": False}


def test_what_the_page_says_of_proposals() -> None:
    rows = [NAMED | {"course_id": kind, "kind": kind, "value": 0.1} for kind in URGENT]
    table = pd.DataFrame(rows)
    found = improvement.find_proposed(table)
    assert found.key == "improvement.proposed.stop_widen" and found.values["changed"] == 4
    keys = {"stop": [0], "revise": [1, 2], "widen": [3], "measure": [4], "keep": [5], "untold": [6]}
    for key, kept in keys.items():
        told = improvement.find_proposed(table.iloc[kept])
        assert told.key == f"improvement.proposed.{key}"
        for lang in ("id", "en"):
            for part in ("title", "head", "holds", "text"):
                assert say(told, lang, part)
    assert improvement.find_proposed(table.head(0)).key.endswith("none")
    steps = improvement.find_steps(table)
    assert [step.key.rsplit(".", 1)[1] for step in steps] == URGENT[:-1]
    assert all(say(step, lang) for step in steps for lang in ("id", "en"))
    assert improvement.list_courses(table) == URGENT[:-1]


@pytest.mark.parametrize(
    ("ends", "key"),
    [
        ([(0.1, 0.4)], "helped"),
        ([(-0.4, -0.1)], "worse"),
        ([(-0.1, 0.4)], "unclear"),
        ([(0.1, 0.4), (-0.4, -0.1)], "mixed"),
    ],
)
def test_verbs_follow_the_interval(ends: list[tuple[float, float]], key: str) -> None:
    part = {"before": 0.9, "after": 0.6, "naive": 0.3, "regression": 0.1, "elsewhere": 0.05}
    base = NAMED | part | {"unit": "Mayura", "n": 20, "method": "m"}
    table = pd.DataFrame(
        [base | {"value": (low + high) / 2, "low": low, "high": high} for low, high in ends]
    )
    found = improvement.find_results(table)
    assert found.key == f"improvement.acted.{key}"
    grown = improvement.find_results(table.assign(naive=-0.1))
    assert grown.key == "improvement.acted.grown" and grown.values["better"] is None
    divided = improvement.find_division(found)
    assert improvement.find_division(grown).key == "improvement.divided.none"
    for lang, plus in (("id", "+0,05"), ("en", "+0.05")):
        assert plus in say(divided, lang) and plus not in say(found, lang)
        for part in ("title", "head", "text"):
            assert say(found, lang, part) and say(grown, lang, part)
    assert improvement.find_results(table.assign(suppressed=True)).key.endswith("hidden")
    assert improvement.find_results(table.head(0)).key.endswith("none")


def test_a_gap_that_grew_less_than_elsewhere_is_no_fall() -> None:
    base = NAMED | {"before": 0.9, "after": 0.6, "regression": -0.05, "elsewhere": 0.05,
                    "unit": "Mayura", "n": 20, "method": "m"}  # fmt: skip
    grew = base | {"naive": -0.1, "value": 0.5, "low": 0.2, "high": 0.8}
    fell = base | {"naive": 0.3, "value": 0.1, "low": -0.2, "high": 0.4}
    found = improvement.find_results(pd.DataFrame([grew, fell]))
    assert found.key == "improvement.acted.slower"
    assert [found.values[key] for key in ("better", "slower", "count")] == [0, 1, 2]
    for lang in ("id", "en"):
        assert all(say(found, lang, part) for part in ("title", "head", "text"))
    both = improvement.find_results(pd.DataFrame([grew, fell | {"low": 0.05}]))
    assert both.key == "improvement.acted.helped" and both.values["better"] == 1


def test_what_the_page_says_of_evidence() -> None:
    row = NAMED | {"status": "evaluated", "n": 60, "method": "m", "prior": 0.5, "data": 0.1,
                   "prior_low": 0.4, "prior_high": 0.6,
                   "data_low": 0.0, "data_high": 0.2, "value": 0.2, "low": 0.1, "high": 0.3,
                   "trust": 0.7}  # fmt: skip
    claim = row | {"status": "claim", "data": None, "n": 0}
    table = pd.DataFrame([row, claim])
    apart = improvement.find_learnt(table)
    # 0.4 apart: more than the data alone are unsure by, less than data and claim together.
    within = improvement.find_learnt(table.assign(prior_low=0.05, prior_high=0.95))
    unclaimed = improvement.find_learnt(table.assign(prior=None))
    hide = {"suppressed": True, "status": None, "data": None}
    unshown = improvement.find_learnt(pd.DataFrame([row | hide, claim]))
    nobody = improvement.find_learnt(table.tail(1))
    told = (apart, within, nobody, unclaimed, unshown)
    kinds = [found.key.rsplit(".", 1)[1] for found in told]
    assert kinds == ["apart", "within", "nobody", "unclaimed", "unshown"]
    assert (unshown.values["total"], unshown.values["count"], unshown.values["unshown"]) == (
        1,
        0,
        1,
    )
    assert (apart.values["count"], apart.values["unmeasured"]) == (1, 1)
    for found in told:
        for lang in ("id", "en"):
            assert all(say(found, lang, part) for part in ("title", "head", "text"))
    caveats = improvement.find_evidence_caveats(table)
    assert [c.key.rsplit(".", 1)[1] for c in caveats] == ["levels", "claims"]


def test_coverage_counts_those_in_need_only() -> None:
    gaps = pd.DataFrame({"staff_id": list("ABCD"), "competency_id": "M.1",
                         "gap": [1.0, 0.5, 0.4, 2.0]})  # fmt: skip
    courses = pd.DataFrame({"course_id": ["C", "D"], "competency_id": ["M.1", "M.2"]})
    done = pd.DataFrame({"staff_id": list("AAC"), "course_id": "C"})
    table = improvement.score_coverage(gaps, courses, done)
    assert table[["n", "reached"]].values.tolist() == [[3, 1], [0, 0]]
    assert table["value"].isna().tolist() == [False, True]
