"""What README and docs show is what a reader gets: every code block is run, or checked, or says why it is not."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from tests.conftest import BuildPackage
from tests.documents.blocks import PAGES, Block, blocks
from tests.shared_corpus import ROOT
from umbmarket import home
from umbmarket.cli.app import program
from umbmarket.marketplaces import MARKETPLACES

KINDS = {
    "example": "console",
    "test command": "console",
    "session": "console",
    "run": "console",
    "not run": None,
    "python": "python",
    "settings": "toml",
    "workflow": "yaml",
    "pipeline": "yaml",
    "shown": None,
}
"""What the comment above a block may say, and the language such a block has.

`example: COMMAND` is run and compared. `session: SCENARIO` is a command and what it prints, run in a copy of a folder
of `scenarios/` and compared. `run` is run, after the command that it may name. `shown` is nothing that could be run,
such as the shape of a message. `not run: WHY` says why."""

SCHEMAS = {
    "azure-pipelines": ["--builtin-schema", "vendor.azure-pipelines", "--data-transform", "azure-pipelines"],
    "gitlab-ci": ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


@pytest.mark.parametrize("block", blocks(), ids=str)
def test_every_block_says_how_it_is_checked(block: Block) -> None:
    assert block.kind in KINDS, f'{block}: put a comment such as "<!-- run -->" above the block'
    assert KINDS[block.kind] in (None, block.language)
    assert block.kind != "not run" or block.argument, "say why"


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UMBMARKET", "GITHUB"))}
    return kept | {"PYTHONUTF8": "1"}


@pytest.mark.parametrize("block", blocks("example"), ids=str)
def test_an_example_is_what_the_command_prints(block: Block) -> None:
    run = subprocess.run(
        [sys.executable, "-m", *shlex.split(block.argument)],
        cwd=ROOT,
        capture_output=True,
        env=environment(),
        check=False,
    )
    assert run.stderr == b""
    printed = run.stdout.decode().replace("\r\n", "\n")
    _compare(block, f"$ {block.argument}\n{printed}")


@pytest.mark.parametrize("block", blocks("session"), ids=str)
def test_a_session_is_what_its_command_prints(block: Block, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    shutil.copytree(Path(__file__).parent / "scenarios" / block.argument, folder)
    (folder / ".git").mkdir()
    (folder / ".git/HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    remote = f'[remote "origin"]\n\turl = https://github.com/orchard-example/{block.argument}\n'
    (folder / ".git/config").write_text(remote, "utf-8")
    command = block.text.splitlines()[0].removeprefix("$ ")
    run = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        cwd=folder,
        capture_output=True,
        env=environment() | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    printed = (run.stdout + run.stderr).decode().replace("\r\n", "\n")
    _compare(block, f"$ {command}\n{printed}")


def _compare(block: Block, told: str) -> None:
    if os.environ.get("UPDATE_SNAPSHOTS") and block.text != told:
        text = block.page.read_text("utf-8")
        block.page.write_text(text.replace(block.text, told, 1), "utf-8", newline="\n")
    else:
        assert block.text == told


@pytest.fixture
def workspace(tmp_path: Path, nupkg: BuildPackage) -> Path:
    """What the pages speak of: a repository with a listing, a project, a built package, and the samples."""
    folder = tmp_path / "workspace"
    shutil.copytree(Path(__file__).parent / "scenarios/workspace", folder)
    (folder / "artifacts").mkdir()
    dependencies = {None: {"Umbraco.Cms.Core": "[13.0.0, 14.0.0)"}}
    for version in ("1.0.0", "1.2.0"):
        package = nupkg(version=version, tags="umbraco-marketplace", groups=dependencies)
        (folder / f"artifacts/My.Package.{version}.nupkg").write_bytes(package)
    somebody = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    for command in (["init", "-q"], ["add", "."], [*somebody, "commit", "-qm", "A release"]):
        subprocess.run(["git", "-C", str(folder), *command], check=True)
    # Not committed, and ignored: a run over the repository is about its one package.
    shutil.copytree(ROOT / "samples", folder / "samples")
    (folder / ".git/info/exclude").write_text("samples/\n", "utf-8")
    return folder


NETWORK = re.compile(r"^umbmarket (?:sync|status)\b|--online\b|^(?:umbmarket nuxeo (?:upload|delete))\b")
OTHERS = ("dotnet ", "cd ", "git clone ", "pipx ", "pre-commit ")
"""Commands of other programs, which are not ours to test."""


def commands(block: Block) -> list[str]:
    """The commands of a block, one on a line, without prompt and comment."""
    lines = [line.removeprefix("$ ").partition(" #")[0].strip() for line in block.text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("block", blocks("run"), ids=str)
def test_the_commands_of_a_block_run(block: Block, workspace: Path) -> None:
    tools = workspace.parent / "bin"
    tools.mkdir()
    (tools / "umbmarket").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m umbmarket "$@"\n', "utf-8")
    (tools / "umbmarket").chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    ours = 0
    for command in [block.argument, *commands(block)] if block.argument else commands(block):
        if command.startswith(OTHERS):
            continue
        ours += 1
        if NETWORK.search(command):
            understood(command)
            continue
        run = subprocess.run(
            ["bash", "-c", command],
            cwd=workspace,
            env=environment() | {"PATH": path, "BROWSER": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert run.returncode in (0, 1), (command, run.stdout, run.stderr)
        assert b"Traceback" not in run.stderr
    assert ours


def understood(command: str) -> None:
    """Asserts that the command line takes a command that would ask the network; it is not carried out."""
    words = shlex.split(re.sub(r"\s*(?:\|\||\|).*", "", command))
    assert words[0] == "umbmarket"
    at: click.Command = program(MARKETPLACES)
    context: click.Context | None = None
    words = words[1:]
    while isinstance(at, click.Group):
        found = at.get_command(click.Context(at), words[0])
        assert found is not None, command
        context, at, words = click.Context(at, parent=context), found, words[1:]
    at.make_context(at.name, [word for word in words if word != "..."], parent=context)


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_a_python_example_runs(block: Block, workspace: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", block.text],
        cwd=workspace,
        env=environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, b"")


@pytest.mark.parametrize("block", blocks("settings"), ids=str)
def test_a_settings_example_is_understood(block: Block, workspace: Path) -> None:
    tomllib.loads(block.text)
    name = block.argument or "umbmarket.toml"
    (workspace / name).write_text(block.text, "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "umbmarket", "validate", "--config", name, "samples/healthy"],
        cwd=workspace,
        env=environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr.decode()


@pytest.mark.parametrize("block", [*blocks("workflow"), *blocks("pipeline")], ids=str)
def test_a_workflow_is_one(block: Block, tmp_path: Path) -> None:
    file = tmp_path / (block.argument if block.argument.endswith(".yml") else f"{block.argument}.yml")
    file.write_text(block.text, "utf-8")
    if block.argument == "pre-commit-config":
        hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
        named = [hook["id"] for repo in yaml.safe_load(block.text)["repos"] for hook in repo["hooks"]]
        assert sorted(named) == sorted(hook["id"] for hook in hooks)
        return
    schema = SCHEMAS.get(block.argument, ["--builtin-schema", "vendor.github-workflows"])
    checker = [sys.executable, "-m", "check_jsonschema", "--regex-variant", "nonunicode"]
    run = subprocess.run([*checker, *schema, str(file)], capture_output=True, check=False)
    assert run.returncode == 0, run.stdout.decode()


def test_an_action_is_given_inputs_that_it_has() -> None:
    used = 0
    for block in blocks("workflow"):
        for job in yaml.safe_load(block.text)["jobs"].values():
            for step in job["steps"]:
                for folder in ("", "sync"):
                    if step.get("uses") == home.action_reference(folder):
                        used += 1
                        inputs = yaml.safe_load((ROOT / folder / "action.yml").read_text("utf-8"))["inputs"]
                        assert set(step.get("with", {})) <= set(inputs), block
    assert used >= 3


RECIPES = [path for path in [*PAGES, *ROOT.glob("samples/**/*.yml")] if path.is_file()]


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_recipes_name_the_one_address_and_no_package_index(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "pip install umbmarket" not in text
    for name in re.findall(r"uses: (\S*umbmarket\S*)", text):
        assert name in (home.action_reference(), home.action_reference("sync"))
    for name in re.findall(r"git\+https://\S+?(?=[\s\"'`)])", text):
        assert name == home.pip_requirement()


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    found: dict[str, int] = {}
    told = set()
    text = re.sub(r"^(```+).*?^\1$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for heading in re.findall(r"^#+ (.+?) *$", text, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        told.add(f"{slug}-{found[slug]}" if slug in found else slug)
        found[slug] = found.get(slug, 0) + 1
    return told | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


@pytest.mark.parametrize("page", [page for page in PAGES if page.is_file()], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^(```+).*?^\1$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    for target, anchor in re.findall(r"\]\((?!https?://|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)", text):
        file = (page.parent / target) if target else page
        assert file.exists(), target
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file), f"{target}#{anchor}"
