from __future__ import annotations

import pytest

from umbmarket.web.addresses.nuget_images import is_shown_on_nuget
from umbmarket.web.addresses.parts import parse_address


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://raw.githubusercontent.com/o/r/main/a.png", True),
        ("HTTP://IMG.SHIELDS.IO/a.svg", True),
        ("https://www.codecov.io/a.svg", True),
        ("https://www.img.shields.io/a.svg", False),
        ("https://github.com/o/r/workflows/build/badge.svg", True),
        ("https://github.com/o/r/actions/workflows/build.yml/badge.svg?branch=main", True),
        ("https://github.com/o/r/raw/main/a.png", False),
        ("https://github.com/o/r/blob/main/badge.svg", False),
        ("https://example.org/a.png", False),
        ("https://raw.githubusercontent.com.example.org/a.png", False),
    ],
)
def test_hosts(url: str, shown: bool) -> None:
    address = parse_address(url)
    assert address is not None
    assert is_shown_on_nuget(address) is shown
