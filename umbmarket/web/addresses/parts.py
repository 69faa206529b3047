"""Takes a web address apart.

`urllib.parse.urlsplit` raises for some texts, silently drops line breaks and tabs from others, and knows more
schemes than matter here.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

_ADDRESS = re.compile(
    r"(https?)://(?:[^/?#\\@]*@)?([^/?#\\@:]+)(?::([0-9]*))?(?:(/[^?#]*))?(?:\?([^#]*))?(?:#(.*))?",
    re.IGNORECASE | re.DOTALL,
)


class WebAddress(NamedTuple):
    """An ``http`` or ``https`` address in its parts, which are as written unless said otherwise.

    Attributes:
        scheme: ``"http"`` or ``"https"``, in lower case.
        host: The host name, in lower case.
        port: The port as digits, or ``""``.
        path: The path with its first slash, or ``""``.
        query: What follows the question mark, or None without one.
        fragment: What follows the hash, or None without one.
    """

    scheme: str
    host: str
    port: str
    path: str
    query: str | None
    fragment: str | None

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path between slashes, empty ones left out, as written."""
        return tuple(segment for segment in self.path.split("/") if segment)

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The parameters of the query in order, percent-decoded; one without ``=`` has an empty value."""
        pairs = (part.partition("=") for part in (self.query or "").split("&") if part)
        return tuple((unquote(name), unquote(value)) for name, _, value in pairs)


def parse_address(text: str) -> WebAddress | None:
    """Take an address apart.

    Args:
        text: Anything. White space around it is passed over.

    Returns:
        The parts, or None if the text is no absolute ``http`` or ``https`` address.
    """
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        return None
    scheme, host, port, path, query, fragment = match.groups()
    return WebAddress(scheme.lower(), host.lower(), port or "", path or "", query, fragment)
