"""UMB301 to UMB304: can NuGet open the package and read its metadata?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote, visible
from umbmarket.umbraco.archive_facts import ArchiveFacts

if TYPE_CHECKING:
    from umbmarket.formats.zip.archive import ArchiveProblem
    from umbmarket.nuget.package.nupkg import NuGetPackage

MOST_NAMED = 3
"""Nuspecs that one message names: enough to see where they come from."""

_UNUSABLE_HELP = {
    "unreadable": "check the path, the letter case and the permissions",
    "empty": "pack it again; a build that was interrupted leaves an empty file",
    "not-a-zip": "pack it again; the file may be a web page or a Git LFS pointer that was saved under this name",
    "truncated": "download or pack it again",
    "damaged": "download or pack it again",
    "encrypted": "pack it with dotnet pack, which does not encrypt",
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

    Also reports a symbol package on the command line: `.snupkg`, `.symbols.nupkg`, or a package whose only type is
    `SymbolsPackage`. No other rule checks such a package.

    Why it matters:
        A file that could not be checked must not look like a file without problems. Symbol packages go to a symbol
        server: nuget.org does not list them, so the Marketplace does not read them.

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
            "this is a symbol package, which the Marketplace does not read",
            help="check the .nupkg that was packed beside it",
            args={"kind": "symbols"},
        )


_DETAIL_SEVERITIES = {
    "name-encoding": Severity.WARNING,
    "overlap": Severity.WARNING,
    "checksum": Severity.WARNING,
}
"""What no known fact settles: NuGet was not seen to refuse it. All other problems are errors."""

_ARCHIVE_HELP = {
    "unsafe-name": "remove the file, or give it a path inside the package",
    "name-encoding": "pack it with dotnet pack, which writes names as UTF-8",
    "duplicate-name": "pack each path once: look for two items with the same PackagePath",
    "case-collision": "pack each path once: on Windows and macOS one of the two would replace the other",
    "double-slash": "use single forward slashes in the path",
    "too-many-entries": "pack fewer files, for example a bundle instead of single files",
    "too-large": "a nuspec usually has about 2,000 characters: look for text that was pasted into it",
    "unsupported-method": "pack it with dotnet pack, which uses deflate",
}

_IN_WORDS = {
    "unsafe-name": "a name that leads out of the folder, or nowhere",
    "name-encoding": "a name that is not UTF-8",
    "duplicate-name": "the same name as another",
    "case-collision": "a name that differs from another only in letter case",
    "double-slash": "a double slash in the name",
    "size-lie": "a wrong length",
    "overlap": "the same bytes as another",
}


@rule(
    "UMB302",
    "unsafe-archive",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="NuGet or nuget.org rejects a package with such an entry",
)
def unsafe_archive(facts: ArchiveFacts) -> Iterator[Observation]:
    r"""An archive with entries that NuGet or nuget.org rejects.

    An error: names that lead out of the folder that the package is extracted to, also with backslashes or
    percent-escapes; two entries with the same name, ignoring letter case; more than 65,533 entries; wrong lengths;
    dates more than a day ahead; a nuspec that is damaged or larger than 1 MiB.

    A warning, because the outcome is not known: names that are not UTF-8, entries that share bytes, a wrong checksum.

    Why it matters:
        NuGet checks every name before it extracts a package, and rejects the whole package for a single one
        (`PackageReaderBase.ValidatePackageEntries`). nuget.org rejects the others on push (NuGetGallery,
        `PackageMetadataValidationService` and `ZipArchiveHelpers`).

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
            help="check the clock of the build machine and the dates of the packed files",
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
    why="NuGet reads only a nuspec in the root of the package, and nuget.org rejects a package with two",
    always=True,
)
def nuspec_count(facts: ArchiveFacts) -> Iterator[Observation]:
    """No nuspec in the root of the package, or several nuspecs.

    Why it matters:
        Without a nuspec NuGet fails with NU5037, and with two in the root it rejects the package as well. nuget.org
        counts those in all folders (NuGetGallery, `PackageMetadataValidationService`). A zipped project folder is not a
        package.

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
            f"the package has no nuspec in its root{f', only {named}' if names else ''}",
            help="make the package with dotnet pack; a zipped project folder is not a package",
            args={"count": 0, "elsewhere": len(elsewhere)},
        )
        return
    yield Observation(
        f"the package has {len(names):,} nuspecs: {named}",
        Place(member=names[1]),
        help="keep the one that dotnet pack writes; give nuspecs of templates another file extension",
        args={"count": len(in_root), "elsewhere": len(elsewhere)},
    )


@rule(
    "UMB304",
    "invalid-nuspec",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="a package whose metadata cannot be read can be neither installed nor checked",
    always=True,
)
def invalid_nuspec(facts: ArchiveFacts) -> Iterator[Observation]:
    """A nuspec that NuGet cannot read.

    Such as XML that is not well-formed or has a DTD, an unknown encoding, a missing `<metadata>`, id or version, or an
    invalid version. The other rules check what was probably meant. A warning if NuGet reads the text, but not as it was
    meant. Also reported is a nuspec that umbmarket does not read, because it has more than 50,000 elements, or more
    than 256 levels of them.

    Why it matters:
        NuGet rejects the package. `dotnet pack` does not write such a nuspec; it was written or edited by hand.

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
    "not-well-formed": "correct the XML here; write & as &amp; and < as &lt;",
    "too-large": "a nuspec has a few hundred elements at most: look for text that was pasted into it",
    "doctype": "remove the DTD, which .NET does not read",
    "no-metadata": "a nuspec is <package><metadata>...</metadata></package>",
    "missing-id": "add <id>",
    "missing-version": "add <version>",
    "invalid-version": "write a version such as 1.2.3 or 1.2.3-beta.1",
    "dependency-without-id": "add the id, or remove the dependency",
}
