"""UMB315, UMB316 and UMB414: what the texts of a package say of it against what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from umbmarket.check.catalogue import rule
from umbmarket.findings import Document, Observation, Place, Severity, Span, quote, visible
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.rules.package_scope import listed_nuspec, place_of, ranged_nuspec

if TYPE_CHECKING:
    from umbmarket.nuget import NuGetVersion
    from umbmarket.nuget.package.install_commands import InstallCommand
    from umbmarket.umbraco.compatibility.spans import MajorSpan
    from umbmarket.umbraco.package_document import EmbeddedFile

_MANIFESTS = re.compile(r"(?:.*/)?(?:umbraco-package\.json|package\.manifest)", re.IGNORECASE | re.DOTALL)
"""What Umbraco reads of an extension: the first from 14 on, the second up to 13."""

_MOST_MANIFESTS = 20
"""Manifests of one package that are read: a package has seldom more than two."""

_LARGEST_MANIFEST = 1_048_576
"""Bytes of a manifest that are read; a real one has some thousands."""

_TEMPLATE = "template"
"""The package type of `dotnet new` templates, in lower case: what they pack becomes somebody's project."""

_NOT_A_RENAMED_PACKAGE = re.compile(
    r"(?:umbraco\.(?:cms|templates|forms|deploy|commerce|workflow|thestarterkit)|umbracocms|microsoft|system)(?:\..*)?",
    re.IGNORECASE,
)
"""What a readme tells people to install first."""


class _Text(NamedTuple):
    """A text that shows on a page of the package, and where it stands.

    Attributes:
        name: what it is, for messages.
        text: as it is shown.
        place: of the whole.
        is_file: places in it are spans of a file; else they are parts of a value.
        document: other than the package.
        is_title: it is the name of the package.
        is_published: it lies at the project URL, where it is shown for all versions.
    """

    name: str
    text: str
    place: Place
    is_file: bool = False
    document: Document | None = None
    is_title: bool = False
    is_published: bool = False

    def at(self, span: Span) -> Place:
        """A place in it."""
        return self.place._replace(span=span) if self.is_file else self.place._replace(within=(span.start, span.end))


def _readmes(facts: PackageFacts) -> Iterator[_Text]:
    """The readme in the package, and the Marketplace readme where it is that of this package alone."""
    packed, shown = facts.document.readme, facts.readme_file
    if packed is not None and packed.is_at_hand and packed.trouble is None:
        yield _Text("readme", packed.source.text, packed.place(), is_file=True, document=packed.document)
    if shown is not None and (shown.suffix is not None or len(facts.run) == 1):
        yield _Text("readme", shown.source.text, Place(), is_file=True, document=shown, is_published=True)


def _texts(facts: PackageFacts) -> Iterator[_Text]:
    nuspec = listed_nuspec(facts)
    if nuspec is None:
        return
    for element, name in (("title", "title"), ("description", "description")):
        text = nuspec.text(element)
        if text:
            yield _Text(name, text, place_of(nuspec, element), is_title=element == "title")
    listing = facts.listing
    if listing is not None and (listing.document.suffix is not None or len(listing.packages) == 1):
        for key in ("Title", "Description"):
            value = listing.document.value.get(key)
            if isinstance(value, str):
                name, is_title = f'"{key}" of the listing', key == "Title"
                place = Place(f"/{key}")
                yield _Text(name, value, place, False, listing.document, is_title=is_title, is_published=True)
    yield from _readmes(facts)


@rule(
    "UMB414",
    "text-names-other-majors",
    Severity.WARNING,
    why="users read the text, but NuGet goes by the range",
)
def text_names_other_majors(facts: PackageFacts) -> Iterator[Observation]:
    """A title, description or readme that names Umbraco versions outside the package's range.

    Reported only if a text says so plainly, such as "for Umbraco 17" or "requires Umbraco CMS 13+", and names no
    version in the range. Sentences about older versions, migrations and tests are ignored. The listing's title and
    description and the package's own Marketplace readme are shown for all versions, so they are reported only if they
    name nothing but older versions.

    Why it matters:
        When the package was updated for a new Umbraco version, either the text or the range was forgotten.

    Bad:
        <description>A colour picker for Umbraco 17.</description>
        <dependency id="Umbraco.Cms.Core" version="[18.0.0, 19.0.0)" />

    Good:
        <description>A colour picker for Umbraco 18.</description>
        <dependency id="Umbraco.Cms.Core" version="[18.0.0, 19.0.0)" />
    """
    if ranged_nuspec(facts) is None:
        return
    found = facts.compatibility
    spans = (*found.semver.spans, *found.default.spans)
    is_known = all(group.is_readable for group in found.groups_with_umbraco)
    if not spans or found.only_own_numbers or not is_known:
        return
    from umbmarket.umbraco.compatibility.named_majors import mentions_of_majors, overlap
    from umbmarket.umbraco.compatibility.spans import known_majors, majors_text, open_from

    for each in _texts(facts):
        mentions = list(mentions_of_majors(each.text, is_title=each.is_title))
        claim = next((mention for mention in mentions if mention.is_claim), None)
        named = [major for mention in mentions for major in mention.majors]
        if claim is None or any(overlap(one, other) for one in named for other in spans):
            continue
        # What lies at the project URL is shown for all versions: this may be one for an older Umbraco.
        if each.is_published and not all(_is_below(one, other) for one in named for other in spans):
            continue
        claimed = majors_text(known_majors(claim.majors), open_from(claim.majors))
        yield Observation(
            f"the {each.name} says {quote(each.text[claim.span.start : claim.span.end])}, but the range is for Umbraco"
            f" {found.semver.text}",
            each.at(claim.span),
            help="change the text, or the range if the text is right",
            args={"named": claimed, "majors": found.semver.text},
            document=each.document,
        )


@rule(
    "UMB315",
    "readme-installs-other",
    Severity.WARNING,
    why="users who copy the command get another package, or an old version",
)
def readme_installs_other(facts: PackageFacts) -> Iterator[Observation]:
    """A readme whose commands install another package, or an older version of this one.

    Another package is reported if it is the only one that the readme installs, the readme never names this package, and
    the two are not related. An older version is reported if every version that the readme gives for this package is
    lower than its own, unless the package is a prerelease.

    Why it matters:
        The readme was copied from another package, the id has changed, or the version was not updated at a release.

    Bad:
        dotnet add package My.Package --version 1.0.0 in the readme of My.Package 2.0.0

    Good:
        dotnet add package My.Package
    """
    nuspec, package_id, version = listed_nuspec(facts), facts.document.id, facts.document.version
    if nuspec is None or not package_id or _is_template(facts):
        return
    from umbmarket.nuget.package.install_commands import install_commands

    for readme in _readmes(facts):
        commands = list(install_commands(readme.text))
        own = [command for command in commands if command.id.lower() == package_id.lower()]
        observation = _older(own, package_id, version, readme) if own else _other(facts, package_id, commands, readme)
        if observation is not None:
            yield observation


def _older(
    commands: list[InstallCommand], package_id: str, version: NuGetVersion | None, readme: _Text
) -> Observation | None:
    """That every version that is given is older than the package's own."""
    written = [command for command in commands if command.version is not None]
    versions = [(_lowest(command.version or ""), command) for command in written]
    read = [(given, command) for given, command in versions if given is not None]
    if version is None or version.is_prerelease or not read or len(read) < len(versions):
        return None
    newest, command = max(read, key=lambda each: each[0])
    if newest >= version:
        return None
    return Observation(
        f"the readme installs version {visible(command.version or '')} of {visible(package_id)}, but this is {version}",
        readme.at(command.span),
        help="remove the version, so that the newest is installed",
        args={"installs": command.version, "version": version.normalized},
        document=readme.document,
    )


def _lowest(written: str) -> NuGetVersion | None:
    """The version that a text stands for; None for ranges, floating versions, and what is none."""
    from umbmarket.nuget import InvalidVersion, NuGetVersion

    try:
        return NuGetVersion.parse(written.rstrip(".,:)").removeprefix("v"))
    except InvalidVersion:
        return None


def _other(facts: PackageFacts, package_id: str, commands: list[InstallCommand], readme: _Text) -> Observation | None:
    """That the only package that is installed is another one that has nothing to do with this."""
    ids = {command.id.lower(): command for command in commands}
    if len(ids) != 1 or package_id.lower() in readme.text.lower():
        return None
    other, command = next(iter(ids.items()))
    related = {each.id.lower() for group in facts.document.dependency_groups for each in group.dependencies}
    related |= {(each.document.id or "").lower() for each in facts.run}
    is_family = other.startswith(f"{package_id.lower()}.") or package_id.lower().startswith(f"{other}.")
    if other in related or is_family or _NOT_A_RENAMED_PACKAGE.fullmatch(other) is not None:
        return None
    return Observation(
        f"the readme installs {quote(command.id)}, but this is {quote(package_id)}",
        readme.at(command.span),
        help="write the id of this package, if that is what users should install",
        args={"installs": command.id, "packageId": package_id},
        document=readme.document,
    )


@rule(
    "UMB316",
    "manifest-version",
    Severity.WARNING,
    why="the backoffice shows the manifest's version",
)
def manifest_version(facts: PackageFacts) -> Iterator[Observation]:
    """An `umbraco-package.json` or `package.manifest` in the package with another version than the package.

    Build metadata after a `+` does not count, and `1.0` equals `1.0.0`. Manifests without a version and templates for
    `dotnet new` are not checked.

    Why it matters:
        The backoffice shows the wrong version, and so do the bug reports of your users.

    Bad:
        {"name": "My Package", "version": "1.0.0"} in My.Package 2.0.0

    Good:
        {"name": "My Package", "version": "2.0.0"} in My.Package 2.0.0
    """
    version = facts.document.version
    if listed_nuspec(facts) is None or version is None or _is_template(facts):
        return
    manifests = facts.document.files_where(lambda path: _MANIFESTS.fullmatch(path) is not None)
    for file in islice(manifests, _MOST_MANIFESTS):
        yield from _other_version(file, version)


def _other_version(file: EmbeddedFile, version: NuGetVersion) -> Iterator[Observation]:
    from umbmarket.formats.json.tree import JsonTree

    if not file.is_at_hand or file.size > _LARGEST_MANIFEST or file.trouble is not None:
        return
    tree = JsonTree(file.source.text)
    written = tree.value.get("version") if isinstance(tree.value, dict) else None
    if not isinstance(written, str) or not written.strip() or _lowest(written) == version:
        return
    yield Observation(
        f"the manifest has version {quote(written)}, but the package has {version}",
        file.place(tree.span(Place("/version"))),
        help="set it to the package's version when packing",
        args={"manifest": written, "version": version.normalized},
        document=file.document,
    )


def _is_below(named: MajorSpan, held: MajorSpan) -> bool:
    return named.last is not None and named.last < held.first


def _is_template(facts: PackageFacts) -> bool:
    return any(each.name.lower() == _TEMPLATE for each in facts.document.package_types)
