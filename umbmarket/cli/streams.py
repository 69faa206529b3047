"""Where the program's words go: results to standard output or a file, remarks and errors to standard error.

The streams may be narrow (a Windows code page), closed, or a pipe whose reader has left; none of that may end
in a traceback.
"""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn, TextIO

from umbmarket.output.plain import plain, plain_path

_ENDING = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals that ask a program to end; which of them there are depends on the system."""

_ENDED_BY_SIGNAL = 128
"""What shells add to the number of the signal that ended a program."""

COLORS = ("auto", "always", "never")
"""What `--color` may say."""

_REMARK_INDENT = 2
_WIDEST_TERMINAL = 10_000
_COMMON_TERMINAL = 80
"""Columns of a terminal that does not tell how many it has."""


class CannotWrite(Exception):
    """The results cannot be put where they should go; the text says where and why.

    Attributes:
        problems: one text for each place; together, on a line each, they are the text of the exception.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def write_text(text: str) -> None:
    """Write text to standard output in the stream's own encoding; what that lacks is written as an escape.

    Raises:
        CannotWrite: the disk is full, or the like. A reader who has left is no reason.
    """
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    _write(stream, text)


def write_data(text: str) -> None:
    """Write text for machines to standard output: UTF-8 with plain line feeds, whatever the locale says.

    Raises:
        CannotWrite: as for `write_text`.
    """
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    _write(stream, text)


def write_bytes_out(parts: Iterable[bytes]) -> None:
    """Write bytes to standard output as they are: the text of a file, in whatever encoding it is.

    Args:
        parts: of the text; once the reader has left, no more of them are asked for.

    Raises:
        CannotWrite: as for `write_text`.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    except OSError as error:
        if not _reader_left(error):
            raise CannotWrite(f"standard output cannot be written: {error.strerror}") from None
        _discard_output()


def _write(stream: TextIO | None, text: str) -> None:
    # A program without a console has no standard output at all.
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        if not _reader_left(error):
            raise CannotWrite(f"standard output cannot be written: {error.strerror}") from None
        _discard_output()


def _reader_left(error: OSError) -> bool:
    """Whether the other end of the pipe is closed, as by `| head`; Windows calls that an invalid argument."""
    return error.errno == errno.EPIPE or (os.name == "nt" and error.errno == errno.EINVAL)


def _discard_output() -> None:
    """Send what is still in the buffer nowhere, or the interpreter complains about it at its end."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def note(*texts: str) -> None:
    """Write remarks on the run to standard error, on a line each, whatever line breaks the paths in them have."""
    _remark("note", texts)


def error(*texts: str) -> None:
    """Write what went wrong to standard error, on a line each."""
    _remark("error", texts)


def _remark(kind: str, texts: Sequence[str]) -> None:
    width = _columns(sys.stderr)
    lines: list[str] = []
    for line in map(plain, texts):
        if width is None:
            lines.append(f"{kind}: {line}")
        else:
            # Late: a log is not wrapped.
            from umbmarket.output.columns import beside

            first, *others = beside(len(kind) + 2, line, width, _REMARK_INDENT)
            lines += [f"{kind}: {first}", *others]
    write_error("".join(f"{line}\n" for line in lines))


def write_error(text: str) -> None:
    """Write lines to standard error as they are."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:
            # Nobody is left to be told.
            return


def refuse_no_place(path: Path, *, makes_folders: bool = False) -> None:
    """Refuse a path that no file can be written at, before anything is done for it.

    Args:
        path: of the file, as the user wrote it.
        makes_folders: the folders above it are made where they are not there.

    Raises:
        CannotWrite: a folder above it is not there, or something else is in its place or in that of the file.
    """
    # Late: most runs write no file.
    from umbmarket.disk.folders_above import no_place

    problem = no_place(path, makes_folders=makes_folders, show=_shown)
    if problem is not None:
        raise CannotWrite(f"{_shown(path)} cannot be written: {problem}")


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, where it is not there.

    Raises:
        CannotWrite: it cannot be made.
    """
    # Late: most runs write no file.
    from umbmarket.disk.folders_above import make_folders

    try:
        make_folders(folder)
    except (OSError, ValueError) as problem:
        from umbmarket.disk.files import in_words
        from umbmarket.disk.folders_above import in_the_way

        words = in_the_way(folder / "x", show=_shown) or in_words(problem, str(folder))
        raise CannotWrite(f"{_shown(folder)} cannot be created: {words}") from None


def _shown(path: Path) -> str:
    """A path in a message: on one line, whatever it is called."""
    return plain_path(str(path))


def write_file(path: Path, text: str) -> None:
    """Replace a file by `text` in UTF-8, in one step: at any moment the file is the old one or the new one.

    A link stays a link, and what is no regular file (a pipe, a device) is written to instead of replaced.

    Raises:
        CannotWrite: the file cannot be written; an old one is as it was.
    """
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_bytes(path: Path, data: bytes) -> None:
    """Replace a file by `data`, as `write_file` does.

    Raises:
        CannotWrite: as for `write_file`.
    """
    refuse_no_place(path)
    try:
        from umbmarket.disk.replacing import replace_file

        with ending_in_order():
            replace_file(path, data)
    except (OSError, ValueError) as problem:
        from umbmarket.disk.files import in_words

        raise CannotWrite(f"{_shown(path)} cannot be written: {in_words(problem, str(path))}") from None


@contextmanager
def ending_in_order() -> Iterator[None]:
    """While files are written: let `kill` and a terminal that closes end the program as Ctrl-C does.

    By default they end it on the spot, and what was written beside a file would stay there.
    """
    import signal

    def leave(number: int, _frame: object) -> NoReturn:
        sys.exit(_ENDED_BY_SIGNAL + number)

    before = {}
    for number in (getattr(signal, name, None) for name in _ENDING):
        # Who called us may have plans of its own, and only the main thread may make any.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):
                before[number] = signal.signal(number, leave)
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)


def wants_color(choice: str, *, to_file: bool = False) -> bool:
    """Whether standard output, or the file instead of it, gets colours.

    `--color always|never` decides. Else NO_COLOR (set and not empty, no-color.org) beats FORCE_COLOR
    (likewise, force-color.org), which beats the guess: a terminal that is not "dumb".

    Args:
        choice: what `--color` says, one of `COLORS`.
        to_file: the results go to a file.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if to_file or sys.stdout is None or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return False
    return _understands_escapes()


def _understands_escapes() -> bool:
    """Whether the terminal reads escape sequences; the console of Windows 10 and later has to be asked to."""
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        processing = 0x0004  # ENABLE_VIRTUAL_TERMINAL_PROCESSING (Windows Console reference, SetConsoleMode)
        kernel = ctypes.windll.kernel32
        handle = msvcrt.get_osfhandle(sys.stdout.fileno())
        mode = ctypes.c_ulong()
        # What is a terminal but no Windows console, such as that of Git for Windows, understands by itself.
        if kernel.GetConsoleMode(handle, ctypes.byref(mode)):
            return bool(kernel.SetConsoleMode(handle, mode.value | processing))
    return True


def terminal_width() -> int | None:
    """Columns to write for: what COLUMNS says, else those of the terminal that standard output is.

    Returns:
        The columns; None in a pipe or a file, where nobody said how wide it will be shown.
    """
    return _columns(sys.stdout)


def _columns(stream: TextIO | None) -> int | None:
    said = os.environ.get("COLUMNS", "")
    if re.fullmatch(r"[0-9]{1,5}", said) and 0 < int(said) <= _WIDEST_TERMINAL:
        return int(said)
    if stream is None or not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or _COMMON_TERMINAL
    except (OSError, ValueError):
        return _COMMON_TERMINAL
