"""Microsoft Forms: ID, start and completion, semicolons behind each of several answers."""

from __future__ import annotations

from datetime import timedelta

from tests.exports.people import ABLE, ITEMS, ITEMS_EN, LEVELS, NEEDS, OFTEN, name, say, unit
from tests.exports.write import WHEN, book, save, text

NEED_EN = ["Not needed", "Slightly needed", "Moderately needed", "Very needed"]
NEED_EN += ["Absolutely essential"]


def begin(number: int) -> list[object]:
    when = WHEN + timedelta(minutes=11 * number)
    return [number, when, when + timedelta(minutes=6), "anonymous", None]


def english() -> bytes:
    header = ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time"]
    header += ["Which\u00a0unit do you work\u00a0in?", "Which formats do you prefer?"]
    header += [f"How much do you need training in these?\nSkip what is not relevant.\n.{item}"
               for item in ITEMS_EN]  # fmt: skip
    ways = ["Workshop", "Coaching; one to one", "E-learning"]
    rows = []
    for n, need in enumerate(NEEDS, start=1):
        ticked = "".join(f"{way};" for place, way in enumerate(ways) if (n + place) % 3 and n != 8)
        said = [label or None for label in say(need, NEED_EN)]
        rows.append([*begin(n), None, f"{unit(n)}\u00a0", ticked or None, *said])
    return save(book({"Sheet1": [header, *rows]}))


def indonesian() -> bytes:
    header = ["ID", "Waktu mulai", "Waktu penyelesaian", "Email", "Nama"]
    header += ["Unit\u00a0Kerja", *[f"Seberapa sering Anda menerapkan\u00a0.{i}" for i in ITEMS]]
    rows = []
    for n, have in enumerate(LEVELS, start=1):
        said = [label or None for label in say(have, OFTEN)]
        rows.append([*begin(n)[:4], name(n), unit(n), *said])
    return save(book({"Sheet1": [header, *rows]}))


def quiz_csv() -> bytes:
    """A quiz: points and feedback beside each question, which are no answers of anybody."""
    header = ["ID", "Start time", "Completion time", "Email", "Name", "Total points"]
    header += ["Quiz feedback", "Unit", "Points - Unit", "Feedback - Unit"]
    header += [f"Rate yourself.{item}" for item in ITEMS_EN]
    rows = []
    for n, have in enumerate(LEVELS, start=1):
        when = f"3/{n}/2026 9:05:00"
        who = [str(n), when, when, f"contoh{n}@example.org", name(n), "0", ""]
        rows.append([*who, unit(n), "0", "", *say(have, ABLE)])
    return text([header, *rows], encoding="utf-8-sig")


FILES = {
    "microsoft-en.xlsx": english,
    "microsoft-id.xlsx": indonesian,
    "microsoft-quiz.csv": quiz_csv,
}
