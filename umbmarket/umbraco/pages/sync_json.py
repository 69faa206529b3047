"""The outcome of a sync as JSON, version 1: its types, and results written as them.

The types are frozen: a program that reads version 1 today reads every later outcome of version 1.
`schemas/sync-v1.schema.json` is generated from the types; `generated_files` gives its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from umbmarket.output.json_text import to_json, whole_text
from umbmarket.output.model_schema import Written, schema_of, schema_text
from umbmarket.umbraco.syncing import SyncResult

SCHEMA_FILE = "schemas/sync-v1.schema.json"
"""Where the schema lies in the source tree."""

_LINE_LEVELS = 2
"""Every package on a line of its own."""


class Package(Written):
    """What came of one package."""

    id: str = Field(description="The id, in NuGet's letter case as far as it is known.")
    state: Literal["accepted", "seen", "refused", "not-syncable", "network", "timed-out", "busy", "dry-run"] = Field(
        description="How it ended. accepted: queued by the Marketplace. seen: the Marketplace shows the version,"
        " or what changed in the listing."
    )
    detail: str = Field(description="What happened.")
    help: str = Field(description="What to do, or empty.")
    tries: int = Field(ge=0, description="Requests that were made to the sync function.")
    version: str | None = Field(description="The version that NuGet has, or that was waited for; null if not known.")
    shown_version: str | None = Field(description="What the Marketplace showed last; null if it was not asked.")
    wait_seconds: float | None = Field(description="For busy, the seconds until the next request may leave; else null.")


class Sync(Written):
    """The outcome of one run."""

    version: Literal[1] = Field(default=1, description="The version of this format.")
    packages: list[Package] = Field(description="Each package, in the order they were named.")
    exit_code: int = Field(description="The exit code of the run.")


def render(results: Sequence[SyncResult], exit_code: int) -> str:
    """The results as JSON text."""
    packages = [
        Package(
            id=whole_text(result.package_id),
            state=result.state.value,
            detail=whole_text(result.detail),
            help=whole_text(result.help),
            tries=result.tries,
            version=result.version,
            shown_version=whole_text(result.shown_version) if result.shown_version is not None else None,
            wait_seconds=result.wait_seconds,
        )
        for result in results
    ]
    return to_json(Sync(packages=packages, exit_code=exit_code).model_dump(by_alias=True), _LINE_LEVELS)


def sync_schema() -> dict[str, object]:
    """The JSON schema of the output."""
    return schema_of(Sync, "umbmarket sync, version 1")


def generated_files() -> Mapping[str, str]:
    """The schema file: path in the source tree to its text."""
    return {SCHEMA_FILE: schema_text(sync_schema())}
