"""The action behind `umbmarket nuxeo delete`: take a package off the marketplace.

`DELETE {base}/site/marketplace/delete/{id}` (Nuxeo Online Services, "Delivering Nuxeo Packages through Nuxeo
Marketplace"). What it answers is not documented; public build scripts do not look.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encoded

from umbmarket.findings import quote
from umbmarket.nuxeo.identity import PackageId
from umbmarket.nuxeo.publish_targets import login_for, no_login, target_of
from umbmarket.nuxeo.publishing import TIMEOUT_SECONDS, DeletePlan, PublishResult
from umbmarket.nuxeo.versions import InvalidVersion, Version
from umbmarket.nuxeo.wrong_use import WrongUse

if TYPE_CHECKING:
    from umbmarket.web.client import Http

_NEARLY = re.compile(r"(?P<name>[a-zA-Z_].*?)-(?P<version>v?[0-9]+(?:\.[0-9]+)*(?:[-.+].*)?)", re.DOTALL)
"""A name and a version that is not normalised: the first one that follows a dash."""


def parse_id(text: str) -> PackageId:
    """The package that an id names.

    Args:
        text: the id, with its version normalised.

    Raises:
        WrongUse: it is no id, or its version is not normalised; then with the form that is.
    """
    try:
        found = PackageId.parse(text)
        nearly = None if found is not None else _NEARLY.fullmatch(text)
        if nearly is not None:
            found = PackageId(nearly["name"], Version.parse(nearly["version"].removeprefix("v")))
    except InvalidVersion as error:
        raise WrongUse(f"{quote(text)} is not a package id: {error}") from None
    if found is None:
        raise WrongUse(f"{quote(text)} is not a package id: write NAME-VERSION, such as my-package-1.0.0")
    if str(found) != text:
        raise WrongUse(f"the server writes this id as {quote(str(found), 200)}, not as {quote(text, 200)}")
    return found


def id_in(path: str) -> PackageId | str:
    """The id of the package in a ZIP, by its manifest; or why it has none, as a sentence.

    Raises:
        WrongUse: there is no such file.
    """
    from umbmarket.disk.files import in_words, kind_in_words
    from umbmarket.nuxeo.package import NuxeoPackage
    from umbmarket.nuxeo.variables import has_token

    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        raise WrongUse(f"{quote(path, 200)} cannot be read: {in_words(error, path)}") from None
    if not stat.S_ISREG(mode):
        raise WrongUse(f"{quote(path, 200)} cannot be read: {kind_in_words(mode)}")
    package = NuxeoPackage.open_zip(Path(path), path)
    if package.unusable is not None:
        return f"{quote(path, 200)} is not a package: {package.unusable.detail}"
    manifest = package.manifest
    if manifest is None or not manifest.name or manifest.version is None:
        return f"{quote(path, 200)} has no manifest with a name and a version, so it has no id"
    if has_token(manifest.name) or has_token(manifest.version_text):
        return f"{quote(path, 200)} was not built: its id is {quote(f'{manifest.name}-{manifest.version_text}', 200)}"
    return PackageId(manifest.name, manifest.version)


def plan_deletion(
    package: str | PackageId,
    *,
    target: str = "prod",
    environment: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_SECONDS,
    allow_private_hosts: bool = False,
) -> DeletePlan:
    """Find out what a deletion would do. Nothing is sent.

    Args:
        package: the id as the user gave it, or as it was read from a package.
        target: `prod`, `preprod` or an address.
        environment: the environment variables; those of the process when None.
        timeout: seconds for the request.
        allow_private_hosts: lift the address guard.

    Raises:
        WrongUse: the id is none, or the target or the login cannot be used.
    """
    variables = os.environ if environment is None else environment
    found = parse_id(package) if isinstance(package, str) else package
    place = target_of(target, variables, allow_private_hosts=allow_private_hosts)
    return DeletePlan(
        str(found), found.version.is_snapshot, place, login_for(place, variables), timeout, allow_private_hosts
    )


def delete(plan: DeletePlan, *, http: Http | None = None) -> PublishResult:
    """Carry out a deletion: one request, whatever comes of it.

    Args:
        plan: what to do, which the user has agreed to.
        http: the client to use instead of one made for it.

    Raises:
        WrongUse: there is no login.
    """
    from umbmarket.nuxeo.actions.marketplace_request import DELETE_STEPS, client, judged

    if plan.login is None:
        raise WrongUse(f"there is no login for {plan.target.name}: {no_login(plan.target)}")
    url = f"{plan.target.base}/site/marketplace/delete/{percent_encoded(plan.package_id, safe='')}"
    with client(plan.target, plan.timeout, allow_private_hosts=plan.allow_private_hosts, given=http) as used:
        outcome = used.send_with_login("DELETE", url, plan.login.credentials, total=plan.timeout)
    return judged(plan.package_id, plan.target, outcome, done="deleted from", what="the deletion", steps=DELETE_STEPS)
