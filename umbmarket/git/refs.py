"""The branches and tags that git knows of, read from `.git` without running git (gitrepository-layout(5))."""

from __future__ import annotations

import os
from collections.abc import Iterator

from umbmarket.disk.files import read_start

LARGEST_PACKED = 4 * 1024 * 1024
"""Bytes of `packed-refs` that are read: some 50,000 references."""

MOST_LOOSE = 5_000
"""Files and folders below `refs` that are looked at for one kind of branches."""


def branches(shared_folder: str, remote: str | None) -> tuple[str, ...]:
    """Names of the local branches and of those that `remote` had when git last heard of it, sorted.

    A repository that keeps its references in another format (reftable) has none that can be read here.

    Args:
        shared_folder: absolute path of what all worktrees of the repository share.
        remote: name of a remote, or None.
    """
    prefixes = ["refs/heads/"]
    if remote is not None:
        prefixes.append(f"refs/remotes/{remote}/")
    found: set[str] = set()
    for prefix in prefixes:
        found.update(_loose(shared_folder, prefix))
        found.update(_packed(shared_folder, prefix))
    found.discard("HEAD")
    return tuple(sorted(found))


def tags(shared_folder: str) -> tuple[str, ...]:
    """Names of the tags that git knows of, sorted; the argument is that of `branches`."""
    return tuple(sorted({*_loose(shared_folder, "refs/tags/"), *_packed(shared_folder, "refs/tags/")}))


def _loose(shared_folder: str, prefix: str) -> Iterator[str]:
    left = MOST_LOOSE
    waiting = [""]
    while waiting:
        parent = waiting.pop()
        try:
            with os.scandir(os.path.join(shared_folder, *(prefix + parent).rstrip("/").split("/"))) as entries:
                for entry in entries:
                    left -= 1
                    if left < 0:
                        return
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{parent}{entry.name}/")
                    elif not entry.name.endswith(".lock"):
                        yield parent + entry.name
        except (OSError, ValueError):
            continue


def _packed(shared_folder: str, prefix: str) -> Iterator[str]:
    data = read_start(os.path.join(shared_folder, "packed-refs"), LARGEST_PACKED) or b""
    wanted = os.fsencode(prefix)
    for line in data.split(b"\n"):
        _, _, name = line.rstrip(b"\r").partition(b" ")
        if name.startswith(wanted):
            yield os.fsdecode(name[len(wanted) :])
