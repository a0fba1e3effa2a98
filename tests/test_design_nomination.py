"""Is a nomination the best there is, and does it keep every rule; rules are checked from tables."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.design.nomination import nominate
from cakra_analysis.design.nomination_findings import find_nominations, find_reasons
from cakra_analysis.design.nomination_summary import summarise_nominations
from cakra_analysis.errors import AnalysisError
from tests.sizes import cases

LIMITS = {"courses_most": 2, "least_jp": 20.0, "most_jp_pppk": 24.0}
DEBT = 1.0
TOLERANCE = 0.1
PENALTY = 2.0


def make_case(seed: int, *, staff: int = 5, courses: int = 3, sessions: int = 4, dated=True):
    """Tables of a small place with everything that can bind."""
    rng = np.random.default_rng(seed)
    names = [f"S{i:03d}" for i in range(staff)]
    codes = [f"C{i:02d}" for i in range(courses)]
    units = [f"U{i}" for i in range(max(2, staff // 12))]
    people = pd.DataFrame(
        {
            "staff_id": names,
            "unit_id": rng.choice(units, staff),
            "status": rng.choice(["PNS", "PPPK", "CPNS"], staff, p=[0.5, 0.4, 0.1]),
            "sex": rng.choice(["female", "male"], staff),
            "job_class": rng.choice(["a", "b", "c"], staff),
            "hours_jp": rng.choice([0.0, 8.0, np.nan, 20.0], staff),
        }
    )
    gaps = pd.DataFrame(
        list(itertools.product(names, "KLM")), columns=["staff_id", "competency_id"]
    )
    gaps["gap"] = rng.choice([-1.0, 0.5, 1.0, 1.5, 2.0, np.nan], len(gaps))
    offers = pd.DataFrame({"course_id": codes, "hours_jp": rng.choice([6.0, 12.0, 20.0], courses)})
    offers["requires"] = [
        codes[i - 1] if i and rng.random() < 0.4 else None for i in range(courses)
    ]
    effects = pd.DataFrame(
        [(c, k, rng.choice([0.3, 0.8, 1.2])) for c in codes for k in rng.permutation([*"KLM"])[:2]],
        columns=["course_id", "competency_id", "effect"],
    )
    of = [*codes, *rng.choice(codes, max(sessions - courses, 0))]
    placed = pd.DataFrame({"session_id": [f"A{i:03d}" for i in range(len(of))], "course_id": of})
    placed["seats"] = rng.integers(1, max(3, staff // 3), len(of))
    rows = []
    for session in placed.itertuples():
        for unit in units:
            rows.append((session.session_id, unit, rng.integers(0, session.seats + 1)))
    session_units = pd.DataFrame(rows, columns=["session_id", "unit_id", "seats"])
    start = rng.integers(0, 3 * len(of), len(of))
    meetings = pd.DataFrame(
        [
            (s, m + 1, pd.Timestamp("2026-03-02") + pd.Timedelta(days=int(a) + m))
            for s, a in zip(placed["session_id"], start, strict=True)
            for m in range(rng.integers(1, 4))
        ],
        columns=["session_id", "meeting", "date"],
    )
    done = [(s, c) for s in names for c in codes if rng.random() < 0.1]
    tables = {"gaps_by_person": gaps, "people": people, "offers": offers, "effects": effects}
    weights = pd.DataFrame({"competency_id": [*"KLM"], "weight": [1.0, 2.0, 0.5]})
    tables |= {"sessions": placed, "weights": weights}
    tables |= {"completed": pd.DataFrame(done, columns=["staff_id", "course_id"])}
    if dated:
        tables |= {"meetings": meetings}
    return tables | ({"session_units": session_units} if rng.random() < 0.7 else {})


class Rules:
    """The rules read from the tables once more, one person, one session at a time."""

    def __init__(self, tables):
        people = tables["people"].set_index("staff_id")
        self.unit, self.status = people["unit_id"].to_dict(), people["status"].to_dict()
        self.held = people["hours_jp"].fillna(0).to_dict()
        self.levels = {name: people[name].to_dict() for name in ("sex", "job_class")}
        offers = tables["offers"].set_index("course_id")
        self.hours = offers["hours_jp"].to_dict()
        self.requires = {c: r for c, r in offers["requires"].items() if isinstance(r, str)}
        sessions = tables["sessions"].set_index("session_id")
        self.course, self.seats = sessions["course_id"].to_dict(), sessions["seats"].to_dict()
        self.done = set(tables["completed"].itertuples(index=False, name=None))
        self.days = {s: set() for s in self.course}
        for row in tables.get("meetings", pd.DataFrame()).itertuples():
            self.days[row.session_id].add(row.date)
        units = tables.get("session_units")
        self.unit_seats = None
        if units is not None:
            self.unit_seats = {(r.session_id, r.unit_id): r.seats for r in units.itertuples()}
        self.benefit = self.read_benefit(tables)
        usual = np.median([b for b in self.benefit.values() if b > 0] or [0.0])
        self.score = {}
        for (person, course), value in self.benefit.items():
            lacks = max(20 - self.held[person], 0) if self.status[person] == "PNS" else 0
            bonus = DEBT * usual * min(self.hours[course], lacks) / 20
            self.score[person, course] = value + bonus

    def read_benefit(self, tables):
        weight = tables["weights"].set_index("competency_id")["weight"].to_dict()
        gap = tables["gaps_by_person"].set_index(["staff_id", "competency_id"])["gap"].to_dict()
        benefit = dict.fromkeys(itertools.product(self.unit, self.hours), 0.0)
        for row in tables["effects"].itertuples():
            for person in self.unit:
                need = gap[person, row.competency_id]
                if need > 0:
                    part = weight[row.competency_id] * min(row.effect, need)
                    benefit[person, row.course_id] += part
        return benefit

    def room(self, session, unit):
        return self.seats[session] if self.unit_seats is None else self.unit_seats[session, unit]

    def is_over(self, one, other):
        a, b = self.days[one], self.days[other]
        return bool(a and b) and max(a) < min(b)

    def may(self, person, plan):
        """Whether a person may be in all of these sessions."""
        courses = [self.course[s] for s in plan]
        if len(set(courses)) < len(courses) or len(courses) > LIMITS["courses_most"]:
            return False
        if any((person, c) in self.done for c in courses):
            return False
        if any(self.days[a] & self.days[b] for a, b in itertools.combinations(plan, 2)):
            return False
        total = self.held[person] + sum(self.hours[c] for c in courses)
        if courses and self.status[person].startswith("PPPK") and total > LIMITS["most_jp_pppk"]:
            return False
        return all(self.has(person, s, plan) for s in plan)

    def has(self, person, session, plan):
        needed = self.requires.get(self.course[session])
        if needed is None or (person, needed) in self.done:
            return True
        return any(self.course[s] == needed and self.is_over(s, session) for s in plan)

    def can_reach(self, person, course):
        """Whether somebody may be in a course, by rules that bind the two alone."""
        sessions = [s for s, c in self.course.items() if c == course]
        if (person, course) in self.done:
            return False
        if not any(self.room(s, self.unit[person]) > 0 for s in sessions):
            return False
        left = LIMITS["most_jp_pppk"] - self.held[person]
        if self.status[person].startswith("PPPK") and self.hours[course] > max(left, 0):
            return False
        needed = self.requires.get(course)
        if needed is None or (person, needed) in self.done:
            return True
        before = [s for s, c in self.course.items() if c == needed]
        ordered = any(self.is_over(a, b) for a in before for b in sessions)
        return ordered and self.can_reach(person, needed)

    def floors(self, fair=("sex", "job_class")):
        floors = {}
        units = sorted(set(self.unit.values()))
        for course in set(self.course.values()):
            sessions = [s for s, c in self.course.items() if c == course]
            who = [p for p in self.unit if self.benefit[p, course] > 0]
            who = [p for p in who if self.can_reach(p, course)]
            for name in fair:
                expected, places = Counter(), 0
                for unit in units:
                    mine = [p for p in who if self.unit[p] == unit]
                    k = min(len(mine), sum(self.room(s, unit) for s in sessions))
                    places += k
                    for person in mine:
                        expected[self.levels[name][person]] += k / len(mine)
                k = min(places, sum(self.seats[s] for s in sessions))
                for level, part in expected.items():
                    floor = math.floor((part / places - TOLERANCE) * k + 1e-9) if places else 0
                    floors[course, name, level] = max(floor, 0)
        return floors

    def value(self, plans, floors):
        """Score of a plan by person, less the penalty for missing fairness."""
        total, got = 0.0, Counter()
        for person, plan in plans.items():
            for session in plan:
                course = self.course[session]
                total += self.score[person, course]
                for name in self.levels:
                    got[course, name, self.levels[name][person]] += 1
        missing = sum(max(floor - got[key], 0) for key, floor in floors.items())
        return total - PENALTY * max(self.score.values(), default=0) * missing, missing


def solve_by_force(tables):
    """The best of all plans, person after person."""
    rules = Rules(tables)
    floors, best, people = rules.floors(), -math.inf, [*rules.unit]
    options = []
    for person in people:
        plans = [
            plan
            for size in range(LIMITS["courses_most"] + 1)
            for plan in itertools.combinations(rules.course, size)
            if rules.may(person, plan)
        ]
        options.append(plans)
    for plans in itertools.product(*options):
        used, inside = Counter(), Counter()
        for person, plan in zip(people, plans, strict=True):
            for session in plan:
                used[session] += 1
                inside[session, rules.unit[person]] += 1
        if any(n > rules.seats[s] for s, n in used.items()):
            continue
        if any(n > rules.room(*key) for key, n in inside.items()):
            continue
        best = max(best, rules.value(dict(zip(people, plans, strict=True)), floors)[0])
    return best


def read_plans(found):
    plans = found.seats.groupby("staff_id")["session_id"].agg(tuple).to_dict()
    return {person: plans.get(person, ()) for person in found.ledger["staff_id"]}


def check_rules(tables, found):
    """Every rule from the tables alone, and that the value said is the value reached."""
    rules, plans = Rules(tables), read_plans(found)
    assert all(rules.may(person, plan) for person, plan in plans.items())
    used = found.seats["session_id"].value_counts()
    assert all(n <= rules.seats[s] for s, n in used.items())
    inside = Counter((r.session_id, rules.unit[r.staff_id]) for r in found.seats.itertuples())
    assert all(n <= rules.room(*key) for key, n in inside.items())
    value, missing = rules.value(plans, rules.floors())
    assert value == pytest.approx(found.value)
    assert missing == found.missing
    assert found.value <= found.bound + 1e-6


def solve_greedily(tables):
    """Largest score first, wherever no rule is broken; floors not heeded."""
    rules = Rules(tables)
    plans = dict.fromkeys(rules.unit, ())
    used, inside = Counter(), Counter()
    for (person, course), score in sorted(rules.score.items(), key=lambda item: -item[1]):
        for session, of in rules.course.items():
            room = rules.room(session, rules.unit[person])
            full = used[session] >= rules.seats[session]
            full = full or inside[session, rules.unit[person]] >= room
            fits = of == course and score > 0 and not full
            if fits and rules.may(person, (*plans[person], session)):
                plans[person] += (session,)
                used[session] += 1
                inside[session, rules.unit[person]] += 1
    return rules.value(plans, rules.floors())[0]


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, cases(80, 200), 20))
def test_equals_the_best_of_all_plans(start):
    for seed in range(start, start + 20):
        tables = make_case(seed, staff=4, dated=seed % 4 > 0)
        found = nominate(**tables, **LIMITS)
        assert found.value == pytest.approx(solve_by_force(tables)), seed
        assert found.status == "optimal", seed
        check_rules(tables, found)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(cases(6, 12)))
def test_keeps_rules_and_is_not_worse_than_greedy(seed):
    tables = make_case(1000 + seed, staff=60, courses=8, sessions=16)
    found = nominate(**tables, **LIMITS)
    check_rules(tables, found)
    assert found.value >= solve_greedily(tables) - 1e-9
    assert found.gap < 0.005


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(cases(3, 6)))
def test_codes_and_order_of_rows_do_not_change_the_value(seed):
    tables = make_case(2000 + seed, staff=30, courses=5, sessions=9)
    rng = np.random.default_rng(seed)
    codes = tables["people"]["staff_id"]
    renamed = dict(zip(codes, rng.permutation([f"X{i}" for i in range(len(codes))]), strict=True))
    others = {}
    for name, table in tables.items():
        table = table.sample(frac=1, random_state=seed)
        others[name] = table.assign(
            **({"staff_id": table["staff_id"].map(renamed)} if "staff_id" in table else {})
        )
    one, other = nominate(**tables, **LIMITS), nominate(**others, **LIMITS, seed=seed + 1)
    assert one.status == other.status == "optimal"
    assert one.value == pytest.approx(other.value)
    assert nominate(**tables, **LIMITS).seats.equals(one.seats)


def make_plain(people: int = 6, seats: int = 2):
    """One course, one session, gaps that fall from person to person."""
    names = [f"S{i}" for i in range(people)]
    gaps = pd.DataFrame({"staff_id": names, "competency_id": "K"})
    gaps["gap"] = 1.0 - 0.1 * np.arange(people)
    offers = pd.DataFrame({"course_id": ["C"], "hours_jp": [20.0], "requires": [None]})
    effects = pd.DataFrame({"course_id": ["C"], "competency_id": ["K"], "effect": [2.0]})
    weights = pd.DataFrame({"competency_id": ["K"], "weight": [1.0]})
    sessions = pd.DataFrame({"session_id": ["C-1"], "course_id": ["C"], "seats": [seats]})
    staff = pd.DataFrame({"staff_id": names, "unit_id": "U", "status": "CPNS"})
    tables = {"gaps_by_person": gaps, "people": staff, "offers": offers, "effects": effects}
    return tables | {"sessions": sessions, "weights": weights}


def test_reasons_of_a_seat():
    tables = make_plain()
    assert nominate(**tables, **LIMITS).seats["reason"].tolist() == ["largest_gap"] * 2
    tables["people"]["status"] = ["CPNS", "CPNS", "PNS", *["CPNS"] * 3]
    found = nominate(**tables, **LIMITS, debt_weight=0.5).seats.set_index("staff_id")
    assert found.loc["S2", ["reason", "hours_lacking"]].tolist() == ["jp_debt", 20.0]
    tables = make_plain()
    tables["people"]["sex"] = ["male"] * 3 + ["female"] * 3
    found = nominate(**tables, **LIMITS, tolerance=0.0).seats
    assert found["staff_id"].tolist() == ["S0", "S3"]
    assert found["reason"].tolist() == ["largest_gap", "fairness_sex"]


def test_reasons_for_waiting():
    tables = make_plain()
    tables["people"].loc[0, ["status", "hours_jp"]] = ["PPPK", 20.0]
    waiting = nominate(**tables, **LIMITS, waiting_most=9).waiting.set_index("staff_id")
    assert waiting["reason"].to_dict() == {
        "S0": "most_jp", "S3": "full", "S4": "full", "S5": "full",
    }  # fmt: skip
    assert len(nominate(**tables, **LIMITS).waiting) == 2


def test_unused_seats_go_to_others_only_if_asked():
    tables = make_plain(seats=4)
    tables["people"]["unit_id"] = ["U"] * 5 + ["V"]
    units = pd.DataFrame({"session_id": "C-1", "unit_id": ["U", "V"], "seats": [2, 2]})
    found = nominate(**tables, **LIMITS, session_units=units, waiting_most=9)
    assert found.seats["staff_id"].tolist() == ["S0", "S1", "S5"]
    assert found.empty[["empty", "reason"]].values.tolist() == [[1, "unit_full"]]
    shared = nominate(**tables, **LIMITS, session_units=units, share_unused=True)
    assert shared.seats["staff_id"].tolist() == ["S0", "S1", "S2", "S5"]
    assert shared.seats["reason"].tolist()[2] == "unused_seat"
    assert shared.empty.empty
    assert shared.status == "optimal"


def test_only_those_drawn_are_seated():
    lots = pd.DataFrame({"course_id": "C", "staff_id": ["S4", "S5", "S0"]})
    lots["place"] = ["seat", "seat", "waiting"]
    found = nominate(**make_plain(), **LIMITS, lots=lots)
    assert found.seats[["staff_id", "reason"]].values.tolist() == [["S4", "lot"], ["S5", "lot"]]
    assert set(found.waiting["reason"]) == {"lot"}


def test_a_required_course_is_taken_on_the_way():
    tables = make_plain(people=1)
    tables["offers"] = pd.DataFrame(
        {"course_id": ["B", "C"], "hours_jp": 8.0, "requires": [None, "B"]}
    )
    tables["sessions"] = pd.DataFrame(
        {"session_id": ["B-1", "C-1"], "course_id": ["B", "C"], "seats": 1}
    )
    days = pd.DataFrame({"session_id": ["B-1", "C-1"], "date": ["2026-03-02", "2026-04-01"]})
    found = nominate(**tables, **LIMITS, meetings=days).seats
    assert found["reason"].tolist() == ["prerequisite_path", "largest_gap"]
    assert nominate(**tables, **LIMITS, meetings=days.assign(date="2026-03-02")).seats.empty
    late = nominate(**tables, **LIMITS)
    assert late.waiting["reason"].tolist() == ["prerequisite"]
    assert late.ledger["jp_planned"].tolist() == [0.0]


def test_ledger_counts_hours():
    tables = make_plain()
    tables["people"]["status"] = ["PNS", "PPPK", "CPNS"] * 2
    ledger = nominate(**tables, **LIMITS, debt_weight=0.05).ledger.set_index("staff_id")
    assert ledger.loc[["S0", "S1", "S3"], "jp_planned"].tolist() == [20.0, 20.0, 0.0]
    assert ledger["reached"].tolist()[:4] == [True, pd.NA, pd.NA, False]
    assert ledger.loc["S1", "most"] == 24.0


def test_who_lacks_hours_is_seated_without_a_gap():
    tables = make_plain()
    tables["people"]["status"] = "PNS"
    tables["gaps_by_person"]["gap"] = 0.0
    tables["gaps_by_person"].loc[tables["gaps_by_person"]["staff_id"] == "S0", "gap"] = 1.0
    found = nominate(**tables, **LIMITS)
    assert found.seats["reason"].value_counts()["jp_debt"] > 0
    assert nominate(**tables, **LIMITS, debt_weight=0.0).seats["staff_id"].tolist() == ["S0"]


@pytest.mark.slow
def test_summary_and_findings_hold_no_person():
    tables = make_case(5, staff=60, courses=6, sessions=10)
    found = nominate(**tables, **LIMITS, waiting_most=10**6)
    summary = summarise_nominations(found, tables["people"], tables["sessions"])
    assert summary.courses["filled"].sum() == len(found.seats)
    assert summary.courses["waiting"].sum() == len(found.waiting)
    assert summary.units["nominated"].sum() == found.seats["staff_id"].nunique()
    for table in (summary.courses, summary.units, summary.reasons):
        assert not table.astype(str).isin(set(tables["people"]["staff_id"])).any(axis=None)
    named = summary.courses.assign(name_id="Satu", name_en="One")
    finding = find_nominations(named)
    assert finding.values["filled"] == len(found.seats)
    full = (named["filled"] == named["seats"]).all()
    assert finding.key == f"design.nomination.{'full' if full else 'partly'}"
    first = find_reasons(summary.reasons, "seat")
    assert first.values["count"] == found.seats["reason"].value_counts().iloc[0]
    assert find_nominations(named.iloc[:0]).key == "design.nomination.none"
    assert find_reasons(summary.reasons.iloc[:0], "waiting").key == "design.nomination.waiting.none"


def test_nobody_eligible_is_a_nomination_too():
    tables = make_plain()
    tables["gaps_by_person"]["gap"] = np.nan
    found = nominate(**tables, **LIMITS)
    assert (found.value, found.status, len(found.seats)) == (0.0, "optimal", 0)
    assert found.empty["reason"].tolist() == ["nobody_left"]


def test_what_is_not_on_offer_is_refused():
    tables = make_plain()
    with pytest.raises(AnalysisError, match="not on offer"):
        nominate(**tables | {"offers": tables["offers"].assign(course_id="D")}, **LIMITS)
    with pytest.raises(AnalysisError, match="repeat a staff_id"):
        nominate(**tables | {"people": pd.concat([tables["people"]] * 2)}, **LIMITS)


def test_without_time_the_choice_still_keeps_all_rules():
    tables = make_case(1003, staff=60, courses=8, sessions=16)
    found = nominate(**tables, **LIMITS, time_limit=0.0)
    check_rules(tables, found)
    assert len(found.seats) > 0
    assert np.isfinite(found.gap)
