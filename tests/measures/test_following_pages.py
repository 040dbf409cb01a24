"""The pages on what follows from entries: at the desk, and in the organisation's centre."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from tests.kept import building, lent
from tests.measures.engine_world import MILL, MILL_NAME, NOW, SHOP, SHOP_NAME, TODAY, Engine, build, entry
from tests.measures.test_graduated_supervision import abnormal, deliver
from tests.people.test_organisation_users import join, word_for
from tests.world import World

from xinheng.base.home import Home
from xinheng.measures.models import Feedback, MeasureTask, Treatment
from xinheng.measures.queries import governed, task_figures
from xinheng.people.models import OrganisationUser

pytestmark = pytest.mark.django_db
OFFICER = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(scope="module")
def kept(module_world: World) -> Engine:
    with building(module_world) as world:
        county = build(world)
        join(world, "shop.a", word_for(world))
        county.deliver(entry())
        county.run()
        return county


@pytest.fixture
def county(kept: Engine, home: Home, db: None) -> Iterator[Engine]:
    with time_machine.travel(NOW, tick=False):
        yield replace(kept, world=lent(kept.world, home))


def desk(county: Engine, name: str) -> Client:
    client = Client()
    client.force_login(county.world.officer(name), OFFICER)
    return client


def test_the_clerk_reads_the_notice_and_notes_its_service(county: Engine) -> None:
    office, number = desk(county, "lin.xinyu"), county.notice().pk
    assert SHOP_NAME in office.get("/desk/measure-notices").content.decode()
    page = office.get(f"/desk/measure-notices/{number}").content.decode()
    assert "不适用告知承诺、容缺受理" in page
    assert "送达的次日起执行" in page
    form = {"method": "mail", "served_on": TODAY.isoformat(), "evidence": "邮件单号 990001"}
    page = office.post(f"/desk/measure-notices/{number}/serve", form, follow=True).content.decode()
    assert "已登记送达" in page
    assert "待执行" in page
    why = office.get(f"/desk/measures/{county.effects('restraint')[0].pk}/why").content.decode()
    assert "邮件单号 990001" in why
    assert "云市监列〔2026〕3号" in why


def test_the_notice_is_a_document(county: Engine) -> None:
    answer = desk(county, "lin.xinyu").get(f"/desk/measure-notices/{county.notice().pk}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_the_department_signs_carries_out_and_feeds_back(county: Engine) -> None:
    county.serve()
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        _sign_carry_out_and_feed_back(county, TODAY + timedelta(days=1))


def _sign_carry_out_and_feed_back(county: Engine, day: date) -> None:
    market, task = desk(county, "he.shuo"), county.task()
    assert SHOP_NAME in market.get("/desk/measure-tasks").content.decode()
    address = f"/desk/measure-tasks/{task.pk}"
    assert "已签收" in market.post(f"{address}/accept", follow=True).content.decode()
    form = {"done_on": day.isoformat(), "item": "年度抽查", "amount": "一千二"}
    page = market.post(f"{address}/feedback", form).content.decode()
    assert "年度抽查" in page
    assert not Feedback.objects.exists()
    form = {"done_on": day.isoformat(), "item": "年度抽查", "amount": "1200.50", "document_no": "云市监抽1号"}
    assert "年度抽查" in market.post(f"{address}/feedback", form, follow=True).content.decode()
    assert Feedback.objects.get().amount_fen == 120_050
    assert "年度抽查" in market.get(address).content.decode()
    figures = desk(county, "lin.xinyu").get("/desk/measure-figures").content.decode()
    assert "1,200.50" in figures
    (first, *_) = task_figures(county.world.scope, by="department", as_at=day)
    assert first.tasks + MeasureTask.objects.count() > first.executed >= 0


def test_a_department_sees_its_own_tasks_only(county: Engine) -> None:
    county.serve()
    other = MeasureTask.objects.exclude(department=county.market.department)[0]
    assert desk(county, "he.shuo").get(f"/desk/measure-tasks/{other.pk}").status_code == 404


def test_the_office_notes_what_it_found_and_the_share_follows(county: Engine) -> None:
    office = desk(county, "lin.xinyu")
    assert SHOP_NAME in office.get("/desk/listed?untreated=1").content.decode()
    before = governed(county.world.scope, as_at=TODAY)
    assert (before.operating_listed, before.operating, str(before.share)) == (1, 2, "50.00")
    (subject,) = before.subjects
    form = {"situation": "lost", "treatment": "移送登记机关核查住所"}
    assert "移送登记机关核查住所" in office.post(
        f"/desk/listed/{subject.subject_no}", form, follow=True
    ).content.decode()  # fmt: skip
    after = governed(county.world.scope, as_at=TODAY)
    assert (after.operating_listed, after.untreated, str(after.share)) == (0, 0, "0.00")
    assert Treatment.objects.get().noted_by.username == "lin.xinyu"


def test_an_entry_of_abnormal_operation_is_not_counted_as_serious_dishonesty(county: Engine) -> None:
    deliver(county, abnormal(主体名称=MILL_NAME, 统一社会信用代码=MILL))
    assert {one.credit_code for one in governed(county.world.scope, as_at=TODAY).subjects} == {SHOP}


def centre() -> Client:
    client = Client()
    user = OrganisationUser.objects.get(username="shop.a")
    client.post("/centre/login", {"username": "shop.a", "password": "云屿-海风-4721"})
    assert user.is_active
    return client


def test_the_organisation_reads_its_notice_and_agrees_to_be_served_there(county: Engine) -> None:
    shop = centre()
    page = shop.get("/centre/measures").content.decode()
    assert "还没有送达" in page
    assert "提出异议" in page
    assert "信惩告〔2026〕0001号" in shop.get(f"/centre/measures/{county.notice().pk}").content.decode()
    page = shop.post("/centre/measures/electronic", {"answer": "agree"}, follow=True).content.decode()
    assert "电子送达（单位已同意）" in page
    assert "待执行" in page
    assert {one.starts for one in county.effects("restraint", SHOP)} == {TODAY + timedelta(days=1)}
    page = shop.post("/centre/measures/electronic", {"answer": "withdraw"}, follow=True).content.decode()
    assert "已撤回同意" in page
