"""Entry names: percent-decoding, look-up, letter case, and every spelling of a path that leaves the folder."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.formats.zip.member_names import entry_path, folded, unescape, unsafe_reason

LEAVES = "it leads out of the folder that the package is extracted to"
ITSELF = "it names the folder itself that the package is extracted to"
DECODED = " once its percent-escapes are decoded"


@pytest.mark.parametrize(
    ("written", "decoded"),
    [
        ("lib/net8.0/a.dll", "lib/net8.0/a.dll"),
        ("a%20b.txt", "a b.txt"),
        ("%5BContent_Types%5D.xml", "[Content_Types].xml"),
        ("%252B", "%2B"),
        ("caf%C3%A9", "café"),
        ("caf%c3%a9%20x", "café x"),
        ("%F0%9F%98%80", "😀"),
        ("100%", "100%"),
        ("%zz%4", "%zz%4"),
        ("%FF", "%FF"),
        ("%ff%41", "%ffA"),
        ("%C3%A9%E9%41", "é%E9A"),
        ("%00", "\0"),
        ("a+b", "a+b"),
    ],
)
def test_percent_escapes_are_undone_once_as_dotnet_does(written: str, decoded: str) -> None:
    assert unescape(written) == decoded


@pytest.mark.parametrize(
    ("written", "entry"),
    [
        ("icon.png", "icon.png"),
        ("images\\icon.png", "images/icon.png"),
        ("./icon.png", "icon.png"),
        (".\\images\\icon.png", "images/icon.png"),
        ("/icon.png", "icon.png"),
        ("//icon.png", "icon.png"),
        (".//icon.png", "icon.png"),
        ("../icon.png", "../icon.png"),
        ("././icon.png", "./icon.png"),
        ("", ""),
    ],
)
def test_a_path_of_the_nuspec_becomes_an_entry_name(written: str, entry: str) -> None:
    assert entry_path(written) == entry


def test_letter_case_is_folded_one_character_to_one() -> None:
    assert folded("Icon.PNG") == folded("ICON.png")
    assert folded("ÄRGER.txt") == folded("ärger.TXT")
    assert folded("straße") != folded("strasse")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.dll", LEAVES),
        ("..\\evil.dll", LEAVES),
        ("lib/../../evil.dll", LEAVES),
        ("lib\\..\\..\\evil.dll", LEAVES),
        ("lib/..\\../evil.dll", LEAVES),
        ("..", LEAVES),
        ("a/../..", LEAVES),
        ("%2e%2e%2fevil.dll", LEAVES + DECODED),
        ("%2E%2E/evil.dll", LEAVES + DECODED),
        ("..%2fevil.dll", LEAVES + DECODED),
        ("..%5cevil.dll", LEAVES + DECODED),
        ("%252e%252e%252fevil.dll", LEAVES + DECODED),
        ("%25%32%65%25%32%65/evil.dll", LEAVES + DECODED),
        ("/etc/passwd", "it is an absolute path"),
        ("\\Windows\\evil.dll", "it is an absolute path"),
        ("%2fetc/passwd", "it is an absolute path" + DECODED),
        ("%252fetc/passwd", "it is an absolute path" + DECODED),
        ("C:\\Windows\\evil.dll", "it starts with a drive letter"),
        ("c:evil.dll", "it starts with a drive letter"),
        ("C%3A/evil.dll", "it starts with a drive letter" + DECODED),
        ("\\\\server\\share\\evil.dll", "it is a network path"),
        ("//server/share/evil.dll", "it is a network path"),
        ("%5c%5cserver%5cshare", "it is a network path" + DECODED),
        ("icon.png\0.dll", "it contains a NUL character"),
        ("icon.png%00.dll", "it contains a NUL character" + DECODED),
        ("", ITSELF),
        (".", ITSELF),
        ("./", ITSELF),
        ("lib/..", ITSELF),
        ("%2e", ITSELF + DECODED),
    ],
)
def test_every_spelling_that_leaves_the_folder_is_told(name: str, reason: str) -> None:
    assert unsafe_reason(name) == reason


@pytest.mark.parametrize(
    "name",
    [
        "lib/net8.0/a.dll",
        "lib/",
        "lib/../a.dll",
        "a..b/c..",
        "...",
        "..a/b",
        ".signature.p7s",
        "lib/portable-net4%2Bsl5%2Bnetcore45/a.dll",
        "%25252e%25252e%25252fa.dll",
        "_rels/.rels",
        "%5BContent_Types%5D.xml",
        "content\\App_plugins\\icon.png",
        "content/a:b.txt",
        "100%/a.txt",
    ],
)
def test_names_that_stay_inside_are_safe(name: str) -> None:
    assert unsafe_reason(name) is None


@settings(max_examples=200)
@given(st.text(alphabet=st.sampled_from("ab./\\%25cCeEfF:\0é"), max_size=20))
def test_a_name_without_a_reason_resolves_below_the_folder(name: str) -> None:
    if unsafe_reason(name) is None:
        for decoded in (unescape(name), unescape(unescape(name))):
            parts: list[str] = []
            for part in decoded.replace("\\", "/").split("/"):
                if part == "..":
                    assert parts
                    parts.pop()
                elif part not in ("", "."):
                    parts.append(part)
            assert parts
            assert decoded[0] not in "/\\"


@settings(max_examples=200)
@given(st.text(max_size=30))
def test_decoding_never_raises_and_leaves_what_has_no_escape(name: str) -> None:
    assert unescape(name.replace("%", "")) == name.replace("%", "")
    unescape(name)
    unescape(f"%{name}%")
