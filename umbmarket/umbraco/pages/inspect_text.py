"""An inspection as a page that a person reads at a glance: 80 columns, with or without colour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from umbmarket.findings import JsonValue
from umbmarket.output.ansi import Palette, palette
from umbmarket.output.columns import GAP, padded, table, wrapped
from umbmarket.output.plain import plain, plain_path
from umbmarket.output.wording import counted
from umbmarket.umbraco.compatibility.estimate import estimate_compatibility
from umbmarket.umbraco.compatibility.notes import notes_on
from umbmarket.umbraco.compatibility.spans import known_majors, major_span, majors_text, open_from
from umbmarket.umbraco.pages import inspect_planned

if TYPE_CHECKING:
    from umbmarket.nuget import VersionRange
    from umbmarket.umbraco.compatibility.estimate import Outcome, UmbracoGroup
    from umbmarket.umbraco.inspection import Inspection, Planned
    from umbmarket.umbraco.listing_page import PreviewField
    from umbmarket.umbraco.placement import Address

PAGE_WIDTH = 80
"""Cells of a line; only an address that is longer goes beyond."""

LONGEST_VALUE = 240
"""Code points of a value that are shown: a card of the Marketplace shows about 120 of a description."""

LONGEST_ADDRESS = 4_000
"""The same for an address, which is there to be copied: nuget.org takes no longer project URL."""

LONGEST_NOTE = 1_000
"""The same for a remark."""

MOST_ROWS = 40
"""Dependencies that the table shows; the JSON has all."""

_INDENT = "  "
_LABEL_WIDTH = 12
_LOG_COMMAND_START = re.compile(r"^([ \t]*):(?=:)", re.MULTILINE)
"""What GitHub's runner would read as a command: a wrapped line may start with anything."""

_ALWAYS_SHOWN = frozenset(
    {
        "Title",
        "Description",
        "Author",
        "Category",
        "LicenseTypes",
        "Tags",
        "Icon",
        "ProjectUrl",
        "DocumentationUrl",
        "IssueTrackerUrl",
        "DiscussionForumUrl",
        "Screenshots",
        "VideoUrl",
        "Readme",
        "VersionDependencyMode",
    }
)
"""Fields that are worth a line also where they are empty; others have one where the listing fills them."""

_LABELS = {
    "AuthorDescription": "About author",
    "AuthorUrl": "Author link",
    "AuthorImageUrl": "Author image",
    "AlternateCategory": "2nd category",
    "PackageType": "Type",
    "LicenseTypes": "Licence types",
    "ProjectUrl": "Project",
    "RepositoryUrl": "Source code",
    "DocumentationUrl": "Documentation",
    "IssueTrackerUrl": "Issues",
    "DiscussionForumUrl": "Discussion",
    "VideoUrl": "Video",
    "VersionDependencyMode": "Version mode",
    "VersionSpecificPackageIds": "Other versions",
    "IsSubPackageOf": "Sub package of",
    "RelatedPackages": "Related",
    "PackagesByAuthor": "By the author",
    "AddOnPackagesRequiredForUmbracoCloud": "Cloud add-ons",
    "LookingForContributors": "Contributors?",
    "LookingForMaintainer": "Maintainer?",
}
_SOURCES = {"listing": "listing", "nuget": "NuGet", "fallback": "fallback", "missing": "missing"}


def render(inspection: Inspection, *, color: bool = False, width: int = PAGE_WIDTH) -> str:
    """The page as text with LF line ends.

    Args:
        inspection: what was found.
        color: style it for a terminal.
        width: cells of a line.
    """
    lines = list(_Page(inspection, palette(color), width).lines())
    return _LOG_COMMAND_START.sub(r"\1\\x3a", "\n".join(lines)) + "\n"


class _Page:
    """Writes one inspection."""

    def __init__(self, inspection: Inspection, colors: Palette, width: int) -> None:
        self._found = inspection
        self._colors = colors
        self._width = width

    def lines(self) -> Iterator[str]:
        """All lines of the page."""
        yield from self._identity()
        yield ""
        yield from self._versions()
        yield ""
        yield from self._places()
        yield ""
        yield from self._listing()

    def _heading(self, text: str) -> str:
        return self._colors.label(text)

    def _pair(self, label: str, text: str, label_width: int = _LABEL_WIDTH) -> Iterator[str]:
        """A label with its text, wrapped beside it."""
        lead = f"{_INDENT}{padded(label, label_width)}{GAP}"
        for number, line in enumerate(wrapped(text, self._width - len(lead))):
            yield f"{lead if not number else ' ' * len(lead)}{line}".rstrip()

    def _note(self, text: str) -> Iterator[str]:
        for number, line in enumerate(wrapped(_cut(text, LONGEST_NOTE), self._width - 4)):
            yield f"{_INDENT}{'-' if not number else ' '} {line}"

    def _identity(self) -> Iterator[str]:
        package = self._found.packed
        if package is None:
            yield from self._planned_identity()
            return
        yield self._heading(plain(f"{_cut(self._found.metadata.id)} {_cut(package.version_text or '')}"))
        yield from self._pair("Package", plain_path(self._found.path))
        if package.title is not None:
            yield from self._pair("Title", _cut(package.title))
        yield from self._pair("Authors", _cut(self._found.metadata.authors or "none"))
        license_ = package.license
        kinds = {"expression": "", "file": " (file in the package)", "url": ""}
        yield from self._pair(
            "Licence", _cut(license_.value) + kinds[license_.kind] if license_ is not None else "none"
        )
        if package.package_types:
            yield from self._pair("Types", _cut(", ".join(each.name for each in package.package_types)))
        if package.repository is not None and package.repository.url:
            yield from self._pair("Repository", _cut(package.repository.url))
        yield from self._pair("Signed", "yes" if package.signed else "no")
        yield from self._pair("Tags", _cut(", ".join(tag.text for tag in package.tags) or "none"))
        yield from self._pair(
            "Marketplace",
            "tagged umbraco-marketplace, as the Marketplace requires"
            if self._found.tagged
            else "not tagged umbraco-marketplace, so the Marketplace does not list it",
        )
        yield from self._remarks()

    def _planned_identity(self) -> Iterator[str]:
        yield self._heading(plain(_cut(inspect_planned.heading(self._found))))
        for label, text in inspect_planned.pairs(self._found, LONGEST_VALUE):
            yield from self._pair(label, text)
        for note in inspect_planned.notes(self._found):
            yield from self._note(note)
        yield from self._remarks()

    def _remarks(self) -> Iterator[str]:
        package = self._found.package
        if package.is_symbols:
            yield from self._note("This is a symbol package, which the Marketplace does not list.")
        if package.version is not None and package.version.is_prerelease:
            yield from self._note("This is a prerelease; the Marketplace appears to show only stable versions.")
        if self._found.packed.problems if self._found.packed is not None else package.push_problems:
            yield from self._note(
                "nuget.org rejects this package, or reads it differently from what was meant; `umbmarket validate`"
                " shows why."
            )

    def _versions(self) -> Iterator[str]:
        found, planned = self._found.compatibility, self._found.planned
        yield self._heading("Umbraco versions (estimate)")
        if found.dependencies:
            rows = [("Framework", "Depends on", "Range", "Umbraco")]
            for group in found.groups:
                rows.extend(_rows(group, len(found.groups), planned))
            shown = rows[: MOST_ROWS + 1]
            for line in table(shown, self._width - len(_INDENT), (9, 16, 12, 10)):
                yield _INDENT + line
            if len(rows) > len(shown):
                yield f"{_INDENT}and {len(rows) - len(shown)} more rows; --format json has all"
            if planned is not None:
                for text in inspect_planned.dependency_places(self._found, MOST_ROWS):
                    yield from self._note(text)
            yield ""
        if planned is not None and planned.versions_doubt is not None:
            yield from self._pair("Umbraco", inspect_planned.unknown(planned.versions_doubt))
            yield from self._way()
            return
        if found.dependencies:
            for outcome in (found.default, found.semver):
                yield from self._pair(outcome.mode, self._outcome(outcome))
        way = self._found.way
        is_found = way is not None and bool(way.search.found)
        is_dead_end = way is not None and way.is_certain and not is_found
        for note in notes_on(found, is_dead_end=is_dead_end, is_found=is_found):
            yield from self._note(note.text)
        yield from self._way()

    def _way(self) -> Iterator[str]:
        """What the packages beside it tell of the way to Umbraco."""
        way = self._found.way
        if way is None or not way.search.found:
            return
        first = way.search.found[0]
        shown = estimate_compatibility(way.search.groups, self._found.compatibility.mode).shown.text
        yield from self._note(
            f"The package depends on Umbraco through {first.text} {first.range or '(any version)'}, so the Marketplace "
            f"should show {shown}."
        )

    def _outcome(self, outcome: Outcome) -> str:
        found = self._found
        text = outcome.text
        if outcome.capped:
            text += ", cut off below 14"
        if outcome.mode != found.compatibility.mode:
            return text
        reasons = {
            "option": "set by --mode",
            "listing": "set by the listing",
            "default": "the default",
        }
        reason = reasons[found.mode_source]
        if found.mode_source == "default" and found.listing.mode_is_lost:
            what = "is not read" if found.listing.verdict.counts else "is ignored"
            reason = f"the listing asks for SemVer, but {what}"
        return f"{text} <- counts: {reason}"

    def _places(self) -> Iterator[str]:
        placement = self._found.placement
        yield self._heading("Where the Marketplace looks (estimate)")
        doubt = inspect_planned.placement_doubt(self._found)
        if doubt is not None:
            yield from self._note(doubt)
        elif placement.reason:
            yield from self._note(placement.reason)
        if placement.listing:
            yield from self._addresses("for the listing", placement.listing, ())
        packed = self._found.metadata.readme
        last = f"the readme in the package: {packed}" if packed else "(the package has no readme)"
        if self._found.planned is not None and "readme" in self._found.planned.unknowns:
            last = f"the readme in the package: {inspect_planned.unknown(self._found.planned.unknowns['readme'])}"
        yield from self._addresses("for the readme", placement.readme, (last,))

    def _addresses(self, title: str, addresses: Sequence[Address], more: tuple[str, ...]) -> Iterator[str]:
        yield _INDENT + title
        for number, text in enumerate((*(address.url for address in addresses), *more), 1):
            yield f"{_INDENT * 2}{number}. {plain(_cut(text, LONGEST_ADDRESS))}"

    def _listing(self) -> Iterator[str]:
        yield self._heading("Listing page (estimate)")
        yield from self._listing_file()
        planned = self._found.planned
        doubts = planned.field_doubts if planned is not None else {}
        names = _SOURCES if planned is None else {**_SOURCES, "nuget": "project"}
        fields = [field for field in self._found.fields if field.name in doubts or _is_worth_a_line(field)]
        sources = ["unknown" if field.name in doubts else names[field.source] for field in fields]
        label_width = max(len(_label(field)) for field in fields)
        source_width = max(map(len, sources))
        for field, source in zip(fields, sources, strict=True):
            label = f"{padded(_label(field), label_width)}{GAP}{source}"
            value = _cut(doubts[field.name]) if field.name in doubts else _value(field)
            yield from self._pair(label, value, label_width + len(GAP) + source_width)

    def _listing_file(self) -> Iterator[str]:
        listing = self._found.listing
        if listing.document is None:
            yield from self._note(
                "No listing was found, so this is the page without one. Use --listing FILE to add one."
            )
            return
        path = listing.document.path
        where = {
            "named": "",
            "repository": ", where the project URL leads",
            "fork": ", where the project URL leads, but in a fork of that repository",
            "meant": ", which belongs to the package by its name and folder",
            "elsewhere": "",
            "beside": " beside the package, where the Marketplace does not look",
        }
        served = self._found.placement.served_at(listing.document.file_name)
        origin = where[listing.origin] if listing.origin is not None else ""
        if listing.origin == "beside" and served is not None:
            origin = " beside the package"
        if listing.origin == "beside" and inspect_planned.placement_doubt(self._found) is not None:
            origin = " beside the project; whether the Marketplace looks there is unknown"
        if listing.counts:
            yield from self._note(f"Uses {path}{origin}.")
        if listing.origin == "elsewhere":
            yield from self._note(
                f"The Marketplace does not read {path}, because the project URL does not lead there. This is the page "
                "without it."
            )
            return
        if listing.origin == "fork":
            yield from self._note("The Marketplace reads the file in the repository that the project URL leads to.")
        if served is not None:
            yield from self._note(f"The project URL is a website, so the website has to serve the file at {served}.")
        for refusal in listing.refusals:
            yield from self._note(
                f"The Marketplace ignores {path} as a whole: {refusal}. This is the page without it; `umbmarket "
                "validate` shows how to fix it."
            )
        if listing.counts and listing.empty_urls:
            keys = ", ".join(listing.empty_urls)
            yield from self._note(
                f"An empty URL ({keys}) does not match the published schema, but listings with one are still shown."
            )


def _rows(group: UmbracoGroup, count: int, planned: Planned | None) -> Iterator[tuple[str, str, str, str]]:
    """The rows of one group: its dependencies, and what they allow together where that is less than each."""
    framework = "any" if group.framework.is_any else _cut(group.framework.short_name)
    if not group.dependencies:
        if count > 1:
            yield framework, "(not on Umbraco)", "", ""
        return
    for dependency in group.dependencies:
        own = _cut(dependency.range.normalized), _majors(dependency.umbraco_range)
        if planned is not None and (dependency.group, dependency.index) in planned.dependency_doubts:
            own = "unknown", "unknown"
        yield framework, _cut(dependency.id), *own
        framework = ""
    if group.range is not None and any(
        dependency.umbraco_range.cuts != group.range.cuts for dependency in group.dependencies
    ):
        text = "no version" if group.range.is_empty else _cut(group.range.normalized)
        yield "", "together", text, group.text


def _majors(interval: VersionRange) -> str:
    span = major_span(interval)
    spans = [span] if span is not None else []
    return majors_text(known_majors(spans), open_from(spans))


def _is_worth_a_line(field: PreviewField) -> bool:
    return field.name in _ALWAYS_SHOWN or field.source in ("listing", "nuget")


def _label(field: PreviewField) -> str:
    return _LABELS.get(field.name, field.name)


def _value(field: PreviewField) -> str:
    """A value in one line of text."""
    if field.name == "Screenshots" and isinstance(field.value, list):
        return _screenshots(field.value)
    return _cut(_text(field.value)) if field.value is not None else "-"


def _screenshots(items: list[JsonValue]) -> str:
    videos = sum(1 for item in items if isinstance(item, dict) and "VideoUrl" in item)
    counts = ((len(items) - videos, "image"), (videos, "video"))
    return ", ".join(counted(number, noun) for number, noun in counts if number)


def _text(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, dict):
        return _entry(value)
    return str(value)


def _entry(entry: dict[str, JsonValue]) -> str:
    """A contributor, a related package or a package for another version by what it is called."""
    name = _text(entry.get("Name", entry.get("PackageId", "")))
    major = entry.get("UmbracoMajorVersion")
    return f"{name} for {_text(major)}" if major is not None else name


def _cut(text: str, limit: int = LONGEST_VALUE) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3].rstrip()}..."
