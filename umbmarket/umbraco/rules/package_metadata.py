"""UMB305, UMB307 and UMB313: will nuget.org take the package, and will the Marketplace take it up?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote, visible
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.judged import missing_tag, near_miss, pushed_nuspec, readable_nuspec
from umbmarket.umbraco.rules.metadata_words import element_to_add, element_to_set
from umbmarket.umbraco.rules.package_scope import listed_nuspec, place_of, problems_of
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec_model import NuspecProblem


@rule(
    "UMB305",
    "missing-marketplace-tag",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace finds packages only by this tag",
)
def missing_marketplace_tag(facts: PackageFacts) -> Iterator[Observation]:
    r"""The tag `umbraco-marketplace` is not among the package's tags.

    Tags are split as nuget.org splits them: at commas, spaces, tabs, bars and semicolons, but not at line breaks.
    Letter case does not count. Near misses are pointed out: `umbraco marketplace`, `umbraco_marketplace`,
    `umbracomarketplace`, and a tag that runs into the next one at a line break.

    Only the package that users install needs the tag. If one of several packages has it, or a listing has the id of one
    in its name, the others are reported only for near misses. Otherwise each package without the tag is reported: as an
    error if it was named on the command line, as a warning if it was found in a folder and may be an old build. A
    project that was only found is reported if its project URL leads to a listing here: as an error, or as a warning if
    several do.

    Why it matters:
        "The package must be tagged with umbraco-marketplace" (listing guide). Without the tag there is no listing. The
        `Tags` of the listing do not count.

    Bad:
        <tags>umbraco marketplace forms</tags>

    Good:
        <tags>umbraco-marketplace forms</tags>
    """
    why = missing_tag(facts)
    nuspec = readable_nuspec(facts) if why is not None else None
    if nuspec is None:
        return
    near = near_miss(facts)
    place = place_of(nuspec, "tags")
    if nuspec.text("tags"):
        between = "space" if facts.document.is_nuspec else "semicolon"
        tag_help = f'add "{MARKETPLACE_TAG}" to {element_to_set(facts, "tags")}, after a {between}'
    else:
        tag_help = f"add {element_to_add(facts, 'tags', MARKETPLACE_TAG)}"
    if near is not None:
        yield Observation(
            near.message,
            place._replace(within=(near.start, near.end)),
            help=f'write "{MARKETPLACE_TAG}", separated by a space, a comma or a semicolon',
            args={"found": (nuspec.text("tags") or "")[near.start : near.end]},
        )
        return
    others = [each for each in facts.run if missing_tag(each) is not None]
    if len(others) > 1 and why in ("plain", "named", "found"):
        message = f'none of the {len(others)} packages checked has the tag "{MARKETPLACE_TAG}"'
        help_ = f"{tag_help}, if this is the package that users install"
    else:
        message, help_ = f'the package does not have the tag "{MARKETPLACE_TAG}"', tag_help
    is_vague = why == "found" or (why == "plain" and len(others) > 1)
    yield Observation(message, place, help=help_, severity=Severity.WARNING if is_vague else None)


@rule(
    "UMB307",
    "project-url",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the Marketplace looks for the listing and its readme at the project URL",
)
def project_url(facts: PackageFacts) -> Iterator[Observation]:
    """No project URL, or one that the Marketplace cannot use.

    A warning if there is neither a project URL nor a listing: the package is then listed with its NuGet metadata.

    Why it matters:
        The listing is read only from the folder that the project URL leads to (listing guide). nuget.org rejects a
        project URL that is not an absolute http or https URL (NuGetGallery, `ManifestValidator`), and `dotnet pack`
        silently drops one that is not absolute. `RepositoryUrl` does not replace it.

    Bad:
        <projectUrl>github.com/owner/repository</projectUrl>

    Good:
        <projectUrl>https://github.com/owner/repository</projectUrl>
    """
    nuspec = listed_nuspec(facts)
    if nuspec is None:
        return
    refused = problems_of(facts, nuspec, "UMB307")
    for problem in refused:
        yield Observation(
            visible(problem.detail),
            problem.place,
            help=f"set {element_to_set(facts, 'projectUrl')} to the URL of the repository, beginning with https://",
            args=dict(problem.args),
        )
    if refused or facts.placement.kind != "none" or not facts.document.knows("projectUrl"):
        return
    dropped = facts.document.dropped_project_url
    if dropped is not None:
        is_whole = dropped.strip().lower().startswith(("http://", "https://"))
        yield Observation(
            f"{quote(dropped)} is not {'a valid' if is_whole else 'an absolute'} URL, so dotnet pack silently drops it",
            Place("/metadata/projectUrl"),
            help="correct its host or port" if is_whole else "write the full URL, beginning with https://",
            args={"value": dropped},
        )
        return
    written = (nuspec.project_url or "").strip()
    if written:
        reason = facts.placement.reason.rstrip(".").replace("The ", "the ", 1)
        yield Observation(
            f"the Marketplace cannot look for the listing at {quote(written)}: {reason}",
            place_of(nuspec, "projectUrl"),
            help=f"set {element_to_set(facts, 'projectUrl')} to the URL of the repository",
            args={"value": written},
        )
        return
    has_listing = any(each.listing is not None for each in facts.run or (facts,))
    repository = facts.document.repository
    not_filled = "; dotnet pack drops one without https://"
    if facts.document.is_nuspec:
        not_filled = ""
    elif repository is not None and repository.url.strip():
        not_filled = f"; RepositoryUrl does not fill it{not_filled}"
    yield Observation(
        "the package has no project URL, so the Marketplace "
        + ("does not find its listing" if has_listing else "has nowhere to look for a listing"),
        place_of(nuspec, "projectUrl"),
        help=f"add {element_to_add(facts, 'projectUrl', _repository_url(facts))}{not_filled}",
        args={"hasListing": has_listing},
        severity=None if has_listing else Severity.WARNING,
    )


def _repository_url(facts: PackageFacts) -> str:
    """The address of the repository, as far as it is known."""
    repository = facts.repository
    if repository is None or not repository.owner or not repository.name:
        return _SOME_REPOSITORY
    return f"https://github.com/{visible(repository.owner)}/{visible(repository.name)}"


_SOME_REPOSITORY = "https://github.com/owner/repository"

_LIMITS_HELP = {
    "invalid-id": "ids are words of ASCII letters, digits and underscores with single dots or hyphens between them",
    "version-without-dot": "write at least two parts, such as 1.0",
    "version-label": "begin the label with a letter, such as 1.0.0-a, or use two labels, such as 1.0.0-0.1",
    "element-case": "write it in NuGet's letter case",
    "noncharacter": "remove the character",
    "duplicate-element": "keep one of them",
    "duplicate-group": "put all dependencies of a target framework in one group",
    "duplicate-dependency": "keep one of them",
    "hidden-dependencies": "put it in a group; a group without targetFramework is for any framework",
    "unknown-framework": "use a target framework moniker that NuGet knows, such as net8.0",
    "dependency-without-version": "write the version that the package is built with, or a range with both ends",
    "dependency-version-metadata": "remove the + and what follows it",
}


@rule(
    "UMB313",
    "nuget-limits",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="nuget.org rejects most of this on push, and dotnet pack does not write it",
)
def nuget_limits(facts: PackageFacts) -> Iterator[Observation]:
    """Package metadata that nuget.org rejects on push, although NuGet can read it.

    Among others: an id of more than 100 characters or with invalid characters; a version without a dot or of more than
    64 characters; a description, tags or title that are too long; a URL that is not http or https; floating, duplicate
    or versionless dependencies; two dependency groups for one target framework; a package of more than 250 MiB.
    Licence, icon, readme, project URL and prerelease bounds have their own rules.

    A warning for elements that NuGet ignores because of their letter case, such as `<Icon>`.

    Why it matters:
        The push fails at the end of a release, when the version is already tagged. Source of the limits: NuGetGallery,
        `ManifestValidator`, `PackageHelper` and `PackageMetadata`.

    Bad:
        <dependency id="Umbraco.Cms.Core" version="13.*" />

    Good:
        <dependency id="Umbraco.Cms.Core" version="[13.0.0, 14.0.0)" />
    """
    nuspec = pushed_nuspec(facts)
    if nuspec is None:
        return
    package = facts.document
    if package.is_oversize:
        # Late: only a package this large needs the number.
        from umbmarket.nuget.package.nupkg import LARGEST_PACKAGE

        yield Observation(
            f"the package has {package.size:,} bytes, but nuget.org accepts at most {LARGEST_PACKAGE:,}",
            help="leave out what is not needed at run time, such as source maps and test data",
            args={"size": package.size, "limit": LARGEST_PACKAGE},
        )
    for problem in problems_of(facts, nuspec, "UMB313"):
        yield Observation(
            visible(problem.detail),
            problem.place,
            help=_help(facts, problem),
            args={"kind": problem.kind, **problem.args},
            severity=None if problem.refused_by is not None else Severity.WARNING,
        )


def _help(facts: PackageFacts, problem: NuspecProblem) -> str:
    from umbmarket.umbraco.compatibility.dependencies import product_of

    if problem.kind in ("missing-description", "missing-authors"):
        return f"set {element_to_set(facts, problem.kind.removeprefix('missing-'))}"
    if problem.kind in ("invalid-dependency-version", "floating-dependency-version"):
        written = str(problem.args.get("version", ""))
        if "$" in written:
            return "the property was not replaced: let dotnet pack write the nuspec, or write a range with both ends"
        meant = _bounded(written)
        # 1.0.0 would be a number of the package's own where Umbraco's is needed.
        example = "" if product_of(str(problem.args.get("id", ""))) is not None else ", such as [1.0.0, 2.0.0)"
        return f"write {meant}" if meant is not None else f"write a range with both ends{example}"
    return _LIMITS_HELP.get(problem.kind, "shorten it" if problem.kind.endswith("too-long") else "")


_FLOAT = re.compile(r"\.\*(?=\s*[,)\]]|\s*\Z)")
_OPERATOR = re.compile(r"\s*(?:>=?|~>?|\^|=)\s*(?P<version>[0-9][^\s,]*)\s*")


def _bounded(written: str) -> str | None:
    """The range with both ends that a text was probably meant for: floats stand still, operators go.

    `dotnet pack` would drop the end of a float, and a range without one is UMB402 or UMB403.
    """
    from umbmarket.nuget import InvalidRange, VersionRange
    from umbmarket.nuget.versions import MAX_NUMBER

    operator = _OPERATOR.fullmatch(written)
    try:
        meant = VersionRange.parse(_FLOAT.sub(".0", operator["version"] if operator is not None else written))
    except InvalidRange:
        return None
    lowest = meant.minimum
    if meant.is_floating or (meant.maximum is None and (lowest is None or lowest.major >= MAX_NUMBER)):
        return None
    if meant.maximum is not None or lowest is None:
        return meant.normalized
    return f"[{lowest.normalized}, {lowest.major + 1}.0.0)"
