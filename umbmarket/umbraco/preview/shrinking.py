"""Pictures made small enough to lie in a page, by Pillow. Whatever the bytes are, this does not raise."""

from __future__ import annotations

from base64 import b64encode
from importlib import import_module
from io import BytesIO
from typing import Any, Final, NamedTuple

from PIL import Image
from PIL.ImageFile import ImageFile

from umbmarket.formats.pictures import recognise

EMBEDDED: Final = {
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "WebP": ("PIL.WebPImagePlugin", "WebPImageFile"),
}
"""What is embedded, by its first bytes, and what reads it: the pictures that listings on the Marketplace were seen to
show. SVG is none of them, and could hold scripts."""

MOST_PIXELS: Final = 50_000_000
"""Pixels of a picture that is unpacked: twice what a camera of a phone gives, 200 MB in memory."""

JPEG_QUALITY: Final = 80
_COLOUR_STEP: Final = 32


class Shrunk(NamedTuple):
    """A picture fit for a page.

    Attributes:
        data: the bytes, a PNG or a JPEG without metadata.
        media_type: of the bytes.
        width: in pixels.
        height: in pixels.
        colour: the colour that most of it has, such as `#1a2b3c`; only where it was asked for.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    colour: str = ""

    @property
    def address(self) -> str:
        """The picture as an address that holds it."""
        return f"data:{self.media_type};base64,{b64encode(self.data).decode('ascii')}"


def shrink(data: bytes, widest: int, tallest: int, *, with_colour: bool = False) -> Shrunk | str:
    """Make a picture at most so large; of a moving one the first frame stays.

    Args:
        data: a file.
        widest: pixels.
        tallest: pixels.
        with_colour: also find the colour that most of it has.

    Returns:
        The picture, or why it is not embedded, as a clause about it.
    """
    kind = recognise(data)
    if kind not in EMBEDDED:
        return "it is not an image" if kind in _NO_IMAGES else f"it is {kind}; only {_LISTED} are embedded"
    try:
        return _shrunk(data, kind, widest, tallest, with_colour=with_colour)
    except Exception as error:  # noqa: BLE001 - Pillow raises some twenty kinds for damaged files
        return f"it is damaged ({type(error).__name__})"


_TOO_LARGE = f"it has more than {MOST_PIXELS // 1_000_000} million pixels"
_LISTED = f"{', '.join(list(EMBEDDED)[:-1])} and {list(EMBEDDED)[-1]}"
_NO_IMAGES = frozenset({"HTML", "XML", "JSON", "PDF", "ZIP", "video", "text", "nothing", "unknown"})


def _opened(data: bytes, kind: str) -> ImageFile:
    """The picture, not unpacked yet. Nothing but its own reader sees it, and no limit but ours is asked."""
    module, name = EMBEDDED[kind]
    opened: ImageFile = getattr(import_module(module), name)(BytesIO(data))
    return opened


def _shrunk(data: bytes, kind: str, widest: int, tallest: int, *, with_colour: bool) -> Shrunk | str:
    with _opened(data, kind) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            return _TOO_LARGE
        # JPEG can be unpacked at a half, a quarter or an eighth of its size.
        opened.draft("RGB", (widest * 2, tallest * 2))
        picture = _upright(_plain(opened))
        # Whole steps first, which take a tenth of the time.
        picture.thumbnail((widest, tallest), Image.Resampling.BILINEAR, reducing_gap=1.0)
        colour = _colour(picture) if with_colour else ""
        buffer = BytesIO()
        if picture.mode == "RGBA" and picture.getchannel("A").getextrema() != (255, 255):
            picture.save(buffer, "PNG", compress_level=6)
            return Shrunk(buffer.getvalue(), "image/png", *picture.size, colour)
        _in_mode(picture, "RGB").save(buffer, "JPEG", quality=JPEG_QUALITY)
        return Shrunk(buffer.getvalue(), "image/jpeg", *picture.size, colour)


def _plain(picture: Image.Image) -> Image.Image:
    """The picture in three or four bands of eight bits."""
    if picture.mode.startswith("I"):
        # Sixteen bits of grey would be cut off, not scaled.
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        return _in_mode(picture, "RGBA")
    return _in_mode(picture, "RGB")


def _in_mode(picture: Image.Image, mode: str) -> Image.Image:
    return picture if picture.mode == mode else picture.convert(mode)


_TURNS: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each value of the orientation that cameras write (Exif 2.32, tag 0x0112)."""


def _upright(picture: Image.Image) -> Image.Image:
    """The picture as browsers turn it."""
    if "exif" not in picture.info:
        return picture
    turn = _TURNS.get(picture.getexif().get(0x0112, 1))
    return picture.transpose(turn) if turn is not None else picture


def _colour(picture: Image.Image) -> str:
    """The most frequent colour, a little rounded; empty for a picture that is see-through."""
    small = picture.convert("RGBA").resize((16, 16), Image.Resampling.NEAREST)
    counts: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    pixels: Any = small.get_flattened_data() if hasattr(small, "get_flattened_data") else small.getdata()
    for pixel in pixels:
        if pixel[3] > 127:
            counts.setdefault(tuple(band // _COLOUR_STEP for band in pixel[:3]), []).append(pixel)
    if not counts:
        return ""
    most = max(counts.values(), key=len)
    return "#" + "".join(f"{sum(pixel[band] for pixel in most) // len(most):02x}" for band in range(3))
