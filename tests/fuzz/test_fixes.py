"""Some hundred inputs of the fuzz run of the fixes, and proof that it would notice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzz import fixes
from umbmarket.check.catalogue import Catalogue, Family, rule
from umbmarket.check.engine import Gathered
from umbmarket.check.marketplace import Inputs
from umbmarket.findings import Edit, Fix, Observation, Place, Severity, Span
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.marketplace import UmbracoMarketplace


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_no_fix_does_harm(seed: int) -> None:
    told: list[str] = []
    figures = fixes.run(500, seed, show=told.append)
    assert told == []
    assert figures["fixes"] > 500


def test_the_same_seed_makes_the_same_inputs_and_every_mutator_is_used() -> None:
    files = fixes.seeds()
    first, second = ([fixes.mutation(number, 3, files) for number in range(12)] for _ in range(2))
    assert first == second
    assert len(set(first)) > 8
    assert set(fixes.MUTATORS) == {fixes.with_other_values, fixes.with_other_bytes, fixes.with_slips}


class BadFixes(UmbracoMarketplace):
    """The Umbraco Marketplace with a single rule, which always offers one fix at the first brace."""

    def __init__(self, instead: str, word: str) -> None:
        def always(facts: ListingFacts) -> Iterator[Observation]:
            text = facts.document.source.text
            at = text.find("{") + 1
            fix = Fix("Do harm", "safe", (Edit(at, at, instead),))
            yield Observation("there is a brace", Place(span=Span(at, at)), fixes=(fix,))
            yield from (Observation(f"there is {word}") for _ in range(text.count(word)))

        mark = rule("BAD101", "bad", Severity.ERROR, why="it is a test", fix="safe")
        self._catalogue = Catalogue("BAD", {"1": Family("bad", "Bad")}, rules=[mark(always)])

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue

    def gather(self, inputs: Inputs) -> Gathered:
        return super().gather(inputs)._replace(catalogue=self._catalogue)


@pytest.mark.parametrize(
    ("instead", "word", "told"),
    [
        ('"', "nothing", "would have broken"),
        ("\n", "nothing", "not done in one run"),
        ('"Title": 1,', "Title", "was not made"),
    ],
    ids=["breaks the file", "never ends", "adds findings"],
)
def test_harm_would_be_noticed(instead: str, word: str, told: str) -> None:
    data = b'{"Category": "Search"}'
    bad = (BadFixes(instead, word),)
    found, made = fixes.harm(data, bad)
    _, report = fixes.mended(data, unsafe=False, marketplaces=bad)
    assert any(told in text for text in (*found, *report.notes))
    assert (made > 0) == (told == "not done in one run")
