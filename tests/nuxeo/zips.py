"""ZIPs for tests: in memory, with any names, twice if need be."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from types import MappingProxyType

MANIFEST = """<package type="addon" name="my-project" version="1.0.0">
  <title>My Project</title>
  <description>What it does</description>
  <vendor>Me</vendor>
  <license>MIT</license>
  <license-url>https://example.com/license</license-url>
  <target-platform>
    <name>lts</name>
    <version>[2023.0,2024)</version>
  </target-platform>
</package>
"""
"""A manifest that nothing is wrong with."""

SCRIPT = """<install>
  <update dir="${package.root}/install/bundles" todir="${env.bundles}"/>
</install>
"""
"""A script that nothing is wrong with, in a package that has `JAR`."""

JAR = "install/bundles/my-project-core-1.0.0.jar"
"""Name of a bundle."""

GOOD = {"package.xml": MANIFEST, "install.xml": SCRIPT, JAR: "jar"}
"""Files of a package that nothing is wrong with."""


def zipped(
    files: Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]],
    links: Iterable[tuple[str, str | bytes]] = (),
    methods: Mapping[str, int] = MappingProxyType({}),
    streamed: Iterable[str] = (),
    before: bytes = b"",
) -> bytes:
    """A ZIP of files by name, and of symbolic links with the paths that they lead to.

    `methods` are other compression methods than Deflate; of what is `streamed` the headers say that checksum and length
    come behind the content. `before` stands in front of everything.
    """
    buffer = io.BytesIO(before)
    buffer.seek(len(before))
    pairs = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, text in pairs:
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            # Python would turn back slashes into slashes on Windows, and cut the name at a NUL.
            info.filename = name
            info.compress_type = methods.get(name, zipfile.ZIP_DEFLATED)
            archive.writestr(info, text)
        for name, target in links:
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
    data = bytearray(buffer.getvalue())
    for name in streamed:
        data[data.index(name.encode()) - 30 + 6] |= 8
        data[data.rindex(name.encode()) - 46 + 8] |= 8
    return bytes(data)
