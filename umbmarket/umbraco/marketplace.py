"""The Umbraco Marketplace, as the rest of the product knows a marketplace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from umbmarket.check.catalogue import Catalogue
from umbmarket.check.engine import Facts, Gathered
from umbmarket.check.report import CheckedFile
from umbmarket.umbraco.rules import CATALOGUE

if TYPE_CHECKING:
    from umbmarket.check.engine import Origins
    from umbmarket.check.marketplace import Inputs, Listed, Recognised
    from umbmarket.umbraco.archive_facts import ArchiveFacts
    from umbmarket.umbraco.project_facts import ProjectFacts
    from umbmarket.umbraco.workspace import Workspace


MOST_SKIPPED = 20
"""Files that the summary names one by one as not checked; a solution may list any number."""


class UmbracoMarketplace:
    """A `check.marketplace.Marketplace`. What is slow to import is imported where it is needed."""

    @property
    def catalogue(self) -> Catalogue:
        """The rules of UMB."""
        return CATALOGUE

    @property
    def looks_for(self) -> Sequence[str]:
        """Listings by their names, packages, and projects that are packed."""
        from umbmarket.umbraco.file_names import LISTING_STEM

        projects = 'projects with the tag "umbraco-marketplace" (.csproj)'
        return f"{LISTING_STEM}.json", f"{LISTING_STEM}-<package id>.json", "packages (.nupkg)", projects

    def recognises(self, folder: str, names: Sequence[str]) -> Iterable[Recognised]:
        """Listings, Marketplace readmes, packages and projects, see `recognition`."""
        from umbmarket.umbraco.recognition import UMBRACO_FILES

        return UMBRACO_FILES.recognises(folder, names)

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        """The packages that builds left."""
        from umbmarket.umbraco.recognition import UMBRACO_FILES

        return UMBRACO_FILES.recognises_below(folders)

    def claims(self, path: str) -> bool:
        """Whether the name is a listing's, a package's or a project's."""
        from umbmarket.umbraco.file_names import kind_of_name
        from umbmarket.umbraco.named_files import classify

        name = path.replace("\\", "/").rpartition("/")[2]
        return classify(path) != "listing" or kind_of_name(name) is not None

    def listed_in(self, path: str) -> Sequence[Listed] | None:
        """The projects of a solution, see `named_files`."""
        from umbmarket.umbraco.named_files import listed_in

        return listed_in(path)

    def gather(self, inputs: Inputs) -> Gathered:
        """The facts about listings, packages, projects and what belongs together."""
        from umbmarket.umbraco.discovery import read_inputs
        from umbmarket.umbraco.gathering import gather
        from umbmarket.umbraco.unchecked import unchecked, unreached

        found = read_inputs(inputs)
        answers = None
        if inputs.online is not None:
            # Late: whoever does not ask the network must not pay for HTTP.
            from umbmarket.umbraco.online.questions import answers_about

            answers = answers_about(found, inputs.selection, inputs.online)
        workspace = gather(found, answers)
        # Whoever selects rules knows that others are left out.
        remarks = () if inputs.selection.wanted is not None else tuple(unchecked(workspace))
        skipped = [f"{path} was not checked: {problem}" for path, problem in found.skipped[:MOST_SKIPPED]]
        if len(found.skipped) > MOST_SKIPPED:
            skipped.append(f"{len(found.skipped) - MOST_SKIPPED:,} more files were not checked")
        return gathered(workspace)._replace(remarks=(*unreached(workspace), *remarks, *skipped))


UMBRACO: Final = UmbracoMarketplace()
"""The one object of its kind: it holds nothing."""


def gathered(workspace: Workspace) -> Gathered:
    """What the engine takes: the facts in the order of the report, and the files that were looked at."""
    files = [
        CheckedFile(facts.document.path, "listing", facts.document.parsed, facts.schema_valid, facts.document.faults)
        for facts in workspace.listings
        if facts.read_instead is None
    ]
    files += [CheckedFile(facts.document.path, "package", _parsed(facts), None) for facts in workspace.archives]
    files += [
        CheckedFile(facts.planned.path, "project", _planned(facts), None)
        for facts in workspace.projects
        if facts.is_meant
    ]
    files += [CheckedFile(readme.path, "readme", readme.parsed, None) for readme in workspace.readmes]
    facts: tuple[Facts, ...] = (
        *workspace.checked_listings,
        *workspace.archives,
        *workspace.packages,
        *workspace.projects,
        *workspace.published,
        workspace,
    )
    return Gathered(CATALOGUE, facts, files, workspace.online, origins=_origins(workspace))


def _origins(workspace: Workspace) -> Origins | None:
    """Where findings about what projects would be packed to stand; None without projects."""
    if not workspace.projects:
        return None
    from umbmarket.umbraco.origins import Origins as OriginsOfRun

    return OriginsOfRun(workspace.projects)


def _planned(facts: ProjectFacts) -> Literal["strict", "tolerant", "no"]:
    """How well a project could be read: `tolerant` is what leaves something unknown."""
    if facts.planned.sound_nuspec is None:
        return "no"
    return "tolerant" if facts.missed else "strict"


def _parsed(facts: ArchiveFacts) -> Literal["strict", "tolerant", "no"]:
    """How well a package could be read: `tolerant` is what NuGet's own reader would refuse in part."""
    nuspec = facts.document.nuspec
    if nuspec is None or facts.document.unusable is not None:
        return "no"
    return "tolerant" if any(problem.refused_by == "client" for problem in nuspec.problems) else "strict"
