"""The settings of each folder of a run: those of the nearest settings file above it, as other linters have it.

Settings files are not merged: the nearest one is all that counts for a file. Where there is none up to the root of the
working tree, the settings of the working folder hold.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from umbmarket.disk.files import LEADS_OUT, leads_out
from umbmarket.settings.file import find_settings, is_top, load_settings, settings_in
from umbmarket.settings.options import Settings, SettingsError


class NearestSettings:
    """Looks each folder up once and reads each file once.

    Args:
        root: the working folder, an absolute path; files are shown relative to it, and its settings hold where a file
            has none of its own.
        change: what the command line changes in the settings of each file; nothing when None.

    Raises:
        SettingsError: the settings of the working folder cannot be used.
    """

    def __init__(self, root: Path, change: Callable[[Settings], Settings] | None = None) -> None:
        self._root = root
        self._change = change
        self._file_of: dict[str, str | None] = {}
        self._read: dict[str, Settings] = {}
        found = find_settings(root)
        self._otherwise = self._changed(Settings()) if found is None else self._of_file(os.fspath(found))

    @property
    def read(self) -> Mapping[str, Settings]:
        """The settings of each file that was read, by its absolute path, in the order in which they were needed."""
        return self._read

    @property
    def files(self) -> tuple[str, ...]:
        """Absolute paths of the files that were read."""
        return tuple(self._read)

    def of(self, folder: str, /) -> Settings:
        """The settings that hold for the files in a folder.

        Args:
            folder: absolute path.

        Raises:
            SettingsError: the nearest settings file cannot be used.
        """
        file = self._nearest(folder)
        return self._otherwise if file is None else self._of_file(file)

    def _nearest(self, folder: str) -> str | None:
        passed: list[str] = []
        place, file = folder, None
        while True:
            if place in self._file_of:
                file = self._file_of[place]
                break
            passed.append(place)
            file = settings_in(place)
            above = os.path.dirname(place)
            if file is not None or above == place or is_top(place):
                break
            place = above
        self._file_of.update(dict.fromkeys(passed, file))
        return file

    def _of_file(self, file: str) -> Settings:
        if file not in self._read:
            shown = shown_from(self._root, file)
            top = _top_above(os.path.dirname(file))
            if top is not None and leads_out(file, top):
                raise SettingsError(f"{shown} cannot be read: {LEADS_OUT}; name it with --config")
            settings = replace(load_settings(Path(file), shown), folder=os.path.dirname(file))
            self._read[file] = self._changed(settings)
        return self._read[file]

    def _changed(self, settings: Settings) -> Settings:
        return settings if self._change is None else self._change(settings)


def shown_from(root: Path, file: str) -> str:
    """A path as seen from the working folder, such as `../umbmarket.toml`; absolute where it is on another drive."""
    try:
        return Path(os.path.relpath(file, root)).as_posix()
    except ValueError:
        return Path(file).as_posix()


def _top_above(folder: str) -> str | None:
    """The root of the git working tree that a folder lies in; None outside of any."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder
