"""Which tables and columns a workbook to fill in holds, and example rows of each."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from cakra_analysis.contracts import Column, Contract, contracts


def list_purposes() -> tuple[str, ...]:
    """Return what a workbook can be made for.

    Returns
    -------
    tuple of str
        Names.

    Examples
    --------
    >>> list_purposes()
    ('needs', 'evaluation', 'planning', 'all')
    """
    return tuple(_read("purposes.toml"))


def choose_tables(purpose: str) -> dict[str, bool]:
    """Return the tables of a purpose, those that others refer to before them.

    Parameters
    ----------
    purpose : str
        One of ``list_purposes``.

    Returns
    -------
    dict of str to bool
        By name, whether the purpose cannot do without it.

    Examples
    --------
    >>> list(choose_tables("needs"))[:3]
    ['about', 'units', 'positions']
    """
    told = _read("purposes.toml")[purpose]
    chosen = set(contracts()) if purpose == "all" else {*told["least"], *told["more"]}
    return {name: name in told["least"] for name in contracts() if name in chosen}


def choose_columns(contract: Contract, tables: dict[str, bool]) -> list[Column]:
    """Return the columns to fill in: all, but the optional ones that refer to a table left out.

    Parameters
    ----------
    contract : Contract
        Of the table.
    tables : dict of str to bool
        From ``choose_tables``.

    Returns
    -------
    list of Column
        In the contract's order.
    """
    return [
        column
        for column in contract.columns.values()
        if not (column.optional and column.refers and column.refers.split(".")[0] not in tables)
    ]


def is_needed(column: Column) -> bool:
    """Tell whether a cell of a column must be filled in.

    Parameters
    ----------
    column : Column
        Of any table.

    Returns
    -------
    bool
        False where it may be blank, or has a value that holds instead.
    """
    return not (column.blank or column.default)


def read_examples(table: str) -> list[dict[str, Any]]:
    """Return example rows of a table.

    Parameters
    ----------
    table : str
        Its name.

    Returns
    -------
    list of dict
        Values by column; empty where there is no example.

    Examples
    --------
    >>> read_examples("mentors")
    [{'staff_id': 'P-001', 'most': 3}]
    """
    return list(_read("examples.toml").get(table, []))


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text("utf-8"))
