"""What nuget.org refuses about a file that the nuspec names: icon, readme or licence.

Source: NuGetGallery, PackageMetadataValidationService and GalleryConstants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from umbmarket.findings import Observation, Place, Severity, quote, visible
from umbmarket.umbraco.rules.metadata_words import packing
from umbmarket.umbraco.rules.package_scope import place_of

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.umbraco.package_document import EmbeddedFile


def missing(file: EmbeddedFile, element: str) -> Observation:
    """The error for a file that `<element>` names and the package does not hold."""
    near = file.near
    if near is not None:
        only_case = near.upper() == file.path.upper()
        reason = "letter case counts" if only_case else "white space and letter case count"
        message = f"{quote(file.declared)} is not in the package, {quote(near)} is"
        help_ = f"write {visible(near)} in the project: {reason}"
    else:
        stops = f", so dotnet pack stops with {file.pack_code}" if file.pack_code else ""
        message = f"{quote(file.declared)} is not in the package{stops}"
        help_ = f"pack the file, such as with {packing(file.path)}"
        if file.elsewhere:
            help_ = f"the package has {' and '.join(map(visible, file.elsewhere))}: write that path"
    return Observation(
        message,
        Place(f"/metadata/{element}"),
        help=help_,
        args={"declared": file.declared, "near": near, "elsewhere": list(file.elsewhere)},
        severity=Severity.ERROR,
    )


def empty_element(nuspec: Nuspec, element: str) -> Observation:
    """The error for an `<element>` that names no file."""
    return Observation(
        f"<{element}> is empty, and nuget.org rejects the package",
        place_of(nuspec, element),
        help="write the path in the package, or remove the element",
        severity=Severity.ERROR,
    )


def refusal(file: EmbeddedFile, endings: tuple[str, ...]) -> str | None:
    """The first thing that nuget.org refuses about a packed file, whatever kind of file it is.

    Args:
        file: one that is at hand; what UMB302 tells about it is not told again.
        endings: those that nuget.org takes, in lower case with the dot; an empty one for none at all.

    Returns:
        One line without a full stop, or None.
    """
    from umbmarket.nuget.package.packed_file import LARGEST_EMBEDDED_FILE

    written = quote(file.declared)
    if file.is_too_large:
        return f"{written} has {file.size:,} bytes, but nuget.org accepts at most {LARGEST_EMBEDDED_FILE:,}"
    if file.trouble is not None:
        return None if file.is_told_with_archive else f"{written} cannot be read: {visible(file.trouble)}"
    if not file.size:
        return f"{written} is empty"
    if file.extension not in endings:
        named = [ending for ending in endings if ending]
        listed = f"{', '.join(named[:-1])} or {named[-1]}" if len(named) > 1 else named[0]
        return f"{written} does not end in {listed}; nuget.org accepts no other file extension"
    return None


def is_binary(file: EmbeddedFile) -> bool:
    """Whether nuget.org takes a packed file for none of text, though it can be read."""
    return file.trouble is None and not file.looks_like_text
