"""The published schema's verdict on a listing.

`is_valid` answers yes or no at once (see `umbmarket.umbraco.schema.matching`). `violations` names what is wrong (see
`umbmarket.umbraco.schema.naming`). Both read the schema's regular expressions as ECMAScript, as JSON Schema asks, so
they agree with validators written in JavaScript to the letter. ``jsonschema`` is the reference that the tests hold both
to; it is not loaded here, because its import costs more than everything else about a listing.

Values are what a JSON parser gives: dict, list, str, int, float, bool and None.
"""

import json
from typing import NamedTuple, TypeAlias

from umbmarket.umbraco.schema.matching import matches
from umbmarket.umbraco.vocabulary import listing_schema

MAX_VIOLATIONS = 1_000
"""`violations` stops here: nobody reads more, and a hostile file of 1 MiB could have half a million."""


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
    # Late: nearly all listings have none, as `is_valid` tells.
    from umbmarket.umbraco.schema.naming import refusals

    named: dict[_Order, Violation] = {}
    for path, keyword, params in refusals(value, listing_schema()):
        place = tuple((0, token, "") if isinstance(token, int) else (1, 0, token) for token in path)
        order = place, keyword, _written(params)
        if order not in named:
            pointer = "".join(f"/{_escaped(token)}" for token in path)
            named[order] = Violation(pointer, keyword, params)
            if len(named) == MAX_VIOLATIONS:
                break
    return [named[order] for order in sorted(named)]


_Order: TypeAlias = tuple[tuple[tuple[int, int, str], ...], str, str]
_written = json.JSONEncoder(sort_keys=True).encode


def _escaped(token: str | int) -> str:
    """A token of a JSON Pointer (RFC 6901, section 3)."""
    return str(token).replace("~", "~0").replace("/", "~1")
