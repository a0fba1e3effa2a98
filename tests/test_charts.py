"""Charts: what is drawn stands where the table says, and the alt text says the same."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from cakra_analysis import charts

GAPS = pd.DataFrame(
    {
        "unit_id": "A",
        "unit": "Kel. Mayura",
        "competency_id": ["M.5", "T.1", "M.1"],
        "name_id": ["Pelayanan publik", "Literasi digital", "Integritas"],
        "name_en": ["Public service", "Digital literacy", "Integrity"],
        "value": [1.12, 0.98, -0.2],
        "low": [0.94, 0.74, -0.4],
        "high": [1.30, 1.22, 0.0],
        "level": 0.95,
        "required": [3.4, 3.1, 3.0],
        "observed": [2.28, 2.12, 3.2],
        "category": ["medium", "low", "none"],
        "suppressed": False,
        "gap_definition": "standard minus observed",
    }
)
ANSWERS = pd.DataFrame(
    {
        "name_id": ["Lokakarya", "Seminar"],
        "name_en": ["Workshop", "Seminar"],
        "block": "learning_format",
        "label_id": "a\nb\nc\nd\ne",
        "label_en": "v\nw\nx\ny\nz",
        "n": [30, 30],
        "agree_share": [0.7, 0.3],
        "share_1": [0.1, 0.2],
        "share_2": [0.1, 0.2],
        "share_3": [0.1, 0.3],
        "share_4": [0.3, 0.1],
        "share_5": [0.4, 0.2],
    }
)


def texts(ax) -> list[str]:
    return [t.get_text() for t in ax.findobj(mpl.text.Text)]


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(("lang", "number"), [("id", "+1,12"), ("en", "+1.12")])
def test_points_stand_at_their_levels(lang: str, number: str, narrow: bool) -> None:
    ax = charts.plot_gaps(GAPS, lang=lang, narrow=narrow)
    points = [line for line in ax.lines if line.get_gid() == "observed"]
    assert [p.get_xdata()[0] for p in points] == GAPS["observed"].tolist()
    bands = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 7]
    assert bands[0] == pytest.approx([3.4 - 1.30, 3.4 - 0.94])
    assert (number in texts(ax) and "−0,20" in texts(ax)) or lang == "en"
    assert any(GAPS[f"name_{lang}"][0] in t for t in texts(ax))


def test_a_stated_need_has_no_standard() -> None:
    stated = GAPS.assign(required=np.nan, observed=GAPS["value"])
    ax = charts.plot_gaps(stated, lang="en")
    bands = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 7]
    assert bands[0] == pytest.approx([0.94, 1.30])
    assert not any("standard" in t for t in texts(ax))
    assert "Mean need" in charts.describe_gaps(stated, lang="en").replace("mean", "Mean")


def test_heat_writes_every_cell_and_marks_hidden_and_absent_ones() -> None:
    second = GAPS.assign(unit_id="B", unit="Kel. Cilinaya", suppressed=[True, False, False])
    second.loc[0, "value"] = np.nan
    both = pd.concat([GAPS, second.iloc[:2]])
    ax = charts.plot_heat(both, lang="id")
    cells = [t.get_text() for t in ax.texts]
    assert len(cells) == 6
    assert sorted(cells) == sorted(["1,1", "1,0", "−0,2", "•", "1,0", "–"])
    said = charts.describe_heat(both, lang="id")
    assert "1,1" in said and "Kel. Mayura" in said and "1 sel disamarkan" in said


@pytest.mark.parametrize("narrow", [False, True])
def test_bars_are_as_wide_as_their_shares(narrow: bool) -> None:
    ax = charts.plot_answers(ANSWERS, lang="en", narrow=narrow)
    widths = [bar.get_width() for group in ax.containers for bar in group]
    shares = ANSWERS[[f"share_{i}" for i in range(1, 6)]].to_numpy().T.ravel() * 100
    assert widths == pytest.approx(shares.tolist())
    assert "70%" in texts(ax)
    assert "Workshop" in charts.describe_answers(ANSWERS, lang="en")
    assert "chose the two highest answers" in charts.describe_answers(ANSWERS, lang="en")
    two = ANSWERS.assign(label_id="Tidak\nYa", label_en="No\nYes")
    assert "answered “Yes”" in charts.describe_answers(two, lang="en")
    assert "menjawab “Ya”" in charts.describe_answers(two)


def test_scales_of_other_lengths_and_units_of_one_name_are_drawn() -> None:
    four = ANSWERS.assign(label_id="a\nb\nc\nd", label_en="a\nb\nc\nd", share_5=np.nan)
    assert len(charts.plot_answers(four).containers) == 4
    same = pd.concat(
        [GAPS, GAPS.assign(unit_id="B", name_id="Sama", competency_id=["x", "y", "z"])]
    )
    assert len(charts.plot_heat(same).texts) == 12


def test_response_bars_and_hidden_units() -> None:
    table = pd.DataFrame({"unit": ["A", "B"], "share": [0.84, np.nan]})
    ax = charts.plot_response(table, lang="id")
    assert [bar.get_width() for bar in ax.containers[0]] == pytest.approx([84, 0])
    assert [t.get_text() for t in ax.texts] == ["84%", "•"]
    assert "84%" in charts.describe_response(table, lang="id")


@pytest.mark.parametrize(
    ("plot", "table"),
    [
        (charts.plot_gaps, GAPS.assign(value=np.nan)),
        (charts.plot_heat, GAPS.assign(value=np.nan, suppressed=True)),
        (charts.plot_answers, ANSWERS.assign(n=np.nan)),
        (charts.plot_response, pd.DataFrame({"unit": ["A"], "share": [np.nan]})),
    ],
)
def test_nothing_to_show_says_so(plot, table) -> None:
    assert any("terlalu sedikit orang" in t.replace("\n", " ") for t in texts(plot(table)))


def test_charts_leave_pyplot_and_the_table_alone() -> None:
    before, copy = dict(mpl.rcParams), GAPS.copy()
    ax = charts.plot_gaps(GAPS)
    assert charts.plot_gaps(GAPS, ax=ax) is ax
    pd.testing.assert_frame_equal(GAPS, copy)
    assert dict(mpl.rcParams) == before
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == []
