from __future__ import annotations

import copy
import json
import math
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.shared_corpus import needs_corpus
from tests.umbraco.published_patterns import in_python
from tests.umbraco.schema.reference import named_by_jsonschema, validator
from umbmarket.umbraco.schema.violations import (
    MAX_VIOLATIONS,
    Violation,
    is_valid,
    violations,
)
from umbmarket.umbraco.vocabulary import categories, listing_schema, url_pattern

GOOD: dict[str, object] = {
    "$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json",
    "Title": "Good",
    "Category": "Search",
    "LicenseTypes": ["Free"],
    "AuthorDetails": {
        "Name": "Somebody",
        "Url": "not checked here",
        "Contributors": [{"Name": "One", "Url": "https://example.com"}, {"Name": "Two"}],
        "SyncContributorsFromRepository": False,
    },
    "RelatedPackages": [{"PackageId": "Other"}],
    "Screenshots": [{"ImageUrl": "https://example.com/a.png"}, {"VideoUrl": "https://example.com/b"}],
    "VersionSpecificPackageIds": [{"UmbracoMajorVersion": 8.0, "PackageId": "Old"}],
    "AddOnPackagesRequiredForUmbracoCloud": ["A", "B"],
    "SomethingUrl": "https://example.com/unknown-but-allowed",
}


def with_(**changes: object) -> dict[str, object]:
    return {**GOOD, **changes}


def test_a_good_listing_has_no_violations() -> None:
    assert is_valid(GOOD)
    assert violations(GOOD) == []
    assert is_valid({})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], [("", "type", {"expected": "object", "actual": "array"})]),
        ("text", [("", "type", {"expected": "object", "actual": "string"})]),
        (None, [("", "type", {"expected": "object", "actual": "null"})]),
        (
            with_(Categories="Search", Foo=1),
            [
                ("", "additionalProperties", {"additionalProperty": "Categories"}),
                ("", "additionalProperties", {"additionalProperty": "Foo"}),
            ],
        ),
        (with_(Category="search"), [("/Category", "enum", {"allowed": list(categories())})]),
        (
            with_(Category=["Search"]),
            [
                ("/Category", "enum", {"allowed": list(categories())}),
                ("/Category", "type", {"expected": "string", "actual": "array"}),
            ],
        ),
        (with_(Title="x" * 257), [("/Title", "maxLength", {"limit": 256, "length": 257})]),
        (with_(Tags=["😀" * 101]), [("/Tags/0", "maxLength", {"limit": 100, "length": 101})]),
        (with_(VideoUrl=""), [("/VideoUrl", "pattern", {"pattern": url_pattern()})]),
        (with_(VideoUrl=1), [("/VideoUrl", "type", {"expected": "string", "actual": "integer"})]),
        (with_(FooUrl="https://a.com/\n"), [("/FooUrl", "pattern", {"pattern": url_pattern()})]),
        (
            {"FooUrl\n": "https://a.com"},
            [("", "additionalProperties", {"additionalProperty": "FooUrl\n"})],
        ),
        ({"a/b~Url": ""}, [("/a~1b~0Url", "pattern", {"pattern": url_pattern()})]),
        (
            {"AuthorDetails": {"Contributors": [{"Url": "x"}, "Somebody"]}},
            [
                ("/AuthorDetails/Contributors/0", "required", {"missing": "Name"}),
                ("/AuthorDetails/Contributors/0/Url", "pattern", {"pattern": url_pattern()}),
                ("/AuthorDetails/Contributors/1", "type", {"expected": "object", "actual": "string"}),
            ],
        ),
        (
            {"VersionSpecificPackageIds": [{}]},
            [
                ("/VersionSpecificPackageIds/0", "required", {"missing": "PackageId"}),
                ("/VersionSpecificPackageIds/0", "required", {"missing": "UmbracoMajorVersion"}),
            ],
        ),
        (
            {"VersionSpecificPackageIds": [{"UmbracoMajorVersion": "8", "PackageId": "X"}]},
            [
                (
                    "/VersionSpecificPackageIds/0/UmbracoMajorVersion",
                    "type",
                    {"expected": "integer", "actual": "string"},
                )
            ],
        ),
        (
            {"VersionSpecificPackageIds": [{"UmbracoMajorVersion": math.inf, "PackageId": "X"}]},
            [
                (
                    "/VersionSpecificPackageIds/0/UmbracoMajorVersion",
                    "type",
                    {"expected": "integer", "actual": "number"},
                )
            ],
        ),
        (
            {
                "Screenshots": [
                    {"ImageUrl": "https://a.com", "VideoUrl": "https://a.com"},
                    {},
                    {"Caption": "c"},
                ]
            },
            [
                ("/Screenshots/0", "oneOf", {"matched": 2}),
                ("/Screenshots/1", "oneOf", {"matched": 0}),
                ("/Screenshots/2", "oneOf", {"matched": 0}),
            ],
        ),
        (
            {"Screenshots": ["https://a.com"]},
            [("/Screenshots/0", "type", {"expected": "object", "actual": "string"})],
        ),
        (
            {"AddOnPackagesRequiredForUmbracoCloud": ["A", "B", "A", "B"]},
            [("/AddOnPackagesRequiredForUmbracoCloud", "uniqueItems", {"first": 0, "second": 2})],
        ),
        (
            {"LookingForMaintainer": "true"},
            [("/LookingForMaintainer", "type", {"expected": "boolean", "actual": "string"})],
        ),
    ],
)
def test_what_is_wrong_is_named_by_place_and_keyword(
    value: object, expected: list[tuple[str, str, dict[str, object]]]
) -> None:
    assert violations(value) == [Violation(*one) for one in expected]
    assert not is_valid(value)


def test_violations_stand_in_the_order_of_their_places_whatever_the_order_of_the_file() -> None:
    tags = {"Tags": [1] * 11, "Category": "x", "Beta": 1, "Alpha": 1}
    places = [(one.pointer, one.params.get("additionalProperty")) for one in violations(tags)]
    assert places == [
        ("", "Alpha"),
        ("", "Beta"),
        ("/Category", None),
        *[(f"/Tags/{index}", None) for index in range(11)],
    ]
    assert violations(dict(reversed(tags.items()))) == violations(tags)


def test_parameters_are_plain_json() -> None:
    wrong = with_(Category=1, Title="x" * 300, Foo=1, Screenshots=[{}], Tags=[1, 1], VideoUrl="x")
    for one in violations(wrong):
        assert json.loads(json.dumps(one.params)) == one.params


def test_lone_surrogates_do_no_harm() -> None:
    assert violations({"\ud800": 1, "Title": "\udfff"}) == [
        Violation("", "additionalProperties", {"additionalProperty": "\ud800"})
    ]


def test_a_value_nested_too_deep_for_recursion_is_judged_all_the_same() -> None:
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    assert violations(deep) == [Violation("", "type", {"expected": "object", "actual": "array"})]
    found = violations({"Tags": [deep, "fine"], "AuthorDetails": deep, "Foo": deep})
    assert [(one.pointer, one.keyword) for one in found] == [
        ("", "additionalProperties"),
        ("/AuthorDetails", "type"),
        ("/Tags/0", "type"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"Tags": [1] * 300_000},
        {"Tags": ["a"] * 200_000 + [1]},
        {f"key{index}": 1 for index in range(100_000)},
        {"AddOnPackagesRequiredForUmbracoCloud": [{"a": index} for index in range(100_000)]},
        {"Screenshots": [{}] * 200_000},
        {"VideoUrl": "http://" + "a.aa" * 200_000 + "/ "},
        {"VideoUrl": "https://" + "-" * 800_000},
    ],
)
def test_a_hostile_value_yields_a_bounded_number_of_violations(value: object) -> None:
    assert not is_valid(value)
    assert 1 <= len(violations(value)) <= MAX_VIOLATIONS


def test_neither_verdict_nor_names_need_jsonschema() -> None:
    code = (
        "import sys; from umbmarket.umbraco.schema.violations import is_valid, violations;"
        "assert is_valid({'Title': 'x'}) and not is_valid({'Title': 1}) and violations({'Title': 1});"
        "print([name for name in ('jsonschema', 'attrs', 'urllib.request') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


ODD = st.sampled_from(
    [
        "",
        "x",
        "https://a.com",
        "https://a.com/\n",
        "https://a.com/\x1c",
        "https://a.com/\ufeff",
        "HTTPS://a.com",
        "https://a.com:80",
        "https://é.com",
        "Free",
        "Search",
        "search",
        "\ud800",
        "😀" * 101,
        "a" * 129,
        "a" * 501,
        True,
        False,
        None,
        0,
        1,
        1.0,
        1.5,
        math.inf,
        [],
        {},
        ["a", "a"],
        [1, True],
        [1, 1.0],
        [[True], [1], [True]],
        [{"a": 1, "b": 2}, {"b": 2, "a": 1}],
        {"ImageUrl": "https://a.com"},
        {"Name": 1},
        {"PackageId": "x"},
    ]
)
KEYS = st.sampled_from(
    [
        "Url",
        "FooUrl",
        "FooUrl\n",
        "url",
        "Name",
        "Category",
        "Categories",
        "ImageUrl",
        "VideoUrl",
        "a/b",
        "",
        "Tags",
    ]
)


def fitting(schema: dict[str, object]) -> st.SearchStrategy[object]:
    """Values that a part of the listing schema accepts, or nearly."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "object":
            known = {key: fitting(child) for key, child in schema["properties"].items()}
            required = schema.get("required", [])
            return st.fixed_dictionaries(
                {key: known[key] for key in required},
                optional={key: value for key, value in known.items() if key not in required},
            )
        case "array":
            return st.lists(fitting(schema["items"]), max_size=3)
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(7, 19) | st.just(10.0)
    return st.sampled_from(["https://example.com/a", "https://a.com", "text", "x" * 50])


LISTINGS = fitting(listing_schema())


@st.composite
def damaged(draw: st.DrawFn) -> object:
    """A listing with something else put at up to three places."""
    value = copy.deepcopy(draw(LISTINGS))
    for _ in range(draw(st.integers(0, 3))):
        places: list[tuple[object, object]] = []
        pending = [value]
        while pending:
            node = pending.pop()
            if isinstance(node, dict | list):
                keys = list(node) if isinstance(node, dict) else list(range(len(node)))
                places += [(node, key) for key in keys]
                pending += [node[key] for key in keys]
        if isinstance(value, dict) and (not places or draw(st.integers(0, 3)) == 0):
            value[draw(KEYS)] = copy.deepcopy(draw(ODD))
        elif places:
            node, key = draw(st.sampled_from(places))
            match draw(st.sampled_from(["replace", "remove", "wrap", "add"])):
                case "replace":
                    node[key] = copy.deepcopy(draw(ODD))
                case "remove":
                    del node[key]
                case "wrap":
                    node[key] = [node[key], node[key]]
                case "add" if isinstance(node, dict):
                    node[draw(KEYS)] = copy.deepcopy(draw(ODD))
                case "add":
                    node.append(copy.deepcopy(draw(ODD)))
    return value


def plain_validator() -> Draft202012Validator:
    """``jsonschema`` as it comes, on the schema with patterns translated by hand."""
    return Draft202012Validator(in_python(listing_schema()))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged() | ODD)
def test_the_fast_verdict_is_that_of_jsonschema(value: object) -> None:
    verdict = is_valid(value)
    assert verdict == validator().is_valid(value)
    assert verdict == plain_validator().is_valid(value)
    assert verdict == (violations(value) == [])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged() | ODD)
def test_what_is_named_is_what_jsonschema_names(value: object) -> None:
    assert violations(value) == named_by_jsonschema(value)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
def test_everything_that_jsonschema_names_is_named_once(value: object) -> None:
    found = violations(value)
    named = [(one.pointer, one.keyword, json.dumps(one.params, sort_keys=True)) for one in found]
    assert len(named) == len(set(named))
    theirs = {
        (
            "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in error.absolute_path),
            keyword,
        )
        for error in plain_validator().iter_errors(value)
        for keyword in [str(error.validator)]
        # Left out on purpose, and missed by jsonschema when booleans stand among numbers.
        if not (keyword == "oneOf" and not isinstance(error.instance, dict)) and keyword != "uniqueItems"
    }
    assert {(one.pointer, one.keyword) for one in found if one.keyword != "uniqueItems"} == theirs


@needs_corpus
def test_the_corpus_gets_the_verdict_of_an_independent_validator(
    corpus_listings: list[tuple[dict[str, object], object]],
) -> None:
    assert len(corpus_listings) == 98
    for entry, value in corpus_listings:
        assert is_valid(value) == (entry["verdict"] == "schema-valid"), entry["file"]
        expected = {
            (one["pointer"], one["keyword"], one.get("params", {}).get("additionalProperty"))
            for one in entry.get("violations", [])
        }
        found = {(one.pointer, one.keyword, one.params.get("additionalProperty")) for one in violations(value)}
        assert found == expected, entry["file"]
        assert violations(value) == named_by_jsonschema(value), entry["file"]
