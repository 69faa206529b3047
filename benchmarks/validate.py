"""How long `umbmarket validate` takes, as a ratio to check-jsonschema in the same run.

    python benchmarks/validate.py [--rounds 15] [--files 1000]

All commands run as fresh processes of this Python from cached bytecode, in turn, on the same files. A ratio is the
median of those of the pairs, so that a machine with other work to do disturbs both alike; the times are medians. The
bound is one for processor time, which such a machine hardly disturbs; where the system does not tell it (Windows), for
the time on the clock.

The files are the corpus of real listings, repeated (`UMBMARKET_CORPUS`, else `../shared/corpus`), where one in six is
broken; without a corpus they are made here. The one real file that is not UTF-8 is left out, because check-jsonschema
ends with a traceback there. check-jsonschema gets the schema in this repository and needs `--regex-variant python`,
because it refuses the published pattern else.

What cannot be undercut is printed first: Python itself, and a Python that reads and parses the files, no more.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

try:
    import resource
except ImportError:  # Windows
    resource = None

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.shared_corpus import CORPUS, listings  # noqa: E402 - found by the line above

SCHEMA = ROOT / "schemas" / "umbraco-marketplace-schema.json"
COLD_BOUND = 0.40
MANY_BOUND = 0.80

NOTHING = "pass"
READING = """
import json, sys
for path in sys.argv[1:]:
    try:
        json.loads(open(path, "rb").read().decode("utf-8-sig"))
    except ValueError:
        pass
"""


def made(number: int) -> str:
    """A listing of usual size; every sixth one breaks the schema."""
    base = f"https://raw.githubusercontent.com/orchard-example/package{number}/main/images"
    listing = {
        "$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json",
        "AuthorDetails": {
            "Name": "Orchard Works",
            "Description": "We make small tools for editors, and like to hear what is missing.",
            "Url": "https://example.com/orchard",
            "ImageUrl": "https://github.com/orchard-example.png",
            "Contributors": [{"Name": f"Anna Apple {number}", "Url": "https://example.com/anna"}],
            "SyncContributorsFromRepository": False,
        },
        "Category": "Editor tools" if number % 6 == 5 else "Editor Tools",
        "AlternateCategory": "Developer Tools",
        "Description": f"Package number {number}: does what editors need, quickly and without fuss.",
        "DocumentationUrl": f"https://github.com/orchard-example/package{number}#readme",
        "IssueTrackerUrl": f"https://github.com/orchard-example/package{number}/issues",
        "LicenseTypes": ["Free"],
        "PackageType": "Package",
        "PackagesByAuthor": ["Orchard.Redirects", "Orchard.Search", f"Orchard.Other{number}"],
        "RelatedPackages": [{"PackageId": "Orchard.Search", "Description": "Finds what this one makes."}],
        "Screenshots": [{"ImageUrl": f"{base}/{part}.png", "Caption": f"The {part}"} for part in ("list", "editor")],
        "Tags": ["editors", "backoffice", f"tag{number}"],
        "Title": f"Orchard Package {number}",
    }
    return json.dumps(listing, indent=2)


def write_files(folder: Path, count: int) -> Iterator[tuple[str, str]]:
    """The files, each in a folder of its own, with the schema's verdict as `listings.json` has it."""
    real = [entry for entry in listings() if entry["verdict"] != "not-utf8"]
    for number in range(count):
        entry = real[number % len(real)] if real else None
        path = folder / f"{number:04}" / (Path(entry["file"]).name if entry else "umbraco-marketplace.json")
        path.parent.mkdir()
        if entry:
            shutil.copyfile(CORPUS / entry["file"], path)
        else:
            path.write_text(made(number), "utf-8")
        yield str(path), entry["verdict"] if entry else "schema-invalid" if number % 6 == 5 else "schema-valid"


ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Took(NamedTuple):
    """Seconds that a command took: on the clock, and of the processor (0 where the system does not tell)."""

    clock: float
    processor: float


def processor_of_children() -> float:
    """Seconds of the processor that all commands took that have ended."""
    if resource is None:
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def seconds(command: list[str]) -> Took:
    before, start = processor_of_children(), time.perf_counter()
    run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, env=ENVIRONMENT)
    took = Took(time.perf_counter() - start, processor_of_children() - before)
    if b"Traceback" in run.stderr or run.returncode not in (0, 1):
        raise SystemExit(f"{command[:6]} ended with {run.returncode}:\n{run.stderr.decode(errors='replace')}")
    return took


def compare(name: str, paths: list[str], rounds: int, bound: float | None) -> bool:
    python = [sys.executable, "-c"]
    commands = {
        "python -c pass": [*python, NOTHING],
        "reading alone": [*python, READING, *paths],
        "umbmarket --version": [sys.executable, "-m", "umbmarket", "--version"],
        "umbmarket validate": [sys.executable, "-m", "umbmarket", "validate", "--no-config", *paths],
        "check-jsonschema": [
            *(sys.executable, "-m", "check_jsonschema", "--regex-variant", "python"),
            *("--schemafile", str(SCHEMA), *paths),
        ],
    }
    for command in commands.values():
        seconds(command)
    times = [{name: seconds(command) for name, command in commands.items()} for _ in range(rounds)]
    print(f"{name}:")
    for command in commands:
        clock, processor = (
            statistics.median(parts) * 1000 for parts in zip(*(each[command] for each in times), strict=True)
        )
        print(f"  {command:20} {clock:7.0f} ms, {processor:5.0f} ms of the processor")
    pairs = [(each["umbmarket validate"], each["check-jsonschema"]) for each in times]
    clock = statistics.median(ours.clock / theirs.clock for ours, theirs in pairs)
    told = all(theirs.processor for _, theirs in pairs)
    processor = statistics.median(ours.processor / theirs.processor for ours, theirs in pairs) if told else clock
    print(
        f"  ratio {clock:.2f} on the clock, {processor:.2f} of the processor"
        + (f" (bound {bound:.2f})" if bound is not None else "")
    )
    return bound is None or processor <= bound


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = list(write_files(Path(folder), options.files))
        healthy = next(path for path, verdict in files if verdict == "schema-valid")
        refused = next(path for path, verdict in files if verdict == "schema-invalid")
        share = sum(verdict != "schema-valid" for _, verdict in files) / len(files)
        print(f"{'real' if listings() else 'made'} listings, {share:.0%} of them broken")
        cold = compare("one healthy file, cold", [healthy], options.rounds, COLD_BOUND)
        compare("one file that the schema refuses, cold", [refused], options.rounds, None)
        many = compare(f"{len(files)} files", [path for path, _ in files], options.rounds, MANY_BOUND)
    return 0 if cold and many else 1


if __name__ == "__main__":
    sys.exit(main())
