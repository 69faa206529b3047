"""UMB5xx, files, and UMB306: wrong names, and listings that several packages or none would have."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import (
    Document,
    JsonValue,
    NamedDocument,
    Observation,
    Place,
    RelatedPlace,
    Severity,
    did_you_mean,
    quote,
    visible,
)
from umbmarket.umbraco.facts import ListingFacts, PackageFacts
from umbmarket.umbraco.file_names import LISTING_STEM, README_STEM
from umbmarket.umbraco.judged import pushed_nuspec, readable_nuspec
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.rules.package_scope import place_of
from umbmarket.umbraco.rules.project_url import placed_nuspec
from umbmarket.umbraco.value_groups import PACKAGE_ID_VALUES
from umbmarket.umbraco.workspace import Workspace

_USUAL_NAME = f"{LISTING_STEM}.json"

_LONGEST_NAME = 160
"""Code points of a file name that a message quotes: a package id alone may have 100."""

_MOST_NAMED = 5
"""Packages that one message names."""

_TEMPLATE = "template"
"""The package type of `dotnet new` templates, in lower case: what they pack becomes somebody's project."""


@rule(
    "UMB306",
    "over-tagged",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="every package with the tag gets its own page, even one that is only a dependency of another",
)
def over_tagged(workspace: Workspace) -> Iterator[Observation]:
    """A package and one of its dependencies that both have the Marketplace's tag.

    Not reported if one of the two listings has `IsSubPackageOf`. An info if each package has its own listing, as then
    both are probably meant to be shown.

    Why it matters:
        Only the package that users install should have the tag. `PackageTags` in a shared `Directory.Build.props` gives
        it to all packages; even Umbraco HQ listed inner packages that way ("Oops, too liberal with the tag"). A sub
        package is shown only on the page of its parent.

    Bad:
        My.Package and My.Package.Core with <tags>umbraco-marketplace</tags>, the first depending on the second

    Good:
        My.Package with <tags>umbraco-marketplace</tags>, My.Package.Core without
    """
    for inner, unrelated in _inner_packages(workspace):
        nuspec = readable_nuspec(inner)
        if nuspec is None:
            continue
        own_pages = inner.listing is not None and all(
            user.listing is not None and user.listing is not inner.listing for user in unrelated
        )
        is_one = len(unrelated) == 1
        yield Observation(
            f"{quote(inner.document.id or '')} has the Marketplace's tag, and so {'has' if is_one else 'have'}"
            f" {_ids(unrelated)}, which {'depends' if is_one else 'depend'} on it",
            place_of(nuspec, "tags"),
            help=f"tag only the package that users install, or {_as_sub_package(inner, unrelated)}",
            args={"packageId": inner.document.id, "dependents": _id_list(unrelated)},
            severity=Severity.INFO if own_pages else None,
            document=inner.document,
        )


def _inner_packages(workspace: Workspace) -> list[tuple[PackageFacts, list[PackageFacts]]]:
    """The tagged packages that other tagged ones depend on, with those, where neither is a sub package."""
    tagged = [facts for facts in workspace.packages if facts.tagged and readable_nuspec(facts) is not None]
    by_id = {facts.document.id.lower(): facts for facts in tagged if facts.document.id}
    dependents: dict[str, dict[str, PackageFacts]] = {}
    for facts in tagged:
        for group in facts.document.dependency_groups:
            for dependency in group.dependencies:
                key = dependency.id.lower()
                if key in by_id and by_id[key] is not facts:
                    dependents.setdefault(key, {})[facts.document.id or ""] = facts
    found = []
    for key, users in dependents.items():
        inner = by_id[key]
        unrelated = [user for user in users.values() if not (_is_sub_package(inner) or _is_sub_package(user))]
        if unrelated:
            found.append((inner, unrelated))
    return found


def _as_sub_package(inner: PackageFacts, users: list[PackageFacts]) -> str:
    """How to show the inner package as a part of the other: in a listing that is the inner package's own."""
    shares = inner.listing is not None and any(user.listing is inner.listing for user in users)
    if shares and inner.placement.listing:
        return f'give it its own listing, {_own_name(inner)}, with "IsSubPackageOf"'
    return 'add "IsSubPackageOf" to the listing of the inner package'


def _is_sub_package(facts: PackageFacts) -> bool:
    value = facts.listing.document.value.get("IsSubPackageOf") if facts.listing is not None else None
    return isinstance(value, str) and bool(value.strip())


def _id_list(packages: Iterable[PackageFacts]) -> list[JsonValue]:
    return [facts.document.id for facts in packages]


def _ids(packages: list[PackageFacts]) -> str:
    """The ids of packages in words, the first few."""
    shown = [quote(facts.document.id or "") for facts in packages[:_MOST_NAMED]]
    more = len(packages) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    *first, last = shown
    return f"{', '.join(first)} and {last}" if first else last


@rule(
    "UMB502",
    "suffix-case",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace looks for a file by its exact name, so it never finds this one",
)
def suffix_case(workspace: Workspace) -> Iterator[Observation]:
    """A listing or Marketplace readme whose name the Marketplace does not look for.

    It looks for `umbraco-marketplace.json`, `umbraco-marketplace-{package id}.json`, `umbraco-marketplace-readme.md`
    and `umbraco-marketplace-readme-{package id}.md`, all in lower case. Reports upper case, other separators
    (`umbraco_marketplace.json`), copies (`umbraco-marketplace(1).json`), other file extensions (`.jsonc`, `.json.txt`),
    and up to two wrong letters (`umrbaco-marketplace.json`) if the file contains a listing.

    A warning if a file with the right name is in the same folder, as this one is probably a copy, and for an id that
    ends in `.json` if no package is checked that could have it.

    Why it matters:
        Listings with upper-case letters in the id are not found. Umbraco HQ had to rename their own files "to use
        lowercased package IDs" (November 2023), and five readmes with a typo in the name.

    Bad:
        umbraco-marketplace-My.Package.json

    Good:
        umbraco-marketplace-my.package.json
    """
    from umbmarket.umbraco.file_names import name_without_doubled_ending, right_name

    readable = (facts.document for facts in workspace.listings if facts.document.unreadable is None)
    listings = [document for document in readable if not document.is_symbolic(document.file_name)]
    documents: list[Document] = [*listings, *workspace.readmes, *map(NamedDocument, workspace.misnamed)]
    by_path = {document.path: document for document in documents}
    for document in documents:
        folder, slash, name = document.path.rpartition("/")
        if name == _USUAL_NAME:
            continue
        place = _beginning(document)
        right = right_name(name)
        if right == name:
            single = name_without_doubled_ending(name)
            if single is not None:
                yield from _doubled_ending(workspace, document, place, single)
            continue
        only_case = right == name.lower()
        beside = by_path.get(folder + slash + right)
        help_ = "rename it"
        if only_case:
            help_ = f"rename it: `git mv {visible(name)} {visible(right)}`"
        elif beside is not None:
            help_ = "remove it if it is a copy"
        yield Observation(
            f"the Marketplace looks for {quote(right, _LONGEST_NAME)}, not for {quote(name, _LONGEST_NAME)}",
            place,
            help=help_,
            args={"name": name, "expected": right},
            severity=Severity.WARNING if beside is not None and not only_case else None,
            document=document,
            related=(RelatedPlace(beside, _beginning(beside), "the Marketplace looks for this file"),)
            if beside is not None
            else (),
        )


def _beginning(document: Document) -> Place:
    """Where a finding stands that is about a file as a whole."""
    return document.opening if isinstance(document, Listing) else Place()


def _doubled_ending(workspace: Workspace, document: Document, place: Place, right: str) -> Iterator[Observation]:
    """A name such as `umbraco-marketplace-x.json.json`, which is right for a package with the id `x.json` alone."""
    name = document.path.rpartition("/")[2]
    stem = f"{README_STEM if name.lower().endswith('.md') else LISTING_STEM}-"
    suffix = name.lower().removeprefix(stem).rpartition(".")[0]
    ids = [facts.document.id.lower() for facts in workspace.packages if facts.document.id]
    if suffix in ids:
        return
    yield Observation(
        f"{quote(name, _LONGEST_NAME)} has the file extension {quote(name[name.rindex('.') :])} twice, so it is read"
        f" only for a package with the id {quote(suffix, _LONGEST_NAME)}",
        place,
        help=f"rename it to {visible(right)}, unless the package id is {visible(suffix)}",
        args={"name": name, "expected": right},
        severity=None if ids else Severity.WARNING,
        document=document,
    )


def _has_other_name(path: str) -> bool:
    """Whether UMB502 tells that nothing looks for a file of this name, whatever the packages are called."""
    from umbmarket.umbraco.file_names import right_name

    name = path.rpartition("/")[2]
    return right_name(name) != name.lower()


@rule(
    "UMB503",
    "suffix-without-package",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="a file with a package id in its name is read only for that package",
)
def suffix_without_package(workspace: Workspace) -> Iterator[Observation]:
    """A listing or Marketplace readme with a package id in its name that none of the checked packages has.

    Checked only together with packages. An info if each of these packages has its own file, as then the file probably
    belongs to a package that was not built. Not reported for ids that a listing refers to.

    Why it matters:
        The file is never read. The id in the name has a typo, was changed in the package, or is still the listing
        guide's `my.package`.

    Bad:
        umbraco-marketplace-my.package.json beside the package Jane.Search

    Good:
        umbraco-marketplace-jane.search.json beside the package Jane.Search
    """
    packages = [facts for facts in workspace.packages if not facts.document.is_symbols]
    if not packages or any(facts.document.id is None for facts in packages):
        return
    known = {facts.document.id.lower() for facts in packages if facts.document.id}
    known.update(
        text.strip().lower() for listing in workspace.listings for _, text in listing.document.texts(*PACKAGE_ID_VALUES)
    )
    placed = [facts for facts in packages if placed_nuspec(facts) is not None]
    if not placed and not workspace.archives:
        # Whatever is a library can be packed: none of them is meant for a listing.
        return
    for facts in workspace.listings:
        suffix = facts.document.suffix
        if suffix is None or facts.document.unreadable is not None or _has_other_name(facts.document.path):
            continue
        if suffix.lower() not in known:
            lacking = [each for each in placed if each.listing is None or each.listing.document.suffix is None]
            yield _without_package(facts.document, facts.document.opening, suffix, lacking)
    for readme in workspace.readmes:
        if readme.suffix is not None and readme.suffix.lower() not in known and not _has_other_name(readme.path):
            lacking = [each for each in placed if each.readme_file is None or each.readme_file.suffix is None]
            yield _without_package(readme, Place(), readme.suffix, lacking)


def _without_package(document: Document, place: Place, suffix: str, lacking: list[PackageFacts]) -> Observation:
    ids = [facts.document.id.lower() for facts in lacking if facts.document.id]
    meant = did_you_mean(suffix, ids).removeprefix("; ")
    if not meant and len(ids) == 1:
        meant = f"the name for {visible(ids[0])} ends in -{visible(ids[0])}"
    return Observation(
        f"none of the packages checked has the id {quote(suffix, _LONGEST_NAME)} in the file name",
        place,
        help=meant
        or "use the id of its package in lower case, or remove the file; keep it if that package was not built",
        args={"suffix": suffix},
        document=document,
        severity=None if lacking else Severity.INFO,
    )


@rule(
    "UMB507",
    "listing-inside-package",
    Severity.INFO,
    why="the Marketplace never reads a listing from inside a package",
)
def listing_inside_package(facts: PackageFacts) -> Iterator[Observation]:
    """A listing inside the package. Templates for `dotnet new` are not checked.

    Why it matters:
        Some instructions say to pack the listing. It does no harm, but it suggests that a change needs a new version of
        the package. It does not: the Marketplace reads the file at the project URL.

    Bad:
        <None Include="umbraco-marketplace.json" Pack="true" PackagePath="" />

    Good:
        umbraco-marketplace.json in the folder that the project URL leads to, and not packed
    """
    from umbmarket.umbraco.file_names import kind_of_name, may_be_schema

    if pushed_nuspec(facts) is None or not facts.document.knows("packageTypes"):
        return
    if any(each.name.lower() == _TEMPLATE for each in facts.document.package_types):
        return

    def is_listing(path: str) -> bool:
        name = path.rpartition("/")[2]
        return kind_of_name(name) == "listing" and not may_be_schema(name)

    packed = list(facts.document.files_where(is_listing))
    if packed:
        more = f", like {len(packed) - 1} more here" if len(packed) > 1 else ""
        yield Observation(
            f"the Marketplace does not read a listing inside a package{more}",
            packed[0].place(),
            help="put it where the project URL leads, and do not pack it",
            args={"members": len(packed)},
            document=packed[0].document,
        )


@rule(
    "UMB508",
    "shared-listing",
    Severity.INFO,
    why="all these packages are shown with the same title, description and screenshots",
)
def shared_listing(workspace: Workspace) -> Iterator[Observation]:
    """Several packages with the Marketplace's tag that share one listing.

    Packages that another of them depends on should not have the tag at all and are reported as UMB306.

    Why it matters:
        `umbraco-marketplace.json` applies to every package whose project URL leads to its folder and that has no file
        of its own. All of them are shown with the same title, description and screenshots.

    Bad:
        umbraco-marketplace.json alone, for My.Package and My.Other.Package

    Good:
        umbraco-marketplace-my.package.json and umbraco-marketplace-my.other.package.json
    """
    readers: dict[ListingFacts, list[PackageFacts]] = {}
    inner = [facts for facts, _ in _inner_packages(workspace)]
    for facts in workspace.packages:
        if facts in inner:
            continue
        # Of another place UMB501 and UMB504 tell: the listing is not read at all.
        is_read = facts.found_at_placement or facts.relation in (None, "unknown")
        if facts.listing is not None and facts.listing.document.suffix is None and facts.tagged and is_read:
            readers.setdefault(facts.listing, []).append(facts)
    for listing, packages in readers.items():
        distinct = list({(facts.document.id or "").lower(): facts for facts in packages}.values())
        places = {facts.placement.listing[-1].url.lower() for facts in distinct if facts.placement.listing}
        if len(distinct) < 2 or len(places) != 1 or any(not facts.placement.listing for facts in distinct):
            continue
        first = distinct[0]
        nuspec = readable_nuspec(first)
        about_package = nuspec is not None and not listing.checked
        yield Observation(
            f"{_ids(distinct)} share the listing {quote(listing.document.path, _LONGEST_NAME)}",
            place_of(nuspec, "projectUrl") if nuspec is not None and about_package else listing.document.opening,
            help=f"give each its own file, such as {_own_name(first)}",
            args={"packages": _id_list(distinct)},
            document=first.document if about_package else listing.document,
        )


def _own_name(facts: PackageFacts) -> str:
    return visible(facts.placement.listing[0].file_name)


@rule(
    "UMB509",
    "shadowed-listing",
    Severity.WARNING,
    why="of two listings in a folder, only the one with the package id in its name is read",
)
def shadowed_listing(workspace: Workspace) -> Iterator[Observation]:
    """`umbraco-marketplace.json` beside a listing with the package id in its name, with different content.

    Not reported if both have the same content, or if the file may be for another package: there are several packages,
    or several listings with an id.

    Why it matters:
        Changes to the file that is not read never show.

    Bad:
        umbraco-marketplace.json and umbraco-marketplace-my.package.json that differ, with My.Package alone

    Good:
        umbraco-marketplace.json
    """
    placed = [facts for facts in workspace.packages if placed_nuspec(facts) is not None]
    if len({(facts.document.id or "").lower() for facts in placed}) != 1:
        return
    facts = placed[0]
    read = facts.listing
    if read is None or read.document.suffix is None or not read.document.is_object:
        return
    folder = posixpath.dirname(read.document.path)
    beside = [
        listing
        for listing in workspace.listings
        if listing is not read and posixpath.dirname(listing.document.path) == folder
    ]
    if any(listing.document.suffix is not None for listing in beside):
        return
    plain = facts.placement.listing[-1].file_name if facts.placement.listing else "umbraco-marketplace.json"
    for listing in beside:
        document = listing.document
        if document.file_name != plain or not document.is_object or document.value == read.document.value:
            continue
        yield Observation(
            f"the Marketplace reads {quote(read.document.file_name, _LONGEST_NAME)} in the same folder instead, for"
            f" {quote(facts.document.id or '')}, the only package here",
            document.opening,
            help="keep one of the two, or give both the same content",
            args={"packageId": facts.document.id, "read": read.document.path},
            document=document,
        )


def _is_known_to_be_read(workspace: Workspace, listing: Listing) -> bool:
    """Whether a listing lies where the project URL of a package of the run leads."""
    return any(
        each.found_at_placement and each.listing is not None and each.listing.document is listing
        for each in workspace.packages
    )


@rule(
    "UMB511",
    "listing-left-behind",
    Severity.INFO,
    why="changes to a listing that is not read have no effect",
)
def listing_left_behind(workspace: Workspace) -> Iterator[Observation]:
    """A listing that is not read, because another one in this repository is read for the same package.

    This is certain if a package is checked whose project URL leads to another listing. Without packages, a listing
    below `App_Plugins` is assumed to be left over if there is one in the root of the repository (an estimate). The
    content of the file is not checked unless it is named on the command line.

    Why it matters:
        When a listing is moved to the root of the repository, the old file often stays. Changes to it have no effect.

    Bad:
        App_Plugins/MyPackage/umbraco-marketplace.json beside umbraco-marketplace-my.package.json in the root

    Good:
        umbraco-marketplace-my.package.json in the root
    """
    for facts in workspace.listings:
        read = facts.read_instead
        if read is None:
            continue
        yield Observation(
            "the Marketplace does not read this listing, so its content was not checked",
            facts.document.opening,
            help=f"remove it; {quote(read.path, _LONGEST_NAME)} is read instead",
            args={"read": read.path},
            document=facts.document,
            related=(RelatedPlace(read, read.opening, "the Marketplace reads this one"),),
            estimate=facts.document.suffix is None or not _is_known_to_be_read(workspace, read),
        )
