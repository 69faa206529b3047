"""UMB612 and UMB613: the schema as it is published today says something else than the copy in umbmarket."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.schema.published import Refusal

SCHEMA_CODES = frozenset({"UMB612", "UMB613"})
"""Rules that need the schema as it is published today."""


@rule(
    "UMB612",
    "published-schema-rejects",
    Severity.WARNING,
    why="the Marketplace imports only a listing that matches its published schema (listing guide)",
    online=True,
)
def published_schema_rejects(facts: ListingFacts) -> Iterator[Observation]:
    """A listing that the schema published today rejects, although the copy in umbmarket accepts it.

    The schema at https://marketplace.umbraco.com/umbraco-marketplace-schema.json changes now and then. `umbmarket`
    checks against a copy, so that it works offline. With `--online` it also fetches the published one and reports what
    only that rejects. It is a warning: which of the two the Marketplace applies at the moment is not documented. Only
    with `--online`.

    Why it matters:
        A listing that was fine when it was written may be ignored after the schema has changed.

    Bad:
        {"Headline": "Fancy", "Category": "Search"}    (after a property was taken out of the published schema)

    Good:
        {"Category": "Search"}
    """
    refusals = _refusals(facts)
    if not refusals or not facts.schema_valid:
        return
    for refusal in refusals:
        yield Observation(
            f"the schema published today rejects this: {refusal.told}",
            Place(refusal.pointer),
            help="correct it for the published schema, and look for a newer umbmarket",
            args={"keyword": refusal.keyword, "pointer": refusal.pointer},
        )


@rule(
    "UMB613",
    "published-schema-accepts",
    Severity.INFO,
    why="the copy of the schema in this version of umbmarket is older than the published one",
    online=True,
)
def published_schema_accepts(facts: ListingFacts) -> Iterator[Observation]:
    """A listing that the schema published today accepts, although the copy in umbmarket rejects it.

    The errors UMB101 to UMB107 come from the copy of the schema in umbmarket. If the published schema, fetched with
    `--online`, accepts the listing, the copy is out of date, and those errors are likely to be wrong.

    Why it matters:
        An error from an old schema is a false alarm.

    Bad:
        {"Headline": "Fancy", "Category": "Search"}    (after a property was added that the copy does not know)

    Good:
        {"Category": "Search"}
    """
    if _refusals(facts) == () and facts.schema_valid is False:
        yield Observation(
            "the schema published today accepts this listing, and the copy in this umbmarket does not",
            Place(""),
            help="look for a newer umbmarket; until then, ignore the errors of UMB101 to UMB107 that it causes",
        )


def _refusals(facts: ListingFacts) -> tuple[Refusal, ...] | None:
    """What the published schema refuses in a listing; None where that is not known."""
    if facts.online is None or facts.online.schema is None or facts.schema_valid is None or facts.untouched:
        return None
    try:
        return facts.online.schema.refusals(facts.document.tree.value)
    except ValueError:
        return None
