"""Participation and results by unit: counted by hand, up the tree, as the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import evaluation

UNITS = pd.DataFrame({"unit_id": ["R", "A", "B"], "parent_id": [None, "R", "R"]})
STAFF = pd.DataFrame({"staff_id": list("abcdef"), "unit_id": ["A", "A", "A", "B", "B", "R"]})
SESSIONS = pd.DataFrame({"session_id": ["S1", "S2", "S3"], "course_id": ["X", "X", "Y"],
                         "end": "2026-03-01"})  # fmt: skip
ATTENDANCE = pd.DataFrame(
    [
        ("S1", "a", "completed", 10), ("S2", "a", "completed", 10), ("S3", "a", "completed", 5),
        ("S1", "b", "dropped", 3), ("S3", "d", "completed", 5), ("S3", "f", "absent", 0),
        ("S9", "e", "completed", 99),
    ],
    columns=["session_id", "staff_id", "status", "hours_jp"],
)  # fmt: skip


def test_participation_counts_people_once_and_other_cycles_not_at_all() -> None:
    came = ATTENDANCE[ATTENDANCE["session_id"].isin(SESSIONS["session_id"])]
    table = evaluation.count_participation(came, SESSIONS, STAFF, UNITS).set_index("unit_id")
    assert table.loc["A"].tolist() == [2, 2, 25.0, 2]  # a: X twice is one completion; b dropped
    assert table.loc["B"].tolist() == [1, 1, 5.0, 1]
    assert table.loc["R"].tolist() == [2, 3, 30.0, 4]  # and the region's own f, who never came


def test_completers_by_course_and_unit() -> None:
    came = ATTENDANCE[ATTENDANCE["session_id"] != "S9"]
    table = evaluation.count_completers(came, SESSIONS, STAFF, UNITS)
    rows = {(u, c): n for u, c, n in table.to_numpy()}
    assert rows == {("A", "X"): 1, ("A", "Y"): 1, ("B", "Y"): 1, ("R", "X"): 1, ("R", "Y"): 2}


def pairs() -> pd.DataFrame:
    rows = [("a", "X", 10.0), ("b", "X", 20.0), ("d", "X", 0.0), ("a", "Y", 2.0), ("e", "Y", 4.0)]
    return pd.DataFrame(rows, columns=["staff_id", "course_id", "gain"]).assign(status="completed")


def test_gains_are_held_against_everybody_in_the_same_courses() -> None:
    more = pd.DataFrame([("c", "X", 99.0, "dropped"), ("f", "X", np.nan, "completed")],
                        columns=["staff_id", "course_id", "gain", "status"])  # fmt: skip
    both = pd.concat([pairs(), more], ignore_index=True)
    table = evaluation.score_unit_gains(both, STAFF, UNITS).set_index("unit_id")
    # Course means: X 10, Y 3. Person a: gain 6, expected 6.5; b: 20, 10.
    assert table.loc["A", ["value", "expected", "against", "n"]].tolist() == [13.0, 8.25, 4.75, 2]
    assert table.loc["B", ["value", "expected", "n"]].tolist() == [2.0, 6.5, 2]
    whole = table.loc["R"]
    assert whole["value"] == pytest.approx((6 + 20 + 0 + 4) / 4)
    assert whole["low"] < whole["value"] < whole["high"]


def test_transfer_by_unit_takes_the_asked_source_and_alumni_only() -> None:
    rows = [(p, "X", s, o, v) for p, s, before, after in
            [("a", "supervisor", 1, 3), ("d", "supervisor", 2, 3), ("a", "self", 1, 4),
             ("b", "supervisor", 1, 4)]
            for o, v in [("before", before), ("after", after)]]  # fmt: skip
    transfer = pd.DataFrame(rows, columns=["staff_id", "course_id", "source", "occasion", "level"])
    transfer = transfer.assign(rater=None, aspect="application")
    came = pd.DataFrame({"session_id": "S1", "staff_id": ["a", "d", "b"],
                         "status": ["completed", "completed", "dropped"]})  # fmt: skip
    table = evaluation.score_unit_transfer(transfer, SESSIONS, came, STAFF, UNITS)
    assert table.set_index("unit_id")["value"].to_dict() == {"A": 2.0, "B": 1.0, "R": 1.5}
    assert table.set_index("unit_id")["n"].to_dict() == {"A": 1, "B": 1, "R": 2}


@pytest.mark.slow
def test_the_region_agrees_with_the_tables_of_the_whole(region) -> None:
    sessions = region["sessions"].query("cycle == '2026'")
    came = region["attendance"].merge(sessions[["session_id"]], on="session_id")
    table = evaluation.count_participation(came, sessions, region["staff"], region["units"])
    whole = table.set_index("unit_id").loc["CKR"]
    reach = evaluation.count_trained(came, sessions).iloc[0]
    assert (whole["n"], whole["completed"]) == (reach["n"], reach["completed"])
    leaves = table[~table["unit_id"].isin(["CKR", "KEC", "KES", "SEK", "OPD"])]
    assert leaves["n"].sum() == whole["n"]  # everybody stands in one unit at the foot of the tree
