"""A first year has no actions, no log, no evaluations: the page says so and does not break."""

from __future__ import annotations

import pandas as pd
import pytest

from cakra_analysis import improvement
from cakra_analysis.errors import AnalysisError
from cakra_analysis.report.voice import Voice
from cakra_analysis.results import Finding

EMPTY = pd.DataFrame({"suppressed": pd.Series(dtype=bool), "value": pd.Series(dtype=float),
                      "method": pd.Series(dtype=object)})  # fmt: skip
SAID = [
    (improvement.find_results(EMPTY), "better", "helped_actions", "acted.none"),
    (improvement.find_results(EMPTY.reindex([0]).assign(suppressed=True)), "better",
     "helped_actions", "acted.hidden"),
    (improvement.find_log(EMPTY), "overdue", "overdue_actions", "log.none"),
    (improvement.find_learnt(EMPTY), "count", "measured_courses", "learnt.none"),
    (improvement.find_proposed(EMPTY), "changed", "changing", "proposed.none"),
    (improvement.find_worth(EMPTY), "value", "changing", "worth.none"),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(("finding", "value", "figure", "key"), SAID, ids=[s[3] for s in SAID])
def test_nothing_is_said_as_nothing(
    finding: Finding, value: str, figure: str, key: str, lang: str
) -> None:
    assert finding.key == f"improvement.{key}"
    voice = Voice(lang)
    assert all(voice.say(finding, part) for part in ("title", "head", "text"))
    shown, text = voice.fact(finding, value, "count", figure)
    assert shown == "–" and text


def test_columns_that_may_be_absent_may_be_absent() -> None:
    log = pd.DataFrame({"action_id": ["A1"], "cycle": "2025", "kind": "widen", "status": "done",
                        "owner": "Office", "due": "2026-01-31"})  # fmt: skip
    gaps = pd.DataFrame({"cycle": ["2025", "2026"], "unit_id": "R", "competency_id": "K", "n": 9,
                         "value": 0.5, "low": 0.4, "high": 0.6, "level": 0.95})  # fmt: skip
    units = pd.DataFrame({"unit_id": ["R"], "parent_id": [None]})
    courses = pd.DataFrame({"course_id": ["C"]})
    results = improvement.score_actions(log, gaps, units, cycle="2026", courses=courses)
    assert results[["unit_id", "n"]].values.tolist() == [["R", 0]]
    listed = improvement.list_actions(log, day=pd.Timestamp("2026-10-31"))
    assert listed["state"].tolist() == ["done"]
    codes = improvement.find_codes(courses, pd.DataFrame({"course_id": ["C"], "cycle": ["2026"]}))
    recorded = improvement.use_codes(log, codes)
    facts = pd.DataFrame({"course_id": ["C"], "competency_id": ["K"], "verdict": ["harmful"]})
    day = pd.Timestamp("2026-10-31")
    assert len(improvement.propose_actions(facts, day=day, log=log)) == 1
    assert recorded["course_id"].isna().all()
    needing = pd.DataFrame({"staff_id": ["A"], "competency_id": ["K"], "gap": [1.0]})
    done = pd.DataFrame({"staff_id": ["A"], "course_id": ["C"]})
    assert improvement.score_coverage(needing, courses, done)["n"].tolist() == [0]


def test_a_linked_cycle_without_the_line_is_refused_in_words() -> None:
    gaps = pd.DataFrame(
        {
            "cycle": ["2025", "2026"],
            "competency_id": "K",
            "gap": 0.5,
            "required": 3.0,
            "observed": 2.5,
            "gap_definition": "standard",
        }
    )
    rows = pd.DataFrame({"cycle": ["2025", "2026"], "version": ["1", "2"],
                         "comparable": ["linked", "same"]})  # fmt: skip
    with pytest.raises(AnalysisError, match="without a slope"):
        improvement.apply_instruments(gaps, rows)
