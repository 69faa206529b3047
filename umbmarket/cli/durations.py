"""Durations such as `1h30m`, as options take them."""

from __future__ import annotations

import re

import click

_DURATION = re.compile(r"(?:(?P<h>[0-9]{1,4})h)?(?:(?P<m>[0-9]{1,5})m)?(?:(?P<s>[0-9]{1,6})s)?")


def seconds_of(text: str, option: str) -> float:
    """The seconds of a duration.

    Args:
        text: such as `1h30m`, `90m` or `45s`.
        option: the option it was given for, for the error.

    Raises:
        click.BadParameter: it is none.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None or not text.strip():
        raise click.BadParameter(f'"{text}" is not a duration such as 90m, 1h30m or 45s', param_hint=option)
    return int(match["h"] or 0) * 3600.0 + int(match["m"] or 0) * 60.0 + int(match["s"] or 0)
