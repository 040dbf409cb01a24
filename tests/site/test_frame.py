"""The frame of every page: display switches without a script, headers, and pages for what goes wrong."""

import re
from http import HTTPStatus
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import path

from xinheng.base.errors import Conflict, NotFound, Refused, TryLater
from xinheng.site import errors
from xinheng.site.styleguide import sample
from xinheng.site.urls import urlpatterns as site_urls

TEMPLATES = Path(errors.__file__).parent / "templates"


def _raise(error: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


def _styles(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_template("styleguide.html").render(sample(), request))


urlpatterns = [
    *[one for one in site_urls if getattr(one, "name", "") in {"display", "styleguide"}],
    path("styles", _styles),
    path("unknown", _raise(NotFound("没有这个单位。", "请从查询页重新进入。"))),
    path("refused", _raise(Refused("不能公示。", "请先补全日期。"))),
    path("stale", _raise(Conflict("别人先办了。"))),
    path("later", _raise(TryLater("正在忙。"))),
    path("offline", _raise(OperationalError("connection refused"))),
    path("broken", _raise(ZeroDivisionError())),
    path("forbidden", _raise(PermissionDenied())),
    path("suspicious", _raise(SuspiciousOperation())),
]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error


@pytest.fixture
def pages(client, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/nothing-here", HTTPStatus.NOT_FOUND, "没有找到这一页"),
        ("/unknown", HTTPStatus.NOT_FOUND, "没有这个单位。"),
        ("/refused", HTTPStatus.BAD_REQUEST, "请先补全日期。"),
        ("/stale", HTTPStatus.CONFLICT, "别人先办了。"),
        ("/later", HTTPStatus.SERVICE_UNAVAILABLE, "正在忙。"),
        ("/offline", HTTPStatus.SERVICE_UNAVAILABLE, "数据库暂时没有应答"),
        ("/broken", HTTPStatus.INTERNAL_SERVER_ERROR, "系统没能完成这次操作"),
        ("/forbidden", HTTPStatus.FORBIDDEN, "您的角色不能打开这一页"),
        ("/suspicious", HTTPStatus.BAD_REQUEST, "没有读懂这次请求"),
    ],
)
def test_what_goes_wrong_has_a_designed_page(pages, address, status, sentence):
    response = pages.get(address)
    assert response.status_code == status
    page = response.content.decode()
    assert sentence in page
    assert "演示数据，均为虚构" in page


def test_an_offline_database_asks_to_come_back(pages):
    assert pages.get("/offline")["Retry-After"] == "30"


def test_pressing_large_text_sets_a_cookie_and_goes_back(pages):
    response = pages.post("/display", {"large_text": "1", "next": "/styles"})
    assert response["Location"] == "/styles"
    assert 'class="large-text"' in pages.get("/styles").content.decode()


def test_both_switches_can_be_on_and_off_again(pages):
    pages.post("/display", {"large_text": "1"})
    pages.post("/display", {"high_contrast": "1"})
    assert 'class="large-text high-contrast"' in pages.get("/styles").content.decode()
    pages.post("/display", {"large_text": "0"})
    assert 'class="high-contrast"' in pages.get("/styles").content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"])
def test_the_switch_never_leads_to_another_site(pages, back):
    assert pages.post("/display", {"large_text": "1", "next": back})["Location"] == "/"


def test_every_page_forbids_inline_scripts_and_other_hosts(pages):
    policy = pages.get("/styles")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_pages_are_never_kept_by_shared_caches(pages):
    assert pages.get("/styles")["Cache-Control"] == "private, no-cache"


def test_no_template_carries_inline_script_style_or_handlers():
    folders = [TEMPLATES, *(Path(errors.__file__).parents[1]).glob("*/templates")]
    for folder in folders:
        for file in folder.rglob("*.html"):
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), file


def test_no_template_asks_another_host_for_anything():
    for folder in (Path(errors.__file__).parents[1]).glob("*/templates"):
        for file in folder.rglob("*.html"):
            assert not re.search(r"(src|href)=[\"']https?://", file.read_text(encoding="utf-8")), file


def test_the_style_page_shows_every_component(pages):
    shown = pages.get("/styles").templates
    names = {template.name for template in shown}
    components = {f"components/{file.name}" for file in (TEMPLATES / "components").glob("*.html")}
    elsewhere = {"components/record_card.html", "components/messages.html"}
    assert components - elsewhere <= names


def test_the_style_page_asks_for_a_login(pages):
    assert pages.get("/desk/styleguide")["Location"].startswith(settings.LOGIN_URL)
