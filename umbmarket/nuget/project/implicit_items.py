"""Items that NuGet and the SDK add: references from the central file, and those that stand for an old framework.

Sources: NuGet.Client, NuGet.props; dotnet/sdk, Microsoft.NET.Sdk.DefaultItems.targets; vectors cpm-05,
cpm-21 and tfm-14.
"""

from __future__ import annotations

from umbmarket.nuget.project.conditions import says_true
from umbmarket.nuget.project.escaping import unescape
from umbmarket.nuget.project.framework_functions import target_framework
from umbmarket.nuget.project.items import WorkingItem
from umbmarket.nuget.project.property_pass import PropertyPass
from umbmarket.nuget.project.unknown import Unknown

GLOBAL_ASSETS = "Runtime;Build;Native;contentFiles;Analyzers"
"""`IncludeAssets` of a global reference."""


def add_global_references(lists: dict[str, list[WorkingItem]], properties: PropertyPass) -> None:
    """Each `GlobalPackageReference` so far is a private reference with a central version."""
    found = lists.get("globalpackagereference")
    if not found:
        return
    switch = properties.property_value("managepackageversionscentrally", "ManagePackageVersionsCentrally")
    if not isinstance(switch, Unknown) and not says_true(switch):
        return
    doubt = switch if isinstance(switch, Unknown) else None
    for each in found:
        if "packageversion" in lists:
            lists["packageversion"].append(each.copy(each.file, each.element, doubt))
        if "packagereference" in lists:
            made = each.copy(each.file, each.element, doubt)
            made.metadata["version"] = ("Version", "")
            made.metadata["includeassets"] = ("IncludeAssets", GLOBAL_ASSETS)
            made.metadata["privateassets"] = ("PrivateAssets", "All")
            lists["packagereference"].append(made)


def framework_packages(properties: PropertyPass) -> list[WorkingItem]:
    """The private reference to `NETStandard.Library` before .NET Standard 2.1; none for other frameworks."""
    written = properties.property_value("targetframework", "TargetFramework")
    disabled = properties.property_value("disableimplicitframeworkreferences", "DisableImplicitFrameworkReferences")
    if not written or isinstance(written, Unknown) or isinstance(disabled, Unknown) or says_true(disabled):
        return []
    framework = target_framework(unescape(written))
    major, minor = framework.version[:2]
    if framework.identifier != ".NETStandard" or (major, minor) >= (2, 1):
        return []
    item = WorkingItem("NETStandard.Library", properties.project, None, None)
    for name, value in (
        ("Version", "2.0.3" if major == 2 else "1.6.1"),
        ("IsImplicitlyDefined", "true"),
        ("PrivateAssets", "All"),
        ("Publish", "true"),
    ):
        item.metadata[name.lower()] = (name, value)
    return [item]
