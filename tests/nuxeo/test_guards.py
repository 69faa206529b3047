"""Guards against the answers of Nuxeo's own classes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.nuxeo.vectors import vectors
from tests.shared_corpus import needs_corpus
from umbmarket.nuxeo import PlatformId
from umbmarket.nuxeo.guards import Guard, GuardFault, GuardScope, InvalidGuard, UnreadGuard

SERVER = GuardScope(PlatformId.parse("lts-2023.0"), ())
"""The environment of the vectors."""

FAULTS = {"NullPointerException": "null", "ClassCastException": "not-boolean"}


@needs_corpus
@pytest.mark.parametrize("row", vectors("guard"), ids=lambda row: row["input"])
def test_guard_comes_to_what_it_does_in_nuxeo(row: dict[str, Any]) -> None:
    expected = row["result"]
    if not expected["parsed"]:
        with pytest.raises(InvalidGuard):
            Guard(row["input"])
        return
    guard = Guard(row["input"])
    if "eval_error" in expected:
        with pytest.raises(GuardFault) as fault:
            guard.value(SERVER)
        assert fault.value.kind == FAULTS[expected["eval_error"].partition(":")[0]]
        return
    assert guard.value(SERVER) is expected["value"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("not Platform.isJBoss()", True),
        ("Platform.isJBoss() || true", True),
        ("Platform.isJBoss() or Platform.isJetty()", False),
        ("Version.isEqual(Platform.getVersion(), '2023.0')", True),
        ("Platform.name == 'lts' && !Platform.isJetty()", True),
        ("empty foo", True),
        ("1 lt 2", True),
        ("'10' > 9", True),
        ("2 >= 3 or 'a' ne 'b'", True),
        ("null == foo", True),
        ("1 == '1'", True),
        ("'true' and true", True),
        ("true; nonsense here", True),
        ("Packages.contains('a')", False),
    ],
)
def test_more_guards(text: str, value: bool) -> None:
    assert Guard(text).value(SERVER) is value


def test_packages_on_the_server() -> None:
    scope = GuardScope(None, ("nuxeo-web-ui-3.1.0",))
    assert Guard("Packages.contains('nuxeo-web-ui')").value(scope) is True
    assert Guard("Packages.contains('nuxeo-web-ui:3.2')").value(scope) is False


@pytest.mark.parametrize(
    "text",
    [
        "Platform.getVersion() == '1'",
        "Packages.contains('a')",
        "!Packages.contains('a')",
        "true && Platform.isWindows()",
        "Version.isLess(Platform.version, '2')",
        "file.exists()",
        "todir",
    ],
)
def test_what_only_the_server_knows_is_not_known(text: str) -> None:
    assert Guard(text).value() is None


@pytest.mark.parametrize("text", ["false && Platform.isWindows()", "Packages.contains('a') and false"])
def test_what_is_decided_without_it_is_known(text: str) -> None:
    assert Guard(text).value() is False


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Version.isLess(1, 2)", "null"),
        ("Version.isLess('1')", "null"),
        ("Platform.isTomcat('x')", "null"),
        ("foo.bar()", "null"),
        ("Platform.name", "not-boolean"),
        ("1 + 2", "not-boolean"),
        ("Version.isLess('1', '99999999999')", "version"),
    ],
)
def test_what_fails_on_every_server(text: str, kind: str) -> None:
    with pytest.raises(GuardFault) as fault:
        Guard(text).value(SERVER)
    assert fault.value.kind == kind


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("Version.isLess(", 15, "it ends too early"),
        ("", 0, "it ends too early"),
        ("a b", 2, 'unexpected "b"'),
        ("a ? b", 2, 'unexpected "?"'),
        ("a && ", 4, "it ends too early"),
        ("(a", 2, "it ends too early"),
        ("a.1", 2, 'unexpected "1"'),
        ("'open", 0, 'unexpected "\'"'),
    ],
)
def test_what_jexl_refuses(text: str, offset: int, message: str) -> None:
    with pytest.raises(InvalidGuard) as error:
        Guard(text)
    assert (str(error.value), error.value.offset) == (message, offset)


@pytest.mark.parametrize("text", ["!" * 60 + "a", "(" * 60 + "a" + ")" * 60, "a" + "||a" * 60, "a" + ".b" * 60])
def test_what_is_too_long_is_not_called_wrong(text: str) -> None:
    with pytest.raises(UnreadGuard, match=r"^the expression is too long$"):
        Guard(text)


def test_methods_that_are_not_there_or_always_answer_the_same() -> None:
    guard = Guard("!(Platform.isJBoss()) && Version.isOlder('1') or Platform.isTomcat() && Packages.contains('x')")
    assert sorted(guard.missing_methods, key=lambda each: each.offset) == [
        ("Platform", "isJBoss", 11),
        ("Version", "isOlder", 33),
    ]
    assert guard.constant_methods == ("isTomcat",)
    assert Guard("Platform.matches('x')").missing_methods == ()
