"""The two outputs of `umbmarket status`: one screen for people, version 1 of a JSON document for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import build_nuspec
from tests.shared_corpus import ROOT
from tests.snapshots import assert_matches
from umbmarket.check.engine import run
from umbmarket.findings import Severity
from umbmarket.nuget import NuGetVersion
from umbmarket.nuget.feed.answers import FeedFailure, NotFound, PackageVersions, PublishedVersion
from umbmarket.nuget.package.nuspec import Nuspec
from umbmarket.settings.options import FailOn, Settings
from umbmarket.umbraco.actions.status_advice import blockers_of, next_steps_of
from umbmarket.umbraco.compatibility.over_versions import supported_versions
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.online.api import MarketplaceFailure, MarketplaceRecord, NotListed
from umbmarket.umbraco.online.dependency_graph import DependencySearch, TransitiveDependency
from umbmarket.umbraco.pages import status_json, status_text
from umbmarket.umbraco.placement import place
from umbmarket.umbraco.publication import Status
from umbmarket.umbraco.published_facts import Attempt, PublishedFacts, PublishedPackage
from umbmarket.umbraco.workspace import Workspace
from umbmarket.web.outcomes import Delivery, Trouble, Unreachable

SNAPSHOTS = Path(__file__).parent / "snapshots"
ID = "Acme.Tool"
URL = "https://github.com/acme/tool"
GROUPS = {"net8.0": {"Umbraco.Cms.Core": "[13.0.0, 14.0.0)"}}
PLACEMENT = place(URL, ID)


def version(text: str, *, listed: bool = True) -> PublishedVersion:
    published = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC) if listed else None
    return PublishedVersion(ID, NuGetVersion.parse(text), listed=listed, published=published)


def nuspec(**texts: str) -> Nuspec:
    usual = {"id": ID, "version": "1.2.0", "tags": "umbraco-marketplace", "projectUrl": URL}
    return Nuspec("acme.tool.nuspec", build_nuspec({**usual, **texts}, GROUPS).encode())


FOUND = (
    Attempt("listing", PLACEMENT.listing[0], "missing", "404"),
    Attempt("listing", PLACEMENT.listing[1], "found", "200"),
    Attempt("readme", PLACEMENT.readme[0], "missing", "404"),
    Attempt("readme", PLACEMENT.readme[1], "found", "200"),
)
HEALTHY = PublishedFacts(
    PublishedPackage(ID),
    PackageVersions(ID, (version("1.1.0"), version("1.2.0"), version("1.9.0", listed=False), version("2.0.0-rc.1"))),
    nuspec(),
    PLACEMENT,
    FOUND,
    ListingFacts(
        Listing(
            PLACEMENT.listing[1].url,
            b'{"$schema": "https://marketplace.umbraco.com/umbraco-marketplace-schema.json", "Category": "Search"}',
        ),
        package_id=ID,
    ),
    supported=supported_versions([[("net8.0", [("Umbraco.Cms.Core", "[13.0.0, 14.0.0)")])]]),
    record=MarketplaceRecord(
        package_id=ID,
        latest_version="1.2.0",
        majors=(13,),
        category="Search",
        license_types=("Free",),
        last_published=datetime(2024, 5, 6, 8, 0, tzinfo=UTC),
    ),
)


def status_of(facts: PublishedFacts, problems: tuple[str, ...] = ()) -> Status:
    """The status that the action makes of facts."""
    listings = (facts.listing,) if facts.listing is not None else ()
    report = run([gathered(Workspace(listings, published=(facts,), online=True))], Settings())
    blockers = tuple(blockers_of(facts))
    steps = tuple(next_steps_of(facts, report, blockers, problems))
    return Status("https://api.nuget.org/v3/index.json", facts, report, 2, blockers, problems, steps)


WAY = TransitiveDependency(("Middle 2.0.0",), "Umbraco.Cms.Core", "[13.0.0, 14.0.0)", "net8.0")
CASES: dict[str, Callable[[], Status]] = {
    "healthy": lambda: status_of(HEALTHY),
    "behind": lambda: status_of(
        replace(
            HEALTHY,
            record=replace(HEALTHY.record, latest_version="1.1.0", category="Commerce", majors=(10, 13)),  # type: ignore[type-var] - it is a record
        )
    ),
    "not-there": lambda: status_of(
        PublishedFacts(PublishedPackage(ID), NotFound(ID), record=NotListed(ID)),
    ),
    "no-answer": lambda: status_of(
        PublishedFacts(
            PublishedPackage(ID),
            FeedFailure("https://api.nuget.org/v3/index.json could not be reached: it took too long."),
            record=MarketplaceFailure(
                "No answer.", Unreachable("https://a", Trouble.TIMEOUT, "it took too long", Delivery.UNKNOWN)
            ),
        ),
        ("https://api.nuget.org/v3/index.json could not be reached: it took too long.", "No answer."),
    ),
    "blocked": lambda: status_of(
        replace(
            HEALTHY,
            nuspec=nuspec(tags="umbraco"),
            attempts=tuple(replace(attempt, result="missing", answer="404") for attempt in FOUND),
            listing=None,
            transitive=DependencySearch((), 7, complete=True),
            supported=None,
            record=NotListed(ID),
        )
    ),
    "transitive": lambda: status_of(replace(HEALTHY, transitive=DependencySearch((WAY,), 2, complete=True))),
}


@pytest.mark.parametrize("name", CASES)
def test_the_page_is_as_recorded(name: str) -> None:
    text = status_text.render(CASES[name]())
    assert_matches(SNAPSHOTS / f"status-{name}.txt", text)


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_the_page_fits_80_columns_and_one_screen(name: str, verbose: bool) -> None:
    lines = status_text.render(CASES[name](), verbose=verbose).splitlines()
    # An address is not broken, so that it can be copied; it then has a line of its own.
    assert [line for line in lines if len(line) > 80 and not line.lstrip().startswith("https://")] == []
    assert len(lines) <= 40
    assert all("\x1b" not in line for line in lines)
    assert "What to do next" in lines


def test_colours_only_style() -> None:
    plain, colored = (status_text.render(CASES["behind"](), color=color) for color in (False, True))
    assert colored != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_verbose_shows_everything() -> None:
    short, long = (status_text.render(CASES["healthy"](), verbose=verbose) for verbose in (False, True))
    assert "-v shows all" in short
    assert "-v shows all" not in long
    assert "All          2.0.0-rc.1, 1.9.0 (unlisted), 1.2.0, 1.1.0" in long
    assert "info[UMB213]" in long


@pytest.mark.parametrize(
    ("least", "shown", "counted"),
    [
        (None, {"UMB608"}, "  1 suggestion not shown; -v shows all"),
        (Severity.ERROR, set(), "  3 warnings and 1 suggestion not shown; -v shows all"),
        (Severity.INFO, {"UMB608", "UMB213"}, None),
    ],
)
def test_the_least_severity_is_that_of_the_settings(
    least: Severity | None, shown: set[str], counted: str | None
) -> None:
    lines = status_text.render(CASES["behind"](), min_severity=least).splitlines()
    assert set(re.findall("UMB[0-9]+", "\n".join(lines))) == shown
    assert [line for line in lines if "-v shows all" in line] == [counted] * bool(counted)


def test_what_fails_the_run_is_shown() -> None:
    status = CASES["behind"]()
    strict = replace(status, report=replace(status.report, fail_on=FailOn.INFO))
    assert "info[UMB213]" in status_text.render(strict)


HOSTILE = "a\x1b[2J\u202e\n::error::x ##vso[task.setvariable]y \ud800"


def hostile() -> Status:
    """Everything that others write, written by someone with ideas."""
    dependencies = DependencySearch((TransitiveDependency((HOSTILE,), HOSTILE, HOSTILE, HOSTILE),), 1, complete=True)
    address = replace(PLACEMENT.listing[0], url=f"https://example.com/{HOSTILE}")
    facts = replace(
        HEALTHY,
        document=PublishedPackage(HOSTILE),
        attempts=(Attempt("listing", address, "missing", HOSTILE),),
        listing=None,
        transitive=dependencies,
        record=MarketplaceRecord(latest_version=HOSTILE, category=HOSTILE, license_types=(HOSTILE,)),
    )
    return replace(status_of(facts, (HOSTILE,)), source=HOSTILE, warnings=(HOSTILE,), blockers=(HOSTILE,))


def test_no_text_of_others_acts_on_a_terminal_or_a_log() -> None:
    text = status_text.render(hostile(), verbose=True)
    assert not set(text) & set("\x1b\u202e\ud800")
    assert "##vso[" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads((ROOT / status_json.SCHEMA_FILE).read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", [*CASES, "hostile"])
def test_the_json_fits_its_schema(name: str, validator: Draft202012Validator) -> None:
    text = status_json.render({**CASES, "hostile": hostile}[name]())
    assert text.isascii()
    assert "##vso[" not in text
    assert [error.message for error in validator.iter_errors(json.loads(text))] == []


def test_the_schema_lets_later_documents_say_more(validator: Draft202012Validator) -> None:
    document = json.loads(status_json.render(CASES["healthy"]()))
    assert validator.is_valid({**document, "more": 1})
    assert not validator.is_valid({**document, "version": 2})


def test_the_json_says_what_was_found() -> None:
    document = json.loads(status_json.render(CASES["behind"]()))
    assert (document["version"], document["packageId"], document["exitCode"]) == (1, ID, 0)
    assert (document["published"], len(document["versions"])) == (True, 4)
    assert document["versions"][2] == {"version": "1.9.0", "listed": False, "prerelease": False, "published": None}
    assert document["latest"]["version"] == "1.2.0"
    assert document["latest"]["tagged"] is True
    assert document["dependencies"] == [
        {"id": "Umbraco.Cms.Core", "range": "[13.0.0, 14.0.0)", "targetFramework": "net8.0", "path": []}
    ]
    assert document["supported"]["majors"] == [13]
    assert document["listing"] == "https://raw.githubusercontent.com/acme/tool/HEAD/umbraco-marketplace.json"
    assert [each["result"] for each in document["addresses"]] == ["missing", "found", "missing", "found"]
    assert document["marketplace"]["version"] == "1.1.0"
    assert {each["args"].get("what") for each in document["findings"] if each["code"] == "UMB608"} == {
        "version",
        "majors",
        "category",
    }


@pytest.mark.parametrize(
    ("name", "published", "listed"), [("not-there", False, False), ("no-answer", None, None), ("blocked", True, False)]
)
def test_the_json_tells_no_from_not_known(name: str, published: object, listed: object) -> None:
    document = json.loads(status_json.render(CASES[name]()))
    assert (document["published"], document["marketplace"]["listed"]) == (published, listed)


def test_the_shipped_schema_is_up_to_date() -> None:
    for name, text in status_json.generated_files().items():
        assert (ROOT / name).read_text("utf-8") == text
