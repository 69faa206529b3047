"""UMB1xx: the published schema, said in people's words.

Every violation of the schema becomes exactly one finding. Which rule takes it is decided by its keyword, except that an
empty value is UMB110 whatever it breaks, a relative path is UMB204, and of several violations at one value the one
that explains the others is told: the wrong type before the list of values, the list of values before the length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Literal

from umbmarket.check.catalogue import rule
from umbmarket.findings import Fix, JsonValue, Observation, Place, Severity, quote, visible
from umbmarket.umbraco import vocabulary
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import ABSENT, Absent, Listing
from umbmarket.umbraco.schema.violations import Violation

_REFUSED = "a listing that breaks the published schema is ignored whole, without a word"

_OBJECT_NAMES: dict[str, str] = {
    "listing": "a listing",
    "author": "AuthorDetails",
    "contributor": "a contributor",
    "related-package": "a related package",
    "screenshot": "a screenshot",
    "version-specific-package": "a version specific package",
}


def _violations(facts: ListingFacts, keyword: str) -> Iterator[Violation]:
    """The violations of `keyword` that no other rule explains better, below the root."""
    for violation in facts.violations:
        if violation.keyword != keyword or facts.is_blank(violation.pointer):
            continue
        others = facts.refused.get(violation.pointer, frozenset())
        if keyword != "type" and "type" in others:
            continue
        if keyword == "maxLength" and "enum" in others:
            continue
        yield violation


def _args(violation: Violation, **more: JsonValue) -> dict[str, JsonValue]:
    """The raw keyword and pointer with what the schema says, and more."""
    params: dict[str, JsonValue] = json.loads(json.dumps(violation.params))
    return {"keyword": violation.keyword, "pointer": violation.pointer, **params, **more}


def _last(pointer: str) -> str:
    """The key that a pointer ends with; for an item of a list the key of the list."""
    tokens = [token for token in pointer.split("/") if not token.isdigit()]
    return tokens[-1].replace("~1", "/").replace("~0", "~")


def _kind_at(pointer: str) -> str:
    kind = vocabulary.object_kind(pointer)
    return _OBJECT_NAMES[kind] if kind else "this object"


def _safety(certain: bool) -> Literal["safe", "unsafe"]:
    return "safe" if certain else "unsafe"


def _sentence(text: str) -> str:
    """A note of the vocabulary as a help text: it begins in lower case and has no full stop at its end."""
    text = text.removesuffix(".") if not text.endswith("...") else text
    return text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


@rule("UMB101", "unknown-key", Severity.ERROR, why=_REFUSED, fix="unsafe")
def unknown_key(facts: ListingFacts) -> Iterator[Observation]:
    """A key that the schema does not know, at any level.

    Knows the names that were valid once (`Umbraco8PackageId`, `SyncContributorsFromGitHub`), those that documents get
    wrong (the listing guide says `Categories`, the schema `Category`), wrong letter case, keys that belong to another
    object, and near misses. A fix is safe where the right name is known. Unknown keys of the root that end in `Url`
    are UMB102: the schema lets them pass.

    Why it matters:
        The schema allows no other keys (`additionalProperties: false`), and a file that breaks the schema is not
        imported at all (listing guide, 2024-2025 text). One letter in the wrong case costs the whole listing.

    Bad:
        {"Categories": "Search"}

    Good:
        {"Category": "Search"}
    """
    from umbmarket.umbraco.suggestions import suggest_key

    listing = facts.document
    for violation in _violations(facts, "additionalProperties"):
        key = str(violation.params["additionalProperty"])
        pointer = f"{violation.pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        kind = vocabulary.object_kind(violation.pointer)
        suggestion = suggest_key(key, kind) if kind else None
        known = vocabulary.known_keys(kind) if kind else ()
        help_ = f"{_OBJECT_NAMES[kind] if kind else 'it'} may have: {', '.join(known)}"
        fixes: tuple[Fix, ...] = ()
        if suggestion is not None:
            help_ = _sentence(suggestion.note) or f'did you mean "{suggestion.key}"?'
            if suggestion.key is None:
                fixes = listing.edits.fix(f"Remove {quote(key)}", listing.edits.remove(pointer), safety="unsafe")
            elif suggestion.owner in (None, kind):
                if suggestion.note:
                    help_ = f'did you mean "{suggestion.key}"? {suggestion.note.removesuffix(".")}'
                taken = listing.get(f"{violation.pointer}/{suggestion.key}") is not ABSENT
                if suggestion.same_value and not taken:
                    title = f'Rename to "{suggestion.key}"'
                    edit = listing.edits.rename(pointer, suggestion.key)
                    fixes = listing.edits.fix(title, edit, safety=_safety(suggestion.certain))
        yield Observation(
            f"{_kind_at(violation.pointer)} has no key {quote(key)}",
            Place(pointer, "key"),
            help=help_,
            args=_args(violation, suggestion=suggestion.key if suggestion else None),
            fixes=fixes,
        )


@rule(
    "UMB102",
    "ignored-url-key",
    Severity.WARNING,
    why='the schema lets any key that ends in "Url" pass, and the Marketplace ignores it without a word',
    fix="unsafe",
)
def ignored_url_key(facts: ListingFacts) -> Iterator[Observation]:
    """An unknown key of the listing that ends in `Url`.

    Why it matters:
        The schema has a pattern for keys that end in `Url`, so `BugsUrl` or `SourceCodeUrl` are valid and nothing
        complains, but the Marketplace has no such field. One package was listed for months without a link to its
        issue tracker because of it.

    Bad:
        {"BugsUrl": "https://github.com/owner/repository/issues"}

    Good:
        {"IssueTrackerUrl": "https://github.com/owner/repository/issues"}
    """
    from umbmarket.umbraco.suggestions import suggest_key

    listing = facts.document
    known = vocabulary.known_keys("listing")
    for key in listing.value:
        if not key.endswith("Url") or key in known:
            continue
        pointer = "/" + key.replace("~", "~0").replace("/", "~1")
        suggestion = suggest_key(key, "listing")
        urls = [name for name in known if name.endswith("Url")]
        help_ = f"the addresses that a listing may have: {', '.join(urls)}"
        fixes: tuple[Fix, ...] = ()
        if suggestion is not None and suggestion.key is not None:
            help_ = f'did you mean "{suggestion.key}"?'
            if suggestion.same_value and suggestion.owner is None and suggestion.key not in listing.value:
                edit = listing.edits.rename(pointer, suggestion.key)
                fixes = listing.edits.fix(f'Rename to "{suggestion.key}"', edit, safety=_safety(suggestion.certain))
        elif suggestion is not None:
            help_ = _sentence(suggestion.note)
            fixes = listing.edits.fix(f"Remove {quote(key)}", listing.edits.remove(pointer), safety="unsafe")
        yield Observation(
            f"the Marketplace ignores the key {quote(key)}",
            Place(pointer, "key"),
            help=help_,
            args={"key": key, "suggestion": suggestion.key if suggestion else None},
            fixes=fixes,
        )


_TYPE_NAMES = {
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}


@rule("UMB103", "wrong-type", Severity.ERROR, why=_REFUSED, fix="unsafe")
def wrong_type(facts: ListingFacts) -> Iterator[Observation]:
    """A value of another type than the schema wants.

    Booleans and numbers written as texts, contributors and related packages as texts instead of objects, a list where
    one text belongs and the reverse, `null`. The fix is safe where the conversion keeps the meaning.

    Why it matters:
        9 of 113 repositories listed contributors as plain texts at some commit, 5 wrote `"true"` in quotes. The
        schema refuses it, and with it the whole file.

    Bad:
        {"AuthorDetails": {"Contributors": ["Jane Doe"]}, "LookingForContributors": "true"}

    Good:
        {"AuthorDetails": {"Contributors": [{"Name": "Jane Doe"}]}, "LookingForContributors": true}
    """
    listing = facts.document
    for violation in _violations(facts, "type"):
        pointer = violation.pointer
        if not pointer:
            continue  # UMB009 says it of the root
        expected, actual = str(violation.params["expected"]), str(violation.params["actual"])
        value = listing.at(pointer)
        in_list = pointer.rpartition("/")[2].isdigit()
        name = quote(_last(pointer))
        subject = f"an entry of {name}" if in_list else name
        converted = _converted(value, expected, pointer)
        if value is None:
            help_ = "remove the key"
            fixes = listing.edits.fix("Remove it", listing.edits.remove(pointer))
        elif not isinstance(converted, Absent):
            shown = json.dumps(converted, ensure_ascii=False)
            help_ = f"write {visible(shown)}" if len(shown) <= 80 else f"write {_TYPE_NAMES[expected]}"
            fixes = listing.edits.fix(f"Make it {_TYPE_NAMES[expected]}", listing.edits.replace(pointer, converted))
        else:
            help_ = _TYPE_HELP.get(expected, f"write {_TYPE_NAMES[expected]}")
            fixes = ()
        given = "a number with a fraction" if expected == "integer" and actual == "number" else _TYPE_NAMES[actual]
        yield Observation(
            f"{subject} must be {_TYPE_NAMES[expected]}, not {given}",
            Place(pointer),
            help=help_,
            args=_args(violation),
            fixes=fixes,
        )


_TYPE_HELP = {
    "boolean": "write true or false, without quotes",
    "integer": "write a whole number, without quotes",
    "array": 'write a list: ["...", "..."]',
    "object": 'write an object: {"key": value}',
    "string": "write one text in double quotes",
}

_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


def _converted(value: JsonValue, expected: str, pointer: str) -> JsonValue | Absent:
    """The same value in the type that the schema wants, or `ABSENT` where that would be a guess."""
    match expected, value:
        case "boolean", str() if value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
        case "integer", str() if _WHOLE_NUMBER.fullmatch(value.strip()):
            return int(value.strip())
        case "string", bool():
            return ABSENT
        case "string", int():
            return str(value)
        case "string", [str() as only]:
            return only
        case "array", str() if value.strip() and not re.search(r"[,;|]", value):
            return [{"PackageId": value}] if pointer == "/RelatedPackages" else [value]
        case "array", dict() if pointer in ("/RelatedPackages", "/Screenshots", "/VersionSpecificPackageIds"):
            return [value]
        case "array", dict() if pointer == "/AuthorDetails/Contributors":
            return [value]
        case "object", str() if value.strip():
            key = {"Contributors": "Name", "RelatedPackages": "PackageId", "Screenshots": "ImageUrl"}.get(
                _last(pointer)
            )
            key = "Name" if pointer == "/AuthorDetails" else key
            return {key: value} if key else ABSENT
        case _:
            return ABSENT


@rule("UMB104", "not-allowed-value", Severity.ERROR, why=_REFUSED, fix="unsafe")
def not_allowed_value(facts: ListingFacts) -> Iterator[Observation]:
    """A value outside the list that the Marketplace knows.

    `Category`, `AlternateCategory`, `LicenseTypes`, `LicenseType`, `PackageType` and `VersionDependencyMode` take
    values from fixed lists, letter case included. Suggests the one that was meant: other letter case, `and` for `&`, a
    slug, a former name such as `PIM`. The fix is safe where only the spelling differs.

    Why it matters:
        The most frequent mistake of all: 22 of 113 repositories had a wrong, empty or invented category at some
        commit. The Marketplace then shows the bare NuGet metadata and nothing of the listing.

    Bad:
        {"Category": "Analytics and Insights"}

    Good:
        {"Category": "Analytics & Insights"}
    """
    from umbmarket.umbraco.suggestions import suggest_value

    listing = facts.document
    for violation in _violations(facts, "enum"):
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
            fixes = listing.edits.fix(f'Change to "{suggestion.value}"', edit, safety=_safety(suggestion.certain))
        if suggestion is not None and suggestion.note:
            help_ = f"{suggestion.note} {help_[0].upper()}{help_[1:]}"
        shown = quote(value) if isinstance(value, str) else quote(json.dumps(value))
        yield Observation(
            f"{shown} is not {_ENUM_NAMES.get(_last(pointer), 'an allowed value')}",
            Place(pointer),
            help=help_,
            args=_args(violation, suggestion=suggestion.value if suggestion else None),
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


@rule("UMB105", "missing-required-key", Severity.ERROR, why=_REFUSED)
def missing_required_key(facts: ListingFacts) -> Iterator[Observation]:
    """An object without a key that it must have.

    A contributor needs `Name`, a related package `PackageId`, a version specific package `UmbracoMajorVersion` and
    `PackageId`. The listing itself needs nothing.

    Why it matters:
        The schema refuses the file, and with it everything else it says.

    Bad:
        {"RelatedPackages": [{"Description": "Adds forms"}]}

    Good:
        {"RelatedPackages": [{"PackageId": "Umbraco.Forms", "Description": "Adds forms"}]}
    """
    for violation in _violations(facts, "required"):
        missing = str(violation.params["missing"])
        yield Observation(
            f'{_kind_at(violation.pointer)} needs the key "{missing}"',
            Place(violation.pointer),
            help=f'add "{missing}", or remove the entry',
            args=_args(violation),
        )


@rule("UMB106", "too-long", Severity.ERROR, why=_REFUSED)
def too_long(facts: ListingFacts) -> Iterator[Observation]:
    """A text longer than the schema allows, in code points.

    Title 256, description 4,000, tag 100, package id 128, author name 200, contributor name 100, group title 500,
    addresses 4,000.

    Why it matters:
        One character too many, and the whole file is refused.

    Bad:
        {"Title": "A title of three hundred characters ..."}

    Good:
        {"Title": "A short title"}
    """
    for violation in _violations(facts, "maxLength"):
        limit, length = violation.params["limit"], violation.params["length"]
        in_list = violation.pointer.rpartition("/")[2].isdigit()
        subject = f"{'an entry of ' if in_list else ''}{quote(_last(violation.pointer))}"
        yield Observation(
            f"{subject} has {length:,} characters, {limit:,} are allowed",
            Place(violation.pointer),
            help=f"shorten it by {int(str(length)) - int(str(limit)):,}",
            args=_args(violation),
        )


@rule("UMB107", "duplicate-items", Severity.ERROR, why=_REFUSED, fix="safe")
def duplicate_items(facts: ListingFacts) -> Iterator[Observation]:
    """The same item twice in a list whose items must differ.

    That is asked of `AddOnPackagesRequiredForUmbracoCloud` and `AlternatePackageNames`. Repetitions in other lists are
    UMB211.

    Why it matters:
        The schema says `uniqueItems`, so the repetition costs the whole listing.

    Bad:
        {"AddOnPackagesRequiredForUmbracoCloud": ["Umbraco.Forms", "Umbraco.Forms"]}

    Good:
        {"AddOnPackagesRequiredForUmbracoCloud": ["Umbraco.Forms"]}
    """
    listing = facts.document
    for violation in _violations(facts, "uniqueItems"):
        items = listing.at(violation.pointer)
        seen: dict[str, int] = {}
        for number, item in enumerate(items if isinstance(items, list) else []):
            spelled = json.dumps(item, sort_keys=True)
            first = seen.setdefault(spelled, number)
            if first != number:
                pointer = f"{violation.pointer}/{number}"
                yield Observation(
                    f"{quote(item) if isinstance(item, str) else 'this item'} stands already as item {first + 1} of"
                    f" {quote(_last(violation.pointer))}",
                    Place(pointer),
                    help="remove it",
                    args=_args(violation, first=first, second=number),
                    fixes=listing.edits.fix("Remove the repetition", listing.edits.remove(pointer)),
                )


@rule("UMB108", "invalid-url", Severity.ERROR, why=_REFUSED, fix="unsafe")
def invalid_url(facts: ListingFacts) -> Iterator[Observation]:
    """An address that the schema's pattern refuses, with the part that it refuses.

    The pattern is narrower than what is a URL: it wants `http://` or `https://` in lower case, a host of ASCII letters
    with a top-level domain of two to six letters, no port, and a slash before a query. It applies to the keys of the
    listing that end in `Url`, to contributors and to screenshots, not to the addresses in `AuthorDetails`.

    Why it matters:
        `https://example.website/` is a fine address, and still the schema refuses the whole listing because of it. One
        author gave up the package's own domain to get the listing accepted.

    Bad:
        {"DocumentationUrl": "https://example.com:8080/docs"}

    Good:
        {"DocumentationUrl": "https://example.com/docs"}
    """
    from umbmarket.web.addresses.urls import diagnose_url

    listing = facts.document
    for violation in _violations(facts, "pattern"):
        value = listing.at(violation.pointer)
        problem = diagnose_url(value) if isinstance(value, str) else None
        if problem is None or problem.code == "relative-path":
            continue  # UMB204 says it of a relative path
        fixes: tuple[Fix, ...] = ()
        if problem.corrected is not None:
            edit = listing.edits.replace(violation.pointer, problem.corrected)
            fixes = listing.edits.fix(f"Change to {quote(problem.corrected)}", edit)
        yield Observation(
            f"{quote(_last(violation.pointer))} {visible(problem.message)}",
            Place(violation.pointer),
            help=_sentence(visible(problem.help)),
            args=_args(violation, problem=problem.code, start=problem.start, end=problem.end),
            fixes=fixes,
        )


@rule("UMB109", "screenshot-shape", Severity.ERROR, why=_REFUSED)
def screenshot_shape(facts: ListingFacts) -> Iterator[Observation]:
    """A screenshot with neither or both of `ImageUrl` and `VideoUrl`.

    Why it matters:
        The schema wants exactly one of them. The guide's sample since October 2025 shows both, and a listing that
        copies it is refused whole.

    Bad:
        {"Screenshots": [{"ImageUrl": "https://example.com/a.png", "VideoUrl": ""}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://example.com/a.png"}]}
    """
    for violation in _violations(facts, "oneOf"):
        both = violation.params["matched"] != 0
        yield Observation(
            f'a screenshot {"has both" if both else "needs"} "ImageUrl" {"and" if both else "or"} "VideoUrl"',
            Place(violation.pointer),
            help="make two entries of it, or keep the one that you mean"
            if both
            else "add the address of an image or video",
            args=_args(violation),
        )


@rule(
    "UMB110",
    "empty-value",
    Severity.ERROR,
    other_severities=(Severity.WARNING, Severity.INFO),
    why="the guide allows empty values, the published schema refuses many of them: leave the key out",
    fix="safe",
)
def empty_value(facts: ListingFacts) -> Iterator[Observation]:
    """An empty text where a value belongs.

    An error for values from a fixed list and for addresses of contributors and screenshots. A warning for addresses of
    the listing itself, as long as the file has other mistakes; when they are all that the published schema refuses in
    the file, they decide, and are errors. An info elsewhere: an empty text overrides nothing.

    Why it matters:
        The guide says that all values can be empty; the schema, which the same guide says a file must match, refuses
        empty addresses and categories. 14 of the 27 broken listings of public repositories break only here. Listings
        with an empty `VideoUrl` were seen live, so the outcome for addresses of the listing itself is not settled;
        leaving the key out is always right.

    Bad:
        {"Category": "", "VideoUrl": ""}

    Good:
        {"Category": "Search"}
    """
    listing = facts.document
    if not facts.blanks:
        return
    decides = all(
        facts.is_blank(pointer) and pointer.count("/") == 1 and pointer.endswith("Url") for pointer in facts.refused
    )
    for pointer in facts.blanks:
        keywords = facts.refused.get(pointer, frozenset())
        is_root_url = pointer.count("/") == 1 and pointer.endswith("Url")
        if not keywords and vocabulary.schema_at(pointer) is None:
            continue  # the key itself is unknown, which other rules say
        if not keywords:
            severity = Severity.INFO
        elif is_root_url and not decides:
            severity = Severity.WARNING
        else:
            severity = Severity.ERROR
        in_list = pointer.rpartition("/")[2].isdigit()
        name = quote(_last(pointer))
        removed = pointer
        if in_list:
            parent = pointer.rpartition("/")[0]
            items = listing.at(parent)
            if isinstance(items, list) and len(items) == 1:
                removed = parent
        yield Observation(
            f"{name} has an empty entry" if in_list else f"{name} is empty",
            Place(pointer),
            help=f"remove the {'entry' if removed == pointer and in_list else 'key'}, or fill it in",
            args={"keyword": min(keywords, default=None), "pointer": pointer},
            fixes=_removal(listing, removed, pointer),
            severity=severity,
        )


def _removal(listing: Listing, removed: str, pointer: str) -> tuple[Fix, ...]:
    """Remove the key, unless the object it stands in must have it."""
    owner, _, key = removed.rpartition("/")
    kind = vocabulary.object_kind(owner)
    if kind is not None and key in vocabulary.required_keys(kind):
        return ()
    return listing.edits.fix("Remove the empty value", listing.edits.remove(removed))


@rule(
    "UMB111",
    "deprecated-key",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="the schema calls it deprecated: it may stop working with any release of the Marketplace",
    fix="safe",
)
def deprecated_key(facts: ListingFacts) -> Iterator[Observation]:
    """A key that the schema calls deprecated: `LicenseType` (a warning) or `AlternatePackageNames` (an info).

    `LicenseTypes`, a list, replaced `LicenseType` on 2022-11-21. Nothing replaced `AlternatePackageNames`, which the
    guide has not mentioned since 2024.

    Why it matters:
        The keys are still legal. A listing that is edited today should not depend on them.

    Bad:
        {"LicenseType": "Free"}

    Good:
        {"LicenseTypes": ["Free"]}
    """
    listing = facts.document
    for key, replacement in vocabulary.DEPRECATED_REPLACEMENTS.items():
        if key not in listing.value:
            continue
        pointer = f"/{key}"
        fixes: tuple[Fix, ...] = ()
        if replacement is None:
            help_ = "nothing replaces it; it can stay, or go if no older data matches by it"
        elif replacement in listing.value:
            help_ = f'"{replacement}" is there already: remove "{key}"'
            fixes = listing.edits.fix(f'Remove "{key}"', listing.edits.remove(pointer))
        else:
            help_ = f'use "{replacement}", which takes a list'
            value = listing.value[key]
            if isinstance(value, str) and value in vocabulary.license_types():
                fixes = listing.edits.fix(
                    f'Use "{replacement}"',
                    listing.edits.rename(pointer, replacement),
                    listing.edits.replace(pointer, [value]),
                )
        yield Observation(
            f'"{key}" is deprecated',
            Place(pointer, "key"),
            help=help_,
            args={"key": key, "replacement": replacement},
            fixes=fixes,
            severity=None if replacement else Severity.INFO,
        )


@rule(
    "UMB112",
    "schema-reference",
    Severity.INFO,
    why="with it, editors complete keys and values and mark mistakes while you type",
    fix="safe",
)
def schema_reference(facts: ListingFacts) -> Iterator[Observation]:
    """`$schema` is missing, or is not the address of the published schema.

    Why it matters:
        The Marketplace does not need it. Visual Studio, Rider and VS Code do: they check the file against the schema
        that it names.

    Bad:
        {"Category": "Search"}

    Good:
        {
          "$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json",
          "Category": "Search"
        }
    """
    listing = facts.document
    address = vocabulary.schema_address()
    if not listing.is_object:
        return
    given = listing.value.get("$schema", ABSENT)
    if given is ABSENT and listing.intact:
        yield Observation(
            '"$schema" is missing',
            listing.opening,
            help=f'add "$schema": "{address}"',
            fixes=listing.edits.fix('Add "$schema"', listing.edits.insert_first("$schema", address)),
        )
    elif isinstance(given, str) and given.strip() and given.strip().rstrip("#") != address:
        yield Observation(
            f'"$schema" names {quote(given)}, not the published schema',
            Place("/$schema"),
            help=f'write "{address}"',
            args={"value": given},
            fixes=listing.edits.fix("Use the published address", listing.edits.replace("/$schema", address)),
        )
