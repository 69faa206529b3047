"""JSON Schemas of the types that outputs are written in, the same whichever version of the generator is there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

GROWTH = (
    "Within one version, properties that may be absent and new values of kind may be added; none changes its meaning,"
    " and none goes. So pass over what you do not know."
)
"""How the documents grow: the rule that each of their schemas says."""


class Written(BaseModel):
    """What all types of the outputs share: no value changes once made, names as JSON writes them.

    The schemas do not forbid further properties: a later document of the same version may have some.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


def schema_of(model: Any, title: str) -> dict[str, object]:
    """The JSON Schema (Draft 2020-12) of what `model` is written as.

    Args:
        model: The outermost type, or a union of such.
        title: What the schema is called.
    """
    schema: dict[str, object] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$comment": GROWTH,
    }
    schema.update(_tidied(TypeAdapter(model).json_schema(by_alias=True, mode="serialization")))
    return schema


def schema_text(schema: Mapping[str, object]) -> str:
    """A schema as it lies in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _tidied(schema: Mapping[str, object]) -> dict[str, object]:
    """The schema without what versions of the generator spell differently: titles, types of constants."""
    tidy: dict[str, object] = {}
    for keyword, value in schema.items():
        if keyword == "title" and isinstance(value, str):
            continue
        if keyword == "type" and ("const" in schema or "enum" in schema):
            continue
        if keyword == "enum" and isinstance(value, list) and len(value) == 1:
            tidy["const"] = value[0]
        elif (keyword == "additionalProperties" and value is True) or (keyword == "default" and value is None):
            continue
        elif isinstance(value, Mapping):
            tidy[keyword] = _tidied(value)
        elif isinstance(value, list):
            tidy[keyword] = [_tidied(item) if isinstance(item, Mapping) else item for item in value]
        else:
            tidy[keyword] = value
    return tidy
