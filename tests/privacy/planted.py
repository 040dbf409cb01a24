"""A county in which persons are planted wherever a department, a company or an officer could write one."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from tests.intake.intake_rows import MILL, MILL_NAME, SHOP, SHOP_NAME, organisation, penalty
from tests.people.test_organisation_users import join, word_for
from tests.portal.senders import licence
from tests.proceedings.cases import PDF
from tests.proceedings.listing_cases import LABOUR, Listing, add_departments
from tests.world import MARKET, NOW, OFFICE, PASSWORD, SYSTEM, World, table

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.identifiers import citizen_number
from xinheng.checks.actions.files import answer_file, receive_codes
from xinheng.checks.asking import Asker, errand
from xinheng.effects.actions import end_effects, propose_takedown
from xinheng.effects.models import Effect, EndReason, Recipient, Retraction, Takedown
from xinheng.intake.actions.delivering import Sender, receive
from xinheng.ledger.models import Channel
from xinheng.people import actions as people
from xinheng.people.models import Message, Role, User
from xinheng.proceedings.actions import Application, Upload, open_case
from xinheng.proceedings.determined import NamedPerson
from xinheng.proceedings.models import Attachment, CaseChannel
from xinheng.register.models import Record, Review
from xinheng.register.references import record_ref

NAME, REPRESENTATIVE = "欧阳翡翠", "诸葛珊瑚"
NUMBER, REPRESENTATIVE_NUMBER = citizen_number.complete("990001900301001"), citizen_number.complete("990001900302002")
NUMBERS = (NUMBER, REPRESENTATIVE_NUMBER)
PLANTED = (NAME, REPRESENTATIVE, *NUMBERS)
"""Of `NAME` the county holds a penalty and a licence; `REPRESENTATIVE` stands in the columns of the shop."""
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Plant:
    """The county, browsers of those who may come, and what stands in addresses (`{shop}`, `{ref}` …)."""

    world: World
    secret: str
    places: dict[str, Any] = field(default_factory=dict)

    def browser(self, who: str) -> Client:
        """Somebody from the public, a user of the shop, or an officer by her login."""
        client = Client()
        if who == "shop":
            client.post("/centre/login", {"username": "shop.a", "password": PASSWORD})
        elif who != "public":
            client.force_login(self.world.officer(who), backend=MODEL_BACKEND)
            client.post("/desk/purpose", {"purpose": "case", "note": "核对第 1 号批次"})
        return client


def plant(world: World) -> Plant:
    """Everything that can be sent, written or opened in this county, with the persons in it."""
    _officers(world)
    places = {"shop": SHOP, "mill": MILL, "shop_name": SHOP_NAME, "number": NUMBER, "name": NAME}
    places |= _files(world)
    client, secret = people.create_api_client(
        name="办件系统", department=world.department(MARKET.code), scopes=("read", "submit"), by=SYSTEM, now=NOW
    )
    found = Plant(world, secret, places | {"client": client.pk})
    _read_and_end(found)
    _people(found)
    _case(found)
    _named(found)
    _asked_about(found)
    return found


def _officers(world: World) -> None:
    people.create_officer(
        username="shen.ji", display_name="沈稽", department=world.department(OFFICE.code), password=PASSWORD,
        roles=[Role.AUDITOR], by=SYSTEM, now=NOW,
    )  # fmt: skip
    User.objects.update(must_change_password=False)


def of_person(row: dict[str, str], **more: str) -> dict[str, str]:
    return row | {
        "行政相对人名称": NAME, "行政相对人类别": "自然人", "行政相对人代码_1(统一社会信用代码)": "",
        "法定代表人": "", "证件类型": "身份证", "证件号码": NUMBER,
    } | more  # fmt: skip


def _files(world: World) -> dict[str, Any]:
    world.batch(
        table([
            organisation(法定代表人=REPRESENTATIVE, 曾用名=f"原{REPRESENTATIVE_NUMBER}铺"),
            organisation(MILL, MILL_NAME, 法定代表人=REPRESENTATIVE, 曾用名=""),
            organisation(NUMBER, f"{NUMBER}商行", 法定代表人=NAME, 曾用名=""),
        ]),
        "organisation", name=f"登记{NUMBER}.csv",
    )  # fmt: skip
    of_shop = penalty(
        "甲", 法定代表人=REPRESENTATIVE, 备注=REPRESENTATIVE_NUMBER,
        违法事实=f"法定代表人{REPRESENTATIVE}（{REPRESENTATIVE_NUMBER}）承认",
    ) | {"法定代表人证件类型": "身份证", "法定代表人证件号码": REPRESENTATIVE_NUMBER}  # fmt: skip
    rows = [
        of_shop,
        penalty("丁", MILL, MILL_NAME, 法定代表人=REPRESENTATIVE),
        of_person(penalty("乙"), 违法事实=f"{NAME}（{NUMBER}）摆摊"),
        of_person(penalty("丙"), 处罚内容=""),
        penalty("戊", NUMBER),
        penalty(NUMBER),
    ]
    columns = dict.fromkeys(name for row in rows for name in row)
    batch = world.batch(
        table([{name: row.get(name, "") for name in columns} for row in rows]), "penalty", name=f"处罚{NUMBER}.csv"
    )
    columns = dict.fromkeys([*licence(1), "证件类型", "证件号码"])
    licences = [licence(1), of_person(licence(2))]
    world.batch(table([{name: row.get(name, "") for name in columns} for row in licences]), "licence")
    penalties = Record.objects.filter(type="penalty", known_to=None)
    shop, mill = (penalties.get(decision_no__contains=sign) for sign in "甲丁")
    path = world.home.tmp / "waiting.csv"
    path.write_text(table([of_person(penalty("己"))]).replace("行政处罚决定书文号", "号"), encoding="utf-8")
    sender = Sender(world.department(MARKET.code), Channel.DESK, SYSTEM)
    (waiting,) = receive(path=path, file_name=f"待定{NUMBER}.csv", type="penalty", sender=sender, now=NOW)
    for sent in (path, *world.home.tmp.glob("sent-*")):
        sent.unlink()
    return {
        "batch": batch.number,
        "delivery": waiting.pk,
        "ref": record_ref(shop.record_no),
        "record_no": shop.record_no,
        "mill_ref": record_ref(mill.record_no),
        "mill_record": mill.pk,
    }


def _asked_about(found: Plant) -> None:
    """A clerk's file of codes with a person's number among them and in its name, answered."""
    clerk, market = found.world.officer("he.shuo"), found.world.department(MARKET.code)
    asker = Asker(Actor.of(clerk), market.region_id, found.world.region.code, market.pk, market.code, market.name)
    about = errand(asker=asker, item="SP-XK-01", case_no="1", purpose="service", pack="demo")
    path = found.world.home.tmp / "codes.csv"
    path.write_text(f"代码\n{found.places['shop']}\n{NUMBER}\n", encoding="utf-8")
    sent = receive_codes(about=about, path=path, file_name=f"名单{NUMBER}.csv", home=found.world.home, now=NOW)
    path.unlink()
    answer_file(file=sent, about=about, pack="demo", home=found.world.home, now=NOW)
    found.places |= {"check_file": sent.pk}


def _read_and_end(found: Plant) -> None:
    """A program and a recipient on paper were given the mill's penalty, which then ended early."""
    mill, bearer = found.places["mill"], {"Authorization": f"Bearer {found.secret}"}
    Client().get(f"/api/v1/organisations/{mill}/records", headers=bearer)
    desk = found.browser("lin.xinyu")
    desk.post("/desk/handovers/give", {"type": "penalty", "name": "云屿县公共资源交易中心"})
    desk.post("/desk/reports", {"code": found.places["shop"], "kind": "plain", "purpose": "招标投标"})
    ending = Effect.objects.filter(record_id=found.places["mill_record"]).values_list("id", flat=True)
    end_effects(effect_ids=list(ending), reason=EndReason.REPAIRED, why="修复", by=SYSTEM, now=NOW, today=today(NOW))
    listed = Client().get("/api/v1/retractions", headers=bearer).json()["retractions"]
    found.places |= {
        "retraction": Retraction.objects.latest("pk").pk,
        "asked": listed[0]["id"],
        "recipient": Recipient.objects.latest("pk").pk,
        "review": getattr(Review.objects.first(), "pk", 1),
    }


def _people(found: Plant) -> None:
    world = found.world
    member = join(world, "shop.a", word_for(world))
    people.give_consent(
        membership=member, purpose_code="funding", purpose="申请贴息", scope=["penalty"],
        recipient=world.department(OFFICE.code), until=NOW.date().replace(year=2027), now=NOW,
    )  # fmt: skip
    propose_takedown(
        record_no=found.places["record_no"], reason="疑似有误", by=world.officer("he.shuo"), now=NOW
    )  # fmt: skip
    found.places |= {"member": member.pk, "consent": 1, "takedown": Takedown.objects.get().pk}


def _case(found: Plant) -> None:
    """An objection whose words and attachment name persons, as applicants do."""
    world = found.world
    file = world.home.tmp / "evidence"
    file.write_bytes(PDF)
    stated = {"ground": "wrong", "statement": f"经办人{NAME}，罚款数额写错了"}
    application = Application(
        procedure="objection", record_no=found.places["record_no"], stated=stated, channel=CaseChannel.COUNTER,
        identified="核对了营业执照", entry=uuid.uuid4(), contact=f"{NAME} 0990-0001234",
        uploads=[Upload("evidence", f"证明{NUMBER}.pdf", file)],
    )  # fmt: skip
    opened = open_case(application=application, by=world.officer("lin.xinyu"), now=NOW)
    file.unlink()
    found.places |= {
        "case": opened.case.pk,
        "case_number": opened.case.number,
        "attachment": Attachment.objects.latest("pk").pk,
        "message": getattr(Message.objects.exclude(credit_code="").first(), "pk", 1),
        "desk_message": getattr(Message.objects.exclude(department=None).first(), "pk", 1),
    }


def _named(found: Plant) -> None:
    """A department put the person on a list whose law names her, by a determination of her own."""
    world = found.world
    add_departments(world)
    User.objects.update(must_change_password=False)
    labour = Listing(world, LABOUR)
    penalty = labour.fine("庚", wan="2")
    held = labour.listed(penalty, person=NamedPerson("法定代表人", NAME, NUMBER))
    for sent in (*world.home.tmp.glob("sent-*"), *world.home.tmp.glob("up-*")):
        sent.unlink()
    found.places |= {
        "heavy_ref": record_ref(penalty.record_no), "determination": held.pk, "named_case": held.case_id,
    }  # fmt: skip
