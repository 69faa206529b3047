"""`install.xml` as Nuxeo reads it: a list of commands, with the place of each and of its attributes.

The rules are those of `CommandsTask.readLog` and `AbstractCommand.initialize` (nuxeo/nuxeo, branch 2023).
"""

from __future__ import annotations

from functools import cached_property

from umbmarket.formats.xml.markup import Attribute, MarkupElement
from umbmarket.nuxeo.commands import COMMANDS
from umbmarket.nuxeo.documents import XmlFile

ROOT = "install"
"""What the root element is called. Nuxeo does not look."""

ANT_ROOT = "project"
"""Root element of a script for Ant, which Nuxeo read until 2012."""


class Command:
    """One command.

    Attributes:
        id: the element's name, with its prefix.
        element: where it stands.
    """

    __slots__ = ("element", "id")

    def __init__(self, element: MarkupElement) -> None:
        self.id = element.name
        self.element = element

    @property
    def is_known(self) -> bool:
        """Nuxeo has a command of this id. It looks for a class of the package where it has none."""
        return self.id in COMMANDS

    def attribute(self, name: str) -> Attribute | None:
        """An attribute; None where it is missing, or empty, which Nuxeo takes for the same."""
        found = self.element.attributes.get(name)
        return found if found is not None and found.value else None

    def get(self, name: str) -> str | None:
        """Its value; None where it is missing or empty."""
        found = self.attribute(name)
        return None if found is None else found.value


class InstallScript:
    """The commands of a package.

    Attributes:
        file: the document.
    """

    def __init__(self, file: XmlFile) -> None:
        self.file = file

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """Every child element of the root; none where the file cannot be read."""
        root = self.file.root
        return tuple(map(Command, root.children)) if root is not None else ()

    @property
    def is_ant(self) -> bool:
        """It is a script for Ant."""
        return self.file.root is not None and self.file.root.name == ANT_ROOT
