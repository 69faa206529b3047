"""UMB0xx: can the listing be read at all?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from json import dumps

from umbmarket.check.catalogue import rule
from umbmarket.findings import Edit, Fix, JsonValue, Observation, Place, Severity, Span, quote
from umbmarket.formats.json.problems import Problem
from umbmarket.formats.json.tree import DEPTH_LIMIT
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.rules.removals import says_something
from umbmarket.umbraco.rules.schema_refusals import safety_of
from umbmarket.umbraco.rules.syntax_wording import FIX_TITLES, syntax_wording
from umbmarket.umbraco.schema.matching import first_duplicate
from umbmarket.umbraco.value_groups import PACKAGE_ID_VALUES, URL_VALUES

_TOLERATED = {"comment": "UMB005", "trailing-comma": "UMB006", "alternatives": "UMB007"}
"""Kinds of problem that have a rule of their own; all others are UMB004."""


@rule(
    "UMB001",
    "unreadable-file",
    Severity.ERROR,
    why="the Marketplace cannot read the file either",
    always=True,
)
def unreadable_file(facts: ListingFacts) -> Iterator[Observation]:
    """A listing that cannot be opened, or that is too large to be one.

    The file does not exist, is a folder or a device, may not be read, or is larger than 1 MiB. The longest listing that
    the schema allows has some 30,000 characters, so a larger file is something else with a listing's name.

    Why it matters:
        A file that could not be checked must not look like a file without problems.

    Bad:
        umbmarket validate no-such-file.json

    Good:
        umbmarket validate umbraco-marketplace.json
    """
    listing = facts.document
    if listing.unreadable is not None:
        yield Observation(
            f"cannot be read: {listing.unreadable}",
            help="a listing is a few kilobytes; the limit is 1 MiB"
            if "the limit" in listing.unreadable
            else "check the path, the letter case and the permissions",
            args={"reason": listing.unreadable},
        )


@rule(
    "UMB002",
    "not-utf8",
    Severity.ERROR,
    why="JSON is UTF-8 (RFC 8259, section 8.1): readers reject other bytes or lose the characters",
    fix="unsafe",
    always=True,
)
def not_utf8(facts: ListingFacts) -> Iterator[Observation]:
    r"""A file that is not UTF-8.

    Reports the first byte that is not UTF-8, and whether the file looks like Windows-1252, UTF-16 or UTF-32. The other
    rules then check the text decoded that way. Converting from UTF-16 or UTF-32 is a safe fix. Converting from
    Windows-1252 is safe if all characters are the same in every Windows code page, such as dashes and typographic
    quotes. Otherwise it is unsafe, because other single-byte encodings look the same.

    Why it matters:
        JSON readers expect UTF-8. Some editors on Windows still save other encodings, and a single umlaut or dash in
        the description is enough: of 159 listings in public repositories, one is Windows-1252.

    Bad:
        {"Description": "Caf\xe9"}    (saved as Windows-1252)

    Good:
        {"Description": "Café"}    (saved as UTF-8)
    """
    listing = facts.document
    problem = listing.source.problem
    if problem is None or listing.unreadable is not None:
        return
    source = listing.source
    if problem.looks_like is None:
        message = f"not UTF-8: byte 0x{problem.byte:02X} at offset {problem.offset:,} is not valid"
    elif problem.looks_like == "Windows-1252":
        message = f"not UTF-8: byte 0x{problem.byte:02X} at offset {problem.offset:,}; it looks like Windows-1252"
    else:
        message = f"not UTF-8 but {problem.looks_like}"
    at = 0 if problem.offset == 0 else source.offset_of_byte(problem.offset)
    yield Observation(
        message,
        Place(span=Span(at, min(at + 1, len(source.text)))),
        help='save the file as UTF-8 (some editors call it "UTF-8 without BOM")',
        args={"offset": problem.offset, "byte": problem.byte, "looksLike": problem.looks_like},
        fixes=_to_utf8(listing),
    )


def _to_utf8(listing: Listing) -> tuple[Fix, ...]:
    source, problem = listing.source, listing.source.problem
    if problem is None or problem.looks_like is None:
        return ()
    title = f"Convert from {problem.looks_like} to UTF-8"
    if problem.looks_like != "Windows-1252":
        return (Fix(title, "safe", (Edit(0, len(source.data), source.text),), encoding="utf-8"),)
    runs = re.finditer(r"[^\x00-\x7f]+", source.text)
    safety = safety_of(set(source.text) <= _same_in_all_windows())
    return (Fix(title, safety, tuple(Edit(run.start(), run.end(), run[0]) for run in runs), encoding="utf-8"),)


def _same_in_all_windows() -> frozenset[str]:
    """The characters that one byte means in every code page of Windows for letters, 1250 to 1258.

    These are dashes, typographic quotes, the ellipsis and the like: which of the code pages a file is in does not
    matter to them.
    """
    pages = [f"cp{number}" for number in range(1250, 1259)]
    return frozenset(
        meant.pop()
        for byte in range(256)
        if len(meant := {bytes((byte,)).decode(page, "replace") for page in pages}) == 1
    )


@rule(
    "UMB003",
    "byte-order-mark",
    Severity.INFO,
    why="JSON must not begin with a byte order mark (RFC 8259), and strict readers reject the file",
    fix="safe",
)
def byte_order_mark(facts: ListingFacts) -> Iterator[Observation]:
    r"""A UTF-8 byte order mark (BOM) at the start of the file.

    Why it matters:
        The Marketplace appears to accept it: listings with a BOM are published. Other JSON readers reject the file,
        often with a confusing message about an unexpected first character.

    Bad:
        \ufeff{"Category": "Search"}

    Good:
        {"Category": "Search"}
    """
    listing = facts.document
    if listing.source.has_bom:
        yield Observation(
            "the file starts with a byte order mark",
            Place(span=Span(0, 0)),
            help='save the file as "UTF-8 without BOM"',
            fixes=(Fix("Remove the byte order mark", "safe", (Edit(0, 3, ""),)),),
        )


@rule(
    "UMB004",
    "invalid-json",
    Severity.ERROR,
    why="the file is not valid JSON, and a reader that rejects it imports nothing from it",
    fix="unsafe",
    always=True,
)
def invalid_json(facts: ListingFacts) -> Iterator[Observation]:
    """A JSON syntax error.

    Every error in the file is reported where it is, with what was expected: a missing comma, colon, quote, bracket or
    brace; single or curly quotes; property names and strings without quotes; unescaped characters; text after the end.
    The other rules then check what was probably meant.

    A fix is safe if it is certain what was meant, such as a missing comma, and nothing else on the line has to be
    guessed.

    Why it matters:
        If the file is rejected, the Marketplace silently keeps showing the NuGet metadata alone. 15 of 113 repositories
        had a listing with broken syntax at some commit. Common .NET readers accept some of what is reported here:
        single quotes, unquoted property names, raw control characters, non-breaking spaces. Whether the Marketplace
        does is not documented.

    Bad:
        {
          "Title": "Starter Kit"
          "Category": "Themes & Starter Kits"
        }

    Good:
        {
          "Title": "Starter Kit",
          "Category": "Themes & Starter Kits"
        }
    """
    listing = facts.document
    if listing.unreadable is not None or not listing.source.readable:
        return
    for problem in listing.tree.problems:
        if problem.kind not in _TOLERATED and not _is_symbolic(listing, problem):
            message, help_ = syntax_wording(problem, listing)
            yield Observation(
                message,
                Place(span=problem.span),
                help=help_,
                args={"problem": problem.kind, **problem.detail},
                fixes=_mending(listing, problem, FIX_TITLES.get(problem.kind, "Fix the JSON")),
            )


def _is_symbolic(listing: Listing, problem: Problem) -> bool:
    """Whether a problem is about what a template engine replaces, or is one of its directives (`//#if (Docs)`)."""
    if listing.symbols is None:
        return False
    text = listing.source.text[problem.span.start : problem.span.end]
    return listing.is_symbolic(text) or (problem.kind == "comment" and _DIRECTIVE.match(text) is not None)


_DIRECTIVE = re.compile(r"/[/*]+\s*(?:#(?:if|else|elseif|elif|endif)|[-+]:cnd)\b")


def _mending(listing: Listing, problem: Problem, title: str) -> tuple[Fix, ...]:
    edits = (listing.edits.edit(start, end, text) for start, end, text in problem.edits)
    certain = problem.safe and (problem.kind in _WHATEVER_IS_AROUND or not _is_in_doubt(listing, problem))
    return listing.edits.fix(title, *edits, safety=safety_of(certain))


_WHATEVER_IS_AROUND = frozenset({"comment", "trailing-comma", "odd-space"})
"""Kinds of problem that can be told and mended whatever else is wrong beside them."""


def _is_in_doubt(listing: Listing, problem: Problem) -> bool:
    """Whether a problem stands on the line of another one that can only be guessed at.

    What is missing between two things is certain only where it is certain what these are.
    """
    line_of = listing.source.position
    first, last = line_of(problem.span.start)[0], line_of(problem.span.end)[0]
    return any(
        other is not problem
        and other.kind not in _WHATEVER_IS_AROUND
        and not (other.safe and other.edits)
        and line_of(other.span.start)[0] <= last
        and line_of(other.span.end)[0] >= first
        for other in listing.tree.problems
    )


@rule(
    "UMB005",
    "json-comment",
    Severity.WARNING,
    other_severities=(Severity.ERROR,),
    why="JSON has no comments: some readers skip them, others reject the file",
    fix="safe",
    always="marked",
)
def json_comment(facts: ListingFacts) -> Iterator[Observation]:
    """A comment in the listing: an error before the opening brace, a warning after it.

    Why it matters:
        The Marketplace appears to accept comments: four live listings end with one, and Umbraco HQ edited two of them
        without removing it. This is an estimate, as no document says so, and validators and editors reject the file. A
        comment before the first `{` is worse: even .NET validators that skip comments elsewhere reject the file
        (measured with NJsonSchema 10.8 to 11.6).

    Bad:
        {
          "Category": "Search" // one of eleven
        }

    Good:
        {
          "Category": "Search"
        }
    """
    for problem in _of_kind(facts.document, "comment"):
        if _is_symbolic(facts.document, problem):
            continue
        root = facts.document.tree.member("")
        leads = root is not None and problem.span.start < root.start
        yield Observation(
            'comment before the opening "{"' if leads else "comments are not allowed in JSON",
            Place(span=problem.span),
            help="remove it: even .NET validators that skip comments elsewhere reject the file"
            if leads
            else "remove it, or move it to the repository's documentation",
            fixes=_mending(facts.document, problem, "Remove the comment"),
            severity=Severity.ERROR if leads else None,
            always=leads,
        )


@rule(
    "UMB006",
    "trailing-comma",
    Severity.WARNING,
    why="JSON has no trailing commas: the Marketplace appears to skip them, other readers reject the file",
    fix="safe",
)
def trailing_comma(facts: ListingFacts) -> Iterator[Observation]:
    """A trailing comma before a closing bracket or brace.

    Why it matters:
        The Marketplace appears to accept it: the listings of Umbraco's own Forms and Deploy packages have one and are
        live. This is an estimate, as no document says so, and validators reject the file.

    Bad:
        {"Tags": ["search", "index",]}

    Good:
        {"Tags": ["search", "index"]}
    """
    for problem in _of_kind(facts.document, "trailing-comma"):
        yield Observation(
            "trailing comma",
            Place(span=problem.span),
            help="remove it",
            fixes=_mending(facts.document, problem, "Remove the comma"),
        )


def _of_kind(listing: Listing, kind: str) -> Iterator[Problem]:
    if listing.parsed != "no":
        yield from (problem for problem in listing.tree.problems if problem.kind == kind)


_GUID = "[0-9A-Fa-f-]{32,36}"
_BRACED = re.compile(
    rf"\{{(?!{_GUID}\}})[A-Za-z][\w .-]*\}}|<[A-Za-z][\w .-]*>|%7B(?!{_GUID}%7D)[A-Za-z]\w*%7D", re.ASCII
)
"""A word in braces, but not a GUID, which some sites have in the URLs of their files."""

_SAMPLE_IDS = frozenset({"my.package", "mypackage", "your.package", "yourpackage", "my.package.id", "your.package.id"})
_SAMPLE_TEXT = re.compile(
    r"(?:your|my) package\b(?: name| title| description| id)?[.!]?|(?:your|author) name", re.IGNORECASE
)


@rule(
    "UMB007",
    "template-placeholder",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="the placeholder is published as it is, or the published schema rejects the file",
    always="marked",
    fix="unsafe",
)
def template_placeholder(facts: ListingFacts) -> Iterator[Observation]:
    """A placeholder that was copied from the listing guide and never replaced.

    Finds `true|false`, URLs with `{videoId}`, `{username}` and the like, package ids such as `my.package`, titles such
    as `Your Package`, and a file that is still called `umbraco-marketplace-my.package.json`. Not reported if a package
    with that id is checked, or named by `--package-id`. A listing of several properties that are all empty
    is reported once, as an error if the schema rejects it.

    The fix for `true|false` removes the property.

    Why it matters:
        The sample in the listing guide is not valid JSON: it says `true|false` instead of a value. A copy that is not
        filled in completely is rejected, and a placeholder in a title or description is shown to everyone.

    Bad:
        {"LookingForContributors": true|false, "VideoUrl": "https://www.youtube.com/embed/{videoId}"}

    Good:
        {"LookingForContributors": true, "VideoUrl": "https://www.youtube.com/embed/dQw4w9WgXcQ"}
    """
    listing = facts.document
    if facts.untouched:
        yield _untouched(facts)
    for problem in _of_kind(listing, "alternatives"):
        written = str(problem.detail["written"])
        yield Observation(
            f"{quote(written)} is the listing guide's placeholder, not a value",
            Place(span=problem.span),
            help="choose one",
            args={"placeholder": written},
            fixes=listing.edits.fix("Remove it", listing.edits.remove_at(problem.span.start), safety="unsafe"),
            always=True,
        )
    if listing.suffix is not None and listing.suffix.lower() in _SAMPLE_IDS and not _is_known(facts, listing.suffix):
        yield _placeholder(listing.suffix, "the file name", Place(span=Span(0, 0)))
    for pointer, text in listing.texts(*URL_VALUES):
        found = _BRACED.search(text) if "{" in text or "<" in text or "%" in text else None
        if found:
            yield _placeholder(found[0], "the URL", Place(pointer))
    for pointer, text in listing.texts(*PACKAGE_ID_VALUES):
        written = text.strip()
        if (written.lower() in _SAMPLE_IDS and not _is_known(facts, written)) or _is_braced(written):
            yield _placeholder(written, "the package id", Place(pointer))
    for pointer, text in listing.texts(*_WORDS):
        written = text.strip()
        if (_SAMPLE_TEXT.fullmatch(written) and not _is_own_name(facts, written)) or _is_braced(written):
            yield _placeholder(written, "the value", Place(pointer))


def _is_known(facts: ListingFacts, package_id: str) -> bool:
    """Whether there is a package of this id, so that it is none of the guide's samples."""
    folded = package_id.lower()
    if facts.is_id_said and (facts.package_id or "").lower() == folded:
        return True
    packages = [each.document for each in facts.together.packages]
    return any((each.id or "").lower() == folded or not each.knows("id") for each in packages)


def _is_own_name(facts: ListingFacts, text: str) -> bool:
    """Whether a text is the id of the listing's own package in words."""
    if facts.package_id is None or not _is_known(facts, facts.package_id):
        return False
    # Late: few listings say something like a sample.
    from umbmarket.umbraco.template_texts import says_the_same

    return says_the_same(text, facts.package_id)


_WORDS = ("/Title", "/AuthorDetails/Name", "/AuthorDetails/Contributors/*/Name", "/Description")


def _is_braced(text: str) -> bool:
    """Whether a whole text is one placeholder."""
    return text.startswith(("{", "<", "%")) and _BRACED.fullmatch(text) is not None


def _untouched(facts: ListingFacts) -> Observation:
    """The one finding on a starter that nobody filled in."""
    refused = [violation.pointer for violation in facts.violations if violation.keyword != "additionalProperties"]
    only_root_urls = all(pointer in _ROOT_URLS and facts.document.at(pointer) == "" for pointer in refused)
    return Observation(
        "the listing is not filled in",
        facts.document.opening,
        help="fill it in, and remove the properties that you do not need",
        args={"keyword": min((violation.keyword for violation in facts.violations), default=None), "pointer": ""},
        severity=Severity.WARNING if only_root_urls else None,
    )


_ROOT_URLS = frozenset(pattern for pattern in URL_VALUES if pattern.count("/") == 1)


def _placeholder(written: str, where: str, place: Place) -> Observation:
    return Observation(
        f"{where} still contains the placeholder {quote(written)}",
        place,
        help="write your own value, or remove the property",
        args={"placeholder": written},
    )


@rule(
    "UMB008",
    "duplicate-key",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="most readers silently keep the last value only",
    fix="unsafe",
)
def duplicate_key(facts: ListingFacts) -> Iterator[Observation]:
    """The same property twice in one object.

    A warning if both have the same value, as then nothing is lost. The fix removes the earlier value. It is safe if
    that value is empty or the same as the last one.

    Why it matters:
        RFC 8259 does not say what happens. .NET, JavaScript and Python keep the last value, so the first one is lost.

    Bad:
        {"Title": "Old name", "Category": "Search", "Title": "New name"}

    Good:
        {"Title": "New name", "Category": "Search"}
    """
    listing = facts.document
    if listing.parsed == "no":
        return
    for duplicate in listing.tree.duplicates():
        first_line = listing.source.position(duplicate.first.start)[0]
        for earlier, again in pairwise((duplicate.first, *duplicate.again)):
            lost = listing.tree.value_at_key(duplicate.pointer, earlier.start)
            is_same = _are_equal(lost, listing.tree.value_at_key(duplicate.pointer, again.start))
            what = "first" if earlier is duplicate.first else "earlier"
            yield Observation(
                f"duplicate property {quote(duplicate.key)} (first on line {first_line})"
                + (", with the same value" if is_same else f": the {what} value is lost"),
                Place(duplicate.pointer, span=again),
                help="remove one of the two" if is_same else "keep one of the two",
                args={"key": duplicate.key, "firstLine": first_line},
                fixes=_without_earlier(listing, duplicate.pointer, earlier.start, lost),
                severity=Severity.WARNING if is_same else None,
            )


def _are_equal(left: JsonValue, right: JsonValue) -> bool:
    """Whether two values are the same but for what the fixes of UMB207 and UMB211 take from the one that counts.

    1 and true are not, although Python takes them for equal.
    """
    return first_duplicate([_tidied(left), _tidied(right)]) is not None


def _tidied(value: JsonValue) -> JsonValue:
    """The value without white space around its texts and without repeated entries; no deeper than the reader reads."""
    if isinstance(value, dict):
        return {key: _tidied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return list({dumps(each, sort_keys=True): each for each in map(_tidied, value)}.values())
    return value.strip() if isinstance(value, str) else value


def _without_earlier(listing: Listing, pointer: str, key_start: int, lost: JsonValue) -> tuple[Fix, ...]:
    """The fix that removes a value that is lost anyway: safe where it is empty or the same as the one that counts."""
    certain = not says_something(lost, numbers=True) or _are_equal(lost, listing.at(pointer))
    edit = listing.edits.remove_repeated(pointer, key_start)
    return listing.edits.fix("Remove the earlier value", edit, safety=safety_of(certain))


@rule(
    "UMB009",
    "not-an-object",
    Severity.ERROR,
    why="the published schema requires an object at the top level",
    fix="safe",
    always=True,
)
def not_an_object(facts: ListingFacts) -> Iterator[Observation]:
    """A listing whose top-level value is not an object.

    The fix removes the brackets of an array that contains one object.

    Why it matters:
        The Marketplace reads the properties of one object. An array of listings, or the listing's JSON inside a string,
        has none.

    Bad:
        [{"Category": "Search"}]

    Good:
        {"Category": "Search"}
    """
    listing = facts.document
    if listing.parsed == "no" or listing.is_object:
        return
    kind = _KINDS.get(type(listing.tree.value), "null")
    yield Observation(
        f"expected an object at the top level, found {kind}",
        Place(),
        help='put the properties between "{" and "}"; a file contains one listing',
        args={"keyword": "type", "pointer": "", "actual": kind},
        fixes=_unwrapped(listing),
    )


def _unwrapped(listing: Listing) -> tuple[Fix, ...]:
    """The fix for an array that holds the one listing."""
    value, root = listing.tree.value, listing.tree.member("")
    if root is None or listing.parsed != "strict" or not isinstance(value, list) or len(value) != 1:
        return ()
    if not isinstance(value[0], dict):
        return ()
    edits = listing.edits.edit(root.start, root.start + 1, ""), listing.edits.edit(root.end - 1, root.end, "")
    return listing.edits.fix("Remove the brackets", *edits)


_KINDS: dict[type, str] = {
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "a boolean",
}


@rule(
    "UMB010",
    "too-deep",
    Severity.ERROR,
    why=f".NET's JSON reader stops at {DEPTH_LIMIT} levels; a listing needs four at most",
    always=True,
)
def too_deep(facts: ListingFacts) -> Iterator[Observation]:
    """Nesting beyond 64 levels.

    64 is the default `MaxDepth` of .NET's `System.Text.Json`. Whatever is nested deeper is not checked.

    Why it matters:
        A reader with that limit rejects the whole file. A valid listing is four levels deep at most.

    Bad:
        {"Tags": [[[[[[ ... ]]]]]]}    (more than 64 brackets)

    Good:
        {"Tags": ["search"]}
    """
    deep_at = facts.document.tree.deep_at
    if deep_at is not None:
        yield Observation(
            f"nested deeper than {DEPTH_LIMIT} levels",
            Place(span=deep_at),
            help="remove the extra brackets",
            args={"limit": DEPTH_LIMIT},
        )
