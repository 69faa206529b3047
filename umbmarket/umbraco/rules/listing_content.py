"""UMB2xx, texts and entries: what the schema cannot say about the words of a listing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Fix, JsonValue, Observation, Place, Severity, quote, visible
from umbmarket.nuget.identifiers import MAX_PACKAGE_ID_LENGTH, dependency_id_problem, is_gallery_id
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.rules.removals import removal, says_something
from umbmarket.umbraco.rules.schema_refusals import safety_of
from umbmarket.umbraco.value_groups import PACKAGE_ID_VALUES, URL_VALUES

CARD_DESCRIPTION_LENGTH = 120
"""Characters of a description that a card in a list shows, about (observed: BaryoDev #5)."""

LONGEST_DESCRIPTION = 2 * CARD_DESCRIPTION_LENGTH
"""Characters of a description of which a card still shows about half; of 39 descriptions in public repositories 7 are
longer, 20 are longer than a card."""

OLDEST_MAJOR = 7
"""The oldest Umbraco major that a version specific package can be for: the Marketplace lists packages from 8 on, and
packages moved there from version 7 name it."""


@rule(
    "UMB205",
    "missing-category",
    Severity.WARNING,
    why="visitors who browse by category do not find the package",
)
def missing_category(facts: ListingFacts) -> Iterator[Observation]:
    """A listing without `Category`.

    Why it matters:
        Visitors browse the Marketplace by category. On one day in March 2023 Umbraco HQ sent about 15 pull requests to
        package authors to add missing categories.

    Bad:
        {"Title": "Starter Kit"}

    Good:
        {"Title": "Starter Kit", "Category": "Themes & Starter Kits"}
    """
    listing = facts.document
    if "Category" in listing.value or not listing.intact or facts.untouched:
        return
    if any(key.lower() in ("category", "categories") for key in listing.value):
        return
    from umbmarket.umbraco.vocabulary import categories

    yield Observation('the listing has no "Category"', listing.opening, help=f"add one of: {', '.join(categories())}")


@rule(
    "UMB206",
    "same-category-twice",
    Severity.WARNING,
    why="the second category has no effect",
    fix="safe",
)
def same_category_twice(facts: ListingFacts) -> Iterator[Observation]:
    """`AlternateCategory` is the same as `Category`.

    Why it matters:
        A package can be listed in two categories. Naming the same one twice uses only one of them.

    Bad:
        {"Category": "Search", "AlternateCategory": "Search"}

    Good:
        {"Category": "Search", "AlternateCategory": "Developer Tools"}
    """
    listing = facts.document
    category = listing.value.get("Category")
    if isinstance(category, str) and category.strip() and category == listing.value.get("AlternateCategory"):
        yield Observation(
            f'"AlternateCategory" repeats the category {quote(category)}',
            Place("/AlternateCategory"),
            help="choose another category, or remove the property",
            args={"category": category},
            fixes=listing.edits.fix('Remove "AlternateCategory"', listing.edits.remove("/AlternateCategory")),
        )


@rule(
    "UMB207",
    "surrounding-whitespace",
    Severity.WARNING,
    why="the spaces are kept and can break links and tag matching",
    fix="safe",
)
def surrounding_whitespace(facts: ListingFacts) -> Iterator[Observation]:
    """White space at the start or end of a value.

    Why it matters:
        The Marketplace is not known to trim values. A package id or a tag with a trailing space matches nothing.

    Bad:
        {"Tags": ["search ", "index"]}

    Good:
        {"Tags": ["search", "index"]}
    """
    listing = facts.document
    for pointer, text in listing.odd_texts:
        trimmed = text.strip()
        if trimmed != text and trimmed and pointer not in facts.refused:
            where = "at both ends" if text[0].isspace() and text[-1].isspace() else None
            where = where or ("at the start" if text[0].isspace() else "at the end")
            yield Observation(
                f"white space {where} of {quote(text)}",
                Place(pointer),
                help="remove it",
                fixes=listing.edits.fix("Remove the white space", listing.edits.replace(pointer, trimmed)),
            )


@rule(
    "UMB208",
    "self-reference",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace's validation rejects a package that refers to itself",
    fix="unsafe",
)
def self_reference(facts: ListingFacts) -> Iterator[Observation]:
    """A listing that names its own package where another one is expected.

    An error in `VersionSpecificPackageIds` and `IsSubPackageOf`, a warning in `RelatedPackages` and `PackagesByAuthor`.
    The package id is taken from the file name, from `--package-id`, or from the package that the listing belongs to.
    Without one of these the rule does not apply.

    The fix removes the entry. It is unsafe for `IsSubPackageOf` and for entries with a description.

    Why it matters:
        The Marketplace's validation page says "package can't reference itself". Three repositories had to remove such
        an entry, and several listings still have one.

    Bad:
        {"VersionSpecificPackageIds": [{"UmbracoMajorVersion": 13, "PackageId": "My.Own.Id"}]}

    Good:
        {"VersionSpecificPackageIds": [{"UmbracoMajorVersion": 8, "PackageId": "My.Old.Id"}]}
    """
    listing = facts.document
    own = facts.package_id
    if own is None:
        return
    for patterns, severity, help_ in (
        (
            ("/VersionSpecificPackageIds/*/PackageId",),
            Severity.ERROR,
            "name only packages with another id; this package's Umbraco versions come from its dependencies",
        ),
        (("/IsSubPackageOf",), Severity.ERROR, "name the parent package, or remove the property"),
        (("/RelatedPackages/*/PackageId", "/PackagesByAuthor/*"), Severity.WARNING, "remove the entry"),
    ):
        for pointer, text in listing.texts(*patterns):
            if text.strip().lower() == own.lower():
                yield Observation(
                    f"the listing of {quote(own)} refers to its own package",
                    Place(pointer),
                    help=help_,
                    args={"packageId": own},
                    severity=severity,
                    fixes=_without_self(listing, pointer),
                )


def _without_self(listing: Listing, pointer: str) -> tuple[Fix, ...]:
    """The fix that removes the entry: safe where it says nothing else; the parent was mistyped rather."""
    entry = pointer.removesuffix("/PackageId")
    said = listing.at(entry)
    others: JsonValue = [each for key, each in said.items() if key != "PackageId"] if isinstance(said, dict) else []
    certain = entry != "/IsSubPackageOf" and not says_something(others)
    return removal(listing, entry, "Remove it", certain=certain)


@rule(
    "UMB209",
    "package-id-syntax",
    Severity.ERROR,
    why="no NuGet package can have this id, so the entry refers to nothing",
    fix="unsafe",
)
def package_id_syntax(facts: ListingFacts) -> Iterator[Observation]:
    """A value that is not a valid NuGet package id.

    An id consists of words of letters, digits and underscores, with single dots or hyphens between them, and has at
    most 128 characters (NuGet.Client, `PackageIdValidator`; NuGetGallery). If the value is a nuget.org URL or an id
    with a version, the id in it is suggested.

    The fix for a URL of nuget.org is safe.

    Why it matters:
        The Marketplace looks up packages by id. An entry that is not an id is dropped or leads nowhere.

    Bad:
        {"PackagesByAuthor": ["https://www.nuget.org/packages/Jane.Search/"]}

    Good:
        {"PackagesByAuthor": ["Jane.Search"]}
    """
    listing = facts.document
    for pointer, text in listing.texts(*PACKAGE_ID_VALUES):
        if is_gallery_id(text) and len(text) <= MAX_PACKAGE_ID_LENGTH:
            continue
        if not text.strip() or pointer in facts.refused:
            continue
        problem = dependency_id_problem(text.strip())
        if problem is None:
            continue
        meant = _id_in(text.strip())
        fixes: tuple[Fix, ...] = ()
        if meant and dependency_id_problem(meant) is None:
            edit = listing.edits.replace(pointer, meant)
            is_address = _GALLERY_PAGE.match(text.strip()) is not None
            fixes = listing.edits.fix(f"Change to {quote(meant)}", edit, safety=safety_of(is_address))
        yield Observation(
            f"{quote(text)} is not a package id: {visible(problem)}",
            Place(pointer),
            help=f"did you mean {quote(meant)}?" if fixes and meant else "write the id as nuget.org shows it",
            args={"value": text, "problem": problem},
            fixes=fixes,
        )


_GALLERY_PAGE = re.compile(r"https?://(?:www\.)?nuget\.org/packages/", re.IGNORECASE)


def _id_in(text: str) -> str | None:
    """The package id inside an address of nuget.org, or before a version."""
    for mark in ("/packages/", "/package/"):
        if mark in text:
            return text.partition(mark)[2].split("/")[0].split("?")[0].split("#")[0]
    first = text.replace("@", " ").replace(",", " ").split()
    if len(first) == 2 and first[1][:1].isdigit():
        return first[0]
    return None


@rule(
    "UMB210",
    "umbraco-major",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="the Marketplace uses the entry to send users of that Umbraco version to another package",
    fix="safe",
)
def umbraco_major(facts: ListingFacts) -> Iterator[Observation]:
    """An `UmbracoMajorVersion` that is not a known major, or that is listed twice.

    Known majors are 7 to the newest one that this version of umbmarket knows. The next major is reported as an info.

    The fix removes an entry that is identical to an earlier one.

    Why it matters:
        `VersionSpecificPackageIds` sends users of an older Umbraco to another package. With a wrong number it sends no
        users there, and of two entries for the same major version only one can count.

    Bad:
        {"VersionSpecificPackageIds": [{"UmbracoMajorVersion": 80, "PackageId": "My.Old.Id"}]}

    Good:
        {"VersionSpecificPackageIds": [{"UmbracoMajorVersion": 8, "PackageId": "My.Old.Id"}]}
    """
    seen: dict[int, int] = {}
    for number, (pointer, value) in enumerate(facts.document.each("/VersionSpecificPackageIds/*/UmbracoMajorVersion")):
        if isinstance(value, bool) or not isinstance(value, int | float) or pointer in facts.refused:
            continue
        # Late: few listings have such an entry.
        from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR

        major = int(value)
        is_short = abs(major) < 10**9
        if major == NEWEST_MAJOR + 1:
            yield Observation(
                f"this version of umbmarket does not know Umbraco {major} yet",
                Place(pointer),
                help="check the number, or look for a newer version of umbmarket",
                args={"major": str(major), "newest": NEWEST_MAJOR},
                severity=Severity.INFO,
            )
        elif not OLDEST_MAJOR <= major <= NEWEST_MAJOR:
            yield Observation(
                f"{f'Umbraco {major}' if is_short else 'a number with more than nine digits'} is not a known version",
                Place(pointer),
                help=f"use a major version from {OLDEST_MAJOR} to {NEWEST_MAJOR}",
                args={"major": str(major) if is_short else None, "newest": NEWEST_MAJOR},
            )
        elif major in seen:
            yield Observation(
                f"Umbraco {major} is a duplicate of entry {seen[major] + 1}",
                Place(pointer),
                help="keep one entry for each major version",
                args={"major": major},
                fixes=_without_repetition(facts.document, pointer, seen[major]),
            )
        seen.setdefault(major, number)


def _without_repetition(listing: Listing, pointer: str, first: int) -> tuple[Fix, ...]:
    """The fix that removes an entry that says the same as an earlier one."""
    entry = pointer.rpartition("/")[0]
    if listing.at(entry) != listing.at(f"{entry.rpartition('/')[0]}/{first}"):
        return ()
    return removal(listing, entry, "Remove the repetition", certain=True)


_INSECURE = "http://"


@rule(
    "UMB212",
    "insecure-url",
    Severity.INFO,
    why="the listing page is served over https, where browsers block or warn about http content",
    fix="safe",
)
def insecure_url(facts: ListingFacts) -> Iterator[Observation]:
    """A URL that begins with `http://`.

    There is a fix for hosts that redirect http to https, such as GitHub and nuget.org.

    Why it matters:
        Browsers may block http images on an https page, and may warn about http links.

    Bad:
        {"DocumentationUrl": "http://example.com/docs"}

    Good:
        {"DocumentationUrl": "https://example.com/docs"}
    """
    for pointer, text in facts.document.texts(*URL_VALUES):
        if text[: len(_INSECURE)].lower() == _INSECURE and pointer not in facts.refused:
            yield Observation(
                f"{quote(pointer.rpartition('/')[2])} uses http, not https",
                Place(pointer),
                help="use https:// if the host supports it",
                args={"url": text},
                fixes=_over_https(facts.document, pointer, text),
            )


_HTTPS_HOSTS = frozenset(
    (
        *("github.com", "www.github.com", "gist.github.com", "raw.githubusercontent.com"),
        *("avatars.githubusercontent.com", "user-images.githubusercontent.com", "nuget.org", "www.nuget.org"),
        *("umbraco.com", "our.umbraco.com", "docs.umbraco.com", "marketplace.umbraco.com", "gitlab.com"),
        *("www.youtube.com", "youtube.com", "youtu.be", "vimeo.com", "player.vimeo.com", "bitbucket.org"),
        *("www.linkedin.com", "linkedin.com", "twitter.com", "x.com"),
    )
)
"""Hosts that answer `http://` only to lead to `https://` (HSTS, or a redirect for every path)."""


def _over_https(listing: Listing, pointer: str, text: str) -> tuple[Fix, ...]:
    rest = text[len("http://") :]
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].lower()
    if host not in _HTTPS_HOSTS and not host.endswith(".github.io"):
        return ()
    return listing.edits.fix("Use https", listing.edits.replace(pointer, f"https://{rest}"))


_SCREENSHOTS = "Screenshots"
_SHOWY_CATEGORY = "Themes & Starter Kits"

_THIN = (
    ("LicenseTypes", ("/LicenseTypes", "/LicenseType")),
    ("Tags", ("/Tags",)),
    (_SCREENSHOTS, ("/Screenshots",)),
    ("AuthorDetails.Name", ("/AuthorDetails/Name",)),
    ("AuthorDetails.ImageUrl", ("/AuthorDetails/ImageUrl",)),
    ("DocumentationUrl", ("/DocumentationUrl",)),
    ("IssueTrackerUrl", ("/IssueTrackerUrl",)),
)


@rule(
    "UMB213",
    "thin-listing",
    Severity.INFO,
    why="the listing page has a place for each of them",
)
def thin_listing(facts: ListingFacts) -> Iterator[Observation]:
    """Recommended properties that are missing or empty.

    Licence types, tags, screenshots, the author's name and image, documentation, issue tracker: one finding names all
    that are missing. Screenshots are named only if there is something to show: the package contains a backoffice
    extension, static web assets or views, or its category is "Themes & Starter Kits".

    Why it matters:
        A package is listed without them, but they help visitors to choose it.

    Bad:
        {"Category": "Search"}

    Good:
        {
          "Category": "Search",
          "LicenseTypes": ["Free"],
          "Tags": ["search"],
          "AuthorDetails": {"Name": "Jane Doe", "ImageUrl": "https://github.com/jane.png"},
          "DocumentationUrl": "https://github.com/jane/search#readme",
          "IssueTrackerUrl": "https://github.com/jane/search/issues"
        }
    """
    listing = facts.document
    if not listing.intact or facts.untouched:
        return
    missing = [name for name, pointers in _THIN if not any(map(listing.get, pointers))]
    if _SCREENSHOTS in missing and not _has_something_to_show(facts):
        missing.remove(_SCREENSHOTS)
    if missing:
        shown: list[JsonValue] = [*missing]
        yield Observation(
            f"optional, recommended: {', '.join(missing)}",
            listing.opening,
            help="add those that apply",
            args={"missing": shown},
        )


def _has_something_to_show(facts: ListingFacts) -> bool:
    listing = facts.document.value
    if _SHOWY_CATEGORY in (listing.get("Category"), listing.get("AlternateCategory")):
        return True
    if not facts.packages:
        return False
    # Late: most listings are checked without their package.
    from umbmarket.umbraco.client_files import has_something_to_show

    return any(has_something_to_show(each.document) for each in facts.packages)


@rule(
    "UMB214",
    "description-length",
    Severity.INFO,
    why="the page shows the description as one paragraph, and a card shows about 120 characters of it",
)
def description_length(facts: ListingFacts) -> Iterator[Observation]:
    """A description that is much too long for a card, or that has line breaks.

    Reported from 241 characters on. A card shows about 120 (an estimate from observed cards), so less than half of it.

    Why it matters:
        Most visitors first see a package as a card in a list, so the first 120 characters should say what it does. The
        listing page shows the description as one paragraph, without its line breaks.

    Bad:
        {"Description": "This is a package for Umbraco that was made by us in order to allow you to ..."}

    Good:
        {"Description": "Redirects for editors: create, test and import them in the backoffice."}
    """
    text = facts.document.value.get("Description")
    if not isinstance(text, str) or "/Description" in facts.refused:
        return
    length = len(text.strip())
    has_breaks = "\n" in text.strip() or "\r" in text.strip()
    message = "line breaks, which are not kept" if has_breaks else ""
    if length > LONGEST_DESCRIPTION:
        breaks = (", with line breaks", ", and line breaks are not kept") if has_breaks else ("", "")
        message = f"{length:,} characters{breaks[0]}: a card shows about {CARD_DESCRIPTION_LENGTH}{breaks[1]}"
    if message:
        yield Observation(
            f'"Description" has {message}',
            Place("/Description"),
            help="say what the package does in the first sentence, in one paragraph",
            args={"length": length, "cardLength": CARD_DESCRIPTION_LENGTH},
        )


@rule(
    "UMB215",
    "contributors-not-synced",
    Severity.INFO,
    why="the Marketplace syncs contributors from the repository only if the listing names none",
    fix="unsafe",
)
def contributors_not_synced(facts: ListingFacts) -> Iterator[Observation]:
    """`SyncContributorsFromRepository` is true while contributors are listed.

    The fix sets it to false, which changes nothing on the page.

    Why it matters:
        Contributors are then not synced (listing guide, 2024-2025 text), so new ones never show.

    Bad:
        {"AuthorDetails": {"Contributors": [{"Name": "Jane"}], "SyncContributorsFromRepository": true}}

    Good:
        {"AuthorDetails": {"SyncContributorsFromRepository": true}}
    """
    listing = facts.document
    contributors = listing.get("/AuthorDetails/Contributors")
    if (
        listing.get("/AuthorDetails/SyncContributorsFromRepository") is True
        and isinstance(contributors, list)
        and contributors
    ):
        yield Observation(
            '"SyncContributorsFromRepository" has no effect, because "Contributors" is not empty',
            Place("/AuthorDetails/SyncContributorsFromRepository"),
            help='remove "Contributors", or set this property to false',
            args={"contributors": len(contributors)},
            fixes=listing.edits.fix(
                "Set it to false",
                listing.edits.replace("/AuthorDetails/SyncContributorsFromRepository", False),
                safety="unsafe",
            ),
        )


@rule(
    "UMB217",
    "missing-caption",
    Severity.INFO,
    why="the caption tells visitors and screen readers what the screenshot shows",
)
def missing_caption(facts: ListingFacts) -> Iterator[Observation]:
    """A screenshot without `Caption`.

    Why it matters:
        The page shows the caption with the image.

    Bad:
        {"Screenshots": [{"ImageUrl": "https://example.com/editor.png"}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://example.com/editor.png", "Caption": "The editor"}]}
    """
    listing = facts.document
    for pointer, value in listing.each("/Screenshots/*"):
        if isinstance(value, dict) and "Caption" not in value and listing.tree.intact and not facts.untouched:
            yield Observation('the screenshot has no "Caption"', Place(pointer), help='add "Caption"')
