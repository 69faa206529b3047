"""Where the Marketplace looks for the listing and the readme of a package.

What is known, and how:

- Official (listing guide; HQ's answers in public pull requests): both files lie in the folder that the
package's
  project URL names. For a GitHub repository that is the root of the default branch, "or a deeper link if
  provided". A file whose name ends in the package id in lower case belongs to that package. The readme is
  ``umbraco-marketplace-readme-{id}.md``, else ``umbraco-marketplace-readme.md``, else the one in the package.
- Official by practice: HQ ships packages with ``/tree/{branch}/{folder}`` and with
``/blob/{branch}/{folder}`` links,
  and one with ``https://umbraco.com/products/...``.
- Observed: the file with the suffix comes first, the one without is the fallback for all packages of an
owner.
- Inferred: the files of a GitHub repository are asked for at ``raw.githubusercontent.com`` (the exact address
does
  not matter for where the file must lie), a deep link is followed on the branch it names, and any other site
  is asked for the file right below the project URL, so that a site which answers with a page cannot serve it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import quote

from umbmarket.umbraco.file_names import LISTING_STEM, README_STEM
from umbmarket.umbraco.image_hosts import repository_reference
from umbmarket.web.addresses.parts import WebAddress, parse_address
from umbmarket.web.addresses.repositories import (
    DEFAULT_BRANCH,
    RAW_HOST,
    GitHubRepository,
    parse_repository,
    raw_url,
    split_reference,
)

PlacementKind: TypeAlias = Literal["github", "website", "cannot-serve", "none"]
"""What a project URL is.

- ``github``: a GitHub repository or a folder of one.
- ``website``: any other site, which is asked for the file as it stands.
- ``cannot-serve``: a site that is known to answer with a page; the addresses are given all the same.
- ``none``: no project URL, or none that can be asked for anything.
"""

_CANNOT_SERVE = {
    "bitbucket.org": "Bitbucket",
    "codeberg.org": "Codeberg",
    "dev.azure.com": "Azure DevOps",
    "gist.github.com": "GitHub Gist",
    "github.com": "GitHub",
    "gitlab.com": "GitLab",
    "marketplace.umbraco.com": "marketplace.umbraco.com",
    "npmjs.com": "npm",
    "nuget.org": "nuget.org",
    "our.umbraco.com": "our.umbraco.com",
    "our.umbraco.org": "our.umbraco.org",
    "sourceforge.net": "SourceForge",
}
"""Hosts that answer with a page of theirs, or with nothing, for a file below a project URL."""

_CANNOT_SERVE_BELOW = {"codeplex.com": "CodePlex", "visualstudio.com": "Azure DevOps"}
"""The same for all hosts below a domain."""

_FILE = re.compile(
    r"[^/]+\.(?:md|markdown|txt|rst|json|jsonc|html?|php|aspx?|cshtml|xml|csproj|sln|slnx|ya?ml|pdf|png|nuspec)",
    re.IGNORECASE,
)
"""The last part of a path that names a file; folders such as `My.Package` have a dot as well."""

_NOT_IN_NAMES = frozenset("\\:\0")
"""Characters that make a part of a path more than a name on some system."""


@dataclass(frozen=True, slots=True)
class Address:
    """One place where the Marketplace looks.

    Attributes:
        url: The address; for GitHub the one that serves the file.
        file_name: The name of the file, in the letter case that is looked for.
        path: The path in the repository with forward slashes, or None if it is not a GitHub repository.
    """

    url: str
    file_name: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the Marketplace looks for the files of a package.

    Attributes:
        listing: The addresses of the listing, in the order they are tried.
        readme: The addresses of the Marketplace readme, in the order they are tried. The readme in the
            package comes after them.
        kind: What the project URL is.
        repository: The GitHub repository, if it is one.
        branch: The branch, tag or commit that the project URL names, or the default branch as far as it is
            known; None for the default branch of an unknown name, and where there is no repository.
        directory: The folder in the repository with forward slashes, ``""`` for its root and where there is
            none.
        reason: What is noteworthy about the project URL, as a whole sentence; may be empty.
    """

    listing: tuple[Address, ...]
    readme: tuple[Address, ...]
    kind: PlacementKind
    repository: GitHubRepository | None = None
    branch: str | None = None
    directory: str = ""
    reason: str = ""

    @property
    def names_file(self) -> bool:
        """The project URL is that of a file, as far as its name tells: nothing lies below it."""
        if self.repository is not None:
            return _FILE.fullmatch(self.directory.rpartition("/")[2]) is not None
        if self.kind != "website":
            return False
        above = self.listing[0].url.split("/")[3:-1]
        return bool(above) and _FILE.fullmatch(above[-1]) is not None

    def served_at(self, file_name: str) -> str | None:
        """The address that a website has to serve a listing at: under its own name where that is looked for.

        Args:
            file_name: The name of the listing.

        Returns:
            The address; None where the project URL is no website.
        """
        if self.kind != "website" or self.repository is not None:
            return None
        return next((each.url for each in self.listing if each.file_name == file_name), self.listing[-1].url)


def listing_names(package_id: str | None) -> tuple[str, ...]:
    """The names of a listing file that are looked for, in order.

    Args:
        package_id: The NuGet id in any letter case, or None if it is not known.
    """
    return _names(LISTING_STEM, package_id, ".json")


def readme_names(package_id: str | None) -> tuple[str, ...]:
    """The names of a Marketplace readme that are looked for, in order; see `listing_names`."""
    return _names(README_STEM, package_id, ".md")


def _names(stem: str, package_id: str | None, ending: str) -> tuple[str, ...]:
    plain = stem + ending
    return (f"{stem}-{package_id.lower()}{ending}", plain) if package_id else (plain,)


def place(
    project_url: str | None,
    package_id: str | None = None,
    *,
    default_branch: str | None = None,
    branches: tuple[str, ...] = (),
) -> Placement:
    """Work out where the Marketplace looks.

    Args:
        project_url: The project URL of the NuGet package; anything.
        package_id: The NuGet id of the package, in any letter case. Without it only the plain names are
            given.
        default_branch: The name of the repository's default branch, if known. Without it the addresses use
            ``HEAD``, which ``raw.githubusercontent.com`` takes for the default branch.
        branches: The names of the repository's branches, as far as known. They tell the branch ``v13/main``
            and the folder ``src`` in ``/tree/v13/main/src``; without them the branch ends at the first slash.

    Returns:
        The addresses, in order; none if the project URL cannot be asked.
    """
    if project_url is None or not project_url.strip():
        return Placement((), (), "none", reason="The package has no project URL.")
    address = parse_address(project_url)
    if address is None:
        return Placement((), (), "none", reason="The project URL is not a URL that begins with https:// or http://.")
    known = branches if default_branch is None else (default_branch, *branches)
    return (
        _on_github(project_url, package_id, default_branch, known)
        or _on_raw_host(address, package_id, known)
        or _on_website(address, package_id)
    )


def _on_github(
    project_url: str, package_id: str | None, default_branch: str | None, branches: tuple[str, ...]
) -> Placement | None:
    location = parse_repository(project_url.strip())
    if location is None:
        return None
    branch, directory, reason = default_branch, "", ""
    if location.view in ("tree", "blob"):
        named, directory = split_reference(location.reference, branches)
        branch = named or default_branch
    elif location.view:
        reason = (
            f"The project URL is the repository's /{location.view[:40]} page; the Marketplace probably looks in the"
            " root of the repository."
        )
    if any(part in (".", "..") or not _NOT_IN_NAMES.isdisjoint(part) for part in directory.split("/")):
        return Placement(
            (), (), "none", location.repository, reason="The path of the project URL leaves the repository."
        )
    prefix = f"{directory}/" if directory else ""

    def addresses(names: tuple[str, ...]) -> tuple[Address, ...]:
        return tuple(
            Address(raw_url(location.repository, branch or DEFAULT_BRANCH, prefix + name), name, prefix + name)
            for name in names
        )

    return Placement(
        addresses(listing_names(package_id)),
        addresses(readme_names(package_id)),
        "github",
        location.repository,
        branch,
        directory,
        reason,
    )


def _on_raw_host(address: WebAddress, package_id: str | None, branches: tuple[str, ...]) -> Placement | None:
    """A project URL at the host of GitHub's files is an ordinary site, but its repository is known."""
    if address.host != RAW_HOST:
        return None
    website = _on_website(address, package_id)
    file = repository_reference(website.listing[0].url)
    if file is None:
        return website
    branch, path = split_reference(file.reference, branches)
    directory = path.rpartition("/")[0]
    prefix = f"{directory}/" if directory else ""

    def with_paths(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
        return tuple(Address(one.url, one.file_name, prefix + one.file_name) for one in addresses)

    return Placement(
        with_paths(website.listing),
        with_paths(website.readme),
        "website",
        file.repository,
        branch,
        directory,
        "The project URL is on GitHub's host for raw files, which shows no page to visitors.",
    )


def _on_website(address: WebAddress, package_id: str | None) -> Placement:
    port = f":{address.port}" if address.port else ""
    folder = f"{address.scheme}://{address.host}{port}{address.path.rstrip('/')}/"

    def addresses(names: tuple[str, ...]) -> tuple[Address, ...]:
        return tuple(Address(folder + quote(name), name) for name in names)

    listing, readme = addresses(listing_names(package_id)), addresses(readme_names(package_id))
    site = _site_that_cannot_serve(address.host)
    if site is None:
        return Placement(listing, readme, "website")
    return Placement(
        listing,
        readme,
        "cannot-serve",
        reason=f"{site} does not serve files below this URL, where the Marketplace looks for the listing.",
    )


def _site_that_cannot_serve(host: str) -> str | None:
    """The name of the site a host belongs to, if that site serves no files below a project URL."""
    host = host.removeprefix("www.")
    if host.startswith("gitlab."):
        return "GitLab"
    domain = ".".join(host.split(".")[-2:])
    return _CANNOT_SERVE.get(host) or _CANNOT_SERVE_BELOW.get(domain)
