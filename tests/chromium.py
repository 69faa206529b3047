"""A real browser for tests: Debian's Chromium, driven by playwright, with no way out to any network.

The tests that need it are skipped where there is none, all with the same reason; where `UMBMARKET_NEEDS_BROWSER` is 1
they fail instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.shared_corpus import ROOT

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
"""Put there by `npm install --prefix tests/browser --no-package-lock`."""

PICTURES = ROOT / "build" / "previews"
"""Where the tests leave what they saw, for people to look at."""

IS_WANTED = os.environ.get("UMBMARKET_NEEDS_BROWSER") == "1"


def executable() -> str | None:
    """The browser, or None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def missing() -> str:
    """Why there are no tests in a browser here; empty where there are."""
    if executable() is None:
        return "there is no Chromium here"
    try:
        import playwright.sync_api  # noqa: F401 - whether it is there
    except ImportError:
        return "playwright is not installed"
    return "" if AXE.is_file() else f"axe-core is not in {AXE.parent.relative_to(ROOT).as_posix()}"


needs_browser = pytest.mark.skipif(
    bool(missing()) and not IS_WANTED, reason=f"tests in a browser do not run: {missing()}"
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser."""
    assert not missing(), missing()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield browser
        browser.close()


class Seen:
    """A page that was opened, and all that it did.

    Attributes:
        page: playwright's page.
        noise: dialogs, errors, messages on the console, and requests for anything but the file itself and what lies in
            it; each as a line.
    """

    def __init__(
        self, browser: Any, path: Path, *, width: int = 1400, theme: str = "light", scripts: bool = True
    ) -> None:
        self.noise: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=scripts, bypass_csp=False
        )
        self.page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("console", lambda message: self.noise.append(f"console {message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.noise.append(f"error: {error}"))
        self.page.on("popup", lambda popup: self.noise.append(f"window: {popup.url}"))
        self.page.on("requestfailed", lambda request: self._request(request, path.as_uri()))
        self.page.on("requestfinished", lambda request: self._request(request, path.as_uri()))
        self.page.goto(path.as_uri())

    def _dialog(self, dialog: Any) -> None:
        self.noise.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Any, own: str) -> None:
        url = request.url
        if url != own and not url.startswith("data:"):
            self.noise.append(f"request: {url}{f', refused: {request.failure}' if request.failure else ''}")

    def __enter__(self) -> Seen:
        return self

    def __exit__(self, *exception: object) -> None:
        self.context.close()
