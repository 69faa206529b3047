"""What becomes of a listing: is it read, is it ignored as a whole, which mode counts, which values count.

Sources: live listings of Umbraco HQ have comments and trailing commas and are shown; a listing that the published
schema refuses is ignored as a whole. The one fault of that kind that is overlooked is an empty address in the root
object: the listing guide's own blank sample has some, and readers of that kind took them until a version of 2026.
All of it is observed or inferred, and so an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from umbmarket.findings import JsonValue
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.schema.net_integers import unreadable_integers
from umbmarket.umbraco.schema.violations import Violation, violations
from umbmarket.umbraco.vocabulary import known_keys

MOST_PLACES = 3
"""Places of a listing that one sentence names; `umbmarket validate` has them all."""

_READ_ALL_THE_SAME = frozenset({"comment", "trailing-comma"})
"""Problems of the JSON that the Marketplace's importer appears to overlook: live listings of HQ have both."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one listing.

    Attributes:
        read: It is JSON with an object in it, as far as the Marketplace's reader goes.
        refusals: Why the Marketplace ignores it as a whole, as clauses about "it"; empty where it does not.
        empty_urls: Keys with an empty address, which the published schema refuses and the Marketplace overlooks.
        value: What the Marketplace takes from it: empty where it is ignored.
        wanted_mode: The `VersionDependencyMode` that it asks for, whether it counts or not; None where it asks for
            none.
    """

    read: bool
    refusals: tuple[str, ...]
    empty_urls: tuple[str, ...]
    value: dict[str, JsonValue]
    wanted_mode: Literal["Default", "SemVer"] | None

    @property
    def counts(self) -> bool:
        """The Marketplace does not ignore it."""
        return not self.refusals

    @property
    def mode(self) -> Literal["Default", "SemVer"]:
        """The mode that counts."""
        return "SemVer" if self.counts and self.wanted_mode == "SemVer" else "Default"


NO_LISTING = Verdict(read=False, refusals=(), empty_urls=(), value={}, wanted_mode=None)
"""What counts where there is no listing at all."""


def verdict_on(document: Listing, found: Iterable[Violation] | None = None) -> Verdict:
    """Say what becomes of a listing.

    Args:
        document: The listing.
        found: What the published schema refuses in it, where that is known already.
    """
    refusals = tuple(_reading(document))
    if refusals:
        return Verdict(False, refusals, (), {}, _mode(document))
    refused = list(violations(document.tree.value) if found is None else found)
    empty = tuple(violation.pointer[1:] for violation in refused if _is_empty_url(document, violation))
    grave = [violation for violation in refused if not _is_empty_url(document, violation)]
    if grave:
        return Verdict(True, (_schema(grave),), empty, {}, _mode(document))
    numbers = [pointer for pointer, _ in unreadable_integers(document)]
    if numbers:
        clause = f"its number at {numbers[0]} is not an integer for .NET"
        return Verdict(True, (clause,), empty, {}, _mode(document))
    return Verdict(True, (), empty, document.value, _mode(document))


def _mode(document: Listing) -> Literal["Default", "SemVer"] | None:
    match document.value.get("VersionDependencyMode"):
        case "SemVer":
            return "SemVer"
        case "Default":
            return "Default"
    return None


def _reading(document: Listing) -> Iterable[str]:
    """Why it cannot be read."""
    if document.unreadable is not None:
        yield f"it cannot be read: {document.unreadable}"
        return
    problem = document.source.problem
    if problem is not None:
        yield f"it is not UTF-8{f' but {problem.looks_like}' if problem.looks_like else ''}"
    start = document.opening.span
    grave = [
        each
        for each in document.tree.problems
        if each.kind not in _READ_ALL_THE_SAME
        # Readers that skip comments elsewhere find no object behind one that comes first.
        or (each.kind == "comment" and document.is_object and start is not None and each.span.start < start.start)
    ]
    if grave:
        line, column = document.source.position(grave[0].span.start)
        if grave[0].kind == "comment":
            yield f"it has a comment before its first brace, at line {line}, column {column}"
        else:
            yield f"it is not valid JSON, first at line {line}, column {column}"
    elif problem is None and not document.is_object:
        yield "it is not a JSON object"


def _is_empty_url(document: Listing, violation: Violation) -> bool:
    """Whether a known address of the listing itself is empty, as in the guide's own blank sample.

    At a key that the schema does not know by name, nothing speaks for its being overlooked.
    """
    is_known = violation.pointer[1:] in known_keys("listing")
    return violation.keyword == "pattern" and is_known and document.at(violation.pointer) == ""


def _schema(found: list[Violation]) -> str:
    places = list(dict.fromkeys(violation.pointer or "its root" for violation in found))
    more = f" and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
    return f"it does not match the published schema at {', '.join(places[:MOST_PLACES])}{more}"
