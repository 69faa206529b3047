"""The product's address: recipes can always be written, links only where there is an address."""

from __future__ import annotations

import pytest

from umbmarket import home


def test_without_an_address_recipes_hold_a_placeholder_and_links_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "HOME", None)
    assert home.action_reference() == "OWNER/umbmarket@v1"
    assert home.action_reference("sync") == "OWNER/umbmarket/sync@v1"
    assert home.pip_requirement() == "git+https://github.com/OWNER/umbmarket@v1"
    assert home.page("docs/rules.md") is None
    assert home.issues() is None


def test_with_an_address_all_of_them_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "HOME", "https://github.com/example/umbmarket")
    assert home.action_reference("sync", "v1.2") == "example/umbmarket/sync@v1.2"
    assert home.pip_requirement("0a1b2c") == "git+https://github.com/example/umbmarket@0a1b2c"
    assert home.page("docs/rules.md#umb104") == "https://github.com/example/umbmarket/blob/main/docs/rules.md#umb104"
    assert home.issues() == "https://github.com/example/umbmarket/issues"
