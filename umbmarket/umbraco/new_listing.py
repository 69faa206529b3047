"""The first listing of a package: what the package and its repository say already, in the Marketplace's words."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from umbmarket.findings import JsonValue
from umbmarket.umbraco import vocabulary
from umbmarket.umbraco.vocabulary import MARKETPLACE_TAG
from umbmarket.web.addresses.repositories import GitHubRepository

MOST_TAGS = 20
"""Tags that are taken over: a page with more is no help to anybody."""

_DEFAULT_DESCRIPTION = "package description"
"""What .NET writes where a project has no description (NuGet.Build.Tasks.Pack)."""


class Picture(NamedTuple):
    """An image of the repository that becomes a screenshot.

    Attributes:
        url: its full address.
        caption: what it shows.
    """

    url: str
    caption: str


class Known(NamedTuple):
    """What is known of a package before it has a listing; empty for what is not.

    Attributes:
        package_id: its id.
        title: its title.
        description: what it does.
        authors: who made it.
        tags: as in the package.
        website: the address of a site of its own, which is no repository and no page of a package.
        repository: the GitHub repository that it is developed in.
        names_repository: the package says so itself, which the Marketplace needs to sync contributors.
        has_readme: the repository shows a readme.
        pictures: images of the repository.
    """

    package_id: str = ""
    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    website: str = ""
    repository: GitHubRepository | None = None
    names_repository: bool = False
    has_readme: bool = False
    pictures: tuple[Picture, ...] = ()


def new_listing(known: Known, category: str, license_types: tuple[str, ...]) -> dict[str, JsonValue]:
    """The listing as a value, its properties in the order of the guide's sample.

    Args:
        known: what is known of the package.
        category: one of `vocabulary.categories`.
        license_types: some of `vocabulary.license_types`.
    """
    home = _home(known.repository)
    found: dict[str, JsonValue] = {
        "$schema": vocabulary.schema_address(),
        "Title": _line(known.title) or known.package_id,
        "Description": _description(known),
        "Category": category,
        "LicenseTypes": list(license_types),
        "PackageType": "Package",
        "Tags": list(_tags(known)),
        "AuthorDetails": _author(known),
        "DocumentationUrl": _documentation(known, home),
        "IssueTrackerUrl": f"{home}/issues" if home else "",
        "Screenshots": [{"ImageUrl": each.url, "Caption": _line(each.caption)} for each in known.pictures],
    }
    return {key: value for key, value in found.items() if value not in ("", [], {}) and _fits(key, value)}


def as_text(listing: dict[str, JsonValue]) -> str:
    """The listing as people write it: indented by two spaces, short lists of words on one line."""
    text = json.dumps(listing, indent=2, ensure_ascii=False)
    return re.sub(r"\[\n\s+([^\[\]{}]*?)\n\s+\]", _on_one_line, text) + "\n"


def _on_one_line(found: re.Match[str]) -> str:
    line = "[" + _BETWEEN.sub(", ", found[1]) + "]"
    return line if len(line) <= _LONGEST_LINE else found[0]


_LONGEST_LINE = 100
_BETWEEN = re.compile(r",\n\s+")


def without(listing: dict[str, JsonValue], pointer: str) -> bool:
    """Take what a JSON Pointer leads to out of a listing; False where that is a choice of the user's, or nothing."""
    tokens = pointer.split("/")[1:]
    if not tokens or tokens[0] in ("$schema", "Category", "LicenseTypes"):
        return False
    inside: JsonValue = listing
    for token in tokens[:-1]:
        inside = inside[int(token)] if isinstance(inside, list) else inside[token] if isinstance(inside, dict) else None
    last = tokens[-1]
    if isinstance(inside, list) and last.isdigit() and int(last) < len(inside):
        del inside[int(last)]
    elif isinstance(inside, dict) and last in inside:
        del inside[last]
    else:
        return False
    if not inside and len(tokens) > 1:
        without(listing, pointer.rpartition("/")[0])
    return True


def _home(repository: GitHubRepository | None) -> str:
    return f"https://github.com/{repository.owner}/{repository.name}" if repository is not None else ""


def _line(text: str) -> str:
    """The text on one line, without characters that nobody can see."""
    return " ".join(_INVISIBLE.sub("", " ".join(text.split())).split())


_INVISIBLE = re.compile("[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u180e\\u200b\\u2028-\\u202e\\u2060\\ufeff]")
"""Control characters, the soft hyphen, spaces without width, separators, and what turns the direction of a text. A
joiner stays: emoji and some scripts need it."""


def _description(known: Known) -> str:
    text = _line(known.description)
    return "" if text.lower() == _DEFAULT_DESCRIPTION else text


def _tags(known: Known) -> tuple[str, ...]:
    tags = {tag.lower(): tag for tag in map(_line, reversed(known.tags)) if tag}
    wanted = [tag for folded, tag in reversed(tags.items()) if folded != MARKETPLACE_TAG]
    return tuple(tag for tag in wanted if _fits("Tags", [tag]))[:MOST_TAGS]


def _author(known: Known) -> dict[str, JsonValue]:
    # Where a project names no author, .NET writes the name of the assembly.
    names = [name for name in map(_line, known.authors) if name and name.lower() != known.package_id.lower()]
    owner = known.repository.owner if known.repository is not None else ""
    found: dict[str, JsonValue] = {}
    if names or owner:
        found["Name"] = ", ".join(names) or owner
    if owner:
        found |= {"Url": f"https://github.com/{owner}", "ImageUrl": f"https://github.com/{owner}.png"}
    if known.names_repository:
        found["SyncContributorsFromRepository"] = True
    return found


def _documentation(known: Known, home: str) -> str:
    if known.website and vocabulary.is_accepted_url(known.website):
        return known.website
    return f"{home}#readme" if home and known.has_readme else ""


def _fits(key: str, value: JsonValue) -> bool:
    from umbmarket.umbraco.schema.matching import matches

    schema = vocabulary.schema_at(f"/{key}")
    return schema is None or matches(value, schema)
