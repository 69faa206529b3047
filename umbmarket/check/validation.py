"""Checks what a user names against the rules of several marketplaces: the whole way from paths to a report."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.check.engine import run
from umbmarket.check.inputs import Sorted
from umbmarket.check.marketplace import Inputs, Marketplace, OnlineOptions
from umbmarket.check.selection import resolve

if TYPE_CHECKING:
    from umbmarket.check.report import Report
    from umbmarket.settings.options import Settings


def validate(
    paths: Sequence[str | Path],
    marketplaces: Sequence[Marketplace],
    *,
    settings: Settings,
    root: Path,
    stdin: tuple[str, bytes] | None = None,
    online: OnlineOptions | None = None,
) -> Report:
    """Check the files of all marketplaces. No socket is opened unless `online` is given.

    Args:
        paths: files, patterns of them, and folders to search. A path that cannot be read becomes a finding.
        marketplaces: whose rules count; the first takes the named files that no other claims.
        settings: which rules count and when the run fails.
        root: the folder that shown paths are relative to.
        stdin: name and bytes of one more document that lies in no file.
        online: how to ask the network, for the rules that need it.

    Raises:
        SettingsError: a selector in `settings` names no rule, or an address in `online` or in the environment is none.
    """
    selection = resolve(settings, [each.catalogue for each in marketplaces])
    with _no_collection():
        found = Sorted([os.fspath(path) for path in paths], marketplaces)
        given_to = _taker(stdin, marketplaces)
        gathered = []
        for marketplace in marketplaces:
            given = stdin if marketplace is given_to else None
            files = found.files_of(marketplace)
            if files or given is not None or marketplace is marketplaces[0]:
                inputs = Inputs(
                    os.path.abspath(root),
                    found.folders,
                    files,
                    given,
                    found.repositories,
                    settings,
                    selection,
                    online,
                )
                gathered.append(marketplace.gather(inputs))
        return run(gathered, settings, selection)


def _taker(stdin: tuple[str, bytes] | None, marketplaces: Sequence[Marketplace]) -> Marketplace | None:
    if stdin is None:
        return None
    return next((each for each in marketplaces[1:] if each.claims(stdin[0])), marketplaces[0])


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
