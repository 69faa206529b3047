r"""The published schema's patterns said in Python's dialect, by hand: what `regress` makes of them is held against it.

ECMAScript's `$` is the end alone, and its `\s` is WhiteSpace and LineTerminator of ECMA-262: Zs of Unicode, tab, line
tabulation, form feed, U+FEFF, and the four line terminators.
"""

from __future__ import annotations

import json

WHITE_SPACE = "".join(
    [*"\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff", *map(chr, range(0x2000, 0x200B))]
)

IN_PYTHON = {
    "Url$": r"Url\Z",
    r"^(https?)\://[a-zA-Z0-9\-\.]+\.[a-zA-Z]{2,6}(/\S*)?$": (
        rf"^(https?)://[a-zA-Z0-9\-.]+\.[a-zA-Z]{{2,6}}(/[^{WHITE_SPACE}]*)?\Z"
    ),
}
"""Each pattern of the schema, and the same for `re.search`."""


def in_python(schema: dict[str, object]) -> dict[str, object]:
    """The schema with its patterns in Python's dialect."""
    text = json.dumps(schema)
    for published, python in IN_PYTHON.items():
        assert json.dumps(published) in text
        text = text.replace(json.dumps(published), json.dumps(python))
    made: dict[str, object] = json.loads(text)
    return made
