"""Everything one run looks at: the documents and what is known about their surroundings."""

from __future__ import annotations

from dataclasses import dataclass

from umbmarket.workspace.facts import ListingFacts


@dataclass(frozen=True, slots=True)
class Workspace:
    """What lies under the paths that the user named.

    Attributes:
        listings: each listing with its surroundings, in the order they were named or found.
    """

    listings: tuple[ListingFacts, ...] = ()
