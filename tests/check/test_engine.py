"""What counts, how much, and how a run ends."""

from __future__ import annotations

from pathlib import Path

import pytest

import umbmarket
from tests.conftest import BuildPackage
from umbmarket.check.engine import MOST_ALIKE
from umbmarket.check.policies import matches
from umbmarket.check.report import ExitCode, Report, Summary
from umbmarket.check.selection import Codes
from umbmarket.marketplaces import catalogues
from umbmarket.settings.options import FailOn, Settings, SettingsError

BAD = '{"Category": "SEO", "Tags": ["a", "A"], "DocumentationUrl": "http://example.com/"}'


def report(text: str = BAD, **settings: object) -> Report:
    given = Settings(**settings)  # type: ignore[arg-type]  # each test gives what fits
    return umbmarket.validate((), settings=given, stdin=("docs/umbraco-marketplace.json", text.encode()))


def codes(found: Report) -> list[str]:
    return [finding.code for finding in found.findings]


def test_findings_are_ordered_by_position() -> None:
    found = report()
    assert codes(found) == ["UMB112", "UMB213", "UMB104", "UMB211", "UMB212"]
    assert found.summary == Summary(1, 1, 3, 0, 1)
    assert found.exit_code is ExitCode.FINDINGS


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        (("UMB104",), ["UMB104"]),
        (("umb1",), ["UMB112", "UMB104"]),
        (("repeated-entry", "Insecure-URL"), ["UMB211", "UMB212"]),
        (("ALL",), ["UMB112", "UMB213", "UMB104", "UMB211", "UMB212"]),
    ],
)
def test_select(select: tuple[str, ...], expected: list[str]) -> None:
    assert codes(report(select=select)) == expected


def test_ignored_findings_are_counted_and_do_not_fail_the_run() -> None:
    found = report(ignore={"UMB1": "not yet", "repeated-entry": None})
    assert codes(found) == ["UMB213", "UMB212"]
    assert found.summary == Summary(0, 0, 2, 3, 1)
    assert found.exit_code is ExitCode.CLEAN


def test_ignores_for_some_files() -> None:
    assert codes(report(per_file_ignores={"docs/**": ("UMB2",)})) == ["UMB112", "UMB104"]
    assert codes(report(per_file_ignores={"umbraco-*.json": ("UMB2",)})) == ["UMB112", "UMB104"]
    assert codes(report(per_file_ignores={"samples/**": ("UMB2",)})) == codes(report())


def test_ignores_for_some_files_start_at_the_settings_file() -> None:
    here = Path.cwd()
    ignores = {f"{here.name}/docs/**": ("UMB2",)}
    assert codes(report(per_file_ignores=ignores)) == codes(report())
    assert codes(report(per_file_ignores=ignores, folder=str(here.parent))) == ["UMB112", "UMB104"]
    ignores = {"umbraco-*.json": ("UMB1",), "docs/*": ("UMB2",), "docs": ("ALL",)}
    assert codes(report(per_file_ignores=ignores, folder=str(here / "docs"))) == ["UMB213", "UMB211", "UMB212"]


def test_another_severity() -> None:
    found = report(severity={"UMB104": umbmarket.Severity.INFO, "UMB212": umbmarket.Severity.ERROR})
    assert {finding.code: str(finding.severity) for finding in found.findings} == {
        "UMB112": "info",
        "UMB213": "info",
        "UMB104": "info",
        "UMB211": "warning",
        "UMB212": "error",
    }


@pytest.mark.parametrize(
    ("fail_on", "select", "expected"),
    [
        ("error", "UMB104", 1),
        ("error", "UMB211", 0),
        ("warning", "UMB211", 1),
        ("warning", "UMB212", 0),
        ("info", "UMB212", 1),
        ("info", "UMB101", 0),
        ("never", "UMB104", 0),
    ],
)
def test_fail_on(fail_on: str, select: str, expected: int) -> None:
    assert report(fail_on=FailOn(fail_on), select=(select,)).exit_code == expected


def test_nothing_to_check(tmp_path: Path) -> None:
    found = umbmarket.validate([tmp_path])
    assert (found.files, found.exit_code) == ((), ExitCode.NOTHING_TO_CHECK)


def test_a_rule_that_breaks_is_told_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from umbmarket.umbraco import suggestions

    def broken(value: str, allowed: object) -> None:
        raise RuntimeError("no luck")

    monkeypatch.setattr(suggestions, "suggest_value", broken)
    found = report()
    assert found.failures == ("UMB104 broke on docs/umbraco-marketplace.json: RuntimeError: no luck",)
    assert codes(found) == ["UMB112", "UMB213", "UMB211", "UMB212"]
    assert found.exit_code is ExitCode.INTERNAL


def test_ignores_of_a_settings_file_that_ignore_nothing_are_told() -> None:
    found = report(
        ignore={"UMB104": None, "UMB201": None}, per_file_ignores={"*.json": ("UMB206",)}, source="umbmarket.toml"
    )
    assert found.notes == (
        'umbmarket.toml: ignore "UMB201" matched no finding in this run',
        'umbmarket.toml: "UMB206" matched no finding in "*.json" in this run',
    )
    assert report(ignore={"UMB201": None}).notes == ()
    assert report(ignore={"UMB601": None}, source="umbmarket.toml").notes == ()
    assert report(ignore={"UMB201": None}, select=("UMB1",), source="umbmarket.toml").notes == ()


def test_rules_that_need_the_network_are_said_not_to_have_run() -> None:
    assert report(select=("UMB6",)).notes == ("none of the selected rules ran: they need --online",)


@pytest.mark.parametrize("selector", ["UMB999", "umbx", "no-such-rule", ""])
def test_unknown_selectors_are_refused(selector: str) -> None:
    with pytest.raises(SettingsError, match="unknown rule"):
        report(select=(selector,))


def test_did_you_mean() -> None:
    with pytest.raises(SettingsError, match='unknown rule "insecure-ulr"; did you mean "insecure-url"\\?'):
        Codes(catalogues()).of("insecure-ulr")
    assert Codes(catalogues()).of("umbraco-major") == {"UMB210"}


@pytest.mark.parametrize(
    ("path", "glob", "expected"),
    [
        ("a/b/c.json", "a/*", True),
        ("a/b/c.json", "*.json", True),
        ("a/b/c.json", "b/*", False),
        ("a/b/c.json", "c.json", True),
        ("A/c.json", "a/*", False),
    ],
)
def test_globs(path: str, glob: str, expected: bool) -> None:
    assert matches(path, glob) is expected


@pytest.mark.parametrize("glob", ["artifacts/*.nupkg", "*.nupkg", "artifacts/My.Package.nupkg", "artifacts/**"])
def test_globs_match_the_package_not_its_members(tmp_path: Path, nupkg: BuildPackage, glob: str) -> None:
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "artifacts" / "My.Package.nupkg").write_bytes(nupkg(tags="a b", projectUrl="nonsense"))
    path = tmp_path / "artifacts" / "My.Package.nupkg"
    before = umbmarket.validate([path], root=tmp_path)
    assert "My.Package.nuspec" in {finding.member for finding in before.findings}
    after = umbmarket.validate([path], root=tmp_path, settings=Settings(per_file_ignores={glob: ("ALL",)}))
    assert (after.findings, after.suppressed) == ((), len(before.findings))
    member = Settings(per_file_ignores={"*.nuspec": ("ALL",)})
    assert umbmarket.validate([path], root=tmp_path, settings=member).findings == before.findings


def test_findings_of_one_rule_in_one_file_are_capped_with_a_count() -> None:
    text = "{" + ", ".join(['"Title": "a"'] * (MOST_ALIKE + 301)) + "}"
    found = report(text)
    assert codes(found).count("UMB008") == MOST_ALIKE
    assert found.summary.capped == found.capped == 300
    assert found.notes == ("docs/umbraco-marketplace.json: 300 more findings of UMB008 are not shown",)
    exact = report("{" + ", ".join(['"Title": "a"'] * (MOST_ALIKE + 1)) + "}")
    assert (codes(exact).count("UMB008"), exact.capped, exact.notes) == (MOST_ALIKE, 0, ())


def test_what_is_not_shown_is_told_file_by_file(tmp_path: Path) -> None:
    keys = ", ".join(f'"Key{number}": 1' for number in range(MOST_ALIKE + 2))
    tags = ", ".join(['"a "'] * (MOST_ALIKE + 1))
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "umbraco-marketplace.json").write_text(f'{{{keys}, "Tags": [{tags}]}}')
    found = umbmarket.validate([tmp_path], settings=Settings(select=("UMB101", "UMB207")), root=tmp_path)
    assert found.notes == (
        "a/umbraco-marketplace.json: 2 more findings of UMB101 are not shown",
        "a/umbraco-marketplace.json: 1 more findings of UMB207 are not shown",
        "b/umbraco-marketplace.json: 2 more findings of UMB101 are not shown",
        "b/umbraco-marketplace.json: 1 more findings of UMB207 are not shown",
    )
    assert [finding.file[0] for finding in found.findings] == ["a"] * 2 * MOST_ALIKE + ["b"] * 2 * MOST_ALIKE
