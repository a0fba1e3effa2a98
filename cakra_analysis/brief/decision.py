"""What leadership has to decide: the headline, and what follows, in the order of urgency."""

from __future__ import annotations

from collections.abc import Sequence

from cakra_analysis.results import Finding

NAMED = 2  # courses that a headline names
URGENT = ["harmful", "works", "no_sign", "promising", "cannot_tell"]
CHANGES = ["stop", "widen", "revise_curriculum", "revise_method", "measure", "keep"]


def find_decision(leading: Finding, steps: Sequence[Finding]) -> Finding:
    """Say in a headline what is to be decided.

    Parameters
    ----------
    leading : Finding
        The saved finding on the largest gaps.
    steps : sequence of Finding
        The saved next steps of the evaluation, one a verdict that occurs.

    Returns
    -------
    Finding
        ``brief.decide.<stop_keep|stop|keep|test|open|needs|hidden>``: courses to put off and to go
        on with decide; else courses to try again; else, without any that can be judged, ``open``;
        without an evaluation the largest gaps, or what is said of them where none stands out;
        ``hidden`` where neither can be shown.

    Examples
    --------
    >>> works = Finding("evaluation.next.works", {"names": [{"id": "A", "en": "A"}]}, n=1)
    >>> find_decision(Finding("saved.none"), [works]).key
    'brief.decide.keep'
    """
    by_kind = {step.key.rsplit(".", 1)[1]: step for step in steps}
    stop, keep, test = (by_kind.get(kind) for kind in ("harmful", "works", "promising"))
    named = {"stop": stop, "keep": keep, "test": test}
    values = {k: list(f.values["names"])[:NAMED] for k, f in named.items() if f}
    count = sum(f.n for f in steps)
    if stop or keep or test:
        kind = "stop_keep" if stop and keep else "stop" if stop else "keep" if keep else "test"
        return Finding(f"brief.decide.{kind}", values, n=count)
    if steps:
        return Finding("brief.decide.open", {"total": count}, n=count)
    if leading.values.get("names"):
        return Finding("brief.decide.needs", {"names": leading.values["names"]}, n=leading.n)
    is_shown = leading.key.startswith(("needs.leading.gap.", "needs.leading.need."))
    return leading if is_shown else Finding("brief.decide.hidden")


def choose_steps(
    steps: Sequence[Finding],
    *others: Finding,
    changes: Sequence[Finding] = (),
    most: int = 4,
) -> list[Finding]:
    """Return the steps that a short page names.

    Parameters
    ----------
    steps : sequence of Finding
        The saved next steps of the evaluation.
    *others : Finding
        Steps of other stages; they come first. Those without words are left out.
    changes : sequence of Finding
        The saved proposals for the next cycle, one a kind; where there are any they stand in for
        the evaluation's steps, from which they follow.
    most : int
        How many at most.

    Returns
    -------
    list of Finding
        Other stages' steps, then what is most urgent.

    Examples
    --------
    >>> steps = [Finding("evaluation.next.works"), Finding("evaluation.next.harmful")]
    >>> [step.key for step in choose_steps(steps, Finding("saved.none"), Finding("next.gap"))]
    ['next.gap', 'evaluation.next.harmful', 'evaluation.next.works']
    """
    told = [step for step in others if not step.key.endswith(".none")]
    place = {kind: number for number, kind in enumerate([*URGENT, *CHANGES])}
    urgent = sorted(changes or steps, key=lambda step: place[step.key.rsplit(".", 1)[1]])
    return [*told, *urgent][:most]


def choose_told(*findings: Finding) -> list[Finding]:
    """Return the findings that have something to say.

    Parameters
    ----------
    *findings : Finding
        In the order to say them.

    Returns
    -------
    list of Finding
        Without those whose stage was not built or not asked.

    Examples
    --------
    >>> [finding.key for finding in choose_told(Finding("saved.none"), Finding("a.shown"))]
    ['a.shown']
    """
    return [finding for finding in findings if not finding.key.endswith(".none")]
