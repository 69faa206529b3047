"""Packages made in memory for the tests of `inspect`, and projects on disk to put them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.conftest import build_nupkg, build_nuspec

PROJECT_URL = "https://github.com/jane/my-package"

MIT = '<license type="expression">MIT</license><licenseUrl>https://licenses.nuget.org/MIT</licenseUrl>'

Group = tuple[str | None, Sequence[tuple[str, str | None]]]


def nuspec(
    package_id: str = "My.Package",
    version: str = "1.2.0",
    groups: Sequence[Group] = (),
    *,
    extra: str = "",
    **texts: str,
) -> str:
    """A nuspec with `texts` as simple elements, such as `projectUrl="..."`; an empty one is left out."""
    fields = {"id": package_id, "version": version, "authors": "Jane", "description": "Does things.", **texts}
    by_framework = {framework: dict(dependencies) for framework, dependencies in groups}
    return build_nuspec({name: text or None for name, text in fields.items()}, by_framework, extra)


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of these members."""
    return build_nupkg(nuspec_name=None, files=files)


def package(text: str) -> bytes:
    """A package with this nuspec."""
    return build_nupkg(nuspec=text)


FOR_17 = [("net10.0", [("Umbraco.Cms.Core", "[17.0.0, 18.0.0)"), ("Serilog", "4.0.0")])]


def healthy(**texts: str) -> bytes:
    """A tagged package for Umbraco 17 with everything that the page shows."""
    extra = (
        f"{MIT}<icon>icon.png</icon><readme>README.md</readme>"
        f'<repository type="git" url="{PROJECT_URL}.git" commit="abc123" />'
    )
    fields = {"title": "My Package", "tags": "seo umbraco-marketplace", "projectUrl": PROJECT_URL, **texts}
    return archive(
        {
            "My.Package.nuspec": nuspec(groups=FOR_17, extra=extra, **fields),
            "icon.png": b"\x89PNG\r\n\x1a\n",
            "README.md": "# My package\n",
        }
    )


def repository(root: Path, url: str | None = f"{PROJECT_URL}.git") -> Path:
    """Make `root` a git working tree whose remote is `url`, with `main` for its default branch."""
    git = root / ".git"
    remote = git / "refs" / "remotes" / "origin"
    remote.mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (remote / "HEAD").write_text("ref: refs/remotes/origin/main\n")
    (git / "config").write_text(f'[remote "origin"]\n\turl = {url}\n' if url else "")
    return root
