"""`umbmarket validate` as a whole, within this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from umbmarket.umbraco.listing import LARGEST_LISTING

LISTING = "umbraco-marketplace.json"


def codes(result) -> list[str]:
    return [finding["code"] for finding in json.loads(result.stdout)["findings"]]


def test_a_broken_listing_is_shown_with_its_places_and_fails(broken: Path, run) -> None:
    result = run("validate", "--format", "concise", "--select", "UMB104,trailing-comma")
    assert result.stdout.splitlines() == [
        f"{LISTING}:2:15: error: UMB104 {message_of(broken, run, 'UMB104')}",
        f"{LISTING}:3:21: warning: UMB006 trailing comma",
        "1 error, 1 warning in 1 listing",
        "1 fixable with --fix, 1 more with --unsafe-fixes",
    ]
    assert (result.stderr, result.exit_code) == ("", 1)


def message_of(project: Path, run, code: str) -> str:
    report = json.loads(run("validate", "--format", "json", "--select", code).stdout)
    return report["findings"][0]["message"]


def test_a_healthy_listing_passes(healthy: Path, run) -> None:
    result = run("validate", "--select", "UMB104,UMB006")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.endswith("1 listing\n")


def test_text_is_the_default_and_has_carets(broken: Path, run) -> None:
    lines = run("validate", "--select", "UMB104").stdout.splitlines()
    assert lines[0].startswith(f"{LISTING}:2:15 error[UMB104] ")
    assert lines[1:3] == [' 2 |   "Category": "Serch",', "   |               ^^^^^^^"]


@pytest.mark.parametrize(
    ("fail_on", "select", "exit_code"),
    [
        ("error", "UMB104", 1),
        ("error", "UMB006", 0),
        ("warning", "UMB006", 1),
        ("warning", "UMB112", 0),
        ("info", "UMB112", 1),
        ("never", "UMB104", 0),
    ],
)
def test_fail_on_decides_the_exit_code(fail_on: str, select: str, exit_code: int, broken: Path, run) -> None:
    assert run("validate", "--fail-on", fail_on, "--select", select).exit_code == exit_code


def test_folder_with_nothing_in_it_says_what_was_looked_for(project: Path, run) -> None:
    result = run("validate")
    assert result.stdout == ""
    assert result.stderr == (
        "error: nothing to check\n"
        "  looked for: umbraco-marketplace.json, umbraco-marketplace-<package id>.json, packages (.nupkg), projects"
        ' with the tag "umbraco-marketplace" (.csproj), and Nuxeo packages (package.xml)\n'
        "  in: the working folder, and the folders below\n"
        "  but not in: .git, node_modules, obj, and for listings and projects not in bin and in what git ignores\n"
        "  help: go to your project's folder, or name the file: "
        "umbmarket validate path/to/umbraco-marketplace.json\n"
    )
    assert result.exit_code == 3


def test_named_folders_with_nothing_in_them_are_named(project: Path, run) -> None:
    for name in ("one", "two"):
        (project / name).mkdir()
    result = run("validate", "one", "two", "-q")
    assert "\n  in: one, two, and the folders below\n" in result.stderr
    assert result.exit_code == 3


def test_programs_get_their_document_even_when_there_is_nothing(project: Path, run) -> None:
    result = run("validate", "--format", "json")
    report = json.loads(result.stdout)
    assert (report["files"], report["findings"]) == ([], [])
    assert result.exit_code == 3


def test_a_file_that_is_not_there_is_a_finding(project: Path, run) -> None:
    result = run("validate", "missing.json", "--format", "json")
    assert codes(result) == ["UMB001"]
    assert result.exit_code == 1


def test_standard_input_is_checked_under_a_name(project: Path, run) -> None:
    result = run("validate", "-", "--format", "concise", "--select", "UMB104", stdin=b'{"Category": "x"}')
    assert result.stdout.startswith("umbraco-marketplace.json:1:14: error: UMB104")
    result = run(
        "validate",
        "-",
        "--stdin-filename",
        "src\\umbraco-marketplace-My.Package.json",
        *("--format", "concise", "--select", "UMB104"),
        stdin=b'{"Category": "x"}',
    )
    assert result.stdout.startswith("src/umbraco-marketplace-My.Package.json:1:14: error: UMB104")


def test_standard_input_beside_files(broken: Path, run) -> None:
    result = run("validate", LISTING, "-", "--stdin-filename", "other.json", "--format", "json", stdin=b"{}")
    assert sorted(file["path"] for file in json.loads(result.stdout)["files"]) == ["other.json", LISTING]


def test_endless_standard_input_is_read_no_further_than_needed(project: Path, run) -> None:
    result = run("validate", "-", "--format", "json", stdin=b" " * (LARGEST_LISTING + 100_000))
    assert codes(result) == ["UMB001"]


def test_empty_standard_input_is_a_broken_listing(project: Path, run) -> None:
    result = run("validate", "-", "--format", "json", "--select", "UMB0")
    assert codes(result) == ["UMB004"]
    assert result.exit_code == 1


def test_selection_of_the_command_line_replaces_that_of_the_file(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('select = ["UMB104"]\n', "utf-8")
    assert codes(run("validate", "--format", "json")) == ["UMB104"]
    assert codes(run("validate", "--format", "json", "--select", "UMB006")) == ["UMB006"]


def test_ignores_of_the_command_line_add_to_those_of_the_file(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('select = ["UMB104", "UMB006", "UMB112"]\nignore = ["UMB112"]\n', "utf-8")
    result = run("validate", "--format", "json", "--ignore", "UMB006")
    assert codes(result) == ["UMB104"]
    assert json.loads(result.stdout)["summary"]["suppressed"] == 2


def test_fail_on_of_the_command_line_beats_that_of_the_file(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('fail-on = "never"\n', "utf-8")
    assert run("validate").exit_code == 0
    assert run("validate", "--fail-on", "error").exit_code == 1
    assert run("validate", "--no-config").exit_code == 1


def test_severity_of_the_file_counts(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('select = ["UMB104"]\n[severity]\nUMB104 = "info"\n', "utf-8")
    assert run("validate").exit_code == 0


def test_config_names_a_file(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('fail-on = "never"\n', "utf-8")
    (broken / "strict.toml").write_text('fail-on = "info"\n', "utf-8")
    assert run("validate", "--config", "strict.toml", "--select", "UMB112").exit_code == 1


def test_wrong_settings_are_wrong_use_and_nothing_is_checked(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('fail-on = "errors"\nselct = []\n', "utf-8")
    result = run("validate")
    assert result.stdout == ""
    assert result.stderr == (
        'error: umbmarket.toml:1: fail-on: unknown value "errors", did you mean "error"?\n'
        'error: umbmarket.toml:2: unknown key "selct"; did you mean "select"?\n'
    )
    assert result.exit_code == 2


def test_config_that_is_not_there_is_wrong_use(broken: Path, run) -> None:
    result = run("validate", "--config", "nowhere.toml")
    assert result.stderr == "error: nowhere.toml cannot be read: there is no such file or folder\n"
    assert (result.stdout, result.exit_code) == ("", 2)


def test_unused_ignores_are_noted_unless_quiet(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('ignore = ["UMB201"]\n', "utf-8")
    note = 'note: umbmarket.toml: ignore "UMB201" matched no finding in this run\n'
    assert run("validate").stderr == note
    assert run("validate", "-q").stderr == ""


def test_unused_ignores_are_not_noted_when_another_run_is_asked_for(broken: Path, run) -> None:
    (broken / "umbmarket.toml").write_text('ignore = ["UMB201"]\n', "utf-8")
    assert run("validate", "--select", "UMB104").stderr == ""
    assert run("validate", "--ignore", "UMB202").stderr == ""


def test_verbose_says_which_settings_are_used(broken: Path, run) -> None:
    assert run("validate", "-v").stderr == "note: no settings file applies to the working folder\n"
    (broken / "umbmarket.toml").write_text("", "utf-8")
    assert run("validate", "-v").stderr == "note: settings from umbmarket.toml\n"


def test_quiet_leaves_the_findings_alone(broken: Path, run) -> None:
    result = run("validate", "-q", "--select", "UMB006")
    assert result.stdout == f"{LISTING}:3:21 warning[UMB006] trailing comma\n"
    assert run("validate", "-q", "--select", "UMB201").stdout == ""


def test_statistics_count_by_rule(broken: Path, run) -> None:
    plain = run("validate", "--select", "UMB006").stdout
    counted = run("validate", "--select", "UMB006", "--statistics").stdout
    assert "trailing-comma" not in plain
    assert "trailing-comma" in counted


def test_format_of_the_environment_is_used_and_the_option_beats_it(broken: Path, run) -> None:
    assert codes(run("validate", "--select", "UMB104", UMBMARKET_FORMAT="json")) == ["UMB104"]
    result = run("validate", "--select", "UMB104", "--format", "github", UMBMARKET_FORMAT="json")
    assert result.stdout.startswith("::error file=")


@pytest.mark.parametrize("name", ["text", "concise"])
def test_statistics_are_shown_by_formats_for_people(name: str, broken: Path, run) -> None:
    shown = run("validate", "--select", "UMB006", "--statistics", "--format", name).stdout
    assert "\n1  UMB006  trailing-comma\n" in shown


def test_empty_format_of_the_environment_is_none(healthy: Path, run) -> None:
    assert run("validate", UMBMARKET_FORMAT="").exit_code == 0


def test_sarif_paths_start_at_the_root_of_the_repository(broken: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = broken / "src" / "My Site"
    folder.mkdir(parents=True)
    (broken / LISTING).rename(folder / LISTING)
    monkeypatch.chdir(folder)
    sarif = json.loads(run("validate", "--format", "sarif", "--select", "UMB104").stdout)
    place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == f"src/My%20Site/{LISTING}"


@pytest.mark.parametrize("format_name", ["text", "concise", "json", "sarif", "github", "junit"])
def test_every_format_can_be_written(format_name: str, broken: Path, run) -> None:
    result = run("validate", "--format", format_name)
    assert "UMB104" in result.stdout
    assert (result.stderr, result.exit_code) == ("", 1)


def test_package_id_reaches_the_rules(project: Path, run) -> None:
    listing = '{"Category": "Search", "IsSubPackageOf": "My.Package"}'
    (project / LISTING).write_text(listing, "utf-8")
    assert codes(run("validate", "--format", "json", "--select", "UMB208")) == []
    assert codes(run("validate", "--format", "json", "--select", "UMB208", "--package-id", "My.Package")) == ["UMB208"]
    (project / "umbmarket.toml").write_text('package-id = "my.package"\n', "utf-8")
    assert codes(run("validate", "--format", "json", "--select", "UMB208")) == ["UMB208"]
