"""What the rules about the published schema share: which violation belongs to which rule, and how it is named.

Every violation of the schema becomes exactly one finding. Which rule takes it is decided by its keyword, except that an
empty value is UMB110 whatever it breaks, a relative path is UMB204, and of several violations at one value the one
that explains the others is told: the wrong type before the list of values, the list of values before the length.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal

from umbmarket.findings import JsonValue
from umbmarket.umbraco import vocabulary
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.schema.matching import matches
from umbmarket.umbraco.schema.violations import Violation

REFUSED = "the published schema rejects the file, and only a file that matches it is imported (listing guide)"
"""The sentence that says why, shared by the rules about what the schema refuses."""

OBJECT_NAMES: dict[str, str] = {
    "listing": "a listing",
    "author": "AuthorDetails",
    "contributor": "a contributor",
    "related-package": "a related package",
    "screenshot": "a screenshot",
    "version-specific-package": "a version-specific package",
}
"""What each kind of object is called in a message."""


def violations_of(facts: ListingFacts, keyword: str) -> Iterator[Violation]:
    """The violations of `keyword` that no other rule explains better, below the root."""
    if facts.untouched and keyword != "additionalProperties":
        return  # UMB007 says it of the whole listing
    for violation in facts.violations:
        if violation.keyword != keyword or facts.is_blank(violation.pointer):
            continue
        others = facts.refused.get(violation.pointer, frozenset())
        if keyword != "type" and "type" in others:
            continue
        if keyword == "maxLength" and "enum" in others:
            continue
        yield violation


def violation_args(violation: Violation, **more: JsonValue) -> dict[str, JsonValue]:
    """The raw keyword and pointer with what the schema says, and more."""
    params: dict[str, JsonValue] = json.loads(json.dumps(violation.params))
    return {"keyword": violation.keyword, "pointer": violation.pointer, **params, **more}


def last_key(pointer: str) -> str:
    """The key that a pointer ends with; for an item of a list the key of the list."""
    tokens = [token for token in pointer.split("/") if not token.isdigit()]
    return tokens[-1].replace("~1", "/").replace("~0", "~")


def object_name_at(pointer: str) -> str:
    """What the object at `pointer` is called in a message."""
    kind = vocabulary.object_kind(pointer)
    return OBJECT_NAMES[kind] if kind else "this object"


def safety_of(certain: bool) -> Literal["safe", "unsafe"]:
    """The safety of a fix that is known, or only guessed, to be right."""
    return "safe" if certain else "unsafe"


def would_fit(pointer: str, value: JsonValue) -> bool:
    """Whether the schema would accept `value` at `pointer`, or it is empty, which another rule tells.

    A fix that moves a value to another key is safe only then.
    """
    if isinstance(value, str) and not value.strip():
        return True
    schema = vocabulary.schema_at(pointer)
    if schema is None or not matches(value, schema):
        return False
    is_root_url = pointer.count("/") == 1 and pointer.endswith("Url")
    return not is_root_url or (isinstance(value, str) and vocabulary.is_accepted_url(value))


def as_clause(text: str) -> str:
    """A note of the vocabulary as a help text: it begins in lower case and has no full stop at its end."""
    text = text.removesuffix(".") if not text.endswith("...") else text
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
