"""The pictures of a preview: those that lie in the working tree are embedded, the others named by their addresses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from umbmarket.disk.files import read_file
from umbmarket.disk.real_path import real_path
from umbmarket.git.relation import Repository, relation
from umbmarket.git.working_tree import WorkingTree
from umbmarket.umbraco.image_hosts import classify_image, repository_reference
from umbmarket.umbraco.own_files import reference_in
from umbmarket.umbraco.preview.shrinking import Shrunk, shrink
from umbmarket.web.addresses.parts import parse_address

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

LARGEST_FILE: Final = 25 * 1024 * 1024
"""Bytes of a picture that is read."""

MOST_EMBEDDED: Final = 2_000_000
"""Bytes of pictures in one page: a third more as text, so that the page stays below 3 MB."""

WIDEST: Final = 800
"""Pixels of a screenshot: it is shown at half of that, so that it is sharp on the screen of a phone."""

TALLEST: Final = 1_200
ICON_SIZE: Final = 128


class Tree(NamedTuple):
    """Where the pictures may lie.

    Attributes:
        root: absolute path of the top folder.
        repository: what git knows of it; None for a folder without git.
    """

    root: str
    repository: Repository | None


class Picture(NamedTuple):
    """A picture, or what stands in its place.

    Attributes:
        address: as written, or the path in the package.
        source: what an `<img>` shows: a `data:` address, or with `--remote-images` that of the picture; else empty.
        width: in pixels; 0 where it is not known.
        height: in pixels.
        origin: what is shown, as a clause: `images/editor.png in the working tree`; empty where nothing is.
        reason: why it is not embedded, as a clause about it; empty where it is.
        colour: the colour that most of an icon has; empty for others.
    """

    address: str
    source: str = ""
    width: int = 0
    height: int = 0
    origin: str = ""
    reason: str = ""
    colour: str = ""

    @property
    def link(self) -> str:
        """The address, where one may follow it; else empty."""
        return self.address.strip() if parse_address(self.address) is not None else ""


class _Started(NamedTuple):
    """A picture that is being read.

    Attributes:
        future: gives it.
        origin: as in `Picture`.
    """

    future: Future[Shrunk | str]
    origin: str


class Pictures:
    """Finds and shrinks the pictures of one page, and counts them.

    Attributes:
        embedded: pictures that lie in the page.
        named: those that are named by their addresses instead.
    """

    def __init__(self, tree: Tree | None, *, remote: bool = False) -> None:
        """`remote`: let the browser fetch what is not embedded."""
        self.embedded = 0
        self.named = 0
        self._tree = tree
        self._files = WorkingTree(tree.root) if tree is not None else None
        self._remote = remote
        self._left = MOST_EMBEDDED
        self._started: dict[tuple[str, int], Picture | _Started] = {}
        self._known: dict[tuple[str, int], Picture] = {}
        self._workers: ThreadPoolExecutor | None = None

    def expect(self, address: str, widest: int = WIDEST) -> None:
        """Begin to read and shrink a picture, which other threads do meanwhile."""
        if (address, widest) not in self._started:
            self._started[address, widest] = self._start(address, widest)

    def at(self, address: str, widest: int = WIDEST) -> Picture:
        """The picture at an address; one that is asked for twice lies in the page twice, and counts once."""
        key = (address, widest)
        if key not in self._known:
            self.expect(address, widest)
            started = self._started[key]
            picture = started if isinstance(started, Picture) else self._finish(address, started)
            self._known[key] = picture
            self.embedded += bool(picture.origin)
            self.named += not picture.origin
        return self._known[key]

    def icon(self, data: bytes, path: str, origin: str) -> Picture:
        """The icon of a package."""
        picture = self._placed(shrink(data, ICON_SIZE, ICON_SIZE, with_colour=True), path, origin)
        self.embedded += bool(picture.origin)
        return picture

    def close(self) -> None:
        """Let the threads go."""
        if self._workers is not None:
            self._workers.shutdown(wait=False, cancel_futures=True)

    def _start(self, address: str, widest: int) -> Picture | _Started:
        image = classify_image(address)
        if image.reason:
            return Picture(address, reason=image.reason[0].lower() + image.reason[1:].rstrip("."))
        found = self._in_tree(address)
        if isinstance(found, Picture):
            if not self._remote:
                return found
            return Picture(address, address.strip(), reason="your browser fetches it from its URL")
        path, origin = found
        if self._workers is None:
            # Late: most pages have no picture that lies here.
            from concurrent.futures import ThreadPoolExecutor

            self._workers = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1))
        return _Started(self._workers.submit(_read_and_shrink, path, widest), origin)

    def _finish(self, address: str, started: _Started) -> Picture:
        return self._placed(started.future.result(), address, started.origin)

    def _in_tree(self, address: str) -> tuple[str, str] | Picture:
        """The file that an address leads to, absolute, with what to say of it; else what stands in its place."""
        file = repository_reference(address)
        if file is None or self._tree is None or self._files is None:
            return Picture(address, reason="it is not in this working tree")
        root, repository = self._tree
        path, remark = file.path, ""
        if repository is not None:
            if relation(repository, file.repository) == "other":
                return Picture(address, reason="it is in another repository")
            led = reference_in(repository, file.reference)
            path = led.path
            if not led.is_here and (repository.branch or repository.default_branch):
                remark = f"; the URL names {led.branch[:40]}"
        if not self._files.holds(path):
            return Picture(address, reason=f"the working tree has no file {path}")
        whole = os.path.join(root, *path.split("/"))
        if real_path(whole) != os.path.join(real_path(root), *path.split("/")):
            # GitHub serves the text of a link, not what it leads to.
            return Picture(address, reason=f"{path} is a link")
        return whole, f"{path} in the working tree{remark}"

    def _placed(self, found: Shrunk | str, address: str, origin: str) -> Picture:
        if isinstance(found, str):
            return Picture(address, reason=found)
        if len(found.data) > self._left:
            return Picture(address, reason=f"the page holds its {MOST_EMBEDDED // 1_000_000} MB of pictures already")
        self._left -= len(found.data)
        return Picture(address, found.address, found.width, found.height, origin, "", found.colour)


def _read_and_shrink(path: str, widest: int) -> Shrunk | str:
    read = read_file(path, LARGEST_FILE)
    if read.problem is not None or len(read.data) > LARGEST_FILE:
        reason = read.problem or f"it is larger than {LARGEST_FILE // (1024 * 1024)} MB"
        return f"the file in the working tree cannot be shown: {reason}"
    return shrink(read.data, widest, TALLEST)
