"""UMB301 to UMB304: can NuGet open the package and read its metadata?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote, visible
from umbmarket.umbraco.facts import ArchiveFacts

if TYPE_CHECKING:
    from umbmarket.formats.zip.archive import ArchiveProblem
    from umbmarket.nuget.package.nupkg import NuGetPackage

MOST_NAMED = 3
"""Nuspecs that one message names: enough to see where they come from."""

_UNUSABLE_HELP = {
    "unreadable": "check the path, the letter case and the permissions",
    "empty": "pack it again; a build that was interrupted leaves an empty file",
    "not-a-zip": "pack it again; the file may be a web page or a pointer of Git LFS that was saved under this name",
    "truncated": "download or pack it again",
    "damaged": "download or pack it again",
    "encrypted": "pack it with dotnet pack, which encrypts nothing",
}


@rule(
    "UMB301",
    "not-a-package",
    Severity.ERROR,
    why="NuGet cannot open the file, so it cannot be published",
    always=True,
)
def not_a_package(facts: ArchiveFacts) -> Iterator[Observation]:
    """A file that is not a package: not a ZIP archive, truncated, damaged, encrypted or unreadable.

    A symbol package that is named is told as well: `.snupkg`, `.symbols.nupkg`, or one whose only package type is
    `SymbolsPackage`. No other rule looks at such a package.

    Why it matters:
        A file that was named but not checked must not look like a file that is fine. Symbol packages go to a symbol
        server; nuget.org lists none of them, and the Marketplace reads nuget.org.

    Bad:
        umbmarket validate artifacts/My.Package.1.0.0.snupkg

    Good:
        umbmarket validate artifacts/My.Package.1.0.0.nupkg
    """
    package = facts.document
    unusable = package.unusable
    if unusable is not None:
        member = f"{quote(unusable.member)}: " if unusable.member is not None else ""
        detail = visible(unusable.detail)
        yield Observation(
            detail.removeprefix("it ") if unusable.kind == "unreadable" else f"not a package: {member}{detail}",
            help=_UNUSABLE_HELP.get(unusable.kind, "pack it again"),
            args={"kind": unusable.kind, "member": unusable.member},
        )
    elif package.is_symbols and facts.named:
        yield Observation(
            "a symbol package, which nuget.org does not list and the Marketplace does not read",
            help="name the .nupkg that was packed beside it",
            args={"kind": "symbols"},
        )


_DETAIL_SEVERITIES = {
    "name-encoding": Severity.WARNING,
    "overlap": Severity.WARNING,
    "checksum": Severity.WARNING,
}
"""What no known fact settles: NuGet was not seen to refuse it. All other problems are errors."""

_ARCHIVE_HELP = {
    "unsafe-name": "remove the file, or pack it under a path inside the package",
    "name-encoding": "pack it with dotnet pack, which writes every name as UTF-8",
    "duplicate-name": "pack each path once: look for two items with the same PackagePath",
    "case-collision": "pack each path once: on Windows and macOS one of the two would replace the other",
    "double-slash": "write the path in the package with single forward slashes",
    "too-many-entries": "pack fewer files, for example a bundle in place of single files",
    "too-large": "a nuspec has about 2,000 characters: look for text that was pasted into it",
    "unsupported-method": "pack it with dotnet pack, which writes deflate",
}

_IN_WORDS = {
    "unsafe-name": "a name that leads out of the folder, or nowhere",
    "name-encoding": "a name that is not UTF-8",
    "duplicate-name": "the name of another",
    "case-collision": "a name that differs from another only in letter case",
    "double-slash": "a double slash in their names",
    "size-lie": "a length that is not the real one",
    "overlap": "bytes of another",
}


@rule(
    "UMB302",
    "unsafe-archive",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="NuGet or nuget.org refuses a package with such an entry",
)
def unsafe_archive(facts: ArchiveFacts) -> Iterator[Observation]:
    r"""An archive with entries that NuGet or nuget.org refuses.

    Names that lead out of the folder that the package is extracted to, also with back slashes and with percent-escapes
    that come out on the second decoding; two entries of one name, letter case ignored; more than 65,533 entries;
    lengths that are not the real ones; dates more than a day ahead; a nuspec that is damaged or larger than 1 MiB. A
    warning where the outcome is not known: names that are not UTF-8, entries that share bytes of the archive, a wrong
    checksum.

    Why it matters:
        NuGet checks every name before it extracts a package and refuses the whole package for one
        (`PackageReaderBase.ValidatePackageEntries`). nuget.org refuses names that occur twice, too many entries, and
        lengths that lie (NuGetGallery, `PackageMetadataValidationService`), and dates in the future
        (`ZipArchiveHelpers`).

    Bad:
        My.Package.nuspec
        ..\..\Windows\evil.dll

    Good:
        My.Package.nuspec
        lib/net8.0/My.Package.dll
    """
    package = facts.document
    if package.unusable is not None:
        return
    nuspecs = {entry.name for entry in package.nuspec_entries}
    several = len(package.nuspec_entries) > 1
    shown: dict[str, int] = {}
    for problem in _archive_problems(package):
        shown[problem.kind] = shown.get(problem.kind, 0) + 1
        # The same nuspec twice is UMB303.
        if not (several and problem.kind == "duplicate-name" and problem.member in nuspecs):
            yield _archive_observation(problem)
    for kind, count in package.archive.counts.items():
        if count > shown.get(kind, 0):
            yield Observation(
                f"{count - shown.get(kind, 0):,} more entries with {_IN_WORDS.get(kind, kind)}",
                args={"kind": kind, "count": count},
                severity=_DETAIL_SEVERITIES.get(kind),
            )
    yield from _future_dates(package)


def _future_dates(package: NuGetPackage) -> Iterator[Observation]:
    """The first entry that is dated in the future, and how many more there are."""
    from umbmarket.nuget.package.entry_dates import entries_from_the_future

    found = list(entries_from_the_future(package.archive.entries, datetime.now(UTC).replace(tzinfo=None)))
    if found:
        entry, date = found[0]
        more = f", like {len(found) - 1:,} more" if len(found) > 1 else ""
        yield Observation(
            f"{quote(entry.name)} is dated {date:%Y-%m-%d %H:%M}, more than a day ahead{more}",
            Place(member=entry.name),
            help="check the clock of the machine that packs, and the dates of the files that it packs",
            args={"kind": "future-date", "member": entry.name, "date": date.isoformat(), "count": len(found)},
        )


def _archive_problems(package: NuGetPackage) -> Iterator[ArchiveProblem]:
    """What is wrong with the archive and with the nuspec as an entry of it, each once."""
    yield from package.archive.problems
    problem = package.nuspec_problem
    known = {(each.kind, each.member) for each in package.archive.problems}
    if problem is not None and (problem.kind, problem.member) not in known:
        yield problem


def _archive_observation(problem: ArchiveProblem) -> Observation:
    subject = quote(problem.member) if problem.member is not None else "the archive"
    return Observation(
        f"{subject}: {visible(problem.detail)}",
        Place(member=problem.member),
        help=_ARCHIVE_HELP.get(problem.kind, "pack it again"),
        args={"kind": problem.kind, "member": problem.member},
        severity=_DETAIL_SEVERITIES.get(problem.kind),
    )


@rule(
    "UMB303",
    "nuspec-count",
    Severity.ERROR,
    why="NuGet reads only a nuspec in the root of the package, and nuget.org refuses a package with two",
    always=True,
)
def nuspec_count(facts: ArchiveFacts) -> Iterator[Observation]:
    """No nuspec in the root of the package, or several nuspecs.

    Why it matters:
        Without one NuGet says NU5037, with two in the root it refuses the package as well. nuget.org counts those in
        all folders (NuGetGallery, `PackageMetadataValidationService`). A ZIP of a project folder, or of a folder of
        packages, is no package.

    Bad:
        My.Package.nuspec
        content/Template.nuspec

    Good:
        My.Package.nuspec
    """
    package = facts.document
    if package.unusable is not None:
        return
    in_root, elsewhere = package.nuspec_entries, package.other_nuspecs
    names = [entry.name for entry in (*in_root, *elsewhere)]
    if in_root and len(names) == 1:
        return
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    named = f"{', '.join(map(quote, names[:MOST_NAMED]))}{more}"
    if not in_root:
        yield Observation(
            f"no nuspec in the root of the package{f', only {named}' if names else ''}",
            help="make the package with dotnet pack; a zipped project folder is not a package",
            args={"count": 0, "elsewhere": len(elsewhere)},
        )
        return
    yield Observation(
        f"{len(names):,} nuspecs: {named}",
        Place(member=names[1]),
        help="keep the one that dotnet pack writes; pack nuspecs of templates under another ending",
        args={"count": len(in_root), "elsewhere": len(elsewhere)},
    )


@rule(
    "UMB304",
    "invalid-nuspec",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="NuGet cannot install a package whose metadata it cannot read",
    always=True,
)
def invalid_nuspec(facts: ArchiveFacts) -> Iterator[Observation]:
    """A nuspec that NuGet's own reader refuses.

    XML that is not well-formed or has a DTD, an encoding that .NET does not read, no `<metadata>`, no id or version, a
    version that is none, and elements that make the reader stop. What was meant is looked at by the other rules where
    it can be told. A warning where the text is read, though not as meant.

    Why it matters:
        `dotnet pack` writes none of this. It comes from nuspecs that were written or changed by hand.

    Bad:
        <version>1.0.0.beta</version>

    Good:
        <version>1.0.0-beta</version>
    """
    package = facts.document
    if package.unusable is not None or package.is_symbols or package.nuspec is None or len(package.nuspec_entries) != 1:
        return
    for problem in package.nuspec.problems:
        yield Observation(
            visible(problem.detail),
            problem.place if problem.place != Place() else Place(member=package.nuspec_name),
            help=_NUSPEC_HELP.get(problem.kind, "let dotnet pack write the nuspec, or correct it by hand"),
            args={"kind": problem.kind, **problem.args},
            severity=None if problem.refused_by is not None else Severity.WARNING,
        )


_NUSPEC_HELP = {
    "encoding": "save the nuspec as UTF-8",
    "not-well-formed": "correct the XML at this place; & is written &amp; and < is written &lt;",
    "doctype": "remove the DTD, which .NET does not read",
    "no-metadata": "a nuspec is <package><metadata>...</metadata></package>",
    "missing-id": "add <id>",
    "missing-version": "add <version>",
    "invalid-version": "write it as NuGet does, such as 1.2.3 or 1.2.3-beta.1",
    "dependency-without-id": "add the id, or remove the dependency",
}
