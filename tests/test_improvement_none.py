"""A first year has no actions, no log, no evaluations: the page says so and does not break."""

from __future__ import annotations

import pandas as pd
import pytest

from cakra_analysis import improvement
from cakra_analysis.report.voice import Voice
from cakra_analysis.results import Finding

EMPTY = pd.DataFrame({"suppressed": pd.Series(dtype=bool), "value": pd.Series(dtype=float),
                      "method": pd.Series(dtype=object)})  # fmt: skip
SAID = [
    (improvement.find_results(EMPTY), "better", "helped_actions", "acted.none"),
    (improvement.find_results(EMPTY.reindex([0]).assign(suppressed=True)), "better",
     "helped_actions", "acted.hidden"),
    (improvement.find_log(EMPTY), "overdue", "overdue_actions", "log.none"),
    (improvement.find_learnt(EMPTY), "count", "measured_courses", "learnt.none"),
    (improvement.find_proposed(EMPTY), "changed", "changing", "proposed.none"),
    (improvement.find_worth(EMPTY), "value", "changing", "worth.none"),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(("finding", "value", "figure", "key"), SAID, ids=[s[3] for s in SAID])
def test_nothing_is_said_as_nothing(
    finding: Finding, value: str, figure: str, key: str, lang: str
) -> None:
    assert finding.key == f"improvement.{key}"
    voice = Voice(lang)
    assert all(voice.say(finding, part) for part in ("title", "head", "text"))
    shown, text = voice.fact(finding, value, "count", figure)
    assert shown == "–" and text
