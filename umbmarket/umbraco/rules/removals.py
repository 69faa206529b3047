"""Fixes that take something out: what is removed with it, and whether it says anything."""

from __future__ import annotations

from umbmarket.findings import Fix, JsonValue
from umbmarket.umbraco import vocabulary
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.rules.schema_refusals import safety_of


def useless_without(listing: Listing, pointer: str) -> str:
    """What to remove where the value at `pointer` goes: it, or the entry or list that is nothing without it."""
    owner, _, key = pointer.rpartition("/")
    kind = vocabulary.object_kind(owner)
    items = listing.at(owner)
    if key.isdigit() and isinstance(items, list):
        return owner if len(items) == 1 else pointer
    needed = kind is not None and key in vocabulary.required_keys(kind)
    if kind == "screenshot" and key in ("ImageUrl", "VideoUrl") and isinstance(items, dict):
        needed = not any(items.get(other) for other in ("ImageUrl", "VideoUrl"))
    return useless_without(listing, owner) if needed else pointer


def says_something(value: JsonValue, *, numbers: bool = False) -> bool:
    """Whether a text stands in `value` that is not empty; with `numbers`, or a number or a boolean."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if (isinstance(each, str) and each.strip()) or (numbers and isinstance(each, bool | int | float)):
            return True
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return False


def removal(listing: Listing, pointer: str, title: str, *, certain: bool | None = None) -> tuple[Fix, ...]:
    """The fix that removes what stands at `pointer`, and what is nothing without it.

    Args:
        listing: the listing.
        pointer: of the value.
        title: of the fix.
        certain: whether it is safe; None where it is so if nothing is said there.
    """
    removed = useless_without(listing, pointer)
    is_safe = not says_something(listing.at(removed)) if certain is None else certain
    return listing.edits.fix(title, listing.edits.remove(removed), safety=safety_of(is_safe))
