"""The page of a preview as HTML: templates filled by jinja2, everything escaped, nothing that runs or is fetched."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from umbmarket._version import __version__
from umbmarket.findings import Finding, Severity, visible
from umbmarket.nuget.identifiers import dependency_id_problem
from umbmarket.umbraco.preview.compiled_templates import CompiledTemplates
from umbmarket.umbraco.preview.page_parts import notes_of, safe_link
from umbmarket.umbraco.preview.sheet import GROUPS, MOST_TEXTS
from umbmarket.umbraco.rules.listing_content import CARD_DESCRIPTION_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from umbmarket.umbraco.preview.page_parts import Versions, View
    from umbmarket.umbraco.preview.readme_html import RenderedReadme
    from umbmarket.umbraco.preview.sheet import Sheet

GENERATOR: Final = "umbmarket preview"
"""What the head of each page names as its maker; a file that does may be replaced by another preview."""

_TEMPLATES = Path(__file__).with_name("templates")
_CARD_REMARKS = (
    f"Cards were seen to cut the description near {CARD_DESCRIPTION_LENGTH} characters.",
    "Downloads, and badges such as HQ, partner and Umbraco Cloud, come from the Marketplace alone.",
)
_SPACES = re.compile(r"[\s\x85]+")


class Check(NamedTuple):
    """One thing that decides whether, and how, a package is listed.

    Attributes:
        state: whether it is so; `unknown` where nothing here tells.
        text: in one sentence.
        is_estimate: no document settles it.
    """

    state: str
    text: str
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """All that a page shows.

    Attributes:
        name: what it is a preview of.
        version: of the package; empty where it is not known.
        package_id: empty where it is not known.
        inputs: what was read: a word and a path each.
        checks: whether it is listed at all.
        counts: how many findings of each severity, the gravest first.
        views: the card and the page; two where the listing is ignored as a whole.
        today: every field as the Marketplace reads it now.
        versions: the Umbraco versions.
        readme: None where there is none.
        others: findings about no field.
        install: commands, each with a word for the tool.
        looks: what the Marketplace looks for, and the URLs that it asks, in order; empty without a package.
        remote_images: the browser may fetch pictures.
        colour: of the icon; empty where there is none.
        why_no_readme: why the readme that the package names is not shown, as a clause; empty where it is.
    """

    name: str
    version: str
    package_id: str
    inputs: tuple[tuple[str, str], ...]
    checks: tuple[Check, ...]
    counts: tuple[tuple[str, int], ...]
    views: tuple[View, ...]
    today: Sheet
    versions: Versions
    readme: RenderedReadme | None
    others: tuple[Finding, ...]
    install: tuple[tuple[str, str], ...]
    looks: tuple[tuple[str, tuple[str, ...]], ...]
    remote_images: bool
    colour: str = ""
    why_no_readme: str = ""


def counts_of(findings: Iterable[Finding]) -> tuple[tuple[str, int], ...]:
    """How many of each severity there are, in words and numbers, the gravest first; none of which there are none."""
    severities = [finding.severity for finding in findings]
    found = [(severity.value, severities.count(severity)) for severity in Severity]
    return tuple((word if number == 1 else f"{word}s", number) for word, number in found if number)


def render_page(page: Page) -> str:
    """The whole file, with LF line ends."""
    style = (_TEMPLATES / "preview.css").read_text("utf-8")
    if page.colour:
        style += f":root {{ --band: {page.colour}; }}\n"
    digest = b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    images = "data: https: http:" if page.remote_images else "data:"
    policy = f"default-src 'none'; img-src {images}; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_tidy,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=CompiledTemplates(_TEMPLATES),
    )
    environment.globals.update(
        safe_link=safe_link,
        nuget_page=nuget_page,
        counts_of=counts_of,
        in_words=in_words,
        notes_of=notes_of,
        place_of=place_of,
        groups=GROUPS,
        card_remarks=_CARD_REMARKS,
    )
    html = environment.get_template("preview.html.j2").render(
        page=page,
        # The sheet of the product itself, not a user's text.
        style=Markup(style),
        policy=policy,
        generator=f"{GENERATOR} {__version__}",
        readme_html=Markup(page.readme.html) if page.readme is not None else None,
    )
    # The macros stand before the document.
    return html.lstrip("\n")


def _tidy(value: object) -> object:
    """A user's text on one line, with what does not print made visible: it is also not allowed in HTML."""
    return visible(_SPACES.sub(" ", value)) if isinstance(value, str) and not isinstance(value, Markup) else value


def nuget_page(package_id: str) -> str:
    """The address of a package on nuget.org; empty where no package can have this id."""
    return f"https://www.nuget.org/packages/{quote(package_id)}" if dependency_id_problem(package_id) is None else ""


def place_of(finding: Finding) -> str:
    """Where a finding stands, as compilers write it."""
    region = finding.region
    return finding.path + (f":{region.line}:{region.column}" if region is not None else "")


def in_words(value: object) -> list[str]:
    """A value of the sheet as lines of text."""
    if not isinstance(value, list):
        return _lines(value)
    lines = [line for item in value[:MOST_TEXTS] for line in _lines(item)]
    return [*lines, f"and {len(value) - MOST_TEXTS:,} more"] if len(value) > MOST_TEXTS else lines


def _lines(value: object) -> list[str]:
    """One value; at most one line."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, dict):
        return [_entry(value)]
    return [str(value)] if isinstance(value, str | int | float) and str(value).strip() else []


_ENTRY_KEYS = ("Name", "PackageId", "UmbracoMajorVersion", "ImageUrl", "VideoUrl", "Url", "Caption", "Description")


def _entry(entry: dict[str, object]) -> str:
    parts = []
    for key in _ENTRY_KEYS:
        value = entry.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            parts.append(f"for Umbraco {value}" if key == "UmbracoMajorVersion" else str(value))
    return " · ".join(parts) or "(nothing)"
