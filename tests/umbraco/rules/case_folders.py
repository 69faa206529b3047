"""The cases of the rules: `tests/cases/<CODE>/{ok,bad}/<case>/`, each a small project for one rule.

A case holds the files to check. `case.toml` may say more: `paths` to check instead of the folder, `package_id`, the
git facts `remote`, `branch`, `default_branch` and `branches`, which are all of the remote's (a `.git` folder cannot be
stored in one), and under `[generate]` files made of as many spaces in a text as bytes are asked for. A folder whose
name ends in `.nupkg` or `.snupkg` is packed into a package of that name; `[archive."My.Package.1.0.0.nupkg"]` says what
is odd about it, see `odd_archives`.
`expected.txt` of a bad case has one line for each finding of the rule: path, region, severity, message.

`tests/cases/<CODE>/fixed/<case>/` has the folders `before` and `after` instead, and beside them perhaps `case.toml`,
where `unsafe = true` asks for unsafe fixes. What the fixes of the rule alone make of the one is compared with the other
byte for byte.
"""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import umbmarket
from tests.rule_cases import code_of
from tests.umbraco.rules.odd_archives import odd_archive
from umbmarket.check.fixing import Fixing
from umbmarket.findings import Finding
from umbmarket.settings.options import Settings


def check_case(folder: Path, scratch: Path) -> list[Finding]:
    """All findings of the case's rule on a copy of the case in `scratch`."""
    project = scratch / "project"
    shutil.copytree(folder, project)
    (project / "expected.txt").unlink(missing_ok=True)
    about = project / "case.toml"
    told = tomllib.loads(about.read_text("utf-8")) if about.exists() else {}
    about.unlink(missing_ok=True)
    prepare(project, told)
    report = umbmarket.validate(paths_of(project, told), settings=settings_of(folder, told), root=project)
    assert not report.failures
    assert report.files
    # Some rules run whatever is selected.
    return [finding for finding in report.findings if finding.code == code_of(folder)]


def fix_case(folder: Path, scratch: Path, *, unsafe: bool | None = None) -> tuple[Fixing, Path]:
    """What the fixes of the case's rule make of a copy of `before` in `scratch`, written; and that copy.

    `unsafe` decides where it is given, else the case does.
    """
    project = scratch / "project"
    shutil.copytree(folder / "before", project)
    told = told_of(folder)
    prepare(project, told)
    fixing = umbmarket.fix(
        paths_of(project, told),
        unsafe=told.get("unsafe", False) if unsafe is None else unsafe,
        settings=settings_of(folder, told),
        root=project,
    )
    assert not fixing.report.failures
    fixing.write()
    return fixing, project


def told_of(folder: Path) -> dict[str, Any]:
    about = folder / "case.toml"
    return tomllib.loads(about.read_text("utf-8")) if about.exists() else {}


def settings_of(folder: Path, told: dict[str, Any]) -> Settings:
    return Settings(select=(code_of(folder),), package_id=told.get("package_id"))


def paths_of(project: Path, told: dict[str, Any]) -> list[Path]:
    return [project / name for name in told.get("paths", ["."])]


def prepare(project: Path, told: dict[str, Any]) -> None:
    """Make what cannot be stored in a case: large files, packages, a git folder."""
    for name, size in told.get("generate", {}).items():
        (project / name).write_bytes(b'{"Title": "' + b" " * (size - 14) + b'"}\n')
    for package in [path for path in sorted(project.rglob("*")) if path.suffix in (".nupkg", ".snupkg")]:
        pack(package, told.get("archive", {}).pop(package.relative_to(project).as_posix(), {}))
    assert not told.get("archive"), "no such package"
    if "remote" in told:
        make_git_folder(project, told)


def pack(folder: Path, odd: dict[str, Any]) -> None:
    """Put a package made of what is in `folder` in its place."""
    members = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    shutil.rmtree(folder)
    folder.write_bytes(odd_archive(members, odd))


def make_git_folder(project: Path, told: dict[str, Any]) -> None:
    git = project / ".git"
    (git / "refs" / "remotes" / "origin").mkdir(parents=True)
    (git / "HEAD").write_text(f"ref: refs/heads/{told['branch']}\n", "utf-8")
    (git / "config").write_text(f'[remote "origin"]\n\turl = {told["remote"]}\n', "utf-8")
    for branch in told.get("branches", []):
        reference = git / "refs" / "remotes" / "origin" / branch
        reference.parent.mkdir(parents=True, exist_ok=True)
        reference.write_text("0" * 40 + "\n", "utf-8")
    if "branches" in told:
        with (git / "config").open("a", encoding="utf-8") as config:
            config.write("\tfetch = +refs/heads/*:refs/remotes/origin/*\n")
    if "default_branch" in told:
        head = git / "refs" / "remotes" / "origin" / "HEAD"
        head.write_text(f"ref: refs/remotes/origin/{told['default_branch']}\n", "utf-8")
