"""The one exception of the actions about Nuxeo packages."""

from __future__ import annotations


class WrongUse(Exception):
    """What was asked for cannot be done as it was asked; nothing was changed or sent. The text says why."""
