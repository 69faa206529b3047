"""Names in the letter case of the disk, where the disk ignores it."""

import os


def names_if_case_blind(folder: str, name: str, status: os.stat_result) -> dict[str, str] | None:
    """The folder's names by folded name if `name` can also be reached in the other letter case, else None.

    Args:
        folder: the folder.
        name: of a file in it, as somebody wrote it.
        status: what the disk says of that file.
    """
    try:
        if not os.path.samestat(os.stat(os.path.join(folder, name.swapcase())), status):
            return None
        return names_on_disk(os.listdir(folder))
    except (OSError, ValueError):
        return None


def names_on_disk(names: list[str]) -> dict[str, str] | None:
    """Folded name to name; None when two differ in letter case alone: the disk then tells them apart."""
    by_folded = {name.casefold(): name for name in names}
    return by_folded if len(by_folded) == len(names) else None
