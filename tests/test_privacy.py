"""The one door: thresholds, companions, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakra_analysis.errors import PrivacyError
from cakra_analysis.privacy import publish

UNITS = pd.DataFrame(
    {"unit_id": ["R", "A", "B", "C", "D"], "parent_id": [None, "R", "R", "R", "R"]}
)


def table(**n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit_id": list(n),
            "competency_id": "M.1",
            "value": 1.0,
            "low": 0.5,
            "n": list(n.values()),
        }
    ).assign(category="low", level=0.95, method="mean")


def hidden(published) -> set[str]:
    return set(published.table.loc[published.table["suppressed"], "unit_id"])


def test_figures_with_too_few_people_are_removed_and_marked() -> None:
    out = publish(table(A=5, B=4), "gaps", audience="leadership").table
    assert out.loc[0, ["value", "n"]].tolist() == [1.0, 5]
    assert out.loc[1, ["value", "low", "n", "category"]].isna().all()
    assert out.loc[1, ["level", "method"]].tolist() == [0.95, "mean"]
    assert out["suppressed"].tolist() == [False, True]


def test_the_public_threshold_is_higher() -> None:
    assert hidden(publish(table(A=9), "gaps", audience="internal")) == set()
    assert hidden(publish(table(A=9), "gaps", audience="public")) == {"A"}


def test_a_lone_hidden_unit_takes_its_smallest_sibling_along() -> None:
    out = publish(table(R=30, A=12, B=8, C=3, D=7), "gaps", audience="internal", units=UNITS)
    assert hidden(out) == {"C", "D"} and out.hidden == 2
    two = publish(table(R=30, A=12, B=11, C=3, D=4), "gaps", audience="internal", units=UNITS)
    assert hidden(two) == {"C", "D"}


def test_without_the_parent_shown_nothing_more_is_hidden() -> None:
    out = publish(table(A=12, B=8, C=3), "gaps", audience="internal", units=UNITS)
    assert hidden(out) == {"C"}


def test_a_hidden_parent_cannot_be_added_up_from_its_children() -> None:
    units = pd.DataFrame(
        {
            "unit_id": ["R", "G", "H", "I", "a", "b"],
            "parent_id": [None, "R", "R", "R", "G", "G"],
        }
    )
    rows = table(R=45, G=12, H=3, I=30, a=6, b=6)
    assert "G" in hidden(publish(rows, "gaps", audience="internal", units=units))
    assert hidden(publish(rows, "gaps", audience="internal", units=units)) & {"a", "b"}


def test_a_units_own_staff_cannot_be_subtracted() -> None:
    own_two = table(R=14, A=6, B=6)
    assert hidden(publish(own_two, "gaps", audience="internal", units=UNITS)) & {"A", "B"}
    two_and_two = table(R=20, A=8, B=8, C=2, D=2)
    assert len(hidden(publish(two_and_two, "gaps", audience="internal", units=UNITS))) == 3


def test_categories_of_a_handful_or_of_people_all_alike_are_hidden() -> None:
    rows = table(A=9, B=12, C=12).assign(share_o=[0.4, 0.5, 1.0], share_ko=[0.6, 0.5, 0.0])
    out = publish(rows, "gaps", audience="internal").table
    assert out["share_o"].isna().tolist() == [True, False, True]
    assert out["value"].notna().all()


sizes = st.dictionaries(st.sampled_from("ABCD"), st.integers(1, 12), min_size=2)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(n=sizes)
def test_no_hidden_unit_is_the_only_unknown_of_a_sum(n: dict[str, int]) -> None:
    rows = table(R=sum(n.values()), **n)
    out = publish(rows, "gaps", audience="internal", units=UNITS).table.set_index("unit_id")
    if not out.loc["R", "suppressed"]:
        lone = out.drop(index="R")["suppressed"].sum() == 1
        assert not lone
    assert out.loc[~out["suppressed"], "n"].min() >= 5 or out["suppressed"].all()


@pytest.mark.parametrize("column", ["staff_id", "stakeholder_id", "nip"])
def test_a_table_about_persons_is_refused(column: str) -> None:
    with pytest.raises(PrivacyError, match="names persons"):
        publish(table(A=9).assign(**{column: "x"}), "gaps", audience="internal")


def test_what_is_unknown_fails_closed() -> None:
    with pytest.raises(PrivacyError, match='Did you mean "leadership"'):
        publish(table(A=9), "gaps", audience="leaders")
    with pytest.raises(PrivacyError, match='no column "n"'):
        publish(table(A=9).drop(columns="n"), "gaps", audience="internal")
    unknown = table(A=9).assign(n=np.nan)
    assert hidden(publish(unknown, "gaps", audience="internal")) == {"A"}


def test_rows_of_units_in_order() -> None:
    out = publish(table(A=9, B=8, C=7), "gaps", audience="internal")
    assert out.of_units("C", "A").table["unit_id"].tolist() == ["C", "A"]
    assert out.largest_first("n").table["unit_id"].tolist() == ["A", "B", "C"]
    assert out.of_units("C").threshold == 5
