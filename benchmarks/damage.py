"""Damage to files: to the cells of a table, and to the bytes that hold it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

Grid = list[list[Any]]  # rows of cells, the header among them
Damage = Callable[[Random, Grid], None]

NASTY: list[Any] = [
    "=cmd|' /C calc'!A0", "=1+1", "@SUM(A1)", "+5", "-5", "#N/A", "#REF!", "#DIV/0!", "nan", "NaN",
    "inf", "-inf", "1e999", "1E+05", "1,98609E+17", "9" * 40, "0", "-1", "6", "4.0", "4,0", "4,5",
    "3-4", "1.000", "1,000.5", "\u0664", "\uff14", "\u00bd", "\u00b2", "0x4", "4_0", " 4 ", "'4",
    "4 (Mampu)", "IV", "empat", "True", "None", "null", "-", "?", "\u200b", "\u2060", "\u00a0",
    "\u202e4\u202c", "\U0001f44d", "a" * 40_000, 'x"y', "x,y;z\tw", "baris\nkedua", "<b>&amp;</b>",
    "&#x34;", "../../etc/passwd", "{0}", "%s%n", "\\N", "197001011990011001", "Contoh | 5", "5/5",
    "02.03.2026", "10.05.33", "46083", "total", "JUMLAH", "Mengetahui,", "NIP. 197001011990011001",
]  # fmt: skip
NUMBERS: list[Any] = [0, -1, 6, 1e300, 4.0, 3.5, 2**60, 197001011990011001, True]


def cell(rng: Random, grid: Grid) -> tuple[int, int]:
    """A place below the header."""
    row = rng.randrange(1, len(grid)) if len(grid) > 1 else 0
    return row, rng.randrange(max(1, len(grid[row])))


def put(grid: Grid, place: tuple[int, int], value: Any) -> None:
    row, column = place
    while len(grid[row]) <= column:
        grid[row].append("")
    grid[row][column] = value


def look(grid: Grid, place: tuple[int, int]) -> Any:
    row, column = place
    return grid[row][column] if column < len(grid[row]) else ""


def blank_cell(rng: Random, grid: Grid) -> None:
    put(grid, cell(rng, grid), "")


def nasty_cell(rng: Random, grid: Grid) -> None:
    put(grid, cell(rng, grid), rng.choice(NASTY))


def number_cell(rng: Random, grid: Grid) -> None:
    put(grid, cell(rng, grid), rng.choice(NUMBERS))


def swap_cells(rng: Random, grid: Grid) -> None:
    one, other = cell(rng, grid), cell(rng, grid)
    kept = look(grid, one)
    put(grid, one, look(grid, other))
    put(grid, other, kept)


def copy_below(rng: Random, grid: Grid) -> None:
    """Another valid value of the same column, most of the time."""
    place = cell(rng, grid)
    put(grid, place, look(grid, (rng.randrange(len(grid)), place[1])))


def retype_cell(rng: Random, grid: Grid) -> None:
    """A number becomes text, and text that looks like one a number."""
    place = cell(rng, grid)
    value = look(grid, place)
    if isinstance(value, str):
        put(grid, place, float(value) if re.fullmatch(r"\d{1,18}", value) else value.upper())
    else:
        put(grid, place, str(value).replace(".", ","))


def dress_cell(rng: Random, grid: Grid) -> None:
    """Capitals and blanks that mean nothing."""
    place = cell(rng, grid)
    value = str(look(grid, place) or "")
    said = [value.upper(), f" {value} ", value.replace(" ", "\u00a0"), value.replace(" ", "  "),
            f"\u200e{value}\u200f", f"{value}\n"]  # fmt: skip
    put(grid, place, rng.choice(said))


def cut_cell(rng: Random, grid: Grid) -> None:
    place = cell(rng, grid)
    value = str(look(grid, place) or "")
    put(grid, place, value[: rng.randrange(len(value) + 1)])


def retype_column(rng: Random, grid: Grid) -> None:
    """A column whose texts of digits a spreadsheet took for numbers."""
    column = cell(rng, grid)[1]
    for row in range(1, len(grid)):
        value = look(grid, (row, column))
        if isinstance(value, str) and re.fullmatch(r"\d{1,18}", value):
            put(grid, (row, column), float(value))


def double_row(rng: Random, grid: Grid) -> None:
    grid.insert(rng.randrange(1, len(grid) + 1), list(grid[cell(rng, grid)[0]]))


def drop_row(rng: Random, grid: Grid) -> None:
    del grid[cell(rng, grid)[0]]
    if not grid:
        grid.append([""])


def move_row(rng: Random, grid: Grid) -> None:
    row = grid.pop(cell(rng, grid)[0])
    grid.insert(rng.randrange(len(grid) + 1), row)


def blank_row(rng: Random, grid: Grid) -> None:
    grid.insert(rng.randrange(len(grid) + 1), [])


def total_row(rng: Random, grid: Grid) -> None:
    grid.append(["JUMLAH", *[rng.choice(["", "12", "3,4"]) for _ in grid[0][1:]]])


def sign(rng: Random, grid: Grid) -> None:
    gap = [""] * rng.randrange(max(1, len(grid[0])))
    grid.extend([[], [*gap, "Mataram, 2 Maret 2026"], [*gap, "Kepala Badan"], [*gap, "Contoh"]])


def title(rng: Random, grid: Grid) -> None:
    rows: Grid = [["DATA PEGAWAI"], ["Update terakhir 02-03-2026"], []]
    grid[:0] = rows[: rng.randrange(1, 4)]


def rename_header(rng: Random, grid: Grid) -> None:
    column = rng.randrange(max(1, len(grid[0])))
    value = str(look(grid, (0, column)) or "")
    said = ["", value.upper(), value[:-1], f"{value} ", f"{value}.1", rng.choice(NASTY),
            value.replace(" ", "\u00a0"), f"{value}\n"]  # fmt: skip
    put(grid, (0, column), rng.choice(said))


def double_header(rng: Random, grid: Grid) -> None:
    put(grid, (0, rng.randrange(max(1, len(grid[0])))), rng.choice(grid[0] or [""]))


def merge_headers(rng: Random, grid: Grid) -> None:
    """Two headers become one; what stood below the second has none."""
    column = rng.randrange(max(1, len(grid[0])))
    put(grid, (0, column), f"{look(grid, (0, column))} {look(grid, (0, column + 1))}")
    put(grid, (0, column + 1), "")


def drop_column(rng: Random, grid: Grid) -> None:
    column = rng.randrange(max(1, len(grid[0])))
    for row in grid:
        del row[column : column + 1]


def double_column(rng: Random, grid: Grid) -> None:
    column = rng.randrange(max(1, len(grid[0])))
    for row in grid:
        row[column:column] = row[column : column + 1]


def swap_columns(rng: Random, grid: Grid) -> None:
    one, other = (rng.randrange(max(1, len(grid[0]))) for _ in range(2))
    for row in range(len(grid)):
        kept = look(grid, (row, one))
        put(grid, (row, one), look(grid, (row, other)))
        put(grid, (row, other), kept)


def swap_below_header(rng: Random, grid: Grid) -> None:
    """What stands below two headers changes places: nobody can see that; the rest must hold."""
    header = list(grid[0])
    swap_columns(rng, grid)
    grid[0][: len(header)] = header


def wide_row(rng: Random, grid: Grid) -> None:
    row = cell(rng, grid)[0]
    grid[row].insert(rng.randrange(len(grid[row]) + 1), rng.choice(["x", "5", "", "lantai 2"]))


def short_row(rng: Random, grid: Grid) -> None:
    row = cell(rng, grid)[0]
    del grid[row][rng.randrange(len(grid[row]) + 1) :]


def shuffle(rng: Random, grid: Grid) -> None:
    below = grid[1:]
    rng.shuffle(below)
    grid[1:] = below


def nothing(rng: Random, grid: Grid) -> None:
    del grid[rng.randrange(2) :]
    if not grid:
        grid.append([""])


COMMON: list[Damage] = [blank_cell, nasty_cell, number_cell, swap_cells, copy_below, retype_cell]
COMMON += [dress_cell, cut_cell, double_row, drop_row, move_row, blank_row, shuffle]
RARE: list[Damage] = [retype_column, total_row, sign, title, rename_header, double_header]
RARE += [merge_headers, drop_column, double_column, swap_columns, swap_below_header, wide_row]
RARE += [short_row, nothing]


def damage_cells(rng: Random, grid: Grid) -> list[str]:
    """One to three kinds of damage, one after the other; their names."""
    done = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        kind = rng.choice(COMMON if rng.random() < 0.7 else RARE)
        kind(rng, grid)
        done.append(kind.__name__)
    return done


def damage_bytes(rng: Random, content: bytes) -> tuple[bytes, str]:
    """Bytes flipped, cut off, taken out, doubled or put in."""
    data = bytearray(content)
    kind = rng.choice(["flip", "cut", "take out", "double", "put in", "zeros"])
    at = rng.randrange(len(data) + 1)
    length = rng.choice([1, 2, 16, 300])
    if kind == "flip":
        for _ in range(length):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    elif kind == "cut":
        del data[at:]
    elif kind == "take out":
        del data[at : at + length]
    elif kind == "double":
        data[at:at] = data[at : at + length]
    else:
        data[at:at] = rng.randbytes(length) if kind == "put in" else bytes(length)
    return bytes(data), f"bytes: {kind}"


ENCODINGS = ["cp1252", "utf-16", "utf-16-le", "utf-32", "utf-8-sig", "mac_roman", "cp037", "utf-7"]


def damage_text(rng: Random, content: bytes) -> tuple[bytes, str]:
    """Another encoding, separator, line end or quoting; bytes that no text holds."""
    text = content.decode("utf-8-sig", "replace")
    kind = rng.choice(
        ["encoding", "separator", "line ends", "quotes", "mixed", "bom", "huge", "nul"]
    )
    if kind == "encoding":
        return text.encode(rng.choice(ENCODINGS), "replace"), kind
    if kind == "mixed":
        half = len(text) // 2
        return text[:half].encode() + "\u00e9\u2013".encode("cp1252", "replace") + text[
            half:
        ].encode(), kind
    if kind == "separator":
        text = text.replace(rng.choice(",;\t"), rng.choice(",;\t|:"))
    elif kind == "line ends":
        text = text.replace("\r\n", "\n").replace(
            "\n", rng.choice(["\r", "\n\n", "\r\r\n", "\u2028"])
        )
    elif kind == "quotes":
        at = rng.randrange(len(text) + 1)
        text = text.replace('"', "") if rng.random() < 0.3 else text[:at] + '"' + text[at:]
    elif kind == "bom":
        text = "\ufeff\ufeff" + text
    elif kind == "huge":
        at = rng.randrange(len(text) + 1)
        text = text[:at] + "x" * 300_000 + text[at:]
    else:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + "\0" + text[at:]
    return text.encode(), kind


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)
) + b"]>"  # fmt: skip
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SWAPS = [
    (rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"'),
    (rb'r="([A-Z])2"', rb'r="\g<1>1048576"'),
    (rb'r="B2"', b'r="XFD2"'),
    (rb'r="B2"', b'r="B99999999"'),
    (rb'r="B3"', b'r="A3"'),
    (rb'r="B3"', b'r="?!"'),
    (rb"<v>[^<]*</v>", b"<v>nan</v>"),
    (rb"<v>[^<]*</v>", b"<v>1e999</v>"),
    (rb"<v>[^<]*</v>", b"<v>999999</v>"),
    (rb"<v>[^<]*</v>", b"<v></v>"),
    (rb't="s"', b't="zz"'),
    (rb't="s"', b't="d"'),
    (rb't="s"', b't="b"'),
    (rb't="s"', b't="e"'),
    (rb' t="n"', b' t="d"'),
    (rb' t="n"', b' s="99"'),
    (rb"<v>([^<]*)</v>", rb"<v>\g<1>"),
    (rb"<sheetData>", b"<sheetData><row>"),
    (rb"<sheetData>.*</sheetData>", b"<sheetData/>"),
    (rb'numFmtId="\d+"', b'numFmtId="14"'),
    (rb'state="[^"]*"', b'state="veryHidden"'),
    (rb'name="[^"]*"', b'name="../x"'),
    (rb'Target="[^"]*"', b'Target="nowhere.xml"'),
    (rb"encoding='UTF-8'|encoding=\"UTF-8\"", b'encoding="UTF-16"'),
    (rb"xmlns", b"xmlms"),
]


def damage_book(rng: Random, content: bytes) -> tuple[bytes, str]:
    """A workbook whose parts are missing, torn, too large, or lie about what they hold."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheets = [name for name in parts if re.search(r"sheet|shared|workbook|styles", name)]
    name = rng.choice(sheets)
    kind = rng.choice(["gone", "torn", "junk", "laughs", "outside", "swap", "swap", "swap", "bomb",
                       "twice", "stored wrong"])  # fmt: skip
    if kind == "gone":
        del parts[name]
    elif kind == "torn":
        parts[name] = parts[name][: rng.randrange(len(parts[name]))]
    elif kind == "junk":
        parts[name] = rng.randbytes(200)
    elif kind in ("laughs", "outside"):
        bare = re.sub(rb"<\?xml[^>]*\?>", b"", parts[name])
        value = b"&l;" if kind == "laughs" else b"&a;"
        inside = re.sub(rb"<(v|t)>[^<]*<", rb"<\1>" + value + b"<", bare, count=3)
        parts[name] = (LAUGHS if kind == "laughs" else OUTSIDE) + inside
    elif kind == "swap":
        old, new = rng.choice(SWAPS)
        count = rng.choice([0, 1])
        parts = {n: re.sub(old, new, p, count=count, flags=re.DOTALL) for n, p in parts.items()}
    elif kind == "bomb":
        parts[name] = parts[name].replace(b"><", b">" + b" " * 60_000_000 + b"<", 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for part, inside in parts.items():
            made.writestr(part, inside)
    data = bytearray(out.getvalue())
    if kind == "twice":
        data += content[: rng.randrange(len(content))]
    if kind == "stored wrong":
        for found in list(re.finditer(rb"PK\x01\x02", bytes(data)))[:2]:
            data[found.start() + rng.randrange(4, 46)] ^= 0xFF
    return bytes(data), f"workbook: {kind}"
