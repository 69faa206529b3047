"""What the tests of the command line share: a project to check, and two ways to run the program on it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from umbmarket.cli.app import program

HEALTHY = (
    '{\n  "$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json",\n  "Category": "Search"\n}\n'
)
BROKEN = '{\n  "Category": "Serch",\n  "Tags": ["a", "b"],\n}\n'
"""An error (UMB104 at 2:15) and a warning (UMB006 at 3:21), besides infos."""

VARIABLES = (
    "COLUMNS",
    "FORCE_COLOR",
    "NO_COLOR",
    "TERM",
    "UMBMARKET_FORMAT",
    "UMBMARKET_MIN_SEVERITY",
    "UMBMARKET_TRACEBACK",
    "PYTHONIOENCODING",
    "PYTHONUTF8",
)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git working tree without listings, which is the working folder."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def healthy(project: Path) -> Path:
    """The project with one listing that has nothing worse than infos."""
    (project / "umbraco-marketplace.json").write_text(HEALTHY, "utf-8")
    return project


@pytest.fixture
def broken(project: Path) -> Path:
    """The project with one listing that has an error and a warning."""
    (project / "umbraco-marketplace.json").write_text(BROKEN, "utf-8")
    return project


Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run the program within this process, through click's runner."""

    def invoke(*args: str, stdin: bytes | None = None, **variables: str) -> Result:
        return CliRunner(env=variables).invoke(program(), list(args), input=stdin, catch_exceptions=False)

    return invoke


Launch = Callable[..., "subprocess.CompletedProcess[bytes]"]


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, **variables}


@pytest.fixture
def launch() -> Launch:
    """Run the program as a process of its own, as users do."""

    def start(*args: str, stdin: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "umbmarket", *args],
            input=stdin,
            capture_output=True,
            env=environment(**variables),
            timeout=60,
            check=False,
        )

    return start
