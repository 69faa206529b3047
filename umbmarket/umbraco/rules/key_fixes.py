"""Fixes that put a value under the key that was meant: renamed, made to fit, or moved to the object it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from umbmarket.findings import Edit, Fix, JsonValue, quote
from umbmarket.formats.json.tree import join
from umbmarket.umbraco import vocabulary
from umbmarket.umbraco.listing import ABSENT, Absent, Listing
from umbmarket.umbraco.rules.schema_refusals import last_key, safety_of, would_fit

if TYPE_CHECKING:
    from umbmarket.umbraco.suggestions import KeySuggestion
    from umbmarket.umbraco.vocabulary import ObjectKind

_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_AUTHOR = "AuthorDetails"
_MOST_STRAYS = 3
"""Unknown keys of an object of which single ones are moved elsewhere: more of them say that a brace is missing."""

_KEY_OF_A_TEXT = {
    "Contributors": "Name",
    "RelatedPackages": "PackageId",
    "Screenshots": "ImageUrl",
    _AUTHOR: "Name",
}
"""Under which key of an object a text goes that stands in place of the object."""


def converted(value: JsonValue, expected: str, pointer: str) -> JsonValue | Absent:
    """The same value in the type that the schema wants, or `ABSENT` where that would be a guess.

    Args:
        value: of another type.
        expected: the type, as the schema calls it.
        pointer: where it stands or is to stand.
    """
    match expected, value:
        case "boolean", str() if value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
        case "integer", str() if _WHOLE_NUMBER.fullmatch(value.strip()):
            return int(value.strip())
        case "string", bool():
            return ABSENT
        case "string", int():
            return str(value)
        case "string", [str() as only] if only.strip():
            return only
        case "array", str() if value.strip() and not re.search(r"[,;|]", value):
            return _value_that_fits([value], pointer)
        case "array", dict() if vocabulary.object_kind(f"{pointer}/0") is not None:
            entries = _value_that_fits([value], pointer)
            # What the entry lacks would be told only after the fix.
            return entries if would_fit(pointer, entries) else ABSENT
        case "object", str() if value.strip() and last_key(pointer) in _KEY_OF_A_TEXT:
            text_as_object: JsonValue = {_KEY_OF_A_TEXT[last_key(pointer)]: value}
            return text_as_object if would_fit(pointer, text_as_object) else ABSENT
        case _:
            return ABSENT


def as_written(listing: Listing, pointer: str | None, other: JsonValue | Absent) -> JsonValue | Absent:
    """`other`, or the number's own text where it is the text of the number at `pointer`.

    What was read leaves out the sign of -0, leading zeros and the digits of what is too long for a number.
    """
    member = listing.tree.member(pointer) if pointer is not None and isinstance(other, str) else None
    if member is None or pointer is None or not isinstance(listing.at(pointer), int):
        return other
    return listing.tree.text[member.start : member.end]


def _value_that_fits(value: JsonValue, target: str) -> JsonValue:
    """A value as it would have to be at `target`, as far as that is certain."""
    return _Fitting(None).value(value, None, target)


class _Fitting:
    """Makes the edits after which a value fits at another place, and the value that it is then."""

    def __init__(self, listing: Listing | None) -> None:
        self.edits: list[Edit | None] = []
        self._listing = listing

    def value(self, value: JsonValue, pointer: str | None, target: str) -> JsonValue:
        """The value at `pointer` as it has to be at `target`; it stays as it is where that is not certain."""
        expected = vocabulary.expected_type(target)
        match value:
            case dict() if expected == "object":
                return self._members(value, pointer, target)
            case list() if expected == "array":
                return [
                    self.value(item, None if pointer is None else join(pointer, number), join(target, number))
                    for number, item in enumerate(value)
                ]
            case str() if allowed := vocabulary.allowed_values(target):
                return self._allowed(value, allowed, pointer)
            case _:
                return self._typed(value, expected, pointer, target)

    def _members(self, value: dict[str, JsonValue], pointer: str | None, target: str) -> JsonValue:
        kind = vocabulary.object_kind(target)
        found: dict[str, JsonValue] = {}
        for key, inner in value.items():
            name = key_meant(key, kind, value) or key
            place = None if pointer is None else join(pointer, key)
            if name != key and place is not None and self._listing is not None:
                self.edits.append(self._listing.edits.rename(place, name))
            found[name] = self.value(inner, place, join(target, name))
        return found

    def _allowed(self, value: str, allowed: tuple[str, ...], pointer: str | None) -> JsonValue:
        from umbmarket.umbraco.suggestions import suggest_value

        meant = None if value in allowed else suggest_value(value, allowed)
        if meant is None or meant.value is None or not meant.certain:
            return value
        return self._replaced(meant.value, pointer)

    def _typed(self, value: JsonValue, expected: str | None, pointer: str | None, target: str) -> JsonValue:
        if expected is None or value is None or would_fit(target, value):
            return value
        other = converted(value, expected, target)
        if self._listing is not None:
            other = as_written(self._listing, pointer, other)
        return value if isinstance(other, Absent) else self._replaced(_value_that_fits(other, target), pointer)

    def _replaced(self, value: JsonValue, pointer: str | None) -> JsonValue:
        if pointer is not None and self._listing is not None:
            self.edits.append(self._listing.edits.replace(pointer, value))
        return value


def key_meant(key: str, kind: ObjectKind | None, others: Iterable[str]) -> str | None:
    """The key that an unknown one certainly stands for, in an object with these keys; None where there is none."""
    if kind is None or key in vocabulary.known_keys(kind):
        return None
    # Late: nearly all listings have none.
    from umbmarket.umbraco.suggestions import suggest_key

    suggestion = suggest_key(key, kind)
    if suggestion is None or suggestion.key is None or not suggestion.certain:
        return None
    if (
        not suggestion.same_value
        or suggestion.owner not in (None, kind)
        or not is_free(suggestion.key, key, kind, others)
    ):
        return None
    return suggestion.key


def is_free(wanted: str, key: str, kind: ObjectKind, others: Iterable[str]) -> bool:
    """Whether `key` alone of an object's keys may become `wanted`: no other one is it or would become it."""
    from umbmarket.umbraco.suggestions import suggest_key

    known = vocabulary.known_keys(kind)
    for other in others:
        if other == wanted:
            return False
        if other != key and other not in known:
            suggestion = suggest_key(other, kind)
            if suggestion is not None and suggestion.key == wanted:
                return False
    return True


def rename_fix(
    listing: Listing, pointer: str, wanted: str, *, certain: bool, must_fit: bool = False
) -> tuple[Fix, ...]:
    """The fix that gives the value at `pointer` another key of the same object, and makes it fit there.

    None where an object or array would not fit: there would be more to find inside it than there is now.

    Args:
        listing: the listing.
        pointer: of the value, with the key that it has.
        wanted: the key that it gets.
        certain: whether that key is known to be meant; the fix is safe if the value fits there as well.
        must_fit: the schema accepts the value where it is now, so that there is no fix if it would not under `wanted`.
    """
    owner = pointer.rpartition("/")[0]
    value = listing.at(pointer)
    fitting = _Fitting(listing)
    rename = listing.edits.rename(pointer, wanted)
    fits = would_fit(join(owner, wanted), fitting.value(value, pointer, join(owner, wanted)))
    fits = fits and not _clashes(listing.at(owner), wanted) and _is_shown(join(owner, wanted), value)
    title = f"Rename to {quote(wanted)}"
    if fits:
        return listing.edits.fix(title, rename, *fitting.edits, safety=safety_of(certain))
    would_show = _is_shown(join(owner, wanted), value) and not _clashes(listing.at(owner), wanted)
    if must_fit or isinstance(value, dict | list) or not would_show:
        return ()
    return listing.edits.fix(title, rename, safety="unsafe")


def _clashes(others: JsonValue, wanted: str) -> bool:
    """Whether a screenshot would have both addresses, of which it may have one."""
    clash = {"ImageUrl": "VideoUrl", "VideoUrl": "ImageUrl"}.get(wanted)
    return clash is not None and isinstance(others, dict) and clash in others


def _is_shown(target: str, value: JsonValue) -> bool:
    """Whether the page would show what stands under the new key: under an unknown one a dead video is no error."""
    if target != "/VideoUrl" or not isinstance(value, str) or not value.strip():
        return True
    from umbmarket.umbraco.videos import classify_video

    return classify_video(value.strip()).kind == "embeddable"


def moving_fix(listing: Listing, pointer: str, suggestion: KeySuggestion) -> tuple[Fix, ...]:
    """The fix for a key that is known, but takes another value or belongs into another object."""
    owner = pointer.rpartition("/")[0]
    wanted = suggestion.key
    if wanted is None:
        return ()
    if suggestion.owner is None:
        return _replacing_fix(listing, pointer, wanted, certain=suggestion.certain)
    target = f"/{_AUTHOR}" if suggestion.owner == "author" else ""
    if (
        target == owner
        or _strays(listing, owner) > _MOST_STRAYS
        or not would_fit(join(target, wanted), listing.at(pointer))
    ):
        return ()
    there = listing.at(target)
    title = f"Move to {quote(wanted)} {'inside AuthorDetails' if target else 'of the listing'}"
    safety = safety_of(suggestion.certain)
    if isinstance(there, dict) and (not target or _AUTHOR in listing.value):
        if wanted in there:
            return ()
        edits = listing.edits.remove(pointer), listing.edits.insert_first(wanted, listing.at(pointer), target)
        return listing.edits.fix(title, *edits, safety=safety)
    if _AUTHOR in listing.value or not _is_first_stray(listing, pointer):
        return ()
    edits = (
        listing.edits.rename(pointer, _AUTHOR),
        listing.edits.replace(pointer, {wanted: listing.at(pointer)}),
    )
    return listing.edits.fix(title, *edits, safety=safety)


def _strays(listing: Listing, owner: str) -> int:
    """How many unknown keys an object has."""
    keys, kind = listing.at(owner), vocabulary.object_kind(owner)
    known = vocabulary.known_keys(kind) if kind is not None else ()
    return sum(key not in known for key in keys) if isinstance(keys, dict) else 0


def _is_first_stray(listing: Listing, pointer: str) -> bool:
    """Whether no key before this one would make an `AuthorDetails` as well; those behind it find one the next time."""
    from umbmarket.umbraco.suggestions import suggest_key

    known = vocabulary.known_keys("listing")
    for key in listing.value:
        if key not in known:
            suggestion = suggest_key(key, "listing")
            if suggestion is not None and (suggestion.owner == "author" or suggestion.key == _AUTHOR):
                return join("", key) == pointer
    return False


def _replacing_fix(listing: Listing, pointer: str, wanted: str, *, certain: bool) -> tuple[Fix, ...]:
    """The fix that gives a value another key and, since it takes another value, makes it fit there."""
    owner, value = pointer.rpartition("/")[0], listing.at(pointer)
    kind = vocabulary.object_kind(owner)
    keys = listing.at(owner)
    key = next((key for key in keys if join(owner, key) == pointer), None) if isinstance(keys, dict) else None
    if kind is None or key is None or not isinstance(keys, dict) or not is_free(wanted, key, kind, keys):
        return ()
    target = join(owner, wanted)
    new: JsonValue = value
    if key == "Umbraco8PackageId" and isinstance(value, str) and value.strip():
        new = [{"UmbracoMajorVersion": 8, "PackageId": value}]
    new = _value_that_fits(new, target)
    if new == value or not new or not would_fit(target, new):
        return ()
    edits = listing.edits.rename(pointer, wanted), listing.edits.replace(pointer, new)
    return listing.edits.fix(f"Use {quote(wanted)}", *edits, safety=safety_of(certain))
