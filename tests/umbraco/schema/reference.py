"""What is wrong with a listing as ``jsonschema`` has it, in the words of our own naming: the reference for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from umbmarket.umbraco.schema.matching import Schema, finds, first_duplicate, json_type, matches, unknown_keys
from umbmarket.umbraco.schema.violations import Violation
from umbmarket.umbraco.vocabulary import listing_schema


def named_by_jsonschema(value: object) -> list[Violation]:
    """Everything that ``jsonschema`` finds in a value, each once, in the order of `violations`."""
    named = {}
    for error in validator().iter_errors(value):
        tokens = list(error.absolute_path)
        pointer = "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens)
        place = [(0, token, "") if isinstance(token, int) else (1, 0, token) for token in tokens]
        for params in _params(error):
            order = place, str(error.validator), json.dumps(params, sort_keys=True)
            named[str(order)] = order, Violation(pointer, str(error.validator), params)
    return [violation for _, violation in sorted(named.values(), key=lambda each: each[0])]


@cache
def validator() -> Validator:
    """The listing schema's ``jsonschema.Draft202012Validator``, with two keywords changed.

    Regular expressions are ECMAScript, not Python's. ``uniqueItems`` tells booleans from numbers: the original misses
    equal items when both stand in one list.
    """

    def pattern(_: Validator, wanted: str, instance: object, __: Schema) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not finds(wanted, instance):
            yield ValidationError("the text does not match the pattern")

    def pattern_properties(
        validator: Validator, wanted: dict[str, Schema], instance: object, _: Schema
    ) -> Iterator[ValidationError]:
        if not isinstance(instance, dict):
            return
        for expression, child in wanted.items():
            for key, value in instance.items():
                if finds(expression, key):
                    yield from validator.descend(value, child, path=key)

    def additional_properties(
        _: Validator, wanted: bool, instance: object, schema: Schema
    ) -> Iterator[ValidationError]:
        if not wanted and isinstance(instance, dict) and any(True for _ in unknown_keys(instance, schema)):
            yield ValidationError("a key is unknown")

    def unique_items(_: Validator, wanted: bool, instance: object, __: Schema) -> Iterator[ValidationError]:
        if wanted and isinstance(instance, list) and first_duplicate(instance) is not None:
            yield ValidationError("two items are equal")

    keywords = {
        "pattern": pattern,
        "patternProperties": pattern_properties,
        "additionalProperties": additional_properties,
        "uniqueItems": unique_items,
    }
    made: type[Validator] = extend(Draft202012Validator, keywords)
    return made(listing_schema())


def _params(error: ValidationError) -> Iterator[dict[str, object]]:
    """Say what there is to say about an error; see `Violation`."""
    instance: object = error.instance
    wanted: object = error.validator_value
    match error.validator:
        case "type":
            yield {"expected": wanted, "actual": json_type(instance)}
        case "enum":
            yield {"allowed": wanted}
        case "maxLength" if isinstance(instance, str):
            yield {"limit": wanted, "length": len(instance)}
        case "pattern" if isinstance(wanted, str):
            yield {"pattern": wanted}
        case "required" if isinstance(wanted, list) and isinstance(instance, dict):
            yield from ({"missing": key} for key in wanted if key not in instance)
        case "additionalProperties" if isinstance(instance, dict) and isinstance(error.schema, dict):
            for key in unknown_keys(instance, error.schema):
                yield {"additionalProperty": key}
        case "uniqueItems" if isinstance(instance, list):
            duplicate = first_duplicate(instance)
            if duplicate is not None:
                yield {"first": duplicate[0], "second": duplicate[1]}
        case "oneOf" if isinstance(wanted, list) and isinstance(instance, dict):
            yield {"matched": sum(matches(instance, alternative) for alternative in wanted)}
