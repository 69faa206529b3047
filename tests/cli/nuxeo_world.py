"""A marketplace on loopback for the commands that publish, with a login in the environment that must never be shown."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from tests.loopback import Handler, Server
from umbmarket.cli.app import program

LOGIN = "jane.doe"
TOKEN = "t0ken+of/custom=="
BASIC = base64.b64encode(f"{LOGIN}:{TOKEN}".encode()).decode()
OTHERS = {
    "UMBMARKET_NUXEO_LOGIN": "prod-user",
    "UMBMARKET_NUXEO_TOKEN": "prod-secret",
    "UMBMARKET_NUXEO_PREPROD_LOGIN": "preprod-user",
    "UMBMARKET_NUXEO_PREPROD_TOKEN": "preprod-secret",
}
SECRETS = (LOGIN, TOKEN, BASIC, BASIC.rstrip("="), "t0ken%2Bof%2Fcustom%3D%3D", *OTHERS.values())
"""None of these may ever be seen."""

MANIFEST = """<package type="addon" name="my-package" version="{version}">
  <title>My package</title>
  <description>Adds a template.</description>
  <vendor>Jane</vendor>
  <target-platform><name>lts</name><version>[2023.0,2024)</version></target-platform>
  <license>MIT</license>
  <license-url>https://spdx.org/licenses/MIT.html</license-url>
</package>
"""
SCRIPT = """<install>
  <copy dir="${package.root}/install/templates" todir="${env.templates}" overwrite="true" />
  <config addtemplate="my-package" />
</install>
"""
DEFAULTS = "install/templates/my-package/nuxeo.defaults"


def package_of(version: str = "1.0.0-SNAPSHOT", files: Mapping[str, str | bytes | None] | None = None) -> bytes:
    """A package as bytes.

    Args:
        version: in its manifest.
        files: what to put in instead of, or besides, what a good package has; None leaves a file out.
    """
    members: dict[str, str | bytes | None] = {
        "package.xml": MANIFEST.format(version=version),
        "install.xml": SCRIPT,
        DEFAULTS: "nuxeo.template.includes=common\n",
        **(files or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), content)
    return buffer.getvalue()


class World:
    """The marketplace, and the program in front of it. Each run is searched for secrets."""

    def __init__(self, project: Path) -> None:
        self.servers: list[Server] = []
        self.project = project
        self.server = self.answering(lambda request: (200, {}, b"stored"))
        self.environment = {
            **OTHERS,
            "UMBMARKET_NUXEO_CUSTOM_LOGIN": LOGIN,
            "UMBMARKET_NUXEO_CUSTOM_TOKEN": TOKEN,
            "UMBMARKET_NUXEO_CUSTOM_URL": self.target,
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def answering(self, handler: Handler) -> Server:
        """Another server in the place of the first."""
        self.server = Server(handler)
        self.servers.append(self.server)
        if hasattr(self, "environment"):
            self.environment["UMBMARKET_NUXEO_CUSTOM_URL"] = self.target
        return self.server

    def close(self) -> None:
        for server in self.servers:
            server.close()

    @property
    def target(self) -> str:
        return self.server.url("/nuxeo")

    def write(self, name: str, data: bytes) -> Path:
        path = self.project / name
        path.write_bytes(data)
        return path

    def run(self, *arguments: str, stdin: str | None = None, at: str | None = None) -> Result:
        """Run `umbmarket nuxeo ...` against the server."""
        place = ["--target", at] if at is not None else ["--target", self.target, "--allow-private-hosts"]
        words = ["nuxeo", *arguments, *place]
        result = CliRunner(env=self.environment).invoke(program(), words, input=stdin, catch_exceptions=False)
        for secret in SECRETS:
            assert secret not in result.stdout
            assert secret not in result.stderr
        return result
