"""XML as a DOM has it: names, texts and places, entities within bounds, and nothing read from elsewhere."""

from __future__ import annotations

import pytest

from umbmarket.findings import Place, Span
from umbmarket.formats.xml.elements import ELEMENT_LIMIT, XmlRefused
from umbmarket.formats.xml.markup import DEEPEST, LONGEST_EXPANSION, MarkupElement, read_markup


def at(text: str, span: Span) -> str:
    return text[span.start : span.end]


def children(text: str) -> list[MarkupElement]:
    return read_markup(text).root.children


def test_names_keep_their_prefixes() -> None:
    root = read_markup('<n:a xmlns:n="u" n:b="1" c="2"><n:d/><e/></n:a>').root
    assert root.name == "n:a"
    assert [child.name for child in root.children] == ["n:d", "e"]
    assert {name: attribute.value for name, attribute in root.attributes.items()} == {
        "xmlns:n": "u",
        "n:b": "1",
        "c": "2",
    }
    assert root.first("d") is None
    assert root.get("b") is None
    assert root.get("c") == "2"


def test_text_is_all_text_within() -> None:
    (child,) = children("<a><b>\n<p>hi</p> <!-- no --><p>you &amp; <![CDATA[<me>]]></p><?no?>\n</b></a>")
    assert child.text == "\nhi you & <me>\n"
    assert child.own_text == "\n \n"
    assert [each.pointer for each in child.children] == ["/b/p", "/b/p[2]"]


def test_places_of_tags_attributes_and_content() -> None:
    text = "<!-- é -->\n<a one='1' two=\"é&amp;\"\n three=''>\n <b/>é<c> x </c>\n</a>"
    root = read_markup(text).root
    assert at(text, root.name_span) == "a"
    assert root.whole_tag == Place("", span=root.tag)
    assert at(text, root.tag).endswith("three=''>")
    one, two, three = root.attributes.values()
    assert [at(text, each.value_span) for each in (one, two, three)] == ["1", "é&amp;", "three=''"]
    assert at(text, two.span) == 'two="é&amp;"'
    assert at(text, two.name_span) == "two"
    assert two.place == Place("/@two", span=two.value_span)
    assert two.whole == Place("/@two", on="key", span=two.span)
    b, c = root.children
    assert at(text, b.tag) == "<b/>"
    assert at(text, b.content) == ""
    assert at(text, c.content) == " x "
    assert c.place == Place("/c", on="key", span=c.name_span)


def test_entities_of_the_document_are_expanded() -> None:
    text = '<!DOCTYPE a [<!ENTITY x "hey<b c=\'1\'/>"><!ATTLIST a d CDATA "3">]><a>&x; é</a>'
    markup = read_markup(text)
    assert markup.root.text == "hey é"
    assert at(text, markup.root.children[0].tag) == "&x;"
    assert at(text, markup.root.attributes["d"].span) == "<a>"
    assert markup.root.get("d") == "3"
    assert markup.doctype is not None
    assert at(text, markup.doctype) == "<!DOCTYPE"
    assert markup.external == ()


def test_nothing_is_read_from_elsewhere(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret"
    with open(secret, "w", encoding="utf-8") as file:
        file.write("SECRET")
    text = (
        f'<!-- <!DOCTYPE --> <!DOCTYPE a SYSTEM "file://{secret}" [<!ENTITY e SYSTEM "file://{secret}">'
        f'<!ENTITY % p SYSTEM "file://{secret}"> %p;]><a>1&e;2&u;</a>'
    )
    markup = read_markup(text)
    assert markup.root.text == "12"
    assert markup.external == (f"file://{secret}",)
    assert markup.doctype == Span(19, 28)


@pytest.mark.parametrize(
    ("text", "offset", "detail"),
    [
        ("", 0, "it is empty"),
        ("text", 0, "it has no element"),
        ("<a>&</a>", 3, "unescaped '&'"),
        ('<a b="c&d"/>', 7, "unescaped '&'"),
        (' <?xml version="1.0"?><a/>', 6, "the XML declaration <?xml ...?> must be the very first thing in the file"),
        ("<a><b></a>", 10, "</a> closes <b>, which was opened on line 1"),
        ("<x:a/>", 0, 'the prefix "x" of "x:a" is not declared'),
        ('<a><b x:y="1"/></a>', 3, 'the prefix "x" of "x:y" is not declared'),
        ('<a><b xmlns:x="u"><x:d/></b><x:c/></a>', 28, 'the prefix "x" of "x:c" is not declared'),
        ("<!DOCTYPE a><a>&u;</a>", 15, "undefined entity"),
        ('<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]><a>&a;</a>', 52, "recursive entity reference"),
    ],
)
def test_what_is_not_well_formed(text: str, offset: int, detail: str) -> None:
    with pytest.raises(XmlRefused) as refused:
        read_markup(text)
    assert (refused.value.kind, refused.value.offset, refused.value.detail) == ("not-well-formed", offset, detail)


def bomb(levels: int) -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE a [<!ENTITY e0 "xxxxxxxxxx">{entities}]><a>&e{levels - 1};</a>'


def test_bombs_are_refused_before_they_grow() -> None:
    assert len(read_markup(bomb(5)).root.text) == 100_000
    for text in (
        bomb(9),
        f'<!DOCTYPE a [<!ENTITY e "{"x" * 1000}">]><a b="{"&e;" * (LONGEST_EXPANSION // 1000 + 1)}"/>',
    ):
        with pytest.raises(XmlRefused) as refused:
            read_markup(text)
        assert (refused.value.kind, refused.value.detail) == (
            "too-large",
            "its entities expand to more than 1,048,576 characters",
        )


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("<a>" * (DEEPEST + 1), "its elements are nested too deeply"),
        (f"<a>{'<b/>' * ELEMENT_LIMIT}</a>", "it has more than 50,000 elements"),
    ],
)
def test_size_is_bounded(text: str, detail: str) -> None:
    with pytest.raises(XmlRefused) as refused:
        read_markup(text)
    assert (refused.value.kind, refused.value.detail) == ("too-large", detail)


def test_depth_up_to_the_bound_is_read() -> None:
    assert read_markup("<a>" * DEEPEST + "x" + "</a>" * DEEPEST).root.text == "x"
