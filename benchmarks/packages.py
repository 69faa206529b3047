"""What packages cost: `inspect` of a very large one against a small one, and many in one `validate` run.

    python benchmarks/packages.py [--rounds 9] [--packages 200]

The packages are made here. A large package must cost what a small one does, because nothing but the central directory
and the nuspec is read: at most 1.2 times the time, and less than 100 MB of memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

TIME_BOUND = 1.2
MEMORY_BOUND_MB = 100
LARGE_MB = 200

NUSPEC = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>{id}</id>
    <version>1.0.0</version>
    <authors>Orchard Works</authors>
    <license type="expression">MIT</license>
    <icon>icon.png</icon>
    <readme>README.md</readme>
    <projectUrl>https://github.com/orchard-example/{id}</projectUrl>
    <description>What {id} does.</description>
    <tags>umbraco umbraco-marketplace</tags>
    <repository type="git" url="https://github.com/orchard-example/{id}" />
    <dependencies>
      <group targetFramework="net8.0">
        <dependency id="Umbraco.Cms.Web.Common" version="[13.0.0, 14.0.0)" exclude="Build,Analyzers" />
      </group>
    </dependencies>
  </metadata>
</package>
"""

# The bytes that every PNG file begins with.
PNG = b"\x89PNG\r\n\x1a\n"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def make_package(path: Path, package_id: str, payload: int) -> None:
    """A package with `payload` bytes that do not compress."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{package_id}.nuspec", NUSPEC.format(id=package_id))
        archive.writestr("icon.png", PNG + bytes(200))
        archive.writestr("README.md", f"# {package_id}\n\nIt does what it says.\n")
        piece = os.urandom(1024 * 1024)
        for number in range(max(payload // len(piece), 1)):
            data = piece if payload >= len(piece) else piece[:payload]
            archive.writestr(zipfile.ZipInfo(f"lib/net8.0/part{number}.dll"), data)


def run(command: list[str]) -> tuple[float, float]:
    """Seconds and peak memory in MB of one fresh process."""
    start = time.perf_counter()
    script = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    return time.perf_counter() - start, float(told.stdout)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--packages", type=int, default=200)
    options = parser.parse_args()
    umbmarket = [sys.executable, "-m", "umbmarket"]
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "Orchard.Small.1.0.0.nupkg", Path(folder) / "Orchard.Large.1.0.0.nupkg"
        make_package(small, "Orchard.Small", 18 * 1024)
        make_package(large, "Orchard.Large", LARGE_MB * 1024 * 1024)
        run([*umbmarket, "inspect", str(small)])
        pairs = [
            (run([*umbmarket, "inspect", str(large)]), run([*umbmarket, "inspect", str(small)]))
            for _ in range(options.rounds)
        ]
        of_large, of_small = (statistics.median(pair[side][0] for pair in pairs) for side in (0, 1))
        memory = max(pair[0][1] for pair in pairs)
        ratio = of_large / of_small
        print(
            f"inspect: {LARGE_MB} MB {of_large:.3f} s, 20 KB {of_small:.3f} s, ratio {ratio:.2f} (bound {TIME_BOUND}),"
            f" peak memory {memory:.0f} MB (bound {MEMORY_BOUND_MB})"
        )
        many = Path(folder) / "many"
        many.mkdir()
        for number in range(options.packages):
            make_package(many / f"Orchard.Number{number}.1.0.0.nupkg", f"Orchard.Number{number}", 18 * 1024)
        paths = [str(path) for path in sorted(many.iterdir())]
        seconds = statistics.median(run([*umbmarket, "validate", "--no-config", *paths])[0] for _ in range(3))
        print(f"validate: {options.packages} packages in {seconds:.2f} s, {options.packages / seconds:.0f} a second")
    return 0 if ratio <= TIME_BOUND and memory < MEMORY_BOUND_MB else 1


if __name__ == "__main__":
    sys.exit(main())
