"""Listings and readmes that try to do what a page must never do: run, load, send, or break out of their place."""

from __future__ import annotations

import json

SCRIPT = "<script>alert(1)</script>"
OUT = "https://attacker.example/"

TEXTS = (
    SCRIPT,
    "</style><script>alert(2)</script>",
    "</title></head><body onload=alert(3)>",
    '"><img src=x onerror=alert(4)>',
    "'><svg/onload=alert(5)>",
    "{{ 7 * 7 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "javascript:alert(6)",
    "\u202egnp.exe \x1b[31m \x00 \ufffe \ud800",
    "<!-- --!> --> <![CDATA[ x ]]>",
    "&lt;script&gt;alert(7)&lt;/script&gt; &#x3c;b&#x3e;",
    "<base href=//attacker.example/><meta http-equiv=refresh content='0;url=//attacker.example/'>",
)
"""What stands where a name or a description belongs."""

ADDRESSES = (
    "javascript:alert(8)",
    "java\tscript:alert(9)",
    "data:text/html,<script>alert(10)</script>",
    "vbscript:msgbox(11)",
    f'{OUT}"onmouseover="alert(12)',
    f"{OUT}' style='background:url({OUT}x)",
    f"{OUT}<img src=x onerror=alert(13)>",
    "file:///etc/passwd",
    "//attacker.example/x.png",
    "https://user:password@attacker.example/%0d%0aSet-Cookie:x",
)


def listing(text: str, address: str) -> str:
    """A listing with the same text and address wherever there is room for one."""
    return json.dumps(
        {
            "Title": f"T {text}",
            "Description": text,
            "Category": text,
            "AlternateCategory": text,
            "PackageType": text,
            "LicenseTypes": [text],
            "Tags": [text, text],
            "AuthorDetails": {
                "Name": text,
                "Description": text,
                "Url": address,
                "ImageUrl": address,
                "Contributors": [{"Name": text, "Url": address}],
            },
            "DocumentationUrl": address,
            "IssueTrackerUrl": address,
            "DiscussionForumUrl": address,
            "VideoUrl": address,
            "Screenshots": [{"ImageUrl": address, "Caption": text}, {"VideoUrl": address, "Caption": text}],
            "RelatedPackages": [{"PackageId": text, "Description": text, "GroupTitle": text}],
            "PackagesByAuthor": [text],
            "VersionSpecificPackageIds": [{"UmbracoMajorVersion": 13, "PackageId": text}],
            "AddOnPackagesRequiredForUmbracoCloud": [text],
            "IsSubPackageOf": text,
            text: text,
        }
    )


README = f"""# <script>alert(20)</script> {{{{ 7*7 }}}}

<script src="{OUT}a.js"></script><style>body{{background:url({OUT}b)}}</style>
<img src="{OUT}c.png" onerror="alert(21)" style="background:url({OUT}d)">
<img src=x onerror=alert(22)><svg onload=alert(23)><image href="{OUT}e"/></svg>
<a href="javascript:alert(24)" onclick="alert(25)">one</a> [two](javascript:alert(26)) [three](data:text/html,x)
<iframe src="{OUT}f"></iframe><object data="{OUT}g"></object><embed src="{OUT}h">
<video src="{OUT}i" autoplay poster="{OUT}j"></video><audio src="{OUT}k" autoplay></audio>
<form action="{OUT}l"><input name=q autofocus onfocus=alert(27)><button>send</button></form>
<link rel=stylesheet href="{OUT}m"><meta http-equiv=refresh content="0;url={OUT}n"><base href="{OUT}">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(28)&gt;">
<p id="content" class="skip">an id of the page</p><a id="sheet" name="others">another</a>
<picture><source srcset="{OUT}o 2x"><img src="{OUT}p" srcset="{OUT}q 2x" alt="a picture"></picture>
<details open ontoggle=alert(29)><summary>more</summary></div></main></body></html>
![x](javascript:alert(30)) ![y]({OUT}r.png "a \\"title\\" onload=alert(31)")
![z](data:image/svg+xml,<svg onload=alert(32)>) <a href="//attacker.example/s" target="_blank" ping="{OUT}t">four</a>

- [x] <b onmouseover=alert(33)>done</b>
- [ ] to do

| a | b |
|---|---|
| <script>alert(34)</script> | ![t]({OUT}u.png) |

[ref]: javascript:alert(35)
[ref] <!-- <script>alert(36)</script> --> <noscript><p title="</noscript><img src=x onerror=alert(37)>"></noscript>
<template><img src="{OUT}v" onerror=alert(38)></template><xmp><script>alert(39)</script></xmp><plaintext>
"""
