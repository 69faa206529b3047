"""What a command of a script comes to: its faults, what it installs, and the server that it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from umbmarket.nuxeo.guards import GuardScope
from umbmarket.nuxeo.script import Command
from umbmarket.nuxeo.variables import PACKAGE_ROOT

ROOT = "/package"
"""Where a package is unpacked to, for what is worked out here."""

STUDIO_SNAPSHOT = "0.0.0-SNAPSHOT"
"""The version of a JAR whose name has none (`UpdateManager.STUDIO_SNAPSHOT_VERSION`)."""

_JAR = re.compile(r"(?P<name>.+)-(?P<version>r?[0-9]+.*)\.jar", re.DOTALL)
_JAR_WITHOUT_VERSION = re.compile(r"(?P<name>.+)\.jar", re.DOTALL)

FaultKind = Literal[
    "missing-attribute",
    "bad-property",
    "not-a-jar",
    "deletes-folder",
    "target-exists",
    "guard-syntax",
    "guard-fails",
    "guard-value",
    "crash",
    "source-missing",
]
"""What keeps a command from running.

An attribute that it needs; `config set` without a value; `update` with a file that is no JAR; `delete` of a folder; a
target that is there already; a guard that JEXL refuses, that says that the command fails, or that comes to no truth
value; a NullPointerException; and a source that is not in the package, of which Nuxeo only warns.
"""


class Fault(NamedTuple):
    """What is wrong with a command.

    Attributes:
        kind: see `FaultKind`.
        message: Nuxeo's own where it has one.
        attribute: name of the attribute that is meant; None for the command.
    """

    kind: FaultKind
    message: str
    attribute: str | None = None


class JarName(NamedTuple):
    """The name of a JAR in parts, as `update` takes it.

    Attributes:
        name: without the version.
        version: `STUDIO_SNAPSHOT` where the name has none.
    """

    name: str
    version: str

    @classmethod
    def parse(cls, text: str) -> JarName | None:
        """The parts of a file's name, or None where it is no JAR."""
        if not text.endswith(".jar"):
            return None
        found = _JAR.fullmatch(text)
        if found is not None:
            return cls(found["name"], found["version"])
        found = _JAR_WITHOUT_VERSION.fullmatch(text)
        return cls(found["name"], STUDIO_SNAPSHOT) if found is not None else None


class Installed(NamedTuple):
    """A file of the package that a command puts on the server.

    Attributes:
        source: its name in the package.
        target: absolute path on the server.
    """

    source: str
    target: str


class Step(NamedTuple):
    """What one command does.

    Attributes:
        command: the command.
        runs: whether its guards let it run; None where that depends on the server.
        source: the file or folder of the package that it takes, as a name in the package (empty for its root); None
            where it takes none, or one that does not lie in the package.
        target: the file or folder on the server that it writes to or deletes; None for none.
        installs: what it puts on the server where it runs.
        skipped: files in its source folder that it passes over.
        faults: what is wrong with it when it is validated.
        run_faults: what goes wrong only when it runs.
    """

    command: Command
    runs: bool | None
    source: str | None
    target: str | None
    installs: tuple[Installed, ...]
    skipped: tuple[str, ...]
    faults: tuple[Fault, ...]
    run_faults: tuple[Fault, ...]

    @property
    def errors(self) -> list[str]:
        """Messages of what stops the installation before it begins."""
        return [fault.message for fault in self.faults if fault.kind != "source-missing"]

    @property
    def warnings(self) -> list[str]:
        """Messages of what Nuxeo logs, and goes on."""
        return [fault.message for fault in self.faults if fault.kind == "source-missing"]


class Server(NamedTuple):
    """A server to install on.

    Attributes:
        home: where it is.
        scope: what guards may ask.
        files: absolute paths of files that are there already.
    """

    home: str = "/nuxeo"
    scope: GuardScope = GuardScope()
    files: frozenset[str] = frozenset()

    def variables(self, package: Mapping[str, str]) -> dict[str, str]:
        """The values of all variables.

        Args:
            package: `id`, `name` and `version` of the package.
        """
        home = self.home
        return {
            "env.server.home": home,
            "env.home": f"{home}/nxserver",
            "env.config": f"{home}/nxserver/config",
            "env.lib": f"{home}/nxserver/lib",
            "env.bundles": f"{home}/nxserver/bundles",
            "env.syslib": f"{home}/lib",
            "env.templates": f"{home}/templates",
            "env.hostapp.name": "Tomcat",
            "env.hostapp.version": "9",
            "sys.timestamp": "700101000000",
            PACKAGE_ROOT: ROOT,
            **{f"package.{name}": value for name, value in package.items()},
        }

    def shown(self, path: str) -> str:
        """A path on the server as people name it: relative to the server's folder where it lies below it."""
        return path.removeprefix(f"{self.home}/") if path != self.home else "."

    def is_folder(self, path: str) -> bool:
        """Whether a path is one of the server's own folders, or holds a file that is there."""
        values = self.variables({}).values()
        own = [value for value in values if value.startswith(self.home)]
        return path in own or any(each.startswith(f"{path}/") for each in (*own, *self.files))
