"""UMB701 to UMB703, UMB706 and UMB708: can a project file be read, and does what it says reach the package?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from umbmarket.check.catalogue import rule
from umbmarket.findings import WHOLE_DOCUMENT, JsonValue, Observation, RelatedPlace, Severity, quote, visible
from umbmarket.umbraco.named_files import is_solution
from umbmarket.umbraco.project_facts import ProjectFacts

if TYPE_CHECKING:
    from umbmarket.umbraco.package_differences import Differences

_LONGEST_REASON = 200
"""Code points of a reason that a message quotes."""

_IN_WORDS = {
    "id": "the id",
    "tags": "the tags",
    "title": "the title",
    "description": "the description",
    "authors": "the authors",
    "projectUrl": "the project URL",
    "icon": "the icon",
    "iconUrl": "the icon URL",
    "readme": "the readme",
    "license": "the licence",
    "packageTypes": "the package type",
    "dependencies": "the dependencies",
}

_MOST_NAMED = 4
"""Unknowns and ranges that one message names."""


@rule(
    "UMB701",
    "project-not-readable",
    Severity.ERROR,
    why="MSBuild or NuGet stops at this, so nothing is packed",
    always=True,
)
def project_not_readable(facts: ProjectFacts) -> Iterator[Observation]:
    """A project file that MSBuild rejects, with MSBuild's own error code, or a nuspec that NuGet cannot read.

    Such as XML that is not well-formed, a missing import, a condition that cannot be evaluated, a circular import, or
    an unknown element or attribute. Reported for projects that are for the Marketplace or were named on the command
    line, which includes a named file, or a solution, that cannot be read. Missing SDKs, workloads and targets are not
    an error; what they would change is not known (UMB702).

    Why it matters:
        `dotnet pack` fails, and the rules about the package cannot be applied.

    Bad:
        <PropertyGroup condition="'$(Configuration)' == 'Release'">

    Good:
        <PropertyGroup Condition="'$(Configuration)' == 'Release'">
    """
    if not facts.is_meant:
        return
    unreadable = facts.planned.unreadable
    if unreadable is not None and facts.named and not facts.planned.refused_nuspec:
        yield Observation(
            f"the {_what(facts)} cannot be read: {visible(unreadable[:_LONGEST_REASON])}",
            facts.planned.place_of(None),
            args={"code": None},
            document=facts.planned,
        )
        return
    evaluation = facts.planned.plan.evaluation
    for problem in evaluation.problems if evaluation is not None else ():
        yield Observation(
            f"MSBuild rejects the project with {problem.code}: {visible(problem.detail[:_LONGEST_REASON])}",
            facts.planned.place_of(problem.place),
            help=_MSB_HELP.get(problem.code, "correct it; `dotnet build` shows the same error"),
            args={"code": problem.code},
            document=facts.planned,
        )
    for refused in facts.planned.refused_nuspec:
        detail = visible(refused.detail[:_LONGEST_REASON])
        is_whole = detail.startswith(("the nuspec ", "umbmarket "))
        yield Observation(
            detail if is_whole else f"NuGet cannot read the nuspec: {detail}",
            refused.place,
            args={"code": None},
            document=facts.planned,
        )


def _what(facts: ProjectFacts) -> str:
    """What the user named."""
    path = facts.planned.path
    return "nuspec" if path.lower().endswith(".nuspec") else "solution" if is_solution(path) else "project"


_MSB_HELP = {
    "MSB4019": "check the path and its letter case, or add a Condition with Exists(...) to the import",
    "MSB4025": "correct the XML here; write & as &amp; and < as &lt;",
    "MSB4086": "compare only numbers or versions of two to four parts; an empty value is neither",
}


@rule(
    "UMB702",
    "project-unknowns",
    Severity.INFO,
    other_severities=(Severity.WARNING,),
    why="umbmarket does not check values that it cannot determine",
)
def project_unknowns(facts: ProjectFacts) -> Iterator[Observation]:
    """Parts of the package that cannot be determined from the project files, and why.

    Reported once for each project that is for the Marketplace or was named on the command line. The version is not
    among them, because build servers often set it; the summary mentions it. Copyright, release notes and the repository
    URL do not count either. A warning for a named project of which nothing is known, or that is not packed.

    Why it matters:
        Values from environment variables, targets, unknown SDKs or files outside of the repository are not guessed.
        Check the package too, once it is packed: `umbmarket validate artifacts/*.nupkg`.

    Bad:
        <PackageTags>$(TAGS_OF_THE_BUILD_SERVER)</PackageTags>

    Good:
        <PackageTags>umbraco-marketplace;search</PackageTags>
    """
    planned = facts.planned
    if not facts.is_meant or _is_refused(facts):
        return
    whole = planned.plan.whole
    severity = Severity.WARNING if facts.named else None
    if whole is not None:
        message = f"the package of this project is not known: {visible(whole.reason[:_LONGEST_REASON])}"
        args: dict[str, JsonValue] = {"unknown": {"": whole.reason}}
    elif planned.plan.packable is False:
        message = "dotnet pack does not pack this project: it is a test project, a website, or IsPackable is false"
        args = {"packable": False}
    else:
        unknown = dict(facts.missed)
        packable = planned.plan.packable
        if not isinstance(packable, bool):
            unknown["whether it is packed"] = packable.reason
        if not unknown:
            return
        named = [
            f"{visible(_IN_WORDS.get(name, name))} ({visible(reason[:_LONGEST_REASON])})"
            for name, reason in list(unknown.items())[:_MOST_NAMED]
        ]
        more = f" and {len(unknown) - _MOST_NAMED} more" if len(unknown) > _MOST_NAMED else ""
        severity = None
        message = f"not known from the project files: {', '.join(named)}{more}"
        args = {"unknown": dict[str, JsonValue](unknown)}
    yield Observation(
        message,
        planned.place_of(None),
        help="check the package too, once it is packed: `umbmarket validate path/to/package.nupkg`",
        args=args,
        severity=severity,
        document=planned,
    )


def _is_refused(facts: ProjectFacts) -> bool:
    """Whether UMB701 tells that MSBuild refuses it, or that it cannot be read."""
    evaluation = facts.planned.plan.evaluation
    is_refused = evaluation is not None and bool(evaluation.problems)
    return is_refused or bool(facts.planned.refused_nuspec) or (facts.named and facts.planned.unreadable is not None)


@rule(
    "UMB703",
    "directory-file-case",
    Severity.WARNING,
    why="on Linux, where most build servers run, MSBuild does not read the file under this name",
)
def directory_file_case(facts: ProjectFacts) -> Iterator[Observation]:
    """A `Directory.Build.props`, `Directory.Build.targets` or `Directory.Packages.props` in another letter case.

    The file is used on Windows and macOS, but not on Linux, so its values count as not known.

    Why it matters:
        A package that is packed on a Linux build server lacks what the file sets, such as the tag or the project URL,
        while the same package packed on Windows has it. 2 of 205 public projects for the Marketplace have such a file.

    Bad:
        Directory.Build.Props

    Good:
        Directory.Build.props
    """
    if not facts.is_meant:
        return
    for misnamed in facts.misnamed:
        name, path = misnamed.root.file.name, facts.planned.files.of(misnamed.root.file).path
        renamed = f"{path.removesuffix(name)}{misnamed.expected}"
        yield Observation(
            f"{quote(name)} is read on Windows and macOS, but not on Linux, where it must be called"
            f" {quote(misnamed.expected)}",
            facts.planned.place_of(misnamed.root),
            help=f"rename it: `git mv {visible(path)} {visible(renamed)}`",
            args={"name": name, "expected": misnamed.expected},
            document=facts.planned,
        )


@rule(
    "UMB706",
    "metadata-per-framework",
    Severity.WARNING,
    why="the package has one set of metadata for all target frameworks, so what is set for one of them is lost",
)
def metadata_per_framework(facts: ProjectFacts) -> Iterator[Observation]:
    """Package metadata that is set for one target framework only, in a project with several.

    `dotnet pack` evaluates tags, title, description and the like without a target framework. Conditions on items, such
    as references, are fine.

    Why it matters:
        The package silently gets the value from outside the condition, which is usually empty.

    Bad:
        <PropertyGroup Condition="'$(TargetFramework)' == 'net10.0'">
          <PackageTags>umbraco-marketplace</PackageTags>
        </PropertyGroup>

    Good:
        <PropertyGroup>
          <PackageTags>umbraco-marketplace</PackageTags>
        </PropertyGroup>
    """
    if not facts.is_meant:
        return
    for lost in facts.lost_metadata:
        yield Observation(
            f"{visible(lost.name)} for {visible(lost.framework)} does not get into the package, which has"
            f" {quote(lost.kept) if lost.kept else 'none'}",
            facts.planned.place_of(lost.source),
            help="set it without a condition on the target framework",
            args={"property": lost.name, "framework": lost.framework, "lost": lost.value, "kept": lost.kept},
            document=facts.planned,
        )


@rule(
    "UMB708",
    "package-differs-from-project",
    Severity.WARNING,
    other_severities=(Severity.INFO,),
    why="you push the package, which lacks the latest changes of the project",
)
def package_differs_from_project(facts: ProjectFacts) -> Iterator[Observation]:
    """A package that differs from its project in version, tag or Umbraco range, because it was packed before a change.

    If the package was named on the command line, the rules check the package. If it was only found, such as an old one
    in `bin`, they check the project. An info if only the version differs. A newer version is not reported, as the build
    may set it.

    Why it matters:
        The package does not contain the latest changes of the project.

    Bad:
        bin/Release/My.Package.1.0.0.nupkg without the tag, beside a project that has it

    Good:
        the package packed again: dotnet pack
    """
    packed, differences = facts.packed, facts.differences
    if packed is None or differences is None or not facts.is_meant or not differences.is_older:
        return
    words = list(_in_words(differences))
    is_grave = differences.tagged is not None or bool(differences.ranges)
    only_version = differences.version is not None and not is_grave
    more = f" and {len(words) - _MOST_NAMED} more" if len(words) > _MOST_NAMED else ""
    yield Observation(
        f"{quote(packed.path, _LONGEST_REASON)} is out of date: {', '.join(words[:_MOST_NAMED])}{more}",
        facts.planned.place_of(None),
        help="pack it again before you push it" + ("" if facts.packed_counts else ", or remove it"),
        args={"package": packed.path, "counts": "package" if facts.packed_counts else "project"},
        severity=Severity.INFO if only_version or differences.version is not None else None,
        document=facts.planned,
        related=(RelatedPlace(packed, WHOLE_DOCUMENT, "the package that was packed"),),
    )


def _in_words(differences: Differences) -> Iterator[str]:
    if differences.version is not None:
        old, new = differences.version
        yield f"it has version {visible(old.normalized)}, the project {visible(new.normalized)}"
    if differences.tagged is not None:
        yield "only it has the tag" if differences.tagged else "only the project has the tag"
    for name, old_range, new_range in differences.ranges:
        yield f"it has {visible(name)} {visible(old_range)}, the project {visible(new_range)}"
