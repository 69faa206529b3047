"""What the user asked for: which rules count, how much, and when a run fails."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from umbmarket.findings import Severity, did_you_mean
from umbmarket.umbraco.rules import all_rules


class FailOn(enum.StrEnum):
    """The least severity that makes a run fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"

    def fails(self, severity: Severity) -> bool:
        """Whether a finding of `severity` makes the run fail."""
        return self is not FailOn.NEVER and severity.rank >= Severity(self.value).rank


_CODE = re.compile(r"UMB[0-9]*")


class SettingsError(ValueError):
    """The settings cannot be used: an unknown key, code or value. The text says which, where, and what was meant."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run. A selector is a code (`UMB104`), a prefix of codes (`UMB1`), a slug or `ALL`.

    Attributes:
        select: selectors of the rules that run; empty for all.
        ignore: selector to reason (None where none was given) of the rules whose findings do not count.
        severity: code to the severity that its findings get instead of their own.
        per_file_ignores: glob on the path relative to the settings file to the selectors that do not count there.
        folder: the working folder relative to that of the settings file, with forward slashes; empty for the same.
        fail_on: the least severity that makes the run fail.
        package_id: the package that the listings belong to, where their file name does not say.
        source: the file that the settings came from, as shown to the user; None for none.
    """

    select: tuple[str, ...] = ()
    ignore: Mapping[str, str | None] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    folder: str = ""
    fail_on: FailOn = FailOn.ERROR
    package_id: str | None = None
    source: str | None = None


def codes_of(selector: str) -> frozenset[str]:
    """The rule codes that `selector` names, ignoring letter case.

    Raises:
        SettingsError: it names none.
    """
    rules = all_rules()
    if selector.upper() == "ALL":
        return frozenset(rules)
    upper = selector.upper()
    if _CODE.fullmatch(upper):
        found = frozenset(code for code in rules if code.startswith(upper))
    else:
        found = frozenset(code for code, rule in rules.items() if rule.slug == selector.lower())
    if not found:
        known = [*rules, *(rule.slug for rule in rules.values())]
        raise SettingsError(f'unknown rule "{selector}"{did_you_mean(selector, known)}')
    return found


def codes_of_all(selectors: Iterable[str]) -> frozenset[str]:
    """The rule codes that any of `selectors` names.

    Raises:
        SettingsError: one of them names none.
    """
    return frozenset().union(*(codes_of(selector) for selector in selectors))
