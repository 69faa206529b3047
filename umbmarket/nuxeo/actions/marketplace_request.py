"""What an upload and a deletion have in common: the client, and what an answer means.

Only the status 200 means success. It is the only one that public build scripts test for (nuxeo/nuxeo-web-ui since
WEBUI-741, nuxeo/nuxeo-admin-console-ui); which others there are and what their bodies say is documented nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from umbmarket.nuxeo.publish_targets import Target
from umbmarket.nuxeo.publishing import PublishResult, PublishState
from umbmarket.web.client import Http, Timeouts
from umbmarket.web.outcomes import Answered, Blocked, Delivery, Unreachable

SUCCESS = 200
"""The one status that means that it is done."""

_STEPS = {
    401: "check login and token: each target has its own, and a token is made on the page My Tokens",
    403: "check that the login may act for this organisation",
    404: "check the id and the target",
    409: "a release that is there already cannot be replaced",
    413: "the server takes no file of this size",
}
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
    package_id: str, target: Target, outcome: Answered | Unreachable | Blocked, *, done: str, what: str
) -> PublishResult:
    """What an outcome means for the user.

    Args:
        package_id: what was meant.
        target: where.
        outcome: what came of the request.
        done: what a success is called: `uploaded to`.
        what: what was asked for, as the subject of a sentence.
    """
    check = f"look at {page_of(target, package_id)} before you try again"
    if isinstance(outcome, Answered):
        if outcome.status == SUCCESS:
            return PublishResult(package_id, PublishState.DONE, f"{done} {target.shown}", lines=outcome.lines)
        detail = f"{target.shown} answered {outcome.status}, and only {SUCCESS} means success"
        help_ = _STEPS.get(outcome.status, "what the server says, if anything, is all that is known")
        if 300 <= outcome.status <= 399:
            where = f", to {outcome.location}" if outcome.location else ""
            detail += f": a redirect{where}, which is not followed with a login"
            help_ = "check the target, login and token: a server may send to its login page whom it does not know"
        elif not 400 <= outcome.status <= 499:
            help_ = f"whether {what} had an effect is not known: {check}"
        return PublishResult(package_id, PublishState.REFUSED, detail, help_, outcome.lines)
    if isinstance(outcome, Blocked):
        detail = f"{target.shown} was not asked: {outcome.detail}"
        return PublishResult(
            package_id, PublishState.BLOCKED, detail, "--allow-private-hosts allows it; nothing was sent"
        )
    if outcome.delivery is Delivery.NOT_SENT:
        detail = f"{target.shown} could not be reached: {outcome.detail}"
        return PublishResult(package_id, PublishState.NO_ANSWER, detail, "nothing was sent; try again later")
    detail = f"{target.shown} gave no answer: {outcome.detail}"
    help_ = f"whether {what} had an effect is not known, so it is not repeated: {check}"
    return PublishResult(package_id, PublishState.NO_ANSWER, detail, help_)


def page_of(target: Target, package_id: str) -> str:
    """The page of a package (observed in public build scripts: `GET /site/marketplace/package/NAME?version=V`)."""
    from urllib.parse import quote

    from umbmarket.nuxeo.identity import PackageId

    found = PackageId.parse(package_id)
    if found is None:
        return f"{target.base}/site/marketplace"
    name, version = quote(found.name, safe=""), quote(str(found.version), safe="")
    return f"{target.base}/site/marketplace/package/{name}?version={version}"
