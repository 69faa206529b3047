"""What the settings exclude from a search, as git would if `exclude` were a `.gitignore` beside the settings file."""

from __future__ import annotations

import os

from umbmarket.settings.options import Settings, SettingsSource

_IGNORE_CASE = os.name == "nt"


class Excluded:
    """The patterns of one settings file.

    Args:
        settings: what they say.
        root: where patterns start that come from no file.
    """

    def __init__(self, settings: Settings, root: str) -> None:
        # Late: most settings exclude nothing.
        from umbmarket.git.ignore_rules import IgnoreRules

        folder = settings.folder or root
        self._before = folder if folder.endswith(os.sep) else folder + os.sep
        lines = "\n".join(settings.exclude)
        self._rules = IgnoreRules(lines.encode("utf-8", "surrogateescape"), ignore_case=_IGNORE_CASE)

    def covers(self, path: str, *, is_folder: bool) -> bool:
        """Whether a pattern fits an absolute path itself; what stands above it does not count."""
        if not path.startswith(self._before):
            return False
        inside = os.fsencode(path[len(self._before) :].replace(os.sep, "/"))
        return self._rules.verdict(inside, is_folder=is_folder) is True


class Exclusions:
    """Tells what is excluded. For what is in a folder the settings of that folder count, and no others.

    Args:
        settings: which settings hold where.
        root: absolute path of the folder that patterns start from where they come from no file.
    """

    def __init__(self, settings: SettingsSource, root: str) -> None:
        self._settings = settings
        self._root = root
        self._by_settings: dict[int, tuple[Settings, Excluded | None]] = {}
        self._folders: dict[str, bool] = {}

    def of(self, folder: str) -> Excluded | None:
        """The patterns for what is in a folder; None where there are none.

        Raises:
            SettingsError: the nearest settings file cannot be used.
        """
        settings = self._settings.of(folder)
        if id(settings) not in self._by_settings:
            excluded = Excluded(settings, self._root) if settings.exclude else None
            self._by_settings[id(settings)] = settings, excluded
        return self._by_settings[id(settings)][1]

    def between(self, path: str, top: str) -> bool:
        """Whether a file is excluded, or a folder that it lies in below the folder `top`.

        Args:
            path: absolute path of a file below `top`.
            top: absolute path of the folder that is searched.
        """
        folder = os.path.dirname(path)
        if self._covers(path, is_folder=False):
            return True
        while len(folder) > len(top):
            if self._covers(folder, is_folder=True):
                return True
            folder = os.path.dirname(folder)
        return False

    def anywhere(self, path: str, *, is_folder: bool) -> bool:
        """Whether a file or folder is excluded, or any folder that it lies in.

        Args:
            path: absolute path.
            is_folder: what it is.
        """
        return self._is_folder_excluded(path) if is_folder else self._covers_with_folders(path, is_folder=False)

    def _is_folder_excluded(self, folder: str) -> bool:
        if folder not in self._folders:
            self._folders[folder] = self._covers_with_folders(folder, is_folder=True)
        return self._folders[folder]

    def _covers_with_folders(self, path: str, *, is_folder: bool) -> bool:
        above = os.path.dirname(path)
        if above == path:
            return False
        return self._covers(path, is_folder=is_folder) or self._is_folder_excluded(above)

    def _covers(self, path: str, *, is_folder: bool) -> bool:
        excluded = self.of(os.path.dirname(path))
        return excluded is not None and excluded.covers(path, is_folder=is_folder)
