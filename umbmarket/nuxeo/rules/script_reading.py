"""NXP401 to NXP406 and NXP419 to NXP422: can the script be read, and which commands does it hold?"""

from __future__ import annotations

from collections.abc import Iterator

from umbmarket.check.catalogue import rule
from umbmarket.findings import Observation, Place, Severity, Span, quote, visible
from umbmarket.nuxeo.commands import COMMANDS, GENERATED, GONE, NO_OPERATIONS
from umbmarket.nuxeo.facts import NuxeoFacts
from umbmarket.nuxeo.rules.package_reading import help_for_xml
from umbmarket.nuxeo.rules.words import Hints, brief
from umbmarket.nuxeo.script import ANT_ROOT, ROOT, Command, InstallScript
from umbmarket.nuxeo.variables import has_token, tokens


def commands_of(facts: NuxeoFacts) -> Iterator[tuple[InstallScript, Command]]:
    """The commands of the package's script, where it can be read."""
    if facts.script is not None:
        for command in facts.script.commands:
            yield facts.script, command


@rule(
    "NXP401",
    "install-xml",
    Severity.ERROR,
    other_severities=(Severity.INFO,),
    why='installing fails: "Failed to read commands"',
    always=True,
)
def install_xml(facts: NuxeoFacts) -> Iterator[Observation]:
    """An `install.xml` that is not well-formed XML.

    An info for a generator's template (`<%`), whose content is not checked.

    Why it matters:
        The package can be added to a server, but installing it fails (measured).

    Bad:
        <config set="my.property=a&b"/>

    Good:
        <config set="my.property=a&amp;b"/>
    """
    script = facts.package.script
    problem = script.file.problem if script is not None else None
    if script is None or problem is None or problem.kind == "encoding":
        return
    if script.file.is_template:
        yield Observation(
            "this is a template (<%), so nothing in it was checked",
            Place(span=problem.span),
            document=script.file,
            help="check the install.xml that is generated from it",
            severity=Severity.INFO,
        )
        return
    what = "not well-formed XML: " if problem.kind == "not-well-formed" else ""
    yield Observation(
        f"{what}{visible(problem.detail)}",
        Place(span=problem.span),
        document=script.file,
        help=help_for_xml(problem.detail),
        args={"kind": problem.kind},
    )


@rule(
    "NXP402",
    "install-encoding",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why="Nuxeo always reads install.xml as UTF-8",
    always=True,
)
def install_encoding(facts: NuxeoFacts) -> Iterator[Observation]:
    """An `install.xml` that is UTF-16, begins with a byte order mark, or contains bytes that are not UTF-8.

    A warning for bytes that are not UTF-8: Nuxeo reads each as U+FFFD.

    Why it matters:
        With a byte order mark or in UTF-16, installing fails with "Content is not allowed in prolog". Any other
        encoding that the file declares is ignored (measured). `package.xml` may have a byte order mark or be UTF-16.

    Bad:
        <?xml version="1.0" encoding="UTF-16"?>

    Good:
        <?xml version="1.0" encoding="UTF-8"?>
    """
    script = facts.package.script
    if script is None:
        return
    problem, source = script.file.problem, script.file.source
    if problem is not None and problem.kind == "encoding":
        yield Observation(
            visible(problem.detail),
            Place(span=problem.span),
            document=script.file,
            help="save the file as UTF-8 without a byte order mark",
        )
    elif source.problem is not None:
        at = source.offset_of_byte(source.problem.offset) if source.readable else 0
        yield Observation(
            f"byte {source.problem.offset:,} (0x{source.problem.byte:02X}) is not UTF-8, so Nuxeo reads it as U+FFFD",
            Place(span=Span(at, min(at + 1, len(source.text)))),
            document=script.file,
            help="save the file as UTF-8 without a byte order mark",
            severity=Severity.WARNING,
        )


@rule(
    "NXP403",
    "ant-script",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why='installing fails: "Failed to load class target"',
)
def ant_script(facts: NuxeoFacts) -> Iterator[Observation]:
    """An Ant script.

    A warning if the manifest names a custom installer class, which may run it.

    Why it matters:
        The documentation still allows Ant, but Nuxeo dropped it in 2012 (NXP-9086). Nuxeo reads each element as a
        command, and the first unknown one ends the installation (measured). None of 129 real scripts is an Ant script.

    Bad:
        <project default="install"><target name="install"/></project>

    Good:
        <install><config addtemplate="my-package"/></install>
    """
    script = facts.package.script
    root = script.file.root if script is not None else None
    if script is None or root is None or not script.is_ant:
        return
    task = facts.manifest.task("installer") if facts.manifest is not None else None
    yield Observation(
        f"this is an Ant script (<{ANT_ROOT}>), which Nuxeo has not run since 2012",
        root.place,
        document=script.file,
        help="write commands such as <copy> and <update> in <install>",
        severity=Severity.WARNING if task is not None and task.class_name else None,
    )


@rule("NXP404", "install-root", Severity.INFO, why="people and tools expect <install>")
def install_root(facts: NuxeoFacts) -> Iterator[Observation]:
    """A script whose root element is not `install`.

    Why it matters:
        Nuxeo ignores the name of the root element (measured), but people and tools expect `install`.

    Bad:
        <uninstall><config addtemplate="my-package"/></uninstall>

    Good:
        <install><config addtemplate="my-package"/></install>
    """
    root = facts.script.file.root if facts.script is not None else None
    if facts.script is not None and root is not None and root.name != ROOT:
        yield Observation(
            f"the root element is <{brief(root.name)}>, not <{ROOT}>",
            root.place,
            document=facts.script.file,
            help=f"rename it to <{ROOT}>",
        )


@rule(
    "NXP405",
    "install-empty",
    Severity.INFO,
    other_severities=(Severity.WARNING,),
    why="installing the package does nothing",
)
def install_empty(facts: NuxeoFacts) -> Iterator[Observation]:
    """A script without commands.

    A warning if a built package has files to install. Not reported for a package that depends on others and has no
    files.

    Why it matters:
        Nuxeo reports success, but installs nothing.

    Bad:
        <install/>

    Good:
        <install><config addtemplate="my-package"/></install>
    """
    script = facts.script
    root = script.file.root if script is not None else None
    if script is None or root is None or script.commands:
        return
    if next(tokens(root.text, in_script=True), None) is not None:
        return
    has_files = facts.built_tree and any(facts.package.tree.files_below("install"))
    depends = facts.manifest is not None and bool(facts.manifest.entries("dependencies"))
    if depends and not has_files:
        return
    yield Observation(
        "the script has no commands" + (", but the package has files to install" if has_files else ""),
        root.place,
        document=script.file,
        help="add commands, such as <update> for bundles and <copy> for templates",
        severity=Severity.WARNING if has_files else None,
    )


@rule(
    "NXP406",
    "unknown-command",
    Severity.ERROR,
    other_severities=(Severity.WARNING,),
    why='installing fails: "Failed to load class"',
)
def unknown_command(facts: NuxeoFacts) -> Iterator[Observation]:
    """An element that is not a Nuxeo command. Commands are case-sensitive.

    Nuxeo reads an unknown name as the name of a class in the package. A warning for a name with a dot, if the package
    may contain the class.

    Why it matters:
        Nuxeo fails to load the class, and installs nothing (measured). `reload-core`, which the documentation mentions,
        and `flush-core` no longer exist.

    Bad:
        <Copy file="${package.root}/install/a.txt" todir="${env.lib}"/>

    Good:
        <copy file="${package.root}/install/a.txt" todir="${env.lib}"/>
    """
    hints = Hints(COMMANDS)
    may_hold_classes = not facts.built_tree or any(name.endswith(".jar") for name in facts.package.tree.files)
    for script, command in commands_of(facts):
        if command.is_known or has_token(command.id):
            continue
        name = command.id
        is_class = "." in name
        if is_class and facts.package.has(f"{name.replace('.', '/')}.class"):
            continue
        gone = GONE.get(name)
        hint = f": {gone}" if gone is not None else hints.on(name.rpartition(":")[2])
        yield Observation(
            f"<{brief(name)}> is not a Nuxeo command{hint}",
            command.element.place,
            document=script.file,
            help=f"the commands are {', '.join(list(COMMANDS)[:7])} and some more, in lower case",
            args={"command": name},
            severity=Severity.WARNING if is_class and may_hold_classes else None,
        )


@rule("NXP419", "no-op-command", Severity.INFO, why="nuxeoctl ignores the command")
def no_op_command(facts: NuxeoFacts) -> Iterator[Observation]:
    """A command that does nothing when `nuxeoctl` installs the package.

    These are `deploy`, `install`, `flush` and similar commands. Some of them have an effect on a running server in
    development mode.

    Why it matters:
        Only `update` and `copy` install files (code). A package that uses `deploy` instead installs nothing.

    Bad:
        <deploy file="${env.bundles}/my-package-1.0.0.jar"/>

    Good:
        <update dir="${package.root}/install/bundles" todir="${env.bundles}"/>
    """
    for script, command in commands_of(facts):
        if command.id in NO_OPERATIONS:
            yield Observation(
                f"<{command.id}> does nothing when nuxeoctl installs the package",
                command.element.place,
                document=script.file,
                help="use <update> or <copy>; keep this command only for servers in development mode",
                args={"command": command.id},
            )


@rule("NXP420", "pcopy", Severity.WARNING, why="nuxeoctl has no values for the parameters in the file")
def pcopy(facts: NuxeoFacts) -> Iterator[Observation]:
    """The command `pcopy`.

    Why it matters:
        `pcopy` replaces parameters in a file by values that were entered into forms. `nuxeoctl` shows no forms, so it
        has no values (code).

    Bad:
        <pcopy file="${package.root}/install/my.properties" todir="${env.config}"/>

    Good:
        <copy file="${package.root}/install/my.properties" todir="${env.config}" overwrite="true"/>
    """
    for script, command in commands_of(facts):
        if command.id == "pcopy":
            yield Observation(
                "<pcopy> needs values from forms, which nuxeoctl does not show",
                command.element.place,
                document=script.file,
                help="use <copy>, and a template that reads properties of nuxeo.conf",
            )


@rule("NXP421", "generated-command", Severity.INFO, why="the installer writes such commands itself, for uninstalling")
def generated_command(facts: NuxeoFacts) -> Iterator[Observation]:
    """`rollback` or `unappend` in `install.xml`.

    Why it matters:
        They undo `update` and `append`. The installer writes them into `uninstall.xml` itself.

    Bad:
        <rollback key="bundles/my-package-core" pkgId="my-package-1.0.0" version="1.0.0"/>

    Good:
        <update dir="${package.root}/install/bundles" todir="${env.bundles}"/>
    """
    for script, command in commands_of(facts):
        if command.id in GENERATED:
            yield Observation(
                f"<{command.id}> belongs only in the uninstall.xml that the installer writes",
                command.element.place,
                document=script.file,
                help="remove it",
                args={"command": command.id},
            )


@rule("NXP422", "nested-elements", Severity.WARNING, why="Nuxeo ignores everything within a command")
def nested_elements(facts: NuxeoFacts) -> Iterator[Observation]:
    """Elements within a command.

    Why it matters:
        Nuxeo ignores them, including a `<fileset>` as in Ant (measured).

    Bad:
        <copy todir="${env.lib}"><fileset dir="${package.root}/install/lib"/></copy>

    Good:
        <copy dir="${package.root}/install/lib" todir="${env.lib}"/>
    """
    for script, command in commands_of(facts):
        if command.element.children:
            inner = command.element.children[0]
            yield Observation(
                f"Nuxeo ignores <{brief(inner.name)}> within <{brief(command.id)}>",
                inner.place,
                document=script.file,
                help=f"write it as attributes of the command{'' if command.is_known else ', or close the command'}",
                args={"command": quote(command.id), "child": inner.name},
            )
