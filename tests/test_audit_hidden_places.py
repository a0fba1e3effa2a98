"""Places where a person's number or a link is easily overlooked."""

from __future__ import annotations

import pytest

from cakra_analysis.audit.files import read_pieces
from cakra_analysis.audit.known import Known
from cakra_analysis.audit.pieces import unveil
from cakra_analysis.audit.traces import find_traces

NIP = "198609262015051001"
KNOWN = Known(frozenset({"PEG-0123"}))


def kinds(name: str, content: str) -> set[str]:
    pieces = [unveil(piece) for piece in read_pieces(name, content.encode())]
    return {kind for piece in pieces for kind, _, _ in find_traces(piece, KNOWN)}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.html", "<p>19860926<br>201505 1 001</p>", "NIP"),
        ("a.html", f'<img width="{NIP}">', "NIP"),
        ("a.svg", f'<svg><path d="{NIP}"/></svg>', "NIP"),
        ("a.html", f'<a href="data:text/plain,%31{NIP[1:]}">x</a>', "NIP"),
        ("a.html", "".join(chr(0x660 + int(digit)) for digit in NIP), "NIP"),
        ("a.json", f'{{"x": {NIP}.0}}', "NIP"),
        ("a.woff2", NIP, "NIP"),
        ("a.html", "<p>x_PEG-0123_y</p>", "identifier"),
        ("a.html", '<style>@import "//elsewhere.example/x.css"</style>', "link"),
        ("a.html", '<body background="https://elsewhere.example/x.png">', "link"),
    ],
)
def test_it_is_found(name: str, content: str, kind: str) -> None:
    assert kind in kinds(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", '<svg><path d="M 1.9860926201505100 2.5 L 9 9"/></svg>'),
        ("a.json", '{"p": 0.19860926201505101, "cost": 6281234567.0}'),
        ("a.html", "<p>2025<br>2026</p><a href='data:text/plain,100%25'>x</a>"),
    ],
)
def test_what_is_harmless_is_not(name: str, content: str) -> None:
    assert kinds(name, content) == set()
