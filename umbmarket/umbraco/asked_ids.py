"""Package ids that a user types: what cannot be one, and what was meant."""

from __future__ import annotations

import re

from umbmarket.findings import quote
from umbmarket.nuget import dependency_id_problem
from umbmarket.umbraco.publication import WrongRequest

_FILE = re.compile(r"(?:.*[/\\])?(?P<stem>[^/\\]*)\.s?nupkg", re.IGNORECASE | re.DOTALL)
_STEM = re.compile(r"(.+?)\.[0-9]+\.[0-9]+[^/\\]*")
_WITH_VERSION = re.compile(r"([^@=/\s]+)(?:@|==?|/|\s+)v?[0-9][^@=/\s]*")
_PAGE = re.compile(
    r"https?://(?:www\.)?(?:nuget\.org/packages|marketplace\.umbraco\.com/package)/([^/?#\s]+)", re.IGNORECASE
)


def refuse_wrong_id(text: str, *, for_files: str = "") -> None:
    """Refuse what cannot be a package id, with what was meant where that can be told.

    Args:
        text: as typed.
        for_files: what else is there for who names the file of a package, such as an option.

    Raises:
        WrongRequest: it is no id.
    """
    file = _FILE.fullmatch(text)
    if file is not None:
        holds_id = _STEM.fullmatch(file["stem"])
        meant = for_files or (quote(holds_id[1]) if holds_id is not None else "")
        hint = f"; did you mean {meant}?" if meant else ""
        raise WrongRequest(f"{quote(text)} is a file, not a package id{hint}")
    problem = dependency_id_problem(text)
    if problem is None:
        return
    holds_id = _PAGE.match(text) or _WITH_VERSION.fullmatch(text)
    hint = ""
    if holds_id is not None and dependency_id_problem(holds_id[1]) is None:
        hint = f"; did you mean {quote(holds_id[1])}?"
    raise WrongRequest(f"{quote(text)} is not a package id: {problem}{hint}")
