"""UMB004 in words: message, help and the name of the fix for each kind of problem that the tolerant reader reports."""

from __future__ import annotations

from umbmarket.findings import JsonValue, quote, visible
from umbmarket.formats.json.problems import Problem
from umbmarket.umbraco.listing import Listing

FIX_TITLES = {
    "missing-comma": "Insert the comma",
    "missing-colon": "Insert the colon",
    "missing-closer": "Insert the closing bracket",
    "unexpected-end": "Close what is open",
    "wrong-closer": "Use the bracket that matches",
    "early-closer": "Remove the bracket",
    "missing-opening-brace": "Insert the opening brace",
    "extra-comma": "Remove the comma",
    "unquoted-key": "Put the key in double quotes",
    "unquoted-text": "Put the text in double quotes",
    "single-quotes": "Use double quotes",
    "typographic-quotes": "Use straight double quotes",
    "unterminated-string": "Close the quote",
    "inner-quote": "Escape the quotes",
    "control-character": "Escape the characters",
    "bad-escape": "Escape the backslash",
    "bad-literal": "Write it as JSON has it",
    "bad-number": "Write the number as JSON has it",
    "odd-space": "Use a plain space",
    "equals-sign": "Use a colon",
    "semicolon": "Use a comma",
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
            return "a comma is missing here", 'put "," between two entries'
        case "missing-colon":
            return "a colon is missing after the key", 'write "key": value'
        case "missing-closer":
            return (
                f"{quote(str(detail['missing']))} is missing here: the {_opened(listing, problem)} is not closed",
                "close it before the next key, or remove the opening bracket",
            )
        case "unexpected-end":
            return (
                f"the file ends before {quote(str(detail['missing']))} closes the {_opened(listing, problem)}",
                "add what is missing at the end, or look for an opening bracket too many",
            )
        case "wrong-closer":
            return (
                f"found {quote(str(detail['found']))} where {quote(str(detail['expected']))} closes the"
                f" {_opened(listing, problem)}",
                "use the bracket that matches the opening one",
            )
        case "early-closer":
            return (
                'this "}" ends the listing, but more keys follow',
                "remove it, or move it behind the last key",
            )
        case "text-after-end":
            return "text after the end of the JSON", "a file holds one JSON value: remove what follows it"
        case "missing-opening-brace":
            return 'the listing does not begin with "{"', 'put "{" before the first key'
        case "extra-comma":
            return "extra comma", "remove one comma, or add what is missing between the two"
        case "missing-value":
            return f"no value after the key{_named(detail['key'])}", "add the value, or remove the key"
        case "key-without-value":
            return f"no value for the key{_named(detail['key'])}", 'write "key": value, or remove the key'
        case "missing-key":
            return "no key before the colon", 'write "key": value'
        case "value-without-key":
            return "a value without a key", 'inside "{" and "}" every value has a key: "key": value'
        case "pairs-in-list":
            return 'properties between "[" and "]"', 'use "{" and "}" around keys and values'
        case "unquoted-key":
            return f"the key{_named(detail['key'])} is not in quotes", "put keys in double quotes"
        case "unquoted-text":
            return f"the string{_named(detail['text'])} is not in quotes", "put strings in double quotes"
        case "single-quotes":
            return "single quotes around a string", "use double quotes: JSON has no others"
        case "typographic-quotes":
            return "typographic quotes around a string", "use straight double quotes: JSON has no others"
        case "unterminated-string":
            return (
                "the closing quote is missing",
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
                f'"{visible(str(detail["sequence"]))}" is not an escape sequence of JSON',
                "write a backslash as \\\\, or use a forward slash in paths",
            )
        case "bad-literal":
            return (
                f"{quote(str(detail['written']))} is not a literal of JSON",
                f"did you mean {detail['meant']}? JSON knows true, false and null",
            )
        case "not-a-number":
            return f"{quote(str(detail['written']))} is not a number in JSON", "write a finite number"
        case "bad-number":
            return (
                f"{quote(str(detail['written']))} is not how JSON writes a number",
                "no leading zeros, no plus sign, a digit on both sides of the point",
            )
        case "odd-space":
            return (
                f"{_space_name(str(detail['character']))} outside a string",
                "replace it by a plain space; it often comes with text copied from a web page",
            )
        case "equals-sign":
            return "an equals sign after the key", 'write "key": value, with a colon'
        case "semicolon":
            return "a semicolon between two entries", "separate entries with a comma"
        case "unterminated-comment":
            return "a comment that does not end", "JSON has no comments: remove it"
        case "not-json" if detail.get("is_markup"):
            return "this is HTML or XML, not JSON", "save the file itself, not the web page that shows it"
        case "not-json":
            return 'this is not JSON: expected "{"', "a listing is one JSON object"
        case "empty":
            has_comments = detail.get("has_comments")
            message = "the file has comments, but no JSON" if has_comments else "the file is empty"
            return message, "a listing is one JSON object, at the least {}"
        case "refused":
            return f"not JSON: {detail['reason']}", "compare the place with the JSON grammar"
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
