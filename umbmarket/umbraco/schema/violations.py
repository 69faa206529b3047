"""The published schema's verdict on a listing.

`is_valid` answers yes or no at once (see `umbmarket.umbraco.schema.matching`). `violations` names what is wrong and
leaves that to ``jsonschema``, whose import costs more than everything else about a healthy listing. Both read the
schema's regular expressions as ECMAScript, as JSON Schema asks, so they agree with validators written in JavaScript to
the letter.

Values are what a JSON parser gives: dict, list, str, int, float, bool and None.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from umbmarket.umbraco.schema.matching import Schema, finds, first_duplicate, json_type, matches, unknown_keys
from umbmarket.umbraco.vocabulary import listing_schema

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

MAX_VIOLATIONS = 1_000
"""`violations` stops here: nobody reads more, and a hostile file of 1 MiB could have half a million."""

MAX_DEPTH = 64
"""Containers nested deeper are taken for empty ones. The schema looks at five levels."""


class Violation(NamedTuple):
    """One thing the schema refuses.

    Attributes:
        pointer: JSON Pointer (RFC 6901) of the value; for a missing or unknown key of the object it stands
            in.
        keyword: The schema's keyword, such as ``"maxLength"``.
        params: What there is to say about it, as plain JSON data:
            ``type``: ``expected`` and ``actual``, JSON type names;
            ``enum``: ``allowed``, the list of values;
            ``maxLength``: ``limit`` and ``length``, in code points;
            ``pattern``: ``pattern``, as published;
            ``additionalProperties``: ``additionalProperty``, one key;
            ``required``: ``missing``, one key;
            ``uniqueItems``: ``first`` and ``second``, the indices of two equal items;
            ``oneOf``: ``matched``, how many of the alternatives match.
    """

    pointer: str
    keyword: str
    params: dict[str, object]


def is_valid(value: object) -> bool:
    """Tell whether the published schema accepts a listing.

    Args:
        value: The listing as read, of any shape.

    Returns:
        The verdict, the same as an empty `violations`.
    """
    return matches(value, listing_schema())


def violations(value: object) -> list[Violation]:
    """Name everything the published schema refuses in a listing.

    A screenshot that is no object is named for its type alone, although the schema's ``oneOf`` refuses it as
    well: that it matches "both" alternatives would tell nobody anything.

    Args:
        value: The listing as read, of any shape.

    Returns:
        The violations without repetition, in the order of their pointers (indices as numbers), keywords and
        parameters; at most `MAX_VIOLATIONS`. Empty if the listing is valid.
    """
    if is_valid(value):
        return []
    errors = validator().iter_errors(_within_depth(value))  # type: ignore[arg-type]  # of any shape
    named: dict[_Order, Violation] = {}
    for error in islice(errors, MAX_VIOLATIONS):
        pointer = "".join(f"/{_escaped(token)}" for token in error.absolute_path)
        place = tuple((0, token, "") if isinstance(token, int) else (1, 0, token) for token in error.absolute_path)
        keyword = str(error.validator)
        for params in _params(error):
            order = place, keyword, json.dumps(params, sort_keys=True)
            named.setdefault(order, Violation(pointer, keyword, params))
            if len(named) == MAX_VIOLATIONS:
                break
    return [named[order] for order in sorted(named)]


_Order: TypeAlias = tuple[tuple[tuple[int, int, str], ...], str, str]


def _escaped(token: str | int) -> str:
    """A token of a JSON Pointer (RFC 6901, section 3)."""
    return str(token).replace("~", "~0").replace("/", "~1")


@cache
def validator() -> Validator:
    """The listing schema's ``jsonschema.Draft202012Validator``, with some keywords made fit for it and for any input.

    Regular expressions are ECMAScript, not Python's. ``uniqueItems`` compares in linear time (the original takes
    quadratic time for objects, and misses equal items when booleans stand among numbers). ``properties`` and ``items``
    ask `matches` first, so that a hundred thousand good values beside a bad one cost little.
    """
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

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
                    yield from validator.descend(value, child, path=key)  # type: ignore[attr-defined]  # stub gap

    def additional_properties(
        _: Validator, wanted: bool, instance: object, schema: Schema
    ) -> Iterator[ValidationError]:
        if not wanted and isinstance(instance, dict) and any(True for _ in unknown_keys(instance, schema)):
            yield ValidationError("a key is unknown")

    def properties(
        validator: Validator, wanted: dict[str, Schema], instance: object, _: Schema
    ) -> Iterator[ValidationError]:
        for key, value in instance.items() if isinstance(instance, dict) else ():
            child = wanted.get(key)
            if child is not None and not matches(value, child):
                yield from validator.descend(value, child, path=key)  # type: ignore[attr-defined]  # stub gap

    def items(validator: Validator, wanted: Schema, instance: object, _: Schema) -> Iterator[ValidationError]:
        for index, item in enumerate(instance if isinstance(instance, list) else ()):
            if not matches(item, wanted):
                yield from validator.descend(item, wanted, path=index)  # type: ignore[attr-defined]  # stub gap

    def unique_items(_: Validator, wanted: bool, instance: object, __: Schema) -> Iterator[ValidationError]:
        if wanted and isinstance(instance, list) and first_duplicate(instance) is not None:
            yield ValidationError("two items are equal")

    keywords = {
        "properties": properties,
        "pattern": pattern,
        "patternProperties": pattern_properties,
        "additionalProperties": additional_properties,
        "items": items,
        "uniqueItems": unique_items,
    }
    made: type[Validator] = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]  # stub gap
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


def _within_depth(value: object) -> object:
    """The value itself, or where it is nested deeper than `MAX_DEPTH` a copy that is not.

    ``jsonschema`` writes the values it refuses into its messages, which fails for a value nested thousands
    deep.
    """
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
            if isinstance(child, dict | list)
        ]
        if not level:
            return value
    return _cut(value, MAX_DEPTH)


def _cut(value: object, depth: int) -> object:
    if isinstance(value, dict):
        return {key: _cut(item, depth - 1) for key, item in value.items()} if depth else {}
    if isinstance(value, list):
        return [_cut(item, depth - 1) for item in value] if depth else []
    return value
