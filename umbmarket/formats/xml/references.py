"""References in XML: `&amp;` and its sisters, and characters by their number."""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"&(?:#x0*+([0-9A-Fa-f]*)|#0*+([0-9]*)|(amp|lt|gt|quot|apos));")
"""Zeros in front are left out: Python refuses to convert very long digit strings, and XML takes any number of them."""

_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def with_references(text: str) -> str:
    """`text` of a well-formed document without a DTD, each reference replaced by the character that it stands for."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    hexadecimal, decimal, name = reference.groups()
    if name is not None:
        return _NAMED[name]
    return chr(int(hexadecimal or "0", 16) if hexadecimal is not None else int(decimal or "0"))
