"""The action behind `umbmarket nuxeo upload`: publish a package.

`POST {base}/site/marketplace/upload?batch=true&orgId=O[&restrictedToOrgs=A,B]`, a form with one file called `package`
(Nuxeo Online Services, "Delivering Nuxeo Packages through Nuxeo Marketplace"). The server replaces a snapshot without
asking, and refuses a release that is there already (the same documentation, "Release vs SNAPSHOT").
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote as percent_encoded

from umbmarket.findings import quote
from umbmarket.nuxeo.package import NuxeoPackage
from umbmarket.nuxeo.publish_checks import checked, errors_in, identity_of
from umbmarket.nuxeo.publish_targets import login_for, no_login, target_of
from umbmarket.nuxeo.publishing import TIMEOUT_SECONDS, PublishResult, PublishState, UploadPlan
from umbmarket.nuxeo.wrong_use import WrongUse

if TYPE_CHECKING:
    from umbmarket.check.report import Report
    from umbmarket.settings.options import Settings
    from umbmarket.web.client import Http

FIELD = "package"
"""Name of the one part of the form."""

_ORG = re.compile(r"[^\s,;&?#=/\\\x00-\x20\x7f]+")
_SOURCE_SIGNS = ("pom.xml", "src/main/resources/package.xml", "src/main/assemble/assembly.xml")
"""What lies at the root of a project that builds a package, and never in the package."""


def plan_upload(
    path: str | Path,
    org: str,
    *,
    share_with: Sequence[str] = (),
    target: str = "prod",
    force: bool = False,
    settings: Settings | None = None,
    root: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_SECONDS,
    allow_private_hosts: bool = False,
) -> UploadPlan:
    """Check a package, and find out what an upload would do. Nothing is sent.

    Args:
        path: of the ZIP.
        org: the organisation that will own it.
        share_with: organisations that may read it; each may hold several, with commas between them.
        target: `prod`, `preprod` or an address.
        force: upload it in spite of what the checks say.
        settings: which findings are ignored, and how much others weigh; what they select does not count, since an
            upload is always checked in full.
        root: the folder that shown paths are relative to; the working folder when None.
        environment: the environment variables; those of the process when None.
        timeout: seconds for the request.
        allow_private_hosts: lift the address guard.

    Raises:
        WrongUse: there is no such ZIP, or an organisation, the target or the login cannot be used.
        SettingsError: the settings name a rule that there is not.
    """
    variables = os.environ if environment is None else environment
    owner = _organisation(org, "--org")
    readers = tuple(dict.fromkeys(each for text in share_with for each in _organisations(text)))
    place = target_of(target, variables, allow_private_hosts=allow_private_hosts)
    file = Path(path)
    seen = _seen(file)
    login = login_for(place, variables)
    package = NuxeoPackage.open_zip(file, str(path))
    report = checked(file, settings, Path.cwd() if root is None else root)
    package_id, is_snapshot = identity_of(package)
    obstacles = _obstacles(package, report)
    return UploadPlan(
        file,
        package_id,
        is_snapshot,
        seen[0],
        seen,
        place,
        login,
        owner,
        readers,
        report,
        # What has no id can be told nobody and deleted by nobody, so that is nothing to force.
        obstacles if not (force and package_id) else (),
        obstacles if force and package_id else (),
        timeout,
        allow_private_hosts,
    )


def upload(
    plan: UploadPlan, *, on_sent: Callable[[int, int], None] | None = None, http: Http | None = None
) -> PublishResult:
    """Carry out an upload: one request, whatever comes of it.

    Args:
        plan: what to do, which the user has agreed to.
        on_sent: told how many bytes of the file were handed to the network, and how many there are.
        http: the client to use instead of one made for it.

    Raises:
        WrongUse: there is no login, or something stops the upload.
    """
    from umbmarket.nuxeo.actions.marketplace_request import UPLOAD_STEPS, client, judged
    from umbmarket.web.multipart import file_body

    if plan.obstacles:
        raise WrongUse(f"{plan.package_id or plan.path} is not uploaded: {plan.obstacles[0]}")
    if plan.login is None:
        raise WrongUse(f"there is no login for {plan.target.name}: {no_login(plan.target)}")
    query = f"batch=true&orgId={percent_encoded(plan.org, safe='')}"
    if plan.shared_with:
        query += f"&restrictedToOrgs={','.join(percent_encoded(each, safe='') for each in plan.shared_with)}"
    url = f"{plan.target.base}/site/marketplace/upload?{query}"
    try:
        with plan.path.open("rb") as file:
            if _said_of(os.fstat(file.fileno())) != plan.seen:
                detail = "the file has changed since it was checked"
                return PublishResult(plan.package_id, PublishState.BLOCKED, detail, "nothing was sent; try again")
            body = file_body(FIELD, plan.path.name, "application/zip", file, on_sent)
            with client(plan.target, plan.timeout, allow_private_hosts=plan.allow_private_hosts, given=http) as used:
                outcome = used.send_with_login("POST", url, plan.login.credentials, body=body, total=plan.timeout)
    except OSError as error:
        detail = f"the file cannot be read: {error.strerror or error}"
        return PublishResult(plan.package_id, PublishState.BLOCKED, detail, "nothing was sent")
    return judged(plan.package_id, plan.target, outcome, done="uploaded to", what="the upload", steps=UPLOAD_STEPS)


def _seen(path: Path) -> tuple[int, ...]:
    """What the disk says of a ZIP."""
    from umbmarket.disk.files import in_words, kind_in_words

    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise WrongUse(f"{quote(str(path), 200)} cannot be read: {in_words(error, str(path))}") from None
    if stat.S_ISDIR(found.st_mode):
        raise WrongUse(f"{quote(str(path), 200)} is a folder; make a ZIP of it first with umbmarket nuxeo pack")
    if not stat.S_ISREG(found.st_mode):
        raise WrongUse(f"{quote(str(path), 200)} cannot be read: {kind_in_words(found.st_mode)}")
    return _said_of(found)


def _said_of(status: os.stat_result) -> tuple[int, ...]:
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev


def _obstacles(package: NuxeoPackage, report: Report) -> tuple[str, ...]:
    """What stops an upload."""
    found = list(errors_in(report))
    tokens = [each.member or each.path for each in package.files_with_tokens]
    if tokens:
        found.append(f"the build did not replace the tokens in {' and '.join(tokens)}")
    signs = [name for name in _SOURCE_SIGNS if package.has(name)]
    if signs:
        found.append(f"it is a source tree, because it contains {signs[0]}")
    if not identity_of(package)[0]:
        found.append("it has no manifest with a name and a version, so it has no id")
    return tuple(found)


def _organisations(text: str) -> list[str]:
    return [_organisation(each, "--share-with") for each in text.split(",")]


def _organisation(text: str, option: str) -> str:
    """The id of an organisation, as it is."""
    if not _ORG.fullmatch(text):
        raise WrongUse(f"{option}: {quote(text)} is not the id of an organisation")
    return text
