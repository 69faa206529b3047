"""Whether the published schema accepts a URL, and what is wrong with one that it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from umbmarket.umbraco.vocabulary import is_accepted_url

if TYPE_CHECKING:
    from umbmarket.umbraco.url_faults import UrlProblem


def diagnose_url(text: str) -> UrlProblem | None:
    """Say why the published schema refuses a URL.

    Args:
        text: The value of a URL key; anything.

    Returns:
        The first thing that is wrong, or None exactly if the schema accepts the text.
    """
    if is_accepted_url(text):
        return None
    # Late: nearly all URLs of a listing are accepted.
    from umbmarket.umbraco.url_faults import explain

    return explain(text)
