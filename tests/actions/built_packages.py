"""Packages made in memory for the tests of `inspect`, and projects on disk to put them in."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"
PROJECT_URL = "https://github.com/jane/my-package"

Group = tuple[str | None, Sequence[tuple[str, str | None]]]


def nuspec(
    package_id: str = "My.Package",
    version: str = "1.2.0",
    groups: Sequence[Group] = (),
    *,
    extra: str = "",
    **texts: str,
) -> str:
    """A nuspec with `texts` as simple elements, such as `projectUrl="..."`."""
    fields = {"id": package_id, "version": version, "authors": "Jane", "description": "Does things.", **texts}
    lines = [f"    <{name}>{escape(text)}</{name}>" for name, text in fields.items() if text]
    for framework, dependencies in groups:
        target = f" targetFramework={quoteattr(framework)}" if framework else ""
        lines.append(f"    <dependencies><group{target}>")
        for name, range_ in dependencies:
            wanted = f" version={quoteattr(range_)}" if range_ is not None else ""
            lines.append(f"      <dependency id={quoteattr(name)}{wanted} />")
        lines.append("    </group></dependencies>")
    body = "\n".join([*lines, extra])
    return f'<?xml version="1.0"?>\n<package xmlns="{NAMESPACE}">\n  <metadata>\n{body}\n  </metadata>\n</package>\n'


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return buffer.getvalue()


def package(text: str, **files: str | bytes) -> bytes:
    """A package with this nuspec."""
    return archive({"My.Package.nuspec": text, **files})


FOR_17 = [("net10.0", [("Umbraco.Cms.Core", "[17.0.0, 18.0.0)"), ("Serilog", "4.0.0")])]


def healthy(**texts: str) -> bytes:
    """A tagged package for Umbraco 17 with everything that the page shows."""
    extra = (
        '<license type="expression">MIT</license><icon>icon.png</icon><readme>README.md</readme>'
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
