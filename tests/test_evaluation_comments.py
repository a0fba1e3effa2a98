"""Comments: nothing identifying leaves, and planted themes come out."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from cakra_analysis.evaluation.comments import find_themes, split_words
from cakra_analysis.evaluation.reaction_findings import find_comments
from cakra_analysis.privacy import publish
from cakra_analysis.privacy.masking import mask_text
from cakra_analysis.privacy.ordinary import ORDINARY, list_stopwords
from cakra_analysis.words import say

pytestmark = pytest.mark.slow  # models fitted many times over

THEMES = {
    "content": ["materi", "modul", "contoh", "kasus", "lengkap", "praktis", "slide"],
    "room": ["ruangan", "panas", "sempit", "kursi", "pendingin", "bising", "toilet"],
    "time": ["jadwal", "durasi", "singkat", "padat", "mepet", "terlambat", "istirahat"],
    "food": ["konsumsi", "makanan", "snack", "minuman", "enak", "porsi", "menu"],
    "trainer": ["komunikatif", "sabar", "interaktif", "penyampaian", "humor", "ramah", "tegas"],
}

# What is said, and what must not be left of it.
LEAKS = [
    ("Pak Budi Santoso sangat jelas", "Budi Santoso"),
    ("pak budi santoso sangat jelas", "budi santoso"),
    ("PAK BUDI SANTOSO SANGAT JELAS", "BUDI SANTOSO"),
    ("bu sri menjelaskan dengan baik", "sri"),
    ("bu.sri baik", "sri"),
    ("Bapak/Ibu Ahmad Fauzi sabar", "Ahmad Fauzi"),
    ("Bapak dan Ibu Fauzi sabar", "Fauzi"),
    ("Ibu Narasumber Siti Aminah ramah", "Siti Aminah"),
    ("Ibu Hj. Siti Aminah, S.Sos., M.Si. menguasai", "Siti Aminah S.Sos M.Si"),
    ("dr. Ketut Wirawan terlambat", "Ketut Wirawan"),
    ("dr Wirawan terlambat", "Wirawan"),
    ("Drs. H. Lalu Ahmad Yani", "Lalu Ahmad Yani"),
    ("Ir. Joko", "Joko"),
    ("Prof. Rahmat", "Rahmat"),
    ("Sdr. Hamdan dan Sdri. Rina", "Hamdan Rina"),
    ("saudari rina terlambat", "rina"),
    ("Mas Joko & Mbak Rina keren", "Joko Rina"),
    ("kak dewi ramah", "dewi"),
    ("Pak\u00a0Budi jelas", "Budi"),
    ("Pak Bu\u200bdi jelas", "Budi"),
    ("Baiq Nurhayati hadir", "Nurhayati"),
    ("I Made Sudarma dan Ni Luh Putu Ayu", "Made Sudarma Luh Putu Ayu"),
    ("Instruktur: Dewi Lestari", "Dewi Lestari"),
    ("Terima kasih kepada Budi Hartono", "Budi Hartono"),
    ("nama saya budi", "budi"),
    ("Nama: Andi Saputra", "Andi Saputra"),
    ("saya Andi dari dinas", "Andi"),
    ("Salam, Andi", "Andi"),
    ("Rahmat Hidayat, S.Kom menguasai", "Rahmat Hidayat"),
    ("NIP 198609262015051001", "198609262015051001"),
    ("NIP. 19860926 201505 1 001", "19860926 201505"),
    ("nip 1986.0926.2015.05.1.001", "1986 0926 2015"),
    ("NIK 5271012609860002", "5271012609860002"),
    ("NIK 5271-0126-0986-0002", "5271 0126 0986 0002"),
    ("WA 0812-3456-7890", "0812 3456 7890"),
    ("+62 812 3456 7890", "812 3456 7890"),
    ("(0370) 621234", "621234"),
    ("0 8 1 2 3 4 5 6 7 8 9 0", "0 8 1 2 3"),
    ("O812 3456 789O", "812 3456"),
    ("hub 081234567890a", "081234567890"),
    ("０８１２３４５６７８９０", "0812"),
    ("08\u200b1234\u200b567890", "1234 567890"),
    ("nol delapan satu dua tiga empat lima enam", "delapan satu tiga"),
    ("budi.s@mataram.go.id", "budi mataram"),
    ("budi (at) gmail (dot) com", "budi gmail"),
    ("budi[at]gmail.com", "budi gmail"),
    ("IG: @budi_s", "budi_s"),
    ("ig budi_s77", "budi_s77"),
    ("lihat https://contoh.id/budi", "contoh budi"),
    ("www.contoh.com/budi", "contoh budi"),
    ("mataramkota.go.id/budi", "budi"),
    ("Jl. Pejanggik No. 12, kantor saya", "Pejanggik 12"),
    ("jln pejanggik no 12", "pejanggik 12"),
    ("jalan pejanggik nomor 12", "pejanggik 12"),
    ("Jalan Majapahit Gang III No 4B", "Majapahit III 4B"),
    ("RT 03/RW 05", "03 05"),
    ("rt.03 rw.05", "03 05"),
    ("BTN Sweta Indah Blok C", "Sweta Indah"),
    ("alamat saya di karang taliwang", "karang taliwang"),
    ("Rumah saya di Karang Taliwang", "Karang Taliwang"),
]

KEPT = [
    "Materi jelas, waktu 3 hari, ruangan panas",
    "cari jalan keluar yang baik",
    "Bapak/Ibu narasumber sabar",
    "bapak ibu peserta aktif",
    "Narasumber Sangat Baik dan Menguasai Materi",
    "terima kasih pak",
    "skor 85 dari 100 pada 2026",
    "lalu kami pulang",
    "Rp 500.000 terlalu kecil",
    "dr pagi sampai sore",
]


def make_comments(count: int, themes: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Comments of four words of a theme among function words, and the planted themes."""
    rng = np.random.default_rng(seed)
    names = list(THEMES)[:themes]
    planted = np.arange(count) % themes
    filler = ["yang", "sangat", "dan", "untuk", "pelatihan", "kegiatan", "ini", "perlu", "lebih"]
    texts = []
    for own in planted:
        words = [*rng.choice(THEMES[names[own]], 4, replace=False)]
        if rng.random() < 0.3:
            words.append(rng.choice(THEMES[names[rng.integers(themes)]]))
        words += [*rng.choice(filler, 3, replace=False)]
        texts.append(" ".join(rng.permutation(words)))
    return pd.DataFrame({"text": texts}), planted


@pytest.mark.parametrize(("said", "leak"), LEAKS)
def test_nothing_identifying_is_left(said: str, leak: str) -> None:
    left = mask_text(pd.Series([said])).item()
    for word in re.findall(r"\w+", leak):
        assert not re.search(rf"\b{re.escape(word)}\b", left), left


@pytest.mark.parametrize("said", KEPT)
def test_ordinary_comments_stay_as_they_are(said: str) -> None:
    assert mask_text(pd.Series([said])).item() == said


@pytest.mark.parametrize(
    "said", ["Lestari hebat", "dewi bagus", "DEWI LESTARI", "Dewi  Lestari", "d.e.w.i bagus"]
)
def test_given_names_go_wherever_they_stand(said: str) -> None:
    left = mask_text(pd.Series([said]), names=["Dewi Lestari, M.Kom."]).item()
    assert not re.search("dewi|lestari|d.e.w.i", left, re.I)
    assert mask_text(pd.Series(["Komputernya baru"]), names=["Dewi Lestari, M.Kom."]).item()


def test_masking_keeps_missing_index_and_argument() -> None:
    said = pd.Series(["Pak Budi", None, ""], index=[5, 3, 9])
    before = said.copy()
    masked = mask_text(said)
    assert masked.index.tolist() == [5, 3, 9] and masked.isna().tolist() == [False, True, False]
    pd.testing.assert_series_equal(said, before)
    again = mask_text(masked)
    pd.testing.assert_series_equal(again, masked)  # what is masked once stays


def test_words_lists_are_small_letters_and_once() -> None:
    words = list_stopwords()
    assert 300 < len(words) < 700 and all(w == w.lower() and w.isalpha() for w in words)
    assert not words & {"materi", "ruangan", "jelas", "waktu"}
    assert all(w == w.lower() for w in ORDINARY)
    assert split_words("Materinya bertanya [nama] materi-materi") == [
        "materi", "bertanya", "materi", "materi",
    ]  # fmt: skip


@pytest.mark.parametrize("themes", [2, 3, 4, 5])
@pytest.mark.parametrize("count", [80, 600])
def test_planted_themes_come_out_in_the_right_number(themes: int, count: int) -> None:
    comments, _ = make_comments(count, themes, seed=themes)
    table = find_themes(comments)
    assert len(table) == themes
    vocabularies = [set(words) for words in list(THEMES.values())[:themes]]
    for words in table["words"]:
        own = set(words.split(", "))
        assert max(len(own & vocabulary) for vocabulary in vocabularies) >= 4
    assert table["share"].between(1 / themes - 0.06, 1 / themes + 0.06).all()
    assert (table["low"] <= table["share"]).all() and (table["share"] <= table["high"]).all()


def test_order_of_comments_changes_nothing_and_the_number_can_be_given() -> None:
    comments, _ = make_comments(150, 3, seed=1)
    table = find_themes(comments)
    pd.testing.assert_frame_equal(table, find_themes(comments.sample(frac=1, random_state=2)))
    given = find_themes(comments, themes=2)
    assert len(given) == 2 and "with 2 themes" in given["method"].iloc[0]


def test_quotes_are_masked_and_only_where_enough_said_it() -> None:
    comments, planted = make_comments(120, 2, seed=3)
    text = comments["text"].where(
        planted == 0, comments["text"] + " kata Pak Sudirman 081234567890"
    )
    table = find_themes(comments.assign(text=text), themes=2)
    quotes = " ".join(table["quotes"])
    # What had to be masked is not quoted at all: something else in it may have been missed.
    assert "[nama]" not in quotes and "[nomor]" not in quotes
    assert "Sudirman" not in quotes and "0812" not in quotes
    assert sorted(len(q.split(" | ")) for q in table["quotes"] if q) == [2]
    assert not table["words"].str.contains("sudirman").any()
    rare = find_themes(comments.assign(text=text), themes=2, fewest=70)
    assert (rare["quotes"] == "").all()


def test_too_few_comments_or_no_recurring_word() -> None:
    comments, _ = make_comments(9, 2, seed=1)
    empty = find_themes(comments)
    assert empty.empty and {"words", "quotes"} <= set(empty)
    assert find_themes(pd.DataFrame({"text": [None, "", "  "] * 9})).empty
    assert find_themes(pd.DataFrame({"text": [f"kata{i}" * 2 for i in range(30)]})).empty
    only_function_words = pd.DataFrame({"text": ["yang dan di"] * 30})
    assert find_themes(only_function_words).empty


def test_every_comment_alike_is_one_theme() -> None:
    table = find_themes(pd.DataFrame({"text": ["ruangan panas sekali hari ini"] * 30}))
    assert len(table) == 1 and table["share"].item() == 1


def test_the_sentence_claims_a_largest_theme_only_where_it_is() -> None:
    comments, _ = make_comments(300, 3, seed=5)
    equal = publish(find_themes(comments), "results", audience="internal").table
    assert find_comments(equal).key == "evaluation.comments.close"
    more, _ = make_comments(300, 1, seed=6)
    uneven = publish(find_themes(pd.concat([comments, more])), "results", audience="internal").table
    found = find_comments(uneven)
    assert found.key == "evaluation.comments.shown"
    assert "bukan pujian atau keluhan" in say(found, "id") and say(found, "en", "title")
    hidden = find_themes(comments).assign(n=2)
    hidden = publish(hidden, "results", audience="internal").table
    assert find_comments(hidden).key == "evaluation.comments.hidden"
    assert find_comments(equal.head(0)).key == "evaluation.comments.none"
