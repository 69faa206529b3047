from __future__ import annotations

import math
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.umbraco.published_patterns import IN_PYTHON
from umbmarket.umbraco.schema.matching import KEYWORDS, finds, first_duplicate, json_type, matches
from umbmarket.umbraco.vocabulary import listing_schema


@pytest.mark.parametrize(
    ("schema", "value", "valid"),
    [
        ({}, object(), True),
        ({"type": "integer"}, 8, True),
        ({"type": "integer"}, 8.0, True),
        ({"type": "integer"}, 8.5, False),
        ({"type": "integer"}, True, False),
        ({"type": "integer"}, "8", False),
        ({"type": "integer"}, math.inf, False),
        ({"type": "integer"}, math.nan, False),
        ({"type": "boolean"}, True, True),
        ({"type": "boolean"}, 1, False),
        ({"type": "string"}, "", True),
        ({"type": "string"}, None, False),
        ({"type": "array"}, [], True),
        ({"type": "array"}, {}, False),
        ({"type": "object"}, {}, True),
        ({"type": "object"}, [], False),
        ({"enum": ["a"]}, "a", True),
        ({"enum": ["a"]}, ["a"], False),
        ({"enum": ["a"]}, {}, False),
        ({"maxLength": 2}, "😀😀", True),
        ({"maxLength": 2}, "abc", False),
        ({"maxLength": 2}, 1234, True),
        ({"pattern": "^a$"}, "a", True),
        ({"pattern": "^a$"}, "a\n", False),
        ({"pattern": "b"}, "abc", True),
        ({"pattern": "b"}, ["x"], True),
        ({"items": {"type": "string"}}, ["a", "b"], True),
        ({"items": {"type": "string"}}, ["a", 1], False),
        ({"items": {"type": "string"}}, "a", True),
        ({"uniqueItems": True}, ["a", "b"], True),
        ({"uniqueItems": True}, ["a", "a"], False),
        ({"uniqueItems": True}, [1, True], True),
        ({"uniqueItems": True}, [1, 1.0], False),
        ({"uniqueItems": True}, [[1], [True], [1]], False),
        ({"uniqueItems": True}, [{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}], False),
        ({"uniqueItems": True}, [{"a": 1, "b": 2}, {"a": 2, "b": 1}], True),
        ({"uniqueItems": True}, [None, False, 0, "", [], {}, [[]], "null"], True),
        ({"uniqueItems": False}, ["a", "a"], True),
        ({"required": ["a"]}, {"a": None}, True),
        ({"required": ["a"]}, {"b": 1}, False),
        ({"required": ["a"]}, "text", True),
        ({"properties": {"a": {"type": "string"}}}, {"a": 1}, False),
        ({"properties": {"a": {"type": "string"}}}, {"b": 1}, True),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1}, False),
        ({"properties": {"a": {}}, "additionalProperties": True}, {"b": 1}, True),
        ({"patternProperties": {"U$": {"type": "string"}}}, {"aU": 1}, False),
        ({"patternProperties": {"U$": {"type": "string"}}}, {"aU\n": 1}, True),
        ({"patternProperties": {"U$": {}}, "additionalProperties": False}, {"aU": 1}, True),
        ({"patternProperties": {"U$": {}}, "additionalProperties": False}, {"aU\n": 1}, False),
        (
            {"patternProperties": {"^a": {"type": "string"}}, "properties": {"ab": {"maxLength": 1}}},
            {"ab": 1},
            False,
        ),
        (
            {"patternProperties": {"^a": {"maxLength": 1}}, "properties": {"ab": {"type": "string"}}},
            {"ab": "xx"},
            False,
        ),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1}, True),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, False),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1, "b": 1}, False),
    ],
)
def test_a_keyword(schema: dict[str, object], value: object, valid: bool) -> None:
    assert matches(value, schema) is valid


def test_another_keyword_is_an_error_rather_than_passed_over() -> None:
    with pytest.raises(KeyError, match="'minLength'"):
        matches(["a"], {"items": {"minLength": 1}})


def parts(schema: dict[str, object]) -> Iterator[dict[str, object]]:
    """A schema and all schemas in it."""
    yield schema
    for children in (schema.get("properties", {}), schema.get("patternProperties", {})):
        for child in children.values():
            yield from parts(child)
    for child in [*([schema["items"]] if "items" in schema else []), *schema.get("oneOf", [])]:
        yield from parts(child)


def test_the_listing_schema_uses_known_keywords_in_known_forms() -> None:
    """`matches` takes these forms alone, and would not tell others."""
    everything = list(parts(listing_schema()))
    assert len(everything) > 40
    for part in everything:
        assert part.keys() <= KEYWORDS.keys()
        assert part.get("type", "object") in ("object", "array", "string", "boolean", "integer")
        assert all(isinstance(value, str) for value in part.get("enum", []))
        if {"enum", "maxLength", "pattern"} & part.keys():
            assert part.get("type", "string") == "string"
        assert part.get("additionalProperties", True) in (True, False)
        assert part.get("uniqueItems", True) in (True, False)
        assert isinstance(part.get("items", {}), dict)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("Url$", "FooUrl", True),
        ("Url$", "FooUrl\n", False),
        ("^a", "b\na", False),
        (r"^\S*$", "a\ufeff", False),
        (r"^\S*$", "a\u2028b", False),
        (r"^\S*$", "a\x1cb", True),
        (r"^\S*$", "a\x85b", True),
        (r"^\S*$", "a\u180eb", True),
        (r"^\S*$", "a\u00a0b", False),
        (r"^\d$", "٣", False),
        (r"^\w$", "é", False),
        (r"^\:\/\-$", ":/-", True),
        (r"^[a-c\-\.\s]+$", "a-. \ufeffc", True),
        (r"^\S$", "\ud800", True),
        (r"^[a-z\ud800]+$", "a\udfff", False),
        (r"Url$", "\ud800Url", True),
    ],
)
def test_a_pattern_means_what_it_means_in_ecmascript(pattern: str, text: str, found: bool) -> None:
    assert finds(pattern, text) is found


@given(st.text(st.sampled_from([*"ahtps:/.-U\n\x1c\x85\ufeff\u2028 ", "\ud800", "\udfff", "\U0001f600"]), max_size=12))
def test_the_published_patterns_find_what_their_translations_find(text: str) -> None:
    for published, python in IN_PYTHON.items():
        for each in (text, f"http://a.pt{text}", f"{text}Url"):
            assert finds(published, each) is (re.search(python, each) is not None)


def test_duplicates_are_found_by_their_places() -> None:
    assert first_duplicate([]) is None
    assert first_duplicate(["a", "b", "c", "b", "a"]) == (1, 3)
    assert first_duplicate([{}, [], {}]) == (0, 2)


def test_a_deep_value_is_compared_without_recursion() -> None:
    first: object = "x"
    second: object = "x"
    for _ in range(50_000):
        first, second = [first], {"a": second}
    assert first_duplicate([first, second]) is None
    assert first_duplicate([first, second, first]) == (0, 2)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "integer"),
        (1.0, "integer"),
        (1.5, "number"),
        (math.inf, "number"),
        ("", "string"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_the_type_of_a_value(value: object, name: str) -> None:
    assert json_type(value) == name


SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([1.0, 0.5, -0.0]) | st.text("ab", max_size=2)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=1), inner, max_size=2),
)


def equal(one: object, other: object) -> bool:
    """Equality as JSON Schema has it (Draft 2020-12 core, 4.2.2), written without regard to speed."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return type(one) is type(other) and one == other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    return one == other


@given(st.lists(VALUES, max_size=6))
def test_duplicates_are_those_of_the_definition(items: list[object]) -> None:
    pairs = [(i, j) for j in range(len(items)) for i in range(j) if equal(items[i], items[j])]
    assert first_duplicate(items) == (pairs[0] if pairs else None)
