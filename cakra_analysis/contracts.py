"""The input tables as data: columns, kinds, ranges, keys and meaning, from ``contracts.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Any

from cakra_analysis.errors import DataError, suggest

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa


CYCLE = re.compile(r"20\d\d(-([12]|S[12]|Q[1-4]|0[1-9]|1[0-2]))?")
CYCLE_WORDS = (
    "a year from 2000 to 2099, alone or with -1, -2, -S1, -S2, -Q1 to -Q4 or a month as in 2026-03"
)


@dataclass(frozen=True)
class Column:
    """One column of an input table."""

    name: str
    kind: str
    id: str
    en: str
    key: bool = False
    blank: bool = False
    optional: bool = False
    person: bool = False
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    refers: str = ""
    default: str = ""

    @property
    def is_number(self) -> bool:
        """Whether cells hold numbers."""
        return self.kind in ("whole", "number")


@dataclass(frozen=True)
class Contract:
    """One input table: what a row is and which columns it has."""

    name: str
    row: Mapping[str, str]
    columns: Mapping[str, Column]
    required: bool = False

    @property
    def key(self) -> list[str]:
        """Names of the columns that together tell one row from another."""
        return [c.name for c in self.columns.values() if c.key]


@functools.cache
def _file() -> dict[str, Any]:
    text = resources.files("cakra_analysis").joinpath("contracts.toml").read_text("utf-8")
    return tomllib.loads(text)


@functools.cache
def contracts() -> dict[str, Contract]:
    """Return every input table's contract by name, tables before those that refer to them.

    Returns
    -------
    dict of str to Contract
        In the order of ``contracts.toml``.
    """
    tables = {name: spec for name, spec in _file().items() if name not in ("rules", "facts")}
    return {
        name: Contract(
            name=name,
            row=spec["row"],
            required=spec.get("required", False),
            columns={
                c: Column(name=c, **(v | {"allowed": tuple(v.get("allowed", ()))}))
                for c, v in spec["columns"].items()
            },
        )
        for name, spec in tables.items()
    }


@functools.cache
def facts() -> dict[str, tuple[str, ...]]:
    """Return the facts of the table ``about`` whose value is one of a few.

    Returns
    -------
    dict of str to tuple of str
        Known values by key; the first holds where the fact is not given.
    """
    return {key: tuple(values) for key, values in _file()["facts"].items()}


def list_allowed(table: str, column: str) -> tuple[str, ...]:
    """Return the values that a column of an input table may hold, in their order.

    Parameters
    ----------
    table, column : str
        Names.

    Returns
    -------
    tuple of str
        Empty where any value may stand.
    """
    return contracts()[table].columns[column].allowed


# How a gap is defined; the first holds where the data set does not say.
DEFINITIONS = STANDARD, NEED, IMPORTANCE, STATED = facts()["gap_definition"]


def find_contract(name: str, *, where: str) -> Contract:
    """Return the contract of a table, or say which names exist.

    Parameters
    ----------
    name : str
        Name of the table.
    where : str
        File that named it, for the message.

    Returns
    -------
    Contract
        The table's contract.

    Raises
    ------
    DataError
        When no input table has this name.
    """
    known = contracts()
    if name not in known:
        raise DataError(
            f'{where}: "{name}" is not a table of this project.',
            allowed=f"Tables are: {', '.join(known)}.",
            do=suggest(name, known) or "Rename it, or move it out of the folder.",
        )
    return known[name]


def describe_rule(rule: str, column: Column, contract: Contract) -> dict[str, str]:
    """Say in Indonesian and English which rule a cell broke.

    Parameters
    ----------
    rule : str
        A name under ``[rules]`` of ``contracts.toml``.
    column : Column
        The column of the cell.
    contract : Contract
        Its table.

    Returns
    -------
    dict of str to str
        The sentence under ``id`` and ``en``.
    """
    words = {
        "low": f"{column.low:g}" if column.low is not None else "",
        "high": f"{column.high:g}" if column.high is not None else "",
        "allowed": ", ".join(column.allowed),
        "refers": column.refers.split(".", maxsplit=1)[0],
        "key": ", ".join(contract.key),
    }
    return {lang: text.format(**words) for lang, text in _file()["rules"][rule].items()}


@functools.cache
def schema(name: str) -> pa.DataFrameSchema:
    """Return the pandera schema that checks a table's typed values, cell by cell.

    Parameters
    ----------
    name : str
        Name of the table.

    Returns
    -------
    pandera.DataFrameSchema
        Checks blanks, ranges and allowed values. Keys and references are checked by ``load``,
        among the rows that are left.
    """
    import pandera.pandas as pa

    contract = contracts()[name]
    columns = {
        c.name: pa.Column(
            "float64" if c.is_number else None,
            checks=_checks(c),
            nullable=c.blank,
            required=not c.optional,
        )
        for c in contract.columns.values()
    }
    return pa.DataFrameSchema(columns)


def _checks(column: Column) -> list[pa.Check]:
    """The checks of one column; each one's ``error`` is the rule it stands for."""
    import pandera.pandas as pa

    checks = []
    if column.allowed:
        checks.append(pa.Check.isin(list(column.allowed), error="not_allowed"))
    if column.low is not None:
        checks.append(pa.Check.ge(column.low, error="too_low"))
    if column.high is not None:
        checks.append(pa.Check.le(column.high, error="too_high"))
    if column.kind in FORMS:
        rule, fits = FORMS[column.kind]
        checks.append(pa.Check(functools.partial(_fit, fits=fits), error=rule))
    if column.kind == "whole":
        checks.append(pa.Check(lambda values: values % 1 == 0, error="not_whole"))
    return checks


def _fit(values: pd.Series, fits: Callable[[str], object]) -> pd.Series:
    return values.isin([v for v in values.unique() if fits(str(v))])


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


# The rule of each kind of text that has a form, and what tells whether a text has it.
FORMS: dict[str, tuple[str, Callable[[str], object]]] = {
    "cycle": ("not_a_cycle", CYCLE.fullmatch),
    "month": ("not_a_month", re.compile(r"20\d\d-(0[1-9]|1[0-2])").fullmatch),
    "date": ("not_a_date", _is_date),
}
