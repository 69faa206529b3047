"""Where the product lives on the web. This is the one place where its address is written."""

from __future__ import annotations

from typing import Final

HOME: Final[str | None] = None
"""The address of the product's repository on GitHub, without a slash at its end; None as long as it has none.

Text that a user may follow (a link in SARIF, where to report a mistake) is left out or says something else while this
is None: an address that nobody owns yet could be taken by anybody.
"""

PLACEHOLDER: Final = "https://github.com/OWNER/umbmarket"
"""What recipes write where the address goes while there is none; ``OWNER`` stands for whoever hosts the clone."""


def repository() -> str:
    """The repository's address for a recipe: :data:`HOME`, or :data:`PLACEHOLDER` while there is none."""
    return HOME or PLACEHOLDER


def page(path: str) -> str | None:
    """The address of a file of the repository, such as ``docs/rules.md#umb104``; None while there is no address.

    Args:
        path: below the repository's root, with forward slashes; may end in a fragment.
    """
    return f"{HOME}/blob/main/{path}" if HOME else None


def issues() -> str | None:
    """Where to report a mistake; None while there is no address."""
    return f"{HOME}/issues" if HOME else None


def action_reference(folder: str = "", version: str = "v1") -> str:
    """What ``uses:`` names in a GitHub workflow: ``OWNER/umbmarket@v1``, ``OWNER/umbmarket/sync@v1``.

    Args:
        folder: the folder that holds the ``action.yml``; empty for the root.
        version: a tag or commit.
    """
    name = repository().removeprefix("https://github.com/")
    return f"{name}/{folder}@{version}" if folder else f"{name}@{version}"


def pip_requirement(version: str = "v1") -> str:
    """What ``pip install`` takes: ``git+https://github.com/OWNER/umbmarket@v1``.

    Args:
        version: a tag or commit.
    """
    return f"git+{repository()}@{version}"
