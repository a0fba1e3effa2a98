"""Three cycles of a region, planned in one of several ways: from needs to improvement, again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis.cycles.held import Held, hold
from cakra_analysis.cycles.measured import COLUMNS, measure
from cakra_analysis.cycles.programme import Programme, find_gaps, plan_cycle
from cakra_analysis.cycles.world import World
from cakra_analysis.improvement import update_effects
from cakra_analysis.settings import Settings

# Ways of planning: with the catalogue's claims, with what was measured, with what is true (which
# nobody can; it is the most that could be reached).
CLAIMS, MEASURED, TRUTH = "claims", "measured", "truth"
ARMS = (CLAIMS, MEASURED, TRUTH)
KEPT = 0.8  # of what was learnt is still there a year later, as in ``synthetic.training``
EFFECTS = ["course_id", "competency_id", "effect", "low", "high"]


@dataclass(frozen=True)
class Year:
    """One cycle of one way of planning.

    Attributes
    ----------
    cycle : str
        Its name.
    believed : DataFrame
        What the programme was planned with: course_id, competency_id, effect, low, high.
    programme : Programme
        Gaps, plan and lots.
    held : Held
        Attendance, tests and what was truly learnt.
    evaluations : DataFrame
        What was found this cycle; empty unless evidence is used.
    learnt : DataFrame
        From ``update_effects`` after this cycle; empty unless evidence is used.
    lacking : float
        Levels truly below the standards at the cycle's end, over those in service.
    untrained : float
        The same had nobody been trained in any cycle.
    """

    cycle: str
    believed: pd.DataFrame
    programme: Programme
    held: Held
    evaluations: pd.DataFrame
    learnt: pd.DataFrame
    lacking: float
    untrained: float

    @property
    def closed(self) -> float:
        """Levels that the programmes so far have closed: untrained less lacking."""
        return self.untrained - self.lacking


def run_cycles(
    world: World,
    arm: str,
    *,
    settings: Settings | None = None,
    lots: bool = True,
    first: Programme | None = None,
) -> list[Year]:
    """Run a region through its cycles.

    Parameters
    ----------
    world : World
        From ``make_world``.
    arm : str
        One of ``ARMS``: what programmes are planned with.
    settings : Settings, optional
        As usual if missing; of the section ``improvement`` what ``update_effects`` takes, since
        the arm says what is planned with.
    lots : bool
        Whether seats are drawn by lot; see ``plan_cycle``.
    first : Programme, optional
        The first cycle's, where it is known already: the claims are all that anybody has then.

    Returns
    -------
    list of Year
        One a cycle. True levels grow a little by themselves, as everybody's do in the synthetic
        region; a fifth of what courses added is lost each year; people leave and join.
    """
    settings = settings or Settings()
    added = np.zeros(world.people.level.shape)
    believed = {TRUTH: world.truth}.get(arm, world.claims)
    completed = pd.DataFrame({"staff_id": [], "course_id": []}, dtype="str")
    found = pd.DataFrame(columns=COLUMNS)
    years: list[Year] = []
    for cycle, name in enumerate(world.cycles):
        level = _level(world, cycle, added)
        programme = first if first and cycle == 0 else _plan(
            world, level, believed, completed, cycle, settings, lots
        )  # fmt: skip
        held = hold(world, programme, level, cycle)
        added = added + held.learnt
        completed = pd.concat([completed, _list_completed(held)], ignore_index=True)
        lacking = [_sum_lacking(world, cycle, extra) for extra in (added, 0 * added)]
        now, learnt = found.head(0), pd.DataFrame()
        if arm == MEASURED:
            now = measure(world, held, settings)
            found = pd.concat([found, now], ignore_index=True) if len(found) else now
            learnt = _learn(world, found, name, settings)
        years.append(Year(name, believed, programme, held, now, learnt, *lacking))
        if arm == MEASURED:
            believed = believe(learnt)
        added = KEPT * added
    return years


def _plan(
    world: World,
    level: np.ndarray,
    believed: pd.DataFrame,
    completed: pd.DataFrame,
    cycle: int,
    settings: Settings,
    lots: bool,
) -> Programme:
    gaps = find_gaps(world, level, cycle, settings)
    effects = believed.reindex(columns=EFFECTS)
    return plan_cycle(world, gaps, effects, completed, cycle=cycle, settings=settings, lots=lots)


def _learn(world: World, found: pd.DataFrame, cycle: str, settings: Settings) -> pd.DataFrame:
    weights = {n: getattr(settings.improvement, n) for n in ("grades", "decay", "bias", "spread")}
    return update_effects(world.claims, world.offers, found, cycle=cycle, **weights)


def believe(learnt: pd.DataFrame) -> pd.DataFrame:
    """Return what the next programme is planned with.

    Parameters
    ----------
    learnt : DataFrame
        From ``update_effects``.

    Returns
    -------
    DataFrame
        course_id, competency_id, effect, low, high.
    """
    return learnt[["course_id", "competency_id", "value", "low", "high"]].rename(
        columns={"value": "effect"}
    )


def _level(world: World, cycle: int, added: np.ndarray) -> np.ndarray:
    return np.clip(world.people.level_in(cycle).astype(float) + added, 0, 5)


def _sum_lacking(world: World, cycle: int, added: np.ndarray) -> float:
    """Levels below the standards at a cycle's end, over those who served in it."""
    short = world.people.required - _level(world, cycle + 1, added)
    return float(np.maximum(short, 0)[world.people.serving_in(cycle)].sum())


def _list_completed(held: Held) -> pd.DataFrame:
    done = held.attendance[held.attendance["status"] == "completed"]
    done = done.merge(held.sessions[["session_id", "course_id"]], on="session_id")
    return done[["staff_id", "course_id"]]
