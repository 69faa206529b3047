"""What a marketplace is to the rest of the product: its rules, the files that are its own, and the facts about them.

A marketplace is an object of its own room (`umbraco`); nothing here, and nothing below, knows which there are.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from umbmarket.check.catalogue import Catalogue
    from umbmarket.check.engine import Gathered
    from umbmarket.check.selection import Selection
    from umbmarket.git.repository import Repositories
    from umbmarket.settings.options import SettingsSource

DEADLINE_SECONDS = 120.0
"""How long all addresses of a run may take together; what has not answered by then counts as not reached."""


class OnlineOptions(NamedTuple):
    """How to ask the network.

    Attributes:
        allow_private_hosts: Lift the address guard, for documents inside a company.
        use_cache: Keep documents of the package feed in the user's cache folder.
        source: The package feed, as for `nuget.feed.configured_feed`; None for the environment's, else nuget.org.
        youtube_oembed: YouTube's oEmbed address; None for the environment's, else the real one.
        vimeo_oembed: Vimeo's, likewise.
        listing_schema: Where the listing's schema is published, likewise.
        deadline: Seconds for everything together.
        on_progress: Called in the calling thread with how much is done and how much there is.
        on_warning: Told, in a sentence, what does not work on this machine and is done without.
    """

    allow_private_hosts: bool = False
    use_cache: bool = True
    source: str | None = None
    youtube_oembed: str | None = None
    vimeo_oembed: str | None = None
    listing_schema: str | None = None
    deadline: float = DEADLINE_SECONDS
    on_progress: Callable[[int, int], None] | None = None
    on_warning: Callable[[str], None] | None = None


CLOSED = "closed folder"
"""The kind of a folder that could not be looked into. The first marketplace says so."""


class Recognised(NamedTuple):
    """A file that a marketplace takes for its own when it comes by it in a folder.

    Attributes:
        name: of the file.
        kind: the marketplace's own word for what it is.
        is_built: a build made it, so that it counts although git ignores it.
    """

    name: str
    kind: str
    is_built: bool = False


class Listed(NamedTuple):
    """A file that another one lists which the user named, as a solution lists projects.

    Attributes:
        path: absolute and normal; the file need not be there.
        kind: the marketplace's own word for what it is.
        problem: why it is not looked at, in words; empty for none.
    """

    path: str
    kind: str
    problem: str = ""


class Handed(NamedTuple):
    """One file that a marketplace is handed.

    Attributes:
        path: absolute and normal.
        spelling: the path to open it by, as the user wrote it.
        kind: the word of `Recognised` for a file found in a folder, or of `Listed`; empty for one that was named.
        status: what the disk says of it; None where it is not there or cannot be reached.
        problem: why it, or the folder that it is, cannot be looked at, in words; empty for none.
        also_named: it was found in a folder, and the user named it as well.
    """

    path: str
    spelling: str
    kind: str
    status: os.stat_result | None
    problem: str
    also_named: bool = False

    @property
    def is_named(self) -> bool:
        """Whether the user named it; it may have been found in a folder as well."""
        return not self.kind or self.also_named


class Inputs(NamedTuple):
    """What a marketplace is handed of a run.

    Attributes:
        root: absolute path of the folder that shown paths are relative to.
        folders: absolute paths of the folders that the user named, and of those that named files lie in.
        files: in the order they were named or found; those of other marketplaces are not among them.
        given: name and bytes of a document that lies in no file (standard input); the name may be a path relative to
            `root`, and the bytes then stand for the file there. None for none.
        repositories: where the git working trees of folders are looked up.
        settings: which settings hold in which folder.
        selection: the rules that run for any file, with every selector resolved.
        online: how to ask the network; None to leave it alone.
        by_tool: a tool named the files because they changed, so that naming one says nothing about it.
    """

    root: str
    folders: tuple[str, ...]
    files: tuple[Handed, ...]
    given: tuple[str, bytes] | None
    repositories: "Repositories"
    settings: "SettingsSource"
    selection: "Selection"
    online: OnlineOptions | None
    by_tool: bool = False


class Recogniser(Protocol):
    """Tells the files of a marketplace from all others in a folder."""

    def recognises(self, folder: str, names: Sequence[str]) -> Iterable[Recognised]:
        """Which of the files in a folder are its own, by their names, or where these do not say, by their content.

        Args:
            folder: absolute path.
            names: of all files in it, in any order.
        """

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        """What builds left below folders of build output: absolute path and kind.

        Args:
            folders: absolute paths of folders named `bin`, and of those that git ignores.
        """


class Marketplace(Recogniser, Protocol):
    """A marketplace that packages are published on."""

    @property
    def catalogue(self) -> "Catalogue":
        """Its rules; prefix and families of the codes are there."""

    @property
    def looks_for(self) -> Sequence[str]:
        """What it looks for in folders, for a person who has none of it: `packages (.nupkg)`."""

    def claims(self, path: str) -> bool:
        """Whether a file that the user named is its own. The first marketplace of a run takes what no other claims.

        Args:
            path: as the user wrote it. The file need not be there.
        """

    def listed_in(self, path: str) -> Sequence[Listed] | None:
        """The files that a named one stands for, where it only lists others; None where it stands for itself.

        Args:
            path: absolute, of a file that is there.
        """

    def gather(self, inputs: Inputs) -> "Gathered":
        """Make the facts about what it was handed. What cannot be read becomes a document that says so.

        Raises:
            SettingsError: an address in the settings, the options or the environment is none.
        """
