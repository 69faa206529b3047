"""The action behind `umbmarket validate`."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from umbmarket.check.engine import run
from umbmarket.check.report import Report
from umbmarket.settings.options import Settings
from umbmarket.umbraco.discovery import read
from umbmarket.umbraco.gathering import gather
from umbmarket.umbraco.marketplace import gathered

if TYPE_CHECKING:
    from umbmarket.umbraco.found import Found
    from umbmarket.umbraco.online.link_answers import OnlineFindings, OnlineOptions


def validate(
    paths: Sequence[str | Path] = (".",),
    *,
    settings: Settings | None = None,
    root: Path | None = None,
    stdin: tuple[str, bytes] | None = None,
    online: OnlineOptions | None = None,
) -> Report:
    """Check listings and packages before they are published. No socket is opened unless `online` is given.

    Args:
        paths: files, and folders to look for listings and packages in, of these the newest version of each id. A path
            that cannot be read becomes a finding.
        settings: which rules count and when the run fails; the defaults when None. No settings file is read.
        root: the folder that shown paths are relative to; the working folder when None.
        stdin: name and bytes of one more listing that lies in no file.
        online: how to fetch the links, images, videos and package ids of the listings, for the rules that need the
            network; None to leave the network alone.

    Raises:
        SettingsError: a selector in `settings` names no rule, or an address in `online` or in the environment is none.
    """
    settings = settings or Settings()
    with _no_collection():
        found = read(
            [Path(path) for path in paths], root=root or Path.cwd(), package_id=settings.package_id, given=stdin
        )
        answers = _ask_network(found, settings, online) if online is not None else None
        return run([gathered(gather(found, answers))], settings)


def _ask_network(found: Found, settings: Settings, options: OnlineOptions) -> OnlineFindings:
    """What the network says of the listings, as far as the selected rules need it."""
    # Late: whoever does not ask the network must not pay for HTTP.
    from umbmarket.check.selection import resolve
    from umbmarket.settings.options import SettingsError
    from umbmarket.umbraco.online.link_answers import OnlineQuestions
    from umbmarket.umbraco.online.links import check_online
    from umbmarket.umbraco.rules import CATALOGUE
    from umbmarket.umbraco.rules.fetched_links import LINK_CODES, LINK_VALUES, PACKAGE_CODES
    from umbmarket.umbraco.value_groups import PACKAGE_ID_VALUES, VIDEO_VALUES

    selection = resolve(settings, [CATALOGUE])
    wanted = {code for code, rule in CATALOGUE.rules.items() if selection.runs(rule, online=True)}

    def texts(patterns: tuple[str, ...], needed_by: frozenset[str]) -> tuple[str, ...]:
        if wanted.isdisjoint(needed_by):
            return ()
        return tuple(text for listing in found.listings for _, text in listing.document.texts(*patterns))

    questions = OnlineQuestions(
        links=texts(LINK_VALUES, LINK_CODES),
        videos=texts(VIDEO_VALUES, LINK_CODES),
        packages=texts(PACKAGE_ID_VALUES, PACKAGE_CODES),
    )
    try:
        return check_online(questions, options)
    except ValueError as error:
        raise SettingsError(str(error)) from None


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
