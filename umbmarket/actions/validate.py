"""The action behind `umbmarket validate`."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from umbmarket.engine import run
from umbmarket.report import Report
from umbmarket.settings import Settings
from umbmarket.workspace.discovery import find


def validate(
    paths: Sequence[str | Path] = (".",),
    *,
    settings: Settings | None = None,
    root: Path | None = None,
    stdin: tuple[str, bytes] | None = None,
) -> Report:
    """Check listings before they are published. Offline: no socket is opened.

    Args:
        paths: files, and folders to look for listings in. A path that cannot be read becomes a finding.
        settings: which rules count and when the run fails; the defaults when None. No settings file is read.
        root: the folder that shown paths are relative to; the working folder when None.
        stdin: name and bytes of one more listing that lies in no file.

    Raises:
        SettingsError: a selector in `settings` names no rule.
    """
    settings = settings or Settings()
    with _no_collection():
        workspace = find(
            [Path(path) for path in paths], root=root or Path.cwd(), package_id=settings.package_id, given=stdin
        )
        return run(workspace, settings)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Reading makes many small objects and no cycles worth collecting; the collector would only visit them again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
