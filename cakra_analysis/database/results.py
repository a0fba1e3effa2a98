"""Tables of results beside those of the data: what reports say and what they show."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from cakra_analysis.database.connect import open_store
from cakra_analysis.database.schema import quote
from cakra_analysis.database.write import make_schema, read_writable, upsert

FINDINGS, PUBLISHED = "cakra_findings", "cakra_published"
# What tells one report from another.
REPORT = ("dataset", "cycle", "notebook", "report_unit", "audience")
KEYS = {
    FINDINGS: (*REPORT, "lang", "place"),
    PUBLISHED: (*REPORT, "table_name", "row_key", "column_name"),
}
NUMBERS = {"place": "BIGINT", "n": "DOUBLE PRECISION", "number": "DOUBLE PRECISION"}
COLUMNS = {
    FINDINGS: (*KEYS[FINDINGS], "part", "finding", "sentence", "n", "details", "built"),
    PUBLISHED: (*KEYS[PUBLISHED], "unit_id", "competency_id", "number", "text", "suppressed",
                "built"),
}  # fmt: skip
LATEST = (
    "cakra_latest_findings",
    (
        "SELECT * FROM {findings} f "
        "WHERE cycle = (SELECT max(cycle) FROM {findings} g WHERE g.dataset = f.dataset)"
    ),
)
GAPS = (
    "cakra_gaps",
    (
        "SELECT dataset, cycle, audience, unit_id, competency_id, {figures}, max(suppressed) AS "
        "suppressed FROM (SELECT *, row_number() OVER (PARTITION BY dataset, cycle, audience, "
        "unit_id, competency_id, column_name ORDER BY built DESC, report_unit) AS age "
        "FROM {published} WHERE table_name = 'gaps') p WHERE age = 1 "
        "GROUP BY dataset, cycle, audience, unit_id, competency_id"
    ),
)
FIGURES = ("value", "low", "high", "level", "n", "people", "need_share")


def write_results(
    url: str, findings: pd.DataFrame, published: pd.DataFrame, *, datasets: Collection[str]
) -> dict[str, int]:
    """Write findings and published figures, whole or not at all.

    Parameters
    ----------
    url : str
        Of the database: PostgreSQL, SQLite or DuckDB. Tables and views that are missing are made:
        ``cakra_findings``, ``cakra_published``, ``cakra_latest_findings``, ``cakra_gaps``.
    findings, published : DataFrame
        Of ``list_findings`` and ``list_published``.
    datasets : collection of str
        Names of the data sets that the reports are of. Of a data set among them everything
        else that stands in the database is taken away, whatever its cycle and audience: a cell that
        is held back now must not stay, nor an older figure beside a newer one.

    Returns
    -------
    dict of str to int
        Rows added or changed by table.

    Raises
    ------
    DataError
        When the database is of another kind or cannot be used.
    """
    address = read_writable(url)
    changed, parts = {}, pd.DataFrame({"dataset": sorted(set(datasets))})
    with open_store(address, make=True) as store:
        make_schema(store, address)
        there = store.list_tables()
        for name, statement in _list_statements(address.schema).items():
            if name not in there:
                store.run(statement)
        for name, rows in ((FINDINGS, findings), (PUBLISHED, published)):
            changed[name] = upsert(store, address, name, KEYS[name], rows, within=parts)
    return changed


def _list_statements(schema: str) -> dict[str, str]:
    """What makes each table and view, by its name."""
    made = {}
    for name, columns in COLUMNS.items():
        lines = [
            f"{quote(c)} {NUMBERS.get(c, 'TEXT')}{' NOT NULL' * (c in KEYS[name])}" for c in columns
        ]
        keys = ", ".join(map(quote, KEYS[name]))
        body = ", ".join([*lines, f"PRIMARY KEY ({keys})"])
        made[name] = f"CREATE TABLE {quote(schema, name)} ({body})"
    figures = ", ".join(f"max(CASE WHEN column_name = '{f}' THEN number END) AS {quote(f)}"
                        for f in FIGURES)  # fmt: skip
    words = {"findings": quote(schema, FINDINGS), "published": quote(schema, PUBLISHED)}
    for name, query in (LATEST, GAPS):
        as_asked = query.format(**words, figures=figures)
        made[name] = f"CREATE VIEW {quote(schema, name)} AS {as_asked}"
    return made
