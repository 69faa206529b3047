from __future__ import annotations

import json

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
        ('{ "a": 1 }', "/a", "{  }"),
        ('{\n  "ä": [1, 2, 3],\n  "b": 2\n}', "/ä/1", '{\n  "ä": [1, 3],\n  "b": 2\n}'),
        ('{\n  "ä": [1, 2, 3],\n  "b": 2\n}', "/ä/2", '{\n  "ä": [1, 2],\n  "b": 2\n}'),
        ('{\n  "a": 1,\n  "b": 2\n}\n', "/b", '{\n  "a": 1\n}\n'),
    ],
)
def test_remove(text: str, pointer: str, edited: str) -> None:
    listing = Listing("x.json", text.encode())
    assert applied(text.encode(), listing.edits.remove(pointer)).decode() == edited


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
        ('{ // x\n "a": 1}', '{ "k": 1, // x\n "a": 1}'),
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
