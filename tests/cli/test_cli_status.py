"""`umbmarket status` on the command line: exit codes, formats, wrong use. What it finds is tested with its action."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.feed_double import INDEX
from tests.doubles.marketplace_double import API_BASE, record
from tests.doubles.published_world import World, published_world

VARIABLES = ("UMBMARKET_NUGET_SOURCE", "UMBMARKET_MARKETPLACE_API", "HTTP_PROXY", "http_proxy", "ALL_PROXY")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, project: Path, tmp_path: Path) -> Iterator[World]:
    """A healthy package, and an environment that leads to it."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    with published_world() as started:
        started.make_healthy()
        monkeypatch.setenv("UMBMARKET_NUGET_SOURCE", started.source)
        monkeypatch.setenv("UMBMARKET_MARKETPLACE_API", started.api_base)
        yield started


ARGS = ("status", "My.Package", "--allow-private-hosts", "--no-cache")


def test_a_healthy_package(run, world: World) -> None:
    result = run(*ARGS)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("My.Package 1.2.0\n")
    assert result.stdout.endswith("\n  1.  Nothing: the Marketplace shows what is published.\n")
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_package_with_problems(run, world: World) -> None:
    world.publish("1.3.0", tags=())
    assert run(*ARGS).exit_code == 1


def test_the_network_fails(run, world: World) -> None:
    world.feed.broken[INDEX] = (400, {}, b"")
    result = run(*ARGS)
    assert result.exit_code == 4
    assert "Could not be checked" in result.stdout
    world.feed.broken.clear()
    world.api.broken[f"{API_BASE}/packages/my.package"] = (400, {}, b"")
    assert run(*ARGS).exit_code == 4


def test_json(run, world: World) -> None:
    result = run(*ARGS, "--format", "json")
    document = json.loads(result.stdout)
    assert (document["packageId"], document["exitCode"], result.exit_code) == ("My.Package", 0, 0)


def test_verbose_and_colour(run, world: World) -> None:
    result = run(*ARGS, "-v", "--color", "always")
    assert "All          1.2.0" in result.stdout
    assert "\x1b[1m" in result.stdout


def test_source_on_the_command_line_wins(run, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UMBMARKET_NUGET_SOURCE", "http://127.0.0.1:1/index.json")
    assert run(*ARGS, "--source", world.source).exit_code == 0


def test_without_no_cache_documents_are_kept(run, world: World) -> None:
    for expected in (3, 2):
        world.feed.requests.clear()
        assert run("status", "My.Package", "--allow-private-hosts").exit_code == 0
        assert len(world.feed.requests) == expected


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ("a b",),
            "error: \"a b\" is not a package id: it contains ' ', but an id consists of letters, digits, '_', '.' and"
            " '-'\n",
        ),
        (
            ("My.Package", "--source", "nowhere"),
            "error: the feed must be the http or https URL of a NuGet V3 service index, such as "
            "https://api.nuget.org/v3/index.json, or NAME=URL\n",
        ),
    ],
)
def test_wrong_use(run, project: Path, args: tuple[str, ...], said: str) -> None:
    result = run("status", *args)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_the_listing_of_this_folder_is_compared(run, world: World, project: Path) -> None:
    (project / "umbraco-marketplace-my.package.json").write_text('{"Category": "Search"}')
    result = run(*ARGS, "-v")
    assert "info[UMB607] the published listing differs from" in result.stdout
    assert result.exit_code == 0


def test_the_settings_file_holds(run, world: World, project: Path) -> None:
    world.api.packages["my.package"] = {**record(), "latestVersionNumber": "1.1.0"}
    (project / "umbmarket.toml").write_text('fail-on = "warning"\n')
    assert run(*ARGS).exit_code == 1
    assert run(*ARGS, "--no-config").exit_code == 0
    (project / "umbmarket.toml").write_text('fail-on = "warning"\nignore = ["UMB608"]\n')
    result = run(*ARGS)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "UMB608" not in result.stdout
    (project / "other.toml").write_text('severity = {UMB608 = "error"}\n')
    result = run(*ARGS, "--config", "other.toml")
    assert result.exit_code == 1
    assert "error[UMB608]" in result.stdout


def test_a_settings_file_that_cannot_be_used(run, world: World, project: Path) -> None:
    (project / "umbmarket.toml").write_text("igno = []\n")
    result = run(*ARGS)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "umbmarket.toml" in result.stderr
    result = run(*ARGS, "--config", "umbmarket.toml", "--no-config")
    assert result.exit_code == 2
