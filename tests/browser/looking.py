"""What a careful eye checks on any page: nothing sideways, nothing unreadable, nothing empty, nothing complained of."""

import struct
import zlib

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = {"serious", "critical"}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
GLYPHS = """text => {
  const font = getComputedStyle(document.body).fontFamily;
  const drawn = new Set();
  for (const character of text) {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 40;
    const pen = canvas.getContext('2d');
    pen.font = '30px ' + font;
    pen.fillText(character, 2, 32);
    drawn.add(pen.getImageData(0, 0, 40, 40).data.join());
  }
  return drawn.size;
}"""
SQUEEZED = """() => [...document.querySelectorAll('dd, td')]
  .filter(cell => cell.checkVisibility() && cell.innerText.trim().length > 12 && cell.clientWidth < 96)
  .map(cell => cell.innerText.trim().slice(0, 20))"""
UNASSIGNED = "\U000e1000"


def grave_faults(page: Page) -> list[str]:
    """What axe finds that shuts somebody out, with the place of each."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{found['id']} {[node['target'] for node in found['nodes']][:3]}"
        for found in violations
        if found["impact"] in GRAVE
    ]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate(OVERFLOW))


def squeezed(page: Page) -> list[str]:
    """Values that stand in a column only a few characters wide."""
    return [str(text) for text in page.evaluate(SQUEEZED)]


def different_glyphs(page: Page, text: str) -> int:
    """How many different pictures the characters of `text` and one that no font has make in the page's font."""
    return int(page.evaluate(GLYPHS, text + UNASSIGNED))


def different_lines(picture: bytes) -> int:
    """How many different lines of pixels a PNG has; a blank page has a handful."""
    packed, place, width = b"", 8, 0
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        kind, body = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width = struct.unpack(">I", body[:4])[0] * {2: 3, 6: 4}[body[9]]
        if kind == b"IDAT":
            packed += body
        place += length + 12
    pixels = zlib.decompress(packed)
    return len({pixels[at : at + width + 1] for at in range(0, len(pixels), width + 1)})
