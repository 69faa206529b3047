"""The Marketplace's package API and a host of raw files, on the loopback interface.

Both are handlers for `tests.loopback.Server` and record every request.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.loopback import Reply, Request

API_BASE = "/api/v1.0"


def record(package_id: str = "My.Package", **fields: object) -> dict[str, object]:
    """An answer as the API was seen to give it; `fields` change or (None) leave out some of it."""
    usual: dict[str, object] = {
        "id": "0f0cf3c1-5d1b-4b3a-9d67-7a6a3d0a8f11",
        "packageId": package_id,
        "title": package_id,
        "description": "Does things.",
        "authors": ["Jane Doe"],
        "category": {"id": "b239f1b7-31f6-4665-bf03-2ab985c64ac0", "name": "Developer Tools"},
        "iconDominantColor": "#101C2F",
        "iconUrl": "icons/my.package.png",
        "isHQ": False,
        "isHQSupported": False,
        "latestVersionNumber": "1.2.0",
        "licenseTypes": ["Free"],
        "minimumUmbracoVersionNumber": "13.0.0",
        "maximumUmbracoVersionNumber": "14.0.0",
        "maximumUmbracoVersionNumberIsInclusive": False,
        "umbracoMajorVersionsSupported": [13],
        "numberOfNuGetDownloads": 1234,
        "packageType": "Package",
        "createdOn": "2023-10-02T08:00:00Z",
        "lastPublishedOn": "2024-05-06T07:08:09.123Z",
        "tags": ["editors"],
    }
    changed = {**usual, **fields}
    return {name: value for name, value in changed.items() if value is not None}


@dataclass
class MarketplaceDouble:
    """The API: `packages` by lower-case id; anything else is 404. `broken` replies come first."""

    packages: dict[str, object] = field(default_factory=dict)
    broken: dict[str, Reply] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        self.requests.append(request)
        path = unquote(request.path)
        if path in self.broken:
            return self.broken[path]
        name = path.removeprefix(f"{API_BASE}/packages/")
        if name in self.packages:
            body = json.dumps(self.packages[name]).encode()
            return 200, {"Content-Type": "application/json; charset=utf-8"}, body
        problem = {"type": "https://tools.ietf.org/html/rfc7231#section-6.5.4", "title": "Not Found", "status": 404}
        return 404, {"Content-Type": "application/problem+json"}, json.dumps(problem).encode()


@dataclass
class RawHostDouble:
    """A host of files: path to content, to a whole reply, or to the path that it redirects to (a str)."""

    files: dict[str, bytes | str | Reply] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def __call__(self, request: Request) -> Reply:
        self.requests.append(request)
        found = self.files.get(unquote(request.path))
        if isinstance(found, str):
            location = found if "://" in found else f"http://{request.headers['host']}{found}"
            return 302, {"Location": location}, b""
        if isinstance(found, bytes):
            return 200, {"Content-Type": "text/plain; charset=utf-8"}, found
        return found if isinstance(found, tuple) else (404, {"Content-Type": "text/plain"}, b"404: Not Found")
