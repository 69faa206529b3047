"""What the Marketplace reads: every field with its value, its source, where that stands, and why it is empty.

The values are those of `listing_page`, the one answer; this adds what a person who looks at the page asks next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from umbmarket.findings import Finding, JsonValue, Place
from umbmarket.umbraco.inspection import PackageListing
from umbmarket.umbraco.listing import ABSENT
from umbmarket.umbraco.listing_page import PackageMetadata, PreviewField, preview
from umbmarket.umbraco.preview.known_package import ELEMENTS, KnownPackage

if TYPE_CHECKING:
    from umbmarket.umbraco.readme import MarketplaceReadme

ShownSource: TypeAlias = Literal["listing", "NuGet", "project", "fallback", "missing"]
"""Where a value comes from: the listing, the package, the project that would pack it, what the Marketplace makes of
nothing, or nowhere."""

MOST_TEXTS: Final = 200
"""Entries of a list that are shown: no real listing has more than thirty, and a hostile one may have 100,000."""


@dataclass(frozen=True, slots=True)
class SheetField:
    """One field.

    Attributes:
        name: the listing's key for it, where there is one.
        label: what it is called here.
        value: as written; None where nothing is shown.
        source: where it comes from.
        origin: the place, such as `umbraco-marketplace.json:4`; empty where there is none.
        reason: why it is empty, or why a fallback is shown, as a clause; empty where a file has the value.
        estimate: what of it no document settles, as a sentence; empty where all of it is documented.
        findings: what `umbmarket validate` says about it.
    """

    name: str
    label: str
    value: JsonValue
    source: ShownSource
    origin: str = ""
    reason: str = ""
    estimate: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def text(self) -> str:
        """The value where it is a text, else an empty one; a text of white space is none."""
        return self.value if isinstance(self.value, str) and self.value.strip() else ""

    @property
    def items(self) -> tuple[JsonValue, ...]:
        """The entries where it is a list."""
        return tuple(self.value) if isinstance(self.value, list) else ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts among the entries, as far as a page has room for them."""
        return tuple(item for item in self.items[:MOST_TEXTS] if isinstance(item, str) and item.strip())

    @property
    def brief(self) -> str:
        """Why it is empty, in as few words as a margin has room for; empty where a file has the value."""
        for said, brief in _BRIEFLY:
            said_so = said.sub(brief, self.reason)
            if said_so != self.reason:
                return said_so
        return self.reason

    @property
    def line(self) -> tuple[str, int] | None:
        """The file and the line that the value stands in; None where that is no line of a file."""
        # A readme is a file as a whole, which may be called as a place is written.
        found = _LINE.fullmatch(self.origin) if self.name != "Readme" else None
        return (found["file"], int(found["line"])) if found is not None else None

    def findings_at(self, pointer: str) -> tuple[Finding, ...]:
        """Those about one entry of it."""
        return tuple(each for each in self.findings if _is_at(each.pointer, pointer))


_LINE = re.compile(r"(?P<file>.+):(?P<line>[0-9]{1,9})", re.DOTALL)

_BRIEFLY = (
    (re.compile(r'the listing has no "\w+"'), "not in the listing"),
    (re.compile(r'the listing has a "\w+", but it is ignored as a whole'), "ignored with the listing"),
    (
        re.compile(r'the listing has a "\w+", but it is not read from where it is'),
        "in the listing, which is not read",
    ),
)
"""What a margin has room for, where the sheet names the key."""


class _Kind(NamedTuple):
    """What is known of a field beforehand.

    Attributes:
        label: what it is called here.
        pointers: where the listing has it, the first before the others.
        fallback: why a fallback is shown.
        estimate: as in `SheetField`.
    """

    label: str
    pointers: tuple[str, ...] = ()
    fallback: str = ""
    estimate: str = ""


_OWNERS = "nothing is named, so the Marketplace lists the other packages of the owners on NuGet"
_KINDS: dict[str, dict[str, _Kind]] = {
    "The package": {
        "PackageId": _Kind("Package id"),
        "Version": _Kind("Version"),
        "NuGetTags": _Kind("Tags on NuGet"),
        "License": _Kind("Licence on NuGet"),
        "Majors": _Kind(
            "Umbraco versions",
            ("/VersionDependencyMode",),
            estimate="How the Marketplace reads dependency ranges is inferred in part.",
        ),
        "VersionDependencyMode": _Kind(
            "Version mode", ("/VersionDependencyMode",), "Default counts where no listing names a mode"
        ),
    },
    "Head of the page": {
        "Title": _Kind("Title", ("/Title",), "nothing here has a title, so the package id is shown"),
        "Description": _Kind("Description", ("/Description",)),
        "Icon": _Kind("Icon"),
        "Category": _Kind("Category", ("/Category",)),
        "AlternateCategory": _Kind("Alternate category", ("/AlternateCategory",)),
        "PackageType": _Kind("Package type", ("/PackageType",), "Package counts where no listing names a type"),
        "LicenseTypes": _Kind("Licence types", ("/LicenseTypes", "/LicenseType")),
        "Tags": _Kind("Tags", ("/Tags",)),
    },
    "The author": {
        "Author": _Kind("Author", ("/AuthorDetails/Name",)),
        "AuthorDescription": _Kind("About the author", ("/AuthorDetails/Description",)),
        "AuthorUrl": _Kind("The author's link", ("/AuthorDetails/Url",)),
        "AuthorImageUrl": _Kind("The author's picture", ("/AuthorDetails/ImageUrl",)),
        "Contributors": _Kind(
            "Contributors", ("/AuthorDetails/Contributors", "/AuthorDetails/SyncContributorsFromRepository")
        ),
        "LookingForContributors": _Kind("Looking for contributors", ("/LookingForContributors",), "no listing says so"),
        "LookingForMaintainer": _Kind("Looking for a maintainer", ("/LookingForMaintainer",), "no listing says so"),
    },
    "Links": {
        "ProjectUrl": _Kind("Project"),
        "RepositoryUrl": _Kind("Source code"),
        "DocumentationUrl": _Kind("Documentation", ("/DocumentationUrl",)),
        "IssueTrackerUrl": _Kind("Issue tracker", ("/IssueTrackerUrl",)),
        "DiscussionForumUrl": _Kind("Discussion forum", ("/DiscussionForumUrl",)),
    },
    "Media and text": {
        "Screenshots": _Kind("Screenshots", ("/Screenshots",)),
        "VideoUrl": _Kind("Video", ("/VideoUrl",)),
        "Readme": _Kind("Readme", estimate="How the Marketplace renders Markdown and raw HTML is not documented."),
    },
    "Other packages": {
        "VersionSpecificPackageIds": _Kind("For other versions", ("/VersionSpecificPackageIds",)),
        "IsSubPackageOf": _Kind("Sub package of", ("/IsSubPackageOf",)),
        "RelatedPackages": _Kind("Related packages", ("/RelatedPackages",)),
        "PackagesByAuthor": _Kind("By the same author", ("/PackagesByAuthor",), _OWNERS),
        "AddOnPackagesRequiredForUmbracoCloud": _Kind(
            "Add-ons on Umbraco Cloud", ("/AddOnPackagesRequiredForUmbracoCloud",)
        ),
    },
}
"""All fields by the part of the page that they are for, in its order."""

GROUPS: dict[str, tuple[str, ...]] = {title: tuple(kinds) for title, kinds in _KINDS.items()}
"""The names of the fields, likewise."""

_BY_NAME = {name: kind for kinds in _KINDS.values() for name, kind in kinds.items()}
_OF_NUGET_ALONE = ("Icon", "ProjectUrl", "RepositoryUrl")


class Sorted(NamedTuple):
    """The findings of a page, each where it bites.

    Attributes:
        of_field: by the name of the field.
        others: those about a file as a whole, or about what no field shows.
    """

    of_field: Mapping[str, tuple[Finding, ...]]
    others: tuple[Finding, ...]


class Places(NamedTuple):
    """Where the findings of a page may stand.

    Attributes:
        listing: path of the listing, or None.
        package: path of the package, or of the project; None without one.
        planned: file, pointer and element of what a project says of the package.
        readmes: file and member of what may be shown as the readme.
        icons: likewise of the icon.
    """

    listing: str | None
    package: str | None
    planned: tuple[tuple[str, str, str], ...] = ()
    readmes: frozenset[tuple[str, str | None]] = frozenset()
    icons: frozenset[tuple[str, str | None]] = frozenset()

    @property
    def files(self) -> frozenset[str]:
        """All files."""
        named = {each for each in (self.listing, self.package) if each is not None}
        return frozenset(named | {file for file, _ in self.readmes | self.icons})

    def holds(self, finding: Finding) -> bool:
        """Whether a finding is about the page; a file that projects share may tell of another one."""
        if finding.file in self.files:
            return True
        is_shared = any(file == finding.file for file, _, _ in self.planned)
        return is_shared and any(each.file == self.package for each in finding.related)

    def field_of(self, finding: Finding) -> str | None:
        """The name of the field that a finding is about; None for a file as a whole, and for what no field shows."""
        at = (finding.file, finding.member)
        if at in self.readmes:
            return "Readme"
        if at in self.icons:
            return "Icon"
        if not finding.pointer:
            return None
        names: list[str] = []
        if finding.file == self.listing:
            names = [
                name for name, kind in _BY_NAME.items() if any(_is_at(finding.pointer, at) for at in kind.pointers)
            ]
        else:
            stands = {
                each
                for file, pointer, each in self.planned
                if file == finding.file and _is_at(finding.pointer, pointer)
            }
            is_nuspec = finding.file == self.package
            names = [
                name
                for name, element in ELEMENTS.items()
                if element in stands or (is_nuspec and _is_element(finding.pointer, element))
            ]
        return names[-1] if names else None


def sort_out(findings: Iterable[Finding], places: Places) -> Sorted:
    """Find out which field each finding is about, by where it stands."""
    of_field: dict[str, list[Finding]] = {}
    others: list[Finding] = []
    for finding in findings:
        name = places.field_of(finding)
        (others if name is None else of_field.setdefault(name, [])).append(finding)
    return Sorted({name: tuple(found) for name, found in of_field.items()}, tuple(others))


def _is_at(pointer: str, above: str) -> bool:
    return pointer == above or pointer.startswith(f"{above}/")


def _is_element(pointer: str, element: str) -> bool:
    """Whether a pointer of a nuspec leads to an element of the metadata, or into it."""
    parts = pointer.split("/")
    name = parts[2].partition("[")[0].lower() if len(parts) > 2 and parts[1].lower() == "metadata" else ""
    return name in (element.lower(), f"{element.lower()}url")


class Sheet:
    """The fields of one page.

    Attributes:
        fields: all of them, by name.
    """

    def __init__(
        self,
        listing: PackageListing,
        package: KnownPackage | None,
        *,
        package_id: str | None,
        readme: MarketplaceReadme | None,
        findings: Sorted,
        value: Mapping[str, JsonValue] | None = None,
    ) -> None:
        """Lay the listing over the package.

        Args:
            listing: the listing, and what becomes of it.
            package: what is known of the package, or None.
            package_id: the id, where a file name or the user tells it.
            readme: the Marketplace readme, or None.
            findings: what to say beside the fields.
            value: what to take from the listing instead of what the Marketplace takes.
        """
        self._listing = listing
        self._package = package
        self._package_id = package_id
        self._findings = findings
        self._is_taken = value is None
        taken = listing.value if value is None else value
        metadata = package.metadata if package is not None else PackageMetadata(id=package_id or "")
        found = preview(taken, metadata, marketplace_readme=readme.path if readme is not None else None)
        of_page = {field.name: self._field(field) for field in found}
        of_package = {field.name: field for field in self._of_package()}
        every = {**of_package, **of_page}
        self.fields = {name: every[name] for names in GROUPS.values() for name in names}

    def __getitem__(self, name: str) -> SheetField:
        """The field of a name."""
        return self.fields[name]

    def _field(self, field: PreviewField) -> SheetField:
        kind = _BY_NAME[field.name]
        source = self._source(field.source)
        reason = {"fallback": kind.fallback, "missing": self._why_missing(field.name)}.get(source, "")
        document = self._listing.document
        if source == "fallback" and document is not None and not self._listing.counts and self._is_taken:
            # It is the listing that is lost, not the value that it lacks.
            written = [pointer for pointer in kind.pointers if document.get(pointer) is not ABSENT]
            reason = self._why_not_listed(written[0]) if written else reason
        return SheetField(
            field.name,
            kind.label,
            field.value,
            source,
            self._origin(field, source),
            reason,
            kind.estimate if source != "missing" else "",
            self._findings.of_field.get(field.name, ()),
        )

    def _source(self, source: str) -> ShownSource:
        if source == "nuget":
            return "project" if self._package is not None and self._package.kind == "project" else "NuGet"
        return "listing" if source == "listing" else "fallback" if source == "fallback" else "missing"

    def _origin(self, field: PreviewField, source: ShownSource) -> str:
        if field.name == "Readme" and isinstance(field.value, str):
            path = self._package.path if self._package is not None and source != "listing" else ""
            return f"{path}!/{field.value}" if path else field.value
        if source == "listing":
            return self._place_in_listing(field.name)
        if source in ("NuGet", "project") and self._package is not None:
            return self._package.place_of(ELEMENTS.get(field.name, ""))
        return ""

    def _place_in_listing(self, name: str) -> str:
        document = self._listing.document
        if document is None:
            return ""
        for pointer in _BY_NAME[name].pointers:
            region = document.locate(Place(pointer)) if document.get(pointer) is not ABSENT else None
            if region is not None:
                return f"{document.path}:{region.line}"
        return document.path

    def _why_missing(self, name: str) -> str:
        pointers = _BY_NAME[name].pointers
        reasons = []
        if pointers:
            reasons.append(self._why_not_listed(pointers[0]))
        elif name == "Readme":
            reasons.append("there is no Marketplace readme here")
        if name in ELEMENTS and (not pointers or name in ("Title", "Description", "Author")):
            if self._package is None:
                reasons.append("there is no package or project here")
            else:
                reasons.append(self._package.why_absent(ELEMENTS[name]))
        return ", and ".join(dict.fromkeys(reasons))

    def _why_not_listed(self, pointer: str) -> str:
        """Why the listing does not fill a field."""
        document, key = self._listing.document, pointer.rpartition("/")[2]
        if document is None:
            return "there is no listing here"
        written = document.get(pointer)
        if written is ABSENT:
            return f'the listing has no "{key}"'
        if self._is_taken and self._listing.origin == "elsewhere":
            return f'the listing has a "{key}", but it is not read from where it is'
        if self._is_taken and not self._listing.verdict.counts:
            return f'the listing has a "{key}", but it is ignored as a whole'
        return f'"{key}" is empty in the listing' if not written else f'"{key}" in the listing says nothing'

    def _of_package(self) -> Iterator[SheetField]:
        package = self._package
        if package is not None:
            yield self._told("PackageId", package.metadata.id or None)
            yield self._told("Version", package.version)
            yield self._told("NuGetTags", list(package.tags) if package.tags else None)
            yield self._told("License", package.license)
            majors = package.compatibility.shown.text if package.compatibility is not None else None
            yield self._told("Majors", majors)
            return
        nowhere = "there is no package or project here"
        yield SheetField(
            "PackageId",
            _BY_NAME["PackageId"].label,
            self._package_id,
            "listing" if self._package_id else "missing",
            "the listing's file name, or --package" if self._package_id else "",
            "" if self._package_id else nowhere,
        )
        for name in ("Version", "NuGetTags", "License", "Majors"):
            found = self._findings.of_field.get(name, ())
            yield SheetField(name, _BY_NAME[name].label, None, "missing", "", nowhere, "", found)

    def _told(self, name: str, value: JsonValue) -> SheetField:
        """A field that the package alone tells."""
        package, kind, element = self._package, _BY_NAME[name], ELEMENTS[name]
        assert package is not None
        findings = self._findings.of_field.get(name, ())
        if value is None:
            return SheetField(name, kind.label, None, "missing", "", package.why_absent(element), "", findings)
        place = package.place_of(element)
        return SheetField(name, kind.label, value, self._source("nuget"), place, "", kind.estimate, findings)
