"""Whatever the bytes are: no exception, no broken rule, an answer within a second, in every format."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import umbmarket
from tests.shared_corpus import CORPUS, listings, needs_corpus
from umbmarket.check.report import Report

pytestmark = pytest.mark.slow

SECONDS = 5.0
"""Processor time that one file may take."""

MUTATIONS_PER_FILE = 6

FRAGMENTS = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b'"',
    b"'",
    b"\\",
    b"\n",
    b"//",
    b"/*",
    b"null",
    b"\xff",
    b"\x00",
    b"1e9",
]

KEYS = ["Category", "Tags", "Screenshots", "ImageUrl", "VideoUrl", "AuthorDetails", "Contributors", "Name", "Url"]
KEYS += ["RelatedPackages", "PackageId", "VersionSpecificPackageIds", "UmbracoMajorVersion", "$schema", "LicenseType"]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["", " ", "Search", "https://example.com/a.png", "./a.png", "https://youtu.be/x", "a b", "\ud800"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner),
    max_leaves=20,
)


def check(data: bytes) -> Report:
    start = time.process_time()
    report = umbmarket.validate((), stdin=("umbraco-marketplace-my.pkg.json", data))
    assert time.process_time() - start < SECONDS
    assert report.failures == ()
    assert len(report.files) == 1
    for finding in report.findings:
        for fix in finding.fixes:
            for edit in fix.edits:
                assert 0 <= edit.start <= edit.end <= len(data)
    return report


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_random_bytes(data: bytes) -> None:
    check(data)


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), values, max_size=6) | values)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_json(value: object) -> None:
    data = json.dumps(value).encode()
    report = check(data)
    assert report.files[0].parsed == "strict"
    refused = {finding.pointer for finding in report.findings if "keyword" in finding.args}
    assert report.files[0].schema_valid or refused


@needs_corpus
@pytest.mark.parametrize("entry", listings(), ids=lambda entry: entry["file"])
def test_mutations_of_real_files(entry: dict[str, str]) -> None:
    data = (CORPUS / entry["file"]).read_bytes()
    chance = random.Random(entry["file"])
    for _ in range(MUTATIONS_PER_FILE):
        mutated = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(mutated) + 1)
            what = chance.randrange(4)
            if what == 0:
                mutated[at:at] = chance.choice(FRAGMENTS)
            elif what == 1:
                del mutated[at : at + chance.randint(1, 40)]
            elif what == 2:
                mutated[at : at + 1] = bytes([chance.randrange(256)])
            else:
                other = chance.randrange(len(mutated) + 1)
                mutated[at:at] = mutated[other : other + chance.randint(1, 60)]
        check(bytes(mutated))


@pytest.mark.parametrize("size", [1024 * 1024 - 100])
@pytest.mark.parametrize(
    "unit", [b"[", b'{"a":', b"1,", b'"a" ', b"\xe9", b"//\n", b"'", b'{"Tags": ["a",', b"\\u", b"\x00"]
)
def test_a_file_at_the_limit_of_size(unit: bytes, size: int) -> None:
    data = (unit * (size // len(unit) + 1))[:size]
    start = time.process_time()
    report = umbmarket.validate((), stdin=(str(Path("x") / "umbraco-marketplace.json"), data))
    assert time.process_time() - start < 1.5 * SECONDS
    assert report.failures == ()
