"""A feed, a host of raw files and the Marketplace's API at once, and the questions that `status` asks them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.doubles.feed_double import INDEX, DoublePackage, FeedDouble
from tests.doubles.marketplace_double import API_BASE, MarketplaceDouble, RawHostDouble, record
from tests.loopback import Server
from umbmarket.umbraco.actions.status import status
from umbmarket.umbraco.publication import Status

ID = "My.Package"
HEALTHY = (
    b'{"$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json",'
    b' "Category": "Developer Tools", "LicenseTypes": ["Free"]}\n'
)


@dataclass
class World:
    """The doubles; `source`, `api_base` and `site` are their addresses."""

    feed: FeedDouble = field(default_factory=FeedDouble)
    api: MarketplaceDouble = field(default_factory=MarketplaceDouble)
    raw: RawHostDouble = field(default_factory=RawHostDouble)
    source: str = ""
    api_base: str = ""
    site: str = ""

    def publish(self, version: str = "1.2.0", package_id: str = ID, **details: object) -> DoublePackage:
        """Publish a version that nothing is wrong with but what `details` say."""
        usual = {"project_url": f"{self.site}/p", "groups": {"net8.0": {"Umbraco.Cms.Core": "[13.0.0, 14.0.0)"}}}
        return self.feed.publish(package_id, version, **{**usual, **details})

    def make_healthy(self) -> None:
        """One version, its listing, and a Marketplace that shows just that."""
        self.publish()
        self.raw.files["/p/umbraco-marketplace.json"] = HEALTHY
        self.api.packages["my.package"] = record()

    def status(self, package_id: str = ID, **options: object) -> Status:
        """`umbmarket.status` of it all, without cache and without comparing a local file."""
        usual: dict[str, object] = {
            "source": self.source,
            "marketplace_api": self.api_base,
            "allow_private_hosts": True,
            "cache": False,
            "folder": None,
            "environment": {},
        }
        return status(package_id, **{**usual, **options})  # type: ignore[arg-type] - the options of `status`

    @property
    def requests(self) -> int:
        """How many requests all three got."""
        return len(self.feed.requests) + len(self.api.requests) + len(self.raw.requests)


@contextmanager
def published_world() -> Iterator[World]:
    """Start the three servers."""
    world = World()
    servers = [Server(handler) for handler in (world.feed, world.api, world.raw)]
    world.source, world.api_base, world.site = servers[0].url(INDEX), servers[1].url(API_BASE), servers[2].url("")
    try:
        yield world
    finally:
        for server in servers:
            server.close()
