"""Lets the fixes loose on damaged listings: none may make anything worse, and a second run has nothing to do.

    python -m tests.fuzz.fixes --inputs 100000 --seed 1

Each input is a real listing (or a sample, where the corpus is missing) with some of the mistakes that people make, or
with bytes changed at random. It is fixed safely, and then with guesses. Every failure is told with its input; the exit
code is 1 when there was one. The same seed makes the same inputs.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

import umbmarket
from tests.shared_corpus import CORPUS, ROOT, listings
from umbmarket.check.marketplace import Marketplace
from umbmarket.check.report import Report
from umbmarket.findings import Severity
from umbmarket.marketplaces import MARKETPLACES
from umbmarket.umbraco.rules import all_rules
from umbmarket.umbraco.vocabulary import known_keys

NAME = "umbraco-marketplace-my.own.package.json"
SLOWEST = 10.0
"""Processor time in seconds that no input of some thousand bytes may take, by far."""

Chance = random.Random

FRAGMENTS = (
    *(b"// a\n", b"/* a */", b"/*", b",", b"[", b"]", b"{", b"}", b'"', b"\\", b"'", b"\x00", b"\xe9", b"//", b":"),
    *(b"\xef\xbb\xbf", b"\xc2\xa0", b"\n", b"\r\n", b"\t", b"null", b"true|false", b"NaN", b"\xe2\x80\x9c", b";", b"="),
)
VALUES: tuple[object, ...] = (
    *(
        "",
        " ",
        "\t",
        "/x",
        "./a.png",
        " https://example.com/a",
        "http://github.com/a/b",
        "http://localhost/a",
        "Search",
    ),
    *("https://example.website/", "https://example.com:80/", "www.example.com", "htps://example.com", "search", "MIT"),
    *("\ufffd", "CafÃ©", "\U0001f600" * 200, "a" * 300, "true", "8", "\ud800", "my.own.package", "a b", "Free", "free"),
    *("https://youtu.be/dQw4w9WgXcQ", "https://github.com/o/r/blob/main/a.png", "https://www.nuget.org/packages/A.B/"),
    *(None, True, False, 0, 13, 13.0, 1.5, 1e300, 10**30, [], {}, [""], [[]], [{}], [None], ["a", "A", "a"]),
    *({"Name": ""}, [{"Name": ""}], [{"PackageId": ""}], [{"ImageUrl": "", "VideoUrl": ""}], {"PackageId": "a"}),
    [{"ImageUrl": "https://example.com/a.png", "VideoUrl": "https://example.com/a.mp4"}],
    [{"UmbracoMajorVersion": 8.0, "PackageId": "my.own.package"}],
    [{"UmbracoMajorVersion": 8, "PackageId": "a"}, {"UmbracoMajorVersion": 8, "PackageId": "a"}],
)
KINDS = ("listing", "author", "contributor", "screenshot", "related-package", "version-specific-package")
KEYS = tuple(
    dict.fromkeys(
        (
            *(key for kind in KINDS for key in known_keys(kind)),
            *("BugsUrl", "videoUrl", "Url", "/Url", "~Url", "category", "Categories", "packageName", "$comment", ""),
            *("NuGetPackageId", "Umbraco8PackageId", "SyncContributorsFromGitHub", "Contributors", "Name", "name", "é"),
        )
    )
)


def seeds() -> tuple[bytes, ...]:
    """Real listings, or the samples of the project."""
    real = tuple((CORPUS / entry["file"]).read_bytes() for entry in listings())
    return real or tuple(path.read_bytes() for path in sorted((ROOT / "samples").rglob("umbraco-marketplace*.json")))


def _places(value: Any) -> list[Any]:
    places = [value]
    for place in places:
        below = place.values() if isinstance(place, dict) else place
        places.extend(each for each in below if isinstance(each, dict | list))
    return places


def with_other_values(data: bytes, chance: Chance) -> bytes:
    """Keys and values replaced, added, renamed or taken away; written as JSON."""
    value = json.loads(data.decode("utf-8-sig", "replace")) if _is_json(data) else {"Category": "Search", "Tags": ["a"]}
    for _ in range(chance.randint(1, 4)):
        place = chance.choice(_places(value))
        what = chance.randrange(5)
        if isinstance(place, dict):
            key = chance.choice([*place, *KEYS])
            if what == 1:
                place.pop(key, None)
            elif what == 2 and place:
                old = chance.choice(list(place))
                place[key] = place.pop(old)
            elif what == 3 and place:
                old = chance.choice(list(place))
                place[chance.choice([old.lower(), old[:1].lower() + old[1:], old.upper(), old[:-1]])] = place.pop(old)
            else:
                place[key] = deepcopy(chance.choice(VALUES))
        elif what == 1 and place:
            place.append(deepcopy(chance.choice(place)))
        else:
            place.insert(chance.randint(0, len(place)), deepcopy(chance.choice(VALUES)))
    return json.dumps(value, indent=chance.choice((None, 2, "\t")), ensure_ascii=chance.random() < 0.5).encode(
        "utf-8", "backslashreplace"
    )


def _is_json(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data.decode("utf-8-sig")), dict)
    except ValueError:
        return False


def with_other_bytes(data: bytes, chance: Chance) -> bytes:
    """Bytes replaced, added, moved or taken away."""
    mutated = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(mutated) + 1)
        what = chance.randrange(5)
        if what == 0:
            mutated[at:at] = chance.choice(FRAGMENTS)
        elif what == 1:
            del mutated[at : at + chance.randint(1, 40)]
        elif what == 2:
            del mutated[at:]
        elif what == 3:
            other = chance.randrange(len(mutated) + 1)
            mutated[at:at] = mutated[other : other + chance.randint(1, 60)]
        else:
            mutated[:0] = chance.choice((b"// a\n", b" ", b"\xef\xbb\xbf", b"/* a */", b"\xc2\xa0", b"{", b"["))
    return bytes(mutated)


SLIPS: tuple[Callable[[str, Chance], str], ...] = (
    lambda text, chance: _once(r",(?=\s*\n)", "", text, chance),
    lambda text, chance: _once(r"(?<=[\"\]}])(?=\s*[\]}])", ",", text, chance),
    lambda text, chance: _once(r"\n", "\n  // a note\n", text, chance),
    lambda text, chance: _once(r",", ", /* a note */", text, chance),
    lambda text, chance: _once(r"[\]}](?=\s*(?:,|$))", "", text, chance),
    lambda text, chance: _once(r'"(?=\w)', "'", text, chance).replace("'", "'", 1),
    lambda text, chance: _once(r'"([\w ]*)"', r"'\1'", text, chance),
    lambda text, chance: _once(r'"([\w ]*)"', "“\\1”", text, chance),
    lambda text, chance: _once(r'"(\w+)"(?=\s*:)', r"\1", text, chance),
    lambda text, chance: _once(r'"(\w+)":', lambda found: f'"{found[1][:1].lower()}{found[1][1:]}":', text, chance),
    lambda text, chance: re.sub(r'"(\w+)":', lambda found: f'"{found[1][:1].lower()}{found[1][1:]}":', text),
    lambda text, chance: _once(r"(?<=: )\"[^\"\n]*\"", '""', text, chance),
    lambda text, chance: _once(r"(?<=: )\"([^\"\n]*)\"", r'" \1 "', text, chance),
    lambda text, chance: _once(r"(?<=: )(true|false)", r'"\1"', text, chance),
    lambda text, chance: _once(r"https://", "http://", text, chance),
    lambda text, chance: _once(r"https://", "", text, chance),
    lambda text, chance: _once(r" & ", " and ", text, chance),
    lambda text, chance: _once(r"raw\.githubusercontent\.com/([^/]+/[^/]+)", r"github.com/\1/blob", text, chance),
    lambda text, chance: _once(r'\n\s*("[^"\n]*": "[^"\n]*"),', r"\g<0>\g<0>", text, chance),
    lambda text, chance: _once(r" ", "\u00a0", text, chance),
    lambda text, chance: _once(r"(?<=\w) (?=\w)", '"', text, chance),
    lambda text, chance: _once(r"(?<=\w) (?=\w)", "\n", text, chance),
    lambda text, chance: text.replace("\n", "\r\n"),
    lambda text, chance: f"\ufeff{text}",
    lambda text, chance: f"[{text}]",
    lambda text, chance: f"{text}\n{chance.choice('}],;')}",
)


def _once(pattern: str, instead: str | Callable[[re.Match[str]], str], text: str, chance: Chance) -> str:
    """`text` with one of the places that match replaced."""
    places = list(re.finditer(pattern, text))
    if not places:
        return text
    found = chance.choice(places)
    return (
        text[: found.start()]
        + (found.expand(instead) if isinstance(instead, str) else instead(found))
        + text[found.end() :]
    )


def with_slips(data: bytes, chance: Chance) -> bytes:
    """Mistakes as people make them, in the encodings that editors write."""
    text = data.decode("utf-8-sig", "replace")
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        text = chance.choice(SLIPS)(text, chance)
    encoding = chance.choice((*["utf-8"] * 17, "utf-16-le", "utf-16", "cp1252"))
    return text.encode(encoding, "replace")


MUTATORS = (with_other_values, with_other_bytes, with_slips, with_slips)


def mutation(number: int, seed: int, files: tuple[bytes, ...]) -> bytes:
    """The input of a number."""
    chance = random.Random(f"{seed}:{number}")
    return MUTATORS[number % len(MUTATORS)](chance.choice(files), chance)


def mended(data: bytes, *, unsafe: bool, marketplaces: Sequence[Marketplace] = MARKETPLACES) -> tuple[bytes, Report]:
    """A listing after its fixes, and the report on what is left."""
    fixing = umbmarket.fix((), stdin=(NAME, data), unsafe=unsafe, marketplaces=marketplaces)
    return next((change.after for change in fixing.changes), data), fixing.report


def heavier(report: Report) -> tuple[int, int, int]:
    """How many errors, errors and warnings, and findings there are."""
    ranks = [finding.severity.rank for finding in report.findings]
    return tuple(
        sum(rank >= least.rank for rank in ranks) for least in (Severity.ERROR, Severity.WARNING, Severity.INFO)
    )  # type: ignore[return-value]  # of three levels come three numbers


_READ = {"no": 0, "tolerant": 1, "strict": 2}


def harm(data: bytes, marketplaces: Sequence[Marketplace] = MARKETPLACES) -> tuple[list[str], int]:
    """What is wrong with what fixes make of a listing, and how many there were."""
    told: list[str] = []
    made = 0
    before = umbmarket.validate((), stdin=(NAME, data), marketplaces=marketplaces)
    told += before.failures
    for unsafe in (False, True):
        way = "unsafe" if unsafe else "safe"
        after, left = mended(data, unsafe=unsafe, marketplaces=marketplaces)
        mending = left.mending
        assert mending is not None
        made += len(mending.fixed)
        told += [f"{way}: {failure}" for failure in left.failures]
        report = left
        then, now = before.files[0], report.files[0]
        if (_READ[now.parsed], now.faults <= then.faults) < (_READ[then.parsed], True):
            told.append(f"{way}: reads worse: {then} {now}")
        if _READ[now.parsed] == _READ[then.parsed] and now.faults == then.faults:
            if any(map(int.__gt__, heavier(report), heavier(before))):
                told.append(f"{way}: more to find: {heavier(before)} {heavier(report)}")
            if then.schema_valid and not now.schema_valid:
                told.append(f"{way}: the schema refuses it now")
        if after == data:
            continue
        again, _ = mended(after, unsafe=unsafe, marketplaces=marketplaces)
        if again != after:
            told.append(f"{way}: not done in one run: {again[:3000]!r}")
    return told, made


def run(inputs: int, seed: int, *, show: Callable[[str], None] = print, first: int = 0) -> Counter[str]:
    """Fix that many inputs; how many there were, how many fixes were made, and how many went wrong."""
    figures: Counter[str] = Counter()
    files = seeds()
    # Known as a whole, the rules need not be gathered anew for each input.
    assert all_rules()
    for number in range(first, first + inputs):
        data = mutation(number, seed, files)
        started = time.process_time()
        try:
            told, made = harm(data)
        except Exception as error:  # noqa: BLE001 - what it is, is told with its input
            told, made = [f"{type(error).__name__}: {error}"], 0
        took = time.process_time() - started
        if took > SLOWEST:
            told.append(f"took {took:.1f} seconds")
        figures["inputs"] += 1
        figures["fixes"] += made
        if told:
            figures["failures"] += 1
            show(f"{number}: {'; '.join(told)[:1500]}\n  {ascii(data.decode('latin-1'))[:4000]}")
        if figures["inputs"] % 5000 == 0:
            show(f"{dict(figures)}")
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description="Fix damaged listings and look for harm.")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    wish = parser.parse_args()
    figures = run(wish.inputs, wish.seed, show=lambda text: print(text, flush=True), first=wish.first)
    print(dict(figures))
    return 1 if figures["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
