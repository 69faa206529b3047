"""UMB308 to UMB312: what of a package shows on its pages, at the Marketplace and at nuget.org."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from umbmarket.findings import Observation, Place, Severity, did_you_mean, quote, visible
from umbmarket.rules.catalogue import rule
from umbmarket.rules.package_scope import readable_nuspec
from umbmarket.workspace.facts import PackageFacts

if TYPE_CHECKING:
    from umbmarket.documents.marketplace_readme import MarketplaceReadme
    from umbmarket.documents.nuspec import Nuspec
    from umbmarket.documents.packed_file import PackedFile
    from umbmarket.documents.readme import ReadmeLink

_SYNC = "/AuthorDetails/SyncContributorsFromRepository"

_ICON_TYPES = ("png", "jpeg")
"""What nuget.org finds an icon to be by its first bytes (NuGetGallery, PackageMetadataValidationService)."""

_ICON_EXTENSIONS = (".png", ".jpg", ".jpeg")
"""Endings that nuget.org takes for an icon (same source)."""

_MOST_IDS = 5
"""Unknown licence ids that are told: an expression has seldom more than two."""

_DEFAULT_DESCRIPTION = "package description"
"""What `dotnet pack` and `nuget spec` write where there is none (NuGet.Client, NuGet.Build.Tasks.Pack.targets and
DefaultManifestValuesRule)."""

_TEMPLATE_TITLES = frozenset(("my package", "class library", "package title", "your package", "package name"))
"""Titles that templates come with."""

_PLACEHOLDER = re.compile(r"\$\w+\$")
"""A token of `nuget spec` and of templates, such as `$title$`, that nothing has replaced."""


def _nuspec(facts: PackageFacts) -> Nuspec | None:
    """The metadata to judge; None where there is none, or the package is not meant for the Marketplace."""
    return readable_nuspec(facts) if facts.is_meant else None


def _holds_elements(nuspec: Nuspec, element: str) -> bool:
    """The element holds others instead of text, which UMB313 tells: what it means cannot be known."""
    return any(
        problem.kind == "embedded-with-children" and problem.args.get("name") == element
        for problem in nuspec.push_problems
    )


def _name(facts: PackageFacts) -> str:
    return visible(facts.document.id or facts.document.file_name)


def _missing(file: PackedFile, element: str) -> Observation:
    """What the nuspec names and the package does not hold."""
    near = file.near
    if near is not None:
        only_case = near.upper() == file.path.upper()
        reason = "the letter case counts" if only_case else "white space and letter case count"
        message = f"{quote(file.declared)} is not in the package, {quote(near)} is"
        help_ = f"write {visible(near)} in the project: {reason}"
    else:
        message = f"{quote(file.declared)} is not in the package"
        help_ = (
            f'pack the file, such as with <None Include="{visible(file.path.strip())}" Pack="true" PackagePath="" />'
        )
        if file.elsewhere:
            help_ = f"the package has {' and '.join(map(visible, file.elsewhere))}: write its path in the package"
    return Observation(
        message,
        Place(f"/metadata/{element}"),
        help=help_,
        args={"declared": file.declared, "near": near, "elsewhere": list(file.elsewhere)},
    )


@rule(
    "UMB308",
    "contributors-need-github",
    Severity.WARNING,
    why="contributors are synced from GitHub alone, by the repository URL in the package",
)
def contributors_need_github(facts: PackageFacts) -> Iterator[Observation]:
    """`SyncContributorsFromRepository` is true, and the package names no repository on GitHub.

    The repository URL is meant, `RepositoryUrl` in the project, and not the project URL. No finding where the listing
    names contributors: then nothing is synced (UMB215).

    Why it matters:
        The page shows no contributors, without a word (listing guide, 2024-2025 text).

    Bad:
        <repository type="git" url="https://gitlab.com/owner/repository" />

    Good:
        <repository type="git" url="https://github.com/owner/repository" />
    """
    from umbmarket.marketplace.github import parse_repository

    if _nuspec(facts) is None or facts.listing is None:
        return
    listing = facts.listing.document
    if listing.get(_SYNC) is not True or listing.get("/AuthorDetails/Contributors"):
        return
    repository = facts.document.repository
    url = repository.url.strip() if repository is not None else ""
    if url and parse_repository(url) is not None:
        return
    yield Observation(
        f"the repository of {_name(facts)} is {quote(url)}, which is not on GitHub: no contributors to sync"
        if url
        else f"{_name(facts)} has no repository URL to sync contributors from",
        Place(_SYNC),
        help='set "RepositoryUrl" in the project to the repository on GitHub, or list the contributors here',
        args={"id": facts.document.id, "repositoryUrl": url or None},
        document=listing,
    )


@rule(
    "UMB309",
    "readme",
    Severity.WARNING,
    why="the readme is the body of the package's page",
)
def readme(facts: PackageFacts) -> Iterator[Observation]:
    """No readme, one that is not in the package, or one whose links and images lead nowhere on the listing page.

    Looked at is the readme that is shown: the `umbraco-marketplace-readme*.md` beside the listing where there is one,
    else the one in the package. Links and images with a relative target are dead there.

    Why it matters:
        Without one the page has nothing but the description. A readme is shown away from the repository it was written
        in, so `docs/setup.md` and `images/editor.png` lead nowhere. nuget.org refuses a package that names a readme it
        does not hold.

    Bad:
        ![The editor](images/editor.png)

    Good:
        ![The editor](https://raw.githubusercontent.com/owner/repository/main/images/editor.png)
    """
    from umbmarket.documents.readme import dead_links

    nuspec = _nuspec(facts)
    if nuspec is None:
        return
    packed, shown = facts.document.readme, facts.readme_file
    unclear = _holds_elements(nuspec, "readme")
    if packed is None and shown is None and not unclear:
        yield Observation(
            "the package has no readme",
            Place("/metadata"),
            help='pack one with <PackageReadmeFile>, or put "umbraco-marketplace-readme.md" beside the listing',
        )
    if packed is not None and packed.entry is None and not unclear:
        yield _missing(packed, "readme")
    if shown is not None:
        if _is_first_with_readme(facts):
            for link in dead_links(shown.source.text):
                yield _dead(link, Place(span=link.span), document=shown)
    elif packed is not None and packed.entry is not None:
        for link in dead_links(packed.source.text):
            yield _dead(link, Place(span=link.span, member=packed.entry.name))


def _is_first_with_readme(facts: PackageFacts) -> bool:
    """No package before it in the run has the same Marketplace readme, whose links are told once."""
    shown = facts.readme_file
    for each in facts.run:
        other = each.readme_file
        if each is facts:
            break
        if shown is not None and other is not None and other.path == shown.path and _nuspec(each) is not None:
            return False
    return True


def _dead(link: ReadmeLink, place: Place, *, document: MarketplaceReadme | None = None) -> Observation:
    is_image = link.kind == "image"
    example = (
        "https://raw.githubusercontent.com/owner/repository/main/"
        if is_image
        else "https://github.com/owner/repository/blob/main/"
    )
    return Observation(
        f"{quote(link.target)} is relative: on the listing page this {link.kind}"
        f" {'does not show' if is_image else 'leads nowhere'}",
        place,
        help=f"write the whole address, for a file on GitHub {example} and its path",
        args={"target": link.target, "kind": link.kind},
        document=document,
    )


@rule(
    "UMB310",
    "icon",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the icon stands for the package in every list, and nuget.org refuses a package whose icon is not right",
)
def icon(facts: PackageFacts) -> Iterator[Observation]:
    """No icon, or one that nuget.org refuses.

    An error where the file is not in the package under exactly this path (letter case counts), is not PNG or JPEG by
    its first bytes and its ending, or is larger than 1,048,576 bytes. A warning where there is none, or only the
    deprecated `iconUrl`.

    Why it matters:
        The Marketplace takes the icon from NuGet; without one a package shows NuGet's own. Sources of the limits:
        NuGetGallery, PackageMetadataValidationService and GalleryConstants.

    Bad:
        <iconUrl>https://example.com/icon.png</iconUrl>

    Good:
        <icon>icon.png</icon>
    """
    nuspec = _nuspec(facts)
    if nuspec is None or _holds_elements(nuspec, "icon"):
        return
    file = facts.document.icon
    if file is None:
        yield _no_icon(nuspec)
        return
    if file.entry is None:
        yield _missing(file, "icon")
        return
    wrong = _wrong_with_icon(file)
    if wrong is not None:
        yield Observation(
            wrong,
            Place("/metadata/icon"),
            help="pack a PNG or JPEG of at most 1 MB; 128 x 128 pixels are enough",
            args={"size": file.size, "type": file.image_type},
        )


def _no_icon(nuspec: Nuspec) -> Observation:
    if nuspec.icon_url is not None and nuspec.icon_url.strip():
        return Observation(
            "the icon is given by the deprecated iconUrl alone",
            Place(nuspec.pointer("iconUrl") or "/metadata"),
            help="pack the picture and name it with <PackageIcon> in the project",
            args={"iconUrl": nuspec.icon_url},
            severity=Severity.WARNING,
        )
    return Observation(
        "the package has no icon",
        Place("/metadata"),
        help="pack a PNG or JPEG and name it with <PackageIcon> in the project",
        severity=Severity.WARNING,
    )


def _wrong_with_icon(file: PackedFile) -> str | None:
    """What nuget.org refuses the icon for: the first thing that is wrong."""
    from umbmarket.documents.packed_file import LARGEST_EMBEDDED_FILE

    written = quote(file.declared)
    if file.is_too_large:
        return f"{written} has {file.size:,} bytes, and nuget.org takes at most {LARGEST_EMBEDDED_FILE:,}"
    if file.problem is not None:
        return f"{written} cannot be read: {visible(file.problem.detail)}"
    if not file.size:
        return f"{written} is empty"
    if file.image_type not in _ICON_TYPES:
        found = f"is {file.image_type.upper()} by its first bytes" if file.image_type else "is no image"
        return f"{written} {found}, and nuget.org takes PNG and JPEG alone"
    if file.extension not in _ICON_EXTENSIONS:
        return f"{written} does not end in .png, .jpg or .jpeg, and nuget.org takes no other ending"
    return None


@rule(
    "UMB311",
    "license",
    Severity.WARNING,
    why="without a licence that NuGet understands nobody knows whether they may use the package",
)
def license_(facts: PackageFacts) -> Iterator[Observation]:
    """No licence, only the deprecated `licenseUrl`, or a licence that nuget.org refuses.

    The licence file must be in the package; an expression must be made of SPDX ids that the OSI or the FSF approved, in
    their letter case. The list of these ids is that of 2026, so that one which is not on it is "not known to be
    accepted".

    Why it matters:
        nuget.org shows the licence, and refuses a package whose licence is not right (NuGetGallery,
        PackageMetadataValidationService). The listing's `LicenseTypes` says what a package costs and not what its
        licence is.

    Bad:
        <license type="expression">Apache 2</license>

    Good:
        <license type="expression">Apache-2.0</license>
    """
    nuspec = _nuspec(facts)
    if nuspec is None or _holds_elements(nuspec, "license"):
        return
    refused = [problem for problem in nuspec.push_problems if problem.kind.startswith("license-")]
    for problem in refused:
        yield Observation(
            visible(problem.detail),
            problem.place,
            help="let dotnet pack write it: set PackageLicenseExpression or PackageLicenseFile in the project",
            args=dict(problem.args),
        )
    held = facts.document.license
    file = facts.document.license_file
    if held is not None and held.kind == "expression":
        yield from _unknown_ids(held.value, held.pointer)
    elif file is not None and file.entry is None and file.path.strip():
        yield _missing(file, "license")
    elif not refused and (held is None or (held.kind == "url" and not held.value)):
        yield Observation(
            "the package has no licence",
            Place("/metadata"),
            help="set PackageLicenseExpression or PackageLicenseFile in the project",
        )
    elif not refused and held is not None and held.kind == "url":
        yield Observation(
            "the licence is given by the deprecated licenseUrl alone",
            Place(held.pointer),
            help="set PackageLicenseExpression or PackageLicenseFile in the project instead",
            args={"licenseUrl": held.value},
        )


def _unknown_ids(expression: str, pointer: str) -> Iterator[Observation]:
    from umbmarket.nuget.licenses import APPROVED_LICENSES, unapproved_ids

    for name in islice(unapproved_ids(expression), _MOST_IDS):
        # SPDX replaced the bare ids of the GNU licences by one for each meaning.
        meanings = [each for each in (f"{name}-only", f"{name}-or-later") if each in APPROVED_LICENSES]
        if meanings:
            hint = f"; did you mean {' or '.join(map(quote, meanings))}?"
        else:
            hint = did_you_mean(name, sorted(APPROVED_LICENSES))
        yield Observation(
            f"{quote(name)} is not known to be accepted as a licence id{hint}",
            Place(pointer),
            help="use the SPDX id of a licence that the OSI or the FSF approved, or pack the licence as a file",
            args={"id": name},
        )


@rule(
    "UMB312",
    "template-metadata",
    Severity.WARNING,
    why="it is what the tools fill in, and says nothing about the package",
)
def template_metadata(facts: PackageFacts) -> Iterator[Observation]:
    """A description, authors or a title that nobody has written.

    "Package Description", authors equal to the package id, titles such as "My Package", and tokens such as `$title$`
    that nothing has replaced.

    Why it matters:
        `dotnet pack` takes the assembly's name for missing authors and "Package Description" for a missing description.
        Both pages show them, the Marketplace where the listing gives nothing else.

    Bad:
        <description>Package Description</description>

    Good:
        <description>Adds a colour picker to the backoffice.</description>
    """
    nuspec = _nuspec(facts)
    if nuspec is None:
        return
    description = (nuspec.description or "").strip()
    if description.rstrip(".").lower() == _DEFAULT_DESCRIPTION or _PLACEHOLDER.fullmatch(description):
        yield _left(nuspec, "description", description, "say in a sentence what the package does (Description)")
    package_id = (nuspec.id or "").strip()
    if len(nuspec.authors) == 1:
        author = nuspec.authors[0]
        element = "authors" if nuspec.text("authors") else "owners"
        if author.lower() == package_id.lower():
            yield Observation(
                f"the author is {quote(author)}, which is the id of the package",
                Place(nuspec.pointer(element) or "/metadata"),
                help="set Authors in the project: people or a company",
                args={"element": element, "value": author},
            )
        elif _PLACEHOLDER.fullmatch(author):
            yield _left(nuspec, element, author, "set Authors in the project: people or a company")
    title = (nuspec.title or "").strip()
    if (title.lower() in _TEMPLATE_TITLES and title.lower() != package_id.lower()) or _PLACEHOLDER.fullmatch(title):
        yield _left(nuspec, "title", title, "set Title in the project, or leave it out: then the id is shown")


def _left(nuspec: Nuspec, element: str, written: str, help_: str) -> Observation:
    return Observation(
        f"{quote(written)} in <{element}> is left from a template",
        Place(nuspec.pointer(element) or "/metadata"),
        help=help_,
        args={"element": element, "value": written},
    )
