"""Names of properties that come from outside of the files: the environment, the machine, the SDK.

An unset property is empty; one of these is unknown instead, because the files cannot tell. Sources: dotnet/msbuild,
ReservedPropertyNames and Microsoft.Common.*.targets; dotnet/sdk, Microsoft.NET.Sdk.*; reference "Environment variables
are properties unless a file sets them", vectors cond-52 to cond-55.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_NAME = 100
"""Characters of a name that is taken for one of the environment."""

_ENVIRONMENT = re.compile(
    r"(?:ci|tf_build|(?:github|build|appveyor|gitlab|system|agent|release|teamcity|jenkins|travis|circle|bitbucket"
    r"|azure|gitversion|nbgv)_?[a-z0-9_]*_[a-z0-9_]*|appveyor[a-z0-9_]*|teamcity[a-z0-9_]*)"
)
"""Lower-case names of the usual build servers."""

_UPPER_CASE = re.compile(r"[A-Z][A-Z0-9_]*[A-Z0-9]")
"""What is written in capitals is meant as an environment variable; one letter alone is not."""

_OF_SYSTEM = frozenset(
    [
        "os",
        "path",
        "home",
        "user",
        "username",
        "userprofile",
        "userdomain",
        "temp",
        "tmp",
        "appdata",
        "localappdata",
        "programfiles",
        "programdata",
        "programw6432",
        "commonprogramfiles",
        "systemroot",
        "systemdrive",
        "windir",
        "computername",
        "homedrive",
        "homepath",
        "public",
        "comspec",
        "allusersprofile",
        "pwd",
        "shell",
        "hostname",
        "processor_architecture",
        "number_of_processors",
    ]
)

_OF_MACHINE = frozenset(
    [
        "msbuildbinpath",
        "msbuildtoolspath",
        "msbuildtoolspath32",
        "msbuildtoolspath64",
        "msbuildtoolsversion",
        "msbuildextensionspath",
        "msbuildextensionspath32",
        "msbuildextensionspath64",
        "msbuildsdkspath",
        "msbuildversion",
        "msbuildassemblyversion",
        "msbuildfileversion",
        "msbuildsemanticversion",
        "msbuildruntimetype",
        "msbuildnodecount",
        "msbuildstartupdirectory",
        "msbuildprogramfiles32",
        "msbuildframeworktoolspath",
        "msbuildframeworktoolsroot",
        "msbuildruntimeversion",
        "msbuildlasttaskresult",
        "msbuildprojectdefaulttargets",
        "msbuilduserextensionspath",
        "msbuildinteractive",
        "visualstudioversion",
        "visualstudioedition",
        "vsinstalldir",
        "vsinstallroot",
        "vstoolspath",
        "devenvdir",
        "solutiondir",
        "solutionname",
        "solutionpath",
        "solutionfilename",
        "solutionext",
        "roslyntargetspath",
        "netcoreroot",
        "dotnethostpath",
        "dotnet_host_path",
        "netcoretargetingpackroot",
        "netcoresdkversion",
        "netcoresdkruntimeidentifier",
        "netcoresdkportableruntimeidentifier",
        "sdkanalysislevel",
        "bundlednetcoreapptargetframeworkversion",
        "bundlednetcoreapppackageversion",
        "bundlednetstandardtargetframeworkversion",
        "bundlednetstandardpackageversion",
        "netcoreappmaximumversion",
        "netstandardmaximumversion",
        "latestpatchversionfornetcore1_0",
        "microsoftnetcoreappruntimepackdir",
        "nugetpackageroot",
        "nugetpackagefolders",
        "nugettoolversion",
        "nugetprojectstyle",
        "restorepackagespath",
        "restoresources",
        "restoreadditionalprojectsources",
        "projectassetsfile",
        "frameworkpathoverride",
        "frameworksdkroot",
    ]
)

_OF_SDK = frozenset(
    [
        "rootnamespace",
        "outputpath",
        "outdir",
        "baseoutputpath",
        "intermediateoutputpath",
        "baseintermediateoutputpath",
        "msbuildprojectextensionspath",
        "targetdir",
        "targetpath",
        "targetname",
        "targetext",
        "targetfilename",
        "projectdir",
        "projectname",
        "projectpath",
        "projectfilename",
        "projectext",
        "defaultitemexcludes",
        "defaultexcludesinprojectfolder",
        "defineconstants",
        "runtimeidentifiers",
        "appendtargetframeworktooutputpath",
        "appendruntimeidentifiertooutputpath",
        "debugtype",
        "debugsymbols",
        "optimize",
        "enabledefaultitems",
        "enabledefaultcompileitems",
        "enabledefaultnoneitems",
        "enabledefaultembeddedresourceitems",
        "enabledefaultcontentitems",
        "targetframeworkmoniker",
        "targetframeworkrootpath",
        "targetplatformversion",
        "targetplatformmoniker",
        "targetplatformidentifier",
        "netcoretargetingpackversion",
        "product",
        "assemblytitle",
        "assemblyversion",
        "fileversion",
        "informationalversion",
        "packageoutputpath",
        "publishdir",
        "nuspecoutputpath",
        "deterministic",
        "allowedoutputextensionsinpackagebuildoutputfolder",
        "targetsfortfmspecificbuildoutput",
        "documentationfile",
        "staticwebassetbasepath",
        "rids",
        "langversion",
        "configurationname",
        "platformname",
        "platformtarget",
        "processorarchitecture",
        "outputtypeex",
        "warninglevel",
        "nowarn",
        "warningsaserrors",
        "defaultplatform",
        "sourcerevisionid",
        "repositorycommit",
        "netcoreapptargetframeworkversion",
        "_targetframeworkversionwithoutv",
        "effectiveanalysislevel",
        "analysislevel",
        "maxsupportedlangversion",
        "usingmicrosoftnetsdkweb",
        "usingmicrosoftnetsdkrazor",
        "usingmicrosoftnetsdkworker",
        "isaspnetcoreproject",
    ]
)
"""What the SDK sets and is not followed here."""


def outside(key: str, name: str) -> str | None:
    """Why an unset property may have a value all the same, as a clause; None when it is empty.

    Args:
        key: the name in lower case.
        name: the name as written.
    """
    return _outside(key, name) if len(key) <= LONGEST_NAME else None


@lru_cache(maxsize=2_000)
def _outside(key: str, name: str) -> str | None:
    if key in _OF_MACHINE:
        return f"$({name}) depends on the machine"
    if key in _OF_SDK:
        return f"$({name}) is set by the SDK"
    if key in _OF_SYSTEM or _UPPER_CASE.fullmatch(name) or _ENVIRONMENT.fullmatch(key):
        return f"$({name}) may come from the environment"
    return None
