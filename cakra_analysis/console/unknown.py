"""A code that was typed and is not in the data."""

from __future__ import annotations

from collections.abc import Iterable

from cakra_analysis.errors import AnalysisError, suggest

SHOWN = 12  # codes


def refuse_unknown(what: str, code: str, known: Iterable[str]) -> None:
    """Refuse a code that is not in the data.

    Parameters
    ----------
    what : str
        Of what it is the code, for instance ``unit``.
    code : str
        As it was typed.
    known : iterable of str
        The codes that there are.

    Raises
    ------
    AnalysisError
        When it is none of them.
    """
    codes = [*map(str, known)]
    if code not in codes:
        told = "Among others" if len(codes) > SHOWN else "Known are"
        raise AnalysisError(
            f'There is no {what} "{code}".',
            allowed=f"{told}: {', '.join(codes[:SHOWN])}.",
            do=suggest(code, codes),
        )
