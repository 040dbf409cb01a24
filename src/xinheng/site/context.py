"""What the frame of every page shows: the place, the notice line, today, and how the reader sees it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest

from xinheng.base import clock
from xinheng.base.masking import find_personal_numbers
from xinheng.rulebook.loader import load_pack
from xinheng.site.display import HIGH_CONTRAST, LARGE_TEXT


@dataclass(frozen=True)
class PageFrame:
    """The `page` of every template."""

    site_name: str
    region_name: str
    notice: str
    today: date
    centre_url: str
    desk_url: str
    large_text: bool
    high_contrast: bool
    here: str
    """The address of this page; the front page where a number of a person was typed into the address."""

    @property
    def html_class(self) -> str:
        """Classes of the html element that switch the style sheet."""
        switches = (("large-text", self.large_text), ("high-contrast", self.high_contrast))
        return " ".join(name for name, on in switches if on)


def page(request: HttpRequest) -> dict[str, PageFrame]:
    """Context processor; reads the pack and two cookies, never the database, so that error pages work too."""
    pack = load_pack(settings.PACK)
    region = pack.region
    return {
        "page": PageFrame(
            site_name=pack.site_name or "信衡公共信用信息平台",
            region_name=region.full_name if region else pack.title,
            notice=pack.notice,
            today=clock.today(),
            centre_url=settings.CENTRE_URL,
            desk_url=settings.LOGIN_REDIRECT_URL,
            large_text=request.COOKIES.get(LARGE_TEXT) == "1",
            high_contrast=request.COOKIES.get(HIGH_CONTRAST) == "1",
            here=_here(request),
        )
    }


def _here(request: HttpRequest) -> str:
    path = request.get_full_path()
    return "/" if find_personal_numbers(unquote(path)) else path
