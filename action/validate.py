"""The validating step: one run of ``umbmarket validate`` feeds annotations, summary, SARIF and outputs.

A page of what the listing will look like is made where it is wanted. The step fails last: everything is written before
it ends with the exit code of ``umbmarket validate``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import runner


def arguments(report: Path, summary: Path) -> list[str]:
    """The command line after ``umbmarket``, from the inputs.

    Args:
        report: where the JSON report goes, from which the outputs are taken.
        summary: where the Markdown goes, when it is wanted.
    """
    wanted = ["validate", "--format", "github", "--also", f"json={report}"]
    if runner.flag("summary"):
        wanted += ["--also", f"markdown={summary}"]
    if sarif := runner.text("sarif-file"):
        wanted += ["--also", f"sarif={sarif}"]
    if runner.flag("online"):
        wanted.append("--online")
    for option in ("fail-on", "min-severity", "config"):
        if given := runner.text(option):
            wanted += [f"--{option}", given]
    return [*wanted, "--", *(runner.lines("paths") or ["."])]


def counts(report: Path) -> dict[str, object]:
    """The numbers of findings by severity; empty texts when there is no report."""
    names = ("errors", "warnings", "infos")
    if not report.is_file():
        return dict.fromkeys(names, "")
    summary = json.loads(report.read_text("utf-8"))["summary"]
    return {name: summary[name] for name in names}


def preview(target: str) -> str:
    """Makes the page of the first path, and returns where it lies; empty when it was not wanted or cannot be made.

    A page that cannot be made (of a repository with several packages, say) is no reason to fail: the log says why.
    """
    if not target:
        return ""
    config = runner.text("config")
    options = ["--config", config] if config else []
    first = (runner.lines("paths") or ["."])[0]
    before = state(target)
    runner.umbmarket(["preview", "--output", target, *options, "--", first])
    return target if state(target) not in (None, before) else ""


def state(path: str) -> tuple[int, int] | None:
    """What tells a file from one that was there before; None where there is none."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def main() -> int:
    """Runs umbmarket, writes summary and outputs, and returns its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        report, summary = Path(folder, "report.json"), Path(folder, "summary.md")
        sarif = runner.text("sarif-file")
        before = state(sarif) if sarif else None
        code = runner.umbmarket(arguments(report, summary))
        if summary.is_file():
            runner.write_summary(summary.read_text("utf-8"))
        written = sarif if sarif and state(sarif) not in (None, before) else ""
        page = preview(runner.text("preview-file"))
        runner.write_outputs({**counts(report), "exit-code": code, "sarif-file": written, "preview-file": page})
    return code


if __name__ == "__main__":
    sys.exit(main())
