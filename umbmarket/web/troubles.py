"""What went wrong with a connection, in the words of the product.

The texts are our own throughout: those of the libraries may quote addresses and headers, and with them
secrets.
"""

from __future__ import annotations

import ssl

import httpcore
import httpx

from umbmarket.web.body import BodyError
from umbmarket.web.guard import AddressBlocked
from umbmarket.web.names import LookupFailed, UnknownHost
from umbmarket.web.outcomes import Blocked, CannotSend, Delivery, TooLate, Trouble, Unreachable, shown_text
from umbmarket.web.transport import ProxySetupProblem, ProxyUnreachable, SetupProblem

# No request is sent before the connection stands, so these never reached the server, whatever a proxy was
# told.
_UNSENT = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.ProxyError, httpcore.PoolTimeout)
_NO_ADDRESS = "it is not a valid http or https URL"


def trouble_outcome(url: str, error: Exception, *, wrote: bool) -> Unreachable | Blocked:
    """Turn an exception into an outcome.

    Args:
        url: The address of the request.
        error: What the request raised.
        wrote: Whether any byte was handed to a connection.

    Returns:
        The outcome, for one try.
    """
    if isinstance(error, AddressBlocked):
        return Blocked(url, url, error.kind, error.detail)
    delivery = Delivery.UNKNOWN if wrote and not isinstance(error, _UNSENT) else Delivery.NOT_SENT
    trouble, detail = _named(error)
    return Unreachable(url, trouble, detail, delivery)


def bad_address(url: str) -> Unreachable:
    """Give the outcome for a text that is no address."""
    return Unreachable(url, Trouble.BAD_ADDRESS, _NO_ADDRESS, Delivery.NOT_SENT)


def insecure(url: str) -> Unreachable:
    """Give the outcome for a login that was to go over http, where others can read along."""
    return Unreachable(url, Trouble.BAD_ADDRESS, "a login is sent over https only", Delivery.NOT_SENT)


def no_time(url: str) -> Unreachable:
    """Give the outcome for a request that waited for others to its host until its own time was up."""
    return Unreachable(
        url, Trouble.TOO_LATE, "the time was up while waiting for other requests to the host", Delivery.NOT_SENT
    )


def cancelled(url: str, delivery: Delivery) -> Unreachable:
    """Give the outcome for a request that was given up by `Http.abort`."""
    return Unreachable(url, Trouble.CANCELLED, "the work was cancelled", delivery)


def _named(error: Exception) -> tuple[Trouble, str]:
    match error:
        case TooLate():
            return Trouble.TOO_LATE, str(error)
        case CannotSend():
            return Trouble.GIVEN_UP, str(error)
        case UnknownHost():
            return Trouble.UNKNOWN_HOST, str(error)
        case LookupFailed():
            return Trouble.LOOKUP_FAILED, str(error)
        case ProxySetupProblem():
            return Trouble.PROXY, str(error)
        case SetupProblem():
            return Trouble.TLS, str(error)
        case ProxyUnreachable():
            trouble, detail = _named(error.reason)
            return trouble, f"the proxy {shown_text(error.address, 80)} is not reachable ({detail})"
        case httpcore.ConnectTimeout() | httpcore.PoolTimeout():
            return Trouble.CONNECT_TIMEOUT, "connecting took too long"
        case httpcore.ConnectError():
            return _connect_trouble(error)
        case httpcore.ProxyError():
            # Its own words may echo what was sent to it, so only the status is taken from them.
            status = str(error)[:3]
            return (
                Trouble.PROXY,
                f"the proxy did not let the request through{f' ({status})' if status.isdigit() else ''}",
            )
        case httpcore.ReadTimeout() | httpcore.WriteTimeout():
            return Trouble.TIMEOUT, "the answer took too long"
        case httpcore.RemoteProtocolError() if not _broke_off(error):
            return Trouble.NOT_HTTP, "it did not answer in HTTP"
        case httpcore.NetworkError() | httpcore.RemoteProtocolError():
            return Trouble.DROPPED, "the connection was closed"
        case BodyError():
            return Trouble.NOT_HTTP, str(error)
        case httpcore.LocalProtocolError() | httpcore.UnsupportedProtocol() | httpx.InvalidURL():
            return Trouble.BAD_ADDRESS, _NO_ADDRESS
        case _:
            return Trouble.DROPPED, f"the request failed ({type(error).__name__})"


def _broke_off(error: httpcore.RemoteProtocolError) -> bool:
    # "Server disconnected without sending a response." is httpcore's, the other h11's for a body that ends
    # early.
    return "disconnected" in str(error) or "peer closed connection" in str(error)


def _connect_trouble(error: httpcore.ConnectError) -> tuple[Trouble, str]:
    cause: BaseException | None = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = shown_text(cause.verify_message, 80)
        return Trouble.TLS, (
            f"its certificate is not trusted ({why}); behind a proxy that inspects TLS, "
            "set SSL_CERT_FILE to the certificates of your organisation"
        )
    if isinstance(cause, ssl.SSLError):
        return Trouble.TLS, "no secure connection could be made"
    if isinstance(cause, ConnectionRefusedError):
        return Trouble.REFUSED, "the connection was refused"
    return Trouble.NO_CONNECTION, "no connection could be made"
