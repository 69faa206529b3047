"""NXP411 to NXP414, NXP424 and NXP425: the paths in commands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, Span, did_you_mean, quote
from umbmarket.formats.xml.markup import Attribute
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.package_tree import PackageTree
from umbmarket.nuxeo.rules.script_attributes import place_of
from umbmarket.nuxeo.rules.script_reading import commands_of
from umbmarket.nuxeo.rules.words import MOST_HINTS, Hints
from umbmarket.nuxeo.script import Command
from umbmarket.nuxeo.steps import Server, Step
from umbmarket.nuxeo.variables import (
    BUILD_PREFIXES,
    JBOSS_VARIABLE,
    OWN_PREFIXES,
    PACKAGE_ROOT,
    VARIABLES,
    Reference,
    references,
)

_FEW = 500
"""Names in a package that are compared with a missing one for each command."""

_MAVEN_ENVIRONMENT = re.compile(r"env\.[A-Z][A-Z0-9_]*")


def _references(facts: NuxeoFacts) -> Iterator[tuple[Command, Attribute, Reference]]:
    for _, command in commands_of(facts):
        for attribute in command.element.attributes.values():
            for reference in references(attribute.value):
                yield command, attribute, reference


def _inside(attribute: Attribute, reference: Reference) -> Place:
    """The reference in the source, where the value is written as it is read."""
    span = attribute.value_span
    if span.end - span.start != len(attribute.value):
        return attribute.place
    return Place(attribute.pointer, span=Span(span.start + reference.start, span.start + reference.end))


@rule(
    "NXP411",
    "unknown-variable",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="Nuxeo does not replace it, and creates a folder of that name in the server's working folder",
)
def unknown_variable(facts: NuxeoFacts) -> Iterator[Observation]:
    """A variable that Nuxeo does not set.

    `${name?default}` is not reported, because Nuxeo uses the default. In a source tree, tokens that a build replaces
    are not reported. A warning for a name that is not one of Nuxeo's own, because it may be a Java system property.

    Why it matters:
        With `${env.libs}` Nuxeo silently creates a folder called `${env.libs}` in the server's working folder
        (measured; in a real package).

    Bad:
        <copy dir="${package.root}/install/lib" todir="${env.libs}"/>

    Good:
        <copy dir="${package.root}/install/lib" todir="${env.lib}"/>
    """
    hints = Hints(VARIABLES)
    for _, attribute, reference in _references(facts):
        name = reference.name
        if reference.default is not None or name in VARIABLES or name == JBOSS_VARIABLE or not name:
            continue
        is_own = name.startswith(OWN_PREFIXES)
        if not is_own and (not facts.is_built or name.startswith(BUILD_PREFIXES)):
            # What a build has left is reported by NXP309.
            continue
        if is_own and not facts.is_built and _MAVEN_ENVIRONMENT.fullmatch(name):
            continue
        hint = hints.on(name) if not _is_root(attribute, reference) else f"; did you mean {quote(PACKAGE_ROOT)}?"
        if not is_own and not hint:
            # Likely a property of the server's Java: it is near none of Nuxeo's, as `package_root` is.
            continue
        yield Observation(
            f"unknown variable {quote(name)}{hint}",
            _inside(attribute, reference),
            document=facts.script.file if facts.script is not None else None,
            help=f"use one of {', '.join(_alike(name))}",
            args={"variable": name},
            severity=None if is_own else Severity.WARNING,
        )


_PATHS = ("file", "dir", "todir", "tofile")


def _is_root(attribute: Attribute, reference: Reference) -> bool:
    """Whether a variable stands where only the package's folder can be meant: `${package.dir}/install`."""
    return reference.start == 0 and attribute.name in _PATHS and reference.name.startswith("package.")


def _alike(name: str) -> list[str]:
    """The variables with the same beginning, else those of the server's folders."""
    prefix = f"{name.partition('.')[0]}."
    same = [each for each in VARIABLES if each.startswith(prefix)]
    return same or [each for each in VARIABLES if each.startswith("env.")]


@rule("NXP412", "env-ear", Severity.WARNING, why="the variable is set only on JBoss, which Nuxeo no longer supports")
def env_ear(facts: NuxeoFacts) -> Iterator[Observation]:
    """`${env.ear}` in a command that runs.

    Why it matters:
        Nuxeo does not replace it, so it creates a folder called `${env.ear}` (code).

    Bad:
        <copy dir="${package.root}/install/lib" todir="${env.ear}/lib"/>

    Good:
        <copy dir="${package.root}/install/lib" todir="${env.lib}"/>
    """
    idle = {id(step.command) for step in _steps(facts) if step.runs is False}
    for command, attribute, reference in _references(facts):
        if reference.name == JBOSS_VARIABLE and reference.default is None and id(command) not in idle:
            yield Observation(
                "${env.ear} is set only on JBoss",
                _inside(attribute, reference),
                document=facts.script.file if facts.script is not None else None,
                help="use ${env.lib}, ${env.bundles} or ${env.server.home}",
            )


class _Places:
    """Where what a command names may be, for the first ones that are asked for."""

    def __init__(self, tree: PackageTree) -> None:
        self._names = [*tree.files, *tree.folders]
        self._by_last: dict[str, str] = {}
        for name in self._names:
            self._by_last.setdefault(posixpath.basename(name), name)
        self._left = MOST_HINTS if len(self._names) <= _FEW else 1

    def near(self, source: str) -> str:
        """The same name in another folder, else one that is spelt nearly so."""
        elsewhere = self._by_last.get(posixpath.basename(source))
        if elsewhere:
            return f"; there is {quote(elsewhere)}"
        self._left -= 1
        if self._left < 0:
            return ""
        return did_you_mean(source, [name for name in self._names if name.count("/") == source.count("/") > 0])


def _steps(facts: NuxeoFacts) -> tuple[Step, ...]:
    return facts.installation.steps if facts.installation is not None else ()


@rule("NXP413", "target-path", Severity.WARNING, why="the file does not get into the folders of the server")
def target_path(facts: NuxeoFacts) -> Iterator[Observation]:
    """A target that is relative, absolute, or leads out of the server.

    Why it matters:
        A relative path starts at the server's working folder, which can be any folder (code). Real scripts begin with
        one of Nuxeo's variables.

    Bad:
        <copy file="${package.root}/install/a.txt" todir="nxserver/lib"/>

    Good:
        <copy file="${package.root}/install/a.txt" todir="${env.lib}"/>
    """
    home = Server().home
    for step in _steps(facts):
        attribute = next((name for name in ("todir", "tofile") if step.command.get(name)), "file")
        value = step.command.get(attribute) or ""
        if step.target is None or step.runs is False or facts.script is None or _is_open(facts, value):
            continue
        if step.target.startswith("<working folder>") or not step.target.startswith("/"):
            message = f"{quote(value)} is relative to the server's working folder"
        elif step.target != home and not step.target.startswith((f"{home}/", "/package")):
            is_out = value.startswith("${") and ".." in value
            message = f"{quote(value)} {'leads out of the server' if is_out else 'is an absolute path'}"
        else:
            continue
        yield Observation(
            message,
            place_of(step, attribute),
            document=facts.script.file,
            help=_help_for_target(value),
            args={"attribute": attribute, "value": value},
        )


def _help_for_target(value: str) -> str:
    meant = [name for name in VARIABLES if name in value and f"${{{name}}}" not in value]
    if meant:
        return f"write ${{{max(meant, key=len)}}}"
    return "begin with a variable, such as ${env.lib}, ${env.templates} or ${env.server.home}"


def _is_open(facts: NuxeoFacts, value: str) -> bool:
    """Whether a path has a variable that is not known, of which other rules tell, or what a build will fill in."""
    unknown = any(each.default is None and each.name not in VARIABLES for each in references(value))
    return unknown or (not facts.is_built and "@" in value)


@rule("NXP414", "update-file-kind", Severity.ERROR, why="Nuxeo refuses to install the package")
def update_file_kind(facts: NuxeoFacts) -> Iterator[Observation]:
    """`update` of a single file that is not a JAR.

    Why it matters:
        Validation fails with "Cannot use 'update' command for non versioned files!", and nothing is installed
        (measured).

    Bad:
        <update file="${package.root}/install/my.properties" todir="${env.lib}"/>

    Good:
        <copy file="${package.root}/install/my.properties" todir="${env.lib}" overwrite="true"/>
    """
    for step in _steps(facts):
        if facts.script is not None and any(fault.kind == "not-a-jar" for fault in step.faults):
            yield Observation(
                f"{quote(step.source or '')} is not a JAR, but <update> installs only JARs",
                place_of(step, "file"),
                document=facts.script.file,
                help="use <copy>",
                args={"source": step.source},
            )


@rule(
    "NXP424",
    "source-missing",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the command silently installs nothing",
)
def source_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A source that is not in the built package, or a relative source.

    A warning if a guard decides on the server whether the command runs, and for a relative source that is not in the
    package either.

    Why it matters:
        Nuxeo silently ignores `copy` of a missing file, and ignores `update` with a line in the log (measured). A
        relative path does not start at the root of the package, but at the server's working folder (code).

    Bad:
        <update dir="${package.root}/bundles" todir="${env.bundles}"/>

    Good:
        <update dir="${package.root}/install/bundles" todir="${env.bundles}"/>
    """
    if facts.script is None:
        return
    yield from _relative_sources(facts)
    if not facts.built_tree:
        return
    tree = facts.package.tree
    places = _Places(tree)
    for step in _steps(facts):
        source = step.source
        if source is None or "${" in source or step.runs is False or tree.is_file(source) or tree.is_folder(source):
            continue
        attribute = "file" if step.command.get("file") else "dir"
        has_wildcard = "*" in source or "?" in source
        yield Observation(
            f"{quote(source)} is not in the package{places.near(source) if not has_wildcard else ''}",
            place_of(step, attribute),
            document=facts.script.file,
            help="name one file, or a folder with dir; Nuxeo knows no wildcards here"
            if has_wildcard
            else "correct the path, which starts at the root of the ZIP, or add the file",
            args={"source": source},
            severity=Severity.WARNING if step.runs is None else None,
        )


_TAKING = ("copy", "append", "pcopy", "update")
_DRIVE = re.compile(r"[A-Za-z]:")


def _relative_sources(facts: NuxeoFacts) -> Iterator[Observation]:
    tree = facts.package.tree
    for step in _steps(facts):
        attribute = "dir" if step.command.get("dir") else "file"
        value = step.command.get(attribute) or ""
        is_whole = not value or value.startswith(("/", "\\", "$", "@", "{")) or _DRIVE.match(value) is not None
        if step.command.id not in _TAKING or step.runs is False or is_whole or _is_open(facts, value):
            continue
        file = step.command.get("file") if attribute == "dir" else None
        source = posixpath.normpath(posixpath.join(value, file or ""))
        is_there = tree.is_file(source) or tree.is_folder(source)
        yield Observation(
            f"{quote(value)} is relative to the server's working folder, not to the package",
            place_of(step, attribute),
            document=facts.script.file if facts.script is not None else None,
            help=f"begin with ${{{PACKAGE_ROOT}}}, or with a variable of the server's folders",
            args={"source": value},
            severity=None if is_there and step.runs else Severity.WARNING,
        )


@rule(
    "NXP425",
    "folder-deleted",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why='Nuxeo refuses to install the package: "Cannot delete directories"',
)
def folder_deleted(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `delete` of a folder that every server has, such as `${env.bundles}`.

    A warning if a guard decides on the server whether the command runs.

    Why it matters:
        `delete` deletes only single files. Validation fails, and nothing is installed (measured).

    Bad:
        <delete file="${env.bundles}"/>

    Good:
        <delete file="${env.bundles}/my-package-core-{version:.*}.jar"/>
    """
    for step in _steps(facts):
        if step.runs is False or facts.script is None or all(fault.kind != "deletes-folder" for fault in step.faults):
            continue
        yield Observation(
            f"{quote(step.command.get('file') or '')} is a folder, but <delete> deletes only files",
            place_of(step, "file"),
            document=facts.script.file,
            help="name a file; for several versions of a JAR, write name-{version:.*}.jar",
            args={"file": step.command.get("file")},
            severity=Severity.WARNING if step.runs is None else None,
        )
