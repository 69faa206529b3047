"""Some dozens of inputs of the fuzz run on project files, and proof that it would notice."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from tests.fuzz import projects


@pytest.mark.parametrize("seed", range(2))
def test_no_command_breaks_on_damaged_projects(seed: int, tmp_path: Path) -> None:
    figures, failures = projects.run(30, seed, tmp_path / "repository")
    assert failures == []
    # Some can be read all the same, others not.
    assert {"validate: 1", "inspect: 0", "inspect: 1", "preview: 0", "init: 0"} <= set(figures)


def test_the_same_seed_makes_the_same_inputs_and_damages_them() -> None:
    first, second = ([projects.damaged(projects.MADE, random.Random(seed)) for seed in range(40)] for _ in range(2))
    assert first == second
    assert sum(tree != projects.MADE for tree in first) == 40


def test_the_repository_that_is_damaged_is_healthy_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    projects.write(projects.MADE, tmp_path / "repository")
    monkeypatch.chdir(tmp_path / "repository")
    for name in projects.MADE:
        if name.endswith(("proj", ".nuspec", ".slnx", ".sln", ".slnf")):
            assert projects.harm(["inspect", name]) == (0, [])


def refuses() -> None:
    raise ValueError("no")


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (refuses, "ValueError: no"),
        (lambda: sys.exit(4), "exit code 4: "),
        (lambda: sys.exit(9), "exit code 9: "),
        (lambda: click.echo("\x1b[31mred", color=True), "a control character reaches the terminal"),
        (lambda: click.echo(projects.SECRET), f"what lies outside was read: {projects.SECRET}\n"),
        (lambda: click.echo("["), "no JSON: Expecting value: line 2 column 1 (char 2)"),
        (lambda: click.echo("please report that"), "broke: please report that\n"),
    ],
)
def test_harm_would_be_noticed(act: Callable[[], None], told: str) -> None:
    @click.command(context_settings={"ignore_unknown_options": True})
    @click.argument("words", nargs=-1)
    def bad(words: tuple[str, ...]) -> None:
        act()

    assert told in projects.harm(["inspect", "--format", "json"], bad)[1]
