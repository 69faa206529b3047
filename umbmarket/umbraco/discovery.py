"""From the paths that a user names to the documents of a run."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from umbmarket.check.inputs import absolute as absolute_path
from umbmarket.check.inputs import handed as as_handed
from umbmarket.check.marketplace import CLOSED, Handed, Inputs
from umbmarket.disk.files import LEADS_OUT, Content, in_words, is_below, leads_out, read_file
from umbmarket.disk.letter_case import names_if_case_blind
from umbmarket.disk.real_path import real_path
from umbmarket.disk.shown_path import shown
from umbmarket.git.repository import GitRepository, Repositories
from umbmarket.umbraco.found import Found, FoundListing
from umbmarket.umbraco.listing import LARGEST_LISTING, Listing, read_listing
from umbmarket.umbraco.named_files import LISTED_PROJECT, classify, listed_in
from umbmarket.umbraco.template_sources import symbols_in, template_above

if TYPE_CHECKING:
    from umbmarket.settings.options import SettingsSource
    from umbmarket.umbraco.readme import MarketplaceReadme
    from umbmarket.umbraco.run_packages import PackageFile, PackedPackage, RunPackage
    from umbmarket.umbraco.run_projects import RunProject


def read_inputs(inputs: Inputs) -> Found:
    """Read what the Umbraco Marketplace is handed of a run. Whatever is there or not, this does not raise.

    A file is read as a package or, whatever else it is called, as a listing, see `classify`. What cannot be read is a
    listing with `unreadable` set, or a package with problems. A file that is reached twice, by two spellings or a
    link, counts once.
    """
    finder = _Finder(inputs.root, inputs.settings, inputs.repositories, inputs.folders, by_tool=inputs.by_tool)
    given_path = ""
    if inputs.given is not None:
        given_path = os.path.normpath(os.path.join(finder.root, inputs.given[0]))
        finder.seen.add(os.path.normcase(given_path))
    for handed in inputs.files:
        finder.add(handed)
    if inputs.given is not None:
        finder.add_bytes(given_path, inputs.given[1])
    return finder.found()


def read_packages(paths: Iterable[str], *, root: Path) -> Found:
    """Read files as packages, whatever they are called, but project files as projects, see `classify`.

    Args:
        paths: of files; a solution stands for those of its projects that are packed.
        root: the folder that shown paths are relative to.
    """
    finder = _Finder(os.path.abspath(root))
    for path in paths:
        listed = listed_in(path)
        if listed is None:
            finder.add_package(path)
        for each in listed or ():
            finder.add(as_handed(each.path, each.kind, each.problem))
    return finder.found()


def tree_of(root: Path) -> Found:
    """A folder and the working tree around it, of which nothing is read yet.

    Args:
        root: the folder that shown paths are relative to.
    """
    return _Finder(os.path.abspath(root)).found(always=True)


class _Finder:
    """Gathers the documents of one run. What depends on a folder alone is worked out once per folder."""

    def __init__(
        self,
        root: str,
        settings: SettingsSource | None = None,
        repositories: Repositories | None = None,
        folders: Sequence[str] = (),
        *,
        by_tool: bool = False,
    ) -> None:
        self.root = root
        self.listings: list[FoundListing] = []
        self.misnamed: dict[str, None] = {}
        self.readmes: dict[MarketplaceReadme, None] = {}
        self.seen: set[str] = set()
        self._skipped: dict[str, str] = {}
        self._by_tool = by_tool
        self._settings = settings
        self._repositories = repositories or Repositories()
        self._surroundings: dict[str, tuple[str, GitRepository | None, str | None]] = {}
        self._names: dict[str, dict[str, str] | None] = {}
        self._files: dict[tuple[int, int], str] = {}
        self._packages: dict[str, tuple[str, bool]] = {}
        self._projects: dict[str, tuple[str, bool]] = {}
        self._folders = dict.fromkeys(folders)
        self._by_path: dict[str, FoundListing] = {}
        self._readmes: dict[str, MarketplaceReadme] = {}
        self._below: dict[GitRepository, tuple[FoundListing, ...]] = {}
        self._in_folder: dict[str, frozenset[str]] = {}
        self._symbols: dict[str, tuple[str, ...] | None] = {}
        self._templates: dict[str | None, dict[str, str | None]] = {}
        self._real_paths: dict[str, str] = {}

    def add(self, handed: Handed) -> None:
        """A file that was named or found, or a folder that could not be looked into."""
        if handed.kind == "readme" or (handed.status is not None and _is_readme(handed)):
            self.readmes[self.readme_at(handed.path, named=handed.is_named)] = None
        elif handed.kind == "misnamed":
            if handed.status is not None:
                self._add_misnamed(handed.path)
        elif handed.status is not None:
            # That a project has changed does not say that it is for the Marketplace.
            is_changed = self._by_tool and handed.is_named and classify(handed.path) == "project"
            is_wanted = is_changed or handed.kind == LISTED_PROJECT
            is_named = handed.is_named and not is_changed
            self._add_file(handed.path, handed.spelling, handed.status, named=is_named, wanted=is_wanted)
        elif handed.kind == CLOSED or classify(handed.path) == "listing":
            self._add_problem(handed.path, handed.problem, named=handed.is_named)
        elif handed.is_named:
            kept = self._packages if classify(handed.path) == "package" else self._projects
            self._add_package(kept, handed.path, handed.path, named=True)
        else:
            self._skipped[self._shown(handed.path)] = handed.problem

    def _add_misnamed(self, path: str) -> None:
        """Note a file whose name is nearly a listing's or a readme's, unless its content says that it is neither."""
        from umbmarket.umbraco.file_names import needs_a_look

        if needs_a_look(os.path.basename(path)):
            content = read_file(path, LARGEST_LISTING)
            if content.problem is not None or not read_listing(path, content.data, None).has_listing_keys:
                return
        self.misnamed[self._shown(path)] = None

    def add_package(self, path: str) -> None:
        """A file that the user named as a package, or a project."""
        absolute = absolute_path(path)
        self._folders[os.path.dirname(absolute)] = None
        try:
            status: os.stat_result | None = os.stat(path)
        except (OSError, ValueError):
            status = None
        first = self._first_of_same_file(absolute, status) if status is not None else None
        kept = self._projects if classify(absolute) == "project" else self._packages
        self._add_package(kept, absolute if first is None else first, absolute, status, named=True)

    def _add_file(
        self, absolute: str, path: str, status: os.stat_result, *, named: bool = True, wanted: bool = False
    ) -> None:
        """`path` is the spelling to open; `status` what the disk says of it; `wanted` that its solution was named."""
        kind = classify(absolute)
        if kind != "listing":
            if kind == "package" or named or self._takes_project(absolute, wanted=wanted):
                kept = self._packages if kind == "package" else self._projects
                first = self._first_of_same_file(absolute, status)
                self._add_package(kept, absolute if first is None else first, absolute, status, named=named)
            return
        if not self._is_new(absolute) or self._first_of_same_file(absolute, status) is not None:
            return
        absolute = self._as_on_disk(absolute, status)
        content = _content(path, status)
        self._add_listing(absolute, content.data, content.problem, named=named)

    def _takes_project(self, absolute: str, *, wanted: bool) -> bool:
        """Whether a project that was found is read: sources of templates become projects only later."""
        folder = os.path.dirname(absolute)
        is_wanted = wanted or self._settings is None or self._settings.of(folder).projects
        return is_wanted and self._symbols_of(folder, self.repository_of(folder)) is None

    def _add_package(
        self,
        kept: dict[str, tuple[str, bool]],
        key: str,
        absolute: str,
        status: os.stat_result | None = None,
        *,
        named: bool,
    ) -> None:
        """Note a package or a project; one that is named as well as found is named."""
        key = os.path.normcase(key)
        path, was_named = kept.get(key, ("", False))
        if not path:
            path = self._as_on_disk(absolute, status) if status is not None else absolute
        kept[key] = path, named or was_named

    def _add_problem(self, absolute: str, problem: str, *, named: bool) -> None:
        if self._is_new(absolute):
            self._add_listing(absolute, b"", problem, named=named)

    def add_bytes(self, absolute: str, data: bytes) -> None:
        """A listing that was handed in, under the name it would have."""
        self._add_listing(absolute, data, None)

    def _add_listing(self, absolute: str, data: bytes, problem: str | None, *, named: bool = True) -> None:
        found = self._listing(absolute, data, problem, checked=True, named=named)
        # A copy of the published schema lies beside many listings, under a name like theirs.
        if not found.document.is_schema:
            self.listings.append(found)

    def _listing(
        self, absolute: str, data: bytes, problem: str | None, *, checked: bool, named: bool = True
    ) -> FoundListing:
        folder, name = os.path.split(absolute)
        shown_folder, repository, inside = self._surroundings_of(folder)
        path = "." if absolute == self.root else shown_folder + name
        listing = read_listing(path, data, problem, symbols=self._symbols_of(folder, repository))
        said = self._package_of(listing, folder if checked else self.root)
        package_id = said or listing.suffix
        found = FoundListing(listing, package_id, folder, repository, inside, checked, named, said is not None)
        self._by_path[absolute] = found
        return found

    def found(self, *, always: bool = False) -> Found:
        """All documents; `always` asks for the working trees also where there is no package that may need them."""
        repositories: list[GitRepository] = []
        packages: list[RunPackage] = []
        packed: list[PackedPackage] = []
        projects: list[RunProject] = []
        if self._packages or self._projects or always:
            folders = (*self._folders, self.root)
            around = [*map(self.repository_of, folders), *(listing.repository for listing in self.listings)]
            repositories = [each for each in dict.fromkeys(around) if each is not None]
        if self._packages:
            # Late: a run without packages must not pay for ZIP and XML.
            from umbmarket.umbraco.run_packages import RunPackage, open_packages

            packed = open_packages(self._package_files(self._packages))
            packages = [RunPackage(*each) for each in packed]
        if self._projects:
            # Late: a run without projects must not pay for reading them.
            from umbmarket.umbraco.run_projects import Projects, counting, matched, run_projects

            planning = Projects(self._shown, self._root_of)
            projects = matched(run_projects(planning, self._package_files(self._projects)), packed)
            packages = list(counting(packed, projects))
        return Found(
            tuple(self.listings),
            tuple(packages),
            tuple(self.readmes),
            tuple(self.misnamed),
            tuple(repositories),
            self,
            tuple(packed),
            tuple(projects),
            tuple(self._skipped.items()),
            self._by_tool,
        )

    def _package_files(self, kept: dict[str, tuple[str, bool]]) -> list[PackageFile]:
        from umbmarket.umbraco.run_packages import PackageFile

        return [PackageFile(path, self._shown(path), named) for path, named in kept.values()]

    def _root_of(self, folder: str) -> str | None:
        """The folder that the imports of a project stay inside: of its repository, else the widest that was named."""
        repository = self.repository_of(folder)
        if repository is None:
            return min((each for each in (*self._folders, self.root) if is_below(folder, each)), key=len, default=None)
        # A submodule lies in another repository, where MSBuild goes on looking for shared files.
        around = (each for each in self._folders if is_below(repository.root, each))
        return min((repository.root, *around), key=len)

    def listing_at(self, path: str, *, named: bool = False) -> FoundListing:
        """The listing at an absolute path: that of the run if it is one, else one that is not checked.

        What leads out of its folder is read only if the user named it.
        """
        known = self._by_path.get(path)
        if known is not None:
            return known
        try:
            status = os.stat(path)
        except (OSError, ValueError) as error:
            return self._listing(path, b"", in_words(error, path), checked=False)
        first = self._first_of_same_file(path, status)
        if first in self._by_path:
            return self._by_path[first]
        content = Content(b"", LEADS_OUT) if not named and self._leads_out(path) else _content(path, status)
        return self._listing(path, content.data, content.problem, checked=False)

    def _leads_out(self, path: str) -> bool:
        """Whether a file that nobody named is a link out of its working tree, or of its folder without one."""
        folder = os.path.dirname(path)
        repository = self.repository_of(folder)
        return leads_out(path, repository.root if repository is not None else folder)

    def readme_at(self, path: str, *, named: bool = False) -> MarketplaceReadme:
        """The Marketplace readme at an absolute path; it is read when its text is asked for.

        What leads out of its folder is read only if the user named it.
        """
        from umbmarket.umbraco.readme import LARGEST_README, MarketplaceReadme

        if path not in self._readmes:

            def load() -> bytes | str:
                if not named and self._leads_out(path):
                    return LEADS_OUT
                content = read_file(path, LARGEST_README)
                return content.problem or content.data

            self._readmes[path] = MarketplaceReadme(self._shown(path), load)
        return self._readmes[path]

    def repository_of(self, folder: str) -> GitRepository | None:
        """The repository whose working tree a folder lies in, or None."""
        return self._repositories.of(folder)

    def listings_below(self, repository: GitRepository) -> tuple[FoundListing, ...]:
        """All listings of a working tree, in the order of their paths."""
        if repository not in self._below:
            from umbmarket.check.search import search
            from umbmarket.umbraco.file_names import kind_of_name
            from umbmarket.umbraco.recognition import UMBRACO_FILES

            if repository.root == os.path.expanduser("~"):
                # Who keeps settings in a repository of the home folder does not mean all that lies below.
                names = sorted(name for name in self.names_in(repository.root) if kind_of_name(name) == "listing")
                paths = [os.path.join(repository.root, name) for name in names]
            else:
                found = search(repository.root, self._repositories, [UMBRACO_FILES])
                paths = [each.path for each in found if each.kind == "listing"]
            listings = map(self.listing_at, paths)
            self._below[repository] = tuple(each for each in listings if not each.document.is_schema)
        return self._below[repository]

    def names_in(self, folder: str) -> frozenset[str]:
        """The names in a folder; none where it cannot be looked into."""
        if folder not in self._in_folder:
            try:
                self._in_folder[folder] = frozenset(os.listdir(folder))
            except (OSError, ValueError):
                self._in_folder[folder] = frozenset()
        return self._in_folder[folder]

    def _package_of(self, listing: Listing, folder: str) -> str | None:
        """The file's own name decides; the user's spelling of the same id has the better letter case.

        `folder` is the one whose settings count.
        """
        suffix = listing.suffix
        known = self._settings.of(folder).package_id if self._settings is not None else None
        return known if suffix is None or (known is not None and known.lower() == suffix.lower()) else None

    def _symbols_of(self, folder: str, repository: GitRepository | None) -> tuple[str, ...] | None:
        """What a template engine replaces in the files of a folder; None where that is no source of a template."""
        if folder not in self._symbols:
            top = repository.root if repository is not None else None
            template = template_above(folder, top, self._templates.setdefault(top, {}))
            self._symbols[folder] = symbols_in(template) if template is not None else None
        return self._symbols[folder]

    def _surroundings_of(self, folder: str) -> tuple[str, GitRepository | None, str | None]:
        """What to write before the names of a folder's files, its repository, and its path in there."""
        known = self._surroundings.get(folder)
        if known is None:
            repository = self._repositories.of(folder)
            inside = None
            if repository is not None:
                inside = folder[len(repository.root) :].strip(os.sep).replace(os.sep, "/")
            known = self._surroundings[folder] = (self._shown_folder(folder), repository, inside)
        return known

    def _shown_folder(self, folder: str) -> str:
        text = self._shown(folder)
        return "" if text == "." else text.rstrip("/") + "/"

    def _shown(self, path: str) -> str:
        if is_below(path, self.root):
            return _inside(path, self.root)
        # One of the two may have been reached through a link (on macOS, the folder for temporary files is).
        real, real_root = self._real(path), self._real(self.root)
        if is_below(real, real_root):
            return _inside(real, real_root)
        return path if os.sep == "/" else shown(PurePath(path), PurePath(self.root))

    def _real(self, path: str) -> str:
        """A path without links. What stands above it is asked of the disk once: its neighbours stand there as well."""
        if path not in self._real_paths:
            above, name = os.path.split(path)
            if os.name == "nt" or not name or os.path.islink(path):
                self._real_paths[path] = _real(path)
            else:
                real_above = self._real_paths.get(above) or _real(above)
                self._real_paths.update({above: real_above, path: os.path.join(real_above, name)})
        return self._real_paths[path]

    def _is_new(self, absolute: str) -> bool:
        key = os.path.normcase(absolute)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def _first_of_same_file(self, absolute: str, status: os.stat_result) -> str | None:
        """The path by which this file was added before, or None; a hard link is another file, for git as well."""
        if not status.st_ino:
            return None
        first = self._files.setdefault((status.st_dev, status.st_ino), absolute)
        return first if first != absolute and _real(first).casefold() == _real(absolute).casefold() else None

    def _as_on_disk(self, absolute: str, status: os.stat_result) -> str:
        """The path with its last part in the letter case of the disk, where the disk ignores letter case."""
        folder, name = os.path.split(absolute)
        if folder not in self._names:
            self._names[folder] = names_if_case_blind(folder, name, status)
        names = self._names[folder]
        return os.path.join(folder, names.get(name.casefold(), name)) if names is not None else absolute


def _is_readme(handed: Handed) -> bool:
    """Whether a named file is a Marketplace readme by its name."""
    if not handed.is_named or not handed.path.lower().endswith(".md"):
        return False
    from umbmarket.umbraco.file_names import kind_of_name

    return kind_of_name(os.path.basename(handed.path)) == "readme"


def _content(path: str, status: os.stat_result) -> Content:
    """The bytes of a listing, or why there are none."""
    if status.st_size > LARGEST_LISTING and stat.S_ISREG(status.st_mode):
        size = f"it is {status.st_size:,} bytes long, "
        return Content(b"", f"{size}more than the limit of {LARGEST_LISTING:,}")
    content = read_file(path, LARGEST_LISTING, status)
    if len(content.data) > LARGEST_LISTING:
        return Content(b"", f"it is longer than the limit of {LARGEST_LISTING:,} bytes")
    return content


def _inside(path: str, folder: str) -> str:
    """The way from a folder to what lies below it, with forward slashes; a dot for the folder itself."""
    return path[len(folder) :].lstrip(os.sep).replace(os.sep, "/") or "."


def _real(path: str) -> str:
    try:
        return real_path(path)
    except (OSError, ValueError):
        return path
