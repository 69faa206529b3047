"""The catalogue as documents: the page `docs/rules.md`, and plain data for programs.

Pure: rules in, text or data out. Where it goes is the caller's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from umbmarket.check.catalogue import DOCS_PAGE, Family, Rule
from umbmarket.findings import JsonValue

_INTRODUCTION = """\
# The rules

<!-- Generated from the rule catalogue by docs/generate.py. To change a rule's text, change its docstring. -->

Each finding of `umbmarket validate` carries the code of one of these rules; `umbmarket explain CODE` shows
the same text in the terminal.

- **error**: the package is not listed, the listing or a value in it is ignored, or NuGet rejects the package; a Nuxeo
  server rejects the package, does not install it, or ignores what it says.
- **warning**: the listing or package will differ from what its author meant, or the outcome is not known for certain.
- **info**: a suggestion; it works, but could be better.

Codes that begin with UMB are about Umbraco Marketplace listings and packages, those that begin with NXP about Nuxeo
packages.

A **fix** is a change that `--fix` makes, and that the JSON and SARIF formats describe byte by byte. A *safe* fix keeps
the meaning of the file, an *unsafe* one guesses at it. A rule is called unsafe here if some of its fixes are.
"""

_TABLE_HEAD = "| code | name | severity | fix | finds |\n|---|---|---|---|---|\n"
_JSON_BEGINNINGS = ("{", "[", '"')


def rules_page(rules: Iterable[Rule]) -> str:
    """The whole of `docs/rules.md`: a table of contents by family, then every rule.

    Args:
        rules: the catalogue, in the order of the codes.
    """
    families: dict[Family, list[Rule]] = {}
    for rule in rules:
        families.setdefault(rule.family, []).append(rule)
    parts = [_INTRODUCTION, "\n## Contents\n"]
    for family, members in families.items():
        rows = "".join(_row(rule) for rule in members)
        parts.append(f"\n**{family.title}**\n\n{_TABLE_HEAD}{rows}")
    for family, members in families.items():
        parts.append(f"\n## {family.title}\n")
        parts += [_section(rule) for rule in members]
    return "".join(parts)


def generated_files(rules: Iterable[Rule]) -> Mapping[str, str]:
    """The files that are generated from the catalogue: path in the source tree to text."""
    return {DOCS_PAGE: rules_page(rules)}


def severities(rule: Rule) -> str:
    """The severities that findings of a rule have: the default one, and what it may be instead."""
    *others, last = (severity.value for severity in (rule.severity, *rule.other_severities))
    return f"{', '.join(others)} or {last}" if others else last


def rule_data(rule: Rule) -> dict[str, JsonValue]:
    """One line of the catalogue as plain JSON data, with the key style of the report."""
    return {
        "code": rule.code,
        "name": rule.slug,
        "title": rule.page.title,
        "family": rule.family.title,
        "severity": rule.severity.value,
        "otherSeverities": [severity.value for severity in rule.other_severities],
        "why": rule.why,
        "fix": rule.fix,
        "online": rule.online,
        "since": rule.since,
        "docs": rule.docs,
    }


def page_data(rule: Rule) -> dict[str, JsonValue]:
    """A rule with its whole documentation as plain JSON data; the texts are Markdown."""
    page = rule.page
    return {
        **rule_data(rule),
        "finds": page.finds,
        "matters": page.matters,
        "bad": page.bad,
        "good": page.good,
    }


def _row(rule: Rule) -> str:
    title = rule.page.title.replace("|", "\\|")
    link = f"[{rule.code}](#{rule.code.lower()})"
    return f"| {link} | {rule.slug} | {severities(rule)} | {rule.fix or ''} | {title} |\n"


def _section(rule: Rule) -> str:
    page = rule.page
    facts = [f"Severity: {severities(rule)}", f"since {rule.since}", f"fix: {rule.fix or 'none'}"]
    if rule.online:
        facts.append("needs the network")
    if rule.status == "preview":
        facts.append("runs only where it is named")
    finds = f"\n{page.finds}\n" if page.finds else ""
    return (
        f'\n<a id="{rule.code.lower()}"></a>\n\n### {rule.code} {rule.slug}\n\n{page.title}\n\n'
        f"*{' · '.join(facts)}*\n{finds}"
        f"\n**Why it matters.** {page.matters}\n"
        f"\nBad:\n\n{_fenced(page.bad)}\nGood:\n\n{_fenced(page.good)}"
    )


def _fenced(example: str) -> str:
    language = "json" if example.startswith(_JSON_BEGINNINGS) else "xml" if example.startswith("<") else "text"
    return f"```{language}\n{example}\n```\n"
