"""Fetches the listing's schema as the Marketplace publishes it today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from umbmarket.umbraco.schema.published import PublishedSchema
from umbmarket.web.outcomes import Fetched, HttpFailure
from umbmarket.web.retry import LINK_RETRY

if TYPE_CHECKING:
    from umbmarket.web.client import Http

PUBLISHED_SCHEMA = "https://marketplace.umbraco.com/umbraco-marketplace-schema.json"
"""Where the Marketplace publishes it (listing guide)."""

SCHEMA_VARIABLE = "UMBMARKET_LISTING_SCHEMA"
"""The environment variable that names another address, such as a mirror's."""

LARGEST_SCHEMA = 1 << 20
"""Bytes of a schema that are read; the published one has some 20,000."""


def fetch_schema(http: Http, url: str, seconds: float) -> PublishedSchema | str:
    """Fetch a schema.

    Args:
        http: the client; the address has to be one that it trusts.
        url: where the schema is.
        seconds: how long one try may take.

    Returns:
        The schema, or a clause that says why there is none: `it answered 503`.
    """
    outcome = http.get(url, accept="application/json", limit=LARGEST_SCHEMA, retry=LINK_RETRY, total=seconds)
    if isinstance(outcome, HttpFailure):
        return f"it answered {outcome.status}"
    if not isinstance(outcome, Fetched):
        return outcome.detail
    if outcome.truncated:
        return f"it is larger than {LARGEST_SCHEMA:,} bytes"
    try:
        return PublishedSchema(outcome.body)
    except ValueError as error:
        return str(error)
