"""Did you mean: the key or value that was probably meant in place of one the schema refuses.

Three things are known. Names that were valid once or that documents spell wrongly (each with its source),
words that differ in spelling only (letter case, ``and`` for ``&``, hyphens for spaces), and similarity, which
is a guess.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from umbmarket.umbraco.vocabulary import ObjectKind, known_keys

SuggestionReason: TypeAlias = Literal["former", "mistaken", "spelling", "misplaced", "similar"]
"""Why something is suggested.

- ``former``: the name was valid once.
- ``mistaken``: a name the Marketplace never knew, which documents or people use for it.
- ``spelling``: the same letters, written differently.
- ``misplaced``: the key belongs to another object of the listing.
- ``similar``: only a resemblance.
"""

MAX_COMPARED_LENGTH = 200
"""Longer texts are not compared: they are no misspelling, and comparing takes quadratic time."""

_SIMILARITY = 0.72
"""Ratio (difflib) from which two words count as similar. Below it ``Name`` would be offered for ``Game``."""


class KeySuggestion(NamedTuple):
    """What to write in place of an unknown key.

    Attributes:
        key: The key that was probably meant, or None: the Marketplace has nothing for it, and the key can go.
        certain: Whether that is known rather than guessed.
        reason: How it is known.
        same_value: Whether the value can stay as it is when the key is renamed in place.
        owner: The kind of object the suggested key belongs to, where that is not the one the unknown key
            stands in.
        note: A sentence for the user that adds what the names do not tell; may be empty.
    """

    key: str | None
    certain: bool
    reason: SuggestionReason
    same_value: bool = True
    owner: ObjectKind | None = None
    note: str = ""


class Suggestion(NamedTuple):
    """What to write in place of a value that is not allowed.

    Attributes:
        value: The allowed value that was probably meant, or None: it was valid once and has no successor.
        certain: Whether only the spelling differs, or the successor is known.
        reason: How it is known.
        note: A sentence for the user that adds what the values do not tell; may be empty.
    """

    value: str | None
    certain: bool
    reason: SuggestionReason
    note: str = ""


_FROM_NUGET = "The Marketplace takes this from the NuGet package, so remove this property."

_FROM_THE_PACKAGE = KeySuggestion(None, False, "mistaken", note=_FROM_NUGET)


def _taken(what: str) -> KeySuggestion:
    note = f"The Marketplace takes {what} from the NuGet package, so remove this property."
    return KeySuggestion(None, False, "mistaken", note=note)


_FORMER_KEYS: dict[ObjectKind, dict[str, KeySuggestion]] = {
    "listing": {
        # The guide's sample says Categories (2024-2025 text) and a change of its description followed
        # (UmbracoDocs PR #7655, 2025-11-23); the schema has only Category.
        "Categories": KeySuggestion(
            "Category",
            True,
            "mistaken",
            note="The listing guide says Categories, but the property is Category, and its value is one string.",
        ),
        # Beta of March to November 2022; renamed and made a list on 2022-11-11 (histories of HQ packages).
        "Umbraco8PackageId": KeySuggestion(
            "VersionSpecificPackageIds",
            True,
            "former",
            same_value=False,
            note='It now takes an array such as [{"UmbracoMajorVersion": 8, "PackageId": "..."}].',
        ),
        "SyncContributorsFromGitHub": KeySuggestion(
            "SyncContributorsFromRepository",
            True,
            "former",
            same_value=False,
            owner="author",
            note="It belongs inside AuthorDetails.",
        ),
        # Seen in published listings; the id is known from the file's name or from NuGet.
        "NuGetPackageId": KeySuggestion(
            None, True, "mistaken", note="The Marketplace already knows the package id, so remove this property."
        ),
        "BugsUrl": KeySuggestion("IssueTrackerUrl", True, "mistaken"),
        "SourceCodeUrl": KeySuggestion(None, True, "mistaken", note=_FROM_NUGET),
        "GitHubUrl": KeySuggestion(None, True, "mistaken", note=_FROM_NUGET),
        "LicenseUrl": KeySuggestion(None, True, "mistaken", note=_FROM_NUGET),
        # Guesses from here on: no listing guide ever had these names.
        "RepositoryUrl": KeySuggestion(None, False, "mistaken", note=_FROM_NUGET),
        "ProjectUrl": KeySuggestion(None, False, "mistaken", note=_FROM_NUGET),
        "IconUrl": KeySuggestion(None, False, "mistaken", note=_FROM_NUGET),
        "NuGetUrl": KeySuggestion(None, False, "mistaken", note=_FROM_NUGET),
        "IssuesUrl": KeySuggestion("IssueTrackerUrl", False, "mistaken"),
        "BugTrackerUrl": KeySuggestion("IssueTrackerUrl", False, "mistaken"),
        "DocsUrl": KeySuggestion("DocumentationUrl", False, "mistaken"),
        "ForumUrl": KeySuggestion("DiscussionForumUrl", False, "mistaken"),
        "DiscussionsUrl": KeySuggestion("DiscussionForumUrl", False, "mistaken"),
        "ScreenshotUrl": KeySuggestion("Screenshots", False, "mistaken", same_value=False),
        "License": KeySuggestion("LicenseTypes", False, "mistaken", same_value=False),
        "Name": KeySuggestion("Title", False, "mistaken"),
        "DisplayName": KeySuggestion("Title", False, "mistaken"),
        "PackageName": KeySuggestion("Title", False, "mistaken"),
        "Summary": KeySuggestion("Description", False, "mistaken"),
        "PackageId": KeySuggestion(
            None, False, "mistaken", note="The Marketplace already knows the package id, so remove this property."
        ),
        "Id": KeySuggestion(
            None, False, "mistaken", note="The Marketplace already knows the package id, so remove this property."
        ),
        **dict.fromkeys(("Icon", "Logo"), _taken("the icon")),
        **dict.fromkeys(("Version", "LatestVersion"), _taken("the version")),
        **dict.fromkeys(("Repository", "GitHub", "SourceCode"), _taken("the repository")),
        **dict.fromkeys(("Website", "Homepage", "Project"), _taken("the project URL")),
        **dict.fromkeys(("Owner", "Owners"), _taken("the owners")),
        **dict.fromkeys(("Dependencies", "Copyright", "LicenseExpression", "LicenseFile"), _FROM_THE_PACKAGE),
        **dict.fromkeys(
            (
                *("UmbracoVersion", "UmbracoVersions", "SupportedVersions", "SupportedUmbracoVersions"),
                *("MinUmbracoVersion", "MaxUmbracoVersion", "MinimumUmbracoVersion", "MaximumUmbracoVersion"),
                *("Compatibility", "CompatibleVersions", "UmbracoCompatibility", "UmbracoMajorVersion"),
            ),
            KeySuggestion(
                None,
                False,
                "mistaken",
                note="The Marketplace reads the Umbraco versions from the dependencies, so remove this property.",
            ),
        ),
        **dict.fromkeys(
            ("ReleaseNotes", "Changelog"),
            KeySuggestion(
                None, False, "mistaken", note="The listing page has no release notes, so remove this property."
            ),
        ),
        "Readme": KeySuggestion(
            None,
            False,
            "mistaken",
            note="The Marketplace shows umbraco-marketplace-readme.md beside the listing or the package's own readme,"
            " so remove this property.",
        ),
        "Authors": KeySuggestion("AuthorDetails", False, "mistaken", same_value=False),
        "Images": KeySuggestion("Screenshots", False, "mistaken", same_value=False),
        "Author": KeySuggestion("AuthorDetails", False, "mistaken", same_value=False),
        "Keywords": KeySuggestion("Tags", False, "mistaken"),
        "OpenForContributions": KeySuggestion("LookingForContributors", False, "mistaken"),
    },
    "author": {
        # Renamed by 2023-01-03 (history of Umbraco.Cms.Integrations).
        "SyncContributorsFromGitHub": KeySuggestion("SyncContributorsFromRepository", True, "former"),
        "AvatarUrl": KeySuggestion("ImageUrl", False, "mistaken"),
        "Website": KeySuggestion("Url", False, "mistaken"),
    },
    "contributor": {"Website": KeySuggestion("Url", False, "mistaken")},
    "related-package": {
        "Id": KeySuggestion("PackageId", False, "mistaken"),
        "Name": KeySuggestion(None, False, "mistaken", note="The listing shows the related package's own title."),
        "Title": KeySuggestion(None, False, "mistaken", note="The listing shows the related package's own title."),
    },
    "screenshot": {
        "Url": KeySuggestion("ImageUrl", False, "mistaken"),
        "Image": KeySuggestion("ImageUrl", False, "mistaken"),
        "Video": KeySuggestion("VideoUrl", False, "mistaken"),
        "Title": KeySuggestion("Caption", False, "mistaken"),
        "Description": KeySuggestion("Caption", False, "mistaken"),
        "Alt": KeySuggestion("Caption", False, "mistaken"),
    },
    "version-specific-package": {
        "Version": KeySuggestion("UmbracoMajorVersion", False, "mistaken"),
        "MajorVersion": KeySuggestion("UmbracoMajorVersion", False, "mistaken"),
        "UmbracoVersion": KeySuggestion("UmbracoMajorVersion", False, "mistaken"),
        "Id": KeySuggestion("PackageId", False, "mistaken"),
    },
}
"""Names that resemblance alone would not lead to the right key."""

_FORMER_VALUES: dict[str, Suggestion] = {
    # Histories of Anaximapper and Umbraco.Cms.Integrations, November 2022.
    "pim": Suggestion("PIM & DAM", True, "former", "PIM was renamed to PIM & DAM before the Marketplace opened."),
    "cms extensions": Suggestion(
        None, False, "former", "CMS Extensions was removed in November 2022 without a replacement."
    ),
    # Guesses from here on: values seen in listings that the schema refused.
    "backoffice extensions": Suggestion("Editor Tools", False, "mistaken"),
    "ai": Suggestion("Artificial Intelligence", False, "mistaken"),
    "ecommerce": Suggestion("Commerce", False, "mistaken"),
    "localization": Suggestion("Translations", False, "mistaken"),
    "paid": Suggestion("Purchase", False, "mistaken"),
    "commercial": Suggestion(
        "Purchase", False, "mistaken", "This property says how the package is paid for, not which licence it has."
    ),
    "tool": Suggestion("Package", False, "mistaken"),
    "source code": Suggestion("Package", False, "mistaken"),
    "template": Suggestion("Package", False, "mistaken"),
    "plugin": Suggestion("Package", False, "mistaken"),
}
"""Values by their plain form; each applies only where its successor is allowed."""

_PROJECT_PREFIX = "package"
"""What the properties of a project file begin with, such as `PackageTags`."""

_PAYMENT_MARK = "Free"
"""What the Marketplace calls licence types says how a package is paid for; this one tells that they are asked for."""

_NOT_A_LICENSE = "This property says how the package is paid for, not which licence it has."

_FREE = re.compile(
    r"(?:the )?(?:0?bsd|mit|x11|apache|l?gpl\w*|agpl\w*|gnu|mpl|mozilla|isc|unlicense\w*|cc0|zlib|ms pl|ms rl|eupl|epl|"
    r"wtfpl|open source|opensource|free software|oss|foss|public domain|creative commons|artistic|boost)\b"
)
"""Licences, in their plain form, under which nobody pays; ids of SPDX are looked up."""

_COUNTERPARTS: dict[ObjectKind, ObjectKind] = {"listing": "author", "author": "listing"}
"""The two objects whose keys are put into one another by mistake."""

_CATEGORY_MARK = "Developer Tools"
"""A value without a successor is only explained where categories are asked for, which this one tells."""


def suggest_key(key: str, kind: ObjectKind) -> KeySuggestion | None:
    """Find the key that was meant.

    Args:
        key: A key that objects of this kind do not have.
        kind: The kind of object it stands in; see `umbmarket.umbraco.vocabulary.object_kind`.

    Returns:
        The suggestion, or None if nothing comes near.
    """
    if len(key) > MAX_COMPARED_LENGTH:
        return None
    known = known_keys(kind)
    former = _FORMER_KEYS[kind]
    if key in former:
        return former[key]
    bare = _letters(key)
    for name in known:
        if bare and _letters(name) == bare:
            return KeySuggestion(name, True, "spelling")
    for name, suggestion in former.items():
        if bare == _letters(name):
            return suggestion
    if kind == "listing" and bare.startswith(_PROJECT_PREFIX) and bare != _PROJECT_PREFIX:
        found = suggest_key(bare.removeprefix(_PROJECT_PREFIX), kind)
        if found is not None and found.reason in ("mistaken", "spelling"):
            return found._replace(certain=False, reason="mistaken")
    owner = _owner(bare, kind)
    if owner is not None:
        return owner
    close = _most_similar(bare, {_letters(name): name for name in known})
    return KeySuggestion(close, False, "similar") if close else None


def suggest_value(value: str, allowed: Iterable[str]) -> Suggestion | None:
    """Find the allowed value that was meant.

    Args:
        value: A text that is not among the allowed values.
        allowed: The allowed values, such as `umbmarket.umbraco.vocabulary.categories`.

    Returns:
        The suggestion, certain when only the spelling differs or the successor is known; None if nothing
        comes near.
    """
    if len(value) > MAX_COMPARED_LENGTH:
        return None
    choices = tuple(allowed)
    plain = _plain(value)
    joined = plain.replace(" ", "")
    if not joined:
        return None
    for choice in choices:
        if _plain(choice).replace(" ", "") == joined:
            return Suggestion(choice, True, "spelling")
    former = _FORMER_VALUES.get(plain)
    if former is not None and (former.value or _CATEGORY_MARK) in choices:
        return former
    words = set(plain.split()) - {"and"}
    containing = [choice for choice in choices if words and words <= set(_plain(choice).split())]
    if len(containing) == 1:
        return Suggestion(containing[0], False, "similar")
    close = _most_similar(plain, {_plain(choice): choice for choice in choices})
    if close is None and _PAYMENT_MARK in choices:
        return _payment(value)
    return Suggestion(close, False, "similar") if close else None


def _payment(value: str) -> Suggestion:
    """The explanation for a licence where the Marketplace asks how the package is paid for.

    With ``Free`` as a guess for licences under which nobody pays.
    """
    from umbmarket.nuget.licenses import APPROVED_LICENSES

    is_approved = value.strip().lower() in {license_id.lower() for license_id in APPROVED_LICENSES}
    is_free = is_approved or _FREE.match(_plain(value)) is not None
    return Suggestion("Free" if is_free else None, False, "mistaken", _NOT_A_LICENSE)


def _owner(bare: str, kind: ObjectKind) -> KeySuggestion | None:
    """Say that a key belongs to ``AuthorDetails`` while it stands in the listing, or the reverse."""
    other = _COUNTERPARTS.get(kind)
    if other is None:
        return None
    for name in known_keys(other):
        if _letters(name) == bare:
            place = "inside AuthorDetails" if other == "author" else "in the listing itself, not in AuthorDetails"
            return KeySuggestion(
                name, False, "misplaced", same_value=False, owner=other, note=f"{name} belongs {place}."
            )
    return None


@lru_cache(maxsize=1_000)
def _letters(text: str) -> str:
    """A key without letter case and punctuation: ``Alternate Category`` and ``alternateCategory`` are one."""
    return "".join(char for char in text.casefold() if char.isalnum())


def _plain(text: str) -> str:
    """A value in words: lower case, ``and`` for ``&`` and ``+``, spaces for hyphens and other joints."""
    text = text.casefold().replace("&amp;", "&").replace("&", " and ").replace("+", " and ")
    return " ".join(re.split(r"[\s\-_/.]+", text)).strip()


def _most_similar(word: str, choices: dict[str, str]) -> str | None:
    """The choice nearest to a word, or None if all are far. Ties go to the first in alphabetical order."""
    from difflib import SequenceMatcher

    best, best_ratio = None, _SIMILARITY
    for form in sorted(choices):
        matcher = SequenceMatcher(None, form, word, autojunk=False)
        if matcher.real_quick_ratio() < best_ratio or matcher.quick_ratio() < best_ratio:
            continue
        ratio = matcher.ratio()
        if ratio > best_ratio or (best is None and ratio >= best_ratio):
            best, best_ratio = choices[form], ratio
    return best
