"""The JSON schema of the settings file, with every rule's code and name spelled out for editors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from umbmarket.check.catalogue import Catalogue
from umbmarket.check.selection import ALL
from umbmarket.findings import JsonValue
from umbmarket.settings.file import settings_schema

SCHEMA_FILE = "schemas/settings.schema.json"
"""Where the JSON schema of the settings lies in the source tree."""


def selector_schema(catalogues: Iterable[Catalogue]) -> list[JsonValue]:
    """What a selector may be, for `anyOf`: every code and name, so that an editor can offer them, and prefixes."""
    known = list(catalogues)
    rules = [rule for catalogue in known for rule in catalogue.rules.values()]
    prefixes = "|".join(catalogue.prefix for catalogue in known)
    pattern = f"^{prefixes}[0-9]{{0,3}}$" if len(known) == 1 else f"^({prefixes})[0-9]{{0,3}}$"
    return [
        {"enum": [ALL, *(rule.code for rule in rules), *(rule.slug for rule in rules)]},
        {"type": "string", "pattern": pattern},
    ]


def generated_files(catalogues: Iterable[Catalogue]) -> Mapping[str, str]:
    """The schema as a file: path in the source tree to text."""
    schema = settings_schema(selector_schema(catalogues))
    return {SCHEMA_FILE: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"}
