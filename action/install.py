"""Installs umbmarket from the action's own checkout into a virtual environment, and tells the next step its Python.

Nothing is looked up under umbmarket's own name in a package index: what runs is what the workflow's ``uses:`` names.
Its dependencies come from the runner's package index in the versions of ``constraints.txt``. A second use of the action
in the same job finds the environment of the first.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import runner

ROOT = Path(__file__).resolve().parent.parent
"""The action's checkout."""


def environment_folder() -> Path:
    """Where the virtual environment lies: in the runner's temporary folder, one for each checkout of the action."""
    parent = Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir())
    key = hashlib.sha256(f"{ROOT}\0{sys.version}".encode()).hexdigest()[:12]
    return parent / f"umbmarket-{key}"


def python_in(folder: Path) -> Path:
    """The Python of a virtual environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(folder: Path) -> None:
    """Makes the virtual environment and installs umbmarket there. Ends the step with an error when pip fails."""
    done = folder / "installed"
    if done.is_file():
        return
    venv.create(folder, with_pip=True, clear=True)
    pip = [str(python_in(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run = subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), str(ROOT)], check=False)
    if run.returncode:
        runner.refuse("umbmarket could not be installed: the lines above, from pip, say why")
    done.touch()


if __name__ == "__main__":
    made = environment_folder()
    install(made)
    runner.write_outputs({"python": python_in(made)})
