"""XML: which text its bytes are, what is refused and where, what elements say, and where they stand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.findings import Place, Span
from umbmarket.formats.xml.elements import ELEMENT_LIMIT, XmlElement, XmlRefused, leading_space, parse_xml, read_xml
from umbmarket.formats.xml.encoding import decode_xml
from umbmarket.formats.xml.positions import XmlPlaces

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<a/>", "<a/>"),
        (BOM + b"<a/>", "<a/>"),
        ("<a>é</a>".encode(), "<a>é</a>"),
        (b'<?xml version="1.0" encoding="UTF-8"?><a/>', '<?xml version="1.0" encoding="UTF-8"?><a/>'),
        ('<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode("utf-16"), None),
        ("<a>é</a>".encode("utf-16"), "<a>é</a>"),
        ("<a>é</a>".encode("utf-16-le"), "<a>é</a>"),
        ("<a>é</a>".encode("utf-16-be"), "<a>é</a>"),
        ("\ufeff<a>é</a>".encode("utf-16-be"), "<a>é</a>"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode("latin-1"), None),
        ('<?xml version="1.0" encoding="Latin1"?><a>é</a>'.encode("latin-1"), None),
        (b'<?xml version="1.0" encoding="us-ascii"?><a>e</a>', None),
        (BOM + b'<?xml version="1.0" encoding="us-ascii"?><a>e</a>', None),
        (BOM + b'<?xml version="1.0" encoding="iso-8859-1"?><a>e</a>', None),
        ('<?xml version="1.0" encoding="unicode-1-1-utf-8"?><a>é</a>'.encode(), None),
        (b'<?xml version="1.0" encoding="iso-8859-1"?><a>e</a>', None),
    ],
)
def test_bytes_that_dotnet_reads_become_their_text(data: bytes, text: str | None) -> None:
    decoded = decode_xml(data)
    assert decoded.problem is None
    assert decoded.source.text.endswith("</a>") or decoded.source.text.endswith("<a/>")
    if text is not None:
        assert decoded.source.text == text
    if text is None:
        assert ("<a>é</a>" in decoded.source.text) == (not data.removeprefix(BOM).isascii())


@pytest.mark.parametrize(
    ("data", "detail", "refused", "at"),
    [
        (
            b"<a>caf\xe9</a>",
            "byte 6 (0xE9) is not UTF-8, and no other encoding is declared, though it looks like Windows-1252",
            True,
            Span(6, 7),
        ),
        (
            b'<?xml version="1.0" encoding="utf-16"?><a/>',
            'it declares the encoding "utf-16" and is not in it',
            True,
            Span(30, 36),
        ),
        (
            '<?xml version="1.0" encoding="utf-8"?><a/>'.encode("utf-16"),
            'it declares the encoding "utf-8" and is UTF-16',
            True,
            Span(30, 35),
        ),
        (
            b'<?xml version="1.0" encoding="klingon"?><a/>',
            'it declares the encoding "klingon", which .NET does not read',
            True,
            Span(30, 37),
        ),
        (
            "<?xml version='1.0' encoding='Windows-1250'?><a>ř</a>".encode("cp1250"),
            'it declares the encoding "Windows-1250", which .NET does not read',
            True,
            Span(30, 42),
        ),
        (
            b'<?xml version="1.0" encoding="windows-1252"?><a>e</a>',
            'it declares the encoding "windows-1252", which .NET does not read',
            True,
            Span(30, 42),
        ),
        (
            b'<?xml version="1.0" encoding="utf8"?><a>e</a>',
            'it declares the encoding "utf8", which .NET does not read',
            True,
            Span(30, 34),
        ),
        (
            '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'.encode(),
            'it declares the encoding "iso-8859-1" and is UTF-8, so letters with accents come out garbled',
            False,
            Span(30, 40),
        ),
        (
            '<?xml version="1.0" encoding="us-ascii"?><a>é</a>'.encode(),
            'it declares the encoding "us-ascii", so every other letter comes out as a question mark',
            False,
            Span(44, 45),
        ),
        (
            '<?xml version="1.0" encoding="us-ascii"?><a>é</a>'.encode("latin-1"),
            'it declares the encoding "us-ascii", so every other letter comes out as a question mark',
            False,
            Span(44, 45),
        ),
        (
            b'<?xml version="1.1"?><a/>',
            'it declares XML version "1.1"; .NET reads only 1.0',
            True,
            Span(15, 18),
        ),
    ],
)
def test_bytes_that_dotnet_refuses_or_garbles_are_told(data: bytes, detail: str, refused: bool, at: Span) -> None:
    problem = decode_xml(data).problem
    assert problem is not None
    assert (problem.detail, problem.refused, problem.span) == (detail, refused, at)


@pytest.mark.parametrize(
    ("text", "detail", "offset"),
    [
        ("<a>Tom & Jerry</a>", "unescaped '&'", 7),
        ("<a>é é é & x</a>", "unescaped '&'", 9),
        ("<a>a&b</a>", "unescaped '&'", 4),
        ("<a>&nbsp;</a>", "&nbsp; is not an entity of XML, which has only &amp; &lt; &gt; &quot; &apos;", 3),
        ("<a>\n  <b>\n</a>", "</a> closes <b>, which was opened on line 2", None),
        ("<a>\n<b>", "the file ends before <b>, opened on line 2, is closed", None),
        ("", "it is empty", 0),
        ("hello", "it has no element", 0),
        (
            "\r\n<?xml version='1.0'?><a/>",
            "the XML declaration <?xml ...?> must be the very first thing in the file",
            None,
        ),
        ('<a b="1" b="2"/>', "the attribute b occurs twice", None),
        ("<x:a/>", 'the prefix "x" of <a> is not declared', None),
        ("<a/><b/>", "something follows the end of the root element", 4),
        ("<a>\x0b</a>", "the character number 11 is not allowed in XML", 3),
        (
            '<a b="<"/>',
            "the value of an attribute contains '<': a closing quote is missing, or it has to be written &lt;",
            6,
        ),
        ("<a", 'the tag <a> is not closed with ">"', 2),
        ("<a></a", 'the end tag is not closed with ">"', 6),
        ("<a>1 < 2</a>", "no name follows '<', which is written &lt; in text", 6),
        ("<a><1/></a>", "no name follows '<', which is written &lt; in text", 4),
        ('<a "b"/>', 'only attributes, "/>" or ">" may follow in a tag', 3),
        ('<a b="1"c="2"/>', "a space is missing before an attribute", 8),
        ("<a b></a>", "the attribute b has no value", 4),
        ("<a b=c></a>", "the value of an attribute is not in quotes", 5),
        ('<a b="c', "the value of an attribute has no closing quote", 7),
        ("<a x:y='1' xmlns:x='u' z:y='2' xmlns:z='u'/>", "the attribute y occurs twice", None),
        ("<a xmlns:b=''/>", 'the prefix "b" is declared with an empty namespace', None),
        ("<a xmlns:xml='x'/>", 'the prefix "xml" cannot be declared for another namespace', None),
        ("<a xmlns:xmlns='x'/>", 'the prefix "xmlns" cannot be declared', None),
        ("<a:b:c xmlns:a='x'/>", '"a:b:c" is not a valid name', None),
        ('<a b="\x01"/>', "the value of an attribute has a character that XML does not allow", 6),
        ("<a>&#6x;</a>", "no number and ';' follow '&#'", 3),
        ("<a>&#xZ;</a>", "no hexadecimal number and ';' follow '&#x'", 3),
        ("<a>&#99999999;</a>", "a reference names a character that does not exist", None),
        ("<a>]]></a>", '"]]>" is not allowed in text, where it is written ]]&gt;', 3),
        ("<a><![CDATA[x</a>", 'the CDATA section is not closed with "]]>"', None),
        ("<a><![CDATA[", 'the CDATA section is not closed with "]]>"', None),
        ("<a><!-- b -- c --></a>", '"--" is not allowed in a comment', 10),
        ("<a><!-- b", 'the comment is not closed with "-->"', 9),
        ("<a><? ?></a>", 'no name follows "<?"', 5),
        ("<a><?b", "no space follows the name of the instruction <?b", None),
        ("<a><?b c", 'the processing instruction <?b is not closed with "?>"', None),
        ("<?xml encoding='utf-8'?><a/>", 'version="1.0" does not come first in the XML declaration', None),
        ("<?xml version='1.0' encoding='utf-8'><a/>", 'a space or "?>" is missing in the XML declaration', None),
        ("<?xml version='1.0' x?><a/>", 'the XML declaration is not closed with "?>"', None),
        ("<?xml version='1.0'encoding='utf-8'?><a/>", 'a space or "?>" is missing in the XML declaration', None),
        ("<?xml version='1.0' encoding 'utf-8'?><a/>", '"=" is missing in the XML declaration', None),
        ("<?xml version=1.0?><a/>", "a value in the XML declaration is not in quotes", None),
        ("<?xml version='1.0' encoding=utf-8?><a/>", "a value in the XML declaration is not in quotes", None),
        ("<?xml version='1.0' encoding='utf-8?><a/>", "a value in the XML declaration has no closing quote", None),
        ("<?xml version='1.0' encoding=''?><a/>", "the encoding in the XML declaration is not a name", None),
        (
            "<?xml version='1.0' standalone='maybe'?><a/>",
            "standalone in the XML declaration is neither yes nor no",
            None,
        ),
        # What is no mistake in a namespace hides none.
        ("<a xmlns='v b'><b></a>", "</a> closes <b>, which was opened on line 1", None),
        ("<a xmlns='u' xmlns:p='v b' b=2/>", "the value of an attribute is not in quotes", 29),
    ],
)
@pytest.mark.parametrize("read", [read_xml, parse_xml])
def test_what_is_not_well_formed_is_refused_in_plain_words(
    read: Callable[[str], object], text: str, detail: str, offset: int | None
) -> None:
    with pytest.raises(XmlRefused) as refused:
        read(text)
    assert (refused.value.kind, refused.value.detail) == ("not-well-formed", detail)
    if offset is not None:
        assert refused.value.offset == offset
    assert 0 <= refused.value.offset <= len(text)


def test_deep_nesting_is_a_limit_of_ours_and_no_fault_of_the_text() -> None:
    with pytest.raises(XmlRefused) as refused:
        read_xml("<a>" * 400 + "</a>" * 400)
    assert (refused.value.kind, refused.value.detail) == ("too-large", "its elements are nested too deeply")


BILLION_LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE package [\n  <!ENTITY a "ha">\n'
    + "".join(f'  <!ENTITY {new} "{f"&{old};" * 10}">\n' for old, new in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>\n<package><metadata><id>&j;</id></metadata></package>"
)


@pytest.mark.parametrize(
    "text",
    [
        BILLION_LAUGHS,
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><a/>',
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/p'> %p;]><a b='&x;'/>",
        "<!-- a - b -->\n<?pi x ? y?>\n<!DOCTYPE a><a/>",
    ],
)
def test_a_dtd_is_refused_before_anything_of_it_is_read(text: str) -> None:
    started = time.process_time()
    with pytest.raises(XmlRefused) as refused:
        read_xml(text)
    assert time.process_time() - started < 1
    assert (refused.value.kind, refused.value.detail) == ("doctype", "it has a DOCTYPE, and NuGet prohibits DTDs")
    assert text.startswith("<!DOCTYPE", refused.value.offset)


def test_too_many_elements_are_refused() -> None:
    read_xml("<a>" + "<b/>" * (ELEMENT_LIMIT - 1) + "</a>")
    with pytest.raises(XmlRefused) as refused:
        read_xml("<a>" + "<b/>" * ELEMENT_LIMIT + "</a>")
    assert (refused.value.kind, refused.value.detail) == ("too-large", "it has more than 50,000 elements")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<a>x</a>", "x"),
        ("<a> x </a>", " x "),
        ("<a>  </a>", ""),
        ("<a/>", ""),
        ("<a><!-- c --></a>", ""),
        ("<a>x<!-- c -->y</a>", "xy"),
        ("<a>x<?pi?> <b>y</b>z</a>", "xyz"),
        ("<a><![CDATA[<x> & y]]></a>", "<x> & y"),
        ("<a>&lt;&amp;&#233;&#x1F600;</a>", "<&é😀"),
        ("<a>&#150;&#x96;&#x80;</a>", "\x96\x96\x80"),
        ("<a>&amp;#65;&quot;&apos;&gt;</a>", "&#65;\"'>"),
        ("<a>x\r\ny\rz\r\r\n</a>", "x\ny\nz\n\n"),
    ],
)
def test_a_value_is_what_linq_to_xml_makes_of_it(text: str, value: str) -> None:
    assert read_xml(text).value == value
    if "<b>" not in text:
        assert XmlPlaces(text).text_at("") == value


def test_names_namespaces_attributes_and_pointers() -> None:
    root = read_xml(
        '<p xmlns:n="urn:n" n:x="0"><metadata xmlns="urn:m" y="1"><id>A</id><n:id>B</n:id>'
        "<id>C</id><deps><g/><g><d/><e/><d/></g></deps></metadata></p>"
    )
    assert (root.name, root.namespace, root.default_namespace, root.attributes) == ("p", "", "", {})
    metadata = root.first("metadata", "urn:m")
    assert metadata is not None
    assert (metadata.default_namespace, metadata.attributes, metadata.pointer) == ("urn:m", {"y": "1"}, "/metadata")
    assert [(child.name, child.namespace, child.pointer) for child in metadata.children] == [
        ("id", "urn:m", "/metadata/id"),
        ("id", "urn:n", "/metadata/id[2]"),
        ("id", "urn:m", "/metadata/id[3]"),
        ("deps", "urn:m", "/metadata/deps"),
    ]
    assert [each.value for each in metadata.named("id", "urn:m")] == ["A", "C"]
    last = list(list(metadata.children)[3].children)[1]
    assert [child.pointer for child in last.children] == [
        "/metadata/deps/g[2]/d[1]",
        "/metadata/deps/g[2]/e[1]",
        "/metadata/deps/g[2]/d[2]",
    ]
    assert not last.is_leaf
    assert metadata.first("id", "urn:m") is not None
    assert metadata.first("ID", "urn:m") is None


@pytest.mark.parametrize(
    ("text", "namespace"),
    [("<a xmlns=''/>", ""), ("<a xmlns='u:u'/>", "u:u"), ("<a xmlns:x='u:u'/>", "")],
)
def test_the_default_namespace_is_the_one_in_force(text: str, namespace: str) -> None:
    assert read_xml(text).default_namespace == namespace


def test_white_space_before_a_declaration_is_measured() -> None:
    assert leading_space("\r\n <?xml version='1.0'?><a/>") == 3
    assert leading_space("<?xml version='1.0'?><a/>") == 0
    assert leading_space("  <a/>") == 0


DOCUMENT = """<?xml version="1.0"?>
<!-- <metadata> not this one -->
<n:package xmlns:n="urn:n">
  <metadata minClientVersion='2.5'>
    <id>My.Package</id>
    <title>
      Tom &amp; Jerry
    </title>
    <tags>a &#x62; <![CDATA[c>d]]></tags>
    <icon />
    <empty></empty>
    <n:dependencies>
      <group targetFramework="net8.0" />
      <group targetFramework = "a>b">
        <dependency id="One" version="[1.0, &#50;.0)" />
        <other/>
        <dependency id='Two'
                    version="3.0"/>
      </group>
    </n:dependencies>
  </metadata>
</n:package>
"""


def shown(place: Place) -> str | None:
    span = XmlPlaces(DOCUMENT).span(place)
    return DOCUMENT[span.start : span.end] if span is not None else None


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ("", '<n:package xmlns:n="urn:n">', "n:package"),
        ("/metadata", "<metadata minClientVersion='2.5'>", "metadata"),
        ("/metadata/@minClientVersion", "2.5", "minClientVersion"),
        ("/metadata/id", "My.Package", "id"),
        ("/metadata/id[1]", "My.Package", "id"),
        ("/metadata/ID", "My.Package", "id"),
        ("/metadata/title", "Tom &amp; Jerry", "title"),
        ("/metadata/icon", "<icon />", "icon"),
        ("/metadata/empty", "<empty>", "empty"),
        ("/metadata/dependencies", "<n:dependencies>", "n:dependencies"),
        ("/metadata/dependencies/group[1]", '<group targetFramework="net8.0" />', "group"),
        ("/metadata/dependencies/group[2]/@targetFramework", "a>b", "targetFramework"),
        ("/metadata/dependencies/group[2]/dependency[1]/@version", "[1.0, &#50;.0)", "version"),
        ("/metadata/dependencies/group[2]/dependency[2]/@version", "3.0", "version"),
        ("/metadata/dependencies/group[2]/dependency[2]/@id", "Two", "id"),
    ],
)
def test_a_pointer_leads_to_the_value_and_to_the_name(pointer: str, value: str, key: str) -> None:
    assert shown(Place(pointer=pointer)) == value
    assert shown(Place(pointer=pointer, on="key")) == key


@pytest.mark.parametrize(
    "pointer",
    [
        "/nothing",
        "/metadata/id[2]",
        "/metadata/id[0]",
        "/metadata/id/x",
        "/metadata/@id",
        "/metadata/dependencies/group[3]",
        "/metadata/",
        "/metadata/[1]",
        "/@x",
    ],
)
def test_a_pointer_to_nothing_leads_nowhere(pointer: str) -> None:
    assert shown(Place(pointer=pointer)) is None


@pytest.mark.parametrize(
    ("pointer", "within", "text"),
    [
        ("/metadata/id", (3, 10), "Package"),
        ("/metadata/title", (11, 12), "&amp;"),
        ("/metadata/title", (7, 18), "Tom &amp; Jerry"),
        ("/metadata/tags", (0, 3), "a &#x62;"),
        ("/metadata/tags", (2, 3), "&#x62;"),
        ("/metadata/tags", (4, 7), "c>d"),
        ("/metadata/tags", (5, 99), ">d"),
        ("/metadata/dependencies/group[2]/dependency[1]/@version", (6, 9), "&#50;.0"),
        ("/metadata/dependencies/group[2]/dependency[1]/@version", (0, 0), ""),
        ("/metadata/icon", (0, 3), "<icon />"),
        ("/metadata/empty", (0, 3), "<empty>"),
    ],
)
def test_a_part_of_a_value_is_found_behind_references_and_cdata(
    pointer: str, within: tuple[int, int], text: str
) -> None:
    assert shown(Place(pointer=pointer, within=within)) == text


def test_a_span_is_passed_through_and_texts_are_decoded() -> None:
    places = XmlPlaces(DOCUMENT)
    assert places.span(Place(span=Span(3, 5))) == Span(3, 5)
    assert places.text_at("/metadata/tags") == "a b c>d"
    assert places.text_at("/metadata/icon") == ""
    assert places.text_at("/metadata/dependencies") is None
    assert places.text_at("/metadata/none") is None
    assert XmlPlaces("").span(Place(pointer="/a")) is None


NAMES = st.sampled_from(["a", "b", "group", "x:c"])
TEXTS = st.text(alphabet="ab <>&\"'é😀\n\t;", max_size=8)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(NAMES)
    parts = [
        draw(
            st.one_of(
                TEXTS.map(escaped),
                st.sampled_from(["<!-- <a> -->", "<?p <b>?>", "<![CDATA[<a>&]]>", "\r\n"]),
                *([elements(depth + 1)] if depth < 3 else []),
            )
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    attribute = draw(TEXTS)
    return f'<{name} xmlns:x="urn:x" k="{escaped(attribute)}">{"".join(parts)}</{name}>'


def walk(element: XmlElement) -> Iterator[XmlElement]:
    yield element
    for child in element.children:
        yield from walk(child)


@settings(max_examples=150, deadline=None)
@given(elements())
def test_every_element_of_the_tree_is_found_at_its_pointer_with_its_text(text: str) -> None:
    places = XmlPlaces(text)
    for element in walk(read_xml(text)):
        name = places.span(Place(pointer=element.pointer, on="key"))
        assert name is not None
        assert text[name.start : name.end].rpartition(":")[2] == element.name
        assert text[name.start - 1] == "<"
        assert places.text_at(f"{element.pointer}/@k") is not None
        if element.is_leaf:
            assert places.text_at(element.pointer) == element.value
            for at in range(len(element.value)):
                found = places.span(Place(pointer=element.pointer, within=(at, at + 1)))
                assert found is not None
                assert found.end > found.start


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([b"", BOM, b"\xff\xfe", b"\xfe\xff"]),
    st.sampled_from(
        ["us-ascii", "iso-8859-1", "utf-8", "utf8", "utf-16", "windows-1252", "unicode-1-1-utf-8", "cp367"]
    ),
    st.one_of(st.binary(max_size=20), st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace"))),
)
def test_no_declaration_breaks_the_decoding(mark: bytes, name: str, rest: bytes) -> None:
    decoded = decode_xml(mark + f'<?xml version="1.0" encoding="{name}"?>'.encode() + rest)
    problem = decoded.problem
    assert problem is None or 0 <= problem.span.start <= problem.span.end <= len(decoded.source.text)


@given(st.one_of(st.binary(max_size=80), st.text(alphabet="<>/a!?-[]\"'&;= \r\nxml", max_size=60).map(str.encode)))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    text = decode_xml(data).source.text
    try:
        root = read_xml(text)
    except XmlRefused as error:
        refused = error
    else:
        assert XmlPlaces(text).span(Place(pointer=root.pointer)) is not None
        return
    assert 0 <= refused.offset <= len(text)
    assert refused.detail


def test_long_and_unprintable_names_make_short_plain_messages() -> None:
    with pytest.raises(XmlRefused) as refused:
        read_xml(f"<{'a' * 5000}></b>")
    assert refused.value.detail == f"</b> closes <{'a' * 29}…{'a' * 30}>, which was opened on line 1"
    problem = decode_xml(b'<?xml version="1.0" encoding="\x1b[31m"?><a/>').problem
    assert problem is not None
    assert problem.detail == r'it declares the encoding "\x1b[31m", which .NET does not read'


@pytest.mark.parametrize(
    "name",
    [
        *(f"iso-8859-{number}" for number in range(20)),
        *(f"latin{number}" for number in range(10)),
        *(f"windows-125{number}" for number in range(10)),
        *(f"cp125{number}" for number in range(10)),
    ],
)
def test_no_name_of_an_encoding_breaks_the_reading(name: str) -> None:
    data = f'<?xml version="1.0" encoding="{name}"?><a>Caf'.encode() + b"\xe9</a>"
    assert "Caf" in decode_xml(data).source.text


def test_a_prefix_that_is_not_declared_is_refused_on_an_attribute_too() -> None:
    with pytest.raises(XmlRefused, match=r'^the prefix "x" of <a> is not declared$'):
        read_xml('<a x:b="1"/>')


@pytest.mark.parametrize("reference", [f"&#{'0' * 5_000}65;", f"&#x{'0' * 5_000}41;"])
def test_a_reference_may_have_any_number_of_zeros(reference: str) -> None:
    text = f"<a><b>x{reference}y</b></a>"
    root = read_xml(text)
    (element,) = root.children
    assert element.value == "xAy"
    places = XmlPlaces(text)
    assert places.text_at("/b") == "xAy"
    assert places.span(Place("/b", within=(2, 3))) == Span(text.index("y"), text.index("y") + 1)


@pytest.mark.parametrize("char", ["\u00a0", "\u2003", "\u0085", "\u2028"])
def test_white_space_that_is_none_in_xml_is_text(char: str) -> None:
    text = f"<a><b>{char}</b><c> \t\n</c></a>"
    b, c = read_xml(text).children
    assert (b.value, c.value) == (char, "")
    assert XmlPlaces(text).text_at("/b") == char
    assert XmlPlaces(text).text_at("/c") == ""


def test_references_in_attributes_are_what_they_stand_for() -> None:
    assert read_xml('<a b="x?a=1&amp;b=&#233;&lt;"/>').attributes == {"b": "x?a=1&b=é<"}


@pytest.mark.parametrize(
    "text", ["<p:p:b xmlns:p='x'/>", "<a xmlns:p='x' p:q:r='1'/>", "<a xmlns:p='x' xmlns:q='x' p:b='1' q:b='2'/>"]
)
def test_other_mistakes_with_namespaces_are_refused(text: str) -> None:
    with pytest.raises(XmlRefused) as refused:
        read_xml(text)
    assert refused.value.kind == "not-well-formed"


def test_what_libxml2_thinks_of_the_address_of_a_namespace_is_no_mistake() -> None:
    assert read_xml('<a xmlns="http://example.org/x y "/>').namespace == "http://example.org/x y "
    root = parse_xml('<a xmlns:p="v b" xmlns="u"><!-- c --><b>t</b></a>')
    assert [child.tag for child in root.iter("*")] == ["{u}a", "{u}b"]
