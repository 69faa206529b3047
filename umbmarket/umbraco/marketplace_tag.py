"""The tag that makes a NuGet package one of the Marketplace's."""

from __future__ import annotations

from typing import Final

MARKETPLACE_TAG: Final = "umbraco-marketplace"
"""The tag without which the Marketplace takes no package up (listing guide)."""
