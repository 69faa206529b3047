"""What the settings say of each file of a run: the settings of its folder, with every selector resolved."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from umbmarket.check.catalogue import Catalogue, Rule
from umbmarket.check.selection import NOTHING_SAID, Selection, resolve
from umbmarket.settings.options import Settings, SettingsSource


class Policy:
    """One settings file's word on the findings in the files that it is the nearest for.

    Attributes:
        settings: the settings.
        selection: the same, as far as rules go, resolved.
        suppressed: how many findings it ignored so far.
    """

    def __init__(self, settings: Settings, selection: Selection, root: str) -> None:
        """`root`: absolute path of the folder that shown paths are relative to; empty if the settings start there."""
        self.settings = settings
        self.selection = selection
        self.suppressed = 0
        self.has_ignores = bool(selection.ignored or selection.ignored_in)
        self._start = _Start(root, settings.folder)
        self._used: set[tuple[str | None, str]] = set()

    def ignores(self, code: str, file: str) -> bool:
        """Whether a finding does not count. It is remembered which ignores were of any use."""
        if not self.has_ignores:
            return False
        hits: list[tuple[str | None, str]] = [
            (None, selector) for selector, codes in self.selection.ignored.items() if code in codes
        ]
        if self.selection.ignored_in:
            path = self._start.path_of(file)
            hits += [
                (glob, selector)
                for glob, selector, codes in self.selection.ignored_in
                if code in codes and matches(path, glob)
            ]
        if not hits:
            return False
        self._used.update(hits)
        self.suppressed += 1
        return True

    def unused(self, ran: frozenset[str]) -> Iterator[str]:
        """One line for each ignore of the settings file whose rules `ran` and that ignored nothing all the same."""
        source = self.settings.source
        if source is None:
            return
        for selector, codes in self.selection.ignored.items():
            if (None, selector) not in self._used and codes & ran:
                yield f'{source}: ignore "{selector}" matched no finding in this run'
        for glob, selector, codes in self.selection.ignored_in:
            if (glob, selector) not in self._used and codes & ran:
                yield f'{source}: "{selector}" matched no finding in "{glob}" in this run'


class Policies:
    """The policy of each file of a run.

    Attributes:
        own: that of the working folder, which also holds for findings about the run as a whole.
    """

    def __init__(
        self,
        settings: SettingsSource,
        catalogues: Iterable[Catalogue],
        root: str = "",
        selection: Selection | None = None,
    ) -> None:
        """Resolve the settings of the working folder.

        Args:
            settings: which settings hold where.
            catalogues: the rules of all marketplaces of the run.
            root: absolute path of the folder that shown paths are relative to.
            selection: what the settings say of the rules, where they are the same everywhere and it is resolved.

        Raises:
            SettingsError: the settings of the working folder cannot be used, or name an unknown rule.
        """
        self._settings = settings
        self._catalogues = catalogues
        self._root = root
        self._by_folder: dict[str, Policy] = {}
        self._by_settings: dict[int, Policy] = {}
        own = settings.of(root)
        if selection is not None:
            self._by_settings[id(own)] = Policy(own, selection, root)
        self.own = self._of(own)
        self._is_one = settings is own

    def look_up(self, folders: Iterable[str]) -> None:
        """Resolve the settings of the folders that the files of the run lie in.

        Args:
            folders: absolute paths.

        Raises:
            SettingsError: some cannot be used, or name an unknown rule.
        """
        if not self._is_one:
            for folder in dict.fromkeys(folders):
                self._of(self._settings.of(folder))

    def of(self, file: str) -> Policy:
        """The policy of a file.

        Args:
            file: as shown to the user; empty for the run as a whole.

        Raises:
            SettingsError: the nearest settings cannot be used; not for files in folders that were looked up.
        """
        if self._is_one or not file:
            return self.own
        folder = file.rpartition("/")[0] or ("/" if file.startswith("/") else "")
        if folder not in self._by_folder:
            # Of the file, as `C:` alone is no root of a drive.
            whole = os.path.dirname(os.path.normpath(os.path.join(self._root, file)))
            self._by_folder[folder] = self._of(self._settings.of(whole))
        return self._by_folder[folder]

    def _of(self, settings: Settings) -> Policy:
        known = self._by_settings.get(id(settings))
        if known is None:
            known = Policy(settings, resolve(settings, self._catalogues), self._root)
            self._by_settings[id(settings)] = known
        return known

    def __iter__(self) -> Iterator[Policy]:
        """Each policy once, that of the working folder first."""
        return iter(self._by_settings.values())

    @property
    def selection(self) -> Selection:
        """The rules that run for any file, without what is ignored and weighed in some; the notes of all."""
        selections = [policy.selection for policy in self]
        if len(selections) == 1:
            return selections[0]
        some = [each.wanted for each in selections if each.wanted is not None]
        return NOTHING_SAID._replace(
            wanted=frozenset().union(*some) if len(some) == len(selections) else None,
            named=frozenset().union(*(each.named for each in selections)),
            notes=tuple(dict.fromkeys(note for each in selections for note in each.notes)),
        )

    def wants(self, rule: Rule, policy: Policy) -> bool:
        """Whether a rule that runs counts in the files of a policy."""
        return len(self._by_settings) == 1 or policy.selection.runs(rule, online=True)


class _Start:
    """Where the globs of a settings file start from, as seen from the folder that shown paths are relative to."""

    def __init__(self, root: str, folder: str) -> None:
        self._root = root
        self._folder = "" if folder == root else folder
        self._last = ("", "")

    def path_of(self, file: str) -> str:
        """A shown path, relative to the folder of the settings; as it is where there is no way to it."""
        if not self._folder:
            return file
        if file != self._last[0]:
            try:
                way = os.path.relpath(os.path.join(self._root, file), self._folder).replace(os.sep, "/")
            except ValueError:
                # On Windows there is no way from one drive to another.
                way = file
            self._last = (file, way)
        return self._last[1]


def matches(path: str, glob: str) -> bool:
    """Whether `path`, or its last part where the glob has no slash, matches `glob` (`*` crosses slashes)."""
    return fnmatchcase(path, glob) or ("/" not in glob and fnmatchcase(path.rpartition("/")[2], glob))
