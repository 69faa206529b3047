"""NXP415 and NXP423: commands that do other things than meant on a server where something is there already."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Severity
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.manifest import is_true
from umbmarket.nuxeo.rules.script_attributes import place_of
from umbmarket.nuxeo.rules.zip_entries import some
from umbmarket.nuxeo.steps import STUDIO_SNAPSHOT, JarName


@rule("NXP415", "copy-of-jar", Severity.INFO, why="update keeps the newest of several packages' JARs, copy does not")
def copy_of_jar(facts: NuxeoFacts) -> Iterator[Observation]:
    """A JAR with a version that `copy` installs.

    Why it matters:
        Nuxeo logs a warning and recommends `update`, which keeps the newest version that installed packages bring, and
        puts the right one back when one of them goes (code).

    Bad:
        <copy file="${package.root}/install/bundles/my-package-core-1.0.0.jar" todir="${env.bundles}"/>

    Good:
        <update dir="${package.root}/install/bundles" todir="${env.bundles}"/>
    """
    if facts.installation is None or facts.script is None:
        return
    for step in facts.installation.steps:
        if step.command.id != "copy":
            continue
        names = [each.source for each in step.installs] or [step.source or ""]
        jars = [posixpath.basename(name) for name in names]
        found = [name for name in jars if (jar := JarName.parse(name)) and jar.version != STUDIO_SNAPSHOT]
        if found:
            yield Observation(
                f"copy of {some(found)}, for which Nuxeo recommends update",
                place_of(step, "file" if step.command.get("file") else "dir"),
                document=facts.script.file,
                help='write <update dir="..." todir="..."/>',
                args={"files": list(found)},
            )


@rule("NXP423", "no-overwrite", Severity.INFO, why="installing fails where the file is there already")
def no_overwrite(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `copy` that does not overwrite.

    Why it matters:
        "Cannot overwrite existing file" ends the installation where another package, or a person, has put a file of
        that name there (measured). Without `overwrite` no file of the server is changed, which may be what is wanted.

    Bad:
        <copy dir="${package.root}/install/templates" todir="${env.templates}"/>

    Good:
        <copy dir="${package.root}/install/templates" todir="${env.templates}" overwrite="true"/>
    """
    for step in facts.installation.steps if facts.installation is not None else ():
        command = step.command
        if command.id != "copy" or step.target is None or facts.script is None or step.runs is False:
            continue
        if not any(is_true(command.get(name)) for name in ("overwrite", "append", "overwriteIfNewerVersion")):
            yield Observation(
                "installing fails where the file is there already",
                command.element.place,
                document=facts.script.file,
                help='add overwrite="true", unless nothing may be replaced',
            )
