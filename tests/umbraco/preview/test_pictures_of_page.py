"""Pictures of a preview: what lies in the tree is embedded and made small, all else is named and says why."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.trees import symlinks  # noqa: F401 - a fixture
from tests.umbraco.preview.calendars import RAW, make_calendar
from umbmarket.git.repository import repository_at
from umbmarket.umbraco.preview import pictures_of_page
from umbmarket.umbraco.preview.pictures_of_page import MOST_EMBEDDED, Picture, Pictures, Tree
from umbmarket.umbraco.preview.shrinking import MOST_PIXELS, Shrunk, shrink


def drawn(kind: str, mode: str = "RGB", size: tuple[int, int] = (1600, 900), **options: object) -> bytes:
    """A picture with something to see in it."""
    picture = Image.linear_gradient("L").resize(size).convert(mode)
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = make_calendar(tmp_path / "calendar")
    return Tree(str(root), repository_at(str(root)))


def opened(picture: Picture) -> Image.Image:
    head, _, data = picture.source.partition(",")
    assert head in ("data:image/png;base64", "data:image/jpeg;base64")
    return Image.open(BytesIO(base64.b64decode(data)))


def test_a_picture_of_the_tree_is_embedded_and_made_small(tree: Tree) -> None:
    pictures = Pictures(tree)
    found = pictures.at(f"{RAW}/images/month.png")
    assert (found.width, found.height) == opened(found).size == (800, 500)
    assert found.origin == "images/month.png in the working tree"
    assert (found.reason, pictures.embedded, pictures.named) == ("", 1, 0)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("PNG", mode) for mode in ("RGB", "RGBA", "P", "I;16", "1", "LA")),
        *(("JPEG", mode) for mode in ("RGB", "CMYK", "L")),
        ("GIF", "P"),
        ("WEBP", "RGB"),
        ("WEBP", "RGBA"),
    ],
)
def test_each_kind_is_taken(kind: str, mode: str) -> None:
    mode_drawn = "L" if mode == "I;16" else mode
    data = drawn(kind, mode_drawn)
    if mode == "I;16":
        buffer = BytesIO()
        Image.new("I;16", (1600, 900), 40_000).save(buffer, "PNG")
        data = buffer.getvalue()
    found = shrink(data, 800, 800)
    assert isinstance(found, Shrunk), found
    assert (found.width, found.height) == (800, 450)
    if mode == "I;16":
        assert Image.open(BytesIO(found.data)).convert("L").getpixel((5, 5)) == pytest.approx(40_000 / 256, abs=2)


def test_what_can_be_seen_through_stays_so() -> None:
    buffer = BytesIO()
    Image.new("RGBA", (20, 20), (200, 10, 10, 80)).save(buffer, "PNG")
    found = shrink(buffer.getvalue(), 128, 128, with_colour=True)
    assert isinstance(found, Shrunk)
    assert (found.media_type, found.colour) == ("image/png", "")
    solid = BytesIO()
    Image.new("RGBA", (20, 20), (200, 10, 10, 255)).save(solid, "PNG")
    found = shrink(solid.getvalue(), 128, 128, with_colour=True)
    assert isinstance(found, Shrunk)
    assert (found.media_type, found.colour) == ("image/jpeg", "#c80a0a")


def test_small_pictures_are_not_made_larger() -> None:
    found = shrink(drawn("PNG", size=(40, 30)), 800, 800)
    assert isinstance(found, Shrunk)
    assert (found.width, found.height) == (40, 30)


def test_a_photo_is_turned_as_browsers_do() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = shrink(drawn("JPEG", size=(400, 200), exif=exif), 800, 800)
    assert isinstance(found, Shrunk)
    assert (found.width, found.height) == (200, 400)
    assert b"Exif" not in found.data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is not an image"),
        (b"<!DOCTYPE html><html></html>", "it is not an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is SVG; only PNG, JPEG, GIF and WebP are embedded"),
        (b"\0\0\1\0 icon", "it is ICO; only PNG, JPEG, GIF and WebP are embedded"),
        (b"version https://git-lfs.github.com/spec/v1\n", "it is git-lfs; only PNG, JPEG, GIF and WebP are embedded"),
        (b"\x89PNG\r\n\x1a\n", "it is damaged (SyntaxError)"),
        (b"\xff\xd8\xff" + bytes(200), "it is damaged (SyntaxError)"),
        (b"GIF89a" + bytes(3), "it is damaged (SyntaxError)"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "it is damaged (OSError)"),
    ],
)
def test_what_is_no_picture_says_why(data: bytes, reason: str) -> None:
    found = shrink(data, 800, 800)
    assert isinstance(found, str)
    assert found.partition(" (")[0] == reason.partition(" (")[0]


def test_a_picture_that_breaks_off_is_damaged() -> None:
    assert shrink(drawn("PNG")[:-200], 800, 800) == "it is damaged (OSError)"


def test_a_bomb_is_not_unpacked() -> None:
    buffer = BytesIO()
    Image.new("1", (10_001, MOST_PIXELS // 10_000)).save(buffer, "PNG")
    assert shrink(buffer.getvalue(), 800, 800) == "it has more than 50 million pixels"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://example.com/a.png", "it is not in this working tree"),
        (f"{RAW}/images/moon.png", "the working tree has no file images/moon.png"),
        (f"{RAW}/Images/month.png", "the working tree has no file Images/month.png"),
        (f"{RAW}/images", "the working tree has no file images"),
        (f"{RAW}/.git/config", "the working tree has no file .git/config"),
        (f"{RAW}/images/%2e%2e/%2e%2e/etc/passwd", "it is not in this working tree"),
        (f"{RAW}/umbraco-marketplace.json", "it is not an image"),
        (f"{RAW.replace('calendar', 'clock')}/images/month.png", "it is in another repository"),
        ("images/month.png", "it is a relative path; the Marketplace needs a full URL"),
        ("javascript:alert(1)", "it is not a URL"),
    ],
)
def test_what_is_not_embedded_is_named_with_the_reason(tree: Tree, address: str, reason: str) -> None:
    pictures = Pictures(tree)
    assert pictures.at(address) == Picture(address, reason=reason)
    assert (pictures.embedded, pictures.named) == (0, 1)


def test_a_page_of_github_says_what_it_is(tree: Tree) -> None:
    address = "https://github.com/orchard-example/calendar/blob/main/images/month.png"
    found = Pictures(tree).at(address)
    assert (found.source, found.link) == ("", address)
    assert found.reason


def test_an_address_of_another_branch_says_so(tree: Tree) -> None:
    found = Pictures(tree).at(f"{RAW.replace('main', 'v1')}/images/month.png")
    assert found.origin == "images/month.png in the working tree; the URL names v1"


def test_a_link_in_the_tree_is_not_followed(tree: Tree, tmp_path: Path, symlinks: None) -> None:  # noqa: F811 - the fixture that is imported above
    (tmp_path / "secret.png").write_bytes(drawn("PNG", size=(8, 8)))
    images = Path(tree.root, "images")
    (images / "out.png").symlink_to(tmp_path / "secret.png")
    (images / "in.png").symlink_to(images / "month.png")
    pictures = Pictures(tree)
    assert pictures.at(f"{RAW}/images/out.png").reason == "the working tree has no file images/out.png"
    assert pictures.at(f"{RAW}/images/in.png").reason == "images/in.png is a link"


def test_a_folder_without_git_is_a_tree_too(tree: Tree) -> None:
    assert (
        Pictures(Tree(tree.root, None)).at(f"{RAW}/images/month.png").origin == "images/month.png in the working tree"
    )


def test_without_a_tree_nothing_is_embedded() -> None:
    assert Pictures(None).at(f"{RAW}/images/month.png").reason == "it is not in this working tree"


def test_the_same_picture_counts_once(tree: Tree) -> None:
    pictures = Pictures(tree)
    assert pictures.at(f"{RAW}/images/month.png") is pictures.at(f"{RAW}/images/month.png")
    assert pictures.embedded == 1


def test_a_page_holds_no_more_than_its_limit(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_EMBEDDED * 4 / 3 < 3_000_000
    monkeypatch.setattr(pictures_of_page, "MOST_EMBEDDED", 30_000)
    pictures = Pictures(tree)
    found = [pictures.at(f"{RAW}/images/{name}.png") for name in ("month", "event")]
    assert [bool(each.source) for each in found] == [True, False]
    assert found[1].reason == "the page holds its 0 MB of pictures already"


def test_remote_pictures_are_left_to_the_browser_where_that_is_wanted(tree: Tree) -> None:
    pictures = Pictures(tree, remote=True)
    assert pictures.at("https://example.com/a.png").source == "https://example.com/a.png"
    assert pictures.at(f"{RAW}/images/month.png").source.startswith("data:image/")
    assert pictures.at("images/month.png").source == ""


def test_a_file_that_is_too_large_is_not_read(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures_of_page, "LARGEST_FILE", 1024 * 1024)
    with Path(tree.root, "images", "large.png").open("wb") as file:
        file.truncate(1024 * 1024 + 1)
    found = Pictures(tree).at(f"{RAW}/images/large.png")
    assert found.reason == "the file in the working tree cannot be shown: it is larger than 1 MB"
