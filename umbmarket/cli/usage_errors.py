"""Wrong use in words: what click finds wrong with a command line, said as this program says everything else."""

from __future__ import annotations

from collections.abc import Sequence

import click

from umbmarket.cli.choices import FilePath, OneOf
from umbmarket.cli.options import options_of
from umbmarket.findings import quote

_MOST_NAMED = 3
"""Arguments or options that one message names."""


def wording(error: click.ClickException) -> str:
    """One line about wrong use: what is wrong, and where it can be told, what to do."""
    if isinstance(error, click.NoSuchOption):
        return _unknown_option(error)
    if isinstance(error, click.NoSuchCommand):
        near = " or ".join(map(quote, error.possibilities or ()))
        return f"unknown command {quote(error.command_name)}{f', did you mean {near}?' if near else ''}"
    if isinstance(error, click.BadOptionUsage):
        option = options_of(error.ctx).get(error.option_name)
        if option is not None and option.is_flag:
            return f"{error.option_name}: it takes no value"
        return f"{error.option_name}: a value is missing{_how_to_write(error.option_name, option)}"
    if isinstance(error, click.MissingParameter):
        what = getattr(error.param, "help", None)
        return f"{_what_was_wrong(error)}: it is required{f' ({_as_clause(what)})' if what else ''}"
    if isinstance(error, click.BadParameter):
        return f"{_what_was_wrong(error)}: {' '.join(error.message.split())}"
    return " ".join(error.format_message().split())


def unexpected(context: click.Context, words: Sequence[str]) -> click.UsageError:
    """The error about arguments that a command has no use for.

    Args:
        context: of the command.
        words: those arguments, at least one.
    """
    named = ", ".join(map(quote, words[:_MOST_NAMED]))
    more = f" and {len(words) - _MOST_NAMED} more" if len(words) > _MOST_NAMED else ""
    taken = [each for each in context.command.params if isinstance(each, click.Argument)]
    takes = " and ".join(f"one {each.human_readable_name}" for each in taken) or "no arguments"
    is_path = any(isinstance(each.type, FilePath) for each in taken)
    return click.UsageError(
        f"unexpected argument{'s' if len(words) > 1 else ''} {named}{more}: {context.command_path} takes {takes}"
        f"{'; put a path that has spaces in quotes' if is_path else ''}",
        context,
    )


def value_missing_before(context: click.Context, name: str, value: str) -> click.UsageError:
    """The error about an option that stands where the value of another one belongs.

    Args:
        context: of the command.
        name: the option that needs the value.
        value: the option that stands there.
    """
    how = _how_to_write(name, options_of(context).get(name))
    return click.UsageError(f"{name}: a value is missing before {value}{how}", context)


def _unknown_option(error: click.NoSuchOption) -> str:
    near = _near(error.option_name, [name for name in options_of(error.ctx) if name.startswith("--")])
    return f"unknown option {error.option_name}{f', did you mean {near}?' if near else ''}"


def _near(written: str, names: Sequence[str]) -> str:
    """The options that begin as was written, else the one whose name is most like it."""
    if len(written) == len("-x"):
        return ""
    beginning = [name for name in names if name.startswith(written.lower())]
    if 0 < len(beginning) <= _MOST_NAMED:
        return " or ".join(beginning)
    # Late: it is said rarely.
    from difflib import get_close_matches

    return "".join(get_close_matches(written.lower(), names, n=1))


def _how_to_write(name: str, option: click.Option | None) -> str:
    if option is None:
        return ""
    if isinstance(option.type, OneOf):
        return f", {option.type.choice}"
    return f"; write {name} {option.metavar}" if option.metavar else ""


def _what_was_wrong(error: click.BadParameter) -> str:
    """The option, the variable or the argument that a value was given in, as the user wrote it."""
    param, context = error.param, error.ctx
    if error.param_hint is not None or param is None:
        return error.param_hint if isinstance(error.param_hint, str) else " ".join(error.param_hint or ("value",))
    source = context.get_parameter_source(param.name) if context is not None and param.name is not None else None
    if source is click.core.ParameterSource.ENVIRONMENT and isinstance(param.envvar, str):
        return param.envvar
    longest = max(param.opts, key=len)
    return longest if longest.startswith("-") else param.human_readable_name


def _as_clause(text: str) -> str:
    """The text of a help page as a part of a sentence."""
    text = text.removesuffix(".")
    return text[0].lower() + text[1:] if text[1:2].islower() else text
