"""What stands beside the figures of a hidden row, and counts beside the one that decides."""

from __future__ import annotations

import pandas as pd
import pytest

from cakra_analysis.privacy import publish

UNITS = pd.DataFrame({"unit_id": list("RAB"), "parent_id": [None, "R", "R"]})


def shown(name: str, **columns) -> pd.DataFrame:
    return publish(pd.DataFrame(columns), name, audience="internal").table


def test_whatever_a_hidden_row_says_goes_with_it() -> None:
    columns = {"leaning": ["x", "y"], "improved": pd.Series([True, True], dtype=object)}
    out = shown("any", unit_id=["A", "B"], n=[9, 3], staff=[9, 3], name_id=["a", "b"], **columns)
    assert out.loc[1, ["n", "staff", "leaning", "improved"]].isna().all()
    assert out["name_id"].tolist() == ["a", "b"] and out.loc[0, "leaning"] == "x"


def test_names_that_describe_a_group_go_with_its_figures() -> None:
    out = shown("segments", segment=[1, 2], n=[9, 3], name_id=["a", "b"])
    assert out["name_id"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("name", "column"), [("response", "rated"), ("participation", "completed")]
)
def test_a_second_count_is_nobody_or_enough_people(name: str, column: str) -> None:
    out = shown(name, unit_id=list("ABC"), n=[20, 20, 20], **{column: [4, 0, 5]})
    assert out["suppressed"].tolist() == [True, False, False]


def test_a_row_hidden_for_its_second_count_takes_another_along() -> None:
    rows = {"unit_id": list("RAB"), "n": [40, 20, 20], "rated": [14, 4, 10]}
    out = publish(pd.DataFrame(rows), "response", audience="internal", units=UNITS).table
    assert out["suppressed"].tolist() == [False, True, True]


def test_of_a_part_that_is_too_small_only_its_figures_go() -> None:
    later = {"n_retention": [9, 4, 0], "retention": [1.0, 2.0, None], "retention_low": 0.5}
    out = shown("learning", course_id=list("ABC"), n=[20, 20, 20], value=[1.0, 2.0, 3.0], **later)
    assert out["value"].notna().all() and not out["suppressed"].any()
    assert out["n_retention"].isna().tolist() == [False, True, False]
    assert out.loc[1, ["retention", "retention_low"]].isna().all()


@pytest.mark.parametrize(
    ("name", "column", "end"),
    [
        ("learning_hours", "share_reached", 0.0),
        ("learning_hours", "share_reached", 1.0),
        ("recommend", "value", 100.0),
        ("gaps", "need_share", 0.0),
    ],
)
def test_a_figure_that_tells_about_everybody_is_hidden(name: str, column: str, end: float) -> None:
    out = shown(name, unit_id=["A", "B"], n=[20, 20], **{column: [end, 0.5]})
    assert out["suppressed"].tolist() == [True, False]
