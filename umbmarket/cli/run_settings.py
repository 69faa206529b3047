"""The settings of one run: the settings file, changed by the options of the command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import click

from umbmarket.findings import Severity
from umbmarket.settings.file import find_settings, load_settings
from umbmarket.settings.nearest import NearestSettings, shown_from
from umbmarket.settings.options import FailOn, Settings, SettingsSource


def working_folder() -> Path:
    """The folder that paths are relative to.

    Raises:
        click.BadParameter: it was removed.
    """
    try:
        return Path.cwd()
    except OSError:
        raise click.BadParameter("the working folder no longer exists", param_hint="PATH") from None


def of_file(root: Path, config: str | None, *, no_config: bool) -> Settings:
    """The settings of the working folder, or the defaults.

    Args:
        root: the working folder.
        config: the file that `--config` names.
        no_config: whether `--no-config` was given.

    Raises:
        click.BadParameter: both options were given.
        SettingsError: the file cannot be used.
    """
    chosen = _chosen(config, no_config=no_config)
    if chosen is not None:
        return chosen
    found = find_settings(root)
    return Settings() if found is None else _loaded(os.fspath(found), shown_from(root, os.fspath(found)))


def of_each_file(
    root: Path, config: str | None, *, no_config: bool, change: Callable[[Settings], Settings]
) -> SettingsSource:
    """The settings of each file that is checked: those of the nearest settings file, unless one is named for all.

    Args:
        root: the working folder.
        config: the file that `--config` names.
        no_config: whether `--no-config` was given.
        change: what the other options change in the settings, whichever they are.

    Raises:
        click.BadParameter: both options were given.
        SettingsError: the file that is named, or that of the working folder, cannot be used.
    """
    chosen = _chosen(config, no_config=no_config)
    return NearestSettings(root, change) if chosen is None else change(chosen)


def files_read(settings: SettingsSource, config: str | None) -> Iterator[str]:
    """Absolute paths of the settings files that were read."""
    if config is not None:
        yield os.path.abspath(config)
    if isinstance(settings, NearestSettings):
        yield from settings.files


def files_that_exclude(settings: SettingsSource, config: str | None) -> list[str]:
    """Absolute paths of those settings files that were read and exclude something."""
    if isinstance(settings, NearestSettings):
        return [file for file, each in settings.read.items() if each.exclude]
    is_excluding = isinstance(settings, Settings) and bool(settings.exclude)
    return list(files_read(settings, config)) if is_excluding else []


def _chosen(config: str | None, *, no_config: bool) -> Settings | None:
    """The settings that the options name; None where they leave that to the folders."""
    if config is not None and no_config:
        raise click.BadParameter("it does not go together with --no-config", param_hint="--config")
    if no_config:
        return Settings()
    return None if config is None else _loaded(config, config)


def _loaded(file: str, shown: str) -> Settings:
    return replace(load_settings(Path(file), shown), folder=os.path.dirname(os.path.abspath(file)))


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
