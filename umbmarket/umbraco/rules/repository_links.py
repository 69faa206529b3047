"""UMB216, UMB223 and UMB224: links of a listing into its own repository, and into somebody else's."""

import re
from collections.abc import Iterator
from urllib.parse import quote as percent_encoded

from umbmarket.check.catalogue import rule
from umbmarket.findings import Fix, Observation, Place, Severity, did_you_mean, quote, visible
from umbmarket.git.relation import Lookup, Repository
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.own_files import is_own, reference_in
from umbmarket.umbraco.rules.listing_addresses import addresses, change
from umbmarket.umbraco.value_groups import IMAGE_VALUES
from umbmarket.web.addresses.repositories import DEFAULT_BRANCH, GitHubRepository

_LONGEST_PATH = 120
"""Code points of a path or an address that a message quotes."""

_VIEWS = ("blob", "tree", "raw")
"""What stands before branch and path in addresses of github.com."""

_SHARED = frozenset(
    (
        *("issues", "issue", "tracker", "support", "feedback", "roadmap"),
        *("docs", "doc", "documentation", "wiki", "website", "site"),
        *("assets", "media", "github"),
    )
)
"""Parts of a repository's name that say that several packages share it, in lower case."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_PLACEHOLDER = re.compile(r"[A-Z]+(?:_[A-Z]+)+|.*[{}$<>%].*|your[-_]?\w*|owner|user(?:name)?", re.IGNORECASE)
"""Names in starters that nobody has replaced: `GITHUB_USERNAME`, `your-name`."""

_TRACKER = "/IssueTrackerUrl"
_SCREENSHOT = "/Screenshots/*/ImageUrl"


@rule(
    "UMB216",
    "image-not-in-repository",
    Severity.ERROR,
    other_severities=(Severity.WARNING, Severity.INFO),
    why="the Marketplace silently shows no image",
    fix="safe",
)
def image_not_in_repository(facts: ListingFacts) -> Iterator[Observation]:
    """An image URL into this repository, to a file that does not exist.

    Letter case counts, as it does on GitHub. A warning if the URL names the default branch while another one is checked
    out, because that branch may not have the file, and if it names a branch that the remote did not have at the last
    fetch. An info if the URL names another branch, a tag or a commit, because the working tree cannot tell whether the
    file exists there. Files that a sparse checkout leaves out count as existing.

    Why it matters:
        Files are moved and renamed, and the listing is forgotten. "Nothing validates ...; a typo silently 404s on the
        live Marketplace", one author's release notes say.

    Bad:
        {"Screenshots": [{"ImageUrl": "https://raw.githubusercontent.com/owner/repository/main/Images/editor.PNG"}]}

    Good:
        {"Screenshots": [{"ImageUrl": "https://raw.githubusercontent.com/owner/repository/main/images/editor.png"}]}
    """
    repository = facts.repository
    if repository is None or not repository.owner or not repository.name:
        return
    from umbmarket.umbraco.image_hosts import repository_reference

    for pointer, url in addresses(facts, *IMAGE_VALUES):
        file = repository_reference(url)
        if file is None or not is_own(repository, file.repository):
            continue
        led = reference_in(repository, file.reference)
        if not led.is_known:
            yield _missing_branch(repository, pointer, led.branch, Severity.WARNING)
            continue
        found = repository.look_up(led.path)
        if found.exact:
            continue
        if led.is_here:
            checked_out = repository.branch
            named = led.branch if led.branch != DEFAULT_BRANCH else repository.default_branch
            if found.other_case is None and None not in (checked_out, named) and named != checked_out:
                yield _on_default_branch(pointer, named or "", led.path, checked_out or "", found)
            else:
                yield _missing_file(facts.document, pointer, url, led.path, found)
            continue
        is_branch = led.branch in repository.branches
        pinned = (
            "a commit" if file.is_pinned else f"the {'branch' if is_branch else 'branch or tag'} {quote(led.branch)}"
        )
        yield Observation(
            f"{quote(led.path)} is not in the working tree, but the URL names {pinned}",
            Place(pointer),
            help="open the URL to see whether it still works, or point it to the default branch",
            args={"path": led.path, "ref": led.branch},
            severity=Severity.INFO,
        )


def _on_default_branch(pointer: str, branch: str, path: str, checked_out: str, found: Lookup) -> Observation:
    """That a file of the default branch is not in the working tree, where another branch is checked out."""
    look = f"check whether {visible(branch)} has it"
    return Observation(
        f"{quote(path)} is not in the working tree of the branch {quote(checked_out)}, but the URL names"
        f" {quote(branch)}",
        Place(pointer),
        help=f"did you mean {quote(found.similar)}? If not, {look}" if found.similar is not None else look,
        args={"path": path, "ref": branch, "suggestion": found.similar},
        severity=Severity.WARNING,
    )


def _missing_branch(repository: Repository, pointer: str, branch: str, severity: Severity) -> Observation:
    default = repository.default_branch
    meant = did_you_mean(branch, list(repository.branches)).removeprefix("; ")
    help_ = meant or (f"the default branch is {visible(default)}" if default else "use a branch that exists")
    return Observation(
        f"the remote repository has no branch {quote(branch)}, as of the last fetch",
        Place(pointer),
        help=f"{help_}; if the branch is new, run git fetch",
        args={"ref": branch, "defaultBranch": default},
        severity=severity,
        estimate=True,
    )


def _other_path(listing: Listing, pointer: str, url: str, path: str, real: str) -> tuple[Fix, ...]:
    """The fix that writes the path of a file that is there into an address."""
    encoded_path = percent_encoded(path)
    written = encoded_path if encoded_path in url else path
    if url.count(written) != 1:
        return ()
    instead = percent_encoded(real) if written == encoded_path else real
    return change(listing, pointer, url.replace(written, instead), certain=True)


def _missing_file(
    listing: Listing, pointer: str, url: str, path: str, found: Lookup, severity: Severity | None = None
) -> Observation:
    fixes: tuple[Fix, ...] = ()
    what = "folder" if "/tree/" in url.partition("#")[0] else "file"
    help_ = f"add the {what}, or correct the path"
    message = f"the repository has no {what} {quote(path)}"
    if found.other_case is not None:
        message = f"the repository has {quote(found.other_case)}, which differs from the URL in letter case"
        help_ = "write the path as the file is named: paths on GitHub are case-sensitive"
        fixes = _other_path(listing, pointer, url, path, found.other_case)
    elif found.similar is not None:
        help_ = f"did you mean {quote(found.similar)}?"
    return Observation(
        message,
        Place(pointer),
        help=help_,
        args={"path": path, "suggestion": found.other_case or found.similar},
        fixes=fixes,
        severity=severity,
    )


@rule(
    "UMB223",
    "link-not-in-repository",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="visitors who follow the link get GitHub's 404 page",
    fix="safe",
)
def link_not_in_repository(facts: ListingFacts) -> Iterator[Observation]:
    """A link into this repository, to a file, folder or branch that does not exist.

    Checks every URL with `/blob/`, `/tree/` or `/raw/` in it, except those of images (UMB216). Letter case counts. URLs
    to another existing branch, a tag or a commit are not checked. A branch that the remote did not have at the last
    fetch is a warning. For `master` it is an info, because GitHub redirects from a renamed default branch.

    Why it matters:
        Documentation is moved and branches are renamed, and the listing is forgotten.

    Bad:
        {"DocumentationUrl": "https://github.com/owner/repository/blob/main/Docs/readme.md"} beside docs/readme.md

    Good:
        {"DocumentationUrl": "https://github.com/owner/repository/blob/main/docs/readme.md"}
    """
    repository = facts.repository
    if repository is None or not repository.owner or not repository.name:
        return
    for pointer, url in addresses(facts, *_link_patterns(facts)):
        reference = _reference_in(repository, url)
        if reference is None:
            continue
        led = reference_in(repository, reference)
        if not led.is_known:
            yield _missing_branch(
                repository, pointer, led.branch, Severity.INFO if led.branch == "master" else Severity.WARNING
            )
            continue
        if not led.is_here or repository.look_up_folder(led.path).exact:
            continue
        found = repository.look_up(led.path)
        if found.exact:
            continue
        other_case = found.other_case or repository.look_up_folder(led.path).other_case
        yield _missing_file(facts.document, pointer, url, led.path, found._replace(other_case=other_case))


def _link_patterns(facts: ListingFacts) -> list[str]:
    """The patterns of all addresses of a listing that are no images."""
    return [pattern for pattern in facts.document.all_texts if pattern.endswith("Url") and pattern not in IMAGE_VALUES]


def _reference_in(repository: Repository, url: str) -> str | None:
    """The branch and path that an address into this repository names, or None."""
    from umbmarket.umbraco.image_hosts import repository_reference
    from umbmarket.web.addresses.repositories import parse_repository

    location = parse_repository(url)
    if location is not None and location.view in _VIEWS:
        reference = location.reference.strip("/")
        if not reference or not is_own(repository, location.repository) or ".." in reference.split("/"):
            return None
        return reference.removeprefix("refs/heads/")
    file = repository_reference(url)
    return file.reference if file is not None and is_own(repository, file.repository) else None


@rule(
    "UMB224",
    "sister-repository",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="a listing that began as a copy of another one often keeps that package's tracker and images",
)
def sister_repository(facts: ListingFacts) -> Iterator[Observation]:
    """A URL into another GitHub repository than the listing's own.

    A warning for the issue tracker and for screenshots in a repository with another name, and for any URL that differs
    from this repository in a few letters only. An info for other URLs, and if only the owner differs, because GitHub
    redirects from a transferred repository. GitHub Pages count as their repository.

    Not reported: repositories whose name says that they are shared (issues, docs, support, assets, website, `.github`
    and the like), git remotes, repositories that the listing's packages name, sub packages, and the author's own URLs.
    That such a URL is a mistake is an estimate: it was in 5 of 8 cases in 287 public listings.

    Why it matters:
        Users report their problems in another package's tracker. Five public repositories fixed this mistake, and four
        still have it.

    Bad:
        {"IssueTrackerUrl": "https://github.com/owner/Wishlists/issues"} in the repository owner/Reviews

    Good:
        {"IssueTrackerUrl": "https://github.com/owner/Reviews/issues"}
    """
    repository = facts.repository
    if repository is None or not repository.owner or not repository.name or facts.document.value.get("IsSubPackageOf"):
        return
    own = GitHubRepository(repository.owner, repository.name)
    ours = [own, *repository.github_remotes, *_named_by_packages(facts)]
    patterns = [pattern for pattern in facts.document.all_texts if pattern.endswith("Url")]
    for pattern in patterns:
        if pattern.startswith("/AuthorDetails/"):
            continue
        found: dict[str, tuple[GitHubRepository, list[str]]] = {}
        for pointer, url in addresses(facts, pattern):
            named = _repository_in(url)
            if named is not None and not any(named.same_as(each) for each in ours) and not _is_shared(named, own):
                found.setdefault(named.url.lower(), (named, []))[1].append(pointer)
        for named, pointers in found.values():
            yield _elsewhere(named, own, pattern, pointers)


def _elsewhere(named: GitHubRepository, own: GitHubRepository, pattern: str, pointers: list[str]) -> Observation:
    shown, ours = f"{named.owner}/{named.name}", f"{own.owner}/{own.name}"
    same_name = named.name.lower() == own.name.lower()
    is_slip = _is_slip(named, own)
    is_grave = is_slip or (pattern in (_TRACKER, _SCREENSHOT) and not same_name)
    what = {_TRACKER: "the issue tracker", _SCREENSHOT: "the screenshot"}.get(pattern, "the URL")
    help_ = "keep it if this is intended"
    if is_slip:
        help_ = f"did you mean {quote(ours, _LONGEST_PATH)}?"
    elif same_name:
        help_ = "if the repository was transferred, write its new owner"
    elif is_grave:
        help_ = "if the URL was copied from another listing, change it to this repository"
    more = f", like {len(pointers) - 1} more," if len(pointers) > 1 else ""
    led, lies = quote(shown, _LONGEST_PATH), quote(ours, _LONGEST_PATH)
    return Observation(
        f"{what}{more} is in the repository {led}, but the listing is in {lies}",
        Place(pointers[0]),
        help=help_,
        args={"repository": shown, "own": ours, "pointers": [*pointers]},
        severity=None if is_grave else Severity.INFO,
        estimate=True,
    )


def _named_by_packages(facts: ListingFacts) -> Iterator[GitHubRepository]:
    """The repositories that the packages of the listing name as theirs."""
    from umbmarket.web.addresses.repositories import parse_repository

    for package in facts.packages:
        if package.placement.repository is not None:
            yield package.placement.repository
        source = package.document.repository
        location = parse_repository(source.url.strip()) if source is not None else None
        if location is not None:
            yield location.repository


def _repository_in(url: str) -> GitHubRepository | None:
    """The repository on GitHub that an address leads into, pages of it among them, or None."""
    from umbmarket.umbraco.image_hosts import repository_reference
    from umbmarket.web.addresses.parts import parse_address
    from umbmarket.web.addresses.repositories import parse_repository, repository_of

    location, file = parse_repository(url), repository_reference(url)
    named = location.repository if location is not None else file.repository if file is not None else None
    address = parse_address(url)
    if named is None and address is not None and address.host.endswith(".github.io") and address.segments:
        named = repository_of(address.host.removesuffix(".github.io"), address.segments[0])
    if named is None or _PLACEHOLDER.fullmatch(named.owner) or _PLACEHOLDER.fullmatch(named.name):
        return None
    return named


def _is_shared(named: GitHubRepository, own: GitHubRepository) -> bool:
    """Whether a part of a repository's name says that several packages share it; what ours has too says nothing."""
    words = {word.lower() for word in _WORD.findall(named.name)}
    own_words = {word.lower() for word in _WORD.findall(own.name)}
    return bool(words & _SHARED - own_words) or named.name.lower().endswith(".github.io")


def _is_slip(named: GitHubRepository, own: GitHubRepository) -> bool:
    """Whether a name differs in a few letters; in numbers it may be of another version."""
    from umbmarket.umbraco.file_names import FARTHEST, letters_apart

    pairs = [(named.owner.lower(), own.owner.lower()), (named.name.lower(), own.name.lower())]
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    if len(differing) != 1:
        return False
    left, right = differing[0]
    only_numbers = re.sub(r"[0-9]", "", left) == re.sub(r"[0-9]", "", right)
    shorter = min(len(left), len(right))
    return shorter > 2 * FARTHEST and not only_numbers and letters_apart(left, right) <= FARTHEST
