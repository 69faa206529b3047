"""Properties that a response file sets: MSBuild reads more of its command line from it.

Source: learn.microsoft.com, "MSBuild response files": the nearest `Directory.Build.rsp` from the folder of what is
built upward. That may be a solution in another folder, so that nobody knows whether the file counts.
"""

from __future__ import annotations

import re

from umbmarket.nuget.project.project_files import ProjectFiles
from umbmarket.nuget.project.unknown import Unknown

RESPONSE_FILE = "Directory.Build.rsp"

_COMMENT = re.compile(r"^[ \t]*#.*", re.MULTILINE)
_SWITCH = re.compile(
    r"(?:^|(?<=[\s\"']))(?:--?|/)(?:p|property):(?P<given>(?:\"[^\"\r\n]*+\"|[^\s\"]++)*+)",
    re.IGNORECASE | re.MULTILINE,
)
_NAME = re.compile(r"(?:^|[;,\"])[ \t]*+(?P<name>[A-Za-z_][A-Za-z0-9_-]*+)[ \t]*+=")


def set_by_response_file(folder: str, files: ProjectFiles) -> dict[str, Unknown]:
    """Why properties are not known that a response file may set, by lower-case name.

    Args:
        folder: absolute, of the project.
        files: what may be read.
    """
    nearest = files.above(RESPONSE_FILE, folder)
    if nearest is None:
        return {}
    path = f"{nearest[0].rstrip('/')}/{nearest[1]}"
    text = files.text(path)
    found: dict[str, Unknown] = {}
    for switch in _SWITCH.finditer(_COMMENT.sub("", text)) if isinstance(text, str) else ():
        for match in _NAME.finditer(switch["given"]):
            name = match["name"]
            found.setdefault(name.lower(), Unknown(f"{files.shown(path)} may set {name[:60]}"))
    return found
