"""How long `umbmarket preview` takes, and how large its page is, for a listing with ten screenshots of its tree.

    python benchmarks/preview.py [--rounds 11]

The yardstick is a Python that imports the three libraries that a page cannot do without, in the same run: a preview may
take three times that and the unpacking of its pictures on top. All commands run as fresh processes of this Python from
cached bytecode, in turn; the ratio is the median of those of the rounds, by time of the processor, which other work on
the machine hardly changes (on the clock it is smaller, since threads unpack pictures while rules run).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

PICTURES = 10
SIZE = (1600, 1000)
BOUND = 3.0
LARGEST_PAGE = 3_000_000
ADDRESS = "https://raw.githubusercontent.com/orchard-example/bench/main/images"
IMPORTS = "import PIL.Image, jinja2, markdown_it"
UNPACK = f"{IMPORTS}\nimport glob\nfor path in sorted(glob.glob('images/*.png')): PIL.Image.open(path).load()"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Took(NamedTuple):
    """Seconds that a command took: on the clock, and of the processor."""

    clock: float
    processor: float


def write_project(folder: Path) -> None:
    """A working tree with a listing, a readme, and pictures as editors take them: areas of one colour, and text."""
    from PIL import Image, ImageDraw

    (folder / ".git" / "refs" / "heads").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (folder / ".git" / "config").write_text('[remote "origin"]\n\turl = https://github.com/orchard-example/bench\n')
    (folder / "images").mkdir()
    chance = random.Random(14)
    for number in range(PICTURES):
        picture = Image.new("RGB", SIZE, (245, 245, 248))
        draw = ImageDraw.Draw(picture)
        for _ in range(120):
            x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
            box = (x, y, x + chance.randrange(20, 300), y + chance.randrange(10, 100))
            draw.rectangle(box, fill=tuple(chance.randrange(256) for _ in range(3)))
            draw.text((x, y), "what an editor writes " * 3, fill=(20, 20, 30))
        picture.save(folder / "images" / f"{number}.png")
    shots = [{"ImageUrl": f"{ADDRESS}/{number}.png", "Caption": f"Picture {number}"} for number in range(PICTURES)]
    listing = {"Title": "Bench", "Category": "Search", "Description": "Ten pictures.", "Screenshots": shots}
    (folder / "umbraco-marketplace.json").write_text(json.dumps(listing, indent=2), "utf-8")
    readme = (
        "# Bench\n\n"
        + "Some *words* with [a link](https://example.com).\n\n" * 40
        + "| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    (folder / "umbraco-marketplace-readme.md").write_text(readme, "utf-8")


def seconds(command: list[str], folder: Path) -> Took:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Took(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder)
        commands = {
            "imports": [sys.executable, "-c", IMPORTS],
            "imports, pictures unpacked": [sys.executable, "-c", UNPACK],
            "umbmarket preview": [sys.executable, "-m", "umbmarket", "preview", "--no-config"],
        }
        for command in commands.values():
            seconds(command, folder)
        times = [{name: seconds(command, folder) for name, command in commands.items()} for _ in range(options.rounds)]
        size = (folder / "marketplace-preview.html").stat().st_size
    for name in commands:
        clock, processor = (
            statistics.median(parts) * 1000 for parts in zip(*(each[name] for each in times), strict=True)
        )
        print(f"  {name:27} {clock:5.0f} ms, {processor:5.0f} ms of the processor")
    ratios = []
    for part in ("clock", "processor"):
        rounds = [[getattr(each[name], part) for name in commands] for each in times]
        ratios.append(statistics.median((ours - (unpacked - bare)) / bare for bare, unpacked, ours in rounds))
    print(
        f"  ratio without the unpacking: {ratios[0]:.2f} on the clock, {ratios[1]:.2f} of the processor"
        f" (bound {BOUND:.2f})"
    )
    print(f"  the page has {size:,} bytes (bound {LARGEST_PAGE:,})")
    return 0 if ratios[1] <= BOUND and size < LARGEST_PAGE else 1


if __name__ == "__main__":
    sys.exit(main())
