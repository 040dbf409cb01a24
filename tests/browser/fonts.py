"""Chinese glyphs for screenshots on machines without such a font: the font package through fontconfig."""

from importlib.resources import files
from pathlib import Path

FONT_PACKAGE = "justmytype_intl_cjk"

CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias binding="strong"><family>serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias binding="strong"><family>system-ui</family><prefer><family>Noto Sans SC</family></prefer></alias>
</fontconfig>
"""


def fontconfig_for_tests(tmp: Path) -> dict[str, str]:
    """Write a fontconfig file under `tmp`; returns what to add to the browser's environment."""
    fonts = files(FONT_PACKAGE).joinpath("fonts", "ofl", "notosanssc")
    cache = tmp / "fontconfig-cache"
    cache.mkdir(parents=True, exist_ok=True)
    config = tmp / "fonts.conf"
    config.write_text(CONFIG.format(fonts=fonts, cache=cache), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(config)}
