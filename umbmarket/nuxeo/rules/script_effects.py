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
        Nuxeo logs a warning and recommends `update`, which keeps the newest version of all installed packages, and
        restores the right one when a package is uninstalled (code).

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
                f"<copy> installs {some(found)}, but Nuxeo recommends <update> for JARs with a version",
                place_of(step, "file" if step.command.get("file") else "dir"),
                document=facts.script.file,
                help='write <update dir="..." todir="..."/>',
                args={"files": list(found)},
            )


@rule("NXP423", "no-overwrite", Severity.INFO, why="installing fails if a file of that name exists")
def no_overwrite(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `copy` that does not overwrite.

    Why it matters:
        The installation fails with "Cannot overwrite existing file" if another package, or a person, has put a file
        with that name there (measured). Without `overwrite` no file of the server is changed, which may be intended.

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
                "<copy> does not overwrite existing files",
                command.element.place,
                document=facts.script.file,
                help='add overwrite="true", unless existing files must be kept',
            )
