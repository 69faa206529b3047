"""A schema from the network: what it refuses, told in our words, and nothing that it could do to us."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.shared_corpus import needs_corpus
from umbmarket.umbraco.schema.published import MOST_REFUSALS, PublishedSchema, Refusal
from umbmarket.umbraco.schema.violations import is_valid
from umbmarket.umbraco.vocabulary import listing_schema

GOOD = {"Title": "Fancy", "Category": "Search"}


def changed(**properties: object) -> PublishedSchema:
    """The schema of today with other properties; None takes one away."""
    schema: dict[str, Any] = copy.deepcopy(dict(listing_schema()))
    for name, wanted in properties.items():
        if wanted is None:
            del schema["properties"][name]
        else:
            schema["properties"][name] = wanted
    return PublishedSchema(json.dumps(schema).encode())


def test_the_copy_here_refuses_nothing_in_a_good_listing() -> None:
    assert changed().refusals(GOOD) == ()


@needs_corpus
def test_the_copy_here_is_read_as_we_read_it(corpus_listings: list[tuple[dict[str, object], object]]) -> None:
    schema = changed()
    for _, value in corpus_listings:
        assert (schema.refusals(value) == ()) == is_valid(value)


@pytest.mark.parametrize(
    ("properties", "value", "refusals"),
    [
        ({"Title": None}, GOOD, (Refusal("", "additionalProperties", 'unknown property "Title"'),)),
        ({"Title": {"type": "object"}}, GOOD, (Refusal("/Title", "type", "must be an object, not a string"),)),
        (
            {"Title": {"type": ["array", "null"]}},
            GOOD,
            (Refusal("/Title", "type", "must be an array or null, not a string"),),
        ),
        ({"Title": {"enum": ["a"]}}, GOOD, (Refusal("/Title", "enum", "the value is not one of those allowed"),)),
        (
            {"Title": {"maxLength": 3}},
            GOOD,
            (Refusal("/Title", "maxLength", "5 characters, where at most 3 are allowed"),),
        ),
        (
            {"Title": {"minLength": 9}},
            GOOD,
            (Refusal("/Title", "minLength", "5 characters, where at least 9 are allowed"),),
        ),
        ({"Title": {"pattern": "^\\p{x}"}}, {"Category": "Search"}, ()),
        ({"Title": {"pattern": "^[a-z]"}}, GOOD, (Refusal("/Title", "pattern", 'the value breaks "pattern"'),)),
        ({"Title": {"not": {}}}, GOOD, (Refusal("/Title", "not", 'the value breaks "not"'),)),
        ({"New": {"required": ["a/b"]}}, {"New": {}}, (Refusal("/New", "required", '"a/b" is missing'),)),
        ({"a/b": {"type": "string"}}, {"a/b": 1}, (Refusal("/a~1b", "type", "must be a string, not an integer"),)),
    ],
)
def test_what_has_changed_is_refused(
    properties: dict[str, object], value: object, refusals: tuple[Refusal, ...]
) -> None:
    assert changed(**properties).refusals(value) == refusals


def test_a_new_property_is_accepted() -> None:
    assert changed(New={"type": "string"}).refusals({"New": "x"}) == ()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<!DOCTYPE html>", "it is not JSON"),
        (b"\xff\xfe", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "it is not the schema of an object"),
        (b'{"type": "object"}', "it is not the schema of an object"),
        (b'{"properties": {"Title": {"type": 7}}}', "it is not a JSON schema"),
    ],
)
def test_what_is_no_schema_is_told(body: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        PublishedSchema(body)


@pytest.mark.parametrize(
    "wanted",
    [
        {"$ref": "https://example.org/other.json"},
        {"$ref": "#/$defs/none"},
        {"$ref": "#/properties/Title"},
        {"pattern": "("},
    ],
)
def test_a_schema_that_cannot_be_followed_is_told_and_fetches_nothing(wanted: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^it cannot be followed$"):
        changed(Title=wanted).refusals(GOOD)


def test_a_listing_that_is_nested_very_deeply_is_not_judged() -> None:
    value: object = "x"
    for _ in range(10_000):
        value = [value]
    with pytest.raises(ValueError, match=r"^the listing is nested too deeply$"):
        changed().refusals({"Title": value})


def test_refusals_are_bounded() -> None:
    schema = changed(New={"items": {"type": "string"}})
    assert len(schema.refusals({"New": [1] * 1_000})) == MOST_REFUSALS
