"""What the words and entries of a listing are told, and what a fix makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import umbmarket
from tests.umbraco.listing_texts import applied, check_text, codes_of, fixes_of, told
from tests.umbraco.rules.case_folders import make_git_folder
from umbmarket.umbraco.compatibility.majors import NEWEST_MAJOR
from umbmarket.umbraco.vocabulary import categories, license_types

PICTURES = "https://raw.githubusercontent.com/owner/repository/main/img"


def said(value: object, code: str) -> list[tuple[str, str, str]]:
    return [each[1:] for each in told(value, code)]


def fixed(value: object, code: str) -> tuple[object, str]:
    """What the only fix for `code` makes of a listing, and how safe it is; the result is no worse than before."""
    data = json.dumps(value).encode()
    report = check_text(data)
    ((_, fix),) = [each for each in fixes_of(report) if each[0].code == code]
    after = applied(data, fix)
    after_report = check_text(after)
    assert after_report.files[0].schema_valid
    assert codes_of(after_report, "error", "warning") <= codes_of(report)
    assert code not in codes_of(after_report)
    return json.loads(after), fix.safety


class TestUnknownKeys:
    @pytest.mark.parametrize(
        ("key", "help_"),
        [
            ("packageName", 'did you mean "Title"?'),
            ("PackageDescription", 'did you mean "Description"?'),
            ("PackageTags", 'did you mean "Tags"?'),
            ("icon", "the Marketplace takes the icon from the NuGet package, so remove this property"),
            ("PackageIcon", "the Marketplace takes the icon from the NuGet package, so remove this property"),
            ("version", "the Marketplace takes the version from the NuGet package, so remove this property"),
            (
                "minUmbracoVersion",
                "the Marketplace reads the Umbraco versions from the dependencies, so remove this property",
            ),
            (
                "compatibility",
                "the Marketplace reads the Umbraco versions from the dependencies, so remove this property",
            ),
            ("ReleaseNotes", "the listing page has no release notes, so remove this property"),
            (
                "readme",
                "the Marketplace shows umbraco-marketplace-readme.md beside the listing or the package's own readme, so"
                " remove this property",
            ),
        ],
    )
    def test_the_help_says_where_the_value_comes_from(self, key: str, help_: str) -> None:
        assert said({key: "x"}, "UMB101") == [("error", f'unknown property "{key}"', help_)]

    def test_a_key_that_resembles_none_gets_the_list(self) -> None:
        ((_, message, help_),) = said({"Foo": "x"}, "UMB101")
        assert message == 'unknown property "Foo"'
        assert help_.startswith("a listing may have: $schema, ")

    def test_the_names_once_matched_by_the_ranking_decide_about_installs(self) -> None:
        assert said({"AlternatePackageNames": ["Old"]}, "UMB111") == [
            (
                "info",
                '"AlternatePackageNames" is deprecated',
                "it has no replacement: keep it while installations report the package under these names, because"
                " active installs count for the ranking",
            )
        ]


class TestChoices:
    @pytest.mark.parametrize(
        ("value", "suggested"),
        [
            ("MIT", "Free"),
            ("Apache-2.0", "Free"),
            ("apache license 2.0", "Free"),
            ("GPL-3.0", "Free"),
            ("LGPL-2.1-or-later", "Free"),
            ("Open Source", "Free"),
            ("open-source", "Free"),
            ("BSD 3-Clause", "Free"),
            ("MPL-2.0", "Free"),
            ("Unlicense", "Free"),
            ("0BSD", "Free"),
            ("Proprietary", None),
            ("EULA", None),
            ("Commercial", "Purchase"),
        ],
    )
    def test_a_licence_is_not_how_a_package_is_paid_for(self, value: str, suggested: str | None) -> None:
        allowed = ", ".join(license_types())
        help_ = f'did you mean "{suggested}"? Allowed: {allowed}' if suggested else f"use one of: {allowed}"
        help_ = f"this property says how the package is paid for, not which licence it has; {help_}"
        for listing in ({"LicenseTypes": [value]}, {"LicenseType": value}):
            assert said(listing, "UMB104") == [("error", f'"{value}" is not a licence type of the Marketplace', help_)]

    def test_a_slip_is_not_a_licence(self) -> None:
        assert said({"LicenseTypes": ["free"]}, "UMB104")[0][2] == (
            f'did you mean "Free"? Allowed: {", ".join(license_types())}'
        )

    def test_a_category_is_no_licence(self) -> None:
        assert said({"Category": "MIT"}, "UMB104")[0][2] == f"use one of: {', '.join(categories())}"

    def test_the_note_on_a_former_category_begins_the_help(self) -> None:
        assert said({"Category": "PIM"}, "UMB104")[0][2].startswith("PIM was renamed to PIM & DAM before")


class TestVideosAndMajors:
    def test_a_video_file_of_a_screenshot_is_what_schema_and_guide_say(self) -> None:
        assert said({"Screenshots": [{"VideoUrl": "https://example.com/demo.mp4"}]}, "UMB201") == []
        assert [each[0] for each in said({"VideoUrl": "https://example.com/demo.mp4"}, "UMB201")] == ["error"]

    def test_the_major_after_the_newest_known_one_is_an_info(self) -> None:
        next_major = NEWEST_MAJOR + 1
        listing = {"VersionSpecificPackageIds": [{"UmbracoMajorVersion": next_major, "PackageId": "a"}]}
        assert said(listing, "UMB210") == [
            (
                "info",
                f"this version of umbmarket does not know Umbraco {next_major} yet",
                "check the number, or look for a newer version of umbmarket",
            )
        ]
        listing["VersionSpecificPackageIds"][0]["UmbracoMajorVersion"] = next_major + 1
        assert [each[0] for each in said(listing, "UMB210")] == ["warning"]


class TestRepeatedEntries:
    def test_the_same_screenshot_with_another_caption_is_not_safely_removed(self) -> None:
        listing = {
            "Screenshots": [
                {"ImageUrl": f"{PICTURES}/s7.png", "Caption": "Seven"},
                {"ImageUrl": f"{PICTURES}/s7.png", "Caption": "Eight"},
            ]
        }
        assert said(listing, "UMB211") == [
            (
                "warning",
                'the screenshot "s7.png" is a duplicate of entry 1, with a different "Caption"',
                "correct its URL, or remove one of the two",
            )
        ]
        assert [each for each in fixes_of(check_text(listing)) if each[0].code == "UMB211"] == []

    def test_the_file_beside_it_that_no_screenshot_shows_is_named(self, tmp_path: Path) -> None:
        make_git_folder(tmp_path, {"branch": "main", "remote": "https://github.com/owner/repository.git"})
        (tmp_path / "img").mkdir()
        for name in ("s7.png", "s8.png"):
            (tmp_path / "img" / name).write_bytes(b"")
        listing = {
            "Screenshots": [
                {"ImageUrl": f"{PICTURES}/s7.png", "Caption": "Seven"},
                {"ImageUrl": f"{PICTURES}/s7.png", "Caption": "Eight"},
            ]
        }
        path = tmp_path / "umbraco-marketplace.json"
        path.write_text(json.dumps(listing), "utf-8")
        report = umbmarket.validate([path], root=tmp_path)
        ((finding, fix),) = [each for each in fixes_of(report) if each[0].code == "UMB211"]
        assert finding.message == 'the screenshot "s7.png" is a duplicate of entry 1, with a different "Caption"'
        assert finding.help == 'did you mean "s8.png", the next file beside it?'
        assert fix.safety == "unsafe"
        listing["Screenshots"][1]["ImageUrl"] = f"{PICTURES}/s8.png"
        assert json.loads(applied(path.read_bytes(), fix)) == listing

    @pytest.mark.parametrize(
        ("listing", "left"),
        [
            ({"Tags": ["Forms", "forms"]}, {"Tags": ["Forms"]}),
            (
                {"Screenshots": [{"ImageUrl": f"{PICTURES}/a.png", "Caption": "A"}, {"ImageUrl": f"{PICTURES}/a.png"}]},
                {"Screenshots": [{"ImageUrl": f"{PICTURES}/a.png", "Caption": "A"}]},
            ),
            (
                {"RelatedPackages": [{"PackageId": "A", "Description": "a"}, {"PackageId": "a", "Description": ""}]},
                {"RelatedPackages": [{"PackageId": "A", "Description": "a"}]},
            ),
        ],
    )
    def test_a_duplicate_that_says_nothing_more_is_safely_removed(self, listing: object, left: object) -> None:
        assert fixed(listing, "UMB211") == (left, "safe")

    @pytest.mark.parametrize(
        ("listing", "other"),
        [
            (
                {"RelatedPackages": [{"PackageId": "A", "Description": "a"}, {"PackageId": "A", "Description": "b"}]},
                "Description",
            ),
            (
                {
                    "AuthorDetails": {
                        "Contributors": [{"Name": "A"}, {"Name": "A", "Url": "https://github.com/another-a"}]
                    }
                },
                "Url",
            ),
        ],
    )
    def test_a_duplicate_that_says_more_is_not_safely_removed(self, listing: object, other: str) -> None:
        ((_, message, help_),) = said(listing, "UMB211")
        assert message.endswith(f' "A" is a duplicate of entry 1, with a different "{other}"')
        assert help_ == "remove one of the two"
        assert fixed(listing, "UMB211")[1] == "unsafe"

    def test_the_parent_among_the_related_packages_is_an_info(self) -> None:
        listing = {"IsSubPackageOf": "Umbraco.Forms", "RelatedPackages": [{"PackageId": "umbraco.forms"}]}
        assert said(listing, "UMB211") == [
            (
                "info",
                'the related package "umbraco.forms" is the parent package',
                "remove it: the page shows the parent anyway",
            )
        ]
        assert fixed(listing, "UMB211") == ({"IsSubPackageOf": "Umbraco.Forms"}, "safe")

    def test_a_group_title_that_begins_the_same_group_again(self) -> None:
        listing = {
            "RelatedPackages": [
                {"PackageId": "A", "GroupTitle": "Add-ons"},
                {"PackageId": "B", "GroupTitle": "Add-ons"},
                {"PackageId": "C"},
                {"PackageId": "D", "GroupTitle": "Others"},
                {"PackageId": "E", "GroupTitle": "Add-ons"},
            ]
        }
        assert said(listing, "UMB218") == [
            (
                "info",
                'a second group "Add-ons" starts right after the first',
                'give "GroupTitle" only to the first package of a group',
            )
        ]
        after, safety = fixed(listing, "UMB218")
        del listing["RelatedPackages"][1]["GroupTitle"]
        assert (after, safety) == (listing, "safe")

    @pytest.mark.parametrize("tag", ["umbraco-marketplace", "Umbraco-Marketplace "])
    def test_the_tag_of_the_package_among_the_tags_of_the_listing(self, tag: str) -> None:
        listing = {"Tags": ["forms", tag]}
        assert said(listing, "UMB219") == [
            (
                "info",
                'the tag "umbraco-marketplace" belongs in the NuGet package',
                "remove it here, and add it to <PackageTags> in the project",
            )
        ]
        assert fixed(listing, "UMB219") == ({"Tags": ["forms"]}, "safe")

    def test_a_second_category_that_the_first_implies_is_nothing(self) -> None:
        report = check_text({"Category": "Commerce", "AlternateCategory": "Campaign & Marketing"})
        assert codes_of(report) <= {"UMB112", "UMB213"}


class TestDamagedTexts:
    @pytest.mark.parametrize(
        ("text", "part", "meant"),
        [
            ("CafÃ©", "Ã©", "é"),
            ("Ã¼ber", "Ã¼", "ü"),
            ("trÃ¨s", "Ã¨", "è"),
            ("StraÃŸe", "ÃŸ", "ß"),
            ("Itâ€™s here", "â€™", "’"),
            ("a â€“ b", "â€“", "–"),
            ("Acme Â® forms", "Â®", "®"),
            ("go ðŸš€", "ðŸš€", "🚀"),
            ("ï»¿Title", "ï»¿", "\ufeff"),
        ],
    )
    def test_mojibake(self, text: str, part: str, meant: str) -> None:
        listing = {"Title": text}
        shown = "\\ufeff" if meant == "\ufeff" else meant
        assert said(listing, "UMB220") == [
            (
                "warning",
                f'"Title" contains "{part}", probably a damaged "{shown}"',
                "write the character again: the text was decoded in the wrong encoding at some point",
            )
        ]
        after, safety = fixed(listing, "UMB220")
        assert (after, safety) == ({"Title": text.replace(part, meant)}, "unsafe")

    def test_a_lost_character(self) -> None:
        assert said({"AuthorDetails": {"Name": "Caf\ufffd"}}, "UMB220") == [
            (
                "warning",
                '"Name" contains U+FFFD, which stands for a lost character',
                "write the character again: it was lost when the file was saved in another encoding",
            )
        ]
        assert [each for each in fixes_of(check_text({"Title": "\ufffd"})) if each[0].code == "UMB220"] == []

    @pytest.mark.parametrize(
        ("listing", "subject"),
        [
            ({"0": "\ufffd"}, '"0"'),
            ({"\u00b2": "\ufffd"}, '"\u00b2"'),
            ({"A/b~": "\ufffd"}, '"A/b~"'),
            ({"A": {"7": "\ufffd"}}, '"7"'),
            ({"A": {"7": ["\ufffd"]}}, 'an entry of "A"'),
            ({"Tags": ["\ufffd"]}, 'an entry of "Tags"'),
        ],
    )
    def test_a_property_that_is_called_like_an_index(self, listing: object, subject: str) -> None:
        assert [each[1] for each in said(listing, "UMB220")] == [
            f"{subject} contains U+FFFD, which stands for a lost character"
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "Café",
            "ÜBER",
            "“AMANHÔ",
            "“SÃO PAULO”",
            "NÃO",
            "«Â»",
            "STRAß…",
            "Å“",
            "10 °C",
            "â, ê, î",
            "Ãs",
            "€ 5",
            "Ångström—Å",
            "🚀",
        ],
    )
    def test_a_text_that_is_whole(self, text: str) -> None:
        assert said({"Title": text}, "UMB220") == []

    def test_each_text_is_told_once(self) -> None:
        assert len(said({"Title": "Ã© Ã© \ufffd", "Tags": ["Ã©"]}, "UMB220")) == 2
        after, _ = fixed({"Title": "Ã© and Ã¨"}, "UMB220")
        assert after == {"Title": "é and è"}


class TestAuthor:
    @pytest.mark.parametrize(
        ("url", "message"),
        [
            ("see our site", "is not a URL"),
            ("htps://example.com", 'has the scheme "htps"'),
            ("https://example.com/my page", "contains white space"),
            ("http:/example.com", 'begins with "http:/" instead of "http://"'),
            ("https://", "has no host name"),
            ("http://localhost:5000/", "points to localhost"),
            ("http://localhost", "points to localhost"),
        ],
    )
    @pytest.mark.parametrize("key", ["Url", "ImageUrl"])
    def test_what_is_no_address(self, key: str, url: str, message: str) -> None:
        ((severity, told_message, _),) = said({"AuthorDetails": {key: url}}, "UMB221")
        assert (severity, told_message) == ("warning", f'"{key}" of AuthorDetails {message}')

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "https://example.website/",
            "https://example.com:8080/a",
            "https://bücher.de",
            "HTTPS://example.com",
            "https://example.com?a",
            "https://my_host.example.com/",
        ],
    )
    @pytest.mark.parametrize("key", ["Url", "ImageUrl"])
    def test_an_address_that_the_schema_would_refuse_elsewhere(self, key: str, url: str) -> None:
        assert said({"AuthorDetails": {key: url}}, "UMB221") == []

    def test_a_relative_path_is_another_rules(self) -> None:
        report = check_text({"AuthorDetails": {"ImageUrl": "./me.png"}})
        assert "UMB221" not in codes_of(report)
        assert "UMB204" in codes_of(report, "error")

    @pytest.mark.parametrize("url", ["localhost:3000", "example.com:8080/me", "github.com/jane"])
    def test_what_has_no_scheme_is_told_once(self, url: str) -> None:
        report = check_text({"AuthorDetails": {"Url": url}})
        instead = "a relative path" if ":" not in url else "not a URL of the web"
        assert [(each.code, each.message) for each in report.findings if each.severity in ("error", "warning")] == [
            ("UMB205", 'the listing has no "Category"'),
            ("UMB204", f'"Url" has no scheme, so "{url}" is {instead}'),
        ]

    def test_the_help_begins_as_helps_do(self) -> None:
        assert said({"AuthorDetails": {"Url": "htps://example.com"}}, "UMB221") == [
            (
                "warning",
                '"Url" of AuthorDetails has the scheme "htps"',
                "use a URL that begins with https:// or http://",
            )
        ]

    def test_a_mail_address_is_a_link_but_no_picture(self) -> None:
        assert said({"AuthorDetails": {"Url": "mailto:me@example.com"}}, "UMB221") == []
        assert said({"AuthorDetails": {"ImageUrl": "mailto:me@example.com"}}, "UMB221") != []

    def test_the_fix(self) -> None:
        after, safety = fixed({"AuthorDetails": {"Url": "http:/example.com/me"}}, "UMB221")
        assert (after, safety) == ({"AuthorDetails": {"Url": "http://example.com/me"}}, "safe")


class TestDescriptions:
    @pytest.mark.parametrize(
        ("text", "kind", "part"),
        [
            ("A **fast** index", "Markdown", "**fast**"),
            ("See [the docs](https://example.com)", "Markdown", "[the docs](https://example.com)"),
            ("# Forms\nA designer", "Markdown", "# Forms"),
            ("A <b>fast</b> index", "HTML", "<b>fast</b>"),
            ("One<br/>two", "HTML", "<br/>"),
            ('<a href="https://example.com">docs</a>', "HTML", '<a href="https://example.com">docs</a>'),
        ],
    )
    def test_markup_is_shown_as_it_is(self, text: str, kind: str, part: str) -> None:
        from umbmarket.findings import quote

        assert said({"Description": text}, "UMB222") == [
            (
                "info",
                f'"Description" contains {kind}: {quote(part)}',
                "write plain text: the page shows the description as it is",
            )
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "C# and 2 * 3 * 4",
            "a <T> generic",
            "Renders <p> for you",
            "a < b > c",
            "#1 package",
            "f(x) [see below]",
            "snake__case__name",
        ],
    )
    def test_other_texts_are_no_markup(self, text: str) -> None:
        assert said({"Description": text}, "UMB222") == []


STARTER = {"Title": "", "Description": "", "Category": "", "Tags": [], "LicenseTypes": [""], "VideoUrl": ""}


class TestUntouched:
    def test_an_untouched_starter_is_one_finding(self) -> None:
        assert told(STARTER) == [
            (
                "UMB007",
                "error",
                "the listing is not filled in",
                "fill it in, and remove the properties that you do not need",
            )
        ]

    def test_one_that_the_schema_refuses_for_empty_root_urls_alone_is_a_warning(self) -> None:
        listing = {"Title": "", "Tags": [], "VideoUrl": ""}
        assert [each[:2] for each in told(listing)] == [("UMB007", "warning")]

    def test_one_that_the_schema_takes_is_a_warning(self) -> None:
        assert [each[:2] for each in told({"Title": "", "Tags": [], "IsSubPackageOf": ""})] == [("UMB007", "warning")]

    def test_an_unknown_key_is_told_all_the_same(self) -> None:
        assert [each[:2] for each in told({**STARTER, "Categories": ""})] == [
            ("UMB007", "error"),
            ("UMB101", "error"),
        ]

    def test_the_schema_reference_fills_nothing_in(self) -> None:
        schema = "https://marketplace.umbraco.com/umbraco-marketplace-schema.json"
        assert [each[0] for each in told({"$schema": schema, **STARTER})] == ["UMB007"]

    def test_one_value_makes_it_a_listing(self) -> None:
        assert codes_of(check_text({**STARTER, "Title": "Forms"})) >= {"UMB110", "UMB213"}
        assert "UMB007" not in codes_of(check_text({**STARTER, "Title": "Forms"}))
        assert "UMB007" not in codes_of(check_text({**STARTER, "LookingForContributors": True}))

    @pytest.mark.parametrize("listing", [{}, {"Category": ""}, {"Category": "", "VideoUrl": ""}])
    def test_a_few_keys_are_no_starter(self, listing: object) -> None:
        assert "UMB007" not in codes_of(check_text(listing))
