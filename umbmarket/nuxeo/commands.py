"""The commands that `install.xml` may hold, and their attributes.

Sources: `StandaloneUpdateService.addCommands`, the classes in `task.standalone.commands` and `task.update` of
nuxeo/nuxeo (branch 2023).
"""

from __future__ import annotations

from typing import Final

COMMON_ATTRIBUTES: Final = ("fail", "ignore", "if")
"""Attributes of every command: its guards."""

_COPY = (
    "file",
    "dir",
    "todir",
    "tofile",
    "md5",
    "overwrite",
    "append",
    "removeOnExit",
    "overwriteIfNewerVersion",
    "upgradeOnly",
)

COMMANDS: Final[dict[str, tuple[str, ...]]] = {
    "update": ("file", "dir", "todir", "removeOnExit", "allowDowngrade", "upgradeOnly"),
    "copy": _COPY,
    "append": _COPY,
    "pcopy": _COPY,
    "unappend": ("contentToRemove", "fromFile"),
    "delete": ("file", "md5", "onExit"),
    "config": ("addtemplate", "rmtemplate", "set"),
    "deploy": ("file",),
    "undeploy": ("file",),
    "deploy-config": ("file",),
    "undeploy-config": ("file",),
    "load-jar": ("file",),
    "unload-jar": ("file",),
    "install": ("file",),
    "uninstall": ("file",),
    "flush": (),
    "flush-jaas": (),
    "reload-properties": (),
    "rollback": ("key", "pkgId", "version", "deleteOnExit"),
}
"""Every command by its id, letter case included, with the attributes that it reads."""

BOOLEAN_ATTRIBUTES: Final = frozenset(
    (
        "overwrite",
        "append",
        "removeOnExit",
        "overwriteIfNewerVersion",
        "upgradeOnly",
        "allowDowngrade",
        "onExit",
        "deleteOnExit",
    )
)
"""Attributes that are true or false."""

COPYING: Final = frozenset(("copy", "append", "pcopy"))
"""Commands that copy files and folders."""

NO_OPERATIONS: Final = frozenset(
    (
        "deploy",
        "undeploy",
        "deploy-config",
        "undeploy-config",
        "load-jar",
        "unload-jar",
        "install",
        "uninstall",
        "flush",
        "flush-jaas",
        "reload-properties",
    )
)
"""Commands that do nothing under `nuxeoctl`; some do something on a running server in development mode."""

GENERATED: Final = frozenset(("rollback", "unappend"))
"""Commands that the installer writes into `uninstall.xml`."""

GONE: Final = {
    "reload-core": "only older documentation mentions it",
    "flush-core": "Nuxeo had it up to 7.10",
    "composite": "it is an internal class of Nuxeo",
    "parametrized-copy": "its id is pcopy",
}
"""Names that are taken for commands, and what is known of them."""
