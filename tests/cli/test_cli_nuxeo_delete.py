"""`umbmarket nuxeo delete` against a server on loopback: what it is asked, and what it is never asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.nuxeo_world import BASIC, SECRETS, TOKEN, World, package_of
from tests.loopback import Request, fence  # noqa: F401 - a fixture that lets no test out

ID = "my-package-1.0.0-SNAPSHOT"
AGREED = ("--yes", "--id", ID)


@pytest.fixture
def world(project: Path) -> Iterator[World]:
    found = World(project)
    yield found
    found.close()


def test_one_request_with_the_login_of_the_target(world: World) -> None:
    result = world.run("delete", ID, *AGREED)
    assert result.exit_code == 0
    assert result.stdout == f"{ID}: done\n  deleted from {world.target}\n  the server says:\n  | stored\n"
    assert result.stderr == (
        f'delete "{ID}"\n'
        f"  from   {world.target}\n"
        "  login  from UMBMARKET_NUXEO_CUSTOM_LOGIN and UMBMARKET_NUXEO_CUSTOM_TOKEN\n"
        "warning: the package is deleted for everybody who may install it\n"
    )
    (request,) = world.server.requests
    assert (request.method, request.target) == ("DELETE", f"/nuxeo/site/marketplace/delete/{ID}")
    assert request.headers["authorization"] == f"Basic {BASIC}"
    assert request.body == b""


@pytest.mark.parametrize(
    ("package_id", "segment"),
    [
        ("a+b-1.0.0", "a%2Bb-1.0.0"),
        ("a/b-1.0.0", "a%2Fb-1.0.0"),
        ("a b-1.0.0", "a%20b-1.0.0"),
        ("a%2e-1.0.0", "a%252e-1.0.0"),
        ("a?x=1#y-1.0.0", "a%3Fx%3D1%23y-1.0.0"),
        ("é_-1.0.0", None),
        ("_é-1.0.0-rc.002", "_%C3%A9-1.0.0-rc.002"),
        ("a-1.0.0-2.0.0", "a-1.0.0-2.0.0"),
        ("..-1.0.0", None),
    ],
)
def test_the_id_is_one_segment_of_the_address(world: World, package_id: str, segment: str | None) -> None:
    result = world.run("delete", package_id, "--yes", "--id", package_id)
    assert world.server.paths == ([] if segment is None else [f"/nuxeo/site/marketplace/delete/{segment}"])
    assert result.exit_code == (2 if segment is None else 0)


@pytest.mark.parametrize(
    ("package_id", "words"),
    [
        ("my-package-1.0", 'the server writes this id as "my-package-1.0.0"'),
        ("my-package-1", 'the server writes this id as "my-package-1.0.0"'),
        ("my-package-v1.0.0", 'the server writes this id as "my-package-1.0.0"'),
        (
            "my-package-1.0-SNAPSHOT",
            'the server writes this id as "my-package-1.0.0-SNAPSHOT", not as "my-package-1.0-SNAPSHOT"',
        ),
        ("my-package-1.0.0-SNAPSHOT-BETA", 'the server writes this id as "my-package-1.0.0-BETA-SNAPSHOT"'),
        ("my-package-01.0.0", 'the server writes this id as "my-package-'),
        ("my-package", "is not a package id: write NAME-VERSION, such as my-package-1.0.0"),
        ("1.0.0", "is not a package id"),
        ("my-package-99999999999.0.0", "is not a package id: "),
        ("", "is not a package id"),
        ("x.ZIP", '"x.ZIP" cannot be read: there is no such file or folder'),
    ],
)
def test_an_id_is_written_as_the_server_writes_it(world: World, package_id: str, words: str) -> None:
    result = world.run("delete", package_id, "--yes", "--id", package_id)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert world.server.connections == 0


def test_of_a_file_the_manifest_says_the_id(world: World) -> None:
    world.write("other-name-9.9.9.zip", package_of("1.0-SNAPSHOT"))
    assert world.run("delete", "other-name-9.9.9.zip", *AGREED).exit_code == 0
    assert world.server.paths == [f"/nuxeo/site/marketplace/delete/{ID}"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no zip", '"a.zip" is not a package: '),
        (package_of(files={"package.xml": None}), '"a.zip" has no manifest with a name and a version'),
        (package_of(files={"package.xml": '<package name="a"/>'}), '"a.zip" has no manifest with a name'),
        (package_of("@VERSION@"), '"a.zip" was not built: its id is "my-package-@VERSION@"'),
    ],
)
def test_a_file_without_an_id(world: World, data: bytes, words: str) -> None:
    world.write("a.zip", data)
    result = world.run("delete", "a.zip", *AGREED)
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr
    assert world.server.connections == 0


def test_a_file_that_looks_like_an_id_is_not_guessed(world: World) -> None:
    world.write(ID, package_of("9.9.9"))
    assert world.run("delete", ID, *AGREED).exit_code == 0
    assert world.server.paths == [f"/nuxeo/site/marketplace/delete/{ID}"]


class TestConsent:
    @pytest.mark.parametrize("typed", [f"{ID}\n", f"  {ID} \n", ID])
    def test_the_full_id_is_typed(self, world: World, typed: str) -> None:
        result = world.run("delete", ID, stdin=typed)
        assert result.exit_code == 0
        assert "Type the id of the package to delete it: " in result.stderr
        assert len(world.server.requests) == 1

    @pytest.mark.parametrize("typed", ["y\n", "yes\n", "my-package\n", f"{ID.lower()}\n", "\n", ""])
    def test_nothing_else_is_consent(self, world: World, typed: str) -> None:
        result = world.run("delete", ID, stdin=typed)
        assert (result.exit_code, result.stdout) == (2, "")
        assert (
            "error: nothing was sent: this is not the id of the package; without a terminal, use --yes --id ID"
            in result.stderr
        )
        assert world.server.connections == 0

    def test_yes_needs_the_id_once_more(self, world: World) -> None:
        result = world.run("delete", ID, "--yes")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "error: nothing was sent: --yes needs --id with the id of the package\n"
        assert world.server.connections == 0

    @pytest.mark.parametrize("yes", [(), ("--yes",)])
    def test_and_it_has_to_be_the_same(self, world: World, yes: tuple[str, ...]) -> None:
        result = world.run("delete", ID, *yes, "--id", "my-package-1.0.0", stdin=f"{ID}\n")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == (f'error: nothing was sent: --id is "my-package-1.0.0", but the package is "{ID}"\n')
        assert world.server.connections == 0

    def test_a_dry_run_sends_nothing(self, world: World) -> None:
        result = world.run("delete", ID, "--dry-run", *AGREED)
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr.endswith("note: nothing was sent: this is a dry run\n")
        assert world.server.connections == 0


class TestAnswers:
    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (201, "it is not known whether the deletion had an effect"),
            (204, "it is not known whether the deletion had an effect"),
            (401, "check the login and the token"),
            (403, "check that the login may act for the organisation that owns the package"),
            (404, "check the id and the target"),
            (418, "see what the server says"),
            (500, "it is not known whether the deletion had an effect"),
            (503, "it is not known whether the deletion had an effect"),
        ],
    )
    def test_only_200_is_success(self, world: World, status: int, words: str) -> None:
        world.answering(lambda request: (status, {"Retry-After": "0"}, b"" if status == 204 else b"no\n"))
        result = world.run("delete", ID, *AGREED)
        assert result.exit_code == 1
        assert f"{ID}: failed\n  {world.target} answered {status}, but only 200 means success\n" in result.stdout
        assert words in result.stdout
        assert ("  | no\n" in result.stdout) is (status != 204)
        assert len(world.server.requests) == world.server.connections == 1

    def test_what_the_server_says_is_untrusted(self, world: World) -> None:
        page = f"<title>Oops</title><p>::error::x<p>##[command]y \x1b[31m<p>{TOKEN} {BASIC} jane.doe"
        world.answering(lambda request: (400, {"Content-Type": "text/html"}, page.encode()))
        result = world.run("delete", ID, *AGREED)
        assert result.stdout.endswith(
            "  the server says:\n  | Oops\n  | ::error::x\n  | \\x23#[command]y [31m\n  | … … …\n"
        )

    def test_a_redirect_is_not_followed(self, world: World) -> None:
        first, other = world.server, world.answering(lambda request: (200, {}, b"caught"))
        world.answering(lambda request: (302, {"Location": other.url(f"/login?u=jane.doe&t={TOKEN}")}, b""))
        result = world.run("delete", ID, *AGREED)
        assert result.exit_code == 1
        assert f"answered 302, a redirect to {other.url('/login')}?…" in result.stdout
        assert (first.connections, other.connections, len(world.server.requests)) == (0, 0, 1)

    def test_a_dropped_connection_is_not_tried_again(self, world: World) -> None:
        world.answering(lambda request: None)
        result = world.run("delete", ID, *AGREED)
        assert result.exit_code == 4
        assert result.stdout.startswith(
            f"{ID}: no answer\n  {world.target} did not answer: the connection was closed\n"
        )
        assert "it is not known whether the deletion had an effect, so it is not repeated: see " in result.stdout
        assert len(world.server.requests) == world.server.connections == 1

    def test_nobody_there(self, world: World) -> None:
        world.server.close()
        result = world.run("delete", ID, *AGREED)
        assert result.exit_code == 4
        assert result.stdout == (
            f"{ID}: no answer\n  {world.target} could not be reached: the connection was refused\n"
            "  help: nothing was sent; try again later\n"
        )

    def test_a_silent_server_is_waited_for_and_not_asked_again(self, world: World) -> None:
        silent = world.answering(lambda request: silent.closing.wait(60) and None)
        result = world.run("delete", ID, *AGREED, "--timeout", "1s")
        assert result.exit_code == 4
        assert "the answer took too long" in result.stdout
        assert len(silent.requests) == silent.connections == 1


class TestLogins:
    def test_no_other_login_is_sent_there(self, world: World) -> None:
        for name in ("LOGIN", "TOKEN"):
            del world.environment[f"UMBMARKET_NUXEO_CUSTOM_{name}"]
        result = world.run("delete", ID, *AGREED)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"error: there is no login for {world.target}: set UMBMARKET_NUXEO_CUSTOM_LOGIN and" in result.stderr
        assert world.server.connections == 0

    def test_a_login_for_another_address_is_not_sent_here(self, world: World) -> None:
        world.environment["UMBMARKET_NUXEO_CUSTOM_URL"] = world.target.replace("127.0.0.1", "127.0.0.2")
        result = world.run("delete", ID, *AGREED)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "UMBMARKET_NUXEO_CUSTOM_URL names another server" in result.stderr
        assert world.server.connections == 0

    def test_http_is_refused_unless_it_is_allowed_for_this_machine(self, world: World) -> None:
        result = world.run("delete", ID, *AGREED, at=world.target)
        assert result.exit_code == 2
        assert "only with --allow-private-hosts" in result.stderr
        assert world.run("delete", ID, *AGREED, at="http://connect.nuxeo.com/nuxeo").exit_code == 2
        assert world.server.connections == 0

    def test_a_private_address_is_refused_unless_it_is_allowed(self, world: World) -> None:
        world.environment["UMBMARKET_NUXEO_CUSTOM_URL"] = "https://127.0.0.1:1/nuxeo"
        result = world.run("delete", ID, *AGREED, at="https://127.0.0.1:1/nuxeo")
        assert result.exit_code == 1
        assert result.stdout == (
            f"{ID}: not sent\n"
            "  nothing was sent to https://127.0.0.1:1/nuxeo: 127.0.0.1 is a loopback address (this machine)\n"
            "  help: --allow-private-hosts allows it\n"
        )

    def test_a_login_over_http_goes_past_every_proxy(self, world: World) -> None:
        first = world.server
        proxy = world.answering(lambda request: (200, {}, b"seen"))
        world.server = first
        world.environment["UMBMARKET_NUXEO_CUSTOM_URL"] = world.target
        world.environment["HTTP_PROXY"] = world.environment["http_proxy"] = proxy.url()
        assert world.run("delete", ID, *AGREED).exit_code == 0
        assert (proxy.connections, len(first.requests)) == (0, 1)

    def test_no_option_takes_a_login(self, world: World) -> None:
        for option in ("--token", "--login", "--password", "--user"):
            result = world.run("delete", ID, f"{option}=hunter2")
            assert result.exit_code == 2
            assert "hunter2" not in result.stderr
        assert world.server.connections == 0


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT as a terminal does")
def test_ctrl_c_says_what_is_not_known(world: World) -> None:
    silent = world.answering(lambda request: silent.closing.wait(60) and None)
    words = ["nuxeo", "delete", ID, *AGREED, "--target", world.target, "--allow-private-hosts"]
    run = subprocess.Popen(
        [sys.executable, "-m", "umbmarket", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **world.environment},
    )
    while not silent.requests and run.poll() is None:
        silent.closing.wait(0.02)
    run.send_signal(signal.SIGINT)
    output, errors = run.communicate(timeout=20)
    assert (run.returncode, output) == (130, "")
    assert not [secret for secret in SECRETS if secret in errors]
    assert errors.endswith(
        "error: interrupted: it is not known whether the deletion had an effect; "
        f"see {world.target}/site/marketplace/package/my-package?version=1.0.0-SNAPSHOT\n"
    )
    assert len(silent.requests) == 1


def test_a_request_is_what_it_says(world: World) -> None:
    seen: list[Request] = []
    world.answering(lambda request: (seen.append(request), (200, {}, b""))[1])
    assert world.run("delete", ID, *AGREED).stdout == f"{ID}: done\n  deleted from {world.target}\n"
    assert set(seen[0].headers) == {"host", "accept", "accept-encoding", "connection", "user-agent", "authorization"}
