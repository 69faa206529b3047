"""How long `umbmarket validate` takes, as a ratio to check-jsonschema in the same run.

    python benchmarks/validate.py [--rounds 15] [--files 1000]

Both tools run as fresh processes of this Python, in turn, on the same files; what is compared are the medians. The
files are listings made here: nine of ten are healthy, one breaks the schema, as among real listings. check-jsonschema
gets the schema in this repository and needs `--regex-variant python`, because it refuses the published pattern else.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "schemas" / "umbraco-marketplace-schema.json"
COLD_BOUND = 0.8
MANY_BOUND = 1.0


def listing(number: int) -> dict[str, object]:
    """A listing of usual size; every tenth one breaks the schema."""
    base = f"https://raw.githubusercontent.com/orchard-example/package{number}/main/images"
    return {
        "$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json",
        "AuthorDetails": {
            "Name": "Orchard Works",
            "Description": "We make small tools for editors, and like to hear what is missing.",
            "Url": "https://example.com/orchard",
            "ImageUrl": "https://github.com/orchard-example.png",
            "Contributors": [{"Name": f"Anna Apple {number}", "Url": "https://example.com/anna"}],
            "SyncContributorsFromRepository": False,
        },
        "Category": "Editor tools" if number % 10 == 9 else "Editor Tools",
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


# Both tools run from cached bytecode, as installed ones do.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env=ENVIRONMENT)
    return time.perf_counter() - start


def compare(name: str, ours: list[str], theirs: list[str], rounds: int, bound: float) -> bool:
    for command in (ours, theirs):
        seconds(command)
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = mine / other
    print(f"{name}: umbmarket {mine:.3f} s, check-jsonschema {other:.3f} s, ratio {ratio:.2f} (bound {bound})")
    return ratio <= bound


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    ours = [sys.executable, "-m", "umbmarket", "validate", "--no-config"]
    theirs = [sys.executable, "-m", "check_jsonschema", "--regex-variant", "python", "--schemafile", str(SCHEMA)]
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number in range(options.files):
            path = Path(folder) / f"umbraco-marketplace-orchard.number{number}.json"
            path.write_text(json.dumps(listing(number), indent=2), "utf-8")
            paths.append(str(path))
        cold = compare("one file, cold", [*ours, paths[0]], [*theirs, paths[0]], options.rounds, COLD_BOUND)
        many = compare(f"{options.files} files", [*ours, *paths], [*theirs, *paths], options.rounds, MANY_BOUND)
    return 0 if cold and many else 1


if __name__ == "__main__":
    sys.exit(main())
