"""Why the published schema refuses a URL, in words, and what to write instead.

The schema has one pattern for URLs (see `umbmarket.umbraco.vocabulary.url_pattern`): ``http://`` or
``https://`` in lower case, a host of ASCII letters, digits, hyphens and dots whose last part has two to six
letters, and then nothing or a slash and anything without white space. That is narrower than what is a URL: a
port, ``.website`` or ``example.com?q`` are refused. The functions here only explain; the pattern has the last
word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from umbmarket.findings import shortened
from umbmarket.umbraco.vocabulary import is_accepted_url

UrlProblemCode: TypeAlias = Literal[
    "empty",
    "surrounding-white-space",
    "relative-path",
    "no-scheme",
    "other-scheme",
    "scheme-letter-case",
    "scheme-separator",
    "scheme-twice",
    "white-space",
    "no-host",
    "user-info",
    "ip-address",
    "localhost",
    "port",
    "non-ascii-host",
    "underscore",
    "host-character",
    "host-without-dot",
    "trailing-dot",
    "long-top-level-domain",
    "short-top-level-domain",
    "odd-top-level-domain",
    "query-without-path",
    "back-slash",
    "malformed",
]
"""What is wrong with a URL, by name."""

_TEXTS: dict[UrlProblemCode, tuple[str, str]] = {
    "empty": ("is empty", "Remove the property if there is no such URL."),
    "surrounding-white-space": ("begins or ends with white space", "Remove the white space."),
    "relative-path": (
        "is a relative path",
        "Write the full URL, beginning with https://. The Marketplace does not know what the path is relative to.",
    ),
    "no-scheme": ("has no scheme", 'Begin it with "https://".'),
    "other-scheme": ('has the scheme "{scheme}"', "Use a URL that begins with https:// or http://."),
    "scheme-letter-case": (
        'has the scheme "{scheme}", which must be in lower case',
        'Write it as "{lower}".',
    ),
    "scheme-separator": ('begins with "{found}" instead of "{wanted}"', 'Begin it with "{wanted}".'),
    "scheme-twice": ("begins with two schemes", "Remove the first one."),
    "white-space": ("contains white space", "Write a space as %20, or remove it."),
    "no-host": ("has no host name", "Write the host name right after the two slashes."),
    "user-info": ("has a user name before the host name", "Remove everything up to and including the @ sign."),
    "ip-address": (
        "has an IP address instead of a host name",
        "The Marketplace accepts only host names. Use a URL with one.",
    ),
    "localhost": (
        "points to localhost",
        "Use a URL on the public internet.",
    ),
    "port": ('has a port, "{port}"', "The Marketplace rejects URLs with a port. Use a URL without one."),
    "non-ascii-host": (
        "has a host name with characters outside ASCII",
        "Use a host name of ASCII letters, or its punycode form, which begins with xn--.",
    ),
    "underscore": (
        "has an underscore in its host name",
        "The Marketplace rejects host names with an underscore. Use another URL.",
    ),
    "host-character": (
        'has "{characters}" in its host name',
        "Use only letters, digits, hyphens and dots in the host name.",
    ),
    "host-without-dot": (
        'has the host name "{host}", which has no dot',
        "Write the full host name, such as www.example.com.",
    ),
    "trailing-dot": ("has a dot at the end of its host name", "Remove the dot."),
    "long-top-level-domain": (
        'has the top-level domain ".{tld}", which is longer than six letters',
        "The Marketplace rejects top-level domains of more than six letters, although they exist. Use another URL, for"
        " example on GitHub.",
    ),
    "short-top-level-domain": (
        'has the top-level domain ".{tld}", which is shorter than two letters',
        "Check the host name.",
    ),
    "odd-top-level-domain": (
        'has the top-level domain ".{tld}", which has characters other than letters',
        "The Marketplace accepts only top-level domains of two to six letters. Use another URL.",
    ),
    "query-without-path": ('has "{mark}" right after the host name', 'Put a slash before the "{mark}".'),
    "back-slash": ("has a backslash", "Write forward slashes."),
    "malformed": ("is not a URL", "Write a URL such as https://www.example.com/path."),
}
"""Message and help for each code; the names in braces are the parts of the problem."""

_PUNYCODE_HELP = 'Write the host name as "{punycode}".'
_PUNYCODE_REFUSED_HELP = 'The Marketplace does not accept its punycode form, "{punycode}", either. Use another URL.'

MAX_HOST_LENGTH = 253
"""No host name is longer (RFC 1035). Longer ones are not converted to punycode, to bound the time."""

_MAX_QUOTED = 60
_MAX_CORRECTIONS = 4
_LONGEST_TOP_LEVEL_DOMAIN = 6
_SHORTEST_TOP_LEVEL_DOMAIN = 2

WHITE_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
r"""The characters that ``\s`` stands for in the schema's pattern (ECMA-262, WhiteSpace and LineTerminator)."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*(?=:)")
_COLON_LEFT_OUT = re.compile(r"https?/{1,2}(?=[^/])", re.IGNORECASE)
_SSH = re.compile(r"[A-Za-z0-9_.\-]+@[A-Za-z0-9.\-]+:(?!//)")
_AUTHORITY_END = re.compile(r"[/?#\\]")
_WHITE = re.compile(f"[{re.escape(WHITE_SPACE)}]+")
_HOST_CHARACTER = re.compile(r"[^A-Za-z0-9.\-]+")
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_HOST_WITHOUT_SCHEME = re.compile(r"(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,24}(?=[/?#]|\Z)")
_HOST_AND_PORT = re.compile(r"[A-Za-z0-9.\-]+:[0-9]+(?=[/?#]|\Z)")

_HOSTS_WITHOUT_SCHEME = frozenset(
    {"github.com", "raw.githubusercontent.com", "our.umbraco.com", "umbraco.com", "youtube.com", "youtu.be"}
)
"""What is known to be a host when the scheme is missing, besides everything that begins with ``www.``"""

_FILE_EXTENSIONS = frozenset(
    {
        "gif",
        "htm",
        "html",
        "jpeg",
        "jpg",
        "json",
        "md",
        "mov",
        "mp4",
        "pdf",
        "png",
        "svg",
        "txt",
        "webm",
        "webp",
    }
)
"""Endings that make ``image.png`` a file name rather than a host."""

_IDNA_DEVIATIONS = frozenset("ßς\u200c\u200d")
"""Characters that the two generations of internationalised names map differently (UTS #46, section 7)."""


@dataclass(frozen=True, slots=True)
class UrlProblem:
    """Why a URL is refused.

    Attributes:
        code: What is wrong, by name.
        start: Where the offending part begins, in code points of the text.
        end: Where it ends; equal to ``start`` where something is missing.
        message: What is wrong as a part of a sentence that follows the URL, such as ``"has no scheme"``.
        help: What to do about it, in whole sentences.
        corrected: A URL that the schema accepts and that means the same, where there is no doubt; else None.
        parts: The words that the message is made of, by name, such as ``{"port": "8080"}``, shortened.
    """

    code: UrlProblemCode
    start: int
    end: int
    message: str
    help: str
    corrected: str | None = None
    parts: dict[str, str] = field(default_factory=dict)


def explain(text: str) -> UrlProblem:
    """Say why the published schema refuses a URL that it refuses; see `umbmarket.umbraco.urls.diagnose_url`."""
    fault = _first_fault(text)
    message, help_text = _TEXTS[fault.code]
    parts = {name: shortened(part, _MAX_QUOTED) for name, part in fault.parts.items()}
    corrected = _corrected(fault.instead)
    if "punycode" in parts:
        help_text = _PUNYCODE_HELP if corrected else _PUNYCODE_REFUSED_HELP
    return UrlProblem(fault.code, *fault.span, message.format_map(parts), help_text.format_map(parts), corrected, parts)


class _Fault(NamedTuple):
    """One thing that is wrong; ``instead`` is the text with it put right, which may have other faults."""

    code: UrlProblemCode
    span: tuple[int, int]
    instead: str | None
    parts: dict[str, str]


def _fault(code: UrlProblemCode, span: tuple[int, int], *, instead: str | None = None, **parts: str) -> _Fault:
    return _Fault(code, span, instead, parts)


def _first_fault(text: str) -> _Fault:
    fault = _around(text) or _scheme(text) or _white_space(text)
    if fault is None:
        start = text.index("://") + 3
        found = _AUTHORITY_END.search(text, start)
        end = found.start() if found else len(text)
        fault = _authority(text, start, end) or _host(text, start, end) or _after_host(text, end)
    return fault or _fault("malformed", (0, len(text)))


def _corrected(text: str | None) -> str | None:
    """Put the remaining faults right as well, as long as it is certain how."""
    for _ in range(_MAX_CORRECTIONS):
        if text is None or is_accepted_url(text):
            return text
        text = _first_fault(text).instead
    return None


def _around(text: str) -> _Fault | None:
    """Nothing at all, or white space at either end."""
    stripped = text.strip(WHITE_SPACE)
    if not stripped:
        return _fault("empty", (0, len(text)))
    if stripped == text:
        return None
    lead = len(text) - len(text.lstrip(WHITE_SPACE))
    span = (0, lead) if lead else (len(stripped), len(text))
    return _fault("surrounding-white-space", span, instead=stripped)


def _scheme(text: str) -> _Fault | None:
    """Anything but ``http://`` or ``https://`` at the beginning."""
    ssh = _SSH.match(text)
    if ssh is not None:
        return _other_scheme(text, "ssh", (0, ssh.end()))
    colonless = _COLON_LEFT_OUT.match(text)
    if colonless is not None:
        wanted = colonless[0].rstrip("/").lower() + "://"
        span = colonless.span()
        return _fault("scheme-separator", span, instead=wanted + text[span[1] :], found=colonless[0], wanted=wanted)
    match = _SCHEME.match(text)
    if match is None or _HOST_AND_PORT.match(text):
        return _no_scheme(text)
    scheme = match[0]
    if len(scheme) == 1:
        # The drive of a Windows path.
        return _fault("relative-path", (0, len(text)))
    lower = scheme.lower()
    if lower not in ("http", "https"):
        return _other_scheme(text, scheme, (0, len(scheme) + 1))
    colon = len(scheme)
    address = text[colon + 1 :].lstrip("/\\")
    start = len(text) - len(address)
    separator = text[colon + 1 : start]
    if separator.startswith("//") and separator != "//":
        return _fault("no-host", (colon + 3, colon + 3))
    if separator != "//":
        return _fault(
            "scheme-separator",
            (colon, start),
            instead=f"{lower}://{address}",
            found=text[:start],
            wanted=f"{lower}://",
        )
    if address.lower().startswith(("http://", "https://")):
        return _fault("scheme-twice", (0, start), instead=address)
    if scheme != lower:
        return _fault("scheme-letter-case", (0, colon), instead=lower + text[colon:], scheme=scheme, lower=lower)
    return None


def _no_scheme(text: str) -> _Fault:
    """A path, or a host with the scheme left out."""
    if text.startswith("//") and not text.startswith("///"):
        return _fault("no-scheme", (0, 2), instead="https:" + text)
    match = _HOST_WITHOUT_SCHEME.match(text) or _HOST_AND_PORT.match(text)
    if match is None:
        return _fault("relative-path" if _looks_like_path(text) else "malformed", (0, len(text)))
    host = match[0].lower().partition(":")[0]
    known = host.startswith("www.") or host in _HOSTS_WITHOUT_SCHEME
    if not known and host.rpartition(".")[2] in _FILE_EXTENSIONS:
        return _fault("relative-path", (0, len(text)))
    return _fault("no-scheme", (0, match.end()), instead="https://" + text if known else None, host=host)


def _looks_like_path(text: str) -> bool:
    ending = text.rpartition(".")[2].lower()
    return text[0] in ".?#" or "/" in text or "\\" in text or ("." in text and ending in _FILE_EXTENSIONS)


def _other_scheme(text: str, scheme: str, span: tuple[int, int]) -> _Fault:
    from umbmarket.web.addresses.repositories import parse_repository

    location = parse_repository(text)
    return _fault("other-scheme", span, instead=location.repository.url if location else None, scheme=scheme)


def _white_space(text: str) -> _Fault | None:
    match = _WHITE.search(text)
    if match is None:
        return None
    slash = text.find("/", text.index("://") + 3)
    certain = " " in text and 0 <= slash < match.start()
    return _fault("white-space", match.span(), instead=text.replace(" ", "%20") if certain else None)


def _authority(text: str, start: int, end: int) -> _Fault | None:
    """What may stand around the host name: a user, a port."""
    authority = text[start:end]
    if not authority:
        return _fault("no-host", (start, start))
    at = authority.rfind("@")
    if at >= 0:
        return _fault("user-info", (start, start + at + 1))
    if authority.startswith("["):
        return _fault("ip-address", (start, end))
    host, colon, port = authority.rpartition(":")
    if not colon:
        return None
    usual = "80" if text.startswith("http:") else "443"
    instead = text[: start + len(host)] + text[end:] if port in ("", usual) else None
    return _fault("port", (start + len(host), end), instead=instead, port=port)


def _host(text: str, start: int, end: int) -> _Fault | None:
    """The host name itself."""
    host = text[start:end]
    if not host.isascii():
        return _non_ascii_host(text, start, end)
    if host.lower() == "localhost":
        return _fault("localhost", (start, end))
    if _IPV4.fullmatch(host):
        return _fault("ip-address", (start, end))
    odd = _HOST_CHARACTER.search(host)
    if odd is not None:
        span = (start + odd.start(), start + odd.end())
        if set(odd[0]) == {"_"}:
            return _fault("underscore", span)
        return _fault("host-character", span, characters=odd[0])
    if host.endswith("."):
        bare = start + len(host.rstrip("."))
        return _fault("trailing-dot", (bare, end), instead=text[:bare] + text[end:])
    if "." not in host:
        return _fault("host-without-dot", (start, end), host=host)
    tld = host.rpartition(".")[2]
    span = (end - len(tld), end)
    if not tld.isalpha():
        return _fault("odd-top-level-domain", span, tld=tld)
    if len(tld) > _LONGEST_TOP_LEVEL_DOMAIN:
        return _fault("long-top-level-domain", span, tld=tld)
    if len(tld) < _SHORTEST_TOP_LEVEL_DOMAIN:
        return _fault("short-top-level-domain", span, tld=tld)
    return None


def _non_ascii_host(text: str, start: int, end: int) -> _Fault:
    host = text[start:end]
    offsets = [index for index, char in enumerate(host) if not char.isascii()]
    span = (start + offsets[0], start + offsets[-1] + 1)
    punycode = _punycode(host)
    if punycode is None:
        return _fault("non-ascii-host", span)
    return _fault("non-ascii-host", span, instead=text[:start] + punycode + text[end:], punycode=punycode)


def _punycode(host: str) -> str | None:
    """The ASCII form of an internationalised host name, or None if there is none that is beyond doubt."""
    if len(host) > MAX_HOST_LENGTH or not _IDNA_DEVIATIONS.isdisjoint(host):
        return None
    try:
        return host.encode("idna").decode("ascii") or None
    except UnicodeError:
        return None


def _after_host(text: str, end: int) -> _Fault | None:
    """Something else than a slash after the host name."""
    following = text[end : end + 1]
    if following == "\\":
        return _fault("back-slash", (end, end + 1), instead=text[:end] + text[end:].replace("\\", "/"))
    if following in ("?", "#"):
        instead = f"{text[:end]}/{text[end:]}"
        return _fault("query-without-path", (end, end + 1), instead=instead, mark=following)
    return None
