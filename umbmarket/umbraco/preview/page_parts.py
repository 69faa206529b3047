"""The parts of a preview as a template shows them: card, gallery, people, versions, other packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from umbmarket.findings import Finding, JsonValue, beginning
from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR, OLDEST_MAJOR
from umbmarket.umbraco.preview.pictures_of_page import ICON_SIZE, Picture, Pictures
from umbmarket.umbraco.rules.listing_content import CARD_DESCRIPTION_LENGTH
from umbmarket.umbraco.videos import classify_video
from umbmarket.web.addresses.parts import parse_address

if TYPE_CHECKING:
    from umbmarket.umbraco.preview.known_package import KnownPackage
    from umbmarket.umbraco.preview.sheet import Sheet, SheetField

MOST_ENTRIES: Final = 60
"""Entries of a list that are shown; the sheet says how many there are."""


class Shot(NamedTuple):
    """One entry of the gallery.

    Attributes:
        picture: the picture; None for a video.
        video: the video; None for a picture.
        caption: the text below it; may be empty.
        findings: those about this entry.
    """

    picture: Picture | None
    video: Clip | None
    caption: str
    findings: tuple[Finding, ...]


class Clip(NamedTuple):
    """A video.

    Attributes:
        address: as written.
        link: the same where one may follow it, else empty.
        reason: why the Marketplace does not embed it, as a sentence; empty where it does.
    """

    address: str
    link: str
    reason: str


class Person(NamedTuple):
    """A contributor."""

    name: str
    link: str


class Related(NamedTuple):
    """A group of related packages: its title, which may be empty, and each package with its sentence."""

    title: str
    packages: tuple[tuple[str, str], ...]


class Link(NamedTuple):
    """A link of the page: the field, the address, and whether one may follow it."""

    field: SheetField
    address: str
    is_safe: bool


class GroupVersions(NamedTuple):
    """What one target framework allows: its name, the ranges and the majors in words."""

    framework: str
    ranges: str
    majors: str


@dataclass(frozen=True, slots=True)
class Versions:
    """The Umbraco versions that should be shown.

    Attributes:
        text: the majors in words, by the mode that counts; empty where nothing is known.
        majors: every known major, and whether it is among them.
        goes_on: all majors to come are among them.
        modes: mode, majors in words, and whether it counts; both only where they differ.
        groups: what each target framework allows, where they differ.
        notes: what to know about it.
    """

    text: str
    majors: tuple[tuple[int, bool], ...]
    goes_on: bool
    modes: tuple[tuple[str, str, bool], ...]
    groups: tuple[GroupVersions, ...]
    notes: tuple[str, ...]


NO_VERSIONS: Final = Versions("", (), False, (), (), ())


def versions_of(package: KnownPackage | None) -> Versions:
    """The versions for a package; `NO_VERSIONS` where the dependencies are not known."""
    found = package.compatibility if package is not None else None
    if found is None:
        return NO_VERSIONS
    # Late: only a package pays for what is known of ranges.
    from umbmarket.umbraco.compatibility.notes import notes_on

    shown = found.shown
    modes = (found.default, found.semver) if found.mode_matters else ()
    return Versions(
        shown.text,
        tuple((major, major in shown.majors) for major in range(OLDEST_MAJOR, NEWEST_MAJOR + 1)),
        shown.open_ended,
        tuple(
            (each.mode, each.text + (" (capped below 14)" if each.capped else ""), each.mode == found.mode)
            for each in modes
        ),
        tuple(
            GroupVersions(
                "any framework" if group.framework.is_any else group.framework.short_name,
                ", ".join(f"{each.id} {each.range.normalized}" for each in group.dependencies[:MOST_ENTRIES]),
                group.text,
            )
            for group in found.disagreeing_groups[:MOST_ENTRIES]
        ),
        tuple(note.text for note in notes_on(found)),
    )


@dataclass(frozen=True, slots=True)
class View:
    """The card and the listing page in one state of the listing.

    Attributes:
        key: tells the views of one page apart in the ids of elements.
        title: of the state; empty where there is only one.
        note: what to know about the state, likewise.
        sheet: every field.
        icon: the icon, or what stands in its place.
        author_picture: likewise.
        teaser: the description as a card shows it.
        is_cut: the description is longer.
        shots: the gallery.
        video: the video, or None.
        people: the contributors.
        links: the links that are there.
        related: related packages in their groups.
        other_versions: major and package id.
        is_sub_package: it has no card of its own.
    """

    key: str
    title: str
    note: str
    sheet: Sheet
    icon: Picture | None
    author_picture: Picture | None
    teaser: str
    is_cut: bool
    shots: tuple[Shot, ...]
    video: Clip | None
    people: tuple[Person, ...]
    links: tuple[Link, ...]
    related: tuple[Related, ...]
    other_versions: tuple[tuple[str, str], ...]

    @property
    def is_sub_package(self) -> bool:
        """It stands on the page of another package alone."""
        return bool(self.sheet["IsSubPackageOf"].text)

    @property
    def initials(self) -> str:
        """What stands where there is no icon."""
        words = [word for word in self.sheet["Title"].text.replace(".", " ").split() if word[0].isalnum()]
        return "".join(word[0] for word in words[:2]).upper() or "?"


class Note(NamedTuple):
    """What stands in the margin about one field, or about several of the same source.

    Attributes:
        labels: what they are called.
        source: where the values come from.
        brief: where they stand, or why there are none.
        estimate: as in `SheetField`.
        findings: those about them.
    """

    labels: str
    source: str
    brief: str
    estimate: str
    findings: tuple[Finding, ...]


def notes_of(sheet: Sheet, names: Iterable[str]) -> list[Note]:
    """What to write into the margin beside some fields: one note for those of which nothing else is to be said."""
    groups: dict[object, list[SheetField]] = {}
    for field in map(sheet.__getitem__, names):
        is_plain = not (field.findings or field.estimate)
        file = field.line[0] if field.line is not None else field.origin
        key: object = (field.source, field.brief, file) if is_plain else field.name
        groups.setdefault(key, []).append(field)
    return [_note(fields) for fields in groups.values()]


def _note(fields: list[SheetField]) -> Note:
    first = fields[0]
    labels = ", ".join([first.label, *(f"{each.label[0].lower()}{each.label[1:]}" for each in fields[1:])])
    lines = list(dict.fromkeys(each.line[1] for each in fields if each.line is not None))
    brief = first.brief
    if not brief and lines and first.line is not None:
        file = "" if first.source == "listing" else f"{_short(first.line[0])}, "
        brief = f"{file}{'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines))}"
    # What is about one picture stands below it.
    findings = tuple(each for each in first.findings if not each.pointer.startswith("/Screenshots/"))
    return Note(labels, first.source, brief or _short(first.origin), first.estimate, findings)


def _short(file: str) -> str:
    """The file in a margin: a package has one nuspec, named as it is."""
    name = file.rpartition("/")[2]
    return "nuspec" if name.lower().endswith(".nuspec") else name


def view_of(
    sheet: Sheet, package: KnownPackage | None, pictures: Pictures, key: str = "", title: str = "", note: str = ""
) -> View:
    """The parts of a view.

    Args:
        sheet: its fields.
        package: what is known of the package, or None.
        pictures: gives the pictures.
        key: tells it apart from other views of the page.
        title: of the state that it shows.
        note: what to know about that.
    """
    description = " ".join(sheet["Description"].text.split())
    is_cut = len(description) > CARD_DESCRIPTION_LENGTH
    author_image = sheet["AuthorImageUrl"].text
    video = sheet["VideoUrl"].text
    return View(
        key,
        title,
        note,
        sheet,
        _icon(sheet["Icon"], package, pictures),
        pictures.at(author_image, ICON_SIZE - 1) if author_image else None,
        f"{beginning(description, CARD_DESCRIPTION_LENGTH).rstrip()}…" if is_cut else description,
        is_cut,
        tuple(_shots(sheet["Screenshots"], pictures)),
        _clip(video) if video else None,
        tuple(_people(sheet["Contributors"])),
        tuple(_links(sheet)),
        tuple(_related(sheet["RelatedPackages"])),
        tuple(_other_versions(sheet["VersionSpecificPackageIds"])),
    )


def _icon(field: SheetField, package: KnownPackage | None, pictures: Pictures) -> Picture | None:
    if not field.text or package is None:
        return None
    if package.icon is not None:
        return pictures.icon(package.icon(), field.text, f"{field.text} in the {_KINDS[package.kind]}")
    if parse_address(field.text) is not None:
        return pictures.at(field.text, ICON_SIZE)
    return Picture(field.text, reason=package.why_no_icon)


_KINDS = {"nuget": "package", "project": "project"}


def safe_link(address: str) -> str:
    """The address, where it is one of the web; else an empty text."""
    return address.strip() if parse_address(address) is not None else ""


def _text(entry: Mapping[str, JsonValue], key: str) -> str:
    value = entry.get(key)
    return value.strip() if isinstance(value, str) else ""


def _entries(field: SheetField) -> Iterator[tuple[int, Mapping[str, JsonValue]]]:
    for number, entry in enumerate(field.items[:MOST_ENTRIES]):
        if isinstance(entry, dict):
            yield number, entry


def _shots(field: SheetField, pictures: Pictures) -> Iterator[Shot]:
    for number, entry in _entries(field):
        image, video = _text(entry, "ImageUrl"), _text(entry, "VideoUrl")
        if image or video:
            yield Shot(
                pictures.at(image) if image else None,
                _clip(video) if not image else None,
                _text(entry, "Caption"),
                field.findings_at(f"/Screenshots/{number}"),
            )


def _clip(address: str) -> Clip:
    return Clip(address, safe_link(address), classify_video(address).reason)


def _people(field: SheetField) -> Iterator[Person]:
    for _, entry in _entries(field):
        if _text(entry, "Name"):
            yield Person(_text(entry, "Name"), safe_link(_text(entry, "Url")))


def _links(sheet: Sheet) -> Iterator[Link]:
    for name in ("ProjectUrl", "RepositoryUrl", "DocumentationUrl", "IssueTrackerUrl", "DiscussionForumUrl"):
        field = sheet[name]
        if field.text:
            yield Link(field, field.text, bool(safe_link(field.text)))


def _related(field: SheetField) -> Iterator[Related]:
    """The groups: one begins at each title."""
    title, packages = "", list[tuple[str, str]]()
    for _, entry in _entries(field):
        if _text(entry, "GroupTitle"):
            if packages:
                yield Related(title, tuple(packages))
            title, packages = _text(entry, "GroupTitle"), []
        if _text(entry, "PackageId"):
            packages.append((_text(entry, "PackageId"), _text(entry, "Description")))
    if packages:
        yield Related(title, tuple(packages))


def _other_versions(field: SheetField) -> Iterator[tuple[str, str]]:
    for _, entry in _entries(field):
        major = entry.get("UmbracoMajorVersion")
        if _text(entry, "PackageId") and major is not None:
            yield str(major), _text(entry, "PackageId")
