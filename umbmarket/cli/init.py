"""`umbmarket init`: the first listing of a package, and what goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from umbmarket.check.report import ExitCode
from umbmarket.cli import run_settings, streams
from umbmarket.cli.asking import ask, has_person
from umbmarket.cli.options import option, switch
from umbmarket.cli.program import HelpPage
from umbmarket.findings import did_you_mean, quote

if TYPE_CHECKING:
    from umbmarket.umbraco.actions.init import Plan

SHORT_HELP = "Write the first listing of a package."
HELP = (
    "Write a valid umbraco-marketplace.json for the package of this folder, from what its project, package and git"
    " repository say. Nothing is overwritten."
)
EPILOG = """
Examples:
  umbmarket init
  umbmarket init --category "Editor Tools" --license-type Free
  umbmarket init --package-id My.Package --workflow --settings

The listing is written where the Marketplace looks for it: in the folder that
the package's project URL names, else in the root of the repository. If there
are several packages here, its name ends in the package id.

On a terminal, category and licence types are asked for. --workflow also writes
a GitHub workflow that validates, packs and syncs, --settings an umbmarket.toml.
"""


@click.command("init", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@option("--package-id", heading="Package", metavar="ID", help="The package, if several are here or none is.")
@option("--category", heading="Listing", metavar="NAME", help="Its category, such as Developer Tools.")
@option(
    "--license-type",
    heading="Listing",
    metavar="NAME",
    multiple=True,
    help="How it is paid for: Free, Purchase or Subscription. May be given several times.",
)
@switch("--workflow", heading="Files", help="Also write a GitHub workflow that validates, packs and syncs.")
@switch("--settings", heading="Files", help="Also write a settings file.")
def init(
    package_id: str | None, category: str | None, license_type: tuple[str, ...], workflow: bool, settings: bool
) -> ExitCode:
    """Write the files.

    Raises:
        click.BadParameter: something has to be said, or is not known.
        CannotWrite: a file is there already or cannot be written.
    """
    from umbmarket.umbraco import vocabulary
    from umbmarket.umbraco.actions.init import CannotInit, make

    categories, license_types = vocabulary.categories(), vocabulary.license_types()
    # Before anything is asked: who mistyped an option need not answer first.
    chosen = None if category is None else _allowed(category, categories, "--category")
    types = tuple(dict.fromkeys(_allowed(each, license_types, "--license-type") for each in license_type))
    plan = _plan(package_id, workflow=workflow)
    if plan.listing is not None:
        chosen = chosen or _asked("Category", categories, "--category")
        types = types or (_asked("Licence type", license_types, "--license-type", default=_usual(plan)),)
    try:
        with streams.ending_in_order():
            made = make(plan, category=chosen or "", license_types=types, workflow=workflow, settings=settings)
    except CannotInit as error:
        raise streams.CannotWrite(str(error)) from None
    streams.write_text("".join(f"{path}\n" for path in made.files))
    for note in (*made.notes, *_next_steps(plan, workflow=workflow)):
        streams.note(note)
    return ExitCode.CLEAN


def _plan(package_id: str | None, *, workflow: bool) -> Plan:
    """What can be written; a person is asked which package is meant."""
    from umbmarket.nuget.identifiers import dependency_id_problem
    from umbmarket.umbraco.actions.init import UnknownPackage, plan_for

    root = run_settings.working_folder()
    if package_id is not None:
        problem = dependency_id_problem(package_id)
        if problem is not None:
            raise click.BadParameter(problem, param_hint="--package-id")
    try:
        return plan_for(root, package_id, workflow=workflow)
    except UnknownPackage as error:
        if package_id is not None or not has_person():
            raise click.BadParameter(str(error), param_hint="--package-id") from None
        return plan_for(root, _asked("Package", error.ids, "--package-id"))


def _allowed(value: str, words: Sequence[str], name: str) -> str:
    """The word that was meant.

    Raises:
        click.BadParameter: it is none of them; with the nearest one.
    """
    meant = _meant(value, words)
    if meant is None:
        near = did_you_mean(value, list(words))
        raise click.BadParameter(f"{quote(value)} is not one of {', '.join(words)}{near}", param_hint=name)
    return meant


def _meant(value: str, words: Sequence[str]) -> str | None:
    from umbmarket.umbraco.suggestions import suggest_value

    if value in words:
        return value
    meant = suggest_value(value, words)
    return meant.value if meant is not None and meant.reason == "spelling" else None


def _asked(what: str, words: Sequence[str], name: str, default: str | None = None) -> str:
    """The word that a person chooses, by its number or by itself.

    Raises:
        click.BadParameter: nobody can be asked.
        click.Abort: nobody answers.
    """
    if not has_person():
        raise click.BadParameter(f"say one of {', '.join(words)}: there is no terminal to ask on", param_hint=name)
    digits = len(str(len(words)))
    streams.write_error("".join(f"  {number:>{digits}}  {word}\n" for number, word in enumerate(words, 1)))
    while True:
        answer = ask(f"{what}{f' [{default}]' if default else ''}:")
        if answer is None:
            raise click.Abort
        if not answer and default is not None:
            return default
        if answer.isdecimal() and 1 <= int(answer) <= len(words):
            return words[int(answer) - 1]
        meant = _meant(answer, words)
        if meant is not None:
            return meant
        if answer:
            near = did_you_mean(answer, list(words)) or f"; type a number from 1 to {len(words)}, or a name"
            streams.error(f"{quote(answer)} is not in the list{near}")


def _usual(plan: Plan) -> str | None:
    """What a package under a licence that lets everybody use it most probably is."""
    return "Free" if plan.free_license else None


def _next_steps(plan: Plan, *, workflow: bool) -> list[str]:
    from umbmarket.home import HOME

    steps = []
    if workflow and HOME is None:
        steps.append("replace OWNER in the workflow by the GitHub account that hosts umbmarket")
    if workflow and not plan.known.package_id:
        steps.append("replace My.Package in the workflow by the package id")
    return [*steps, "next: umbmarket validate"]
