"""UMB2xx, wording: texts of a listing that do not show as their author meant them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote
from umbmarket.formats.json.tree import unescape
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.rules.schema_refusals import last_key

_LONGEST_DESCRIPTION = 4000
"""Code points of a description that are looked at: the schema allows no more."""


@rule(
    "UMB220",
    "damaged-text",
    Severity.WARNING,
    why="the text was saved in the wrong encoding, and the page shows it as it is",
    fix="unsafe",
)
def damaged_text(facts: ListingFacts) -> Iterator[Observation]:
    """A lost character (U+FFFD), or UTF-8 that was decoded in another encoding (`CafÃ©`).

    Only sequences that no language uses are reported, once for each string. The fix restores the original characters,
    except for those that are lost.

    Why it matters:
        The file is valid, so nothing else reports it, and the page shows the damaged text.

    Bad:
        {"Title": "CafÃ©"}

    Good:
        {"Title": "Café"}
    """
    listing = facts.document
    for pointer, text in listing.odd_texts:
        if text.isascii():
            continue
        # Late: few listings have other characters than ASCII.
        from umbmarket.formats.damaged_text import find_damage, mended

        damage = find_damage(text)
        if not damage:
            continue
        first = damage[0]
        owner, _, token = pointer.rpartition("/")
        # An unknown property may be called like an index.
        in_list = isinstance(listing.at(owner), list)
        subject = f"an entry of {quote(last_key(pointer))}" if in_list else quote(unescape(token))
        part = text[first.start : first.end]
        lost = first.meant is None
        yield Observation(
            f"{subject} contains U+FFFD, which stands for a lost character"
            if lost
            else f"{subject} contains {quote(part)}, probably a damaged {quote(first.meant or '')}",
            Place(pointer, within=(first.start, first.end)),
            help="write the character again: "
            + (
                "it was lost when the file was saved in another encoding"
                if lost
                else "the text was decoded in the wrong encoding at some point"
            ),
            args={"found": part, "meant": first.meant, "count": len(damage)},
            fixes=listing.edits.fix(
                "Restore the characters", listing.edits.replace(pointer, mended(text)), safety="unsafe"
            )
            if mended(text) != text
            else (),
        )


_MARKS = frozenset("[*#<")
"""Without one of these there is no markup of `_MARKUP`."""

_MARKUP = (
    (
        "Markdown",
        re.compile(
            r"!?\[[^\[\]\n]+\]\(https?://[^\s()]*\)|\*\*[^*\s](?:[^*\n]*[^*\s])?\*\*|^#{1,6} [^\n]+", re.MULTILINE
        ),
    ),
    (
        "HTML",
        re.compile(
            r"<(?P<name>p|b|i|em|strong|ul|ol|li|a|h[1-6]|div|span|code|pre)(?:\s[^<>]*)?>[^<>]*</(?P=name)>|<br\s*/?>"
            r"|<img\s[^<>]*>",
            re.IGNORECASE,
        ),
    ),
)


@rule(
    "UMB222",
    "description-markup",
    Severity.INFO,
    why="the page and the cards show the description as plain text (observed)",
)
def description_markup(facts: ListingFacts) -> Iterator[Observation]:
    """Markdown or HTML in `Description`.

    Finds Markdown links, bold text, headings and images, and HTML elements.

    Why it matters:
        The page shows the description as one paragraph of plain text, so visitors see the asterisks and tags. Use the
        readme for formatted text.

    Bad:
        {"Description": "A **fast** index"}

    Good:
        {"Description": "A fast index"}
    """
    text = facts.document.value.get("Description")
    if not isinstance(text, str) or _MARKS.isdisjoint(text):
        return
    for kind, markup in _MARKUP:
        found = markup.search(text, 0, _LONGEST_DESCRIPTION)
        if found is not None:
            yield Observation(
                f'"Description" contains {kind}: {quote(found[0])}',
                Place("/Description", within=found.span()),
                help="write plain text: the page shows the description as it is",
                args={"kind": kind, "found": found[0]},
                estimate=True,
            )
            return


_LONG_AUTHOR_DESCRIPTION = 500
"""Code points of an author description beyond which it is told: of 78 real ones the longest has 178."""


@rule(
    "UMB225",
    "long-author-description",
    Severity.INFO,
    why="the page shows it in a small block beside the author's picture",
)
def long_author_description(facts: ListingFacts) -> Iterator[Observation]:
    """An author description of more than 500 characters.

    Why it matters:
        The listing guide asks for one or two sentences. Text about the package itself belongs in its readme.

    Bad:
        {"AuthorDetails": {"Description": "(the history of a company, in 800 characters)"}}

    Good:
        {"AuthorDetails": {"Description": "We build search for Umbraco."}}
    """
    for pointer, text in facts.document.texts("/AuthorDetails/Description"):
        if len(text) > _LONG_AUTHOR_DESCRIPTION:
            yield Observation(
                f"the author description has {len(text):,} characters; the listing guide asks for one or two sentences",
                Place(pointer),
                help="shorten it, or move some of it to the readme",
                args={"length": len(text)},
            )
