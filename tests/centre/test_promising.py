"""An organisation reads a letter, signs it, takes a copy, and answers when it is said not to have kept it."""

import re

import pytest
from django.test import Client
from tests.centre.conftest import log_in
from tests.commitments.promising import TYPED
from tests.intake.intake_rows import SHOP, SHOP_NAME

from xinheng.commitments.models import Commitment

pytestmark = pytest.mark.django_db
ITEM = "/centre/commitments/new/food-licence"


def form(item: str = "food-licence", **facts: str) -> dict[str, str]:
    return {f"letter-{name}": value for name, value in (TYPED[item] | facts).items()}


def shown(client: Client, item: str = "food-licence", **facts: str) -> dict[str, str]:
    """The form with the letter's digest, as the page that shows it asks for."""
    page = client.post(f"/centre/commitments/new/{item}", form(item, **facts) | {"step": "show"}).content.decode()
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    entry = re.search(r'name="entry" value="([0-9a-f-]{36})"', page)
    assert found is not None, page[:3000]
    assert entry is not None
    return form(item, **facts) | {"shown": found[1], "entry": entry[1], "step": "sign", "letter-signed_by": SHOP_NAME}


def sign(client: Client, item: str = "food-licence") -> Commitment:
    response = client.post(f"/centre/commitments/new/{item}", shown(client, item))
    assert response.status_code == 302, response.content.decode()[:3000]
    return Commitment.objects.get()


def test_a_letter_is_read_before_it_is_signed_and_public_after(shop):
    assert "食品经营许可（告知承诺）" in shop.get("/centre/commitments").content.decode()
    assert "违诺责任" in shop.get(ITEM).content.decode()
    page = shop.post(ITEM, form() | {"step": "show"}).content.decode()
    assert "我单位申请食品经营许可" in page
    assert "签署承诺书" in page
    assert not Commitment.objects.exists()
    made = sign(shop)
    assert made.number in shop.get("/centre/commitments").content.decode()
    public = Client().get(f"/organisations/{SHOP}").content.decode()
    assert "申请食品经营许可（告知承诺）" in public
    assert "信用承诺" in shop.get("/centre/").content.decode()


def test_the_copy_is_a_pdf_with_the_digest(shop):
    made = sign(shop)
    answer = shop.get(f"/centre/commitments/{made.pk}/letter.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert made.sha256 in shop.get(f"/centre/commitments/{made.pk}").content.decode()


def test_what_was_typed_stays_when_something_is_wrong(shop):
    answer = shop.post(ITEM, form(met="") | {"step": "show"})
    assert answer.status_code == 400
    assert "请填写“已经符合的条件”" in answer.content.decode()
    assert "望灯大道7号" in answer.content.decode()


def test_a_letter_that_was_changed_after_it_was_shown_is_not_signed(shop):
    sent = shown(shop) | {"letter-met": "别的内容"}
    answer = shop.post(ITEM, sent)
    assert answer.status_code == 400
    assert "请重新阅读" in answer.content.decode()
    assert not Commitment.objects.exists()


def test_another_name_does_not_sign(shop):
    answer = shop.post(ITEM, shown(shop) | {"letter-signed_by": "别家公司"})
    assert "承诺单位应与登记的名称一致" in answer.content.decode()


def test_a_voluntary_one_is_taken_back_and_gone(shop):
    made = sign(shop, "honest-price")
    assert "撤回承诺" in shop.get(f"/centre/commitments/{made.pk}").content.decode()
    shop.post(f"/centre/commitments/{made.pk}/withdraw", {"why": "不再经营"})
    assert "承诺单位撤回" in shop.get("/centre/commitments").content.decode()
    assert "主动作出信用承诺" not in Client().get(f"/organisations/{SHOP}").content.decode()


def test_what_a_licence_rests_on_shows_no_way_back_and_has_none(shop):
    made = sign(shop)
    assert "撤回承诺" not in shop.get(f"/centre/commitments/{made.pk}").content.decode()
    shop.post(f"/centre/commitments/{made.pk}/withdraw", {"why": "算了"})
    assert Commitment.objects.get().ended_at is None


def test_another_organisation_finds_nothing_of_it(shop, county):
    made, mill = sign(shop), log_in("mill.a")
    for address in (f"/centre/commitments/{made.pk}", f"/centre/commitments/{made.pk}/letter.pdf"):
        assert mill.get(address).status_code == 404
    assert mill.post(f"/centre/commitments/{made.pk}/withdraw", {"why": "停业"}).status_code == 404
    assert shop.get("/centre/commitments/new/secrets").status_code == 404


def test_a_script_in_a_fact_is_shown_as_text(shop):
    page = shop.post(ITEM, form(met="<script>alert(1)</script>") | {"step": "show"}).content.decode()
    assert "<script>alert" not in page
