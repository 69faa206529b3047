"""A NuGet V3 feed on the loopback interface, modelled on the answers of nuget.org and of Azure DevOps.

`FeedDouble` is a handler for `tests.loopback.Server`: `serve(FeedDouble())`. It records every request and
which of them asked for an address that no document of the feed names (`guessed`).
"""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from tests.conftest import Groups, build_nuspec
from tests.loopback import Reply, Request
from umbmarket.nuget import NuGetVersion

INDEX = "/a/b/index.json"
REGISTRATIONS = "/x7/registrations-semver2"
OLD_REGISTRATIONS = "/x7/registrations-semver1"
CONTAINER = "/y9/container"

Style = Literal["nuget.org", "azure", "strings"]


@dataclass
class DoublePackage:
    """A published version: what its registration entry and its nuspec say."""

    id: str
    version: str
    listed: bool | None = True
    tags: tuple[str, ...] = ("umbraco-marketplace",)
    project_url: str | None = None
    groups: Groups | None = None
    license: str | None = "MIT"
    nuspec: bytes | None = None

    @property
    def number(self) -> NuGetVersion:
        return NuGetVersion.parse(self.version)

    @property
    def nuspec_bytes(self) -> bytes:
        if self.nuspec is not None:
            return self.nuspec
        texts = {
            "id": self.id,
            "version": self.version,
            "authors": "Jane Doe",
            "description": "Does things.",
            "projectUrl": self.project_url,
            "tags": " ".join(self.tags) or None,
        }
        extra = f'    <license type="expression">{self.license}</license>' if self.license else ""
        return build_nuspec(texts, self.groups, extra).encode()


@dataclass
class FeedDouble:
    """The feed. `publish` adds versions.

    Attributes:
        style: `nuget.org` writes empty texts for what is missing, `azure` leaves out all but a few fields, `strings`
            writes tags as one text and leaves out what is missing.
        inline_up_to: more versions than that stand on pages of their own (nuget.org: 127).
        page_size: versions on a page (nuget.org: 64).
        compressed: registrations are gzipped, whatever was asked for (nuget.org: always).
        login: user name and password without which everything answers 401.
        broken: path to the reply that is given instead.
    """

    style: Style = "nuget.org"
    inline_up_to: int = 127
    page_size: int = 64
    compressed: bool = True
    login: tuple[str, str] | None = None
    with_registrations: bool = True
    with_container: bool = True
    broken: dict[str, Reply] = field(default_factory=dict)
    packages: dict[str, list[DoublePackage]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)

    def publish(self, package_id: str, version: str, **details: object) -> DoublePackage:
        """Add a version; `details` are the fields of `DoublePackage`."""
        package = DoublePackage(package_id, version, **details)  # type: ignore[arg-type] - the fields check them
        versions = self.packages.setdefault(package_id.lower(), [])
        versions.append(package)
        versions.sort(key=lambda each: each.number.sort_key)
        return package

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def __call__(self, request: Request) -> Reply:
        self.requests.append(request)
        reply = self._reply(request)
        if isinstance(reply, tuple):
            self.answers[reply[0]] += 1
        return reply

    def _reply(self, request: Request) -> Reply:
        path = unquote(request.path)
        if path in self.broken:
            return self.broken[path]
        if self.login is not None and request.headers.get("authorization") != _basic(*self.login):
            return 401, {"WWW-Authenticate": 'Basic realm="feed"'}, b"Sign in first"
        base = f"http://{request.headers['host']}"
        if path == INDEX:
            return _json(self._service_index(base))
        if path.startswith(f"{REGISTRATIONS}/"):
            return self._registration(base, path.removeprefix(f"{REGISTRATIONS}/").split("/"))
        if path.startswith(f"{CONTAINER}/"):
            return self._container(path.removeprefix(f"{CONTAINER}/").split("/"))
        self.guessed.append(path)
        return 404, {}, b""

    def _service_index(self, base: str) -> dict[str, object]:
        resources: list[dict[str, object]] = [
            {"@id": f"{base}/query", "@type": "SearchQueryService/3.5.0"},
            {"@id": f"{base}/query", "@type": ["SearchQueryService", "SearchAutocompleteService"]},
        ]
        if self.with_registrations:
            resources += [
                {"@id": f"{base}{OLD_REGISTRATIONS}/", "@type": "RegistrationsBaseUrl"},
                {"@id": f"{base}{OLD_REGISTRATIONS}/", "@type": "RegistrationsBaseUrl/3.4.0"},
                {"@id": f"{base}{REGISTRATIONS}/", "@type": "RegistrationsBaseUrl/3.6.0"},
            ]
        if self.with_container:
            resources.append({"@id": f"{base}{CONTAINER}/", "@type": "PackageBaseAddress/3.0.0"})
        return {"version": "3.0.0", "resources": resources}

    def _registration(self, base: str, parts: list[str]) -> Reply:
        versions = self.packages.get(parts[0], [])
        pages = [versions[start : start + self.page_size] for start in range(0, len(versions), self.page_size)]
        root = f"{base}{REGISTRATIONS}/{parts[0]}"
        external = len(versions) > self.inline_up_to
        if versions and parts[1:] == ["index.json"]:
            items = [self._page(root, page, items=not external) for page in pages]
            return _json({"@id": f"{root}/index.json", "count": len(items), "items": items}, zipped=self.compressed)
        for page in pages if external else ():
            if "/".join(parts[1:]) == f"page/{_key(page[0])}/{_key(page[-1])}.json":
                return _json(self._page(root, page, items=True), zipped=self.compressed)
        return 404, {"Content-Type": "application/xml"}, b"<Error><Code>BlobNotFound</Code></Error>"

    def _page(self, root: str, page: list[DoublePackage], *, items: bool) -> dict[str, object]:
        lower, upper = _key(page[0]), _key(page[-1])
        found: dict[str, object] = {"count": len(page), "lower": lower, "upper": upper}
        if self.style != "azure":
            found["@id"] = f"{root}/index.json#page/{lower}/{upper}" if items else f"{root}/page/{lower}/{upper}.json"
        if items:
            found["items"] = [
                {"@id": f"{root}/{_key(each)}.json", "@type": "Package", "catalogEntry": self._entry(root, each)}
                for each in page
            ]
        return found

    def _entry(self, root: str, package: DoublePackage) -> dict[str, object]:
        published = "2024-05-06T07:08:09.12+00:00" if package.listed is not False else "1900-01-01T00:00:00+00:00"
        entry: dict[str, object] = {"version": package.number.full, "published": published}
        if package.listed is not None:
            entry["listed"] = package.listed
        blank = self.style == "nuget.org"
        if package.project_url is not None or blank or self.style == "azure":
            entry["projectUrl"] = package.project_url or ""
        if self.style == "azure":
            return entry
        entry["id"] = package.id
        if package.license is not None or blank:
            entry["licenseExpression"] = package.license or ""
        if self.style == "strings":
            if package.tags:
                entry["tags"] = " ".join(package.tags)
        else:
            entry["tags"] = list(package.tags) or [""]
        if package.groups is not None:
            entry["dependencyGroups"] = [
                _group(root, framework, dependencies) for framework, dependencies in package.groups.items()
            ]
        if blank:
            entry |= {"iconUrl": "", "language": "", "summary": "", "title": "", "minClientVersion": ""}
        return entry

    def _container(self, parts: list[str]) -> Reply:
        versions = self.packages.get(parts[0], [])
        if versions and parts[1:] == ["index.json"]:
            return _json({"versions": [_key(each) for each in versions]})
        for package in versions:
            if parts[1:] == [_key(package), f"{parts[0]}.nuspec"]:
                return 200, {"Content-Type": "application/xml"}, package.nuspec_bytes
        return 404, {}, b""


def _group(root: str, framework: str | None, dependencies: object) -> dict[str, object]:
    group: dict[str, object] = {"@type": "PackageDependencyGroup"}
    if framework is not None:
        group["targetFramework"] = framework
    if isinstance(dependencies, dict) and dependencies:
        group["dependencies"] = [
            {"@type": "PackageDependency", "id": name, "range": wanted or "", "registration": f"{root}/../{name}"}
            for name, wanted in dependencies.items()
        ]
    return group


def _key(package: DoublePackage) -> str:
    return package.number.normalized.lower()


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _json(value: object, *, zipped: bool = False) -> Reply:
    body = json.dumps(value).encode()
    headers = {"Content-Type": "application/json"}
    if zipped:
        return 200, {**headers, "Content-Encoding": "gzip"}, gzip.compress(body)
    return 200, headers, body
