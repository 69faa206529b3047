"""Completion in the shell: `--show-completion` and `--install-completion`.

The scripts are click's. What stands here is where they go: the files that each shell reads when it starts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from umbmarket.cli import streams
from umbmarket.cli.choices import OneOf
from umbmarket.cli.program import NAME

SHELLS = ("bash", "zsh", "fish", "powershell")
"""The shells that can complete."""

_VARIABLE = "_UMBMARKET_COMPLETE"
"""The environment variable by which a script asks for words; click makes its name from the program's."""
_CURRENT = "current"
"""Stands for the user's own shell, where none is named."""


class _Shell(OneOf):
    """A shell; without a name, the one that the user logs in with."""

    def __init__(self) -> None:
        super().__init__(SHELLS)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The shell that is meant.

        Raises:
            click.BadParameter: there is no completion for it, or the user's own cannot be told.
        """
        if value == _CURRENT:
            own = os.path.basename(os.environ.get("SHELL", "")) or ("powershell" if os.name == "nt" else "")
            if own not in SHELLS:
                self.fail("SHELL names no shell that umbmarket knows: name one, such as bash", param, ctx)
            return own
        return super().convert("powershell" if value.lower() == "pwsh" else value, param, ctx)


def show_option() -> click.Option:
    """`--show-completion`."""
    return _option("--show-completion", _show, "Print the completion script of a shell, by default of yours.")


def install_option() -> click.Option:
    """`--install-completion`."""
    return _option("--install-completion", _install, "Install completion for a shell, by default for yours.")


def _option(name: str, action: Callable[[str], None], words: str) -> click.Option:
    def act(context: click.Context, _parameter: click.Parameter, shell: str | None) -> None:
        if shell is not None and not context.resilient_parsing:
            action(shell)
            context.exit()

    return click.Option(
        [name],
        is_flag=False,
        flag_value=_CURRENT,
        type=_Shell(),
        metavar="[SHELL]",
        is_eager=True,
        expose_value=False,
        callback=act,
        help=words,
    )


def _script(shell: str) -> str:
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise AssertionError(f"click knows no {shell}")
    return kind(click.Command(NAME), {}, NAME, _VARIABLE).source()


def _show(shell: str) -> None:
    streams.write_data(_script(shell))


def _install(shell: str) -> None:
    """Write the script where the shell finds it.

    Raises:
        CannotWrite: a file cannot be written.
    """
    home = Path.home()
    if shell == "powershell":
        # Its profile lies where only PowerShell itself can tell.
        streams.write_text(
            "Add this line to the file that $PROFILE names, and restart PowerShell:\n"
            f"  {NAME} --show-completion powershell | Out-String | Invoke-Expression\n"
        )
        return
    start = None
    if shell == "bash":
        place = home / ".bash_completions" / f"{NAME}.sh"
        quoted = str(place).replace("'", r"'\''")
        start = home / ".bashrc", f"source '{quoted}'"
    elif shell == "zsh":
        place = home / ".zfunc" / f"_{NAME}"
        start = home / ".zshrc", "fpath+=~/.zfunc; autoload -Uz compinit; compinit"
    else:
        place = home / ".config" / "fish" / "completions" / f"{NAME}.fish"
    streams.make_folder(place.parent)
    streams.write_file(place, _script(shell))
    if start is not None:
        # Last: a line about a script that is not there would be told by every new shell.
        _add_line(*start)
    streams.write_text(f"{shell} completion installed in {place}\nIt takes effect in the next terminal you open.\n")


def _add_line(file: Path, line: str) -> None:
    """Add a line to a file that the shell reads when it starts, unless it stands there; nothing else is changed."""
    try:
        content = file.read_bytes() if os.path.exists(file) else b""
    except OSError as problem:
        from umbmarket.disk.files import in_words

        raise streams.CannotWrite(f"{file} cannot be read: {in_words(problem, str(file))}") from None
    if os.fsencode(line) in content.splitlines():
        return
    end = b"" if not content or content.endswith(b"\n") else b"\n"
    streams.write_bytes(file, content + end + os.fsencode(line) + b"\n")
