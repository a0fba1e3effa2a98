"""A notice by a service that the library apprise knows: Telegram, e-mail, a web hook, many more.

An address of a service holds its secret, so none is ever printed: services are told apart by their
number in the environment variable and by apprise's own name for their kind.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Sequence

MISSING = "apprise is not installed; in the project's folder: .venv/bin/pip install '.[notices]'"


def tell_services(addresses: Sequence[str], subject: str, text: str, *, good: bool) -> list[str]:
    """Send a message to services.

    Parameters
    ----------
    addresses : sequence of str
        As apprise writes them, for instance ``tgram://...``.
    subject, text : str
        What it says.
    good : bool
        Whether it is good news; some services show it by a colour.

    Returns
    -------
    list of str
        What could not be sent, without an address.
    """
    try:
        from apprise import Apprise, NotifyFormat, NotifyType
    except ImportError:
        return [MISSING]
    kind = NotifyType.SUCCESS if good else NotifyType.FAILURE
    troubles = []
    for number, address in enumerate(addresses, start=1):
        service, place = Apprise(), f"address {number} of {len(addresses)}"
        if not service.add(address):
            troubles.append(f"{place} is none that apprise knows")
            continue
        name = type(service[0]).service_name
        try:
            sent = bool(
                service.notify(text, subject, notify_type=kind, body_format=NotifyFormat.TEXT)
            )
        except Exception:  # its text may hold the address
            sent = False
        if not sent:
            troubles.append(f"{place} ({name}) did not take the message")
    return troubles


def main() -> None:
    """Send what standard input says; print a JSON list of troubles."""
    given = json.load(sys.stdin)
    addresses = os.environ.get(given["apprise_env"], "").split()
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123
        troubles = tell_services(addresses, given["subject"], given["text"], good=given["good"])
    print(json.dumps(troubles))
