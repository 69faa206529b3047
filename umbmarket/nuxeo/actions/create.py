"""The action behind `umbmarket nuxeo init`: what is asked of the user, and the files that come of the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from umbmarket.disk.files import read_file
from umbmarket.disk.new_files import CannotMake, existing, refuse_links_out, write_all
from umbmarket.disk.real_path import real_path
from umbmarket.nuxeo.maven_parent import LARGEST_POM, Coordinates, InvalidPom, ParentPom
from umbmarket.nuxeo.new_package import (
    FIRST_VERSION,
    Maven,
    NewPackage,
    check_maven,
    check_name,
    check_text,
    check_version,
    coordinates_of,
    files_of,
    folders_of,
    platform_of,
    title_of,
)
from umbmarket.nuxeo.wrong_use import WrongUse

POM = "pom.xml"
"""What Maven calls a project's file."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user said. None is for what was not said.

    Attributes:
        name: of the package, and of its folder.
        title: of the package; made of the name.
        vendor: who makes it; the company that was named, else git's user name, else the name of the package.
        description: one sentence; what the package does as it is made.
        license: an SPDX id or any other name; none.
        platform: which servers it is for, see `new_package.platform_of`; `lts`.
        version: a snapshot of 1.0.0, or that of the parent project.
        maven: make a Maven module.
        group: Maven's groupId; that of the parent project.
        artifact: Maven's artifactId; the name of the package.
        parent: Maven's parent as `GROUP:ARTIFACT:VERSION`, empty for none; the project whose folder this is.
        company: the organisation; none, or the parent project's.
    """

    name: str | None = None
    title: str | None = None
    vendor: str | None = None
    description: str | None = None
    license: str | None = None
    platform: str | None = None
    version: str | None = None
    maven: bool = False
    group: str | None = None
    artifact: str | None = None
    parent: str | None = None
    company: str | None = None


class Question(NamedTuple):
    """What a person can be asked.

    Attributes:
        field: which attribute of `Wish` the answer is for.
        words: how to ask.
        default: the answer where there is none; None where there has to be one.
    """

    field: str
    words: str
    default: str | None


class Created(NamedTuple):
    """What was made.

    Attributes:
        folder: of the package.
        files: in it, with forward slashes.
        module_of: the `pom.xml` that got a module; None for none.
    """

    folder: Path
    files: tuple[str, ...]
    module_of: Path | None


def questions(wish: Wish, where: Path) -> tuple[Question, ...]:
    """What was not said and has to be known, in the order to ask.

    Args:
        wish: what was said.
        where: the folder that the package's folder will be in.

    Raises:
        WrongUse: the project there cannot be read.
    """
    asked = [] if wish.name is not None else [Question("name", "Package name", None)]
    if not wish.maven or _project(wish, where) is not None:
        return tuple(asked)
    more = (
        Question("group", "Maven groupId", None),
        Question("artifact", "Maven artifactId", wish.name),
        Question("version", "Version", FIRST_VERSION),
        Question("parent", "Maven parent, GROUP:ARTIFACT:VERSION, or nothing", ""),
        Question("company", "Company, or nothing", ""),
    )
    return (*asked, *(each for each in more if getattr(wish, each.field) is None))


def answered(wish: Wish, question: Question, answer: str) -> Wish:
    """The wish with one more answer.

    Raises:
        WrongUse: the answer cannot be used.
    """
    field = question.field
    text = answer.strip()
    if field == "name":
        return replace(wish, name=check_name(text))
    if field == "parent":
        if text:
            coordinates_of(text)
        return replace(wish, parent=text)
    if field == "company":
        return replace(wish, company=check_text(text, "company"))
    return with_answer(wish, question, check_maven(text, field))


def with_answer(wish: Wish, question: Question, text: str) -> Wish:
    """The wish with an answer that needs no check."""
    value: dict[str, Any] = {question.field: text}
    return replace(wish, **value)


def create(wish: Wish, where: Path, *, force: bool = False) -> Created:
    """Make the files of a package.

    Args:
        wish: what is wanted.
        where: the folder that the package's folder will be in.
        force: replace files that are there.

    Raises:
        WrongUse: something that was said cannot be used, or a file is there already.
        CannotMake: a file cannot be written; nothing was changed.
    """
    project = _project(wish, where) if wish.maven else None
    package = _package(wish, where, project)
    folder = where / package.name
    texts = files_of(package)
    files = {folder / path: text.encode("utf-8") for path, text in texts.items()}
    taken = [] if force else existing(files)
    if taken:
        names = ", ".join(str(path.relative_to(where)) for path in taken[:3]) + (", ..." if len(taken) > 3 else "")
        one = len(taken) == 1
        raise WrongUse(f"{names} exist{'s' if one else ''} already; --force replaces {'it' if one else 'them'}")
    # The package's own folder may be a link: the user named it.
    refuse_links_out(
        [*(path.parent for path in files), *(folder / path for path in folders_of(package))], folder, where
    )
    module_of = None
    if project is not None and package.name not in project.modules:
        # Last, so that it never names a module that is not there; a link stays a link.
        module_of = Path(real_path(where / POM))
        files[module_of] = project.with_module(package.name)
    folders = tuple(folder / path for path in folders_of(package))
    write_all(files, folders, replace=True, root=where)
    return Created(folder, tuple(texts), None if module_of is None else where / POM)


def _project(wish: Wish, where: Path) -> ParentPom | None:
    """The Maven project that the package becomes a module of."""
    if wish.parent is not None:
        return None
    path = where / POM
    if not path.is_file():
        return None
    content = read_file(str(path), LARGEST_POM)
    if content.problem is not None or len(content.data) > LARGEST_POM:
        raise WrongUse(f"{POM} cannot be read: {content.problem or 'it is too large'}")
    try:
        project = ParentPom(content.data)
    except InvalidPom as error:
        raise WrongUse(f"{POM} in this folder cannot be used: {error}; name another parent with --parent") from None
    return project if project.is_aggregator else None


def _package(wish: Wish, where: Path, project: ParentPom | None) -> NewPackage:
    if wish.name is None:
        raise WrongUse("name the package")
    name = check_name(wish.name)
    # What is blank is nothing: the usual takes its place.
    company = check_text(wish.company or "", "company")
    if not company and project is not None:
        company = check_text(project.organization, "company")
    return NewPackage(
        name,
        wish.version or FIRST_VERSION if wish.maven else check_version(wish.version or FIRST_VERSION),
        check_text(wish.title or "", "title") or title_of(name),
        check_text(wish.vendor or wish.company or "", "vendor") or _git_user(where) or company or name,
        check_text(wish.description or "", "description"),
        check_text(wish.license or "", "license"),
        platform_of(wish.platform or "lts"),
        _maven(wish, name, company, project) if wish.maven else None,
    )


def _maven(wish: Wish, name: str, company: str, project: ParentPom | None) -> Maven:
    artifact = check_maven(wish.artifact or name, "artifact")
    group = check_maven(wish.group, "group") if wish.group else ""
    version = check_maven(wish.version, "version") if wish.version else ""
    if project is not None:
        # What is the parent's already is not said again.
        own = Coordinates(
            "" if group == project.coordinates.group else group,
            artifact,
            "" if version == project.coordinates.version else version,
        )
        return Maven(own, project.coordinates, True, project.has_nuxeo_parent, wish.company or "")
    if not group:
        raise WrongUse("name the Maven group with --group")
    parent = coordinates_of(wish.parent) if wish.parent else None
    known = parent is not None and (parent.group == "org.nuxeo" or parent.group.startswith("org.nuxeo."))
    return Maven(Coordinates(group, artifact, version or FIRST_VERSION), parent, False, known, company)


def _git_user(where: Path) -> str:
    """The user's name in git's settings; empty where there is none."""
    from umbmarket.git.config import GitConfig, user_entries
    from umbmarket.git.repository import repository_of

    repository = repository_of(where)
    config = repository.config if repository is not None else GitConfig(user_entries())
    name = " ".join((config.last("user", "", "name") or "").split())
    # Where the settings hold what XML cannot, they are no help.
    try:
        return check_text(name, "name")
    except WrongUse:
        return ""


__all__ = ["CannotMake", "Created", "Question", "Wish", "answered", "create", "questions", "with_answer"]
