"""What a run of the Umbraco Marketplace alone finds and gathers, without rules."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from umbmarket.check.inputs import Sorted
from umbmarket.check.marketplace import Inputs
from umbmarket.check.selection import NOTHING_SAID
from umbmarket.settings.options import Settings
from umbmarket.umbraco.discovery import read_inputs
from umbmarket.umbraco.found import Found
from umbmarket.umbraco.gathering import gather
from umbmarket.umbraco.marketplace import UMBRACO
from umbmarket.umbraco.workspace import Workspace


def read(
    paths: Sequence[Path], *, root: Path, package_id: str | None = None, given: tuple[str, bytes] | None = None
) -> Found:
    """The documents under `paths`; `given` is a listing that lies in no file."""
    found = Sorted([os.fspath(path) for path in paths], [UMBRACO])
    return read_inputs(
        Inputs(
            os.path.abspath(root),
            found.folders,
            found.files_of(UMBRACO),
            given,
            found.repositories,
            Settings(package_id=package_id),
            NOTHING_SAID,
            None,
        )
    )


def find(
    paths: Sequence[Path], *, root: Path, package_id: str | None = None, given: tuple[str, bytes] | None = None
) -> Workspace:
    """The same with what belongs together."""
    return gather(read(paths, root=root, package_id=package_id, given=given))
