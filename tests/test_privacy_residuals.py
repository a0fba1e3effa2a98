"""Subtraction through the tree: no residual of a handful, nothing told about a hidden row."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakra_analysis.errors import PrivacyError
from cakra_analysis.privacy import publish, read_withheld
from cakra_analysis.privacy.residuals import Family, find_exposing, list_residuals
from cakra_analysis.privacy.suppression import choose_hidden
from cakra_analysis.settings import PrivacySettings

TREE = pd.DataFrame(
    {
        "unit_id": ["R", "G", "H", "a", "b", "c", "d"],
        "parent_id": [None, "R", "R", "G", "G", "H", "H"],
    }
)


def family(parents: list[int], own: list[int], yes: list[int] | None = None) -> Family:
    """Rows counted up a tree from the staff each row has of its own, and those who said yes."""
    people = np.array(own, dtype=float)
    said = np.array(yes if yes else [n // 2 for n in own], dtype=float)
    for row in range(len(own) - 1, 0, -1):
        people[parents[row]] += people[row]
        said[parents[row]] += said[row]
    share = np.divide(said, people, out=np.full(len(own), np.nan), where=people > 0)
    return Family(np.array(parents), people, people, {"share": (share, 0.0, 1.0)})


@st.composite
def trees(draw: st.DrawFn) -> Family:
    size = draw(st.integers(2, 7))
    parents = [-1, *(draw(st.integers(0, row - 1)) for row in range(1, size))]
    own = [draw(st.integers(0, 9)) for _ in range(size)]
    return family(parents, own, [draw(st.integers(0, n)) for n in own])


@settings(max_examples=60, deadline=None)
@given(tree=trees())
def test_the_loss_is_the_least_of_all_choices_that_expose_nobody(tree: Family) -> None:
    must = tree.people < 5
    chosen = choose_hidden(tree, must, fewest=5)
    cost = tree.people + 1
    safe = [
        np.array(choice)
        for choice in itertools.product([False, True], repeat=len(must))
        if not (must & ~np.array(choice)).any()
        and not find_exposing(tree, np.array(choice), must, fewest=5, narrowest=0.1)
    ]
    assert (must <= chosen).all()
    assert cost[chosen].sum() == pytest.approx(min(cost[c].sum() for c in safe))


def test_a_residual_is_a_shown_row_less_its_nearest_shown_descendants() -> None:
    tree = family([-1, 0, 0, 1, 1], [1, 2, 9, 4, 8])
    hidden = np.array([False, True, False, True, False])
    (top, *_) = list_residuals(tree, hidden)
    assert (top.top, top.shown, top.hidden) == (0, [2, 4], [1, 3])


def test_a_rest_of_people_who_all_said_yes_tells_about_the_hidden_unit() -> None:
    tree = family([-1, 0, 0, 0, 0], [0, 3, 4, 30, 9], yes=[0, 3, 4, 10, 2])
    must = tree.people < 5
    alone = find_exposing(tree, must, must, fewest=5, narrowest=0.1)
    assert [part.hidden for part in alone] == [[1, 2]]
    chosen = choose_hidden(tree, must, fewest=5)
    assert chosen.tolist() == [False, True, True, False, True]


def rows(**n: int) -> pd.DataFrame:
    return pd.DataFrame({"unit_id": list(n), "n": list(n.values())}).assign(value=0.4)


def shown(table: pd.DataFrame, name: str = "causes", **options) -> pd.DataFrame:
    options = {"audience": "leadership", "units": TREE} | options
    return publish(table, name, **options).table.set_index("unit_id")


def test_a_unit_hidden_deep_in_the_tree_cannot_be_reached_from_above() -> None:
    out = shown(rows(R=60, G=20, H=40, a=17, b=3, c=20, d=20))
    assert out["suppressed"].to_dict() == {
        "R": False, "G": False, "H": False, "a": True, "b": True, "c": False, "d": False,
    }  # fmt: skip


def test_everybody_and_nobody_is_hidden_with_a_second_unit() -> None:
    table = rows(R=60, G=20, H=40, a=9, b=11, c=20, d=20)
    table["value"] = [0.5, 0.7, 0.4, 1.0, 0.45, 0.4, 0.4]
    out = shown(table)
    assert out.loc["a", "suppressed"] and out["suppressed"].sum() == 2
    assert not shown(table, "gaps").loc["a", "suppressed"]  # a gap of one level is no end


@pytest.mark.slow
def test_a_wider_audience_never_sees_what_a_narrower_one_may_not() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        n = dict(zip("abcd", rng.integers(2, 16, 4), strict=True))
        sums = {"G": n["a"] + n["b"], "H": n["c"] + n["d"]}
        table = rows(R=sum(n.values()), **sums, **n)
        hidden = [
            shown(table, audience=a)["suppressed"] for a in ("internal", "leadership", "public")
        ]
        assert (hidden[0] <= hidden[1]).all() and (hidden[1] <= hidden[2]).all()


def test_cells_held_back_by_the_builder_take_another_along() -> None:
    table = rows(R=60, G=20, H=40, a=9, b=11, c=20, d=20)
    out = shown(table, withheld=[{"table": "causes", "unit_id": "c"}, {"table": "x"}])
    assert out.index[out["suppressed"]].tolist() == ["c", "d"]


def test_what_cannot_be_read_holds_everything_back(tmp_path) -> None:
    with pytest.raises(PrivacyError, match="cannot be read"):
        read_withheld(str(tmp_path / "none.json"))


def test_figures_are_as_exact_as_the_audience_may_have_them() -> None:
    table = pd.DataFrame({"unit_id": ["a"], "n": [23], "value": [0.123456]})
    assert publish(table, "x", audience="internal").table.loc[0, "value"] == 0.1235
    public = publish(table, "x", audience="public").table
    assert public.loc[0, ["n", "value"]].tolist() == [25, 0.12]
    exact = PrivacySettings(decimals=dict.fromkeys(("internal", "leadership", "public"), 6.0))
    kept = publish(table, "x", audience="internal", settings=exact).table
    assert kept.loc[0, "value"] == 0.123456


def test_two_rows_for_one_unit_are_refused() -> None:
    with pytest.raises(PrivacyError, match="two rows for the unit a"):
        shown(pd.concat([rows(R=30, a=9), rows(a=9)], ignore_index=True))


def test_shares_of_categories_are_hidden_with_enough_others() -> None:
    table = rows(R=60, G=20, H=40, a=8, b=12, c=20, d=20).assign(share_tools=0.3)
    out = shown(table)
    assert not out["suppressed"].any()
    assert out.index[out["share_tools"].isna()].tolist() == ["a", "b"]
