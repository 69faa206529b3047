"""What the network says of the addresses and package ids of listings, as plain immutable values: no network code.

`links` finds it out; the rules of UMB6xx read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from umbmarket.umbraco.package_document import PackageDocument
    from umbmarket.umbraco.schema.published import PublishedSchema
    from umbmarket.umbraco.ways import Way


@dataclass(frozen=True, slots=True)
class OnlineQuestions:
    """What to ask.

    Attributes:
        links: Addresses of pages and images, as they stand in the listings.
        videos: Addresses of videos.
        packages: Ids of packages, in any letter case.
        dependents: Packages of the run whose dependencies are to be followed to Umbraco.
        together: All packages of the run; they come before those of the feed.
        schema: Whether the listing's schema is wanted as it is published today.
    """

    links: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    dependents: tuple[PackageDocument, ...] = ()
    together: tuple[PackageDocument, ...] = ()
    schema: bool = False


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What is at an address.

    Attributes:
        standing: `works`: it answered 2xx. `broken`: it answered that there is nothing, or that it cannot be had, or
            its host does not exist.
            `unknown`: no answer, or one that says nothing about what is there.
        status: The status of the last answer; None without one.
        detail: What happened, as a clause about "it", for what does not work: `it answered 404`.
        content: What the first bytes are, for what works: one of `image_bytes.Content`.
        media_type: What the server calls it, in lower case and without parameters; empty when it does not say.
        blocked: The address guard let nothing out.
    """

    standing: Literal["works", "broken", "unknown"]
    status: int | None = None
    detail: str = ""
    content: str = ""
    media_type: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class VideoAnswer:
    """What YouTube or Vimeo says of a video.

    Attributes:
        standing: `works`. `gone`: it does not exist, is private, or must not be embedded. `doubtful`: one of these, or
            it may be embedded on some sites alone. `unknown`: no answer, or one that says nothing of the video.
        status: The status of the answer; None without one.
        detail: What happened, as a clause about "it", for what does not work.
    """

    standing: Literal["works", "gone", "doubtful", "unknown"]
    status: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PackageAnswer:
    """What the package feed says of an id.

    Attributes:
        standing: `listed`: it has a listed version. `unlisted`: it has none but unlisted ones. `missing`: there is no
            such package. `unknown`: the feed gave no answer to go by.
        detail: What happened, in sentences, where the feed gave no answer.
        tagged: Whether a listed, stable version has the Marketplace's tag; None where that is not known.
    """

    standing: Literal["listed", "unlisted", "missing", "unknown"]
    detail: str = ""
    tagged: bool | None = None


@dataclass(frozen=True, slots=True)
class OnlineFindings:
    """All answers of a run.

    Attributes:
        links: By `link_key`.
        videos: By the address of the video as it stands in the listing.
        packages: By the id in lower case.
        feed: How to call the package feed in a message.
        ways: What is behind the dependencies of packages of the run, by their paths.
        schema: The listing's schema as it is published today; None where it was not asked for or could not be had.
    """

    links: Mapping[str, LinkAnswer] = field(default_factory=dict)
    videos: Mapping[str, VideoAnswer] = field(default_factory=dict)
    packages: Mapping[str, PackageAnswer] = field(default_factory=dict)
    feed: str = "NuGet"
    ways: Mapping[str, Way] = field(default_factory=dict)
    schema: PublishedSchema | None = None

    def link(self, url: str) -> LinkAnswer | None:
        """What is at an address of a listing; None when it was not asked for."""
        return self.links.get(link_key(url))

    def video(self, url: str) -> VideoAnswer | None:
        """What is known of a video of YouTube's or Vimeo's; None for every other address."""
        return self.videos.get(url.strip())

    def package(self, package_id: str) -> PackageAnswer | None:
        """What is known of a package; None when it was not asked for."""
        return self.packages.get(package_id.strip().lower())


def link_key(url: str) -> str:
    """The address that is fetched for one in a listing: without white space around it and without its fragment."""
    return url.strip().partition("#")[0]
