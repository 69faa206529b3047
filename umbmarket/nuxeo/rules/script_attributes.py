"""NXP407 to NXP410 and NXP416 to NXP418: the attributes of commands, and their guards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, quote
from umbmarket.nuxeo.commands import BOOLEAN_ATTRIBUTES, COMMANDS, COMMON_ATTRIBUTES
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.guards import CONSTANT_METHODS, FILE_VARIABLES, METHODS, Guard, InvalidGuard
from umbmarket.nuxeo.rules.script_reading import commands_of
from umbmarket.nuxeo.rules.words import Hints, brief
from umbmarket.nuxeo.script import Command
from umbmarket.nuxeo.steps import Step
from umbmarket.nuxeo.variables import has_token, tokens

_NEEDS = {
    "update": "file or dir, and todir",
    "copy": "file or dir, and todir or tofile",
    "append": "file or dir, and todir or tofile",
    "pcopy": "file or dir, and todir or tofile",
    "config": "addtemplate, rmtemplate or set",
    "delete": "file",
    "rollback": "key",
    "install": "file",
    "uninstall": "file",
    "deploy": "file",
    "undeploy": "file",
}


_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_PATTERN_VARIABLE = re.compile(r"\{([^{}:]*):")


def place_of(step: Step, attribute: str | None) -> Place:
    """The value of an attribute of a step's command, or the command."""
    found = step.command.element.attributes.get(attribute) if attribute is not None else None
    return found.place if found is not None else step.command.element.place


@rule("NXP407", "unknown-command-attribute", Severity.WARNING, why="Nuxeo ignores unknown attributes")
def unknown_command_attribute(facts: NuxeoFacts) -> Iterator[Observation]:
    """An attribute that the command does not read. Attributes are case-sensitive.

    Why it matters:
        Nuxeo ignores it: `update` supports neither `tofile`, which the documentation shows, nor `overwrite` (code).

    Bad:
        <update dir="${package.root}/install/bundles" todir="${env.bundles}" overwrite="true"/>

    Good:
        <update dir="${package.root}/install/bundles" todir="${env.bundles}"/>
    """
    hints = {name: Hints((*known, *COMMON_ATTRIBUTES)) for name, known in COMMANDS.items()}
    for script, command in commands_of(facts):
        known = (*COMMANDS.get(command.id, ()), *COMMON_ATTRIBUTES)
        for attribute in command.element.attributes.values() if command.is_known else ():
            name = attribute.name
            if name in known or ":" in name or name == "xmlns":
                continue
            yield Observation(
                f"<{command.id}> does not read the attribute {quote(name)}{hints[command.id].on(name)}",
                attribute.whole,
                document=script.file,
                help="correct the name, or remove the attribute",
                args={"command": command.id, "attribute": name},
            )


@rule("NXP408", "missing-attribute", Severity.ERROR, why="Nuxeo refuses to install the package")
def missing_attribute(facts: NuxeoFacts) -> Iterator[Observation]:
    """A command without an attribute that it needs; an empty one counts as missing.

    Why it matters:
        Validation fails, and nothing is installed. `deploy` and `undeploy` without `file` pass the validation, but
        crash when they run (measured).

    Bad:
        <copy file="${package.root}/install/a.txt"/>

    Good:
        <copy file="${package.root}/install/a.txt" todir="${env.lib}"/>
    """
    installation = facts.installation
    for step in installation.steps if installation is not None else ():
        faults = [fault for fault in (*step.faults, *step.run_faults) if fault.kind in ("missing-attribute", "crash")]
        for fault in faults if facts.script is not None else ():
            command = step.command.id
            if fault.kind == "crash" and fault.attribute is not None:
                value = step.command.get(fault.attribute) or ""
                message = f"{quote(value)} is a pattern without a folder"
                help_ = "write the folder before it: ${env.lib}/name-{version:.*}.jar"
            else:
                message = f"<{command}> needs {_NEEDS[command]}"
                help_ = fault.message
            yield Observation(
                message,
                place_of(step, fault.attribute),
                document=facts.script.file if facts.script is not None else None,
                help=f"add what is missing; Nuxeo says {quote(help_, 200)}" if help_ == fault.message else help_,
                args={"command": command},
            )


@rule("NXP409", "config-set", Severity.ERROR, why="Nuxeo refuses to install the package")
def config_set(facts: NuxeoFacts) -> Iterator[Observation]:
    """A `set` of `config` without an equals sign.

    Why it matters:
        Validation fails with "badly-formed property", and nothing is installed (measured).

    Bad:
        <config set="my.property"/>

    Good:
        <config set="my.property=true"/>
    """
    installation = facts.installation
    for step in installation.steps if installation is not None else ():
        for fault in step.faults:
            if fault.kind == "bad-property" and facts.script is not None:
                value = step.command.get("set") or ""
                if not _is_filled_in(facts, value):
                    yield Observation(
                        f"{quote(value)} has no equals sign",
                        place_of(step, "set"),
                        document=facts.script.file,
                        help='write set="name=value"; set="name=" removes the property',
                        args={"value": value},
                    )


def _is_filled_in(facts: NuxeoFacts, value: str) -> bool:
    """Whether a build will still change the value."""
    return not facts.is_built and next(tokens(value, in_script=True), None) is not None


@rule("NXP410", "command-boolean", Severity.WARNING, why='Nuxeo reads any value other than "true" as false')
def command_boolean(facts: NuxeoFacts) -> Iterator[Observation]:
    """A value other than `true` or `false` where a boolean is expected.

    Why it matters:
        `overwrite="yes"` does not overwrite, so installing fails if the file exists (code: `Boolean.parseBoolean`).

    Bad:
        <copy dir="${package.root}/install/templates" todir="${env.templates}" overwrite="yes"/>

    Good:
        <copy dir="${package.root}/install/templates" todir="${env.templates}" overwrite="true"/>
    """
    for script, command in commands_of(facts):
        for name in COMMANDS.get(command.id, ()):
            attribute = command.attribute(name)
            if name not in BOOLEAN_ATTRIBUTES or attribute is None or has_token(attribute.value):
                continue
            if attribute.value.lower() not in ("true", "false"):
                yield Observation(
                    f"Nuxeo reads {quote(attribute.value)} as false",
                    attribute.place,
                    document=script.file,
                    help='write "true" or "false"',
                    args={"attribute": name, "value": attribute.value},
                )


@rule("NXP416", "if-and-ignore", Severity.WARNING, why="if replaces ignore")
def if_and_ignore(facts: NuxeoFacts) -> Iterator[Observation]:
    """A command with both `if` and `ignore`.

    Why it matters:
        Nuxeo sets `ignore` to the opposite of `if`, so the value of `ignore` is lost (code).

    Bad:
        <config set="a=b" if="Packages.contains('nuxeo-web-ui')" ignore="Platform.isWindows()"/>

    Good:
        <config set="a=b" if="Packages.contains('nuxeo-web-ui') and not Platform.isWindows()"/>
    """
    for script, command in commands_of(facts):
        ignore = command.attribute("ignore")
        if ignore is not None and command.attribute("if") is not None:
            yield Observation(
                "ignore has no effect, because the command also has if",
                ignore.whole,
                document=script.file,
                help="combine both conditions in if",
            )


@rule("NXP417", "guard", Severity.ERROR, why="the installation fails when the guard is evaluated")
def guard(facts: NuxeoFacts) -> Iterator[Observation]:
    """A guard (`fail`, `ignore` or `if`) that cannot be evaluated.

    JEXL rejects it, or its result is a string, a number or null. `Platform.isJBoss()`, which the documentation still
    shows, no longer exists, so its result is null.

    Why it matters:
        Nuxeo throws an exception, and nothing is installed (measured).

    Bad:
        <config set="a=b" fail="Platform.isJBoss()"/>

    Good:
        <config set="a=b" if="Platform.isTomcat()"/>
    """
    installation = facts.installation
    for step in installation.steps if installation is not None else ():
        for fault in step.faults:
            if fault.kind not in ("guard-syntax", "guard-value") or facts.script is None or fault.attribute is None:
                continue
            text = step.command.get(fault.attribute) or ""
            if _is_filled_in(facts, text):
                continue
            message = (
                f"JEXL rejects {quote(text)}: {brief(fault.message, 200)}"
                if fault.kind == "guard-syntax"
                else f"{quote(text)} {brief(fault.message.removeprefix('it '), 200)}"
            )
            yield Observation(
                message,
                place_of(step, fault.attribute),
                document=facts.script.file,
                help="write a condition with Version, Platform or Packages.contains('name')",
                args={"attribute": fault.attribute, "value": text},
            )
        fails = [fault for fault in step.faults if fault.kind == "guard-fails"]
        if fails and facts.script is not None:
            yield Observation(
                f"{quote(step.command.get('fail') or '')} is always true, so the package is never installed",
                place_of(step, "fail"),
                document=facts.script.file,
                help="write the condition under which the installation must fail",
                args={"attribute": "fail", "value": step.command.get("fail")},
            )


@rule(
    "NXP418",
    "guard-constant",
    Severity.INFO,
    other_severities=(Severity.WARNING,),
    why="the guard has the same result on every server",
)
def guard_constant(facts: NuxeoFacts) -> Iterator[Observation]:
    """A guard with a method that returns the same on every server, or that does not exist.

    `Platform.isTomcat()` and `Platform.matches(...)` are always true, `Platform.isJetty()` is always false, and a
    method that no longer exists, such as `Platform.isJBoss()`, counts as false within a larger condition. A warning for
    a name that is not a variable of guards: it counts as null, as in `Packages.contains(nuxeo-web-ui)` without quotes.

    Why it matters:
        The command runs always or never (code; that unknown names are null was measured).

    Bad:
        <copy dir="${package.root}/install/templates" todir="${env.templates}" ignore="not Platform.isTomcat()"/>

    Good:
        <copy dir="${package.root}/install/templates" todir="${env.templates}"/>
    """
    for script, command in commands_of(facts):
        for name in COMMON_ATTRIBUTES:
            attribute = command.attribute(name)
            try:
                found = Guard(attribute.value) if attribute is not None else None
            except InvalidGuard:
                continue
            if attribute is None or found is None:
                continue
            if found.constant_methods:
                method = found.constant_methods[0]
                message = f"Platform.{method} is always {str(CONSTANT_METHODS[method]).lower()}"
            elif found.missing_methods and _has_value(found, name):
                owner, method, _ = found.missing_methods[0]
                message = f"{owner}.{brief(method)} does not exist, so it counts as false"
            else:
                continue
            yield Observation(
                message,
                attribute.place,
                document=script.file,
                help="remove the guard, or the command that never runs",
                args={"attribute": name, "value": attribute.value},
            )
    yield from _unknown_names(facts)


def _unknown_names(facts: NuxeoFacts) -> Iterator[Observation]:
    """Names in guards that are none of the variables there, one for each guard."""
    hints = Hints(METHODS)
    for script, command in commands_of(facts):
        known: set[str] | None = None
        for name in COMMON_ATTRIBUTES:
            attribute = command.attribute(name)
            try:
                found = Guard(attribute.value) if attribute is not None else None
            except InvalidGuard:
                continue
            if attribute is None or found is None or not _has_value(found, name):
                continue
            if known is None:
                known = {*METHODS, *FILE_VARIABLES, *_pattern_variables(command)}
            unknown = {each for each in found.names if each not in known}
            if unknown:
                first = next(each for each in _NAME.findall(attribute.value) if each in unknown)
                yield Observation(
                    f"{quote(first)} is not a variable of guards, so it counts as null{hints.on(first)}",
                    attribute.place,
                    document=script.file,
                    help="write Version, Platform or Packages; put a text into single quotes, as in"
                    " Packages.contains('nuxeo-web-ui')",
                    args={"attribute": name, "value": attribute.value, "name": first},
                    severity=Severity.WARNING,
                )


def _pattern_variables(command: Command) -> set[str]:
    """The variables that patterns such as `{version:.*}` in the attributes of a command set."""
    values = (attribute.value for attribute in command.element.attributes.values())
    return {name for value in values for name in _PATTERN_VARIABLE.findall(value)}


def _has_value(found: Guard, attribute: str) -> bool:
    """Whether evaluating a guard goes well; NXP417 reports the others. Nuxeo negates an `if`, so that null is true."""
    try:
        (Guard(f"!({found.text})") if attribute == "if" else found).value()
    except Exception:  # noqa: BLE001 - of any fault NXP417 tells
        return False
    return True
