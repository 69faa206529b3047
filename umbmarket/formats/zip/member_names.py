"""Names inside a package's archive: decoded, compared and judged as NuGet does.

Sources: NuGet.Client, NuGet.Packaging (ZipArchiveExtensions, PackageReaderBase.ValidatePackageEntries);
NuGetGallery (FileNameHelper.GetZipEntryPath, PackageValidationHelper.HasDuplicatedEntries); .NET,
Uri.UnescapeDataString.
"""

from __future__ import annotations

import re

_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_SEPARATORS = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")

_SUSPECT = re.compile(r"[%\\:\0]|(?:^|/)\.{1,2}(?:/|$)|^/|^$")
"""What every name that could be unsafe has; most names have none of it and need no closer look."""


def unescape(name: str) -> str:
    """Undo percent-escapes once, as .NET's `Uri.UnescapeDataString` does.

    Escapes that are not UTF-8 (`%FF`) and percent signs that start no escape (`100%`) stay as they are.
    """
    return _ESCAPES.sub(_unescape_run, name) if "%" in name else name


def _unescape_run(match: re.Match[str]) -> str:
    octets = bytes.fromhex(match[0].replace("%", ""))
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        # "surrogateescape" marks each byte that is not UTF-8, so that just those can stay as they were
        # written.
        parts: list[str] = []
        at = 0
        for char in octets.decode("utf-8", "surrogateescape"):
            is_byte = "\udc80" <= char <= "\udcff"
            parts.append(match[0][at : at + 3] if is_byte else char)
            at += 3 if is_byte else 3 * len(char.encode())
        return "".join(parts)


def entry_path(path: str) -> str:
    """The entry that a path in a nuspec means: forward slashes, without a leading `./` and leading slashes.

    What results is looked up exactly, letter case included (NuGetGallery, FileNameHelper.GetZipEntryPath).
    """
    return path.replace("\\", "/").removeprefix("./").lstrip("/")


def folded(name: str) -> str:
    """A key that is equal for names that differ in letter case alone (.NET, `OrdinalIgnoreCase`)."""
    if name.isascii():
        return name.upper()
    # .NET maps one character to one, so that "ß" stays itself instead of becoming "SS".
    return "".join(upper if len(upper := char.upper()) == 1 else char for char in name)


def unsafe_reason(raw_name: str) -> str | None:
    """Why an entry cannot be extracted safely, as a clause about "it", or None if it can.

    NuGet decodes a name twice before it looks (once when it lists the entries, once when it checks them), and
    so does this. Both slashes count on every system, as the package may be unpacked on Windows.

    Args:
        raw_name: the name as it stands in the archive.
    """
    if _SUSPECT.search(raw_name) is None:
        return None
    once = unescape(raw_name)
    for name in dict.fromkeys((once, unescape(once))):
        reason = _reason(name)
        if reason is not None:
            return reason if name == raw_name else f"{reason} once its percent-escapes are decoded"
    return None


def _reason(name: str) -> str | None:
    if "\0" in name:
        return "it contains a NUL character"
    if name.startswith(("//", "\\\\")):
        return "it is a network path"
    if name.startswith(("/", "\\")):
        return "it is an absolute path"
    if _DRIVE.match(name):
        return "it starts with a drive letter"
    depth = 0
    for part in _SEPARATORS.split(name):
        if part == "..":
            depth -= 1
        elif part not in ("", "."):
            depth += 1
        if depth < 0:
            return "it leads out of the folder that the package is extracted to"
    if depth == 0:
        return "it names the folder itself that the package is extracted to"
    return None
