"""What the .NET SDK and NuGet do to properties before and after the body of a project.

Sources: dotnet/sdk, Microsoft.NET.Sdk.props, Microsoft.NET.DefaultAssemblyInfo.targets,
Microsoft.NET.TargetFrameworkInference.targets, Web.ProjectSystem.props, Microsoft.NET.PackTool.targets; dotnet/msbuild,
Microsoft.Common.props and .targets; NuGet.Client, NuGet.props and NuGet.Build.Tasks.Pack.targets; reference section 1.
"""

from __future__ import annotations

from umbmarket.nuget.project.conditions import says_true
from umbmarket.nuget.project.construction import Construction, Import
from umbmarket.nuget.project.escaping import escape, unescape
from umbmarket.nuget.project.framework_functions import target_framework, version_text
from umbmarket.nuget.project.project_files import Element, normalized
from umbmarket.nuget.project.property_pass import Halted, PropertyPass
from umbmarket.nuget.project.recorded import ImplicitItems
from umbmarket.nuget.project.unknown import ProjectRefused, Unknown

WEB_SDK = "Microsoft.NET.Sdk.Web"
BLAZOR_SDK = "Microsoft.NET.Sdk.BlazorWebAssembly"
SDKS = frozenset(
    {
        "Microsoft.NET.Sdk",
        WEB_SDK,
        "Microsoft.NET.Sdk.Razor",
        "Microsoft.NET.Sdk.Worker",
        BLAZOR_SDK,
        "Microsoft.NET.Sdk.StaticWebAssets",
        "Microsoft.NET.Sdk.WindowsDesktop",
        "Microsoft.NET.Sdk.Publish",
    }
)
"""SDKs that come with .NET; what another one does is unknown. On Linux their letter case counts."""

_EXECUTABLE = frozenset({WEB_SDK, "Microsoft.NET.Sdk.Worker", BLAZOR_SDK})

OLD_STYLE = "it is not an SDK-style project: `dotnet pack` does not pack it, and nuget.exe packs what a .nuspec says"
"""Why nothing is known of a project without an SDK."""

LANGUAGES = {".csproj": "C#", ".vbproj": "VB", ".fsproj": "F#"}


class SdkEvaluation(PropertyPass):
    """The property pass with what the SDK adds to it."""

    _sdks: tuple[str, ...] = ()
    _has_props = False
    _has_targets = False

    def evaluate(self, read: Construction) -> None:
        """Evaluate the project; what MSBuild refuses is in `problems`, and `whole` says why nothing is known."""
        try:
            if read.refusal is not None:
                self.refuse(*read.refusal)
            if read.sdks:
                self._take_sdks(read.sdks)
                self._props()
            self.run(read)
            if read.sdks and self.whole is None:
                self._targets()
            if not self._has_props and self.whole is None:
                self.whole = Unknown(OLD_STYLE)
        except Halted:
            problem = self.problems[0]
            self.whole = Unknown(f"MSBuild refuses {problem.file.path}: {problem.detail} ({problem.code})")

    def import_sdk(self, statement: Import) -> None:
        """See `PropertyPass`: the two halves of an SDK, imported by hand."""
        if self._doubt is not None:
            self.become_unknown(Unknown("an SDK is imported under a condition"))
        name = statement.project.strip().lower()
        self._take_sdks(tuple({**dict.fromkeys(self._sdks), statement.sdk.strip(): None}))
        if name == "sdk.props" and not self._has_props:
            self._props()
        elif name == "sdk.targets" and not self._has_targets:
            self._targets()
        elif name not in ("sdk.props", "sdk.targets"):
            self.become_unknown(Unknown(f"umbmarket does not know what {statement.project[:60]} of the SDK does"))

    def _take_sdks(self, sdks: tuple[str, ...]) -> None:
        self._sdks = tuple(sdk.partition("/")[0].strip() for sdk in sdks)
        foreign = next((sdk for sdk in self._sdks if sdk not in SDKS), None)
        if foreign is not None:
            self.whole = self.whole or Unknown(f"umbmarket does not know what the SDK {foreign[:60]} does")

    def _is(self, *names: str) -> bool:
        return not set(names).isdisjoint(self._sdks)

    def _text(self, key: str) -> str | Unknown:
        value = self._now(key)
        return value if isinstance(value, Unknown) else unescape(value)

    def _props(self) -> None:
        """Everything that comes before the body."""
        self._has_props = True
        self.default("usingmicrosoftnetsdk", "true")
        folder = self.project.folder
        self._directory_file("directorybuildpropspath", "importdirectorybuildprops", "Directory.Build.props", folder)
        self._directory_file(
            "directorypackagespropspath", "importdirectorypackagesprops", "Directory.Packages.props", folder
        )
        self.recorded.append(ImplicitItems("global package references"))
        self.default("outputtype", "Exe" if self._is(*_EXECUTABLE) else "Library")
        self.default("assemblyname", self.values["msbuildprojectname"])
        self.default("platform", "AnyCPU")
        if self._is(WEB_SDK):
            self.default("ispackable", "false")
        if self._is(BLAZOR_SDK):
            self.default("ispackable", Unknown(f"whether a project of {BLAZOR_SDK} is packed is not known"))

    def _directory_file(self, path_key: str, switch: str, name: str, folder: str) -> None:
        """Import `Directory.Build.props` or one of its sisters, or what was named instead."""
        before = self._doubt
        # That an import which nobody can read moves this file, too, is not to be expected.
        wanted = self._text(switch) if self.values.get(switch, self._fog) is not self._fog else ""
        if isinstance(wanted, Unknown):
            self._doubting(wanted)
        elif wanted and not says_true(wanted):
            return
        path = self._text(path_key) if self.values.get(path_key, self._fog) is not self._fog else ""
        if isinstance(path, Unknown):
            self.become_unknown(Unknown(f"an import is not known: {path.reason}"))
        elif not path:
            self.import_nearest(name, folder)
        else:
            full = normalized(path.strip(), folder)
            there = self.files.find(full)
            if isinstance(there, Unknown):
                self.become_unknown(there)
            elif there is not None:
                self.import_file(full, None)
        self._doubt = before

    def _targets(self) -> None:
        """Everything that comes after the body."""
        self._has_targets = True
        self._versions()
        self.default("authors", self._now("assemblyname"))
        self.default("company", self._now("authors"))
        self._frameworks()
        self.recorded.append(ImplicitItems("framework packages"))
        self._user_file()
        self._directory_file(
            "directorybuildtargetspath", "importdirectorybuildtargets", "Directory.Build.targets", self.project.folder
        )
        self._pack()

    def _now(self, key: str) -> str | Unknown:
        """The escaped value of a property that no environment variable is called like."""
        value = self.values.get(key)
        return value if value is not None else self._fog or ""

    def _versions(self) -> None:
        self.default("versionprefix", "1.0.0")
        version = self.values.get("version", "")
        prefix, suffix = self._now("versionprefix"), self._now("versionsuffix")
        if isinstance(version, Unknown) or version:
            return
        if isinstance(suffix, Unknown) or isinstance(prefix, Unknown):
            self.default("version", suffix if isinstance(suffix, Unknown) else prefix)
        else:
            self.default("version", f"{prefix}-{suffix}" if suffix else prefix)

    def _frameworks(self) -> None:
        written = self._text("targetframework")
        if isinstance(written, Unknown):
            self.default("targetframeworkidentifier", written)
            self.default("targetframeworkversion", written)
        elif written:
            framework = target_framework(written)
            self.default("projectname", self.values["msbuildprojectname"])
            self.default("projectfilename", self.values["msbuildprojectfile"])
            self.default("projectpath", self.values["msbuildprojectfullpath"])
            self.default("projectext", self.values["msbuildprojectextension"])
            if framework.is_known:
                self.default("targetframeworkidentifier", escape(framework.identifier))
                self.default("targetframeworkversion", f"v{version_text(framework)}")

    def _user_file(self) -> None:
        path = f"{self.project.real_path}.user"
        if isinstance(self.files.find(path), str):
            before = self._doubt
            if not self._text("targetframework"):
                self._doubting(Unknown("whether the .user file counts is not known"))
            self.import_file(path, None)
            self._doubt = before

    def _pack(self) -> None:
        tool = self._text("packastool")
        if isinstance(tool, Unknown):
            self.default("packagetype", tool)
            self.default("includebuildoutput", tool)
        elif says_true(tool):
            self.set("packagetype", "DotnetTool", None)
            self.set("includebuildoutput", "false", None)
        self.default("packageid", self._now("assemblyname"))
        self.default("packageversion", self._now("version"))
        description = self._now("description")
        self.default("packagedescription", "Package Description" if description == "" else description)
        test = self._text("istestproject")
        if isinstance(test, Unknown):
            self.default("ispackable", test)
        else:
            self.default("ispackable", "false" if says_true(test) else "true")
        self.default("includebuildoutput", "true")
        self.default("generatepackageonbuild", "false")
        self.default("suppressdependencieswhenpacking", "false")
        extension = self.values["msbuildprojectextension"]
        language = LANGUAGES.get(extension.lower()) if isinstance(extension, str) else None
        if language is not None:
            self.default("language", language)


__all__ = ["OLD_STYLE", "Element", "ProjectRefused", "SdkEvaluation"]
