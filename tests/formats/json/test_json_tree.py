"""The tolerant tree: values, positions and problems, with the standard library and tree-sitter as judges."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
import tree_sitter
import tree_sitter_json
from hypothesis import example, given, settings
from hypothesis import strategies as st

from umbmarket.findings import JsonValue, Place, Span
from umbmarket.formats.json.recovery import recover
from umbmarket.formats.json.strict import Member
from umbmarket.formats.json.tokens import MOST_PROBLEMS
from umbmarket.formats.json.tolerated import read_tolerated
from umbmarket.formats.json.tree import DEPTH_LIMIT, JsonTree, join

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_json.language()))

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def spelled(value: object, layout: int) -> str:
    if layout == 0:
        return json.dumps(value)
    if layout == 1:
        return json.dumps(value, ensure_ascii=False, indent=2)
    return json.dumps(value, ensure_ascii=True, indent="\t", separators=(" ,", "\r\n:"))


def pointers(value: JsonValue, pointer: str = "") -> list[tuple[str, JsonValue]]:
    found = [(pointer, value)]
    items: list[tuple[str | int, JsonValue]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, item in items:
        found += pointers(item, join(pointer, key))
    return found


@given(json_values, st.integers(0, 2))
def test_strict_json_is_read_as_the_standard_library_reads_it(value: object, layout: int) -> None:
    text = spelled(value, layout)
    tree = JsonTree(text)
    assert (tree.parsed, tree.problems, tree.intact) == ("strict", (), True)
    assert tree.value == json.loads(text)


@given(json_values, st.integers(0, 2))
def test_every_pointer_leads_to_the_spelling_of_its_value(value: object, layout: int) -> None:
    text = spelled(value, layout)
    tree = JsonTree(text)
    for pointer, item in pointers(tree.value):
        span = tree.span(Place(pointer))
        assert span is not None
        assert json.loads(text[span.start : span.end]) == item
        if pointer and not isinstance(tree.value, list):
            key = tree.span(Place(pointer, "key"))
            assert key is not None


@given(json_values, st.integers(0, 2))
def test_the_tolerant_reader_agrees_with_the_strict_one_on_json(value: object, layout: int) -> None:
    text = spelled(value, layout)
    recovered = recover(text, DEPTH_LIMIT)
    assert recovered.found
    assert recovered.intact
    assert recovered.problems == ()
    assert recovered.value == json.loads(text)


@given(json_values, st.integers(0, 2))
def test_spans_agree_with_tree_sitter(value: object, layout: int) -> None:
    text = spelled(value, layout)
    if re.search(r"[0-9]e\+", text):
        return  # JSON, but not to tree-sitter-json 0.24, whose exponents have no plus sign
    root = PARSER.parse(text.encode()).root_node
    assert not root.has_error
    ours: set[tuple[int, int]] = set()
    tree = JsonTree(text)
    for pointer, _ in pointers(tree.value):
        span = tree.span(Place(pointer))
        assert span is not None
        ours.add((len(text[: span.start].encode()), len(text[: span.end].encode())))
    theirs: set[tuple[int, int]] = set()
    waiting = [root.named_children[0]]
    while waiting:
        node = waiting.pop()
        if node.type == "pair":
            value_node = node.child_by_field_name("value")
            assert value_node is not None
            waiting.append(value_node)
            continue
        theirs.add((node.start_byte, node.end_byte))
        if node.type in ("object", "array"):
            waiting.extend(child for child in node.named_children if child.type != "comment")
    assert ours == theirs


def problems_of(text: str) -> list[tuple[str, int, int]]:
    return [(problem.kind, problem.span.start, problem.span.end) for problem in JsonTree(text).problems]


@pytest.mark.parametrize(
    ("text", "value", "problems"),
    [
        ('{"a": 1\n "b": 2}', {"a": 1, "b": 2}, [("missing-comma", 7, 7)]),
        ('{"a": [1, 2 , "b": 3}', {"a": [1, 2], "b": 3}, [("missing-closer", 11, 11)]),
        ('{"a": [1, "b": {"c": 2}}', {"a": [1], "b": {"c": 2}}, [("missing-closer", 8, 8)]),
        ('{"a": {"b": [1}, "c": 2}', {"a": {"b": [1]}, "c": 2}, [("missing-closer", 14, 14)]),
        ('{"a": [1}, "b": 2}', {"a": [1], "b": 2}, [("wrong-closer", 8, 9)]),
        ('{"a": "x\n, "b": 1}', {"a": "x", "b": 1}, [("unterminated-string", 6, 8)]),
        ('{"a": "x,\n "b": 1}', {"a": "x", "b": 1}, [("unterminated-string", 6, 8)]),
        ('{"a": true|false}', {"a": True}, [("alternatives", 6, 16)]),
        ('{"a": 1} extra', {"a": 1}, [("text-after-end", 9, 14)]),
        ('{"a": 1,}', {"a": 1}, [("trailing-comma", 7, 8)]),
        ('{"a": 1} // c', {"a": 1}, [("comment", 9, 13)]),
        ('"a": 1}', {"a": 1}, [("missing-opening-brace", 0, 3)]),
        ('{"a": [1,2', {"a": [1, 2]}, [("unexpected-end", 10, 10)]),
        ('{"a": {"b": 1}}, "c": 2}', {"a": {"b": 1}, "c": 2}, [("early-closer", 14, 15)]),
        ('{"a": "b "c" d"}', {"a": 'b "c" d'}, [("inner-quote", 9, 10)]),
        ('{"a": "\\q"}', {"a": "\\q"}, [("bad-escape", 7, 9)]),
        ('{"a": "\\ud83d\\ude00", "b" 1}', {"a": "😀", "b": 1}, [("missing-colon", 25, 25)]),
        ('{"a": 01}', {"a": 1}, [("bad-number", 6, 8)]),
        ('{"a": -Infinity, "b": 1}', {"b": 1}, [("not-a-number", 6, 15)]),
        ('{"a": , "b": 1}', {"b": 1}, [("missing-value", 5, 5)]),
        ("{a: None}", {"a": None}, [("unquoted-key", 1, 2), ("bad-literal", 4, 8)]),
        (
            '{"a": https://x.example/y // c\n}',
            {"a": "https://x.example/y"},
            [("unquoted-text", 6, 25), ("comment", 26, 30)],
        ),
        ('["a": 1]', {"a": 1}, [("pairs-in-list", 0, 1)]),
        ('{"a" = 1; "b": 2}', {"a": 1, "b": 2}, [("equals-sign", 5, 6), ("semicolon", 8, 9)]),
        ("{'a': 'it\\'s'}", {"a": "it's"}, [("single-quotes", 1, 4), ("single-quotes", 6, 13)]),
    ],
)
def test_recovery(text: str, value: JsonValue, problems: list[tuple[str, int, int]]) -> None:
    tree = JsonTree(text)
    assert tree.parsed == "tolerant"
    assert tree.value == value
    assert problems_of(text) == problems


@pytest.mark.parametrize("text", ["", " \n", "<html></html>", "hello", "}", ",", "/* x"])
def test_nothing_to_recover(text: str) -> None:
    tree = JsonTree(text)
    assert (tree.parsed, tree.value) == ("no", None)
    assert tree.problems


def test_lists_of_mistakes_end_somewhere() -> None:
    assert len(JsonTree("[" + "1 " * 1000 + "]").problems) == MOST_PROBLEMS


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ('{"a": 1 "b": 2}', '{"a": 1, "b": 2}'),
        ('{"a": [1, "b": 2}', '{"a": [1], "b": 2}'),
        ('{"a": 1, // x\n}', '{"a": 1\n}'),
        ("{'a': “b”}", '{"a": "b"}'),
        ('{"a": "b\tc"}', '{"a": "b\\tc"}'),
        ('{"a": "b "c" d"', '{"a": "b \\"c\\" d"}'),
        ('{"a": [1, {"b": 2', '{"a": [1, {"b": 2}]}'),
        ('{\n  // alone\n  "a": True\n}', '{\n  "a": true\n}'),
    ],
)
def test_edits_mend_the_text(text: str, edited: str) -> None:
    edits = sorted(edit for problem in JsonTree(text).problems for edit in problem.edits)
    for start, end, replacement in reversed(edits):
        text = text[:start] + replacement + text[end:]
    assert text == edited
    assert JsonTree(text).parsed == "strict"


def test_depth_is_limited_and_placed() -> None:
    fine = JsonTree("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT)
    assert (fine.parsed, fine.deep_at) == ("strict", None)
    deep = JsonTree("[" * (DEPTH_LIMIT + 1) + "]" * (DEPTH_LIMIT + 1))
    assert (deep.parsed, deep.deep_at) == ("strict", Span(DEPTH_LIMIT, DEPTH_LIMIT + 1))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 400_000,
        '{"a":' * 200_000,
        "[" * 200_000 + "]" * 200_000,
        '"' * 500_000,
        '"a"b' * 200_000,
        "'a'," * 200_000,
        "1 " * 400_000,
        "/*" * 400_000,
        "\\" * 500_000,
        '{"a": "' + "\n" * 500_000,
        '"a\n' * 200_000,
        "{" + '"a":1,' * 150_000,
        "1" * 1_000_000,
        "[" + "9" * 1_000_000 + "x]",
        "|".join("a" * 200_000),
    ],
    ids=lambda text: text[:6],
)
def test_hostile_texts_take_bounded_time(text: str) -> None:
    start = time.process_time()
    JsonTree(text)
    assert time.process_time() - start < 10


def test_integers_of_thousands_of_digits_are_integers() -> None:
    tree = JsonTree('{"a": ' + "9" * 5000 + ', "b": -' + "9" * 5000 + "}")
    assert tree.parsed == "strict"
    assert isinstance(tree.value, dict)
    assert tree.value["a"] == -tree.value["b"] > 10**300  # type: ignore[operator]  # both are integers


@given(st.text(alphabet="{}[]:,\"'\\ab1 \n/*|“”", max_size=60))
@settings(max_examples=400)
@example('{"":}')
@example('"\\u')
@example("{'")
def test_any_text_is_taken(text: str) -> None:
    tree = JsonTree(text)
    assert (tree.parsed == "strict") == _is_json(text)
    assert bool(tree.problems) == (tree.parsed != "strict")
    for problem in tree.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        for start, end, _ in problem.edits:
            assert 0 <= start <= end <= len(text)
    for pointer, _ in pointers(tree.value):
        assert tree.parsed == "no" or tree.span(Place(pointer)) is not None
    list(tree.duplicates())


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError):
        return False
    return True


def test_duplicates_are_placed() -> None:
    text = '{"a": 1, "b": {"c": 1, "c": 2}, "a": 2, "\\u0061": 3}'
    found = [(each.pointer, each.key, each.first, each.again) for each in JsonTree(text).duplicates()]
    assert sorted(found) == [
        ("/a", "a", Span(1, 4), (Span(32, 35), Span(40, 48))),
        ("/b/c", "c", Span(15, 18), (Span(23, 26),)),
    ]
    assert JsonTree(text).value == {"a": 3, "b": {"c": 2}}


@pytest.mark.parametrize(
    ("literal", "within", "span"),
    [
        ('"abc"', (1, 2), (2, 3)),
        ('"a\\nbc"', (1, 3), (2, 5)),
        ('"\\ud83d\\ude00x"', (1, 2), (13, 14)),
        ('"\\ud83dx"', (1, 2), (7, 8)),
        ('"abc"', (1, 99), (2, 4)),
    ],
)
def test_parts_of_a_string_are_placed(literal: str, within: tuple[int, int], span: tuple[int, int]) -> None:
    assert JsonTree(literal).span(Place("", within=within)) == Span(*span)


def test_pointers_that_lead_nowhere() -> None:
    tree = JsonTree('{"a": [1], "b/c~d": {"e": 2}}')
    assert tree.span(Place("/b~1c~0d/e")) == Span(26, 27)
    for pointer in ("/x", "/a/1", "/a/x", "/a/-1", "/a/0/0", "/a/99999999999", "/b"):
        assert tree.span(Place(pointer)) is None


GAPS = st.sampled_from(["", " ", "\n  ", "// a, ] }\n", '/* "b": */', "\r\n", " // c\r", "/*\n*/\t"])
TAILS = st.sampled_from(["", "", ","])
SCALARS = st.sampled_from(
    [
        '"a"',
        '"// b"',
        '"/*"',
        '"c\\"d"',
        '"\\u0041"',
        '"\\ud83d\\ude00"',
        '"\\ud800"',
        '""',
        "true",
        "null",
        "0",
        "-1.5e3",
        "1e400",
    ]
)


def commented(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Objects and lists with something in every gap, and a comma after the last entry of some."""
    item = st.tuples(GAPS, inner, GAPS).map("".join)
    keys = st.sampled_from(['"a"', '"a/b"', '""', '"\\u0061"'])
    pair = st.tuples(GAPS, keys, GAPS, st.just(":"), item).map("".join)

    def within(opener: str, entries: list[str], tail: str, gap: str, closer: str) -> str:
        return f"{opener}{gap}{','.join(entries)}{tail if entries else ''}{gap}{closer}"

    lists = st.builds(within, st.just("["), st.lists(item, max_size=3), TAILS, GAPS, st.just("]"))
    return lists | st.builds(within, st.just("{"), st.lists(pair, max_size=3), TAILS, GAPS, st.just("}"))


def all_members(tree: JsonTree | None, root: Member) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    waiting = [root]
    while waiting:
        member = waiting.pop()
        children = tree.children(member) if tree is not None else member.children or []
        found.append((member.key, member.key_start, member.key_end, member.start, member.end, len(children)))
        waiting += children
    return found


@settings(max_examples=300)
@given(st.tuples(GAPS, st.recursive(SCALARS, commented, max_leaves=8), GAPS).map("".join))
def test_comments_and_trailing_commas_are_read_alike_by_both_readers(text: str) -> None:
    recovered, tree = recover(text, DEPTH_LIMIT), JsonTree(text)
    assert (read_tolerated(text) is None) == (tree.parsed == "strict")
    assert recovered.problems == tree.problems
    assert repr(recovered.value) == repr(tree.value)
    assert recovered.root is not None
    root = tree.member("")
    assert root is not None
    assert all_members(None, recovered.root) == all_members(tree, root)


@pytest.mark.parametrize(
    "text",
    [
        "[,]",
        "[1,,]",
        '{"a":,}',
        "{,}",
        ",",
        "[1] // c\n ]",
        "[1, /* ",
        '["a, // b]',
        "[1 2,]",
        "{'a': 1,}",
        "[01,]",
        "",
    ],
)
def test_a_text_with_other_faults_is_left_to_the_tolerant_reader(text: str) -> None:
    assert read_tolerated(text) is None


@pytest.mark.parametrize("more", ["", ",", "// c\n", ", 'x': 1"])
@pytest.mark.parametrize("count", [3, 63, 64, 65, 500])
def test_a_member_of_many_is_found_as_one_of_few(count: int, more: str) -> None:
    """The last of a key that is given twice counts, however many members the object has."""
    keys = [f'"k{number}": {number}' for number in range(count)]
    tree = JsonTree('{"k1": "first", ' + ", ".join(keys) + more + "}")
    for number in range(count):
        member = tree.member(f"/k{number}")
        assert member is not None
        assert tree.text[member.start : member.end] == str(number)
    assert tree.member("/k") is None
