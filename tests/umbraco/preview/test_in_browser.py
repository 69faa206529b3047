"""The page as people meet it: in a real browser, wide and narrow, light and dark, and with a hostile author."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import AXE, PICTURES, Seen, chromium, needs_browser  # noqa: F401 - a fixture
from tests.umbraco.preview.calendars import calendar, make_package  # noqa: F401 - a fixture
from tests.umbraco.preview.hostile import ADDRESSES, README, TEXTS, listing
from umbmarket.umbraco.actions.preview import preview

pytestmark = needs_browser

SIZES = (1400, 360)
THEMES = ("light", "dark")


def write(page: str, path: Path) -> Path:
    path.write_text(page, "utf-8", newline="\n")
    return path


@pytest.fixture
def whole(calendar: Path, nupkg: Callable[..., bytes], tmp_path: Path) -> Path:  # noqa: F811 - the fixture
    """A page with a listing, a package, pictures and findings."""
    package = make_package(nupkg, tmp_path / "artifacts" / "Orchard.Calendar.1.2.0.nupkg")
    return write(preview(".", package_file=package).html, tmp_path / "page.html")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", SIZES)
def test_a_page_reads_well(chromium: Any, whole: Path, width: int, theme: str) -> None:  # noqa: F811 - the fixture that is imported above
    with Seen(chromium, whole, width=width, theme=theme) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width
        background = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background == {"light": "rgb(242, 240, 234)", "dark": "rgb(19, 18, 24)"}[theme]
        PICTURES.mkdir(parents=True, exist_ok=True)
        seen.page.screenshot(path=PICTURES / f"calendar-{width}-{theme}.png", full_page=True)
        assert seen.noise == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", SIZES)
def test_nothing_keeps_people_out(chromium: Any, whole: Path, width: int, theme: str) -> None:  # noqa: F811 - the fixture that is imported above
    with Seen(chromium, whole, width=width, theme=theme) as seen:
        assert serious(seen) == []
        seen.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert serious(seen) == []


def test_an_ignored_listing_keeps_nobody_out_either(chromium: Any, calendar: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture that is imported above
    path = calendar / "umbraco-marketplace.json"
    path.write_text(path.read_text("utf-8").replace("Editor Tools", "Calendars"), "utf-8")
    with Seen(chromium, write(preview(".").html, tmp_path / "page.html"), width=360) as seen:
        assert seen.page.get_by_role("heading", level=2).first.inner_text() == "The card in lists and search, today"
        assert serious(seen) == []
        PICTURES.mkdir(parents=True, exist_ok=True)
        seen.page.screenshot(path=PICTURES / "ignored-360-light.png", full_page=True)


def serious(seen: Seen) -> list[str]:
    """What axe-core calls serious or critical, a line each. It runs beside the page, whose policy allows no script."""
    seen.page.evaluate(AXE.read_text("utf-8"))
    found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def test_the_judge_of_access_finds_something(chromium: Any, tmp_path: Path) -> None:  # noqa: F811 - the fixture that is imported above
    bad = "<!DOCTYPE html><html lang=en><title>x</title><main><img src='data:,'></main></html>"
    with Seen(chromium, write(bad, tmp_path / "bad.html")) as seen:
        assert [line.partition(":")[0] for line in serious(seen)] == ["image-alt"]


def test_landmarks_and_headings(chromium: Any, whole: Path) -> None:  # noqa: F811 - the fixture that is imported above
    with Seen(chromium, whole) as seen:
        roles = ("banner", "navigation", "main", "contentinfo")
        assert {role: seen.page.get_by_role(role).count() for role in roles} == dict.fromkeys(roles, 1)
        assert seen.page.get_by_role("heading", level=1).all_inner_texts() == ["Orchard Calendar 1.2.0"]
        assert seen.page.get_by_role("heading", level=2).all_inner_texts() == [
            "The card in lists and search",
            "The listing page",
            "The readme",
            "What the Marketplace reads",
            "About files as a whole",
        ]
        for link in seen.page.get_by_role("navigation").get_by_role("link").all():
            assert seen.page.locator(link.get_attribute("href")).count() == 1


def test_what_a_visitor_reads(chromium: Any, whole: Path) -> None:  # noqa: F811 - the fixture that is imported above
    with Seen(chromium, whole) as seen:
        card = seen.page.get_by_role("article").inner_text()
        assert [line for line in card.splitlines() if line][:2] == ["Orchard Calendar", "by Orchard Works"]
        assert "Umbraco 17-18" in card
        assert card.count("…") == 1
        shots = seen.page.locator(".shots img")
        assert [shot.get_attribute("alt") for shot in shots.all()] == [
            "A month, with a colour for each calendar",
            "An event that comes back every year",
        ]
        for shot in shots.all():
            assert shot.evaluate("image => image.naturalWidth") == 800
        assert seen.page.locator(".icon img").first.evaluate("image => image.naturalWidth") == 128
        assert seen.page.get_by_text("[!NOTE]").count() == 1


def test_findings_are_closed_until_they_are_opened_by_keyboard(chromium: Any, whole: Path) -> None:  # noqa: F811 - the fixture that is imported above
    with Seen(chromium, whole) as seen:
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.className") == "skip"
        first = seen.page.locator("details.findings").first
        assert not first.locator("ul").is_visible()
        first.locator("summary").focus()
        seen.page.keyboard.press("Enter")
        assert first.locator("ul").is_visible()


def test_it_needs_no_script(chromium: Any, whole: Path) -> None:  # noqa: F811 - the fixture that is imported above
    with Seen(chromium, whole, scripts=False) as seen:
        assert seen.page.locator("h1").inner_text() == "Orchard Calendar 1.2.0"
        assert seen.noise == []


def test_print_opens_what_is_closed(chromium: Any, whole: Path) -> None:  # noqa: F811 - the fixture that is imported above
    with Seen(chromium, whole) as seen:
        seen.page.emulate_media(media="print")
        finding = seen.page.locator("details.findings ul").first
        assert finding.evaluate("list => list.getBoundingClientRect().height") > 0
        assert not seen.page.get_by_role("navigation").is_visible()


@pytest.mark.parametrize("number", range(max(len(TEXTS), len(ADDRESSES))))
def test_a_hostile_listing_does_nothing(
    chromium: Any,  # noqa: F811 - the fixture that is imported above
    calendar: Path,  # noqa: F811 - the fixture that is imported above
    tmp_path: Path,
    number: int,
) -> None:
    text = listing(TEXTS[number % len(TEXTS)], ADDRESSES[number % len(ADDRESSES)])
    (calendar / "umbraco-marketplace.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    (calendar / "umbraco-marketplace-readme.md").write_text(README, "utf-8")
    page = write(preview(".").html, tmp_path / "hostile.html")
    with Seen(chromium, page) as seen:
        for details in seen.page.locator("details").all():
            details.evaluate("each => { each.open = true }")
        seen.page.mouse.move(700, 400)
        assert (
            seen.page.evaluate("document.querySelectorAll('script, iframe, object, embed, form, [style]').length") == 0
        )
        assert seen.page.evaluate(HANDLERS) == []
        assert seen.page.locator("h1").count() == 1
        assert seen.page.title().startswith("Preview of ")
        assert seen.noise == []


HANDLERS = """[...document.querySelectorAll('*')].flatMap(each => [...each.attributes])
    .filter(each => each.name.startsWith('on') || /^\\s*(javascript|vbscript|data:text)/i.test(each.value))
    .map(each => each.name + '=' + each.value)"""


def test_a_page_that_does_something_is_noticed(chromium: Any, tmp_path: Path) -> None:  # noqa: F811 - the fixture that is imported above
    bad = (
        "<!DOCTYPE html><title>x</title><script>alert(1); console.error('two')</script>"
        "<img src='http://127.0.0.1:50999/x.png'>"
    )
    with Seen(chromium, write(bad, tmp_path / "bad.html")) as seen:
        seen.page.wait_for_load_state("load")
        assert "dialog: 1" in seen.noise
        assert "console error: two" in seen.noise
        assert "request: http://127.0.0.1:50999/x.png, refused: net::ERR_CONNECTION_REFUSED" in seen.noise


def test_the_policy_holds_for_whatever_got_into_a_page(chromium: Any, whole: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture that is imported above
    injected = (
        "<script>alert(1)</script><img src='http://127.0.0.1:50999/x.png' onerror='alert(2)'><p style='color:red'>x</p>"
    )
    text = whole.read_text("utf-8").replace('<main id="content">', f'<main id="content">{injected}')
    with Seen(chromium, write(text, tmp_path / "injected.html")) as seen:
        seen.page.wait_for_load_state("load")
        assert [line for line in seen.noise if line.startswith(("dialog", "request"))] == [
            "request: http://127.0.0.1:50999/x.png, refused: csp"
        ]
        assert len([line for line in seen.noise if "Content Security Policy" in line]) >= 3
