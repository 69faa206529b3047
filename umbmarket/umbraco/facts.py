"""What the rules may know about a document besides the document itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from umbmarket.git.relation import Relation, Repository, relation
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.schema import violations as listing_schema
from umbmarket.umbraco.schema.violations import Violation

if TYPE_CHECKING:
    from umbmarket.nuget.package.nupkg import NuGetPackage
    from umbmarket.umbraco.compatibility.estimate import Compatibility
    from umbmarket.umbraco.online.link_answers import OnlineFindings
    from umbmarket.umbraco.placement import Placement
    from umbmarket.umbraco.readme import MarketplaceReadme


MARKETPLACE_TAG = "umbraco-marketplace"
"""The tag without which the Marketplace takes no package up (listing guide)."""


class ListingFacts:
    """A listing and what is known about its surroundings.

    Attributes:
        document: the listing.
        package_id: the package it belongs to, from `--package-id`, its file name, or the only package of the run that
            reads it; None when that is not known.
        repository: the git working tree it lies in, or None.
        folder: the folder of the listing relative to the root of that working tree, with forward slashes; empty for
            the root, None where there is no working tree.
        checked: it is among the listings of the run; False for one that was only read because a package has it.
        packages: the packages of the run whose listing it is, see `PackageFacts.listing`.
        online: what the network says of its addresses and package ids; None where it was not asked.
    """

    def __init__(
        self,
        document: Listing,
        *,
        package_id: str | None = None,
        repository: Repository | None = None,
        folder: str | None = None,
        checked: bool = True,
    ) -> None:
        """`package_id` is what the caller knows; without it the suffix of the file name counts.

        `packages` is filled in once all packages of the run are known, `online` once the network has answered.
        """
        self.document = document
        self.package_id = package_id or document.suffix
        self.repository = repository
        self.folder = folder
        self.checked = checked
        self.packages: tuple[PackageFacts, ...] = ()
        self.online: OnlineFindings | None = None

    @property
    def path_in_repository(self) -> str | None:
        """Its path relative to the root of the working tree, with forward slashes; None where there is none."""
        if self.folder is None:
            return None
        return f"{self.folder}/{self.document.file_name}" if self.folder else self.document.file_name

    @cached_property
    def schema_valid(self) -> bool | None:
        """The published schema's verdict on the value that was read; None when nothing could be read."""
        if self.document.parsed == "no":
            return None
        return listing_schema.is_valid(self.document.tree.value)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What the published schema refuses, each once; empty when it refuses nothing."""
        if self.schema_valid is not False:
            return ()
        return tuple(listing_schema.violations(self.document.tree.value))

    @cached_property
    def refused(self) -> Mapping[str, frozenset[str]]:
        """The schema's keywords that refuse a value, by the pointer of the value."""
        keywords: dict[str, set[str]] = {}
        for violation in self.violations:
            keywords.setdefault(violation.pointer, set()).add(violation.keyword)
        return {pointer: frozenset(found) for pointer, found in keywords.items()}

    @cached_property
    def blanks(self) -> Mapping[str, None]:
        """Pointers of all texts that are empty or white space alone."""
        by_pattern = self.document.all_texts.values()
        return {pointer: None for texts in by_pattern for pointer, text in texts if not text or text.isspace()}

    def is_blank(self, pointer: str) -> bool:
        """Whether an empty text stands there."""
        return pointer in self.blanks


class PackageFacts:
    """A package and what is known about its surroundings.

    Attributes:
        document: the package.
        placement: where the Marketplace looks for its listing and readme, by its project URL.
        listing: the listing that the Marketplace would read for it, or that is meant for it by its name; None where
            there is none. It may lie outside of the paths of the run, see `ListingFacts.checked`.
        found_at_placement: the listing lies where the Marketplace looks, as far as the working tree tells.
        readme_file: the Marketplace readme that lies where the Marketplace looks, as far as the working tree tells,
            or None. The Marketplace shows it instead of the one in the package.
        repository: the git working tree that the project URL leads into where one of the run's does so, else the one
            that the package or its listing lies in; None without one.
        named: the user named the file; False when it was found in a folder.
        run: all packages of the run, this one among them.
    """

    def __init__(
        self,
        document: NuGetPackage,
        placement: Placement,
        *,
        listing: ListingFacts | None = None,
        found_at_placement: bool = False,
        readme_file: MarketplaceReadme | None = None,
        repository: Repository | None = None,
        named: bool = True,
    ) -> None:
        """`run` is filled in once all packages of the run are known."""
        self.document = document
        self.placement = placement
        self.listing = listing
        self.found_at_placement = found_at_placement
        self.readme_file = readme_file
        self.repository = repository
        self.named = named
        self.run: tuple[PackageFacts, ...] = ()

    @property
    def siblings(self) -> tuple[PackageFacts, ...]:
        """The other packages of the run."""
        return tuple(each for each in self.run if each is not self)

    @property
    def relation(self) -> Relation | None:
        """What the GitHub repository of the project URL is to `repository`; None where one of the two is missing."""
        if self.repository is None or self.placement.repository is None:
            return None
        return relation(self.repository, self.placement.repository)

    @cached_property
    def tagged(self) -> bool:
        """It has the tag without which the Marketplace takes no package up."""
        return self.document.has_tag(MARKETPLACE_TAG)

    @property
    def is_meant(self) -> bool:
        """It is meant for the Marketplace: the user named it, or it carries the tag."""
        return self.named or self.tagged

    @property
    def mode(self) -> Literal["Default", "SemVer"]:
        """The version dependency mode that its listing means to set, whatever else is wrong with the listing."""
        value = self.listing.document.value.get("VersionDependencyMode") if self.listing is not None else None
        return "SemVer" if value == "SemVer" else "Default"

    @cached_property
    def compatibility(self) -> Compatibility:
        """The Umbraco versions that the Marketplace should show for it: an estimate."""
        return compatibility_of(self.document, self.mode)


def compatibility_of(package: NuGetPackage, mode: Literal["Default", "SemVer"] = "Default") -> Compatibility:
    """The Umbraco versions for a package, an estimate. Groups and dependencies keep their indices."""
    from umbmarket.umbraco.compatibility.estimate import estimate_compatibility

    groups = [
        (group.target_framework, [(each.id, each.range or each.version) for each in group.dependencies])
        for group in package.dependency_groups
    ]
    return estimate_compatibility(groups, mode)
