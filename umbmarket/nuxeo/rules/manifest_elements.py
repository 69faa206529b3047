"""NXP120 to NXP129 and NXP135: elements and attributes that Nuxeo reads otherwise than meant, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Severity, did_you_mean, quote
from umbmarket.formats.xml.markup import MarkupElement
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.manifest import (
    BOOLEAN_ELEMENTS,
    FORMER_ELEMENTS,
    LIST_ELEMENTS,
    READ_ELEMENTS,
    TASK_ELEMENTS,
    is_true,
    trimmed,
)
from umbmarket.nuxeo.rules.words import Hints, brief
from umbmarket.nuxeo.variables import has_token

NEVER_READ = {"NuxeoValidationState": "nuxeo-validation", "ProductionState": "production-state"}
"""Elements of a sample in Nuxeo's documentation that no parser has ever read, and what they are called."""

_FORMER_VALUES = {
    "visibility": ("UNKNOWN", "MARKETPLACE", "DEV", "PUBLIC", "PRIVATE"),
    "nuxeo-validation": ("none", "inprocess", "primary_validation", "nuxeo_certified"),
    "production-state": ("proto", "testing", "production_ready"),
}

_ATTRIBUTES = {
    "package": ("name", "version", "type"),
    "installer": ("class", "restart"),
    "uninstaller": ("class", "restart"),
}

OWN_CLASSES = "org.nuxeo.connect.update."
"""What the names of Nuxeo's own classes for packages begin with."""

GONE_CLASSES = "org.nuxeo.connect.update.impl.task."
"""What the classes of a sample in the documentation begin with; no Nuxeo of today has them."""


def _children(facts: NuxeoFacts) -> list[MarkupElement]:
    manifest = facts.manifest
    return manifest.root.children if manifest is not None and manifest.root is not None else []


@rule(
    "NXP120",
    "former-value",
    Severity.INFO,
    why="no version of the parser has ever known the value",
    status="preview",
)
def former_value(facts: NuxeoFacts) -> Iterator[Observation]:
    """A value of `visibility`, `nuxeo-validation` or `production-state` that no version of the parser has ever known.

    Why it matters:
        Nuxeo has not read the three elements since 2019. Before, an unknown `visibility` made reading the manifest
        fail, and unknown values of the other two were ignored. Real manifests have "development" and
        "waiting_nuxeo_certified".

    Bad:
        <production-state>development</production-state>

    Good:
        <production-state>testing</production-state>
    """
    for child in _children(facts):
        known = _FORMER_VALUES.get(child.name)
        text = trimmed(child.text)
        if known is not None and text and text not in known and not has_token(text):
            yield Observation(
                f"{quote(text)} was never a value of <{child.name}>{did_you_mean(text, list(known))}",
                child.place,
                help=f"the values were {', '.join(known)}",
                args={"element": child.name, "value": text},
            )


@rule("NXP123", "never-read-element", Severity.WARNING, why="no version of Nuxeo has ever read the element")
def never_read_element(facts: NuxeoFacts) -> Iterator[Observation]:
    """`NuxeoValidationState` or `ProductionState`, which are copied from a sample in Nuxeo's documentation.

    Why it matters:
        Until 2019 the parser read `nuxeo-validation` and `production-state`, but never the names in the sample. 18 of
        985 real manifests have them.

    Bad:
        <ProductionState>production_ready</ProductionState>

    Good:
        <title>My package</title>
    """
    for child in _children(facts):
        if child.name in NEVER_READ:
            yield Observation(
                f"no version of Nuxeo has ever read <{child.name}>",
                child.place,
                help=f"remove it; parsers up to 2019 read <{NEVER_READ[child.name]}>",
                args={"element": child.name},
            )


@rule(
    "NXP124",
    "no-longer-read",
    Severity.INFO,
    why="Nuxeo has not read the element since 2019",
    status="preview",
)
def no_longer_read(facts: NuxeoFacts) -> Iterator[Observation]:
    """Elements that Nuxeo's parser read until April 2019.

    Why it matters:
        `visibility`, `home-page`, `supported`, `nuxeo-validation` and `production-state` were removed from the parser
        by NXP-27041. 86 % of 985 real manifests have one of them, which does no harm. It is not known whether the
        Marketplace still reads them.

    Bad:
        <supported>false</supported>

    Good:
        <title>My package</title>
    """
    found = [child for child in _children(facts) if child.name in FORMER_ELEMENTS]
    if found:
        names = ", ".join(dict.fromkeys(f"<{child.name}>" for child in found))
        yield Observation(
            f"Nuxeo has not read {names} since 2019",
            found[0].place,
            help="remove the elements, unless another tool reads them",
            args={"elements": [child.name for child in found]},
        )


@rule("NXP125", "unknown-element", Severity.WARNING, why="Nuxeo ignores unknown elements")
def unknown_element(facts: NuxeoFacts) -> Iterator[Observation]:
    """An element that Nuxeo has never read.

    Why it matters:
        Nuxeo silently ignores a misspelt name. In one real manifest, `dependencies` is closed too early, so its last
        `package` is a child of the root and not a dependency.

    Bad:
        <optional-dependancies>

    Good:
        <optional-dependencies>
    """
    known = (*READ_ELEMENTS, *FORMER_ELEMENTS)
    hints = Hints(known)
    for child in _children(facts):
        if child.name in known or child.name in NEVER_READ or ":" in child.name:
            continue
        if child.name == "package":
            message = "<package> outside a list is ignored"
            help_ = "move it into <dependencies>, which may have been closed too early"
        else:
            message = f"Nuxeo does not read <{brief(child.name)}>{hints.on(child.name)}"
            help_ = "correct the name, or remove the element"
        yield Observation(message, child.place, help=help_, args={"element": child.name})


@rule(
    "NXP126",
    "repeated-element",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="Nuxeo reads only the first one",
)
def repeated_element(facts: NuxeoFacts) -> Iterator[Observation]:
    """An element that occurs twice.

    An info if both have the same content.

    Why it matters:
        Nuxeo reads only the first (measured). A second `<dependencies>` is lost completely, and a second vendor, as in
        a sample in Nuxeo's documentation, is never shown.

    Bad:
        <vendor>Nuxeo</vendor>
        <vendor>My company</vendor>

    Good:
        <vendor>My company</vendor>
    """
    first: dict[str, MarkupElement] = {}
    for child in _children(facts):
        before = first.setdefault(child.name, child)
        if before is child or child.name not in READ_ELEMENTS:
            continue
        one, other = trimmed(before.text), trimmed(child.text)
        is_same = one == other and not before.children and not child.children and not child.attributes
        counts = f", {quote(one)}" if one and not before.children else ""
        yield Observation(
            f"duplicate element <{child.name}>: Nuxeo reads only the first{counts}",
            child.place,
            help="keep one of them" if child.name not in LIST_ELEMENTS else "move the entries into the first one",
            args={"element": child.name},
            severity=Severity.INFO if is_same else None,
        )


@rule("NXP127", "boolean-text", Severity.WARNING, why='Nuxeo reads any value other than "true" as false')
def boolean_text(facts: NuxeoFacts) -> Iterator[Observation]:
    """A value other than `true` or `false` where a boolean is expected.

    Why it matters:
        Nuxeo silently reads `yes`, `1` and `on` as false (measured). Letter case and surrounding white space are
        ignored.

    Bad:
        <installer restart="yes"/>

    Good:
        <installer restart="true"/>
    """
    manifest = facts.manifest
    if manifest is None:
        return
    found = [value for name in BOOLEAN_ELEMENTS if (value := manifest.value(name)) is not None]
    values = [(value.text, value.at.place) for value in found]
    for name in TASK_ELEMENTS:
        element = manifest.element(name)
        restart = element.attributes.get("restart") if element is not None else None
        if restart is not None:
            values.append((trimmed(restart.value), restart.place))
    for text, place in values:
        if text and not is_true(text) and text.lower() != "false" and not has_token(text):
            yield Observation(
                f"Nuxeo reads {quote(text)} as false", place, help='write "true" or "false"', args={"value": text}
            )


@rule("NXP128", "misplaced", Severity.WARNING, why="Nuxeo looks for it elsewhere, and ignores it here")
def misplaced(facts: NuxeoFacts) -> Iterator[Observation]:
    """An element or value in a place where Nuxeo does not look for it.

    These are the class of `validator` in an attribute (Nuxeo reads its text), text in `installer` (Nuxeo reads its
    attribute `class`), a child of a list other than `package` or `platform`, and a list within a list.

    Why it matters:
        Nuxeo ignores it, or reads an empty string instead (measured). Three real manifests have `dependencies` within
        `dependencies`.

    Bad:
        <dependencies><dependency>nuxeo-web-ui</dependency></dependencies>

    Good:
        <dependencies><package>nuxeo-web-ui</package></dependencies>
    """
    for child in _children(facts):
        if child.name == "validator" and "class" in child.attributes:
            yield Observation(
                "Nuxeo reads the class of <validator> from its text, not from an attribute",
                child.attributes["class"].whole,
                help=f"write <validator>{brief(child.get('class') or '')}</validator>",
                args={"element": "validator"},
            )
        if child.name in TASK_ELEMENTS and trimmed(child.text):
            yield Observation(
                f"Nuxeo ignores the text in <{child.name}>",
                child.place,
                help=f'write <{child.name} class="..."/>',
                args={"element": child.name},
            )
        wanted = "package" if child.name in LIST_ELEMENTS else "platform" if child.name == "platforms" else None
        for inner in child.children if wanted is not None else ():
            if inner.name != wanted:
                yield Observation(
                    f"Nuxeo ignores <{brief(inner.name)}> in <{child.name}>",
                    inner.place,
                    help=f"write <{wanted}>",
                    args={"element": child.name, "child": inner.name},
                )


@rule("NXP129", "unknown-attribute", Severity.WARNING, why="Nuxeo ignores unknown attributes")
def unknown_attribute(facts: NuxeoFacts) -> Iterator[Observation]:
    """An attribute of `package`, `installer`, `uninstaller` or an entry of a list that Nuxeo does not read.

    Why it matters:
        Nuxeo ignores the attribute, so the package does not do what its author meant. Entries of `dependencies` and the
        other lists have no attributes: write the version into the text.

    Bad:
        <installer reboot="true"/>

    Good:
        <installer restart="true"/>
    """
    manifest = facts.manifest
    root = manifest.root if manifest is not None else None
    hints = {name: Hints(known) for name, known in _ATTRIBUTES.items()}
    for element in (root, *(manifest.element(name) for name in TASK_ELEMENTS)) if manifest is not None else ():
        for attribute in element.attributes.values() if element is not None else ():
            known = _ATTRIBUTES[element.name] if element is not None else ()
            if attribute.name in known or attribute.name == "xmlns" or ":" in attribute.name:
                continue
            hint = hints[element.name].on(attribute.name) if element is not None else ""
            yield Observation(
                f"Nuxeo does not read the attribute {quote(attribute.name)}{hint}",
                attribute.whole,
                help="correct the name, or remove the attribute",
                args={"attribute": attribute.name},
            )
    for entry in (each for name in LIST_ELEMENTS for each in manifest.entries(name)) if manifest is not None else ():
        for attribute in entry.element.attributes.values():
            if attribute.name != "xmlns" and ":" not in attribute.name:
                yield Observation(
                    f"Nuxeo does not read the attribute {quote(attribute.name)}",
                    attribute.whole,
                    help="write versions into the text: name, name:minimum or name:minimum:maximum",
                    args={"attribute": attribute.name},
                )


@rule(
    "NXP135",
    "custom-class-missing",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why='installing fails: "Failed to load class"',
)
def custom_class_missing(facts: NuxeoFacts) -> Iterator[Observation]:
    """A class of an installer, uninstaller or validator that is not in the package.

    A sample in Nuxeo's documentation names `org.nuxeo.connect.update.impl.task.InstallTask`, a class that no current
    version of Nuxeo has. A warning if the package has JARs, which are not searched and may contain the class.

    Why it matters:
        Nuxeo cannot load the class, so the package cannot be installed (measured). Without the attribute, Nuxeo uses
        its own installer, which is right for nearly every package.

    Bad:
        <installer class="org.nuxeo.connect.update.impl.task.InstallTask" restart="true"/>

    Good:
        <installer restart="true"/>
    """
    manifest = facts.manifest
    if manifest is None:
        return
    named = []
    for name in TASK_ELEMENTS:
        task = manifest.task(name)
        if task is not None and task.class_name:
            named.append((task.class_name, task.element.attributes["class"].place))
    validator = manifest.value("validator")
    if validator is not None and validator.text:
        named.append((validator.text, validator.at.place))
    for class_name, place in named:
        if has_token(class_name):
            continue
        if class_name.startswith(GONE_CLASSES):
            yield Observation(
                f"no current version of Nuxeo has the class {quote(class_name)}",
                place,
                help="remove the class, so that Nuxeo uses its own",
                args={"class": class_name},
            )
        elif not class_name.startswith(OWN_CLASSES) and facts.built_tree and not _is_shipped(facts, class_name):
            holds_jars = any(name.endswith(".jar") for name in facts.package.tree.files)
            yield Observation(
                f"the class {quote(class_name)} is not in the package",
                place,
                help=f"add {class_name.replace('.', '/')}.class to the root of the ZIP, or remove the class",
                args={"class": class_name},
                severity=Severity.WARNING if holds_jars else None,
            )


def _is_shipped(facts: NuxeoFacts, class_name: str) -> bool:
    return facts.package.has(f"{class_name.replace('.', '/')}.class")
