"""Ways of planning held against each other over many regions, region by region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cakra_analysis.cycles.run import CLAIMS, MEASURED, TRUTH
from cakra_analysis.intervals import t_interval
from cakra_analysis.results import Finding

COLUMNS = ["number", "arm", "compared", "value", "low", "high", "level", "n", "method"]


def compare_arms(closed: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return what each way of planning closes on average, and how much more than the claims do.

    Parameters
    ----------
    closed : DataFrame
        ``Regions.closed``: seed, arm, number, share.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a number of cycles and way of planning, and one for each held against planning with
        claims, sorted: ``number`` (cycles), ``arm``, ``compared`` ("" or "claims"), ``value``
        (share of what would be lacking had nobody been trained, 0-1; or the difference of two
        such shares), ``low``, ``high`` (missing with one region), ``level``, ``n`` (regions),
        ``method``.

    Notes
    -----
    Mean and t interval over regions. A difference is taken within each region first, where both
    ways met the same people, raters and luck, so its interval is narrower than those of the two
    suggest. It says how *such* regions fare on average, *not* how one region will. Pinned by
    ``tests/test_cycle.py``.

    Examples
    --------
    >>> closed = pd.DataFrame({"seed": [1, 1, 2, 2], "arm": ["claims", "measured"] * 2,
    ...                        "number": 1, "share": [0.10, 0.12, 0.20, 0.24]})
    >>> compare_arms(closed)[["arm", "compared", "value"]].round(3).values.tolist()
    [['claims', '', 0.15], ['measured', '', 0.18], ['measured', 'claims', 0.03]]
    """
    wide = closed.pivot(index=["number", "seed"], columns="arm", values="share")
    parts = [wide[arm].rename("share").reset_index().assign(arm=arm, compared="") for arm in wide]
    others = [arm for arm in wide if CLAIMS in wide and arm != CLAIMS]
    for arm in others:
        more = (wide[arm] - wide[CLAIMS]).rename("share").reset_index()
        parts.append(more.assign(arm=arm, compared=CLAIMS))
    keys = ["number", "compared", "arm"]
    groups = pd.concat(parts, ignore_index=True).groupby(keys)["share"]
    table = groups.agg(value="mean", variance="var", n="size").reset_index()
    low, high = t_interval(
        table["value"], table["variance"] / table["n"], table["n"] - 1, confidence
    )
    method = np.where(table["compared"] == "", "mean of regions", "paired difference of regions")
    table = table.assign(low=low, high=high, level=confidence, method=method)
    return table[COLUMNS]


def find_loop(table: pd.DataFrame) -> Finding:
    """Return whether planning with measured effects closes more than planning with claims.

    Parameters
    ----------
    table : DataFrame
        From ``compare_arms``.

    Returns
    -------
    Finding
        ``cycle.loop.more`` or ``.less`` where the interval of the difference after the last cycle
        excludes zero, ``.open`` where it does not, ``.single`` where one region tells of none;
        ``.first`` after one cycle, before which nothing was measured that could differ.
    """
    last = table[table["number"] == table["number"].max()]
    own = last[last["compared"] == ""].set_index("arm")["value"]
    more = last[(last["compared"] == CLAIMS) & (last["arm"] == MEASURED)].iloc[0]
    state = "more" if more["low"] > 0 else "less" if more["high"] < 0 else "open"
    values = {
        "cycles": int(more["number"]),
        "regions": int(more["n"]),
        "claims": float(own[CLAIMS]),
        "measured": float(own[MEASURED]),
        "difference": 100 * abs(float(more["value"])),
        "signed": 100 * float(more["value"]),
        "low": 100 * float(more["low"]),
        "high": 100 * float(more["high"]),
        "truth": float(own.get(TRUTH, np.nan)),
    }
    if np.isnan(more["low"]):
        state = "single"
    if values["cycles"] == 1:
        state = "first"
    return Finding(f"cycle.loop.{state}", values, method=str(more["method"]), n=int(more["n"]))


def score_learnt(learnt: pd.DataFrame) -> pd.DataFrame:
    """Return how near to the truth is what is believed of the courses.

    Parameters
    ----------
    learnt : DataFrame
        ``Regions.learnt``.

    Returns
    -------
    DataFrame
        One row a number of cycles measured: ``number``, ``error`` (root of the mean squared
        difference to the truth, levels), ``high_by`` (mean difference), ``covered`` (share of the
        95% ranges that hold the truth), ``harmful``, ``useless`` (mean of what is
        believed of those that do harm, or nothing), ``n`` (courses of all regions).
    """
    off = learnt["effect"] - learnt["truth"]
    table = learnt.assign(
        squared=off**2,
        off=off,
        covered=learnt["truth"].between(learnt["low"], learnt["high"]),
        harmful=learnt["effect"].where(learnt["kind"] == "harmful"),
        useless=learnt["effect"].where(learnt["kind"] == "useless"),
    )
    found = table.groupby("number").agg(
        error=("squared", "mean"), high_by=("off", "mean"), covered=("covered", "mean"),
        harmful=("harmful", "mean"), useless=("useless", "mean"), n=("off", "size"),
    )  # fmt: skip
    return found.assign(error=np.sqrt(found["error"])).reset_index()
