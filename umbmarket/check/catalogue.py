"""The rule registry: the one source of codes, names, severities and documentation.

A rule is a pure function from the facts about one document to observations. Its entry here feeds `umbmarket rules`,
`umbmarket explain`, `docs/rules.md`, the SARIF metadata and the settings schema.
"""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from umbmarket.findings import Observation, Severity
from umbmarket.umbraco.facts import ListingFacts, PackageFacts
from umbmarket.umbraco.published_facts import PublishedFacts
from umbmarket.umbraco.workspace import Workspace

DOCS_PAGE = "docs/rules.md"
"""Where the rules are documented. The project's public address will go in front of it, here and only here."""

FixSafety = Literal["safe", "unsafe"]


class Family(enum.StrEnum):
    """The first digit of a code: what the rule looks at. The value is the heading in the documentation."""

    READING = "Reading a listing file"
    SCHEMA = "The published schema"
    LISTING = "What the schema cannot say"
    PACKAGE = "The package"
    COMPATIBILITY = "The Umbraco versions"
    PLACEMENT = "Where listing and package meet"
    ONLINE = "Online"


_FAMILY_OF_DIGIT = dict(zip("0123456", Family, strict=True))


class Subject(enum.StrEnum):
    """What a rule is called for, and so what its function takes.

    `listing`: each `ListingFacts`. `package`: each `PackageFacts`. `workspace`: the `Workspace` once; its observations
    say which document they are about. `published`: each `PublishedFacts`.
    """

    LISTING = "listing"
    PACKAGE = "package"
    WORKSPACE = "workspace"
    PUBLISHED = "published"


Facts = ListingFacts | PackageFacts | PublishedFacts | Workspace
Check = Callable[[Any], Iterable[Observation]]
"""A rule's function. What it takes is its own `Subject`'s facts, which the decorator `rule` makes sure of."""

F = TypeVar("F", bound=Facts)


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue.

    Attributes:
        code: `UMB` and three digits; stable, never reused.
        slug: the rule's name; reads well after "ignore".
        severity: the default one.
        other_severities: what a finding may have instead, for rules that weigh cases differently.
        why: one sentence for the text output: why the user should care.
        since: the version that brought the rule.
        fix: whether its findings may carry edits, and the least safe kind among them; None for never.
        online: needs the network, so it runs only where that was asked for.
        subject: what it is called for.
        check: the function; its docstring is the rule's documentation page.
    """

    code: str
    slug: str
    severity: Severity
    other_severities: tuple[Severity, ...]
    why: str
    since: str
    fix: FixSafety | None
    online: bool
    subject: Subject
    check: Check

    @property
    def family(self) -> Family:
        """What the rule looks at."""
        return _FAMILY_OF_DIGIT[self.code[3]]

    @property
    def docs(self) -> str:
        """Where the rule is documented."""
        return f"{DOCS_PAGE}#{self.code.lower()}"

    @property
    def page(self) -> RulePage:
        """The documentation, taken from the docstring of `check`."""
        return RulePage.parse(self.check)


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule's documentation in parts, each plain text with Markdown.

    Attributes:
        title: one sentence.
        finds: what the rule finds, in paragraphs.
        matters: why it matters, with the evidence.
        bad: an example it complains about.
        good: the same, put right.
    """

    title: str
    finds: str
    matters: str
    bad: str
    good: str

    @classmethod
    def parse(cls, check: Callable[..., object]) -> RulePage:
        """Take apart a docstring: a title, paragraphs, then the sections `Why it matters:`, `Bad:` and `Good:`.

        The text of a section is indented below its heading. Missing parts come out empty.
        """
        text = inspect.getdoc(check) or ""
        title, _, rest = text.partition("\n")
        body, *sections = _SECTION.split(rest)
        parts = dict(zip(sections[::2], sections[1::2], strict=True))
        return cls(
            title.strip(),
            body.strip(),
            *(inspect.cleandoc("\n" + parts.get(name, "")) for name in ("Why it matters", "Bad", "Good")),
        )


_SECTION = re.compile(r"^(Why it matters|Bad|Good):[ \t]*\n", re.MULTILINE)
_CODE = re.compile(r"UMB[0-6][0-9]{2}")

_registry: dict[str, Rule] = {}


def rule(
    code: str,
    slug: str,
    severity: Severity,
    *,
    why: str,
    other_severities: tuple[Severity, ...] = (),
    fix: FixSafety | None = None,
    since: str = "0.1.0",
    online: bool = False,
) -> Callable[[Callable[[F], Iterable[Observation]]], Callable[[F], Iterable[Observation]]]:
    """Enter the decorated function into the catalogue. The arguments are the attributes of `Rule`.

    What the rule is called for is told by the type that its function takes: `ListingFacts`, `PackageFacts`,
    `PublishedFacts` or `Workspace`.
    """

    def enter(check: Callable[[F], Iterable[Observation]]) -> Callable[[F], Iterable[Observation]]:
        if code in _registry or not _CODE.fullmatch(code):
            raise ValueError(f"{code} is taken or is no rule code")
        _registry[code] = Rule(
            code, slug, severity, other_severities, why, since, fix, online, _subject_of(check), check
        )
        return check

    return enter


def _subject_of(check: Callable[..., object]) -> Subject:
    taken = next(iter(check.__annotations__.values()))
    return _SUBJECTS[taken if isinstance(taken, str) else taken.__name__]


_SUBJECTS = {
    ListingFacts.__name__: Subject.LISTING,
    PackageFacts.__name__: Subject.PACKAGE,
    PublishedFacts.__name__: Subject.PUBLISHED,
    Workspace.__name__: Subject.WORKSPACE,
}


def entries() -> Mapping[str, Rule]:
    """Every rule entered so far, by code. Use `umbmarket.umbraco.rules.all_rules`, which loads the families first."""
    return _registry
