"""Release, review, take-down: each a button that does one thing, for those who may press it."""

import pytest
from django.test import Client
from tests.desk.reading import text_of
from tests.kept import building, lent
from tests.portal.senders import MILL, MILL_NAME, SHOP, SHOP_NAME, licence, organisation, penalty
from tests.world import NOW, PASSWORD, SCHOOLS, SYSTEM, World, table

from xinheng.audit.models import AuditEvent
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC
from xinheng.effects.models import Takedown
from xinheng.effects.queries import published_list
from xinheng.intake.actions import reviewing
from xinheng.people.actions import create_officer
from xinheng.people.models import Role
from xinheng.register.models import Gate, Organisation, Record, Review
from xinheng.register.references import record_ref

PLACEHOLDER = {"行政相对人代码_1(统一社会信用代码)": "00000000000000000X", "行政相对人类别": "个体工商户"}
NAMELESS = licence(3, "", "云屿县浮光食杂有限公司") | PLACEHOLDER
"""A licence of somebody without a code of her own, under a name nobody registered."""


def public(type="penalty"):
    return [one.decision_no for one in published_list(PUBLIC, type=type, as_at=NOW.date()).rows]


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world):
        module_world.batch(table([organisation(SHOP, SHOP_NAME), organisation(MILL, MILL_NAME)]), "organisation")
    return module_world


@pytest.fixture
def world(kept: World, home: Home, db: None) -> World:
    return lent(kept, home)


@pytest.fixture
def registered(office):
    return office


@pytest.fixture
def schools_reviewer(registered):
    return create_officer(
        username="qin.wan", display_name="秦晚", department=registered.department(SCHOOLS.code), password=PASSWORD,
        roles=[Role.COLLECTOR, Role.REVIEWER], by=SYSTEM, now=NOW,
    )  # fmt: skip


def test_a_held_batch_shows_what_would_go_out_and_is_released(registered, at_desk, schools_reviewer):
    batch = registered.batch(table([penalty(5)]), "penalty", department=SCHOOLS.code)
    assert public() == []
    client = at_desk("qin.wan")
    assert "待放行的批次" in text_of(client, "/desk/")
    assert f"/desk/batches/{batch.number}" in text_of(client, "/desk/batches?show=held")
    page = text_of(client, f"/desk/batches/{batch.number}")
    assert "将要公示的记录" in page
    assert "云市监罚〔2026〕5号" in page
    told = client.post(f"/desk/batches/{batch.number}/release", follow=True).content.decode()
    assert "1 条开始公示" in told
    assert public() == ["云市监罚〔2026〕5号"]


def test_a_batch_is_released_once(registered, at_desk, schools_reviewer):
    batch = registered.batch(table([penalty(5)]), "penalty", department=SCHOOLS.code)
    client = at_desk("qin.wan")
    client.post(f"/desk/batches/{batch.number}/release")
    assert client.post(f"/desk/batches/{batch.number}/release").status_code == 409


def test_a_reviewer_does_not_release_another_departments_batch(registered, at_desk):
    batch = registered.batch(table([penalty(5)]), "penalty", department=SCHOOLS.code)
    assert at_desk("he.shuo").post(f"/desk/batches/{batch.number}/release").status_code == 404
    assert public() == []


def test_an_unlinked_record_is_linked_and_published_in_one_go(registered, at_desk):
    registered.batch(table([NAMELESS]), "licence")
    question = Review.objects.get(kind="link")
    assert public("licence") == []
    client = at_desk("lin.xinyu")
    page = text_of(client, f"/desk/reviews/{question.pk}?q=浮光")
    shop = Organisation.objects.get(credit_code=SHOP)
    assert f'value="{shop.pk}"' in page
    response = client.post(f"/desk/reviews/{question.pk}", {"answer": str(shop.pk)}, follow=True)
    assert "1 条开始公示" in response.content.decode()
    assert public("licence") == ["云市监许〔2026〕3号"]


def test_a_link_taken_back_leaves_the_public_doors_at_once(registered, at_desk):
    registered.batch(table([NAMELESS]), "licence")
    question = Review.objects.get(kind="link")
    client = at_desk("lin.xinyu")
    shop = Organisation.objects.get(credit_code=SHOP)
    client.post(f"/desk/reviews/{question.pk}", {"answer": str(shop.pk)})
    client.post(f"/desk/reviews/{question.pk}", {"answer": "undo", "note": "看错了"})
    assert public("licence") == []
    assert Review.objects.filter(kind="link", closed_at=None).count() == 1


def test_a_class_that_does_not_follow_is_decided_by_an_officer(registered, at_desk):
    registered.batch(
        table([penalty(6, 处罚类别="其他-责令学习", 处罚决定日期="2026/11/18", **{"罚款金额(万元)": ""})]), "penalty"
    )
    question = Review.objects.get(kind="severity")
    client = at_desk("lin.xinyu")
    assert "失信等级待确定" in text_of(client, f"/desk/reviews/{question.pk}")
    client.post(f"/desk/reviews/{question.pk}", {"answer": "一般", "note": "按分类标准"})
    question.refresh_from_db()
    assert question.closed_by.username == "lin.xinyu"
    assert public() == ["云市监罚〔2026〕6号"]


def test_what_was_withdrawn_and_sent_again_can_be_kept_out_with_a_reason(registered, at_desk):
    registered.batch(table([penalty(1)]), "penalty")
    registered.batch(table([penalty(1, 数据操作="撤回", 撤回原因="误报")]), "penalty")
    registered.batch(table([penalty(1, 备注="再报")]), "penalty")
    question = Review.objects.get(kind="returned", closed_at=None)
    client = at_desk("lin.xinyu")
    assert client.post(f"/desk/reviews/{question.pk}", {"answer": "keep_out"}).status_code == 400
    client.post(f"/desk/reviews/{question.pk}", {"answer": "keep_out", "note": "撤回有据"})
    question.refresh_from_db()
    assert question.outcome == "kept_out"
    assert public() == []


def test_what_was_withdrawn_and_sent_again_can_count_after_all(registered, at_desk):
    registered.batch(table([penalty(1)]), "penalty")
    registered.batch(table([penalty(1, 数据操作="撤回", 撤回原因="误报")]), "penalty")
    registered.batch(table([penalty(1, 备注="再报")]), "penalty")
    question = Review.objects.get(kind="returned", closed_at=None)
    reviewing.accept_returned(review=question.pk, by=registered.officer("lin.xinyu"), now=NOW)
    assert Record.objects.get(type="penalty", known_to=None).gate == Gate.OPEN
    assert public() == ["云市监罚〔2026〕1号"]


def test_a_collector_reads_reviews_of_nobody_and_decides_none(registered, at_desk):
    registered.batch(table([penalty(6, 处罚类别="其他-责令学习", **{"罚款金额(万元)": ""})]), "penalty")
    question = Review.objects.get(kind="severity")
    response = at_desk("he.shuo").post(f"/desk/reviews/{question.pk}", {"answer": "一般"})
    assert response.status_code == 400
    assert "没有“处理待审事项" in response.content.decode()
    assert at_desk("gu.anlan").get(f"/desk/reviews/{question.pk}").status_code == 403


def test_a_takedown_needs_two_persons_and_so_does_its_end(registered, at_desk):
    registered.batch(table([penalty(1)]), "penalty")
    ref = record_ref(Record.objects.get(type="penalty").record_no)
    lin, zhou = at_desk("lin.xinyu"), at_desk("zhou.ming")
    for client in (lin, zhou):
        client.post("/desk/purpose", {"purpose": "case", "note": "核对公示内容"})
    lin.post(f"/desk/records/{ref}/takedown", {"reason": "当事人名称有误"})
    takedown = Takedown.objects.get()
    assert public() == ["云市监罚〔2026〕1号"]
    assert lin.post(f"/desk/takedowns/{takedown.pk}", {"step": "confirm"}).status_code == 400
    assert "确认紧急撤下" not in text_of(lin, f"/desk/records/{ref}")
    assert "待第二人确认" in text_of(zhou, "/desk/")
    zhou.post(f"/desk/takedowns/{takedown.pk}", {"step": "confirm"})
    assert public() == []
    assert "已撤下" in text_of(zhou, f"/desk/records/{ref}")
    zhou.post(f"/desk/takedowns/{takedown.pk}", {"step": "lift", "reason": "名称已核实"})
    assert zhou.post(f"/desk/takedowns/{takedown.pk}", {"step": "confirm_lift"}).status_code == 400
    lin.post(f"/desk/takedowns/{takedown.pk}", {"step": "confirm_lift", "back": "list"})
    assert public() == ["云市监罚〔2026〕1号"]


def test_a_reviewer_may_ask_for_a_takedown_but_not_confirm_it(registered, at_desk):
    registered.batch(table([penalty(1)]), "penalty")
    ref = record_ref(Record.objects.get(type="penalty").record_no)
    client = at_desk("he.shuo")
    client.post(f"/desk/records/{ref}/takedown", {"reason": "名称有误"})
    assert client.post(f"/desk/takedowns/{Takedown.objects.get().pk}", {"step": "confirm"}).status_code == 403


def test_records_are_read_with_a_purpose_and_every_reading_is_logged(registered, at_desk):
    registered.batch(table([penalty(1)]), "penalty")
    ref = record_ref(Record.objects.get(type="penalty").record_no)
    client = at_desk("lin.xinyu")
    assert client.get(f"/desk/records/{ref}")["Location"].startswith("/desk/purpose?next=")
    back = client.post("/desk/purpose", {"purpose": "case", "note": "核对异议第12号", "next": f"/desk/records/{ref}"})
    assert back["Location"] == f"/desk/records/{ref}"
    text_of(client, f"/desk/records/{ref}")
    event = AuditEvent.objects.get(act="desk.read")
    assert (event.purpose, event.actor_name) == ("[case] 核对异议第12号", "林信予")


def test_a_post_without_the_forms_token_does_nothing(registered):
    batch = registered.batch(table([penalty(5)]), "penalty", department=SCHOOLS.code)
    client = Client(enforce_csrf_checks=True)
    client.force_login(registered.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/desk/batches/{batch.number}/release").status_code == 403
    assert public() == []
