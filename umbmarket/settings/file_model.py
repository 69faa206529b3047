"""What a settings file may say, as pydantic models: the source of its checks and of its JSON schema.

Slow to import. `umbmarket.settings.file` does so only when there is a settings file to read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    WithJsonSchema,
)

from umbmarket.findings import JsonValue, Severity
from umbmarket.settings.options import FailOn, Selector, Settings

TEXT_TAG, TABLE_TAG = "<text>", "<table>"
"""Names of the two ways to write an ignore, which pydantic puts into the way to an error."""


def _not_empty(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text


def _forward_slashes(glob: str) -> str:
    return _not_empty(glob).replace("\\", "/")


def _pattern(text: str) -> str:
    """A pattern of a `.gitignore`, of which some lines say nothing."""
    pattern = _forward_slashes(text)
    if pattern.startswith("#"):
        raise ValueError('a pattern that begins with "#" would be a comment; write "[#]" for the character')
    if "\n" in pattern or "\0" in pattern:
        raise ValueError("a pattern is one line")
    return pattern


def _package_id(text: str) -> str:
    from umbmarket.nuget.identifiers import dependency_id_problem

    problem = dependency_id_problem(text)
    if problem is not None:
        raise ValueError(problem)
    return text


SELECTOR_SCHEMA: Final[list[JsonValue]] = [{"title": "Selector"}]
"""Stands in the models' schema for what a selector may be, as `anyOf`; which rules there are is not known here."""


class _SelectorSchema:
    """Tells pydantic the JSON schema of a selector."""

    def __get_pydantic_json_schema__(self, _: object, __: GetJsonSchemaHandler) -> dict[str, object]:
        return {"anyOf": SELECTOR_SCHEMA}


SelectorText = Annotated[str, _SelectorSchema()]
Weight = Annotated[
    Severity,
    WithJsonSchema(
        {
            "description": "What a finding means: error for what is refused or ignored, warning for what "
            "looks different from what was meant, info for what could be better.",
            "enum": [severity.value for severity in Severity],
        }
    ),
]
Glob = Annotated[str, AfterValidator(_forward_slashes)]


def _keys_are_selectors(schema: dict[str, JsonValue]) -> None:
    """Say of a table what its keys are, which pydantic leaves out."""
    schema["propertyNames"] = {"anyOf": SELECTOR_SCHEMA}


class Ignore(BaseModel):
    """A rule whose findings do not count, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: SelectorText = Field(description="The rule, or the group of rules.")
    reason: str | None = Field(default=None, description="The reason, for people who read the settings.")


def _shape(value: object) -> str:
    return TEXT_TAG if isinstance(value, str) else TABLE_TAG


IgnoreEntry = Annotated[
    Annotated[SelectorText, Tag(TEXT_TAG)] | Annotated[Ignore, Tag(TABLE_TAG)], Discriminator(_shape)
]


SelectorMaker = Callable[[str, tuple[str | int, ...]], Selector]


class SettingsFile(BaseModel):
    """The content of `umbmarket.toml`, or of `[tool.umbmarket]` in `pyproject.toml`."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )

    select: list[SelectorText] = Field(
        default=[], description="The rules to run, by code, prefix or name. Default: all rules."
    )
    ignore: list[IgnoreEntry] = Field(
        default=[],
        description="The rules whose findings do not count. Entries are strings, or tables with `rule` and `reason`.",
    )
    severity: dict[SelectorText, Weight] = Field(
        default={},
        description="The severity for the findings of a rule. A more specific selector overrides a more general one.",
        json_schema_extra=_keys_are_selectors,
    )
    per_file_ignores: dict[Glob, list[SelectorText]] = Field(
        default={},
        description="For each path pattern, the rules whose findings do not count there. `*` also matches slashes.",
    )
    exclude: list[Annotated[str, AfterValidator(_pattern)]] = Field(
        default=[],
        description="Files and folders to skip when a folder is searched: patterns as in a .gitignore in this folder.",
    )
    fail_on: FailOn = Field(
        default=FailOn.ERROR, description="The lowest severity that makes a run fail with exit code 1."
    )
    min_severity: Weight | None = Field(
        default=None,
        description="The lowest severity that is shown. Findings that can make a run fail are always shown. Default:"
        " warning in formats for people, info in formats for programs.",
    )
    package_id: Annotated[str, AfterValidator(_package_id)] | None = Field(
        default=None, description="The package that the listings belong to, if their file names do not say."
    )

    projects: bool = Field(
        default=True,
        description="Whether to read project files (.csproj, .fsproj, .vbproj) that are found in folders.",
    )

    def as_settings(self, source: str, selector: SelectorMaker) -> Settings:
        """The settings of a run.

        Args:
            source: the file this came from, as shown to the user.
            selector: makes a selector of its text and the way of keys and items to it.
        """
        ignore: dict[str, str | None] = {}
        for number, entry in enumerate(self.ignore):
            if isinstance(entry, str):
                rule, reason = selector(entry, ("ignore", number)), None
            else:
                rule, reason = selector(entry.rule, ("ignore", number, "rule")), entry.reason
            ignore[rule] = ignore.get(rule) or reason
        return Settings(
            select=tuple(selector(text, ("select", number)) for number, text in enumerate(self.select)),
            ignore=ignore,
            severity={selector(text, ("severity", text)): weight for text, weight in self.severity.items()},
            per_file_ignores={
                glob: tuple(selector(text, ("per-file-ignores", glob, number)) for number, text in enumerate(texts))
                for glob, texts in self.per_file_ignores.items()
            },
            exclude=tuple(self.exclude),
            fail_on=self.fail_on,
            package_id=self.package_id,
            projects=self.projects,
            source=source,
            min_severity=self.min_severity,
        )


def keys_at(table: Literal["root", "ignore"]) -> list[str]:
    """The keys that a table of the settings may have, as they are written."""
    fields = (Ignore if table == "ignore" else SettingsFile).model_fields
    return [field.alias or name for name, field in fields.items()]
