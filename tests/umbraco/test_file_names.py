from __future__ import annotations

import pytest

from umbmarket.umbraco.file_names import kind_of_name, right_name


@pytest.mark.parametrize(
    ("name", "kind", "right"),
    [
        ("umbraco-marketplace.json", "listing", "umbraco-marketplace.json"),
        ("Umbraco-Marketplace.JSON", "listing", "umbraco-marketplace.json"),
        ("umbraco-marketplace-My.Package.json", "listing", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplace-schema.json", None, "umbraco-marketplace-schema.json"),
        ("umbraco-marketplace-README.md", "readme", "umbraco-marketplace-readme.md"),
        ("umbraco-marketplace-readme-My.Package.md", "readme", "umbraco-marketplace-readme-my.package.md"),
        ("umbraco_marketplace.json", "misnamed", "umbraco-marketplace.json"),
        ("umbraco_marketplace_My.Package.json", "misnamed", "umbraco-marketplace-my.package.json"),
        ("umbraco_marketplace-my.package.json", "misnamed", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplate-readme.md", "misnamed", "umbraco-marketplace-readme.md"),
        ("umbraco-marketplace-My.Package-README.md", "misnamed", "umbraco-marketplace-readme-my.package.md"),
        ("umbraco-marketplace-my.package_readme.md", "misnamed", "umbraco-marketplace-readme-my.package.md"),
        ("umbraco-marketplace.md", None, "umbraco-marketplace.md"),
        ("package.json", None, "package.json"),
    ],
)
def test_names(name: str, kind: str | None, right: str) -> None:
    assert (kind_of_name(name), right_name(name)) == (kind, right)
