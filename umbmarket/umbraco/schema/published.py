"""The schema as it is published today, and what it says of a listing.

The copy that ships with the product is read by `umbmarket.umbraco.schema.matching`, which knows the keywords of that
copy and no others. A schema from the network may have any keyword, so ``jsonschema`` reads it. Nothing that it names is
fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from umbmarket.findings import quote
from umbmarket.umbraco.schema.matching import finds, json_type, unknown_keys

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

MOST_REFUSALS = 20
"""Refusals that are named of one listing. The first few show what has changed."""

DEEPEST = 64
"""A listing nested deeper than this is not handed to ``jsonschema``, which calls itself for each level."""


class Refusal(NamedTuple):
    """One thing that the published schema refuses.

    Attributes:
        pointer: JSON Pointer of the value; for a missing or unknown property of the object it stands in.
        keyword: the keyword of the schema.
        told: what is wrong, as a clause: `unknown property "Foo"`, `must be a string, not a number`.
    """

    pointer: str
    keyword: str
    told: str


class PublishedSchema:
    """A schema that was fetched.

    Args:
        body: the bytes of it.

    Raises:
        ValueError: it is not JSON, or no JSON schema; the text says so.
    """

    def __init__(self, body: bytes) -> None:
        try:
            self._schema = json.loads(body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise ValueError("it is not JSON") from None
        if not isinstance(self._schema, dict) or not isinstance(self._schema.get("properties"), dict):
            raise ValueError("it is not the schema of an object")
        _ = self._validator

    def refusals(self, value: object) -> tuple[Refusal, ...]:
        """Everything that the schema refuses in a listing, at most `MOST_REFUSALS`, in the order of their pointers.

        Args:
            value: the listing as read, of any shape.

        Raises:
            ValueError: the schema cannot be followed: it names another document, or the listing is nested too deeply.
        """
        from referencing.exceptions import Unresolvable
        from regress import RegressError

        if _depth_exceeds(value, DEEPEST):
            raise ValueError("the listing is nested too deeply")
        try:
            errors: list[ValidationError] = list(islice(self._validator.iter_errors(value), MOST_REFUSALS))  # type: ignore[arg-type]  # of any shape
        except (Unresolvable, RegressError, RecursionError, ValueError):
            raise ValueError("it cannot be followed") from None
        return tuple(sorted({refusal for error in errors for refusal in _refusals_of(error)}))

    @cached_property
    def _validator(self) -> Validator:
        from jsonschema import Draft202012Validator, FormatChecker, SchemaError
        from jsonschema.validators import extend, validator_for
        from referencing import Registry

        chosen = validator_for(self._schema, default=Draft202012Validator)
        try:
            # Without formats: Python would refuse patterns that are right in ECMAScript.
            chosen.check_schema(self._schema, format_checker=FormatChecker(()))  # type: ignore[call-arg]  # stub gap
        except (SchemaError, RecursionError):
            raise ValueError("it is not a JSON schema") from None
        keywords = {
            "pattern": _pattern,
            "patternProperties": _pattern_properties,
            "additionalProperties": _additional_properties,
        }
        made = extend(chosen, keywords)  # type: ignore[no-untyped-call]  # stub gap
        # A registry that retrieves nothing: no address in the schema is asked for.
        validator: Validator = made(self._schema, registry=Registry())
        return validator


def _pattern(_: Validator, wanted: str, instance: object, __: object) -> Iterator[ValidationError]:
    from jsonschema import ValidationError

    if isinstance(instance, str) and not finds(wanted, instance):
        yield ValidationError("the text does not match the pattern")


def _pattern_properties(
    validator: Any, wanted: dict[str, Any], instance: object, _: object
) -> Iterator[ValidationError]:
    for expression, child in wanted.items():
        for key, value in instance.items() if isinstance(instance, dict) else ():
            if finds(expression, key):
                yield from validator.descend(value, child, path=key)


def _additional_properties(
    validator: Any, wanted: object, instance: object, schema: dict[str, Any]
) -> Iterator[ValidationError]:
    from jsonschema import ValidationError

    if not isinstance(instance, dict):
        return
    unknown = list(unknown_keys(instance, schema))
    if unknown and wanted is False:
        yield ValidationError("a property is unknown")
    for key in unknown if isinstance(wanted, dict) else ():
        yield from validator.descend(instance[key], wanted, path=key)


def _refusals_of(error: ValidationError) -> Iterator[Refusal]:
    tokens = (str(token).replace("~", "~0").replace("/", "~1") for token in error.absolute_path)
    pointer, keyword = "".join(f"/{token}" for token in tokens), str(error.validator)
    instance, wanted = error.instance, error.validator_value
    match keyword:
        case "type":
            names = wanted if isinstance(wanted, list) else [wanted]
            yield Refusal(pointer, keyword, f"must be {_either(map(str, names))}, not {_named(json_type(instance))}")
        case "required" if isinstance(wanted, list) and isinstance(instance, dict):
            yield from (
                Refusal(pointer, keyword, f"{quote(str(key))} is missing") for key in wanted if key not in instance
            )
        case "additionalProperties" if isinstance(instance, dict) and isinstance(error.schema, dict):
            for key in unknown_keys(instance, error.schema):
                yield Refusal(pointer, keyword, f"unknown property {quote(key)}")
        case "enum":
            yield Refusal(pointer, keyword, "the value is not one of those allowed")
        case "maxLength" | "minLength" if isinstance(instance, str):
            limit = f"at {'most' if keyword == 'maxLength' else 'least'} {wanted}"
            yield Refusal(pointer, keyword, f"{len(instance):,} characters, where {limit} are allowed")
        case _:
            yield Refusal(pointer, keyword, f"the value breaks {quote(keyword)}")


def _either(names: Iterator[str]) -> str:
    return " or ".join(map(_named, names))


def _named(kind: str) -> str:
    if kind == "null":
        return "null"
    return f"{'an' if kind[:1] in 'aeio' else 'a'} {kind}"


def _depth_exceeds(value: object, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
