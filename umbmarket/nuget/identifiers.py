"""Package ids: what NuGet reads, and what nuget.org takes for a new package.

Sources: NuGet.Client, NuGet.Packaging (PackageIdValidator); NuGetGallery (PackageIdValidator,
ManifestValidator and NuGet.Services.Entities.Constants).
"""

from __future__ import annotations

import re

from umbmarket.nuget.errors import quoted

__all__ = [
    "MAX_DEPENDENCY_ID_LENGTH",
    "MAX_PACKAGE_ID_LENGTH",
    "dependency_id_problem",
    "is_client_id",
    "is_gallery_id",
    "package_id_problem",
]

MAX_PACKAGE_ID_LENGTH = 100
"""Longest id that a package may be pushed under (NuGet.Client, PackageIdValidator.MaxPackageIdLength)."""

MAX_DEPENDENCY_ID_LENGTH = 128
"""Longest id that nuget.org stores, so of a dependency (NuGetGallery, NuGet.Services.Entities.Constants)."""

TEMPLATE_ID = "$id$"
"""The placeholder of a nuspec template; nuget.org refuses it by name (NuGetGallery, PackageIdValidator)."""

_SEPARATORS = ".-"
_ASCII_ID = re.compile(r"[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*")
_ASCII_WORD = re.compile(r"[A-Za-z0-9_]")
_PARTS = re.compile(r"[.-]")

_WORD_CATEGORIES = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Nd", "Pc"))
"""Unicode categories of .NET's `\\w`. Python's differs: it lacks combining marks and takes other numbers."""

_LAST_UTF16_UNIT = "\uffff"


def _is_word_character(character: str) -> bool:
    r"""Whether .NET's `\w` takes a character; beyond U+FFFF it sees two surrogates, which it refuses."""
    if character.isascii():
        return _ASCII_WORD.match(character) is not None
    # Late: ids are ASCII but for a handful of old ones, and the table is large.
    import unicodedata

    return character <= _LAST_UTF16_UNIT and unicodedata.category(character) in _WORD_CATEGORIES


def is_client_id(text: str) -> bool:
    r"""Whether NuGet's clients take a text as a package id.

    Words of letters, digits and underscores of any script, with single dots or hyphens between them: the
    pattern `^\w+([.-]\w+)*$` (NuGet.Client, PackageIdValidator). Length is not looked at. Ids such as
    `Ünïcode.Pkg` exist.

    Args:
        text: The id as written.
    """
    if text.isascii():
        return is_gallery_id(text)
    return all(part and all(map(_is_word_character, part)) for part in _PARTS.split(text))


def is_gallery_id(text: str) -> bool:
    """Whether nuget.org takes a text as the id of a new package: as `is_client_id`, with ASCII alone.

    The pattern is `^[A-Za-z0-9_]+([.-][A-Za-z0-9_]+)*$` (NuGetGallery, PackageIdValidator). Length is not
    looked at.

    Args:
        text: The id as written.
    """
    return _ASCII_ID.fullmatch(text) is not None


def package_id_problem(text: str) -> str | None:
    """Say why nuget.org would refuse a new package of this id.

    Args:
        text: The id as written.

    Returns:
        What is wrong, as a clause about "it" without a full stop, or None if the id is fine.
    """
    problem = _syntax_problem(text)
    if problem is not None:
        return problem
    if not text.isascii():
        character = next(each for each in text if not each.isascii())
        return f"it contains {quoted(character)}, but nuget.org accepts only ASCII letters in the id of a new package"
    return _length_problem(text, MAX_PACKAGE_ID_LENGTH)


def dependency_id_problem(text: str) -> str | None:
    """Say why a text cannot be the id of any package that exists, such as a dependency or a related package.

    Old packages may have ids with letters of any script, and up to 128 characters.

    Args:
        text: The id as written.

    Returns:
        What is wrong, as a clause about "it" without a full stop, or None if the id is possible.
    """
    return _syntax_problem(text) or _length_problem(text, MAX_DEPENDENCY_ID_LENGTH)


def _length_problem(text: str, limit: int) -> str | None:
    if len(text) > limit:
        return f"it has {len(text)} characters, but nuget.org accepts at most {limit}"
    return None


def _syntax_problem(text: str) -> str | None:
    """What breaks the pattern of the clients, named by the first offence."""
    if is_client_id(text):
        return None
    if not text:
        return "it is empty"
    if text == TEMPLATE_ID:
        return f"it is the placeholder {quoted(TEMPLATE_ID)} of a nuspec template"
    for character in text:
        if character not in _SEPARATORS and not _is_word_character(character):
            return f"it contains {quoted(character)}, but an id consists of letters, digits, '_', '.' and '-'"
    if text[0] in _SEPARATORS:
        return f"it starts with '{text[0]}'"
    if text[-1] in _SEPARATORS:
        return f"it ends with '{text[-1]}'"
    return "it has two separators in a row, but '.' and '-' must be single, between letters, digits or '_'"


def spelled_as(asked: str, named: str | None) -> str:
    """Give an id as somebody else spells it, where that is the asked one but for letter case; else an empty text.

    A feed or a nuspec may name anything. Letters are compared one by one and in both cases, as .NET compares ids: the
    Kelvin sign is no K.

    Args:
        asked: The id that was asked for.
        named: What it is called there.
    """
    if named is None or len(named) != len(asked):
        return ""
    same = all(a.lower() == b.lower() and a.upper() == b.upper() for a, b in zip(asked, named, strict=True))
    return named if same else ""
