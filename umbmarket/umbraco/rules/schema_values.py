"""UMB1xx, values: what the published schema refuses in them, said in people's words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isinf

from umbmarket.check.catalogue import rule
from umbmarket.findings import Edit, Fix, JsonValue, Observation, Place, Severity, quote, visible
from umbmarket.umbraco import vocabulary
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Absent, Listing
from umbmarket.umbraco.rules.removals import removal, says_something, useless_without
from umbmarket.umbraco.rules.schema_refusals import (
    REFUSED,
    as_clause,
    last_key,
    safety_of,
    violation_args,
    violations_of,
)
from umbmarket.umbraco.schema.net_integers import LARGEST_INTEGER, unreadable_integers
from umbmarket.umbraco.urls import diagnose_url

_TYPE_NAMES = {
    "string": "a string",
    "boolean": "a boolean",
    "array": "an array",
    "object": "an object",
    "integer": "an integer",
    "number": "a number",
    "null": "null",
}


@rule("UMB103", "wrong-type", Severity.ERROR, why=REFUSED, fix="unsafe")
def wrong_type(facts: ListingFacts) -> Iterator[Observation]:
    """A value of the wrong type.

    Such as `"true"` in quotes, a contributor that is a string instead of an object, an array instead of a string, or
    `null`. The fix is safe if the conversion keeps the meaning. `13.0` and `1.3e1` are integers in JSON Schema, but
    .NET readers reject them, and integers of more than 64 bits (measured).

    Why it matters:
        9 of 113 repositories listed contributors as strings at some commit, and 5 wrote `"true"` in quotes. The schema
        rejects the whole file.

    Bad:
        {"AuthorDetails": {"Contributors": ["Jane Doe"]}, "LookingForContributors": "true"}

    Good:
        {"AuthorDetails": {"Contributors": [{"Name": "Jane Doe"}]}, "LookingForContributors": true}
    """
    listing = facts.document
    for violation in violations_of(facts, "type"):
        # Late: nearly all listings have none.
        from umbmarket.umbraco.rules.key_fixes import as_written, converted, rename_fix

        pointer = violation.pointer
        if not pointer:
            continue  # UMB009 says it of the root
        expected, actual = str(violation.params["expected"]), str(violation.params["actual"])
        value = listing.at(pointer)
        in_list = pointer.rpartition("/")[2].isdigit()
        name = quote(last_key(pointer))
        subject = f"an entry of {name}" if in_list else name
        other = as_written(listing, pointer, converted(value, expected, pointer))
        if value is None:
            # Without it the entry may lack what it needs, which UMB105 then says.
            removed = useless_without(listing, pointer)
            if removed.rpartition("/")[2].isdigit():
                help_ = "remove the entry"
            else:
                help_ = "remove the property" if removed == pointer else f"remove {quote(last_key(removed))}"
            fixes = listing.edits.fix(
                "Remove it",
                listing.edits.remove(removed),
                safety=safety_of(not says_something(listing.at(removed))),
            )
        elif pointer == "/LicenseType" and isinstance(value, list) and "LicenseTypes" not in listing.value:
            help_ = 'use "LicenseTypes", which takes an array'
            fixes = rename_fix(listing, pointer, "LicenseTypes", certain=True)
        elif not isinstance(other, Absent):
            shown = json.dumps(other, ensure_ascii=False)
            help_ = f"write {visible(shown)}" if len(shown) <= 80 else f"write {_TYPE_NAMES[expected]}"
            fixes = listing.edits.fix(f"Make it {_TYPE_NAMES[expected]}", *_converting(listing, pointer, other))
        else:
            help_ = _TYPE_HELP.get(expected, f"write {_TYPE_NAMES[expected]}")
            if expected == "array" and vocabulary.object_kind(f"{pointer}/0") is not None:
                help_ = "write an array of objects: [{...}, {...}]"
            fixes = ()
        given = _TYPE_NAMES[actual]
        if expected == "integer" and isinstance(value, float):
            # Beyond what a float holds, nobody knows a fraction any more.
            given = "a number that is too large" if isinf(value) else "a number with a fraction"
        yield Observation(
            f"{subject} must be {_TYPE_NAMES[expected]}, not {given}",
            Place(pointer),
            help=help_,
            args=violation_args(violation),
            fixes=fixes,
        )
    yield from _unreadable_integers(facts)


def _converting(listing: Listing, pointer: str, other: JsonValue) -> Iterator[Edit | None]:
    """The edits that write another value, or brackets around the object that stays as it is laid out."""
    member = listing.tree.member(pointer)
    if member is None or other != [listing.at(pointer)] or not isinstance(listing.at(pointer), dict):
        yield listing.edits.replace(pointer, other)
    else:
        yield listing.edits.edit(member.start, member.start, "[")
        yield listing.edits.edit(member.end, member.end, "]")


def _unreadable_integers(facts: ListingFacts) -> Iterator[Observation]:
    listing = facts.document
    for pointer, value in unreadable_integers(listing):
        name = quote(last_key(pointer))
        args: dict[str, JsonValue] = {"keyword": "type", "pointer": pointer, "expected": "integer"}
        if abs(value) > LARGEST_INTEGER:
            yield Observation(
                f"{name} is too large for a .NET integer",
                Place(pointer),
                help="write the major version of Umbraco, such as 13",
                args={**args, "actual": "integer"},
            )
        else:
            yield Observation(
                f"{name} must be written as an integer, without a fraction or an exponent",
                Place(pointer),
                help=f"write {int(value)}",
                args={**args, "actual": "number"},
                fixes=listing.edits.fix("Write it as an integer", listing.edits.replace(pointer, int(value))),
            )


_TYPE_HELP = {
    "boolean": "write true or false, without quotes",
    "integer": "write an integer, without quotes",
    "array": 'write an array: ["...", "..."]',
    "object": 'write an object: {"name": value}',
    "string": "write one string in double quotes",
}


@rule("UMB104", "not-allowed-value", Severity.ERROR, why=REFUSED, fix="unsafe")
def not_allowed_value(facts: ListingFacts) -> Iterator[Observation]:
    """A value that the Marketplace does not allow.

    `Category`, `AlternateCategory`, `LicenseTypes`, `LicenseType`, `PackageType` and `VersionDependencyMode` take
    values from fixed lists, and letter case counts. Suggests the value that was probably meant: another letter case,
    `and` for `&`, a slug, a former name such as `PIM`. The fix is safe if only the spelling differs.

    Why it matters:
        This is the most frequent mistake: 22 of 113 repositories had a wrong, empty or invented category at some
        commit. The Marketplace then shows the NuGet metadata alone.

    Bad:
        {"Category": "Analytics and Insights"}

    Good:
        {"Category": "Analytics & Insights"}
    """
    listing = facts.document
    for violation in violations_of(facts, "enum"):
        # Late: nearly all listings have none.
        from umbmarket.umbraco.suggestions import suggest_value

        pointer = violation.pointer
        value = listing.at(pointer)
        allowed = vocabulary.allowed_values(pointer)
        suggestion = suggest_value(value, allowed) if isinstance(value, str) else None
        choices = ", ".join(allowed)
        help_ = f"use one of: {choices}"
        fixes: tuple[Fix, ...] = ()
        if suggestion is not None and suggestion.value is not None:
            help_ = f'did you mean "{suggestion.value}"? Allowed: {choices}'
            edit = listing.edits.replace(pointer, suggestion.value)
            fixes = listing.edits.fix(f'Change to "{suggestion.value}"', edit, safety=safety_of(suggestion.certain))
        if suggestion is not None and suggestion.note:
            help_ = f"{as_clause(suggestion.note)}; {help_}"
        shown = quote(value) if isinstance(value, str) else quote(json.dumps(value))
        yield Observation(
            f"{shown} is not {_ENUM_NAMES.get(last_key(pointer), 'an allowed value')}",
            Place(pointer),
            help=help_,
            args=violation_args(violation, suggestion=suggestion.value if suggestion else None),
            fixes=fixes,
        )


_ENUM_NAMES = {
    "Category": "a category of the Marketplace",
    "AlternateCategory": "a category of the Marketplace",
    "LicenseTypes": "a licence type of the Marketplace",
    "LicenseType": "a licence type of the Marketplace",
    "PackageType": "a package type of the Marketplace",
    "VersionDependencyMode": "a version dependency mode",
}


@rule("UMB106", "too-long", Severity.ERROR, other_severities=(Severity.WARNING,), why=REFUSED)
def too_long(facts: ListingFacts) -> Iterator[Observation]:
    """A string longer than the schema allows.

    The limits: title 256, description 4,000, tag 100, package id 128, author name 200, contributor name 100, group
    title 500, URLs 4,000 characters.

    JSON Schema counts code points, and too many are an error. .NET counts UTF-16 units, of which an emoji has two or
    more, and too many are a warning.

    Why it matters:
        One character too many, and the schema rejects the whole file.

    Bad:
        {"Title": "A title of three hundred characters ..."}

    Good:
        {"Title": "A short title"}
    """
    for violation in violations_of(facts, "maxLength"):
        limit, length = violation.params["limit"], violation.params["length"]
        in_list = violation.pointer.rpartition("/")[2].isdigit()
        subject = f"{'an entry of ' if in_list else ''}{quote(last_key(violation.pointer))}"
        yield Observation(
            f"{subject} has {length:,} characters; {limit:,} are allowed",
            Place(violation.pointer),
            help=f"shorten it by {int(str(length)) - int(str(limit)):,}",
            args=violation_args(violation),
        )
    yield from _too_long_for_net(facts)


def _too_long_for_net(facts: ListingFacts) -> Iterator[Observation]:
    """Texts that are short enough in code points, as JSON Schema counts, and too long in UTF-16 units."""
    for pointer, text in facts.document.odd_texts:
        if text.isascii() or pointer in facts.refused:
            continue
        limit = vocabulary.max_length(pointer)
        # A code point is one UTF-16 unit or two.
        if limit is None or 2 * len(text) <= limit:
            continue
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if len(text) <= limit < units:
            in_list = pointer.rpartition("/")[2].isdigit()
            yield Observation(
                f"{'an entry of ' if in_list else ''}{quote(last_key(pointer))} has {units:,} UTF-16 units, as"
                f" .NET counts; {limit:,} are allowed",
                Place(pointer),
                help=f"shorten it by {units - limit:,} units (an emoji has two or more)",
                args={"keyword": "maxLength", "pointer": pointer, "limit": limit, "length": units},
                severity=Severity.WARNING,
            )


@rule("UMB107", "duplicate-items", Severity.ERROR, why=REFUSED, fix="safe")
def duplicate_items(facts: ListingFacts) -> Iterator[Observation]:
    """A duplicate item in an array whose items must be unique.

    These are `AddOnPackagesRequiredForUmbracoCloud` and `AlternatePackageNames`. Duplicates in other arrays are
    reported as UMB211.

    Why it matters:
        The schema says `uniqueItems`, so it rejects the whole file.

    Bad:
        {"AddOnPackagesRequiredForUmbracoCloud": ["Umbraco.Forms", "Umbraco.Forms"]}

    Good:
        {"AddOnPackagesRequiredForUmbracoCloud": ["Umbraco.Forms"]}
    """
    listing = facts.document
    for violation in violations_of(facts, "uniqueItems"):
        items = listing.at(violation.pointer)
        seen: dict[str, int] = {}
        for number, item in enumerate(items if isinstance(items, list) else []):
            spelled = json.dumps(item, sort_keys=True)
            first = seen.setdefault(spelled, number)
            if first != number:
                pointer = f"{violation.pointer}/{number}"
                yield Observation(
                    f"{quote(item) if isinstance(item, str) else 'this entry'} is a duplicate of entry {first + 1} of"
                    f" {quote(last_key(violation.pointer))}",
                    Place(pointer),
                    help="remove it",
                    args=violation_args(violation, first=first, second=number),
                    fixes=listing.edits.fix("Remove the duplicate", listing.edits.remove(pointer)),
                )


@rule("UMB108", "invalid-url", Severity.ERROR, why=REFUSED, fix="unsafe")
def invalid_url(facts: ListingFacts) -> Iterator[Observation]:
    """A URL that the schema's pattern rejects.

    The pattern allows fewer URLs than the standards do: `http://` or `https://` in lower case, a host name of ASCII
    letters with a top-level domain of two to six letters, no port, and a slash before a query. It applies to top-level
    properties that end in `Url`, to contributors and to screenshots, but not to the URLs in `AuthorDetails`.

    Why it matters:
        `https://example.website/` is a valid URL, and still the schema rejects the whole listing. One author gave up
        the package's own domain to get the listing accepted.

    Bad:
        {"DocumentationUrl": "https://example.com:8080/docs"}

    Good:
        {"DocumentationUrl": "https://example.com/docs"}
    """
    listing = facts.document
    for violation in violations_of(facts, "pattern"):
        value = listing.at(violation.pointer)
        problem = diagnose_url(value) if isinstance(value, str) else None
        if problem is None or problem.code == "relative-path":
            continue  # UMB204 says it of a relative path
        fixes: tuple[Fix, ...] = ()
        if problem.corrected is not None:
            edit = listing.edits.replace(violation.pointer, problem.corrected)
            fixes = listing.edits.fix(f"Change to {quote(problem.corrected)}", edit)
        yield Observation(
            f"{quote(last_key(violation.pointer))} {visible(problem.message)}",
            Place(violation.pointer),
            help=as_clause(visible(problem.help)),
            args=violation_args(violation, problem=problem.code, start=problem.start, end=problem.end),
            fixes=fixes,
        )


@rule("UMB109", "screenshot-shape", Severity.ERROR, why=REFUSED, fix="unsafe")
def screenshot_shape(facts: ListingFacts) -> Iterator[Observation]:
    """A screenshot with neither or both of `ImageUrl` and `VideoUrl`.

    The fix splits the entry in two. An entry with neither URL is removed, which is safe if it has no text.

    Why it matters:
        The schema wants exactly one of them. The listing guide's sample has shown both since October 2025, and the
        schema rejects a listing that copies it.

    Bad:
        {"Screenshots": [{"ImageUrl": "https://example.com/a.png", "VideoUrl": ""}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://example.com/a.png"}]}
    """
    for violation in violations_of(facts, "oneOf"):
        both = violation.params["matched"] != 0
        yield Observation(
            f'a screenshot {"has both" if both else "needs"} "ImageUrl" {"and" if both else "or"} "VideoUrl"',
            Place(violation.pointer),
            help="split it into two entries, or keep one of the two" if both else "add the URL of an image or a video",
            args=violation_args(violation),
            fixes=_split(facts.document, violation.pointer)
            if both
            else removal(facts.document, violation.pointer, "Remove the entry"),
        )


def _split(listing: Listing, pointer: str) -> tuple[Fix, ...]:
    """The fix that makes two screenshots of one with an image and a video."""
    screenshot, video = listing.at(pointer), f"{pointer}/VideoUrl"
    if not isinstance(screenshot, dict) or not isinstance(screenshot.get("VideoUrl"), str):
        return ()
    behind = listing.edits.insert_after(pointer, {"VideoUrl": screenshot["VideoUrl"]})
    return listing.edits.fix("Split it into two entries", listing.edits.remove(video), behind, safety="unsafe")


@rule(
    "UMB110",
    "empty-value",
    Severity.ERROR,
    other_severities=(Severity.WARNING, Severity.INFO),
    why="the listing guide allows empty values, but the published schema rejects empty URLs and choices"
    " (.NET validators accepted an empty top-level URL until April 2026)",
    fix="unsafe",
)
def empty_value(facts: ListingFacts) -> Iterator[Observation]:
    """An empty string where a value is needed.

    An error for values from a fixed list, for the URLs of contributors and screenshots, and for unknown properties that
    end in `Url`. A warning for the top-level URLs. An info for an entry that means nothing without the value, such as a
    related package with an empty `PackageId`. Properties that may be empty, such as `Title`, are not reported.

    Why it matters:
        The listing guide says that all values can be empty, but the schema rejects empty URLs and categories: 14 of 27
        invalid listings in public repositories are invalid for this reason alone. For the top-level URLs the outcome is
        not certain: NJsonSchema, the usual .NET validator, accepts an empty `VideoUrl` up to version 11.5 and rejects
        it from 11.6 (April 2026), and listings with one have been live. It is always safe to leave the property out.

    Bad:
        {"Category": "", "VideoUrl": ""}

    Good:
        {"Category": "Search"}
    """
    listing = facts.document
    if facts.untouched:
        return  # UMB007 says it of the whole listing
    for pointer in facts.blanks:
        keywords = facts.refused.get(pointer, frozenset())
        removed = useless_without(listing, pointer)
        in_list = pointer.rpartition("/")[2].isdigit()
        if not keywords and (vocabulary.schema_at(pointer) is None or (removed == pointer and not in_list)):
            continue  # an unknown key, which other rules tell, or a key that may be empty
        is_root_url = pointer.count("/") == 1 and pointer.endswith("Url")
        if not keywords:
            severity = Severity.INFO
        elif is_root_url and not listing.at(pointer) and vocabulary.schema_at(pointer) is not None:
            severity = Severity.WARNING
        else:
            severity = Severity.ERROR
        what = "property"
        if removed.rpartition("/")[2].isdigit():
            what = "entry"
        name = quote(last_key(pointer))
        fault = "is empty" if not listing.at(pointer) else "is only white space"
        choices = vocabulary.allowed_values(pointer)
        instead = f"use one of: {', '.join(choices)}" if choices else "fill it in"
        subject = f"the {what}" if what == "entry" or removed == pointer else quote(last_key(removed))
        yield Observation(
            f"{name} has an empty entry" if in_list else f"{name} {fault}",
            Place(pointer),
            help=f"remove {subject}, or {instead}",
            args={"keyword": min(keywords, default=None), "pointer": pointer},
            fixes=listing.edits.fix(
                "Remove the empty value",
                listing.edits.remove(removed),
                safety=safety_of(not says_something(listing.at(removed))),
            ),
            severity=severity,
        )
