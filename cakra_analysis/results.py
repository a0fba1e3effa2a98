"""What an analysis hands over: findings in no language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that was found, ready to be said in any language.

    Attributes
    ----------
    key : str
        The sentence of the catalogue that says it, for instance ``needs.leading.two``.
    values : mapping
        The only values that the sentence may use. A mapping with the keys ``id`` and ``en`` is a
        name in two languages; a list is joined with "and".
    method : str
        How the values came about, by name.
    n : int
        How many people are behind it.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    method: str = ""
    n: int = 0
