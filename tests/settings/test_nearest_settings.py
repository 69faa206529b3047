"""The settings of each folder: the nearest file up to the root of the working tree, each folder looked at once."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.trees import symlinks  # noqa: F401 - a fixture
from umbmarket.settings.nearest import NearestSettings, shown_from
from umbmarket.settings.options import FailOn, Settings, SettingsError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A working tree with settings at its root and in `a`, below a folder with settings that nobody asked for."""
    (tmp_path / "umbmarket.toml").write_text('fail-on = "info"\n')
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "a" / "deep").mkdir(parents=True)
    (root / "b").mkdir()
    (root / "umbmarket.toml").write_text('fail-on = "never"\nignore = ["UMB212"]\n')
    (root / "a" / "umbmarket.toml").write_text('fail-on = "warning"\n')
    return root


def test_the_nearest_file_wins_and_nothing_is_merged(tree: Path) -> None:
    settings = NearestSettings(tree)
    near = Settings(fail_on=FailOn.WARNING, folder=str(tree / "a"), source="a/umbmarket.toml")
    far = Settings(fail_on=FailOn.NEVER, ignore={"UMB212": None}, folder=str(tree), source="umbmarket.toml")
    assert settings.of(str(tree / "a" / "deep")) == settings.of(str(tree / "a")) == near
    assert settings.of(str(tree / "b" / "not" / "there")) == settings.of(str(tree)) == far
    assert settings.files == (str(tree / "umbmarket.toml"), str(tree / "a" / "umbmarket.toml"))


def test_a_pyproject_with_the_table_counts_as_well(tree: Path) -> None:
    (tree / "b" / "pyproject.toml").write_text("[tool.umbmarket]\nfail-on = 'info'\n")
    assert NearestSettings(tree).of(str(tree / "b")).source == "b/pyproject.toml"
    (tree / "b" / "pyproject.toml").write_text("[project]\n")
    assert NearestSettings(tree).of(str(tree / "b")).source == "umbmarket.toml"


def test_settings_outside_of_the_repository_are_not_read(tree: Path) -> None:
    (tree / "umbmarket.toml").unlink()
    assert NearestSettings(tree).of(str(tree / "b")) == Settings()
    assert NearestSettings(tree / "b").of(str(tree / "a")).source == "../a/umbmarket.toml"


def test_where_a_file_has_none_those_of_the_working_folder_hold(tree: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / ".git").mkdir(parents=True)
    inner = tree / "b" / "submodule"
    inner.mkdir()
    (inner / ".git").write_text("gitdir: elsewhere\n")
    settings = NearestSettings(tree)
    assert settings.of(str(other)).source == "umbmarket.toml"
    assert settings.of(str(inner)).source == "umbmarket.toml"
    assert NearestSettings(other).of(str(tree / "b")).fail_on is FailOn.NEVER
    assert NearestSettings(other).of(str(other)) == Settings()


def test_what_the_command_line_changes_holds_for_each_file(tree: Path) -> None:
    settings = NearestSettings(tree, lambda given: replace(given, package_id="My.Package"))
    assert {settings.of(str(tree / name)).package_id for name in ("a", "b", ".")} == {"My.Package"}
    assert settings.of(str(tree / "a")).fail_on is FailOn.WARNING


def test_the_nearest_file_is_refused_and_named_if_it_cannot_be_used(tree: Path) -> None:
    (tree / "a" / "umbmarket.toml").write_text("broken [")
    settings = NearestSettings(tree)
    assert settings.of(str(tree / "b")).fail_on is FailOn.NEVER
    with pytest.raises(SettingsError, match=r"^a/umbmarket\.toml:1:8: not valid TOML"):
        settings.of(str(tree / "a" / "deep"))
    (tree / "umbmarket.toml").write_text("broken [")
    with pytest.raises(SettingsError, match=r"^umbmarket\.toml:1:8: "):
        NearestSettings(tree)


def test_a_link_out_of_the_repository_is_not_followed(tree: Path, tmp_path: Path, symlinks: None) -> None:  # noqa: F811 - the fixture that is imported above
    (tree / "b" / "umbmarket.toml").symlink_to(tmp_path / "umbmarket.toml")
    with pytest.raises(SettingsError, match=r"^b/umbmarket\.toml cannot be read: it is a link that leads out of "):
        NearestSettings(tree).of(str(tree / "b"))
    (tree / "b" / "umbmarket.toml").unlink()
    (tree / "b" / "umbmarket.toml").symlink_to(tree / "a" / "umbmarket.toml")
    assert NearestSettings(tree).of(str(tree / "b")).fail_on is FailOn.WARNING


def test_each_folder_is_looked_at_once_however_many_files_are_in_it(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    original = os.path.lexists

    def counted(path: str) -> bool:
        looks.append(str(path))
        return original(path)

    settings = NearestSettings(tree)
    monkeypatch.setattr(os.path, "lexists", counted)
    first = settings.of(str(tree / "a" / "deep"))
    assert looks
    looks.clear()
    for _ in range(1000):
        assert settings.of(str(tree / "a" / "deep")) is first
    assert looks == []


def test_paths_are_shown_as_seen_from_the_working_folder(tmp_path: Path) -> None:
    assert shown_from(tmp_path / "a", str(tmp_path / "umbmarket.toml")) == "../umbmarket.toml"
    assert shown_from(tmp_path, str(tmp_path / "a" / "umbmarket.toml")) == "a/umbmarket.toml"
