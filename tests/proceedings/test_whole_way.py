"""The whole way through the doors: upload, publication, objection, mark, upheld, gone from every door."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.centre.conftest import log_in
from tests.people.test_organisation_users import join, word_for
from tests.portal.senders import SHOP, organisation, penalty
from tests.world import MARKET, NOW, SYSTEM, World, table

from xinheng.intake.actions.processing import process
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.proceedings.models import Case, CaseEvent
from xinheng.register.models import Record
from xinheng.register.references import record_ref

pytestmark = pytest.mark.django_db
NUMBER = "云市监罚〔2026〕7号"
MARK = "异议处理中"


def officer(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.officer(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(world: World, content: str, type: str) -> None:
    """A file through the upload page, and the background work on it."""
    sent = {"type": type, "department": str(world.department(MARKET.code).pk),
            "file": SimpleUploadedFile("数据.csv", content.encode())}  # fmt: skip
    assert officer(world, "he.shuo").post("/desk/upload", sent).status_code == 302
    delivery = Delivery.objects.get(state=DeliveryState.WAITING)
    process(delivery_id=delivery.pk, by=SYSTEM, clock=lambda: NOW)


def doors(ref: str) -> dict[str, str]:
    """Every public door on which a record can stand, and what it answers."""
    addresses = (
        f"/organisations/{SHOP}", "/publicity/penalty", f"/search?q={NUMBER}", f"/records/{ref}/why", "/",
        f"/api/v1/organisations/{SHOP}/records", f"/api/v1/records/{ref}",
    )  # fmt: skip
    return {one: Client().get(one).content.decode() for one in addresses}


def step(client: Client, case: Case, event: str, **typed: str) -> None:
    seen = CaseEvent.objects.filter(case=case).latest("pk").pk
    stated = {f"{event}-{key}": value for key, value in typed.items()}
    response = client.post(f"/desk/cases/{case.pk}/steps/{event}", {"seen": str(seen)} | stated)
    assert response.status_code == 302, response.content.decode()[:3000]


def test_from_the_upload_to_gone_everywhere(world: World) -> None:
    with time_machine.travel(NOW, tick=False):
        upload(world, table([organisation(SHOP, "云屿县浮光食品有限公司")]), "organisation")
        upload(world, table([penalty(7)]), "penalty")
        ref = record_ref(Record.objects.get(type="penalty").record_no)
        shown = doors(ref)
        standing = [address for address, answer in shown.items() if NUMBER in answer]
        assert {f"/organisations/{SHOP}", "/publicity/penalty", f"/records/{ref}/why"} <= set(standing)
        assert not any(MARK in answer for answer in shown.values())

        join(world, "shop.a", word_for(world))
        shop = log_in("shop.a")
        typed = {"open-ground": "wrong", "open-statement": "罚款数额多写了一个零"}
        response = shop.post(f"/centre/cases/new/objection/{ref}", typed)
        assert response.status_code == 302, response.content.decode()[:2000]
        case = Case.objects.get()

        office, source = officer(world, "lin.xinyu"), officer(world, "he.shuo")
        step(office, case, "accept")
        marked = doors(ref)
        assert MARK in marked[f"/organisations/{SHOP}"]
        assert MARK in marked["/publicity/penalty"]
        assert all(NUMBER in marked[address] for address in standing)

        step(office, case, "forward")
        step(source, case, "answer", finding="wrong", answer="录入时多写了一个零")
        step(office, case, "uphold", remedy="withdraw", reason="录入有误")
        gone = doors(ref)
        assert [address for address, answer in gone.items() if re.search(r"云市监罚〔2026〕7号(?!”的查询)", answer)
                and not address.startswith("/search")] == []  # fmt: skip
        assert "未找到" in gone[f"/search?q={NUMBER}"] or "没有找到" in gone[f"/search?q={NUMBER}"]

        step(office, case, "correct")
        case.refresh_from_db()
        assert case.state == "corrected"
        own = shop.get(f"/centre/cases/{case.pk}").content.decode()
        assert "异议成立，已更正" in own
        assert "异议处理决定书" in own
        upload(world, table([penalty(7, 违法事实="现场检查时没有进货查验记录。")]), "penalty")
        assert NUMBER not in doors(ref)["/publicity/penalty"]
