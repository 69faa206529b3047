"""Values of options: what may be said, did-you-mean for what may not, and what the shell completes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from umbmarket.findings import did_you_mean, quote

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from umbmarket.check.catalogue import Rule
    from umbmarket.check.marketplace import Marketplace


_ADDRESS = re.compile(r"(?:https?|ftp|git|ssh|file)://", re.IGNORECASE)
"""How an address begins. On Windows a path may begin with a letter and a colon, but not so."""


def marketplaces_of(context: click.Context) -> tuple[Marketplace, ...]:
    """The marketplaces that the command line knows: those that `cli.app.program` was given, else the product's.

    Args:
        context: of the command that runs.
    """
    from umbmarket.marketplaces import MARKETPLACES

    given: tuple[Marketplace, ...] | None = context.find_root().obj
    return MARKETPLACES if given is None else given


def catalogue_rules(context: click.Context) -> Mapping[str, Rule]:
    """Every rule that the command line knows, by code: the one place where a command gets them.

    Args:
        context: of the command that runs.
    """
    from umbmarket.check.selection import Codes
    from umbmarket.marketplaces import catalogues

    return Codes(catalogues(marketplaces_of(context))).rules


def rules_named(context: click.Context, selector: str, parameter: str) -> tuple[list[Rule], list[str]]:
    """The rules that one selector names: a code, a beginning of codes, a name or `ALL`.

    Args:
        context: as for `catalogue_rules`.
        selector: as typed.
        parameter: the option or argument it was typed for, for the error.

    Returns:
        The rules in the order of their codes, and remarks on a selector that is deprecated or was removed.

    Raises:
        click.BadParameter: it names no rule; with the nearest name.
    """
    from umbmarket.check.selection import Codes
    from umbmarket.marketplaces import catalogues
    from umbmarket.settings.options import SettingsError

    known = Codes(catalogues(marketplaces_of(context)))
    try:
        codes = known.of(selector)
        # Marketplace by marketplace, as `umbmarket rules` lists them.
        return [rule for code, rule in known.rules.items() if code in codes], list(known.notes)
    except SettingsError as problem:
        raise click.BadParameter(str(problem), param_hint=parameter) from None


def selectors(context: click.Context, option: str, values: Sequence[str]) -> tuple[str, ...]:
    """The selectors that an option names, which may be given several times and with commas.

    Args:
        context: as for `catalogue_rules`.
        option: its name, for the error.
        values: as typed.

    Raises:
        click.BadParameter: one of them names no rule, or there is none.
    """
    found = tuple(part.strip() for value in values for part in value.split(",") if part.strip())
    if values and not found:
        raise click.BadParameter("name a rule, such as UMB104 or not-allowed-value", param_hint=option)
    for selector in found:
        rules_named(context, selector, option)
    return found


class OneOf(click.ParamType[str]):
    """One of a few words, in any letter case; what the command gets is the word as it stands here.

    Args:
        words: what may be said.
    """

    name = "word"

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(map(str, words))

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """All words, for the help page."""
        return "|".join(self._words)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word that is meant.

        Raises:
            click.BadParameter: it is none of them; with the nearest one, or all of them where none is near.
        """
        for word in self._words:
            if word.lower() == value.lower():
                return word
        near = did_you_mean(value, list(self._words)).removeprefix("; ")
        raise click.BadParameter(f"unknown value {quote(value)}, {near or self.choice}", ctx, param)

    @property
    def choice(self) -> str:
        """All words, for an error."""
        return f"use {', '.join(self._words[:-1])} or {self._words[-1]}"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The words that begin so."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self._words if word.lower().startswith(incomplete.lower())]


class FilePath(click.ParamType[str]):
    """A path, taken as it was typed: what is there is the command's business. The shell completes it."""

    name = "path"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value` itself.

        Raises:
            click.BadParameter: it is empty, or the address of something on the web.
        """
        if not value:
            self.fail(f"it is empty{self.instead_of_nothing}", param, ctx)
        if _ADDRESS.match(value):
            self.fail(f"an address, where the path of a file is needed; {self.instead_of_address}", param, ctx)
        return value

    instead_of_address = "download the file first, and name that"
    """What to do with an address."""
    instead_of_nothing = ""
    """What else may be meant by nothing, after a semicolon."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """An order to the shell: complete files."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


_PARTS = (".props", ".targets", ".projitems", ".shproj", "proj.user", "packages.config")
"""How the names of files end that say something of projects and are none."""


def refuse_parts_of_projects(paths: Iterable[str], name: str, instead: str) -> None:
    """Refuse a file that says something of projects and is none: it would be taken for a listing or a package.

    Args:
        paths: as typed.
        name: of the argument, for the error.
        instead: what else can be named beside a project.

    Raises:
        click.BadParameter: one of them is such a file.
    """
    for path in paths:
        if path.lower().endswith(_PARTS) and not os.path.isdir(path):
            file = os.path.basename(path.replace("\\", "/"))
            raise click.BadParameter(
                f"{quote(file)} is not a project; name a project (.csproj){instead}", param_hint=name
            )


class NewFile(FilePath):
    """The path of a file that is written."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value` itself.

        Raises:
            click.BadParameter: it is no path, or one that ends as those of folders do.
        """
        value = super().convert(value, param, ctx)
        if value.endswith(("/", os.sep)):
            self.fail(f"{quote(value)} ends like the path of a folder; name a file", param, ctx)
        return value


class PathToCheck(FilePath):
    """A path that is validated, or `-` for standard input."""

    instead_of_address = (
        "download the file and name that, pipe it in (curl -fsSL ADDRESS | umbmarket validate -), or, if the package"
        " is published, see `umbmarket status PACKAGE_ID`"
    )
    instead_of_nothing = '; the working folder is "."'


class FormatAndFile(click.ParamType[tuple[str, str]]):
    """A format and the file that it is written to, such as `sarif=out/listing.sarif`.

    Args:
        words: the formats.
    """

    name = "format=file"

    def __init__(self, words: Sequence[str]) -> None:
        self._format = OneOf(words)
        self._file = NewFile()

    def convert(
        self, value: str | tuple[str, str], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The format and the path.

        Raises:
            click.BadParameter: one of the two is missing or wrong.
        """
        if not isinstance(value, str):
            return value
        word, mark, path = value.partition("=")
        if not mark:
            self.fail(f"{quote(value)} names no file; write it as markdown=summary.md", param, ctx)
        if path == "-":
            self.fail("standard output is for --format; name a file", param, ctx)
        return self._format.convert(word.strip(), param, ctx), self._file.convert(path, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The formats that begin so, each with its mark; behind that, an order to complete files."""
        from click.shell_completion import CompletionItem

        if "=" in incomplete:
            return self._file.shell_complete(ctx, param, incomplete.partition("=")[2])
        return [
            CompletionItem(f"{item.value}=", help="and a file")
            for item in self._format.shell_complete(ctx, param, incomplete)
        ]


class RuleNames(click.ParamType[str]):
    """Codes and names of rules, taken as they were typed. The shell completes them, after a comma the next one."""

    name = "rule"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value` itself."""
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Codes, each with its rule's name, and names, each with its code."""
        from click.shell_completion import CompletionItem

        before, comma, last = incomplete.rpartition(",")
        words = _rule_words(catalogue_rules(ctx), last)
        return [CompletionItem(f"{before}{comma}{word}", help=other) for word, other in words]


def _rule_words(rules: Mapping[str, Rule], beginning: str) -> Iterator[tuple[str, str]]:
    for code, rule in rules.items():
        if code.startswith(beginning):
            yield code, rule.slug
    # Names come only when one was begun: beside the codes they would say everything twice.
    for code, rule in rules.items():
        if beginning and rule.slug.startswith(beginning):
            yield rule.slug, code
