"""Everything that an agency's own staff need to carry a plan out, as one folder of files."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from cakra_analysis.errors import AnalysisError, DataError
from cakra_analysis.handover.calendar_file import write_calendar
from cakra_analysis.handover.entries import COLUMNS, list_entries
from cakra_analysis.handover.folder import read_before, write_whole
from cakra_analysis.handover.plan_book import write_plan_book
from cakra_analysis.handover.plan_table import list_classes, make_plan_table
from cakra_analysis.handover.siasn import list_history, write_csv
from cakra_analysis.handover.texts import read_texts

REMEMBERED = "kalender/entri.csv"
FOLDERS = {"unit": "unit", "venue": "tempat", "trainer": "pengajar", "participant": "peserta"}


# The tables that hand-over files are made of, with the columns of one that is not given.
TABLES = {
    # of the timetable
    "meetings": "session_id meeting course_id date venue_id trainer_id seats",
    "session_units": "session_id unit_id seats",
    "nominations": "session_id staff_id status",
    # of the programme
    "seats": "course_id unit_id seats",
    "plan_sessions": "course_id cost_idr",
    "offers": "course_id name_id name_en hours_jp meeting_days",
    "weights": "competency_id weight",
    "effects": "course_id competency_id effect low high",
    # of the data set
    "units": "unit_id parent_id name",
    "competencies": "competency_id name_id name_en group",
    "venues": "venue_id name",
    "staff": "staff_id unit_id position_id",
    "positions": "position_id job_class",
    "courses": "course_id name_id name_en hours_jp",
    "sessions": "session_id course_id start end",
    "attendance": "session_id staff_id status",
}


def write_handover(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    *,
    year: int,
    name: str,
    now: pd.Timestamp,
    history_year: int | None = None,
    lang: str = "id",
    timezone: str = "Asia/Makassar",
    ids: pd.Series | None = None,
    lists: Mapping[str, pd.DataFrame] | None = None,
    apart_from: Collection[Path] = (),
) -> list[Path]:
    """Write calendars, the plan table and the course history, whole or not at all.

    Parameters
    ----------
    folder : Path
        A folder of its own: new, empty, or an earlier hand-over, whose calendars are continued.
    tables : mapping of str to DataFrame
        What the files are made of; one that is not given is empty. Of the timetable ``meetings``,
        ``session_units`` and ``nominations`` (as ``list_entries`` reads them); of the programme
        ``seats`` and ``plan_sessions`` (``Portfolio.seats`` and ``.sessions``), ``offers``,
        ``weights``, ``effects`` (as ``make_plan_table`` reads them); of the data set units,
        competencies, venues, staff, positions, courses, sessions, attendance.
    year : int
        Of the plan.
    name : str
        Of the region or agency.
    now : Timestamp
        Moment of writing, with its zone.
    history_year : int, optional
        Year in which the courses of the history ended; every year unless given.
    lang : str
        ``id`` or ``en``.
    timezone : str
        Of the calendars.
    ids : Series, optional
        pnsOrangId by pseudonym, from ``read_ids``.
    lists : mapping of str to DataFrame, optional
        Further working lists, each written as it is to ``rencana/NAME.csv``; see ``read_list``.
    apart_from : collection of Path
        Folders that it may not lie in or above: the data, the reports.

    Returns
    -------
    list of Path
        The files, each readable by its owner only.

    Raises
    ------
    AnalysisError
        When a table is given that is none of these.
    DataError
        When the folder may not be used or cannot be written; nothing is changed then.
    """
    texts, own = read_texts(lang), _fill(tables)
    kept = read_before(folder, REMEMBERED)
    entries = list_entries(
        own["meetings"],
        own["offers"],
        own["session_units"],
        own["nominations"],
        now=now,
        before=None if kept is None else read_entries(kept),
        name=name,
    )
    plan = _make_plan(own, year, lang)
    history = list_history(
        own["attendance"], own["sessions"], own["courses"], year=history_year, ids=ids
    )
    moment = now.to_pydatetime()
    files = _write_calendars(entries, own, lang=lang, timezone=timezone) | {
        REMEMBERED: entries.to_csv(index=False, lineterminator="\n").encode(),
        f"rencana-{year}.xlsx": write_plan_book(plan, name=name, year=year, now=moment, lang=lang),
        f"siasn-riwayat-{year}.csv": write_csv(history.table),
        f"siasn-harus-diisi-{year}.csv": write_csv(history.blanks),
        "BACA.txt": texts["readme"].lstrip().format(name=name, year=year).encode(),
    }
    files |= {f"rencana/{key}.csv": write_csv(table) for key, table in (lists or {}).items()}
    return write_whole(folder, files, apart_from=apart_from)


def read_list(folder: Path, name: str) -> pd.DataFrame:
    """Return a working list of an earlier hand-over.

    Parameters
    ----------
    folder : Path
        Where it was written.
    name : str
        Of the list.

    Returns
    -------
    DataFrame
        Columns that end in ``_id`` and other texts as text, numbers as numbers.

    Raises
    ------
    DataError
        When the folder holds no such list.
    """
    content = read_before(folder, f"rencana/{name}.csv")
    if content is None:
        raise DataError(
            f"{folder}: there is no plan here (rencana/{name}.csv).",
            do="Make one first: cakra plan DATA --to FOLDER",
        )
    codes = pd.read_csv(io.BytesIO(content), nrows=0).columns
    kinds = {code: "str" for code in codes if str(code).endswith("_id")}
    return pd.read_csv(io.BytesIO(content), dtype=kinds)


def read_entries(content: bytes) -> pd.DataFrame:
    """Return calendar entries as they were remembered.

    Parameters
    ----------
    content : bytes
        Of ``kalender/entri.csv``.

    Returns
    -------
    DataFrame
        As ``list_entries`` returned them.
    """
    table = pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False).replace("", None)
    for moment in ("start", "end", "modified"):
        table[moment] = pd.to_datetime(table[moment]).astype("datetime64[ns]")
    table = table.astype(dict.fromkeys(("meeting", "meetings", "sequence"), "int64"))
    return table.astype({"seats": "float64"})[COLUMNS]


def _make_plan(tables: Mapping[str, pd.DataFrame], year: int, lang: str) -> pd.DataFrame:
    """The plan table of all that is known."""
    classes = list_classes(*(tables[n] for n in ("nominations", "meetings", "staff", "positions")))
    return make_plan_table(
        tables["seats"],
        tables["plan_sessions"],
        tables["offers"],
        tables["competencies"],
        tables["units"],
        year=year,
        meetings=tables["meetings"],
        session_units=tables["session_units"],
        weights=tables["weights"],
        effects=tables["effects"],
        classes=classes,
        lang=lang,
    )


def _fill(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables, those not given empty."""
    unknown = sorted(set(tables) - set(TABLES))
    if unknown:
        raise AnalysisError(
            f'Hand-over files are not made of "{unknown[0]}".',
            allowed=f"Tables are: {', '.join(TABLES)}.",
        )
    empty = {n: pd.DataFrame(columns=c.split(), dtype="object") for n, c in TABLES.items()}
    return empty | dict(tables)


def _write_calendars(
    entries: pd.DataFrame, tables: Mapping[str, pd.DataFrame], *, lang: str, timezone: str
) -> dict[str, bytes]:
    """A calendar for each recipient, by file name."""
    texts = read_texts(lang)
    named = tables["offers"] if len(tables["offers"]) else tables["courses"]
    courses = _name(named, "course_id", f"name_{lang}")
    venues, units = (
        _name(tables["venues"], "venue_id", "name"),
        _name(tables["units"], "unit_id", "name"),
    )
    files = {}
    for (kind, code), rows in entries.groupby(["kind", "code"], sort=True):
        known = units.get(code, code) if kind == "unit" else venues.get(code, code)
        content = write_calendar(
            rows,
            title=texts[f"calendar_{kind}"].format(name=known),
            courses=courses,
            venues=venues,
            timezone=timezone,
            lang=lang,
        )
        files[f"kalender/{FOLDERS[str(kind)]}/{_name_file(str(code))}.ics"] = content
    return files


def _name(table: pd.DataFrame, code: str, name: str) -> Mapping[str, str]:
    told = table.dropna(subset=[code, name])
    return dict(zip(told[code], told[name], strict=True))


def _name_file(code: str) -> str:
    """A code as a file name: whatever it holds, it stays in its folder."""
    return quote(code, safe=" ").replace(".", "%2E")
