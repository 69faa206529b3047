"""The syncing step: one run of ``umbmarket sync`` for all ids and packages."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import runner


def arguments() -> list[str]:
    """The command line after ``umbmarket``, from the inputs; ends the step with an error unless one is given."""
    ids, packages = runner.lines("package-ids"), runner.lines("packages")
    if not ids and not packages:
        runner.refuse("nothing to sync: name ids in package-ids, or files in packages")
    if ids and packages:
        runner.refuse("package-ids and packages are both given: name either the ids or the files")
    wanted = ["sync"]
    for package in packages:
        wanted += ["--from", package]
    if runner.flag("wait"):
        wanted.append("--wait")
    if timeout := runner.text("timeout"):
        wanted += ["--timeout", timeout]
    return [*wanted, "--", *ids]


def main() -> int:
    """Runs umbmarket, writes the output and returns its exit code."""
    code = runner.umbmarket(arguments())
    runner.write_outputs({"exit-code": code})
    return code


if __name__ == "__main__":
    sys.exit(main())
