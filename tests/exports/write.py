"""Rows become the bytes of a file, the same ones every time."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime
from typing import Any

from openpyxl import Workbook

WHEN = datetime(2026, 3, 2, 8, 0, 0)
Rows = list[list[Any]]


def text(
    rows: Rows,
    *,
    separator: str = ",",
    encoding: str = "utf-8",
    quote_all: bool = False,
    line: str = "\r\n",
) -> bytes:
    """A text file; ``utf-8-sig`` begins with a byte-order mark, as ``utf-16`` does."""
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=line).writerows(rows)
    if encoding == "utf-16":
        return b"\xff\xfe" + out.getvalue().encode("utf-16-le")
    return out.getvalue().encode(encoding)


def book(sheets: dict[str, Rows], **merged: list[str]) -> Workbook:
    """A workbook; ``merged`` names the merged cells of a sheet."""
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in merged.get(title, []):
            sheet.merge_cells(cells)
    return made


def save(made: Workbook, results: dict[str, str] | None = None) -> bytes:
    """The bytes of a workbook without the hour of its making.

    ``results`` are what a spreadsheet program keeps beside a formula, by the formula's text.
    """
    made.properties.creator = "Contoh"
    made.properties.created = made.properties.modified = WHEN
    first, last = io.BytesIO(), io.BytesIO()
    made.save(first)
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(last, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member).decode("utf-8")
            if member.filename == "docProps/core.xml":
                begin, rest = content.split("<dcterms:modified", 1)
                inside, end = rest.split("</dcterms:modified>", 1)
                kept = inside.partition(">")[0]
                when = f"{WHEN:%Y-%m-%dT%H:%M:%SZ}"
                content = f"{begin}<dcterms:modified{kept}>{when}</dcterms:modified>{end}"
            for formula, result in (results or {}).items():
                for blank in ("<v></v>", "<v />", "<v/>"):
                    written = f"<f>{formula}</f>{blank}"
                    content = content.replace(written, f"<f>{formula}</f><v>{result}</v>")
            new.writestr(zipfile.ZipInfo(member.filename, (2026, 3, 2, 8, 0, 0)), content,
                         zipfile.ZIP_DEFLATED)  # fmt: skip
    return last.getvalue()
