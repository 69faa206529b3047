"""Everything one run looks at: the documents and what is known about their surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from umbmarket.umbraco.facts import ListingFacts, PackageFacts

if TYPE_CHECKING:
    from umbmarket.umbraco.archive_facts import ArchiveFacts
    from umbmarket.umbraco.project_facts import ProjectFacts
    from umbmarket.umbraco.published_facts import PublishedFacts
    from umbmarket.umbraco.readme import MarketplaceReadme


class Workspace(NamedTuple):
    """What lies under the paths that the user named.

    Attributes:
        listings: each listing with its surroundings, in the order they were named or found.
        packages: each package that counts, packed or planned, with its surroundings, in the same order.
        archives: each package that was packed, as an archive.
        projects: each project that there is something to say of.
        readmes: each Marketplace readme found in a folder.
        misnamed: shown paths of files found in a folder whose names are nearly those of listings and readmes, such
            as `umbraco_marketplace.json`. They are not read; the Marketplace does not read them either.
        published: packages on a feed, with what the Marketplace shows of them.
        online: the network was asked for what the online rules need; they run only then.
        told_with_twin: the listings that are the same byte by byte as another of the same package, which tells of both.
    """

    listings: tuple[ListingFacts, ...] = ()
    packages: tuple[PackageFacts, ...] = ()
    readmes: tuple[MarketplaceReadme, ...] = ()
    misnamed: tuple[str, ...] = ()
    published: tuple[PublishedFacts, ...] = ()
    online: bool = False
    told_with_twin: frozenset[ListingFacts] = frozenset()
    archives: tuple[ArchiveFacts, ...] = ()
    projects: tuple[ProjectFacts, ...] = ()

    @property
    def checked_listings(self) -> tuple[ListingFacts, ...]:
        """The listings whose content is checked: no twins of others, and none that was left behind."""
        return tuple(each for each in self.listings if each.read_instead is None and each not in self.told_with_twin)

    @property
    def document(self) -> None:
        """None: the run as a whole is no document."""
        return None
