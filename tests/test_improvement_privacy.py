"""What stage 5 publishes tells nothing that another table of the same build hides."""

from __future__ import annotations

import pandas as pd

from cakra_analysis import improvement
from cakra_analysis.design import describe_effects
from cakra_analysis.privacy import publish

UNITS = pd.DataFrame({"unit_id": list("RABCD"), "parent_id": [None, *"RRRR"]})


def measure(cycle: str, shift: float, people: dict[str, int]) -> pd.DataFrame:
    value = {"R": 0.6, "A": 0.9, "B": 0.4, "C": 0.6, "D": 0.5}
    rows = [
        {"cycle": cycle, "unit_id": unit, "competency_id": "M.1", "value": value[unit] - shift,
         "low": value[unit] - shift - 0.2, "high": value[unit] - shift + 0.2, "level": 0.95,
         "n": n, "people": n}
        for unit, n in people.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def widen(action: str, unit: str | None) -> dict[str, object]:
    return {"action_id": action, "cycle": "2025", "kind": "widen", "course_id": None,
            "competency_id": "M.1", "unit_id": unit, "status": "done"}  # fmt: skip


def test_results_of_actions_show_no_cell_that_the_gaps_hide() -> None:
    few = {"R": 51, "A": 3, "B": 8, "C": 20, "D": 20}
    gaps = pd.concat([measure("2025", 0.0, few), measure("2026", 0.1, few)], ignore_index=True)
    log = pd.DataFrame([widen("a", "A"), widen("b", "B"), widen("c", "C")])
    shown = publish(gaps.rename(columns={"cycle": "period"}), "gaps", audience="internal",
                    units=UNITS).table  # fmt: skip
    assert shown.loc[shown["suppressed"], "unit_id"].tolist() == ["A", "B"] * 2
    telling = improvement.list_telling(log, gaps, UNITS, shown["suppressed"], cycle="2026")
    results = improvement.score_actions(log, gaps, UNITS, cycle="2026")
    out = publish(results, "action_results", audience="internal", withheld=telling).table
    assert out["suppressed"].tolist() == [True, True, False]
    assert out.loc[out["suppressed"], ["before", "after", "naive", "n"]].isna().all(axis=None)
    assert out["after"].notna().tolist() == [False, False, True]
    whole = pd.DataFrame([widen("all", None)])
    assert improvement.list_telling(whole, gaps, UNITS, shown["suppressed"], cycle="2026")


def test_a_cell_hidden_in_the_start_cycle_only_is_held_back_too() -> None:
    then, now = (
        {"R": 51, "A": 3, "B": 8, "C": 20, "D": 20},
        {"R": 68, "A": 8, "B": 20, "C": 20, "D": 20},
    )
    gaps = pd.concat([measure("2025", 0.0, then), measure("2026", 0.1, now)], ignore_index=True)
    shown = publish(gaps.rename(columns={"cycle": "period"}), "gaps", audience="internal",
                    units=UNITS).table  # fmt: skip
    log = pd.DataFrame([widen("b", "B"), widen("c", "C")])
    told = improvement.list_telling(log, gaps, UNITS, shown["suppressed"], cycle="2026")
    assert [cell["action_id"] for cell in told] == ["b"]


def test_the_smaller_side_of_any_cycle_guards_every_code_of_an_offer() -> None:
    courses = pd.DataFrame({"course_id": ["C-2025", "C-2026"], "offer_id": "C",
                            "competency_id": "K"})  # fmt: skip
    claims = courses[["course_id", "competency_id"]].assign(effect=0.5, low=0.3, high=0.7)
    told = pd.DataFrame({"course_id": ["C-2025", "C-2026"], "competency_id": "K",
                         "cycle": ["2025", "2026"], "effect": 0.2, "low": 0.1, "high": 0.3,
                         "grade": "A", "n": [60, 40], "fewest": [None, 6]})  # fmt: skip
    effects = improvement.update_effects(claims, courses, told, cycle="2026")
    assert effects["fewest"].tolist() == [6, 6]
    own = improvement.select_own(effects, courses, staff=600)
    for audience, hidden in (("internal", False), ("public", True)):
        out = publish(own, "posterior", audience=audience, counts="people").table
        assert out["suppressed"].tolist() == [hidden] * 2
        assert out["data"].isna().tolist() == [hidden] * 2


def test_the_plans_effects_keep_the_threshold_of_the_smaller_side() -> None:
    effects = pd.DataFrame({"course_id": ["C", "D"], "competency_id": "K", "claim": 0.5,
                            "data": [0.2, None], "effect": [0.3, 0.5], "low": 0.0, "high": 0.7,
                            "evaluations": [1, 0], "n": [40, 0], "fewest": [6, 0]})  # fmt: skip
    names = {"name_id": "A", "name_en": "A"}
    offers = pd.DataFrame({"course_id": ["C", "D"]}).assign(**names)
    items = pd.DataFrame({"competency_id": ["K"]}).assign(**names)
    table = describe_effects(effects, offers, items, staff=600)
    out = publish(table, "planned_effects", audience="public", counts="people").table
    assert out["suppressed"].tolist() == [True, False]
    assert out.loc[0, ["data", "value", "claim"]].isna().all() and out.loc[1, "value"] == 0.5


def test_a_cell_held_back_is_blank_where_nobody_is_counted_too() -> None:
    table = pd.DataFrame({"course_id": ["C", "D"], "value": [1.0, 2.0]})
    cells = [{"table": "information", "course_id": "C"}, {"table": "other", "course_id": "D"}]
    out = publish(table, "information", audience="public", counts="", withheld=cells).table
    assert out["suppressed"].tolist() == [True, False]
    assert out["value"].isna().tolist() == [True, False]
