"""Whether a value matches a schema, by the keywords that the listing schema uses.

`matches` is made to be ready at once: nothing is compiled or imported for it but the regular expressions, which
``regress`` reads as ECMAScript, as JSON Schema asks. Another keyword is an error rather than passed over, so that a
change of the schema cannot silently weaken the verdict.

Values are what a JSON parser gives: dict, list, str, int, float, bool and None.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from regress import Regex

Schema: TypeAlias = Mapping[str, Any]
"""A schema as read from its file; boolean schemas do not occur."""


def matches(value: object, schema: Schema) -> bool:
    """Tell whether a value matches a schema.

    Args:
        value: The value, of any shape.
        schema: A schema of the keywords that the listing schema uses, in the forms that it uses.

    Returns:
        The verdict. It descends as deep as the schema does, not as deep as the value.

    Raises:
        KeyError: The schema has another keyword; it is named.
    """
    for keyword, wanted in schema.items():
        check = KEYWORDS[keyword]
        if check is not None and not check(value, wanted, schema):
            return False
    return True


def finds(pattern: str, text: str) -> bool:
    r"""Tell whether an ECMAScript pattern (without flags) occurs in a text.

    Half of a surrogate pair, which JSON can write but UTF-8 cannot, counts as U+FFFD: like that it is a character that
    is neither ASCII nor white space.
    """
    try:
        return _regex(pattern).find(text) is not None
    except UnicodeEncodeError:
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return _regex(pattern).find(whole) is not None


@cache
def _regex(pattern: str) -> Regex:
    return Regex(pattern)


def unknown_keys(value: Mapping[str, object], schema: Schema) -> Iterator[str]:
    """The keys that neither ``properties`` nor ``patternProperties`` of a schema know."""
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    return (key for key in value if key not in known and not any(finds(pattern, key) for pattern in patterns))


def _type(value: object, wanted: str, schema: Schema) -> bool:
    return json_type(value) == wanted


def _enum(value: object, wanted: list[str], schema: Schema) -> bool:
    return isinstance(value, str) and value in wanted


def _max_length(value: object, wanted: int, schema: Schema) -> bool:
    return not isinstance(value, str) or len(value) <= wanted


def _pattern(value: object, wanted: str, schema: Schema) -> bool:
    return not isinstance(value, str) or finds(wanted, value)


def _items(value: object, wanted: Schema, schema: Schema) -> bool:
    for item in value if isinstance(value, list) else ():  # noqa: SIM110 - generators cost a third of the time
        if not matches(item, wanted):
            return False
    return True


def _unique_items(value: object, wanted: bool, schema: Schema) -> bool:
    return not wanted or not isinstance(value, list) or first_duplicate(value) is None


def _required(value: object, wanted: list[str], schema: Schema) -> bool:
    return not isinstance(value, dict) or all(key in value for key in wanted)


def _properties(value: object, wanted: Mapping[str, Schema], schema: Schema) -> bool:
    for key, item in value.items() if isinstance(value, dict) else ():
        child = wanted.get(key)
        if child is not None and not matches(item, child):
            return False
    return True


def _pattern_properties(value: object, wanted: Mapping[str, Schema], schema: Schema) -> bool:
    return not isinstance(value, dict) or all(
        matches(item, child) for pattern, child in wanted.items() for key, item in value.items() if finds(pattern, key)
    )


def _additional_properties(value: object, wanted: bool, schema: Schema) -> bool:
    return wanted or not isinstance(value, dict) or next(unknown_keys(value, schema), None) is None


def _one_of(value: object, wanted: list[Schema], schema: Schema) -> bool:
    return sum(matches(value, alternative) for alternative in wanted) == 1


KEYWORDS: dict[str, Callable[[object, Any, Schema], bool] | None] = {
    **dict.fromkeys(("$schema", "$id", "title", "description", "deprecated")),
    "type": _type,
    "enum": _enum,
    "maxLength": _max_length,
    "pattern": _pattern,
    "items": _items,
    "uniqueItems": _unique_items,
    "required": _required,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "oneOf": _one_of,
}
"""The keywords: each tells whether a value satisfies what the schema wants with it; None for annotations."""


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
    if isinstance(value, str):
        return "string"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    if isinstance(value, int):
        return "integer"
    return "array" if isinstance(value, list) else "object"
