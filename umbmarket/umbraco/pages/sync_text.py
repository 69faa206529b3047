"""The outcome of a sync for people: one paragraph for each package."""

from __future__ import annotations

from collections.abc import Sequence

from umbmarket.output.ansi import palette
from umbmarket.output.plain import plain
from umbmarket.umbraco.syncing import SyncCode, SyncResult


def render(results: Sequence[SyncResult], *, color: bool = False) -> str:
    """Each package with its state, what happened and what to do."""
    paint = palette(color)
    lines: list[str] = []
    for result in results:
        fine = result.exit_code is SyncCode.DONE
        state = str(result.state)
        lines.append(f"{paint.path(plain(result.package_id))}: {state if fine else paint.error(state)}")
        lines.append(f"  {plain(result.detail.removesuffix('.'))}")
        if result.help:
            lines.append(f"  help: {plain(result.help)}")
    return "\n".join(lines) + "\n"
