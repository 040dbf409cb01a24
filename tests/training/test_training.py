"""Training is offered, booked and attended, and changes nothing for anybody."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.centre.conftest import kept, log_in, world  # noqa: F401  the county with two organisations
from tests.people.test_organisation_users import SHOP
from tests.world import NOW, PASSWORD, World

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.people.models import Message, OrganisationMembership
from xinheng.proceedings.eligibility import eligibility_of
from xinheng.register.models import Record
from xinheng.training import actions as training
from xinheng.training.models import TrainingSeat, TrainingSession
from xinheng.training.queries import certificate, figures, session, sessions

pytestmark = pytest.mark.django_db
START = NOW + timedelta(days=3)
AFTER = START + timedelta(hours=3)


@pytest.fixture
def county(world: World):  # noqa: F811
    with time_machine.travel(NOW, tick=False):
        yield world


def announce(county: World, capacity: int = 3) -> TrainingSession:
    plan = training.Plan(
        "信用修复怎样办", "材料和期限", "政务服务中心二楼", START, START + timedelta(hours=2), capacity
    )
    return training.announce(plan=plan, by=county.officer("lin.xinyu"), now=NOW)


def membership(username: str = "shop.a") -> OrganisationMembership:
    return OrganisationMembership.objects.select_related("user", "region").get(user__username=username)


def book(held: TrainingSession, username: str = "shop.a", seats: int = 2) -> TrainingSeat:
    member = membership(username)
    return training.book(session=held.pk, membership=member, name="云屿县浮光食品有限公司", seats=seats, now=NOW)


def officer_in() -> Client:
    client = Client()
    client.post("/desk/login", {"username": "lin.xinyu", "password": PASSWORD})
    return client


def test_attendance_changes_nothing_about_repair(county):
    record_no = Record.objects.get(type="penalty", known_to=None).record_no
    later = date(2027, 3, 1)
    before = eligibility_of(record_no, on=NOW.date()), eligibility_of(record_no, on=later)
    training.note_attendance(seat=book(announce(county)).pk, by=county.officer("lin.xinyu"), now=AFTER)
    assert (eligibility_of(record_no, on=NOW.date()), eligibility_of(record_no, on=later)) == before
    assert not any(
        "培训" in word for one in before for word in (one.sentence, *one.conditions, *map(str, one.materials))
    )


def test_seats_run_out_and_come_back(county):
    held = announce(county, capacity=3)
    book(held, seats=2)
    with pytest.raises(Refused, match="只剩 1 个"):
        book(held, "mill.a", seats=2)
    training.give_up(session=held.pk, membership=membership(), now=NOW)
    book(held, "mill.a", seats=3)
    assert sessions(county.scope, now=NOW)[0].free == 0


def test_booked_twice_is_one_booking(county):
    held = announce(county)
    assert book(held) == book(held)


def test_a_certificate_is_numbered_made_once_and_names_no_person(county):
    seat = book(announce(county))
    noted = training.note_attendance(seat=seat.pk, by=county.officer("lin.xinyu"), now=AFTER)
    again = training.note_attendance(seat=seat.pk, by=county.officer("zhou.ming"), now=AFTER)
    assert noted.certificate_number == again.certificate_number == "信训证〔2026〕0001号"
    assert certificate(county.scope, seat.pk, credit_code=SHOP).content.startswith(b"%PDF")
    assert Message.objects.filter(credit_code=SHOP, title="培训参加证明").exists()
    with pytest.raises(NotFound):
        certificate(county.scope, seat.pk, credit_code=membership("mill.a").credit_code)


def test_nobody_came_before_it_began(county):
    seat = book(announce(county))
    with pytest.raises(Refused, match="还没有开始"):
        training.note_attendance(seat=seat.pk, by=county.officer("lin.xinyu"), now=NOW)


def test_whoever_booked_is_told_when_a_session_is_called_off(county):
    held = announce(county)
    book(held)
    training.cancel(session=held.pk, reason="场地检修", by=county.officer("lin.xinyu"), now=NOW)
    assert Message.objects.filter(credit_code=SHOP, text__contains="场地检修").exists()
    with pytest.raises(Conflict):
        book(held, "mill.a")


@pytest.mark.parametrize(
    "changed",
    [
        {"starts_at": NOW - timedelta(hours=1)},
        {"ends_at": START},
        {"capacity": 0},
        {"about": "联系人 11010519491231002X"},
    ],
)
def test_a_session_that_cannot_be_is_refused(county, changed):
    plan = {"title": "讲座", "about": "内容", "place": "二楼", "starts_at": START, "ends_at": AFTER, "capacity": 5}
    with pytest.raises(Refused):
        training.announce(plan=training.Plan(**(plan | changed)), by=county.officer("lin.xinyu"), now=NOW)  # type: ignore[arg-type]
    assert not TrainingSession.objects.exists()


def test_the_office_counts_who_came(county):
    held = announce(county)
    training.note_attendance(seat=book(held).pk, by=county.officer("lin.xinyu"), now=AFTER)
    counted = figures(county.scope, first=date(2026, 1, 1), last=date(2026, 12, 31))
    assert (counted.sessions, counted.booked, counted.attended, counted.organisations, counted.people) == (
        1,
        1,
        1,
        1,
        2,
    )


def test_the_pages_say_that_it_is_no_condition_and_lead_through_a_booking(county):
    held = announce(county)
    shop = log_in("shop.a")
    page = shop.get("/centre/training").content.decode()
    assert "参加与否不影响信用修复" in page
    assert "信用修复怎样办" in page
    assert shop.post(f"/centre/training/{held.pk}/book", {"seats": "2"}).status_code == 302
    assert shop.post(f"/centre/training/{held.pk}/book", {"seats": "many"}).status_code == 302
    desk = officer_in()
    assert "云屿县浮光食品有限公司" in desk.get(f"/desk/training/{held.pk}").content.decode()
    seat = TrainingSeat.objects.get()
    with time_machine.travel(AFTER, tick=False):
        desk = officer_in()
        assert desk.post(f"/desk/training/{held.pk}/seats/{seat.pk}").status_code == 302
        assert "信训证〔2026〕0001号" in desk.get(f"/desk/training/{held.pk}").content.decode()
        shop = log_in("shop.a")
        assert shop.get(f"/centre/training/certificates/{seat.pk}").status_code == 200
        assert log_in("mill.a").get(f"/centre/training/certificates/{seat.pk}").status_code == 404


def test_a_session_is_announced_and_a_file_put_up_at_the_desk(county):
    desk = officer_in()
    typed = {
        "title": "诚信经营讲座", "about": "<script>alert(1)</script>", "place": "二楼", "capacity": "20",
        "starts_at": f"{START.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}",
        "ends_at": f"{AFTER.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    assert desk.post("/desk/training", typed).status_code == 302
    (made, _) = session(county.scope, TrainingSession.objects.get().pk, now=NOW)
    assert made.starts_at == START
    disguised = {"title": "讲义", "file": SimpleUploadedFile("讲义.pdf", b"MZ\x90\x00")}
    assert "不是可以接收的格式" in desk.post("/desk/training/materials", disguised).content.decode()
    good = {"title": "讲义", "file": SimpleUploadedFile("讲义.pdf", b"%PDF-1.7\n%%EOF\n")}
    assert desk.post("/desk/training/materials", good).status_code == 302
    page = log_in("shop.a").get("/centre/training").content.decode()
    assert "讲义" in page
    assert "<script>alert" not in page


def test_officers_without_the_task_and_other_counties_find_nothing(county):
    held = announce(county)
    client = Client()
    client.post("/desk/login", {"username": "he.shuo", "password": PASSWORD})
    assert client.get("/desk/training").status_code == 403
    assert client.post(f"/desk/training/{held.pk}/cancel", {"reason": "x"}).status_code == 403
    with pytest.raises(NotFound):
        training.note_attendance(seat=999, by=county.officer("lin.xinyu"), now=AFTER)
