"""URLs of databases as people write them: what is wrong is said, and never the password."""

from __future__ import annotations

import ssl

import pytest

from cakra_analysis.database.address import VARIABLE, read_address
from cakra_analysis.database.connect import open_store
from cakra_analysis.database.options import make_context
from cakra_analysis.errors import DataError


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://ana:raha?hasia@db/asn", "%3F"),
        ("postgresql://ana:raha#hasia@db/asn", "%23"),
        ("postgresql://ana:raha[hasia@db/asn", "%5B"),
        ("postgresql://ana:rahasia@db:abc/asn", "port"),
        ("postgresql://ana:rahasia@db:/asn", "port"),
        ("postgresql://ana:rahasia@db:99999/asn", "port"),
        ("postgresql://ana:rahasia@.db/asn", "host"),
        ("postgresql://ana:rahasia@db/asn?sslmodus=require", "sslmode"),
        ("postgresql://ana:rahasia@db/asn?connect_timeout=3", "application_name"),
        ("sqlite:///asn.db?mode=ro", '"mode"'),
    ],
)
@pytest.mark.parametrize("around", [False, True])
def test_odd_urls_are_refused_without_the_password(
    monkeypatch, url: str, told: str, around: bool
) -> None:
    shown = url.replace(url[url.find(":", 12) : url.find("@")], "") if "ana:" in url else url
    monkeypatch.setenv(VARIABLE, url if around else "")
    with pytest.raises(DataError) as caught:
        read_address(shown if around else url)
    assert told in str(caught.value)
    assert "raha" not in str(caught.value) and "hasia" not in str(caught.value)


def test_sslmode_becomes_a_context(monkeypatch) -> None:
    assert make_context("x", "") is None and make_context("x", "disable") is False
    required, verified = make_context("x", "require"), make_context("x", "verify-full")
    assert required.verify_mode == ssl.CERT_NONE and verified.check_hostname
    assert verified.verify_mode == ssl.CERT_REQUIRED
    monkeypatch.setattr("cakra_analysis.database.connect.SECONDS", 1)
    for mode, told in (("required", 'mean "require"'), ("require", "cannot be used")):
        address = read_address(f"postgresql://ana@127.0.0.1:1/asn?sslmode={mode}")
        with pytest.raises(DataError, match=told), open_store(address):
            pass
