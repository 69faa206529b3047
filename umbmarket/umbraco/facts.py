"""What the rules may know about a document besides the document itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from umbmarket.git.relation import Relation, Repository, relation
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.schema import violations as listing_schema
from umbmarket.umbraco.schema.violations import Violation
from umbmarket.umbraco.value_groups import AUTHOR_ADDRESSES
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG, is_accepted_url

if TYPE_CHECKING:
    from umbmarket.umbraco.compatibility.estimate import Compatibility
    from umbmarket.umbraco.found import ListingOrigin
    from umbmarket.umbraco.online.link_answers import OnlineFindings
    from umbmarket.umbraco.package_document import PackageDocument
    from umbmarket.umbraco.placement import Placement
    from umbmarket.umbraco.readme import MarketplaceReadme
    from umbmarket.umbraco.verdict import Verdict
    from umbmarket.umbraco.ways import Way

T = TypeVar("T")

_FEWEST_KEYS_OF_A_STARTER = 3


def _is_symbolic(document: Listing, violation: Violation) -> bool:
    """Whether the template engine replaces what the schema refuses."""
    refused = violation.params.get("additionalProperty", document.at(violation.pointer))
    return isinstance(refused, str) and document.is_symbolic(refused)


class Run:
    """What the facts of one run share: all its packages, which know their listings, and so the way back.

    Attributes:
        is_part: only what has changed is looked at, so that others may have what is missing here.
    """

    def __init__(self, make: Callable[[Run], tuple[PackageFacts, ...]] | None = None, *, is_part: bool = False) -> None:
        """`make` makes the facts about the packages; it is called once, when they are first asked for."""
        self.is_part = is_part
        self._make = make
        self._answers: dict[Callable[[Run], Any], Any] = {}

    @cached_property
    def packages(self) -> tuple[PackageFacts, ...]:
        """All packages of the run."""
        return self._make(self) if self._make is not None else ()

    def once(self, ask: Callable[[Run], T]) -> T:
        """What `ask` says of the run; it is asked once."""
        if ask not in self._answers:
            self._answers[ask] = ask(self)
        answer: T = self._answers[ask]
        return answer


@dataclass(frozen=True, eq=False)
class ListingFacts:
    """A listing and what is known about its surroundings. Complete when made.

    Attributes:
        document: the listing.
        package_id: the package it belongs to, from `--package-id`, its file name, or the only package of the run that
            reads it; None when that is not known.
        is_id_said: the user named that package, by `--package-id` or as the one that `status` is about.
        repository: the git working tree it lies in, or None.
        folder: the folder of the listing relative to the root of that working tree, with forward slashes; empty for
            the root, None where there is no working tree.
        checked: it is among the listings of the run; False for one that was only read because a package has it.
        online: what the network says of its addresses and package ids; None where it was not asked.
        copies: other listings of the run that are equal to it byte by byte and meant for the same package.
        read_instead: the listing that its package is shown with, where this one is a copy that was left behind.
        together: what it shares with the other facts of the run.
    """

    document: Listing
    _: KW_ONLY
    package_id: str | None = None
    is_id_said: bool = False
    repository: Repository | None = None
    folder: str | None = None
    checked: bool = True
    online: OnlineFindings | None = None
    copies: tuple[Listing, ...] = ()
    read_instead: Listing | None = None
    together: Run = field(default_factory=Run, repr=False)

    def __post_init__(self) -> None:
        """What the caller does not know of the package, the suffix of the file name tells."""
        object.__setattr__(self, "package_id", self.package_id or self.document.suffix)

    @cached_property
    def packages(self) -> tuple[PackageFacts, ...]:
        """The packages of the run whose listing it is, see `PackageFacts.listing`."""
        return tuple(each for each in self.together.packages if each.listing is self)

    @property
    def path_in_repository(self) -> str | None:
        """Its path relative to the root of the working tree, with forward slashes; None where there is none."""
        if self.folder is None:
            return None
        return f"{self.folder}/{self.document.file_name}" if self.folder else self.document.file_name

    @cached_property
    def schema_valid(self) -> bool | None:
        """The published schema's verdict on the value that was read.

        None when nothing could be read, and for the source of a template, which becomes a listing only later.
        """
        if self.document.parsed == "no" or self.document.symbols is not None:
            return None
        return listing_schema.is_valid(self.document.tree.value)

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """What the published schema refuses, each once; empty when it refuses nothing."""
        document = self.document
        if document.symbols is not None and document.parsed != "no":
            found = listing_schema.violations(document.tree.value)
            return tuple(each for each in found if not _is_symbolic(document, each))
        if self.schema_valid is not False:
            return ()
        return tuple(listing_schema.violations(document.tree.value))

    @cached_property
    def verdict(self) -> Verdict:
        """What becomes of it: read or not, ignored as a whole or not, and what counts."""
        from umbmarket.umbraco.verdict import verdict_on

        return verdict_on(self.document, self.violations)

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
        return {pointer: None for pointer, text in self.document.odd_texts if not text or text.isspace()}

    @cached_property
    def odd_author_addresses(self) -> Sequence[tuple[str, str]]:
        """Pointer and text of the addresses of `AuthorDetails` that the schema's pattern for addresses would refuse.

        The schema has no pattern for these two. White space around the text does not count; empty ones are left out.
        """
        return [
            (pointer, text)
            for pointer, text in self.document.texts(*AUTHOR_ADDRESSES)
            if (address := text.strip()) and not is_accepted_url(address)
        ]

    @cached_property
    def untouched(self) -> bool:
        """A starter that nobody filled in: several keys, and not one value besides `$schema`."""
        if not self.document.intact:
            return False
        values = [value for key, value in self.document.value.items() if key != "$schema"]
        if len(values) < _FEWEST_KEYS_OF_A_STARTER:
            return False
        for value in values:
            if isinstance(value, dict):
                values.extend(value.values())
            elif isinstance(value, list):
                values.extend(value)
            elif value if not isinstance(value, str) else value.strip():
                return False
        return True

    def is_blank(self, pointer: str) -> bool:
        """Whether an empty text stands there."""
        return pointer in self.blanks


@dataclass(frozen=True, eq=False)
class PackageFacts:
    """A package, packed or only planned, and what is known about its surroundings. Complete when made.

    Attributes:
        document: the package.
        placement: where the Marketplace looks for its listing and readme, by its project URL.
        listing: the listing that belongs to it, see `umbmarket.umbraco.belonging`; None where there is none. It may
            lie outside of the paths of the run, see `ListingFacts.checked`.
        origin: how the listing was found, or None.
        readme_file: the Marketplace readme that belongs to it, or None. The Marketplace shows it instead of the one
            in the package.
        repository: the git working tree that the project URL leads into where one of the run's does so, else the one
            that the package or its listing lies in; None without one.
        named: the user named the file; False when it was found in a folder.
        planned: it is what a project here would be packed to.
        find_way: finds what is behind its dependencies; None where nobody looks.
        together: what it shares with the other facts of the run.
    """

    document: PackageDocument
    placement: Placement
    _: KW_ONLY
    listing: ListingFacts | None = None
    origin: ListingOrigin | None = None
    readme_file: MarketplaceReadme | None = None
    repository: Repository | None = None
    named: bool = True
    planned: bool = False
    find_way: Callable[[PackageDocument], Way | None] | None = None
    together: Run = field(default_factory=Run, repr=False)

    @property
    def is_current(self) -> bool:
        """It is what is to be published: no package that was merely found, which may be an old build."""
        return self.named or self.planned

    @cached_property
    def way(self) -> Way | None:
        """What is behind its dependencies; None where it depends on Umbraco directly, and where nobody looks."""
        return self.find_way(self.document) if self.find_way is not None else None

    @property
    def found_at_placement(self) -> bool:
        """The listing lies where the Marketplace looks, as far as the working tree tells."""
        return self.origin in ("repository", "fork")

    @property
    def run(self) -> tuple[PackageFacts, ...]:
        """All packages of the run, this one among them."""
        return self.together.packages

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
    def mode(self) -> Literal["Default", "SemVer"]:
        """The version dependency mode that counts: that of its listing, unless the Marketplace does not take it."""
        return self.listing.verdict.mode if self.listing is not None and self.origin != "elsewhere" else "Default"

    @cached_property
    def compatibility(self) -> Compatibility:
        """The Umbraco versions that the Marketplace should show for it: an estimate."""
        return compatibility_of(self.document, self.mode)

    @cached_property
    def knows_versions(self) -> bool:
        """Whether `compatibility` rests on all dependencies on Umbraco with their ranges."""
        from umbmarket.umbraco.compatibility.dependencies import product_of

        document = self.document
        return document.knows("dependencies") and all(
            document.knows_range(dependency)
            for group in document.dependency_groups
            for dependency in group.dependencies
            if product_of(dependency.id) is not None
        )


def compatibility_of(package: PackageDocument, mode: Literal["Default", "SemVer"] = "Default") -> Compatibility:
    """The Umbraco versions for a package, an estimate. Groups and dependencies keep their indices."""
    from umbmarket.umbraco.compatibility.dependencies import group_entries
    from umbmarket.umbraco.compatibility.estimate import estimate_compatibility

    return estimate_compatibility(group_entries(package.dependency_groups), mode)
