"""The Umbraco Marketplace, as the rest of the product knows a marketplace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from umbmarket.check.catalogue import Catalogue
from umbmarket.check.engine import Facts, Gathered
from umbmarket.check.report import CheckedFile
from umbmarket.umbraco.rules import CATALOGUE

if TYPE_CHECKING:
    from umbmarket.check.marketplace import Inputs, Recognised
    from umbmarket.umbraco.facts import PackageFacts
    from umbmarket.umbraco.workspace import Workspace


class UmbracoMarketplace:
    """A `check.marketplace.Marketplace`. What is slow to import is imported where it is needed."""

    @property
    def catalogue(self) -> Catalogue:
        """The rules of UMB."""
        return CATALOGUE

    @property
    def looks_for(self) -> Sequence[str]:
        """Listings by their names, and packages."""
        from umbmarket.umbraco.file_names import LISTING_STEM

        return f"{LISTING_STEM}.json", f"{LISTING_STEM}-<package id>.json", "packages (.nupkg)"

    def recognises(self, folder: str, names: Sequence[str]) -> Iterable[Recognised]:
        """Listings, Marketplace readmes and packages, see `recognition`."""
        from umbmarket.umbraco.recognition import UMBRACO_FILES

        return UMBRACO_FILES.recognises(folder, names)

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        """The packages that builds left."""
        from umbmarket.umbraco.recognition import UMBRACO_FILES

        return UMBRACO_FILES.recognises_below(folders)

    def claims(self, path: str) -> bool:
        """Whether the name is a listing's or a package's."""
        from umbmarket.umbraco.discovery import classify
        from umbmarket.umbraco.file_names import kind_of_name

        name = path.replace("\\", "/").rpartition("/")[2]
        return classify(path) == "package" or kind_of_name(name) is not None

    def gather(self, inputs: Inputs) -> Gathered:
        """The facts about listings, packages and what belongs together."""
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
        remarks = () if inputs.settings.select else tuple(unchecked(workspace))
        return gathered(workspace)._replace(remarks=(*unreached(workspace), *remarks))


UMBRACO: Final = UmbracoMarketplace()
"""The one object of its kind: it holds nothing."""


def gathered(workspace: Workspace) -> Gathered:
    """What the engine takes: the facts in the order of the report, and the files that were looked at."""
    files = [
        CheckedFile(facts.document.path, "listing", facts.document.parsed, facts.schema_valid, facts.document.faults)
        for facts in workspace.listings
        if facts.read_instead is None
    ]
    files += [CheckedFile(facts.document.path, "package", _parsed(facts), None) for facts in workspace.packages]
    files += [CheckedFile(readme.path, "readme", readme.parsed, None) for readme in workspace.readmes]
    facts: tuple[Facts, ...] = (*workspace.checked_listings, *workspace.packages, *workspace.published, workspace)
    return Gathered(CATALOGUE, facts, files, workspace.online)


def _parsed(facts: PackageFacts) -> Literal["strict", "tolerant", "no"]:
    """How well a package could be read: `tolerant` is what NuGet's own reader would refuse in part."""
    nuspec = facts.document.nuspec
    if nuspec is None or facts.document.unusable is not None:
        return "no"
    return "tolerant" if any(problem.refused_by == "client" for problem in nuspec.problems) else "strict"
