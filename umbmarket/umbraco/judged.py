"""Which packages of a run are judged for the Marketplace: the one definition.

Only the package that people install gets the Marketplace's tag (Umbraco, about its own packages: "Oops, too liberal
with the tag"), not those that it depends on, and builds make others as well that are not for the Marketplace. So where
a package of the run has the tag, or one that comes near it, those packages are judged and no other. Where none has it,
the tag was forgotten somewhere: those are judged whose ids listings carry, else those that the user named. That the
user named one is not enough beside one with the tag, as a shell's pattern names whatever lies in a folder.

The same holds for what projects would be packed to, but that a project which was merely found says nothing: whatever is
a library can be packed. Without the tag it is judged only where its project URL leads to a listing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from umbmarket.findings import quote
from umbmarket.umbraco.facts import PackageFacts, Run
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.nuget.package.nuspec_model import Tag

_WHOLE_TAG = re.compile(rf"(?<![\w-]){re.escape(MARKETPLACE_TAG)}(?![\w-])", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[\W_]+")
_SQUEEZED_TAG = _NOT_LETTERS.sub("", MARKETPLACE_TAG)
_LIKENESS = 0.9
"""How like the tag a word must be (`difflib`): two letters off of nineteen pass, `umbraco-package` does not."""


def readable_nuspec(facts: PackageFacts) -> Nuspec | None:
    """The metadata that NuGet would take; None where UMB301 to UMB304 say why there is none."""
    return facts.document.sound_nuspec


def pushed_nuspec(facts: PackageFacts) -> Nuspec | None:
    """The same of a package that is to be pushed: one that was packed, or whose project is for the Marketplace."""
    return readable_nuspec(facts) if not facts.planned or is_judged(facts) else None


def is_judged(facts: PackageFacts) -> bool:
    """Whether the rules on what the Marketplace makes of a package look at it."""
    if shows_intent(facts):
        return True
    match facts.together.once(_intent):
        case "tag":
            return False
        case "listing":
            return has_own_listing(facts)
        case _:
            return facts.named or has_own_listing(facts) or has_plain_listing(facts)


def is_left_out(facts: PackageFacts) -> bool:
    """Whether a package is not judged because others of the run are meant; a run says so once."""
    if not facts.document.is_sound or is_judged(facts) or missing_tag(facts) is not None:
        return False
    return not facts.planned or facts.together.once(_has_judged)


def _has_judged(run: Run) -> bool:
    return any(map(is_judged, run.packages))


def shows_intent(facts: PackageFacts) -> bool:
    """Whether the package has the Marketplace's tag or one that comes near it."""
    known = facts.together.once(_intents).get(id(facts))
    return known if known is not None else _shows_intent(facts)


def _intents(run: Run) -> dict[int, bool]:
    """The same of all packages of a run, by what identifies their facts: it is asked again and again."""
    return {id(facts): _shows_intent(facts) for facts in run.packages}


def _shows_intent(facts: PackageFacts) -> bool:
    return facts.tagged or near_miss(facts) is not None


def _intent(run: Run) -> Literal["tag", "listing"] | None:
    """What tells which packages of a run are for the Marketplace: their tags, else listings with their ids."""
    if any(map(shows_intent, run.packages)):
        return "tag"
    if not all(facts.document.knows("tags") for facts in run.packages):
        # One of them may have it.
        return "tag"
    return "listing" if any(map(has_own_listing, run.packages)) else None


def has_own_listing(facts: PackageFacts) -> bool:
    """Whether the name of its listing carries its id."""
    package_id = facts.document.id
    suffix = facts.listing.document.suffix if facts.listing is not None else None
    return suffix is not None and package_id is not None and suffix.lower() == package_id.lower()


def has_plain_listing(facts: PackageFacts) -> bool:
    """Whether it is a project's package whose project URL leads to a listing here, which has no id in its name.

    Where the listing is not among what is looked at, or only what has changed is, it may be that of a project which is
    not looked at either.
    """
    if not facts.planned or facts.together.is_part or not facts.found_at_placement:
        return False
    return facts.listing is not None and facts.listing.checked


MissingTag = Literal["near", "listing", "plain", "named", "found"]
"""Why a package should have the tag that it does not have.

- ``near``: one of its tags comes near.
- ``listing``: a listing carries its id.
- ``plain``: none of the run has the tag, and the project URL of this project leads to a listing here.
- ``named``: none of the run has the tag, and the user named this one.
- ``found``: none of the run has the tag, and this one was found in a folder; it may be an old build.
"""


def missing_tag(facts: PackageFacts) -> MissingTag | None:
    """Why a package should have the tag that it does not have; None when it has it, or need not have it."""
    if facts.tagged or not facts.document.knows("tags"):
        return None
    if near_miss(facts) is not None:
        return "near"
    if has_own_listing(facts):
        return "listing"
    if facts.together.once(_intent) is not None:
        return None
    if has_plain_listing(facts):
        return "plain"
    if facts.named:
        return "named"
    return None if facts.planned else "found"


class NearMiss(NamedTuple):
    """Something among the tags that was meant to be the Marketplace's.

    Attributes:
        start: code point offset of its first character in the text of the element.
        end: offset after its last one.
        message: what it is, as one line without a full stop.
    """

    start: int
    end: int
    message: str


def near_miss(facts: PackageFacts) -> NearMiss | None:
    """The first of the tags that comes near the Marketplace's, where the package does not have that; else None."""
    if facts.tagged or not facts.document.is_sound:
        return None
    return next(near_misses(facts.document.tags), None)


def near_misses(tags: Sequence[Tag]) -> Iterator[NearMiss]:
    """What among the tags of one package comes near the Marketplace's; the tag itself is none of it."""
    for number, tag in enumerate(tags):
        if tag.key == MARKETPLACE_TAG:
            continue
        text = tag.text.strip()
        glued = _WHOLE_TAG.search(text)
        if glued is not None:
            start = tag.start + tag.text.index(text)
            yield NearMiss(start, start + len(text), _glued_message(text, glued))
            continue
        following = tags[number + 1] if number + 1 < len(tags) else None
        if following is not None and (tag.key, following.key) == ("umbraco", "marketplace"):
            message = f'"umbraco marketplace" is two tags, and the Marketplace looks for "{MARKETPLACE_TAG}"'
            yield NearMiss(tag.start, following.end, message)
        elif _is_like_the_tag(tag.key):
            message = f'{quote(tag.text)} is not the tag "{MARKETPLACE_TAG}" that the Marketplace looks for'
            yield NearMiss(tag.start, tag.end, message)


def _glued_message(text: str, found: re.Match[str]) -> str:
    beside = text[found.start() - 1] if found.start() > 0 else text[found.end()]
    between = "a line break" if beside in "\r\n" else quote(beside)
    return f'{quote(text)} is one tag, not "{MARKETPLACE_TAG}": {between} does not separate tags on nuget.org'


def _is_like_the_tag(key: str) -> bool:
    squeezed = _NOT_LETTERS.sub("", key)
    if squeezed == _SQUEEZED_TAG:
        return True
    if abs(len(squeezed) - len(_SQUEEZED_TAG)) > 2:
        return False
    # Late: few packages have a tag of just this length without having the right one.
    from difflib import SequenceMatcher

    return SequenceMatcher(None, squeezed, _SQUEEZED_TAG, autojunk=False).ratio() >= _LIKENESS
