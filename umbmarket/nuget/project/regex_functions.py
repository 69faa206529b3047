"""`[System.Text.RegularExpressions.Regex]` for the simple patterns that version numbers are cut with.

A pattern is evaluated only if .NET and Python read it alike and it cannot take long: no groups that repeat, no look
around, no references, at most two open-ended repetitions and four optional parts, and short texts.
"""

from __future__ import annotations

import re

from umbmarket.nuget.project.unknown import Unknown

LONGEST_TEXT = 200
"""Code points of the text: with two open-ended repetitions the time grows with its third power at most."""

LONGEST_PATTERN = 100
MOST_REPETITIONS = 2
MOST_QUANTIFIERS = 4

_SAFE = re.compile(
    r"(?:\\[.\-+*?^$()\[\]{}|\\/sSdDwW]|\[\^?(?:[A-Za-z0-9_.+ -]|\\[.dws\-])+\]"
    r"|[A-Za-z0-9_ .:;,/@!#%&=~<>\"'-]|\((?:\?:)?|\)(?![*+?{])|[|^$]|(?<=[^(|^])[*+?]\??(?![*+?]))*+"
)
_UNKNOWN = "a regular expression of this kind is not evaluated"


class MatchedText(str):
    """What `Regex.Match` found: its `Value`."""

    __slots__ = ()


def regex_function(name: str, given: list[str]) -> str | bool | Unknown:
    """`Regex.Replace`, `Regex.IsMatch`, or the text that `Regex.Match` finds."""
    wanted = {"replace": 3, "ismatch": 2, "match": 2}
    if wanted.get(name) != len(given):
        return Unknown(_UNKNOWN)
    text, pattern = given[0], given[1]
    if len(text) > LONGEST_TEXT or len(pattern) > LONGEST_PATTERN or not text.isascii():
        return Unknown(_UNKNOWN)
    if not _SAFE.fullmatch(pattern) or len(re.findall(r"(?<!\\)[*+]", pattern)) > MOST_REPETITIONS:
        return Unknown(_UNKNOWN)
    if "--" in pattern:
        # In a class Python may come to read it as a difference of sets.
        return Unknown(_UNKNOWN)
    if len(re.findall(r"(?<!\\)[*+?]", pattern.replace("(?:", "("))) > MOST_QUANTIFIERS:
        return Unknown(_UNKNOWN)
    try:
        compiled = re.compile(pattern)
    except re.error:
        return Unknown(_UNKNOWN)
    if name == "ismatch":
        return compiled.search(text) is not None
    if name == "match":
        found = compiled.search(text)
        return MatchedText(found[0] if found is not None else "")
    replacement = given[2]
    if "$" in replacement:
        return Unknown(_UNKNOWN)
    return compiled.sub(lambda _: replacement, text)
