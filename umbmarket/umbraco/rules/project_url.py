"""UMB5xx, project URL: where it leads, and whether the listing is there.

Where the Marketplace looks is told in `umbmarket.umbraco.placement`, with what is documented and what is inferred.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import Document, Observation, RelatedPlace, Severity, quote, visible
from umbmarket.git.relation import Repository, relation
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.judged import is_judged, readable_nuspec, shows_intent
from umbmarket.umbraco.rules.package_scope import place_of
from umbmarket.umbraco.workspace import Workspace

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec import Nuspec

_LONGEST_PATH = 160
"""Code points of a path that a message quotes: a package id alone may have 100."""

_OUTPUT = frozenset(("bin", "artifacts", "output", "out", "nupkg", "nupkgs", "dist", "publish"))
"""Folders that builds put packages into, in lower case: the SDK's own, and those of `dotnet pack --output`."""

_OLD_BUILD = "; if this package is an old build, build it again"


def placed_nuspec(facts: PackageFacts) -> Nuspec | None:
    """The metadata of a package that the Marketplace would look for a listing of; None of any other.

    It is one that is judged for the Marketplace. Of several packages without the tag none is: builds make helper
    packages as well, whose project URL is that of the one that is for the Marketplace.
    """
    is_placed = shows_intent(facts) or (is_judged(facts) and not facts.siblings)
    return readable_nuspec(facts) if is_placed else None


@rule(
    "UMB501",
    "listing-not-found-there",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace looks only at the project URL, and silently shows the package without its listing",
)
def listing_not_found_there(facts: PackageFacts) -> Iterator[Observation]:
    """The project URL leads into this repository, but there is no listing there.

    The Marketplace looks for `umbraco-marketplace-{id}.json`, with the id in lower case, and
    `umbraco-marketplace.json`: in the root of the repository, or in the folder after `/tree/{branch}/` or
    `/blob/{branch}/` in the project URL.

    An error if the listing is elsewhere in the repository. A warning if there is none, as the package is then shown
    with its NuGet metadata, and if the package was found in a folder, as it may be an old build. Not reported if the
    project URL names a branch that is not checked out.

    Why it matters:
        9 of about 110 public repositories had the file in the wrong place at first ("Moved JSON to correct place!"). It
        is never read from inside the package, nor from the project folder unless the project URL leads there.

    Bad:
        src/My.Package/umbraco-marketplace.json with <projectUrl>https://github.com/owner/repository</projectUrl>

    Good:
        src/My.Package/umbraco-marketplace.json with
        <projectUrl>https://github.com/owner/repository/tree/main/src/My.Package</projectUrl>
    """
    # Late: where things belong is worked out for packages alone.
    from umbmarket.umbraco.belonging import is_checked_out

    nuspec, repository = placed_nuspec(facts), facts.repository
    paths = [address.path for address in facts.placement.listing if address.path is not None]
    if nuspec is None or repository is None or facts.relation != "same" or facts.found_at_placement or not paths:
        return
    if not is_checked_out(facts.placement, repository) or any(repository.look_up(path).exact for path in paths):
        # What a sparse checkout leaves out is there, and cannot be read.
        return
    if not facts.document.knows("id"):
        # A listing may be called after it.
        return
    directory = facts.placement.directory
    where = f"in {quote(directory, _LONGEST_PATH)}" if directory else "in the root"
    if facts.placement.names_file:
        where = f"below the file {quote(directory, _LONGEST_PATH)}"
    names = " and ".join(quote(path.rpartition("/")[2], _LONGEST_PATH) for path in paths)
    other_case = next((found for path in paths if (found := repository.look_up(path).other_case)), None)
    if other_case is not None and _is_told_of_its_name(facts, other_case):
        return
    elsewhere = other_case or _listing_elsewhere(facts, repository, paths)
    help_ = "write one with `umbmarket init`, or the page has no category, screenshots or licence type"
    if other_case is not None:
        help_ = f"the repository has {quote(other_case, _LONGEST_PATH)}, but paths on GitHub are case-sensitive"
    elif elsewhere is not None:
        help_ = _way_to(facts, repository, elsewhere, paths)
    severity = None if elsewhere is not None and facts.is_current else Severity.WARNING
    neither = "neither exists" if len(paths) > 1 else "it does not exist"
    yield Observation(
        f"the Marketplace looks for {names} {where} of this repository, but {neither}",
        place_of(nuspec, "projectUrl"),
        help=help_ if facts.is_current else help_ + _OLD_BUILD,
        args={"paths": [*paths], "elsewhere": elsewhere},
        severity=severity,
    )


def _is_told_of_its_name(facts: PackageFacts, path: str) -> bool:
    """Whether UMB502 tells that the name of the listing at `path` is not in lower case."""
    listing = facts.listing
    if listing is None or not listing.checked or listing.path_in_repository != path:
        return False
    return listing.document.file_name != listing.document.file_name.lower()


def _listing_elsewhere(facts: PackageFacts, repository: Repository, paths: list[str]) -> str | None:
    """Where in the repository a listing lies that may be meant for the package."""
    from umbmarket.umbraco.file_names import kind_of_name, may_be_schema

    listing = facts.listing
    if listing is not None and listing.repository is repository:
        return listing.path_in_repository
    theirs = {each.listing.path_in_repository for each in facts.run if each.found_at_placement and each.listing}
    for path in paths:
        similar = repository.look_up(path).similar
        if similar in theirs:
            continue
        name = similar.rpartition("/")[2] if similar is not None else ""
        if kind_of_name(name) == "listing" and not may_be_schema(name):
            return similar
    return None


def _way_to(facts: PackageFacts, repository: Repository, elsewhere: str, paths: list[str]) -> str:
    """What to do when a listing lies elsewhere."""
    from urllib.parse import quote as percent_encoded

    folder, _, name = elsewhere.rpartition("/")
    found = f"the repository has {quote(elsewhere, _LONGEST_PATH)}"
    named = facts.placement.repository
    if name not in [path.rpartition("/")[2] for path in paths]:
        return f"{found}: if it belongs to this package, move it to {quote(paths[0], _LONGEST_PATH)}"
    branch = repository.default_branch or facts.placement.branch or repository.branch
    if named is None or branch is None or folder == facts.placement.directory:
        return f"{found}: move it"
    url = f"{named.url}/tree/{percent_encoded(branch)}/{percent_encoded(folder)}" if folder else named.url
    return f"{found}: move it, or set the project URL to {visible(url)}"


@rule(
    "UMB504",
    "other-repository",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="the Marketplace reads the listing from the repository that the project URL names, not from this one",
)
def other_repository(facts: PackageFacts) -> Iterator[Observation]:
    """The project URL leads to another GitHub repository than this working tree's remote.

    An info if only the owner differs, as this may be a fork. Not reported if another remote of the working tree is that
    repository, or if the package was found in a folder and may come from elsewhere.

    Why it matters:
        The listing in this repository would never be read. This happens when a package or a repository is renamed or
        moved, and when a new project starts as a copy of another one.

    Bad:
        <projectUrl>https://github.com/owner/old-name</projectUrl> in a clone of https://github.com/owner/new-name

    Good:
        <projectUrl>https://github.com/owner/new-name</projectUrl>
    """
    nuspec, repository, named = placed_nuspec(facts), facts.repository, facts.placement.repository
    if nuspec is None or repository is None or named is None or facts.relation not in ("fork", "other"):
        return
    if any(named.same_as(remote) for remote in repository.github_remotes) or not _is_built_here(facts, repository):
        return
    its_name, own_name = f"{named.owner}/{named.name}", f"{repository.owner}/{repository.name}"
    is_fork = facts.relation == "fork"
    advice = f"to have the listing read from this repository, set PackageProjectUrl to https://github.com/{own_name}"
    yield Observation(
        f"the project URL leads to {quote(its_name, _LONGEST_PATH)} on GitHub, but the remote of this working tree is"
        f" {quote(own_name, _LONGEST_PATH)}",
        place_of(nuspec, "projectUrl"),
        help=f"keep it if this fork only sends pull requests; {advice}" if is_fork else advice,
        args={"projectUrl": its_name, "remote": own_name},
        severity=Severity.INFO if is_fork else None,
    )


def _is_built_here(facts: PackageFacts, repository: Repository) -> bool:
    """Whether a package comes from this working tree.

    The user says so, it says so itself, it lies where builds put packages, or a listing here has its id in its name.
    One that names another repository as its source comes from there.
    """
    from umbmarket.disk.files import BUILD_OUTPUT
    from umbmarket.web.addresses.repositories import parse_repository

    if facts.is_current or BUILD_OUTPUT in facts.document.path.lower().split("/")[:-1]:
        return True
    source = facts.document.repository
    location = parse_repository(source.url.strip()) if source is not None else None
    if location is not None:
        return relation(repository, location.repository) == "same"
    if not _OUTPUT.isdisjoint(facts.document.path.lower().split("/")[:-1]):
        return True
    return facts.listing is not None and facts.listing.document.suffix is not None


@rule(
    "UMB505",
    "host-cannot-serve",
    Severity.WARNING,
    why="the Marketplace requests the listing below the project URL, and this host answers with a page or an error",
)
def host_cannot_serve(facts: PackageFacts) -> Iterator[Observation]:
    """A project URL below which no listing can be served.

    Such as GitLab, Azure DevOps, Bitbucket, nuget.org, our.umbraco.com, the Marketplace itself, GitHub pages that are
    not a repository, and a URL that names a file, such as `.../blob/main/README.md`. Other websites can serve the
    listing and are not reported.

    Why it matters:
        On hosts other than GitHub the listing is requested directly below the project URL (inferred). Of about 130
        packages with a listing none uses such a host, and three use their own website.

    Bad:
        <projectUrl>https://gitlab.com/owner/repository</projectUrl>

    Good:
        <projectUrl>https://github.com/owner/repository</projectUrl>
    """
    nuspec, placement = placed_nuspec(facts), facts.placement
    leaves = placement.kind == "none" and placement.repository is not None
    if nuspec is None:
        return
    if placement.names_file and not _is_told_where_to_look(facts):
        yield from _names_file(facts, nuspec)
        return
    if not (placement.kind == "cannot-serve" or leaves):
        return
    url = quote((facts.document.project_url or "").strip(), _LONGEST_PATH)
    reason = visible(placement.reason).removesuffix(".").replace("this URL", url, 1)
    yield Observation(
        reason.replace("The project URL", "the project URL", 1),
        place_of(nuspec, "projectUrl"),
        help="use a GitHub repository, a folder of one, or a website that serves umbraco-marketplace.json directly"
        " below the URL",
        args={"projectUrl": facts.document.project_url},
    )


def _is_told_where_to_look(facts: PackageFacts) -> bool:
    """Whether UMB501 tells that nothing lies below the file, or a folder of this repository is called like one."""
    return facts.repository is not None and facts.relation == "same"


def _names_file(facts: PackageFacts, nuspec: Nuspec) -> Iterator[Observation]:
    """A project URL that is a file's."""
    url = (facts.document.project_url or "").strip()
    name = facts.placement.directory.rpartition("/")[2] or url.rstrip("/").rpartition("/")[2]
    above = url.rstrip("/").rpartition("/")[0]
    yield Observation(
        f"the project URL names the file {quote(name, _LONGEST_PATH)}, but the Marketplace looks for the listing"
        " below it",
        place_of(nuspec, "projectUrl"),
        help=f"use the URL of its folder or of the repository, such as {visible(above)}",
        args={"projectUrl": facts.document.project_url},
        estimate=True,
    )


@rule(
    "UMB506",
    "other-branch",
    Severity.INFO,
    why="the Marketplace looks for the listing on the default branch",
)
def other_branch(workspace: Workspace) -> Iterator[Observation]:
    """A branch other than the default branch, in the project URL or checked out.

    Reported once for each repository. If another branch is checked out, the Marketplace does not read the files that
    are checked here. If the project URL names another branch, a tag or a commit, the listing is probably read from
    there, as some of Umbraco HQ's own packages do. The default branch is the one at the time of cloning. If git does
    not know it, as on most build servers, nothing is reported.

    Why it matters:
        "We look for it on the default branch, yes", Umbraco HQ answered when a listing on `v11/dev` was not found.

    Bad:
        <projectUrl>https://github.com/owner/repository/tree/v13/dev</projectUrl>

    Good:
        <projectUrl>https://github.com/owner/repository</projectUrl>
    """
    told: set[Repository] = set()
    for facts in workspace.packages:
        nuspec, repository = placed_nuspec(facts), facts.repository
        if nuspec is None or repository is None or facts.relation != "same" or repository.default_branch is None:
            continue
        default, named, current = repository.default_branch, facts.placement.branch, repository.branch
        if repository in told or {named or default, current or default} == {default}:
            continue
        told.add(repository)
        document: Document = facts.document
        if named is not None and named != default:
            yield Observation(
                f"the project URL leads to {quote(named)}, but the default branch is {quote(default)}",
                place_of(nuspec, "projectUrl"),
                help=f"remove the branch, or write {visible(default)}; if the default branch was renamed since this"
                " clone, run git remote set-head origin --auto",
                args={"branch": named, "defaultBranch": default},
                document=document,
                estimate=True,
            )
        elif current is not None:
            yield Observation(
                f"{quote(current)} is checked out, but the Marketplace reads the listing on the default branch"
                f" {quote(default)}",
                place_of(nuspec, "projectUrl"),
                help="merge the listing into the default branch, even for a package of an older Umbraco version",
                args={"branch": current, "defaultBranch": default},
                document=document,
            )


@rule(
    "UMB510",
    "served-from-website",
    Severity.INFO,
    why="the Marketplace asks the website for the listing, not the repository",
)
def served_from_website(facts: PackageFacts) -> Iterator[Observation]:
    """The project URL is a website, but the listing is in this repository.

    The listing counts only if the website serves it directly below the project URL (inferred). `umbmarket status` shows
    whether it does.

    Why it matters:
        Of about 130 packages with a listing, three have a website as project URL. A listing that is changed only in the
        repository is never read.

    Bad:
        <projectUrl>https://example.com/my-package</projectUrl> with umbraco-marketplace.json in the repository alone

    Good:
        <projectUrl>https://example.com/my-package</projectUrl> with
        https://example.com/my-package/umbraco-marketplace.json
    """
    nuspec, listing = placed_nuspec(facts), facts.listing
    if nuspec is None or listing is None:
        return
    served = facts.placement.served_at(listing.document.file_name)
    if served is None:
        return
    yield Observation(
        f"the project URL is a website, so the website has to serve {quote(listing.document.path, _LONGEST_PATH)}",
        place_of(nuspec, "projectUrl"),
        help=f"serve it at {visible(served)}, or set the project URL to the GitHub repository",
        args={"url": served, "listing": listing.document.path},
        related=(RelatedPlace(listing.document, listing.document.opening, "the listing that is meant"),),
        estimate=True,
    )
