"""Real folders and real git, away from the settings of whoever runs the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own; no variable that a git hook may have set reaches git."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "somebody@example.org")
    return home


@pytest.fixture
def git() -> Git:
    """Runs git in a folder and gives what it prints; skips where there is no git."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")

    def run(folder: Path, *arguments: str, given: str | None = None) -> str:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], input=given, capture_output=True, text=True, encoding="utf-8"
        )
        # `git check-ignore` says 1 when it ignores nothing.
        assert done.returncode in ((0, 1) if arguments[0] == "check-ignore" else (0,)), done.stderr
        return done.stdout

    return run


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Path:
    """A fresh repository on the branch `main`."""
    top = tmp_path / "repository"
    git(tmp_path, "init", "-q", "--initial-branch=main", str(top))
    return top


@pytest.fixture
def not_root(tmp_path_factory: pytest.TempPathFactory) -> None:
    if not hasattr(os, "geteuid"):
        pytest.skip("file permissions do not work so on Windows")
    closed = tmp_path_factory.mktemp("closed") / "file"
    closed.touch(0)
    if os.access(closed, os.R_OK):
        # Root, unless that was taken from it: setpriv --bounding-set=-dac_override,-dac_read_search
        pytest.skip("root may read everything")


@pytest.fixture
def symlinks(tmp_path: Path) -> None:
    try:
        (tmp_path / "link").symlink_to(tmp_path)
    except OSError:
        pytest.skip("this system lets the user make no symbolic links")
    (tmp_path / "link").unlink()
