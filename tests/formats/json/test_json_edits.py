from __future__ import annotations

import json
from math import inf

import pytest

from umbmarket.findings import Edit
from umbmarket.umbraco.listing import Listing


def applied(data: bytes, *edits: Edit | None) -> bytes:
    for edit in sorted((edit for edit in edits if edit is not None), reverse=True):
        data = data[: edit.start] + edit.text.encode() + data[edit.end :]
    return data


@pytest.mark.parametrize(
    ("text", "pointer", "edited"),
    [
        ('{"a": 1, "b": 2}', "/a", '{"b": 2}'),
        ('{"a": 1, "b": 2}', "/b", '{"a": 1}'),
        ('{ "a": 1 }', "/a", "{}"),
        ('{"a": [\n  1\n]}', "/a/0", '{"a": []}'),
        ('{"a": 1, /* b, c */ "b": 2}', "/a", '{/* b, c */ "b": 2}'),
        ('{"a": 1 /* , */, // a\n"b": 2}', "/a", '{/* , */ // a\n"b": 2}'),
        ('{"a": 1, // a\n  "b": 2\n}', "/b", '{"a": 1 // a\n}'),
        ('{"a": 1, // a\n  "b": 2}', "/b", '{"a": 1 // a\n  }'),
        ('{"a": 1 // x, y\n "b": 2}', "/a", '{// x, y\n "b": 2}'),
        ('{\n  "ä": [1, 2, 3],\n  "b": 2\n}', "/ä/1", '{\n  "ä": [1, 3],\n  "b": 2\n}'),
        ('{\n  "ä": [1, 2, 3],\n  "b": 2\n}', "/ä/2", '{\n  "ä": [1, 2],\n  "b": 2\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}\n', "/b", '{\n  "a": 1\n}\n'),
    ],
)
def test_remove(text: str, pointer: str, edited: str) -> None:
    listing = Listing("x.json", text.encode())
    assert applied(text.encode(), listing.edits.remove(pointer)).decode() == edited


@pytest.mark.parametrize("text", ["Infinity", 'a\\"Infinity', "Infinity\t\ud800"])
def test_a_number_beyond_all_floats_is_written_as_json(text: str) -> None:
    data = b'{"a": 1}'
    value = [{"Infinity": -inf, "b": inf}, text]
    mended = applied(data, Listing("x.json", data).edits.replace("/a", value))
    assert b'{"Infinity": -1e999, "b": 1e999}' in mended
    assert json.loads(mended) == {"a": value}


@pytest.mark.parametrize("number", ["+1e999", "-.5e999"])
def test_no_fix_writes_a_number_beyond_all_floats(number: str) -> None:
    (problem,) = Listing("x.json", f'{{"a": {number}}}'.encode()).tree.problems
    assert (problem.kind, problem.edits) == ("bad-number", ())


def test_nothing_is_removed_or_inserted_where_something_was_passed_over() -> None:
    edits = Listing("x.json", b'{"a": 1, : 3, "b": [2]}').edits
    assert edits.remove("/a") is None
    assert edits.insert_first("c", 1) is None
    assert edits.insert_after("/b/0", 3) is None


def test_insert_first_into_an_object_below() -> None:
    text = b'{"a": {\n    "b": 1\n  }, "c": {}}'
    edits = Listing("x.json", text).edits
    assert applied(text, edits.insert_first("x", [2], "/a")) == b'{"a": {\n    "x": [2],\n    "b": 1\n  }, "c": {}}'
    assert applied(text, edits.insert_first("x", [2], "/c")) == b'{"a": {\n    "b": 1\n  }, "c": {"x": [2]}}'


@pytest.mark.parametrize(
    ("text", "edited"),
    [("[1, 2]", "[1, 3, 2]"), ("[\n  1,\n  2\n]", "[\n  1,\n  3,\n  2\n]"), ("[/**/1]", "[/**/1, 3]")],
)
def test_insert_after(text: str, edited: str) -> None:
    data = f'{{"a": {text}}}'.encode()
    assert applied(data, Listing("x.json", data).edits.insert_after("/a/0", 3)) == f'{{"a": {edited}}}'.encode()


def test_remove_one_of_two_members_with_one_key() -> None:
    data = b'{"a": 1, "b": 2, "a": 3}'
    listing = Listing("x.json", data)
    assert applied(data, listing.edits.remove_repeated("/a", 1)) == b'{"b": 2, "a": 3}'
    assert listing.tree.value_at_key("/a", 1) == 1
    assert listing.edits.remove_repeated("/a", 2) is None
    assert listing.tree.value_at_key("/a", 2) is None


def test_remove_what_stands_at_a_place() -> None:
    data = b'{"a": {"b": [true|false, 2]}}'
    assert applied(data, Listing("x.json", data).edits.remove_at(13)) == b'{"a": {"b": [2]}}'
    assert Listing("x.json", data).edits.remove_at(14) is None


def test_remove_what_is_not_there() -> None:
    edits = Listing("x.json", b'{"a": 1}').edits
    assert (edits.remove("/b"), edits.remove("")) == (None, None)
    assert edits.fix("t", edits.remove("/b")) == ()


def test_rename_and_replace_keep_the_rest() -> None:
    data = '\ufeff{ "é" : "ü" /* x */ }'.encode()
    listing = Listing("x.json", data)
    edits = listing.edits.rename("/é", "Title"), listing.edits.replace("/é", ["ü"])
    assert applied(data, *edits).decode() == '\ufeff{ "Title" : ["ü"] /* x */ }'


def test_a_list_item_has_no_key_to_rename() -> None:
    assert Listing("x.json", b'{"a": [1]}').edits.rename("/a/0", "b") is None


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("{}", '{\n  "k": 1\n}'),
        ('{"a": 1}', '{"k": 1,"a": 1}'),
        ('{\n    "a": 1\n}', '{\n    "k": 1,\n    "a": 1\n}'),
        ('{ // x\n "a": 1}', '{\n "k": 1, // x\n "a": 1}'),
        ('{\n  // x\n  "a": 1}', '{\n  "k": 1,\n  // x\n  "a": 1}'),
        ('{\r\n\t/* x\r\n y */\r\n\t/* z */ "a": 1}', '{\r\n\t"k": 1,\r\n\t/* x\r\n y */\r\n\t/* z */ "a": 1}'),
        ('{ /* x */ "a": 1}', '{ "k": 1, /* x */ "a": 1}'),
    ],
)
def test_insert_first(text: str, edited: str) -> None:
    listing = Listing("x.json", text.encode())
    assert applied(text.encode(), listing.edits.insert_first("k", 1)).decode() == edited


def test_nothing_is_inserted_into_a_list() -> None:
    assert Listing("x.json", b"[]").edits.insert_first("k", 1) is None


def test_a_lone_surrogate_stays_an_escape_sequence() -> None:
    data = b'{"a": 1}'
    edit = Listing("x.json", data).edits.replace("/a", "\ud800")
    assert edit is not None
    assert json.loads(applied(data, edit)) == {"a": "\ud800"}
