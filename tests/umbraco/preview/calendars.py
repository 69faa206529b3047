"""A project to preview: the sample with pictures in a working tree of its own, and packages of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shared_corpus import ROOT

SAMPLE = ROOT / "samples" / "gallery"
RAW = "https://raw.githubusercontent.com/orchard-example/calendar/main"


def make_calendar(folder: Path) -> Path:
    """The sample, checked out on its branch as git leaves it behind; git itself need not be installed."""
    shutil.copytree(SAMPLE, folder)
    git = folder / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "objects").mkdir()
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "config").write_text('[remote "origin"]\n\turl = https://github.com/orchard-example/calendar.git\n')
    return folder


@pytest.fixture
def calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample, which is the working folder."""
    folder = make_calendar(tmp_path / "calendar")
    monkeypatch.chdir(folder)
    return folder


def make_package(build: Callable[..., bytes], path: Path, **texts: str | None) -> Path:
    """A package of the sample, as its project would pack it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    usual: dict[str, str | None] = {
        "id": "Orchard.Calendar",
        "version": "1.2.0",
        "title": "Orchard.Calendar",
        "authors": "Orchard Works",
        "description": "Events for editors.",
        "tags": "umbraco umbraco-marketplace calendar",
        "projectUrl": "https://github.com/orchard-example/calendar",
    }
    path.write_bytes(
        build(
            files={
                "icon.png": (SAMPLE / "src" / "Orchard.Calendar" / "icon.png").read_bytes(),
                "readme.md": "# Packed\n\nThe readme in the package.\n",
            },
            groups={"net10.0": {"Umbraco.Cms.Web.Common": "[17.0.0, 19.0.0)"}},
            extra="<icon>icon.png</icon><readme>readme.md</readme>"
            '<license type="expression">MIT</license>'
            '<repository type="git" url="https://github.com/orchard-example/calendar" />',
            **{**usual, **texts},
        )
    )
    return path


__all__ = ["RAW", "SAMPLE", "calendar", "make_calendar", "make_package"]
