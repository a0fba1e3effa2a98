"""KoboToolbox and ODK Central: CSV with semicolons, names or labels, repeats in extra sheets."""

from __future__ import annotations

from tests.exports.people import (
    ABLE,
    AGREE_EN,
    FIGURES,
    ITEMS,
    ITEMS_EN,
    LEVELS,
    NEEDED,
    NEEDS,
    name,
    nip,
    numbers,
    say,
    unit,
)
from tests.exports.write import Rows, book, save, text

NAMES = ["integritas", "kerja_sama", "komunikasi", "hasil", "layanan"]
UNIT_NAMES = {"Dinas Rekaan": "dinas", "Badan Contoh": "badan", "Kelurahan Misal": "kelurahan"}
WAYS = ["klasikal", "daring", "magang"]
WAYS_ID = ["Pelatihan klasikal", "Belajar daring", "Magang, benchmarking"]
META = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status"]
META += ["_submitted_by", "__version__", "_tags", "_index"]
STATUS = {3: "Not Approved", 6: "On Hold", 9: ""}


def meta(number: int) -> list[str]:
    """What stands behind each answer."""
    status = STATUS.get(number, "Approved")
    uuid = f"00000000-0000-4000-8000-{number:012d}"
    when = f"2026-03-{number:02d}T02:1{number % 10}:00"
    return [str(100 + number), uuid, when, status, "", "submitted_via_web", "", "vContoh", "",
            str(number)]  # fmt: skip


def started(number: int) -> list[str]:
    day = f"2026-03-{number:02d}T10"
    return [f"{day}:00:05.000+08:00", f"{day}:09:{number:02d}.000+08:00"]


def chosen(number: int) -> list[bool]:
    """Which of the three ways a person ticked; person 8 none."""
    return [number != 8 and (number + place) % 3 > 0 for place in range(3)]


def names_csv() -> bytes:
    """Names as headers with groups, several answers as a summary and in details."""
    header = ["start", "end", "profil/nip", "profil/unit", "profil/cara"]
    header += [f"profil/cara/{way}" for way in WAYS]
    header += [f"penguasaan/{item}" for item in NAMES] + [f"kebutuhan/{item}" for item in NAMES]
    rows = []
    for n, (have, need) in enumerate(zip(LEVELS, NEEDS, strict=True), start=1):
        ticks = chosen(n)
        summary = " ".join(way for way, tick in zip(WAYS, ticks, strict=True) if tick)
        details = ["" if n == 8 else str(int(tick)) for tick in ticks]
        who = [nip(n), UNIT_NAMES[unit(n)]]
        answers = [*say(have, FIGURES), *say(need, FIGURES)]
        rows.append([*started(n), *who, summary, *details, *answers, *meta(n)])
    return text([[*header, *META], *rows], separator=";", encoding="utf-8-sig", quote_all=True,
                line="\n")  # fmt: skip


def labels_csv() -> bytes:
    """Labels as headers, with groups; the answers in words; the summary only."""
    header = ["start", "end", "Profil/NIP", "Profil/Perangkat Daerah", "Profil/Cara belajar"]
    header += [f"Penguasaan/{item}" for item in ITEMS] + [f"Kebutuhan/{item}" for item in ITEMS]
    rows = []
    for n, (have, need) in enumerate(zip(LEVELS, NEEDS, strict=True), start=1):
        ticked = zip(WAYS_ID, chosen(n), strict=True)
        summary = " ".join(way for way, tick in ticked if tick)
        answers = [*say(have, ABLE), *say(need, NEEDED)]
        rows.append([*started(n), nip(n), unit(n), summary, *answers, *meta(n)])
    return text([[*header, *META], *rows], separator=";", encoding="utf-8-sig", quote_all=True,
                line="\n")  # fmt: skip


def details_csv() -> bytes:
    """Several answers in details only, TRUE and FALSE as later versions write them."""
    header = ["start", "end", "kode", "unit", *[f"cara/{way}" for way in WAYS]]
    header += [f"penguasaan/{item}" for item in NAMES]
    rows = []
    for n, have in enumerate(LEVELS, start=1):
        ticks = ["" if n == 8 else str(tick).upper() for tick in chosen(n)]
        answers = say(have, FIGURES)
        rows.append([*started(n), f"K{n:02d}", UNIT_NAMES[unit(n)], *ticks, *answers, *meta(n)])
    return text([[*header, *META], *rows], separator=";", encoding="utf-8-sig", line="\n")


def repeats_book() -> bytes:
    """One sheet of answers and one of the competencies that each person rated, in a repeat."""
    header = ["start", "end", "nip", "unit", *META]
    rows: Rows = [[*started(n), nip(n), UNIT_NAMES[unit(n)], *meta(n)[:-1], n] for n in range(1, 7)]
    below = ["kompetensi", "penguasaan", "kebutuhan", "_index", "_parent_table_name"]
    below += ["_parent_index", "_submission__id", "_submission__uuid"]
    items: Rows = []
    for n in range(1, 7):
        pairs = zip(NAMES, numbers(LEVELS[n - 1]), numbers(NEEDS[n - 1]), strict=True)
        for item, have, need in list(pairs)[: 2 + n % 3]:
            parent = ["akpk_contoh", n, 100 + n, meta(n)[1]]
            items.append([item, have, need, len(items) + 1, *parent])
    items.append(["komunikasi", 4, 5, len(items) + 1, "akpk_contoh", 99, 199, "gone"])  # of nobody
    return save(book({"akpk_contoh": [header, *rows], "butir": [below, *items]}))


def xlsform() -> bytes:
    """The form beside the answers: its questions and the words of its choices."""
    survey: Rows = [
        ["type", "name", "label::Bahasa Indonesia (id)", "label::English (en)", "relevant"],
        ["start", "start", None, None, None],
        ["end", "end", None, None, None],
        ["text", "nip", "NIP", "NIP", None],
        ["select_one unit", "unit", "Perangkat Daerah", "Unit", None],
        ["begin_repeat", "butir", "Kompetensi yang dinilai", "Competencies", None],
        ["select_one butir", "kompetensi", "Kompetensi", "Competency", None],
        ["select_one mampu", "penguasaan", "Penguasaan", "Mastery", None],
        ["select_one butuh", "kebutuhan", "Kebutuhan", "Need", None],
        ["end_repeat", None, None, None, None],
    ]
    choices: Rows = [["list_name", "name", "label::Bahasa Indonesia (id)", "label::English (en)"]]
    choices += [["unit", code, label, label] for label, code in UNIT_NAMES.items()]
    choices += [["butir", *both] for both in zip(NAMES, ITEMS, ITEMS_EN, strict=True)]
    choices += [["mampu", n, *both] for n, both in enumerate(zip(ABLE, AGREE_EN, strict=True), 1)]
    choices += [["butuh", n, label, label] for n, label in enumerate(NEEDED, start=1)]
    settings: Rows = [["form_title", "form_id", "version"], ["AKPK contoh", "akpk_contoh", "1"]]
    return save(book({"survey": survey, "choices": choices, "settings": settings}))


def central_csv() -> bytes:
    """ODK Central: hyphens for groups, a key at the end, figures."""
    header = ["SubmissionDate", "start", "end", "profil-kode", "profil-unit", "profil-cara"]
    header += [f"kebutuhan-{item}" for item in NAMES]
    header += ["meta-instanceID", "KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent"]
    header += ["AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits", "FormVersion"]
    rows = []
    for n, need in enumerate(NEEDS, start=1):
        ticked = zip(WAYS, chosen(n), strict=True)
        summary = " ".join(way for way, tick in ticked if tick)
        review = {4: "rejected", 5: "hasIssues"}.get(n, "approved" if n % 2 else "")
        key = f"uuid:00000000-0000-4000-8000-{n:012d}"
        who = [f"K{n:02d}", UNIT_NAMES[unit(n)], summary]
        tail = [key, key, "7", name(12), "0", "0", "", review, "contoh", "0", "1"]
        when = f"2026-03-{n:02d}T02:30:00.123Z"
        rows.append([when, *started(n), *who, *say(need, FIGURES), *tail])
    return text([header, *rows], line="\n")


FILES = {
    "kobo-names.csv": names_csv,
    "kobo-labels.csv": labels_csv,
    "kobo-details.csv": details_csv,
    "kobo-repeats.xlsx": repeats_book,
    "kobo-repeats-xlsform.xlsx": xlsform,
    "odk-central.csv": central_csv,
}
