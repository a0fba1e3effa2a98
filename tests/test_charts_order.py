"""Charts of order and importance, ranges in tables: what is drawn stands where the table says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cakra_analysis import charts
from cakra_analysis.errors import SettingsError
from cakra_analysis.privacy import publish
from cakra_analysis.report.tables import write_table
from cakra_analysis.settings import read_settings
from tests.test_charts import texts

NAMES = {
    "name_id": ["Pelayanan publik", "Literasi digital", "Integritas"],
    "name_en": ["Public service", "Digital literacy", "Integrity"],
}
RANKED = pd.DataFrame(
    NAMES
    | {
        "competency_id": ["M.5", "T.1", "M.1"],
        "rank": [1.0, 2.0, 3.0],
        "rank_low": [1, 1, 3],
        "rank_high": [1, 3, 3],
        "top_share": [1.0, 0.8, 0.2],
        "suppressed": False,
    }
)
PLACES = pd.DataFrame(
    NAMES
    | {
        "competency_id": ["M.5", "T.1", "M.1"],
        "importance": [4.6, 4.4, 3.9],
        "performance": [2.6, 2.5, 3.6],
        "middle_importance": 4.3,
        "middle_performance": 2.9,
        "quadrant_data": ["concentrate", "concentrate", "overkill"],
        "quadrant_scale": ["concentrate", "concentrate", "keep up"],
    }
)


@pytest.mark.parametrize("narrow", [False, True])
def test_ranks_stand_at_their_places(narrow: bool) -> None:
    ax = charts.plot_ranks(RANKED, lang="en", narrow=narrow, top=2)
    points = [line for line in ax.lines if line.get_gid() == "rank"]
    assert [p.get_xdata()[0] for p in points] == [1, 2, 3]
    bands = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 7]
    assert [round(max(b) - min(b)) for b in bands] == [0, 2, 0]
    sure = [p.get_color() == charts.ranks.theme.TERRACOTTA for p in points]
    assert sure == [True, False, False]
    assert {"100%", "80%", "20%"} <= set(texts(ax))
    said = charts.describe_ranks(RANKED, lang="en", top=2)
    assert "Public service, rank 1 to 1" in said and "1 almost surely among the first 2" in said


@pytest.mark.parametrize("narrow", [False, True])
def test_importance_stands_against_performance(narrow: bool) -> None:
    ax = charts.plot_importance(PLACES, lang="id", narrow=narrow)
    points = [line for line in ax.lines if line.get_gid() == "point"]
    drawn = {(x, y) for p in points for x, y in zip(p.get_xdata(), p.get_ydata(), strict=True)}
    assert drawn == set(zip(PLACES["performance"], PLACES["importance"], strict=True))
    assert len({p.get_marker() for p in points}) == 2  # the form tells the quadrant, too
    assert ("M.5" if narrow else "Pelayanan publik") in texts(ax)
    assert "3,0" in texts(ax)
    assert "Pelayanan publik (kepentingan 4,6" in charts.describe_importance(PLACES, lang="id")


@pytest.mark.parametrize("plot", [charts.plot_ranks, charts.plot_importance])
def test_nothing_to_show_says_so(plot) -> None:
    table = RANKED if plot is charts.plot_ranks else PLACES
    hidden = table.assign(rank=np.nan, importance=np.nan)
    assert any("terlalu sedikit" in t for t in texts(plot(hidden, lang="id")))
    describe = {charts.plot_ranks: charts.describe_ranks}.get(plot, charts.describe_importance)
    assert "terlalu sedikit" in describe(hidden, lang="id")


def test_a_range_of_one_rank_is_one_number_and_absent_columns_are_left_out() -> None:
    columns = ["name:item:text", "interval:ranks:ranks", "interval:shaken:shaken", "b:budget:open"]
    html = write_table(RANKED, columns, "en", {"item": "competency"})
    assert ">1</span>" in html and ">1 – 3</span>" in html
    assert "weights shift" not in html and "Budget" in html and html.count('<th scope="col"') == 3


def test_words_of_the_catalogue_stand_for_codes() -> None:
    columns = ["name:item:text", "quadrant_scale:quadrant_scale:quadrant"]
    html = write_table(PLACES.assign(suppressed=False), columns, "id", {"item": "kompetensi"})
    assert "pertahankan" in html and "keep up" not in html


def test_a_published_table_can_be_narrowed() -> None:
    table = publish(RANKED.assign(n=9).drop(columns="suppressed"), "gaps", audience="internal")
    assert table.of_items("T.1", "M.5").table["competency_id"].tolist() == ["T.1", "M.5"]
    assert len(table.only(True).table) == 3 and table.only(False).table.empty


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[stakeholders]\nweights = { public = -1.0 }", "stakeholders.weights"),
        ("[stakeholders]\nweights = { citizens = 1.0 }", "citizens"),
        ("[learning]\nleast_jp = 0.0", "learning hours"),
        ("[gap]\nfalse_rate = 0.9", "gap.false_rate"),
    ],
)
def test_impossible_settings_are_refused(tmp_path, text: str, said: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=said):
        read_settings(file)
