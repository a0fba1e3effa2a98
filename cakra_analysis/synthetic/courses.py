"""Courses of the synthetic region, what they do, and what is asked about them, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Course:
    """One course and what it does to a test of 0-100 points.

    Attributes
    ----------
    code, name_id, name_en, kind, competency, route : str
        As the table ``courses`` has them.
    hours : float
        Learning hours (JP).
    assignment : str
        How participants come to it; see the table ``sessions``.
    effect : float
        Planted effect on those who complete it, in points of the test.
    first : str
        Month of the first session.
    mean : float
        Mean score before, in points.
    liking : float
        Mean reaction, 1-5; it has nothing to do with the effect.
    used : float
        Mean change of behaviour at work, in steps of a 4-point scale.
    leaving : float
        Share who drop out; the weaker, the more likely.
    """

    code: str
    name_id: str
    name_en: str
    kind: str
    competency: str
    route: str
    hours: float
    assignment: str
    effect: float
    first: str
    mean: float
    liking: float
    used: float
    leaving: float = 0.06


COURSES = (
    Course("C01", "Pelayanan Publik Prima", "Excellent Public Service", "technical", "M.5",
           "workshop/lokakarya", 15, "lot", 8.0, "2026-02", 55, 4.2, 0.8),
    Course("C02", "Literasi Digital Dasar", "Basic Digital Literacy", "technical", "T.1",
           "bimbingan teknis", 20, "low score", 6.0, "2026-03", 52, 3.9, 0.6),
    Course("C03", "Kepemimpinan Pengawas", "Supervisory Leadership", "managerial", "M.8",
           "pelatihan", 40, "nominated", 5.0, "2026-01", 58, 4.0, 0.6),
    Course("C04", "Mengelola Perubahan", "Managing Change", "managerial", "M.7",
           "seminar/konferensi/sarasehan", 8, "low score", 0.0, "2026-01", 56, 4.5, 0.1),
    Course("C05", "Komunikasi Efektif", "Effective Communication", "technical", "M.3",
           "workshop/lokakarya", 10, "applied", 3.0, "2026-04", 60, 4.0, 0.4, 0.22),
    Course("C06", "Integritas dan Antigratifikasi", "Integrity and Gifts", "technical", "M.1",
           "e-learning", 3, "applied", 2.0, "2026-04", 86, 3.5, 0.2),
    Course("C07", "Penyusunan SOP Berbasis Formulir", "Form-based Procedure Writing", "technical",
           "M.2", "bimbingan teknis", 10, "wait list", -5.0, "2026-05", 62, 3.6, 0.0),
    Course("C08", "Orientasi pada Hasil", "Results Orientation", "technical", "M.4",
           "pelatihan jarak jauh", 8, "nominated", 4.0, "2026-03", 57, 3.8, 0.4),
)  # fmt: skip
ALONE = ("C08",)  # nobody untrained was tested
THEN_ASKED, KEPT_ASKED = ("C01", "C03"), ("C01", "C02")

AGREEING = ["Sangat tidak setuju|Strongly disagree", "Tidak setuju|Disagree", "Netral|Neutral",
            "Setuju|Agree", "Sangat setuju|Strongly agree"]  # fmt: skip
HINDERING = ["Tidak menghambat|No barrier", "Sedikit|Small barrier", "Cukup|Moderate barrier",
             "Besar|Large barrier", "Sangat besar|Critical barrier"]  # fmt: skip
# question, block, text in id and en, scale, how it differs from the course's mean
QUESTIONS = [
    ("R.1", "reaction", "Materi sesuai dengan tugas", "Content fits the job", "agreeing", 0.0),
    ("R.2", "reaction", "Pengajar menjelaskan dengan jelas",
     "Trainer explains clearly", "agreeing", 0.2),
    ("R.3", "reaction", "Ada cukup latihan", "Enough practice", "agreeing", -0.4),
    ("R.4", "reaction", "Waktu cukup", "Enough time", "agreeing", -0.6),
    ("R.5", "reaction", "Tempat dan sarana memadai",
     "Venue and equipment suffice", "agreeing", -0.1),
    ("R.6", "reaction", "Saya yakin dapat menerapkannya",
     "I am confident to apply it", "agreeing", 0.0),
    ("N.1", "recommend", "Akan merekomendasikan kepada rekan",
     "Would recommend it to a colleague", "recommending", 0.0),
    ("S.1", "support", "Atasan memberi kesempatan menerapkan",
     "Supervisor gives opportunity to apply", "agreeing", 0.1),
    ("S.2", "support", "Rekan mendukung cara baru",
     "Colleagues support the new way", "agreeing", 0.2),
    ("S.3", "support", "Ada umpan balik setelah kembali",
     "Feedback after the return", "agreeing", -0.5),
    ("S.4", "support", "Sarana untuk menerapkan tersedia",
     "Means to apply are there", "agreeing", -0.2),
    ("H.1", "transfer_barrier", "Tidak ada waktu untuk menerapkan",
     "No time to apply it", "hindering", 0.4),
    ("H.2", "transfer_barrier", "Tugas tidak memakai materi ini",
     "The job does not use it", "hindering", -0.4),
    ("H.3", "transfer_barrier", "Atasan memakai cara lama",
     "The supervisor keeps to the old way", "hindering", 0.0),
    ("H.4", "transfer_barrier", "Sistem atau aplikasi belum siap",
     "The system is not ready", "hindering", 0.2),
]  # fmt: skip
# Theme of a comment -> ways to put it; a course's weak side comes up more often.
COMMENTS = {
    "time": ["Waktu pelatihan terlalu singkat, mohon ditambah harinya",
             "Waktu praktik kurang, sebaiknya dua hari penuh",
             "Terlalu padat, waktu diskusi sangat singkat"],
    "trainer": ["Pengajar menjelaskan dengan jelas dan sabar",
                "Narasumber menguasai materi dan penjelasan mudah dipahami",
                "Penjelasan pengajar jelas, contoh kasus menarik"],
    "room": ["Ruangan panas, pendingin ruangan tidak berfungsi",
             "Ruang terlalu sempit dan panas untuk peserta sebanyak ini",
             "Pendingin ruangan rusak sehingga ruangan panas"],
    "practice": ["Perlu lebih banyak praktik langsung di loket pelayanan",
                 "Mohon contoh praktik dari kelurahan, jangan hanya teori",
                 "Lebih banyak latihan dan praktik, kurangi teori"],
    "application": ["Aplikasi sulit diakses karena jaringan internet lambat",
                    "Jaringan internet di kantor lambat, aplikasi sering gagal",
                    "Akses aplikasi dan internet perlu diperbaiki"],
    "schedule": ["Undangan mendadak, jadwal bentrok dengan pelayanan",
                 "Jadwal sebaiknya diberitahukan jauh hari, undangan terlambat",
                 "Undangan terlambat sehingga jadwal kerja terganggu"],
}  # fmt: skip
# Said by some besides; nobody of this name exists, and none of it may leave.
PERSONAL = [", terima kasih Pak Wirakusuma Contohan", ", hubungi saya di 0812 0000 0000",
            ", kata Bu Lestariwati Rekaan", ""]  # fmt: skip
COST_ITEMS = {"honor pengajar": 1_800_000, "tempat": 900_000, "konsumsi": 55_000,
              "bahan": 35_000, "waktu kerja peserta": 42_000}  # fmt: skip
PER_PERSON = ("konsumsi", "bahan", "waktu kerja peserta")
BENEFITS = [("C01", "waktu layanan yang dihemat (contoh)", 60_000_000, 180_000_000, 0.5, 0.7)]
SERVICE_KINDS = ("kecamatan", "kelurahan", "puskesmas")
SERVICE_UNITS = ("OPD-1", "OPD-2", "OPD-3")
SERVICE_EFFECT = 0.16  # on the scale 1-4, in units trained in C01, from the second month on
ELEMENTS = {"requirements": 3.25, "procedure": 3.1, "time": 2.95, "cost": 3.6, "product": 3.2,
            "competence": 3.15, "behaviour": 3.2, "complaints": 3.3,
            "facilities": 3.05}  # fmt: skip
