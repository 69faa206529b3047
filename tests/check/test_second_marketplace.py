"""A second marketplace that only this test knows: the seams are enough, nothing under `umbmarket/` knows of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

import umbmarket
from umbmarket.check.catalogue import Catalogue, Family, Retired, rule, rules_in
from umbmarket.check.engine import Gathered
from umbmarket.check.marketplace import Inputs, Listed, Recognised
from umbmarket.check.report import CheckedFile, ExitCode
from umbmarket.cli.app import program
from umbmarket.disk.files import read_file
from umbmarket.findings import Edit, Fix, Observation, Place, Region, RelatedPlace, Severity, Span
from umbmarket.formats.source import SourceText
from umbmarket.marketplaces import MARKETPLACES
from umbmarket.output import Format, render
from umbmarket.settings.file import load_settings
from umbmarket.settings.options import Settings, SettingsError


@dataclass(frozen=True)
class Recipe:
    """A document with lines of `name: value`."""

    path: str
    source: SourceText

    def member_of(self, place: Place) -> str | None:
        return None

    def source_of(self, place: Place) -> SourceText | None:
        return self.source

    def locate(self, place: Place) -> Region | None:
        return self.source.region(place.span) if place.span is not None else None


@dataclass(frozen=True)
class RecipeFacts:
    document: Recipe
    listing: str | None


@rule("TOY001", "no-salt", Severity.ERROR, why="a dish without salt is sent back", fix="safe")
def no_salt(facts: RecipeFacts) -> Iterator[Observation]:
    """A recipe without salt.

    Every recipe has a line `salt: amount`.

    Why it matters:
        Guests say so.

    Bad:
        pepper: 1

    Good:
        salt: 1
    """
    if "salt:" not in facts.document.source.text:
        yield Observation(
            "the recipe has no salt",
            Place(span=Span(0, 3)),
            help="add a line salt: 1",
            fixes=(Fix("add salt", "safe", (Edit(0, 0, "salt: 1\n"),)),),
            related=(RelatedPlace(facts.document, Place(span=Span(4, 7)), "salt would go before this"),),
            estimate=True,
        )


@rule("TOY002", "too-short", Severity.INFO, why="short recipes are hard to follow")
def too_short(facts: RecipeFacts) -> Iterator[Observation]:
    """A recipe of one line.

    Why it matters:
        Cooks ask.

    Bad:
        a

    Good:
        a
        b
    """
    if facts.document.source.text.count("\n") < 2:
        yield Observation("the recipe is short")


@rule("TOY101", "new-idea", Severity.WARNING, why="it may be wrong", status="preview")
def new_idea(facts: RecipeFacts) -> Iterator[Observation]:
    """A rule that is being tried out.

    Why it matters:
        It may.

    Bad:
        a

    Good:
        b
    """
    yield Observation("a new idea")


@rule("TOY102", "old-idea", Severity.WARNING, why="it was wrong", status="deprecated", instead="TOY001")
def old_idea(facts: RecipeFacts) -> Iterator[Observation]:
    """A rule that will go.

    Why it matters:
        It will not.

    Bad:
        a

    Good:
        b
    """
    if "old" in facts.document.source.text:
        yield Observation("an old idea")


class Toys:
    catalogue = Catalogue(
        "TOY",
        {"0": Family("taste", "Taste"), "1": Family("ideas", "Ideas")},
        rules=(no_salt, too_short, new_idea, old_idea),
        retired={
            "TOY009": Retired("no-sugar", "0.2.0", "TOY001", "salt matters more"),
            "TOY008": Retired("x", "0.1", "", "wrong"),
        },
    )
    looks_for = ("recipes (*.recipe)",)

    def recognises(self, folder: str, names: Sequence[str]) -> Iterable[Recognised]:
        return [Recognised(name, "recipe") for name in names if name.endswith(".recipe")]

    def recognises_below(self, folders: Sequence[str]) -> Iterable[tuple[str, str]]:
        return ()

    def claims(self, path: str) -> bool:
        return path.endswith(".recipe")

    def listed_in(self, path: str) -> Sequence[Listed] | None:
        """A menu stands for the recipes that it lists, one a line."""
        if not path.endswith(".menu"):
            return None
        names = read_file(path, 1000).data.decode().splitlines()
        folder = os.path.dirname(path)
        return [
            Listed(os.path.join(folder, name), "recipe", "it is too hot" if "chili" in name else "") for name in names
        ]

    def gather(self, inputs: Inputs) -> Gathered:
        recipes = []
        for handed in inputs.files:
            shown = os.path.relpath(handed.path, inputs.root).replace(os.sep, "/")
            recipes.append(Recipe(shown, SourceText(read_file(handed.spelling, 1000).data)))
        if inputs.given is not None:
            recipes.append(Recipe(inputs.given[0], SourceText(inputs.given[1])))
        return Gathered(
            self.catalogue,
            [RecipeFacts(recipe, None) for recipe in recipes],
            [CheckedFile(recipe.path, "recipe", "strict", None) for recipe in recipes],
        )


BOTH = (*MARKETPLACES, Toys())


@pytest.fixture
def kitchen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a listing that has one error, and a recipe that has two findings."""
    (tmp_path / "umbraco-marketplace.json").write_text('{"Category": "Serch"}\n')
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "soup.recipe").write_text("water: 1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(report: umbmarket.Report) -> list[tuple[str, str]]:
    wanted = {"UMB104", "TOY001", "TOY002", "TOY101", "TOY102"}
    return [(finding.path, finding.code) for finding in report.findings if finding.code in wanted]


def test_it_is_found_beside_a_listing(kitchen: Path) -> None:
    report = umbmarket.validate(marketplaces=BOTH)
    assert codes(report) == [
        ("umbraco-marketplace.json", "UMB104"),
        ("deep/soup.recipe", "TOY002"),
        ("deep/soup.recipe", "TOY001"),
    ]
    assert [(file.path, file.kind) for file in report.files] == [
        ("umbraco-marketplace.json", "listing"),
        ("deep/soup.recipe", "recipe"),
    ]
    assert codes(umbmarket.validate()) == [("umbraco-marketplace.json", "UMB104")]


def test_named_files_and_standard_input_go_to_the_marketplace_that_claims_them(kitchen: Path) -> None:
    named = umbmarket.validate(["deep/soup.recipe", "umbraco-marketplace.json"], marketplaces=BOTH)
    assert [(file.path, file.kind) for file in named.files] == [
        ("umbraco-marketplace.json", "listing"),
        ("deep/soup.recipe", "recipe"),
    ]
    given = umbmarket.validate([], stdin=("stew.recipe", b"salt: 1\nwater: 1\n"), marketplaces=BOTH)
    assert [(file.path, file.kind) for file in given.files] == [("stew.recipe", "recipe")]
    assert given.findings == ()


def test_a_named_file_stands_for_what_it_lists(kitchen: Path) -> None:
    (kitchen / "stew.recipe").write_text("water: 1\n")
    (kitchen / "today.menu").write_text("deep/soup.recipe\nstew.recipe\n")

    def files(*paths: str, **more: object) -> list[str]:
        report = umbmarket.validate(list(paths), marketplaces=BOTH, **more)
        return [file.path for file in report.files]

    assert files("today.menu") == ["deep/soup.recipe", "stew.recipe"]
    assert files("today.menu", settings=Settings(exclude=("deep",))) == ["stew.recipe"]
    assert files("today.menu", "deep/soup.recipe", settings=Settings(exclude=("deep",))) == [
        "deep/soup.recipe",
        "stew.recipe",
        "deep/soup.recipe",
    ]
    assert files("today.menu", settings=Settings(exclude=("*.menu",)), force_exclude=True) == []


def test_its_place_its_fix_and_what_it_rests_on(kitchen: Path) -> None:
    report = umbmarket.validate(["deep/soup.recipe"], settings=Settings(select=("TOY001",)), marketplaces=BOTH)
    (finding,) = report.findings
    assert (finding.region, finding.estimate) == (Region(1, 1, 1, 4, 0, 3), True)
    assert [(each.path, each.region) for each in finding.related] == [("deep/soup.recipe", Region(1, 5, 1, 8, 4, 7))]
    assert report.exit_code is ExitCode.FINDINGS


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(select=("TOY",)), ["TOY002", "TOY001"]),
        (Settings(select=("TOY0", "UMB104")), ["UMB104", "TOY002", "TOY001"]),
        (Settings(select=("no-salt",)), ["TOY001"]),
        (Settings(ignore={"TOY": None}), ["UMB104"]),
        (Settings(ignore={"too-short": None, "UMB1": None}), ["TOY001"]),
        (Settings(per_file_ignores={"*.recipe": ("ALL",)}), ["UMB104"]),
        (Settings(select=("new-idea",)), ["TOY101"]),
        (Settings(select=("TOY101",)), ["TOY101"]),
        (Settings(select=("TOY1",)), []),
    ],
)
def test_it_is_selected_and_ignored_by_its_codes(kitchen: Path, settings: Settings, expected: list[str]) -> None:
    assert [code for _, code in codes(umbmarket.validate(settings=settings, marketplaces=BOTH))] == expected


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("TOY", "they are for another marketplace, of which no file was found"),
        ("UMB6", "they need --online"),
    ],
)
def test_why_no_rule_ran_is_told(kitchen: Path, selector: str, why: str) -> None:
    report = umbmarket.validate("umbraco-marketplace.json", settings=Settings(select=(selector,)), marketplaces=BOTH)
    assert report.notes == (f"none of the selected rules ran: {why}",)


def test_severity_of_its_rules_can_be_set(kitchen: Path) -> None:
    settings = Settings(severity={"TOY": Severity.WARNING, "TOY001": Severity.INFO}, select=("TOY",))
    report = umbmarket.validate(settings=settings, marketplaces=BOTH)
    assert [(finding.code, finding.severity) for finding in report.findings] == [
        ("TOY002", "warning"),
        ("TOY001", "info"),
    ]


def test_codes_of_a_marketplace_that_is_not_there_are_unknown(kitchen: Path) -> None:
    with pytest.raises(SettingsError, match=r'^unknown rule "TOY001"$'):
        umbmarket.validate(settings=Settings(select=("TOY001",)))


@pytest.mark.parametrize("selector", ["TOY009", "toy009", "no-sugar"])
def test_a_retired_code_redirects_with_a_note(kitchen: Path, selector: str) -> None:
    file = kitchen / "umbmarket.toml"
    file.write_text(f'fail-on = "never"\nselect = [\n  "{selector}",\n]\n')
    report = umbmarket.validate(settings=load_settings(file, "umbmarket.toml"), marketplaces=BOTH)
    assert codes(report) == [("deep/soup.recipe", "TOY001")]
    assert report.notes == (
        f'umbmarket.toml:3: rule "{selector}" was removed in 0.2.0 (salt matters more); use TOY001 instead',
    )


def test_a_retired_code_without_an_heir_names_nothing(kitchen: Path) -> None:
    report = umbmarket.validate(settings=Settings(ignore={"TOY008": None}), marketplaces=BOTH)
    assert [code for _, code in codes(report)] == ["UMB104", "TOY002", "TOY001"]
    assert report.notes == ('rule "TOY008" was removed in 0.1 (wrong)',)


def test_naming_a_deprecated_rule_is_noted(kitchen: Path) -> None:
    (kitchen / "deep" / "soup.recipe").write_text("salt: old\nwater: 1\n")
    assert [code for _, code in codes(umbmarket.validate(marketplaces=BOTH))] == ["UMB104", "TOY102"]
    report = umbmarket.validate(settings=Settings(ignore={"old-idea": None}), marketplaces=BOTH)
    assert [code for _, code in codes(report)] == ["UMB104"]
    assert report.notes == ('rule "old-idea" is deprecated; use TOY001 instead',)


@pytest.mark.parametrize("format", list(Format))
def test_it_is_rendered_in_every_format(kitchen: Path, format: Format) -> None:
    report = umbmarket.validate(["deep"], marketplaces=BOTH)
    text = render(report, format)
    assert "TOY001" in text
    assert "the recipe has no salt" in text.replace("The recipe", "the recipe")
    if format is Format.JSON:
        document = json.loads(text)
        assert document["files"] == [
            {"path": "deep/soup.recipe", "kind": "recipe", "parsed": "strict", "schemaValid": None}
        ]
        assert document["findings"][1]["docs"] == "docs/rules.md#toy001"
        assert document["findings"][1]["estimate"] is True
    elif format is Format.SARIF:
        (run,) = json.loads(text)["runs"]
        assert [each["properties"]["tags"] for each in run["tool"]["driver"]["rules"]] == [["taste"], ["taste"]]
    elif format is Format.JUNIT:
        assert ElementTree.fromstring(text).attrib["tests"] == "2"
    elif format is Format.TEXT:
        assert text.endswith("1 error in 1 recipe\n1 suggestion, --min-severity info shows it\n1 fixable with --fix\n")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program(BOTH), list(arguments), catch_exceptions=False)


def test_the_command_line_checks_lists_and_explains_it(kitchen: Path) -> None:
    checked = run("validate", "--no-config", "--select", "TOY", "--format", "concise")
    assert checked.exit_code == 1
    assert "deep/soup.recipe:1:1: error: TOY001 the recipe has no salt\n" in checked.stdout
    listed = run("rules").stdout
    assert "UMB104" in listed
    assert "TOY001  no-salt" in listed
    explained = run("explain", "no-salt").stdout
    assert "A recipe without salt." in explained
    refused = run("validate", "--no-config", "--select", "TOY0001")
    assert refused.exit_code == 2
    assert 'unknown rule "TOY0001"' in refused.stderr


def test_the_command_line_says_what_it_looks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nothing = run("validate", "--no-config")
    assert nothing.exit_code == 3
    assert (
        'packages (.nupkg), projects with the tag "umbraco-marketplace" (.csproj), Nuxeo packages (package.xml), and'
        " recipes (*.recipe)\n" in nothing.stderr
    )


def test_codes_are_unique_and_belong_to_a_family() -> None:
    families = {"0": Family("taste", "Taste")}
    with pytest.raises(ValueError, match=r"^TOY001 is taken or is no rule code of TOY$"):
        _ = Catalogue("TOY", families, rules=(no_salt, no_salt)).rules
    with pytest.raises(ValueError, match=r"^TOY101 is taken or is no rule code of TOY$"):
        _ = Catalogue("TOY", families, rules=(new_idea,)).rules
    with pytest.raises(ValueError, match=r"^TOY001 is taken or is no rule code of OTHER$"):
        _ = Catalogue("OTHER", families, rules=(no_salt,)).rules
    with pytest.raises(ValueError, match=r"^TOY001 is taken"):
        _ = Catalogue("TOY", families, rules=(no_salt,), retired={"TOY001": Retired("a", "1", "", "b")}).rules
    assert [each.code for each in rules_in({"a": no_salt, "b": 1})] == ["TOY001"]


def test_importing_a_rule_changes_no_catalogue() -> None:
    assert "TOY001" not in MARKETPLACES[0].catalogue.rules
