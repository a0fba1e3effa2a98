"""What a portfolio must keep to, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from cakra_analysis.errors import AnalysisError
from cakra_analysis.routes import ONLINE

# Every rule by its key, in the order in which a conflict names them.
RULES = (
    "budget",
    "least_jp",
    "most_jp",
    "priorities",
    "modes",
    "fair",
    "away",
    "courses_most",
    "seats",
    "minimum",
    "sessions_most",
    "requires",
)


@dataclass(frozen=True)
class Rules:
    """What a plan must keep to.

    Attributes
    ----------
    budget_idr : float
        Most money.
    fair : float
        A unit gets at least this share of the seats it would have by its number of people.
    modes : mapping
        Least share of the learning hours by mode.
    overlap_shares, overlap_factors : tuple of float
        Of a group's gap the first share closes with the first factor, and so on.
    courses_most : int
        Most courses of one person.
    priorities : tuple of str
        Competencies of which each is trained by at least one session.
    least_share : float
        Share of every group's JP debt that the plan must carry.
    day_cost_idr : float
        Kept back for venue and trainer, a meeting day.
    away : float
        Largest share of a unit's people in one session; one always may be.
    online_routes : tuple of str
        Routes that call nobody away.
    """

    budget_idr: float
    fair: float = 0.5
    modes: Mapping[str, float] = field(default_factory=dict)
    overlap_shares: tuple[float, ...] = (0.5, 0.3, 0.2)
    overlap_factors: tuple[float, ...] = (1.0, 0.5, 0.25)
    courses_most: int = 4
    priorities: tuple[str, ...] = ()
    least_share: float = 1.0
    day_cost_idr: float = 0.0
    away: float = 1.0
    online_routes: tuple[str, ...] = ONLINE


def check_rules(rules: Rules) -> None:
    """Refuse rules that say nothing sensible.

    Parameters
    ----------
    rules : Rules
        Any.

    Raises
    ------
    AnalysisError
        When a share is not 0-1, the money is negative, or the overlap does not diminish.
    """
    shares = {"fair": rules.fair, "least_share": rules.least_share, "away": rules.away}
    shares |= rules.modes
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise AnalysisError(f"{name} is {value}.", allowed="A share from 0 to 1.")
    if not rules.budget_idr >= 0 or not rules.day_cost_idr >= 0:
        raise AnalysisError("The money is negative or missing.", allowed="0 or more rupiah.")
    pieces, factors = rules.overlap_shares, rules.overlap_factors
    falls = all(a >= b for a, b in pairwise(factors))
    if len(pieces) != len(factors) or not falls or min(pieces) < 0 or min(factors) < 0:
        raise AnalysisError(
            "overlap_shares and overlap_factors do not fit.",
            allowed="As many factors as shares, none below 0, factors falling.",
        )
    if sum(pieces) > 1 + 1e-9 or factors[0] > 1:
        raise AnalysisError(
            "The overlap closes more than there is.",
            allowed="Shares adding to at most 1, factors of at most 1.",
        )
