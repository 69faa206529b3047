"""The settings schema says what the program takes: no more and, but for letter case, no less."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from umbmarket.check.selection import resolve
from umbmarket.check.settings_schema import selector_schema
from umbmarket.marketplaces import catalogues
from umbmarket.settings.file import settings_schema
from umbmarket.settings.file_model import SettingsFile
from umbmarket.settings.options import Selector, SettingsError
from umbmarket.umbraco.rules import all_rules

SCHEMA = settings_schema(selector_schema(catalogues()))
VALIDATOR = Draft202012Validator(SCHEMA)


def taken(content: object) -> bool:
    def selector(text: str, way: tuple[str | int, ...]) -> Selector:
        return Selector(text, "umbmarket.toml", str(way), lambda: None)

    try:
        resolve(
            SettingsFile.model_validate(content).as_settings("umbmarket.toml", selector),
            catalogues(),
        )
    except (ValidationError, SettingsError):
        return False
    return True


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_key_is_described() -> None:
    properties = SCHEMA["properties"]
    assert isinstance(properties, dict)
    assert list(properties) == [
        "select",
        "ignore",
        "severity",
        "per-file-ignores",
        "exclude",
        "fail-on",
        "min-severity",
        "package-id",
        "projects",
    ]
    assert all(definition["description"] for definition in properties.values())


def test_every_code_and_name_can_be_selected() -> None:
    words = ["ALL", "UMB", "UMB1", "UMB10", *all_rules(), *(rule.slug for rule in all_rules().values())]
    assert taken({"select": words})
    assert VALIDATOR.is_valid({"select": words})


@pytest.mark.parametrize(
    "content",
    [
        {"select": ["UMB104x"]},
        {"select": ["nonsense-here"]},
        {"select": "UMB104"},
        {"ignore": [{"reason": "x"}]},
        {"ignore": [{"rule": "UMB104", "why": "x"}]},
        {"severity": {"UMB104": "fatal"}},
        {"severity": {"nonsense-here": "info"}},
        {"per-file-ignores": {"x": "UMB1"}},
        {"per_file_ignores": {}},
        {"fail-on": "fatal"},
        {"other": 1},
        [],
        3,
    ],
)
def test_what_is_refused_is_refused_by_both(content: object) -> None:
    assert not taken(content)
    assert not VALIDATOR.is_valid(content)


SELECTORS = st.sampled_from(["ALL", "UMB", "UMB1", "UMB104", "not-allowed-value", "thin-listing", "UMB9999", "zzz", ""])
SEVERITIES = st.sampled_from(["error", "warning", "info", "fatal"])
NOISE = st.one_of(st.integers(), st.booleans(), st.text(max_size=3), st.just([]), st.just({}))
IGNORES = st.one_of(
    SELECTORS, NOISE, st.fixed_dictionaries({}, optional={"rule": SELECTORS, "reason": st.text(max_size=3), "x": NOISE})
)
CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        "select": st.one_of(st.lists(SELECTORS, max_size=3), NOISE),
        "ignore": st.one_of(st.lists(IGNORES, max_size=3), NOISE),
        "severity": st.one_of(st.dictionaries(SELECTORS, SEVERITIES, max_size=3), NOISE),
        "per-file-ignores": st.one_of(
            st.dictionaries(st.sampled_from(["a", "b/**"]), st.lists(SELECTORS, max_size=2), max_size=2), NOISE
        ),
        "fail-on": st.one_of(st.sampled_from(["error", "warning", "info", "never"]), NOISE),
        "package-id": st.sampled_from(["My.Package", "x"]),
        "unknown": NOISE,
    },
)


@settings(max_examples=400, deadline=None)
@given(content=CONTENTS)
def test_program_and_schema_agree(content: dict[str, object]) -> None:
    assert taken(content) == VALIDATOR.is_valid(content)
