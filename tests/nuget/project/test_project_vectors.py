"""Tiny trees with the answers of a real MSBuild; skipped without the corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.shared_corpus import CORPUS, needs_corpus
from umbmarket.nuget.project.evaluation import Evaluation, evaluate
from umbmarket.nuget.project.unknown import Unknown

pytestmark = needs_corpus

Row = dict[str, Any]


def _vectors() -> list[Row]:
    path = CORPUS / "project-vectors.json"
    if not path.is_file():
        return []
    rows: list[Row] = json.loads(path.read_bytes())["vectors"]
    return rows


VECTORS = {row["id"]: row for row in _vectors()}

OTHER_ON_PURPOSE = {
    # What a restore has left in obj/ is not read (reference, section 4).
    "import-27": "obj",
}

UNKNOWN_BESIDES = {
    # Only the letter case of the file differs, which counts on Linux alone.
    "cond-40",
    # Without an SDK nothing of the project is packed, so nothing of it is told.
    "prop-56",
    "import-28",
}
"""Where the answer is unknown although the vector has one: fewer than 3 in 100."""


def _evaluated(row: Row, folder: Path) -> Evaluation:
    for name, text in {**dict.fromkeys(row["touch"], ""), **row["files"]}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    return evaluate(folder / row["project"], root=folder, properties=row["globals"])


def _answers(row: Row, evaluation: Evaluation, root: str) -> list[tuple[str, Any, Any]]:
    """What is asked, what came out, and what MSBuild says."""
    found = []
    for framework, answers in {None: row["answer"]["outer"], **row["answer"].get("inner", {})}.items():
        for name, expected in answers.items():
            got: Any
            if name.startswith("@"):
                got = evaluation.items(name[1:], framework)
                if isinstance(got, tuple):
                    got = [{"id": item.include, **{key: item.metadata[key] for key in item.metadata}} for item in got]
            else:
                got = evaluation.within(framework).value(name)
            found.append((name, got, expected.replace("<ROOT>", root) if isinstance(expected, str) else expected))
    return found


@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in VECTORS.items()])
def test_msbuild_gives_the_same_answer(row: Row, tmp_path: Path) -> None:
    root = tmp_path.resolve()
    evaluation = _evaluated(row, root)
    answer = row["answer"]
    says_unknown = "unknown" in row["static"]
    if "error" in answer:
        if not (says_unknown and evaluation.whole is not None):
            assert [problem.code for problem in evaluation.problems] == [answer["code"]]
            assert isinstance(evaluation.value("Title"), Unknown) or evaluation.whole is None
        return
    if "note" in answer or row["id"] in OTHER_ON_PURPOSE:
        return
    assert evaluation.problems == ()
    if not isinstance(evaluation.whole, Unknown):
        assert list(evaluation.imports) == answer["imports"]
    for name, got, expected in _answers(row, evaluation, root.as_posix()):
        if isinstance(got, Unknown):
            assert says_unknown or row["id"] in UNKNOWN_BESIDES, (name, got.reason)
        else:
            assert got == expected, name


def test_hardly_anything_is_unknown_besides() -> None:
    assert set(VECTORS) >= UNKNOWN_BESIDES
    assert len(UNKNOWN_BESIDES) <= 0.03 * len(VECTORS)


@pytest.mark.parametrize("name", ["func-22", "cond-52", "cond-54", "tfm-15", "import-10"])
def test_what_the_machine_decides_is_unknown(name: str, tmp_path: Path) -> None:
    root = tmp_path.resolve()
    answers = _answers(VECTORS[name], _evaluated(VECTORS[name], root), root.as_posix())
    assert all(isinstance(got, Unknown) for _, got, _ in answers)
