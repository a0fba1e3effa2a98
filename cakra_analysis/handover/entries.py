"""Who has what in the calendar, and what changed since the calendars were last handed over."""

from __future__ import annotations

import uuid

import pandas as pd

KINDS = ("unit", "venue", "trainer", "participant")
SEATED = ("nominated", "invited", "seat")
CHANGES = ["start", "end", "venue_id", "seats", "meetings", "status"]
COLUMNS = ["kind", "code", "uid", "session_id", "meeting", "meetings", "course_id", "start", "end",
           "venue_id", "seats", "status", "sequence", "modified"]  # fmt: skip
MEETING = ["session_id", "meeting", "course_id", "date", "venue_id", "trainer_id", "seats"]
JP_MINUTES = 45
LONG = 5  # JP from which on a day has a break


def list_entries(
    meetings: pd.DataFrame,
    offers: pd.DataFrame,
    session_units: pd.DataFrame,
    nominations: pd.DataFrame,
    *,
    now: pd.Timestamp,
    before: pd.DataFrame | None = None,
    name: str = "",
    begin: str = "08:00",
    break_minutes: int = 60,
) -> pd.DataFrame:
    """Return the calendar entries of each unit, room, trainer and participant.

    Parameters
    ----------
    meetings : DataFrame
        session_id, meeting, course_id, date, venue_id, trainer_id, seats.
    offers : DataFrame
        course_id, hours_jp, meeting_days.
    session_units : DataFrame
        session_id, unit_id, seats; may be empty.
    nominations : DataFrame
        session_id, staff_id, and place (seat, waiting) or status (nominated, invited, declined,
        waiting); may be empty. Who has no seat gets no entry.
    now : Timestamp
        In UTC; when what is new or changed counts as changed.
    before : DataFrame, optional
        What this returned for the plan handed over before.
    name : str
        Of the region, so that two regions' entries are never taken for one.
    begin : str
        Local time at which a day begins, as no table holds one.
    break_minutes : int
        Added to a day of more than 5 JP.

    Returns
    -------
    DataFrame
        One row a recipient and meeting, sorted: ``kind`` (unit, venue, trainer, participant),
        ``code``, ``uid`` (the same in every plan), session_id, meeting, ``meetings`` (of the
        session), course_id, ``start``, ``end`` (local time, without zone), venue_id, ``seats`` (of
        a unit its own; missing for a participant), ``status`` (CONFIRMED; CANCELLED: it was in the
        calendar before and no longer is), ``sequence`` (how often it changed), ``modified`` (UTC).
        Entries of trainers and participants hold their codes.

    Notes
    -----
    A calendar program takes an entry for a new version of one it has by the same UID and a higher
    SEQUENCE (RFC 5545, 3.8.7.4), so an unchanged entry keeps both. Pinned by
    ``tests/test_handover.py``.

    Examples
    --------
    >>> meetings = pd.DataFrame({"session_id": ["S"], "meeting": 1, "course_id": "C",
    ...     "date": "2027-02-01", "venue_id": "V", "trainer_id": "T", "seats": 20})
    >>> offers = pd.DataFrame({"course_id": ["C"], "hours_jp": [8.0], "meeting_days": [1]})
    >>> found = list_entries(meetings, offers, pd.DataFrame(), pd.DataFrame(),
    ...                      now=pd.Timestamp("2027-01-01"))
    >>> found[["kind", "code"]].values.tolist(), str(found["end"].iloc[0])
    ([['venue', 'V'], ['trainer', 'T']], '2027-02-01 15:00:00')
    """
    rows = _time(meetings.reindex(columns=MEETING), offers, begin, break_minutes)
    parts = [
        rows.assign(kind="venue", code=rows["venue_id"]),
        rows.assign(kind="trainer", code=rows["trainer_id"]),
    ]
    for kind, table, code in (
        ("unit", session_units.reindex(columns=["session_id", "unit_id", "seats"]), "unit_id"),
        ("participant", _list_seated(nominations), "staff_id"),
    ):
        named = table.rename(columns={code: "code"}).astype({"session_id": "object"})
        merged = rows.drop(columns="seats").merge(named, on="session_id", validate="many_to_many")
        parts.append(merged.assign(kind=kind))
    told = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    told = told[told["code"].notna()].drop_duplicates(["kind", "code", "session_id", "meeting"])
    keys = zip(told["kind"], told["code"], told["session_id"], told["meeting"], strict=True)
    told["uid"] = [_make_uid(name, *key) for key in keys]
    told = told.assign(status="CONFIRMED", sequence=0, modified=_utc(now))
    told = _follow(told, before, _utc(now)) if before is not None else told
    told["kind"] = pd.Categorical(told["kind"], KINDS)
    told = told.sort_values(["kind", "code", "start", "session_id", "meeting"])
    return told.astype({"kind": "object"}).reset_index(drop=True)[COLUMNS]


def _utc(now: pd.Timestamp) -> pd.Timestamp:
    """A moment as UTC without zone, to the second, as calendars write it."""
    moment = now.tz_convert("UTC").tz_localize(None) if now.tzinfo else now
    return moment.floor("s").as_unit("ns")


def _time(rows: pd.DataFrame, offers: pd.DataFrame, begin: str, break_minutes: int) -> pd.DataFrame:
    """The meetings with their local times; JP of the course are spread evenly over its days."""
    about = offers.reindex(columns=["course_id", "hours_jp", "meeting_days"]).set_index("course_id")
    days = rows["course_id"].map(about["meeting_days"]).astype(float).fillna(1.0)
    jp = (rows["course_id"].map(about["hours_jp"]).astype(float) / days).fillna(0.0)
    minutes = (jp * JP_MINUTES).clip(lower=JP_MINUTES).round() + break_minutes * (jp > LONG)
    start = pd.to_datetime(rows["date"].astype("object")).astype("datetime64[ns]")
    start = start.dt.normalize() + pd.Timedelta(f"{begin}:00")
    size = rows.groupby("session_id")["meeting"].transform("size")
    texts = ["session_id", "course_id", "venue_id", "trainer_id"]
    return rows.astype(dict.fromkeys(texts, "object")).assign(
        start=start,
        end=start + pd.to_timedelta(minutes, unit="min"),
        meetings=size,
        meeting=rows["meeting"].astype(int),
        seats=rows["seats"].astype(float),
    )


def _list_seated(nominations: pd.DataFrame) -> pd.DataFrame:
    """Session and person of everybody who has a seat."""
    if nominations.empty:
        return pd.DataFrame({"session_id": [], "staff_id": [], "seats": []})
    place = nominations["place"] if "place" in nominations else nominations["status"]
    seated = nominations.loc[place.isin(SEATED), ["session_id", "staff_id"]]
    return seated.assign(seats=float("nan"))


def _make_uid(name: str, *key: object) -> str:
    """The same for the same recipient and meeting, in every plan and on every machine."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "cakra:" + ":".join(map(str, (name, *key)))))


def _follow(told: pd.DataFrame, before: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Entries in the light of those handed over before."""
    old = before.set_index("uid")
    known = told["uid"].isin(old.index)
    was = old.reindex(told["uid"])
    same = pd.Series(True, index=told.index)
    for name in CHANGES:
        a, b = told[name].to_numpy(), was[name].to_numpy()
        same &= (a == b) | (pd.isna(a) & pd.isna(b))
    version = pd.Series(was["sequence"].fillna(0).astype(int).to_numpy(), index=told.index)
    since = pd.Series(was["modified"].to_numpy(), index=told.index)
    told = told.assign(
        sequence=version + (known & ~same),
        modified=since.where(known & same, now).astype("datetime64[ns]"),
    )
    gone = before[~before["uid"].isin(told["uid"])]
    fresh = gone["status"] != "CANCELLED"
    gone = gone.assign(
        status="CANCELLED",
        sequence=gone["sequence"] + fresh,
        modified=gone["modified"].mask(fresh, now),
    )
    both = [part[COLUMNS] for part in (told, gone) if len(part)]
    return pd.concat(both or [told[COLUMNS]], ignore_index=True)
