"""Compiles a schema into a function that tells quickly whether a value matches.

Only the keywords of the listing schema are known. Another one is refused rather than passed over, so that a
change of the schema cannot silently weaken the verdict.

Values are what a JSON parser gives: dict, list, str, int, float, bool and None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from typing import TypeAlias, cast

from umbmarket.umbraco.schema.ecma_patterns import to_python

Schema: TypeAlias = Mapping[str, object]
Check: TypeAlias = Callable[[object], bool]
Dialect: TypeAlias = Callable[[str], str]

_ANNOTATIONS = frozenset({"$schema", "$id", "title", "description", "deprecated"})
_OBJECT_KEYWORDS = frozenset({"properties", "patternProperties", "additionalProperties", "required"})
_ARRAY_KEYWORDS = frozenset({"items", "uniqueItems"})
_STRING_KEYWORDS = frozenset({"maxLength", "pattern"})
_KEYWORDS = _ANNOTATIONS | _OBJECT_KEYWORDS | _ARRAY_KEYWORDS | _STRING_KEYWORDS | frozenset({"type", "enum", "oneOf"})


class UnsupportedSchema(ValueError):
    """The schema uses something that `is_valid` does not know, so it would not be checked."""


def compile_check(schema: Schema, dialect: Dialect = to_python) -> Check:
    """Compile a schema into a function that tells whether a value matches.

    Args:
        schema: A schema of the keywords that the listing schema uses.
        dialect: Turns the schema's patterns into Python's; `str` if they are so already.

    Returns:
        The function. It descends as deep as the schema does, not as deep as the value.

    Raises:
        UnsupportedSchema: The schema has another keyword, or a known one in a form not seen in the listing
            schema; to pass over it would mean to call things valid that are not.
    """
    unknown = schema.keys() - _KEYWORDS
    if unknown:
        raise UnsupportedSchema(f"the keyword {min(unknown)} is not supported")
    checks: list[Check] = []
    if "type" in schema:
        checks.append(_type_check(schema["type"]))
    if "enum" in schema:
        checks.append(_enum_check(schema["enum"]))
    if not _STRING_KEYWORDS.isdisjoint(schema):
        checks.append(_string_check(schema, dialect))
    if not _ARRAY_KEYWORDS.isdisjoint(schema):
        checks.append(_array_check(schema, dialect))
    if not _OBJECT_KEYWORDS.isdisjoint(schema):
        checks.append(_object_check(schema, dialect))
    if "oneOf" in schema:
        checks.append(_one_of_check(schema["oneOf"], dialect))
    return _all(checks)


def _all(checks: list[Check]) -> Check:
    match checks:
        case []:
            return lambda value: True
        case [only]:
            return only
        case [first, second]:
            return lambda value: first(value) and second(value)
    several = tuple(checks)
    return lambda value: all(check(value) for check in several)


def _type_check(name: object) -> Check:
    match name:
        case "object":
            return lambda value: isinstance(value, dict)
        case "array":
            return lambda value: isinstance(value, list)
        case "string":
            return lambda value: isinstance(value, str)
        case "boolean":
            return lambda value: isinstance(value, bool)
        case "integer":
            return _is_integer
    raise UnsupportedSchema(f"the type {name} is not supported")


def _is_integer(value: object) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _enum_check(values: object) -> Check:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise UnsupportedSchema("an enum of other things than texts is not supported")
    allowed = frozenset(values)
    return lambda value: isinstance(value, str) and value in allowed


def _string_check(schema: Schema, dialect: Dialect) -> Check:
    limit = schema.get("maxLength")
    pattern = schema.get("pattern")
    if not isinstance(limit, int | None) or not isinstance(pattern, str | None):
        raise UnsupportedSchema("maxLength must be an integer and pattern a text")
    search = re.compile(dialect(pattern)).search if pattern is not None else None

    def check(value: object) -> bool:
        if not isinstance(value, str):
            return True
        return (limit is None or len(value) <= limit) and (search is None or search(value) is not None)

    return check


def _array_check(schema: Schema, dialect: Dialect) -> Check:
    unique = schema.get("uniqueItems", False)
    if not isinstance(unique, bool):
        raise UnsupportedSchema("uniqueItems must be true or false")
    check_item = compile_check(_schema(schema["items"]), dialect) if "items" in schema else None

    def check(value: object) -> bool:
        if not isinstance(value, list):
            return True
        if check_item is not None:
            for item in value:
                if not check_item(item):
                    return False
        return not unique or first_duplicate(value) is None

    return check


def _object_check(schema: Schema, dialect: Dialect) -> Check:
    if schema.get("additionalProperties", True) not in (True, False):
        raise UnsupportedSchema("additionalProperties as a schema is not supported")
    closed = schema.get("additionalProperties", True) is False
    required = cast("list[str]", schema.get("required", []))
    patterns = tuple(
        (re.compile(dialect(pattern)).search, compile_check(_schema(child), dialect))
        for pattern, child in _schema(schema.get("patternProperties", {})).items()
    )
    named: dict[str, Check] = {}
    for key, child in _schema(schema.get("properties", {})).items():
        checks = [compile_check(_schema(child), dialect)]
        checks.extend(check for search, check in patterns if search(key))
        named[key] = _all(checks)

    def check(value: object) -> bool:
        if not isinstance(value, dict):
            return True
        for key in required:
            if key not in value:
                return False
        for key, item in value.items():
            known = named.get(key)
            if known is not None:
                if not known(item):
                    return False
                continue
            matched = False
            for search, pattern_check in patterns:
                if search(key):
                    matched = True
                    if not pattern_check(item):
                        return False
            if closed and not matched:
                return False
        return True

    return check


def _one_of_check(alternatives: object, dialect: Dialect) -> Check:
    if not isinstance(alternatives, list):
        raise UnsupportedSchema("oneOf must be a list")
    checks = tuple(compile_check(_schema(alternative), dialect) for alternative in alternatives)
    return lambda value: sum(check(value) for check in checks) == 1


def _schema(node: object) -> Schema:
    if not isinstance(node, dict):
        raise UnsupportedSchema("a schema that is not an object is not supported")
    return node


def first_duplicate(items: list[object]) -> tuple[int, int] | None:
    """Find the first item of a list that equals an earlier one: the indices of that one and of itself."""
    seen: dict[Hashable, int] = {}
    for index, item in enumerate(items):
        first = seen.setdefault(item if isinstance(item, str) else _identity(item), index)
        if first != index:
            return first, index
    return None


def _identity(value: object) -> tuple[Hashable, ...]:
    """A flat key that is the same for two values exactly if JSON Schema calls them equal.

    A number equals another of the same value (1 and 1.0), never a boolean; objects are equal whatever the
    order of their keys. It is built without recursion, so that the depth of the value does not matter.
    """
    tokens: list[Hashable] = []
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            keys = sorted(item)
            tokens += ("object", len(keys), *keys)
            pending.extend(item[key] for key in keys)
        elif isinstance(item, list):
            tokens += ("array", len(item))
            pending.extend(item)
        else:
            kind = json_type(item)
            tokens += ("number" if kind == "integer" else kind, item)
    return tuple(tokens)


def json_type(value: object) -> str:
    """The JSON Schema type of a value; a float with an integral value is an ``integer``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if _is_integer(value) else "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"
