"""UMB2xx, entries: what stands twice in the lists of a listing, or belongs elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Fix, JsonValue, Observation, Place, Severity, quote
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG


@rule(
    "UMB211",
    "repeated-entry",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="the listing page shows the duplicate too",
    fix="unsafe",
)
def repeated_entry(facts: ListingFacts) -> Iterator[Observation]:
    """The same screenshot, tag, contributor, package or licence type twice.

    Tags, names and package ids are compared without letter case. The fix is safe if the second entry adds nothing to
    the first. If two screenshots have the same URL and different captions, the next file of the series is suggested,
    provided that the repository has it. A parent package (`IsSubPackageOf`) among the related packages is an info.

    Why it matters:
        The schema accepts duplicates in most arrays, and the page shows them. Two captions for the same screenshot are
        usually a copy-and-paste mistake, and the second image is missing.

    Bad:
        {"Tags": ["Forms", "forms"]}

    Good:
        {"Tags": ["forms"]}
    """
    listing = facts.document
    for name, parent, keys in _LISTS:
        entries = listing.get(parent)
        if not isinstance(entries, list) or len(entries) < 2:
            continue
        identities = [_identity(value, keys) for value in entries]
        if len(set(identities)) == len(identities):
            continue
        exact_is_refused = "uniqueItems" in facts.refused.get(parent, frozenset())
        seen: dict[str, int] = {}
        for number, identity in enumerate(identities):
            if identity is None:
                continue
            first = seen.setdefault(identity, number)
            if first == number or (exact_is_refused and entries[number] == entries[first]):
                continue
            yield _repeated(facts, name, f"{parent}/{number}", keys, first, number)
    yield from _parent_among_related(listing)


_LISTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("screenshot", "/Screenshots", ("ImageUrl", "VideoUrl")),
    ("tag", "/Tags", ()),
    ("contributor", "/AuthorDetails/Contributors", ("Name",)),
    ("related package", "/RelatedPackages", ("PackageId",)),
    ("package", "/PackagesByAuthor", ()),
    ("package", "/AddOnPackagesRequiredForUmbracoCloud", ()),
    ("licence type", "/LicenseTypes", ()),
)
"""What an entry is called, the list, and for lists of objects the keys that tell an entry, the first one first."""


def _repeated(
    facts: ListingFacts, name: str, pointer: str, keys: tuple[str, ...], first: int, second: int
) -> Observation:
    """The finding on the entry at `pointer`, which is the entry number `first` once more."""
    listing = facts.document
    value, earlier = listing.at(pointer), listing.get(f"{pointer.rpartition('/')[0]}/{first}")
    other = _says_more(value, earlier, keys)
    is_screenshot = "ImageUrl" in keys
    shown = _shown(value, keys)
    named = shown.rstrip("/").rpartition("/")[2].partition("?")[0] if is_screenshot else shown
    help_ = "remove it"
    fixes: tuple[Fix, ...] = ()
    if other is None or not is_screenshot:
        help_ = "remove it" if other is None else "remove one of the two"
        edit = listing.edits.remove(pointer)
        fixes = listing.edits.fix("Remove the duplicate", edit, safety="safe" if other is None else "unsafe")
    else:
        help_ = "correct its URL, or remove one of the two"
        beside = _file_beside(facts, shown)
        if beside is not None:
            help_ = f"did you mean {quote(beside.rpartition('/')[2])}, the next file beside it?"
            key = next(key for key in keys if isinstance(value, dict) and isinstance(value.get(key), str))
            edit = listing.edits.replace(f"{pointer}/{key}", beside)
            fixes = listing.edits.fix(f"Change to {quote(beside)}", edit, safety="unsafe")
    with_other = f", with a different {quote(other)}" if other is not None else ""
    return Observation(
        f"the {name} {quote(named or shown)} is a duplicate of entry {first + 1}{with_other}",
        Place(pointer),
        help=help_,
        args={"first": first, "second": second, "value": shown},
        fixes=fixes,
    )


def _shown(value: JsonValue, keys: tuple[str, ...]) -> str:
    if not isinstance(value, dict):
        return str(value)
    for key in keys:
        text = value.get(key)
        if isinstance(text, str):
            return text
    return ""


def _identity(value: JsonValue, keys: tuple[str, ...]) -> str | None:
    """What an entry is compared by: addresses as they are, names without letter case; None where it has none."""
    if not isinstance(value, dict if keys else str):
        return None
    shown = _shown(value, keys).strip()
    return (shown if "ImageUrl" in keys else shown.lower()) or None


def _says_more(value: JsonValue, earlier: object, keys: tuple[str, ...]) -> str | None:
    """The first key under which an entry says something that the earlier one does not say, or None."""
    if not isinstance(value, dict) or not isinstance(earlier, dict):
        return None
    for key, said in value.items():
        is_empty = said in (None, "", [], {}) or (isinstance(said, str) and not said.strip())
        if key not in keys and not is_empty and said != earlier.get(key):
            return key
    return None


def _file_beside(facts: ListingFacts, url: str) -> str | None:
    """The address of the next file of a numbered series, `s8.png` for `s7.png`, that the repository has.

    None where no such file is in the working tree, or a screenshot shows it already.
    """
    import re

    from umbmarket.umbraco.image_hosts import repository_reference

    repository, file = facts.repository, repository_reference(url)
    numbered = re.fullmatch(r"(?P<start>.*?)(?P<number>[0-9]{1,6})(?P<end>\.[A-Za-z]{3,4})", url)
    if repository is None or file is None or numbered is None:
        return None
    ours = (repository.owner or "").lower(), (repository.name or "").lower()
    if (file.repository.owner.lower(), file.repository.name.lower()) != ours:
        return None
    number = numbered["number"]
    beside = f"{numbered['start']}{int(number) + 1:0{len(number)}}{numbered['end']}"
    taken = {text.strip() for _, text in facts.document.texts("/Screenshots/*/ImageUrl")}
    branches = [branch for branch in (repository.branch, repository.default_branch, "HEAD") if branch]
    named = repository_reference(beside)
    if named is None or beside in taken:
        return None
    split = next((found for branch in branches if (found := named.split_at(branch))), named)
    return beside if repository.look_up(split.path).exact else None


def _parent_among_related(listing: Listing) -> Iterator[Observation]:
    parent = listing.value.get("IsSubPackageOf")
    if not isinstance(parent, str) or not parent.strip():
        return
    related = listing.get("/RelatedPackages")
    for pointer, text in listing.texts("/RelatedPackages/*/PackageId"):
        if text.strip().lower() != parent.strip().lower():
            continue
        entry = pointer.rpartition("/")[0]
        removed = "/RelatedPackages" if isinstance(related, list) and len(related) == 1 else entry
        other = _says_more(listing.at(entry), {}, ("PackageId",))
        yield Observation(
            f"the related package {quote(text)} is the parent package",
            Place(pointer),
            help="remove it: the page shows the parent anyway",
            args={"value": text},
            fixes=listing.edits.fix(
                "Remove the entry", listing.edits.remove(removed), safety="safe" if other is None else "unsafe"
            ),
            severity=Severity.INFO,
        )


@rule(
    "UMB218",
    "repeated-group",
    Severity.INFO,
    why='each "GroupTitle" starts a new group of related packages',
    fix="safe",
)
def repeated_group(facts: ListingFacts) -> Iterator[Observation]:
    """A related package that starts the same group again.

    Why it matters:
        Each `GroupTitle` starts a new group, which continues until the next `GroupTitle`. The same title on several
        packages in a row gives several groups with one package each.

    Bad:
        {"RelatedPackages": [{"PackageId": "A", "GroupTitle": "More"}, {"PackageId": "B", "GroupTitle": "More"}]}

    Good:
        {"RelatedPackages": [{"PackageId": "A", "GroupTitle": "More"}, {"PackageId": "B"}]}
    """
    listing = facts.document
    current = ""
    for pointer, title in listing.texts("/RelatedPackages/*/GroupTitle"):
        if title.strip() and title.strip() == current:
            yield Observation(
                f"a second group {quote(current)} starts right after the first",
                Place(pointer),
                help='give "GroupTitle" only to the first package of a group',
                args={"title": title},
                fixes=listing.edits.fix('Remove "GroupTitle"', listing.edits.remove(pointer)),
            )
        current = title.strip() or current


@rule(
    "UMB219",
    "package-tag-in-listing",
    Severity.INFO,
    why="the Marketplace looks for this tag in the NuGet package, not in the listing",
    fix="safe",
)
def package_tag_in_listing(facts: ListingFacts) -> Iterator[Observation]:
    """The tag `umbraco-marketplace` among the tags of the listing.

    Why it matters:
        A package is listed if its NuGet package has the tag. In the listing it has no effect, and the page shows it
        among the tags.

    Bad:
        {"Tags": ["forms", "umbraco-marketplace"]}

    Good:
        {"Tags": ["forms"]}
    """
    listing = facts.document
    tags = listing.get("/Tags")
    for pointer, text in listing.texts("/Tags/*"):
        if text.strip().lower() == MARKETPLACE_TAG:
            removed = "/Tags" if isinstance(tags, list) and len(tags) == 1 else pointer
            yield Observation(
                f"the tag {quote(MARKETPLACE_TAG)} belongs in the NuGet package",
                Place(pointer),
                help="remove it here, and add it to <PackageTags> in the project",
                fixes=listing.edits.fix("Remove the tag", listing.edits.remove(removed)),
            )
