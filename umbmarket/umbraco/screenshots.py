"""Images of a repository that are screenshots by their names, or because its readme shows them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from umbmarket.check.marketplace import Recognised
from umbmarket.check.search import search
from umbmarket.disk.files import read_file, read_start
from umbmarket.formats.markdown.targets import read_markdown
from umbmarket.formats.pictures import ENOUGH_BYTES, recognise
from umbmarket.formats.source import SourceText
from umbmarket.git.repository import GitRepository, Repositories
from umbmarket.html_references import unescaped
from umbmarket.umbraco.image_hosts import IMAGE_EXTENSIONS

MOST_SCREENSHOTS = 10
"""Screenshots that are taken over; a listing with more is rare (the real ones have five on average, at most)."""

_LARGEST_README = 1024 * 1024
_PICTURES = frozenset({"PNG", "JPEG", "GIF", "WebP"})
_SCREENSHOT = re.compile(r"screen[-_ ]?(?:shot|cap|grab)s?", re.IGNORECASE)
_NO_SCREENSHOT = re.compile(r"icon|logo|badge|banner|favicon|avatar|sponsor", re.IGNORECASE)
_MARKDOWN_IMAGE = re.compile(r"!\[(?P<alt>[^\[\]]*)\]\(")
_HTML_ALT = re.compile(r"\balt\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')", re.IGNORECASE)


class FoundImage(NamedTuple):
    """An image of the working tree.

    Attributes:
        path: from the root of the tree, with forward slashes.
        caption: what it shows.
    """

    path: str
    caption: str


class _Images:
    """A `check.marketplace.Recogniser` of images."""

    def recognises(self, folder: str, names: Sequence[str]) -> Iterator[Recognised]:
        """Those among the files of a folder that are images by their names."""
        for name in names:
            if name.rpartition(".")[2].lower() in IMAGE_EXTENSIONS:
                yield Recognised(name, "image")

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        """None: no build makes screenshots."""
        return ()


_IMAGES: Final = _Images()


def screenshots(repository: GitRepository, repositories: Repositories, readme: str | None) -> tuple[FoundImage, ...]:
    """The screenshots in a working tree: those that its readme shows in their order, then others by their names.

    Args:
        repository: whose working tree it is.
        repositories: where the repositories of folders are looked up.
        readme: path of the readme from the root of the tree, with forward slashes; None without one.
    """
    shown = _shown_by(repository, readme) if readme is not None else {}
    found = {path: caption for path, caption in shown.items() if not _NO_SCREENSHOT.search(path)}
    for image in search(repository.root, repositories, (_IMAGES,)):
        path = os.path.relpath(image.path, repository.root).replace(os.sep, "/")
        if _SCREENSHOT.search(path) and not _NO_SCREENSHOT.search(path.rpartition("/")[2]):
            found.setdefault(path, "")
    pictures = (FoundImage(path, caption or _caption(path)) for path, caption in found.items())
    wanted = [each for each in pictures if _is_picture(repository, each.path)]
    return tuple(wanted[:MOST_SCREENSHOTS])


def _is_picture(repository: GitRepository, path: str) -> bool:
    if not repository.holds(path):
        return False
    start = read_start(os.path.join(repository.root, *path.split("/")), ENOUGH_BYTES)
    return start is not None and recognise(start) in _PICTURES


def _shown_by(repository: GitRepository, readme: str) -> dict[str, str]:
    """The images of the working tree that a readme shows, with what it says of them."""
    content = read_file(os.path.join(repository.root, *readme.split("/")), _LARGEST_README)
    source = SourceText(content.data[:_LARGEST_README])
    if content.problem is not None or not source.readable:
        return {}
    folder = readme.rpartition("/")[0]
    found: dict[str, str] = {}
    for link in read_markdown(source.text).links:
        if link.kind == "image" and link.form == "relative":
            path = _inside(link.target, folder)
            if path is not None and path.rpartition(".")[2].lower() in IMAGE_EXTENSIONS:
                found.setdefault(path, _words_for(source.text, link.span.start))
    return found


def _inside(target: str, folder: str) -> str | None:
    """The path that a relative target means, from the root of the tree; None where it leads out of it."""
    from urllib.parse import unquote

    target = unquote(target.partition("?")[0].partition("#")[0])
    whole = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}" if folder else target
    path = os.path.normpath(whole).replace(os.sep, "/")
    return None if path.startswith("..") or os.path.isabs(path) else path


def _words_for(text: str, at: int) -> str:
    """What stands in place of the image whose target begins at `at`."""
    line_start = max(text.rfind("\n", 0, at), text.rfind("<", 0, at) if text.rfind(">", 0, at) < at else -1) + 1
    before = text[line_start:at]
    markdown = list(_MARKDOWN_IMAGE.finditer(before))
    if markdown:
        return " ".join(unescaped(markdown[-1]["alt"]).split())
    end = text.find(">", at)
    html = _HTML_ALT.search(text, text.rfind("<", 0, at), end if end >= 0 else len(text))
    return " ".join(unescaped(html["double"] or html["single"] or "").split()) if html else ""


def _caption(path: str) -> str:
    """Words made of a file name: `editor-view_2.png` shows `Editor view 2`."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", re.sub(r"[-_.%+\s]+", " ", stem)).strip()
    return spaced[:1].upper() + spaced[1:] if spaced else "Screenshot"
