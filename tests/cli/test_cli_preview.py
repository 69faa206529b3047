"""`umbmarket preview`: what it writes where, what it says, and how it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Launch, Run
from tests.trees import not_root, symlinks  # noqa: F401 - fixtures
from umbmarket.cli.preview import DEFAULT_OUTPUT

LISTING = '{\n  "Title": "Orchard Calendar",\n  "Category": "Search",\n  "LicenseTypes": ["Free"]\n}\n'


@pytest.fixture
def listed(project: Path) -> Path:
    (project / "umbraco-marketplace.json").write_text(LISTING, "utf-8")
    return project


def page(path: Path) -> str:
    return path.read_text("utf-8")


def test_a_page_is_written_into_the_working_folder(run: Run, listed: Path) -> None:
    result = run("preview")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{DEFAULT_OUTPUT}: Orchard Calendar, ")
    assert result.stdout.endswith(" KB, with 2 infos\n")
    assert result.stderr == ""
    assert page(listed / DEFAULT_OUTPUT).startswith("<!DOCTYPE html>\n")


def test_findings_do_not_fail_it(run: Run, broken: Path) -> None:
    result = run("preview")
    assert result.exit_code == 0
    assert "1 error" in result.stdout
    assert "UMB104" in page(broken / DEFAULT_OUTPUT)


def test_a_page_is_replaced_by_the_next_one(run: Run, listed: Path) -> None:
    assert run("preview").exit_code == 0
    first = page(listed / DEFAULT_OUTPUT)
    (listed / "umbraco-marketplace.json").write_text(LISTING.replace("Calendar", "Clock"), "utf-8")
    assert run("preview").exit_code == 0
    assert page(listed / DEFAULT_OUTPUT) == first.replace("Orchard Calendar", "Orchard Clock")


@pytest.mark.usefixtures("symlinks")
def test_no_file_is_made_where_a_link_leads_that_nobody_named(
    run: Run, listed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "page.html"
    (listed / DEFAULT_OUTPUT).symlink_to(outside)
    result = run("preview")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {DEFAULT_OUTPUT} is a link to a file that does not exist; "
        "remove it, or name another file with --output\n"
    )
    assert not outside.exists()
    assert run("preview", "--output", DEFAULT_OUTPUT).exit_code == 0
    assert "Orchard Calendar" in page(outside)


@pytest.mark.parametrize("content", ["<!DOCTYPE html>\n<title>my own</title>\n", "no page"])
def test_what_is_no_preview_is_not_replaced(run: Run, listed: Path, content: str) -> None:
    (listed / DEFAULT_OUTPUT).write_text(content)
    result = run("preview")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"error: {DEFAULT_OUTPUT} already exists and is not a preview; remove it, or name another file with --output\n"
    )
    assert page(listed / DEFAULT_OUTPUT) == content


def test_an_empty_file_is_filled(run: Run, listed: Path) -> None:
    (listed / "page.html").touch()
    assert run("preview", "--output", "page.html").exit_code == 0
    assert page(listed / "page.html").startswith("<!DOCTYPE html>\n")


def test_what_the_page_is_made_from_is_not_replaced(run: Run, listed: Path) -> None:
    result = run("preview", "-o", "./umbraco-marketplace.json")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: umbraco-marketplace.json is a file that the page was made from; name another file with --output\n"
    )
    assert page(listed / "umbraco-marketplace.json") == LISTING


def test_a_folder_that_is_not_there_is_named(run: Run, listed: Path) -> None:
    result = run("preview", "-o", "site/page.html")
    assert result.exit_code == 2
    where = os.path.join("site", "page.html")
    assert result.stderr == f"error: {where} cannot be written: there is no folder site\n"


def test_standard_output(run: Run, listed: Path) -> None:
    result = run("preview", "-o", "-")
    assert result.exit_code == 0
    assert result.stdout.startswith("<!DOCTYPE html>\n")
    assert result.stdout.endswith("</html>\n")
    assert not (listed / DEFAULT_OUTPUT).exists()


def test_the_same_files_make_the_same_page(run: Run, listed: Path) -> None:
    assert run("preview", "-o", "-").stdout == run("preview", "-o", "-").stdout


def test_nothing_to_preview(run: Run, project: Path) -> None:
    result = run("preview")
    assert result.exit_code == 3
    assert result.stderr.splitlines()[0] == "error: there is nothing to preview"
    assert not (project / DEFAULT_OUTPUT).exists()


@pytest.mark.parametrize(
    "arguments", [("missing.json",), (".", "--package-file", "missing.nupkg"), (".", "--readme", "x.md")]
)
def test_a_file_that_is_not_there(run: Run, listed: Path, arguments: tuple[str, ...]) -> None:
    result = run("preview", *arguments)
    assert result.exit_code == 2
    assert result.stderr == f"error: {arguments[-1]} cannot be read: there is no such file or folder\n"


@pytest.mark.usefixtures("not_root")
def test_a_folder_that_cannot_be_read_is_named_or_passed_over(run: Run, listed: Path) -> None:
    closed = listed / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        result = run("preview", "closed")
        assert (result.stderr, result.exit_code) == ("error: closed cannot be read: permission denied\n", 2)
        assert run("preview", ".").exit_code == 0
    finally:
        closed.chmod(0o755)


def test_a_folder_is_no_readme(run: Run, listed: Path) -> None:
    (listed / "docs").mkdir()
    result = run("preview", "--readme", "docs")
    assert result.exit_code == 2
    assert result.stderr == "error: docs cannot be read: it is a folder, not a file\n"


def test_another_readme(run: Run, listed: Path) -> None:
    (listed / "notes.md").write_text("# Something *else*\n\n[gone](gone.md)\n", "utf-8")
    assert run("preview", "--readme", "notes.md").exit_code == 0
    text = page(listed / DEFAULT_OUTPUT)
    assert "Something <em>else</em>" in text
    assert '<a class="dead">gone</a>' in text
    assert ">UMB309</span>" in text


def several(project: Path) -> None:
    for name in ("one", "two"):
        text = LISTING.replace("Calendar", name)
        (project / f"umbraco-marketplace-orchard.{name}.json").write_text(text, "utf-8")


def test_of_several_packages_one_has_to_be_named(run: Run, project: Path) -> None:
    several(project)
    result = run("preview")
    assert result.exit_code == 2
    assert result.stderr == "error: several packages are here; name one with --package: orchard.one, orchard.two\n"


def test_a_listing_without_an_id_is_named_by_its_path(run: Run, project: Path) -> None:
    several(project)
    for folder in ("src", "docs"):
        (project / folder).mkdir()
        (project / folder / "umbraco-marketplace.json").write_text(LISTING, "utf-8")
    result = run("preview")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: several packages are here; name one with --package: orchard.one, orchard.two, "
        "or by its path: docs/umbraco-marketplace.json, src/umbraco-marketplace.json\n"
    )
    assert run("preview", "docs/umbraco-marketplace.json").exit_code == 0


def test_several_listings_for_the_package_that_is_named(run: Run, project: Path) -> None:
    for folder in ("src", "docs"):
        (project / folder).mkdir()
        (project / folder / "umbraco-marketplace.json").write_text(LISTING, "utf-8")
    result = run("preview", "--package", "Orchard.One")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: several packages are here; name one by its path: "
        "docs/umbraco-marketplace.json, src/umbraco-marketplace.json\n"
    )
    assert run("preview", "--package", "Orchard.One", "src/umbraco-marketplace.json").exit_code == 0


def test_the_package_that_is_named(run: Run, project: Path) -> None:
    several(project)
    result = run("preview", "--package", "Orchard.Two")
    assert result.exit_code == 0
    assert "Orchard two" in page(project / DEFAULT_OUTPUT)
    assert "Orchard one" not in page(project / DEFAULT_OUTPUT)
    assert "about other files: umbmarket validate shows them" in result.stderr


def test_a_package_that_is_not_here(run: Run, project: Path) -> None:
    several(project)
    result = run("preview", "--package", "Orchard.Three")
    assert result.exit_code == 2
    assert (
        result.stderr == 'error: nothing here is for the package "Orchard.Three"; there is orchard.one, orchard.two\n'
    )


def test_an_id_that_no_package_has(run: Run, listed: Path) -> None:
    result = run("preview", "--package", "a b")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0].startswith("error: --package: it contains ' ', ")


def test_a_listing_is_no_package(run: Run, listed: Path) -> None:
    result = run("preview", "--package-file", "umbraco-marketplace.json")
    assert result.exit_code == 2
    assert result.stderr == "error: umbraco-marketplace.json is not a package (.nupkg)\n"


def test_a_package_file(run: Run, listed: Path, nupkg: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "My.Package.1.2.3.nupkg"
    path.write_bytes(nupkg(tags="umbraco-marketplace", groups={"net8.0": {"Umbraco.Cms.Core": "[13.0.0, 14.0.0)"}}))
    result = run("preview", "--package-file", str(path))
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{DEFAULT_OUTPUT}: Orchard Calendar 1.2.3, ")
    assert "Umbraco 13" in page(listed / DEFAULT_OUTPUT)


def test_a_package_that_nuget_cannot_read(run: Run, listed: Path) -> None:
    (listed / "broken.nupkg").write_bytes(b"no archive")
    result = run("preview", "--package-file", "broken.nupkg")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0].startswith("broken.nupkg error[UMB301] ")
    assert result.stderr.splitlines()[1] == "error: NuGet cannot read this package, so the page shows nothing of it"
    assert "NuGet cannot read the package" in page(listed / DEFAULT_OUTPUT)


def test_pictures_that_are_elsewhere_are_counted(run: Run, listed: Path) -> None:
    shots = '"Screenshots": [{"ImageUrl": "https://example.com/a.png"}], "LicenseTypes"'
    (listed / "umbraco-marketplace.json").write_text(LISTING.replace('"LicenseTypes"', shots), "utf-8")
    result = run("preview")
    assert result.stderr == (
        "note: 1 picture is not in the working tree, so the page has its URL instead; with --remote-images"
        " the browser fetches what is missing\n"
    )
    assert 'src="https://example.com/a.png"' not in page(listed / DEFAULT_OUTPUT)
    assert run("preview", "--remote-images").exit_code == 0
    assert 'src="https://example.com/a.png"' in page(listed / DEFAULT_OUTPUT)


def test_settings_are_followed(run: Run, broken: Path) -> None:
    (broken / "umbmarket.toml").write_text('ignore = ["UMB104"]\n')
    assert run("preview").exit_code == 0
    assert "UMB104" not in page(broken / DEFAULT_OUTPUT)
    assert run("preview", "--no-config").exit_code == 0
    assert "UMB104" in page(broken / DEFAULT_OUTPUT)


def test_open_needs_a_file(run: Run, listed: Path) -> None:
    result = run("preview", "--open", "-o", "-")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0] == (
        "error: --open: there is no file to open where the page goes to standard output"
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows asks no variable which browser to start")
def test_open_starts_the_browser(launch: Launch, listed: Path, tmp_path: Path) -> None:
    seen, script = tmp_path / "seen.txt", tmp_path / "browser"
    script.write_text(f'#!{sys.executable}\nimport sys\nopen({str(seen)!r}, "w").write(sys.argv[1])\n')
    script.chmod(0o755)
    done = launch("preview", "--open", BROWSER=f"{script} %s")
    assert done.returncode == 0, done.stderr
    assert seen.read_text() == (listed / DEFAULT_OUTPUT).resolve().as_uri()


@pytest.mark.skipif(os.name == "nt", reason="Windows asks no variable which browser to start")
def test_a_browser_that_cannot_be_started_is_told(launch: Launch, listed: Path, tmp_path: Path) -> None:
    done = launch("preview", "--open", BROWSER="false", PATH=str(tmp_path), DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 0
    assert done.stderr.decode() == f"note: no browser could be started; open {DEFAULT_OUTPUT} yourself\n"


def test_hostile_names_reach_no_terminal(run: Run, project: Path) -> None:
    text = '{"Title": "\\u001b[31m ##vso[x] \\u202e", "Category": "Search"}'
    (project / "umbraco-marketplace.json").write_text(text, "utf-8")
    result = run("preview")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "##vso" not in result.stdout
    assert "\u202e" not in result.stdout + page(project / DEFAULT_OUTPUT)
