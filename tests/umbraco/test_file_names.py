from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from umbmarket.umbraco.file_names import kind_of_name, name_without_doubled_ending, needs_a_look, right_name


@pytest.mark.parametrize(
    ("name", "kind", "right"),
    [
        ("umbraco-marketplace.json", "listing", "umbraco-marketplace.json"),
        ("Umbraco-Marketplace.JSON", "listing", "umbraco-marketplace.json"),
        ("umbraco-marketplace-My.Package.json", "listing", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplace-copy.json", "listing", "umbraco-marketplace-copy.json"),
        ("umbraco-marketplace-my.json.json", "listing", "umbraco-marketplace-my.json.json"),
        ("umbraco-marketplace-schema.json", "listing", "umbraco-marketplace.json"),
        ("umbraco-marketplace.schema.json", "listing", "umbraco-marketplace.json"),
        ("umbraco_marketplace_schema.json", "misnamed", "umbraco-marketplace.json"),
        ("umbraco-marketplace-README.md", "readme", "umbraco-marketplace-readme.md"),
        ("umbraco-marketplace-readme-My.Package.md", "readme", "umbraco-marketplace-readme-my.package.md"),
        ("umbraco_marketplace.json", "misnamed", "umbraco-marketplace.json"),
        ("umbraco_marketplace_My.Package.json", "misnamed", "umbraco-marketplace-my.package.json"),
        ("umbraco_marketplace-my.package.json", "misnamed", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplate-readme.md", "misnamed", "umbraco-marketplace-readme.md"),
        ("umbraco-marketplace-My.Package-README.md", "misnamed", "umbraco-marketplace-readme-my.package.md"),
        ("umbraco-marketplace-my.package_readme.md", "misnamed", "umbraco-marketplace-readme-my.package.md"),
        ("umbraco-marketplace.md", None, "umbraco-marketplace.md"),
        ("umbraco-marketplace", None, "umbraco-marketplace"),
        ("umbraco-package.json", None, "umbraco-package.json"),
        ("package.json", None, "package.json"),
        ("umbraco-marketplace.json.bak", None, "umbraco-marketplace.json.bak"),
        ("u" * 300 + ".json", None, "u" * 300 + ".json"),
    ],
)
def test_names(name: str, kind: str | None, right: str) -> None:
    assert (kind_of_name(name), right_name(name)) == (kind, right)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("umbraco-marketplace.my.package.json", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplace_my.package.json", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplace my package.json", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplacemy.package.json", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplaces.json", "umbraco-marketplace.json"),
        ("umbraco-marketplace(1).json", "umbraco-marketplace.json"),
        ("umbraco-marketplace (1).json", "umbraco-marketplace.json"),
        ("umbraco-marketplace copy.json", "umbraco-marketplace.json"),
        ("umbraco-marketplace copy 2.json", "umbraco-marketplace.json"),
        ("umbraco-marketplace - Copy.json", "umbraco-marketplace.json"),
        ("umbraco-marketplace - Copy (2).json", "umbraco-marketplace.json"),
        ("umbraco-marketplace-My.Package - Copy.json", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplace-my.package(1).json", "umbraco-marketplace-my.package.json"),
        ("umbraco-marketplace 2.json", "umbraco-marketplace.json"),
        ("umbraco-marketplace-.json", "umbraco-marketplace.json"),
        ("umbraco-marketplace.json.json", "umbraco-marketplace.json"),
        ("umbraco-marketplace .json", "umbraco-marketplace.json"),
    ],
)
def test_names_that_begin_and_end_like_a_listing_and_are_never_asked_for(name: str, right: str) -> None:
    assert (kind_of_name(name), right_name(name)) == ("listing", right)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("umbraco-marketplace-readme.my.package.md", "umbraco-marketplace-readme-my.package.md"),
        ("umbraco-marketplace-readme_my.package.md", "umbraco-marketplace-readme-my.package.md"),
        ("umbraco-marketplace-readmes.md", "umbraco-marketplace-readme.md"),
        ("umbraco-marketplace-readme(1).md", "umbraco-marketplace-readme.md"),
        ("umbraco-marketplace-readme copy.md", "umbraco-marketplace-readme.md"),
        ("umbraco-marketplace-readme-.md", "umbraco-marketplace-readme.md"),
        ("umbraco-marketplace-readme.md.md", "umbraco-marketplace-readme.md"),
        ("umbraco-marketplace-readme .md", "umbraco-marketplace-readme.md"),
    ],
)
def test_names_that_begin_and_end_like_a_readme_and_are_never_asked_for(name: str, right: str) -> None:
    assert (kind_of_name(name), right_name(name)) == ("readme", right)


@pytest.mark.parametrize(
    ("name", "right", "looked_at"),
    [
        ("umrbaco-marketplace.json", "umbraco-marketplace.json", True),
        ("umbraco-marketplce.json", "umbraco-marketplace.json", True),
        ("mubraco-marketplace.json", "umbraco-marketplace.json", True),
        ("umbraco-mar\u212aetplace.json", "umbraco-marketplace.json", True),
        ("umbraco-marketplate-My.Package.json", "umbraco-marketplace-my.package.json", True),
        ("umbraco-marketplace.json.txt", "umbraco-marketplace.json", True),
        ("umbraco-marketplace.txt", "umbraco-marketplace.json", True),
        ("umbraco-marketplace.jsonc", "umbraco-marketplace.json", True),
        ("umbraco-market-place.json", "umbraco-marketplace.json", False),
        ("umbracomarketplace.json", "umbraco-marketplace.json", False),
        ("umbraco marketplace.json", "umbraco-marketplace.json", False),
        ("umbraco.marketplace.my.package.json", "umbraco-marketplace-my.package.json", False),
        ("umrbaco-marketplace-readme.md", "umbraco-marketplace-readme.md", False),
        ("umbraco-marketplace-reamde.md", "umbraco-marketplace-readme.md", False),
        ("umbraco-marketplace-read-me.md", "umbraco-marketplace-readme.md", False),
        ("umbraco-marketplace-readme.md.txt", "umbraco-marketplace-readme.md", False),
        ("umbraco-marketplace-readme.markdown", "umbraco-marketplace-readme.md", False),
        ("umbraco_marketplace_readme_my.package.md", "umbraco-marketplace-readme-my.package.md", False),
    ],
)
def test_near_misses(name: str, right: str, looked_at: bool) -> None:
    assert (kind_of_name(name), right_name(name), needs_a_look(name)) == ("misnamed", right, looked_at)


@pytest.mark.parametrize("name", ["umbrako-markplace.json", "umbraco-marketing.json", "umbraco-market.json"])
def test_three_wrong_letters_are_another_word(name: str) -> None:
    assert kind_of_name(name) is None


@given(st.text(max_size=60).map(lambda text: text.replace("/", "")))
def test_a_right_name_is_right(text: str) -> None:
    for name in (
        text,
        f"umbraco-marketplace{text}.json",
        f"umbraco-marketplace{text}",
        f"umbraco-marketplace-readme{text}.md",
    ):
        right = right_name(name)
        assert right_name(right) == right
        if kind_of_name(name) in ("listing", "readme"):
            assert kind_of_name(right) == kind_of_name(name)


@pytest.mark.parametrize(
    ("name", "single"),
    [
        ("umbraco-marketplace-x.json.json", "umbraco-marketplace-x.json"),
        ("umbraco-marketplace-readme-x.md.md", "umbraco-marketplace-readme-x.md"),
        ("umbraco-marketplace-x.json", None),
        ("x.json.json", None),
    ],
)
def test_a_doubled_ending(name: str, single: str | None) -> None:
    assert name_without_doubled_ending(name) == single
