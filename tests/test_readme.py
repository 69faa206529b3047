"""What the README shows is what a reader gets."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"

EXAMPLE = re.compile(r"<!-- example: (?P<command>[^\n]*) -->\n```console\n(?P<shown>.*?)```\n", re.DOTALL)


def examples() -> list[str]:
    return [match["command"] for match in EXAMPLE.finditer(README.read_text("utf-8"))]


@pytest.mark.parametrize("command", examples())
def test_an_example_is_what_the_command_prints(command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("UMBMARKET", "GITHUB"))}
    run = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=ROOT,
        capture_output=True,
        env=environment | {"PYTHONUTF8": "1"},
        check=False,
    )
    assert run.stderr == b""
    printed = run.stdout.decode().replace("\r\n", "\n")
    told = f"$ {command}\n{printed}"
    text = README.read_text("utf-8")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        block = f"<!-- example: {command} -->\n```console\n{told}```\n"
        text = EXAMPLE.sub(lambda match: block if match["command"] == command else match[0], text)
        README.write_text(text, "utf-8", newline="\n")
    shown = {match["command"]: match["shown"] for match in EXAMPLE.finditer(text)}
    assert shown[command] == told


def test_the_readme_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", README.read_text("utf-8")):
        assert (ROOT / target).exists(), target
