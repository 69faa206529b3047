"""What an upload and a deletion have in common: the client, and what an answer means.

Only the status 200 means success. It is the only one that public build scripts test for (nuxeo/nuxeo-web-ui since
WEBUI-741, nuxeo/nuxeo-admin-console-ui); which others there are and what their bodies say is documented nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from umbmarket.nuxeo.publish_targets import Target
from umbmarket.nuxeo.publishing import PublishResult, PublishState
from umbmarket.web.client import Http, Timeouts
from umbmarket.web.outcomes import Answered, Blocked, Delivery, Unreachable

SUCCESS = 200
"""The one status that means that it is done."""

_STEPS = {
    401: "check the login and the token: each target has its own; tokens are created on the page My Tokens",
    403: "check that the login may act for the organisation that owns the package",
    404: "check the target",
    429: "the server receives too many requests; try again later",
}
UPLOAD_STEPS = {
    409: "check whether this version is published already: a release cannot be replaced",
    413: "the file is too large for the server",
}
DELETE_STEPS = {404: "check the id and the target"}
"""What is worth a look. The server's statuses are not documented, so this follows HTTP alone (RFC 9110)."""


@contextmanager
def client(target: Target, timeout: float, *, allow_private_hosts: bool, given: Http | None = None) -> Iterator[Http]:
    """The client for a request with a login.

    Args:
        target: where it goes.
        timeout: seconds for the whole; the server may take as long to answer, since it looks into what it gets.
        allow_private_hosts: lift the address guard.
        given: the client to use instead; it is not closed.
    """
    if given is not None:
        yield given
        return
    # A proxy would see a login that goes over http, which only this machine is sent.
    with Http(
        allow_private_hosts=allow_private_hosts,
        timeouts=Timeouts(read=timeout, total=timeout),
        trust_environment=target.is_secure,
    ) as made:
        yield made


def judged(
    package_id: str,
    target: Target,
    outcome: Answered | Unreachable | Blocked,
    *,
    done: str,
    what: str,
    steps: Mapping[int, str],
) -> PublishResult:
    """What an outcome means for the user.

    Args:
        package_id: what was meant.
        target: where.
        outcome: what came of the request.
        done: what a success is called: `uploaded to`.
        what: what was asked for, as the subject of a sentence.
        steps: what to do about a status, where that differs by what was asked for.
    """
    unknown = f"it is not known whether {what} had an effect"
    check = f"see {page_of(target, package_id)} before you try again"
    if isinstance(outcome, Answered):
        if outcome.status == SUCCESS:
            return PublishResult(package_id, PublishState.DONE, f"{done} {target.shown}", lines=outcome.lines)
        return PublishResult(
            package_id,
            PublishState.REFUSED,
            f"{target.shown} answered {outcome.status}, {_meaning(outcome)}",
            f"{unknown}: {check}" if not 300 <= outcome.status <= 499 else _step(outcome, steps),
            outcome.lines,
        )
    if isinstance(outcome, Blocked):
        detail = f"nothing was sent to {target.shown}: {outcome.detail}"
        return PublishResult(package_id, PublishState.BLOCKED, detail, "--allow-private-hosts allows it")
    if outcome.delivery is Delivery.NOT_SENT:
        detail = f"{target.shown} could not be reached: {outcome.detail}"
        return PublishResult(package_id, PublishState.NO_ANSWER, detail, "nothing was sent; try again later")
    detail = f"{target.shown} did not answer: {outcome.detail}"
    return PublishResult(package_id, PublishState.NO_ANSWER, detail, f"{unknown}, so it is not repeated: {check}")


def _meaning(outcome: Answered) -> str:
    """What a status other than success means, as the end of a sentence."""
    if not 300 <= outcome.status <= 399:
        return f"but only {SUCCESS} means success"
    where = f" to {outcome.location}" if outcome.location else ""
    return f"a redirect{where}, which is not followed with a login"


def _step(outcome: Answered, steps: Mapping[int, str]) -> str:
    """What to do about a redirect or a refusal."""
    if outcome.status <= 399:
        return "check the target, login and token: a server may redirect to its login page if it rejects a login"
    known = {**_STEPS, **steps}.get(outcome.status)
    return known or ("see what the server says" if outcome.lines else "the server gives no reason")


def page_of(target: Target, package_id: str) -> str:
    """The page of a package (observed in public build scripts: `GET /site/marketplace/package/NAME?version=V`)."""
    from urllib.parse import quote

    from umbmarket.nuxeo.identity import PackageId

    found = PackageId.parse(package_id)
    if found is None:
        return f"{target.base}/site/marketplace"
    name, version = quote(found.name, safe=""), quote(str(found.version), safe="")
    return f"{target.base}/site/marketplace/package/{name}?version={version}"
