"""An offer held under a new code each cycle is one thing: for coverage, facts and the log."""

from __future__ import annotations

import pandas as pd

from cakra_analysis import improvement

COURSES = pd.DataFrame({"course_id": ["C-2026", "C-2025", "D"], "offer_id": ["C", "C", None],
                        "competency_id": ["K", "K", "L"]})  # fmt: skip
HELD = pd.DataFrame({"course_id": ["C-2025", "C-2026"], "cycle": ["2025", "2026"]})
CODES = improvement.find_codes(COURSES, HELD)


def test_those_who_came_under_an_older_code_are_covered() -> None:
    gaps = pd.DataFrame({"staff_id": list("ABCDEFGHIJ"), "competency_id": "K", "gap": 1.0})
    done = pd.DataFrame({"staff_id": list("ABCDEF"), "course_id": ["C-2025"] * 5 + ["C-2026"]})
    once = improvement.keep_codes(COURSES, CODES)
    table = improvement.score_coverage(gaps, once, improvement.use_codes(done, CODES))
    assert table[["course_id", "n", "reached"]].values.tolist() == [["C-2026", 10, 6], ["D", 0, 0]]


def test_an_offer_gets_one_proposal_under_its_latest_code_and_follows_the_log() -> None:
    effects = COURSES[["course_id", "competency_id"]].assign(
        value=-0.3, low=-0.5, high=-0.1, evaluations=1, status="evaluated"
    )
    verdicts = pd.DataFrame({"course_id": ["C-2026"], "verdict": ["harmful"], "grade": ["A"]})
    facts = improvement.gather_facts(effects, COURSES, verdicts=verdicts, codes=CODES)
    told = facts[["course_id", "verdict"]].values.tolist()
    assert told == [["C-2026", "harmful"], ["D", "none"]]
    log = pd.DataFrame(
        {
            "action_id": ["1"],
            "cycle": "2025",
            "kind": "stop",
            "owner": "Office",
            "course_id": "C-2025",
            "due": "2026-01-31",
            "status": "decided",
        }
    )
    log = improvement.use_codes(log, CODES)
    made = improvement.propose_actions(facts, day=pd.Timestamp("2026-10-31"), log=log)
    assert made.loc[0, ["kind", "owner", "status"]].tolist() == ["stop", "Office", "decided"]


def test_where_nobody_held_it_the_last_code_stands_and_without_offers_each_its_own() -> None:
    assert improvement.find_codes(COURSES, HELD.head(0))["C-2025"] == "C-2026"
    plain = COURSES.drop(columns="offer_id")
    assert improvement.find_codes(plain, HELD).tolist() == ["C-2026", "C-2025", "D"]
