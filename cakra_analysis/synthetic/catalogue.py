"""What is on offer next year, where, and what it is expected to do, as data; all invented."""

from __future__ import annotations

# Courses held before: mode, least, most, sessions a year, meeting days, spacing, cost of a session
# and of a seat in thousand rupiah, equipment.
HELD = {
    "C01": ("formal", 15, 30, 6, 3, 0, 6000, 350, "proyektor"),
    "C02": ("formal", 12, 25, 6, 4, 0, 7000, 400, "proyektor;komputer;internet"),
    "C03": ("formal", 20, 30, 2, 5, 0, 18000, 900, "proyektor"),
    "C04": ("formal", 40, 80, 3, 2, 0, 5000, 150, "proyektor"),
    "C05": ("formal", 15, 30, 4, 2, 0, 5000, 300, "proyektor"),
    "C06": ("formal", 20, 200, 3, 1, 0, 1500, 15, ""),
    "C07": ("formal", 12, 25, 3, 2, 0, 4500, 250, "komputer"),
    "C08": ("formal", 20, 60, 3, 2, 0, 3000, 60, ""),
}
# Courses on offer for the first time: code, names, kind, competency, route, JP, then as above, and
# the course that must be completed before.
NEW = [
    ("C09", "Proyek Perbaikan Layanan", "Service Improvement Project", "technical", "M.5",
     "pelatihan", 24, ("experience", 10, 20, 6, 6, 14, 4000, 300, "proyektor"), ""),
    ("C10", "Klinik Pengambilan Keputusan", "Decision-Making Clinic", "managerial", "M.8",
     "coaching", 8, ("social", 6, 12, 6, 4, 14, 2500, 150, ""), ""),
    ("C11", "Kepemimpinan Pengawas Lanjutan", "Advanced Supervisory Leadership", "managerial",
     "M.8", "pelatihan", 24, ("formal", 12, 25, 2, 3, 0, 11000, 700, "proyektor"), "C03"),
    ("C12", "Komunitas Belajar Digital", "Digital Community of Practice", "technical", "T.1",
     "komunitas belajar", 12, ("social", 10, 30, 6, 6, 14, 1500, 60, "internet"), ""),
    ("C13", "Praktik Kerja Layanan Digital", "Digital Service Placement", "technical", "T.1",
     "magang/praktik kerja", 20, ("experience", 4, 12, 6, 5, 0, 3000, 250,
                                  "komputer;internet"), ""),
    ("C14", "Literasi Digital Mandiri", "Self-paced Digital Literacy", "technical", "T.1",
     "pelatihan jarak jauh", 20, ("formal", 20, 120, 4, 4, 0, 2500, 40, ""), ""),
    ("C15", "Pelayanan Publik Daring", "Online Public Service", "technical", "M.5",
     "pelatihan jarak jauh", 20, ("formal", 20, 120, 4, 4, 0, 2500, 40, ""), ""),
    ("C16", "Pendampingan Kerja Tim", "Team Mentoring", "technical", "M.2", "mentoring", 10,
     ("social", 6, 15, 5, 5, 14, 2000, 120, ""), ""),
    ("C17", "Merawat Perekat Bangsa", "Living Together", "technical", "SK.1",
     "seminar/konferensi/sarasehan", 4, ("formal", 40, 100, 2, 1, 0, 4000, 90, "proyektor"), ""),
    ("C18", "Perubahan dalam Praktik", "Change in Practice", "managerial", "M.7", "pelatihan", 24,
     ("experience", 10, 20, 5, 6, 14, 4500, 300, "proyektor"), ""),
    ("C19", "Mengembangkan Diri dan Tim", "Developing Self and Team", "managerial", "M.6",
     "workshop/lokakarya", 10, ("formal", 15, 30, 4, 2, 0, 5000, 300, "proyektor"), ""),
    ("C20", "Target dan Data Kinerja", "Targets and Performance Data", "technical", "M.4",
     "bimbingan teknis", 15, ("formal", 12, 25, 4, 3, 0, 5500, 350, "proyektor;komputer"), ""),
]  # fmt: skip
# Expected levels gained: course -> competency -> effect, half of the 95% range, measured here?
EFFECTS = {
    "C01": {"M.5": (0.5, 0.18, True), "M.3": (0.1, 0.15, False)},
    "C02": {"T.1": (0.4, 0.2, True)},
    "C03": {"M.8": (0.35, 0.25, True), "M.4": (0.15, 0.2, False), "M.6": (0.15, 0.2, False)},
    "C04": {"M.7": (0.0, 0.15, True)},
    "C05": {"M.3": (0.2, 0.2, True)},
    "C06": {"M.1": (0.1, 0.1, True)},
    "C07": {"M.2": (-0.3, 0.2, True)},
    "C08": {"M.4": (0.25, 0.25, False)},
    "C09": {"M.5": (0.6, 0.45, False), "M.4": (0.3, 0.3, False)},
    "C10": {"M.8": (0.45, 0.4, False)},
    "C11": {"M.8": (0.4, 0.35, False), "M.7": (0.2, 0.2, False)},
    "C12": {"T.1": (0.3, 0.25, False), "M.2": (0.1, 0.15, False)},
    "C13": {"T.1": (0.6, 0.5, False), "M.5": (0.3, 0.3, False)},
    "C14": {"T.1": (0.15, 0.15, False)},
    "C15": {"M.5": (0.12, 0.15, False)},
    "C16": {"M.2": (0.3, 0.25, False), "M.6": (0.15, 0.2, False)},
    "C17": {"SK.1": (0.1, 0.1, False)},
    "C18": {"M.7": (0.5, 0.4, False), "M.8": (0.15, 0.2, False)},
    "C19": {"M.6": (0.3, 0.25, False)},
    "C20": {"M.4": (0.35, 0.3, False)},
}
MEASURED, JUDGED = "evaluasi siklus lalu (sintetis)", "penilaian ahli (sintetis)"
# name, kind, capacity, accessible, equipment, thousand rupiah a day, km, justification
VENUES = [
    ("Aula Kecamatan", "government", 80, "yes", "proyektor;internet", 0, 0.5, ""),
    ("Ruang Rapat Kecamatan", "government", 25, "yes", "proyektor;internet", 0, 0.5, ""),
    ("BKPSDM", "government", 40, "yes", "proyektor;komputer;internet", 0, 3.2, ""),
    ("Aula Dinas", "government", 60, "no", "proyektor", 0, 2.4, ""),
    ("Ruang Kelas Sekolah", "government", 30, "yes", "proyektor", 0, 1.1, ""),
    ("Balai Warga", "government", 100, "no", "proyektor", 250, 0.8, ""),
    ("Laboratorium Komputer Kampus", "campus", 40, "yes", "proyektor;komputer;internet", 750, 4.6,
     ""),
    ("Ruang Kuliah Kampus", "campus", 60, "yes", "proyektor;internet", 500, 4.6, ""),
    ("Ruang Pertemuan Hotel A", "private", 150, "yes", "proyektor;internet", 4500, 2.9, ""),
    ("Ruang Pertemuan Hotel B", "private", 60, "yes", "proyektor;komputer;internet", 3500, 3.8,
     "Satu-satunya ruang berkomputer selama perbaikan BKPSDM (contoh)"),
]  # fmt: skip
TRAINERS_A_COURSE, FEE = 3, (750, 1000, 1250)  # thousand rupiah a day
# kind, code (units by kind), first and last day of the planned year, strength, names, confirmed
CLOSURES = [
    ("all", "", "02-01", "03-05", "soft", "Musrenbang", "Development planning meetings", "no"),
    ("all", "", "03-16", "03-18", "hard", "Sekitar Lebaran Topat", "Around Lebaran Topat", "no"),
    ("all", "", "10-04", "10-08", "soft", "Pekan balap Mandalika", "Mandalika race week", "no"),
    ("all", "", "12-13", "12-31", "soft", "Penutupan anggaran", "Closing of the budget", "yes"),
    ("sekolah", "", "05-31", "06-12", "hard", "Ujian akhir tahun", "Final examinations", "no"),
    ("sekolah", "", "11-29", "12-11", "hard", "Ujian semester", "Term examinations", "no"),
    ("puskesmas", "", "08-02", "08-13", "soft", "Bulan imunisasi", "Immunisation month", "no"),
    ("venue", "V03", "04-05", "04-23", "hard", "Perbaikan ruang komputer",
     "Repair of the computer room", "yes"),
    ("trainer", "T101", "06-21", "07-09", "hard", "Cuti", "Leave", "yes"),
]  # fmt: skip
