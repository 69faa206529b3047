"""From the facts about a package to what a preview knows of it, whether it was packed or is only planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from umbmarket.findings import Place
from umbmarket.umbraco.compatibility.dependencies import product_of
from umbmarket.umbraco.listing_page import metadata_of
from umbmarket.umbraco.planned_document import PlannedDocument
from umbmarket.umbraco.planned_inspection import doubts_about_versions, planned_metadata
from umbmarket.umbraco.preview.known_package import ELEMENTS, KnownPackage

if TYPE_CHECKING:
    from umbmarket.umbraco.facts import PackageFacts
    from umbmarket.umbraco.package_document import EmbeddedFile, PackageDocument


def known_package(facts: PackageFacts) -> KnownPackage:
    """What a package of the run tells, packed or planned."""
    package, nuspec = facts.document, facts.document.sound_nuspec
    icon, readme = package.icon, package.readme
    knows_tags = facts.tagged or package.knows("tags")
    return KnownPackage(
        kind="nuget" if package.kind == "package" else "project",
        path=package.path,
        metadata=planned_metadata(package) if isinstance(package, PlannedDocument) else metadata_of(package),
        version=str(package.version) if package.version is not None else None,
        is_prerelease=package.version.is_prerelease if package.version is not None else None,
        license=package.license.value if package.license is not None else None,
        tags=tuple(tag.text for tag in nuspec.tags) if nuspec is not None and knows_tags else None,
        is_tagged=facts.tagged if knows_tags else None,
        compatibility=facts.compatibility if facts.knows_versions else None,
        place_of=lambda element: _line_of(facts, element),
        icon=(lambda: icon.source.data) if icon is not None and icon.is_at_hand else None,
        readme=(lambda: readme.source.text) if readme is not None and readme.is_at_hand else None,
        unknown=_unknown(facts),
        why_no_icon=_why_unread(package, icon, "icon"),
        why_no_readme=_why_unread(package, readme, "readme"),
    )


def _why_unread(package: PackageDocument, file: EmbeddedFile | None, element: str) -> str:
    """Why a file that the metadata names cannot be shown, as a clause; empty where it can, or none is named."""
    if file is not None and file.is_at_hand:
        return ""
    unknown = getattr(package, "unknowns", {}).get(element)
    if unknown is not None:
        return str(unknown.reason)
    if file is None:
        return ""
    what = "package" if package.kind == "package" else "project"
    return f"the {what} has no such file" if file.is_missing else "it is not known which file that will be"


def _unknown(facts: PackageFacts) -> Mapping[str, str]:
    """Why elements are not known."""
    package = facts.document
    reasons = getattr(package, "unknowns", {})
    found = {element: reasons[element].reason for element in ELEMENTS.values() if element in reasons}
    if "" in reasons:
        found = dict.fromkeys(ELEMENTS.values(), reasons[""].reason)
    if isinstance(package, PlannedDocument) and not facts.knows_versions:
        found.setdefault("dependencies", next(doubts_about_versions(package), "a range is set elsewhere"))
    return found


def _line_of(facts: PackageFacts, element: str) -> str:
    """Where an element stands: the file and the line; empty where it stands in no file."""
    package, nuspec = facts.document, facts.document.sound_nuspec
    planned = getattr(package, "plan", None)
    if nuspec is None:
        return ""
    # A default of the SDK stands in no file; of the last three, and of a nuspec, the plan tells in other ways.
    is_told = element not in ("dependencies", "license", "repository")
    if planned is not None and planned.source_nuspec is None and is_told and planned.place_of(element) is None:
        return ""
    place = Place(nuspec.pointer(element) or nuspec.pointer(f"{element}Url") or f"/metadata/{element}")
    if element == "repository":
        place = Place("/metadata/repository/@url")
    elif element == "dependencies":
        own = [each for group in package.dependency_groups for each in group.dependencies if product_of(each.id)]
        place = Place(own[0].pointer) if own else place
    region = package.locate(place)
    if region is None:
        return ""
    file = package.written(place).document.path if isinstance(package, PlannedDocument) else nuspec.member
    return f"{file}:{region.line}"


def places_of(package: PackageDocument) -> Iterator[tuple[str, str, str]]:
    """File, pointer and element of what a planned package is made of: findings about it stand there."""
    if not isinstance(package, PlannedDocument):
        return
    for element in ELEMENTS.values():
        pointers = [f"/metadata/{element}"]
        if element == "dependencies":
            pointers = [each.pointer for group in package.dependency_groups for each in group.dependencies]
        for pointer in pointers:
            written = package.written(Place(pointer))
            if written.place.pointer:
                yield written.document.path, written.place.pointer, element
