"""A Marketplace readme: one `umbraco-marketplace-readme*.md` file, shown instead of the readme in the package."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Literal

from umbmarket.findings import Place, Region
from umbmarket.formats.source import SourceText
from umbmarket.umbraco.file_names import README_STEM

LARGEST_README = 1_048_576
"""Bytes: what nuget.org takes for a readme (NuGetGallery, GalleryConstants.MaxFileLengthBytes), and more than a
page can use."""

_SUFFIXED = re.compile(rf"{README_STEM}-(?P<id>.+)\.md", re.IGNORECASE)


class MarketplaceReadme:
    """One Marketplace readme. It is read when its text is first asked for.

    Attributes:
        path: as shown to the user.
        file_name: the last part of the path, in the letter case of the disk.
    """

    kind: Literal["readme"] = "readme"

    def __init__(self, path: str, load: Callable[[], bytes | str]) -> None:
        """`path` uses forward slashes; `load` gives the file's bytes, or why it cannot be read."""
        self.path = path
        self.file_name = path.rpartition("/")[2]
        self._load = load

    @cached_property
    def _loaded(self) -> bytes | str:
        loaded = self._load()
        if isinstance(loaded, bytes) and len(loaded) > LARGEST_README:
            return f"it is larger than the limit of {LARGEST_README:,} bytes"
        return loaded

    @cached_property
    def source(self) -> SourceText:
        """The text; that of a file beyond `LARGEST_README`, or one that cannot be read, is empty."""
        return SourceText(self._loaded if isinstance(self._loaded, bytes) else b"")

    @property
    def unreadable(self) -> str | None:
        """Why it could not be read, such as that it is beyond `LARGEST_README`; None when it could."""
        return self._loaded if isinstance(self._loaded, str) else None

    @property
    def parsed(self) -> Literal["strict", "tolerant", "no"]:
        """How well it could be read: `tolerant` where the bytes are not UTF-8."""
        if self.unreadable is not None:
            return "no"
        return "strict" if self.source.problem is None else "tolerant"

    @property
    def suffix(self) -> str | None:
        """The package id in the file name, `my.package` of `umbraco-marketplace-readme-my.package.md`, or None."""
        match = _SUFFIXED.fullmatch(self.file_name)
        return match["id"] if match else None

    def member_of(self, place: Place) -> str | None:
        """None: a file is no archive."""
        return None

    def source_of(self, place: Place) -> SourceText | None:
        """The text of the file, which is read only when something in it is pointed at."""
        return self.source if place.span is not None else None

    def locate(self, place: Place) -> Region | None:
        """Lines, columns and bytes of a span; None for the file as a whole."""
        return self.source.region(place.span) if place.span is not None else None
