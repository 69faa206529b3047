"""NXP104 to NXP108 and NXP130 to NXP134: the texts that people see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.manifest import FORMER_ELEMENTS, Manifest
from umbmarket.nuxeo.package import LICENSE, TERMS
from umbmarket.nuxeo.variables import has_token

_HTTP = re.compile(r"https?://[^\s/]+", re.IGNORECASE)

_SAMPLES = (
    "Put here an HTML description",
    "some.host.com/mypage",
    "Your Company",
    "http://www.example.com/my-package",
)
"""Texts of Nuxeo's generator and of its documentation that are to be replaced."""


def _missing(facts: NuxeoFacts, name: str, help: str) -> Iterator[Observation]:
    manifest = facts.manifest
    if manifest is None or manifest.root is None:
        return
    value = manifest.value(name)
    if value is None:
        yield Observation(f"the element <{name}> is missing", manifest.root.place, help=help)
    elif not value.text:
        yield Observation(f"the element <{name}> is empty", value.at.place, help=help)


@rule("NXP104", "title-missing", Severity.WARNING, why="the Marketplace shows packages by their titles")
def title_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A manifest without a title.

    Why it matters:
        The documentation lists it among the information that a package must provide; `nuxeoctl mp-show` and the
        Marketplace show it.

    Bad:
        <package name="my-package" version="1.0.0" type="addon"/>

    Good:
        <title>My package</title>
    """
    yield from _missing(facts, "title", "write <title>My package</title>")


@rule("NXP105", "vendor-missing", Severity.WARNING, why="the Marketplace cannot show who publishes the package")
def vendor_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A manifest without a vendor.

    Why it matters:
        The documentation lists it among the information that a package must provide; `nuxeoctl mp-show` and the
        Marketplace show it.

    Bad:
        <vendor></vendor>

    Good:
        <vendor>My company</vendor>
    """
    yield from _missing(facts, "vendor", "write <vendor>My company</vendor>")


@rule("NXP106", "description-missing", Severity.WARNING, why="the Marketplace cannot show what the package is for")
def description_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A manifest without a description.

    Why it matters:
        The smallest manifest in the documentation has a description, and the Marketplace shows it. It may contain HTML.

    Bad:
        <title>My package</title>

    Good:
        <description><p>Sends documents by pigeon.</p></description>
    """
    yield from _missing(facts, "description", "write <description>What it is for</description>")


@rule(
    "NXP107",
    "former-elements-missing",
    Severity.INFO,
    why="the documentation recommends the elements, although no parser has read them since 2019",
    status="preview",
)
def former_elements_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A manifest without `home-page` or `visibility`.

    Why it matters:
        Older documentation calls both elements mandatory or highly recommended, and that of 2025 still lists
        `home-page`. But Nuxeo's parser has read neither since April 2019 (NXP-27041), when visibility became a setting
        of the server. It is not known whether the Marketplace still reads them. Of 985 real manifests, 29 % have no
        `home-page` and 37 % no `visibility`, so the rule runs only on request.

    Bad:
        <vendor>My company</vendor>

    Good:
        <home-page>https://example.com/my-package</home-page>
        <visibility>MARKETPLACE</visibility>
    """
    manifest = facts.manifest
    if manifest is None or manifest.root is None:
        return
    missing = [name for name in ("home-page", "visibility") if manifest.element(name) is None]
    if missing:
        named = " and ".join(f"<{name}>" for name in missing)
        verb, them = ("are", "them") if len(missing) > 1 else ("is", "it")
        yield Observation(
            f"{named} {verb} missing: the documentation recommends {them}, but no parser reads {them}",
            manifest.root.place,
            args={"missing": list(missing)},
        )


@rule("NXP130", "empty-element", Severity.INFO, why="an empty element hides that the information is missing")
def empty_element(facts: NuxeoFacts) -> Iterator[Observation]:
    """An empty element, such as `<license></license>`.

    Nuxeo's generator leaves `license` and `license-url` empty.

    Why it matters:
        An empty element hides that the information is missing.

    Bad:
        <license></license>

    Good:
        <license>Apache License, Version 2.0</license>
    """
    for name in ("license", "license-url", "classifier"):
        value = facts.manifest.value(name) if facts.manifest is not None else None
        if value is not None and not value.text:
            yield Observation(
                f"the element <{name}> is empty",
                value.at.place,
                help="fill in the element, or remove it",
                args={"element": name},
            )


def _says_nothing(manifest: Manifest, name: str) -> bool:
    return manifest.element(name) is None


@rule(
    "NXP131",
    "license-missing",
    Severity.INFO,
    why="without a licence users do not know what they may do with the package",
)
def license_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """Neither `license` nor `license-url`, and no `license.txt`.

    Why it matters:
        `nuxeoctl` and the Marketplace show the licence. Without a URL, Nuxeo uses the text of `license.txt`.

    Bad:
        <vendor>My company</vendor>

    Good:
        <license>Apache License, Version 2.0</license>
        <license-url>https://www.apache.org/licenses/LICENSE-2.0</license-url>
    """
    manifest = facts.manifest
    if manifest is None or manifest.root is None:
        return
    if _says_nothing(manifest, "license") and _says_nothing(manifest, "license-url") and not facts.package.has(LICENSE):
        yield Observation(
            "the package names no licence",
            manifest.root.place,
            help=f"write <license> and <license-url>, or add a {LICENSE}",
        )


@rule(
    "NXP132",
    "url-form",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="the link does not work",
)
def url_form(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `license-url` or `home-page` that does not begin with `http://` or `https://`.

    An info for `home-page`, which Nuxeo's parser has not read since 2019.

    Why it matters:
        The value is shown as a link. Five real manifests contain "TO FILL".

    Bad:
        <license-url>www.apache.org/licenses</license-url>

    Good:
        <license-url>https://www.apache.org/licenses/LICENSE-2.0</license-url>
    """
    for name in ("license-url", "home-page"):
        value = facts.manifest.value(name) if facts.manifest is not None else None
        if value is not None and value.text and not has_token(value.text) and _HTTP.match(value.text) is None:
            yield Observation(
                f"{quote(value.text)} is not an http or https URL",
                _text_place(value.at),
                help="write the full URL, with https://",
                args={"element": name, "value": value.text},
                severity=Severity.INFO if name in FORMER_ELEMENTS else None,
            )


def _text_place(at: object) -> Place:
    """The content of an element, or its tag where it has none."""
    content = getattr(at, "content", None)
    place: Place = getattr(at, "place")  # noqa: B009 - an element or an attribute
    return place._replace(on="value", span=content) if content is not None and content.end > content.start else place


@rule(
    "NXP133",
    "sample-text-left",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="the Marketplace shows the placeholder text to every visitor",
)
def sample_text_left(facts: NuxeoFacts) -> Iterator[Observation]:
    """A placeholder text from Nuxeo's generator or documentation that was not replaced.

    An info in a source tree, a warning in a built package.

    Why it matters:
        The Marketplace shows the text to every visitor. 64 of 985 real manifests contain one.

    Bad:
        <description><p>Put here an HTML description of your Nuxeo Package.</p></description>

    Good:
        <description><p>Sends documents by pigeon.</p></description>
    """
    manifest = facts.manifest
    for child in manifest.root.children if manifest is not None and manifest.root is not None else ():
        sample = next((text for text in _SAMPLES if text in child.text), None)
        if sample is not None:
            yield Observation(
                f"<{child.name}> still contains the placeholder {quote(sample)}",
                _text_place(child),
                help="replace it with your own text",
                args={"element": child.name, "sample": sample},
                severity=None if facts.is_built else Severity.INFO,
            )


@rule("NXP134", "terms-missing", Severity.WARNING, why="people are asked to accept an empty text")
def terms_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """Terms that must be accepted, but no `terms-and-conditions.txt` in the ZIP.

    Why it matters:
        Nuxeo asks the person who installs the package to accept the text of that file. If the file is missing, the text
        is empty.

    Bad:
        <require-terms-and-conditions-acceptance>true</require-terms-and-conditions-acceptance>

    Good:
        <require-terms-and-conditions-acceptance>false</require-terms-and-conditions-acceptance>
    """
    name = "require-terms-and-conditions-acceptance"
    manifest = facts.manifest
    element = manifest.element(name) if manifest is not None else None
    if manifest is None or element is None or not manifest.boolean(name) or not facts.built_tree:
        return
    if not facts.package.has(TERMS):
        yield Observation(
            f"the package requires its terms to be accepted, but has no {TERMS}",
            element.place,
            help=f"add {TERMS} at the root, or remove the element",
        )
