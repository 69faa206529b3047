"""Never a false all-clear: what real .NET readers refuse is an error here, over real files, probes and mutations.

`UMBMARKET_MUTATIONS` says how many mutations to try (some thousands where it is not set).
"""

from __future__ import annotations

import base64
import json
import os
import random
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.shared_corpus import CORPUS, entries, listings, needs_corpus
from tests.umbraco.listing_texts import applied, check_text, fixes_of
from umbmarket.check.report import Report
from umbmarket.umbraco.vocabulary import known_keys

MUTATIONS = int(os.environ.get("UMBMARKET_MUTATIONS", "3000"))

READERS = ("njsonschema_10_8_0", "njsonschema_11_5_2", "njsonschema_11_6_1", "newtonsoft")
"""The readers of `importer.json` that are of the Marketplace's kind."""

ROOT_URLS = {f"/{key}" for key in known_keys("listing") if key.endswith("Url")}

probes = entries("importer.json", "probes")


def assert_no_false_all_clear(report: Report) -> None:
    (file,) = report.files
    messages = {each.message for each in report.findings if each.code == "UMB007"}
    has_error = any(str(each.severity) == "error" for each in report.findings)
    if file.parsed == "no":
        assert has_error
    if file.schema_valid is False and not has_error and "the listing is not filled in" not in messages:
        refused = {each.pointer for each in report.findings if each.args.get("keyword")}
        empty = {each.pointer for each in report.findings if each.code == "UMB110" and str(each.severity) == "warning"}
        assert refused
        assert refused == empty
        assert empty <= ROOT_URLS


def data_of(probe: dict[str, str]) -> bytes:
    return base64.b64decode(probe["base64"]) if "base64" in probe else probe["text"].encode("utf-8", "surrogatepass")


def refuses(verdict: str) -> bool:
    return not verdict.startswith(("ACCEPT", "ok Object")) or "THROW" in verdict


@needs_corpus
def test_there_are_probes() -> None:
    assert len(probes) > 100
    assert any(all(refuses(probe[reader]) for reader in READERS) for probe in probes)
    assert any(not any(refuses(probe[reader]) for reader in READERS) for probe in probes)


@needs_corpus
@pytest.mark.parametrize("probe", probes, ids=lambda probe: probe["name"])
def test_what_every_reader_refuses_is_an_error(probe: dict[str, str]) -> None:
    report = check_text(data_of(probe))
    assert_no_false_all_clear(report)
    if all(refuses(probe[reader]) for reader in READERS):
        assert any(str(each.severity) == "error" for each in report.findings)


@needs_corpus
@pytest.mark.parametrize("probe", probes, ids=lambda probe: probe["name"])
def test_what_only_net_refuses_is_told(probe: dict[str, str]) -> None:
    """What the JSON Schema text lets pass and NJsonSchema does not is at the least a warning, but for U+0085.

    JavaScript's white space, which the schema's pattern means, has no U+0085.
    """
    refused_by_all = all(refuses(probe[reader]) for reader in READERS[:3])
    if probe["python_jsonschema"] == "valid" and refused_by_all and "U+0085" not in probe["name"]:
        worst = {str(each.severity) for each in check_text(data_of(probe)).findings if each.args.get("keyword")}
        assert worst & {"error", "warning"}


@needs_corpus
@pytest.mark.parametrize("entry", listings(), ids=lambda entry: entry["file"])
def test_real_files(entry: dict[str, Any]) -> None:
    report = check_text((CORPUS / entry["file"]).read_bytes())
    assert_no_false_all_clear(report)


@needs_corpus
def test_no_real_listing_that_every_reader_takes_is_refused() -> None:
    """What stays are errors about the content (a video that cannot be embedded), never about reading and schema."""
    for entry in listings():
        if entry["verdict"] == "schema-valid":
            report = check_text((CORPUS / entry["file"]).read_bytes())
            codes = {each.code for each in report.findings if str(each.severity) == "error"}
            assert not {code for code in codes if code < "UMB2"}, entry["file"]


NASTY_TEXTS = [
    "",
    " ",
    "\t",
    "/x",
    "./a.png",
    " https://example.com/a",
    "https://example.com/a.png",
    "http://localhost/a",
    "https://example.website/",
    "https://example.com:80/",
    "www.example.com",
    "see our site",
    "htps://example.com",
    "\ufffd",
    "CafÃ©",
    "\U0001f600" * 200,
    "a" * 5000,
    "Search",
    "search",
    "MIT",
    "true",
    "8",
    "\ud800",
    "my.own.package",
    "https://example.com/a\u0085b",
    "https://example.com/\n",
]
NASTY_VALUES: list[object] = [
    *NASTY_TEXTS,
    None,
    True,
    0,
    13,
    13.0,
    1.5,
    1e300,
    10**30,
    [],
    {},
    [""],
    [[]],
    [{}],
    [None],
    ["a", "A", "a"],
    {"Name": ""},
    [{"Name": ""}],
    [{"PackageId": ""}],
    [{"ImageUrl": "", "VideoUrl": ""}],
    [{"ImageUrl": "https://example.com/a.png", "VideoUrl": "https://example.com/a.mp4"}],
    [{"UmbracoMajorVersion": 8.0, "PackageId": "a"}],
]
KEYS = [
    *known_keys("listing"),
    *known_keys("author"),
    *known_keys("contributor"),
    *known_keys("screenshot"),
    *known_keys("version-specific-package"),
    *("BugsUrl", "videoUrl", "Url", "/Url", "~Url", "category", "Categories", "packageName", "$comment", "", "é"),
]


def mutated_value(value: Any, chance: random.Random) -> Any:
    """A copy of a listing with some values, keys and entries replaced, added or taken away."""
    value = deepcopy(value)
    for _ in range(chance.randint(1, 4)):
        places = [value]
        for place in places:
            below = place.values() if isinstance(place, dict) else place
            places.extend(each for each in below if isinstance(each, dict | list))
        place = chance.choice(places)
        what = chance.randrange(4)
        if isinstance(place, dict):
            key = chance.choice([*place, *KEYS]) if what else chance.choice(KEYS)
            if what == 1:
                place.pop(key, None)
            elif what == 2 and place:
                old = chance.choice(list(place))
                place[key] = place.pop(old)
            else:
                place[key] = deepcopy(chance.choice(NASTY_VALUES))
        elif what == 1 and place:
            place.append(deepcopy(chance.choice(place)))
        else:
            place.insert(chance.randint(0, len(place)), deepcopy(chance.choice(NASTY_VALUES)))
    return value


def mutated_text(data: bytes, chance: random.Random) -> bytes:
    """A copy of a file with some bytes replaced, added or taken away."""
    mutated = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(mutated) + 1)
        what = chance.randrange(4)
        if what == 0:
            mutated[at:at] = chance.choice(
                [b"// a\n", b"/* a */", b",", b"[", b"}", b'"', b"\\", b"'", b"\x00", b"\xe9", b"//"]
            )
        elif what == 1:
            del mutated[at : at + chance.randint(1, 40)]
        elif what == 2:
            del mutated[at:]
        else:
            mutated[:0] = chance.choice([b"// a\n", b" ", b"\xef\xbb\xbf", b"/* a */", b"\xc2\xa0", b"{", b"["])
    return bytes(mutated)


def real_files() -> list[bytes]:
    return [(CORPUS / entry["file"]).read_bytes() for entry in listings()]


def mutations(mutate: Callable[[bytes, random.Random], bytes], count: int) -> list[bytes]:
    chance = random.Random(mutate.__name__)
    files = real_files()
    return [mutate(files[number % len(files)], chance) for number in range(count)]


def as_mutated_value(data: bytes, chance: random.Random) -> bytes:
    try:
        value = json.loads(data)
    except ValueError:
        value = {"Category": "Search", "Tags": ["a"], "Screenshots": [{"ImageUrl": "https://example.com/a.png"}]}
    return json.dumps(mutated_value(value, chance), indent=2, ensure_ascii=True).encode()


@needs_corpus
@pytest.mark.parametrize("mutate", [as_mutated_value, mutated_text])
def test_mutations(mutate: Callable[[bytes, random.Random], bytes]) -> None:
    judged: Counter[tuple[str, bool | None]] = Counter()
    for data in mutations(mutate, MUTATIONS // 2):
        report = check_text(data)
        try:
            assert_no_false_all_clear(report)
        except AssertionError:
            print(ascii(data))
            raise
        judged[report.files[0].parsed, report.files[0].schema_valid] += 1
    assert sum(count for (_, valid), count in judged.items() if valid is False) > MUTATIONS // 20


@needs_corpus
def test_no_fix_of_a_mutation_makes_it_worse() -> None:
    """Each fix alone leaves at most the errors there were, and one finding less of its own rule."""
    tried = 0
    for data in mutations(as_mutated_value, MUTATIONS // 6):
        report = check_text(data)
        before = Counter(each.code for each in report.findings if str(each.severity) == "error")
        for finding, fix in fixes_of(report):
            after_report = check_text(applied(data, fix))
            after = Counter(each.code for each in after_report.findings if str(each.severity) == "error")
            told = (ascii(data.decode()), finding.code, finding.pointer, fix.title, before, after)
            assert after_report.files[0].parsed == "strict", told
            if fix.safety == "safe":
                assert after.total() <= before.total(), told
            tried += 1
    assert tried > MUTATIONS // 6
