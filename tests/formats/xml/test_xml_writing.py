"""What is written as XML is read as what it was."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.formats.xml.elements import read_xml
from umbmarket.formats.xml.writing import escaped, quoted

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff") | st.just("\n"))


@pytest.mark.parametrize(
    ("text", "between", "value"),
    [
        ("", "", '""'),
        ("a", "a", '"a"'),
        ("<a & b>", "&lt;a &amp; b&gt;", '"&lt;a &amp; b&gt;"'),
        ("&lt;", "&amp;lt;", '"&amp;lt;"'),
        ('"it\'s"', '"it\'s"', '"&quot;it\'s&quot;"'),
        ("a\tb\nc\rd", "a\tb\nc\rd", '"a\tb&#xA;c&#xD;d"'),
    ],
)
def test_text_is_written_as_dotnet_writes_it(text: str, between: str, value: str) -> None:
    assert escaped(text) == between
    assert quoted(text) == value


@given(TEXTS)
def test_what_is_written_is_read_again(text: str) -> None:
    root = read_xml(f"<a b={quoted(text)}>.{escaped(text)}.</a>")
    assert root.attributes["b"] == text
    assert root.value == f".{text}."


@pytest.mark.parametrize("module", ["http.client", "urllib.request", "ssl", "email"])
def test_reading_projects_brings_no_http_client(module: str) -> None:
    code = f"import sys, umbmarket.nuget.project.plan as plan; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
