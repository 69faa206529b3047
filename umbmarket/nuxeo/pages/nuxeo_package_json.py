"""An inspection of a Nuxeo package as JSON, version 1: its types, and an inspection written as them.

The types are frozen: a program that reads version 1 today reads every later inspection of version 1. A change
that could break such a program gets a new version and a module of its own.

`schemas/inspect-nuxeo-v1.schema.json` is generated from the types; `generated_files` gives its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from umbmarket.output.json_text import to_json, whole_text
from umbmarket.output.model_schema import Written, schema_of, schema_text

if TYPE_CHECKING:
    from umbmarket.nuxeo.actions.inspect import CommandEffect, NuxeoInspection
    from umbmarket.nuxeo.identity import Dependency as ReadDependency
    from umbmarket.nuxeo.manifest import Manifest

SCHEMA_FILE = "schemas/inspect-nuxeo-v1.schema.json"
"""Where the schema lies in the source tree."""

_LINE_LEVELS = 3


class Task(Written):
    """An installer or uninstaller."""

    class_name: str | None = Field(description="The class that does it; null for Nuxeo's own.")
    restart: bool = Field(description="Whether the server is to be restarted.")


class Package(Written):
    """What the manifest says, as Nuxeo reads it. What it does not say is null."""

    id: str = Field(description="The id as the server will see it: the name and the normalised version.")
    name: str | None = Field(description="The name.")
    version_text: str | None = Field(description="The version as written.")
    version: str | None = Field(description="The version as Nuxeo normalises it; null where it cannot read it.")
    snapshot: bool = Field(description="Whether a new upload replaces it; a release can be uploaded once.")
    type: Literal["addon", "hotfix", "studio"] | None = Field(description="The type; null for any other text.")
    title: str | None = Field(description="The title.")
    description: str | None = Field(description="The description, without its markup.")
    vendor: str | None = Field(description="The vendor.")
    classifier: str | None = Field(description="The classifier.")
    license: str | None = Field(description="The name of the licence.")
    license_url: str | None = Field(description="The address of the licence.")
    hot_reload: bool = Field(description="Whether it says that it can be installed on a running server.")
    terms_accepted_first: bool = Field(description="Whether its terms have to be accepted.")
    installer: Task | None = Field(description="What installs it; null for Nuxeo's own without a restart.")
    uninstaller: Task | None = Field(description="What uninstalls it; null for Nuxeo's own without a restart.")
    validator: str | None = Field(description="The class that checks it.")


class Answer(Written):
    """Whether the package is for one server."""

    platform: str = Field(description="The server that was asked about, such as lts-2023.5.")
    compatible: bool = Field(description="Whether Nuxeo would install the package there.")


class Platforms(Written):
    """The servers that the package is for."""

    text: str = Field(description="The same in words.")
    target_name: str | None = Field(description="The name in target-platform.")
    target_versions: str | None = Field(description="The range in target-platform, as written.")
    patterns: list[str] = Field(description="The entries of platforms, as Nuxeo reads them.")
    answer: Answer | None = Field(description="The answer for the server of --platform; null where none was named.")


class Dependency(Written):
    """A package in one of the lists."""

    name: str = Field(description="The name.")
    minimum: str | None = Field(description="The lowest version that counts, normalised; null for any.")
    maximum: str | None = Field(description="The highest version that counts, normalised; null for any.")


class File(Written):
    """A file that a command installs."""

    source: str = Field(description="Its name in the package.")
    target: str = Field(description="The target path, relative to the server's folder if it is below it.")


class Command(Written):
    """One command of install.xml."""

    command: str = Field(description="Its name.")
    attributes: dict[str, str] = Field(description="Its attributes, as written.")
    runs: Literal["always", "never", "depends"] = Field(
        description="Whether it runs; depends where a guard asks the server."
    )
    files: list[File] = Field(description="What it installs.")
    skipped: list[str] = Field(description="Files in its source folder that it passes over.")
    problems: list[str] = Field(description="What Nuxeo says against it.")


class Inspection(Written):
    """What `umbmarket nuxeo inspect --format json` writes."""

    version: Literal[1] = Field(description="Version of this format.")
    marketplace: Literal["nuxeo"] = Field(description="Which marketplace the package is for.")
    path: str = Field(description="The file or folder, relative to the working folder.")
    package: Package = Field(description="The package.")
    platforms: Platforms = Field(description="The servers that it is for.")
    dependencies: list[Dependency] = Field(
        description="What it needs, with nuxeo-jsf-ui where a platform of old implies it."
    )
    optional_dependencies: list[Dependency] = Field(description="What is installed before it where it is there.")
    conflicts: list[Dependency] = Field(description="What it cannot be installed with.")
    provides: list[Dependency] = Field(description="What is of no use beside it.")
    install: list[Command] = Field(description="The commands of install.xml that Nuxeo knows, in their order.")
    unknown_commands: list[str] = Field(description="Elements of install.xml that are not commands.")
    install_problem: str | None = Field(description="Why there are no commands; null where there may be.")
    not_installed: list[str] = Field(description="Files of the package that no command installs.")


class Inspections(Written):
    """What `umbmarket nuxeo inspect --format json` writes for several packages."""

    version: Literal[1] = Field(description="Version of this format.")
    packages: list[Inspection] = Field(
        description="Each package that Nuxeo can read, in the order they were named; the others are reported as errors."
    )


def render(inspection: NuxeoInspection) -> str:
    """The inspection as JSON in ASCII."""
    return to_json(_inspection(inspection).model_dump(by_alias=True), _LINE_LEVELS)


def render_several(inspections: Iterable[NuxeoInspection]) -> str:
    """Several inspections as one JSON document in ASCII."""
    packages = [_inspection(each) for each in inspections]
    return to_json(Inspections(version=1, packages=packages).model_dump(by_alias=True), _LINE_LEVELS + 2)


def _inspection(found: NuxeoInspection) -> Inspection:
    manifest = found.manifest
    compatible = found.is_compatible
    name, versions = manifest.target_platform("name"), manifest.target_platform("version")
    return Inspection(
        version=1,
        marketplace="nuxeo",
        path=whole_text(found.package.path),
        package=_package(found),
        platforms=Platforms(
            text=whole_text(found.platforms),
            target_name=_text(name.text if name is not None else None),
            target_versions=_text(versions.text if versions is not None else None),
            patterns=[whole_text(each) for each in manifest.platforms_read],
            answer=None
            if found.platform is None or compatible is None
            else Answer(platform=whole_text(found.platform), compatible=compatible),
        ),
        dependencies=[_dependency(each) for each in manifest.dependencies_read],
        optional_dependencies=_list(manifest, "optional-dependencies"),
        conflicts=_list(manifest, "conflicts"),
        provides=_list(manifest, "provides"),
        install=[_command(each) for each in found.effects()],
        unknown_commands=[whole_text(each) for each in found.unknown_commands],
        install_problem=_text(found.script_problem),
        not_installed=[whole_text(each) for each in found.package.not_installed],
    )


def _package(found: NuxeoInspection) -> Package:
    manifest = found.manifest
    return Package(
        id=whole_text(found.id),
        name=_text(manifest.name),
        version_text=_text(manifest.version_text),
        version=None if manifest.version is None else whole_text(str(manifest.version)),
        snapshot=found.is_snapshot,
        type=manifest.package_type,
        title=_text(manifest.text("title")),
        description=_text(manifest.text("description")),
        vendor=_text(manifest.text("vendor")),
        classifier=_text(manifest.text("classifier")),
        license=_text(manifest.text("license")),
        license_url=_text(manifest.text("license-url")),
        hot_reload=manifest.boolean("hotreload-support"),
        terms_accepted_first=manifest.boolean("require-terms-and-conditions-acceptance"),
        installer=_task(manifest, "installer"),
        uninstaller=_task(manifest, "uninstaller"),
        validator=_text(manifest.text("validator")),
    )


def _task(manifest: Manifest, name: str) -> Task | None:
    task = manifest.task(name)
    return None if task is None else Task(class_name=_text(task.class_name), restart=task.restart)


def _list(manifest: Manifest, name: str) -> list[Dependency]:
    return [_dependency(each.dependency) for each in manifest.entries(name) if each.dependency is not None]


def _dependency(read: ReadDependency) -> Dependency:
    return Dependency(
        name=whole_text(read.name),
        minimum=None if read.minimum is None else whole_text(str(read.minimum)),
        maximum=None if read.maximum is None else whole_text(str(read.maximum)),
    )


def _command(effect: CommandEffect) -> Command:
    return Command(
        command=effect.command,
        attributes={whole_text(name): whole_text(value) for name, value in effect.attributes},
        runs="always" if effect.runs == "always" else "never" if effect.runs == "never" else "depends",
        files=[File(source=whole_text(each.source), target=whole_text(each.target)) for each in effect.files],
        skipped=[whole_text(each) for each in effect.skipped],
        problems=[whole_text(each) for each in effect.problems],
    )


def _text(text: str | None) -> str | None:
    return whole_text(text) if text else None


def inspection_schema() -> dict[str, object]:
    """The JSON Schema (Draft 2020-12) of one inspection, and of several."""
    return schema_of(Inspection | Inspections, "umbmarket inspection of Nuxeo packages, version 1")


def generated_files() -> Mapping[str, str]:
    """The files that are generated from this module: path in the source tree to text."""
    return {SCHEMA_FILE: schema_text(inspection_schema())}
