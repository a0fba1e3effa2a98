"""The written rules by which findings on a course become an action, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cakra_analysis.contracts import list_allowed
from cakra_analysis.errors import DataError, suggest

KINDS = list_allowed("actions", "kind")
WORDS = {
    "verdict": ("works", "promising", "no_sign", "harmful", "cannot_tell", "none"),
    "grade": ("A", "B", "C", "D", "E"),
    "known": ("evaluated", "borrowed", "claim"),
}
NUMBERS = ("effect", "effect_low", "effect_high", "data_low", "data_high", "evaluations",
           "transfer", "transfer_low", "transfer_high", "reaction", "reaction_low",
           "reaction_high", "gap", "gap_low", "coverage", "worth", "worth_low")  # fmt: skip
FACTS = (*WORDS, *NUMBERS)
LIMITS = ("from", "above", "below")
KEYS = {"kind", "ground", "months", "when"}


@dataclass(frozen=True)
class Rule:
    """One written rule.

    Attributes
    ----------
    kind : str
        The action, one of ``KINDS``.
    ground : str
        Code of what the page says of it.
    months : int
        From the day of the data until the action should be done.
    when : mapping of str to (sequence of str, or mapping of str to float)
        Conditions by fact; all of them must hold.
    """

    kind: str
    ground: str
    months: int
    when: Mapping[str, Sequence[str] | Mapping[str, float]]

    def fits(self, facts: Mapping[str, Any]) -> bool:
        """Return whether all conditions hold; one on a fact that is not known does not."""
        return all(_holds(facts.get(name), wanted) for name, wanted in self.when.items())


def _holds(value: Any, wanted: Sequence[str] | Mapping[str, float]) -> bool:
    if value is None or pd.isna(value):
        return False
    if not isinstance(wanted, Mapping):
        return value in wanted
    tests = {
        "from": lambda x: value >= x,
        "above": lambda x: value > x,
        "below": lambda x: value < x,
    }
    return all(tests[limit](x) for limit, x in wanted.items())


def read_rules(path: Path | None = None) -> tuple[Rule, ...]:
    """Read the rules, in the order in which they are tried.

    Parameters
    ----------
    path : Path, optional
        A TOML file like ``rules.toml`` of this package, which is read unless another is given.

    Returns
    -------
    tuple of Rule
        At least one.

    Raises
    ------
    DataError
        When the file cannot be read, or a rule has an unknown key, action, fact, word or limit.

    Examples
    --------
    >>> read_rules()[0].kind
    'stop'
    """
    file = path or Path(__file__).with_name("rules.toml")
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{file}: cannot be read: {error}") from error
    rows = told.get("rule")
    if set(told) != {"rule"} or not isinstance(rows, list) or not rows:
        raise DataError(f"{file}: it holds no rules.", allowed="One [[rule]] after the other.")
    return tuple(_read(f"{file}, rule {n}", row) for n, row in enumerate(rows, start=1))


def _read(where: str, row: Mapping[str, Any]) -> Rule:
    if set(row) != KEYS:
        allowed = f"A rule has exactly: {', '.join(sorted(KEYS))}."
        raise DataError(f"{where}: it has the keys {', '.join(sorted(row))}.", allowed=allowed)
    _refuse(where, "action", row["kind"], KINDS)
    if not isinstance(row["months"], int) or row["months"] < 1 or not str(row["ground"]).strip():
        raise DataError(
            f"{where}: ground or months is not usable.",
            allowed="ground is a word, months a whole number from 1 on.",
        )
    for name, wanted in row["when"].items():
        _refuse(where, "fact", name, FACTS)
        _check(where, name, wanted)
    return Rule(row["kind"], row["ground"], row["months"], row["when"])


def _check(where: str, name: str, wanted: Any) -> None:
    """Refuse a condition that its fact cannot meet or break."""
    if name in WORDS:
        if not isinstance(wanted, list) or not wanted:
            raise DataError(f"{where}: {name} needs a list of words.")
        for word in wanted:
            _refuse(where, name, word, WORDS[name])
        return
    numbers = wanted.values() if isinstance(wanted, dict) else ()
    if not numbers or not all(type(x) in (int, float) for x in numbers):
        raise DataError(f"{where}: {name} needs {{ from, above or below = number }}.")
    for limit in wanted:
        _refuse(where, "limit", limit, LIMITS)


def _refuse(where: str, what: str, value: Any, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise DataError(
            f'{where}: "{value}" is no {what}.',
            allowed=f"Known are: {', '.join(allowed)}.",
            do=suggest(str(value), allowed),
        )
