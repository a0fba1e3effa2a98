"""From findings to what is proposed for each course, by written rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cakra_analysis.improvement.rules import FACTS, Rule, read_rules

UNTOLD = "cannot_tell"
URGENT = ["stop", "revise_curriculum", "revise_method", "widen", "measure", "keep", UNTOLD]
NOT_UNDER_WAY = ("done", "dropped")


def propose_actions(
    facts: pd.DataFrame,
    *,
    day: pd.Timestamp,
    rules: Sequence[Rule] | None = None,
    owners: pd.DataFrame | None = None,
    log: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what is proposed for each course, and from what it follows.

    Parameters
    ----------
    facts : DataFrame
        From ``gather_facts``.
    day : Timestamp
        Day of the data; months of the rules count from it.
    rules : sequence of Rule, optional
        From ``read_rules``; those of this package unless given.
    owners : DataFrame, optional
        course_id, ``provider``: the office that holds the course answers for the action.
    log : DataFrame, optional
        The table ``actions``: an action of the same kind for the course that is recorded and
        neither done nor dropped passes on its office, day and status.

    Returns
    -------
    DataFrame
        One row a course, in the order of ``facts``: course_id, competency_id, ``kind`` (keep,
        revise_method, revise_curriculum, stop, widen, measure; ``cannot_tell`` where no rule fits),
        ``ground`` (code; ``cannot_tell`` likewise), ``rule`` (its number; 0 = none), ``evidence``
        (the facts that the rule asked for, as "name=value"), ``value``, ``low``, ``high`` (expected
        effect, levels), ``owner`` (missing = nobody named), ``due`` (ISO day, missing where nothing
        is proposed), ``status`` (proposed, or that of the log), ``action_id`` (of the log), and the
        facts.

    Notes
    -----
    Rules are tried in their order and the first that fits decides; see ``rules.toml``. It is a
    proposal by convention, *not* a decision, and no more than its evidence: a fact that is missing
    or suppressed fits no condition. Pinned by ``tests/test_improvement_actions.py``.

    Examples
    --------
    >>> facts = pd.DataFrame({"course_id": ["C"], "competency_id": ["M.1"], "verdict": ["harmful"],
    ...                       "effect": [-0.3], "effect_low": [-0.5], "effect_high": [-0.1]})
    >>> made = propose_actions(facts, day=pd.Timestamp("2026-10-31"))
    >>> made[["kind", "evidence", "due"]].values.tolist()
    [['stop', 'verdict=harmful; effect_high=-0.1', '2026-11-30']]
    """
    tried = read_rules() if rules is None else rules
    rows = facts.reindex(columns=["course_id", "competency_id", *FACTS])
    found = [_decide(row, tried, day) for row in rows.to_dict("records")]
    chosen = pd.DataFrame(found, columns=["kind", "ground", "rule", "evidence", "due"])
    table = rows.reset_index(drop=True).join(chosen).assign(status="proposed", action_id=None)
    providers = None if owners is None else owners.set_index("course_id").get("provider")
    table["owner"] = None if providers is None else table["course_id"].map(providers)
    ends = {"effect": "value", "effect_low": "low", "effect_high": "high"}
    table = table.assign(**{new: table[old] for old, new in ends.items()})
    table["status"] = table["status"].mask(table["kind"] == UNTOLD)
    told = ["owner", "due", "status", "action_id"]
    table = table if log is None else _follow_log(table, log, told)
    shown = ["course_id", "competency_id", "kind", "ground", "rule", "evidence", *ends.values()]
    return table[[*shown, *told, *FACTS]]


def _decide(row: dict[Any, Any], rules: Sequence[Rule], day: pd.Timestamp) -> tuple[object, ...]:
    for number, rule in enumerate(rules, start=1):
        if rule.fits(row):
            keys = "; ".join(f"{name}={_write(row[name])}" for name in rule.when)
            due = (day + pd.DateOffset(months=rule.months)).date().isoformat()
            return rule.kind, rule.ground, number, keys, due
    return UNTOLD, UNTOLD, 0, "", None


def _write(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.3g}"


def _follow_log(table: pd.DataFrame, log: pd.DataFrame, told: list[str]) -> pd.DataFrame:
    """What is recorded already keeps its office, day and status; the latest record counts."""
    keys = ["course_id", "kind"]
    log = log.reindex(columns=[*keys, "cycle", *told])
    live = log[~log["status"].isin(NOT_UNDER_WAY) & log["course_id"].notna()]
    live = live.sort_values(["cycle", "action_id"]).drop_duplicates(keys, keep="last")
    known = table[keys].merge(live[[*keys, *told]], on=keys, how="left", validate="many_to_one")
    return table.assign(**{name: known[name].combine_first(table[name]) for name in told})


def sort_actions(proposed: pd.DataFrame) -> pd.DataFrame:
    """Return the proposals, the most urgent kind first.

    Parameters
    ----------
    proposed : DataFrame
        From ``propose_actions``.

    Returns
    -------
    DataFrame
        Same rows: stop, revise the curriculum, the method, widen, measure, keep, cannot tell; by
        expected effect within a kind, the largest first.

    Examples
    --------
    >>> sort_actions(pd.DataFrame({"kind": ["keep", "stop"], "value": 0.1}))["kind"].tolist()
    ['stop', 'keep']
    """
    place = proposed["kind"].map({kind: number for number, kind in enumerate(URGENT)})
    rows = proposed.assign(place=place)
    rows = rows.sort_values(["place", "value"], ascending=[True, False], ignore_index=True)
    return rows.drop(columns="place")


def list_courses(proposed: pd.DataFrame) -> list[str]:
    """Return the courses for which something is proposed.

    Parameters
    ----------
    proposed : DataFrame
        From ``propose_actions``.

    Returns
    -------
    list of str
        Codes, in the order of the rows.

    Examples
    --------
    >>> list_courses(pd.DataFrame({"course_id": ["A", "B"], "kind": ["keep", "cannot_tell"]}))
    ['A']
    """
    return proposed.loc[proposed["kind"] != UNTOLD, "course_id"].tolist()
