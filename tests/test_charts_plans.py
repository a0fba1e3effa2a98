"""Charts of stages 2 and 3: what is drawn stands where the table says, and is told in words."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import charts
from tests.test_charts import texts

NAN = np.nan
FRONTIER = pd.DataFrame(
    {
        "budget_idr": [100e6, 200e6, 300e6],
        "value": [NAN, 40.0, 55.0],
        "low": [NAN, 30.0, 41.0],
        "high": [NAN, 52.0, 70.0],
        "chosen": [False, True, False],
    }
)
PROGRAMME = pd.DataFrame(
    {
        "name_id": ["Pelayanan Publik Prima", "Klinik Pengambilan Keputusan"],
        "name_en": ["Excellent public service", "Decision clinic"],
        "value": [44.5, 12.0],
        "sessions": [6, 2],
        "seats": [160, 24],
        "mode": ["formal", "social"],
    }
)
MEETINGS = pd.DataFrame(
    {
        "course_id": ["C1", "C1", "C2"],
        "session_id": ["C1-A01", "C1-A01", "C2-A01"],
        "date": pd.to_datetime(["2027-01-11", "2027-01-25", "2027-05-04"]),
        "strength": ["open", "soft", "open"],
        "name_id": ["Proyek", "Proyek", "Seminar"],
        "name_en": ["Project", "Project", "Seminar"],
    }
)
DAYS = pd.DataFrame({"date": pd.date_range("2027-01-01", "2027-12-31")})
DAYS["weekday"] = DAYS["date"].dt.day_of_week
DAYS["strength"] = np.where(DAYS["weekday"] > 4, "hard", "open")
DAYS.loc[DAYS["date"] == "2027-03-08", "strength"] = "hard"
DAYS["ramadan"] = DAYS["date"].between("2027-02-08", "2027-03-09")
LOAD = pd.DataFrame(
    {
        "unit": ["Kel. Mayura", "Kel. Mayura", "Satpol PP"],
        "week": ["2027-01-04", "2027-01-18", "2027-01-11"],
        "value": [0.1, 0.3, 0.05],
    }
)
FUNNEL = pd.DataFrame(
    {"nominated": [640.0], "invited": [600.0], "came": [560.0], "completed": [512.0]}
)


def find(ax, gid: str) -> list:
    return [artist for artist in ax.get_children() if artist.get_gid() == gid]


def test_the_frontier_stands_where_the_table_says() -> None:
    ax = charts.plot_frontier(FRONTIER, lang="en")
    (line,) = find(ax, "value")
    assert line.get_xdata().tolist() == [200, 300]
    assert line.get_ydata().tolist() == [40, 55]
    (chosen,) = find(ax, "chosen")
    assert (chosen.get_xdata()[0], chosen.get_ydata()[0]) == (200, 40)
    (shaded,) = find(ax, "impossible")
    assert shaded.get_x() + shaded.get_width() == 100
    said = charts.describe_frontier(FRONTIER, lang="en")
    assert "Rp 200 million, closes 40 levels, between 30 and 52" in said


def test_bars_of_the_programme_are_as_long_as_what_is_closed() -> None:
    ax = charts.plot_programme(PROGRAMME, lang="id")
    assert [bar.get_width() for bar in find(ax, "value")] == [44.5, 12.0]
    assert "6 angk., 160 kursi" in texts(ax)
    assert "44,5 tingkat" in charts.describe_programme(PROGRAMME)


def test_every_meeting_stands_on_its_day() -> None:
    ax = charts.plot_gantt(MEETINGS, days=DAYS, lang="id")
    drawn = np.concatenate([mark.get_xdata() for mark in find(ax, "meeting")])
    days = MEETINGS["date"].to_numpy().astype("datetime64[D]").astype("int64")
    assert sorted(drawn) == sorted(days)
    closed = [patch.get_x() + 0.5 for patch in find(ax, "closed")]
    assert closed == [np.datetime64("2027-03-08").astype("int64")]
    assert "1 pertemuan pada hari" in charts.describe_gantt(MEETINGS)


def test_the_load_of_a_week_has_its_cell() -> None:
    ax = charts.plot_load(LOAD, limit=0.25, lang="id")
    mayura, satpol = (mesh.get_array() for mesh in find(ax, "load"))
    assert mayura.filled(-1).ravel().tolist() == [0.1, -1, 0.3]
    assert satpol.filled(-1).ravel().tolist() == [-1, 0.05, -1]
    assert "di Kel. Mayura: 30%" in charts.describe_load(LOAD)


def test_the_funnel_shows_every_step_with_its_share() -> None:
    ax = charts.plot_funnel(FUNNEL, lang="en")
    assert [bar.get_width() for bar in ax.patches] == [640, 600, 560, 512]
    assert "600 (94%)" in texts(ax)
    hidden = charts.plot_funnel(FUNNEL * NAN, lang="en")
    assert len(hidden.patches) == 0


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("frontier", FRONTIER),
        ("programme", PROGRAMME),
        ("gantt", MEETINGS),
        ("load", LOAD),
        ("funnel", FUNNEL),
    ],
)
def test_nothing_is_drawn_of_nothing_and_it_is_said(
    name: str, table: pd.DataFrame, lang: str
) -> None:
    plot, describe = getattr(charts, f"plot_{name}"), getattr(charts, f"describe_{name}")
    empty = table.head(0)
    assert texts(plot(empty, lang=lang)) != []
    assert describe(empty, lang=lang) == charts.describe_gaps(
        pd.DataFrame({"value": [], "suppressed": []}), lang=lang
    )
    for narrow in (False, True):
        before = table.copy()
        partial(plot, lang=lang, narrow=narrow)(table).figure.draw_without_rendering()
        pd.testing.assert_frame_equal(table, before)
