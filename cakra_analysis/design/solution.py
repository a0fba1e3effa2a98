"""What a solver found, and what it has proved."""

from __future__ import annotations

from dataclasses import dataclass

from cakra_analysis.design.problem import Array

LEAST_LEFT = 0.5  # seconds with which a search is still worth starting


@dataclass(frozen=True)
class Solution:
    """What HiGHS found: ``state`` is "done", "limit" or "infeasible"; ``columns`` None if nothing.

    ``bound``: no plan has more ``worth``.
    """

    state: str
    columns: Array | None
    bound: float
