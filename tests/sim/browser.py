"""A real browser for tests: the one the machine has, headless, started once a module."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright, async_playwright

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SYSTEM = ("chromium", "chromium-browser", "google-chrome")


def find_browser(own: str) -> str | None:
    """The browser to start: REKHA_BROWSER, Playwright's own when it was downloaded, or the system's."""
    named = os.environ.get("REKHA_BROWSER")
    if named:
        return named
    if Path(own).is_file():
        return own
    return next((found for name in SYSTEM if (found := shutil.which(name))), None)


class Runner:
    """Runs coroutines of one module in one loop, beside one browser."""

    def __init__(self, loop: asyncio.Runner, browser: Browser) -> None:
        self.run = loop.run
        self.browser = browser


@contextmanager
def started() -> Iterator[Runner]:
    """Start the browser; the test is skipped when the machine has none."""
    with asyncio.Runner() as loop:
        playwright: Playwright = loop.run(async_playwright().start())
        try:
            path = find_browser(playwright.chromium.executable_path)
            if path is None:
                pytest.skip("there is no Chromium: install Debian's chromium or set REKHA_BROWSER")
            arguments = {"executable_path": path, "args": QUIET, "chromium_sandbox": os.geteuid() != 0}
            browser = loop.run(playwright.chromium.launch(**arguments))
            try:
                yield Runner(loop, browser)
            finally:
                loop.run(browser.close())
        finally:
            loop.run(playwright.stop())
