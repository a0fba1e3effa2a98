"""The log of actions that the region's offices took, aimed where the ratings looked worst."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

FEWEST = 8  # people in a unit that an action is aimed at
# Where an action is aimed: the unit with the largest gap, or all units beside it.
UNIT, GROUP = "unit", "group"
BKPSDM, PROVINCE = "BKPSDM, Bidang Pengembangan Kompetensi", "BPSDMD Provinsi"
DIGITAL = "Dinas Kominfo, Bidang Aplikasi Informatika"
DISTRICT = "Kantor Kecamatan, Subbagian Umum dan Kepegawaian"
# cycle, kind, course, competency, where, evidence, owner, due, status, done on
LOG = [
    ("2024", "widen", "C02", "T.1", UNIT, "Kesenjangan literasi digital terbesar ada di unit ini",
     DIGITAL, "2025-06-30", "done", "2025-06-12"),
    ("2024", "widen", "C01", "M.5", GROUP, "Kesenjangan pelayanan publik di atas rata-rata wilayah",
     BKPSDM, "2025-05-30", "done", "2025-05-20"),
    ("2024", "revise_method", "C04", "M.7", UNIT, "Isi seminar tidak dipakai di tempat kerja",
     PROVINCE, "2025-03-31", "done", "2025-05-16"),
    ("2024", "measure", "C05", "", "", "Belum ada pembanding bagi peserta",
     BKPSDM, "2025-10-31", "done", "2025-10-17"),
    ("2025", "widen", "C02", "T.1", GROUP, "Kesenjangan literasi digital masih yang terbesar",
     DIGITAL, "2026-06-30", "done", "2026-06-22"),
    ("2025", "widen", "C01", "M.5", UNIT, "Kesenjangan pelayanan publik terbesar ada di unit ini",
     DISTRICT, "2026-04-30", "done", "2026-05-19"),
    ("2025", "revise_method", "C03", "M.8", UNIT, "Pengambilan keputusan dinilai rendah",
     PROVINCE, "2026-03-31", "done", "2026-03-27"),
    ("2025", "revise_curriculum", "C07", "M.2", "", "Nilai peserta turun sesudah pelatihan",
     BKPSDM, "2026-06-30", "under_way", ""),
    ("2025", "measure", "C04", "", "", "Pengaruhnya belum dapat dinilai",
     BKPSDM, "2026-09-30", "decided", ""),
    ("2025", "keep", "C03", "", "", "Berhasil menurut evaluasi",
     PROVINCE, "2026-02-27", "done", "2026-02-20"),
    ("2026", "widen", "C12", "T.1", GROUP, "Kesenjangan literasi digital masih yang terbesar",
     DIGITAL, "2027-03-31", "decided", ""),
    ("2026", "measure", "C06", "", "", "Selang pengaruhnya masih lebar",
     BKPSDM, "2027-10-29", "proposed", ""),
]  # fmt: skip


def make_actions(tables: Mapping[str, pd.DataFrame], cycles: Sequence[str]) -> pd.DataFrame:
    """Return the log of actions; what they did to anybody is nothing.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        With ``units``, ``staff``, ``standards``, ``ratings``.
    cycles : sequence of str
        Cycles of the region.

    Returns
    -------
    DataFrame
        The table ``actions``. Units were picked for the largest mean gap as rated, so that their
        gaps fall by themselves: nobody's level depends on any action.
    """
    columns = ["cycle", "kind", "course_id", "competency_id", "unit_id", "evidence", "owner", "due",
               "status", "done_on"]  # fmt: skip
    log = pd.DataFrame([row for row in LOG if row[0] in cycles], columns=columns)
    taken: set[tuple[str, str]] = set()
    for row in log[log["unit_id"] != ""].itertuples():
        worst = _find_worst(tables, row.cycle, row.competency_id, taken)
        taken.add((worst, row.competency_id))
        above = tables["units"].set_index("unit_id")["parent_id"]
        log.loc[row.Index, "unit_id"] = worst if row.unit_id == UNIT else above[worst]
    number = log.groupby("cycle").cumcount() + 1
    log.insert(0, "action_id", log["cycle"] + "-" + number.astype(str).str.zfill(2))
    return log.assign(note="")


def _find_worst(
    tables: Mapping[str, pd.DataFrame], cycle: str, item: str, taken: set[tuple[str, str]]
) -> str:
    """The unit with the largest mean gap in a competency, of those large enough and not taken."""
    ratings = tables["ratings"]
    rated = ratings[(ratings["cycle"] == cycle) & (ratings["competency_id"] == item)]
    people = tables["staff"].set_index("staff_id")
    wanted = tables["standards"].query("competency_id == @item")
    wanted = wanted.set_index("position_id")["required_level"]
    person = rated["staff_id"].astype("str")
    gap = person.map(people["position_id"]).map(wanted) - rated["level"].astype(float)
    unit = person.map(people["unit_id"])
    large = person.groupby(unit).nunique() >= FEWEST
    mean = gap.groupby(unit).mean()[large]
    mean = mean.drop([code for code, of in taken if of == item and code in mean])
    return str(mean.idxmax())
