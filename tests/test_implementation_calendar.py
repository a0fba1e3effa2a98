"""The calendar against the dates of the decree and of the Balinese year."""

from __future__ import annotations

import pandas as pd
import pytest

from cakra_analysis.errors import AnalysisError
from cakra_analysis.implementation.calendar import list_days, near_estimated
from cakra_analysis.implementation.pawukon import list_pawukon

JOINT_2026 = [
    *("2026-02-16", "2026-03-18", "2026-03-20", "2026-03-23"),
    *("2026-03-24", "2026-05-15", "2026-05-28", "2026-12-24"),
]
GALUNGAN = ["2026-06-17", "2027-01-13", "2027-08-11", "2028-03-08", "2025-11-19", "2025-04-23"]


def days_of(year, **options):
    return list_days(year, **options).set_index("date")


@pytest.mark.parametrize("date", GALUNGAN)
def test_galungan(date):
    day = days_of(int(date[:4])).loc[date]
    assert day["strength"] == "hard"
    assert day["name_en"].startswith("Galungan")
    assert day["weekday"] == 2


@pytest.mark.parametrize(
    ("holy", "dates"),
    [
        ("kuningan", ["2026-06-27", "2027-01-23", "2027-08-21"]),
        ("saraswati", ["2026-04-04", "2026-10-31", "2027-05-29", "2027-12-25"]),
        ("pagerwesi", ["2026-04-08", "2026-11-04", "2027-06-02", "2027-12-29"]),
    ],
)
def test_other_holy_days(holy, dates):
    found = pd.concat([list_pawukon(2026), list_pawukon(2027)])
    assert found[found["holy"] == holy]["date"].dt.strftime("%Y-%m-%d").tolist() == dates


def test_holidays_and_joint_leave_of_2026():
    days = days_of(2026)
    joint = days[days["name_id"].str.contains("Cuti Bersama")]
    assert joint.index.strftime("%Y-%m-%d").tolist() == JOINT_2026
    assert joint["strength"].eq("hard").all()
    assert days.loc["2026-03-19", "name_id"] == "Hari Suci Nyepi"
    assert days.loc["2026-03-19", "strength"] == "hard"
    assert days["confirmed"].all()


def test_every_day_of_the_year_once():
    assert len(list_days(2026)) == 365
    assert len(list_days(2028)) == 366
    days = list_days(2028)
    assert days["date"].is_monotonic_increasing
    assert days["date"].is_unique
    assert days.loc[days["weekday"] >= 5, "strength"].eq("hard").all()
    assert days.loc[days["strength"] == "open", "name_id"].eq("").all()
    assert days.loc[days["strength"] != "open", "name_en"].ne("").all()


@pytest.mark.parametrize(
    ("year", "first", "last"), [(2026, "02-19", "03-20"), (2027, "02-08", "03-09")]
)
def test_ramadan_is_the_month_before_idul_fitri(year, first, last):
    days = list_days(year)
    dates = days.loc[days["ramadan"], "date"].dt.strftime("%m-%d")
    assert (dates.iloc[0], dates.iloc[-1], len(dates)) == (first, last, 30)


def test_ramadan_that_runs_into_the_next_year():
    # Idul Fitri of about 4 January 2033 comes after a Ramadan that begins in December 2032; the
    # next one stands in December 2033.
    assert list_days(2032)["ramadan"].sum() > 0
    assert list_days(2032).iloc[-1]["ramadan"]
    assert list_days(2033)["ramadan"].sum() > 30


def test_estimated_days():
    days = days_of(2027)
    assert not days.loc["2027-03-10", "confirmed"]
    assert not days.loc["2027-03-12", "confirmed"]  # joint leave that hangs on Idul Fitri
    assert days.loc["2027-03-08", "confirmed"]
    assert days.loc["2027-08-11", "confirmed"]
    no_decree = days_of(2029)
    holidays = no_decree[no_decree["name_id"].str.contains("Nyepi|Natal|Pancasila")]
    assert len(holidays)
    assert not holidays["confirmed"].any()


def test_soft_days():
    days = days_of(2027)
    for date in ("2027-01-12", "2027-01-14", "2027-03-17", "2027-08-31", "2027-06-02"):
        assert days.loc[date, "strength"] == "soft", date
    assert "Pengrupukan" in days.loc["2027-03-07", "name_id"]
    assert days.loc["2027-04-02", "strength"] == "soft"
    assert days_of(2027, avoid_friday=False).loc["2027-04-02", "strength"] == "open"


def test_strengths_are_the_users():
    days = days_of(2027, galungan="none", pagerwesi="hard", saraswati="none")
    assert days.loc["2027-01-12":"2027-01-14", "strength"].tolist() == ["open"] * 3
    assert days.loc["2027-06-02", "strength"] == "hard"
    with pytest.raises(AnalysisError, match="kuningan"):
        list_days(2027, kuningan="firm")


def test_own_days_join_and_the_hardest_wins():
    own = pd.DataFrame(
        {
            "closure_id": ["A", "B", "C"],
            "kind": ["all", "all", "unit"],
            "code": [None, None, "U1"],
            "start": pd.to_datetime(["2027-01-13", "2027-04-05", "2027-04-08"]),
            "end": pd.to_datetime(["2027-01-14", "2027-04-06", "2027-04-08"]),
            "strength": ["soft", "hard", "hard"],
            "name_id": ["Rapat", "Pawai", "Unit tutup"],
            "name_en": ["Meeting", "Parade", "Unit closed"],
            "confirmed": ["yes", "no", "yes"],
        }
    )
    days = days_of(2027, closures=own)
    assert days.loc["2027-01-13", ["strength", "name_en"]].tolist() == ["hard", "Galungan; Meeting"]
    assert days.loc["2027-04-05", ["strength", "confirmed"]].tolist() == ["hard", False]
    assert days.loc["2027-04-08", "strength"] == "open"


def test_days_beside_an_estimated_holiday():
    near = near_estimated(list_days(2027))
    assert "2027-03-16" in near["date"].dt.strftime("%Y-%m-%d").tolist()
    assert near_estimated(list_days(2026)).empty
