"""Writes the files that are generated from the code, or checks that they are up to date.

    python docs/generate.py --write
    python docs/generate.py --check

The rule catalogue gives `docs/rules.md`, the commands give `docs/usage.md` and `docs/commands/`, the models of settings
and outputs give their JSON schemas.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The root of the source tree."""

LONGEST_DIFF = 40
"""Lines of difference that are shown for a stale file."""


def generated() -> Mapping[str, str]:
    """Every generated file: path below `ROOT`, with forward slashes, to what it should hold."""
    from umbmarket.check import rule_pages as pages
    from umbmarket.check import settings_schema
    from umbmarket.cli import usage_page
    from umbmarket.marketplaces import all_rules, catalogues
    from umbmarket.nuxeo.pages import nuxeo_package_json
    from umbmarket.output import json_v1
    from umbmarket.umbraco.pages import inspect_json, status_json, sync_json

    return {
        **pages.generated_files(all_rules().values()),
        **usage_page.generated_files(),
        **settings_schema.generated_files(catalogues()),
        **json_v1.generated_files(),
        **inspect_json.generated_files(),
        **nuxeo_package_json.generated_files(),
        **status_json.generated_files(),
        **sync_json.generated_files(),
    }


def stale(files: Mapping[str, str], root: Path = ROOT) -> list[str]:
    """What is not as it should be, one text with a difference for each file; empty when all is up to date."""
    found = []
    for name, wanted in files.items():
        path = root / name
        there = path.read_text(encoding="utf-8") if path.is_file() else ""
        if there != wanted:
            lines = difflib.unified_diff(
                there.splitlines(),
                wanted.splitlines(),
                f"{name} as it is",
                f"{name} as it should be",
                lineterm="",
            )
            found.append("\n".join(list(lines)[:LONGEST_DIFF]))
    return found


def write(files: Mapping[str, str], root: Path = ROOT) -> None:
    """Write every file, with line feeds on every system."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def main() -> int:
    """Do what the command line asks: 0 when all is up to date or written, 1 when something is stale."""
    parser = argparse.ArgumentParser(description="Write or check the generated files.")
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--write", action="store_true", help="write the files")
    mode.add_argument("--check", action="store_true", help="fail when one of them is not up to date")
    files = generated()
    if parser.parse_args().write:
        write(files)
        return 0
    differences = stale(files)
    if differences:
        sys.stderr.write("\n".join([*differences, "Run: python docs/generate.py --write", ""]))
    return 1 if differences else 0


if __name__ == "__main__":
    # This tree is documented, whatever else is installed.
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
