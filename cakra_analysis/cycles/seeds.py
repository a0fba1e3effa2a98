"""The same cycles in many regions: what each way of planning closes, and what is learnt."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import active_children, get_context

import pandas as pd

from cakra_analysis.cycles.run import ARMS, CLAIMS, MEASURED, Year, believe, run_cycles
from cakra_analysis.cycles.world import STAFF, World, make_world


@dataclass(frozen=True)
class Regions:
    """What became of many regions.

    Attributes
    ----------
    closed : DataFrame
        One row a region, way of planning and cycle: seed, arm, cycle, ``number`` (1, 2, ...),
        ``closed`` (levels that the programmes so far closed), ``share`` (of what would be lacking
        had nobody been trained, 0-1), ``seats``, and of them ``useless`` and ``harmful``.
    learnt : DataFrame
        One row a region, course and number of cycles measured, where evidence is used: seed,
        ``number`` (0 = the catalogue), course_id, ``truth`` (levels), ``kind``, ``effect``,
        ``low``, ``high`` (what is believed), ``evaluations``.
    """

    closed: pd.DataFrame
    learnt: pd.DataFrame


def run_regions(
    seeds: Iterable[int],
    *,
    staff: int = STAFF,
    cycles: int = 3,
    arms: Sequence[str] = ARMS,
    lots: bool = True,
    workers: int = 1,
    done: Callable[[int], object] = int,
) -> Regions:
    """Run many regions through their cycles, in each way of planning.

    Parameters
    ----------
    seeds : iterable of int
        One a region.
    staff, cycles : int
        Size of the regions, and how many cycles they live.
    arms : sequence of str
        Of ``ARMS``.
    lots : bool
        Whether seats are drawn by lot.
    workers : int
        Processes; 0 = one a core. It changes nothing but the time.
    done : callable
        Told each seed that is through.

    Returns
    -------
    Regions
        Sorted by seed.
    """
    one = partial(run_region, staff=staff, cycles=cycles, arms=tuple(arms), lots=lots)
    seeds = list(seeds)
    found: dict[int, Regions] = {}
    many = min(workers or os.cpu_count() or 1, len(seeds))
    if many <= 1:
        for seed in seeds:
            found[seed] = one(seed)
            done(seed)
        return _join([found[seed] for seed in seeds])
    spawn = get_context("spawn")
    pool = ProcessPoolExecutor(many, mp_context=spawn, initializer=_leave_interrupts_to_parent)
    try:
        waiting = {pool.submit(one, seed): seed for seed in seeds}
        for ready in as_completed(waiting):
            found[waiting[ready]] = ready.result()
            done(waiting[ready])
    except BaseException:  # interrupted, or a region failed: nobody waits for the others
        for worker in active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return _join([found[seed] for seed in seeds])


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run_region(
    seed: int,
    *,
    staff: int = STAFF,
    cycles: int = 3,
    arms: Sequence[str] = ARMS,
    lots: bool = True,
) -> Regions:
    """Run one region through its cycles, in each way of planning.

    Parameters
    ----------
    seed : int
        Of the region.
    staff, cycles : int
        Its size, and how many cycles it lives.
    arms : sequence of str
        Of ``ARMS``.
    lots : bool
        Whether seats are drawn by lot.

    Returns
    -------
    Regions
        Of one.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # more threads may add up in another order
        world = make_world(seed, staff=staff, cycles=cycles)
        ran: dict[str, list[Year]] = {}
        for arm in arms:
            known = ran[CLAIMS][0].programme if arm == MEASURED and CLAIMS in ran else None
            ran[arm] = run_cycles(world, arm, lots=lots, first=known)
    closed = [list_closed(world, arm, years) for arm, years in ran.items()]
    learnt = [list_learnt(world, ran[MEASURED])] if MEASURED in ran else []
    return _join([Regions(table, pd.DataFrame()) for table in closed]
                 + [Regions(pd.DataFrame(), table) for table in learnt])  # fmt: skip


def list_closed(world: World, arm: str, years: Sequence[Year]) -> pd.DataFrame:
    """Return what a region's programmes have truly closed, cycle by cycle.

    Parameters
    ----------
    world : World
        The region.
    arm : str
        Its way of planning.
    years : sequence of Year
        From ``run_cycles``.

    Returns
    -------
    DataFrame
        One row a cycle; see ``Regions.closed``.
    """
    kind = world.truth.set_index("course_id")["kind"]
    rows = []
    for number, year in enumerate(years, start=1):
        drawn = year.programme.lots
        kinds = drawn.loc[drawn["place"] == "seat", "course_id"].map(kind)
        rows.append(
            {
                "seed": world.seed,
                "arm": arm,
                "cycle": year.cycle,
                "number": number,
                "closed": year.closed,
                "share": year.closed / year.untrained,
                "seats": len(kinds),
                "useless": int((kinds == "useless").sum()),
                "harmful": int((kinds == "harmful").sum()),
            }
        )
    return pd.DataFrame(rows)


def list_learnt(world: World, years: Sequence[Year]) -> pd.DataFrame:
    """Return what a region believes of its courses after each cycle, the truth beside it.

    Parameters
    ----------
    world : World
        The region.
    years : sequence of Year
        From ``run_cycles``, with evidence used.

    Returns
    -------
    DataFrame
        One row a course and number of cycles; see ``Regions.learnt``.
    """
    beliefs = [world.claims.assign(evaluations=0)]
    beliefs += [
        believe(year.learnt).assign(evaluations=year.learnt["evaluations"]) for year in years
    ]
    truth = world.truth.rename(columns={"effect": "truth"})
    parts = [
        belief.merge(truth, on=["course_id", "competency_id"], validate="one_to_one").assign(
            seed=world.seed, number=number
        )
        for number, belief in enumerate(beliefs)
    ]
    columns = ["seed", "number", "course_id", "truth", "kind", "effect", "low", "high"]
    return pd.concat(parts, ignore_index=True)[[*columns, "evaluations"]]


def _join(parts: Sequence[Regions]) -> Regions:
    tables = [
        [table for table in (getattr(part, name) for part in parts) if len(table)]
        for name in ("closed", "learnt")
    ]
    return Regions(*(pd.concat(t, ignore_index=True) if t else pd.DataFrame() for t in tables))
