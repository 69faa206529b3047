"""The catalogue of a marketplace's rules: the one source of codes, names, severities and documentation.

A rule is a pure function from facts to observations. Its entry here feeds `umbmarket rules`, `umbmarket explain`,
`docs/rules.md`, the SARIF metadata and the settings schema. Each marketplace makes a `Catalogue` of its own;
importing a module of rules changes no list.
"""

import inspect
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any, Literal, NamedTuple, TypeVar

from umbmarket import home
from umbmarket.findings import Observation, Severity

DOCS_PAGE = "docs/rules.md"
"""Where the rules are documented, in the repository of the product; `home` knows the address."""

FixSafety = Literal["safe", "unsafe"]

Status = Literal["preview", "stable", "deprecated"]
"""Where a rule stands in its life.

- ``preview``: it runs only where it is selected by its full code or its name. Its findings may still change.
- ``stable``: it runs unless it is left out.
- ``deprecated``: as stable; whoever names it is told what comes instead.

A rule that was removed is no `Rule` any more but a `Retired` entry of its catalogue.
"""

Always = bool | Literal["marked"]
"""Whether a rule runs whatever is selected, see `Rule.always`."""

Check = Callable[[Any], Iterable[Observation]]
"""A rule's function. What it takes are the facts that its annotation names."""

F = TypeVar("F")

_MARK = "__umbmarket_rule__"
_SECTION = re.compile(r"^(Why it matters|Bad|Good):[ \t]*\n", re.MULTILINE)


class Family(NamedTuple):
    """A group of rules, told by the first digit of their codes.

    Attributes:
        tag: one word for programs, such as `schema`.
        title: the heading in the documentation.
    """

    tag: str
    title: str


NO_FAMILY = Family("", "")
"""The family of a rule that no catalogue has taken up."""


class Rule(NamedTuple):
    """One entry of a catalogue.

    Attributes:
        code: the marketplace's prefix and three digits; stable, never reused.
        slug: the rule's name; reads well after "ignore".
        severity: the default one.
        other_severities: what a finding may have instead, for rules that weigh cases differently.
        why: one sentence for the text output: why the user should care.
        since: the version that brought the rule.
        fix: whether its findings may carry edits, and the least safe kind among them; None for never.
        online: needs the network, so it runs only where that was asked for.
        always: it runs whatever is selected: it says that something could not be checked at all. "marked": only those
            of its observations that say so count where it is not selected.
        estimate: its findings rest on observed or inferred facts, unless one says otherwise.
        status: where it stands in its life.
        instead: for a deprecated rule, the code that takes its place; empty for none.
        subject: name of the class of facts that it is called for.
        check: the function; its docstring is the rule's documentation page.
        family: what it looks at; told by its catalogue.
    """

    code: str
    slug: str
    severity: Severity
    other_severities: tuple[Severity, ...]
    why: str
    since: str
    fix: FixSafety | None
    online: bool
    always: Always
    estimate: bool
    status: Status
    instead: str
    subject: str
    check: Check
    family: Family = NO_FAMILY

    @property
    def docs(self) -> str:
        """Where the rule is documented: an address, or a place in the repository while there is none."""
        place = f"{DOCS_PAGE}#{self.code.lower()}"
        return home.page(place) or place

    @property
    def page(self) -> "RulePage":
        """The documentation, taken from the docstring of `check`."""
        return RulePage.parse(self.check)


class Retired(NamedTuple):
    """A code that is no longer a rule. Settings that name it go on working, with a note.

    Attributes:
        slug: the name it had.
        since: the version that removed it.
        instead: the code that finds the same now; empty where nothing does.
        why: why it went, as a clause without a full stop.
    """

    slug: str
    since: str
    instead: str
    why: str


class RulePage(NamedTuple):
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
    def parse(cls, check: Callable[..., object]) -> "RulePage":
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
    always: Always = False,
    estimate: bool = False,
    status: Status = "stable",
    instead: str = "",
) -> Callable[[Callable[[F], Iterable[Observation]]], Callable[[F], Iterable[Observation]]]:
    """Make the decorated function a rule. The arguments are the attributes of `Rule`.

    What the rule is called for is told by the type that its first parameter is annotated with. The function itself
    stays as it is; a `Catalogue` of the module's rules takes it up.
    """

    def mark(check: Callable[[F], Iterable[Observation]]) -> Callable[[F], Iterable[Observation]]:
        subject = next(iter(check.__annotations__.values()))
        entry = Rule(
            code,
            slug,
            severity,
            other_severities,
            why,
            since,
            fix,
            online,
            always,
            estimate,
            status,
            instead,
            subject if isinstance(subject, str) else subject.__name__,
            check,
        )
        setattr(check, _MARK, entry)
        return check

    return mark


def rules_in(names: Mapping[str, object]) -> list[Rule]:
    """The rules among the values of a module or of any other mapping, in its order."""
    found = (getattr(value, _MARK, None) for value in names.values())
    return [entry for entry in found if isinstance(entry, Rule)]


class Catalogue:
    """The rules of one marketplace, loaded as far as they are asked for.

    Attributes:
        prefix: what its codes begin with, such as `UMB`.
        families: first digit of a code to its family.
        retired: codes that are no longer rules.
    """

    def __init__(
        self,
        prefix: str,
        families: Mapping[str, Family],
        *,
        modules: Mapping[str, Collection[str]] | None = None,
        rules: Iterable[Callable[..., object]] = (),
        retired: Mapping[str, Retired] | None = None,
    ) -> None:
        """Describe the rules; nothing is imported yet.

        Args:
            prefix: letters in upper case; no two marketplaces of a run share one.
            families: as the attribute.
            modules: name of each module that holds rules to the names of the classes of facts that its rules are
                called for, so that a run imports no rule that it has no facts for.
            rules: decorated functions that lie in no such module.
            retired: as the attribute.
        """
        self.prefix = prefix
        self.families = families
        self.retired = retired or {}
        self._modules = modules or {}
        self._own = rules_in({str(number): check for number, check in enumerate(rules)})
        self._code = re.compile(rf"{re.escape(prefix)}[{''.join(families)}][0-9]{{2}}")

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by code, in the order of the codes.

        Raises:
            ValueError: two rules have one code or name, or a code is none of this catalogue.
        """
        return self._checked([*self._own, *(entry for module in self._modules for entry in _rules_of(module))])

    def rules_for(self, subjects: Collection[str]) -> list[Rule]:
        """The rules that are called for any of the classes of facts named, in the order of the codes."""
        if "rules" in self.__dict__:
            found: Iterable[Rule] = self.rules.values()
        else:
            wanted = [module for module, about in self._modules.items() if not set(subjects).isdisjoint(about)]
            found = self._checked([*self._own, *(entry for module in wanted for entry in _rules_of(module))]).values()
        return [entry for entry in found if entry.subject in subjects]

    def undeclared(self) -> dict[str, set[str]]:
        """Modules whose rules are called for other facts than declared: module to what the rules take.

        A test holds this empty: a module that is declared wrongly would not be loaded where it is needed.
        """
        actual = {module: {entry.subject for entry in _rules_of(module)} for module in self._modules}
        return {module: taken for module, taken in actual.items() if taken != set(self._modules[module])}

    def _checked(self, entries: list[Rule]) -> Mapping[str, Rule]:
        by_code: dict[str, Rule] = {}
        for entry in sorted(entries, key=lambda each: each.code):
            if entry.code in by_code or entry.code in self.retired or not self._code.fullmatch(entry.code):
                raise ValueError(f"{entry.code} is taken or is no rule code of {self.prefix}")
            by_code[entry.code] = entry._replace(family=self.families[entry.code[len(self.prefix)]])
        slugs = [entry.slug for entry in entries]
        if len(set(slugs)) != len(slugs):
            raise ValueError(f"two rules of {self.prefix} have one name")
        return by_code


def _rules_of(module: str) -> list[Rule]:
    loaded = import_module(module)
    return [entry for entry in rules_in(vars(loaded)) if entry.check.__module__ == module]
