"""What built reports kept beside their pages, as long tables: a row a finding, a row a figure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cakra_analysis.database.results import (
    COLUMNS,
    FINDINGS,
    KEYS,
    PUBLISHED,
    REPORT,
    write_results,
)
from cakra_analysis.errors import DataError
from cakra_analysis.report.run import PAGE
from cakra_analysis.report.saved_records import KEPT

Record = Mapping[str, Any]


def write_reports(reports: str | Path, url: str) -> dict[str, int]:
    """Write what the reports of a folder say and show into a database.

    Parameters
    ----------
    reports : str or Path
        The reports folder. Only the records beside the pages are read, which hold what went
        through the privacy door; no data set is.
    url : str
        Of the database: PostgreSQL, SQLite or DuckDB.

    Returns
    -------
    dict of str to int
        Rows added or changed by table: none where nothing was built since.

    Raises
    ------
    DataError
        When there are no reports, or the database cannot be used.
    """
    records = _read(Path(reports))
    if not records:
        raise DataError(f"{reports}: there are no built reports.", do="Build with `cakra report`.")
    datasets = {str(record["dataset"]) for record in records}
    return write_results(url, list_findings(records), list_published(records), datasets=datasets)


def list_findings(records: list[Record]) -> pd.DataFrame:
    """Return the findings of reports, a row a sentence.

    Parameters
    ----------
    records : list of mapping
        Of saved reports.

    Returns
    -------
    DataFrame
        Columns of ``cakra_findings``: dataset, cycle, notebook, report_unit, audience, lang, place
        (order on the page), part, finding (its key), sentence, n, details (its values, JSON) and
        built (moment, ISO 8601).
    """
    rows = [
        {**_report(record), "lang": record["lang"], "place": place, "part": found.get("part", ""),
         "finding": found["key"], "sentence": found.get("text", ""), "n": found.get("n"),
         "details": _text(found["values"])}
        for record in records
        for place, found in enumerate(record["findings"])
    ]  # fmt: skip
    return _frame(FINDINGS, rows)


def list_published(records: list[Record]) -> pd.DataFrame:
    """Return the published tables of reports, a row a cell.

    Parameters
    ----------
    records : list of mapping
        Of saved reports. Reports of one unit in two languages show the same figures; those of the
        newer one are taken.

    Returns
    -------
    DataFrame
        Columns of ``cakra_published``: dataset, cycle, notebook, report_unit, audience, table_name,
        row_key (JSON), column_name, unit_id and competency_id (of the row), number or text,
        suppressed (yes, no) and built. Cells without a value are left out, unless they are held
        back.
    """
    newest: dict[tuple[str, ...], Record] = {}
    for record in sorted(records, key=lambda r: str(r["when"])):
        newest[tuple(_report(record)[name] for name in REPORT)] = record
    rows = [
        {**_report(record), **cell}
        for record in newest.values()
        for table in record["tables"]
        for cell in _list_cells(table)
    ]
    return _frame(PUBLISHED, rows)


def _list_cells(table: Record) -> Iterator[dict[str, Any]]:
    keys, seen = table["keys"], dict[str, int]()
    for row in table["rows"]:
        key = _text({name: row.get(name) for name in keys})
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1 or not keys:  # rows that the known keys do not tell apart
            key = _text({**json.loads(key), "row": seen[key]})
        hidden = bool(row.get("suppressed"))
        for name, value in row.items():
            if name == "suppressed" or (value is None and not hidden):
                continue
            number = isinstance(value, int | float) and not isinstance(value, bool)
            yield {
                "table_name": table["name"],
                "row_key": key,
                "column_name": name,
                "unit_id": row.get("unit_id"),
                "competency_id": row.get("competency_id"),
                "number": float(value) if number else None,
                "text": None if number or value is None else _plain(value),
                "suppressed": "yes" if hidden else "no",
            }


def _frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(COLUMNS[name]))
    return frame.drop_duplicates(list(KEYS[name])).sort_values(list(KEYS[name]), ignore_index=True)


def _report(record: Record) -> dict[str, str]:
    own = ("dataset", "cycle", "notebook", "audience")
    told = {name: str(record[name]) for name in own}
    return {"report_unit": str(record["unit"]), "built": str(record["when"])} | told


def _read(folder: Path) -> list[Record]:
    """Records of pages; the official outline says the same, and a failure says nothing."""
    found: list[Record] = []
    for file in sorted(folder.glob("[!.]*/*/*.json")):
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(record, dict) and record.keys() >= KEPT | {"dataset"}:
            found += [record] if record.get("outline", PAGE) == PAGE else []
    return found


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else _text(value)
