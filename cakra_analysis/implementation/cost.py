"""What courses cost against what the plan put aside for them."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

WORKING_TIME = ("waktu kerja peserta",)  # worth something, but in no training budget
COLUMNS = ["course_id", "planned_sessions", "held", "planned_seats", "came", "planned_idr",
           "rate_idr", "actual_idr", "volume_idr", "price_idr", "over_idr", "over_share",
           "uncosted", "n"]  # fmt: skip


def compare_cost(
    costs: pd.DataFrame,
    sessions: pd.DataFrame,
    offers: pd.DataFrame,
    attendance: pd.DataFrame,
    *,
    plan: pd.DataFrame | None = None,
    leave_out: Collection[str] = WORKING_TIME,
) -> pd.DataFrame:
    """Return what each course cost against its plan, and why the two differ.

    Parameters
    ----------
    costs : DataFrame
        session_id, item, amount_idr.
    sessions : DataFrame
        session_id, course_id; seats where they are known.
    offers : DataFrame
        course_id, cost_session_idr, cost_seat_idr, as ``design.list_offers`` fills them.
    attendance : DataFrame
        session_id, staff_id, status.
    plan : DataFrame, optional
        course_id, sessions, seats, cost_idr of the programme decided on. Without it the plan is
        the sessions as they stand, at the offers' rates.
    leave_out : collection of str
        Items that are no money of the programme.

    Returns
    -------
    DataFrame
        One row a course with a session or a plan, sorted. ``planned_sessions``, ``planned_seats``,
        ``planned_idr``; ``held`` (sessions with anybody in attendance or any cost), ``came``
        (places taken, drop-outs included), ``actual_idr``, ``uncosted`` (sessions held without a
        cost); ``rate_idr`` (what the sessions held would cost at the offers' rates), ``volume_idr``
        = rate - planned (more or fewer sessions and people), ``price_idr`` = actual - rate (dearer
        or cheaper), ``over_idr`` their sum, ``over_share`` (of planned). ``n`` is people who came.
        A rate that is not known gives missing figures; so do sessions held without a cost, for
        actual and what follows from it.

    Notes
    -----
    Venue and trainer stand in the rates only as far as the offers' own costs hold them. Pinned by
    ``tests/test_implementation_delivery.py``.

    Examples
    --------
    >>> costs = pd.DataFrame({"session_id": ["S"], "item": "konsumsi", "amount_idr": [130.0]})
    >>> sessions = pd.DataFrame({"session_id": ["S", "T"], "course_id": "C", "seats": 2})
    >>> offers = pd.DataFrame({"course_id": ["C"], "cost_session_idr": [100.0],
    ...                        "cost_seat_idr": [10.0]})
    >>> attendance = pd.DataFrame({"session_id": ["S"], "staff_id": ["A"], "status": "completed"})
    >>> found = compare_cost(costs, sessions, offers, attendance)
    >>> found[["planned_idr", "volume_idr", "price_idr", "over_idr"]].values.tolist()
    [[240.0, -130.0, 20.0, -110.0]]
    """
    money = costs[~costs["item"].isin(list(leave_out))]
    paid = money.groupby("session_id", observed=True)["amount_idr"].sum()
    came = attendance[attendance["status"].isin(["completed", "dropped"])]
    rows = sessions[["session_id", "course_id"]].assign(
        paid=sessions["session_id"].map(paid).astype(float),
        came=sessions["session_id"].map(came.groupby("session_id").size()).fillna(0).astype(int),
    )
    rows["seats"] = sessions.get("seats", rows["came"]).astype(float).fillna(rows["came"])
    met = rows["session_id"].isin(attendance["session_id"]) | rows["paid"].notna()
    rows = rows.assign(held=met, uncosted=met & rows["paid"].isna())
    people = came.merge(rows[["session_id", "course_id"]], on="session_id", validate="many_to_one")
    groups = rows.groupby("course_id", observed=True)
    table = (
        groups[["held", "came", "uncosted"]]
        .sum()
        .assign(
            actual_idr=groups["paid"].sum(min_count=1),
            n=people.groupby("course_id", observed=True)["staff_id"].nunique(),
            planned_sessions=groups.size(),
            planned_seats=groups["seats"].sum(),
        )
    )
    return _compare(table, offers, plan)


def _compare(table: pd.DataFrame, offers: pd.DataFrame, plan: pd.DataFrame | None) -> pd.DataFrame:
    """Planned, at the rates and actual, course by course."""
    rates = offers.set_index("course_id")[["cost_session_idr", "cost_seat_idr"]].astype(float)
    codes = table.index if plan is None else table.index.union(plan["course_id"])
    table, rates = table.reindex(codes.sort_values()), rates.reindex(codes.sort_values())
    if plan is None:
        money = _price(rates, table["planned_sessions"], table["planned_seats"])
    else:
        told = plan.set_index("course_id").reindex(table.index)
        names = {"sessions": "planned_sessions", "seats": "planned_seats"}
        table = table.assign(**{new: told[old].fillna(0) for old, new in names.items()})
        money = told["cost_idr"].fillna(0.0)
    table = table.fillna(dict.fromkeys(("held", "came", "uncosted", "n"), 0))
    none = table["held"] == 0
    actual = table["actual_idr"].mask(none, 0.0).mask(table["uncosted"] > 0)
    rate = _price(rates, table["held"], table["came"]).mask(none, 0.0)
    table = table.assign(
        planned_idr=money,
        rate_idr=rate,
        actual_idr=actual,
        volume_idr=rate - money,
        price_idr=actual - rate,
        over_idr=actual - money,
        over_share=(actual - money) / money.where(money > 0),
    )
    whole = ["planned_sessions", "held", "planned_seats", "came", "uncosted", "n"]
    return table.astype(dict.fromkeys(whole, int)).rename_axis("course_id").reset_index()[COLUMNS]


def _price(rates: pd.DataFrame, sessions: pd.Series, seats: pd.Series) -> pd.Series:
    return rates["cost_session_idr"] * sessions + rates["cost_seat_idr"] * seats
