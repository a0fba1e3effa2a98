"""How many cases simulations and searches take: few in `make test`, many in `make thorough`."""

from __future__ import annotations

import os

import pytest

THOROUGH = os.environ.get("CAKRA_THOROUGH") == "1"
thorough = pytest.mark.skipif(not THOROUGH, reason="make thorough runs it")


def cases(few: int, many: int) -> int:
    """The number for this run."""
    return many if THOROUGH else few
