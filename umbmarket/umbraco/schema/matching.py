"""Whether a value matches a schema, by the keywords that the listing schema uses.

A schema becomes one function when it is first asked about, which takes less than a millisecond; regular expressions are
ECMAScript, as JSON Schema asks, and read by ``regress``. Another keyword is an error rather than passed over, so that a
change of the schema cannot silently weaken the verdict.

Values are what a JSON parser gives: dict, list, str, int, float, bool and None.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cache, lru_cache
from sys import maxsize
from typing import Any, TypeAlias

from regress import Regex

Schema: TypeAlias = Mapping[str, Any]
"""A schema as read from its file; boolean schemas do not occur."""

Check: TypeAlias = Callable[[object], bool]
Find: TypeAlias = Callable[[str], bool]

_compiled: dict[int, tuple[Schema, Check]] = {}
"""By the identity of a schema; the schema beside its check keeps that identity from being given away."""


def matches(value: object, schema: Schema) -> bool:
    """Tell whether a value matches a schema.

    Args:
        value: The value, of any shape.
        schema: A schema of the keywords that the listing schema uses, in the forms that it uses; it never changes.

    Returns:
        The verdict. It descends as deep as the schema does, not as deep as the value.

    Raises:
        KeyError: The schema has another keyword; it is named.
    """
    known = _compiled.get(id(schema))
    if known is None:
        known = _compiled[id(schema)] = schema, _compile(schema)
    return known[1](value)


def finds(pattern: str, text: str) -> bool:
    """Tell whether an ECMAScript pattern (without flags) occurs in a text.

    Half of a surrogate pair, which JSON can write but UTF-8 cannot, counts as U+FFFD: like that it is a character that
    is neither ASCII nor white space.
    """
    return _finder(pattern)(text)


@cache
def _finder(pattern: str) -> Find:
    find = Regex(pattern).find

    def finds(text: str) -> bool:
        try:
            return find(text) is not None
        except UnicodeEncodeError:
            whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            return find(whole) is not None

    return finds


def finds_in_key(pattern: str, key: str) -> bool:
    """The same for a key: nearly all listings have the same ones, so that the answers are kept."""
    return _finds_in_key(pattern, key) if len(key) <= _LONGEST_KEY else finds(pattern, key)


_LONGEST_KEY = 100
"""Code points of a key that an answer is kept for; the schema's longest has 36."""

_finds_in_key = lru_cache(maxsize=1_000)(finds)


def unknown_keys(value: Mapping[str, object], schema: Schema) -> Iterator[str]:
    """The keys that neither ``properties`` nor ``patternProperties`` of a schema know."""
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    return (key for key in value if key not in known and not any(finds_in_key(pattern, key) for pattern in patterns))


def _compile(schema: Schema) -> Check:
    makers = [(KEYWORDS[keyword], wanted) for keyword, wanted in schema.items()]
    checks = [maker(wanted) for maker, wanted in makers if maker is not None]
    if not _TEXTS.isdisjoint(schema) or schema.get("type") == "string":
        checks.append(_text(schema))
    elif "type" in schema:
        checks.insert(0, _type(schema["type"]))
    if not _KEYS.isdisjoint(schema):
        checks.append(_keys(schema))
    return _all(checks)


def _all(checks: list[Check]) -> Check:
    if not checks:
        return lambda value: True
    first, *others = checks
    if not others:
        return first
    rest = _all(others)
    return lambda value: first(value) and rest(value)


def _type(wanted: str) -> Check:
    kind = {"object": dict, "array": list, "boolean": bool}.get(wanted)
    return (lambda value: isinstance(value, kind)) if kind is not None else lambda value: json_type(value) == wanted


def _text(schema: Schema) -> Check:
    """``type``, ``enum``, ``maxLength`` and ``pattern`` of a text, in one step: most values of a listing are texts."""
    is_needed = "enum" in schema or schema.get("type") == "string"
    allowed = schema.get("enum")
    longest = schema.get("maxLength", maxsize)
    found = _finder(schema["pattern"]) if "pattern" in schema else None

    def check(value: object) -> bool:
        if not isinstance(value, str):
            return not is_needed
        return len(value) <= longest and (allowed is None or value in allowed) and (found is None or found(value))

    return check


def _items(wanted: Schema) -> Check:
    check = _compile(wanted)
    return lambda value: not isinstance(value, list) or all(map(check, value))


def _unique_items(wanted: bool) -> Check:
    return lambda value: not wanted or not isinstance(value, list) or first_duplicate(value) is None


def _required(wanted: list[str]) -> Check:
    return lambda value: not isinstance(value, dict) or all(key in value for key in wanted)


def _one_of(wanted: list[Schema]) -> Check:
    checks = [_compile(alternative) for alternative in wanted]
    return lambda value: sum(check(value) for check in checks) == 1


def _keys(schema: Schema) -> Check:
    """``properties``, ``patternProperties`` and ``additionalProperties``, which depend on each other."""
    closed = not schema.get("additionalProperties", True)
    patterns = [(_finder(pattern), _compile(child)) for pattern, child in schema.get("patternProperties", {}).items()]
    named = {
        key: _all([_compile(child), *(check for found, check in patterns if found(key))])
        for key, child in schema.get("properties", {}).items()
    }

    def check(value: object) -> bool:
        for key, item in value.items() if isinstance(value, dict) else ():
            known = named.get(key)
            if known is None:
                matching = [check for found, check in patterns if found(key)]
                if closed and not matching:
                    return False
                known = _all(matching)
            if not known(item):
                return False
        return True

    return check


_TEXTS = frozenset({"enum", "maxLength", "pattern"})
_KEYS = frozenset({"properties", "patternProperties", "additionalProperties"})

KEYWORDS: dict[str, Callable[[Any], Check] | None] = {
    **dict.fromkeys(("$schema", "$id", "title", "description", "deprecated", "type", *_TEXTS, *_KEYS)),
    "items": _items,
    "uniqueItems": _unique_items,
    "required": _required,
    "oneOf": _one_of,
}
"""The keywords, and what makes a check of what the schema wants with each; None for annotations and
for those that are seen to together."""


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
