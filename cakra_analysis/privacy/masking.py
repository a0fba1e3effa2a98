"""Free text without what identifies somebody: names, numbers, addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

import pandas as pd

from cakra_analysis.privacy.ordinary import ORDINARY, WORDS_TOO, list_stopwords
from cakra_analysis.privacy.positions import POSITION, mask_positions

MARKS = NAME, NUMBER, ADDRESS, _ = "[nama]", "[nomor]", "[alamat]", POSITION

TITLES = (
    "bapak|ibu|bpk|pak|bu|ibuk|buk|saudara|saudari|sdr|sdri|tuan|nyonya|mas|mbak|mba|kakak|kak|bang|"
    "abang|pa|pk|bp|bidan|suster|dokter|drg|ners|apt|om|tante|bunda|ummi|pakde|bude|teh|cak|bli|"
    "mbok|miq|mamiq|inaq|tgb|yth|haji|hajah|hajjah|ustadzah|ustadz|ustad|ust|kyai|tgkh|tgh|guru|prof|profesor|doktor|drs|"
    "dra|coach|beliau"
)
SHORT = "dr|ir|h|hj|r|rr|ny|tn|kh"  # titles with a point, or before a capital
ROLES = (
    "narasumber|pemateri|fasilitator|pembicara|moderator|widyaiswara|pengajar|instruktur|trainer|"
    "tutor|mentor|panitia|peserta|lurah|camat|sekcam|kabid|kadis|kasi|kepala|pembimbing|atasan|"
    "saya|oleh|bernama|nama|salam|hormat|ttd|kasih|thanks|kepada|a\\.?n|u\\.?p"
)
# Words that open or make up names on Lombok and in Bali.
LOCAL = (
    "Lalu|Lale|Baiq|Raden|Denda|Muhammad|Muhamad|Mohammad|Mohamad|Muh|Moh|Ahmad|Achmad|Siti|Abdul|Wayan|"
    "Putu|Gede|Made|Kadek|Nyoman|Komang|Ketut|Luh|Gusti|Ayu|Anak Agung|Ida|Ni|I"
)
WORD, CAPITAL = r"[A-Za-z][A-Za-z'’`-]*\.?", r"[A-Z][A-Za-z'’`-]*\.?"
DEGREE = (
    r"(?:(?:S|M|A|Ph|D)\s?\.\s?[A-Z][A-Za-z]{0,5}\b\.?(?:\s?[A-Z]{1,3}\b\.?)?"
    r"|(?:SE|SH|ST|SS|SPd|SSos|SKom|SSTP|MM|MH|MT|MSi|MPd|MKom|MAP)\b)"
)
TOP = "com|id|net|org|me|link|co|io|ly|info|xyz|app|edu|gov|page|site|online"
AT = r"\s*(?:@|[\(\[\{]\s*(?:at|et)\s*[\)\]\}]|\bat\b)\s*"
DOT = r"\s*(?:\.|[\(\[\{]\s*(?:dot|titik)\s*[\)\]\}]|\bdot\b|\btitik\b)\s*"
DIGITS = (
    "nol|nul|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|lapan|sembilan|dobel|double|belas|"
    "puluh|zero|one|two|three|four|five|six|seven|eight|nine"
)
GAP = r"[\s.,\-–—/()+_*|:;'`]"
STREETS = "jl|jln|jlan|gg|gang|lrg|lorong|perum|perumahan|komp|komplek|kompleks|btn|blok|dusun|dsn"
LINKS = "yang|dan|di|ke|dari|untuk|tidak|sangat|kurang|terlalu|agar|jadi|itu|ini|saya|kami|no|nomor"
SMALL = rf"(?:\s+(?!(?:{LINKS})\b)[a-z]+\b)?"
NO = "(?i:no|nomor|nmr)"
ON = rf"(?:\s+(?!{NO}\b)(?:{CAPITAL}|\d+\w?))*(?:[\s,]*(?:\w+\s+){{0,3}}?{NO}\s*[.:]?\s*\d+\w?)?"

PLACES = [
    re.compile(r"\b(?:https?|ftp)\s*:\s*/\s*/\s*\S+|\bwww\s*\.\s*\S+", re.I),
    re.compile(rf"[\w.+-]+{AT}[\w-]+(?:{DOT}\w+)+", re.I),
    re.compile(rf"\b[\w-]+(?:\.[\w-]+)*\.(?:{TOP})\b(?:/\S*)?", re.I),
    re.compile(
        r"\b(?:alamat(?:nya|ku)?|domisili|(?:ber)?tinggal|rumah(?:nya|ku)?|kos(?:an)?)"
        r"(?:\s+(?:saya|kami|beliau|rumah))?\s*(?::|\bdi\b)[^;!?\n]*",
        re.I,
    ),
    re.compile(rf"(?i:\b(?:{STREETS})\b\.?)\s*(?:{WORD}|\d+){SMALL}{ON}"),
    re.compile(rf"(?i:\bjalan)\s+{CAPITAL}{ON}"),
    re.compile(rf"\bjalan\s+(?:{WORD}\s+){{1,4}}(?:no|nomor)\s*[.:]?\s*\d+\w?", re.I),
    re.compile(r"\br\.?\s?[tw]\b\.?[\s:/.]*(?:r\.?w\b\W*)?\d+(?:\s*/\s*(?:rw\W*)?\d+)?", re.I),
]
NUMBERS = re.compile(rf"(?<!\w)[(+]?(?:[\doOlI]{GAP}{{0,3}}){{5,}}[\doOlI](?!\w)|\d{{6,}}")
# Six figures on end, in words or in words and figures.
SPELLED = re.compile(
    rf"\b(?=[\d\s,.-]*(?:{DIGITS})\b)(?:(?:{DIGITS}|\d{{1,4}})\b[\s,.-]*){{6,}}", re.I
)
YEARS = re.compile(r"(?:(?:19|20)\d\d\W+)+(?:19|20)\d\d\W*")
MONEY = re.compile(r"\d{1,3}(?:\.\d{3})+\W*")
FEWEST_DIGITS = 7  # with gaps between them; a run without is masked from six on
HANDLES = re.compile(
    r"(?<!\w)@\s?\w[\w.]*|\b(?i:ig|insta|instagram|fb|facebook|tiktok|telegram|twitter|linkedin|akun)"
    r"\b\s*(?:[:=]\s*\S+(?:\s+[A-Z]\w+)*|\w*[\d_.]\w+)"
)
DEGREED = re.compile(rf"(?:{CAPITAL}\s+){{0,4}}{CAPITAL}\s*,?\s*{DEGREE}(?:\s*,?\s*{DEGREE})*")
TITLED = re.compile(
    rf"\b(?:{TITLES})\b|\b(?:{SHORT})\.(?=\s*[a-z])|\b(?:{SHORT})(?=\s+(?-i:[A-Z]))", re.I
)
CALLED = re.compile(
    rf"\b(?:{ROLES})(?:nya)?\b\.?\s*[:,]?(?=\s*(?-i:[A-Z]))|\bnama(?:\s+saya|\s*[:=])", re.I
)
REGIONAL = re.compile(rf"\b(?:{LOCAL})\b\.?(?=\s+(?-i:[A-Z]))", re.I)
BESIDE = re.compile(rf"(?:\b(?:{LOCAL})\s+)*\[nama\](?:\s+(?!(?:SE|SH|OPD)\b){CAPITAL}(?<!\.))*")
NEXT = re.compile(r"[\s.:/-]*([A-Za-z][A-Za-z'’`]*)")
VERB = re.compile(r"(?:me(?:m|n|ng|ny)?|ber|ter|di|pe(?:m|n|ng|ny)?)[a-z]{5,}")
IS_TITLE = re.compile(rf"(?:{TITLES}|{SHORT}|bin|binti|al|van|de)", re.I)
MOST_WORDS = 5  # of a name
ENDLESS = re.compile(r"\S{1000,}")  # no word and no address; patterns would look at it for minutes


def mask_text(text: pd.Series, *, names: Collection[str] = ()) -> pd.Series:
    """Return texts in which whatever may identify a person is replaced.

    Parameters
    ----------
    text : Series
        Free texts in Indonesian; missing ones stay missing.
    names : collection of str
        Names known to occur, for instance the trainers'; the whole name and each of its parts of
        three letters on are masked wherever they stand, in any case.

    Returns
    -------
    Series
        Same index. ``[nomor]``: NIP, NIK, telephone and other runs of seven digits on, also with
        spaces, points, letters O and l, or spelled out; ``[alamat]``: streets, RT/RW, "tinggal di
        ...", e-mail and web addresses; ``[nama]``: handles, what follows Bapak, Ibu, dr., Drs. and
        the like, a capitalised word after a role, before a degree or of a name usual on Lombok;
        ``[jabatan]``: positions of one holder, as "camat" or "lurah" with a place.

    Notes
    -----
    Rather too much than too little: an ordinary word may go with a name. It is *not* complete: a
    name without a title, and not given, may stay, and so does what a story tells by its content; a
    person must read what leaves. Pinned by ``tests/test_privacy_masking.py``.

    Examples
    --------
    >>> said = pd.Series(["Pak Budi Santoso jelas, hubungi 0812-3456-7890", "Ruangan panas"])
    >>> mask_text(said).tolist()
    ['Pak [nama] jelas, hubungi [nomor]', 'Ruangan panas']
    """
    given = _find_given(names)
    return text.map(lambda t: _mask(t, given), na_action="ignore")


def _mask(text: str, given: re.Pattern[str] | None) -> str:
    text = "".join(
        c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf"
    )
    text = ENDLESS.sub("…", text)
    for pattern in PLACES:
        text = pattern.sub(ADDRESS, text)
    text = HANDLES.sub(NAME, text)
    text = SPELLED.sub(f"{NUMBER} ", NUMBERS.sub(_mask_number, text))
    text = given.sub(NAME, text) if given else text
    text = mask_positions(text, ORDINARY | list_stopwords())
    text = DEGREED.sub(NAME, text)
    for pattern, kept in ((TITLED, True), (CALLED, True), (REGIONAL, False)):
        text = _mask_names(text, pattern, kept=kept)
    text = BESIDE.sub(NAME, text)
    text = re.sub(r"(\[(?:nama|alamat|jabatan)\])(?:[\s,.&]*\1)+", r"\1", text)
    return re.sub(r"[ \t]{2,}", " ", text).strip()


def _mask_number(found: re.Match[str]) -> str:
    run = found.group()
    digits = sum(c.isdigit() for c in run)
    alike = sum(c.isdigit() or c in "oOlI" for c in run)
    sum_of_money = re.search(r"\brp\.?\s*$", found.string[: found.start()], re.I)
    if (sum_of_money and MONEY.fullmatch(run)) or YEARS.fullmatch(run):
        return run
    masked = run.isdigit() or (alike >= FEWEST_DIGITS and digits >= FEWEST_DIGITS - 2)
    return NUMBER + (" " if run[-1].isspace() else "") if masked else run


def _mask_names(text: str, opening: re.Pattern[str], *, kept: bool) -> str:
    """Mask the words that make a name after each opening, and the opening too unless kept."""
    parts, start = [], 0
    for found in opening.finditer(text):
        end = _find_name_end(text, found.end())
        if found.start() >= start and end > found.end():
            parts += [text[start : found.end()], " "] if kept else [text[start : found.start()]]
            parts.append(NAME)
            start = end
    return "".join(parts) + text[start:]


def _find_name_end(text: str, place: int) -> int:
    """Where the name that starts at a place ends; the place itself if there is none."""
    end, small, words = place, False, 0
    known = ORDINARY | list_stopwords()
    while words < MOST_WORDS and (found := NEXT.match(text, place)):
        word = found.group(1)
        place = found.end()
        if IS_TITLE.fullmatch(word):
            continue
        lower = word[0].islower()
        second = words == 1 and small and len(word) > 2 and not VERB.fullmatch(word)
        if word.lower() in known or (lower and words and not second):
            break
        end, small, words = place, small or lower, words + 1
    return end


def _find_given(names: Collection[str]) -> re.Pattern[str] | None:
    """A pattern for the given names and their parts, letters with marks between them included."""
    whole = [re.findall(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*", name) for name in names]
    parts = {part for name in whole for part in name if len(part) > 2}
    parts = {part for part in parts if part.lower() not in list_stopwords()}
    words = {part for part in parts if part.lower() in WORDS_TOO | ORDINARY}
    if not parts:
        return None
    some, sure = _spell(parts), _spell(parts - words)
    ways = [rf"\b(?:{some})(?:\s+(?:{some}))+\b"]
    ways += [rf"\b(?:{sure})\b"] if sure else []
    if words:
        capitals = "|".join(re.escape(part.capitalize()) for part in sorted(words))
        ways.append(rf"(?<=[\w,]\s)(?-i:{capitals})\b")
    return re.compile("|".join(ways), re.I)


def _spell(parts: Collection[str]) -> str:
    spelled = [r"[.\-_*]?".join(map(re.escape, part)) for part in sorted(parts)]
    return "|".join(sorted(spelled, key=len, reverse=True))
