"""UMB601 to UMB604 and UMB610 on plain answers: exact places and messages, and silence where nothing is wrong."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from umbmarket.check.engine import run
from umbmarket.check.report import Report
from umbmarket.settings.options import Settings
from umbmarket.umbraco.facts import ListingFacts
from umbmarket.umbraco.listing import Listing
from umbmarket.umbraco.marketplace import gathered
from umbmarket.umbraco.online.link_answers import LinkAnswer, OnlineFindings, PackageAnswer, VideoAnswer
from umbmarket.umbraco.rules import all_rules
from umbmarket.umbraco.workspace import Workspace

PAGE = "https://docs.example.com/guide"
SHOT = "https://example.com/shot.png"
VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
VIMEO = "https://player.vimeo.com/video/76979871"

LISTING = f"""\
{{
  "DocumentationUrl": "{PAGE}",
  "AuthorDetails": {{"ImageUrl": "{SHOT}"}},
  "VideoUrl": "{VIDEO}",
  "Screenshots": [
    {{"ImageUrl": "{SHOT}"}},
    {{"VideoUrl": "{VIMEO}"}}
  ],
  "RelatedPackages": [{{"PackageId": "Umbraco.Froms"}}],
  "PackagesByAuthor": ["My.Other"]
}}
"""

WORKS = LinkAnswer("works", 200, content="HTML", media_type="text/html")
PNG = LinkAnswer("works", 200, content="PNG", media_type="image/png")


def report(
    code: str,
    *,
    links: Mapping[str, LinkAnswer] | None = None,
    videos: Mapping[str, VideoAnswer] | None = None,
    packages: Mapping[str, PackageAnswer] | None = None,
    feed: str = "NuGet",
    text: str = LISTING,
) -> Report:
    answers = OnlineFindings(
        {PAGE: WORKS, SHOT: PNG, **(links or {})},
        {VIDEO: VideoAnswer("works", 200), VIMEO: VideoAnswer("works", 200), **(videos or {})},
        {"umbraco.froms": PackageAnswer("listed"), "my.other": PackageAnswer("listed"), **(packages or {})},
        feed,
    )
    facts = ListingFacts(Listing("umbraco-marketplace.json", text.encode()), online=answers)
    found = run([gathered(Workspace((facts,), online=True))], Settings(select=(code,)))
    assert found.failures == ()
    return found


def told(code: str, **answers: object) -> list[str]:
    lines = []
    for finding in report(code, **answers).findings:  # type: ignore[arg-type]  # each test gives what fits
        assert finding.code == code
        assert finding.region is not None
        place = f"{finding.region.line}:{finding.region.column}-{finding.region.end_column}"
        lines.append(f"{place} {finding.severity} {finding.message} -> {finding.help}")
    return lines


@pytest.mark.parametrize("code", ["UMB601", "UMB602", "UMB603", "UMB604", "UMB610", "UMB611"])
def test_what_works_is_not_mentioned(code: str) -> None:
    assert told(code) == []


@pytest.mark.parametrize("code", ["UMB601", "UMB602", "UMB603", "UMB604", "UMB610", "UMB611"])
def test_they_need_the_network(code: str) -> None:
    rule = all_rules()[code]
    assert rule.online
    assert list(rule.check(ListingFacts(Listing("umbraco-marketplace.json", LISTING.encode())))) == []


def test_addresses_that_were_not_asked_are_not_judged() -> None:
    facts = ListingFacts(Listing("umbraco-marketplace.json", LISTING.encode()), online=OnlineFindings())
    found = run([gathered(Workspace((facts,), online=True))], Settings(select=("UMB6",)))
    assert (found.findings, found.failures) == ((), ())


def test_broken_links_and_images() -> None:
    broken = {
        PAGE: LinkAnswer("broken", 404, "it answered 404"),
        SHOT: LinkAnswer("broken", 410, "it leads to https://cdn.example.com/x, which answered 410"),
    }
    image = (
        '"https://example.com/shot.png" is broken: it leads to https://cdn.example.com/x, which answered 410'
        " -> correct the URL, or restore the image"
    )
    assert told("UMB601", links=broken) == [
        '2:23-55 error "https://docs.example.com/guide" is broken: it answered 404'
        " -> correct the URL, or remove the property",
        f"3:33-63 error {image}",
        f"6:18-48 error {image}",
    ]
    assert told("UMB602", links=broken) == []
    assert told("UMB603", links=broken) == []


def test_a_video_on_another_site_is_a_link() -> None:
    text = '{"VideoUrl": "https://example.com/film.mp4"}'
    links = {"https://example.com/film.mp4": LinkAnswer("broken", 404, "it answered 404")}
    assert told("UMB601", links=links, text=text) == [
        '1:14-44 error "https://example.com/film.mp4" is broken: it answered 404'
        " -> correct the URL, or remove the property"
    ]


def test_the_status_is_among_the_facts() -> None:
    (finding,) = report("UMB601", links={PAGE: LinkAnswer("broken", 404, "it answered 404")}).findings
    assert finding.args == {"url": PAGE, "status": 404}


def test_what_is_not_known_is_an_info() -> None:
    links = {
        PAGE: LinkAnswer("unknown", None, "the connection was refused"),
        SHOT: LinkAnswer("unknown", None, "10.0.0.1 is a private address", blocked=True),
    }
    videos = {VIDEO: VideoAnswer("unknown", 429, "it answered 429")}
    blocked = (
        '"https://example.com/shot.png" could not be checked: 10.0.0.1 is a private address'
        " -> use a URL on the public internet, or check this one with --allow-private-hosts"
    )
    assert told("UMB602", links=links, videos=videos) == [
        '2:23-55 info "https://docs.example.com/guide" could not be checked: the connection was refused'
        " -> open it in a browser to see whether it works",
        f"3:33-63 info {blocked}",
        f'4:15-60 info "{VIDEO}" could not be checked: it answered 429 -> open it in a browser to see whether it works',
        f"6:18-48 info {blocked}",
    ]
    for code in ("UMB601", "UMB603", "UMB610"):
        assert told(code, links=links, videos=videos) == []


def test_a_feed_that_does_not_answer_is_told_once() -> None:
    no_answer = PackageAnswer("unknown", "https://feed.example/index.json could not be reached: no luck.")
    packages = {"umbraco.froms": no_answer, "my.other": no_answer}
    assert told("UMB602", packages=packages) == [
        "9:37-52 info 2 package ids could not be looked up: https://feed.example/index.json could not be reached:"
        " no luck -> try again later, or set UMBMARKET_NUGET_SOURCE to the right feed"
    ]
    assert told("UMB602", packages={"my.other": no_answer}) == [
        "10:24-34 info 1 package id could not be looked up: https://feed.example/index.json could not be reached:"
        " no luck -> try again later, or set UMBMARKET_NUGET_SOURCE to the right feed"
    ]
    assert told("UMB604", packages=packages) == []


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        ("HTML", "text/html", "error an HTML page, not an image"),
        ("HTML", "image/png", 'error an HTML page, not an image, although the server declares it as "image/png"'),
        ("XML", "application/xml", "error an XML document, not an image"),
        ("JSON", "application/json", "error JSON, not an image"),
        ("PDF", "application/pdf", "error a PDF file, not an image"),
        ("ZIP", "application/zip", "error a ZIP archive, not an image"),
        ("video", "video/mp4", "error a video, not an image"),
        ("git-lfs", "text/plain", "error a Git LFS pointer, not an image"),
        ("text", "text/plain", "error text, not an image"),
        ("nothing", "", "error an empty answer, not an image"),
        ("unknown", "application/octet-stream", "error a file of an unknown type, not an image"),
        (
            "unknown",
            "image/jxl",
            'warning "https://example.com/shot.png" does not serve a PNG, JPEG, GIF or WebP image; the server declares'
            ' it as "image/jxl"',
        ),
        ("SVG", "image/svg+xml", "warning an SVG image, which is not known to show on the Marketplace"),
        ("AVIF", "image/avif", "warning an AVIF image, which is not known to show on the Marketplace"),
        ("BMP", "image/bmp", "warning a BMP image, which is not known to show on the Marketplace"),
        ("PNG", "text/html", 'warning a PNG image, but declares it as "text/html"'),
        ("PNG", "image/jpeg", None),
        ("JPEG", "application/octet-stream", None),
        ("GIF", "", None),
        ("WebP", "image/webp", None),
    ],
)
def test_what_an_image_address_serves(content: str, media_type: str, expected: str | None) -> None:
    found = report("UMB603", links={SHOT: LinkAnswer("works", 200, content=content, media_type=media_type)}).findings
    said = [f"{each.severity} {each.message}".replace('"https://example.com/shot.png" serves ', "") for each in found]
    assert said == ([] if expected is None else [expected] * 2)
    assert [each.pointer for each in found] == ["/AuthorDetails/ImageUrl", "/Screenshots/0/ImageUrl"][: len(said)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("PDF", "use the URL of the image file itself"),
        ("SVG", "use a PNG, JPEG, GIF or WebP image"),
        ("PNG", 'configure the server to answer with "Content-Type: image/png"'),
        (
            "HTML",
            "use the URL of the image file itself; open this one in a private browser window to see what it serves",
        ),
        (
            "git-lfs",
            "use https://media.githubusercontent.com/media/{owner}/{repository}/{branch}/{path}, which serves the "
            "file itself, or keep the image out of Git LFS",
        ),
    ],
)
def test_what_to_do_about_an_image_that_is_none(content: str, expected: str) -> None:
    links = {SHOT: LinkAnswer("works", 200, content=content, media_type="text/x-other")}
    assert {finding.help for finding in report("UMB603", links=links).findings} == {expected}


def test_packages() -> None:
    packages = {"umbraco.froms": PackageAnswer("missing"), "my.other": PackageAnswer("unlisted")}
    assert told("UMB604", packages=packages) == [
        '9:37-52 warning NuGet has no package "Umbraco.Froms" -> correct the id, or publish that package first',
        '10:24-34 info all versions of the package "My.Other" are unlisted -> use its successor, or remove it',
    ]
    assert told("UMB604", packages={"umbraco.froms": PackageAnswer("missing")}, feed="the feed https://f.example/") == [
        '9:37-52 warning the feed https://f.example/ has no package "Umbraco.Froms"'
        " -> correct the id, or publish that package first"
    ]


def test_videos() -> None:
    videos = {
        VIDEO: VideoAnswer("gone", 404, "it does not exist"),
        VIMEO: VideoAnswer("doubtful", 404, "it does not exist, is private, or may be embedded only on certain sites"),
    }
    assert told("UMB610", videos=videos) == [
        f'4:15-60 error the video "{VIDEO}" does not play in a listing: it does not exist'
        " -> make it public and allow embedding, or use another video",
        f'7:18-59 warning the video "{VIMEO}" may not play in a listing: it does not exist, is private, or may be'
        " embedded only on certain sites -> allow marketplace.umbraco.com to embed it, or use another video",
    ]
    for code in ("UMB601", "UMB602"):
        assert told(code, videos=videos) == []


def test_a_servers_words_cannot_act_on_the_terminal() -> None:
    text = '{"DocumentationUrl": "https://docs.example.com/guide"}'
    (finding,) = report(
        "UMB601", links={PAGE: LinkAnswer("broken", 404, "it answered \x1b[31m404")}, text=text
    ).findings
    assert finding.message == '"https://docs.example.com/guide" is broken: it answered \\x1b[31m404'


def test_packages_that_are_not_also_listed() -> None:
    untagged = {key: PackageAnswer("listed", tagged=False) for key in ("umbraco.froms", "my.other")}
    text = (
        '{"IsSubPackageOf": "My.Other", "RelatedPackages": [{"PackageId": "Umbraco.Froms"},'
        ' {"PackageId": "UMBRACO.FROMS"}], "PackagesByAuthor": ["My.Other"]}'
    )
    help_ = "remove it, or give that package the tag if users are meant to install it by itself"
    assert told("UMB611", packages=untagged, text=text) == [
        '1:66-81 info the Marketplace does not list the package "Umbraco.Froms", which does not have the tag'
        f' "umbraco-marketplace" -> {help_}',
        '1:138-148 info the Marketplace does not list the package "My.Other", which does not have the tag'
        f' "umbraco-marketplace" -> {help_}',
    ]
    for tagged in (True, None):
        answers = {key: PackageAnswer("listed", tagged=tagged) for key in untagged}
        assert told("UMB611", packages=answers, text=text) == []
