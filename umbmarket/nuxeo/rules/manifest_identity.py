"""NXP101 to NXP119: name, version and type of a package."""

from __future__ import annotations

import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Severity, did_you_mean, quote
from umbmarket.formats.xml.markup import Attribute
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.manifest import TYPES, Value
from umbmarket.nuxeo.variables import has_token
from umbmarket.nuxeo.versions import LARGEST_PART, SNAPSHOT, InvalidVersion, Version

_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){0,2}(?:-.+)?", re.DOTALL)
_DIGIT = re.compile("[0-9]")
_SNAPSHOT_WORD = re.compile("snapshot", re.IGNORECASE)
_LIKE_PRERELEASE = re.compile(
    r"(?:rc|alpha|beta|m|cr|dev|milestone|pre|preview|ea|snapshot)(?:[._-]?[0-9].*)?", re.IGNORECASE
)
_PADDED = re.compile(r"(?P<word>rc|alpha|beta)[._-]?(?P<number>[1-9][0-9]+)", re.IGNORECASE)
_NAME_START = re.compile("[a-zA-Z_]")
_NAME = re.compile(r"[\w$.-]+")


def _attribute(facts: NuxeoFacts, name: str) -> Value | None:
    """An attribute of the root whose value is known already; None also where a build will fill it in."""
    value = facts.manifest.attribute(name) if facts.manifest is not None else None
    return None if value is None or has_token(value.text) else value


def _known_version(facts: NuxeoFacts) -> tuple[str, Attribute] | None:
    value = _attribute(facts, "version")
    if value is None or not isinstance(value.at, Attribute):
        return None
    return value.text, value.at


@rule("NXP101", "name-missing", Severity.ERROR, why='the package\'s id becomes "null-1.0.0"')
def name_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A manifest without a name.

    Why it matters:
        The id consists of the name and the version. Without a name, Nuxeo silently uses "null-1.0.0" (measured). The
        documentation calls the name mandatory.

    Bad:
        <package version="1.0.0" type="addon">

    Good:
        <package name="my-package" version="1.0.0" type="addon">
    """
    manifest = facts.manifest
    if manifest is None or manifest.root is None or manifest.name:
        return
    value = manifest.attribute("name")
    where = value.at.place if value is not None else manifest.root.place
    yield Observation(
        "the name is empty" if value is not None else "the attribute name is missing",
        where,
        help='write name="my-package" in <package>',
    )


@rule("NXP102", "no-version", Severity.ERROR, why="installing the package fails with a NullPointerException")
def version_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A manifest without a version.

    Why it matters:
        Nuxeo accepts the package, but installing it fails with a NullPointerException (measured).

    Bad:
        <package name="my-package" type="addon">

    Good:
        <package name="my-package" version="1.0.0" type="addon">
    """
    manifest = facts.manifest
    if manifest is not None and manifest.root is not None and manifest.version_text is None:
        yield Observation(
            "the attribute version is missing", manifest.root.place, help='write version="1.0.0" in <package>'
        )


@rule("NXP103", "type", Severity.ERROR, why="Nuxeo silently treats any other type as no type")
def package_type(facts: NuxeoFacts) -> Iterator[Observation]:
    """A type that is missing, or is not exactly `addon`, `hotfix` or `studio`.

    Why it matters:
        Nuxeo treats a package with any other type, even `Addon`, as one without a type (measured). The documentation
        calls the type mandatory, and all of 985 real manifests have one.

    Bad:
        <package name="my-package" version="1.0.0" type="Addon">

    Good:
        <package name="my-package" version="1.0.0" type="addon">
    """
    manifest = facts.manifest
    if manifest is None or manifest.root is None:
        return
    value = manifest.attribute("type")
    if value is None:
        yield Observation(
            "the attribute type is missing",
            manifest.root.place,
            help='write type="addon" in <package>; hotfix and studio are Nuxeo\'s own',
        )
    elif value.text not in TYPES and not has_token(value.text):
        yield Observation(
            f"{quote(value.text)} is not a package type{did_you_mean(value.text, list(TYPES))}",
            value.at.place,
            help="the types are addon, hotfix and studio, in lower case",
            args={"value": value.text},
        )


@rule("NXP110", "version-normalised", Severity.INFO, why="the package is stored, and deleted, under another version")
def version_normalised(facts: NuxeoFacts) -> Iterator[Observation]:
    """A version with fewer than three numbers.

    Why it matters:
        Nuxeo adds the missing numbers: `1.0-SNAPSHOT` is stored, shown and deleted as `1.0.0-SNAPSHOT` (measured). A
        script that builds the id from the text in the manifest uses an id that does not exist.

    Bad:
        <package name="my-package" version="1.0-SNAPSHOT" type="addon">

    Good:
        <package name="my-package" version="1.0.0-SNAPSHOT" type="addon">
    """
    known = _known_version(facts)
    if known is None or _is_odd(known[0]):
        return
    text, at = known
    version = _version(text)
    if version is not None and str(version) != text:
        yield Observation(
            f"Nuxeo stores version {quote(text)} as {quote(str(version))}",
            at.place,
            help=f'write version="{version}"',
            args={"value": text, "normalised": str(version)},
        )


def _version(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except InvalidVersion:
        return None


def _is_odd(text: str) -> bool:
    """Whether another rule tells of the version."""
    return _PLAIN.fullmatch(text) is None or _misplaced_snapshot(text) is not None


@rule("NXP111", "version-no-number", Severity.ERROR, why="the version becomes 0.0.0")
def version_no_number(facts: NuxeoFacts) -> Iterator[Observation]:
    """A version without a digit.

    Why it matters:
        Nuxeo silently reads the version as 0.0.0 (measured). This happens when a build should have filled in the
        version: of 985 real manifests, one has "..." and one "-SNAPSHOT".

    Bad:
        <package name="my-package" version="-SNAPSHOT" type="addon">

    Good:
        <package name="my-package" version="1.0.0-SNAPSHOT" type="addon">
    """
    known = _known_version(facts)
    if known is not None and _DIGIT.search(known[0]) is None:
        text, at = known
        yield Observation(
            f"version {quote(text)} has no number, so Nuxeo reads it as 0.0.0" if text else "the version is empty",
            at.place,
            help='write a version with three numbers, such as version="1.0.0"',
            args={"value": text},
        )


@rule("NXP112", "version-garbled", Severity.WARNING, why="Nuxeo uses another version than the one written here")
def version_garbled(facts: NuxeoFacts) -> Iterator[Observation]:
    """A version that Nuxeo reads as another one.

    The causes are text before the number, a fourth number, a plus sign, a leading zero, or a space. `v1.2.3` becomes
    `1.2.3-`, `1.2.3.4` becomes `1.2.3-4`, and `1.0.0+b7` becomes `1.0.0-b7`.

    Why it matters:
        The id, the order of versions and the dependencies of other packages all use the version as Nuxeo reads it
        (measured).

    Bad:
        <package name="my-package" version="v1.2.3" type="addon">

    Good:
        <package name="my-package" version="1.2.3" type="addon">
    """
    known = _known_version(facts)
    if known is None:
        return
    text, at = known
    version = _version(text)
    if (
        version is None
        or _DIGIT.search(text) is None
        or _PLAIN.fullmatch(text)
        or _misplaced_snapshot(text) is not None
    ):
        return
    is_same = str(version) == text
    yield Observation(
        f"nothing follows the hyphen of version {quote(text)}"
        if is_same
        else f"Nuxeo reads version {quote(text)} as {quote(str(version))}",
        at.place,
        help="write up to three numbers, then a hyphen and any other text: 1.2.3-beta",
        args={"value": text, "normalised": str(version)},
    )


@rule("NXP113", "version-overflow", Severity.ERROR, why="Nuxeo cannot read the manifest: NumberFormatException")
def version_overflow(facts: NuxeoFacts) -> Iterator[Observation]:
    """A version with a number above 2147483647.

    Why it matters:
        The number is too large for a Java integer, so reading the manifest fails with a NumberFormatException
        (measured).

    Bad:
        <package name="my-package" version="20241126093000" type="addon">

    Good:
        <package name="my-package" version="1.0.0-20241126093000" type="addon">
    """
    known = _known_version(facts)
    if known is not None and _version(known[0]) is None:
        text, at = known
        yield Observation(
            f"version {quote(text)} has a number above {LARGEST_PART}",
            at.place,
            help="write a date or a build number after a hyphen: 1.0.0-20241126",
            args={"value": text},
        )


def _misplaced_snapshot(text: str) -> str | None:
    """What is wrong with `SNAPSHOT` in a version; None for nothing."""
    word = _SNAPSHOT_WORD.search(text)
    version = _version(text)
    if word is None or version is None or _DIGIT.search(text) is None:
        return None
    if not version.is_snapshot:
        return f"is not a snapshot: Nuxeo looks for {quote(SNAPSHOT)}, and stores the version as {quote(str(version))}"
    if not text.endswith(SNAPSHOT):
        return f"is stored as {quote(str(version))}: Nuxeo moves {quote(SNAPSHOT)} to the end"
    return None


@rule(
    "NXP114", "snapshot-position", Severity.WARNING, why="only a snapshot can be uploaded again under the same version"
)
def snapshot_position(facts: NuxeoFacts) -> Iterator[Observation]:
    """A version with `SNAPSHOT` in another place or spelling than `-SNAPSHOT` at the end.

    Why it matters:
        Nuxeo treats `1.0.0-snapshot` and `1.0.0.SNAPSHOT` as releases, which sort after 1.0.0 and can be uploaded only
        once. `1.0.0-SNAPSHOT.1` becomes `1.0.0-1-SNAPSHOT` (measured).

    Bad:
        <package name="my-package" version="1.0.0.SNAPSHOT" type="addon">

    Good:
        <package name="my-package" version="1.0.0-SNAPSHOT" type="addon">
    """
    known = _known_version(facts)
    detail = _misplaced_snapshot(known[0]) if known is not None else None
    if known is not None and detail is not None:
        text, at = known
        yield Observation(
            f"version {quote(text)} {detail}",
            at.place,
            help=f"write {SNAPSHOT} at the end of the version, in upper case",
            args={"value": text},
        )


@rule("NXP115", "classifier-order", Severity.INFO, why="Nuxeo sorts the versions in the wrong order")
def classifier_order(facts: NuxeoFacts) -> Iterator[Observation]:
    """A version that looks like a prerelease but sorts after the release, or a number 10 that sorts before 2.

    Only `RC`, `rc`, `alpha`, `ALPHA`, `beta`, `BETA`, and a letter with eight digits sort before the release.
    Classifiers are compared as strings, so `rc.10` comes before `rc.2`.

    Why it matters:
        A request for the newest version returns the wrong one (measured). Nuxeo's own builds pad the numbers with
        zeros: `rc.002`.

    Bad:
        <package name="my-package" version="1.0.0-Beta1" type="addon">

    Good:
        <package name="my-package" version="1.0.0-beta1" type="addon">
    """
    known = _known_version(facts)
    version = _version(known[0]) if known is not None else None
    if known is None or version is None or version.classifier is None or _misplaced_snapshot(known[0]) is not None:
        return
    text, at = known
    classifier = version.classifier
    if not version.is_special and _LIKE_PRERELEASE.fullmatch(classifier):
        release = f"{version.major}.{version.minor}.{version.patch}"
        yield Observation(
            f"{quote(str(version))} sorts after {quote(release)}, not before it",
            at.place,
            help="write rc, alpha or beta, all in lower or all in upper case",
            args={"value": text, "classifier": classifier},
        )
        return
    padded = _PADDED.fullmatch(classifier)
    if padded is not None:
        yield Observation(
            f"{quote(classifier)} sorts before {quote(classifier.replace(padded['number'], '2'))}: classifiers are"
            " compared as strings",
            at.place,
            help="pad the number with zeros: rc.002, rc.010",
            args={"value": text, "classifier": classifier},
        )


@rule("NXP116", "name-start", Severity.WARNING, why="nuxeoctl does not recognise the id of the package")
def name_start(facts: NuxeoFacts) -> Iterator[Observation]:
    """A name that does not begin with a letter from a to z or an underscore.

    Why it matters:
        `nuxeoctl` recognises an id by a pattern that begins with a letter or an underscore (measured). It does not
        recognise `10b-package-1.0.0`, so the package can be installed only from its file.

    Bad:
        <package name="10b-package" version="1.0.0" type="addon">

    Good:
        <package name="ten-b-package" version="1.0.0" type="addon">
    """
    value = _attribute(facts, "name")
    if value is not None and value.text and _NAME_START.match(value.text) is None:
        yield Observation(
            f"the name {quote(value.text)} does not begin with a letter from a to z or an underscore",
            value.at.place,
            help="begin the name with a letter from a to z",
            args={"value": value.text},
        )


@rule(
    "NXP117",
    "name-characters",
    Severity.WARNING,
    why="the name is used in ids, URLs and dependencies",
)
def name_characters(facts: NuxeoFacts) -> Iterator[Observation]:
    """A name with spaces, colons, slashes or other special characters.

    Why it matters:
        The documentation allows the characters of Java identifiers, and hyphens. In a dependency, a colon ends the
        name. In the URL for deleting a package, a slash cannot be part of the name.

    Bad:
        <package name="my package" version="1.0.0" type="addon">

    Good:
        <package name="my-package" version="1.0.0" type="addon">
    """
    value = _attribute(facts, "name")
    if value is not None and value.text and _NAME.fullmatch(value.text) is None:
        wrong = next(char for char in value.text if _NAME.fullmatch(char) is None)
        yield Observation(
            f"the name {quote(value.text)} contains {quote(wrong)}",
            value.at.place,
            help="use letters, digits, hyphens and underscores",
            args={"value": value.text, "character": wrong},
        )


@rule("NXP118", "name-case", Severity.INFO, why="Nuxeo recommends names in lower case, with hyphens")
def name_case(facts: NuxeoFacts) -> Iterator[Observation]:
    """A name with upper-case letters.

    Why it matters:
        Nuxeo's documentation recommends lower case and hyphens. Names are case-sensitive, so dependencies must repeat
        the letter case exactly.

    Bad:
        <package name="MyPackage" version="1.0.0" type="addon">

    Good:
        <package name="my-package" version="1.0.0" type="addon">
    """
    value = _attribute(facts, "name")
    if value is not None and value.text != value.text.lower():
        yield Observation(
            f"the name {quote(value.text)} has upper-case letters",
            value.at.place,
            help="use lower case and hyphens, but do not rename a package that is already published",
            args={"value": value.text},
        )
