"""Which proxy a request takes: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and the system settings.

httpx reads the environment only when it makes its own transports, and then opens the proxies at once, so
that a SOCKS proxy without the extra package is an `ImportError` before the first request. Here the same
settings become httpx mounts, in httpx's own reading of `NO_PROXY` (a name covers its subdomains, `*`
switches proxies off, ports may be given, address ranges such as `10.0.0.0/8` are not understood), with
transports that are made when they are first used. Entries that are no host are left out, and
`*.example.com` reads as `.example.com`.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address
from urllib.request import getproxies

import httpx

_SCHEMES = ("http", "https", "all")


def environment_mounts(
    make_transport: Callable[[str], httpx.BaseTransport],
) -> dict[str, httpx.BaseTransport | None]:
    """Turn the machine's proxy settings into the mounts of an `httpx.Client`.

    Args:
        make_transport: Makes the transport for a proxy address; called at most once per address, and expected
            to look at the address only when a request uses it.

    Returns:
        URL patterns, each with its transport, or with `None` where the direct connection is to be used.
    """
    settings = getproxies()
    mounts: dict[str, httpx.BaseTransport | None] = {}
    made: dict[str, httpx.BaseTransport] = {}
    for scheme in _SCHEMES:
        address = settings.get(scheme, "").strip()
        if address:
            full = address if "://" in address else f"http://{address}"
            if full not in made:
                made[full] = make_transport(full)
            mounts[f"{scheme}://"] = made[full]
    if not mounts:
        return {}
    for entry in settings.get("no", "").split(","):
        host = entry.strip()
        if host == "*":
            return {}
        pattern = _no_proxy_pattern(host)
        if pattern is not None:
            mounts[pattern] = None
    return mounts


def _no_proxy_pattern(host: str) -> str | None:
    if not host:
        return None
    pattern = host if "://" in host else f"all://{_host_pattern(host.removeprefix('*'))}"
    try:
        usable = bool(httpx.URL(pattern).host)
    except httpx.InvalidURL:
        return None
    return pattern if usable else None


def _host_pattern(host: str) -> str:
    try:
        return f"[{IPv6Address(host.strip('[]'))}]"
    except ValueError:
        pass
    name = host.partition(":")[0]
    if name.lower() == "localhost" or name.replace(".", "").isdigit():
        return host
    return f"*{host}"
