"""The service index of a NuGet V3 feed: the only address of a feed that anybody may know beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from umbmarket.nuget import InvalidVersion, NuGetVersion
from umbmarket.web.credentials import origin_of

REGISTRATIONS = (
    "RegistrationsBaseUrl/Versioned",
    "RegistrationsBaseUrl/3.6.0",
    "RegistrationsBaseUrl/3.4.0",
    "RegistrationsBaseUrl/3.0.0-rc",
    "RegistrationsBaseUrl/3.0.0-beta",
    "RegistrationsBaseUrl",
)
"""Best first (NuGet.Client, ServiceTypes): only the first two have packages with SemVer 2.0.0 versions."""

FLAT_CONTAINERS = ("PackageBaseAddress/Versioned", "PackageBaseAddress/3.0.0")
"""Best first (NuGet.Client, ServiceTypes)."""

_OLDEST = NuGetVersion(0)


@dataclass(frozen=True, slots=True)
class ServiceIndex:
    """The addresses of a feed that are needed here; each ends in a slash.

    Attributes:
        registrations: Where the metadata of packages is, or None.
        flat_container: Where nuspecs are, or None.
    """

    registrations: str | None
    flat_container: str | None


def read_service_index(document: object) -> ServiceIndex | None:
    """Pick the resources to use.

    Args:
        document: The parsed JSON, anything.

    Returns:
        The addresses, or None when the document is no service index. An `@type` may be a text or a list of
        them; resources whose `@id` is not an absolute address are passed over.
    """
    if not isinstance(document, dict) or not isinstance(document.get("resources"), list):
        return None
    resources = list(_resources(document["resources"]))
    return ServiceIndex(_best(resources, REGISTRATIONS), _best(resources, FLAT_CONTAINERS))


def _resources(items: Iterable[object]) -> Iterator[tuple[str, NuGetVersion, str]]:
    """Type, least client version and address of each resource."""
    for item in items:
        if not isinstance(item, dict):
            continue
        address, types = item.get("@id"), item.get("@type")
        if not isinstance(address, str) or origin_of(address) is None:
            continue
        for name in types if isinstance(types, list) else (types,):
            if isinstance(name, str):
                yield name, _client_version(item.get("clientVersion")), address


def _client_version(text: object) -> NuGetVersion:
    try:
        return NuGetVersion.parse(text) if isinstance(text, str) else _OLDEST
    except InvalidVersion:
        return _OLDEST


def _best(resources: list[tuple[str, NuGetVersion, str]], types: tuple[str, ...]) -> str | None:
    """The first resource of the best type; among `/Versioned` ones that for the newest client."""
    for wanted in types:
        found = [(version, address) for name, version, address in resources if name == wanted]
        if found:
            newest = max(version for version, _ in found)
            return next(address for version, address in found if version == newest).rstrip("/") + "/"
    return None
