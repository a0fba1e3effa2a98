"""The chart from claim to what is used next: marks at their values, what nobody measured."""

from __future__ import annotations

import pandas as pd
import pytest

from cakra_analysis import charts
from tests.test_charts import texts

NAN = float("nan")
TABLE = pd.DataFrame(
    {
        "name_id": ["Pelayanan", "Literasi digital", "Kecil"],
        "name_en": ["Service", "Digital literacy", "Small"],
        "prior": [0.5, 0.3, NAN], "prior_low": [0.3, 0.1, NAN], "prior_high": [0.7, 0.5, NAN],
        "data": [0.2, NAN, NAN], "data_low": [0.0, NAN, NAN], "data_high": [0.4, NAN, NAN],
        "value": [0.3, 0.28, NAN], "low": [0.1, -0.1, NAN], "high": [0.5, 0.66, NAN],
        "status": ["evaluated", "borrowed", None], "suppressed": [False, False, True],
    }
)  # fmt: skip


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_marks_stand_at_their_values_and_hidden_rows_say_so(lang: str, narrow: bool) -> None:
    ax = charts.plot_posterior(TABLE, lang=lang, narrow=narrow)
    found = {
        gid: [float(line.get_xdata()[0]) for line in ax.lines if line.get_gid() == gid]
        for gid in ("claim", "data", "posterior")
    }
    assert found == {"claim": [0.5, 0.3], "data": [0.2], "posterior": [0.3, 0.28]}
    ends = [tuple(line.get_xdata()) for line in ax.lines if line.get_gid() == "interval"]
    assert (0.0, 0.4) in ends and (-0.1, 0.66) in ends and len(ends) == 5
    forms = {line.get_marker() for line in ax.lines if line.get_gid() in found}
    assert len(forms) == 3
    said = " ".join(texts(ax)).replace("\n", " ")
    unmeasured = {"id": "belum pernah diukur", "en": "never measured"}[lang]
    assert (unmeasured in said) != narrow
    assert {"id": "disamarkan", "en": "suppressed"}[lang] in said


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("size", [0.1, 1.0, 4.0])
def test_small_and_large_effects_can_be_read_off(size: float, narrow: bool) -> None:
    figures = ["prior", "prior_low", "prior_high", "data", "data_low", "data_high", "value", "low",
               "high"]  # fmt: skip
    table = TABLE.assign(**(size * TABLE[figures]))
    ax = charts.plot_posterior(table, lang="en", narrow=narrow)
    left, right = ax.get_xlim()
    inside = [text.get_text() for text in ax.get_xticklabels()]
    assert 2 <= len(inside) <= 7 and len(set(inside)) == len(inside)
    assert all(left <= place <= right for place in ax.get_xticks())


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_chart_in_words(lang: str) -> None:
    said = charts.describe_posterior(TABLE, lang=lang)
    assert "3" in said and TABLE[f"name_{lang}"][0] in said
    nobody = charts.describe_posterior(TABLE.iloc[1:2], lang=lang)
    assert nobody != said and TABLE[f"name_{lang}"][0] not in nobody
    hidden = TABLE.tail(1)
    assert charts.describe_posterior(hidden, lang=lang)
    assert not [a for a in charts.plot_posterior(hidden, lang=lang).lines if a.get_gid()]
