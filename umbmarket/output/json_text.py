"""Writing JSON that every reader takes and every terminal and log leaves alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from math import isfinite

from umbmarket.findings import JsonValue, visible
from umbmarket.output.plain import LOG_COMMAND

DEEPEST = 64
"""Levels of nesting that are written; what lies deeper is said to. The documents are limited to as many."""

LONGEST_INTEGER_BITS = 4096
"""Integers up to this size are written as numbers, greater ones as hexadecimal text."""

TOO_DEEP = "..."
"""Stands for a value below `DEEPEST` levels."""

_SURROGATES = re.compile("[\ud800-\udfff]+")


def whole_text(text: str) -> str:
    r"""`text` with lone surrogates spelled out (`\ud800`): strict readers of JSON refuse a text with one."""
    return text if text.isascii() else _SURROGATES.sub(lambda match: visible(match[0]), text)


def json_data(value: object, levels: int = DEEPEST) -> JsonValue:
    """`value` as data that JSON can hold, whatever it is.

    Numbers that JSON does not have become their names (`NaN`, `Infinity`), integers beyond
    `LONGEST_INTEGER_BITS` their hexadecimal digits, and anything unknown its text.
    """
    if isinstance(value, str):
        return whole_text(str(value))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if value.bit_length() <= LONGEST_INTEGER_BITS else hex(value)
    if isinstance(value, float):
        return value if isfinite(value) else str(value).replace("inf", "Infinity").replace("nan", "NaN")
    if not levels:
        return TOO_DEEP
    if isinstance(value, Mapping):
        return {whole_text(str(key)): json_data(item, levels - 1) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray):
        return [json_data(item, levels - 1) for item in value]
    return whole_text(str(value))


def to_json(value: object, levels: int) -> str:
    r"""`value` as JSON in ASCII, with a line for each member of its outer `levels` of nesting.

    Everything else is written in one line, so that a finding is one line to read, search and compare. What a
    build service would take as a command is escaped (`\u0023#[`), which is the same text to a reader of JSON.
    """
    written = _laid_out(value, levels, "\n")
    written = written.replace("\x7f", "\\u007f")
    return LOG_COMMAND.sub(lambda _: "\\u0023", written) + "\n"


def _laid_out(value: object, levels: int, line_end: str) -> str:
    if not levels or not value or not isinstance(value, dict | list):
        return json.dumps(value, allow_nan=False)
    inner = line_end + "  "
    if isinstance(value, dict):
        members = [f"{json.dumps(key)}: {_laid_out(item, levels - 1, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(members)}{line_end}}}"
    return f"[{inner}{f',{inner}'.join(_laid_out(item, levels - 1, inner) for item in value)}{line_end}]"
