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
from umbmarket.nuxeo.rules.words import Hints
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
        The installer writes `uninstall.xml` itself, with the opposite of each command that it ran (measured). A file in
        the package is used only with a custom installer class.

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
            "uninstall.xml is overwritten: the installer writes its own",
            document=document,
            help="remove it from the package",
        )


@rule("NXP306", "install-properties-shipped", Severity.WARNING, why="the installer overwrites the file")
def install_properties_shipped(facts: NuxeoFacts) -> Iterator[Observation]:
    """An `install.properties` in the package.

    Why it matters:
        Nuxeo writes the file when a package is installed, with the values that were entered into its forms
        (documentation).

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


@rule("NXP307", "backup-shipped", Severity.WARNING, why="the installer creates the folder itself")
def backup_shipped(facts: NuxeoFacts) -> Iterator[Observation]:
    """Files in the folder `backup`.

    Why it matters:
        Nuxeo keeps the files that it replaces on a server there. They show that the ZIP was made from an installed
        package.

    Bad:
        backup/0cc175b9c0f1b6a831c399e269772661_nuxeo.defaults

    Good:
        package.xml
    """
    found = [*facts.package.tree.files_below(BACKUP)] if facts.built_tree else []
    if found:
        yield Observation(
            f"the package contains backups from a server: {some(found)}",
            _member(facts, found[0]),
            document=facts.package,
            help="build the package again instead of zipping an installed one",
        )


@rule(
    "NXP308",
    "special-file-installed",
    Severity.WARNING,
    why="files about the package are copied into the folders of the server",
)
def special_file_installed(facts: NuxeoFacts) -> Iterator[Observation]:
    """A command that copies the manifest, the script, the licence or another special file of the package.

    Why it matters:
        Nuxeo's documentation says not to use these names for files to install. A command whose source is the root of
        the package copies all of them.

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
                help="put the files to install into a separate folder, such as install",
                args={"files": list(copied)},
            )


@rule(
    "NXP309",
    "placeholder-left",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="Nuxeo does not replace tokens: the id becomes name-0.0.0, or nothing is installed",
)
def placeholder_left(facts: NuxeoFacts) -> Iterator[Observation]:
    """A token in a built package that the build should have replaced.

    Such tokens are `@VERSION@` and `${project.version}`, and in `package.xml` any `${...}`. In a source tree they are
    not reported. A warning in a template's `nuxeo.defaults`.

    Why it matters:
        With `@VERSION@` the id becomes `name-0.0.0`. `@BUNDLES@` in `install.xml` is text, which Nuxeo ignores: it
        reports success, but installs nothing (measured).

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
                f"the build did not replace {quote(token.text)}",
                Place(span=Span(token.start, token.end)),
                document=document,
                help="check that the build replaces the token, and that this is its result",
                args={"token": token.text},
                severity=None if is_read else Severity.WARNING,
            )


@rule("NXP310", "not-installed", Severity.WARNING, why="Nuxeo reports success, but the file is missing on the server")
def not_installed(facts: NuxeoFacts) -> Iterator[Observation]:
    """Files below `install`, and JARs anywhere, that no command installs.

    `update` installs the JARs directly in a folder, and silently ignores everything else in it.

    Why it matters:
        Nuxeo says nothing about such files (measured). An `update` of `install` instead of `install/bundles` installs
        nothing.

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
        # A name with backslashes is no path, which NXP303 reports.
        if (name.startswith("install/") or name.endswith(".jar")) and name not in installed and "\\" not in name:
            by_folder.setdefault(posixpath.dirname(name), []).append(posixpath.basename(name))
    for folder, names in by_folder.items():
        step = next((skipped[full] for each in names if (full := posixpath.join(folder, each)) in skipped), None)
        where = _member(facts, posixpath.join(folder, names[0]))
        place = step.command.element.place if step is not None else where
        what = f"{some(names)} in {quote(folder)}" if folder else some(names)
        passes = "update installs only JARs directly in its folder" if step is not None else "no command names it"
        yield Observation(
            f"{what} {'are' if len(names) > 1 else 'is'} not installed: {passes}",
            place,
            document=facts.script.file if step is not None or where.member is None else facts.package,
            help="add a command that installs it, or remove it from the package",
            args={"folder": folder, "files": list(names)},
        )


@rule(
    "NXP311", "jar-without-version", Severity.INFO, why="a JAR without a version replaces any other with the same name"
)
def jar_without_version(facts: NuxeoFacts) -> Iterator[Observation]:
    """A JAR that `update` installs and whose name has no version.

    Why it matters:
        The JAR counts as version 0.0.0-SNAPSHOT, like the JARs of Nuxeo Studio (code), so Nuxeo cannot determine which
        of two packages has the newer one.

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
                f"the name has no version: {some(found)}",
                step.command.element.place,
                document=facts.script.file,
                help="rename it to name-version.jar",
                args={"files": list(found)},
            )


@rule("NXP312", "content-html-missing", Severity.INFO, why="the page shows a broken image or link")
def content_html_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `content.html` that refers to a file that is not in the package.

    Why it matters:
        Older documentation describes the file as the package's page. No current client reads it.

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
                help="add the file, or write a full URL",
                args={"path": path},
            )


@rule(
    "NXP313",
    "forms",
    Severity.INFO,
    other_severities=(Severity.WARNING,),
    why="forms are deprecated, and are shown only in development mode",
)
def forms(facts: NuxeoFacts) -> Iterator[Observation]:
    """Files in `forms`.

    A warning if the root element is not `forms`.

    Why it matters:
        Older documentation already calls forms deprecated: they are not shown on Windows, and elsewhere only in
        development mode, for packages with hot reload (NXP-14777). None of 120 repositories has one.

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
            "forms are deprecated, and nuxeoctl does not show them" if is_form else "the root element is not <forms>",
            document=document,
            help="use properties of nuxeo.conf instead",
            severity=None if is_form else Severity.WARNING,
        )


@rule("NXP314", "no-install", Severity.ERROR, why='installing fails: "Failed to load commands file"')
def no_install(facts: NuxeoFacts) -> Iterator[Observation]:
    """A built package without `install.xml`.

    Why it matters:
        The package can be added to a server, but installing it fails (measured). A package that only lists other
        packages needs an `install.xml` without commands.

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
            help=f"add {SCRIPT}; if there is nothing to install, <install/> is enough"
            if other is None
            else "write the name in lower case",
        )


@rule(
    "NXP315",
    "template-incomplete",
    Severity.INFO,
    other_severities=(Severity.WARNING,),
    why="Nuxeo does not use the template",
)
def template_incomplete(facts: NuxeoFacts) -> Iterator[Observation]:
    """A template without `nuxeo.defaults`, or one that no command adds to the configuration.

    A warning if a command adds a template with nearly the same name, which is not in the package.

    Why it matters:
        The files are copied to the server, but Nuxeo recognises a template by its `nuxeo.defaults`, and does not use it
        until it is added to `nuxeo.conf`.

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
    is_open = any("${" in name for name in added)
    # What is nearly the same is looked for among a few only.
    others = sorted(name for name in added if name not in folders)[:_MOST_TEMPLATES]
    hints = Hints(others)
    for folder in folders:
        severity = None
        if not facts.package.has(f"install/templates/{folder}/nuxeo.defaults"):
            message, help_ = f"the template {quote(folder)} has no nuxeo.defaults", "add the file, which may be empty"
        elif folder not in added and not is_open:
            message = f"no command adds the template {quote(folder)}"
            help_ = f'write <config addtemplate="{folder}"/>'
            hint = hints.on(folder)
            near = next((name for name in others if hint.endswith(f'"{name}"?')), None)
            if near is not None:
                message += f", but one adds {quote(near)}, which is not in the package"
                severity = Severity.WARNING
        else:
            continue
        yield Observation(message, document=facts.script.file, help=help_, args={"template": folder}, severity=severity)


@rule("NXP317", "text-encoding", Severity.WARNING, why="Nuxeo reads the text as UTF-8")
def text_encoding(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `license.txt` or `terms-and-conditions.txt` that is not UTF-8.

    Why it matters:
        Nuxeo reads both files as UTF-8 (code), so accented letters are garbled.

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
                help="save the file as UTF-8",
            )


@rule("NXP508", "file-name", Severity.INFO, why="only the version in the manifest counts, so the name is misleading")
def file_name(facts: NuxeoFacts) -> Iterator[Observation]:
    """A ZIP whose name has another version than its manifest.

    Why it matters:
        Servers and the Marketplace read the id and the version from the manifest. One real build padded the version
        only in the file name, so `rc.002` was published as `rc.2`.

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
            f"the file name has version {quote(str(version))}, but the manifest {quote(str(manifest.version))}",
            document=facts.package,
            help="use the version of the manifest in the file name",
            args={"file": str(version), "manifest": str(manifest.version)},
        )
