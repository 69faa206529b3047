from __future__ import annotations

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.umbraco.published_patterns import IN_PYTHON, WHITE_SPACE
from umbmarket.umbraco import url_faults
from umbmarket.umbraco.url_faults import _TEXTS, UrlProblem
from umbmarket.umbraco.urls import diagnose_url
from umbmarket.umbraco.vocabulary import is_accepted_url, url_pattern


def marked(text: str, problem: UrlProblem) -> str:
    """The text with the offending part in guillemets."""
    return f"{text[: problem.start]}«{text[problem.start : problem.end]}»{text[problem.end :]}"


@pytest.mark.parametrize(
    ("text", "code", "where", "corrected"),
    [
        ("", "empty", "«»", None),
        ("  \n", "empty", "«  \n»", None),
        ("https://a.com/\n", "surrounding-white-space", "https://a.com/«\n»", "https://a.com/"),
        (" \ufeffhttps://a.com", "surrounding-white-space", "« \ufeff»https://a.com", "https://a.com"),
        ("./images/x.png", "relative-path", "«./images/x.png»", None),
        ("../x.png", "relative-path", "«../x.png»", None),
        ("images/my pic.png", "relative-path", "«images/my pic.png»", None),
        ("logo.png", "relative-path", "«logo.png»", None),
        ("/docs", "relative-path", "«/docs»", None),
        ("#readme", "relative-path", "«#readme»", None),
        (r"images\x.png", "relative-path", r"«images\x.png»", None),
        (r"C:\images\x.png", "relative-path", r"«C:\images\x.png»", None),
        ("www.example.com/x", "no-scheme", "«www.example.com»/x", "https://www.example.com/x"),
        ("www.example.com?x", "no-scheme", "«www.example.com»?x", "https://www.example.com/?x"),
        ("www.example.website", "no-scheme", "«www.example.website»", None),
        ("github.com/a/b", "no-scheme", "«github.com»/a/b", "https://github.com/a/b"),
        ("example.com/docs", "no-scheme", "«example.com»/docs", None),
        ("//example.com/x", "no-scheme", "«//»example.com/x", "https://example.com/x"),
        ("localhost:5000/x", "no-scheme", "«localhost:5000»/x", None),
        ("ftp://example.com/x", "other-scheme", "«ftp:»//example.com/x", None),
        ("mailto:a@example.com", "other-scheme", "«mailto:»a@example.com", None),
        ("javascript:alert(1)", "other-scheme", "«javascript:»alert(1)", None),
        ("git@github.com:o/r.git", "other-scheme", "«git@github.com:»o/r.git", "https://github.com/o/r"),
        ("git://github.com/o/r.git", "other-scheme", "«git:»//github.com/o/r.git", "https://github.com/o/r"),
        ("ssh://git@github.com/o/r", "other-scheme", "«ssh:»//git@github.com/o/r", "https://github.com/o/r"),
        ("Https://a.com/X", "scheme-letter-case", "«Https»://a.com/X", "https://a.com/X"),
        ("https:/a.com", "scheme-separator", "https«:/»a.com", "https://a.com"),
        ("https:a.com", "scheme-separator", "https«:»a.com", "https://a.com"),
        ("https//a.com", "scheme-separator", "«https//»a.com", "https://a.com"),
        ("http:\\\\a.com\\x", "scheme-separator", "http«:\\\\»a.com\\x", "http://a.com/x"),
        ("https://http://a.com", "scheme-twice", "«https://»http://a.com", "http://a.com"),
        ("https://a.com/x y", "white-space", "https://a.com/x« »y", "https://a.com/x%20y"),
        ("https://a.com/x  y z", "white-space", "https://a.com/x«  »y z", "https://a.com/x%20%20y%20z"),
        ("https://a.com/x\ty", "white-space", "https://a.com/x«\t»y", None),
        ("https://a.com/x\u00a0y", "white-space", "https://a.com/x«\u00a0»y", None),
        ("https://a b.com/", "white-space", "https://a« »b.com/", None),
        ("https://", "no-host", "https://«»", None),
        ("https:///x", "no-host", "https://«»/x", None),
        ("https://?x", "no-host", "https://«»?x", None),
        ("https://me:pw@a.com/", "user-info", "https://«me:pw@»a.com/", None),
        ("https://[::1]:80/x", "ip-address", "https://«[::1]:80»/x", None),
        ("https://127.0.0.1/x", "ip-address", "https://«127.0.0.1»/x", None),
        ("http://localhost/x", "localhost", "http://«localhost»/x", None),
        ("https://a.com:8080/x", "port", "https://a.com«:8080»/x", None),
        ("https://a.com:443/x", "port", "https://a.com«:443»/x", "https://a.com/x"),
        ("http://a.com:80", "port", "http://a.com«:80»", "http://a.com"),
        ("http://a.com:443", "port", "http://a.com«:443»", None),
        ("https://a.com:/x", "port", "https://a.com«:»/x", "https://a.com/x"),
        ("https://münchen.de/ä", "non-ascii-host", "https://m«ü»nchen.de/ä", "https://xn--mnchen-3ya.de/ä"),
        ("https://пример.рф", "non-ascii-host", "https://«пример.рф»", None),
        ("https://straße.de", "non-ascii-host", "https://stra«ß»e.de", None),
        ("https://\ud800.com", "non-ascii-host", "https://«\ud800».com", None),
        ("https://" + "ü" * 300 + ".de", "non-ascii-host", "https://«" + "ü" * 300 + "».de", None),
        ("https://my_site.com", "underscore", "https://my«_»site.com", None),
        ("https://{name}.com", "host-character", "https://«{»name}.com", None),
        ("https://intranet/x", "host-without-dot", "https://«intranet»/x", None),
        ("https://a.com./x", "trailing-dot", "https://a.com«.»/x", "https://a.com/x"),
        (
            "https://www.tarikrital.website/",
            "long-top-level-domain",
            "https://www.tarikrital.«website»/",
            None,
        ),
        ("https://a.c", "short-top-level-domain", "https://a.«c»", None),
        ("https://a.xn--p1ai/", "odd-top-level-domain", "https://a.«xn--p1ai»/", None),
        ("https://a.com?x=1", "query-without-path", "https://a.com«?»x=1", "https://a.com/?x=1"),
        ("https://a.com#x", "query-without-path", "https://a.com«#»x", "https://a.com/#x"),
        ("https://a.com\\x\\y", "back-slash", "https://a.com«\\»x\\y", "https://a.com/x/y"),
        ("https://.com", "malformed", "«https://.com»", None),
        ("TODO", "malformed", "«TODO»", None),
        ("{url}", "malformed", "«{url}»", None),
        (" www.a.com?b c", "surrounding-white-space", "« »www.a.com?b c", None),
        (" www.a.com?b", "surrounding-white-space", "« »www.a.com?b", "https://www.a.com/?b"),
    ],
)
def test_what_is_wrong_and_where(text: str, code: str, where: str, corrected: str | None) -> None:
    problem = diagnose_url(text)
    assert problem is not None
    assert problem.code == code
    assert marked(text, problem) == where
    assert problem.corrected == corrected


@pytest.mark.parametrize(
    "text",
    [
        "https://a.com",
        "http://a.com/",
        "https://a.museum/x?y#z",
        "https://a..com",
        "https://-.com/ä\x1c\x85",
        "https://a.com/@user:80//\\",
        "https://1.2.3.de",
    ],
)
def test_what_the_schema_accepts_is_not_diagnosed(text: str) -> None:
    assert diagnose_url(text) is None


@pytest.mark.parametrize(
    ("text", "message", "help_text", "parts"),
    [
        (
            "https://a.com:8080",
            'has a port, "8080"',
            "The Marketplace rejects URLs with a port. Use a URL without one.",
            {"port": "8080"},
        ),
        (
            "images/a.png",
            "is a relative path",
            "Write the full URL, beginning with https://. The Marketplace does not know what the path is relative to.",
            {},
        ),
        (
            "https://a.website",
            'has the top-level domain ".website", which is longer than six letters',
            "The Marketplace rejects top-level domains of more than six letters, although they exist."
            " Use another URL, for example on GitHub.",
            {"tld": "website"},
        ),
        (
            "https://münchen.de",
            "has a host name with characters outside ASCII",
            'Write the host name as "xn--mnchen-3ya.de".',
            {"punycode": "xn--mnchen-3ya.de"},
        ),
        (
            "https://пример.рф",
            "has a host name with characters outside ASCII",
            'The Marketplace does not accept its punycode form, "xn--e1afmkfd.xn--p1ai", either. Use another URL.',
            {"punycode": "xn--e1afmkfd.xn--p1ai"},
        ),
        (
            "https://straße.de",
            "has a host name with characters outside ASCII",
            "Use a host name of ASCII letters, or its punycode form, which begins with xn--.",
            {},
        ),
        (
            "ftp://a.com",
            'has the scheme "ftp"',
            "Use a URL that begins with https:// or http://.",
            {"scheme": "ftp"},
        ),
        (
            "HTTP://a.com",
            'has the scheme "HTTP", which must be in lower case',
            'Write it as "http".',
            {"scheme": "HTTP", "lower": "http"},
        ),
        (
            "https:/a.com",
            'begins with "https:/" instead of "https://"',
            'Begin it with "https://".',
            {"found": "https:/", "wanted": "https://"},
        ),
        (
            "https://a.com?x",
            'has "?" right after the host name',
            'Put a slash before the "?".',
            {"mark": "?"},
        ),
        (
            "https://{0.x}{y}",
            'has "{" in its host name',
            "Use only letters, digits, hyphens and dots in the host name.",
            {"characters": "{"},
        ),
        (
            "https://" + "a" * 100,
            f'has the host name "{"a" * 29}…{"a" * 30}", which has no dot',
            "Write the full host name, such as www.example.com.",
            {"host": f"{'a' * 29}…{'a' * 30}"},
        ),
    ],
)
def test_the_words(text: str, message: str, help_text: str, parts: dict[str, str]) -> None:
    problem = diagnose_url(text)
    assert problem is not None
    assert (problem.message, problem.help, problem.parts) == (message, help_text, parts)


SEARCH = re.compile(IN_PYTHON[url_pattern()]).search


def test_white_space_is_that_of_the_standard() -> None:
    assert set(url_faults.WHITE_SPACE) == set(WHITE_SPACE)


PIECES = st.sampled_from(
    [
        "http",
        "https",
        "HTTPS",
        ":",
        "/",
        "//",
        "\\",
        "a",
        "b.com",
        ".",
        "com",
        "website",
        "c",
        "www.",
        "localhost",
        "@",
        ":80",
        "?",
        "#",
        " ",
        "\n",
        "\u00a0",
        "\ufeff",
        "ü",
        "ß",
        "\ud800",
        "_",
        "{",
        "xn--p1ai",
        "1.2.3.4",
        "[",
        "git@",
        "github.com",
        "o/r",
        "%",
        "-",
        "。",
    ]
)


@given(
    st.lists(PIECES, max_size=9).map("".join)
    | st.text()
    | st.text(string.ascii_letters + ":/.?#@ \\").map("https://".__add__)
)
@example("https://a.com/\x85")
def test_exactly_what_the_pattern_refuses_is_diagnosed(text: str) -> None:
    problem = diagnose_url(text)
    assert (problem is None) == (SEARCH(text) is not None) == is_accepted_url(text)
    if problem is not None:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.message
        assert problem.help
        assert "{" not in _TEXTS[problem.code][0].format_map(problem.parts) or "{" in text
        if problem.corrected is not None:
            assert is_accepted_url(problem.corrected)


@pytest.mark.parametrize(
    "text",
    [
        "https://" + "ü" * 500_000,
        "https://" + "a." * 500_000,
        "a." * 500_000,
        "a-" * 500_000,
        "https://a.com/" + " " * 1_000_000 + "x",
        "https://" * 125_000,
        " " * 1_000_000,
        "x" * 1_000_000 + "@a:b",
    ],
)
def test_a_long_text_is_diagnosed_in_few_words(text: str) -> None:
    problem = diagnose_url(text)
    assert problem is not None
    assert len(problem.message) + len(problem.help) < 400
