"""Makes `docs/preview.png`, the picture of a preview in the manual: the product's own page of `samples/gallery`.

    python docs/preview_picture.py

Needs Chromium. Fonts differ from machine to machine, so no test compares the picture: make it anew when the page does.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402 - after the path is set
from playwright.sync_api import sync_playwright  # noqa: E402 - beside the import above

from tests.chromium import FLAGS, executable  # noqa: E402 - found by the path above
from tests.umbraco.preview.calendars import make_calendar  # noqa: E402 - found by the path above
from umbmarket.umbraco.actions.preview import preview  # noqa: E402 - found by the path above

SIZE = {"width": 1400, "height": 1060}


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = make_calendar(Path(name) / "calendar")
        page = Path(name) / "page.html"
        page.write_text(preview(folder, root=folder).html, "utf-8")
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        shown = browser.new_page(viewport=SIZE, color_scheme="light")
        shown.goto(page.as_uri())
        picture = Image.open(BytesIO(shown.screenshot()))
        browser.close()
    target = ROOT / "docs" / "preview.png"
    # An octree keeps the few small areas of strong colour, which other ways give up for shades of grey.
    small = picture.convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(target, optimize=True)
    sys.stdout.write(f"{target}: {target.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
