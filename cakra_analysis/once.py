"""Slow work that several reports of one build need alike is done once.

The two languages of a report, and the stages that start from the same plan, then say the same even
where a search ended by its time.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

PLACE = "CAKRA_ONCE"  # in the environment: the folder of the build under way
P = ParamSpec("P")
R = TypeVar("R")


def once(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function whose results the reports of one build share.

    Parameters
    ----------
    function : callable
        Of a module; what it returns follows from its arguments alone, and can be pickled.

    Returns
    -------
    callable
        Takes the same. In a build the first call with the same arguments works, others wait for it
        and read what it returned; elsewhere every call works.

    Notes
    -----
    Results lie in a folder that only this user can open and that goes with the build, so none can
    be older than the code or the data. Pinned by ``tests/test_once.py``.

    Examples
    --------
    >>> once(sorted)([2, 1])
    [1, 2]
    """

    @wraps(function)
    def share(*args: P.args, **kwargs: P.kwargs) -> R:
        place = os.environ.get(PLACE, "")
        if not place or not Path(place).is_dir():
            return function(*args, **kwargs)
        import joblib
        from filelock import FileLock

        key = joblib.hash((function.__module__, function.__qualname__, args, kwargs))
        kept = Path(place) / key
        with FileLock(f"{kept}.lock"):
            if not kept.exists():
                written = kept.with_suffix(".new")
                written.write_bytes(pickle.dumps(function(*args, **kwargs)))
                written.replace(kept)
        # The first reads it too: what shares parts with its arguments would have another digest
        # than its copy, and what follows from it would be worked out again.
        found: R = pickle.loads(kept.read_bytes())  # noqa: S301 - ours alone
        return found

    return share


@contextmanager
def share_work() -> Iterator[None]:
    """Let the reports of a build, and the processes that it starts, share what ``once`` wraps.

    Yields
    ------
    None
        While results are kept; they are gone at the end.
    """
    with tempfile.TemporaryDirectory(prefix="cakra-") as place:
        os.environ[PLACE] = place
        try:
            yield
        finally:
            os.environ.pop(PLACE, None)
