"""What somebody without a login learns of cases: what a repair needs, and the progress of her own."""

import time_machine
from django.test import Client
from tests.proceedings.cases import CaseWorld, build
from tests.world import NOW

from xinheng.proceedings.models import ProgressTry
from xinheng.register.references import record_ref


def ask(client: Client, number: str, code: str, **more: str):
    return client.post("/cases", {"number": number, "code": code}, **more)


def counter(world) -> CaseWorld:
    return build(world)


def test_the_repair_page_says_from_when_one_may_apply(world):
    with time_machine.travel(NOW, tick=False):
        county = counter(world)
        page = Client().get(f"/repair?record={record_ref(county.record_no)}").content.decode()
    assert "自2027年2月18日起可以申请。" in page
    assert "登录企业中心，在线申请" not in page


def test_the_objection_page_leads_to_the_form_of_that_record(world):
    with time_machine.travel(NOW, tick=False):
        ref = record_ref(counter(world).record_no)
        page = Client().get(f"/objection?record={ref}").content.decode()
    assert f"/centre/cases/new/objection/{ref}" in page


def test_progress_is_read_with_number_and_word_and_names_no_officer(world):
    with time_machine.travel(NOW, tick=False):
        county = counter(world)
        opened = county.objection()
        county.step(opened.case, "accept")
        number = opened.case.number.replace("〔", "[").replace("〕", "]")
        page = ask(Client(), number, f" {opened.code[:5].lower()} {opened.code[5:]}").content.decode()
    assert "已受理" in page
    assert "异议受理通知书" in page
    assert "林信予" not in page
    assert "罚款数额写错了" not in page


def test_guessing_is_stopped_and_tells_nothing(world):
    with time_machine.travel(NOW, tick=False):
        opened = counter(world).objection()
        client = Client()
        wrong = [ask(client, opened.case.number, f"AAAAA{n}") for n in range(2, 7)]
        missing = ask(client, "信异〔2026〕9999号", "AAAAA2", REMOTE_ADDR="127.0.0.9")
        right = ask(client, opened.case.number, opened.code)
    told = {"案号或者查询码不对" in one.content.decode() for one in [*wrong, missing]}
    assert told == {True}
    assert {one.status_code for one in [*wrong, missing]} == {400}
    assert "次数太多" in right.content.decode()
    with time_machine.travel(NOW.replace(hour=11), tick=False):
        assert "已收到" in ask(client, opened.case.number, opened.code).content.decode()
    assert opened.code not in str(list(ProgressTry.objects.values()))


def test_walking_through_numbers_from_one_address_is_stopped(world):
    with time_machine.travel(NOW, tick=False):
        opened = counter(world).objection()
        client = Client()
        for number in range(20):
            ask(client, f"信异〔2026〕{number + 100:04d}号", "AAAAA2")
        assert "次数太多" in ask(client, opened.case.number, opened.code).content.decode()
        other = ask(client, opened.case.number, opened.code, REMOTE_ADDR="127.0.0.9")
    assert "已收到" in other.content.decode()
