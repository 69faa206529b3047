"""UMB1xx, keys: those that the published schema does not know, wants, or calls deprecated."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Fix, Observation, Place, Severity, quote
from umbmarket.formats.json.tree import join
from umbmarket.umbraco import vocabulary
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import ABSENT, Listing
from umbmarket.umbraco.rules.removals import removal, says_something
from umbmarket.umbraco.rules.schema_refusals import (
    OBJECT_NAMES,
    REFUSED,
    as_clause,
    object_name_at,
    violation_args,
    violations_of,
)


@rule("UMB101", "unknown-key", Severity.ERROR, why=REFUSED, fix="unsafe")
def unknown_key(facts: ListingFacts) -> Iterator[Observation]:
    """A property that the schema does not define, at any level.

    Suggests the right name for names that were valid once (`Umbraco8PackageId`, `SyncContributorsFromGitHub`), names
    that the listing guide gets wrong (`Categories` for `Category`), a different letter case, properties that belong to
    another object, and typos. The fix is safe if the right name is certain. Top-level properties that end in `Url` are
    reported as UMB102, because the schema accepts them.

    Renaming is safe if the right name is known and the value fits there, after fixing the names and values inside it.
    Removing an unknown property is unsafe.

    Why it matters:
        The schema allows no other properties (`additionalProperties: false`), and a file that does not match the schema
        is not imported at all (listing guide, 2024-2025 text). One letter in the wrong case loses the whole listing.

    Bad:
        {"Categories": "Search"}

    Good:
        {"Category": "Search"}
    """
    listing = facts.document
    for violation in violations_of(facts, "additionalProperties"):
        # Late: nearly all listings have none.
        from umbmarket.umbraco.rules.key_fixes import is_free, moving_fix, rename_fix
        from umbmarket.umbraco.suggestions import suggest_key

        key = str(violation.params["additionalProperty"])
        pointer = join(violation.pointer, key)
        kind = vocabulary.object_kind(violation.pointer)
        suggestion = suggest_key(key, kind) if kind else None
        known = vocabulary.known_keys(kind) if kind else ()
        help_ = f"{OBJECT_NAMES[kind] if kind else 'it'} may have: {', '.join(known)}"
        fixes: tuple[Fix, ...] = ()
        others = listing.at(violation.pointer)
        keys = others if isinstance(others, dict) else {}
        if suggestion is None:
            fixes = removal(listing, pointer, f"Remove {quote(key)}", certain=False)
        else:
            help_ = as_clause(suggestion.note) or f'did you mean "{suggestion.key}"?'
            if suggestion.key is None:
                fixes = removal(listing, pointer, f"Remove {quote(key)}", certain=suggestion.certain)
            elif not suggestion.same_value or suggestion.owner not in (None, kind):
                fixes = moving_fix(listing, pointer, suggestion)
            if suggestion.key is not None and suggestion.owner in (None, kind):
                if suggestion.note:
                    help_ = f'did you mean "{suggestion.key}"? {suggestion.note.removesuffix(".")}'
                if suggestion.same_value and kind is not None and is_free(suggestion.key, key, kind, keys):
                    fixes = rename_fix(listing, pointer, suggestion.key, certain=suggestion.certain)
        yield Observation(
            f"unknown property {quote(key)}",
            Place(pointer, "key"),
            help=help_,
            args=violation_args(violation, suggestion=suggestion.key if suggestion else None),
            fixes=fixes,
        )


@rule(
    "UMB102",
    "ignored-url-key",
    Severity.WARNING,
    why='the schema accepts any property that ends in "Url", but the Marketplace ignores unknown ones',
    fix="unsafe",
)
def ignored_url_key(facts: ListingFacts) -> Iterator[Observation]:
    """An unknown property of the listing that ends in `Url`.

    If only the letter case differs from a known property, the message says so: the Marketplace probably still reads the
    value, as common .NET readers ignore letter case.

    Why it matters:
        The schema accepts any top-level property that ends in `Url`, so `BugsUrl` and `SourceCodeUrl` pass validation,
        but the Marketplace does not read them. One package was listed for months without a link to its issue tracker.

    Bad:
        {"BugsUrl": "https://github.com/owner/repository/issues"}

    Good:
        {"IssueTrackerUrl": "https://github.com/owner/repository/issues"}
    """
    listing = facts.document
    known = vocabulary.known_keys("listing")
    for key in listing.value:
        if not key.endswith("Url") or key in known:
            continue
        # Late: nearly all listings have none.
        from umbmarket.umbraco.rules.key_fixes import is_free, moving_fix, rename_fix
        from umbmarket.umbraco.suggestions import suggest_key

        known_by_folded = {name.lower(): name for name in known}
        if key.lower() in known_by_folded:
            yield _other_letter_case(listing, key, known_by_folded[key.lower()])
            continue
        pointer = join("", key)
        suggestion = suggest_key(key, "listing")
        urls = [name for name in known if name.endswith("Url")]
        help_ = f"the listing's URL properties are: {', '.join(urls)}"
        fixes: tuple[Fix, ...] = ()
        if suggestion is not None and suggestion.key is not None:
            help_ = f'did you mean "{suggestion.key}"?'
            if not suggestion.same_value or suggestion.owner is not None:
                fixes = moving_fix(listing, pointer, suggestion)
            elif is_free(suggestion.key, key, "listing", listing.value):
                fixes = rename_fix(listing, pointer, suggestion.key, certain=suggestion.certain, must_fit=True)
        elif suggestion is not None:
            help_ = as_clause(suggestion.note)
        fixes = fixes or removal(listing, pointer, f"Remove {quote(key)}", certain=False)
        yield Observation(
            f"the Marketplace ignores the property {quote(key)}",
            Place(pointer, "key"),
            help=help_,
            args={"key": key, "suggestion": suggestion.key if suggestion else None},
            fixes=fixes,
        )


def _other_letter_case(listing: Listing, key: str, known: str) -> Observation:
    from umbmarket.umbraco.rules.key_fixes import is_free, rename_fix

    return Observation(
        f"unknown property {quote(key)}: the schema has {quote(known)}",
        Place(join("", key), "key"),
        help=f"write {quote(known)}; the Marketplace probably ignores letter case"
        if known not in listing.value
        else "keep one of the two: the Marketplace probably ignores letter case and reads both",
        args={"key": key, "suggestion": known},
        fixes=rename_fix(listing, join("", key), known, certain=True, must_fit=True)
        if is_free(known, key, "listing", listing.value)
        else (),
        estimate=True,
    )


@rule("UMB105", "missing-required-key", Severity.ERROR, why=REFUSED, fix="unsafe")
def missing_required_key(facts: ListingFacts) -> Iterator[Observation]:
    """An object without a required property.

    A contributor needs `Name`, a related package needs `PackageId`, and an entry of `VersionSpecificPackageIds` needs
    `UmbracoMajorVersion` and `PackageId`. The listing itself has no required properties.

    The fix removes the entry. It is safe if the entry has no text.

    Why it matters:
        The schema rejects the whole file.

    Bad:
        {"RelatedPackages": [{"Description": "Adds forms"}]}

    Good:
        {"RelatedPackages": [{"PackageId": "Umbraco.Forms", "Description": "Adds forms"}]}
    """
    if not facts.document.tree.intact:
        return  # what seems to be missing may be what could not be read
    for violation in violations_of(facts, "required"):
        missing = str(violation.params["missing"])
        yield Observation(
            f'{object_name_at(violation.pointer)} needs the property "{missing}"',
            Place(violation.pointer),
            help=f'add "{missing}", or remove the entry',
            args=violation_args(violation),
            fixes=removal(facts.document, violation.pointer, "Remove the entry"),
        )


@rule(
    "UMB111",
    "deprecated-key",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="the schema marks it as deprecated, so the Marketplace may stop reading it",
    fix="unsafe",
)
def deprecated_key(facts: ListingFacts) -> Iterator[Observation]:
    """A deprecated property: `LicenseType` (a warning) or `AlternatePackageNames` (an info).

    `LicenseTypes`, an array, replaced `LicenseType` on 2022-11-21. `AlternatePackageNames` has no replacement. The
    Marketplace uses these names to match the packages that installations report, and active installs count for the
    ranking.

    The fix for `LicenseType` is unsafe if `LicenseTypes` is there and does not have its value.

    Why it matters:
        The schema still accepts both, but a listing should not depend on them.

    Bad:
        {"LicenseType": "Free"}

    Good:
        {"LicenseTypes": ["Free"]}
    """
    listing = facts.document
    if facts.untouched:
        return
    for key, replacement in vocabulary.DEPRECATED_REPLACEMENTS.items():
        if key not in listing.value:
            continue
        pointer = f"/{key}"
        fixes: tuple[Fix, ...] = ()
        if replacement is None:
            help_ = (
                "it has no replacement: keep it while installations report the package under these names, because"
                " active installs count for the ranking"
            )
        elif replacement in listing.value:
            help_ = f'remove "{key}": the listing already has "{replacement}"'
            said, kept = listing.value[key], listing.value[replacement]
            certain = not says_something(said) or (isinstance(kept, list) and said in kept)
            fixes = removal(listing, pointer, f'Remove "{key}"', certain=certain)
        else:
            help_ = f'use "{replacement}", which takes an array'
            value = listing.value[key]
            if isinstance(value, list):
                from umbmarket.umbraco.rules.key_fixes import rename_fix

                fixes = rename_fix(listing, pointer, replacement, certain=True)
            elif isinstance(value, str) and value in vocabulary.license_types():
                fixes = listing.edits.fix(
                    f'Use "{replacement}"',
                    listing.edits.rename(pointer, replacement),
                    listing.edits.replace(pointer, [value]),
                )
        yield Observation(
            f'"{key}" is deprecated',
            Place(pointer, "key"),
            help=help_,
            args={"key": key, "replacement": replacement},
            fixes=fixes,
            severity=None if replacement else Severity.INFO,
        )


@rule(
    "UMB112",
    "schema-reference",
    Severity.INFO,
    why="with $schema, editors complete properties and values and mark mistakes while you type",
    fix="safe",
)
def schema_reference(facts: ListingFacts) -> Iterator[Observation]:
    """`$schema` is missing, or is not the URL of the published schema.

    Why it matters:
        The Marketplace does not need it, but Visual Studio, Rider and VS Code check the file against the schema that
        `$schema` names.

    Bad:
        {"Category": "Search"}

    Good:
        {
          "$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json",
          "Category": "Search"
        }
    """
    listing = facts.document
    address = vocabulary.schema_address()
    if not listing.is_object or facts.untouched:
        return
    given = listing.value.get("$schema", ABSENT)
    if given is ABSENT and listing.intact:
        yield Observation(
            '"$schema" is missing',
            listing.opening,
            help=f'add "$schema": "{address}"',
            fixes=listing.edits.fix('Add "$schema"', listing.edits.insert_first("$schema", address)),
        )
    elif isinstance(given, str) and given.strip() and given.strip().rstrip("#") != address:
        yield Observation(
            f'"$schema" is {quote(given)}, not the URL of the published schema',
            Place("/$schema"),
            help=f'write "{address}"',
            args={"value": given},
            fixes=listing.edits.fix("Use the published schema", listing.edits.replace("/$schema", address)),
        )
