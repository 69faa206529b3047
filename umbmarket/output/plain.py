"""Other people's text, made fit for a terminal and for the log of a build.

`umbmarket.findings.visible` takes care of what terminals obey. Build services obey more: they read commands
out of the log itself. GitHub's runner takes `::command::` after leading white space and `##[command]`
anywhere in a line (actions/runner, ActionCommand.cs); Azure Pipelines takes `##vso[...]`, TeamCity
`##teamcity[...]`.
"""

from __future__ import annotations

import re

from umbmarket.findings import visible

LOG_COMMAND = re.compile(r"#(?=#[A-Za-z]*\[)")
"""The first character of what a build service would read as a command, wherever it stands."""

VISIBLE_HASH = "\\x23"
"""What is shown instead of that character: spelled as `visible` spells what does not print."""

VISIBLE_COLON = "\\x3a"
"""The same for the first colon of a `::command::` where a line would begin with it."""


def plain(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal or a build service acts on.

    A `::command::` acts only at the start of a line; `plain_path` guards the one string that may stand there.
    """
    text = visible(text)
    return LOG_COMMAND.sub(lambda _: VISIBLE_HASH, text) if "##" in text else text


def plain_path(path: str) -> str:
    """`path` made `plain` and fit to start a line: `./` comes before what looks like a workflow command."""
    path = plain(path)
    return f"./{path}" if path.lstrip().startswith("::") else path
