"""What a SARIF log says about a rule: the catalogue's entry in SARIF's words."""

from __future__ import annotations

import re

from umbmarket.check.catalogue import Rule, RulePage
from umbmarket.findings import Finding, Severity
from umbmarket.output.json_text import whole_text
from umbmarket.output.plain import plain

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
"""SARIF's word for each severity."""

_WRAP = re.compile(r"(?<=\S)\n(?=[^\s*>|-])")
_ABSOLUTE_URI = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def descriptor(example: Finding, rule: Rule | None) -> dict[str, object]:
    """The reportingDescriptor of `rule`, which `example` is a finding of.

    Without a rule, what the finding itself says describes it.
    """
    if rule is None:
        return {
            "id": whole_text(example.code),
            "name": plain(example.name),
            "shortDescription": {"text": plain(example.name.replace("-", " "))},
            "fullDescription": {"text": sentences(plain(example.why or example.name))},
            "help": {"text": sentences(plain(example.why or example.name))},
            "defaultConfiguration": {"level": LEVELS[example.severity]},
        }
    page = rule.page
    described: dict[str, object] = {
        "id": rule.code,
        "name": rule.slug,
        "shortDescription": {"text": page.title or rule.slug},
        "fullDescription": {"text": _unwrapped(page.finds) or sentences(rule.why)},
        "help": {"text": _help_text(rule, page), "markdown": _help_markdown(rule, page)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }
    properties: dict[str, object] = {"tags": [rule.family.tag], "since": rule.since}
    if _ABSOLUTE_URI.match(rule.docs):
        described["helpUri"] = rule.docs
    else:
        properties["docs"] = rule.docs
    described["properties"] = properties
    return described


def sentences(*phrases: str) -> str:
    """Phrases without capital and full stop, as the rules have them, as the sentences that SARIF asks for."""
    ended = (phrase if phrase[-1] in ".!?:" else f"{phrase}." for phrase in phrases if phrase)
    return " ".join(phrase[0].upper() + phrase[1:] for phrase in ended)


def _unwrapped(text: str) -> str:
    """Markdown without the line ends inside its paragraphs, for readers that show it as plain text."""
    return _WRAP.sub(" ", text)


def _help_text(rule: Rule, page: RulePage) -> str:
    parts = [sentences(rule.why), _unwrapped(page.matters)]
    parts += [f"{label}:\n{example}" for label, example in _examples(page)]
    return "\n\n".join(part for part in parts if part)


def _help_markdown(rule: Rule, page: RulePage) -> str:
    parts = [f"**{rule.code} {rule.slug}**", page.finds, sentences(rule.why), page.matters]
    parts += [f"{label}:\n\n{_fenced(example)}" for label, example in _examples(page)]
    return "\n\n".join(part for part in parts if part)


def _examples(page: RulePage) -> list[tuple[str, str]]:
    return [(label, example) for label, example in (("Bad", page.bad), ("Good", page.good)) if example]


def _fenced(example: str) -> str:
    """A code block; an example that holds a fence itself gets a longer one."""
    longest = max((len(run) for run in re.findall(r"`{3,}", example)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{example}\n{fence}"
