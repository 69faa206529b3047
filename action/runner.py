"""What the two actions share: reading their inputs, and telling the runner what came of them.

Inputs come from the environment and never stand in the text of a script, so that no input can become a command. These
files use the standard library alone: the first of them runs before umbmarket is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

WRONG_USE = 2
"""The exit code for an input that is not understood, the one umbmarket has for wrong use."""

YES = ("true", "True", "TRUE")
NO = ("false", "False", "FALSE")
"""The words for yes and no that the runner's own toolkit takes (YAML 1.2, core schema)."""


def text(name: str) -> str:
    """An input of one line, such as ``fail-on``, without white space around it; empty when it was not given."""
    return os.environ.get(_variable(name), "").strip()


def lines(name: str) -> list[str]:
    """An input with one value on a line, such as ``paths``; empty lines and white space around a value do not count."""
    return [line.strip() for line in os.environ.get(_variable(name), "").split("\n") if line.strip()]


def flag(name: str) -> bool:
    """An input that says yes or no. Ends the step with an error for any other word."""
    given = text(name)
    if given in YES:
        return True
    if given and given not in NO:
        refuse(f'{name}: expected true or false, found "{given}"')
    return False


def refuse(message: str) -> NoReturn:
    """Shows an error on the run's page and ends the step with exit code 2."""
    # In UTF-8, which the runner reads, whatever the console of Windows has.
    sys.stdout.buffer.write(f"::error title=umbmarket::{escaped(message)}\n".encode("utf-8", "replace"))
    sys.exit(WRONG_USE)


def escaped(message: str) -> str:
    """A message as a workflow command takes it: in one line, with the runner's escapes."""
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def umbmarket(arguments: Sequence[str]) -> int:
    """Runs umbmarket with this Python; what it prints goes to the log. Returns its exit code.

    Python runs isolated: a file in the working folder, the checked repository, must not be imported as a module.
    """
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-I", "-X", "utf8", "-m", "umbmarket", *arguments], check=False).returncode


def write_outputs(outputs: Mapping[str, object]) -> None:
    """Sets outputs of the step. A value of several lines is refused: none of ours has one."""
    told = [f"{name}={value}" for name, value in outputs.items()]
    if any("\n" in line or "\r" in line for line in told):
        refuse("an output would hold a line break")
    _append("GITHUB_OUTPUT", "".join(f"{line}\n" for line in told))


def write_summary(markdown: str) -> None:
    """Adds Markdown to the summary on the run's page."""
    _append("GITHUB_STEP_SUMMARY", markdown)


def _variable(name: str) -> str:
    return "INPUT_" + name.upper().replace("-", "_")


def _append(variable: str, content: str) -> None:
    path = os.environ.get(variable)
    if path:
        with open(path, "a", encoding="utf-8", newline="\n") as file:
            file.write(content)
