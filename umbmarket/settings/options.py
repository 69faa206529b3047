"""What the user asked for: which rules count, how much, and when a run fails."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from umbmarket.findings import Severity


class FailOn(enum.StrEnum):
    """The lowest severity that makes a run fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"

    def fails(self, severity: Severity) -> bool:
        """Whether a finding of `severity` makes the run fail."""
        return self is not FailOn.NEVER and severity.rank >= Severity(self.value).rank


class SettingsError(ValueError):
    """The settings cannot be used: an unknown key, code or value. The text says which, where, and what was meant.

    Attributes:
        problems: one text for each mistake; together, on a line each, they are the text of the exception.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Selector(str):
    """A selector as a settings file has it: the text, which knows where it stands.

    Attributes:
        way: of keys and items to it, such as `select, item 2`.
    """

    __slots__ = ("_find", "_source", "way")
    _find: Callable[[], int | None]
    _source: str
    way: str

    def __new__(cls, text: str, source: str, way: str, find: Callable[[], int | None]) -> Selector:
        """A selector.

        Args:
            text: as written.
            source: the file, as shown to the user.
            way: as the attribute.
            find: gives the line, or None where it cannot be found; called only when it is asked for.
        """
        self = super().__new__(cls, text)
        self._source, self.way, self._find = source, way, find
        return self

    @property
    def line(self) -> int:
        """The line it stands on; 0 where that cannot be told."""
        return self._find() or 0

    @property
    def where(self) -> str:
        """The file, and the line where that is known: `umbmarket.toml:3`."""
        line = self.line
        return f"{self._source}:{line}" if line else self._source


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run. A selector is a code (`UMB104`), a prefix of codes (`UMB1`), a slug or `ALL`.

    Which rules there are is not known here: `check.selection` resolves selectors and refuses unknown ones.

    Attributes:
        select: selectors of the rules that run; empty for all.
        ignore: selector to reason (None where none was given) of the rules whose findings do not count.
        severity: selector to the severity that findings of its rules get instead of their own; a narrower selector
            beats a wider one.
        per_file_ignores: glob on the path relative to the settings file to the selectors that do not count there.
        exclude: patterns as in a `.gitignore` that lay beside the settings file: what they fit is not found in folders.
        folder: absolute path of the folder that globs and patterns start from, which is that of the settings file;
            empty for the root of the run.
        fail_on: the least severity that makes the run fail.
        package_id: the package that the listings belong to, where their file name does not say.
        projects: whether project files that are found in folders are read; named ones are in any case.
        source: the file that the settings came from, as shown to the user; None for none.
        min_severity: the least severity that is shown; None for what each format shows by default. It changes nothing
            about when the run fails, and what can make it fail is shown in any case.
    """

    select: tuple[str, ...] = ()
    ignore: Mapping[str, str | None] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    folder: str = ""
    fail_on: FailOn = FailOn.ERROR
    package_id: str | None = None
    projects: bool = True
    source: str | None = None
    min_severity: Severity | None = None

    def of(self, _folder: str) -> Settings:
        """These settings, which are those of every folder."""
        return self


class SettingsSource(Protocol):
    """Says which settings hold in which folder: `Settings` alone, or `settings.nearest.NearestSettings`."""

    def of(self, folder: str, /) -> Settings:
        """The settings that hold for the files in a folder.

        Args:
            folder: absolute path.

        Raises:
            SettingsError: there are some, and they cannot be used.
        """
