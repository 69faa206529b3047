"""Keeps Typer from importing pydantic to turn texts into texts.

Typer converts every value, even an absent one, with a pydantic type adapter (typer 0.29, `typer._coercion`).
To import pydantic takes longer than to check a listing, and most parameters here are texts, lists of texts or
switches, which arrive from the parser as what they should be.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Names of Typer's own base classes, for the signatures below; nothing of them is used.
    from typer._click.core import Context, Parameter

_AS_PARSED = (str, bool, list[str])


class _AsParsed:
    """Stands in for Typer's conversion: gives values back as the parser left them."""

    def coerce(self, value: object, param: Parameter, ctx: Context) -> object:
        """Give `value` back; an absent list is an empty one, as Typer has it."""
        if value is None and (getattr(param, "multiple", False) or param.nargs == -1):
            return ()
        return value


_as_parsed = _AsParsed()


def light(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Give parameters back, with the conversion of those taken away that need none.

    It relies on two attributes that Typer's documentation does not name. Where a version has others, its
    conversion stays and the program is slower, not wrong.
    """
    found = list(parameters)
    for parameter in found:
        descriptor = getattr(parameter, "type_descriptor", None)
        if getattr(descriptor, "annotation", None) in _AS_PARSED and hasattr(parameter, "get_runtime_param"):
            parameter.get_runtime_param = lambda: _as_parsed
    return found
