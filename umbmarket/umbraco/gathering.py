"""From the documents of a run to the facts that rules are given: what belongs together first, then complete facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from umbmarket.umbraco.facts import ListingFacts, PackageFacts, Run
from umbmarket.umbraco.found import Found, FoundListing
from umbmarket.umbraco.workspace import Workspace

if TYPE_CHECKING:
    from umbmarket.umbraco.archive_facts import ArchiveFacts
    from umbmarket.umbraco.belonging import Belongings
    from umbmarket.umbraco.online.link_answers import OnlineFindings
    from umbmarket.umbraco.package_document import PackageDocument
    from umbmarket.umbraco.project_facts import ProjectFacts
    from umbmarket.umbraco.ways import Way


def gather(found: Found, online: OnlineFindings | None = None) -> Workspace:
    """Make the facts about all documents of a run.

    Args:
        found: the documents.
        online: what the network says of the listings; None where it was not asked.
    """
    gathering = _Gathering(found, online)
    return Workspace(
        tuple(map(gathering.listing, found.listings)),
        gathering.run.packages,
        found.readmes,
        found.misnamed,
        online=online is not None,
        told_with_twin=gathering.told_with_twin,
        archives=gathering.archives() if found.packed else (),
        projects=gathering.projects() if found.projects else (),
    )


class _Gathering:
    """Makes the facts of one run, each once."""

    def __init__(self, found: Found, online: OnlineFindings | None) -> None:
        self.run = Run(self._packages, is_part=found.by_tool)
        self._found = found
        self._online = online
        self._belongings = _belongings(found)
        self._twins: Mapping[FoundListing, FoundListing] = {}
        self._left: Mapping[FoundListing, FoundListing] = {}
        if len(found.listings) > 1:
            # Late: one listing alone, the most frequent run, has no other beside it.
            from umbmarket.umbraco.duplicates import left_behind, twins_of

            self._twins = twins_of(found, self._belongings)
            self._left = left_behind(found, self._belongings)
        self._listings: dict[FoundListing, ListingFacts] = {}

    @property
    def told_with_twin(self) -> frozenset[ListingFacts]:
        """The facts about listings whose twin tells what is wrong with both."""
        return frozenset(map(self.listing, self._twins))

    def listing(self, found: FoundListing) -> ListingFacts:
        """The facts about a listing."""
        if found not in self._listings:
            only = self._belongings.ids.get(found) if self._belongings is not None else None
            self._listings[found] = ListingFacts(
                found.document,
                package_id=found.package_id or only,
                is_id_said=found.is_id_said,
                repository=found.repository,
                folder=found.folder,
                checked=found.checked,
                online=self._online if found.checked else None,
                copies=tuple(plain.document for plain, own in self._twins.items() if own is found),
                read_instead=self._left[found].document if found in self._left else None,
                together=self.run,
            )
        return self._listings[found]

    def _packages(self, run: Run) -> tuple[PackageFacts, ...]:
        if self._belongings is None:
            return ()
        return tuple(
            PackageFacts(
                package.document,
                belonging.placement,
                listing=self.listing(belonging.listing) if belonging.listing is not None else None,
                origin=belonging.origin,
                readme_file=belonging.readme,
                repository=belonging.repository,
                named=package.named,
                planned=package.planned,
                find_way=self._way,
                together=run,
            )
            for package, belonging in zip(self._found.packages, self._belongings.packages, strict=True)
        )

    def archives(self) -> tuple[ArchiveFacts, ...]:
        """The facts about the packages that were packed as archives."""
        from umbmarket.umbraco.archive_facts import ArchiveFacts

        return tuple(ArchiveFacts(each.document, each.named) for each in self._found.packed)

    def projects(self) -> tuple[ProjectFacts, ...]:
        """The facts about the projects as project files."""
        from umbmarket.umbraco.judged import is_judged
        from umbmarket.umbraco.project_facts import ProjectFacts

        judged = {id(facts.document) for facts in self.run.packages if is_judged(facts)}
        return tuple(
            ProjectFacts(
                each.document.file or each.document,
                each.document,
                named=each.named,
                is_meant=each.named or id(each.counted) in judged or each.is_unclear,
                packed=each.packed,
                packed_counts=each.packed is not None and not each.counts,
                differences=each.differences,
            )
            for each in self._found.projects
        )

    def _way(self, package: PackageDocument) -> Way | None:
        """What is behind the dependencies of a package, by the feed where it was asked, else by the run alone."""
        from umbmarket.umbraco.ways import follow, needs_a_way

        if not needs_a_way(package):
            return None
        known = self._online.ways.get(package.path) if self._online is not None else None
        return known if known is not None else follow(package, self._found.together)


def _belongings(found: Found) -> Belongings | None:
    """What belongs together; None where there is no package that something could belong to."""
    if not found.packages:
        return None
    # Late: a listing alone must not pay for what is known of addresses and packages.
    from umbmarket.umbraco.belonging import belongings_of

    return belongings_of(found)
