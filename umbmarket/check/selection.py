"""Which rules the selectors of the settings mean, over the catalogues of all marketplaces of a run."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from umbmarket.check.catalogue import Catalogue, Rule
from umbmarket.findings import Severity, did_you_mean, quote
from umbmarket.settings.options import Selector, Settings, SettingsError

ALL = "ALL"
"""The selector of every rule."""

_Codes = frozenset[str]


class Codes:
    """Resolves selectors: a code (`UMB104`), a beginning of codes (`UMB1`), a rule's name, or `ALL`.

    Retired codes and names resolve to what came instead, and are noted.
    """

    def __init__(self, catalogues: Iterable[Catalogue]) -> None:
        """`catalogues`: those of all marketplaces of the run."""
        self.notes: dict[str, None] = {}
        self._catalogues = _Known(catalogues)

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Every rule by code."""
        return {code: rule for catalogue in self._catalogues for code, rule in catalogue.rules.items()}

    def of(self, selector: str) -> _Codes:
        """The codes of the rules that `selector` names, ignoring letter case; empty for a retired one without heir.

        Raises:
            SettingsError: it names none.
        """
        upper = selector.upper()
        if upper == ALL:
            return frozenset(self.rules)
        found = self._by_code(upper) or self._by_name(selector.lower())
        for code in found:
            rule = self.rule(code)
            if rule.status == "deprecated" and upper in (code, rule.slug.upper()):
                self._note(selector, "is deprecated", rule.instead)
        if found:
            return found
        heirs = self._of_retired(selector)
        if heirs is None:
            raise SettingsError(f"unknown rule {quote(selector)}{self._hint(selector)}")
        return heirs

    def _by_code(self, upper: str) -> _Codes:
        if not upper.isalnum():
            # Most names have a hyphen: no further marketplace is asked for its prefix.
            return frozenset()
        for catalogue in self._catalogues:
            rest = upper.removeprefix(catalogue.prefix)
            if rest != upper and (not rest or rest.isdecimal()):
                return frozenset(code for code in catalogue.rules if code.startswith(upper))
        return frozenset()

    def _by_name(self, name: str) -> _Codes:
        for catalogue in self._catalogues:
            found = frozenset(code for code, rule in catalogue.rules.items() if rule.slug == name)
            if found:
                return found
        return frozenset()

    def rule(self, code: str) -> Rule:
        """The rule of a code that `of` gave; no other marketplace's rules are loaded for it.

        Raises:
            KeyError: there is none.
        """
        for catalogue in self._catalogues:
            if code in catalogue.rules:
                return catalogue.rules[code]
        raise KeyError(code)

    def _hint(self, selector: str) -> str:
        """What may be meant; no code is guessed from another one, which it has nothing in common with."""
        rests = (selector.upper().removeprefix(catalogue.prefix) for catalogue in self._catalogues)
        if any(rest.isdecimal() for rest in rests):
            return "; `umbmarket rules` lists all codes"
        return did_you_mean(selector, [*self.rules, *(rule.slug for rule in self.rules.values())])

    def _of_retired(self, selector: str) -> _Codes | None:
        for catalogue in self._catalogues:
            for code, retired in catalogue.retired.items():
                if selector.upper() == code or selector.lower() == retired.slug:
                    self._note(selector, f"was removed in {retired.since} ({retired.why})", retired.instead)
                    return frozenset((retired.instead,)) if retired.instead in catalogue.rules else frozenset()
        return None

    def _note(self, selector: str, what: str, instead: str) -> None:
        where = f"{selector.where}: " if isinstance(selector, Selector) else ""
        heir = f"; use {instead} instead" if instead else ""
        self.notes[f"{where}rule {quote(selector)} {what}{heir}"] = None


class _Known:
    """Catalogues that are asked for one after the other, only as far as they are needed, and each once."""

    def __init__(self, catalogues: Iterable[Catalogue]) -> None:
        self._found: list[Catalogue] = []
        self._further = iter(catalogues)

    def __iter__(self) -> Iterator[Catalogue]:
        yield from self._found
        for catalogue in self._further:
            self._found.append(catalogue)
            yield catalogue


class Selection(NamedTuple):
    """What the settings of a run say of the rules, with every selector resolved.

    Attributes:
        wanted: codes of the rules that were selected; None for all that run without being named.
        named: codes that a selector names by full code or by name; preview rules run only then.
        ignored: selector to the codes that do not count.
        ignored_in: glob, selector and codes that do not count in files that match.
        severity: code to the severity that its findings get.
        notes: remarks on retired and deprecated selectors.
    """

    wanted: _Codes | None
    named: _Codes
    ignored: dict[str, _Codes]
    ignored_in: tuple[tuple[str, str, _Codes], ...]
    severity: dict[str, Severity]
    notes: tuple[str, ...]

    def runs(self, rule: Rule, *, online: bool) -> bool:
        """Whether a rule takes part in the run."""
        if rule.online and not online:
            return False
        return bool(rule.always) or self.selects(rule)

    def selects(self, rule: Rule) -> bool:
        """Whether all that a rule observes counts, as far as the selection goes."""
        if rule.status == "preview":
            return rule.code in self.named
        return self.wanted is None or rule.code in self.wanted


NOTHING_SAID = Selection(None, frozenset(), {}, (), {}, ())
"""The selection of settings that name no rule."""


def resolve(settings: Settings, catalogues: Iterable[Catalogue]) -> Selection:
    """Resolve every selector of the settings.

    A narrower selector of a severity beats a wider one.

    Raises:
        SettingsError: selectors name no rule; one line for each, with its place in the settings file where it has one.
    """
    if not (settings.select or settings.ignore or settings.severity or settings.per_file_ignores):
        # All rules of all marketplaces would be loaded to resolve nothing.
        return NOTHING_SAID
    codes = Codes(catalogues)
    found: dict[str, _Codes] = {}
    problems: list[tuple[int, str]] = []
    for selector in _selectors(settings):
        try:
            found[selector] = codes.of(selector)
        except SettingsError as problem:
            where = f"{selector.where}: {selector.way}: " if isinstance(selector, Selector) else ""
            line = selector.line if isinstance(selector, Selector) else 0
            problems.append((line, f"{where}{problem}"))
    if problems:
        raise SettingsError(*(text for _, text in sorted(problems, key=lambda each: each[0])))
    severity: dict[str, Severity] = {}
    for selector in sorted(settings.severity, key=lambda selector: -len(found[selector])):
        severity.update(dict.fromkeys(found[selector], settings.severity[selector]))
    return Selection(
        frozenset().union(*(found[selector] for selector in settings.select)) if settings.select else None,
        frozenset(code for selector in settings.select for code in found[selector] if _names(selector, code, codes)),
        {selector: found[selector] for selector in settings.ignore},
        tuple(
            (glob, selector, found[selector])
            for glob, selectors in settings.per_file_ignores.items()
            for selector in selectors
        ),
        severity,
        tuple(codes.notes),
    )


def _selectors(settings: Settings) -> Iterator[str]:
    yield from settings.select
    yield from settings.ignore
    yield from settings.severity
    for selectors in settings.per_file_ignores.values():
        yield from selectors


def _names(selector: str, code: str, codes: Codes) -> bool:
    return selector.upper() == code or selector.lower() == codes.rule(code).slug
