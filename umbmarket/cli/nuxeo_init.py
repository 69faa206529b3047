"""`umbmarket nuxeo init`: the files of a new package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.asking import ask, has_person
from umbmarket.cli.options import option, switch
from umbmarket.cli.program import HelpPage

if TYPE_CHECKING:
    from umbmarket.nuxeo.actions.create import Wish

SHORT_HELP = "Create the files of a new package."
HELP = (
    "Create a folder NAME with a package that installs a configuration template. The package can be checked, packed "
    "and uploaded without changes. With --maven, create a Maven module that builds it."
)
EPILOG = """
Examples:
  umbmarket nuxeo init my-package
  umbmarket nuxeo init my-package --platform lts-2023 --license Apache-2.0
  umbmarket nuxeo init my-package --platform server-10.10
  umbmarket nuxeo init my-package --maven --group org.example
  umbmarket nuxeo init my-package --maven      in a Maven project with modules

In the folder of a Maven project with modules, the package becomes a module of
it: the values come from its pom.xml, which becomes the parent and gets the
<module>. On a terminal, other values that Maven needs are asked for.

Without --vendor, the vendor is git's user name.
"""

_MAVEN_ONLY = ("group", "artifact", "parent", "company")


@click.command("init", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument("name", required=False, help="The name of the package, its folder and its template.")
@option("--title", heading="Package", metavar="TEXT", help="The title. Default: derived from the name.")
@option("--vendor", heading="Package", metavar="TEXT", help="The company or person that publishes it.")
@option("--description", heading="Package", metavar="TEXT", help="What the package does, in one sentence.")
@option("--license", heading="Package", metavar="NAME", help="The licence, such as Apache-2.0.")
@option(
    "--platform",
    heading="Package",
    metavar="PLATFORM",
    default="lts",
    show_default=True,
    help="The servers that it is for: lts (2021 and later), lts-2023, server (10.10), or 'lts [2023.0,2024)'.",
)
@option("--version", heading="Package", metavar="VERSION", help="The version. Default: 1.0.0-SNAPSHOT.")
@switch("--maven", heading="Maven", help="Create a Maven module that builds the package.")
@option("--group", heading="Maven", metavar="ID", help="The groupId of the module.")
@option("--artifact", heading="Maven", metavar="ID", help="The artifactId. Default: the name.")
@option("--parent", heading="Maven", metavar="GROUP:ARTIFACT:VERSION", help="The parent of the module; '' for none.")
@option("--company", heading="Maven", metavar="TEXT", help="The organisation in its pom.xml.")
@switch("--force", heading="Output", help="Replace existing files.")
def init_package(name: str | None, maven: bool, force: bool, **said: str | None) -> ExitCode:
    """Make a package."""
    from umbmarket.nuxeo.actions.create import CannotMake, Wish, create
    from umbmarket.nuxeo.wrong_use import WrongUse

    where = run_settings.working_folder()
    stray = [each for each in _MAVEN_ONLY if said[each] is not None]
    if stray and not maven:
        raise click.BadParameter("it goes together with --maven only", param_hint=f"--{stray[0]}")
    try:
        wish = _completed(Wish(name=name, maven=maven, **said), where)
        with streams.ending_in_order():
            made = create(wish, where, force=force)
    except (WrongUse, CannotMake) as error:
        streams.error(str(error))
        return ExitCode.USAGE
    folder = made.folder.name
    lines = [f"{folder}/{path}" for path in made.files]
    if made.module_of is not None:
        lines.append(f"{made.module_of.name} (the module {folder})")
    streams.write_text("".join(f"{line}\n" for line in lines))
    streams.note(_next_step(folder, maven=maven))
    return ExitCode.CLEAN


def _completed(wish: Wish, where: Path) -> Wish:
    """The wish with what was asked for on a terminal, or what is usual elsewhere.

    Raises:
        click.BadParameter: something has to be said, and nobody can be asked.
        WrongUse: what was said cannot be used.
    """
    from umbmarket.nuxeo.actions.create import answered, questions, with_answer
    from umbmarket.nuxeo.new_package import check_name
    from umbmarket.nuxeo.wrong_use import WrongUse

    if wish.name is not None:
        check_name(wish.name)
    while open_questions := questions(wish, where):
        question = open_questions[0]
        default = question.default
        if not has_person():
            if default is None:
                hint = "NAME" if question.field == "name" else f"--{question.field}"
                raise click.BadParameter("it is required without a terminal", param_hint=hint)
            wish = with_answer(wish, question, default)
            continue
        answer = ask(f"{question.words}{f' [{default}]' if default else ''}:")
        if answer is None:
            raise click.Abort
        if not answer and default is None:
            continue
        try:
            wish = answered(wish, question, answer or default or "")
        except WrongUse as error:
            streams.error(str(error))
    return wish


def _next_step(folder: str, *, maven: bool) -> str:
    if maven:
        return f"next: mvn -f {folder} package, then umbmarket nuxeo validate {folder}/target/*.zip"
    return f"next: umbmarket nuxeo pack {folder}"
