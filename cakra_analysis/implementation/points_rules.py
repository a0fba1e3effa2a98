"""The table of IP-ASN competence points, as data that an agency may change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cakra_analysis.errors import DataError

GROUPS = ("structural", "functional", "general")
PARTS = ("post", "technical", "seminar")
TOP = {"version", "source", "confirmed", "technical_jp", "technical_years", "seminar_years",
       "points", "classes", "routes"}  # fmt: skip


@dataclass(frozen=True)
class PointsRules:
    """One version of the table of points.

    ``points`` by group of posts and part, ``classes`` the group of each job class, ``routes`` the
    routes that count for each part; ``confirmed`` tells whether the rule's own text was seen.
    """

    version: str
    source: str
    confirmed: bool
    technical_jp: float
    technical_years: int
    seminar_years: int
    points: Mapping[str, Mapping[str, float]]
    classes: Mapping[str, str]
    routes: Mapping[str, tuple[str, ...]]


def read_points(path: Path | None = None) -> PointsRules:
    """Read a table of points.

    Parameters
    ----------
    path : Path, optional
        A TOML file like ``points.toml`` of this package, which is read unless another is given.

    Returns
    -------
    PointsRules
        What the file says.

    Raises
    ------
    DataError
        When the file cannot be read, lacks a part or has an unknown one.

    Examples
    --------
    >>> sum(read_points().points["general"].values())
    40.0
    """
    file = path or Path(__file__).with_name("points.toml")
    try:
        told = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{file}: this table of points cannot be read: {error}.") from None
    wrong = sorted(TOP ^ set(told)) or _find_wrong(told)
    if wrong:
        raise DataError(
            f"{file}: {wrong[0]} is missing, unknown or not as it should be.",
            allowed=f"Groups are {', '.join(GROUPS)}; each has points for {', '.join(PARTS)}.",
            do="Compare it with points.toml of the package.",
        )
    return PointsRules(
        version=str(told["version"]),
        source=str(told["source"]),
        confirmed=told["confirmed"] == "yes",
        technical_jp=float(told["technical_jp"]),
        technical_years=int(told["technical_years"]),
        seminar_years=int(told["seminar_years"]),
        points={group: dict(told["points"][group]) for group in GROUPS},
        classes={name: group for group in GROUPS for name in told["classes"][group]},
        routes={part: tuple(names) for part, names in told["routes"].items()},
    )


def _find_wrong(told: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Names of the parts that do not have the shape they should have."""
    wrong = [name for name in ("points", "classes") if set(told[name]) != set(GROUPS)]
    if wrong:
        return wrong
    points = told["points"]
    wrong = [f"points.{g}" for g in GROUPS if set(points[g]) != set(PARTS)]  # type: ignore[call-overload]
    routes = {"structural", "functional", "technical", "seminar"}
    if set(told["routes"]) != routes:
        wrong.append("routes")
    numbers = [told[name] for name in ("technical_jp", "technical_years", "seminar_years")]
    if not all(isinstance(n, int | float) and n > 0 for n in numbers):
        wrong.append("technical_jp, technical_years or seminar_years")
    return wrong
