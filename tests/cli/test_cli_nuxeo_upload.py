"""`umbmarket nuxeo upload` against a server on loopback: what it is sent, and what stops it before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from tests.cli.nuxeo_world import BASIC, DEFAULTS, LOGIN, SECRETS, TOKEN, World, package_of
from tests.cli.terminals import converse
from tests.loopback import Request, fence  # noqa: F401 - a fixture that lets no test out
from umbmarket.nuxeo.actions.upload import plan_upload, upload
from umbmarket.nuxeo.publishing import PublishState

ID = "my-package-1.0.0-SNAPSHOT"
ORG = ("--org", "acme")
SENT = ("a.zip", *ORG, "--yes")


@pytest.fixture
def world(project: Path) -> Iterator[World]:
    found = World(project)
    found.write("a.zip", package_of())
    yield found
    found.close()


def parts_of(request: Request) -> list[Message]:
    """What a reader of mail makes of the body."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + request.body).get_payload()
    assert isinstance(parts, list)
    return [part for part in parts if isinstance(part, Message)]


def test_the_package_arrives(world: World) -> None:
    result = world.run("upload", *SENT)
    assert result.exit_code == 0
    assert result.stdout == f"{ID}: done\n  uploaded to {world.target}\n  the server says:\n  | stored\n"
    assert result.stderr == (
        f'upload "{ID}"\n'
        f"  file         a.zip, {len(package_of())} bytes\n"
        f"  to           {world.target}\n"
        "  owner        acme\n"
        "  shared with  nobody else\n"
        "  login        from UMBMARKET_NUXEO_CUSTOM_LOGIN and UMBMARKET_NUXEO_CUSTOM_TOKEN\n"
        "  checks       no findings\n"
        "warning: a published snapshot with the same id is replaced without asking\n"
    )
    (request,) = world.server.requests
    assert (request.method, request.target) == ("POST", "/nuxeo/site/marketplace/upload?batch=true&orgId=acme")
    assert request.headers["authorization"] == f"Basic {BASIC}"
    assert request.headers["content-length"] == str(len(request.body))
    (part,) = parts_of(request)
    assert part.get_param("name", header="content-disposition") == "package"
    assert part.get_filename() == "a.zip"
    assert part.get_content_type() == "application/zip"
    assert part.get_payload(decode=True) == package_of()


def test_who_may_read_it(world: World) -> None:
    arguments = ("--share-with", "foo,bar", "--share-with", "baz", "--share-with", "foo")
    result = world.run("upload", "a.zip", "--org", "a+c@b.c", "--yes", *arguments)
    assert result.exit_code == 0
    assert "  owner        a+c@b.c\n  shared with  foo, bar, baz\n" in result.stderr
    assert world.server.paths == [
        "/nuxeo/site/marketplace/upload?batch=true&orgId=a%2Bc%40b.c&restrictedToOrgs=foo,bar,baz"
    ]


def test_a_release_says_what_it_is(world: World) -> None:
    world.write("a.zip", package_of("1.0"))
    result = world.run("upload", *SENT)
    assert result.exit_code == 0
    assert result.stdout.startswith("my-package-1.0.0: done\n")
    assert "warning: a release is final: the Marketplace does not replace a published one\n" in result.stderr


@pytest.mark.parametrize("org", ["", "a b", "a&b", "a,b", "a\nb", "a?b", "a/b", "a#b", " a"])
def test_an_organisation_has_a_plain_id(world: World, org: str) -> None:
    result = world.run("upload", "a.zip", "--org", org, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error: --org: " in result.stderr
    assert "is not the id of an organisation\n" in result.stderr
    assert world.server.connections == 0


@pytest.mark.parametrize("readers", ["", "a,", ",a", "a,,b", "a, b", "a&b"])
def test_so_has_each_reader(world: World, readers: str) -> None:
    result = world.run("upload", *SENT, "--share-with", readers)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error: --share-with: " in result.stderr
    assert world.server.connections == 0


def test_the_organisation_has_to_be_named(world: World) -> None:
    result = world.run("upload", "a.zip", "--yes")
    assert result.exit_code == 2
    assert "--org" in result.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone.zip", '"gone.zip" cannot be read: there is no such file or folder'),
        (".", '"." is a folder; make a ZIP of it first with umbmarket nuxeo pack'),
    ],
)
def test_only_a_file_is_uploaded(world: World, name: str, words: str) -> None:
    result = world.run("upload", name, *ORG, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert world.server.connections == 0


class TestConsent:
    @pytest.mark.parametrize("typed", ["y\n", "Yes\n", " y \n", "y"])
    def test_it_asks(self, world: World, typed: str) -> None:
        result = world.run("upload", "a.zip", *ORG, stdin=typed)
        assert result.exit_code == 0
        assert "Upload it? [y/N] " in result.stderr
        assert len(world.server.requests) == 1

    @pytest.mark.parametrize("typed", ["n\n", "\n", "", "yep\n", f"{ID}\n"])
    def test_nothing_else_is_consent(self, world: World, typed: str) -> None:
        result = world.run("upload", "a.zip", *ORG, stdin=typed)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "error: nothing was sent, because you did not agree; without a terminal, use --yes\n" in result.stderr
        assert world.server.connections == 0

    def test_a_dry_run_sends_nothing_and_needs_no_login(self, world: World) -> None:
        del world.environment["UMBMARKET_NUXEO_CUSTOM_TOKEN"]
        result = world.run("upload", *SENT, "--dry-run")
        assert (result.exit_code, result.stdout) == (0, "")
        assert "  login        none\n" in result.stderr
        assert f"note: there is no login for {world.target}: set UMBMARKET_NUXEO_CUSTOM_LOGIN and" in result.stderr
        assert result.stderr.endswith("note: nothing was sent: this is a dry run\n")
        assert world.server.connections == 0

    def test_without_a_login_nobody_is_asked(self, world: World) -> None:
        del world.environment["UMBMARKET_NUXEO_CUSTOM_TOKEN"]
        result = world.run("upload", "a.zip", *ORG, stdin="y\n")
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"error: there is no login for {world.target}: set " in result.stderr
        assert "[y/N]" not in result.stderr
        assert world.server.connections == 0


BROKEN = package_of(files={"install.xml": "<install><copy todir='x'/></install>"})


class TestChecks:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (BROKEN, f"error: {ID} was not uploaded: 1 error (NXP408)\n"),
            (b"no zip", "error: a.zip was not uploaded: 1 error (NXP005)\n"),
            (package_of(files={"package.xml": None}), "error: a.zip was not uploaded: 1 error (NXP300)\n"),
            (
                package_of("@VERSION@"),
                "my-package-0.0.0 was not uploaded: the build did not replace the tokens in package.xml\n",
            ),
            (
                package_of(files={"install.xml": "<install>@BUNDLES@</install>"}),
                "was not uploaded: the build did not replace the tokens in install.xml\n",
            ),
            (
                package_of(files={"pom.xml": "<project/>"}),
                "was not uploaded: it is a source tree, because it contains pom.xml\n",
            ),
        ],
    )
    def test_what_stops_an_upload(self, world: World, data: bytes, words: str) -> None:
        world.write("a.zip", data)
        result = world.run("upload", *SENT)
        assert result.exit_code == 1
        assert words in result.stderr
        assert world.server.connections == 0

    def test_the_findings_are_shown(self, world: World) -> None:
        world.write("a.zip", BROKEN)
        result = world.run("upload", *SENT)
        assert "a.zip!/install.xml:1:11 error[NXP408] " in result.stdout

    def test_force_says_what_it_overrides(self, world: World) -> None:
        world.write("a.zip", package_of(files={"install.xml": "<install>@BUNDLES@</install>", "pom.xml": "<p/>"}))
        result = world.run("upload", *SENT, "--force")
        assert result.exit_code == 0
        assert "warning: --force overrides: 1 error (NXP309)\n" in result.stderr
        assert "warning: --force overrides: the build did not replace the tokens in install.xml\n" in result.stderr
        assert "warning: --force overrides: it is a source tree, because it contains pom.xml\n" in result.stderr
        assert len(world.server.requests) == 1

    def test_force_does_not_help_what_has_no_id(self, world: World) -> None:
        world.write("a.zip", b"no zip")
        result = world.run("upload", *SENT, "--force")
        assert result.exit_code == 1
        assert (
            "note: --force has no effect here: a package without an id cannot be installed or deleted\n"
            in result.stderr
        )
        assert world.server.connections == 0

    def test_warnings_stop_nothing_and_are_counted(self, world: World) -> None:
        manifest = '<package type="addon" name="my-package" version="1.0.0-SNAPSHOT"><title>a</title></package>'
        world.write("a.zip", package_of(files={"package.xml": manifest}))
        result = world.run("upload", *SENT)
        assert result.exit_code == 0
        assert "  checks       3 warnings" in result.stderr

    def test_ignores_of_the_settings_count_and_selections_do_not(self, world: World) -> None:
        world.write("a.zip", BROKEN)
        settings = world.write("umbmarket.toml", b'select = ["NXP1"]\n')
        assert world.run("upload", *SENT).exit_code == 1
        settings.write_text('ignore = ["NXP408"]\n', "utf-8")
        assert world.run("upload", *SENT).exit_code == 0
        assert world.run("upload", *SENT, "--no-config").exit_code == 1

    def test_a_file_that_changed_since_is_not_sent(self, world: World) -> None:
        plan = plan_upload(
            world.project / "a.zip",
            "acme",
            target=world.target,
            environment=world.environment,
            allow_private_hosts=True,
        )
        world.write("a.zip", package_of("2.0.0"))
        result = upload(plan)
        assert (result.state, result.detail) == (
            PublishState.BLOCKED,
            "the file has changed since it was checked",
        )
        (world.project / "a.zip").unlink()
        assert upload(plan).state is PublishState.BLOCKED
        assert world.server.connections == 0


class TestAnswers:
    @pytest.mark.parametrize("status", [201, 202, 400, 401, 403, 409, 413, 500, 502])
    def test_only_200_is_success(self, world: World, status: int) -> None:
        world.answering(lambda request: (status, {"Retry-After": "0"}, b"no\n"))
        result = world.run("upload", *SENT)
        assert result.exit_code == 1
        assert f"{ID}: failed\n  {world.target} answered {status}, but only 200 means success\n" in result.stdout
        assert result.stdout.endswith("  the server says:\n  | no\n")
        assert len(world.server.requests) == world.server.connections == 1

    @pytest.mark.parametrize(
        ("status", "words"),
        [
            (404, "check the target\n"),
            (409, "check whether this version is published already: a release cannot be replaced\n"),
            (413, "the file is too large for the server\n"),
            (429, "the server receives too many requests; try again later\n"),
            (418, "see what the server says\n"),
            (502, "it is not known whether the upload had an effect: see "),
        ],
    )
    def test_a_status_is_a_hint(self, world: World, status: int, words: str) -> None:
        world.answering(lambda request: (status, {"Retry-After": "0"}, b"no\n"))
        assert f"  help: {words}" in world.run("upload", *SENT).stdout

    def test_a_server_may_say_nothing(self, world: World) -> None:
        world.answering(lambda request: (418, {}, b""))
        assert world.run("upload", *SENT).stdout == (
            f"{ID}: failed\n  {world.target} answered 418, but only 200 means success\n"
            "  help: the server gives no reason\n"
        )

    @pytest.mark.parametrize("status", [200, 400])
    def test_a_page_is_shown_as_text_without_secrets(self, world: World, status: int) -> None:
        page = f"<html><head><title>Not for {LOGIN}</title></head><body><b>{TOKEN}</b><br>{BASIC}</body></html>"
        world.answering(lambda request: (status, {"Content-Type": "text/html;charset=UTF-8"}, page.encode()))
        result = world.run("upload", *SENT)
        assert result.stdout.endswith("  the server says:\n  | Not for …\n  | …\n")

    def test_a_redirect_is_not_followed(self, world: World) -> None:
        other = world.answering(lambda request: (200, {}, b"caught"))
        world.answering(lambda request: (307, {"Location": other.url("/upload")}, b""))
        result = world.run("upload", *SENT)
        assert result.exit_code == 1
        assert f"a redirect to {other.url('/upload')}, which is not followed with a login" in result.stdout
        assert other.connections == 0

    @pytest.mark.parametrize("reply", [None, b"", b"HTTP/1.1 200"])
    def test_no_answer_is_no_reason_to_send_it_again(self, world: World, reply: bytes | None) -> None:
        world.answering(lambda request: reply)
        result = world.run("upload", *SENT)
        assert result.exit_code == 4
        assert f"{ID}: no answer\n" in result.stdout
        page = f"{world.target}/site/marketplace/package/my-package?version=1.0.0-SNAPSHOT"
        assert (
            f"  help: it is not known whether the upload had an effect, so it is not repeated: see {page} before you "
            "try again\n"
        ) in result.stdout
        assert len(world.server.requests) == world.server.connections == 1

    def test_a_slow_server_is_waited_for(self, world: World) -> None:
        def slow(request: Request) -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n"
            world.server.closing.wait(0.3)
            yield b"\r\nst"
            world.server.closing.wait(0.3)
            yield b"ored"

        world.answering(slow)
        assert world.run("upload", *SENT).exit_code == 0

    def test_a_silent_one_only_so_long(self, world: World) -> None:
        silent = world.answering(lambda request: silent.closing.wait(60) and None)
        result = world.run("upload", *SENT, "--timeout", "1s")
        assert result.exit_code == 4
        assert len(silent.requests) == silent.connections == 1


class TestLogins:
    @pytest.mark.parametrize(
        "at",
        [
            "prod",
            "preprod",
            "https://connect.nuxeo.com/nuxeo",
            "https://nos-preprod-connect.nuxeocloud.com/nuxeo",
        ],
    )
    def test_the_two_have_their_own_logins(self, world: World, at: str) -> None:
        variable = "UMBMARKET_NUXEO_PREPROD" if "preprod" in at else "UMBMARKET_NUXEO"
        result = world.run("upload", "a.zip", *ORG, "--dry-run", at=at)
        assert result.exit_code == 0
        assert f"  login        from {variable}_LOGIN and {variable}_TOKEN\n" in result.stderr
        for name in ("LOGIN", "TOKEN"):
            del world.environment[f"{variable}_{name}"]
        result = world.run("upload", *SENT, at=at)
        assert result.exit_code == 2
        assert f"set {variable}_LOGIN and {variable}_TOKEN" in result.stderr

    def test_another_server_gets_its_own_login_alone(self, world: World) -> None:
        world.run("upload", *SENT)
        (request,) = world.server.requests
        sent = repr(request.headers) + request.target + repr(request.body)
        for secret in ("prod-user", "prod-secret", "preprod-user", "preprod-secret"):
            assert secret not in sent

    def test_no_option_takes_a_login(self, world: World) -> None:
        for option in ("--token", "--login", "--password", "--user"):
            result = world.run("upload", *SENT, f"{option}=hunter2")
            assert result.exit_code == 2
            assert "hunter2" not in result.stderr
        assert world.server.connections == 0

    def test_a_failure_of_our_own_shows_none(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """The traceback of a bug tells no values, and neither does the line that asks to report it."""

        def broken(*_: Any, **__: Any) -> None:
            raise RuntimeError("broken on purpose")

        monkeypatch.setattr("umbmarket.web.client.Http.send_with_login", broken)
        world.environment["UMBMARKET_TRACEBACK"] = "1"
        result = world.run("upload", *SENT)
        assert result.exit_code == 4
        assert "Traceback" in result.stderr


def launched(world: World, *arguments: str) -> list[str]:
    return ["nuxeo", "upload", *arguments, "--target", world.target, "--allow-private-hosts"]


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
class TestOnATerminal:
    def test_a_large_file_shows_how_far_it_is(self, world: World) -> None:
        world.write("a.zip", package_of(files={"install/templates/my-package/x.bin": os.urandom(3_000_000)}))
        found = converse(launched(world, "a.zip", *ORG), [("[y/N]", "y")], world.project, world.environment)
        assert found.code == 0
        assert "\ruploading (MB): 1 of 4" in found.screen
        assert "\ruploading (MB): 4 of 4\r" in found.screen
        assert found.output.startswith(f"{ID}: done\n")
        for secret in SECRETS:
            assert secret not in found.screen + found.output

    def test_a_small_one_does_not(self, world: World) -> None:
        found = converse(launched(world, "a.zip", *ORG), [("[y/N]", "y")], world.project, world.environment)
        assert (found.code, "uploading" in found.screen) == (0, False)


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT as a terminal does")
def test_ctrl_c_says_what_is_not_known(world: World) -> None:
    silent = world.answering(lambda request: silent.closing.wait(60) and None)
    run = subprocess.Popen(
        [sys.executable, "-m", "umbmarket", *launched(world, *SENT)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **world.environment},
        cwd=world.project,
    )
    while not silent.requests and run.poll() is None:
        silent.closing.wait(0.02)
    run.send_signal(signal.SIGINT)
    output, errors = run.communicate(timeout=20)
    assert (run.returncode, output) == (130, "")
    assert not [secret for secret in SECRETS if secret in errors]
    assert "error: interrupted: it is not known whether the upload had an effect; see " in errors
    assert len(silent.requests) == 1


def test_a_good_package_has_what_the_tests_say(world: World) -> None:
    """The twin of all that is stopped: the same package without the fault is no findings."""
    assert DEFAULTS.startswith("install/templates/")
    assert "no findings" in world.run("upload", "a.zip", *ORG, "--dry-run").stderr
