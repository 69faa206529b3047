"""The credentials for a package source, taken from the environment the way NuGet takes them.

`NuGetPackageSourceCredentials_<name>` holds `Username=..;Password=..[;ValidAuthenticationTypes=..]`
(NuGet.Client, PackageSourceProvider.ReadCredentialFromEnvironment). What is malformed is ignored, as there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from umbmarket.web.credentials import Credentials, Feed, split_userinfo

ENVIRONMENT_PREFIX = "NuGetPackageSourceCredentials_"
"""The variable's name up to the name of the source."""

# The pattern of NuGet.Client's PackageSourceProvider, with .NET's CultureInvariant IgnoreCase.
_VALUE = re.compile(
    r"^Username=(?P<user>.*?);\s*Password=(?P<password>.*?)(?:;ValidAuthenticationTypes=(?P<types>.*?))?$",
    re.IGNORECASE,
)


def feed_from(source: str, name: str | None, environment: Mapping[str, str]) -> Feed:
    """Describe a feed from what the user gave.

    Args:
        source: The address of the service index; a user name and password in it are taken out of it.
        name: The name of the source, as `nuget.config` or `dotnet nuget add source --name` has it.
        environment: The environment variables.

    Returns:
        The feed. Credentials from the environment win over those in the address.
    """
    plain, from_address = split_userinfo(source)
    from_environment = None if name is None else credentials_from_environment(name, environment)
    return Feed(plain, from_environment or from_address)


def credentials_from_environment(name: str, environment: Mapping[str, str]) -> Credentials | None:
    """Read `NuGetPackageSourceCredentials_<name>`.

    Args:
        name: The name of the source, letter by letter as in the variable.
        environment: The environment variables.

    Returns:
        The credentials, or `None` when the variable is missing, empty or malformed.
    """
    match = _VALUE.match(environment.get(ENVIRONMENT_PREFIX + name, "").strip())
    if match is None:
        return None
    types = (part.strip().lower() for part in (match["types"] or "").split(","))
    return Credentials(match["user"], match["password"], tuple(part for part in types if part))
