"""What pack refuses of the files and the licence that a project names.

Source: NuGet.Client, PackTaskLogic and PackageBuilder: NU5046, NU5039, NU5030, NU5033 and NU5035; reference section 9.
"""

from __future__ import annotations

from umbmarket.nuget.project.evaluation import ProjectProblem
from umbmarket.nuget.project.items import SourcePlace
from umbmarket.nuget.project.pack_metadata import Metadata
from umbmarket.nuget.project.packed_items import PlannedFile
from umbmarket.nuget.project.unknown import Unknown

Named = PlannedFile | Unknown | None


def file_problems(icon: Named, readme: Named, license_file: Named, metadata: Metadata) -> list[ProjectProblem]:
    """What is named and not packed for certain, and more than one licence."""
    project = metadata.evaluation.project
    whole = SourcePlace(project, project.root)
    found: list[ProjectProblem] = []
    for file, code, what in (
        (icon, "NU5046", "icon"),
        (readme, "NU5039", "readme"),
        (license_file, "NU5030", "licence file"),
    ):
        if isinstance(file, PlannedFile) and file.is_packed is False:
            detail = f"no item packs the {what} {file.declared[:100]}"
            found.append(ProjectProblem(code, detail, file.source_place or whole))
    facts = {
        name: metadata.fact(name) for name in ("PackageLicenseExpression", "PackageLicenseFile", "PackageLicenseUrl")
    }
    given = [name for name, fact in facts.items() if isinstance(fact.value, str)]
    if "PackageLicenseExpression" in given and "PackageLicenseFile" in given:
        place = facts["PackageLicenseFile"].source or whole
        found.append(ProjectProblem("NU5033", "a licence expression and a licence file exclude each other", place))
    elif "PackageLicenseUrl" in given and len(given) > 1:
        place = facts["PackageLicenseUrl"].source or whole
        found.append(ProjectProblem("NU5035", "PackageLicenseUrl is set as well as another licence", place))
    return found
