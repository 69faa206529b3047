"""What `dotnet pack` and nuget.org refuse in a nuspec that NuGet's own reader takes.

Sources: NuGetGallery (ManifestValidator, PackageMetadata.FromNuspecReader,
PackageHelper.ValidateNuGetPackageMetadata, PackageMetadataValidationService, NuGetVersionExtensions,
GalleryConstants); NuGet.Client (ManifestReader). Lengths are those of .NET strings, so a character beyond
U+FFFF counts twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Literal
from urllib.parse import unquote

from umbmarket.findings import JsonValue, Place, Span, quote, shortened, visible
from umbmarket.formats.xml.elements import XmlElement
from umbmarket.nuget import (
    MAX_DEPENDENCY_ID_LENGTH,
    MAX_PACKAGE_ID_LENGTH,
    NuGetVersion,
    dependency_id_problem,
    is_client_id,
    package_id_problem,
)
from umbmarket.nuget.package.nuspec import MOST_PROBLEMS, Nuspec
from umbmarket.nuget.package.nuspec_model import Dependency, DependencyGroup, NuspecProblem, NuspecProblemKind

MAX_VERSION_LENGTH = 64
"""Characters of the full version (PackageHelper)."""

MAX_ID_AND_VERSION_LENGTH = 160
"""Characters of id and full version together (PackageHelper)."""

MAX_LICENSE_LENGTH = 500
"""Characters of the `<license>` element (PackageMetadataValidationService)."""

MAX_DEPENDENCY_RANGE_LENGTH = 256
"""Characters of one normalized range (PackageHelper)."""

MAX_DEPENDENCIES_LENGTH = 32_767
"""Characters of all dependencies written as `id:range:framework` with bars between them (PackageHelper)."""

MAX_REPOSITORY_TYPE_LENGTH = 100
"""Characters of the repository's type (PackageHelper)."""

MAX_URL_LENGTH = 4000
"""Characters of each address (PackageHelper)."""

MAX_TEXT_LENGTHS = {
    "title": 256,
    "description": 4000,
    "summary": 4000,
    "tags": 4000,
    "authors": 4000,
    "copyright": 4000,
    "releaseNotes": 35_000,
    "projectUrl": MAX_URL_LENGTH,
    "iconUrl": MAX_URL_LENGTH,
    "licenseUrl": MAX_URL_LENGTH,
    "language": 20,
}
"""Characters that nuget.org takes of each text (PackageHelper.ValidateNuGetPackageMetadata)."""

NEWEST_CLIENT_VERSION = NuGetVersion.parse("7.3.1.1")
"""The highest `minClientVersion` that nuget.org takes (GalleryConstants, 2026-08)."""

LICENSE_FILE_URL = "https://aka.ms/deprecateLicenseUrl"
"""The `licenseUrl` that goes with a licence file, and with nothing else (GalleryConstants)."""

LICENSE_EXPRESSION_URL = "https://licenses.nuget.org/"
"""What the `licenseUrl` of a licence expression starts with (LicenseExpressionRedirectUrlHelper)."""

RESERVED_ELEMENTS = frozenset(
    (
        "created",
        "dependencyGroups",
        "isPrerelease",
        "lastEdited",
        "listed",
        "packageEntries",
        "packageHash",
        "packageHashAlgorithm",
        "packageSize",
        "published",
        "supportedFrameworks",
        "verbatimVersion",
    )
)
"""Elements that would collide with what nuget.org adds itself (PackageMetadata.RestrictedMetadataElements).
"""

KNOWN_ELEMENTS = frozenset(MAX_TEXT_LENGTHS) | frozenset(
    (
        "contentFiles",
        "dependencies",
        "developmentDependency",
        "frameworkAssemblies",
        "frameworkReferences",
        "icon",
        "id",
        "license",
        "owners",
        "packageTypes",
        "readme",
        "references",
        "repository",
        "requireLicenseAcceptance",
        "serviceable",
        "version",
    )
)
"""The elements that NuGet knows in `<metadata>`, in their letter case (nuspec reference)."""

_BY_FOLDED_NAME = {name.lower(): name for name in KNOWN_ELEMENTS}
_READ_IN_ONE_CASE = frozenset(
    (
        "contentFiles",
        "dependencies",
        "developmentDependency",
        "frameworkAssemblies",
        "frameworkReferences",
        "icon",
        "license",
        "licenseUrl",
        "packageTypes",
        "readme",
        "references",
        "repository",
        "serviceable",
    )
)
"""What NuGet does not see in another letter case (measured with NuGet.Packaging 7.6). Other texts it reads in any, of
which nuget.org refuses `tags` alone; that `id` and `version` are missing its reader says itself."""

_BOOLEANS = ("developmentDependency", "requireLicenseAcceptance", "serviceable")
_URLS = ("projectUrl", "iconUrl", "licenseUrl")
_EMBEDDED = ("icon", "readme", "license")

_WEB_URL = re.compile(
    r"\s*https?://(?:[^\s/?#@\\]*@)?(?:\[[0-9a-f:.]+\]|[^\s/?#:@\\\[\]]+)(?::[0-9]{0,5})?(?:[/?#\\].*)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_NONCHARACTER = re.compile(
    "[\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
"""Those of Unicode's 66 noncharacters that XML lets pass."""
_LEGACY_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+){0,3}(?:-[a-z][0-9a-z-]*)?", re.IGNORECASE)


def is_web_url(text: str) -> bool:
    """Whether a text is an absolute http or https address, which is what nuget.org takes for a URL."""
    return _WEB_URL.fullmatch(text) is not None


def is_refused_label(version: NuGetVersion) -> bool:
    """Whether nuget.org refuses a version, also as a bound, for a label that old clients cannot read.

    A single prerelease label must start with a letter: `18.0.0-0` is refused, `18.0.0-a` and `18.0.0-0.0` are
    not (NuGetGallery, NuGetVersionExtensions.IsValidVersionForLegacyClients; versions of SemVer 2 are left
    out).
    """
    return not version.is_semver2 and _LEGACY_VERSION.fullmatch(version.normalized) is None


def dotnet_length(text: str) -> int:
    """The length that .NET gives a text: UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@lru_cache(maxsize=1)
def push_problems(nuspec: Nuspec) -> tuple[NuspecProblem, ...]:
    """What `dotnet pack` or nuget.org refuses beyond `Nuspec.problems`.

    Several rules in turn ask about the same nuspec, so the answer about the last one is kept.

    Returns:
        At most `MOST_PROBLEMS`; none where the metadata could not be read.
    """
    return tuple(islice(_all(nuspec, nuspec.metadata), MOST_PROBLEMS)) if nuspec.metadata is not None else ()


def _all(nuspec: Nuspec, metadata: XmlElement) -> Iterator[NuspecProblem]:
    yield from _noncharacter(nuspec)
    yield from _elements(metadata)
    yield from _required(nuspec)
    yield from _identity(nuspec)
    yield from _lengths(nuspec)
    yield from _addresses(nuspec)
    yield from _license(nuspec, metadata)
    yield from _package_types(nuspec)
    yield from _groups(nuspec)
    for group in nuspec.dependency_groups:
        yield from _dependencies(group)


def _cut(text: str) -> str:
    """A name as a message shows it without quotes: nothing that does not print, and not too long."""
    return visible(shortened(text))


def _problem(
    kind: NuspecProblemKind,
    pointer: str,
    detail: str,
    refused_by: Literal["pack", "push"] | None = "push",
    **args: JsonValue,
) -> NuspecProblem:
    return NuspecProblem(kind, Place(pointer=pointer), detail, refused_by, args)


def _too_long(pointer: str, what: str, length: int, limit: int) -> NuspecProblem:
    detail = f"{what} has {length:,} characters, but nuget.org accepts at most {limit:,}"
    return _problem("too-long", pointer, detail, length=length, limit=limit)


def _elements(metadata: XmlElement) -> Iterator[NuspecProblem]:
    """Elements that are there twice, misspelled, reserved, or not what they must hold."""
    seen: set[str] = set()
    for child in metadata.children:
        name = child.name
        if name in seen:
            shown = _cut(name)
            yield _problem("duplicate-element", child.pointer, f"duplicate element <{shown}>", name=shown)
        seen.add(name)
        known = _BY_FOLDED_NAME.get(name.lower(), name)
        if known != name and known == "tags":
            detail = f"nuget.org rejects <{name}>: write <{known}>"
            yield _problem("element-case", child.pointer, detail, name=name, known=known)
        elif known != name and known in _READ_IN_ONE_CASE:
            detail = f"<{name}> is ignored: NuGet reads only <{known}>"
            yield _problem("element-case", child.pointer, detail, None, name=name, known=known)
        if name in RESERVED_ELEMENTS:
            detail = f"<{name}> is an element that nuget.org reserves for itself"
            yield _problem("reserved-element", child.pointer, detail, name=name)
        if name in _BOOLEANS and child.value.strip().lower() not in ("true", "false"):
            detail = f"<{name}> must be true or false, not {quote(child.value)}"
            yield _problem("invalid-boolean", child.pointer, detail, name=name)
        if name in _EMBEDDED and not child.is_leaf:
            detail = f"<{name}> contains other elements, but must be only text"
            yield _problem("embedded-with-children", child.pointer, detail, name=name)


def _noncharacter(nuspec: Nuspec) -> Iterator[NuspecProblem]:
    found = None if nuspec.source.text.isascii() else _NONCHARACTER.search(nuspec.source.text)
    if found is not None:
        code = f"U+{ord(found[0]):04X}"
        detail = f"{code} is not a valid Unicode character, and nuget.org rejects it"
        yield NuspecProblem("noncharacter", Place(span=Span(*found.span())), detail, "push", {"character": code})


def _required(nuspec: Nuspec) -> Iterator[NuspecProblem]:
    if nuspec.is_symbols:
        return
    if nuspec.description is None:
        yield _problem("missing-description", "/metadata", "the nuspec has no <description>")
    if nuspec.text("authors") is None:
        yield _problem("missing-authors", "/metadata", "the nuspec has no <authors>", "pack")


def _identity(nuspec: Nuspec) -> Iterator[NuspecProblem]:
    package_id = nuspec.id or ""
    if len(package_id) > MAX_PACKAGE_ID_LENGTH:
        length = dotnet_length(package_id)
        detail = f"the id has {length:,} characters, but nuget.org accepts at most {MAX_PACKAGE_ID_LENGTH}"
        yield _problem("id-too-long", "/metadata/id", detail, length=length, limit=MAX_PACKAGE_ID_LENGTH)
    elif package_id and (reason := package_id_problem(package_id)) is not None:
        detail = f"{quote(package_id)} cannot be the id of a package: {reason}"
        yield _problem("invalid-id", "/metadata/id", detail, reason=reason)
    version = nuspec.version
    if version is None:
        return
    if "." not in (nuspec.version_text or ""):
        detail = f"the version {quote(nuspec.version_text or '')} has no dot, but nuget.org requires at least one"
        yield _problem("version-without-dot", "/metadata/version", detail)
    if is_refused_label(version):
        detail = f"the prerelease label of {quote(version.normalized)} does not start with a letter"
        yield _problem("version-label", "/metadata/version", detail)
    length = len(version.full)
    if length > MAX_VERSION_LENGTH:
        detail = f"the version has {length:,} characters, but nuget.org accepts at most {MAX_VERSION_LENGTH}"
        yield _problem("version-too-long", "/metadata/version", detail, length=length, limit=MAX_VERSION_LENGTH)
    together = dotnet_length(package_id) + length
    if together > MAX_ID_AND_VERSION_LENGTH:
        limit = MAX_ID_AND_VERSION_LENGTH
        detail = f"id and version have {together:,} characters together, but nuget.org accepts at most {limit}"
        yield _problem("id-and-version-too-long", "/metadata/version", detail, length=together, limit=limit)
    client = nuspec.min_client_version
    if client is not None and client.version is not None and client.version > NEWEST_CLIENT_VERSION:
        detail = f"minClientVersion {quote(client.text)} is above {NEWEST_CLIENT_VERSION}, nuget.org's limit"
        yield _problem("min-client-version-too-high", client.pointer, detail)


def _lengths(nuspec: Nuspec) -> Iterator[NuspecProblem]:
    for name, limit in MAX_TEXT_LENGTHS.items():
        field = nuspec.fields.get(name.lower())
        if field is not None and (length := dotnet_length(field.text)) > limit:
            yield _too_long(field.pointer, f"<{name}>", length, limit)
    repository = nuspec.repository
    if repository is not None:
        for name, text, limit in (
            ("type", repository.type, MAX_REPOSITORY_TYPE_LENGTH),
            ("url", repository.url, MAX_URL_LENGTH),
        ):
            if (length := dotnet_length(text)) > limit:
                yield _too_long(f"{repository.pointer}/@{name}", f"the repository's {name}", length, limit)


def _addresses(nuspec: Nuspec) -> Iterator[NuspecProblem]:
    for name in _URLS:
        field = nuspec.fields.get(name.lower())
        if field is not None and not is_web_url(field.text):
            detail = f"<{name}> {quote(field.text.strip())} is not an absolute http or https URL"
            yield _problem("invalid-url", field.pointer, detail, name=name, value=field.text)


def _license(nuspec: Nuspec, metadata: XmlElement) -> Iterator[NuspecProblem]:
    url = (nuspec.license_url or "").strip()
    url_pointer = nuspec.pointer("licenseUrl") or "/metadata"
    element = metadata.first("license", metadata.default_namespace)
    if element is None:
        if url == LICENSE_FILE_URL:
            detail = f"the licenseUrl {LICENSE_FILE_URL} needs a <license> beside it"
            yield _problem("license-url", url_pointer, detail)
        return
    value = element.value.strip()
    kind = element.attributes.get("type", "")
    if kind.strip().lower() not in ("expression", "file"):
        detail = f'the type of <license> must be "expression" or "file", not {quote(kind)}'
        yield _problem("license-type", element.pointer, detail)
        return
    version = element.attributes.get("version")
    if version is not None and version != "1.0.0":
        detail = f"the version of <license> must be 1.0.0, not {quote(version)}"
        yield _problem("license-version", f"{element.pointer}/@version", detail)
    if not value:
        yield _problem("license-empty", element.pointer, "<license> is empty")
        return
    if (length := dotnet_length(element.value)) > MAX_LICENSE_LENGTH:
        yield _too_long(element.pointer, "<license>", length, MAX_LICENSE_LENGTH)
    is_file = kind.strip().lower() == "file"
    expected = LICENSE_FILE_URL if is_file else f"{LICENSE_EXPRESSION_URL}{value}"
    # Spaces are %20 in the address; '+' for them is refused, and is not what this gives.
    if unquote(url) != unquote(expected):
        written = expected.replace(" ", "%20")
        detail = f"the licenseUrl must be {quote(written, 200)} with this <license>, as dotnet pack writes it"
        yield _problem("license-url", url_pointer, detail, expected=written)


def _package_types(nuspec: Nuspec) -> Iterator[NuspecProblem]:
    for each in nuspec.package_types:
        if not is_client_id(each.name):
            detail = f"{quote(each.name)} cannot be the name of a package type"
            yield _problem("invalid-package-type-name", f"{each.pointer}/@name", detail)


def _groups(nuspec: Nuspec) -> Iterator[NuspecProblem]:
    seen: dict[object, DependencyGroup] = {}
    total = 0
    for group in nuspec.dependency_groups:
        pointer = group.pointer if group.target_framework is None else f"{group.pointer}/@targetFramework"
        first = seen.setdefault(group.framework, group)
        if first is not group:
            detail = f"the nuspec has two dependency groups for {_cut(group.framework.short_name)}"
            yield _problem("duplicate-group", pointer, detail, first=first.pointer)
        if not group.framework.is_known:
            detail = f"{quote(group.framework.original)} is not a target framework that NuGet knows"
            yield _problem("unknown-framework", pointer, detail)
        for dependency in group.dependencies:
            total += (
                len(dependency.id) + len(dependency.effective_range.normalized) + len(group.framework.short_name) + 3
            )
    if total > MAX_DEPENDENCIES_LENGTH:
        limit = MAX_DEPENDENCIES_LENGTH
        detail = f"all dependencies take {total:,} characters together, but nuget.org accepts at most {limit:,}"
        yield _problem("dependencies-too-long", "/metadata/dependencies", detail, length=total, limit=limit)
    for dependency in nuspec.hidden_dependencies:
        name = f"the dependency {quote(dependency.id)}" if dependency.id else "a dependency without id"
        detail = f"{name} is outside the groups, so NuGet does not read it"
        yield _problem("hidden-dependencies", dependency.pointer, detail, "pack", id=dependency.id)


def _dependencies(group: DependencyGroup) -> Iterator[NuspecProblem]:
    seen: set[str] = set()
    for dependency in group.dependencies:
        if not dependency.id:
            continue
        key = dependency.id.upper()
        if key in seen:
            detail = f"duplicate dependency {quote(dependency.id)} for {_cut(group.framework.short_name)}"
            yield _problem("duplicate-dependency", dependency.id_pointer, detail, id=dependency.id)
        seen.add(key)
        reason = dependency_id_problem(dependency.id)
        if reason is not None:
            detail = f"{quote(dependency.id)} cannot be the id of a package: {reason}"
            limit = MAX_DEPENDENCY_ID_LENGTH
            yield _problem("invalid-dependency-id", dependency.id_pointer, detail, id=dependency.id, limit=limit)
        yield from _range(dependency)


def _range(dependency: Dependency) -> Iterator[NuspecProblem]:
    name = quote(dependency.id)
    pointer = dependency.version_pointer
    if not dependency.version:
        detail = f"the dependency on {name} has no version"
        yield _problem("dependency-without-version", pointer, detail, id=dependency.id)
        return
    if dependency.range is None:
        written = f"the version {quote(dependency.version)} of the dependency on {name}"
        detail = f"{written} is not a range: {dependency.range_problem}"
        yield _problem("invalid-dependency-version", pointer, detail, id=dependency.id, version=dependency.version)
        return
    if dependency.range.is_floating:
        detail = f"the dependency on {name} has the floating version {quote(dependency.version)}"
        yield _problem("floating-dependency-version", pointer, detail, id=dependency.id, version=dependency.version)
        return
    if (length := len(dependency.range.normalized)) > MAX_DEPENDENCY_RANGE_LENGTH:
        yield _too_long(pointer, f"the range of {name}", length, MAX_DEPENDENCY_RANGE_LENGTH)
    for bound in dict.fromkeys((dependency.range.minimum, dependency.range.maximum)):
        if bound is None:
            continue
        text = quote(bound.full)
        if bound.metadata:
            detail = f"the bound {text} of the dependency on {name} has build metadata"
            yield _problem("dependency-version-metadata", pointer, detail, id=dependency.id, bound=bound.full)
        elif is_refused_label(bound):
            detail = f"the prerelease label of the bound {text} of {name} does not start with a letter"
            yield _problem("dependency-version-label", pointer, detail, id=dependency.id, bound=bound.full)
