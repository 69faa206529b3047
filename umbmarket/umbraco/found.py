"""What was found under the paths of a run: documents and nothing else. What belongs together `belonging` tells."""

from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

from umbmarket.git.repository import GitRepository
from umbmarket.umbraco.listing import Listing

if TYPE_CHECKING:
    from umbmarket.umbraco.package_document import PackageDocument
    from umbmarket.umbraco.readme import MarketplaceReadme
    from umbmarket.umbraco.run_packages import PackedPackage, RunPackage
    from umbmarket.umbraco.run_projects import RunProject


ListingOrigin: TypeAlias = Literal["named", "repository", "fork", "meant", "elsewhere", "beside"]
"""How a listing was found.

- ``named``: the user named it.
- ``repository``: it lies in this working tree where the project URL leads.
- ``fork``: it lies where the project URL leads, in a working tree that is a fork of that repository.
- ``meant``: its name and its place in this tree say that it is meant for the package.
- ``elsewhere``: it is meant, and the project URL leads into this very repository, but not to it: the Marketplace does
  not read it.
- ``beside``: it lies in the folder of the package, and nothing says that the Marketplace looks there.
"""


class FoundListing(NamedTuple):
    """A listing and where it lies.

    Attributes:
        document: the listing.
        package_id: the package it is for, from `--package-id` or its file name; None when neither says.
        location: absolute path of the folder that it lies in.
        repository: the git working tree it lies in, or None.
        folder: that folder relative to the root of the working tree, with forward slashes; empty for the root, None
            where there is no working tree.
        checked: it is among the listings of the run; False for one that is read only because a package may have it.
        named: the user named it; False when it was found in a folder.
        is_id_said: the user said which package it is for.
    """

    document: Listing
    package_id: str | None
    location: str
    repository: GitRepository | None
    folder: str | None
    checked: bool
    named: bool = True
    is_id_said: bool = False


class Tree(Protocol):
    """The folders that a run looks at: gives their files as documents, each once."""

    def listing_at(self, path: str, *, named: bool = False) -> FoundListing:
        """The listing at an absolute path: that of the run if it is one, else one with `checked` False.

        What leads out of its folder is read only if the user named it.
        """

    def readme_at(self, path: str, *, named: bool = False) -> "MarketplaceReadme":
        """The Marketplace readme at an absolute path.

        What leads out of its folder is read only if the user named it.
        """

    def repository_of(self, folder: str) -> GitRepository | None:
        """The repository whose working tree a folder lies in, or None."""

    def listings_below(self, repository: GitRepository) -> tuple[FoundListing, ...]:
        """All listings of a working tree, in the order of their paths."""

    def names_in(self, folder: str) -> frozenset[str]:
        """The names in a folder; none where it cannot be looked into."""


class Found(NamedTuple):
    """All documents of a run.

    Attributes:
        listings: in the order they were named or found.
        packages: those that count, packed or planned, in the same order.
        readmes: each Marketplace readme found in a folder.
        misnamed: shown paths of files whose names are nearly those of listings and readmes.
        repositories: the working trees that the run's paths lie in.
        tree: gives what lies beside them.
        packed: all that were packed and read, whether they count or not.
        projects: the projects that were read: those that can be packed, and those that the user named.
        skipped: shown paths of packages that were found and cannot be looked at, and why, in words.
        by_tool: a tool named the files because they changed.
    """

    listings: tuple[FoundListing, ...]
    packages: tuple["RunPackage", ...]
    readmes: tuple["MarketplaceReadme", ...]
    misnamed: tuple[str, ...]
    repositories: tuple[GitRepository, ...]
    tree: Tree
    packed: "tuple[PackedPackage, ...]" = ()
    projects: "tuple[RunProject, ...]" = ()
    skipped: tuple[tuple[str, str], ...] = ()
    by_tool: bool = False

    @property
    def together(self) -> "tuple[PackageDocument, ...]":
        """All packages that count, and those that projects for the Marketplace refer to."""
        own = [each.document for each in self.packages]
        meant = (each for each in self.projects if each.counts and (each.named or each.is_tagged))
        return tuple(dict.fromkeys((*own, *(other for each in meant for other in each.document.behind()))))
