"""The settings of one run: the settings file, changed by the options of the command line."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from umbmarket.findings import Severity
from umbmarket.settings.file import find_settings, load_settings
from umbmarket.settings.options import FailOn, Settings


def working_folder() -> Path:
    """The folder that paths are relative to.

    Raises:
        click.BadParameter: it was removed.
    """
    try:
        return Path.cwd()
    except OSError:
        raise click.BadParameter("the working folder is no longer there", param_hint="PATH") from None


def of_file(root: Path, config: str | None, *, no_config: bool) -> Settings:
    """The settings of the file that applies, or the defaults.

    Args:
        root: the working folder.
        config: the file that `--config` names.
        no_config: whether `--no-config` was given.

    Raises:
        click.BadParameter: both options were given.
        SettingsError: the file cannot be used.
    """
    if config is not None and no_config:
        raise click.BadParameter("it does not go together with --no-config", param_hint="--config")
    if no_config:
        return Settings()
    if config is not None:
        return _in_folder(load_settings(Path(config), config), root, Path(config))
    found = find_settings(root)
    return Settings() if found is None else _in_folder(load_settings(found, _shown(found, root)), root, found)


def _in_folder(settings: Settings, root: Path, file: Path) -> Settings:
    """`settings` that know where the run is, as seen from their file; unless that is on another drive."""
    try:
        folder = Path(os.path.relpath(root, file.absolute().parent)).as_posix()
    except ValueError:
        return settings
    return replace(settings, folder="" if folder == "." else folder)


def _shown(path: Path, root: Path) -> str:
    """`path` as seen from the working folder, such as `../umbmarket.toml`."""
    return Path(os.path.relpath(path, root)).as_posix()


def with_options(
    settings: Settings,
    *,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    min_severity: str | None,
    package_id: str | None,
    projects: bool,
) -> Settings:
    """`settings` as the command line changes them.

    A selection replaces that of the file, ignores add to it. Where either is given, the run is not the one
    that the file describes, so its ignores are not called unused: the source is dropped.

    Raises:
        click.BadParameter: no package can have this id.
    """
    if package_id is not None:
        from umbmarket.nuget.identifiers import dependency_id_problem

        problem = dependency_id_problem(package_id)
        if problem is not None:
            raise click.BadParameter(problem, param_hint="--package-id")
    return replace(
        settings,
        select=select or settings.select,
        ignore={**settings.ignore, **dict.fromkeys(ignore)},
        fail_on=settings.fail_on if fail_on is None else FailOn(fail_on),
        min_severity=settings.min_severity if min_severity is None else Severity(min_severity),
        package_id=package_id or settings.package_id,
        projects=settings.projects and projects,
        source=None if select or ignore else settings.source,
    )
