"""The contracts as statements of a database: tables with types, keys, references and comments."""

from __future__ import annotations

from collections.abc import Collection

from cakra_analysis.contracts import Column, Contract, contracts

TYPES = {"whole": "BIGINT", "number": "DOUBLE PRECISION", "date": "DATE"}  # all others: TEXT


def list_statements(
    kind: str, *, schema: str = "", lang: str = "id", there: Collection[str] = ()
) -> list[str]:
    """Return the statements that make the tables of a data set.

    Parameters
    ----------
    kind : str
        postgresql, sqlite or duckdb.
    schema : str
        Where they are made, and must be; empty for the usual one.
    lang : str
        Of the comments.
    there : collection of str
        Tables that are left as they are.

    Returns
    -------
    list of str
        Tables before those that refer to them. PostgreSQL alone has all: DuckDB cannot update a row
        that others refer to, and so has no references; SQLite has no comments and no type of dates.

    Examples
    --------
    >>> print(list_statements("sqlite")[1])
    CREATE TABLE "units" (
      "unit_id" TEXT NOT NULL,
      "parent_id" TEXT,
      "name" TEXT NOT NULL,
      "kind" TEXT,
      PRIMARY KEY ("unit_id"),
      FOREIGN KEY ("parent_id") REFERENCES "units" ("unit_id")
    )
    """
    made = []
    for contract in (c for name, c in contracts().items() if name not in there):
        made.append(_create(contract, kind, schema))
        if kind != "sqlite":
            made += _comment(contract, schema, lang)
    return made


def quote(*names: str) -> str:
    """Return a name as SQL has it.

    Parameters
    ----------
    *names : str
        Schema, table; an empty one is left out.

    Returns
    -------
    str
        In quotes.
    """
    return ".".join('"' + name.replace('"', '""') + '"' for name in names if name)


def type_of(column: Column, kind: str) -> str:
    """Return the type of a column.

    Parameters
    ----------
    column : Column
        Of a contract. Identifiers are text, whatever they look like.
    kind : str
        Of database.

    Returns
    -------
    str
        A type.
    """
    if kind == "sqlite" and column.kind == "date":
        return "TEXT"
    return TYPES.get(column.kind, "TEXT")


def _create(contract: Contract, kind: str, schema: str) -> str:
    lines = [_column(column, kind) for column in contract.columns.values()]
    keys = ", ".join(map(quote, contract.key))
    lines.append(f"PRIMARY KEY ({keys})")
    for column in contract.columns.values() if kind != "duckdb" else ():
        table, _, key = column.refers.partition(".")
        if table and contracts()[table].key == [key]:
            lines.append(
                f"FOREIGN KEY ({quote(column.name)}) REFERENCES {quote(schema, table)} "
                f"({quote(key)})"
            )
    body = ",\n  ".join(lines)
    return f"CREATE TABLE {quote(schema, contract.name)} (\n  {body}\n)"


def _column(column: Column, kind: str) -> str:
    needed = column.key or not (column.blank or column.optional)
    default = f" DEFAULT '{column.default}'" if column.default else ""
    return f"{quote(column.name)} {type_of(column, kind)}{default}{' NOT NULL' * needed}"


def _comment(contract: Contract, schema: str, lang: str) -> list[str]:
    table = quote(schema, contract.name)
    made = [f"COMMENT ON TABLE {table} IS {_text(contract.row[lang])}"]
    for column in contract.columns.values():
        words = _text(getattr(column, lang))
        made.append(f"COMMENT ON COLUMN {table}.{quote(column.name)} IS {words}")
    return made


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
