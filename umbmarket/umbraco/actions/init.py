"""The action behind `umbmarket init`: which package gets a listing, what stands in it, and where it lies."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from umbmarket.check.inputs import Sorted
from umbmarket.check.marketplace import Inputs
from umbmarket.check.selection import NOTHING_SAID
from umbmarket.check.validation import validate
from umbmarket.disk.new_files import CannotMake, existing, refuse_links_out, write_all
from umbmarket.disk.shown_path import shown
from umbmarket.findings import Severity, did_you_mean, quote
from umbmarket.git.repository import GitRepository, Repositories
from umbmarket.settings.options import Settings
from umbmarket.umbraco.discovery import read_inputs
from umbmarket.umbraco.facts import PackageFacts
from umbmarket.umbraco.file_names import LISTING_STEM
from umbmarket.umbraco.gathering import gather
from umbmarket.umbraco.judged import has_own_listing, near_misses
from umbmarket.umbraco.marketplace import UMBRACO
from umbmarket.umbraco.new_listing import Known, Picture, as_text, new_listing, without
from umbmarket.umbraco.new_workflow import SETTINGS, WORKFLOW, settings_text, workflow_text
from umbmarket.umbraco.screenshots import screenshots
from umbmarket.umbraco.template_texts import is_left_over
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG
from umbmarket.umbraco.workspace import Workspace
from umbmarket.web.addresses.parts import parse_address
from umbmarket.web.addresses.repositories import (
    DEFAULT_BRANCH,
    GitHubRepository,
    parse_repository,
    raw_url,
    repository_of,
)

if TYPE_CHECKING:
    from umbmarket.nuget.package.nuspec_model import Tag
    from umbmarket.umbraco.package_document import PackageDocument

_MOST_ROUNDS = 20
"""Rounds in which values that a rule objects to are left out of a listing."""

_NO_WEBSITES = (
    *("github.com", "githubusercontent.com"),
    *("nuget.org", "marketplace.umbraco.com", "our.umbraco.com", "our.umbraco.org"),
)
"""Hosts of repositories and of packages' pages, which are no documentation of a package."""

_READMES = ("README.md", "readme.md", "Readme.md", ".github/README.md", "docs/README.md")


class CannotInit(Exception):
    """Nothing was written; the text says why."""


class UnknownPackage(CannotInit):
    """No project or package makes the id that was named, or several are there and none was named.

    Attributes:
        ids: the packages that are there.
    """

    def __init__(self, text: str, ids: tuple[str, ...]) -> None:
        super().__init__(text)
        self.ids = ids


class Plan(NamedTuple):
    """What can be made, before anything was asked.

    Attributes:
        listing: absolute path of the listing to write; None where the package has one already.
        present: the listing that is there, as shown to the user; None for none.
        known: what is known of the package.
        free_license: the package's licence lets everybody use it without paying.
        repository: the working tree; None without one.
        root: absolute path of the folder that shown paths are relative to.
        source: absolute path of the project or the package that it is known from; None for none.
        project: path of that project in the working tree, or None.
        workflow: absolute path of the workflow.
        settings: absolute path of the settings file.
    """

    listing: Path | None
    present: str | None
    known: Known
    free_license: bool
    repository: GitRepository | None
    root: Path
    source: str | None
    project: str | None
    workflow: Path
    settings: Path


@dataclass(frozen=True, slots=True)
class Made:
    """What was written.

    Attributes:
        files: as shown to the user, in their order.
        notes: what to know about them.
    """

    files: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())


def plan_for(root: Path, package_id: str | None = None, *, workflow: bool = False) -> Plan:
    """Find out which package a listing is for, what is known of it, and where the listing belongs.

    Args:
        root: the folder to look into, and that shown paths are relative to.
        package_id: the package, where several are there; one that alone has no listing yet need not be named.
        workflow: a workflow is wanted as well, which is for one package.

    Raises:
        UnknownPackage: `package_id` has to be given, or is not one of the packages here.
    """
    top = Path(os.path.abspath(root))
    repositories = Repositories()
    repository = repositories.of(str(top))
    # Packages elsewhere in the repository read the same folder.
    candidates = _candidates(_workspace(Path(repository.root) if repository is not None else top, top))
    below = {key: each for key, each in candidates.items() if not os.path.isabs(each.document.path)}
    is_here = below and (package_id is None or package_id.lower() in below)
    facts = _chosen(below if is_here else candidates, package_id, workflow=workflow)
    home = _home(repository, facts)
    readme = _readme(repository)
    known = _known(facts, package_id, home, repository, repositories, readme)
    folder = _folder(facts, repository, top)
    suffixed = f"{LISTING_STEM}-{known.package_id.lower()}.json"
    name = suffixed if len(candidates) > 1 and known.package_id else f"{LISTING_STEM}.json"
    present = _present(facts, folder, name, suffixed if known.package_id else name)
    base = Path(repository.root) if repository is not None else top
    return Plan(
        None if present is not None else folder / name,
        None if present is None else shown(present, top),
        known,
        _is_free(facts),
        repository,
        top,
        os.path.join(top, facts.document.path) if facts is not None else None,
        _project(facts, repository),
        base.joinpath(*WORKFLOW.split("/")),
        base / SETTINGS,
    )


def make(
    plan: Plan, *, category: str, license_types: tuple[str, ...], workflow: bool = False, settings: bool = False
) -> Made:
    """Write what is wanted; all of it or nothing. What is there is never replaced.

    Args:
        plan: of the package.
        category: of the listing; does not count where there is one already.
        license_types: likewise.
        workflow: write a GitHub workflow as well.
        settings: write a settings file as well.

    Raises:
        CannotInit: a file is there already or cannot be written, or a link would lead it out of the working tree.
    """
    files: dict[Path, bytes] = {}
    notes = []
    if plan.listing is not None:
        text, remarks = _listing(plan, category, license_types)
        files[plan.listing] = text.encode("utf-8")
        notes += remarks
    elif not (workflow or settings):
        raise CannotInit(f"{plan.present} already exists, and nothing is overwritten")
    else:
        notes.append(f"{plan.present} already exists and is not changed")
    if workflow:
        files[plan.workflow] = _workflow(plan).encode("utf-8")
    if settings:
        files[plan.settings] = settings_text().encode("utf-8")
    taken = existing(files)
    if taken:
        names = " and ".join(shown(path, plan.root) for path in taken)
        raise CannotInit(f"{names} already exist{'s' if len(taken) == 1 else ''}, and nothing is overwritten")
    try:
        refuse_links_out(files, Path(plan.repository.root) if plan.repository is not None else plan.root, plan.root)
        write_all(files, replace=False, root=plan.root)
    except CannotMake as error:
        raise CannotInit(str(error)) from None
    return Made(tuple(shown(path, plan.root) for path in files), tuple(notes))


def _workspace(folder: Path, root: Path) -> Workspace:
    """What lies in a folder; shown paths are relative to `root`."""
    found = Sorted([str(folder)], [UMBRACO])
    inputs = Inputs(
        str(root), found.folders, found.files_of(UMBRACO), None, found.repositories, Settings(), NOTHING_SAID, None
    )
    return gather(read_inputs(inputs))


def _candidates(workspace: Workspace) -> dict[str, PackageFacts]:
    """The packages that a listing may be for, by their id in lower case: those with the tag, else all."""
    found = {
        each.document.id.lower(): each
        for each in workspace.packages
        if each.document.id and each.document.is_sound and not each.document.is_symbols
    }
    tagged = {key: each for key, each in found.items() if each.document.has_tag(MARKETPLACE_TAG)}
    return tagged or found


def _chosen(candidates: Mapping[str, PackageFacts], package_id: str | None, *, workflow: bool) -> PackageFacts | None:
    ids = tuple(each.document.id or "" for each in candidates.values())
    if package_id is None:
        lacking = [each for each in candidates.values() if not has_own_listing(each)]
        if len(candidates) > 1 and (len(lacking) > 1 or (workflow and not lacking)):
            ids = tuple(each.document.id or "" for each in lacking) or ids
            without = " without a listing" if 0 < len(lacking) < len(candidates) else ""
            raise UnknownPackage(f"several packages{without} are here, name one of them: {', '.join(ids)}", ids)
        return next(iter(lacking or candidates.values()), None)
    if candidates and package_id.lower() not in candidates:
        near = did_you_mean(package_id, list(ids)) or f"; there {'is' if len(ids) == 1 else 'are'} {', '.join(ids)}"
        raise UnknownPackage(f"no project or package here makes {quote(package_id)}{near}", ids)
    return candidates.get(package_id.lower())


def _home(repository: GitRepository | None, facts: PackageFacts | None) -> GitHubRepository | None:
    """The GitHub repository: the one that git names, else the package's own."""
    if repository is not None and repository.owner and repository.name:
        return repository_of(repository.owner, repository.name)
    named = _named_repository(facts)
    return named or (facts.placement.repository if facts is not None else None)


def _named_repository(facts: PackageFacts | None) -> GitHubRepository | None:
    """The repository that the package says it is made from."""
    source = facts.document.repository if facts is not None else None
    location = parse_repository(source.url.strip()) if source is not None else None
    return location.repository if location is not None else None


def _readme(repository: GitRepository | None) -> str | None:
    if repository is None:
        return None
    return next((path for path in _READMES if repository.holds(path)), None)


def _known(
    facts: PackageFacts | None,
    package_id: str | None,
    home: GitHubRepository | None,
    repository: GitRepository | None,
    repositories: Repositories,
    readme: str | None,
) -> Known:
    document = facts.document if facts is not None else None
    pictures: tuple[Picture, ...] = ()
    if home is not None and repository is not None and repository.owner is not None:
        pictures = tuple(
            Picture(raw_url(home, _branch(repository) or DEFAULT_BRANCH, each.path), each.caption)
            for each in screenshots(repository, repositories, readme)
        )
    if document is None:
        return Known(package_id or "", repository=home, has_readme=readme is not None, pictures=pictures)
    return Known(
        document.id or "",
        _own(document, "title", document.title),
        _own(document, "description", document.description),
        # Where a project names no author, .NET writes the name of the assembly, most often that of the project.
        tuple(
            name
            for name in document.authors
            if _own(document, "authors", name) and name.lower() != document.file_name.rpartition(".")[0].lower()
        ),
        _tags(document),
        _website(document),
        home,
        names_repository=_named_repository(facts) is not None,
        has_readme=readme is not None,
        pictures=pictures,
    )


def _own(document: PackageDocument, element: str, text: str | None) -> str:
    """A text of the package; empty where a template wrote it, which a rule says of the package."""
    return "" if text is None or is_left_over(element, text, document.id or "") else text


def _tags(document: PackageDocument) -> tuple[str, ...]:
    """The tags of the package without what was meant to be the Marketplace's, which has no effect in a listing."""
    misses = list(near_misses(document.tags))
    has_tag = document.has_tag(MARKETPLACE_TAG)

    def is_meant(tag: Tag) -> bool:
        for miss in misses:
            if tag.start < miss.end <= tag.end:
                # Of two tags, "umbraco" and "marketplace", the second is left out: the first says something by itself.
                is_second = miss.start < tag.start
                return not (is_second and has_tag)
        return False

    return tuple(
        tag.text for tag in document.tags if not is_meant(tag) and not is_left_over("tags", tag.text, document.id or "")
    )


def _website(document: PackageDocument) -> str:
    """The project URL where it is that of a site of its own."""
    url = _own(document, "projectUrl", document.project_url).strip()
    address = parse_address(url)
    if address is None or any(f".{address.host}".endswith(f".{host}") for host in _NO_WEBSITES):
        return ""
    return url


def _branch(repository: GitRepository) -> str | None:
    """The default branch, as git last heard of it or by its name; what is checked out may be any other."""
    is_usual = repository.branch in ("main", "master")
    return repository.default_branch or (repository.branch if is_usual else None)


def _folder(facts: PackageFacts | None, repository: GitRepository | None, top: Path) -> Path:
    """Where the Marketplace looks, as far as that is in this working tree; else its root, or the folder itself."""
    if repository is None:
        return top
    placement = facts.placement if facts is not None else None
    is_here = (
        placement is not None
        and placement.repository is not None
        and repository.owner is not None
        and repository.name is not None
        and placement.repository.same_as(GitHubRepository(repository.owner, repository.name))
    )
    if is_here and placement is not None and placement.directory and not placement.names_file:
        folder = Path(repository.root, *placement.directory.split("/"))
        if folder.is_dir():
            return folder
    return Path(repository.root)


def _present(facts: PackageFacts | None, folder: Path, name: str, suffixed: str) -> Path | None:
    """The listing that the package has already; None where there is room for one of its own."""
    for each in dict.fromkeys((name, suffixed)):
        if os.path.lexists(folder / each):
            return folder / each
    listing = facts.listing if facts is not None else None
    if listing is None or facts is None:
        return None
    # One that all packages share leaves room for one of this package's own.
    is_shared = listing.document.suffix is None and name == suffixed
    return None if is_shared else folder / listing.document.file_name


def _is_free(facts: PackageFacts | None) -> bool:
    """Whether the licence is one under which nobody pays."""
    from umbmarket.nuget.licenses import APPROVED_LICENSES

    license_ = facts.document.license if facts is not None else None
    return license_ is not None and license_.kind == "expression" and license_.value in APPROVED_LICENSES


def _project(facts: PackageFacts | None, repository: GitRepository | None) -> str | None:
    """The path of the project that makes the package, from the root of the working tree."""
    if facts is None or not facts.planned or repository is None:
        return None
    path = os.path.relpath(getattr(facts.document, "real_path", ""), repository.root).replace(os.sep, "/")
    return None if path.startswith("..") else path


def _listing(plan: Plan, category: str, license_types: tuple[str, ...]) -> tuple[str, list[str]]:
    """The text of the listing without what a rule calls worse than a suggestion, and a remark on each such value.

    Some rules hold a listing against its package, so it is looked at among the files of the repository, as it will be
    when it is checked, and with its package named, as its tag may be what is still missing.
    """
    listing = new_listing(plan.known, category, license_types)
    assert plan.listing is not None
    base = plan.repository.root if plan.repository is not None else os.fspath(plan.root)
    runs = (base,) if plan.source is None else (base, plan.source)
    own = shown(plan.listing, plan.root)
    notes: dict[str, None] = {}
    for _ in range(_MOST_ROUNDS):
        text = as_text(listing)
        given = (str(plan.listing), text.encode("utf-8"))
        reports = [validate(path, (UMBRACO,), settings=Settings(), root=plan.root, stdin=given) for path in runs]
        objected = {
            _left_out_with(each.pointer): each
            for report in reports
            for each in report.findings
            if each.file == own and each.severity is not Severity.INFO and each.pointer
        }
        # From the end of each list, so that no index leads to another value before it is its turn.
        backwards = sorted(objected.items(), key=lambda each: _by_index(each[0]), reverse=True)
        left_out = [each for pointer, each in backwards if without(listing, pointer)]
        if not left_out:
            return text, list(notes)
        notes |= dict.fromkeys(f"a value is left out of the listing: {each.message} ({each.code})" for each in left_out)
    return as_text({key: listing[key] for key in ("$schema", "Category", "LicenseTypes")}), list(notes)


def _left_out_with(pointer: str) -> str:
    """What is left out where a rule objects to a value: it, or the screenshot that would be none without it."""
    parts = pointer.split("/")
    return "/".join(parts[:3]) if parts[1:2] == ["Screenshots"] else pointer


def _by_index(pointer: str) -> list[tuple[int, str]]:
    """An order of pointers in which the ninth entry of a list comes before the tenth."""
    return [(int(token), "") if token.isdecimal() else (-1, token) for token in pointer.split("/")]


def _workflow(plan: Plan) -> str:
    branch = _branch(plan.repository) if plan.repository is not None else None
    has_global_json = (plan.workflow.parents[2] / "global.json").is_file()
    package_id = plan.known.package_id or "My.Package"
    return workflow_text(package_id, plan.project, branch or "main", has_global_json=has_global_json)
