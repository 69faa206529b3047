"""From properties to the texts of a nuspec, as NuGet's Pack task writes them.

Sources: NuGet.Client, PackTaskLogic, PackageBuilder and Manifest; reference section 9; the nuspec vectors.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from umbmarket.nuget import InvalidVersion, NuGetVersion
from umbmarket.nuget.project.conditions import says_true
from umbmarket.nuget.project.evaluation import Evaluation
from umbmarket.nuget.project.items import SourcePlace
from umbmarket.nuget.project.project_files import local_name
from umbmarket.nuget.project.unknown import Unknown

VERSION_TOOL = re.compile(r"minver|gitversion\.msbuild|gitversiontask|gitinfo|.+\.gitversioning(?:\.extensions)?")
"""Packages, in lower case, whose targets set the version when it is built (42 of 205 real packages have one)."""

TEST_SDK = "microsoft.net.test.sdk"
"""A reference to it makes a test project, which is not packed."""

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_AUTHORITY = re.compile(r"(?:[^@]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^:@\[\]]*)(?::(?P<port>[^@]*))?")
_PLAIN_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[\w.~-]+")
_HIGHEST_PORT = 65_535
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold; `%00` in a project file can write it."""


class Fact(NamedTuple):
    """One text of the package.

    Attributes:
        value: the text, None where there is none, or why it is not known.
        source: the element that it comes from; None for a default.
    """

    value: str | Unknown | None
    source: SourcePlace | None = None


def join_tags(text: str) -> str:
    """`PackageTags` as the nuspec has them: split at `;` alone, trimmed, each once, joined by blanks."""
    return " ".join(dict.fromkeys(part for piece in text.split(";") if (part := piece.strip())))


def join_authors(text: str) -> str:
    """`Authors` as the nuspec has them."""
    return ",".join(part for piece in text.split(";") if (part := piece.strip()))


def project_url(text: str) -> str | Unknown | None:
    """`PackageProjectUrl` as the nuspec has it: dropped where it is no absolute URI."""
    text = text.strip()
    found = _SCHEME.fullmatch(text)
    if found is None:
        if text.startswith(("/", "\\\\")):
            return Unknown("the path counts as a URL on Linux, but not on Windows")
        return None
    scheme, rest = found["scheme"].lower(), found["rest"]
    if len(scheme) == 1:
        return Unknown("the path counts as a URL on Windows, but not on Linux")
    if scheme in ("http", "https", "ftp"):
        authority = re.split(r"[/?#\\]", rest[2:], maxsplit=1)[0]
        if not rest.startswith("//") or any(char.isspace() for char in authority):
            return None
        parts = _AUTHORITY.fullmatch(authority)
        if parts is None or (parts["host"] and not _PLAIN_HOST.fullmatch(parts["host"])):
            return Unknown("it is not known whether .NET accepts this host")
        port = parts["port"] or "0"
        if not parts["host"] or not (port.isascii() and port.isdigit()) or int(port[:6]) > _HIGHEST_PORT:
            return None
    return text if rest else None


class Metadata:
    """What the nuspec of a project would say, but its dependencies and files."""

    def __init__(self, evaluation: Evaluation) -> None:
        """Nothing is looked at before it is asked for."""
        self.evaluation = evaluation
        self._set_by_targets = _set_by_targets(evaluation)

    def fact(self, *names: str) -> Fact:
        """The first of these properties that is not empty, trimmed; an unknown one ends the search."""
        evaluation = self.evaluation
        for name in names:
            if name.lower() in self._set_by_targets:
                return Fact(Unknown(f"a target sets {name}"), evaluation.place_of(name))
            value = evaluation.value(name)
            if isinstance(value, Unknown):
                return Fact(value, evaluation.place_of(name))
            if "@(" in value:
                return Fact(
                    Unknown(f"{name} refers to items, which are known only when the package is made"),
                    evaluation.place_of(name),
                )
            text = _INVALID.sub("", value).strip()
            if text:
                return Fact(text, self._source(name, value))
        return Fact(None, next((place for name in names if (place := evaluation.place_of(name)) is not None), None))

    def _source(self, name: str, value: str) -> SourcePlace | None:
        """Where a value comes from: a default stands where that stands which it was made of."""
        made_of = {
            "packageid": ("AssemblyName",),
            "packageversion": ("Version", "VersionPrefix"),
            "packagedescription": ("Description",),
            "authors": ("AssemblyName",),
        }
        place = self.evaluation.place_of(name)
        if place is not None:
            return place
        for other in made_of.get(name.lower(), ()):
            place = self.evaluation.place_of(other)
            if place is not None and (self.evaluation.value(other) == value or other == "VersionPrefix"):
                return place
        return None

    def flag(self, name: str) -> bool | Unknown:
        """Whether a property is `true`, or what conditions take for that, such as `yes`."""
        value = self.evaluation.value(name)
        return value if isinstance(value, Unknown) else says_true(value)

    def version(self) -> Fact:
        """The version; unknown where a tool sets it, nobody wrote one, or what is written is none."""
        tool = self.version_tool()
        if tool is not None:
            return Fact(Unknown(f"{tool} sets the version during the build"))
        names = ("PackageVersion", "Version", "VersionPrefix", "VersionSuffix")
        if not any(self.evaluation.is_set(name) for name in names):
            return Fact(Unknown("no file sets it"))
        for name in names[1:]:
            if name.lower() in self._set_by_targets and not self.evaluation.is_set("PackageVersion"):
                return Fact(Unknown(f"a target sets {name}"))
        found = self.fact("PackageVersion")
        if isinstance(found.value, str):
            try:
                NuGetVersion.parse(found.value)
            except InvalidVersion:
                reason = Unknown(f"{found.value[:60]} is not a version, so the build has to replace it")
                return Fact(reason, found.source)
        return found

    def version_tool(self) -> str | None:
        """The package that sets the version, or None."""
        names = (item.include for item in self.evaluation.possible_items("PackageReference", every=True))
        return next((name for name in names if VERSION_TOOL.fullmatch(name.lower())), None)

    def packable(self) -> bool | Unknown:
        """Whether `dotnet pack` packs the project."""
        if self.evaluation.whole is not None:
            return self.evaluation.whole
        written = self.evaluation.is_set("IsPackable")
        if not written:
            for item in self.evaluation.possible_items("PackageReference", every=True):
                if item.include.lower() == TEST_SDK:
                    return False
        return self.flag("IsPackable")

    def tags(self) -> Fact:
        """`PackageTags`."""
        found = self.fact("PackageTags")
        return Fact(join_tags(found.value) or None, found.source) if isinstance(found.value, str) else found

    def authors(self) -> Fact:
        """`Authors`."""
        found = self.fact("Authors")
        return Fact(join_authors(found.value) or None, found.source) if isinstance(found.value, str) else found

    def url(self) -> Fact:
        """`PackageProjectUrl`; what pack drops is none."""
        found = self.fact("PackageProjectUrl")
        return Fact(project_url(found.value), found.source) if isinstance(found.value, str) else found

    def repository_url(self) -> Fact:
        """`RepositoryUrl`, which the git remote may fill."""
        found = self.fact("RepositoryUrl")
        if found.value is None:
            publish = self.flag("PublishRepositoryUrl")
            if publish is not False:
                reason = (
                    publish if isinstance(publish, Unknown) else Unknown("the build takes the URL of the git remote")
                )
                return Fact(reason, self.evaluation.place_of("PublishRepositoryUrl"))
        return found


def _set_by_targets(evaluation: Evaluation) -> frozenset[str]:
    """Properties, in lower case, that some target sets."""
    found: set[str] = set()
    for element in evaluation.target_elements():
        for group in element.iter("{*}PropertyGroup"):
            found.update(local_name(child).lower() for child in group)
    return frozenset(found)
