"""What stands in a session's way, said in plain words with its numbers."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from .timetable_inputs import Inputs
from .timetable_options import split_equipment

SHOWN = 8  # sessions named before "and so many more"


def tell_alone(inputs: Inputs, rules: tuple[str, ...]) -> str:
    """Say why one session has no place.

    Parameters
    ----------
    inputs : Inputs
        Tables reduced to this session.
    rules : tuple of str
        The rules that it cannot keep together.

    Returns
    -------
    str
        One sentence that names the session, its course and what each rule asks for.
    """
    session = inputs.sessions.iloc[0]
    offers = inputs.offers
    offer = offers[offers["course_id"].eq(session["course_id"])].iloc[0]
    asks = [_ASKS[rule](inputs, session, offer) for rule in rules]
    return f"Session {session['session_id']} of course {session['course_id']} has no place: " + (
        "; ".join(asks) + "."
    )


def tell_together(inputs: Inputs, rules: tuple[str, ...]) -> str:
    """Say which sessions have no place together.

    Parameters
    ----------
    inputs : Inputs
        Tables reduced to these sessions.
    rules : tuple of str
        The rules that they cannot keep together.

    Returns
    -------
    str
        One sentence that names the sessions, their courses and what is too short.
    """
    codes = sorted(inputs.sessions["session_id"].astype(str))
    courses = sorted(set(inputs.sessions["course_id"].astype(str)))
    named = ", ".join(codes[:SHOWN]) + ("" if len(codes) <= SHOWN else ", ...")
    short = [text for rule, text in _TOGETHER.items() if rule in rules]
    return (
        f"{len(codes)} sessions have no place together ({named}; course "
        f"{', '.join(courses[:SHOWN])}): {'; '.join(short) or 'the rules leave no day'}."
    )


_TOGETHER = {
    "trainer_once": "those who can teach them have too few days",
    "room_once": "the rooms that fit have too few days",
    "away": "they call away more of a unit than may be away on one day",
    "requires": "a course must follow the one that it requires",
    "fixed": "some are fixed where they cannot stay",
}

Ask = Callable[[Inputs, pd.Series, pd.Series], str]


def _ask_away(inputs: Inputs, session: pd.Series, _: pd.Series) -> str:
    rows = inputs.session_units
    rows = rows[rows["session_id"].eq(session["session_id"])]
    rows = rows.merge(inputs.unit_people, on="unit_id", validate="m:1")
    most = (inputs.away * rows["people"] + 1e-9).astype(int).clip(lower=1)
    over = rows[rows["seats"] > most]
    if over.empty:
        return "too many of a unit would be away"
    first = over.iloc[0]
    return (
        f"it calls {int(first['seats'])} of the {int(first['people'])} people of "
        f"{first['unit_id']}, of whom {int(most[over.index[0]])} may be away on a day"
    )


def _ask_equipment(_: Inputs, __: pd.Series, offer: pd.Series) -> str:
    return f"the room must have {', '.join(sorted(split_equipment(offer['equipment'])))}"


def _ask_capacity(inputs: Inputs, session: pd.Series, _: pd.Series) -> str:
    largest = inputs.venues["capacity"].max()
    return f"the room must hold {session['seats']} people (the largest of all holds {largest})"


def _ask_hours(limit: str, where: str) -> Ask:
    def ask(inputs: Inputs, _: pd.Series, offer: pd.Series) -> str:
        hours = float(offer["hours_jp"]) / int(offer["meeting_days"])
        return f"a meeting takes {hours:g} JP and {where} holds {getattr(inputs, limit):g}"

    return ask


def _plain(text: str) -> Ask:
    def ask(_: Inputs, session: pd.Series, offer: pd.Series) -> str:
        return text.format(
            meetings=offer["meeting_days"], spacing=offer["spacing_days"], **session.to_dict()
        )

    return ask


_ASKS: dict[str, Ask] = {
    "day": _plain("the days left besides the hard ones are too few"),
    "hours": _ask_hours("day_jp", "a day"),
    "ramadan": _ask_hours("ramadan_jp", "a day of Ramadan"),
    "spacing": _plain("it meets {meetings} times, {spacing} days apart at least"),
    "unit": _plain("a unit that sends people is closed for training"),
    "capacity": _ask_capacity,
    "equipment": _ask_equipment,
    "access": _plain("the room must be open to users of a wheelchair"),
    "private": _plain("a private room needs a justification"),
    "venue": _plain("the rooms that fit are closed"),
    "qualified": _plain("only a trainer who can teach course {course_id} may"),
    "trainer": _plain("those who can teach it are absent"),
    "room_once": _plain("the rooms are taken"),
    "trainer_once": _plain("the trainers are taken"),
    "away": _ask_away,
    "requires": _plain("it must follow the course it requires"),
    "fixed": _plain("it is fixed where it cannot stay"),
}
