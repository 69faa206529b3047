"""What is known of Nuxeo is usable alone."""

from __future__ import annotations

import subprocess
import sys

import pytest

import umbmarket.nuxeo


def test_every_public_name_is_there() -> None:
    for name in umbmarket.nuxeo.__all__:
        assert getattr(umbmarket.nuxeo, name).__name__ == name
    assert set(umbmarket.nuxeo.__all__) <= set(dir(umbmarket.nuxeo))
    with pytest.raises(AttributeError, match=r"^module 'umbmarket\.nuxeo' has no attribute 'Nothing'$"):
        _ = umbmarket.nuxeo.Nothing


def test_a_version_costs_nothing_else() -> None:
    script = (
        "import sys; from umbmarket.nuxeo import Version; Version.parse('1');"
        "print(*sorted(name for name in sys.modules if name.startswith(('umbmarket', 'lxml', 'click', 'pydantic'))))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["umbmarket", "umbmarket._version", "umbmarket.nuxeo", "umbmarket.nuxeo.versions"]
