"""Hand-over files: calendars that programs accept, a plan table that adds up, a folder apart."""

from __future__ import annotations

import io
import json
import os
import re
import stat
from pathlib import Path

import icalendar
import numpy as np
import openpyxl
import pandas as pd
import pytest

from cakra_analysis import handover
from cakra_analysis.errors import AnalysisError, DataError

NOW = pd.Timestamp("2027-01-05T02:03:04.5Z")
LATER = pd.Timestamp("2027-02-05T00:00:00Z")
UNITS = pd.DataFrame({"unit_id": ["R", "U1", "U/2"], "parent_id": [None, "R", "R"],
                      "name": ["Wilayah", "Kelurahan, Satu", "Dua; Tiga"]})  # fmt: skip
MEETINGS = pd.DataFrame(
    [("S1", 1, "C1", "2027-02-08", "V1", "PGJ-1"), ("S1", 2, "C1", "2027-02-09", "V1", "PGJ-1"),
     ("S2", 1, "C2", "2027-08-12", "V2", "PGJ-2")],
    columns=["session_id", "meeting", "course_id", "date", "venue_id", "trainer_id"],
).assign(seats=20)  # fmt: skip
OFFERS = pd.DataFrame(
    {"course_id": ["C1", "C2"], "name_id": ["Layanan é" * 12, "Coaching"],
     "name_en": ["Service", "Coaching"], "competency_id": ["M.1", None],
     "route": ["workshop/lokakarya", "unheard of"], "hours_jp": [16.0, 4.0],
     "meeting_days": [2, 1], "provider": ["BKPSDM", None], "curriculum": [None, None],
     "funding": ["APBD", "APBD"]}
)  # fmt: skip
SESSION_UNITS = pd.DataFrame({"session_id": ["S1", "S1", "S2"], "unit_id": ["U1", "U/2", "U1"],
                              "seats": [12, 8, 20]})  # fmt: skip
STAFF = pd.DataFrame({"staff_id": ["ASN-1", "ASN-2", "ASN-3"], "unit_id": ["U1", "U/2", "U1"],
                      "position_id": ["P", "Q", "P"]})  # fmt: skip
NOMINATIONS = pd.DataFrame(
    [("S1", "ASN-1", "invited"), ("S1", "ASN-2", "nominated"), ("S2", "ASN-1", "waiting"),
     ("S2", "ASN-3", "declined")], columns=["session_id", "staff_id", "status"])  # fmt: skip
VENUES = pd.DataFrame({"venue_id": ["V1", "V2"], "name": ["Aula, Kecamatan", "=Ruang"]})
COMPETENCIES = pd.DataFrame({"competency_id": ["M.1"], "name_id": ["Layanan"],
                             "name_en": ["Service"], "group": ["manajerial"]})  # fmt: skip
SEATS = pd.DataFrame({"course_id": ["C1", "C1", "C1", "C2"], "unit_id": ["U1", "U1", "U/2", "U1"],
                      "seats": [5, 2, 8, 20]})  # fmt: skip
COURSE_SESSIONS = pd.DataFrame({"course_id": ["C1"], "cost_idr": [1_000_000.0]})
ATTENDANCE = pd.DataFrame(
    [("S1", "ASN-2", "completed", 15.7), ("S1", "ASN-1", "dropped", 3.0),
     ("S0", "ASN-1", "completed", np.nan)],
    columns=["session_id", "staff_id", "status", "hours_jp"])  # fmt: skip
SESSIONS = pd.DataFrame({"session_id": ["S1", "S0"], "course_id": ["C1", "C2"],
    "start": ["2026-02-08", "2025-12-30"], "end": ["2026-02-09", "2026-01-02"]})  # fmt: skip
TABLES = {
    "meetings": MEETINGS, "session_units": SESSION_UNITS, "nominations": NOMINATIONS,
    "seats": SEATS, "plan_sessions": COURSE_SESSIONS, "offers": OFFERS, "units": UNITS,
    "competencies": COMPETENCIES, "venues": VENUES, "staff": STAFF, "attendance": ATTENDANCE,
    "sessions": SESSIONS, "courses": OFFERS,
    "positions": pd.DataFrame({"position_id": ["P", "Q"], "job_class": ["Pengawas", "Pelaksana"]}),
}  # fmt: skip


def entries(meetings: pd.DataFrame = MEETINGS, now: pd.Timestamp = NOW, **options):
    nominations = options.pop("nominations", NOMINATIONS)
    return handover.list_entries(
        meetings, OFFERS, SESSION_UNITS, nominations, now=now, name="Cakra", **options
    )


def write(folder: Path, now: pd.Timestamp = NOW, **changed: pd.DataFrame) -> list[Path]:
    return handover.write_handover(folder, TABLES | changed, year=2027, name="Cakra", now=now)


PROPERTY = re.compile(rb"[A-Z0-9-]+(;[A-Z0-9-]+=(\"[^\"]*\"|[^\";:,]+))*:.*")


def read_strictly(content: bytes) -> list[dict[str, str]]:
    """The events of a file, by RFC 5545 itself and not by the library that wrote it."""
    assert content.endswith(b"\r\n")
    lines = content[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    for line in lines:
        line.decode("utf-8")  # a fold may not cut a letter in two
    unfolded = re.sub(rb"\r\n[ \t]", b"", content[:-2]).split(b"\r\n")
    stack: list[str] = []
    events: list[dict[str, str]] = []
    zones: set[str] = set()
    head: set[str] = set()
    for line in unfolded:
        assert PROPERTY.fullmatch(line), line
        name, value = line.decode().split(":", 1)
        key = name.split(";")[0]
        if key == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                events.append({})
        elif key == "END":
            assert stack.pop() == value
        elif stack == ["VCALENDAR"]:
            assert key not in head
            head.add(key)
        elif stack[-1] == "VEVENT":
            assert key not in events[-1], key
            events[-1][key] = value
            if "TZID=" in name:
                events[-1][f"{key}-ZONE"] = name.split("TZID=")[1]
        elif key == "TZID":
            zones.add(value)
    assert not stack
    assert {"PRODID", "VERSION"} <= head
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"} <= set(event)
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
        assert re.fullmatch(r"\d{8}T\d{6}", event["DTSTART"])
        assert event["DTSTART"] < event["DTEND"]
        assert event["DTSTART-ZONE"] in zones
        assert event["STATUS"] in {"CONFIRMED", "CANCELLED"}
        assert not re.search(r"(?<!\\)[;,]", event["SUMMARY"] + event.get("LOCATION", ""))
    assert len({event["UID"] for event in events}) == len(events)
    return events


def test_every_calendar_is_read_strictly_by_rule_and_by_library(tmp_path: Path) -> None:
    write(tmp_path / "out")
    files = sorted((tmp_path / "out").rglob("*.ics"))
    names = {file.relative_to(tmp_path / "out" / "kalender").as_posix() for file in files}
    assert names == {
        "unit/U1.ics", "unit/U%2F2.ics", "tempat/V1.ics", "tempat/V2.ics", "pengajar/PGJ-1.ics",
        "pengajar/PGJ-2.ics", "peserta/ASN-1.ics", "peserta/ASN-2.ics",
    }  # fmt: skip
    for file in files:
        events = read_strictly(file.read_bytes())
        calendar = icalendar.Calendar.from_ical(file.read_bytes())
        assert len(calendar.events) == len(events)
        assert not calendar.errors
        assert not any(event.errors for event in calendar.events)
    calendar = icalendar.Calendar.from_ical((tmp_path / "out/kalender/unit/U1.ics").read_bytes())
    first = calendar.events[0]
    assert first.start.isoformat() == "2027-02-08T08:00:00+08:00"
    assert first.end.isoformat() == "2027-02-08T15:00:00+08:00"  # 8 JP of 45 minutes, a break
    assert str(first["location"]) == "Aula, Kecamatan"
    assert str(first["summary"]) == f"{'Layanan é' * 12} (hari 1 dari 2)"
    assert "Kursi: 12." in first["description"]
    assert len(calendar.timezones) == 1
    english = handover.write_handover(
        tmp_path / "en", TABLES, year=2027, name="C", now=NOW, lang="en"
    )
    calendar = icalendar.Calendar.from_ical(english[0].read_bytes())
    assert "Service (day 1 of 2)" in {str(event["summary"]) for event in calendar.events}


def test_calendars_of_units_and_rooms_hold_no_person(tmp_path: Path) -> None:
    write(tmp_path / "out")
    for place in ("unit", "tempat"):
        for file in (tmp_path / "out" / "kalender" / place).iterdir():
            content = file.read_bytes()
            assert not re.search(rb"ASN-|PGJ-|ATTENDEE|ORGANIZER", content)
    own = (tmp_path / "out/kalender/peserta/ASN-1.ics").read_bytes()
    assert not re.search(rb"ASN-|PGJ-", own)


def test_an_unchanged_plan_gives_the_same_calendars(tmp_path: Path) -> None:
    first = {file: file.read_bytes() for file in write(tmp_path / "out")}
    again = write(tmp_path / "out", LATER, meetings=MEETINGS.sample(frac=1, random_state=2))
    calendars = [file for file in again if file.suffix in (".ics", ".csv")]
    assert len(calendars) == 11
    assert all(file.read_bytes() == first[file] for file in calendars)


def test_a_changed_plan_keeps_uids_and_raises_the_sequence() -> None:
    old = entries()
    moved = MEETINGS.assign(date=["2027-02-08", "2027-02-10", "2027-08-12"],
                            trainer_id=["PGJ-1", "PGJ-1", "PGJ-1"])  # fmt: skip
    new = entries(moved, LATER, before=old)
    both = old.merge(new, on=["kind", "code", "session_id", "meeting"], suffixes=("", "_new"))
    assert (both["uid"] == both["uid_new"]).all()
    assert len(both) == len(old)
    changed = (both["session_id"] == "S1") & (both["meeting"] == 2)
    gone = (both["kind"] == "trainer") & (both["code"] == "PGJ-2")
    assert (both["sequence_new"] == (changed | gone)).all()
    assert both.loc[gone, "status_new"].tolist() == ["CANCELLED"]
    assert (both.loc[~changed & ~gone, "modified_new"] == both["modified"][0]).all()
    taken_over = new[(new["kind"] == "trainer") & (new["session_id"] == "S2")]
    assert sorted(taken_over["status"]) == ["CANCELLED", "CONFIRMED"]
    # Put back: the version goes on rising, the cancelled entry lives again.
    back = entries(MEETINGS, LATER, before=new).set_index("uid")
    assert back.loc[both.loc[gone, "uid"], ["status", "sequence"]].to_numpy().tolist() == [
        ["CONFIRMED", 2]
    ]
    still = entries(moved, LATER, before=entries(moved, LATER, before=new))
    pd.testing.assert_frame_equal(still, new)


def test_a_session_called_off_is_cancelled_for_everybody(tmp_path: Path) -> None:
    write(tmp_path / "out")
    write(tmp_path / "out", LATER, meetings=MEETINGS[MEETINGS["session_id"] == "S2"])
    for name in ("unit/U1", "tempat/V1", "pengajar/PGJ-1", "peserta/ASN-2"):
        events = read_strictly((tmp_path / f"out/kalender/{name}.ics").read_bytes())
        cancelled = [event for event in events if event["STATUS"] == "CANCELLED"]
        assert len(cancelled) == 2
        assert {event["SEQUENCE"] for event in cancelled} == {"1"}
        assert all(event["SUMMARY"].startswith("Dibatalkan: ") for event in cancelled)


def test_entries_survive_being_remembered() -> None:
    found = entries()
    text = found.to_csv(index=False).encode()
    kept = handover.read_entries(text)
    pd.testing.assert_frame_equal(entries(now=LATER, before=kept), entries(now=LATER, before=found))
    assert not (entries(now=LATER, before=kept)["sequence"] > 0).any()


def test_nominees_with_a_place_are_read_as_those_with_a_status() -> None:
    places = NOMINATIONS.drop(columns="status").assign(place=["seat", "seat", "waiting", "waiting"])
    pd.testing.assert_frame_equal(entries(nominations=places), entries())


def plan_table(**options) -> pd.DataFrame:
    return handover.make_plan_table(
        SEATS, COURSE_SESSIONS, OFFERS, COMPETENCIES, UNITS, year=2027, meetings=MEETINGS,
        session_units=SESSION_UNITS, **options)  # fmt: skip


def test_plan_table_by_hand() -> None:
    classes = handover.list_classes(NOMINATIONS, MEETINGS, STAFF, TABLES["positions"])
    effects = pd.DataFrame({"course_id": ["C1"], "competency_id": ["M.1"], "effect": [0.45],
                            "low": [0.1], "high": [0.8]})  # fmt: skip
    weights = pd.DataFrame({"competency_id": ["M.9", "M.1"], "weight": [3.0, 1.0]})
    table = plan_table(weights=weights, effects=effects, classes=classes)
    row = table.set_index(["unit_id", "course_id"]).loc[("U1", "C1")]
    assert row[["opd", "jenis_kompetensi", "kelompok"]].tolist() == [
        "Kelurahan, Satu", "Layanan", "manajerial"]  # fmt: skip
    assert row[["sasaran_jumlah", "sasaran_jenjang", "jenis", "jp"]].tolist() == [
        7, "Pengawas", "klasikal", 16]  # fmt: skip
    assert row[["triwulan", "bulan", "prioritas"]].tolist() == ["I", "Februari", 2]
    assert row["indikator_hasil"].startswith("Tingkat Layanan peserta yang selesai naik 0,5")
    assert table.groupby("course_id")["anggaran"].sum()["C1"] == 1_000_000
    assert row["anggaran"] == 466_667
    blank = table.set_index("course_id").loc["C2"]
    names = ["jenis_kompetensi", "kelompok", "jenis", "penyelenggara", "standar_kurikulum",
             "anggaran", "prioritas", "indikator_hasil", "sasaran_jenjang"]  # fmt: skip
    assert blank[names].isna().all()
    found = handover.find_blanks(table).set_index("column")["blank"]
    assert found["standar_kurikulum"] == 3
    assert "jalur" not in found


def test_plan_table_by_course_adds_up() -> None:
    units, courses = plan_table(), plan_table(by="course")
    assert courses["unit_id"].tolist() == ["R", "R"]
    for name in ("sasaran_jumlah", "anggaran"):
        whole = units.groupby("course_id")[name].sum(min_count=1)
        assert courses.set_index("course_id")[name].equals(whole)
    assert plan_table(lang="en")["bulan"].tolist() == ["February", "February", "August"]
    bare = handover.make_plan_table(SEATS, COURSE_SESSIONS, OFFERS, COMPETENCIES, UNITS, year=2027)
    assert bare["bulan"].isna().all()


def test_plan_book_prints_and_marks_what_is_missing() -> None:
    table = plan_table().assign(penyelenggara="=1+1")
    now = NOW.to_pydatetime()
    content = handover.write_plan_book(table, name="A & B", year=2027, now=now)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[4]]
    assert head[:3] == ["Tahun", "OPD", "Jenis kompetensi"]
    assert len(head) == 18
    rows = pd.DataFrame(list(sheet.iter_rows(min_row=5, values_only=True)), columns=head)
    assert len(rows) == 3
    assert rows["Anggaran (Rp)"].tolist()[:2] == table["anggaran"].tolist()[:2]
    assert (rows["Standar kurikulum"] == "(diisi)").all()
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert all(sheet.column_dimensions[letter].width > 5 for letter in "ABR")
    blanks = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert ("Standar kurikulum", 3, 3) in blanks


def test_course_history_in_the_shape_of_siasn() -> None:
    found = handover.list_history(ATTENDANCE, SESSIONS, OFFERS)
    assert list(found.table)[:3] == ["id", "instansiId", "institusiPenyelenggara"]
    assert list(found.table)[-2:] == ["tanggalSelesaiKursus", "pseudonim"]
    rows = found.table.set_index("pseudonim")
    names = ["jumlahJam", "namaKursus", "tahunKursus", "tanggalKursus", "tanggalSelesaiKursus"]
    assert rows.loc["ASN-1", names].tolist() == [
        "4",
        "Coaching",
        "2026",
        "30-12-2025",
        "02-01-2026",
    ]
    assert rows.loc["ASN-2", "jumlahJam"] == "15"  # whole JP only
    assert (found.table["pnsOrangId"] == "").all()
    blanks = found.blanks.set_index("column")["blank"]
    assert blanks["pnsOrangId"] == 2
    assert blanks["institusiPenyelenggara"] == 1
    assert "jumlahJam" not in blanks
    assert handover.list_history(ATTENDANCE, SESSIONS, OFFERS, year=2025).table.empty
    none = handover.list_history(ATTENDANCE.head(0), SESSIONS, OFFERS[["course_id"]])
    assert list(none.table) == list(found.table)


def test_ids_come_from_a_file_kept_apart(tmp_path: Path) -> None:
    file = tmp_path / "apart" / "ids.csv"
    file.parent.mkdir()
    file.write_text("pseudonim,pnsOrangId\nASN-2,A8ACA7\nASN-9,\n", "utf-8")
    ids = handover.read_ids(file, apart_from=[tmp_path / "project"])
    found = handover.list_history(ATTENDANCE, SESSIONS, OFFERS, ids=ids)
    assert found.table.set_index("pseudonim")["pnsOrangId"].to_dict() == {
        "ASN-1": "", "ASN-2": "A8ACA7"}  # fmt: skip
    with pytest.raises(DataError, match="lies in"):
        handover.read_ids(file, apart_from=[tmp_path])
    for wrong in ("pseudonim\nASN-2\n", "pseudonim,pnsOrangId\nASN-2,x\nASN-2,y\n"):
        file.write_text(wrong, "utf-8")
        with pytest.raises(DataError) as refused:
            handover.read_ids(file)
        assert "ASN-2" not in str(refused.value)


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    mask = os.umask(0)  # the most open there is
    try:
        files = write(tmp_path / "deep" / "out")
    finally:
        os.umask(mask)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    folders = [
        tmp_path / "deep" / "out",
        *(d for d in (tmp_path / "deep/out").rglob("*") if d.is_dir()),
    ]
    assert len(folders) == 6
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in folders)
    told = json.loads((tmp_path / "deep/out/isi.json").read_bytes())["files"]
    assert len(told) == len(files) - 1
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["out"]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("where", ["reports", "reports/2027/out", ".", "data/plan"])
def test_never_in_or_above_reports_or_data(tmp_path: Path, where: str) -> None:
    apart = [tmp_path / "reports", tmp_path / "data"]
    for folder in apart:
        folder.mkdir()
    with pytest.raises(DataError, match="pseudonyms"):
        handover.write_handover(
            tmp_path / where, TABLES, year=2027, name="C", now=NOW, apart_from=apart
        )
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "reports")
    with pytest.raises(DataError):
        handover.write_handover(link / "x", TABLES, year=2027, name="C", now=NOW, apart_from=apart)
    assert everything(tmp_path) == {}


@pytest.mark.slow
def test_what_somebody_else_wrote_or_changed_stays(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(DataError, match="did not write: notes"):
        write(folder)
    (folder / "notes.txt").unlink()
    write(folder)  # an empty folder will do
    (folder / "rencana-2027.xlsx").write_bytes(b"filled in by hand")
    before = everything(tmp_path)
    with pytest.raises(DataError, match="was changed"):
        write(folder, LATER)
    assert everything(tmp_path) == before
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(DataError, match="no folder"):
        write(tmp_path / "file")


@pytest.mark.slow
@pytest.mark.parametrize("kill", ["first", "second", "write"])
def test_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kill: str) -> None:
    folder = tmp_path / "out"
    write(folder)
    before = everything(folder)
    moves = []
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        moves.append(target)
        if len(moves) == {"first": 1, "second": 2}[kill]:
            raise KeyboardInterrupt
        return real(self, target)

    def fsync(handle: int) -> None:
        raise OSError(28, "No space left on device")

    if kill == "write":
        monkeypatch.setattr(os, "fsync", fsync)
    else:
        monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises((KeyboardInterrupt, DataError)):
        write(folder, LATER, meetings=MEETINGS.head(1))
    monkeypatch.undo()
    assert handover.read_before(folder, "isi.json") == before["isi.json"]
    assert everything(folder) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    write(folder, LATER, meetings=MEETINGS.head(1))
    assert everything(folder) != before


def test_nothing_given_gives_the_files_without_rows(tmp_path: Path) -> None:
    files = handover.write_handover(tmp_path / "out", {}, year=2027, name="C", now=NOW)
    assert {file.suffix for file in files} == {".csv", ".xlsx", ".txt", ".json"}
    again = handover.write_handover(tmp_path / "out", {}, year=2027, name="C", now=NOW)
    assert len(again) == len(files)
    with pytest.raises(AnalysisError, match="rumours"):
        handover.write_handover(tmp_path / "x", {"rumours": UNITS}, year=2027, name="C", now=NOW)
    with pytest.raises(AnalysisError, match="fr"):
        handover.write_handover(tmp_path / "x", {}, year=2027, name="C", now=NOW, lang="fr")


def test_languages_have_the_same_texts() -> None:
    from cakra_analysis.handover.texts import read_texts

    both = [read_texts(lang) for lang in ("id", "en")]
    assert set(both[0]) == set(both[1])
    for key, text in both[0].items():
        fields = [sorted(set(re.findall(r"\{\w+\}", t[key]))) for t in both]
        assert fields[0] == fields[1], text
    assert all(len(t["months"].split(",")) == 12 for t in both)
