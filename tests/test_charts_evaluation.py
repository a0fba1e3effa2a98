"""Charts of the evaluation: what is drawn stands where the table says, and is told in words."""

from __future__ import annotations

from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from cakra_analysis import charts
from cakra_analysis.charts import balance, forest, trend
from cakra_analysis.charts.end_labels import spread
from tests.test_charts import texts

NAN = np.nan
NAMES = {
    "name_id": [
        "Pelayanan Publik Prima bagi Petugas Loket Kelurahan",
        "Literasi Digital",
        "Manajemen Konflik",
        "Kepemimpinan",
        "Keuangan",
    ],
    "name_en": ["Public service at the counter", "Digital literacy", "Conflict", "Lead", "Finance"],
}
EFFECTS = pd.DataFrame(
    NAMES
    | {
        "value": [0.82, 0.05, -0.38, NAN, NAN],
        "low": [0.55, -0.2, -2.4, NAN, NAN],
        "high": [1.09, 0.3, -0.06, NAN, NAN],
        "n": [64, 120, 44, 23, NAN],
        "verdict": ["works", "no_sign", "harmful", "cannot_tell", None],
        "grade": ["A", "A", "B", "E", None],
        "suppressed": [False, False, False, False, True],
    }
)
BALANCE = pd.DataFrame(
    NAMES
    | {
        "smd_before": [0.31, -0.22, 1.9, 0.02, NAN],
        "smd_after": [0.04, -0.14, 0.05, -0.03, NAN],
        "suppressed": [False] * 4 + [True],
    }
)
SCORES = pd.DataFrame(
    {
        "name_id": np.repeat(NAMES["name_id"][:2], 2),
        "name_en": np.repeat(NAMES["name_en"][:2], 2),
        "group": ["trained", "comparison"] * 2,
        "before": [61.2, 60.8, 48.5, NAN],
        "after": [78.4, 64.1, 62.3, NAN],
        "low": [75.4, 60.8, 60.1, NAN],
        "high": [81.4, 67.4, 64.5, NAN],
        "n": [64, 58, 120, NAN],
        "suppressed": [False, False, False, True],
    }
)
ANSWERS = pd.DataFrame(
    {column: names[:3] for column, names in NAMES.items()}
    | {
        "share_1": [0.02, 0.12, NAN],
        "share_2": [0.05, 0.28, NAN],
        "share_3": [0.13, 0.20, NAN],
        "share_4": [0.45, 0.25, NAN],
        "share_5": [0.35, 0.15, NAN],
        "n": [120, 118, NAN],
        "label_id": "a\nb\nc\nd\ne",
        "label_en": "v\nw\nx\ny\nz",
        "suppressed": [False, False, True],
    }
)
INDEX = pd.DataFrame(
    {
        "period": ["2025-11", "2025-12", "2026-01", "2026-02", "2026-05"],
        "unit": "Kel. Mayura",
        "value": [74.0, 75.5, NAN, 77.25, 80.0],
        "low": [71.0, 72.5, NAN, 74.0, 77.0],
        "high": [77.0, 78.5, NAN, 80.0, 83.0],
        "n": [60, 61, NAN, 64, 66],
        "suppressed": [False, False, True, False, False],
    }
)
EVENTS = pd.DataFrame(
    {
        "event_time": pd.array([-2, -1, 0, 1, 2, 3, None], "Int64"),
        "value": [0.2, 0.0, 0.6, 2.1, NAN, NAN, 1.3],
        "low": [-0.9, NAN, -0.5, 1.0, NAN, NAN, 0.7],
        "high": [1.3, NAN, 1.7, 3.2, NAN, NAN, 1.9],
        "n": [40, 40, 40, 40, NAN, 3, 40],
        "suppressed": [False, False, False, False, True, False, False],
    }
)
WIDTHS = pytest.mark.parametrize("narrow", [False, True])
LANGUAGES = pytest.mark.parametrize("lang", ["id", "en"])
ALL = [
    (charts.plot_forest, charts.describe_forest, EFFECTS),
    (charts.plot_balance, charts.describe_balance, BALANCE),
    (charts.plot_before_after, charts.describe_before_after, SCORES),
    (charts.plot_likert, charts.describe_likert, ANSWERS),
    (charts.plot_trend, charts.describe_trend, INDEX),
    (charts.plot_event, charts.describe_event, EVENTS),
]
EVERY = pytest.mark.parametrize(("plot", "describe", "table"), ALL)


def lines(ax, gid: str) -> list:
    return [line for line in ax.lines if line.get_gid() == gid]


def places(ax, gid: str) -> list[float]:
    return [float(line.get_xdata()[0]) for line in lines(ax, gid)]


@WIDTHS
@LANGUAGES
def test_effects_stand_at_their_values(lang: str, narrow: bool) -> None:
    found = {"Lacerenza 2017": 0.73, "Arthur 2003": 0.63}
    ax = charts.plot_forest(EFFECTS, lang=lang, narrow=narrow, benchmarks=found)
    assert places(ax, "effect") == [0.82, 0.05, -0.38]
    ends = [line.get_xdata().tolist() for line in lines(ax, "interval")]
    assert ends == [[0.55, 1.09], [-0.2, 0.3], [-1.6, -0.06]]
    assert places(ax, "arrow") == [-1.6] and ax.get_xlim()[0] == -1.6
    assert {0.63, 0.73} == set(places(ax, "benchmark")) and set(places(ax, "zero")) == {0}
    assert len({line.get_marker() for line in lines(ax, "effect")}) == 3
    said = texts(ax)
    words = {"id": ("Arthur 2003: 0,63", "+0,82"), "en": ("Arthur 2003: 0.63", "+0.82")}
    assert set(words[lang]) <= set(said)
    absent = {"id": ("tidak dapat dibandingkan", "disamarkan", "berhasil (A)")}
    absent["en"] = ("cannot be compared", "suppressed", "works (A)")
    assert all(any(word in text for text in said) for word in absent[lang])


def test_every_verdict_has_a_form_and_words_of_its_own() -> None:
    assert len({form for form, _, _ in forest.MARKS.values()}) == len(forest.MARKS)
    bare = EFFECTS.drop(columns=["verdict", "grade"])
    ax = charts.plot_forest(bare)
    assert places(ax, "effect") == [0.82, 0.05, -0.38] and "berhasil (A)" not in texts(ax)
    assert "Kesimpulan" not in charts.describe_forest(bare)


def test_an_effect_beyond_the_axis_is_an_arrow_with_its_number() -> None:
    ax = charts.plot_forest(EFFECTS.assign(value=2.4, low=1.8, high=3.0).iloc[:1], lang="en")
    assert places(ax, "effect") == [] and places(ax, "arrow") == [1.6] and "+2.40" in texts(ax)


def test_the_forest_is_told_in_words() -> None:
    said = charts.describe_forest(EFFECTS, lang="id")
    assert "Kelurahan +0,82 (selang +0,55 sampai +1,09)" in said
    assert "Selang di atas nol: 1; di bawah nol: 1; tanpa angka: 2" in said
    assert "berhasil 1, tanpa tanda 1, merugikan 1, belum dapat dinilai 1" in said
    nothing = charts.describe_forest(EFFECTS.iloc[3:4], lang="en")
    assert nothing == "Chart: none of the 1 courses can be compared."
    assert "cannot be compared" in texts(charts.plot_forest(EFFECTS.iloc[3:4], lang="en"))


@WIDTHS
@LANGUAGES
def test_balance_before_and_after(lang: str, narrow: bool) -> None:
    ax = charts.plot_balance(BALANCE, lang=lang, narrow=narrow)
    assert places(ax, "before") == [0.31, 0.22, 0.02]
    assert places(ax, "after") == [0.04, 0.14, 0.05, 0.03]
    assert places(ax, "arrow") == pytest.approx([balance.REACH * 1.04])
    assert all(mark.get_markerfacecolor() == "white" for mark in lines(ax, "before"))
    assert set(places(ax, "limit")) == {0.1}
    names = ax.texts[-5:] if narrow else ax.get_yticklabels()
    weights = [name.get_fontweight() for name in names]
    assert [weight == 600 for weight in weights] == [False, True, False, False, False]
    assert {"1,90" if lang == "id" else "1.90"} <= set(texts(ax))
    assert any(("disamarkan", "suppressed")[lang == "en"] in text for text in texts(ax))


def test_balance_is_told_in_words() -> None:
    said = charts.describe_balance(BALANCE, lang="en")
    assert "limit of 0.10: 3 before adjustment, 1 after it" in said
    assert "Digital literacy (0.14)" in said


@WIDTHS
def test_scores_before_and_after(narrow: bool) -> None:
    ax = charts.plot_before_after(SCORES, lang="id", narrow=narrow)
    assert places(ax, "before") == [61.2, 60.8, 48.5] and places(ax, "after") == [78.4, 64.1, 62.3]
    heights = [float(line.get_ydata()[0]) for line in lines(ax, "after")]
    assert heights[0] > heights[1] > heights[2]
    assert {line.get_marker() for line in lines(ax, "after")} == {"o", "s"}
    intervals = [line.get_xdata().tolist() for line in lines(ax, "interval")]
    assert intervals == SCORES.loc[:2, ["low", "high"]].to_numpy().tolist()
    assert {"78,4", "61,2", "dilatih", "pembanding", "pembanding: disamarkan"} <= set(texts(ax))


def test_courses_of_one_name_keep_their_own_rows() -> None:
    same = SCORES.assign(name_id="Sama", name_en="Same", course_id=["a", "a", "b", "b"])
    heights = [line.get_ydata()[0] for line in lines(charts.plot_before_after(same), "after")]
    assert len(set(heights)) == 3 and min(heights) < -0.5


def test_scores_are_told_in_words() -> None:
    said = charts.describe_before_after(SCORES, lang="en")
    assert "at the counter, 61.2 before, 78.4 after. Their comparison: 60.8 before" in said
    alone = charts.describe_before_after(SCORES.iloc[2:], lang="en")
    assert "comparison cannot be shown" in alone


@WIDTHS
@LANGUAGES
def test_answers_stand_either_side_of_the_line(lang: str, narrow: bool) -> None:
    ax = charts.plot_likert(ANSWERS, lang=lang, narrow=narrow)
    bars = [bar for group in ax.containers for bar in group]
    assert len(bars) == 10
    assert [bar.get_width() for bar in bars[:5]] == pytest.approx([2, 5, 13, 45, 35])
    assert [bar.get_x() for bar in bars[:2]] == pytest.approx([-7, -5])
    assert [bar.get_x() for bar in bars[3:5]] == pytest.approx([0, 45])
    assert bars[2].get_x() == bars[7].get_x() > 80  # the neutral ones stand apart
    said = set(texts(ax))
    assert {"7%", "80%", "13%", "40%", "120"} <= said
    assert ("disamarkan" if lang == "id" else "suppressed") in said


def test_an_even_scale_has_no_neutral_answer() -> None:
    four = ANSWERS.drop(columns=["share_5", "label_id", "label_en"]).assign(
        share_4=lambda t: 1 - t["share_1"] - t["share_2"] - t["share_3"]
    )
    ax = charts.plot_likert(four)
    bars = [bar for group in ax.containers for bar in group]
    assert [bar.get_x() for bar in bars[:4]] == pytest.approx([-7, -5, 0, 13])
    assert {"93%", "1", "4"} <= set(texts(ax)) and "5" not in texts(ax)


def test_answers_are_told_in_words() -> None:
    said = charts.describe_likert(ANSWERS, lang="id")
    assert "2 butir" in said and "Kelurahan (80%)" in said
    assert "Literasi Digital (40% baik, 40% buruk)" in said


@pytest.mark.slow
@WIDTHS
@LANGUAGES
def test_the_index_stands_in_its_months(lang: str, narrow: bool) -> None:
    ax = charts.plot_trend(INDEX, lang=lang, narrow=narrow, start="2025-12")
    (line,) = lines(ax, "value")
    known = ~np.isnan(line.get_ydata())
    assert line.get_ydata()[known].tolist() == [74.0, 75.5, 77.25, 80.0]
    months = [2025 * 12 + 10, 2025 * 12 + 11, 2026 * 12 + 1, 2026 * 12 + 4]
    assert line.get_xdata()[known].tolist() == months
    assert known.tolist() == [True, True, False, True, False, True]  # two gaps
    assert places(ax, "start") == [2025 * 12 + 11]
    hidden = [text for text in ax.texts if text.get_gid() == "hidden"]
    assert [text.get_text() for text in hidden] == ["•"] and hidden[0].xy[0] == 2026 * 12
    ticks = [text.get_text() for text in ax.get_xticklabels()]
    assert ticks[0] == "Nov\n2025" and ticks[-1].startswith("Mei" if lang == "id" else "May")
    band = {patch.get_gid() for patch in ax.patches}
    assert {"B", "C"} <= band
    assert ("• disamarkan" if lang == "id" else "• suppressed") in texts(ax)


def test_grades_begin_at_their_limits() -> None:
    wide = INDEX.assign(value=[50.0, 70.0, NAN, 80.0, 95.0], low=NAN, high=NAN)
    ax = charts.plot_trend(wide)
    bottoms = {p.get_gid(): p.get_y() for p in ax.patches}
    assert [bottoms[grade] for grade in "ABC"] == [88.31, 76.61, 65.0]
    assert set("ABCD") <= set(texts(ax)) and set(bottoms) == set(trend.GRADES)


def test_names_at_the_ends_do_not_overlap() -> None:
    units = [f"Kelurahan {letter}" for letter in "ABCDEF"]
    table = pd.concat(
        [INDEX.assign(unit=u, value=INDEX["value"] + i / 10) for i, u in enumerate(units)]
    )
    ax = charts.plot_trend(table, narrow=True)
    ax.figure.draw_without_rendering()
    labels = [text for text in ax.texts if text.get_gid() == "end"]
    boxes = sorted((mpl.text.Text.get_window_extent(t) for t in labels), key=lambda box: box.y0)
    assert len(boxes) == 6
    assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))
    assert len({line.get_marker() for line in lines(ax, "value")}) == 6


def test_labels_move_as_little_as_they_can() -> None:
    assert spread([1.0, 2.0, 9.0], [2.0, 4.0, 2.0]) == [0.0, 3.0, 9.0]
    assert spread([1.0, 5.0], [2.0, 2.0]) == [1.0, 5.0] and spread([3.0], [9.0]) == [3.0]


def test_a_survey_of_every_third_month_has_no_gaps() -> None:
    quarters = INDEX.assign(period=["2025-03", "2025-06", "2025-09", "2025-12", "2026-03"])
    (line,) = lines(charts.plot_trend(quarters.assign(value=80.0, suppressed=False)), "value")
    assert line.get_ydata().tolist() == [80.0] * 5


def test_the_index_is_told_in_words() -> None:
    said = charts.describe_trend(INDEX, lang="id")
    assert "Kel. Mayura 74,0 pada November 2025 dan 80,0 pada Mei 2026" in said
    assert "disamarkan: 1" in said
    assert "in November 2025 and 80.0 in May 2026" in charts.describe_trend(INDEX, lang="en")


@pytest.mark.slow
@WIDTHS
@LANGUAGES
def test_months_around_the_training(lang: str, narrow: bool) -> None:
    ax = charts.plot_event(EVENTS, lang=lang, narrow=narrow)
    drawn = [(float(p.get_xdata()[0]), float(p.get_ydata()[0])) for p in lines(ax, "value")]
    assert drawn == [(-2, 0.2), (-1, 0.0), (0, 0.6), (1, 2.1)]
    assert [p.get_marker() for p in lines(ax, "value")] == ["s", "s", "o", "o"]
    assert lines(ax, "value")[1].get_markerfacecolor() == "white"  # all others stand against it
    whiskers = [line.get_ydata().tolist() for line in lines(ax, "interval")]
    assert whiskers[0] == [-0.9, 1.3] and whiskers[-1] == [1.0, 3.2]
    assert places(ax, "start") == [-0.5]
    marks = {text.get_gid(): (text.get_text(), text.xy[0]) for text in ax.texts if text.get_gid()}
    assert marks == {"hidden": ("•", 2), "missing": ("–", 3)}
    said = {"id": ("sebelum pelatihan", "sejak pelatihan"), "en": ("before the training",)}
    assert set(said[lang]) <= set(texts(ax))


def test_the_months_are_told_in_words() -> None:
    said = charts.describe_event(EVENTS, lang="en")
    assert "Before the training 2 points, 0 of them" in said
    assert "since the training 2 points, 1 of them" in said
    assert "month 1: +2.10 (interval +1.00 to +3.20). Without a figure: 2" in said


@EVERY
@LANGUAGES
def test_nothing_to_show_says_so(plot, describe, table, lang: str) -> None:
    figures = table.select_dtypes("float").columns
    hidden = table.assign(suppressed=True, **dict.fromkeys(figures, NAN))
    word = "terlalu sedikit orang" if lang == "id" else "too few people"
    for nothing in (hidden, table.iloc[:0]):
        assert any(word in text.replace("\n", " ") for text in texts(plot(nothing, lang=lang)))
        assert word in describe(nothing, lang=lang)


@pytest.mark.slow
@EVERY
@WIDTHS
def test_only_the_given_axes_change(plot, describe, table, narrow: bool) -> None:
    figure = mpl.figure.Figure()
    ours, other = figure.subplots(1, 2)
    before, size, copy = dict(mpl.rcParams), figure.get_size_inches().tolist(), table.copy()
    assert plot(table, ax=ours, narrow=narrow) is ours
    assert figure.get_size_inches().tolist() == size and not other.has_data()
    assert dict(mpl.rcParams) == before
    pd.testing.assert_frame_equal(table, copy)
    assert plot(table, narrow=narrow).figure.get_figwidth() == (3.5 if narrow else 7.4)


@pytest.mark.slow
@EVERY
@WIDTHS
@LANGUAGES
def test_nothing_is_cut_off(plot, describe, table, narrow: bool, lang: str) -> None:
    figure = plot(table, narrow=narrow, lang=lang).figure
    figure.draw_without_rendering()
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert box.x0 > -0.03 and box.y0 > -0.03
    assert box.x1 < width + 0.03 and box.y1 < height + 0.03
