"""What reading project files costs: real projects evaluated, against lxml parsing the same files.

    python benchmarks/projects.py [--rounds 15] [--projects 100]

The projects are those of the corpus (UMBMARKET_CORPUS, else ../shared/corpus). Each is evaluated with all of its
imports, its properties are asked for, and its references for each target framework. lxml parses each of these files,
those that several projects share once for each. Processor time counts, and the shortest round: at most 4 times what
lxml needs. Python looks for garbage as seldom as it does in the program.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lxml import etree  # noqa: E402 - beside the imports below

from tests.shared_corpus import CORPUS  # noqa: E402 - found by the line above
from umbmarket.__main__ import COLLECT_AFTER  # noqa: E402 - found by the line above
from umbmarket.nuget.project.evaluation import evaluate  # noqa: E402 - found by the line above
from umbmarket.nuget.project.project_files import ProjectFiles  # noqa: E402 - found by the line above

BOUND = 4.0
PROPERTIES = ("PackageId", "PackageVersion", "PackageTags", "PackageProjectUrl", "Title", "Authors", "IsPackable")


def evaluate_all(projects: list[tuple[str, str]]) -> None:
    """Evaluate projects, each given by its repository's folder and its path; those of one repository share files."""
    shared: dict[str, ProjectFiles] = {}
    for repository, path in projects:
        files = shared.get(repository)
        if files is None:
            files = shared[repository] = ProjectFiles(repository)
        evaluation = evaluate(path, files=files)
        for each in PROPERTIES:
            evaluation.value(each)
        frameworks = evaluation.frameworks
        for framework in frameworks if isinstance(frameworks, tuple) else ():
            evaluation.items("PackageReference", framework)


def parse_all(paths: list[str]) -> None:
    for path in paths:
        etree.parse(path)


def shortest(rounds: int, *works: Callable[[], None]) -> list[float]:
    """Seconds of processor time of the shortest round of each, taking turns."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            start = time.process_time()
            work()
            best[number] = min(best[number], time.process_time() - start)
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--projects", type=int, default=100)
    options = parser.parse_args()
    index = CORPUS / "projects.json"
    if not index.is_file():
        print(f"there is no corpus at {CORPUS}", file=sys.stderr)
        return 2
    rows = {name: row for name, row in json.loads(index.read_bytes())["projects"].items() if row["oracle"] == "ok"}
    projects = list(rows)[:: max(len(rows) // options.projects, 1)][: options.projects]
    paths = [
        str(CORPUS / "projects" / name.partition("/")[0] / each) for name in projects for each in rows[name]["files"]
    ]
    folders = [str(CORPUS / "projects" / name.partition("/")[0]) for name in projects]
    given = [(folder, f"{folder}/{name.partition('/')[2]}") for folder, name in zip(folders, projects, strict=True)]
    del rows
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    ours, theirs = shortest(options.rounds, lambda: evaluate_all(given), lambda: parse_all(paths))
    ratio = ours / theirs
    print(
        f"{len(projects)} projects, {len(paths)} files: evaluated in {ours * 1000:.1f} ms,"
        f" parsed by lxml in {theirs * 1000:.1f} ms, ratio {ratio:.1f} (bound {BOUND:.0f})"
    )
    return 0 if ratio <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
