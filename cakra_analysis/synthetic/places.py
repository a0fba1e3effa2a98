"""Units, posts, competencies and standards of the synthetic region, as data.

Names of kelurahan and competencies and the required level of each job class are those of
PermenPANRB 38/2017 practice and public gazetteers; sizes, staff and every rating are invented.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

# unit, parent, name, kind, staff
UNITS = [
    ("CKR", "", "Kecamatan Cakranegara", "wilayah", 0),
    ("KEC", "CKR", "Kecamatan dan kelurahan", "kelompok", 0),
    ("KEC-00", "KEC", "Kantor Kecamatan", "kecamatan", 34),
    ("KEL-04", "KEC", "Kel. Cakranegara Selatan", "kelurahan", 9),
    ("KEL-05", "KEC", "Kel. Cakranegara Barat", "kelurahan", 7),
    ("KEL-06", "KEC", "Kel. Cakranegara Timur", "kelurahan", 6),
    ("KEL-07", "KEC", "Kel. Cakranegara Utara", "kelurahan", 8),
    ("KEL-09", "KEC", "Kel. Sayang-Sayang", "kelurahan", 11),
    ("KEL-10", "KEC", "Kel. Cakra Selatan Baru", "kelurahan", 5),
    ("KEL-11", "KEC", "Kel. Sapta Marga", "kelurahan", 4),
    ("KEL-12", "KEC", "Kel. Cilinaya", "kelurahan", 10),
    ("KEL-13", "KEC", "Kel. Mayura", "kelurahan", 7),
    ("KEL-14", "KEC", "Kel. Karang Taliwang", "kelurahan", 6),
    ("KES", "CKR", "Puskesmas", "kelompok", 0),
    ("PKM-1", "KES", "Puskesmas Cakranegara", "puskesmas", 58),
    ("PKM-2", "KES", "Puskesmas Karang Taliwang", "puskesmas", 42),
    ("SEK", "CKR", "Sekolah", "kelompok", 0),
    ("SMP-1", "SEK", "SMP Negeri A", "sekolah", 46),
    ("SMP-2", "SEK", "SMP Negeri B", "sekolah", 38),
    ("SD-1", "SEK", "SD Negeri A", "sekolah", 22),
    ("SD-2", "SEK", "SD Negeri B", "sekolah", 19),
    ("SD-3", "SEK", "SD Negeri C", "sekolah", 15),
    ("SD-4", "SEK", "SD Negeri D", "sekolah", 12),
    ("OPD", "CKR", "Perangkat daerah kota", "kelompok", 0),
    ("OPD-1", "OPD", "Dinas Dukcapil", "dinas", 45),
    ("OPD-2", "OPD", "Dinas PMPTSP", "dinas", 32),
    ("OPD-3", "OPD", "Dinas Perdagangan", "dinas", 38),
    ("OPD-4", "OPD", "Satpol PP", "dinas", 62),
    ("OPD-5", "OPD", "BKPSDM", "dinas", 30),
    ("OPD-6", "OPD", "Dinas Kominfo", "dinas", 26),
]

# post, name, job class, required level of the manajerial and sosial kultural competencies
POSITIONS = [
    ("CAMAT", "Camat", "Administrator", 3),
    ("SEKCAM", "Sekretaris Kecamatan", "Administrator", 3),
    ("KADIS", "Kepala Dinas/Badan", "JPT Pratama", 4),
    ("KABID", "Kepala Bidang/Sekretaris", "Administrator", 3),
    ("LURAH", "Lurah", "Pengawas", 2),
    ("SEKLUR", "Sekretaris Kelurahan", "Pengawas", 2),
    ("KASI", "Kepala Seksi/Subbagian", "Pengawas", 2),
    ("STAF", "Pengadministrasi", "Pelaksana", 1),
    ("PRANATA", "Pranata Komputer Ahli Pertama", "JF Ahli Pertama", 2),
    ("ANALIS", "Analis SDM Aparatur Ahli Muda", "JF Ahli Muda", 3),
    ("PENATA", "Penata Perizinan Ahli Pertama", "JF Ahli Pertama", 2),
    ("DOKTER", "Dokter Ahli Muda", "JF Ahli Muda", 3),
    ("PERAWAT", "Perawat Terampil", "JF Terampil", 1),
    ("BIDAN", "Bidan Penyelia", "JF Penyelia", 2),
    ("NERS", "Perawat Ahli Pertama", "JF Ahli Pertama", 2),
    ("KASEK", "Guru Ahli Madya (kepala sekolah)", "JF Ahli Madya", 4),
    ("GURU3", "Guru Ahli Muda", "JF Ahli Muda", 3),
    ("GURU2", "Guru Ahli Pertama", "JF Ahli Pertama", 2),
]

# The posts a unit of each kind fills first, then the mix of the others.
POSTS = {
    "kecamatan": (["CAMAT", "SEKCAM", "KASI", "KASI", "KASI", "KASI"], {"STAF": 0.8, "KASI": 0.2}),
    "kelurahan": (["LURAH", "SEKLUR", "KASI"], {"STAF": 0.7, "KASI": 0.3}),
    "puskesmas": (
        ["DOKTER", "DOKTER", "KASI"],
        {"DOKTER": 0.1, "PERAWAT": 0.35, "NERS": 0.2, "BIDAN": 0.25, "STAF": 0.1},
    ),
    "sekolah": (["KASEK"], {"GURU3": 0.35, "GURU2": 0.5, "STAF": 0.15}),
    "dinas": (
        ["KADIS", "KABID", "KABID", "KABID"],
        {"KASI": 0.2, "STAF": 0.4, "ANALIS": 0.1, "PENATA": 0.15, "PRANATA": 0.15},
    ),
}

COMPETENCIES = [
    ("M.1", "Integritas", "Integrity", "manajerial"),
    ("M.2", "Kerja sama", "Teamwork", "manajerial"),
    ("M.3", "Komunikasi", "Communication", "manajerial"),
    ("M.4", "Orientasi pada hasil", "Results orientation", "manajerial"),
    ("M.5", "Pelayanan publik", "Public service", "manajerial"),
    ("M.6", "Pengembangan diri dan orang lain", "Developing self and others", "manajerial"),
    ("M.7", "Mengelola perubahan", "Managing change", "manajerial"),
    ("M.8", "Pengambilan keputusan", "Decision making", "manajerial"),
    ("SK.1", "Perekat bangsa", "Nation-binding", "sosial kultural"),
    ("T.1", "Literasi digital", "Digital literacy", "teknis"),
]

# Planted deficits of each segment, in levels below the post's standard, by competency.
SEGMENTS = {
    "digital services": (0.41, [0.1, 0.3, 0.5, 0.4, 1.6, 0.4, 0.8, 0.4, 0.1, 1.7]),
    "decision making": (0.22, [0.1, 0.3, 0.6, 0.7, 0.5, 0.6, 1.3, 1.5, 0.1, 0.5]),
    "maintenance": (0.37, [-0.1, 0.1, 0.2, 0.2, 0.4, 0.2, 0.3, 0.2, -0.1, 0.4]),
}


def make_units(copies: int, staff: int) -> pd.DataFrame:
    """Return the units with their planned number of staff.

    Parameters
    ----------
    copies : int
        How many times the kecamatan stands in the region.
    staff : int
        Planned staff over all units.

    Returns
    -------
    DataFrame
        unit_id, parent_id, name, kind, headcount; sizes add up to ``staff`` within rounding.
    """
    one = pd.DataFrame(UNITS, columns=["unit_id", "parent_id", "name", "kind", "headcount"])
    if copies == 1:
        units = one
    else:
        ids = np.repeat([f"K{i:04d}-" for i in range(1, copies + 1)], len(one))
        many = pd.concat([one] * copies, ignore_index=True)
        parents = np.where(many["parent_id"] == "", "REGION", ids + many["parent_id"])
        many = many.assign(unit_id=ids + many["unit_id"], parent_id=parents)
        many["name"] = many["name"] + " (" + pd.Series(ids).str.rstrip("-") + ")"
        top = pd.DataFrame([("REGION", "", "Region", "wilayah", 0)], columns=one.columns)
        units = pd.concat([top, many], ignore_index=True)
    scale = staff / units["headcount"].sum()
    sizes = (units["headcount"] * scale).round().clip(lower=3)
    return units.assign(headcount=sizes.where(units["headcount"] > 0, 0).astype("int64"))


def make_standards() -> pd.DataFrame:
    """Return the level each post requires of each competency.

    Returns
    -------
    DataFrame
        position_id, competency_id, required_level. Manajerial and sosial kultural levels follow
        the job class; digital literacy is a local standard, at least 2.
    """
    rows = [
        (post, code, max(level, 2) if group == "teknis" else level)
        for post, _, _, level in POSITIONS
        for code, _, _, group in COMPETENCIES
    ]
    return pd.DataFrame(rows, columns=["position_id", "competency_id", "required_level"])
