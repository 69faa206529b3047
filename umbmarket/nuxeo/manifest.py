"""`package.xml` as Nuxeo reads it, with the place of everything that it says.

The rules are those of `PackageDefinitionImpl` and XMap (nuxeo/nuxeo, branch 2023): of an element that is there several
times the first counts, texts are trimmed, and what is unknown is passed over. Unlike Nuxeo, this enters no foreign root
and reads no external entity.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from umbmarket.formats.xml.markup import Attribute, MarkupElement
from umbmarket.nuxeo.documents import XmlFile
from umbmarket.nuxeo.identity import Dependency, PackageId
from umbmarket.nuxeo.platforms import JSF_UI, is_compatible, with_servers
from umbmarket.nuxeo.versions import InvalidVersion, Version

PackageType = Literal["studio", "hotfix", "addon"]

TYPES: tuple[PackageType, ...] = ("addon", "hotfix", "studio")
"""What a package may be, letter case included."""

ROOT = "package"
"""Name of the root element."""

TEXT_ELEMENTS = ("title", "description", "classifier", "vendor", "license", "license-url", "validator")
"""Elements that hold a text."""

BOOLEAN_ELEMENTS = ("hotreload-support", "require-terms-and-conditions-acceptance")
"""Elements that hold true or false."""

TASK_ELEMENTS = ("installer", "uninstaller")
"""Elements that name a class and say whether to restart."""

LIST_ELEMENTS = ("dependencies", "optional-dependencies", "conflicts", "provides")
"""Elements that hold `package` elements."""

PLATFORM_ELEMENTS = ("platforms", "target-platform")
"""Elements that say which servers the package is for."""

READ_ELEMENTS = (*TEXT_ELEMENTS, *BOOLEAN_ELEMENTS, *TASK_ELEMENTS, *LIST_ELEMENTS, *PLATFORM_ELEMENTS)
"""Every child element of the root that Nuxeo reads today."""

FORMER_ELEMENTS = ("visibility", "home-page", "supported", "nuxeo-validation", "production-state")
"""Elements that Nuxeo's parser read until April 2019 (NXP-27041)."""

_SPACES = "".join(map(chr, range(0x21)))


class Value(NamedTuple):
    """A text of the manifest.

    Attributes:
        text: trimmed as Java does it.
        at: the element or attribute that holds it.
    """

    text: str
    at: MarkupElement | Attribute


class Entry(NamedTuple):
    """One `package` of a list such as `dependencies`.

    Attributes:
        text: trimmed.
        element: where it stands.
        dependency: what Nuxeo makes of it; None where it refuses a version in it.
    """

    text: str
    element: MarkupElement
    dependency: Dependency | None


class Task(NamedTuple):
    """`installer` or `uninstaller`.

    Attributes:
        class_name: the class that does it; None for Nuxeo's own.
        restart: the server is to be restarted.
        element: where it stands.
    """

    class_name: str | None
    restart: bool
    element: MarkupElement


class Manifest:
    """A manifest. What it does not say is None or empty; so is everything where the root is another product's.

    Attributes:
        file: the document.
    """

    def __init__(self, file: XmlFile) -> None:
        self.file = file

    @property
    def root(self) -> MarkupElement | None:
        """The root element, where it is Nuxeo's `package`."""
        root = self.file.root
        return root if root is not None and root.name == ROOT else None

    def elements(self, name: str) -> Iterator[MarkupElement]:
        """The child elements of the root that have this name; of these Nuxeo reads the first."""
        return self.root.named(name) if self.root is not None else iter(())

    def element(self, name: str) -> MarkupElement | None:
        """The child element of the root that counts for this name."""
        return next(self.elements(name), None)

    def value(self, name: str) -> Value | None:
        """The text of the child element that counts; None where there is none, empty where it is empty."""
        element = self.element(name)
        return None if element is None else Value(trimmed(element.text), element)

    def text(self, name: str) -> str | None:
        """The text of `value`."""
        value = self.value(name)
        return None if value is None else value.text

    def attribute(self, name: str) -> Value | None:
        """An attribute of the root."""
        found = self.root.attributes.get(name) if self.root is not None else None
        return None if found is None else Value(trimmed(found.value), found)

    @property
    def name(self) -> str | None:
        """The package's name, as written."""
        value = self.attribute("name")
        return None if value is None else value.text

    @property
    def version_text(self) -> str | None:
        """The version, as written."""
        value = self.attribute("version")
        return None if value is None else value.text

    @cached_property
    def version(self) -> Version | None:
        """The version; None where there is none, or Nuxeo refuses it."""
        text = self.version_text
        try:
            return None if text is None else Version.parse(text)
        except InvalidVersion:
            return None

    @property
    def package_type(self) -> PackageType | None:
        """What it is; None where the attribute `type` is missing or says something else."""
        value = self.attribute("type")
        return next((each for each in TYPES if value is not None and value.text == each), None)

    @property
    def id(self) -> str | None:
        """The id as Nuxeo makes it: `null` for a missing name, the name alone without a version."""
        if self.root is None:
            return None
        if self.version is None:
            return self.name
        return f"{'null' if self.name is None else self.name}-{self.version}"

    @property
    def package_id(self) -> PackageId | None:
        """The id, where Nuxeo's tools take it for one."""
        return None if self.id is None else PackageId.parse(self.id)

    def boolean(self, name: str) -> bool:
        """What an element of `BOOLEAN_ELEMENTS` says."""
        return is_true(self.text(name))

    def task(self, name: str) -> Task | None:
        """`installer` or `uninstaller`."""
        element = self.element(name)
        if element is None:
            return None
        class_name = element.get("class")
        return Task(
            None if class_name is None else trimmed(class_name), is_true(trimmed(element.get("restart") or "")), element
        )

    @cached_property
    def platforms(self) -> tuple[Value, ...]:
        """The patterns of `platforms`, as written."""
        element = self.element("platforms")
        return tuple(Value(trimmed(each.text), each) for each in element.named("platform")) if element else ()

    @property
    def platforms_read(self) -> tuple[str, ...]:
        """The patterns that Nuxeo makes of `platforms`: it adds `server-X` to each `cap-X`."""
        return with_servers([each.text for each in self.platforms], self.name)

    def target_platform(self, part: Literal["name", "version"]) -> Value | None:
        """The name or the range of versions of `target-platform`; attributes of these names are not read."""
        element = self.element("target-platform")
        child = element.first(part) if element is not None else None
        return None if child is None else Value(trimmed(child.text), child)

    def is_compatible(self, target: str) -> bool:
        """Whether Nuxeo would install it on a server such as `lts-2023.5`.

        Raises:
            InvalidPlatformVersion: `target` names no server.
        """
        name, version = self.target_platform("name"), self.target_platform("version")
        return is_compatible(
            target,
            platforms=[each.text for each in self.platforms],
            target_platform=(name.text if name else "", version.text if version else ""),
            package=self.name,
        )

    def entries(self, name: str) -> tuple[Entry, ...]:
        """What stands in a list of `LIST_ELEMENTS`."""
        element = self.element(name)
        return tuple(_entry(each) for each in element.named("package")) if element is not None else ()

    @property
    def dependencies_read(self) -> tuple[Dependency, ...]:
        """The dependencies that Nuxeo makes of it: a `cap` platform adds `nuxeo-jsf-ui`."""
        found = tuple(each.dependency for each in self.entries("dependencies") if each.dependency is not None)
        implied = Dependency(JSF_UI)
        is_implied = len(self.platforms_read) > len(self.platforms) and implied not in found
        return (*found, implied) if is_implied else found


def _entry(element: MarkupElement) -> Entry:
    text = trimmed(element.text)
    try:
        return Entry(text, element, Dependency.parse(text))
    except InvalidVersion:
        return Entry(text, element, None)


def trimmed(text: str) -> str:
    """Java's `String.trim`."""
    return text.strip(_SPACES)


def is_true(text: str | None) -> bool:
    """Java's `Boolean.valueOf`: only "true" is, in any letter case."""
    return text is not None and text.lower() == "true"
