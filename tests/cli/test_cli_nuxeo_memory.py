"""What uploads of any size cost in memory."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.nuxeo_world import DEFAULTS, MANIFEST, SCRIPT
from tests.doubles.draining import Draining

ALLOWED = 10 * 1024 * 1024
"""Bytes that a ZIP of 500 MB may cost more than one of 1 MB."""

UPDATE = '<update dir="${package.root}/install/bundles" todir="${env.bundles}" />'

MEASURED = """
import resource, sys
from umbmarket.cli.app import program
try:
    program().main(sys.argv[1:])
except SystemExit as end:
    code = end.code
print(int(code), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


class Sparse:
    """A file in which zeros take no room on the disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, data: bytes) -> int:
        if len(data) > 4096 and data.count(0) == len(data):
            self._file.seek(len(data), 1)
        else:
            self._file.write(data)
        return len(data)

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


def package(path: Path, size: int) -> None:
    file: Any = Sparse(path)
    with contextlib.closing(file), zipfile.ZipFile(file, "w") as archive:
        archive.writestr("package.xml", MANIFEST.format(version="1.0.0-SNAPSHOT"))
        archive.writestr("install.xml", SCRIPT.replace("<install>", f"<install>{UPDATE}"))
        archive.writestr(DEFAULTS, "")
        with archive.open("install/bundles/large-1.0.jar", "w") as member:
            block = bytes(1024 * 1024)
            for _ in range(size // len(block)):
                member.write(block)


def most_memory(folder: Path, megabytes: int) -> int:
    """The most memory that an upload had at any time, in bytes."""
    path = folder / f"{megabytes}.zip"
    package(path, megabytes * 1024 * 1024)
    server = Draining(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    target = f"http://127.0.0.1:{server.port}/nuxeo"
    words = ["nuxeo", "upload", str(path), "--org", "acme", "--yes", "--target", target, "--allow-private-hosts"]
    login = {"LOGIN": "jane", "TOKEN": "secret", "URL": target}
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, *words],
        capture_output=True,
        text=True,
        env={**os.environ, **{f"UMBMARKET_NUXEO_CUSTOM_{name}": value for name, value in login.items()}},
        timeout=300,
        check=True,
    )
    server.thread.join(30)
    assert server.received > megabytes * 1024 * 1024
    code, kilobytes = map(int, run.stdout.splitlines()[-1].split())
    assert code == 0, run.stderr
    return kilobytes * 1024


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts as Linux does")
def test_500_mb_cost_hardly_more_than_one(tmp_path: Path) -> None:
    small, large = most_memory(tmp_path, 1), most_memory(tmp_path, 500)
    assert large - small < ALLOWED
    for path in tmp_path.glob("*.zip"):
        path.unlink()
