"""What a module takes from the `pom.xml` above it, and that nothing but its `<module>` is added there."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from umbmarket.nuxeo.maven_parent import Coordinates, InvalidPom, ParentPom

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>org.example</groupId>
  <artifactId>parent</artifactId>
  <version>1.0-SNAPSHOT</version>
  <packaging>pom</packaging>
"""
TAIL = "</project>\n"


def pom(inside: str, line_end: str = "\n", mark: bytes = b"") -> bytes:
    return mark + (HEAD + inside + TAIL).replace("\n", line_end).encode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "  <modules>\n    <module>a</module>\n    <module>b</module><!-- last -->\n  </modules>\n",
            "  <modules>\n    <module>a</module>\n    <module>b</module>\n    <module>new</module><!-- last -->\n"
            "  </modules>\n",
        ),
        (
            "\t<modules>\n\t\t<module>a</module>\n\t</modules>\n",
            "\t<modules>\n\t\t<module>a</module>\n\t\t<module>new</module>\n\t</modules>\n",
        ),
        ("  <modules><module>a</module></modules>\n", "  <modules><module>a</module><module>new</module></modules>\n"),
        ("  <modules/>\n", "  <modules>\n    <module>new</module>\n  </modules>\n"),
        ("  <modules />\n", "  <modules>\n    <module>new</module>\n  </modules>\n"),
        ("  <modules></modules>\n", "  <modules>\n    <module>new</module>\n  </modules>\n"),
        (
            "  <modules>\n    <!-- none yet -->\n  </modules>\n",
            "  <modules>\n    <!-- none yet -->\n    <module>new</module>\n  </modules>\n",
        ),
        ("", "  <modules>\n    <module>new</module>\n  </modules>\n"),
        (
            "  <!-- <modules><module>no</module></modules> -->\n",
            "  <!-- <modules><module>no</module></modules> -->\n  <modules>\n    <module>new</module>\n  </modules>\n",
        ),
        (
            "  <profiles><profile><id>p</id><modules><module>x</module></modules></profile></profiles>\n",
            "  <profiles><profile><id>p</id><modules><module>x</module></modules></profile></profiles>\n"
            "  <modules>\n    <module>new</module>\n  </modules>\n",
        ),
        (
            "  <modules>\n    <module>a</module>\n    <module/>\n  </modules>\n",
            "  <modules>\n    <module>a</module>\n    <module/>\n    <module>new</module>\n  </modules>\n",
        ),
    ],
)
def test_one_module_more(before: str, after: str, line_end: str, mark: bytes) -> None:
    parent = ParentPom(pom(before, line_end, mark))
    made = parent.with_module("new")
    assert made == pom(after, line_end, mark)
    again = ParentPom(made)
    assert again.modules == (*parent.modules, "new")
    assert again.with_module("new") == made


def test_a_file_on_one_line() -> None:
    said = "<groupId>g</groupId><artifactId>a</artifactId><version>1</version><packaging>pom</packaging>"
    text = f"<project>{said}</project>"
    made = ParentPom(text.encode()).with_module("new")
    root = etree.fromstring(made)
    assert [each.text for each in root.iter("module")] == ["new"]
    assert re.sub(rb"\s*<modules>.*</modules>\s*", b"", made, flags=re.DOTALL) == text.encode()


def test_an_encoding_that_is_like_ascii_is_left_alone() -> None:
    text = HEAD.replace("UTF-8", "ISO-8859-1") + "  <name>é</name>\n" + TAIL
    made = ParentPom(text.encode("latin-1")).with_module("new")
    assert b"<name>\xe9</name>" in made
    assert "é" in etree.tostring(etree.fromstring(made), encoding="unicode")


def test_what_it_says_of_itself() -> None:
    found = ParentPom(pom("  <organization>\n    <name>Example &amp; Co</name>\n  </organization>\n"))
    assert found.coordinates == Coordinates("org.example", "parent", "1.0-SNAPSHOT")
    assert (found.packaging, found.is_aggregator, found.organization) == ("pom", True, "Example & Co")
    assert not found.has_nuxeo_parent


@pytest.mark.parametrize(
    ("group", "expected"), [("org.nuxeo", True), ("org.nuxeo.ecm.distribution", True), ("org.nuxeolike", False)]
)
def test_group_and_version_of_its_own_parent(group: str, expected: bool) -> None:
    text = (
        f"<project><parent><groupId>{group}</groupId><artifactId>p</artifactId><version>2025.0</version></parent>"
        "<artifactId>a</artifactId></project>"
    )
    found = ParentPom(text.encode())
    assert found.coordinates == Coordinates(group, "a", "2025.0")
    assert found.has_nuxeo_parent is expected
    assert (found.packaging, found.is_aggregator) == ("jar", False)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is not XML in an encoding such as UTF-8"),
        ("<project/>".encode("utf-16"), "it is not XML in an encoding such as UTF-8"),
        (b"<project>\n<a>\n</project>", r"it is not well-formed XML \(line 3\)"),
        (b"<?xml version='1.0' encoding='UTF-9'?><project/>", "it is in an encoding that is not read"),
        (
            b"<?xml version='1.0' encoding='shift_jis'?><project/>",
            "it is in an encoding that is not read",
        ),
        (b"<package/>", "its root element is not <project>"),
        (b"<project/>", "it does not say its groupId, artifactId and version"),
        (b"<!DOCTYPE project [<!ENTITY a 'b'>]><project/>", "it has a DOCTYPE, which is not read"),
    ],
)
def test_what_cannot_be_used(data: bytes, words: str) -> None:
    with pytest.raises(InvalidPom, match=words):
        ParentPom(data)
