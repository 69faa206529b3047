"""NXP300 to NXP304, NXP316, NXP318 and NXP319: how the ZIP is made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote
from umbmarket.formats.zip.directory import METHOD_DEFLATE, METHOD_STORED
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.package import MANIFEST, SPECIAL_FILES
from umbmarket.nuxeo.package_tree import unpacked
from umbmarket.nuxeo.rules.words import MOST_HINTS

_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_JUNK = re.compile(
    r"(?:^|/)(?:__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini|\.git|\.svn|\.idea|\._[^/]*)(?:/|$)|\.java$|~$",
    re.IGNORECASE,
)
_LONGEST_TARGET = 4096
"""Bytes of a link's path that are read: as many as Linux takes (`PATH_MAX`)."""

MOST_NAMED = 3
"""Entries that one message names."""


def names_of(facts: NuxeoFacts) -> list[str]:
    """The raw names in a ZIP that could be opened."""
    package = facts.package
    return [name for name, _ in package.entries] if package.kind == "zip" and package.unusable is None else []


def some(names: list[str]) -> str:
    """The first of some names, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(map(quote, names[:MOST_NAMED])) + more


@rule(
    "NXP300", "no-manifest", Severity.ERROR, why='Nuxeo refuses the package: "no package.xml file found"', always=True
)
def no_manifest(facts: NuxeoFacts) -> Iterator[Observation]:
    """A ZIP without `package.xml` (in lower case) at its root.

    Why it matters:
        Nuxeo looks nowhere else (measured): neither for `Package.xml` nor in a ZIP within the ZIP, such as an artifact
        of a GitHub workflow. In a ZIP that has something in front of its first entry, Java finds no entry at all
        (measured with Java 17 and 25).

    Bad:
        Package.xml
        install.xml

    Good:
        package.xml
        install.xml
    """
    names = names_of(facts)
    archive = facts.package.archive
    if archive is not None and names and not archive.begins_with_entry:
        yield Observation(
            f"the ZIP does not begin with an entry, so Nuxeo finds no {MANIFEST} in it",
            document=facts.package,
            help="make the ZIP again, with nothing in front of its first entry",
            args={"found": None},
        )
        return
    if facts.package.kind != "zip" or facts.package.unusable is not None or facts.package.has(MANIFEST):
        return
    if _wrapping_folder(names) is not None:
        return
    other = next((name for name in names if name.lower() == MANIFEST), None)
    inner = next((name for name in names if name.lower().endswith(".zip")), None)
    if other is not None:
        message, help_ = f"the ZIP has {quote(other)}, but Nuxeo looks for {MANIFEST}", "write the name in lower case"
    elif inner is not None:
        message = f"the ZIP has no {MANIFEST} at its root, but another ZIP: {quote(inner)}"
        help_ = "extract the inner ZIP, and check and upload that one"
    else:
        message, help_ = f"the ZIP has no {MANIFEST} at its root", "zip the content of the package's folder"
    yield Observation(message, document=facts.package, help=help_, args={"found": other or inner})


def _wrapping_folder(names: list[str]) -> str | None:
    found = next((name for name in names if name.count("/") == 1 and name.endswith(f"/{MANIFEST}")), None)
    return None if found is None else found.partition("/")[0]


@rule(
    "NXP301",
    "wrapping-folder",
    Severity.ERROR,
    why='Nuxeo refuses the package: "no package.xml file found"',
    always=True,
)
def wrapping_folder(facts: NuxeoFacts) -> Iterator[Observation]:
    """A ZIP whose package is in a folder instead of at the root.

    Why it matters:
        Nuxeo looks for `package.xml` only at the root (measured). Such a ZIP results from zipping a folder instead of
        its content.

    Bad:
        my-package/package.xml

    Good:
        package.xml
    """
    if facts.package.kind != "zip" or facts.package.has(MANIFEST):
        return
    folder = _wrapping_folder(names_of(facts))
    if folder is not None:
        yield Observation(
            f"{MANIFEST} is in the folder {quote(folder)}, but Nuxeo looks for it at the root",
            Place(member=f"{folder}/{MANIFEST}"),
            document=facts.package,
            help=f"zip the content of the folder {quote(folder)}, not the folder itself",
            args={"folder": folder},
        )


@rule("NXP302", "zip-slip", Severity.ERROR, why='Nuxeo refuses the package: "Illegal path"')
def zip_slip(facts: NuxeoFacts) -> Iterator[Observation]:
    """An entry whose name leads out of the folder that the ZIP is unpacked to.

    Why it matters:
        Nuxeo 2021.40 and later reject the whole package (measured). Older versions write the file to that place.

    Bad:
        ../../evil.txt

    Good:
        install/templates/my-package/nuxeo.defaults
    """
    for name in names_of(facts):
        if unpacked(name) is None:
            yield Observation(
                "the name leads out of the folder that the package is unpacked to",
                Place(member=name),
                document=facts.package,
                help="remove the entry",
                args={"entry": name},
            )


@rule("NXP303", "entry-name", Severity.WARNING, why="the file is not where the commands look for it")
def entry_name(facts: NuxeoFacts) -> Iterator[Observation]:
    r"""An entry with an absolute name, a backslash, a drive letter or a control character.

    Why it matters:
        On Linux `install\bundles\a.jar` is the name of one file, not a file in `install/bundles`, so a command silently
        finds nothing (measured). A slash at the start is ignored.

    Bad:
        install\bundles\my-package-1.0.0.jar

    Good:
        install/bundles/my-package-1.0.0.jar
    """
    for name in names_of(facts):
        if unpacked(name) is None:
            continue
        if "\\" in name:
            message, help_ = (
                "the name contains backslashes, which do not separate folders on Linux",
                "use forward slashes",
            )
        elif _DRIVE.match(name):
            message, help_ = "the name begins with a drive letter", "use names relative to the package's root"
        elif name.startswith("/"):
            message, help_ = "the name is absolute", "use names relative to the package's root"
        elif _CONTROL.search(name):
            message, help_ = "the name contains a control character", "rename the file"
        else:
            continue
        yield Observation(message, Place(member=name), document=facts.package, help=help_, args={"entry": name})


@rule("NXP304", "duplicate-entry", Severity.WARNING, why="Nuxeo silently uses the last of the two")
def duplicate_entry(facts: NuxeoFacts) -> Iterator[Observation]:
    """Two entries with the same name.

    Why it matters:
        Nuxeo uses the last of two `package.xml` (measured); other tools show the first.

    Bad:
        package.xml
        package.xml

    Good:
        package.xml
    """
    seen: dict[str, int] = {}
    for name in names_of(facts):
        inside = unpacked(name)
        if inside is None or name.endswith("/"):
            continue
        seen[inside] = count = seen.get(inside, 0) + 1
        if count == 2:
            yield Observation(
                "duplicate entry: Nuxeo uses the last one",
                Place(member=name),
                document=facts.package,
                help="add each file once",
                args={"entry": inside},
            )


@rule("NXP316", "junk", Severity.INFO, why="the file is of no use on a server")
def junk(facts: NuxeoFacts) -> Iterator[Observation]:
    """Files that an operating system, an editor or git left: `.DS_Store`, `__MACOSX`, `Thumbs.db`, `.git`, sources.

    Why it matters:
        The files are uploaded, downloaded and perhaps copied to every server.

    Bad:
        __MACOSX/._package.xml

    Good:
        package.xml
    """
    found = [name for name in names_of(facts) if _JUNK.search(name) and unpacked(name) is not None]
    if found:
        what = "1 file" if len(found) == 1 else f"{len(found)} files"
        yield Observation(
            f"{what} of no use on a server: {some(found)}",
            Place(member=found[0]),
            document=facts.package,
            help="exclude them from the ZIP",
            args={"count": len(found)},
        )


@rule(
    "NXP318",
    "link-entry",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="Nuxeo creates no links: it unpacks the entry as a text file that contains only the path",
)
def link_entry(facts: NuxeoFacts) -> Iterator[Observation]:
    """A symbolic link in the ZIP.

    `zip --symlinks` and `git archive` store links as links. A warning if Nuxeo does not read the file and no command
    installs it.

    Why it matters:
        Java does not create the links of a ZIP, so Nuxeo writes only the path that the link leads to into an ordinary
        file (code, and measured with Java 17). Instead of a JAR the server gets a text file of a few bytes, and a
        command finds no files in a folder that is a link.

    Bad:
        install/bundles/my-package-core-1.0.0.jar -> ../../../target/my-package-core-1.0.0.jar

    Good:
        install/bundles/my-package-core-1.0.0.jar
    """
    package = facts.package
    archive = package.archive
    if archive is None or package.unusable is not None:
        return
    links = [entry for entry in archive.entries if entry.raw.is_link and unpacked(entry.raw.raw_name)]
    used = _used(facts) if links else frozenset()
    for number, entry in enumerate(links):
        name = entry.raw.raw_name
        content = archive.read(entry, _LONGEST_TARGET) if number < MOST_HINTS else None
        target = content.data.decode("utf-8", "replace") if content is not None and content.problem is None else ""
        yield Observation(
            f"the entry is a symbolic link to {quote(target)}" if target else "the entry is a symbolic link",
            Place(member=name),
            document=package,
            help="put the file itself into the ZIP: zip does so without --symlinks, and umbmarket nuxeo pack always",
            args={"entry": name, "target": target or None},
            severity=None if unpacked(name) in used else Severity.WARNING,
        )


def _used(facts: NuxeoFacts) -> frozenset[str]:
    """Files that Nuxeo reads or installs, and the folders that these are in."""
    installation = facts.installation
    steps = installation.steps if installation is not None else ()
    installed = (each.source for step in steps for each in step.installs)
    used = {*SPECIAL_FILES, *installed, *(step.source for step in steps if step.source)}
    return frozenset(name[:end] for name in used for end in (*_slashes(name), len(name)))


def _slashes(name: str) -> Iterator[int]:
    return (at for at, letter in enumerate(name) if letter == "/")


@rule("NXP319", "not-unpackable", Severity.ERROR, why='Nuxeo refuses the package: "Failed to unzip package"')
def not_unpackable(facts: NuxeoFacts) -> Iterator[Observation]:
    """An entry that Java cannot unpack.

    It is compressed in another way than with Deflate, or it is stored without compression and has its length behind the
    content, as some programs do when they write a ZIP to a pipe.

    Why it matters:
        Java's `ZipInputStream` stops at such an entry, and Nuxeo does not add the package (measured with Java 17 and
        25). Other programs read it.

    Bad:
        install/bundles/my-package-core-1.0.0.jar (bzip2)

    Good:
        install/bundles/my-package-core-1.0.0.jar (deflate)
    """
    archive = facts.package.archive
    if archive is None or facts.package.unusable is not None:
        return
    unread = facts.package.unread
    for entry in archive.entries:
        raw = entry.raw
        if raw.raw_name in unread:
            continue
        if raw.method not in (METHOD_STORED, METHOD_DEFLATE):
            message = f"the compression method {raw.method} is not supported by Java"
            help_ = "make the ZIP with Deflate"
        elif raw.method == METHOD_STORED and raw.stated_behind:
            message = "the entry is stored with its length behind the content, which Java does not support"
            help_ = "compress the entry, or write the ZIP to a file instead of a pipe"
        else:
            continue
        yield Observation(
            message,
            Place(member=raw.raw_name),
            document=facts.package,
            help=help_,
            args={"entry": raw.raw_name, "method": raw.method},
        )
