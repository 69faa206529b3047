"""NXP201 to NXP209 and NXP218: the servers that a package is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote
from umbmarket.formats.xml.markup import MarkupElement
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.manifest import Manifest, Value
from umbmarket.nuxeo.platforms import LARGEST_PART, InvalidPlatformRange, PlatformRange
from umbmarket.nuxeo.variables import has_token

_DISTRIBUTIONS = ("cap", "server", "lts")
_RANGE_SIGNS = re.compile(r"[\[\](),]")
_NO_NUMBER = re.compile(r"[0-9*?]")
_EXACT = re.compile(r"(?:server|cap|lts)-[0-9]+(?:\.[0-9]+)?", re.IGNORECASE)


def text_place(value: Value) -> Place:
    """The text of an element, or its tag where it has none."""
    at = value.at
    if isinstance(at, MarkupElement) and at.content.end > at.content.start and value.text:
        return Place(at.pointer, span=at.content)
    return at.place


def _manifest(facts: NuxeoFacts) -> Manifest | None:
    return facts.manifest


@rule("NXP201", "no-platform", Severity.WARNING, why="the package counts as compatible with every version of Nuxeo")
def no_platform(facts: NuxeoFacts) -> Iterator[Observation]:
    """A manifest that does not name any server that the package is for.

    Why it matters:
        Nuxeo offers and installs the package on every server, including ten-year-old and future versions (measured).

    Bad:
        <platforms/>

    Good:
        <target-platform>
          <name>lts</name>
          <version>[2023.0,2024)</version>
        </target-platform>
    """
    manifest = _manifest(facts)
    if manifest is None or manifest.root is None:
        return
    if manifest.element("target-platform") is None and not manifest.platforms:
        element = manifest.element("platforms")
        yield Observation(
            "the manifest names no server, so Nuxeo installs the package on every server",
            (element or manifest.root).place,
            help="add <target-platform> with a <name> and a <version>",
        )


@rule("NXP202", "target-platform-half", Severity.ERROR, why="Nuxeo ignores an incomplete target-platform")
def target_platform_half(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `target-platform` whose name or version is missing, empty, or an attribute.

    Why it matters:
        Both are required, as elements. Otherwise Nuxeo falls back to `platforms`, and without those the package counts
        as compatible with every server (measured). Three real manifests have this error.

    Bad:
        <target-platform>[2023.0,)</target-platform>

    Good:
        <target-platform>
          <name>lts</name>
          <version>[2023.0,2024)</version>
        </target-platform>
    """
    manifest = _manifest(facts)
    element = manifest.element("target-platform") if manifest is not None else None
    if manifest is None or element is None:
        return
    fallback = "falls back to <platforms>" if manifest.platforms else "installs the package on every server"
    if not element.children and not {"name", "version"} & set(element.attributes):
        yield Observation(
            f"<target-platform> has neither <name> nor <version>, so Nuxeo {fallback}",
            element.place,
            help="write <name>lts</name> and <version>[2023.0,2024)</version> in <target-platform>",
            args={"part": "both"},
        )
        return
    for part in ("name", "version"):
        value = manifest.target_platform(part)
        if value is not None and value.text:
            continue
        if value is not None:
            message, place = f"the <{part}> of <target-platform> is empty", value.at.place
        elif part in element.attributes:
            message, place = f"<target-platform> has its {part} in an attribute instead of an element", element.place
        else:
            message, place = f"<target-platform> has no <{part}>", element.place
        yield Observation(
            f"{message}, so Nuxeo {fallback}",
            place,
            help=f"write <{part}>{'lts' if part == 'name' else '[2023.0,2024)'}</{part}> in <target-platform>",
            args={"part": part},
        )


@rule("NXP203", "range-syntax", Severity.ERROR, why="Nuxeo ignores the range, and only logs a warning")
def range_syntax(facts: NuxeoFacts) -> Iterator[Observation]:
    """A version of `target-platform` that Nuxeo cannot read as a range.

    Valid are one version (`2023.0`, which means exactly that one) or one range: `[2023.0,2024)`, `[2023.0,)`,
    `(,2023.0]`.

    Why it matters:
        Nuxeo then falls back to `platforms`, or installs the package on every server (measured).

    Bad:
        <version>2023+</version>

    Good:
        <version>[2023.0,2024)</version>
    """
    value = _range(facts)
    if value is None:
        return
    try:
        PlatformRange.parse(value.text)
    except InvalidPlatformRange as error:
        reason = str(error).removesuffix(value.text).rstrip(": ")
        yield Observation(
            f"Nuxeo cannot read the range {quote(value.text)}, and logs {quote(reason, 200)}",
            text_place(value),
            help="write one range, such as [2023.0,2024)",
            args={"value": value.text},
        )


def _range(facts: NuxeoFacts) -> Value | None:
    manifest = _manifest(facts)
    value = manifest.target_platform("version") if manifest is not None else None
    return None if value is None or not value.text or has_token(value.text) else value


@rule("NXP204", "both-forms", Severity.INFO, why="Nuxeo reads platforms only where target-platform is not complete")
def both_forms(facts: NuxeoFacts) -> Iterator[Observation]:
    """`platforms` as well as a complete `target-platform`.

    Why it matters:
        Versions of Nuxeo that support `target-platform` (10.10 with hotfixes, 2021 and later) ignore `platforms`
        (measured). Both make sense only if the package is also for older servers.

    Bad:
        <platforms><platform>lts-2023.*</platform></platforms>
        <target-platform><name>lts</name><version>[2023.0,2024)</version></target-platform>

    Good:
        <target-platform><name>lts</name><version>[2023.0,2024)</version></target-platform>
    """
    manifest = _manifest(facts)
    if manifest is None or not manifest.platforms:
        return
    name, version = manifest.target_platform("name"), manifest.target_platform("version")
    element = manifest.element("platforms")
    if element is not None and name is not None and version is not None and name.text and version.text:
        yield Observation(
            "Nuxeo ignores <platforms>, because <target-platform> is complete",
            element.place,
            help="keep <platforms> only if the package is also for servers that do not support <target-platform>",
        )


@rule("NXP205", "platform-entry", Severity.WARNING, why="the entry matches no server")
def platform_entry(facts: NuxeoFacts) -> Iterator[Observation]:
    """An entry of `platforms` that matches no server.

    Entries are patterns for a name and a version, such as `server-10.10` or `lts-2023.*`. An empty entry, a version
    range, only a name or only a version matches nothing.

    Why it matters:
        Nuxeo compares a range literally, so it matches nothing, and with only `<platform/>` no server installs the
        package (measured).

    Bad:
        <platform>[2021,2023)</platform>

    Good:
        <platform>lts-2021*</platform>
    """
    manifest = _manifest(facts)
    for value in manifest.platforms if manifest is not None else ():
        text = value.text
        if has_token(text):
            continue
        if not text:
            message, help_ = "an empty entry matches no server", "name a server, or remove the entry"
        elif _RANGE_SIGNS.search(text):
            message = f"{quote(text)} matches no server: ranges are for <target-platform>"
            help_ = "write a pattern, such as lts-2021*, or use <target-platform>"
        elif text[0] not in "*?" and text[0].isdigit():
            message, help_ = (
                f"{quote(text)} matches no server: the name is missing",
                f"write server-{text} or lts-{text}",
            )
        elif _NO_NUMBER.search(text) is None:
            message, help_ = f"{quote(text)} matches no server: the version is missing", f"write {text}-*"
        else:
            continue
        yield Observation(message, text_place(value), help=help_, args={"value": text})


@rule("NXP206", "range-wildcard-ignored", Severity.WARNING, why="the range does not mean what it seems to mean")
def range_wildcard_ignored(facts: NuxeoFacts) -> Iterator[Observation]:
    """A part of a range that Nuxeo reads as 0, or ignores.

    `2023.*` means exactly 2023.0, a number above 9999 is read as 0, a fourth number is ignored, and text after a hyphen
    is a qualifier: `2021-2023` is a version that no server has.

    Why it matters:
        `[2023.0,2023.*]` includes only 2023.0, and `[10000,)` includes every server (measured).

    Bad:
        <version>2023.*</version>

    Good:
        <version>[2023.0,2024)</version>
    """
    value = _range(facts)
    if value is None:
        return
    try:
        found = PlatformRange.parse(value.text)
    except InvalidPlatformRange:
        return
    for part in re.split(r"[\[\](),]", value.text):
        number, _, qualifier = part.strip().partition("-")
        pieces = [piece.strip() for piece in number.split(".")]
        wrong = next((piece for piece in pieces[1:3] if not piece.isdecimal()), None)
        wrong = wrong if wrong is not None else next((piece for piece in pieces if _is_large(piece)), None)
        if number and wrong is not None:
            message = f"Nuxeo reads {quote(wrong)} as 0, so {quote(value.text)} means {found}"
        elif len(pieces) > 3:
            message = f"Nuxeo ignores the fourth part of {quote(part.strip())}"
        elif qualifier.strip().isdecimal() and len(qualifier.strip()) == 4:
            message = f"{quote(part.strip())} is one version with a qualifier, not a range"
        else:
            continue
        yield Observation(
            message, text_place(value), help="write a range, such as [2023.0,2024)", args={"value": value.text}
        )
        return


def _is_large(piece: str) -> bool:
    return piece.isdecimal() and (len(piece.lstrip("0")) > 4 or int(piece[-5:]) > LARGEST_PART)


@rule("NXP207", "distribution-name", Severity.INFO, why="a name that no server has matches nothing")
def distribution_name(facts: NuxeoFacts) -> Iterator[Observation]:
    """A name in `target-platform` other than `lts`, `server` or `cap` in lower case.

    Why it matters:
        Servers are called `cap` up to 7.10, `server` from 8 to 11, and `lts` since 2021. The documentation requires
        lower case, although the code ignores letter case.

    Bad:
        <name>LTS</name>

    Good:
        <name>lts</name>
    """
    manifest = _manifest(facts)
    value = manifest.target_platform("name") if manifest is not None else None
    if value is None or not value.text or has_token(value.text) or value.text in _DISTRIBUTIONS:
        return
    known = value.text.lower() in _DISTRIBUTIONS
    yield Observation(
        f"the name {quote(value.text)} must be {quote(value.text.lower())}, according to the documentation"
        if known
        else f"{quote(value.text)} is not the name of a known Nuxeo server",
        text_place(value),
        help="write lts for version 2021 and later, server for 8 to 11",
        args={"value": value.text},
    )


@rule(
    "NXP208",
    "cap-implies-jsf",
    Severity.INFO,
    why="the package depends on nuxeo-jsf-ui, although its manifest does not list it",
    status="preview",
)
def cap_implies_jsf(facts: NuxeoFacts) -> Iterator[Observation]:
    """A platform that begins with `cap-`.

    Why it matters:
        Nuxeo adds the platform `server-...` and a dependency on `nuxeo-jsf-ui` (measured). 115 of 985 real manifests
        have such a platform, nearly all of them for old servers.

    Bad:
        <platform>cap-7.10</platform>

    Good:
        <platform>server-10.10*</platform>
    """
    manifest = _manifest(facts)
    if manifest is not None and len(manifest.platforms_read) > len(manifest.platforms):
        value = next(each for each in manifest.platforms if each.text.startswith("cap-"))
        yield Observation(
            f"{quote(value.text)} adds a dependency on nuxeo-jsf-ui",
            text_place(value),
            args={"value": value.text},
        )


@rule("NXP209", "platform-no-hotfix", Severity.INFO, why="servers with a hotfix do not match")
def platform_no_hotfix(facts: NuxeoFacts) -> Iterator[Observation]:
    """An entry of `platforms` that matches one version without its hotfixes and updates.

    Why it matters:
        `server-10.10` does not match the server 10.10-HF05, and `lts-2021` matches only 2021.0, not 2021.44 (measured).

    Bad:
        <platform>server-10.10</platform>

    Good:
        <platform>server-10.10*</platform>
    """
    manifest = _manifest(facts)
    if manifest is None or _is_complete(manifest):
        return
    texts = [each.text.lower() for each in manifest.platforms]
    for value in manifest.platforms:
        text = value.text
        if has_token(text) or _EXACT.fullmatch(text) is None:
            continue
        if any(each != text.lower() and each.startswith(text.lower()) and "*" in each for each in texts):
            continue
        yield Observation(
            f"{quote(text)} matches no server with a hotfix or an update",
            text_place(value),
            help=f"write {text}*, or a second entry {text}-HF*",
            args={"value": text},
        )


def _is_complete(manifest: Manifest) -> bool:
    name, version = manifest.target_platform("name"), manifest.target_platform("version")
    return name is not None and version is not None and bool(name.text and version.text)


@rule(
    "NXP218",
    "not-for-platform",
    Severity.ERROR,
    why="Nuxeo does not install the package on the server that --platform names",
)
def not_for_platform(facts: NuxeoFacts) -> Iterator[Observation]:
    """A package that is not for the server named by `--platform`.

    Why it matters:
        `nuxeoctl mp-install` refuses to install the package on that server: "not available on platform version" (code).

    Bad:
        umbmarket nuxeo validate my-package-1.0.0.zip --platform lts-2025.0

    Good:
        umbmarket nuxeo validate my-package-1.0.0.zip --platform lts-2023.5
    """
    manifest = _manifest(facts)
    if manifest is None or manifest.root is None or facts.platform is None:
        return
    version = manifest.target_platform("version")
    element = manifest.element("target-platform") if _is_complete(manifest) else manifest.element("platforms")
    if element is None or (version is not None and has_token(version.text)) or has_token(element.text):
        return
    if not manifest.is_compatible(facts.platform):
        yield Observation(
            f"the package is not for {facts.platform}",
            element.place,
            help="if the package works there, add the server to <target-platform> or <platforms>",
            args={"platform": facts.platform},
        )
