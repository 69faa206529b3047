"""Which licence expressions NuGet can read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.nuget.license_syntax import expression_problem


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        " MIT ",
        "Apache-2.0+",
        "MIT OR Apache-2.0",
        "MIT AND BSD-3-Clause OR ISC",
        "(MIT)",
        "((MIT OR Apache-2.0) AND (ISC))",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "(GPL-2.0-only WITH Classpath-exception-2.0 OR MIT)",
        "MIT  OR   ISC",
        "CoolLicense",
    ],
)
def test_can_be_read(expression: str) -> None:
    assert expression_problem(expression) is None


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("MIT, ISC", "it contains ',', but licences are joined by AND, OR and WITH, with spaces in between"),
        ("MIT/ISC", "it contains '/', but licences are joined by AND, OR and WITH, with spaces in between"),
        ("MIT\nOR ISC", "it contains '\\n', but licences are joined by AND, OR and WITH, with spaces in between"),
        ("Apache 2.0", "'2.0' follows 'Apache' without AND, OR or WITH in between"),
        ("MIT or ISC", "'or' follows 'MIT' without AND, OR or WITH in between"),
        ("MIT OR", "there is nothing after 'OR'"),
        ("OR MIT", "there is nothing before 'OR'"),
        ("MIT OR AND ISC", "there is nothing before 'AND'"),
        ("(MIT OR ISC", "a closing parenthesis is missing"),
        ("MIT)", "a closing parenthesis has no opening one"),
        (")", "a closing parenthesis has no opening one"),
        ("()", "there is nothing between '(' and the closing parenthesis"),
        ("(MIT OR ) AND ISC", "there is nothing between 'OR' and the closing parenthesis"),
        ("MIT (ISC)", "the parenthesis after 'MIT' is in the wrong place"),
        ("(", "there is nothing after '('"),
        ("(MIT) WITH LLVM-exception", "WITH must follow a licence, and names one exception"),
        (
            "MIT WITH LLVM-exception WITH Bison-exception-2.2",
            "WITH must follow a licence, and names one exception",
        ),
        ("MIT WITH (LLVM-exception)", "the parenthesis after 'WITH' is in the wrong place"),
        ("MI+T", "'MI+T' is not a licence id"),
        ("(MIT)OR ISC", "'MIT)OR' is not a licence id"),
        ("+", "'+' is not a licence id"),
    ],
)
def test_cannot_be_read(expression: str, problem: str) -> None:
    assert expression_problem(expression) == problem


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(["MIT", "Apache-2.0+", "GPL-2.0-only WITH LLVM-exception"]))
    left, right = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    return f"({left} {draw(st.sampled_from(['AND', 'OR']))} {right})"


@settings(max_examples=100)
@given(expressions())
def test_what_is_put_together_rightly_can_be_read(expression: str) -> None:
    assert expression_problem(expression) is None


@settings(max_examples=100)
@given(st.text())
def test_any_text_can_be_asked_about(expression: str) -> None:
    problem = expression_problem(expression)
    assert problem is None or (problem and "\n" not in problem and not problem.endswith("."))


def test_a_long_expression_takes_no_time() -> None:
    assert expression_problem("(" * 100_000 + "MIT" + ")" * 100_000) is None
