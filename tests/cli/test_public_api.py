"""`import umbmarket`: the names it promises."""

from __future__ import annotations

from pathlib import Path

import pytest

import umbmarket

NAMES = [
    "CannotPreview",
    "Finding",
    "Fixing",
    "Inspection",
    "Inspections",
    "NearestSettings",
    "OnlineOptions",
    "Preview",
    "Report",
    "Settings",
    "SettingsError",
    "Severity",
    "Status",
    "SyncOptions",
    "SyncResult",
    "SyncState",
    "WrongRequest",
    "__version__",
    "fix",
    "inspect_package",
    "inspect_packages",
    "preview",
    "status",
    "sync",
    "sync_all",
    "validate",
]


def test_names() -> None:
    assert umbmarket.__all__ == NAMES
    assert set(NAMES) <= set(dir(umbmarket))
    for name in NAMES:
        assert getattr(umbmarket, name) is getattr(umbmarket, name)


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match=r"^module 'umbmarket' has no attribute 'valdate'$"):
        umbmarket.valdate  # noqa: B018 - the access is what is tested


def test_package_says_that_it_is_typed() -> None:
    assert (Path(umbmarket.__file__).parent / "py.typed").is_file()


def test_validate_gives_a_report(broken: Path) -> None:
    settings = umbmarket.Settings(select=("UMB104",))
    report = umbmarket.validate([broken], settings=settings)
    assert isinstance(report, umbmarket.Report)
    (finding,) = report.findings
    assert isinstance(finding, umbmarket.Finding)
    assert (finding.code, finding.severity) == ("UMB104", umbmarket.Severity.ERROR)
    assert finding.region is not None
    assert (finding.region.line, finding.region.column) == (2, 15)
    assert report.exit_code == 1


def test_fix_mends_in_memory_and_writes_when_it_is_told_to(broken: Path) -> None:
    file = broken / "umbraco-marketplace.json"
    fixing = umbmarket.fix([file], settings=umbmarket.Settings(select=("UMB006",)))
    assert isinstance(fixing, umbmarket.Fixing)
    (change,) = fixing.changes
    assert (change.path, change.file) == (file.name, str(file))
    assert change.before == file.read_bytes()
    assert change.after == change.before.replace(b'"b"],', b'"b"]')
    fixing.write()
    assert file.read_bytes() == change.after
    assert umbmarket.fix(unsafe=True, settings=umbmarket.Settings(select=("UMB006",))).changes == ()


@pytest.mark.parametrize("kind", [str, Path, lambda path: [str(path)], lambda path: iter((Path(path), str(path)))])
def test_validate_takes_one_path_or_several(kind, broken: Path) -> None:
    report = umbmarket.validate(kind(broken / "umbraco-marketplace.json"))
    assert [file.path for file in report.files] == ["umbraco-marketplace.json"]


@pytest.mark.parametrize("paths", ["", [""], [".", ""]])
def test_validate_refuses_an_empty_path(paths, broken: Path) -> None:
    with pytest.raises(ValueError, match=r'^a path is empty; the working folder is "\."$'):
        umbmarket.validate(paths)


def test_validate_reads_no_settings_file(broken: Path) -> None:
    (broken / "umbmarket.toml").write_text("broken [")
    assert umbmarket.validate().exit_code == 1


def test_validate_refuses_unknown_rules(broken: Path) -> None:
    with pytest.raises(umbmarket.SettingsError, match=r'^unknown rule "zzz"'):
        umbmarket.validate(settings=umbmarket.Settings(select=("zzz",)))


def test_preview_gives_a_page(broken: Path) -> None:
    page = umbmarket.preview(broken)
    assert isinstance(page, umbmarket.Preview)
    assert page.html.startswith("<!DOCTYPE html>\n")
    with pytest.raises(umbmarket.CannotPreview, match=r"^missing cannot be read: there is no such file or folder$"):
        umbmarket.preview("missing")
