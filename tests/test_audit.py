"""The numbers of built reports, attacked: each planted leak is found, its clean twin is not."""

from __future__ import annotations

import json
from copy import deepcopy

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.audit import audit_reports, find_exposed
from cakra_analysis.audit.exposed import find_exposing
from cakra_analysis.cli import main
from cakra_analysis.errors import DataError, PrivacyError
from cakra_analysis.privacy import publish
from cakra_analysis.settings import PrivacySettings

# The region R has the groups P and Q; P has the units A, B, C and Q the units D, E.
PARENTS = {"P": "R", "Q": "R", "A": "P", "B": "P", "C": "P", "D": "Q", "E": "Q"}


def row(unit, n=None, value=2.5, **more):
    figures = {"n": n, "value": value if n else None}
    return {"unit_id": unit, **figures, "suppressed": n is None, **more}


def table(*rows, **more):
    keys = [k for k in ("unit_id", "competency_id", "question_id", "period") if k in rows[0]]
    given = {"name": "gaps", "audience": "leadership", "threshold": 5, "counts": "n", "keys": keys}
    rules = {"parents": PARENTS, "means": {"value": [0, 5]}, "decimals": 3, "whole": 1}
    return given | rules | {"rows": list(rows)} | more


def report(*tables, unit="R", cycle="2026", audience="leadership"):
    return {
        "cycle": cycle,
        "unit": unit,
        "lang": "id",
        "audience": audience,
        "notebook": "01_needs",
        "dataset": "Region",
        "file": f"{cycle}/01-needs/{unit}.{audience}.json",
        "tables": list(tables),
    }


def kinds(*records, settings=None):
    return sorted({leak.kind for leak in find_exposing(records, settings)[0]})


# Each: the kind of leak, the reports that leak, and how many people make the clean twin.
def subtraction(hidden=4):
    """In one table: P less A and B leaves C."""
    return [report(table(row("P", 16 + hidden), row("A", 8), row("B", 8), row("C")))]


def across_reports(hidden=4):
    """One report shows P and A, another B; together they leave C."""
    first = report(table(row("P", 16 + hidden), row("A", 8), row("C")))
    return [first, report(table(row("B", 8)), unit="B")]


def across_cycles(hidden=4):
    """This cycle's report shows for last year what last cycle's hid beside it."""
    old = [row("P", 16 + hidden, period="2025"), row("A", 8, period="2025")]
    old += [row("B", period="2025"), row("C", period="2025")]
    new = [row("B", 8, period="2025"), row("P", 30, period="2026")]
    back = report(table(row("A", 8, period="2025"), *old[:1], *old[3:]), cycle="2025")
    return [back, report(table(*new))]


def through_levels(hidden=4):
    """R less Q and the units of P, P itself hidden, leaves C."""
    rows = [row("R", 36 + hidden), row("Q", 20), row("P"), row("A", 8), row("B", 8), row("C")]
    return [report(table(*rows, row("D", 12), row("E", 8)))]


def own_staff(hidden=4):
    """P less all units below it leaves those who work at P itself."""
    return [report(table(row("P", 24 + hidden), row("A", 8), row("B", 8), row("C", 8)))]


def rounded_counts(whole=25):
    """Counts rounded to five: 23 to 27 less 18 to 22 are 1 to 9 people in C."""
    counts = {"whole": 5, "threshold": 10, "audience": "public"}
    rows = [row("P", whole), row("A", 20), row("C")]
    return [report(table(*rows, **counts), audience="public")]


def narrow(value=4.95):
    """Six people with a mean near the end of the scale leave little choice for C."""
    left = (14 * 3 + 6 * value) / 20
    rows = [row("P", 20, round(left, 3)), row("A", 8, 3), row("B", 6, 3), row("C")]
    return [report(table(*rows))]


def everybody(share=1.0):
    """What is left of P is wholly on one side: so is everybody in C."""
    rows = [row("P", 30, (18 * 0.5 + 12 * share) / 30), row("A", 10, 0.5), row("B", 8, 0.5)]
    return [report(table(*rows, row("C"), means={"value": [0, 1]}, decimals=None))]


def elsewhere(n=None):
    """C is hidden here and shown there."""
    shown = report(table(row("C", 9)), unit="C")
    return [report(table(row("P", 30), row("A", 10), row("C", n))), shown]


def difference(more=2):
    """Last year's figure comes again, from two people more."""
    old = report(table(row("A", 20, period="2025")), cycle="2025")
    return [old, report(table(row("A", 20 + more, period="2025", value=2.5)))]


def disagreeing(n=15):
    """The same cycle's figure twice, from other numbers of people."""
    return [report(table(row("A", n))), report(table(row("A", 28)), unit="A")]


def contradicting(n=20):
    """More people in the units than in the group."""
    return [report(table(row("P", n), row("A", 12), row("B", 13)))]


def impossible_mean(value=4.0):
    """A mean of the group that no staff beside its units can bring about."""
    return [report(table(row("P", 20, value), row("A", 10, 1.0), row("B", 5, 1.0)))]


def below(n=4):
    return [report(table(row("A", n)))]


def left_in_hidden_row(low=1.5):
    return [report(table(row("A", low=low)))]


def share_of_all(share=1.0):
    return [report(table(row("A", 30, share), means={"value": [0, 1]}))]


def handful(share=0.222):
    """Two of nine, from a rounded percentage."""
    return [report(table(row("A", 9, share_low=share)))]


def categories(n=30):
    """Shares of P less those of A leave seven people spread over categories."""
    rows = [row("P", n, share_low=0.4), row("A", 23, share_low=0.4)]
    return [report(table(*rows))]


PLANTED = [
    ("recovered", subtraction, {"hidden": 5}),
    ("recovered", across_reports, {"hidden": 5}),
    ("recovered", across_cycles, {"hidden": 5}),
    ("remainder", through_levels, {"hidden": 6}),
    ("remainder", own_staff, {"hidden": 5}),
    ("recovered", rounded_counts, {"whole": 35}),
    ("bracket", narrow, {"value": 4.0}),
    ("end of scale", everybody, {"share": 0.8}),
    ("shown elsewhere", elsewhere, {"n": 9}),
    ("difference", difference, {"more": 0}),
    ("contradiction", disagreeing, {"n": 28}),
    ("contradiction", contradicting, {"n": 30}),
    ("contradiction", impossible_mean, {"value": 1.5}),
    ("too few people", below, {"n": 5}),
    ("too few people", left_in_hidden_row, {"low": None}),
    ("end of scale", share_of_all, {"share": 0.9}),
    ("few in category", handful, {"share": 0.0}),
    ("remainder", categories, {"n": 33}),
]


@pytest.mark.parametrize(
    ("kind", "plant", "clean"), PLANTED, ids=[p.__name__ for _, p, _ in PLANTED]
)
def test_planted_leak_is_found_and_its_clean_twin_is_not(kind, plant, clean):
    assert kinds(*plant()) == [kind]
    assert kinds(*plant(**clean)) == []


@pytest.mark.parametrize(("plant"), [p for _, p, _ in PLANTED])
def test_what_is_withheld_mends_the_leak(plant):
    """As the builder does: hide the cells, look again, until nothing is found."""
    records = plant()
    for _ in range(8):
        exposed = find_exposed(records)
        if not exposed:
            break
        records = withhold(records, exposed)
    assert [leak for leak in find_exposing(records)[0] if leak.cells] == []


def withhold(records, cells):
    hidden = deepcopy(records)
    for record in hidden:
        for one in record["tables"]:
            one["rows"] = [
                row(r["unit_id"], **{k: v for k, v in r.items() if k == "period"})
                if any(fits(cell, record, one, r) for cell in cells)
                else r
                for r in one["rows"]
            ]
    return hidden


def fits(cell, record, one, found):
    keys = {k: v for k, v in cell.items() if k in one["keys"]}
    same = all(str(found[key]) == value for key, value in keys.items())
    return same and cell["table"] == one["name"] and cell["cycle"] == record["cycle"]


def test_nothing_is_changed():
    records = through_levels()
    before = deepcopy(records)
    find_exposed(records)
    assert records == before


def test_public_readers_are_attacked_with_public_reports_only():
    rows = [row("P", 20), row("A", 8), row("B", 8), row("C")]
    parts = [report(table(*rows[:2])), report(table(*rows[2:]), audience="internal", unit="B")]
    assert kinds(*parts) == ["recovered"]  # the inside reads both
    apart = [
        report(table(*rows[:2])),
        report(table(*rows[2:], audience="public"), audience="public"),
    ]
    assert kinds(*apart) == ["recovered"]  # and leadership reads what is public
    assert kinds(report(table(*rows[:2]), audience="public"), parts[0]) == []


def test_what_wider_readers_may_not_see_is_no_leak_for_others():
    """Hidden in public, shown to leadership: nobody who may not see it does."""
    public = table(row("A"), row("P", 30), audience="public", threshold=10)
    assert kinds(report(table(row("A", 7))), report(public, audience="public")) == []


def test_thresholds_of_settings_count():
    records = [report(table(row("A", 7)))]
    assert kinds(*records) == []
    assert kinds(*records, settings=PrivacySettings(leadership=8)) == ["too few people"]


def test_narrowest_bracket_of_settings_counts():
    assert kinds(*narrow(4.0), settings=PrivacySettings(narrowest=0.99)) == []
    assert kinds(*narrow(4.5), settings=PrivacySettings(narrowest=0.7)) == ["bracket"]


def test_tables_of_two_units_are_not_taken_for_one():
    """`ranked` has no unit among its keys: it is the report's own."""
    ranked = {"name": "ranked", "keys": ["competency_id"], "parents": {}}
    rows = [{"competency_id": "M.1", "n": n, "value": 2.0, "suppressed": False} for n in (20, 22)]
    one, other = (report(table(r, **ranked), unit=u) for r, u in zip(rows, "PQ", strict=True))
    assert kinds(one, other) == []


def test_unknown_audience_is_refused():
    with pytest.raises(PrivacyError, match="neighbours"):
        find_exposed([report(table(row("A", 9)), audience="neighbours")])


@pytest.mark.slow
@pytest.mark.parametrize("audience", ["internal", "leadership", "public"])
def test_what_the_door_lets_through_stands(audience):
    """Random counts and means by unit, published, are not worked out."""
    units = pd.DataFrame({"unit_id": ["R", *PARENTS], "parent_id": [None, *PARENTS.values()]})
    for seed in range(12):
        rng = np.random.default_rng(seed)
        people = rng.integers(0, 25, len(units))
        sums = people * rng.uniform(0, 1, len(units)).round(1)
        for code in ("A", "B", "C", "D", "E", "P", "Q"):
            at, above = (units.index[units["unit_id"] == u][0] for u in (code, PARENTS[code]))
            people[above] += people[at]
            sums[above] += sums[at]
        frame = units[["unit_id"]].assign(
            n=people, value=sums / people.clip(1), competency_id="M.1"
        )
        out = publish(frame, "causes", audience=audience, units=units)
        record = report({**out.describe(), "rows": out.rows()}, audience=audience)
        assert kinds(record) == [], seed


def test_command(tmp_path, capsys):
    def write(records):
        for record in records:
            file = tmp_path / record["file"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(record))

    with pytest.raises(DataError, match="no report"):
        audit_reports(tmp_path)
    assert main(["audit", str(tmp_path)]) == 2
    write(subtraction(5))
    assert main(["audit", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "nothing found in 1 files, 1 tables, 1 hidden figures tried\n"
    write(subtraction())
    assert main(["audit", str(tmp_path)]) == 1
    assert "recovered" in capsys.readouterr().out
    assert list(audit_reports(tmp_path)) == ["kind", "file", "where", "what"]
