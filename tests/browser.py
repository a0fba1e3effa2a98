"""A page as a reader sees it: its text, and a real browser that tells what it tried."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def visible(page: Path) -> str:
    """The text of a page, without style and script."""
    text = re.sub(r"<style.*?</style>|<script>.*?</script>", " ", page.read_text(), flags=re.S)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


@contextmanager
def open_page(file: Path, *, width: int = 1200) -> Iterator:
    """Open a file in Chromium; a dialog or a request fails the test."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium is not installed")
    from playwright.sync_api import sync_playwright

    tried: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("dialog", lambda dialog: (tried.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: tried.append(str(error)))
        page.on("request", lambda request: tried.append(request.url))
        page.goto(file.as_uri())
        page.wait_for_timeout(200)
        yield page
        browser.close()
    assert [t for t in tried if t != file.as_uri() and not t.startswith("data:")] == []
