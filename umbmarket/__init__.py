"""Check an Umbraco Marketplace listing before publishing.

`validate` takes paths and gives a `Report` of `Finding`s:

    >>> import umbmarket
    >>> report = umbmarket.validate(["src"])
    >>> for finding in report.findings:
    ...     print(finding.path, finding.region and finding.region.line, finding.code, finding.message)

The names are loaded when they are first used, so that `import umbmarket` itself costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from umbmarket._version import __version__

if TYPE_CHECKING:
    from umbmarket.actions.inspect import inspect_package
    from umbmarket.actions.status import status
    from umbmarket.actions.sync import SyncOptions, sync, sync_all
    from umbmarket.actions.validate import validate
    from umbmarket.findings import Finding, Severity
    from umbmarket.inspection import Inspection
    from umbmarket.publication import Status, WrongRequest
    from umbmarket.report import Report
    from umbmarket.services.online_model import OnlineOptions
    from umbmarket.settings import Settings, SettingsError
    from umbmarket.syncing import SyncResult, SyncState

__all__ = [
    "Finding",
    "Inspection",
    "OnlineOptions",
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
    "inspect_package",
    "status",
    "sync",
    "sync_all",
    "validate",
]

_HOMES = {
    "Finding": "umbmarket.findings",
    "Inspection": "umbmarket.inspection",
    "OnlineOptions": "umbmarket.services.online_model",
    "Report": "umbmarket.report",
    "Settings": "umbmarket.settings",
    "SettingsError": "umbmarket.settings",
    "Severity": "umbmarket.findings",
    "Status": "umbmarket.publication",
    "WrongRequest": "umbmarket.publication",
    "inspect_package": "umbmarket.actions.inspect",
    "status": "umbmarket.actions.status",
    "sync": "umbmarket.actions.sync",
    "sync_all": "umbmarket.actions.sync",
    "SyncOptions": "umbmarket.actions.sync",
    "SyncResult": "umbmarket.syncing",
    "SyncState": "umbmarket.syncing",
    "validate": "umbmarket.actions.validate",
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
