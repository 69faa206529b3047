"""Check an Umbraco Marketplace listing before publishing.

`validate` takes paths and gives a `Report` of `Finding`s:

    >>> import umbmarket
    >>> report = umbmarket.validate("src")
    >>> for finding in report.findings:
    ...     print(finding.path, finding.region and finding.region.line, finding.code, finding.message)

`fix` mends what it can, and writes it when it is told to:

    >>> fixing = umbmarket.fix(["src"])
    >>> fixing.write()

The names are loaded when they are first used, so that `import umbmarket` itself costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from umbmarket._version import __version__

if TYPE_CHECKING:
    from umbmarket.check.fixing import Fixing
    from umbmarket.check.marketplace import OnlineOptions
    from umbmarket.check.report import Report
    from umbmarket.findings import Finding, Severity
    from umbmarket.marketplaces import fix, validate
    from umbmarket.settings.nearest import NearestSettings
    from umbmarket.settings.options import Settings, SettingsError
    from umbmarket.umbraco.actions.inspect import inspect_package, inspect_packages
    from umbmarket.umbraco.actions.preview import CannotPreview, Preview, preview
    from umbmarket.umbraco.actions.status import status
    from umbmarket.umbraco.actions.sync import sync, sync_all
    from umbmarket.umbraco.inspection import Inspection, Inspections
    from umbmarket.umbraco.publication import Status, WrongRequest
    from umbmarket.umbraco.syncing import SyncOptions, SyncResult, SyncState

__all__ = [
    "CannotPreview",
    "Finding",
    "Fixing",
    "Inspection",
    "Inspections",
    "NearestSettings",
    "OnlineOptions",
    "Preview",
    "Report",
    "Settings",
    "SettingsError",
    "Severity",
    "Status",
    "SyncOptions",
    "SyncResult",
    "SyncState",
    "WrongRequest",
    "__version__",
    "fix",
    "inspect_package",
    "inspect_packages",
    "preview",
    "status",
    "sync",
    "sync_all",
    "validate",
]

_HOMES = {
    "CannotPreview": "umbmarket.umbraco.actions.preview",
    "Finding": "umbmarket.findings",
    "Fixing": "umbmarket.check.fixing",
    "Inspection": "umbmarket.umbraco.inspection",
    "Inspections": "umbmarket.umbraco.inspection",
    "NearestSettings": "umbmarket.settings.nearest",
    "OnlineOptions": "umbmarket.check.marketplace",
    "Preview": "umbmarket.umbraco.actions.preview",
    "Report": "umbmarket.check.report",
    "Settings": "umbmarket.settings.options",
    "SettingsError": "umbmarket.settings.options",
    "Severity": "umbmarket.findings",
    "Status": "umbmarket.umbraco.publication",
    "WrongRequest": "umbmarket.umbraco.publication",
    "fix": "umbmarket.marketplaces",
    "inspect_package": "umbmarket.umbraco.actions.inspect",
    "inspect_packages": "umbmarket.umbraco.actions.inspect",
    "preview": "umbmarket.umbraco.actions.preview",
    "status": "umbmarket.umbraco.actions.status",
    "sync": "umbmarket.umbraco.actions.sync",
    "sync_all": "umbmarket.umbraco.actions.sync",
    "SyncOptions": "umbmarket.umbraco.syncing",
    "SyncResult": "umbmarket.umbraco.syncing",
    "SyncState": "umbmarket.umbraco.syncing",
    "validate": "umbmarket.marketplaces",
}


def __getattr__(name: str) -> object:
    """Load a public name from the module it lives in (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, whether they are loaded or not."""
    return sorted({*globals(), *__all__})
