"""Text that was saved in one encoding and read in another: lost characters, and UTF-8 taken for Windows-1252.

Only what no language writes is recognised: a capital letter with tilde or circumflex before a sign such as © or ¼, the
euro sign after â, the first half of an emoji. Quotes, dashes and no-break spaces may follow such a capital in real
texts, so they are no sign of damage there.
"""

import re
from typing import NamedTuple

LOST = "\ufffd"
"""What a decoder writes for bytes that it cannot read (Unicode, "replacement character")."""


class Damage(NamedTuple):
    """A damaged part of a text.

    Attributes:
        start: with `end`, the code points of the part.
        meant: what was meant; None where the character is lost.
    """

    start: int
    end: int
    meant: str | None


def _read_as_windows(byte: int) -> str:
    """The character that readers show for a byte: Windows-1252, and Latin-1 where that has a gap."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_BYTES = {_read_as_windows(byte): byte for byte in range(0x80, 0x100)}
_CONTINUATION = "".join(re.escape(_read_as_windows(byte)) for byte in range(0x80, 0xC0))
_REAL_NEIGHBOURS = "‚„…†‡‹›‘’“”•–—™\u00a0«»"
_SIGNS = "".join(
    re.escape(char) for byte in range(0x80, 0xC0) if (char := _read_as_windows(byte)) not in _REAL_NEIGHBOURS
)
_LATIN_SIGNS = "".join(re.escape(chr(byte)) for byte in range(0xA1, 0xC0) if chr(byte) not in f"{_REAL_NEIGHBOURS}´¨")
_DAMAGED = re.compile(f"{LOST}|Ã[{_SIGNS}]|Â[{_LATIN_SIGNS}]|â€[{_CONTINUATION}]|ï»¿|ï¿½|ðŸ[{_CONTINUATION}]{{2}}")


def find_damage(text: str) -> list[Damage]:
    """The damaged parts of a text, in order."""
    if text.isascii():
        return []
    return [Damage(found.start(), found.end(), _meant(found[0])) for found in _DAMAGED.finditer(text)]


def mended(text: str) -> str:
    """The text with every part that can be told put right."""
    return _DAMAGED.sub(lambda found: _meant(found[0]) or found[0], text)


def _meant(part: str) -> str | None:
    if part == LOST:
        return None
    meant = bytes(_BYTES[char] for char in part).decode("utf-8", "replace")
    return None if LOST in meant else meant
