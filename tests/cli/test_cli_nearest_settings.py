"""Settings of several folders in one run, and what they exclude."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

import umbmarket
from tests.cli.conftest import BROKEN, HEALTHY

LISTING = "umbraco-marketplace.json"


@pytest.fixture
def two(project: Path) -> Path:
    """A project with two folders, each with a listing that has an error, a warning and infos."""
    for name in ("a", "b"):
        (project / name).mkdir()
        (project / name / LISTING).write_text(BROKEN, "utf-8")
    return project


def found(result: Result) -> dict[str, list[str]]:
    """The codes by folder, and with them what the others are."""
    by_folder: dict[str, list[str]] = {}
    for finding in json.loads(result.stdout)["findings"]:
        by_folder.setdefault(finding["path"].rpartition("/")[0], []).append(f"{finding['code']} {finding['severity']}")
    return by_folder


def test_each_file_is_judged_by_the_nearest_settings(two: Path, run) -> None:
    (two / "umbmarket.toml").write_text('select = ["UMB104"]\n', "utf-8")
    (two / "b" / "umbmarket.toml").write_text(
        'select = ["UMB006", "UMB112"]\nignore = ["UMB112"]\n[severity]\nUMB006 = "info"\n', "utf-8"
    )
    result = run("validate", "--format", "json")
    assert found(result) == {"a": ["UMB104 error"], "b": ["UMB006 info"]}
    assert json.loads(result.stdout)["summary"]["suppressed"] == 1
    assert found(run("validate", "b", "--format", "json")) == {"b": ["UMB006 info"]}
    assert found(run("validate", f"b/{LISTING}", "--format", "json")) == {"b": ["UMB006 info"]}


def test_the_severity_of_one_folder_is_not_that_of_another(two: Path, run) -> None:
    (two / "a" / "umbmarket.toml").write_text('[severity]\nUMB104 = "warning"\n', "utf-8")
    result = run("validate", "--select", "UMB104", "--format", "json")
    assert found(result) == {"a": ["UMB104 warning"], "b": ["UMB104 error"]}


@pytest.mark.parametrize(
    ("a", "b", "working", "exit_code"),
    [
        ("never", "never", "error", 0),
        ("never", "error", "never", 1),
        ("error", "never", "never", 1),
        (None, "never", "never", 0),
        (None, "never", "error", 1),
    ],
)
def test_each_file_fails_by_its_own_fail_on(
    a: str | None, b: str, working: str, exit_code: int, two: Path, run
) -> None:
    for folder, fail_on in (("a", a), ("b", b), (".", working)):
        if fail_on is not None:
            (two / folder / "umbmarket.toml").write_text(f'fail-on = "{fail_on}"\n', "utf-8")
    assert run("validate").exit_code == exit_code
    assert run("validate", "--fail-on", "error").exit_code == 1
    assert run("validate", "--fail-on", "never").exit_code == 0
    # Test reports agree with the exit code.
    failures = run("validate", "--format", "junit").stdout.count("<failure ")
    assert (failures > 0) is bool(exit_code)


def test_options_of_the_command_line_hold_for_all(two: Path, run) -> None:
    (two / "a" / "umbmarket.toml").write_text('select = ["UMB006"]\nignore = ["UMB104"]\n', "utf-8")
    result = run("validate", "--select", "UMB104,UMB006", "--ignore", "UMB006", "--format", "json")
    assert found(result) == {"b": ["UMB104 error"]}


def test_a_file_that_is_named_beats_all(two: Path, run) -> None:
    (two / "a" / "umbmarket.toml").write_text('select = ["UMB006"]\n', "utf-8")
    (two / "all.toml").write_text('select = ["UMB104"]\n', "utf-8")
    both = {"a": ["UMB104 error"], "b": ["UMB104 error"]}
    assert found(run("validate", "--config", "all.toml", "--format", "json")) == both
    assert found(run("validate", "--no-config", "--select", "UMB104", "--format", "json")) == both


@pytest.mark.parametrize("text", ["broken [", 'selct = ["UMB1"]', 'select = ["UMB999"]'])
def test_a_nearest_file_that_cannot_be_used_is_wrong_use_and_named(text: str, two: Path, run) -> None:
    (two / "b" / "umbmarket.toml").write_text(text, "utf-8")
    result = run("validate", "--format", "json")
    assert result.stderr.startswith("error: b/umbmarket.toml:1")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert run("validate", "a").exit_code == 1
    assert run("validate", "b", "--no-config").exit_code == 1


def test_globs_start_at_their_own_settings_file(two: Path, run) -> None:
    (two / "b" / "umbmarket.toml").write_text(
        '[per-file-ignores]\n"umbraco-*.json" = ["UMB104"]\n"b/*" = ["UMB006"]\n', "utf-8"
    )
    result = run("validate", "--format", "json")
    assert "UMB104 error" not in found(result)["b"]
    assert "UMB006 warning" in found(result)["b"]
    assert result.stderr == 'note: b/umbmarket.toml: "UMB006" matched no finding in "b/*" in this run\n'


def test_the_package_id_is_that_of_the_nearest_file(project: Path, run) -> None:
    listing = '{"RelatedPackages": [{"PackageId": "My.Package"}]}'
    for name in ("a", "b"):
        (project / name).mkdir()
        (project / name / LISTING).write_text(listing, "utf-8")
    (project / "a" / "umbmarket.toml").write_text('package-id = "My.Package"\n', "utf-8")
    assert found(run("validate", "--select", "UMB208", "--format", "json")) == {"a": ["UMB208 warning"]}
    command_line = run("validate", "--select", "UMB208", "--package-id", "Other", "--format", "json")
    assert found(command_line) == {}


def test_standard_input_is_judged_by_the_settings_of_its_name(two: Path, run) -> None:
    (two / "b" / "umbmarket.toml").write_text('select = ["UMB006"]\n', "utf-8")
    args = ["validate", "-", "--format", "json", "--stdin-filename"]
    assert found(run(*args, f"b/{LISTING}", stdin=BROKEN.encode())) == {"b": ["UMB006 warning"]}
    assert "UMB104 error" in found(run(*args, f"a/{LISTING}", stdin=BROKEN.encode()))["a"]


def test_verbose_names_all_files_that_were_used(two: Path, run) -> None:
    (two / "b" / "umbmarket.toml").write_text("", "utf-8")
    assert run("validate", "-v").stderr == (
        "note: no settings file applies to the working folder\n"
        "note: settings from b/umbmarket.toml for what lies below it\n"
    )


EXCLUDED = [
    ('exclude = ["b"]', ["a"]),
    ('exclude = ["/b/"]', ["a"]),
    ('exclude = ["b/*.json"]', ["a"]),
    ('exclude = ["umbraco-*.json", "!a/umbraco-*.json"]', ["a"]),
    ('exclude = ["x", "B"]', ["a", "b"]),
    ('exclude = ["b.json", "/umbraco-marketplace.json"]', ["a", "b"]),
    ("exclude = []", ["a", "b"]),
]


@pytest.mark.parametrize(("text", "left"), EXCLUDED)
def test_what_is_excluded_is_not_found(text: str, left: list[str], two: Path, run) -> None:
    (two / "umbmarket.toml").write_text(f"{text}\n", "utf-8")
    assert sorted(found(run("validate", "--format", "json"))) == left
    # What is named is checked all the same, and so is what lies in a folder that is named.
    assert sorted(found(run("validate", "a", f"b/{LISTING}", "--format", "json"))) == ["a", "b"]


@pytest.mark.parametrize(("text", "left"), EXCLUDED)
def test_what_is_named_is_left_out_only_when_forced(text: str, left: list[str], two: Path, run) -> None:
    (two / "umbmarket.toml").write_text(f"{text}\n", "utf-8")
    named = [f"a/{LISTING}", f"b/{LISTING}"]
    assert sorted(found(run("validate", *named, "--format", "json"))) == ["a", "b"]
    assert sorted(found(run("validate", *named, "--force-exclude", "--format", "json"))) == left


def test_a_tool_that_names_nothing_but_what_is_excluded_is_not_failed(two: Path, run) -> None:
    (two / "umbmarket.toml").write_text('exclude = ["/b"]\n', "utf-8")
    for path in ("b", f"b/{LISTING}", str(two / "b" / LISTING)):
        result = run("validate", path, "--force-exclude")
        assert (result.stdout, result.exit_code) == ("", 0)
        assert result.stderr == "note: 1 path that was named is excluded by the settings\n"
    assert run("validate", "b", "--force-exclude", "-q").output == ""
    assert run("validate", "b").exit_code == 1
    result = run("validate", "-", "--stdin-filename", f"b/{LISTING}", "--force-exclude", stdin=b"{")
    assert (result.stdout, result.exit_code) == ("", 0)


def test_a_folder_without_anything_left_says_that_settings_exclude(two: Path, run) -> None:
    (two / "umbmarket.toml").write_text('exclude = ["a", "b"]\n', "utf-8")
    result = run("validate")
    assert result.exit_code == 3
    assert "\n  and not what the settings exclude: umbmarket.toml\n" in result.stderr


def test_settings_of_a_folder_that_is_excluded_are_not_read(two: Path, run) -> None:
    (two / "umbmarket.toml").write_text('exclude = ["b"]\n', "utf-8")
    (two / "b" / "umbmarket.toml").write_text("broken [", "utf-8")
    assert sorted(found(run("validate", "--format", "json"))) == ["a"]


def test_the_nearest_settings_say_what_is_excluded_in_a_folder(two: Path, run) -> None:
    (two / "umbmarket.toml").write_text('exclude = ["samples"]\n', "utf-8")
    (two / "b" / "umbmarket.toml").write_text("", "utf-8")
    for name in ("a", "b"):
        (two / name / "samples").mkdir()
        (two / name / "samples" / LISTING).write_text(HEALTHY, "utf-8")
    paths = [file["path"] for file in json.loads(run("validate", "--format", "json").stdout)["files"]]
    assert set(paths) == {f"a/{LISTING}", f"b/{LISTING}", f"b/samples/{LISTING}"}


def test_packages_of_builds_can_be_excluded(project: Path, run, nupkg) -> None:
    for folder in ("src/bin/Release", "old/bin/Release", "artifacts"):
        (project / folder).mkdir(parents=True)
        name = f"{folder.replace('/', '.')}.1.0.0.nupkg"
        (project / folder / name).write_bytes(nupkg(id=folder.replace("/", ".")))
    (project / ".gitignore").write_text("artifacts\n")
    files = lambda: [file["path"] for file in json.loads(run("validate", "--format", "json").stdout)["files"]]  # noqa: E731 - asked three times below
    assert len(files()) == 3
    (project / "umbmarket.toml").write_text('exclude = ["/artifacts", "old/"]\n', "utf-8")
    assert files() == ["src/bin/Release/src.bin.Release.1.0.0.nupkg"]
    (project / "umbmarket.toml").write_text('exclude = ["bin"]\n', "utf-8")
    assert files() == ["artifacts/artifacts.1.0.0.nupkg"]


def test_results_do_not_replace_the_settings(two: Path, run) -> None:
    (two / "umbmarket.toml").write_text("", "utf-8")
    (two / "b" / "umbmarket.toml").write_text("", "utf-8")
    (two / "other.toml").write_text("", "utf-8")
    for args in (["umbmarket.toml"], ["b/umbmarket.toml"], ["other.toml", "--config", "other.toml"]):
        result = run("validate", "-o", *args)
        assert result.stderr == f"error: {args[0]} is the settings file; name another file for the results\n"
        assert (result.stdout, result.exit_code) == ("", 2)
        assert (two / args[0]).read_text() == ""
    assert run("validate", "-o", "other.toml").exit_code == 1


def test_the_api_takes_the_nearest_settings_as_well(two: Path) -> None:
    (two / "b" / "umbmarket.toml").write_text('select = ["UMB006"]\nexclude = ["umbraco*"]\n', "utf-8")
    settings = umbmarket.NearestSettings(two)
    assert {finding.file for finding in umbmarket.validate(settings=settings).findings} == {f"a/{LISTING}"}
    named = umbmarket.validate(f"b/{LISTING}", settings=settings)
    assert [finding.code for finding in named.findings] == ["UMB006"]
    assert umbmarket.validate(f"b/{LISTING}", settings=settings, force_exclude=True).excluded == 1


def test_a_finding_in_another_folder_is_judged_by_the_settings_there(project: Path, run) -> None:
    (project / "build").mkdir()
    (project / "build" / "common.props").write_text(
        "<Project><PropertyGroup><PackageTags>umbraco-marketplace</PackageTags>"
        "<PackageProjectUrl>github.com/a/b</PackageProjectUrl></PropertyGroup></Project>"
    )
    (project / "src").mkdir()
    (project / "src" / "My.Package.csproj").write_text(
        '<Project Sdk="Microsoft.NET.Sdk"><Import Project="../build/common.props" />'
        "<PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>"
    )
    (project / "umbmarket.toml").write_text('select = ["UMB307"]\n', "utf-8")
    assert found(run("validate", "src", "--format", "json")) == {"build": ["UMB307 error"]}
    (project / "build" / "umbmarket.toml").write_text('[severity]\nUMB307 = "info"\n', "utf-8")
    assert found(run("validate", "src", "--format", "json"))["build"] == ["UMB307 info"]
    (project / "build" / "umbmarket.toml").write_text("broken [", "utf-8")
    result = run("validate", "src", "--format", "json")
    assert result.stderr.startswith("error: build/umbmarket.toml:1:8: not valid TOML")
    assert (result.stdout, result.exit_code) == ("", 2)
