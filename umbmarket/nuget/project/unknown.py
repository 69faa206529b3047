"""A value that the files alone do not settle, and what MSBuild refuses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that nobody can tell from the files: it is neither absent nor known, and makes no finding.

    Attributes:
        reason: why, as a clause without a full stop, such as `$(BUILD_NO) may come from the environment`.
    """

    reason: str


class ProjectRefused(Exception):
    """MSBuild stops at this point.

    Attributes:
        code: MSBuild's own, such as `MSB4019`.
        detail: what is wrong, as a clause without a full stop.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
