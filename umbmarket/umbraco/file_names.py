"""Names of the files that the Marketplace looks for, and names that were meant to be one."""

import re
from typing import Literal, NamedTuple

LISTING_STEM = "umbraco-marketplace"
"""What the name of every listing begins with (listing guide: "umbraco-marketplace.json")."""

README_STEM = "umbraco-marketplace-readme"
"""What the name of every Marketplace readme begins with (listing guide: "umbraco-marketplace-readme.md")."""

NameKind = Literal["listing", "readme", "misnamed"]

FARTHEST = 2
"""Letters that may be wrong, missing, too many or swapped with their neighbour in the stem of a name that was meant
(`umrbaco-marketplace.json`, `umbraco-marketplce.json`, `umbraco-market-place.json`)."""

_ID = r"\w+(?:[.-]\w+)*"
"""A package id as NuGet takes it (NuGet.Client, PackageIdValidator)."""

_EXACT = {
    "listing": re.compile(rf"{LISTING_STEM}(?:-{_ID})?\.json"),
    "readme": re.compile(rf"{README_STEM}(?:-{_ID})?\.md"),
}
"""The names that the Marketplace may ask for (listing guide), in lower case."""

_SCHEMA = re.compile(r"[-_.]schema")
"""What follows the stem in the name of a copy of the published schema: its content tells whether it is one."""

_ENDINGS = {
    ".json": re.compile(r"\s*(?:\.(?:json[5c]?|jsno|josn|jsn|jason))+(?:\.txt)?|\s*\.txt"),
    ".md": re.compile(r"\s*(?:\.(?:mdx?|markdown|mkd))+(?:\.txt)?|\s*\.txt"),
}
"""Endings that were meant to be the key: editors add `.txt`, and Windows hides the ending that it adds."""

_COPY = re.compile(r"(?:[\s_-]*(?:\([0-9]{1,3}\)|[\s(_-]+copy\)?(?:[\s_]*[0-9]{1,3})?(?![^\s_(-]))|\s+[0-9]{1,3})+\Z")
"""What file managers and browsers put behind the name of a second copy: ` (1)`, `(1)`, ` copy`, ` - Copy`, ` 2`."""

_ID_FIRST = re.compile(r"(?P<id>.+)[-_. ]readme", re.DOTALL)
"""The rest of a readme's name with the package id before the word readme."""

_SEPARATORS = re.compile(r"[-_. ]")

_SMALL = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}
"""ASCII alone: the Kelvin sign, whose small letter is k, is a wrong letter in a stem."""

_LONGEST = 255
"""Characters of a file name on every usual disk."""


class _Meant(NamedTuple):
    """What a name was meant for.

    Attributes:
        kind: by what the Marketplace would do with it.
        right: the name that it looks for.
        distance: how many letters of the stem are wrong.
    """

    kind: Literal["listing", "readme"]
    right: str
    distance: int


def kind_of_name(name: str) -> NameKind | None:
    """What a file is by its name.

    A listing or a readme in any letter case and with anything behind the stem, such as `umbraco-marketplaces.json`; a
    file that is misnamed already in its stem or its ending; else None.
    """
    meant = _meant(name)
    if meant is None:
        return None
    lower = name.translate(_SMALL)
    stem, ending = (LISTING_STEM, ".json") if meant.kind == "listing" else (README_STEM, ".md")
    return meant.kind if lower.startswith(stem) and lower.endswith(ending) else "misnamed"


def right_name(name: str) -> str:
    """The name that the Marketplace looks for where `name` was meant for it: in lower case, with its stem.

    HQ renamed its own files "to use lowercased package IDs" (Umbraco.StorageProviders, 2023-11-13). Any other name is
    its own right one.
    """
    meant = _meant(name)
    return meant.right if meant is not None else name


def may_be_schema(name: str) -> bool:
    """Whether a file may be a copy of the published schema by its name, which only its content can tell."""
    return _SEPARATORS.sub("", name.translate(_SMALL)) == _SEPARATORS.sub("", f"{LISTING_STEM}-schema.json")


def needs_a_look(name: str) -> bool:
    """Whether only a file's content can tell that it was meant as a listing: a letter or the ending is wrong."""
    meant = _meant(name)
    if meant is None or meant.kind != "listing":
        return False
    if may_be_schema(name):
        return True
    lower = name.translate(_SMALL)
    has_letters = _SEPARATORS.sub("", lower).startswith(_SEPARATORS.sub("", LISTING_STEM))
    return not (has_letters and lower.endswith(".json"))


def name_without_doubled_ending(name: str) -> str | None:
    """`umbraco-marketplace-x.json` for `umbraco-marketplace-x.json.json`, and so for readmes; None for other names.

    Such a name is right for one package alone, whose id ends in `.json`.
    """
    lower = name.translate(_SMALL)
    for ending in _ENDINGS:
        short = lower.removesuffix(ending)
        if short != lower and short.endswith(ending) and kind_of_name(short) in ("listing", "readme"):
            return short
    return None


def _meant(name: str) -> _Meant | None:
    if len(name) > _LONGEST:
        return None
    lower = name.translate(_SMALL)
    if _EXACT["readme"].fullmatch(lower):
        return _Meant("readme", lower.lower(), 0)
    if _EXACT["listing"].fullmatch(lower):
        is_schema = _SCHEMA.fullmatch(lower, len(LISTING_STEM), len(lower) - len(".json"))
        return _Meant("listing", lower.lower() if is_schema is None else f"{LISTING_STEM}.json", 0)
    return _readme(lower) or _listing(lower)


def _listing(lower: str) -> _Meant | None:
    base = _without_ending(lower, ".json")
    found = _after_stem(base, LISTING_STEM) if base is not None else None
    if found is None:
        return None
    if _SCHEMA.fullmatch(found.rest):
        return _Meant("listing", f"{LISTING_STEM}.json", found.distance)
    return _Meant("listing", _named(LISTING_STEM, found.rest, ".json"), found.distance)


def _readme(lower: str) -> _Meant | None:
    base = _without_ending(lower, ".md")
    if base is None:
        return None
    found = _after_stem(base, README_STEM)
    if found is not None:
        return _Meant("readme", _named(README_STEM, found.rest, ".md"), found.distance)
    found = _after_stem(base, LISTING_STEM)
    id_first = _ID_FIRST.fullmatch(_COPY.sub("", found.rest)) if found is not None else None
    if found is None or id_first is None:
        return None
    return _Meant("readme", _named(README_STEM, id_first["id"], ".md"), found.distance)


def _without_ending(lower: str, ending: str) -> str | None:
    """A name without the ending that it has or was meant to have, or None for a name with any other."""
    first = len(LISTING_STEM) - FARTHEST
    # The first dot or blank from which all is ending, so that all of `.json.txt` goes.
    for at in range(first, len(lower)):
        if lower[at] in ". \t\u00a0" and _ENDINGS[ending].fullmatch(lower, at):
            return lower[:at]
    return None


class _Stemmed(NamedTuple):
    """How far the beginning of a name is from a stem, and what follows it."""

    distance: int
    rest: str


def _after_stem(base: str, stem: str) -> _Stemmed | None:
    """The beginning of a name that is nearest to a stem and ends where a word does, or None where none is near."""
    nearest: _Stemmed | None = None
    for length in range(len(stem) - FARTHEST, min(len(base), len(stem) + FARTHEST) + 1):
        rest = base[length:]
        if rest and rest[0].isalnum():
            continue
        distance = letters_apart(base[:length], stem)
        if distance <= FARTHEST and (nearest is None or distance < nearest.distance):
            nearest = _Stemmed(distance, rest)
    if base.startswith(stem) and (nearest is None or nearest.distance > 1):
        # Without a separator; one letter more (`umbraco-marketplaces`) is a slip all the same.
        return _Stemmed(0, base[len(stem) :])
    return nearest


def letters_apart(left: str, right: str) -> int:
    """Optimal string alignment distance: letters put in, left out, replaced, or swapped with their neighbour."""
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            least = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other:
                least = min(least, before[column - 2] + 1)
            current.append(least)
        before, above = above, current
    return above[-1]


def _named(stem: str, rest: str, ending: str) -> str:
    """The right name for a stem and what follows it, taken for a package id where it can be one."""
    words = _COPY.sub("", rest).strip(" \t\u00a0-_.")
    package_id = re.sub(r"\s+", ".", words.lower())
    return f"{stem}-{package_id}{ending}" if re.fullmatch(_ID, package_id) else stem + ending
