"""UMB309 and UMB314: readmes, on the page at the Marketplace and on that at nuget.org."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from umbmarket.check.catalogue import rule
from umbmarket.findings import WHOLE_DOCUMENT, Document, Observation, Place, Severity, Span, quote, visible
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.rules.metadata_words import file_to_add
from umbmarket.umbraco.rules.package_scope import is_told_as_limit, listed_nuspec
from umbmarket.umbraco.rules.packed_file_checks import empty_element, is_binary, missing, refusal
from umbmarket.umbraco.rules.sentences import lower_first, sentence
from umbmarket.umbraco.workspace import Workspace

if TYPE_CHECKING:
    from umbmarket.formats.markdown.targets import ReadmeLink
    from umbmarket.nuget.package.nuspec import Nuspec
    from umbmarket.umbraco.package_document import EmbeddedFile
    from umbmarket.umbraco.readme import MarketplaceReadme

_README_ENDINGS = (".md",)
"""The only one that nuget.org takes for a readme (NuGetGallery, PackageMetadataValidationService)."""

_MOST_NAMED = 5
"""Names of tags that one message lists."""

_LONGEST_ADDRESS = 120
"""Code points of an address that a message quotes."""


class _Text(NamedTuple):
    """A readme's text and where it lies.

    Attributes:
        text: decoded.
        document: the package, or the readme itself where it lies in none.
        whole: the readme as a whole, as a place there.
    """

    text: str
    document: Document
    whole: Place = WHOLE_DOCUMENT

    def place(self, span: Span) -> Place:
        """A place in it."""
        return self.whole._replace(span=span)


def _text_of(packed: EmbeddedFile, facts: PackageFacts) -> _Text:
    return _Text(packed.source.text, packed.document or facts.document, packed.place())


@rule(
    "UMB309",
    "readme",
    Severity.WARNING,
    other_severities=(Severity.ERROR, Severity.INFO),
    why="the readme is the main text of the package's page",
)
def readme(workspace: Workspace) -> Iterator[Observation]:
    """No readme, one that nuget.org rejects, or one whose links and images are dead on the listing page.

    An error for what nuget.org rejects: a readme that is not in the package at exactly this path, is empty, is not
    text, does not end in `.md`, or is larger than 1,048,576 bytes. A warning if there is no readme, and for each of
    these in the readme that is shown: a relative link, an image URL that is GitHub's page about the file, an anchor
    (`#setup`) without a heading, and a URL with a space, which is shown as text.

    The Marketplace shows `umbraco-marketplace-readme*.md` in the folder that the project URL leads to, or else the
    readme in the package. Every Marketplace readme found in a folder is checked. If it cannot be read, that is an
    error; if it is not UTF-8, a warning; if it is empty, an info, because it probably hides the readme in the package.

    Why it matters:
        Without a readme the page shows only the description. Relative links such as `docs/setup.md` work in the
        repository, but not on the page.

    Bad:
        ![The editor](images/editor.png)

    Good:
        ![The editor](https://raw.githubusercontent.com/owner/repository/main/images/editor.png)
    """
    told: set[str] = set()
    for facts in workspace.packages:
        nuspec = listed_nuspec(facts)
        if nuspec is None:
            continue
        if not is_told_as_limit(nuspec, "readme"):
            yield from _packed_readme(facts, nuspec)
        packed, shown = facts.document.readme, facts.readme_file
        if shown is not None:
            if shown.path not in told:
                told.add(shown.path)
                yield from _marketplace_readme(shown)
        elif packed is not None and packed.is_at_hand:
            yield from _dead_links(_text_of(packed, facts))
    for found in workspace.readmes:
        if found.path not in told:
            told.add(found.path)
            yield from _marketplace_readme(found)


def _packed_readme(facts: PackageFacts, nuspec: Nuspec) -> Iterator[Observation]:
    """What is wrong with the readme in the package, its links left aside."""
    file, document = facts.document.readme, facts.document
    if nuspec.readme == "":
        yield _about(document, empty_element(nuspec, "readme"))
    elif file is None:
        if facts.readme_file is None and document.knows("readme"):
            yield Observation(
                "the package has no readme",
                Place("/metadata"),
                help=f'add {file_to_add(facts, "readme", "README.md")}, or put "umbraco-marketplace-readme.md" beside'
                " the listing",
                document=document,
            )
    elif file.is_missing:
        yield _about(document, missing(file, "readme"))
    elif file.is_at_hand:
        reason = refusal(file, _README_ENDINGS)
        if reason is None and is_binary(file):
            reason = f"{quote(file.declared)} is not text; nuget.org accepts only Markdown"
        if reason is not None:
            yield Observation(
                reason,
                file.place(),
                help="pack a Markdown file, saved as UTF-8",
                args={"size": file.size},
                severity=Severity.ERROR,
                document=file.document or document,
            )


def _about(document: Document, observation: Observation) -> Observation:
    return observation._replace(document=document)


def _marketplace_readme(shown: MarketplaceReadme) -> Iterator[Observation]:
    """What is wrong with a readme that replaces the one in the package."""
    problem = shown.source.problem
    if shown.unreadable is not None:
        yield Observation(
            f"the readme cannot be read: {shown.unreadable}",
            help="shorten it"
            if "the limit" in shown.unreadable
            else "check the path, the letter case and the permissions",
            args={"reason": shown.unreadable},
            severity=Severity.ERROR,
            document=shown,
        )
        return
    if problem is not None:
        looks_like = f"; it looks like {problem.looks_like}" if problem.looks_like else ""
        at = shown.source.offset_of_byte(problem.offset) if problem.offset else 0
        yield Observation(
            f"the readme is not UTF-8: byte 0x{problem.byte:02X} at offset {problem.offset:,}{looks_like}",
            Place(span=Span(at, min(at + 1, len(shown.source.text)))),
            help='save the file as UTF-8 (some editors call it "UTF-8 without BOM")',
            args={"offset": problem.offset, "byte": problem.byte, "looksLike": problem.looks_like},
            document=shown,
        )
    if not shown.source.text.strip():
        yield Observation(
            "the readme is empty, but may be shown instead of the one in the package",
            help="fill it in, or remove the file",
            severity=Severity.INFO,
            estimate=True,
            document=shown,
        )
        return
    yield from _dead_links(_Text(shown.source.text, shown))


def _dead_links(text: _Text) -> Iterator[Observation]:
    """Each of the links that lead nowhere, in the order of the text."""
    yield from sorted(_all_dead(text), key=lambda each: (each.place.span or Span(0, 0)).start)


def _all_dead(text: _Text) -> Iterator[Observation]:
    from umbmarket.formats.markdown.anchors import anchors_of, has_anchor
    from umbmarket.formats.markdown.targets import read_markdown

    read = read_markdown(text.text)
    anchors: frozenset[str] | None = None
    for link in read.links:
        if link.form == "relative":
            yield _relative(link, text)
        elif link.form == "anchor" and link.kind == "link":
            anchors = anchors_of(text.text) if anchors is None else anchors
            if not has_anchor(anchors, link.target.strip()):
                yield Observation(
                    f"no heading in the readme has the anchor {quote(link.target, _LONGEST_ADDRESS)}",
                    text.place(link.span),
                    help="write the text of the heading in lower case, with a hyphen for each space",
                    args={"target": link.target, "kind": link.kind},
                    document=text.document,
                )
        elif link.form == "absolute" and link.kind == "image":
            yield from _page_as_image(link, text)
    for span in read.blanks:
        written = text.text[span.start : span.end]
        yield Observation(
            f"{quote(written, _LONGEST_ADDRESS)} contains a space, so the link is shown as text",
            text.place(span),
            help=f"write %20 for each space: {visible(written.replace(' ', '%20'))}"
            if len(written) <= _LONGEST_ADDRESS
            else "write %20 for each space",
            args={"target": written, "kind": "text"},
            document=text.document,
        )


def _relative(link: ReadmeLink, text: _Text) -> Observation:
    is_image = link.kind == "image"
    example = (
        "https://raw.githubusercontent.com/owner/repository/main/"
        if is_image
        else "https://github.com/owner/repository/blob/main/"
    )
    return Observation(
        f"{quote(link.target)} is relative: the {link.kind}"
        f" {'does not show' if is_image else 'is dead'} on the listing page",
        text.place(link.span),
        help=f"write the full URL, on GitHub {example} and the path",
        args={"target": link.target, "kind": link.kind},
        document=text.document,
    )


def _page_as_image(link: ReadmeLink, text: _Text) -> Iterator[Observation]:
    """An image whose address is the page on which GitHub shows a file, or nothing."""
    from umbmarket.umbraco.image_hosts import classify_image

    image = classify_image(link.target.strip())
    if image.kind in ("github-blob-page", "github-raw-detour", "github-page") and image.image_url is not None:
        yield Observation(
            f"{quote(link.target)} is not an image: {lower_first(sentence(image.reason))}",
            text.place(link.span),
            help=f"write {visible(image.image_url)}",
            args={"target": link.target, "kind": "image", "suggestion": image.image_url},
            document=text.document,
        )


@rule(
    "UMB314",
    "readme-on-nuget",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="nuget.org shows raw HTML as text, and only images from hosts that it trusts",
)
def readme_on_nuget(facts: PackageFacts) -> Iterator[Observation]:
    """Content in the package's readme that nuget.org does not show.

    A warning for each image host that is not on nuget.org's list. An info for raw HTML such as `<img>` and `<details>`,
    which nuget.org shows as text. HTML comments are fine.

    Why it matters:
        One packed readme in ten has such content. Only the package's owners see nuget.org's warning, after the push,
        and the readme can be corrected only with a new version. Sources: "Package readme on NuGet.org" on
        learn.microsoft.com, which lists the hosts; NuGetGallery, `MarkdownService` and `ImageDomainValidator`.

    Bad:
        <img src="https://example.com/editor.png" width="400">

    Good:
        ![The editor](https://raw.githubusercontent.com/owner/repository/main/editor.png)
    """
    packed = facts.document.readme
    if listed_nuspec(facts) is None or packed is None or not packed.is_at_hand or not packed.looks_like_text:
        return
    from umbmarket.formats.markdown.targets import read_markdown
    from umbmarket.web.addresses.nuget_images import HTML_TAGS, is_shown_on_nuget
    from umbmarket.web.addresses.parts import parse_address

    text = _text_of(packed, facts)
    read = read_markdown(text.text)
    hosts: set[str] = set()
    for link in read.links:
        address = parse_address(link.target.strip()) if link.kind == "image" and link.syntax != "html" else None
        if address is None or is_shown_on_nuget(address) or address.host in hosts:
            continue
        hosts.add(address.host)
        yield Observation(
            f"nuget.org does not show images from {quote(address.host)}",
            text.place(link.span),
            help="put the image in the repository and use its raw.githubusercontent.com URL",
            args={"target": link.target, "host": address.host},
            document=text.document,
        )
    tags = [tag for tag in read.tags if tag.name in HTML_TAGS]
    if tags:
        names = list(dict.fromkeys(tag.name for tag in tags))
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        shown = ", ".join(f"<{name}>" for name in names[:_MOST_NAMED])
        yield Observation(
            f"nuget.org shows raw HTML as text: {shown}{more}",
            text.place(tags[0].span),
            help="use Markdown instead, such as ![text](URL) for an image",
            args={"tags": [*names], "count": len(tags)},
            severity=Severity.INFO,
            document=text.document,
        )
