"""What a schema refuses in a value, thing by thing: the long answer where `matching` says no.

The same keywords with the same meaning. What `matching` accepts is passed over, so that a hundred thousand good values
beside a bad one cost little.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from umbmarket.umbraco.schema.matching import (
    KEYWORDS,
    Schema,
    finds,
    finds_in_key,
    first_duplicate,
    json_type,
    matches,
    unknown_keys,
)

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

Params: TypeAlias = dict[str, object]


class Refusal(NamedTuple):
    """One thing that a schema refuses.

    Attributes:
        path: of the value, or of the object that a key is missing from or unknown in.
        keyword: of the schema, such as ``"maxLength"``.
        params: what there is to say about it, see `umbmarket.umbraco.schema.violations.Violation`.
    """

    path: Path
    keyword: str
    params: Params


def refusals(value: object, schema: Schema, path: Path = ()) -> Iterator[Refusal]:
    """Name what a schema refuses in a value, keyword by keyword in the schema's order.

    Args:
        value: The value, of any shape.
        schema: As for `matching.matches`.
        path: Where the value stands.

    Yields:
        The refusals; the same one twice where two parts of the schema refuse the same. The walk descends as deep as
        the schema does.

    Raises:
        KeyError: The schema has another keyword; it is named.
    """
    for keyword, wanted in schema.items():
        if keyword in _AT_VALUE:
            for params in _AT_VALUE[keyword](value, wanted, schema):
                yield Refusal(path, keyword, params)
        elif keyword in _BELOW:
            for key, item, child in _BELOW[keyword](value, wanted):
                if not matches(item, child):
                    yield from refusals(item, child, (*path, key))
        elif KEYWORDS[keyword] is not None:
            raise KeyError(keyword)


def _type(value: object, wanted: str, _: Schema) -> Iterator[Params]:
    actual = json_type(value)
    if actual != wanted:
        yield {"expected": wanted, "actual": actual}


def _enum(value: object, wanted: list[str], _: Schema) -> Iterator[Params]:
    if value not in wanted:
        yield {"allowed": wanted}


def _max_length(value: object, wanted: int, _: Schema) -> Iterator[Params]:
    if isinstance(value, str) and len(value) > wanted:
        yield {"limit": wanted, "length": len(value)}


def _pattern(value: object, wanted: str, _: Schema) -> Iterator[Params]:
    if isinstance(value, str) and not finds(wanted, value):
        yield {"pattern": wanted}


def _required(value: object, wanted: list[str], _: Schema) -> Iterator[Params]:
    if not isinstance(value, dict):
        return
    for key in wanted:
        if key not in value:
            yield {"missing": key}


def _additional_properties(value: object, wanted: bool, schema: Schema) -> Iterator[Params]:
    if wanted or not isinstance(value, dict):
        return
    for key in unknown_keys(value, schema):
        yield {"additionalProperty": key}


def _unique_items(value: object, wanted: bool, _: Schema) -> Iterator[Params]:
    duplicate = first_duplicate(value) if wanted and isinstance(value, list) else None
    if duplicate is not None:
        yield {"first": duplicate[0], "second": duplicate[1]}


def _one_of(value: object, wanted: list[Schema], _: Schema) -> Iterator[Params]:
    """Said of objects alone: that anything else matches "both" alternatives would tell nobody anything."""
    matched = sum(matches(value, alternative) for alternative in wanted) if isinstance(value, dict) else 1
    if matched != 1:
        yield {"matched": matched}


def _properties(value: object, wanted: dict[str, Schema]) -> Iterator[tuple[str, object, Schema]]:
    if isinstance(value, dict):
        yield from ((key, item, wanted[key]) for key, item in value.items() if key in wanted)


def _pattern_properties(value: object, wanted: dict[str, Schema]) -> Iterator[tuple[str, object, Schema]]:
    if isinstance(value, dict):
        for pattern, child in wanted.items():
            yield from ((key, item, child) for key, item in value.items() if finds_in_key(pattern, key))


def _items(value: object, wanted: Schema) -> Iterator[tuple[int, object, Schema]]:
    if isinstance(value, list):
        yield from ((index, item, wanted) for index, item in enumerate(value))


_AT_VALUE: dict[str, Callable[[object, Any, Schema], Iterable[Params]]] = {
    "type": _type,
    "enum": _enum,
    "maxLength": _max_length,
    "pattern": _pattern,
    "required": _required,
    "additionalProperties": _additional_properties,
    "uniqueItems": _unique_items,
    "oneOf": _one_of,
}
"""The keywords that judge the value itself, and what is wrong with it by each."""

_BELOW: dict[str, Callable[[object, Any], Iterable[tuple[str | int, object, Schema]]]] = {
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "items": _items,
}
"""The keywords that judge what is in the value: key or index, item, and the schema for it."""
