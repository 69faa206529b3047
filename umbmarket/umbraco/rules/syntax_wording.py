"""UMB004 in words: message, help and the name of the fix for each kind of problem that the tolerant reader reports."""

from __future__ import annotations

from umbmarket.findings import JsonValue, quote, visible
from umbmarket.formats.json.problems import Problem
from umbmarket.umbraco.listing import Listing

FIX_TITLES = {
    "missing-comma": "Insert the comma",
    "missing-colon": "Insert the colon",
    "missing-closer": "Insert the closing bracket",
    "unexpected-end": "Add the missing brackets",
    "wrong-closer": "Use the bracket that matches",
    "early-closer": "Remove the bracket",
    "missing-opening-brace": "Insert the opening brace",
    "extra-comma": "Remove the comma",
    "unquoted-key": "Put the property name in double quotes",
    "unquoted-text": "Put the string in double quotes",
    "single-quotes": "Use double quotes",
    "typographic-quotes": "Use straight double quotes",
    "unterminated-string": "Close the quote",
    "inner-quote": "Escape the quotes",
    "control-character": "Escape the characters",
    "bad-escape": "Escape the backslash",
    "bad-literal": "Write the JSON literal",
    "bad-number": "Write it as a JSON number",
    "odd-space": "Use a plain space",
    "equals-sign": "Use a colon",
    "semicolon": "Use a comma",
    "text-after-end": "Remove what follows the end",
}
"""What the fix of each kind of problem does."""


def _named(key: JsonValue) -> str:
    return f" {quote(key)}" if isinstance(key, str) else ""


def _opened(listing: Listing, problem: Problem) -> str:
    """Which bracket the problem is about, by the line it was opened in."""
    offset = problem.detail.get("opened")
    start = offset if isinstance(offset, int) else 0
    what = "array" if listing.source.text[start : start + 1] == "[" else "object"
    return f"{what} opened on line {listing.source.position(start)[0]}"


def syntax_wording(problem: Problem, listing: Listing) -> tuple[str, str]:
    """Message and help for a problem of syntax."""
    detail = problem.detail
    match problem.kind:
        case "missing-comma":
            return "missing comma", 'put "," between the two entries'
        case "missing-colon":
            return "missing colon after the property name", 'write "name": value'
        case "missing-closer":
            return (
                f"missing {quote(str(detail['missing']))}: the {_opened(listing, problem)} is not closed",
                "close it before the next property, or remove the opening bracket",
            )
        case "unexpected-end":
            return (
                f"the file ends before {quote(str(detail['missing']))} closes the {_opened(listing, problem)}",
                "add what is missing at the end, or remove an extra opening bracket",
            )
        case "wrong-closer":
            return (
                f"found {quote(str(detail['found']))}, expected {quote(str(detail['expected']))} to close the"
                f" {_opened(listing, problem)}",
                "use the bracket that matches the opening one",
            )
        case "early-closer":
            return (
                'this "}" ends the listing, but more properties follow',
                "remove it, or move it after the last property",
            )
        case "text-after-end":
            return "text after the end of the JSON", "remove it: a file contains one JSON value"
        case "missing-opening-brace":
            return 'the listing does not begin with "{"', 'put "{" before the first property'
        case "extra-comma":
            return "extra comma", "remove it, or add the missing entry"
        case "missing-value":
            return f"missing value for the property{_named(detail['key'])}", "add the value, or remove the property"
        case "key-without-value":
            return f"missing value for the property{_named(detail['key'])}", 'write "name": value, or remove it'
        case "missing-key":
            return "missing property name before the colon", 'write "name": value'
        case "value-without-key":
            return "value without a property name", 'inside "{" and "}", write "name": value'
        case "pairs-in-list":
            return 'properties between "[" and "]"', 'use "{" and "}" around properties'
        case "unquoted-key":
            return f"the property name{_named(detail['key'])} is not in quotes", "put it in double quotes"
        case "unquoted-text":
            return f"the string{_named(detail['text'])} is not in quotes", "put it in double quotes"
        case "single-quotes":
            return "single quotes around a string", "use double quotes"
        case "typographic-quotes":
            return "curly quotes around a string", 'use straight double quotes (")'
        case "unterminated-string":
            return (
                "missing closing quote",
                'end the string with a double quote; write a line break as "\\n"',
            )
        case "inner-quote":
            return "unescaped double quote inside a string", 'write it as \\"'
        case "control-character":
            return (
                f"unescaped {_character_name(str(detail['character']))} inside a string",
                f"write it as {_escape_of(str(detail['character']))}",
            )
        case "bad-escape":
            return (
                f'"{visible(str(detail["sequence"]))}" is not a JSON escape sequence',
                "write a backslash as \\\\, or use forward slashes in paths",
            )
        case "bad-literal":
            return (
                f"{quote(str(detail['written']))} is not a JSON literal",
                f"did you mean {detail['meant']}? The JSON literals are true, false and null",
            )
        case "not-a-number":
            return f"{quote(str(detail['written']))} is not a JSON number", "write a finite number"
        case "bad-number":
            return (
                f"{quote(str(detail['written']))} is not a JSON number",
                "write it without leading zeros or a plus sign, and with a digit on both sides of the point",
            )
        case "odd-space":
            return (
                f"{_space_name(str(detail['character']))} outside a string",
                "replace it with a plain space; it often comes from text copied from a web page",
            )
        case "equals-sign":
            return "equals sign after the property name", 'use a colon: "name": value'
        case "semicolon":
            return "semicolon between two entries", "use a comma"
        case "unterminated-comment":
            return "unterminated comment", "remove it: JSON has no comments"
        case "not-json" if detail.get("is_markup"):
            return "HTML or XML instead of JSON", "save the file itself, not the web page that shows it"
        case "not-json":
            return 'not JSON: expected "{"', "a listing is one JSON object"
        case "empty":
            has_comments = detail.get("has_comments")
            message = "the file has comments, but no JSON" if has_comments else "the file is empty"
            return message, "a listing is one JSON object, at least {}"
        case "refused":
            return f"not valid JSON: {detail['reason']}", "see https://www.json.org for the syntax"
        case _:
            return (
                f"unexpected {quote(str(detail.get('found', '')))}",
                "remove it, or add what is missing before it",
            )


_SPACES = {"\u00a0": "non-breaking space", "\ufeff": "byte order mark", "\u200b": "zero-width space"}


def _space_name(character: str) -> str:
    return f"{_SPACES.get(character, 'special space')} (U+{ord(character):04X})"


_CONTROL_NAMES = {"\n": "line break", "\r": "line break", "\t": "tab"}


def _character_name(character: str) -> str:
    return _CONTROL_NAMES.get(character, f"control character U+{ord(character):04X}")


def _escape_of(character: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"\\u{ord(character):04x}")
