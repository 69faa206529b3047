"""Where packages are published, and which login belongs to which place: a login never goes anywhere else.

There are three profiles: production, preproduction, and one more address that the user names. Each has variables of
its own, and an entry of its own in the keyring. A profile is chosen by the origin of an address (scheme, host and
port), never by a part of it, and a login for another address is bound to the origin in `UMBMARKET_NUXEO_CUSTOM_URL`.

Sources: production and its paths are documented (Nuxeo Online Services, "Delivering Nuxeo Packages through Nuxeo
Marketplace"); the address of preproduction is that of the public build scripts of nuxeo/nuxeo and
nuxeo/nuxeo-web-ui.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from umbmarket.findings import did_you_mean, quote
from umbmarket.nuxeo.wrong_use import WrongUse
from umbmarket.web.credentials import Credentials, origin_of, split_userinfo
from umbmarket.web.guard import is_this_machine, literal_address
from umbmarket.web.outcomes import shown_url

CUSTOM_URL = "UMBMARKET_NUXEO_CUSTOM_URL"
"""The variable that says which address the login for another address is for."""

_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.?")
"""What a host is made of: ASCII alone, since other letters become other hosts on the way to the network."""

_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?")


class Target(NamedTuple):
    """One place to publish to.

    Attributes:
        name: `production`, `preproduction`, or the address itself.
        base: the address of the server's application, without a slash at its end.
        prefix: what its variables begin with: `UMBMARKET_NUXEO`.
        service: what its login is called in the keyring.
    """

    name: str
    base: str
    prefix: str
    service: str

    @property
    def login_variable(self) -> str:
        """The variable that holds the user name."""
        return f"{self.prefix}_LOGIN"

    @property
    def token_variable(self) -> str:
        """The variable that holds the token."""
        return f"{self.prefix}_TOKEN"

    @property
    def is_secure(self) -> bool:
        """Whether nobody on the way can read along."""
        return self.base.startswith("https:")

    @property
    def shown(self) -> str:
        """For a person: the name, and the address where it is not the name."""
        return self.name if self.name == self.base else f"{self.name} ({self.base})"


PRODUCTION = Target(
    "production", "https://connect.nuxeo.com/nuxeo", "UMBMARKET_NUXEO", "umbmarket nuxeo https://connect.nuxeo.com"
)
"""The Nuxeo Marketplace."""

PREPRODUCTION = Target(
    "preproduction",
    "https://nos-preprod-connect.nuxeocloud.com/nuxeo",
    "UMBMARKET_NUXEO_PREPROD",
    "umbmarket nuxeo https://nos-preprod-connect.nuxeocloud.com",
)
"""Its twin to try things on."""

_WORDS = {"prod": PRODUCTION, "preprod": PREPRODUCTION}
TARGETS = tuple(_WORDS)
"""The words for them."""


@dataclass(frozen=True, slots=True)
class Login:
    """A login and where it comes from.

    Attributes:
        credentials: user name and token, which no text of this class shows.
        origin: where they come from, in words.
    """

    credentials: Credentials
    origin: str


def target_of(text: str, environment: Mapping[str, str], *, allow_private_hosts: bool = False) -> Target:
    """The place that the user means.

    Args:
        text: `prod`, `preprod`, or an address; the address of one of the two means that one, with its login.
        environment: the environment variables.
        allow_private_hosts: http is taken for an address of this machine.

    Raises:
        WrongUse: it is neither, or an address that no login must be sent to.
    """
    if (known := _WORDS.get(text.strip().lower())) is not None:
        return known
    if "://" not in text:
        near = did_you_mean(text, list(_WORDS))
        raise WrongUse(f"{quote(text)} is not prod, preprod or a URL that begins with https://{near}")
    base = _base(text, allow_private_hosts)
    origin = origin_of(base)
    for each in (PRODUCTION, PREPRODUCTION):
        if origin == origin_of(each.base):
            if base not in (each.base, each.base.removesuffix("/nuxeo")):
                raise WrongUse(f"the URL of {each.name} is {each.base}, not {base}")
            return each
    bound = environment.get(CUSTOM_URL, "").strip()
    if bound and origin_of(bound) != origin:
        raise WrongUse(
            f"{CUSTOM_URL} names another server than {base}, so the login that belongs to it is not sent there"
        )
    scheme, host, port = origin or ("", "", 0)
    shown_host = f"[{host}]" if ":" in host else host
    return Target(base, base, "UMBMARKET_NUXEO_CUSTOM", f"umbmarket nuxeo {scheme}://{shown_host}:{port}")


def _base(text: str, allow_private_hosts: bool) -> str:
    """An address in its plain spelling, found fit to be sent a login."""
    plain, userinfo = split_userinfo(text.strip())
    if userinfo is not None or "@" in plain:
        raise WrongUse("a URL must not contain a user name or a password; use the variables for the login")
    try:
        parts = urlsplit(plain)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise WrongUse("the target is not a URL that can be read") from None
    address = literal_address(host)
    if port == 0 or (address is None and _HOST.fullmatch(host) is None):
        raise WrongUse(f"{shown_url(text)} is not the URL of a server")
    if parts.query or parts.fragment or _PATH.fullmatch(parts.path) is None or "/.." in parts.path:
        raise WrongUse(f"{shown_url(text)} is not the URL of a server, such as https://host/nuxeo")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_this_machine(host)):
        raise WrongUse(f"{shown_url(text)} is not an https URL: a login is sent only over https")
    if parts.scheme == "http" and not allow_private_hosts:
        raise WrongUse("http is allowed only to this machine, and only with --allow-private-hosts")
    shown_host = f"[{host}]" if ":" in host else host.rstrip(".")
    shown_port = "" if port is None or (parts.scheme, port) in (("https", 443), ("http", 80)) else f":{port}"
    return f"{parts.scheme}://{shown_host}{shown_port}{parts.path.rstrip('/')}"


def login_for(target: Target, environment: Mapping[str, str]) -> Login | None:
    """The login that belongs to a target: from its own variables, else from its own entry in the keyring.

    Args:
        target: where it will be sent.
        environment: the environment variables.

    Returns:
        The login, or None where there is none.

    Raises:
        WrongUse: half of it is there, or it cannot be sent.
    """
    login = environment.get(target.login_variable, "").strip()
    token = environment.get(target.token_variable, "").strip()
    origin = f"{target.login_variable} and {target.token_variable}"
    if token and not login:
        raise WrongUse(f"{target.token_variable} is set, but {target.login_variable} is not")
    if token and target.prefix.endswith("_CUSTOM") and not environment.get(CUSTOM_URL, "").strip():
        raise WrongUse(f"{CUSTOM_URL} is not set: it says for which server the login in {origin} is")
    if not token:
        found = _of_keyring(target, login)
        if found is None:
            return None
        (login, token), origin = found, f'the keyring, "{target.service}"'
    for text, what in ((login, "login"), (token, "token")):
        if not text.isprintable() or (what == "login" and ":" in text):
            raise WrongUse(f"the {what} in {origin} contains a character that cannot be sent")
    return Login(Credentials(login, token), origin)


def no_login(target: Target) -> str:
    """What to do where there is no login for a target."""
    more = f", and {CUSTOM_URL} to {target.base}" if target.prefix.endswith("_CUSTOM") else ""
    return (
        f"set {target.login_variable} and {target.token_variable}{more}; "
        f'or store them in the keyring (this needs the extra umbmarket[keyring]): keyring set "{target.service}" LOGIN'
    )


def _of_keyring(target: Target, login: str) -> tuple[str, str] | None:
    """Login and token in the system's keyring; `login` may be empty."""
    try:
        import keyring
        from keyring.errors import KeyringError, NoKeyringError
    except ImportError:
        return None
    try:
        found = keyring.get_credential(target.service, login or None)
    except NoKeyringError:
        return None
    except KeyringError as error:
        # Its words may be anything, so only its kind is told.
        raise WrongUse(f"the keyring cannot be read ({type(error).__name__})") from None
    if found is None or not found.password or not found.username:
        return None
    return found.username.strip(), found.password.strip()
