from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.web.addresses.parts import WebAddress, parse_address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.com", WebAddress("https", "a.com", "", "", None, None)),
        (" HTTP://User@A.com:80/x/y?q=1&q#f \n", WebAddress("http", "a.com", "80", "/x/y", "q=1&q", "f")),
        ("https://a.com?q", WebAddress("https", "a.com", "", "", "q", None)),
        ("https://a.com/@b?c?d#e#f", WebAddress("https", "a.com", "", "/@b", "c?d", "e#f")),
        ("https://a.com/x\ny", WebAddress("https", "a.com", "", "/x\ny", None, None)),
        ("https://a.com:/", WebAddress("https", "a.com", "", "/", None, None)),
    ],
)
def test_an_address_is_taken_apart(text: str, expected: WebAddress) -> None:
    assert parse_address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.com",
        "//a.com",
        "ftp://a.com",
        "https://",
        "https:///x",
        "https://[::1]/",
        "https:a.com",
        "https://a.com\\x",
        "https://a.com:x/",
    ],
)
def test_anything_else_is_no_address(text: str) -> None:
    assert parse_address(text) is None


def test_segments_and_parameters() -> None:
    address = parse_address("https://a.com//x/%20y/?a=1&b=%26&c&=&a=2")
    assert address is not None
    assert address.segments == ("x", "%20y")
    assert address.parameters == (("a", "1"), ("b", "&"), ("c", ""), ("", ""), ("a", "2"))


@given(st.text())
def test_nothing_raises(text: str) -> None:
    address = parse_address(text)
    if address is not None:
        assert address.host
        assert all(address.segments)
        assert address.parameters is not None
