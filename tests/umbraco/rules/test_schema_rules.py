"""What the published schema rejects, at the weight that documents and real readers give it."""

from __future__ import annotations

import json

import pytest

from tests.umbraco.listing_texts import applied, check_text, codes_of, fixes_of, told
from umbmarket.umbraco.vocabulary import categories, known_keys

ROOT_URLS = [key for key in known_keys("listing") if key.endswith("Url")]
EMPTY_URL_HELP = "remove the property, or fill it in"


def fixed(value: object, code: str) -> tuple[object, str]:
    """What the only fix of the only finding of `code` makes of a listing, and how safe it is."""
    data = json.dumps(value).encode()
    ((_, fix),) = [each for each in fixes_of(check_text(data)) if each[0].code == code]
    return json.loads(applied(data, fix)), fix.safety


class TestEmptyValues:
    @pytest.mark.parametrize("key", ROOT_URLS)
    def test_an_empty_root_url_is_a_warning_alone(self, key: str) -> None:
        assert told({key: ""}, "UMB110") == [("UMB110", "warning", f'"{key}" is empty', EMPTY_URL_HELP)]
        assert codes_of(check_text({key: "", "Category": "Search"}), "error") == set()

    @pytest.mark.parametrize("key", ROOT_URLS)
    def test_an_empty_root_url_is_a_warning_beside_an_error(self, key: str) -> None:
        assert [each[:2] for each in told({key: "", "Category": "None"}, "UMB110")] == [("UMB110", "warning")]

    def test_all_root_urls_empty_are_warnings(self) -> None:
        assert {each[1] for each in told({"Title": "Forms", **dict.fromkeys(ROOT_URLS, "")}, "UMB110")} == {"warning"}

    @pytest.mark.parametrize("key", ROOT_URLS)
    def test_white_space_in_a_root_url_is_another_text(self, key: str) -> None:
        assert [each[:3] for each in told({key: " "}, "UMB110")] == [
            ("UMB110", "error", f'"{key}" is only white space')
        ]

    def test_why_says_what_guide_schema_and_readers_say(self) -> None:
        (finding,) = (each for each in check_text({"VideoUrl": ""}).findings if each.code == "UMB110")
        assert finding.why == (
            "the listing guide allows empty values, but the published schema rejects empty URLs and choices"
            " (.NET validators accepted an empty top-level URL until April 2026)"
        )

    @pytest.mark.parametrize("text", ["", " "])
    @pytest.mark.parametrize("key", ["BugsUrl", "videoUrl"])
    def test_an_empty_url_under_a_key_that_the_schema_does_not_name_is_an_error(self, key: str, text: str) -> None:
        assert [each[:2] for each in told({key: text}, "UMB110")] == [("UMB110", "error")]

    @pytest.mark.parametrize("text", ["x", "/x", "https://a.website/x", "https://a.com:8080/x", "ftp://a.com/x"])
    @pytest.mark.parametrize("key", ["DocumentationUrl", "BugsUrl", "videoUrl"])
    def test_other_texts_that_the_schema_refuses_in_a_root_url_are_errors(self, key: str, text: str) -> None:
        report = check_text({key: text})
        assert report.files[0].schema_valid is False
        assert codes_of(report, "error") & {"UMB108", "UMB204"}
        assert all(each.why.startswith("the published schema") for each in report.findings if each.code == "UMB108")

    @pytest.mark.parametrize(
        "value",
        [
            {"Screenshots": [{"ImageUrl": ""}]},
            {"Screenshots": [{"VideoUrl": ""}]},
            {"AuthorDetails": {"Contributors": [{"Name": "A", "Url": ""}]}},
            {"AlternateCategory": ""},
            {"PackageType": ""},
            {"LicenseTypes": [""]},
            {"LookingForContributors": ""},
            {"AuthorDetails": ""},
        ],
    )
    def test_other_empty_values_that_the_schema_refuses_are_errors(self, value: object) -> None:
        assert [each[:2] for each in told(value, "UMB110")] == [("UMB110", "error")]

    @pytest.mark.parametrize(
        "value",
        [
            {"Title": ""},
            {"Description": " "},
            {"IsSubPackageOf": ""},
            {"AuthorDetails": {"Name": "", "Url": "", "ImageUrl": "", "Description": ""}},
            {"RelatedPackages": [{"PackageId": "Umbraco.Forms", "Description": "", "GroupTitle": ""}]},
            {"Screenshots": [{"ImageUrl": "https://example.com/a.png", "Caption": ""}]},
        ],
    )
    def test_a_key_that_may_be_empty_is_nothing(self, value: object) -> None:
        assert told(value, "UMB110") == []

    @pytest.mark.parametrize(
        ("value", "subject", "help_", "left"),
        [
            (
                {"RelatedPackages": [{"PackageId": ""}]},
                '"PackageId" is empty',
                'remove "RelatedPackages", or fill it in',
                {},
            ),
            (
                {"RelatedPackages": [{"PackageId": ""}, {"PackageId": "a"}]},
                '"PackageId" is empty',
                "remove the entry, or fill it in",
                {"RelatedPackages": [{"PackageId": "a"}]},
            ),
            (
                {"VersionSpecificPackageIds": [{"UmbracoMajorVersion": 8, "PackageId": ""}]},
                '"PackageId" is empty',
                'remove "VersionSpecificPackageIds", or fill it in',
                {},
            ),
            (
                {"AuthorDetails": {"Name": "A", "Contributors": [{"Name": ""}]}},
                '"Name" is empty',
                'remove "Contributors", or fill it in',
                {"AuthorDetails": {"Name": "A"}},
            ),
            (
                {"Screenshots": [{"ImageUrl": ""}, {"ImageUrl": "https://example.com/a.png"}]},
                '"ImageUrl" is empty',
                "remove the entry, or fill it in",
                {"Screenshots": [{"ImageUrl": "https://example.com/a.png"}]},
            ),
            (
                {"Screenshots": [{"ImageUrl": "https://example.com/a.png", "VideoUrl": ""}]},
                '"VideoUrl" is empty',
                "remove the property, or fill it in",
                {"Screenshots": [{"ImageUrl": "https://example.com/a.png"}]},
            ),
            ({"Tags": ["", "a"]}, '"Tags" has an empty entry', "remove the entry, or fill it in", {"Tags": ["a"]}),
            ({"Tags": [""]}, '"Tags" has an empty entry', 'remove "Tags", or fill it in', {}),
        ],
    )
    def test_what_is_empty_is_removed_with_what_cannot_do_without(
        self, value: object, subject: str, help_: str, left: object
    ) -> None:
        assert [each[2:] for each in told(value, "UMB110")] == [(subject, help_)]
        after, safety = fixed(value, "UMB110")
        assert (after, safety) == (left, "safe")
        assert check_text(after).files[0].schema_valid

    @pytest.mark.parametrize(
        "value",
        [
            {"RelatedPackages": [{"PackageId": "", "Description": "Adds forms"}]},
            {"Screenshots": [{"ImageUrl": "", "Caption": "The editor"}]},
        ],
    )
    def test_an_entry_that_says_something_else_is_not_safely_removed(self, value: object) -> None:
        after, safety = fixed(value, "UMB110")
        assert (after, safety) == ({}, "unsafe")

    def test_an_empty_choice_names_the_choices(self) -> None:
        help_ = f"remove the property, or use one of: {', '.join(categories())}"
        assert told({"Category": ""}, "UMB110") == [("UMB110", "error", '"Category" is empty', help_)]
        help_ = 'remove "LicenseTypes", or use one of: Free, Purchase, Subscription'
        assert [each[3] for each in told({"LicenseTypes": [""]}, "UMB110")] == [help_]


class TestNumbersAndLengths:
    @pytest.mark.parametrize(("written", "meant"), [("13.0", 13), ("1.3e1", 13), ("130E-1", 13), ("8.00", 8)])
    def test_an_integer_with_a_fraction_or_an_exponent_is_refused(self, written: str, meant: int) -> None:
        text = f'{{"VersionSpecificPackageIds": [{{"UmbracoMajorVersion": {written}, "PackageId": "a"}}]}}'
        assert told(text, "UMB103", "UMB210") == [
            (
                "UMB103",
                "error",
                '"UmbracoMajorVersion" must be written as an integer, without a fraction or an exponent',
                f"write {meant}",
            )
        ]
        ((_, fix),) = [each for each in fixes_of(check_text(text)) if each[0].code == "UMB103"]
        assert fix.safety == "safe"
        after = applied(text.encode(), fix).decode()
        assert after == text.replace(written, str(meant))
        assert told(after, "UMB103") == []

    def test_an_integer_beyond_64_bits_is_refused(self) -> None:
        text = '{"VersionSpecificPackageIds": [{"UmbracoMajorVersion": 99999999999999999999, "PackageId": "a"}]}'
        assert [each[:3] for each in told(text, "UMB103")] == [
            ("UMB103", "error", '"UmbracoMajorVersion" is too large for a .NET integer')
        ]
        assert told(text.replace("9999999999999999999", "999999999"), "UMB103") == []

    @pytest.mark.parametrize("written", ["1e400", "-1e400"])
    def test_a_number_beyond_what_a_float_holds_has_no_fraction(self, written: str) -> None:
        text = f'{{"VersionSpecificPackageIds": [{{"UmbracoMajorVersion": {written}, "PackageId": "a"}}]}}'
        message = '"UmbracoMajorVersion" must be an integer, not a number that is too large'
        assert [each[:3] for each in told(text, "UMB103", "UMB210")] == [("UMB103", "error", message)]

    @pytest.mark.parametrize("written", ["13", "-0", "0013", "12345678901234567890123", f"1{'0' * 400}"])
    def test_a_number_becomes_the_string_that_was_written(self, written: str) -> None:
        text = f'{{"Tags": [{written}], // forms\n "Title": "Forms"}}'
        ((_, fix),) = [each for each in fixes_of(check_text(text)) if each[0].code == "UMB103"]
        assert applied(text.encode(), fix).decode() == text.replace(written, f'"{written}"')

    def test_a_number_that_moves_into_another_type_becomes_what_was_written(self) -> None:
        text = '{"screenshots": [{"caption": -0, "imageUrl": "https://example.com/a.png"}]}'
        ((_, fix),) = [
            each for each in fixes_of(check_text(text)) if each[0].code == "UMB101" and "screenshots" in each[0].message
        ]
        assert '"Caption": "-0"' in applied(text.encode(), fix).decode()

    @pytest.mark.parametrize("number", [13, -13, 0])
    def test_an_integer_is_an_integer(self, number: int) -> None:
        assert told({"VersionSpecificPackageIds": [{"UmbracoMajorVersion": number, "PackageId": "a"}]}, "UMB103") == []

    @pytest.mark.parametrize(
        ("value", "subject", "units", "limit"),
        [
            ({"Title": "\U0001f600" * 200}, '"Title"', 400, 256),
            ({"Tags": ["a", "\U0001f600" * 51]}, 'an entry of "Tags"', 102, 100),
            ({"AuthorDetails": {"Name": "a" * 199 + "\U0001f600"}}, '"Name"', 201, 200),
        ],
    )
    def test_between_the_two_ways_to_count_a_text_is_a_warning(
        self, value: object, subject: str, units: int, limit: int
    ) -> None:
        assert told(value, "UMB106") == [
            (
                "UMB106",
                "warning",
                f"{subject} has {units} UTF-16 units, as .NET counts; {limit} are allowed",
                f"shorten it by {units - limit} units (an emoji has two or more)",
            )
        ]

    @pytest.mark.parametrize("title", ["\U0001f600" * 128, "ä" * 256, "a" * 256])
    def test_a_text_that_is_short_enough_either_way_is_nothing(self, title: str) -> None:
        assert told({"Title": title}, "UMB106") == []

    def test_a_text_that_is_too_long_either_way_is_an_error(self) -> None:
        assert [each[:3] for each in told({"Title": "\U0001f600" * 257}, "UMB106")] == [
            ("UMB106", "error", '"Title" has 257 characters; 256 are allowed')
        ]


@pytest.mark.parametrize(
    "listing",
    [{"VideoUrl": "./a.png"}, {"BugsUrl": "/x"}, {"Category": None, "Tags": None, "Title": None}, {"Category": ""}],
)
def test_what_the_schema_refuses_names_its_keyword(listing: object) -> None:
    report = check_text(listing)
    assert report.files[0].schema_valid is False
    assert [each for each in report.findings if each.args.get("keyword") and str(each.severity) == "error"]


class TestKeys:
    def test_an_unknown_url_key_with_a_relative_path_is_an_error(self) -> None:
        findings = told({"BugsUrl": "/x"}, "UMB102", "UMB108", "UMB204")
        assert [each[:3] for each in findings] == [
            ("UMB102", "warning", 'the Marketplace ignores the property "BugsUrl"'),
            ("UMB204", "error", '"BugsUrl" is the relative path "/x"'),
        ]

    def test_a_url_key_in_another_letter_case_is_probably_read(self) -> None:
        listing = {"videoUrl": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}
        assert told(listing, "UMB102") == [
            (
                "UMB102",
                "warning",
                'unknown property "videoUrl": the schema has "VideoUrl"',
                'write "VideoUrl"; the Marketplace probably ignores letter case',
            )
        ]
        (finding,) = (each for each in check_text(listing).findings if each.code == "UMB102")
        assert (
            finding.why
            == 'the schema accepts any property that ends in "Url", but the Marketplace ignores unknown ones'
        )
        after, safety = fixed(listing, "UMB102")
        assert (after, safety) == ({"VideoUrl": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}, "safe")

    def test_a_url_key_in_two_letter_cases(self) -> None:
        address = "https://example.com/docs"
        listing = {"DocumentationUrl": address, "documentationUrl": address}
        assert [each[2:] for each in told(listing, "UMB102")] == [
            (
                'unknown property "documentationUrl": the schema has "DocumentationUrl"',
                "keep one of the two: the Marketplace probably ignores letter case and reads both",
            )
        ]
        assert [each for each in fixes_of(check_text(listing)) if each[0].code == "UMB102"] == []


class TestNulls:
    @pytest.mark.parametrize(
        ("value", "help_", "after", "safety"),
        [
            ({"VideoUrl": None, "Title": "Forms"}, "remove the property", {"Title": "Forms"}, "safe"),
            ({"Tags": [None, "forms"]}, "remove the entry", {"Tags": ["forms"]}, "safe"),
            ({"RelatedPackages": [None], "Title": "Forms"}, 'remove "RelatedPackages"', {"Title": "Forms"}, "safe"),
            (
                {"RelatedPackages": [{"PackageId": None, "Description": "Adds forms"}, {"PackageId": "A.B"}]},
                "remove the entry",
                {"RelatedPackages": [{"PackageId": "A.B"}]},
                "unsafe",
            ),
        ],
    )
    def test_what_is_removed_leaves_nothing_that_the_schema_refuses(
        self, value: object, help_: str, after: object, safety: str
    ) -> None:
        assert [each[3] for each in told(value, "UMB103")] == [help_]
        assert fixed(value, "UMB103") == (after, safety)
        assert codes_of(check_text(after), "error") == set()


class TestMissingKeys:
    def test_a_key_whose_value_cannot_be_read_is_not_missing(self) -> None:
        text = b'{"VersionSpecificPackageIds": [{"UmbracoMajorVersion": NaN, "PackageId": "A.B"}]}'
        assert codes_of(check_text(text), "error") == {"UMB004"}

    def test_a_key_that_is_absent_is_missing(self) -> None:
        text = b'{"VersionSpecificPackageIds": [{"PackageId": "A.B"},]}'
        assert codes_of(check_text(text), "error") == {"UMB105"}

    @pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity"])
    def test_a_category_that_cannot_be_read_is_not_missing(self, written: str) -> None:
        assert "UMB205" not in codes_of(check_text(f'{{"Title": "Forms", "Category": {written}}}'.encode()), "warning")
