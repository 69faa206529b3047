"""A GitHub runner in small: it takes the steps of an action's own file and runs their scripts as the runner does.

What it knows of the runner: `run` scripts are written to a file and handed to `bash --noprofile --norc -eo pipefail`;
`${{ }}` is replaced before that, in `env` here and nowhere else (a test forbids it in scripts); outputs come from the
lines of the file `GITHUB_OUTPUT`, and every step has a summary file of its own (GitHub's documentation, "Workflow
commands for GitHub Actions" and "Metadata syntax for GitHub Actions").
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")


@dataclass
class Job:
    """What one use of the action left behind."""

    code: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


def action_file(root: Path, folder: str = "") -> dict[str, Any]:
    """The parsed `action.yml` of a checkout."""
    loaded = yaml.safe_load((root / folder / "action.yml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def run_action(
    root: Path,
    workspace: Path,
    inputs: dict[str, str],
    *,
    folder: str = "",
    known: dict[str, dict[str, str]] | None = None,
    extra: dict[str, str] | None = None,
) -> Job:
    """Runs the steps of an action; stops at the first that fails, as a runner does.

    Args:
        root: the action's checkout.
        workspace: the working folder of the job.
        inputs: what stands under `with:`.
        folder: where in the checkout the `action.yml` lies.
        known: outputs of steps that are not run, by step id: that of `actions/setup-python`, and where a test wants it
            that of the installing step.
        extra: further environment variables.
    """
    action = action_file(root, folder)
    outputs = {"python": {"python-path": sys.executable}, **(known or {})}
    values = {name: str(told.get("default", "")) for name, told in action["inputs"].items()} | inputs
    job = Job()
    for step in action["runs"]["steps"]:
        if "run" not in step or step["id"] in outputs:
            continue
        scratch = workspace.parent / f"runner-{workspace.name}-{step['id']}"
        scratch.mkdir()
        files = {name: scratch / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        script = scratch / "script.sh"
        script.write_text(step["run"], "utf-8")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB", "UMBMARKET"))}
        environment = {
            **inherited,
            "GITHUB_ACTION_PATH": str(root / folder) if folder else str(root),
            "RUNNER_TEMP": str(scratch.parent),
            **{name: str(file) for name, file in files.items()},
            **{name: _filled(str(value), values, outputs) for name, value in step.get("env", {}).items()},
            **(extra or {}),
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        run = subprocess.run(command, cwd=workspace, env=environment, capture_output=True, check=False, timeout=600)
        job.code = run.returncode
        job.log += run.stdout.decode() + run.stderr.decode()
        job.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        written = files["GITHUB_OUTPUT"].read_text("utf-8").splitlines()
        outputs[step["id"]] = dict(line.split("=", 1) for line in written)
        if job.code:
            break
    job.outputs = {name: _filled(told["value"], values, outputs) for name, told in action["outputs"].items()}
    return job


def _filled(text: str, inputs: dict[str, str], outputs: dict[str, dict[str, str]]) -> str:
    def value(match: re.Match[str]) -> str:
        context, *rest = match[1].split(".")
        if context == "inputs":
            return inputs[rest[0]]
        assert context == "steps", match[1]
        assert rest[1] == "outputs", match[1]
        return outputs.get(rest[0], {}).get(rest[2], "")

    return EXPRESSION.sub(value, text)
