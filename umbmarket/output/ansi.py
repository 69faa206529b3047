"""The few styles of the text outputs; a library for them takes longer to import than a run takes."""

from typing import NamedTuple

from umbmarket.findings import Severity

_RESET = "\x1b[0m"


class Style(NamedTuple):
    """What goes before and after a styled text; both empty when there is no colour."""

    on: str = ""
    off: str = ""

    def __call__(self, text: str) -> str:
        """`text` in this style."""
        return f"{self.on}{text}{self.off}"


PLAIN = Style()


class Palette(NamedTuple):
    """The styles by what they are for."""

    path: Style
    frame: Style
    label: Style
    error: Style
    warning: Style
    info: Style

    def severity(self, severity: Severity) -> Style:
        """The style of a severity's name and carets."""
        return (self.error, self.warning, self.info)[Severity.ERROR.rank - severity.rank]


NO_COLOR = Palette(PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN)


def palette(color: bool) -> Palette:
    """The styles to use; all of them do nothing unless `color`."""
    if not color:
        return NO_COLOR
    bold, blue, cyan = Style("\x1b[1m", _RESET), Style("\x1b[94m", _RESET), Style("\x1b[36m", _RESET)
    red, yellow = Style("\x1b[1;31m", _RESET), Style("\x1b[1;33m", _RESET)
    return Palette(bold, blue, bold, red, yellow, cyan)
