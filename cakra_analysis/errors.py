"""The errors a reader may meet; each says what was found, what is allowed, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

SHOWN = 12  # codes that an error lists


class CakraError(Exception):
    """Something the user can mend.

    Parameters
    ----------
    found : str
        What was met, and where.
    allowed : str, optional
        What would have been right.
    do : str, optional
        The next step for the reader.
    """

    def __init__(self, found: str, *, allowed: str = "", do: str = "") -> None:
        self.found, self.allowed, self.do = found, allowed, do
        super().__init__(found, allowed, do)

    def __str__(self) -> str:
        return "\n".join(part for part in (self.found, self.allowed, self.do) if part)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes whole, what a subclass adds included."""
        return _make_again, (type(self), self.args), vars(self)


def _make_again(kind: type[CakraError], parts: tuple[str, ...]) -> CakraError:
    return kind.__new__(kind, *parts)


class SettingsError(CakraError):
    """``settings.toml`` holds an unknown key or an impossible value."""


class DataError(CakraError):
    """An input file is missing, is not what it should be, or lacks a column."""


class MappingError(CakraError):
    """A mapping file does not fit itself or the export it is applied to."""


class AnalysisError(CakraError):
    """A method was asked for something that the given table cannot answer."""


class ConflictError(AnalysisError):
    """No plan keeps all rules.

    ``rules``: the fewest that cannot be kept together; without any one of them the others can.
    """

    def __init__(
        self, found: str, *, allowed: str = "", do: str = "", rules: tuple[str, ...] = ()
    ) -> None:
        super().__init__(found, allowed=allowed, do=do)
        self.rules = rules


class PrivacyError(CakraError):
    """Something that was not published was about to be shown or saved."""


class SecretError(CakraError):
    """The key for pseudonyms is missing, too weak, or not kept apart."""


class PlanError(CakraError):
    """``reports.toml`` or a notebook's parameters are not as they must be."""


class RunError(CakraError):
    """A report could not be built; the last good one is still in place.

    ``kind`` is the sort of cause, as its reader is told it.
    """

    kind = "code"


class BusyError(CakraError):
    """Another builder is at work in the same reports folder."""


class ScheduleError(CakraError):
    """The builds cannot be put on a timetable on this machine, or not so."""


class PdfError(CakraError):
    """A PDF cannot be made on this machine; the other formats can."""


def suggest(wrong: str, allowed: Iterable[str]) -> str:
    """Return ``Did you mean ...?`` for a misspelt name, or an empty text.

    Parameters
    ----------
    wrong : str
        The name as it was written.
    allowed : iterable of str
        The names that exist.

    Returns
    -------
    str
        A question that names the nearest allowed name, or an empty text.

    Examples
    --------
    >>> suggest("unti", ["unit", "cycle"])
    'Did you mean "unit"?'
    """
    near = difflib.get_close_matches(wrong, list(allowed), n=1, cutoff=0.6)
    return f'Did you mean "{near[0]}"?' if near else ""


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
