"""The published schema's verdict on a listing.

`is_valid` answers yes or no and is made for speed: it compiles the schema once into small functions and needs no
third-party package. `violations` names what is wrong and leaves that to ``jsonschema``. Both read the schema's regular
expressions as ECMAScript, which JSON Schema asks for; so do the validators of the Marketplace's own kind.

Values are what a JSON parser gives: dict, list, str, int, float, bool and None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias, cast

from umbmarket.marketplace.ecma_regex import to_python
from umbmarket.marketplace.vocabulary import listing_schema

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

MAX_VIOLATIONS = 1_000
"""`violations` stops here: nobody reads more, and a hostile file of 1 MiB could have half a million."""

MAX_DEPTH = 64
"""Containers nested deeper are taken for empty ones. The schema looks at five levels."""

Schema: TypeAlias = Mapping[str, object]
Check: TypeAlias = Callable[[object], bool]
Dialect: TypeAlias = Callable[[str], str]

_ANNOTATIONS = frozenset({"$schema", "$id", "title", "description", "deprecated"})
_OBJECT_KEYWORDS = frozenset({"properties", "patternProperties", "additionalProperties", "required"})
_ARRAY_KEYWORDS = frozenset({"items", "uniqueItems"})
_STRING_KEYWORDS = frozenset({"maxLength", "pattern"})
_KEYWORDS = (
    _ANNOTATIONS
    | _OBJECT_KEYWORDS
    | _ARRAY_KEYWORDS
    | _STRING_KEYWORDS
    | frozenset({"type", "enum", "oneOf"})
)


class UnsupportedSchema(ValueError):
    """The schema uses something that `is_valid` does not know, so it would not be checked."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing the schema refuses.

    Attributes:
        pointer: JSON Pointer (RFC 6901) of the value; for a missing or unknown key of the object it stands in.
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


# ------------------------------------------------------------------------------------------------ the fast verdict


def is_valid(value: object) -> bool:
    """Tell whether the published schema accepts a listing.

    Args:
        value: The listing as read, of any shape.

    Returns:
        The verdict, the same as an empty `violations`.
    """
    return _listing_check()(value)


@cache
def _listing_check() -> Check:
    return compile_check(listing_schema())


def compile_check(schema: Schema) -> Check:
    """Compile a schema into a function that tells whether a value matches.

    Args:
        schema: A schema of the keywords that the listing schema uses.

    Returns:
        The function. It descends as deep as the schema does, not as deep as the value.

    Raises:
        UnsupportedSchema: The schema has another keyword, or a known one in a form not seen in the listing schema; to
            pass over it would mean to call things valid that are not.
    """
    return _compile(schema, to_python)


def _compile(schema: Schema, dialect: Dialect) -> Check:
    """Compile a schema whose patterns ``dialect`` turns into Python's."""
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
    check_item = _compile(_schema(schema["items"]), dialect) if "items" in schema else None

    def check(value: object) -> bool:
        if not isinstance(value, list):
            return True
        if check_item is not None:
            for item in value:
                if not check_item(item):
                    return False
        return not unique or _first_duplicate(value) is None

    return check


def _object_check(schema: Schema, dialect: Dialect) -> Check:
    if schema.get("additionalProperties", True) not in (True, False):
        raise UnsupportedSchema("additionalProperties as a schema is not supported")
    closed = schema.get("additionalProperties", True) is False
    required = cast("list[str]", schema.get("required", []))
    patterns = tuple(
        (re.compile(dialect(pattern)).search, _compile(_schema(child), dialect))
        for pattern, child in _schema(schema.get("patternProperties", {})).items()
    )
    named: dict[str, Check] = {}
    for key, child in _schema(schema.get("properties", {})).items():
        checks = [_compile(_schema(child), dialect)]
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
    checks = tuple(_compile(_schema(alternative), dialect) for alternative in alternatives)
    return lambda value: sum(check(value) for check in checks) == 1


def _schema(node: object) -> Schema:
    if not isinstance(node, dict):
        raise UnsupportedSchema("a schema that is not an object is not supported")
    return node


def _first_duplicate(items: list[object]) -> tuple[int, int] | None:
    """Find two equal items of a list: the indices of the second one that comes first, and of its first equal."""
    seen: dict[Hashable, int] = {}
    for index, item in enumerate(items):
        first = seen.setdefault(item if isinstance(item, str) else _identity(item), index)
        if first != index:
            return first, index
    return None


def _identity(value: object) -> tuple[Hashable, ...]:
    """A flat key that is the same for two values exactly if JSON Schema calls them equal.

    A number equals another of the same value (1 and 1.0), never a boolean; objects are equal whatever the order of
    their keys. It is built without recursion, so that the depth of the value does not matter.
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
            tokens += ("number" if kind == "integer" else kind, cast("Hashable", item))
    return tuple(tokens)


def json_type(value: object) -> str:
    """The JSON Schema type of a value; a float with an integral value is an ``integer``, as JSON Schema has it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if _is_integer(value) else "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"


# ------------------------------------------------------------------------------------------------ naming what is wrong


def violations(value: object) -> list[Violation]:
    """Name everything the published schema refuses in a listing.

    A screenshot that is no object is named for its type alone, although the schema's ``oneOf`` refuses it as well:
    that it matches "both" alternatives would tell nobody anything.

    Args:
        value: The listing as read, of any shape.

    Returns:
        The violations without repetition, in the order of their pointers (indices as numbers), keywords and
        parameters; at most `MAX_VIOLATIONS`. Empty if the listing is valid.
    """
    if is_valid(value):
        return []
    errors = cast("Iterator[ValidationError]", validator().iter_errors(_within_depth(value)))
    named: dict[_Order, Violation] = {}
    for error in islice(errors, MAX_VIOLATIONS):
        pointer = "".join(f"/{_escaped(token)}" for token in error.absolute_path)
        place = tuple(
            (0, token, "") if isinstance(token, int) else (1, 0, token) for token in error.absolute_path
        )
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
    """The listing schema's validator: ``jsonschema.Draft202012Validator`` with two keywords made fit for any input.

    Its regular expressions are translated to Python's dialect. ``uniqueItems`` compares in linear time (the original
    takes quadratic time for objects, and misses equal items when booleans stand among numbers), and ``items`` asks
    the fast check first, so that a hundred thousand good items beside a bad one cost little.
    """
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    checks: dict[int, Check] = {}

    def items(validator: Validator, schema: Schema, instance: object, _: Schema) -> Iterator[ValidationError]:
        if not isinstance(instance, list):
            return
        check = checks.get(id(schema))
        if check is None:
            check = checks[id(schema)] = _compile(schema, str)
        for index, item in enumerate(instance):
            if not check(item):
                yield from validator.descend(item, schema, path=index)

    def unique_items(_: Validator, wanted: bool, instance: object, __: Schema) -> Iterator[ValidationError]:
        if wanted and isinstance(instance, list) and _first_duplicate(instance) is not None:
            yield ValidationError("two items are equal")

    made = extend(Draft202012Validator, {"items": items, "uniqueItems": unique_items})
    return made(_python_schema()[0])


@cache
def _python_schema() -> tuple[dict[str, object], dict[str, str]]:
    """The listing schema with its patterns in Python's dialect, and from each such pattern the published one."""
    published: dict[str, str] = {}

    def translate(pattern: str) -> str:
        translated = to_python(pattern)
        published[translated] = pattern
        return translated

    def rewrite(schema: Schema) -> dict[str, object]:
        rewritten = dict(schema)
        for keyword, value in schema.items():
            match keyword, value:
                case "pattern", str():
                    rewritten[keyword] = translate(value)
                case "patternProperties", dict():
                    rewritten[keyword] = {translate(key): rewrite(child) for key, child in value.items()}
                case "properties", dict():
                    rewritten[keyword] = {key: rewrite(child) for key, child in value.items()}
                case "items", dict():
                    rewritten[keyword] = rewrite(value)
                case "oneOf", list():
                    rewritten[keyword] = [rewrite(child) for child in value]
        return rewritten

    return rewrite(listing_schema()), published


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
            yield {"pattern": _python_schema()[1][wanted]}
        case "required" if isinstance(wanted, list) and isinstance(instance, dict):
            yield from ({"missing": key} for key in wanted if key not in instance)
        case "additionalProperties" if isinstance(instance, dict) and isinstance(error.schema, dict):
            known = error.schema.get("properties", {})
            patterns = [re.compile(pattern) for pattern in error.schema.get("patternProperties", {})]
            for key in instance:
                if key not in known and not any(pattern.search(key) for pattern in patterns):
                    yield {"additionalProperty": key}
        case "uniqueItems" if isinstance(instance, list):
            duplicate = _first_duplicate(instance)
            if duplicate is not None:
                yield {"first": duplicate[0], "second": duplicate[1]}
        case "oneOf" if isinstance(wanted, list) and isinstance(instance, dict):
            yield {"matched": sum(_compile(_schema(alternative), str)(instance) for alternative in wanted)}


def _within_depth(value: object) -> object:
    """The value itself, or where it is nested deeper than `MAX_DEPTH` a copy that is not.

    ``jsonschema`` writes the values it refuses into its messages, which fails for a value nested thousands deep.
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
