"""Send a notice by every way that the plan names, all at once, and say what did not arrive."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cakra_analysis.notices.errand import Errand, our_program
from cakra_analysis.notices.table import Notices

SECONDS = 60.0


@dataclass(frozen=True)
class _Way:
    """One way of telling: its name for the reader, the program, what that is given, its secret."""

    name: str
    command: tuple[str, ...]
    given: Any
    secret: str = ""  # the environment variable that must be set


def send_notices(
    notices: Notices, summary: Mapping[str, Any], *, seconds: float = SECONDS
) -> list[str]:
    """Tell how a build went, if the plan wants it told.

    Parameters
    ----------
    notices : Notices
        When to tell, and how.
    summary : mapping of str to object
        Of the build: ``plan`` and ``dataset`` (names), ``lang`` (``id`` or ``en``), ``outcome``
        (``ok``; ``failed``: a report failed; ``stopped``: none could be begun, and ``cause`` says
        why), ``started`` and ``ended`` (ISO, with the zone), ``counts`` (``built``, ``kept``,
        ``failed``), ``failed`` (a list of ``report``, ``unit``, ``cause``) and ``index`` (path from
        the reports folder). It must be free of personal data; a command gets it as JSON.
    seconds : float
        The most that all ways together may take.

    Returns
    -------
    list of str
        A line for each way that failed; no secret, address or password is in it.
    """
    if summary["outcome"] == "ok" and notices.on == "failure":
        return []
    until = time.monotonic() + seconds
    ways = _list_ways(notices, summary)
    begun = [(way, *_begin(way)) for way in ways]
    lines = []
    for way, errand, trouble in begun:
        troubles = _end(errand, until, seconds) if errand else [trouble]
        lines += [f"Notice not sent by {way.name}: {text}." for text in troubles]
    return lines


def _list_ways(notices: Notices, summary: Mapping[str, Any]) -> list[_Way]:
    from cakra_analysis.notices.message import write_message  # with Babel: only where it is told

    subject, text = write_message(summary)
    message = {"subject": subject, "text": text, "good": summary["outcome"] == "ok"}
    ways = []
    if notices.command:
        name = f"the command {Path(notices.command[0]).name}"
        ways.append(_Way(name, notices.command, {**summary, **message}))
    if mail := notices.mail:
        program = tuple(our_program("cakra_analysis.notices.mail"))
        name = f"e-mail ({mail.host}, port {mail.port})"
        ways.append(_Way(name, program, {**message, "mail": asdict(mail)}, mail.password_env))
    if variable := notices.apprise_env:
        program = tuple(our_program("cakra_analysis.notices.services"))
        ways.append(_Way("apprise", program, {**message, "apprise_env": variable}, variable))
    return ways


def _begin(way: _Way) -> tuple[Errand | None, str]:
    if way.secret and not os.environ.get(way.secret, "").strip():
        return None, f"the environment variable {way.secret} is not set"
    try:
        return Errand(way.command, way.given), ""
    except FileNotFoundError:
        return None, "there is no such program"
    except OSError as error:
        return None, f"it cannot be started ({error.strerror})"


def _end(errand: Errand, until: float, seconds: float) -> list[str]:
    code = errand.wait(until)
    said = errand.read()
    if code is None:
        return [f"no end within {seconds:g} seconds, so it was stopped"]
    return said or ([f"it ended with exit code {code}"] if code else [])
