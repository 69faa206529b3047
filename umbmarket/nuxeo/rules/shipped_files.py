"""NXP305 to NXP317 and NXP508: what the package holds, and what becomes of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, Span, quote
from umbmarket.formats.xml.elements import XmlRefused
from umbmarket.formats.xml.markup import read_markup
from umbmarket.nuxeo.documents import PackageFile
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.identity import PackageId
from umbmarket.nuxeo.package import BACKUP, LICENSE, SCRIPT, SPECIAL_FILES, TERMS
from umbmarket.nuxeo.rules.zip_entries import some
from umbmarket.nuxeo.steps import STUDIO_SNAPSHOT, JarName
from umbmarket.nuxeo.variables import Token, tokens, without_comments
from umbmarket.nuxeo.versions import InvalidVersion, Version

_MOST_TEMPLATES = 50
"""Files of defaults that are looked into."""

_LINK = re.compile(r"""\b(?:src|href)\s*=\s*["'](?P<path>[^"'#?:]+)["'#?]""", re.IGNORECASE)
_VERSION_IN_NAME = re.compile(r"-(?P<version>[0-9]+(?:\.[0-9]+)+[^/]*)$")
_FORMS = ("forms/install.xml", "forms/uninstall.xml", "forms/validation.xml")


@rule("NXP305", "uninstall-shipped", Severity.WARNING, why="installing the package overwrites the file")
def uninstall_shipped(facts: NuxeoFacts) -> Iterator[Observation]:
    """An `uninstall.xml` with commands in a package that Nuxeo's own installer installs.

    Why it matters:
        The installer writes `uninstall.xml` itself, with the opposite of each command that it has run (measured). A
        shipped one counts only for an installer of the package's own.

    Bad:
        uninstall.xml

    Good:
        install.xml
    """
    manifest = facts.manifest
    document = facts.package.text_file("uninstall.xml") if facts.package.is_whole else None
    if document is None or manifest is None:
        return
    task = manifest.task("installer")
    if task is not None and task.class_name:
        return
    try:
        has_commands = bool(read_markup(document.source.text).root.children)
    except XmlRefused:
        has_commands = False
    if has_commands:
        yield Observation(
            "the installer writes its own uninstall.xml, so this one never counts",
            document=document,
            help="remove it from the package",
        )


@rule("NXP306", "install-properties-shipped", Severity.WARNING, why="the installer writes the file")
def install_properties_shipped(facts: NuxeoFacts) -> Iterator[Observation]:
    """An `install.properties` in the package.

    Why it matters:
        Nuxeo writes it when a package is installed, with what was entered into its forms (documentation).

    Bad:
        install.properties

    Good:
        package.xml
    """
    if facts.package.is_whole and facts.package.has("install.properties"):
        yield Observation(
            "the installer writes install.properties itself",
            _member(facts, "install.properties"),
            document=facts.package,
            help="remove it from the package",
        )


def _member(facts: NuxeoFacts, name: str) -> Place:
    return Place(member=name) if facts.package.kind == "zip" else Place()


@rule("NXP307", "backup-shipped", Severity.WARNING, why="the installer makes the folder")
def backup_shipped(facts: NuxeoFacts) -> Iterator[Observation]:
    """Files in the folder `backup`.

    Why it matters:
        Nuxeo keeps there what it replaces on a server. Such files come from a package that was installed, not built.

    Bad:
        backup/0cc175b9c0f1b6a831c399e269772661_nuxeo.defaults

    Good:
        package.xml
    """
    found = [*facts.package.tree.files_below(BACKUP)] if facts.built_tree else []
    if found:
        yield Observation(
            f"the package holds backups of a server: {some(found)}",
            _member(facts, found[0]),
            document=facts.package,
            help="build the package anew instead of zipping one that was installed",
        )


@rule("NXP308", "special-file-installed", Severity.WARNING, why="files about the package come to the server's folders")
def special_file_installed(facts: NuxeoFacts) -> Iterator[Observation]:
    """A command that copies the manifest, the script, the licence or another file with a meaning of its own.

    Why it matters:
        Nuxeo's documentation asks not to use these names for what is installed. A command that takes the package's root
        as its source copies all of them.

    Bad:
        <copy file="${package.root}/license.txt" todir="${env.server.home}"/>

    Good:
        <copy dir="${package.root}/install/templates" todir="${env.templates}" overwrite="true"/>
    """
    installation = facts.installation
    for step in installation.steps if installation is not None else ():
        copied = [each.source for each in step.installs if each.source in SPECIAL_FILES]
        if step.source in SPECIAL_FILES:
            copied = copied or [step.source]
        if copied and facts.script is not None:
            yield Observation(
                f"the command copies {some(copied)}",
                step.command.element.place,
                document=facts.script.file,
                help="put what is to be installed into a folder of its own, such as install",
                args={"files": list(copied)},
            )


@rule(
    "NXP309",
    "placeholder-left",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="Nuxeo knows no tokens: the id becomes name-0.0.0, and commands install nothing",
)
def placeholder_left(facts: NuxeoFacts) -> Iterator[Observation]:
    """A token that a build was to replace, in a package that is built.

    `@VERSION@` and the like, and `${project.version}`; in `package.xml` any `${...}`. Tokens are ordinary in a source
    tree, where nothing is said of them. A warning in a template's `nuxeo.defaults`.

    Why it matters:
        `@VERSION@` makes the id `name-0.0.0`. `@BUNDLES@` in `install.xml` is text, which is passed over: the package
        is installed without an error, and nothing is there (measured).

    Bad:
        <install>@BUNDLES@</install>

    Good:
        <install>
          <update dir="${package.root}/install/bundles" todir="${env.bundles}"/>
        </install>
    """
    if not facts.is_built or facts.foreign is not None:
        return
    package = facts.package
    documents: list[tuple[PackageFile, Iterator[Token], bool]] = []
    if package.manifest is not None:
        text = without_comments(package.manifest.file.source.text)
        documents.append((package.manifest.file, tokens(text), True))
    if package.script is not None:
        text = without_comments(package.script.file.source.text)
        documents.append((package.script.file, tokens(text, in_script=True), True))
    defaults = (name for name in package.tree.files_below("install/templates") if name.endswith("nuxeo.defaults"))
    for _, name in zip(range(_MOST_TEMPLATES), defaults, strict=False):
        document = package.text_file(name)
        if document is not None:
            documents.append((document, tokens(document.source.text, in_script=True), False))
    for document, found, is_read in documents:
        for token in found:
            yield Observation(
                f"a build has left {quote(token.text)}",
                Place(span=Span(token.start, token.end)),
                document=document,
                help="build the package, and check what the build makes",
                args={"token": token.text},
                severity=None if is_read else Severity.WARNING,
            )


@rule("NXP310", "not-installed", Severity.WARNING, why="no command brings the file to the server")
def not_installed(facts: NuxeoFacts) -> Iterator[Observation]:
    """Files below `install`, and JARs anywhere, that no command installs.

    `update` takes the JARs directly in a folder, and passes over everything else in it silently.

    Why it matters:
        The package is installed without an error, and the file is not there (measured): an `update` of `install`
        instead of `install/bundles` installs nothing.

    Bad:
        <update dir="${package.root}/install" todir="${env.bundles}"/>

    Good:
        <update dir="${package.root}/install/bundles" todir="${env.bundles}"/>
    """
    installation = facts.installation
    if not facts.built_tree or installation is None or installation.unknown or facts.script is None:
        return
    if not installation.is_complete:
        return
    installed = {each.source for step in installation.steps for each in step.installs}
    skipped = {name: step for step in installation.steps for name in step.skipped if name not in installed}
    by_folder: dict[str, list[str]] = {}
    for name in facts.package.tree.files:
        if (name.startswith("install/") or name.endswith(".jar")) and name not in installed:
            by_folder.setdefault(posixpath.dirname(name), []).append(posixpath.basename(name))
    for folder, names in by_folder.items():
        step = next((skipped[full] for each in names if (full := posixpath.join(folder, each)) in skipped), None)
        where = _member(facts, posixpath.join(folder, names[0]))
        place = step.command.element.place if step is not None else where
        what = f"{some(names)} in {quote(folder)}" if folder else some(names)
        passes = "update takes only JARs directly in its folder" if step is not None else "no command names it"
        yield Observation(
            f"{what} is not installed: {passes}",
            place,
            document=facts.script.file if step is not None or where.member is None else facts.package,
            help="add a command for it, or leave it out of the package",
            args={"folder": folder, "files": list(names)},
        )


@rule("NXP311", "jar-without-version", Severity.INFO, why="a JAR without a version replaces any other of its name")
def jar_without_version(facts: NuxeoFacts) -> Iterator[Observation]:
    """A JAR that `update` installs and whose name has no version.

    Why it matters:
        It counts as version 0.0.0-SNAPSHOT, as the JARs of Nuxeo Studio do (code), so that it cannot be told which of
        two packages brings the newer one.

    Bad:
        install/bundles/my-package-core.jar

    Good:
        install/bundles/my-package-core-1.0.0.jar
    """
    installation = facts.installation
    if facts.script is None or installation is None:
        return
    for step in installation.steps:
        names = [posixpath.basename(each.source) for each in step.installs if step.command.id == "update"]
        found = [name for name in names if (jar := JarName.parse(name)) and jar.version == STUDIO_SNAPSHOT]
        if found:
            yield Observation(
                f"no version in the name of {some(found)}",
                step.command.element.place,
                document=facts.script.file,
                help="name it name-version.jar",
                args={"files": list(found)},
            )


@rule("NXP312", "content-html-missing", Severity.INFO, why="the page shows a broken image or link")
def content_html_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `content.html` that names a file which is not in the package.

    Why it matters:
        Documentation of old describes the file as the package's page. No client reads it today.

    Bad:
        <img src="images/logo.png">

    Good:
        <img src="https://example.com/logo.png">
    """
    document = facts.package.text_file("content.html") if facts.built_tree else None
    for match in _LINK.finditer(document.source.text) if document is not None else ():
        path = match["path"].strip()
        if path and not path.startswith("/") and not facts.package.has(posixpath.normpath(path)):
            yield Observation(
                f"{quote(path)} is not in the package",
                Place(span=Span(*match.span("path"))),
                document=document,
                help="add the file, or write a whole address",
                args={"path": path},
            )


@rule(
    "NXP313",
    "forms",
    Severity.INFO,
    other_severities=(Severity.WARNING,),
    why="forms are deprecated, and shown in development mode alone",
)
def forms(facts: NuxeoFacts) -> Iterator[Observation]:
    """Files in `forms`.

    A warning where their root is not `forms`.

    Why it matters:
        Documentation of old calls them deprecated: not on Windows, only for packages with hot reload, only in
        development mode (NXP-14777). Of 120 repositories none has one.

    Bad:
        forms/install.xml

    Good:
        install.xml
    """
    for name in _FORMS:
        document = facts.package.text_file(name) if facts.package.is_whole else None
        if document is None:
            continue
        try:
            root = read_markup(document.source.text).root.name
        except XmlRefused:
            root = ""
        is_form = root == "forms"
        yield Observation(
            "forms are deprecated, and nuxeoctl shows none" if is_form else "the root element is not <forms>",
            document=document,
            help="use properties of nuxeo.conf instead",
            severity=None if is_form else Severity.WARNING,
        )


@rule("NXP314", "no-install", Severity.ERROR, why='installing fails: "Failed to load commands file"')
def no_install(facts: NuxeoFacts) -> Iterator[Observation]:
    """A built package without `install.xml`.

    Why it matters:
        Adding it to a server works, and installing it fails (measured). That goes for a package that only names others,
        too: it needs an `install.xml` with no commands.

    Bad:
        package.xml

    Good:
        package.xml
        install.xml
    """
    manifest = facts.manifest
    if not facts.built_tree or manifest is None or facts.package.has(SCRIPT):
        return
    task = manifest.task("installer")
    if task is None or not task.class_name:
        other = next((name for name in facts.package.tree.files if name.lower() == SCRIPT), None)
        yield Observation(
            f"the package has no {SCRIPT}" + (f", but {quote(other)}" if other is not None else ""),
            document=facts.package,
            help=f"add {SCRIPT}; where nothing is to be installed, <install/> will do"
            if other is None
            else "write the name in lower case",
        )


@rule("NXP315", "template-incomplete", Severity.INFO, why="Nuxeo takes a folder for a template by its nuxeo.defaults")
def template_incomplete(facts: NuxeoFacts) -> Iterator[Observation]:
    """A template without `nuxeo.defaults`, or one that no command adds to the configuration.

    Why it matters:
        The files come to the server, and Nuxeo does not use them until someone adds the template to `nuxeo.conf`.

    Bad:
        install/templates/my-package/config/my-config.xml

    Good:
        install/templates/my-package/nuxeo.defaults
        install/templates/my-package/config/my-config.xml
    """
    if not facts.built_tree or facts.script is None:
        return
    folders = dict.fromkeys(
        name.split("/")[2] for name in facts.package.tree.files_below("install/templates") if name.count("/") > 2
    )
    added = {
        name.strip()
        for command in facts.script.commands
        if command.id == "config"
        for name in (command.get("addtemplate") or "").split(",")
    }
    for folder in folders:
        if not facts.package.has(f"install/templates/{folder}/nuxeo.defaults"):
            message, help_ = f"the template {quote(folder)} has no nuxeo.defaults", "add the file, which may be empty"
        elif folder not in added and not any("${" in name for name in added):
            message = f"no command adds the template {quote(folder)}"
            help_ = f'write <config addtemplate="{folder}"/>'
        else:
            continue
        yield Observation(message, document=facts.script.file, help=help_, args={"template": folder})


@rule("NXP317", "text-encoding", Severity.WARNING, why="Nuxeo reads the text as UTF-8")
def text_encoding(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `license.txt` or `terms-and-conditions.txt` that is not UTF-8.

    Why it matters:
        Nuxeo reads both as UTF-8 (code), so that letters with accents come out garbled.

    Bad:
        A licence saved as Windows-1252

    Good:
        A licence saved as UTF-8
    """
    for name in (LICENSE, TERMS) if facts.package.is_whole else ():
        document = facts.package.text_file(name)
        problem = document.source.problem if document is not None else None
        if document is not None and problem is not None:
            guess = f"; it looks like {problem.looks_like}" if problem.looks_like else ""
            at = document.source.offset_of_byte(problem.offset) if document.source.readable else 0
            yield Observation(
                f"byte {problem.offset:,} (0x{problem.byte:02X}) is not UTF-8{guess}",
                Place(span=Span(at, min(at + 1, len(document.source.text)))),
                document=document,
                help="save it as UTF-8",
            )


@rule("NXP508", "file-name", Severity.INFO, why="the manifest alone gives the version, so the name misleads")
def file_name(facts: NuxeoFacts) -> Iterator[Observation]:
    """A ZIP whose name says another version than its manifest.

    Why it matters:
        Servers and the Marketplace take id and version from the manifest. A real build padded the version in the name
        of the file alone, so that `rc.002` was published as `rc.2`.

    Bad:
        my-package-1.0.0-rc.002.zip, with version="1.0.0-rc.2"

    Good:
        my-package-1.0.0-rc.002.zip, with version="1.0.0-rc.002"
    """
    manifest = facts.manifest
    if facts.package.kind != "zip" or manifest is None or manifest.version is None:
        return
    name = facts.package.path.rpartition("/")[2]
    stem = name[:-4] if name.lower().endswith(".zip") else name
    told = PackageId.parse(stem) if len(stem) < 500 else None
    found = _VERSION_IN_NAME.search(stem)
    try:
        version = told.version if told is not None else Version.parse(found["version"]) if found is not None else None
    except InvalidVersion:
        return
    if version is not None and version != manifest.version:
        yield Observation(
            f"the name of the file says version {quote(str(version))}, and the manifest {quote(str(manifest.version))}",
            document=facts.package,
            help="name the file as the manifest says",
            args={"file": str(version), "manifest": str(manifest.version)},
        )
