"""Uploads and deletions over https, as they go to the marketplace: by name, with its certificate checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.nuxeo_world import BASIC, LOGIN, TOKEN, package_of
from tests.loopback import authority, fence, names, serve  # noqa: F401 - fixtures
from umbmarket.nuxeo.actions.delete import delete, plan_deletion
from umbmarket.nuxeo.actions.upload import plan_upload, upload
from umbmarket.nuxeo.publishing import PublishResult, PublishState
from umbmarket.web.client import Http

HOST = "feed.example.test"


@pytest.fixture
def publish(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., PublishResult]:
    """Upload a package to the server, or delete it there."""

    def do(server: Any, *, is_upload: bool) -> PublishResult:
        target = server.url("/nuxeo", HOST)
        environment = {
            "UMBMARKET_NUXEO_CUSTOM_LOGIN": LOGIN,
            "UMBMARKET_NUXEO_CUSTOM_TOKEN": TOKEN,
            "UMBMARKET_NUXEO_CUSTOM_URL": target,
        }
        resolver = request.getfixturevalue("names")({HOST: [["127.0.0.1"]]})
        with Http(resolver=resolver, allow_private_hosts=True) as http:
            if not is_upload:
                return delete(plan_deletion("a-1.0.0", target=target, environment=environment), http=http)
            (tmp_path / "a.zip").write_bytes(package_of())
            return upload(plan_upload(tmp_path / "a.zip", "acme", target=target, environment=environment), http=http)

    return do


@pytest.mark.parametrize("is_upload", [True, False])
def test_it_arrives(
    request: pytest.FixtureRequest,
    publish: Callable[..., PublishResult],
    monkeypatch: pytest.MonkeyPatch,
    is_upload: bool,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(request.getfixturevalue("authority")))
    server = request.getfixturevalue("serve")(lambda _: (200, {}, b"stored"), tls=True)
    result = publish(server, is_upload=is_upload)
    assert (result.state, result.lines) == (PublishState.DONE, ("stored",))
    (request_seen,) = server.requests
    assert request_seen.headers["authorization"] == f"Basic {BASIC}"
    assert request_seen.headers["host"] == f"{HOST}:{server.port}"


@pytest.mark.parametrize("is_upload", [True, False])
def test_a_server_that_is_not_trusted_gets_nothing(
    request: pytest.FixtureRequest, publish: Callable[..., PublishResult], is_upload: bool
) -> None:
    server = request.getfixturevalue("serve")(lambda _: (200, {}, b"stored"), tls=True)
    result = publish(server, is_upload=is_upload)
    assert result.state is PublishState.NO_ANSWER
    assert "its certificate is not trusted" in result.detail
    assert result.help == "nothing was sent; try again later"
    assert server.requests == []
