"""Invented people, units and answers that the export files share."""

from __future__ import annotations

NUMBERS = [
    "Satu",
    "Dua",
    "Tiga",
    "Empat",
    "Lima",
    "Enam",
    "Tujuh",
    "Delapan",
    "Sembilan",
    "Sepuluh",
    "Sebelas",
    "Duabelas",
]
UNITS = ["Dinas Rekaan", "Badan Contoh", "Kelurahan Misal"]
ITEMS = ["Integritas", "Kerja Sama", "Komunikasi", "Orientasi pada Hasil", "Pelayanan Publik"]
ITEMS_EN = ["Integrity", "Teamwork", "Communication", "Results orientation", "Public service"]

# A row a person, a digit an item; a dot is no answer.
LEVELS = ["43521", "5.442", "33333", "12345", "2243.", "54321", "41452", ".....", "35124", "24413"]
NEEDS = ["55443", "45534", "54.45", "33343", "55555", "12345", "44434", ".....", "53545", "4.455"]
FOUR = ["4321.", "33434", "22222", "1234.", "43434", "4.123", "34343", ".....", "21344", "44321"]

AGREE = ["Sangat Tidak Setuju", "Tidak Setuju", "Netral", "Setuju", "Sangat Setuju"]
AGREE_4 = ["Sangat Tidak Setuju", "Tidak Setuju", "Setuju", "Sangat Setuju"]
AGREE_EN = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
SHORT = ["STS", "TS", "N", "S", "SS"]
SHORT_4 = ["STS", "TS", "S", "SS"]
ABLE = ["Sangat tidak mampu", "Tidak mampu", "Cukup mampu", "Mampu", "Sangat mampu"]
ABLE_4 = ["Sangat tidak mampu", "Tidak mampu", "Mampu", "Sangat mampu"]
NEEDED = [
    "Sangat tidak membutuhkan",
    "Tidak membutuhkan",
    "Cukup membutuhkan",
    "Membutuhkan",
    "Sangat membutuhkan",
]
NEEDED_4 = [NEEDED[0], NEEDED[1], NEEDED[3], NEEDED[4]]
IMPORTANT = ["Sangat tidak penting", "Tidak penting", "Cukup penting", "Penting", "Sangat penting"]
OFTEN = ["Tidak pernah", "Jarang", "Kadang-kadang", "Sering", "Selalu"]
FIGURES = ["1", "2", "3", "4", "5"]


def name(number: int) -> str:
    return f"Contoh {NUMBERS[number - 1]}"


def nip(number: int) -> str:
    """The form of an NIP; nobody has it."""
    return f"19700101199001{2 - number % 2}{number:03d}"


def unit(number: int) -> str:
    return UNITS[(number - 1) % 3]


def say(digits: str, labels: list[str]) -> list[str]:
    """The answers of one person in words."""
    return ["" if digit == "." else labels[int(digit) - 1] for digit in digits]


def numbers(digits: str) -> list[int | None]:
    return [None if digit == "." else int(digit) for digit in digits]
