"""Support to apply: mentors as even as can be, dates on open days, what is overdue."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import implementation
from cakra_analysis.dataset import Dataset
from cakra_analysis.errors import AnalysisError
from cakra_analysis.privacy import publish

UNITS = pd.DataFrame({"unit_id": ["R", "A", "B"], "parent_id": [None, "R", "R"]})
DONE = pd.DataFrame({"session_id": [], "staff_id": [], "step": [], "done": []}, dtype="object")


def every_way(people: list[str], mentors: dict[str, int], barred: set, load: dict) -> tuple:
    """The most people with a mentor and the least sum of squared loads, by trying everything."""
    best = (0, -sum(v * v for v in load.values()))
    for choice in itertools.product([None, *mentors], repeat=len(people)):
        loads = dict(load)
        for person, mentor in zip(people, choice, strict=True):
            if mentor is not None:
                if mentor == person or (person, mentor) in barred:
                    break
                loads[mentor] = loads.get(mentor, 0) + 1
        else:
            new = {m for m in choice if m is not None}
            if all(loads[m] <= mentors[m] for m in new):
                helped = sum(m is not None for m in choice)
                best = max(best, (helped, -sum(v * v for v in loads.values())))
    return best


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_mentors_are_as_even_as_every_way_tried(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = [f"p{i}" for i in range(rng.integers(1, 6))]
    names = [*people[: rng.integers(0, 2)], *(f"m{i}" for i in range(rng.integers(0, 4)))]
    mentors = {name: int(rng.integers(1, 4)) for name in names}
    load = {name: int(rng.integers(0, most + 1)) for name, most in mentors.items()}
    above = {p: rng.choice(names) if names and rng.random() < 0.5 else None for p in people}
    everybody = sorted({*people, *names})
    staff = pd.DataFrame({"staff_id": everybody, "unit_id": rng.choice(["A", "B"], len(everybody)),
                          "supervisor_id": [above.get(p) for p in everybody]})  # fmt: skip
    allowed = bool(seed % 2)
    found = implementation.assign_mentors(
        pd.DataFrame({"staff_id": people}),
        pd.DataFrame({"staff_id": list(mentors), "most": list(mentors.values())}),
        staff, UNITS, own_supervisor=allowed, load=pd.Series(load, dtype="object"),
    )  # fmt: skip
    assert found["staff_id"].tolist() == people
    got = found.dropna(subset="mentor_id")
    assert (got["mentor_id"] != got["staff_id"]).all()
    barred = set() if allowed else {(p, m) for p, m in above.items() if m}
    assert not barred & set(zip(got["staff_id"], got["mentor_id"], strict=True))
    loads = pd.Series(load, dtype=float).add(got["mentor_id"].value_counts(), fill_value=0)
    helped = got["mentor_id"].unique()
    assert (loads[helped] <= pd.Series(mentors)[helped]).all()
    want = every_way(people, mentors, barred, load)
    assert (len(got), -int((loads**2).sum())) == want
    assert (found["why"] == "").equals(found["mentor_id"].notna())


def test_of_even_plans_the_near_mentor_is_taken() -> None:
    people = pd.DataFrame({"staff_id": list("ab")})
    mentors = pd.DataFrame({"staff_id": ["m", "n"], "most": 5})
    staff = pd.DataFrame({"staff_id": list("abmn"), "unit_id": ["A", "B", "B", "A"]})
    near = implementation.assign_mentors(people, mentors, staff, UNITS)
    assert near["mentor_id"].tolist() == ["n", "m"]


def test_who_goes_without_is_told_why() -> None:
    people = pd.DataFrame({"staff_id": list("ab")})
    staff = pd.DataFrame(
        {"staff_id": list("abm"), "unit_id": "A", "supervisor_id": ["m"] + [None] * 2}
    )
    one = pd.DataFrame({"staff_id": ["m"], "most": [1]})
    found = implementation.assign_mentors(people, one, staff)
    assert found["why"].tolist() == ["barred", ""]
    assert found["mentor_id"].isna().tolist() == [True, False]
    full = implementation.assign_mentors(people, one, staff, own_supervisor=True)
    assert sorted(full["why"]) == ["", "full"]
    assert implementation.assign_mentors(people, one.head(0), staff)["why"].tolist() == ["none"] * 2
    own = pd.DataFrame({"staff_id": ["a"], "most": [9]})
    assert implementation.assign_mentors(people, own, staff)["why"].tolist() == ["none", ""]


STAFF = pd.DataFrame({"staff_id": list("abcmn"), "unit_id": ["A", "A", "B", "R", "R"]})
SESSIONS = pd.DataFrame({"session_id": ["S", "T"], "course_id": ["C", "D"],
                         "end": ["2026-03-01", "2026-03-21"]})  # fmt: skip
COURSES = pd.DataFrame({"course_id": ["C", "D"], "kind": ["technical", "managerial"]})
ATTENDANCE = pd.DataFrame([("S", "a", "completed"), ("S", "b", "dropped"), ("S", "c", "completed"),
                           ("T", "a", "completed"), ("T", "b", "completed")],
                          columns=["session_id", "staff_id", "status"])  # fmt: skip
MENTORS = pd.DataFrame({"staff_id": ["m", "n"], "most": [2, 1]})


def plan(today: str = "2026-04-05", follow_ups: pd.DataFrame = DONE, **options):
    return implementation.plan_support(
        ATTENDANCE, SESSIONS, COURSES, STAFF, options.pop("mentors", MENTORS), follow_ups,
        today=pd.Timestamp(today), units=UNITS, **options)  # fmt: skip


def days_of(found: implementation.Support, session: str, column: str = "due") -> dict[str, str]:
    steps = found.steps[found.steps["session_id"] == session].drop_duplicates("step")
    return dict(zip(steps["step"], steps[column].dt.strftime("%Y-%m-%d"), strict=True))


def test_dates_by_hand() -> None:
    found = plan()
    assert days_of(found, "S") == {
        "action_plan": "2026-03-15", "day_30": "2026-03-31", "day_60": "2026-04-30",
        "day_90": "2026-05-30", "survey": "2026-06-01"}  # fmt: skip
    assert days_of(found, "S", "last")["survey"] == "2027-03-01"
    assert days_of(found, "T")["survey"] == "2026-09-21"  # managerial: six months
    other = plan(plan_days=7, follow_days=[45], windows={"technical": (1, 2), "managerial": (1, 2)})
    assert list(days_of(other, "S").items())[:2] == [("action_plan", "2026-03-08"),
                                                     ("day_45", "2026-04-15")]  # fmt: skip


def test_dates_move_to_the_next_open_day() -> None:
    dates = pd.date_range("2026-03-10", "2026-04-30")
    shut = dates.isin(pd.to_datetime(["2026-03-15", "2026-03-16", "2026-04-30"]))
    days = pd.DataFrame({"date": dates, "strength": np.where(shut, "hard", "open")})
    days.loc[days["date"] == "2026-03-31", "strength"] = "soft"
    found = days_of(plan(days=days), "S")
    assert found["action_plan"] == "2026-03-17"
    assert found["day_30"] == "2026-04-01"
    assert found["day_60"] == "2026-04-30"  # no open day is known after it


def test_states_and_what_is_overdue() -> None:
    rows = [("S", "a", "action_plan", "2026-03-10"), ("S", "c", "action_plan", "2026-03-20"),
            ("S", "a", "day_60", "2026-04-01")]  # fmt: skip
    told = pd.DataFrame(rows, columns=list(DONE))
    found = plan("2026-04-04", told)
    state = found.steps.set_index(["session_id", "staff_id", "step"])["state"]
    assert state["S", "a", "action_plan"] == "done"
    assert state["S", "c", "action_plan"] == "late"
    assert state["S", "a", "day_30"] == "overdue"
    assert state["S", "a", "day_60"] == "done"
    assert state["T", "b", "action_plan"] == "due"  # today is its day
    assert state["S", "c", "survey"] == "ahead"
    late = implementation.list_overdue(found, told, today=pd.Timestamp("2026-04-04"))
    assert late["staff_id"].tolist() == ["a", "c"]
    assert late[["step", "days"]].drop_duplicates().to_numpy().tolist() == [["day_30", 4]]
    later = implementation.list_overdue(found, DONE, today=pd.Timestamp("2027-03-02"))
    assert later["days"].is_monotonic_decreasing
    assert set(later.loc[later["step"] == "survey", "session_id"]) == {"S"}
    patient = plan("2026-04-04", told, grace_days=7)
    assert not (patient.steps["state"] == "overdue").any()


def test_a_mentor_is_kept_and_never_has_more_than_fit() -> None:
    found = plan()
    who = found.people.set_index(["session_id", "staff_id"])["mentor_id"]
    assert who["S", "a"] == who["T", "a"]
    assert sorted(who["S"]) == ["m", "n"]
    loads = found.mentors.set_index("mentor_id")
    assert loads.loc["m", ["busiest", "now"]].tolist() == [2, 2]
    assert (loads["busiest"] <= loads["most"]).all()
    # a and c fill the only mentor when b comes, so b goes without.
    one = plan(mentors=MENTORS.head(1))
    assert one.people.set_index(["session_id", "staff_id"]).loc[("T", "b"), "why"] == "full"
    short = plan(mentors=MENTORS.head(1), follow_days=[10])  # the first intake is over by then
    assert short.people["mentor_id"].tolist() == ["m"] * 4


def test_who_went_without_is_tried_again_at_the_next_course() -> None:
    both = ATTENDANCE.assign(status="completed")  # a, b and c end S; a and b end T
    one = pd.DataFrame({"staff_id": ["m"], "most": [2]})
    found = implementation.plan_support(
        both, SESSIONS, COURSES, STAFF, one, DONE, today=pd.Timestamp("2026-04-05"),
        follow_days=[10])  # fmt: skip
    who = found.people.set_index(["session_id", "staff_id"])
    assert (who.loc["S", "why"] == "full").sum() == 1
    assert (who.loc["T", "mentor_id"] == "m").all()


@pytest.mark.slow
def test_region_keeps_to_capacity_and_supervisors(region: Dataset) -> None:
    names = ["attendance", "sessions", "courses", "staff", "mentors", "follow_ups"]
    tables = [region[name] for name in names]
    today = pd.Timestamp("2026-07-01")
    found = implementation.plan_support(*tables, today=today, units=region["units"])
    assert (found.mentors["busiest"] <= found.mentors["most"]).all()
    above = region["staff"].set_index("staff_id")["supervisor_id"]
    people = found.people.dropna(subset="mentor_id")
    assert (people["staff_id"].map(above) != people["mentor_id"]).all()
    assert (people["staff_id"] != people["mentor_id"]).all()
    completed = (region["attendance"]["status"] == "completed").sum()
    assert len(found.people) == completed
    mixed = [t.sample(frac=1, random_state=1) for t in tables]
    again = implementation.plan_support(*mixed, today=today, units=region["units"])
    pd.testing.assert_frame_equal(found.people, again.people)
    pd.testing.assert_frame_equal(found.steps, again.steps)


@pytest.mark.slow
def test_summary_counts_add_up_and_can_be_published(region: Dataset) -> None:
    names = ["attendance", "sessions", "courses", "staff", "mentors", "follow_ups"]
    units = region["units"]
    found = implementation.plan_support(
        *(region[name] for name in names), today=pd.Timestamp("2026-07-01"), units=units
    )
    summary = implementation.summarise_support(found, units)
    root = summary.by_unit.set_index("unit_id").loc["CKR"]
    counts = ["participants", "with_plan", "with_mentor", "due", "done", "overdue", "due_day_30"]
    assert (summary.by_course[counts].sum() == root[counts]).all()
    assert (summary.by_step[["due", "done", "overdue"]].sum()
            == root[["due", "done", "overdue"]].astype(int)).all()  # fmt: skip
    assert root["overdue"] == (found.steps["state"] == "overdue").sum()
    for table, code in ((summary.by_unit, "units"), (summary.by_course, "courses")):
        shown = publish(table, f"support_by_{code}", audience="internal",
                        units=units if code == "units" else None)  # fmt: skip
        assert "staff_id" not in shown.table
    said = implementation.find_action_plans(summary.by_unit, "CKR")
    assert said.key == "implementation.support.plans.some"
    assert said.values["with_plan"] == root["with_plan"]
    said = implementation.find_mentors(summary.by_unit, "CKR")
    assert said.values["without"] == root["participants"] - root["with_mentor"]
    said = implementation.find_overdue(summary.by_unit, summary.by_step, "CKR")
    assert said.key == "implementation.support.overdue.some"
    worst = summary.by_step.set_index("step")["overdue"]
    assert worst[said.values["step"]] == worst.max() == said.values["step_overdue"]
    hidden = summary.by_unit.assign(n=np.nan)
    assert implementation.find_mentors(hidden, "CKR").key.endswith("mentors.hidden")
    assert implementation.find_overdue(hidden, summary.by_step, "CKR").key.endswith("hidden")
    assert implementation.find_action_plans(hidden.head(0), "CKR").key.endswith("plans.none")


def test_empty_tables_give_empty_frames_of_the_same_columns() -> None:
    whole = plan()
    found = implementation.plan_support(
        ATTENDANCE.head(0), SESSIONS.head(0), COURSES, STAFF,
        MENTORS.head(0), DONE, today=pd.Timestamp("2026-04-05"), units=UNITS)  # fmt: skip
    for part in ("people", "steps", "mentors"):
        assert list(getattr(found, part)) == list(getattr(whole, part))
        assert getattr(found, part).empty
    summary = implementation.summarise_support(found, UNITS)
    assert summary.by_unit.empty
    assert "plan_share" in summary.by_course
    assert implementation.list_overdue(found, DONE, today=pd.Timestamp("2026-04-05")).empty


def test_a_kind_without_a_window_is_refused() -> None:
    with pytest.raises(AnalysisError, match="no window"):
        plan(windows={"technical": (3, 12)})
