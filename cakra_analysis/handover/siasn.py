"""Completed courses in the shape SIASN takes a course history: prepared, never sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cakra_analysis.errors import DataError
from cakra_analysis.formulas import defuse_formulas
from cakra_analysis.handover.blanks import find_blanks

COLUMNS = ["id", "instansiId", "institusiPenyelenggara", "jenisDiklatId", "jenisKursus",
           "jenisKursusSertipikat", "jumlahJam", "lokasiId", "namaKursus", "nomorSertipikat",
           "path", "pnsOrangId", "tahunKursus", "tanggalKursus",
           "tanggalSelesaiKursus"]  # fmt: skip
HELPER = "pseudonim"  # to be removed before sending
DAY = "%d-%m-%Y"


@dataclass(frozen=True)
class History:
    """A course history and what is missing from it.

    Attributes
    ----------
    table : DataFrame
        One row a completed course of a person, sorted by session and person: the columns of SIASN
        as text, and ``pseudonim`` last.
    blanks : DataFrame
        column, blank, of: what the agency must fill in.
    """

    table: pd.DataFrame
    blanks: pd.DataFrame


def list_history(
    attendance: pd.DataFrame,
    sessions: pd.DataFrame,
    courses: pd.DataFrame,
    *,
    year: int | None = None,
    ids: pd.Series | None = None,
) -> History:
    """Return the course history of everybody who completed a course.

    Parameters
    ----------
    attendance : DataFrame
        session_id, staff_id, status; hours_jp where it is known.
    sessions : DataFrame
        session_id, course_id, start, end (ISO text or dates).
    courses : DataFrame
        course_id, name_id, hours_jp; provider where it is known.
    year : int, optional
        Only courses that ended in it.
    ids : Series, optional
        pnsOrangId by pseudonym, from ``read_ids``; blank for who is not in it.

    Returns
    -------
    History
        jumlahJam is the JP attended (the course's where they were not recorded), whole ones; dates
        are day-month-year. Reference codes of BKN are not known here and stay blank.

    Notes
    -----
    Shape: domain notes, 8.2, from a public client of the service, not from BKN's own text. Pinned
    by ``tests/test_handover.py``.

    Examples
    --------
    >>> attendance = pd.DataFrame({"session_id": ["S"], "staff_id": "A", "status": ["completed"]})
    >>> sessions = pd.DataFrame({"session_id": ["S"], "course_id": "C", "start": "2026-03-01",
    ...                          "end": ["2026-03-03"]})
    >>> courses = pd.DataFrame({"course_id": ["C"], "name_id": "Layanan", "hours_jp": [15.0]})
    >>> found = list_history(attendance, sessions, courses)
    >>> found.table[["jumlahJam", "tahunKursus", "tanggalSelesaiKursus"]].values.tolist()
    [['15', '2026', '03-03-2026']]
    """
    rows = attendance.loc[attendance["status"] == "completed"]
    attended = rows.get("hours_jp", pd.Series(float("nan"), index=rows.index))
    rows = rows[["session_id", "staff_id"]].assign(attended=attended.astype(float))
    dates = ["session_id", "course_id", "start", "end"]
    rows = rows.merge(sessions[dates], on="session_id", validate="many_to_one")
    about = courses.reindex(columns=["course_id", "name_id", "hours_jp", "provider"])
    rows = rows.merge(about, on="course_id", validate="many_to_one")
    for name in ("start", "end"):
        rows[name] = pd.to_datetime(rows[name].astype("object")).astype("datetime64[ns]")
    rows = rows[(rows["end"].dt.year == year) | (year is None)]
    rows = rows.sort_values(["session_id", "staff_id"], ignore_index=True)
    hours = np.floor(rows["attended"].fillna(rows["hours_jp"].astype(float)) + 1e-9)
    told = {
        "institusiPenyelenggara": rows["provider"],
        "jumlahJam": hours.astype("Int64").astype("str").where(hours.notna()),
        "namaKursus": rows["name_id"],
        "pnsOrangId": rows["staff_id"].map(ids if ids is not None else {}),
        "tahunKursus": rows["end"].dt.strftime("%Y"),
        "tanggalKursus": rows["start"].dt.strftime(DAY),
        "tanggalSelesaiKursus": rows["end"].dt.strftime(DAY),
        HELPER: rows["staff_id"],
    }
    table = pd.DataFrame({name: told.get(name, "") for name in [*COLUMNS, HELPER]}, rows.index)
    table = table.astype("object").where(table.notna(), "")
    return History(table, find_blanks(table[COLUMNS]))


def read_ids(path: Path, *, apart_from: Collection[Path] = ()) -> pd.Series:
    """Read which pnsOrangId belongs to which pseudonym.

    Parameters
    ----------
    path : Path
        A CSV file with the columns pseudonim and pnsOrangId. It tells who is who: keep it apart.
    apart_from : collection of Path
        Folders in which it may not lie: the project, the data, the reports.

    Returns
    -------
    Series
        pnsOrangId by pseudonym.

    Raises
    ------
    DataError
        When the file lies in one of the folders, cannot be read, lacks a column or names a
        pseudonym twice. No error shows what is in it.
    """
    for folder in apart_from:
        if path.resolve().is_relative_to(folder.resolve()):
            raise DataError(
                f"{path}: this file tells who is behind the pseudonyms and lies in {folder}.",
                do="Move it to a folder of its own, outside of project, data and reports.",
            )
    try:
        table = pd.read_csv(path, dtype="str")
    except (OSError, ValueError):
        raise DataError(f"{path}: this file cannot be read as CSV.") from None
    missing = [name for name in (HELPER, "pnsOrangId") if name not in table]
    if missing:
        raise DataError(
            f"{path}: the column {missing[0]} is missing.",
            allowed=f"Columns are: {HELPER}, pnsOrangId.",
        )
    table = table.dropna(subset=[HELPER, "pnsOrangId"])
    if table[HELPER].duplicated().any():
        raise DataError(f"{path}: a pseudonym stands there twice.", do="Keep one row each.")
    return table.set_index(HELPER)["pnsOrangId"]


def write_csv(table: pd.DataFrame) -> bytes:
    r"""Return a table as CSV in UTF-8.

    Parameters
    ----------
    table : DataFrame
        Text cells that a spreadsheet program would run as a formula get an apostrophe in front.

    Returns
    -------
    bytes
        With a header.

    Examples
    --------
    >>> write_csv(pd.DataFrame({"a": ["=1+1"]}))
    b"a\n'=1+1\n"
    """
    return defuse_formulas(table).to_csv(index=False, lineterminator="\n").encode()
