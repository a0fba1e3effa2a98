"""Costs and returns: the vectors of domain.md, intervals turned round, what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.errors import DataError
from cakra_analysis.evaluation.value import score_benefits, score_cost, score_return
from cakra_analysis.evaluation.value_findings import find_cost, find_return
from cakra_analysis.privacy import publish
from cakra_analysis.words import say

COURSES = pd.DataFrame({"course_id": ["C", "D"]}).assign(
    name_id=["Arsip", "Layanan"], name_en=["Archives", "Service"]
)
SESSIONS = pd.DataFrame({"session_id": ["S1", "S2", "S3"], "course_id": ["C", "C", "D"]})
COSTS = pd.DataFrame(
    {"session_id": ["S1", "S1", "S3"], "item": ["venue", "trainer", "venue"]}
).assign(amount_idr=[4e6, 6e6, 3e6])
ATTENDANCE = pd.DataFrame(
    {"session_id": ["S1"] * 10 + ["S2"] * 5 + ["S3"] * 6, "staff_id": [f"P{i}" for i in range(21)]}
).assign(status=["completed"] * 8 + ["dropped"] * 2 + ["completed"] * 11)
ATTENDANCE["hours_jp"] = np.where(ATTENDANCE["status"] == "completed", 10.0, 4.0)


def effects(value: float, low: float, high: float) -> pd.DataFrame:
    return pd.DataFrame({"course_id": ["C"], "value": value, "low": low, "high": high})


def price(*effect: float) -> pd.Series:
    table = score_cost(COSTS, SESSIONS, ATTENDANCE, COURSES, effects(*effect))
    return table.set_index("course_id").loc["C"]


def benefit(**values: object) -> pd.DataFrame:
    row = {"course_id": "C", "source": "time", "low_idr": 1.2e8, "high_idr": 1.2e8}
    return pd.DataFrame([row | {"attributed": 1.0, "confidence": 1.0} | values])


def known(cost: float = 8e7) -> pd.DataFrame:
    return COURSES.assign(cost_idr=cost, n=20)


def test_costs_by_hand() -> None:
    row = price(5.0, 4.0, 10.0)
    assert row[["cost_idr", "sessions", "uncosted", "hours_jp", "n"]].tolist() == [1e7, 1, 1, 88, 8]
    assert row["per_jp_idr"] == pytest.approx(1e7 / 88)
    assert row["per_completer_idr"] == 1.25e6
    assert row[["value", "low", "high"]].tolist() == [250_000, 125_000, 312_500]
    assert row["reason"] == "" and row["name_en"] == "Archives"


@pytest.mark.parametrize(
    ("effect", "reason", "shown"),
    [
        ((5.0, -1.0, 11.0), "effect may be zero", [True, True, False]),
        ((5.0, 0.0, 10.0), "effect may be zero", [True, True, False]),
        ((-2.0, -5.0, 1.0), "no gain", [False, False, False]),
        ((5.0, np.nan, np.nan), "effect without interval", [True, False, False]),
        ((np.nan, np.nan, np.nan), "effect not estimated", [False, False, False]),
    ],
)
def test_no_finite_price_is_missing_with_its_reason(effect, reason, shown) -> None:
    row = price(*effect)
    assert row["reason"] == reason
    assert row[["value", "low", "high"]].notna().tolist() == shown


def test_without_effects_or_completers() -> None:
    table = score_cost(COSTS, SESSIONS, ATTENDANCE, COURSES)
    assert (table["reason"] == "effect not estimated").all() and table["per_jp_idr"].notna().all()
    nobody = ATTENDANCE.assign(status="absent", hours_jp=0.0)
    table = score_cost(COSTS, SESSIONS, nobody, COURSES, effects(5, 4, 6))
    assert (table["reason"] == "nobody completed").all() and (table["n"] == 0).all()
    assert table[["per_jp_idr", "per_completer_idr"]].isna().all(axis=None)
    unknown = COSTS.assign(amount_idr=[np.nan, 6e6, 3e6])
    assert score_cost(unknown, SESSIONS, ATTENDANCE, COURSES)["course_id"].tolist() == ["D"]
    assert score_cost(COSTS.head(0), SESSIONS, ATTENDANCE, COURSES).empty
    with pytest.raises(DataError, match="several effects"):
        score_cost(COSTS, SESSIONS, ATTENDANCE, COURSES, pd.concat([effects(5, 4, 6)] * 2))
    with pytest.raises(DataError, match="negative"):
        score_cost(COSTS.assign(amount_idr=-1), SESSIONS, ATTENDANCE, COURSES)


@pytest.mark.slow
def test_scale_and_order_do_not_matter() -> None:
    one = score_cost(COSTS, SESSIONS, ATTENDANCE, COURSES, effects(5, 4, 10))
    turned = score_cost(
        COSTS[::-1].assign(amount_idr=COSTS["amount_idr"] * 3),
        SESSIONS[::-1],
        ATTENDANCE[::-1],
        COURSES[::-1],
        effects(5, 4, 10),
    )
    money = ["cost_idr", "per_jp_idr", "per_completer_idr", "value", "low", "high"]
    assert (turned[money] / 3).to_numpy() == pytest.approx(one[money].to_numpy(), nan_ok=True)


def test_return_of_the_vectors() -> None:
    row = score_return(benefit(), known()).iloc[0]
    assert row[["value", "roi", "payback_months"]].tolist() == [1.5, 0.5, 8.0]
    isolated = score_benefits(benefit(low_idr=5e7, high_idr=5e7, attributed=0.6, confidence=0.8))
    assert isolated["isolated_high_idr"].item() == pytest.approx(24e6)


def test_ranges_add_up_and_isolation_shows() -> None:
    told = pd.concat(
        [benefit(low_idr=4e7, attributed=0.5), benefit(low_idr=1e7, high_idr=2e7, source="paper")]
    )
    row = score_return(told, known(4e7)).iloc[0]
    assert row[["isolated_low_idr", "isolated_high_idr"]].tolist() == [3e7, 8e7]
    assert row[["low", "value", "high"]].tolist() == pytest.approx([0.75, 1.375, 2.0])
    assert row["credited"] == pytest.approx(11e7 / 19e7) and row["sources"] == 2
    assert pd.isna(row["level"])


def test_what_is_not_known_is_missing() -> None:
    row = score_return(benefit(attributed=np.nan), known()).iloc[0]
    assert pd.isna(row["value"]) and row["benefit_low_idr"] == 1.2e8
    assert pd.isna(score_return(benefit(course_id="Z"), known())["value"].item())
    assert pd.isna(score_return(benefit(), known(0.0))["roi"].item())
    free = score_return(benefit(low_idr=0.0, high_idr=0.0), known()).iloc[0]
    assert free["value"] == 0 and pd.isna(free["payback_months"])
    assert score_return(benefit().head(0), known()).empty
    for wrong in ({"attributed": 60}, {"confidence": -0.1}, {"low_idr": 2e8}):
        with pytest.raises(DataError):
            score_benefits(benefit(**wrong))


def test_findings_of_the_published_tables() -> None:
    table = score_cost(COSTS, SESSIONS, ATTENDANCE, COURSES, effects(5, 4, 10))
    found = find_cost(publish(table, "results", audience="internal").table)
    assert found.key == "evaluation.value.cost.priced"
    assert found.values["per_completer"] == pytest.approx(13e6 / 14)
    assert "Rp250.000 per poin" in say(found, "id") and "“Archives”" in say(found, "en")
    unsure = score_cost(COSTS, SESSIONS, ATTENDANCE, COURSES, effects(5, -1, 10))
    assert find_cost(unsure).key == "evaluation.value.cost.unpriced" and say(
        find_cost(unsure), "id"
    )
    hidden = publish(table.assign(n=2), "results", audience="internal").table
    assert find_cost(hidden).key == "evaluation.value.cost.hidden"
    assert find_cost(table.head(0)).key == "evaluation.value.cost.none"


@pytest.mark.parametrize(("cost", "key"), [(8e7, "pays"), (5e8, "loses"), (1.5e8, "mixed")])
def test_a_return_is_said_only_where_benefits_are(cost: float, key: str) -> None:
    table = score_return(benefit(high_idr=2.4e8), known(cost))
    found = find_return(publish(table, "results", audience="internal").table)
    assert found.key == f"evaluation.value.benefit.{key}" and say(found, "id") and say(found, "en")
    assert find_return(table.head(0)).key == "evaluation.value.benefit.none"
    missing = score_return(benefit(confidence=np.nan), known())
    assert find_return(missing).key == "evaluation.value.benefit.hidden"
