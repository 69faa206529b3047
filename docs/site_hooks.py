"""Makes the site out of the same Markdown that GitHub shows: pages from outside of `docs/`, their links, their anchors.

MkDocs knows only what lies in `docs/`. The README becomes the first page, `CONTRIBUTING.md`, `CHANGELOG.md` and the
samples' README become pages too, and a file that a page links to (a schema, a sample) is copied into the site. A link
to a folder leads to its README. A link that leads nowhere stays as it is, so that `mkdocs build --strict` refuses it.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
"""The root of the source tree."""

PAGES = {"README.md": "index.md"} | {name: name for name in ("CONTRIBUTING.md", "CHANGELOG.md", "samples/README.md")}
"""Markdown outside of `docs/` that becomes a page: path below the root to path in the site."""

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
CODE_SPAN = re.compile(r"(`+)(?:(?!`).|(?<!`)`+(?!`))*?(?<!`)\1(?!`)")
ATTRIBUTE = re.compile(r'(\b(?:href|src)=")([^"#:]+)((?:#[^"]*)?")')
LINK = re.compile(r"(\]\()([^)\s#]*)(#[^)\s]*)?(\))")


def github_slug(heading: str, separator: str = "-") -> str:
    """A heading's anchor as GitHub makes it: lower case, punctuation gone, each space a hyphen."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", separator)


def on_config(config: Any) -> Any:
    """Gives headings GitHub's anchors: a link to a section works in both places."""
    config.mdx_configs.setdefault("toc", {})["slugify"] = github_slug
    return config


def on_files(files: Any, config: Any) -> Any:
    """Adds the pages from outside of `docs/`, and the files that pages link to."""
    from mkdocs.structure.files import File

    for source, target in PAGES.items():
        files.append(File.generated(config, target, abs_src_path=str(ROOT / source)))
    for target in sorted(_linked_files(files)):
        if target not in files.src_uris:
            files.append(File.generated(config, target, abs_src_path=str(ROOT / target)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Rewrites a page's links from places in the repository to places in the site."""
    source = _source(page.file.src_uri)

    def rewritten(target: str) -> str:
        found = _in_repository(source, target)
        if found is None:
            return target
        return posixpath.relpath(_in_site(found), posixpath.dirname(page.file.src_uri) or ".")

    return _with_links(markdown, rewritten)


def _linked_files(files: Any) -> Iterator[str]:
    """Paths below the root of files that are linked to and that are no pages."""
    for file in list(files.documentation_pages()):
        source = _source(file.src_uri)
        targets: list[str] = []
        _with_links((ROOT / source).read_text("utf-8"), lambda target, told=targets: (told.append(target), target)[1])
        for target in targets:
            found = _in_repository(source, target)
            if found is not None and found not in PAGES and not found.startswith("docs/"):
                yield found


def _source(page: str) -> str:
    """Where a page of the site lies in the repository."""
    return next((source for source, target in PAGES.items() if target == page), f"docs/{page}")


def _in_repository(source: str, target: str) -> str | None:
    """The path below the root that a link means; None for an address, an anchor, or a file that is not there."""
    if not target or ":" in target:
        return None
    found = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    if (ROOT / found).is_dir():
        found = f"{found}/README.md"
    return found if (ROOT / found).is_file() and not found.startswith("..") else None


def _in_site(found: str) -> str:
    return PAGES.get(found) or found.removeprefix("docs/")


def _with_links(markdown: str, change: Callable[[str], str]) -> str:
    """Markdown with every link's target changed, but for code."""
    lines, fence = [], ""
    for line in markdown.splitlines(keepends=True):
        opened = FENCE.match(line)
        if opened and (not fence or opened[1].startswith(fence)):
            fence = "" if fence else opened[1]
        elif not fence:
            line = _outside_code(line, change)
        lines.append(line)
    return "".join(lines)


def _outside_code(line: str, change: Callable[[str], str]) -> str:
    parts, at = [], 0
    for span in [*CODE_SPAN.finditer(line), None]:
        end = span.start() if span else len(line)
        text = LINK.sub(lambda link: f"{link[1]}{change(link[2])}{link[3] or ''}{link[4]}", line[at:end])
        parts.append(ATTRIBUTE.sub(lambda link: f"{link[1]}{_as_html(change(link[2]))}{link[3]}", text))
        if span:
            parts.append(_in_cell(span[0]) if line.startswith("|") else span[0])
            at = span.end()
    return "".join(parts)


def _as_html(target: str) -> str:
    """MkDocs turns links in Markdown into links to pages, but none in raw HTML."""
    return f"{target[:-3]}.html" if target.endswith(".md") else target


def _in_cell(span: str) -> str:
    """Code in a table: GitHub takes away the backslash before a bar there, Python-Markdown shows it."""
    if "\\|" not in span:
        return span
    return f"<code>{html.escape(span.strip('`')).replace(chr(92) + '|', '&#124;')}</code>"
