"""Charts of stage 5: marks stand where the table says, and every chart is told in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from cakra_analysis import charts
from tests.test_charts import texts

NAN = np.nan
CHANGE = pd.DataFrame(
    {
        "competency_id": ["all", "M.1", "M.2", "M.3"],
        "name_id": [NAN, "Integritas", "Kerja sama", "Komunikasi"],
        "name_en": [NAN, "Integrity", "Teamwork", "Communication"],
        "unit": ["Mayura", "Cilinaya", "Satpol PP", "Dinas"],
        "value": [-0.13, -0.4, 0.2, NAN],
        "low": [-0.2, -0.6, -0.1, NAN],
        "high": [-0.06, -0.2, 0.5, NAN],
        "total": [-0.1, 0.1, 0.25, NAN],
        "who": [0.03, 0.5, 0.05, NAN],
        "n": [120.0, 60, 40, NAN],
        "verdict": ["better", "better", "unclear", None],
        "suppressed": [False, False, False, True],
    }
)
DAYS = pd.date_range("2026-01-05", periods=9, freq="14D").strftime("%Y-%m-%d")
CONTROL = pd.DataFrame(
    {
        "group": "course",
        "course_id": "C",
        "session_id": [f"S{i}" for i in range(9)],
        "start": DAYS,
        "value": [4.0, 4.1, 3.9, 4.2, NAN, 2.6, 4.0, 4.1, 4.9],
        "centre": [4.0, 4.0, 4.0, 4.0, NAN, 4.0, 4.0, 4.0, 4.0],
        "limit_low": [3.2, 3.0, 3.2, 3.1, NAN, 3.2, 3.2, 3.2, 3.2],
        "limit_high": [4.8, 5.0, 4.8, 4.9, NAN, 4.8, 4.8, 4.8, 4.8],
        "z": [0.0, 0.3, -0.3, 0.6, NAN, -5.2, 0.0, 0.3, 3.4],
        "signal": ["", "", "", "", "", "far", "", "", "far"],
        "side": ["", "", "", "", "", "below", "", "", "above"],
        "n": [9.0, 8, 9, 8, NAN, 9, 9, 9, 9],
        "suppressed": [False] * 4 + [True] + [False] * 4,
        "name_id": "Pelayanan Prima",
        "name_en": "Excellent Service",
    }
)


def marks(ax, gid: str) -> list[tuple[float, float]]:
    lines = [line for line in ax.lines if line.get_gid() == gid]
    return [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in lines]


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(("lang", "number"), [("id", "−0,40"), ("en", "−0.40")])
def test_change_stands_at_its_values(lang: str, number: str, narrow: bool) -> None:
    ax = charts.plot_change(CHANGE, lang=lang, narrow=narrow)
    assert marks(ax, "same") == [(-0.13, 0), (-0.4, -1), (0.2, -2)]
    assert marks(ax, "total") == [(-0.1, 0), (0.1, -1), (0.25, -2)]
    ends = [tuple(line.get_xdata()) for line in ax.lines if line.get_gid() == "interval"]
    assert ends == [(-0.2, -0.06), (-0.6, -0.2), (-0.1, 0.5)]
    forms = [line.get_marker() for line in ax.lines if line.get_gid() == "same"]
    assert forms == ["o", "o", "X"]  # told apart without colour
    said = texts(ax)
    assert number in said
    assert any(("disamarkan" if lang == "id" else "suppressed") in text for text in said)
    assert ("Semua kompetensi" if lang == "id" else "All competencies") in said


def test_change_is_told_in_words_and_by_unit() -> None:
    said = charts.describe_change(CHANGE, lang="en")
    assert "2 improved, 0 got worse, 1 cannot be told, 1 without a figure" in said
    assert "Integrity, −0.40 levels (interval −0.60 to −0.20); everybody rated: +0.10" in said
    ax = charts.plot_change(CHANGE, by="unit")
    assert "Cilinaya" in texts(ax)
    assert "Cilinaya" in charts.describe_change(CHANGE, by="unit")
    assert charts.plot_change(CHANGE, ax=ax) is ax


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_sessions_stand_in_order_between_their_limits(lang: str, narrow: bool) -> None:
    ax = charts.plot_control(CONTROL.sample(frac=1, random_state=2), lang=lang, narrow=narrow)
    shown = CONTROL[CONTROL["value"].notna()]
    assert marks(ax, "session") == [(float(i), v) for i, v in shown["value"].items()]
    forms = [line.get_marker() for line in ax.lines if line.get_gid() == "session"]
    assert [i for i, form in enumerate(forms) if form == "D"] == [4, 7]
    edges = [line for line in ax.lines if line.get_gid() == "limit_low"]
    assert [len(line.get_xdata()) for line in edges] == [5, 5]  # broken where one is suppressed
    assert list(edges[0].get_ydata())[:4] == [3.2, 3.0, 3.2, 3.1]
    named = [t.get_text() for t in ax.texts if t.get_gid() == "signal"]
    assert len(named) == 2
    day = {"id": "16 Mar", "en": "16 Mar"}[lang]
    assert any(day in text for text in named)
    assert [t for t in ax.texts if t.get_gid() == "hidden"]


@pytest.mark.slow
@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("group", ["course", "all"])
def test_names_of_signals_keep_clear_of_key_and_months(group, lang, narrow) -> None:
    long = "Penyusunan dokumen perencanaan kinerja berbasis data"
    table = CONTROL.assign(group=group, name_id=long, name_en=long)
    ax = charts.plot_control(table, lang=lang, narrow=narrow)
    ax.figure.draw_without_rendering()
    signals = [text for text in ax.texts if text.get_gid() == "signal"]
    others = [*ax.get_xticklabels(), *ax.get_legend().get_texts()]
    assert len(signals) == 2 and len(others) > 4
    boxes = [Text.get_window_extent(text) for text in signals]
    for box in boxes:
        assert ax.bbox.y0 <= box.y0 and box.y1 <= ax.bbox.y1
        assert not any(box.overlaps(text.get_window_extent()) for text in others)


def test_sessions_of_all_courses_are_drawn_as_differences() -> None:
    ax = charts.plot_control(CONTROL.assign(group="all"), lang="en")
    differences = (CONTROL["value"] - CONTROL["centre"]).dropna()
    assert [y for _, y in marks(ax, "session")] == pytest.approx(differences.tolist())
    assert ax.get_ylabel().replace("\n", " ") == "Difference from the course's mean"


def test_control_is_told_in_words() -> None:
    said = charts.describe_control(CONTROL, lang="en")
    assert "8 sessions: 1 stand out above their course's mean, 1 below" in said
    assert "16 March 2026, mean 2.60 against 4.00" in said
    still = CONTROL.assign(side="", signal="")
    assert "tidak ada yang menonjol" in charts.describe_control(still)
    few = still.assign(centre=NAN, limit_low=NAN, limit_high=NAN, z=NAN)
    assert "too few" in charts.describe_control(few, lang="en")
    assert "too few sessions for limits" in charts.plot_control(few, lang="en").get_xlabel()
    assert [line for line in charts.plot_control(few).lines if line.get_gid() == "limit_low"] == []


def test_nothing_to_draw_says_so() -> None:
    hidden = CHANGE.assign(value=NAN, suppressed=True)
    gone = CONTROL.assign(value=NAN, suppressed=True)
    assert charts.plot_change(hidden).lines == [] or not marks(charts.plot_change(hidden), "same")
    assert not marks(charts.plot_control(gone), "session")
    assert charts.describe_change(hidden) == charts.describe_control(gone)
