"""What happens when the courses are held: who stays, what they learn, what tests show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cakra_analysis.cycles.programme import Programme
from cakra_analysis.cycles.world import World
from cakra_analysis.synthetic.people import GROWTH
from cakra_analysis.synthetic.training import NOISE_SD, PER_TRAINED

# A test of 0-100 points: a level is 16 points, as in the synthetic region, where the course that
# adds 8 points is expected to add half a level.
POINTS, LOWEST = 16.0, 20.0
# Leaving, absence, sitting the test after, and how effects differ between people and sessions: as
# in ``synthetic.training``.
LEAVING, ABSENT = 0.06, 0.02
SAT = {"completed": 0.96, "dropped": 0.1, "absent": 0.1, "": 0.93}
OWN_SPREAD, SESSION_SD = 0.3, 0.07
MOST_SESSIONS = 40


@dataclass(frozen=True)
class Held:
    """A cycle's courses, and what they did.

    Attributes
    ----------
    sessions : DataFrame
        session_id, course_id, cycle, assignment.
    attendance : DataFrame
        session_id, staff_id, status (completed, dropped, absent).
    tests : DataFrame
        staff_id, course_id, occasion (pre, post), score (0-100).
    learnt : ndarray of float, shape (people, competencies)
        Levels added by the courses. Nobody in the region sees it.
    """

    sessions: pd.DataFrame
    attendance: pd.DataFrame
    tests: pd.DataFrame
    learnt: np.ndarray


def hold(world: World, programme: Programme, level: np.ndarray, cycle: int) -> Held:
    """Hold a cycle's courses.

    Parameters
    ----------
    world : World
        What courses do, and all luck.
    programme : Programme
        Who is in, who waits.
    level : ndarray, shape (people, competencies)
        True levels before.
    cycle : int
        Row number of the cycle.

    Returns
    -------
    Held
        Tested are those who drew lots, the waiting up to one and a half times as many as the seats;
        in a course without lots everybody in it. Who had another course on the same competency in
        the cycle tells nothing of this one: the agency leaves them out of its tests.

    Notes
    -----
    Luck is that of person and course, whatever else is held. A session's own luck is that of the
    course and the session's number; in which session somebody sits follows from the order of the
    draw, so in another plan the same person may sit in a session with other luck.
    """
    rows = _seat(world, programme)
    rows = rows.assign(status=_stay(world, rows, cycle))
    gains = _learn(world, rows, cycle)
    learnt = np.zeros(level.shape)
    np.add.at(learnt, (rows["person"], rows["item"]), gains)
    seated = rows[rows["session"] >= 0]
    name = world.cycles[cycle]
    sessions = seated.groupby(["session_id", "course_id"], as_index=False)["drew"].max()
    sessions = sessions.assign(cycle=name, assignment=np.where(sessions["drew"], "lot", "applied"))
    attendance = seated[["session_id", "staff_id", "status"]]
    return Held(
        sessions=sessions.drop(columns="drew"),
        attendance=attendance.sort_values(["session_id", "staff_id"], ignore_index=True),
        tests=_test(world, rows, level, gains, cycle),
        learnt=learnt,
    )


def _seat(world: World, programme: Programme) -> pd.DataFrame:
    """Everybody in a course or tested for it: with their session, -1 for those who wait."""
    drawn = programme.lots
    many = programme.portfolio.sessions.set_index("course_id")["sessions"].astype(int)
    seat = drawn["place"] == "seat"
    seats = drawn.groupby("course_id")["place"].transform(lambda places: (places == "seat").sum())
    keep = seat | ((drawn["assignment"] == "lot") & (drawn["order"] <= PER_TRAINED * seats))
    rows = drawn[keep].reset_index(drop=True)
    number = (rows["order"] - 1) % rows["course_id"].map(many)
    session = np.where(rows["place"] == "seat", number, -1)
    drew = rows["assignment"] == "lot"
    course = pd.Index(world.offers["course_id"]).get_indexer(rows["course_id"])
    names = rows["course_id"] + "-" + pd.Series(session + 1).map("{:02d}".format)
    return rows[["course_id", "staff_id"]].assign(
        session=session,
        session_id=names.where(session >= 0),
        drew=drew,
        by_lot=drew.groupby(rows["course_id"]).transform("any"),
        course=course,
        item=world.item[course],
        person=pd.Index(world.staff["staff_id"]).get_indexer(rows["staff_id"]),
    )


def _stay(world: World, rows: pd.DataFrame, cycle: int) -> np.ndarray:
    """What becomes of each in their course; empty for those who wait."""
    luck = world.draw("learning", cycle).random((2, *_shape(world)))
    leaves, away = luck[:, rows["person"], rows["course"]]
    status = np.where(leaves < LEAVING, "dropped", "completed").astype(object)
    status[away < ABSENT] = "absent"
    return np.where(rows["session"] >= 0, status, "")


def _learn(world: World, rows: pd.DataFrame, cycle: int) -> np.ndarray:
    """Levels that each gains by their course."""
    luck = world.draw("sessions", cycle)
    person = luck.standard_normal(_shape(world))[rows["person"], rows["course"]]
    of_session = luck.standard_normal((len(world.offers), MOST_SESSIONS))
    session = of_session[rows["course"], rows["session"] % MOST_SESSIONS]
    effect = world.truth["effect"].to_numpy()[rows["course"]]
    gain = effect * (1 + OWN_SPREAD * person) + SESSION_SD * session
    return np.where(rows["status"] == "completed", gain, 0.0)


def _test(
    world: World, rows: pd.DataFrame, level: np.ndarray, gains: np.ndarray, cycle: int
) -> pd.DataFrame:
    """Scores before and after, of those who can be compared."""
    luck = world.draw("tests", cycle)
    noise = NOISE_SD * luck.standard_normal((2, *_shape(world)))[:, rows["person"], rows["course"]]
    sits = luck.random(_shape(world))[rows["person"], rows["course"]]
    before = level[rows["person"], rows["item"]]
    scores = {"pre": _score(before, noise[0]), "post": _score(before + GROWTH + gains, noise[1])}
    several = _also_elsewhere(rows)
    tells = (rows["drew"] | ~rows["by_lot"]) & ~several
    stays = sits < rows["status"].map(SAT).to_numpy(float)
    table = rows[["staff_id", "course_id"]]
    parts = [
        table.assign(occasion=occasion, score=score)[tells & (stays | (occasion == "pre"))]
        for occasion, score in scores.items()
    ]
    keys = ["course_id", "staff_id", "occasion"]
    return pd.concat(parts).sort_values(keys, ignore_index=True)


def _also_elsewhere(rows: pd.DataFrame) -> pd.Series:
    """Whether somebody came to another course on the same competency."""
    came = rows[(rows["session"] >= 0) & (rows["status"] != "absent")]
    counts = came.groupby(["person", "item"]).size().rename("courses").reset_index()
    here = (rows["session"] >= 0) & (rows["status"] != "absent")
    all_of = rows[["person", "item"]].merge(counts, how="left", validate="many_to_one")["courses"]
    return pd.Series(all_of.fillna(0).to_numpy() - here > 0, index=rows.index)


def _score(level: np.ndarray, noise: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(LOWEST + POINTS * np.clip(level, 0, 5) + noise), 0, 100)


def _shape(world: World) -> tuple[int, int]:
    return len(world.staff), len(world.offers)
