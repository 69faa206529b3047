"""NXP0xx: can the package and its manifest be read at all?"""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.disk.files import LEADS_OUT
from umbmarket.findings import Observation, Place, Severity, did_you_mean, quote, visible
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.manifest import READ_ELEMENTS
from umbmarket.nuxeo.rules.words import brief

_XML_HELP = {
    "unescaped '&'": "write &amp; for an ampersand",
    "closes": "close each tag, including <img/>, or put the HTML of a description into <![CDATA[ ... ]]>",
    "is closed": "close each tag, including <img/>, or put the HTML of a description into <![CDATA[ ... ]]>",
    "is not an entity": "write the character itself, or its number, such as &#160;",
    "very first thing": "remove everything before <?xml",
    "the file ": 'save the file as UTF-8, and write encoding="UTF-8"',
    "Java does not know": 'save the file as UTF-8, and write encoding="UTF-8"',
    "UTF-8": "save the file as UTF-8",
    "is not allowed in XML": "remove the character",
}


def help_for_xml(detail: str) -> str:
    """What to do about a text that is not well-formed XML."""
    return next((text for words, text in _XML_HELP.items() if words in detail), "")


@rule(
    "NXP001",
    "manifest-xml",
    Severity.ERROR,
    other_severities=(Severity.INFO,),
    why='Nuxeo refuses the package: "Failed to parse XML package definition"',
    always=True,
)
def manifest_xml(facts: NuxeoFacts) -> Iterator[Observation]:
    """A manifest that is not well-formed XML.

    Nor may it declare an encoding that it does not have, or that Java does not know. An info for a generator's template
    (`<%`), whose content is not checked.

    Why it matters:
        Nuxeo cannot read the manifest, so the package has no id and cannot be added to a server (measured). Two of 985
        real manifests have such an error: an unescaped ampersand in a title, and an HTML `<img>` that is not closed.

    Bad:
        <title>Search & Replace</title>

    Good:
        <title>Search &amp; Replace</title>
    """
    manifest = facts.package.manifest
    if manifest is None or manifest.file.problem is None:
        return
    problem = manifest.file.problem
    if manifest.file.is_template:
        yield Observation(
            "this is a template (<%), so nothing in it was checked",
            Place(span=problem.span),
            help="check the package.xml that is generated from it",
            severity=Severity.INFO,
        )
        return
    what = "not well-formed XML: " if problem.kind == "not-well-formed" else ""
    yield Observation(
        f"{what}{visible(problem.detail)}",
        Place(span=problem.span),
        help=help_for_xml(problem.detail),
        args={"kind": problem.kind},
    )


@rule(
    "NXP002",
    "manifest-root",
    Severity.ERROR,
    why="with another root element, Nuxeo fails with a NullPointerException or reads an inner element",
    always=True,
)
def manifest_root(facts: NuxeoFacts) -> Iterator[Observation]:
    """A manifest whose root element is not `package`.

    Why it matters:
        Nuxeo's parser does not stop at an unknown root: it descends through the first child of each element until it
        finds a `package` or nothing at all (measured). What it finds is not what the author meant.

    Bad:
        <packages><package name="my-package" version="1.0.0"/></packages>

    Good:
        <package name="my-package" version="1.0.0" type="addon">
    """
    manifest = facts.package.manifest
    root = manifest.file.root if manifest is not None else None
    if root is None or root.name.rpartition(":")[2] == "package" or facts.foreign is not None:
        return
    yield Observation(
        f"the root element is <{brief(root.name)}>, not <package>",
        root.place,
        help="write <package name=... version=... type=...> as the root element",
        args={"root": root.name},
    )


@rule(
    "NXP003",
    "foreign-manifest",
    Severity.ERROR,
    why="the file belongs to another product, so nothing in it was checked",
    always=True,
)
def foreign_manifest(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `package.xml` of another product: an old Umbraco package, PEAR, ROS or IzPack.

    Such files are skipped when a folder is searched. Nuxeo's own parser does not notice: it reads a PEAR file as a
    package with the id `null-2.0.0`, and finds a `package` in `umbPackage/info/package` (measured).

    Why it matters:
        A file that was named but not checked must not look like a file that is fine.

    Bad:
        <umbPackage><info><package><name>My package</name></package></info></umbPackage>

    Good:
        <package name="my-package" version="1.0.0" type="addon">
    """
    manifest = facts.package.manifest
    root = manifest.file.root if manifest is not None else None
    if root is not None and facts.foreign is not None:
        yield Observation(
            f"this is the manifest of {facts.foreign}, not of a Nuxeo package",
            root.place,
            help="name the package.xml of a Nuxeo package",
            args={"root": root.name},
        )


@rule(
    "NXP004",
    "manifest-prefix",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="Nuxeo does not support prefixes, so it ignores the element or attribute",
)
def manifest_prefix(facts: NuxeoFacts) -> Iterator[Observation]:
    """A namespace prefix on the root, or on an element or attribute that Nuxeo would read without the prefix.

    A default namespace (`xmlns="..."`) is harmless. A warning below the root.

    Why it matters:
        Nuxeo's parser does not support namespaces: `<n:title>` is not a title, and a prefix on the root causes a
        NullPointerException (measured).

    Bad:
        <n:package xmlns:n="http://example.com/" name="my-package" version="1.0.0">

    Good:
        <package name="my-package" version="1.0.0" type="addon">
    """
    manifest = facts.package.manifest
    root = manifest.file.root if manifest is not None else None
    if root is None or facts.foreign is not None or root.name.rpartition(":")[2] != "package":
        return
    if ":" in root.name:
        yield Observation(
            f"the root element is <{brief(root.name)}>, but Nuxeo looks for <package>",
            root.place,
            help="remove the prefix",
            args={"name": root.name},
        )
        return
    for attribute in root.attributes.values():
        if attribute.name.rpartition(":")[2] in ("name", "version", "type") and ":" in attribute.name:
            yield Observation(
                f"Nuxeo does not read the attribute {quote(attribute.name)}",
                attribute.whole,
                help="remove the prefix",
                args={"name": attribute.name},
                severity=Severity.WARNING,
            )
    for child in root.children:
        if ":" in child.name and child.name.rpartition(":")[2] in READ_ELEMENTS:
            yield Observation(
                f"Nuxeo does not read <{brief(child.name)}>",
                child.place,
                help="remove the prefix",
                args={"name": child.name},
                severity=Severity.WARNING,
            )


_UNUSABLE_HELP = {
    "unreadable": "check the path, the letter case and the permissions",
    "empty": "build it again; a build that was interrupted leaves an empty file",
    "not-a-zip": "build it again; the file may be a web page that was saved under this name",
    "truncated": "download or build it again",
    "damaged": "download or build it again",
    "encrypted": "make a ZIP without a password",
}


@rule(
    "NXP005",
    "unreadable-package",
    Severity.ERROR,
    why="the file cannot be read, so nothing in it was checked",
    always=True,
)
def unreadable_package(facts: NuxeoFacts) -> Iterator[Observation]:
    """A package that cannot be opened: not a ZIP, truncated, damaged, encrypted, missing or unreadable.

    Why it matters:
        Nuxeo rejects a file that is not a ZIP with a misleading message: "no package.xml file found" (measured). A file
        that was named but not checked must not look like a file that is fine.

    Bad:
        umbmarket nuxeo validate no-such-file.zip

    Good:
        umbmarket nuxeo validate target/my-package-1.0.0.zip
    """
    package = facts.package
    if package.problem is not None:
        yield Observation(
            f"cannot be read: {visible(package.problem)}",
            document=package,
            help=_UNUSABLE_HELP["unreadable"],
            args={"kind": "unreadable"},
        )
        return
    unusable = package.unusable
    if unusable is not None:
        member = f"{quote(unusable.member)}: " if unusable.member is not None else ""
        detail = visible(unusable.detail)
        yield Observation(
            detail.removeprefix("it ") if unusable.kind == "unreadable" else f"not a package: {member}{detail}",
            document=package,
            help=_UNUSABLE_HELP.get(unusable.kind, "build it again"),
            args={"kind": unusable.kind},
        )
        return
    for name, problem in package.unread.items():
        yield Observation(
            f"{name} cannot be read: {visible(problem)}",
            document=package.unread_file(name),
            help=_help_for_file(package.kind, problem),
            args={"kind": "member", "member": name},
        )


def _help_for_file(kind: str, problem: str) -> str:
    if kind == "zip":
        return "build the ZIP again"
    return "replace the link with the file itself" if problem == LEADS_OUT else _UNUSABLE_HELP["unreadable"]


@rule(
    "NXP006",
    "doctype",
    Severity.WARNING,
    why="Nuxeo reads what a DOCTYPE refers to from the disk or the network of the server",
)
def doctype(facts: NuxeoFacts) -> Iterator[Observation]:
    """A DOCTYPE in `package.xml` or `install.xml`.

    umbmarket expands entities that the file itself declares, as Nuxeo does, but never opens external ones.

    Why it matters:
        Nuxeo resolves external entities: a manifest that referred to `file:///etc/hostname` received the content of
        that file (measured). No real manifest needs a DOCTYPE.

    Bad:
        <!DOCTYPE package SYSTEM "package.dtd">

    Good:
        <?xml version="1.0" encoding="UTF-8"?>
    """
    manifest, script = facts.package.manifest, facts.package.script
    for document in (each.file for each in (manifest, script) if each is not None):
        markup = document.markup
        if markup is None or markup.doctype is None or facts.foreign is not None:
            continue
        names = f"the DOCTYPE refers to {quote(markup.external[0])}, which Nuxeo would read" if markup.external else ""
        yield Observation(
            names or "the file has a DOCTYPE, which no package needs",
            Place(span=markup.doctype),
            document=document,
            help="remove the DOCTYPE, and replace its entities by their text",
            args={"external": list(markup.external)},
        )


def near(word: str, known: tuple[str, ...]) -> str:
    """`; did you mean "x"?` for the nearest of the words known, or nothing."""
    return did_you_mean(word, list(known))
