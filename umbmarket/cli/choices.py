"""Values of options: what may be said, did-you-mean for what may not, and what the shell completes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import typer

from umbmarket.findings import did_you_mean, quote


def one_of(allowed: Sequence[str]) -> Callable[[str | None], str | None]:
    """Make the check of an option that takes one of a few words, in any letter case.

    Raises:
        typer.BadParameter: from the check, with the words and the nearest of them.
    """

    def check(value: str | None) -> str | None:
        if value is None or value.lower() in allowed:
            return value if value is None else value.lower()
        words = ", ".join(allowed[:-1]) + f" or {allowed[-1]}"
        raise typer.BadParameter(f"{quote(value)} is not {words}{did_you_mean(value, list(allowed))}")

    return check


def complete_from(allowed: Sequence[str]) -> Callable[[str], list[str]]:
    """Make the shell completion of such an option."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in allowed if word.startswith(incomplete)]

    return complete


def selectors(option: str, values: Sequence[str] | None) -> tuple[str, ...]:
    """The selectors that an option names, which may be given several times and with commas.

    Args:
        option: its name, for the error.
        values: as typed; None where the option was not given.

    Raises:
        typer.BadParameter: one of them names no rule, or there is none.
    """
    from umbmarket.settings.options import SettingsError, codes_of

    found = tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())
    if values and not found:
        raise typer.BadParameter("name a rule, such as UMB104 or not-allowed-value", param_hint=option)
    for selector in found:
        try:
            codes_of(selector)
        except SettingsError as problem:
            raise typer.BadParameter(str(problem), param_hint=option) from None
    return found


def complete_rules(incomplete: str) -> list[tuple[str, str]]:
    """Codes of rules for the shell, each with its name, and the reverse; after a comma comes the next one."""
    before, comma, last = incomplete.rpartition(",")
    return [(f"{before}{comma}{word}", other) for word, other in _rule_words(last)]


def _rule_words(beginning: str) -> Iterator[tuple[str, str]]:
    from umbmarket.umbraco.rules import all_rules

    for code, rule in all_rules().items():
        if code.startswith(beginning):
            yield code, rule.slug
    # Names come only when one was begun: beside the codes they would say everything twice.
    for code, rule in all_rules().items():
        if beginning and rule.slug.startswith(beginning):
            yield rule.slug, code
