"""`umbmarket validate`: check listings, projects and packages before they are published."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from umbmarket.check.report import ExitCode, Report
from umbmarket.cli import progress, results, run_settings, streams
from umbmarket.cli.choices import (
    FormatAndFile,
    NewFile,
    OneOf,
    PathToCheck,
    RuleNames,
    marketplaces_of,
    refuse_parts_of_projects,
    selectors,
)
from umbmarket.cli.options import color, config, no_config, option, switch
from umbmarket.cli.program import HelpPage
from umbmarket.cli.subjects import LISTINGS, Subject
from umbmarket.disk.real_path import real_path
from umbmarket.findings import Severity
from umbmarket.output import WITH_STATISTICS, Format
from umbmarket.settings.nearest import shown_from
from umbmarket.settings.options import FailOn, Settings, SettingsSource

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from umbmarket.check.fixing import Fixing
    from umbmarket.check.marketplace import OnlineOptions

STDIN = "-"
"""The path that means standard input."""

SHORT_HELP = "Check listings, projects and packages before they are published."
HELP = (
    "Check listing files (umbraco-marketplace*.json), project files (.csproj) and packages (.nupkg) before they are"
    " published. Offline unless --online."
)
EPILOG = """
Examples:
  umbmarket validate
  umbmarket validate src/MyPackage/umbraco-marketplace.json
  umbmarket validate src/MyPackage/MyPackage.csproj
  umbmarket validate MyPackage.sln
  umbmarket validate . artifacts/*.nupkg
  umbmarket validate --select UMB1 --ignore insecure-url --fail-on warning
  umbmarket validate --format sarif --output listing.sarif
  umbmarket validate --format github --also sarif=out/listing.sarif
  umbmarket validate --online
  umbmarket validate --fix
  umbmarket validate --diff
  git show HEAD:umbraco-marketplace.json | umbmarket validate -

In folders, packages are found as well: the newest version of each id. If you
name packages, only those packages are checked. Projects that dotnet pack would
pack for the Marketplace are checked without an SDK. Values that the project
files do not determine cause no findings. For a solution (.sln, .slnx, .slnf),
the projects that it lists are checked.

Settings come from umbmarket.toml, or from [tool.umbmarket] in pyproject.toml:
for each file from the nearest folder above it within the repository, else from
the working folder and the folders above.

--fix applies the fixes that keep the meaning of a file, and reports what is
left, which decides the exit code. With standard input, the fixed text goes to
standard output, and the results to standard error. --diff writes no file.

Nuxeo packages are checked as well: folders with a package.xml, and ZIPs that
are named. umbmarket nuxeo validate has options for them.

With --online, HTTP_PROXY, HTTPS_PROXY and NO_PROXY set the proxies, and
UMBMARKET_NUGET_SOURCE the feed for package ids (default: nuget.org).
"""


class Wish(NamedTuple):
    """What the command line says: one field for each argument and option, by its name."""

    path: tuple[str, ...]
    package_id: str | None
    stdin_filename: str | None
    no_projects: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: str | None
    min_severity: str | None
    online: bool
    allow_private_hosts: bool
    no_cache: bool
    fix: bool
    unsafe_fixes: bool
    diff: bool
    config: str | None
    no_config: bool
    force_exclude: bool
    format_name: str
    output: str | None
    also: tuple[tuple[str, str], ...]
    color: str
    statistics: bool
    quiet: bool
    verbose: bool


@click.command("validate", cls=HelpPage, help=HELP, short_help=SHORT_HELP, epilog=EPILOG)
@click.argument(
    "path",
    nargs=-1,
    type=PathToCheck(),
    help='Files, folders to search, or "-" for standard input.  [default: (the working folder)]',
)
@option(
    "--package-id",
    heading="Input",
    metavar="ID",
    help="The package that the listings belong to, if their file names do not say.",
)
@option(
    "--stdin-filename",
    heading="Input",
    metavar="NAME",
    show_default=LISTINGS.stdin_name,
    help='What to call standard input, with "-".',
)
@switch(
    "--no-projects",
    heading="Input",
    help="Do not read the project files that are found in folders, only listings and packages.",
)
@option(
    "--select",
    heading="Rules",
    type=RuleNames(),
    metavar="RULE,...",
    multiple=True,
    help="Run only these rules: codes, beginnings of codes (UMB1), names, ALL. Replaces the setting.",
)
@option(
    "--ignore",
    heading="Rules",
    type=RuleNames(),
    metavar="RULE,...",
    multiple=True,
    help="Ignore the findings of these rules. Adds to the setting.",
)
@option(
    "--fail-on",
    heading="Rules",
    type=OneOf(tuple(FailOn)),
    show_default="the setting, else error",
    help="The lowest severity that causes exit code 1.",
)
@switch("--fix", heading="Fixes", help="Fix the files where that is safe, and report what is left.")
@switch("--unsafe-fixes", heading="Fixes", help="With --fix or --diff: also apply the fixes that guess what was meant.")
@switch("--diff", heading="Fixes", help="Show what --fix would change, and write no file.")
@switch(
    "--online",
    heading="Network",
    help="Also fetch links, images and videos, and look up package ids on NuGet.",
)
@switch(
    "--allow-private-hosts",
    heading="Network",
    help="With --online: also fetch from this machine and from private networks.",
)
@switch("--no-cache", heading="Network", help="With --online: do not cache answers of NuGet.")
@config
@no_config
@switch(
    "--force-exclude",
    heading="Settings",
    help="Skip what the settings exclude even if it is named, for tools that name changed files.",
)
@option(
    "--format",
    "-f",
    "format_name",
    heading="Output",
    type=OneOf(tuple(Format)),
    default=Format.TEXT.value,
    show_default=True,
    envvar="UMBMARKET_FORMAT",
    show_envvar=True,
    help="The output format.",
)
@option(
    "--output",
    "-o",
    heading="Output",
    type=NewFile(),
    metavar="FILE",
    help="Write the results to a file instead of standard output.",
)
@option(
    "--also",
    heading="Output",
    type=FormatAndFile(tuple(Format)),
    metavar="FORMAT=FILE",
    multiple=True,
    help="Also write the results in this format to a file. Can be given several times; missing folders are created.",
)
@option(
    "--min-severity",
    heading="Output",
    type=OneOf(tuple(Severity)),
    show_default="the setting, else warning in formats for people, info in json, sarif, gitlab and junit",
    envvar="UMBMARKET_MIN_SEVERITY",
    show_envvar=True,
    help="The lowest severity to show. What causes exit code 1 is always shown.",
)
@color
@switch("--statistics", heading="Output", help="Show how often each rule found something.")
@switch("--quiet", "-q", heading="Output", help="Only the findings: no summary, no notes.")
@switch(
    "--verbose",
    "-v",
    heading="Output",
    help="Explain every finding in full, name the settings file, show tracebacks.",
)
@click.pass_context
def validate(context: click.Context, /, **given: Any) -> ExitCode:
    """Run the check and show what it found.

    Raises:
        click.BadParameter: a file that was named is a part of projects.
    """
    refuse_parts_of_projects(given["path"], "PATH", ", a solution or a folder")
    return check_and_show(context, Wish(**given), LISTINGS)


def check_and_show(context: click.Context, wish: Wish, subject: Subject) -> ExitCode:
    """Check what the command line names, and show what is found.

    Args:
        context: of the command.
        wish: what the command line says.
        subject: what it is about.

    Raises:
        click.BadParameter: the options do not go together, or one of them says something unknown.
        SettingsError: the settings file cannot be used.
        CannotWrite: the results, or a mended file, cannot be written.
    """
    root = run_settings.working_folder()
    _refuse_contradictions(context, wish)
    if wish.output is not None and wish.output != results.STDOUT:
        # Before anything is fixed or fetched for results that nobody would see.
        streams.refuse_no_place(Path(wish.output))
    settings = run_settings.of_each_file(root, wish.config, no_config=wish.no_config, change=_change(context, wish))
    before = tuple(run_settings.files_read(settings, wish.config))
    if wish.verbose:
        own = [f"settings from {shown_from(root, file)}" for file in before]
        streams.note(*(own or ["no settings file applies to the working folder"]))
    named = wish.path or (".",)
    files = [path for path in named if path != STDIN]
    from_stdin = _stdin(named, wish, subject)
    run = _Run(context, wish, files, from_stdin, settings, root, subject)
    shown = results.Wish(
        Format(wish.format_name),
        wish.output,
        wish.color,
        quiet=wish.quiet,
        verbose=wish.verbose,
        statistics=wish.statistics,
        min_severity=settings.of(os.fspath(root)).min_severity,
        to_stderr=wish.fix and from_stdin is not None,
        also=tuple((Format(word), file) for word, file in wish.also),
    )
    if wish.fix or wish.diff:
        # Late: most runs fix nothing.
        from umbmarket.cli import fixes

        fixing = run.fix()
        if wish.diff:
            read = _files_read(settings, wish, root, len(before))
            code = fixes.show_difference(fixing, shown, root, settings_files=read)
            if code is ExitCode.NOTHING_TO_CHECK:
                run.explain_nothing(fixing.report)
            return code
        report = fixes.write(fixing, from_stdin)
    else:
        report = run.check()
    results.show(report, shown, root, settings_files=_files_read(settings, wish, root, len(before)))
    if report.exit_code is ExitCode.NOTHING_TO_CHECK:
        run.explain_nothing(report)
    return report.exit_code


def _refuse_contradictions(context: click.Context, wish: Wish) -> None:
    """Raise `click.BadParameter` where options do not go together."""
    formats = (wish.format_name, *(word for word, _ in wish.also))
    if wish.statistics and not any(word in WITH_STATISTICS for word in formats):
        words = ", ".join(WITH_STATISTICS[:-1]) + f" or {WITH_STATISTICS[-1]}"
        raise click.BadParameter(
            f"it goes with --format {words}, not with {wish.format_name}", param_hint="--statistics"
        )
    _refuse_one_file_for_two(wish)
    if wish.quiet and wish.verbose:
        raise click.BadParameter("it does not go together with --verbose", param_hint="--quiet")
    if wish.unsafe_fixes and not (wish.fix or wish.diff):
        raise click.BadParameter("it needs --fix or --diff", param_hint="--unsafe-fixes")
    if wish.diff:
        by_option = context.get_parameter_source("format_name") is click.core.ParameterSource.COMMANDLINE
        for given, name in ((by_option, "--format"), (wish.statistics, "--statistics"), (wish.also, "--also")):
            if given:
                raise click.BadParameter("it does not go together with --diff", param_hint=name)
    for given, name in ((wish.allow_private_hosts, "--allow-private-hosts"), (wish.no_cache, "--no-cache")):
        if given and not wish.online:
            raise click.BadParameter("it needs --online", param_hint=name)


def _refuse_one_file_for_two(wish: Wish) -> None:
    """Raise `click.BadParameter` where two formats would be written to one file, by whatever names."""
    seen = set()
    for file in (
        *((wish.output,) if wish.output not in (None, results.STDOUT) else ()),
        *(file for _, file in wish.also),
    ):
        place = os.path.normcase(real_path(file or ""))
        if place in seen:
            raise click.BadParameter(f"{file} is named twice; each format needs a file of its own", param_hint="--also")
        seen.add(place)


def _files_read(settings: SettingsSource, wish: Wish, root: Path, known: int) -> tuple[str, ...]:
    """The settings files that were read; of those that the run itself came by it is told, where that was asked for.

    Args:
        settings: of the run.
        wish: whether it is asked for.
        root: the working folder.
        known: how many were read before the run.
    """
    read = tuple(run_settings.files_read(settings, wish.config))
    if wish.verbose:
        for file in read[known:]:
            streams.note(f"settings from {shown_from(root, file)} for what lies below it")
    return read


def _change(context: click.Context, wish: Wish) -> Callable[[Settings], Settings]:
    """What the options change in the settings of whatever file."""
    return partial(
        run_settings.with_options,
        select=selectors(context, "--select", wish.select),
        ignore=selectors(context, "--ignore", wish.ignore),
        fail_on=wish.fail_on,
        min_severity=wish.min_severity,
        package_id=wish.package_id,
        projects=not wish.no_projects,
    )


class _Run(NamedTuple):
    """What is checked, and how."""

    context: click.Context
    wish: Wish
    files: Sequence[str]
    given: tuple[str, bytes] | None
    settings: SettingsSource
    root: Path
    subject: Subject

    def check(self) -> Report:
        """Say what is wrong."""
        # Late: the engine is not needed for `--help` or for a wrong option.
        from umbmarket.marketplaces import validate as check

        with self._progress() as tell:
            return check(
                self.files,
                settings=self.settings,
                root=self.root,
                stdin=self.given,
                online=_online(self.wish, tell) if self.wish.online else None,
                marketplaces=marketplaces_of(self.context),
                force_exclude=self.wish.force_exclude,
            )

    def fix(self) -> Fixing:
        """Mend it in memory, and say what is left."""
        from umbmarket.marketplaces import fix

        with self._progress() as tell:
            return fix(
                self.files,
                unsafe=self.wish.unsafe_fixes,
                settings=self.settings,
                root=self.root,
                stdin=self.given,
                online=_online(self.wish, tell) if self.wish.online else None,
                marketplaces=marketplaces_of(self.context),
                force_exclude=self.wish.force_exclude,
            )

    def explain_nothing(self, report: Report) -> None:
        """Say what was looked for, where, and what to do."""
        excluding = run_settings.files_that_exclude(self.settings, self.wish.config)
        shown = [shown_from(self.root, file) for file in excluding]
        # Late: it is said rarely.
        from umbmarket.cli.nothing_to_check import explain_nothing

        explain_nothing(self.context, self.files, report.remarks, shown, self.subject)

    def _progress(self) -> AbstractContextManager[Callable[[int, int], None]]:
        return progress.shown("checking links", hidden=self.wish.quiet or not self.wish.online)


def _online(wish: Wish, tell: Callable[[int, int], None]) -> OnlineOptions:
    """How the network is asked."""
    from umbmarket.check.marketplace import OnlineOptions

    return OnlineOptions(
        allow_private_hosts=wish.allow_private_hosts,
        use_cache=not wish.no_cache,
        on_progress=tell,
        on_warning=None if wish.quiet else streams.note,
    )


def _stdin(named: Sequence[str], wish: Wish, subject: Subject) -> tuple[str, bytes] | None:
    """What was handed in by standard input, with its name; None when it is not asked for."""
    if STDIN not in named:
        if wish.stdin_filename is not None:
            raise click.BadParameter('it needs "-" among the paths', param_hint="--stdin-filename")
        return None
    if sys.stdin is None:
        raise click.BadParameter("there is no standard input", param_hint=STDIN)
    if sys.stdin.isatty() and not wish.quiet:
        end = "Ctrl-Z and Enter" if os.name == "nt" else "Ctrl-D"
        streams.note(f"reading {subject.noun} from the terminal; end it with {end}")
    shown = (wish.stdin_filename or subject.stdin_name).replace("\\", "/")
    try:
        # One byte more than it may have is enough to see that it has too many.
        return shown, sys.stdin.buffer.read(subject.largest + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise click.BadParameter(f"standard input cannot be read: {reason}", param_hint=STDIN) from None
