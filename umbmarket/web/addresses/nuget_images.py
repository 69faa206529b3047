"""Which images of a readme nuget.org shows.

Sources: "Package readme on NuGet.org" on learn.microsoft.com, section "Allowed domains for images and badges" (text of
July 2026); NuGetGallery, ImageDomainValidator (badges of workflows), TrustedImageDomains (`www.` is taken as well for
hosts of two parts) and MarkdownService (raw HTML is escaped, comments are removed).
"""

from __future__ import annotations

import re

from umbmarket.web.addresses.parts import WebAddress

TRUSTED_HOSTS = frozenset(
    {
        "api.codacy.com",
        "api.codeclimate.com",
        "api.dependabot.com",
        "api.reuse.software",
        "api.travis-ci.com",
        "app.codacy.com",
        "app.deepsource.com",
        "avatars.githubusercontent.com",
        "badgen.net",
        "badges.gitter.im",
        "camo.githubusercontent.com",
        "caniuse.bitsofco.de",
        "cdn.jsdelivr.net",
        "cdn.syncfusion.com",
        "ci.appveyor.com",
        "circleci.com",
        "cloudback.it",
        "codecov.io",
        "codefactor.io",
        "coveralls.io",
        "dev.azure.com",
        "devpod.sh",
        "flat.badgen.net",
        "gitlab.com",
        "i.imgur.com",
        "img.shields.io",
        "infragistics.com",
        "isitmaintained.com",
        "media.githubusercontent.com",
        "opencollective.com",
        "raw.github.com",
        "raw.githubusercontent.com",
        "snyk.io",
        "sonarcloud.io",
        "travis-ci.com",
        "travis-ci.org",
        "user-images.githubusercontent.com",
    }
)
"""Hosts whose images nuget.org shows, in lower case."""

_BADGE = re.compile(r"/[^/]+/[^/]+(?:/actions)?/workflows/.*badge\.svg", re.IGNORECASE)
"""The path of a workflow's badge, which is all that github.com itself may show."""

HTML_TAGS = frozenset(
    {
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "center",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "iframe",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "picture",
        "pre",
        "s",
        "samp",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
        "video",
    }
)
"""Tags that pages such as GitHub's show as what they mean, in lower case. Others, such as `<string>`, are code."""


def is_shown_on_nuget(address: WebAddress) -> bool:
    """Whether nuget.org shows the image at an address."""
    host = address.host
    if host in TRUSTED_HOSTS:
        return True
    if host.startswith("www.") and host.count(".") == 2 and host.removeprefix("www.") in TRUSTED_HOSTS:
        return True
    return host == "github.com" and _BADGE.match(address.path) is not None
