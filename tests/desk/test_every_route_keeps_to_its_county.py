"""Every address that names something is tried with a thing of another county: nothing of it may answer.

A new route with a parameter fails here until it is told what it names: give it a line in `_things` with a thing of
the first county, or one in `NOBODYS` with the reason why it names nothing that belongs to a county.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.commitments.promising import Promising
from tests.declarations.declaring import Declaring
from tests.desk.second_county import SecondCounty, found_second_county
from tests.desk.test_cases import PDF, opened
from tests.kept import building, lent
from tests.measures.engine_world import Engine, entry
from tests.people.test_organisation_users import SHOP, join, word_for
from tests.portal.senders import SHOP_NAME, penalty, send_files
from tests.proceedings.listing_cases import Listing
from tests.world import MARKET, NOW, PASSWORD, SCHOOLS, SYSTEM, World, table

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.home import Home
from xinheng.checks.actions import Asked, answer_checks
from xinheng.checks.actions.files import answer_file, receive_codes
from xinheng.checks.asking import Asker, errand, question
from xinheng.checks.models import CheckRequest
from xinheng.commitments.actions import add_members
from xinheng.commitments.models import FollowUp
from xinheng.effects.actions import end_effects, hand_to_program, propose_takedown
from xinheng.effects.models import Effect, EndReason, Recipient, Retraction
from xinheng.intake.models import Delivery
from xinheng.measures.actions import propose_list, withdraw_list
from xinheng.measures.models import ListPublication
from xinheng.people import actions as people
from xinheng.people.identity import client_summary
from xinheng.people.models import ApiClient, BindingCode, Consent, OrganisationMembership, Role, User
from xinheng.people.recipients import OrganisationBox
from xinheng.proceedings.actions import Upload
from xinheng.proceedings.models import ListDetermination
from xinheng.register.models import Record, Review
from xinheng.register.references import record_ref, retraction_ref
from xinheng.training import actions as training
from xinheng.training.models import TrainingSeat

WORDS = ("云市监罚", "云屿县市场监督管理局", "县市场监管局")
PROGRAM = "办件系统"
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOBODYS = {
    "desk:template": "templates to fill in are public",
    "desk:new_open_case": "a form without a record; what is opened belongs to the opener's county",
    "desk:archive": "organisations are common to all counties; see the test of its own below",
    "desk:ask_consent": "the same; what is asked for is read in one's own county only",
    "centre:declare": "a form of the rulebook",
    "centre:sign_commitment": "a form of the rulebook",
    "desk:take_commitment": "a form of the rulebook",
    "centre:new_open_case": "a form without a record; what is opened belongs to the opener's county",
    "api-v1:organisation": "public",
    "api-v1:records": "public",
    "api-v1:record": "public",
    "api-v1:one_type": "public",
    ":None": "any other address below /api/v1, always 404",
    "portal:organisation": "public",
    "portal:record": "public",
    "portal:why": "public",
    "portal:publicity_list": "public",
    "portal:contract": "public",
    "portal:law_text": "public",
    "portal:measure": "public",
    "portal:one_list": "public",
    "portal:report_code": "public",
    "portal:check_code": "public",
    "portal:chart": "public",
}


@dataclass(frozen=True)
class Thing:
    """What an address names, and who of the first county may open it."""

    kwargs: dict[str, Any]
    own: str = "lin.xinyu"
    foreign: str = "wu.deng"
    form: dict[str, str] | None = None
    json: dict[str, object] | None = None
    told: bool = True
    """Whether its own people get an answer: not where a further part of the address names nothing here."""


def _things(county: World) -> dict[str, Thing]:
    """One thing of the first county for each route, by the route's name."""
    record = Record.objects.filter(type="penalty", known_to=None).order_by("pk")[0]
    ref, batch = {"ref": record_ref(record.record_no)}, {"number": record.batch_no}
    faulty = {"number": county.batch(table([penalty(8, 处罚机关=""), penalty(9)]), "penalty").number}
    takedown = propose_takedown(record_no=record.record_no, reason="核对", by=county.officer("zhou.ming"), now=NOW)
    told = people.send_message(to=county.officer("he.shuo"), title="转办", text="", link="", by=SYSTEM, now=NOW)
    people.issue_binding_code(
        credit_code=SHOP, region=county.region, for_holder=False, by=Actor.of(county.officer("lin.xinyu")), now=NOW
    )
    client, _ = people.create_api_client(
        name="案件系统", department=county.department(MARKET.code), scopes=["read"], by=SYSTEM, now=NOW
    )
    case = {"id": opened(_officer(county, "lin.xinyu"), record_ref(record.record_no)).pk}
    letter, retraction = _retractions(county)
    member = {"id": OrganisationMembership.objects.get(credit_code=SHOP, region=county.region).pk}
    delivery = {"id": Delivery.objects.get(batch__number=record.batch_no).pk}
    admin = {"own": "gu.anlan", "foreign": "wu.an"}
    program = {"own": "program", "foreign": "wu.program"}
    centre = {"own": "shop.a", "foreign": "wu.shop"}
    asked = people.ask_consent(
        credit_code=SHOP, department=county.department(MARKET.code), purpose_code="funding", purpose="技改资金",
        scope=["penalty"], by=Actor.of(county.officer("he.shuo")), now=NOW,
    )  # fmt: skip
    given = people.give_consent(
        membership=OrganisationMembership.objects.get(pk=member["id"]), purpose="技改资金", scope=["penalty"],
        recipient=county.department(MARKET.code), until=today(NOW), now=NOW,
    )  # fmt: skip
    own_message = people.send_message(
        to=OrganisationBox(SHOP, county.region.pk), title="转告", text="", link="", by=SYSTEM, now=NOW
    )
    seat = _seat(county, member["id"])
    membership = OrganisationMembership.objects.select_related("user", "region").get(pk=member["id"])
    declared = Declaring(county, membership).declare()
    promised, looked, association, enrolled = _promised(county, membership)
    noticed, applied, carried, subject = _followed(county)
    checked = _checked(county)
    sent_by_clerk = _sent(county, Actor.of(county.officer("he.shuo")))
    sent_by_program = _sent(county, client_summary(ApiClient.objects.get(name=PROGRAM)).actor)
    heavy, determined = _determined(county)
    proposed = propose_list(edition="demo-2026", pack="demo", by=county.officer("lin.xinyu"), now=NOW)
    session, seated = {"id": seat.session_id}, {"id": seat.pk}
    material = {"id": _material(county)}
    return {
        "desk:message": Thing({"id": told.pk}, own="he.shuo"),
        "desk:withdraw_code": Thing({"id": BindingCode.objects.get(used_at=None).pk}),
        "desk:end_member": Thing(member),
        "desk:recover_member": Thing(member, form={"seen": "on"}),
        "desk:delivery": Thing(delivery),
        "desk:columns": Thing(delivery, told=False),
        "desk:batch": Thing(batch),
        "desk:release": Thing(batch),
        "desk:receipt": Thing(batch),
        "desk:receipt_json": Thing(batch),
        "desk:correction": Thing(faulty),
        "desk:record": Thing(ref),
        "desk:correct": Thing(ref),
        "desk:withdraw": Thing(ref),
        "desk:propose_takedown": Thing(ref),
        "desk:new_case": Thing(ref | {"procedure": "objection"}),
        "desk:determination": Thing(heavy, own="he.shuo", foreign="wu.shou"),
        "desk:ask_removal": Thing(determined, own="he.shuo", foreign="wu.shou"),
        "desk:case": Thing(case),
        "desk:case_step": Thing(case | {"event": "accept"}),
        "desk:case_proposal": Thing(case | {"proposal": 1}, told=False),
        "desk:case_files": Thing(case),
        "desk:case_file": Thing(case | {"what": "document", "file": 1}, told=False),
        "desk:case_assign": Thing(case, form={"to": str(county.officer("zhou.ming").pk)}),
        "desk:case_contact": Thing(case),
        "desk:takedown": Thing({"id": takedown.pk}, form={"step": "confirm"}),
        "desk:review": Thing({"id": Review.objects.filter(region=county.region).order_by("pk")[0].pk}),
        "desk:retraction": Thing({"id": letter.pk}),
        "desk:confirm_retraction": Thing({"id": letter.pk}, form={"note": "函〔2026〕1号"}),
        "desk:contest_retraction": Thing({"id": letter.pk}, form={"note": "仍在使用"}),
        "desk:confirm_retractions": Thing({"recipient": letter.recipient_id}, form={"note": "函〔2026〕1号"}),
        "desk:measure_notice": Thing(noticed),
        "desk:measure_notice_pdf": Thing(noticed),
        "desk:serve_notice": Thing(
            noticed, form={"method": "mail", "served_on": f"{today(NOW)}", "evidence": "邮件1号"}
        ),
        "desk:measure_why": Thing(applied),
        "desk:measure_task": Thing(carried, own="he.shuo"),
        "desk:measure_step": Thing(carried | {"step": "accept"}, own="he.shuo"),
        "desk:note_listed": Thing(subject, form={"situation": "lost", "treatment": "核查住所"}),
        "desk:check_feedback": Thing(checked, own="he.shuo", form={"measure": "D-3", "applied": "D-3"}),
        "desk:check_file": Thing(sent_by_clerk, own="he.shuo"),
        "desk:check_file_result": Thing(sent_by_clerk, own="he.shuo"),
        "api-v1:check_file_state": Thing(sent_by_program, **program),
        "api-v1:check_file_result": Thing(sent_by_program, **program),
        "api-v1:feedback": Thing(checked, **program, json={"measures": [{"measure": "D-3", "outcome": "applied"}]}),
        "centre:measure_notice": Thing(noticed, **centre),
        "centre:measure_notice_pdf": Thing(noticed, **centre),
        "desk:decide_measures": Thing({"id": proposed.pk}, form={"step": "drop", "reason": "文字有误"}),
        "desk:department": Thing({"id": county.department(MARKET.code).pk}),
        "desk:hold": Thing({"id": county.department(MARKET.code).pk}),
        "desk:officer": Thing({"id": county.officer("he.shuo").pk}, **admin),
        "desk:change_officer": Thing({"id": county.officer("he.shuo").pk}, **admin, form={"step": "close"}),
        "desk:client": Thing({"id": client.pk}, **admin),
        "desk:notices": Thing({"recipient": letter.recipient_id}, told=False),
        "desk:training_session": Thing(session),
        "desk:training_cancel": Thing(session, form={"reason": "场地不可用"}),
        "desk:training_attended": Thing(session | {"seat": seat.pk}),
        "desk:training_certificate": Thing({"seat": seat.pk}, told=False),
        "desk:training_material": Thing(material),
        "desk:training_remove": Thing(material),
        "centre:training_book": Thing(session, **centre, form={"seats": "1"}),
        "centre:training_give_up": Thing(session, **centre),
        "centre:training_certificate": Thing(seated, **centre, told=False),
        "centre:training_material": Thing(material, **centre),
        "desk:commitment": Thing(promised),
        "desk:commitment_copy": Thing(promised),
        "desk:end_commitment": Thing(promised, form={"reason": "mistaken", "why": "登记有误"}),
        "desk:follow_up": Thing(looked),
        "desk:association": Thing(association),
        "desk:end_member_of": Thing(association | enrolled, told=False),
        "centre:commitment": Thing(promised, **centre),
        "centre:commitment_copy": Thing(promised, **centre),
        "centre:withdraw_commitment": Thing(promised, **centre, form={"why": "停业"}),
        "centre:change_declaration": Thing({"id": declared.pk}, **centre),
        "centre:message": Thing({"id": own_message.pk}, **centre),
        "centre:new_case": Thing(ref | {"procedure": "objection"}, **centre),
        "centre:case": Thing(case, **centre),
        "centre:case_step": Thing(case | {"event": "state"}, **centre),
        "centre:case_files": Thing(case, **centre),
        "centre:case_file": Thing(case | {"what": "document", "file": 1}, **centre, told=False),
        "centre:answer_consent": Thing({"id": asked.pk}, **centre, form={"answer": "decline"}),
        "centre:withdraw_consent": Thing({"id": given.pk}, **centre),
        "api-v1:one": Thing({"id": retraction_ref(retraction.pk)}, **program),
        "api-v1:acknowledge": Thing({"id": retraction_ref(retraction.pk)}, **program, json={"version": 1}),
        "api-v1:delivery": Thing({"number": delivery["id"]}, **program),
        "api-v1:batch": Thing(batch, **program),
        "api-v1:receipt": Thing(batch, **program),
        "api-v1:findings": Thing(batch, **program),
        "api-v1:corrections": Thing(faulty, **program),
    }


def _followed(county: World) -> tuple[dict[str, int], ...]:
    """A notice, a measure that began after service, its task, and the subject's number."""
    engine = Engine(county)
    engine.publish_measures()
    engine.deliver(entry())
    engine.sweep()
    notice = engine.notice()
    engine.serve()
    publication = ListPublication.objects.get(closed_at=None)
    withdraw_list(publication=publication.pk, reason="试行结束", by=engine.clerk, now=NOW)
    (applied, *_) = engine.effects("restraint")
    return {"id": notice.pk}, {"effect": applied.pk}, {"id": engine.task().pk}, {"subject": notice.subject_no}


def _determined(county: World) -> tuple[dict[str, Any], ...]:
    """A penalty that allows listing its subject, and the determination that was opened on it."""
    market = Listing(county)
    penalty = market.fine(61)
    case = market.draft(market.fine(62))
    return {"ref": record_ref(penalty.record_no)}, {"id": ListDetermination.objects.get(case=case).pk}


def _checked(county: World) -> dict[str, str]:
    """The number of a check that the market authority made."""
    market = county.department(MARKET.code)
    asker = Asker(SYSTEM, market.region_id, county.region.code, market.pk, market.code, market.name)
    about = errand(asker=asker, item="SP-XK-01", case_no="1", purpose="service", pack="demo")
    answer_checks(asked=[Asked(question(about, SHOP))], pack="demo", home=county.home, now=NOW)
    return {"number": CheckRequest.objects.get().number}


def _sent(county: World, by: Actor) -> dict[str, Any]:
    """A file of codes that was sent and answered."""
    market = county.department(MARKET.code)
    asker = Asker(by, market.region_id, county.region.code, market.pk, market.code, market.name)
    about = errand(asker=asker, item="SP-XK-01", case_no="1", purpose="service", pack="demo")
    path = county.home.tmp / "codes.txt"
    path.write_text(SHOP, encoding="ascii")
    file = receive_codes(about=about, path=path, file_name="名单.txt", home=county.home, now=NOW)
    answer_file(file=file, about=about, pack="demo", home=county.home, now=NOW)
    return {"id": file.pk}


def _promised(county: World, membership: OrganisationMembership) -> tuple[dict[str, int], ...]:
    """A letter that was signed, its task, an association, and a member of it."""
    made = Promising(county, membership).sign("honest-price")
    association = county.department(SCHOOLS.code)
    people.create_officer(
        username="xie.hui", display_name="解惠", department=association, password=PASSWORD,
        roles=[Role.ASSOCIATION], by=Actor.of(county.officer("gu.anlan")), now=NOW,
    )  # fmt: skip
    ((member,), _) = add_members(
        association=association, codes=[SHOP], joined_on=today(NOW), by=county.officer("lin.xinyu"), now=NOW
    )
    task = FollowUp.objects.get(record_no=made.record_no)
    return {"id": made.pk}, {"id": task.pk}, {"id": association.pk}, {"member": member.pk}


def _routes(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        address = f"{prefix}{one.pattern}"
        if isinstance(one, URLPattern):
            yield f"{space}:{one.name}", address
        else:
            yield from _routes(one, address, one.namespace or space)


NAMES = sorted(name for name, address in _routes(get_resolver()) if "<" in address and name not in NOBODYS)


@dataclass
class Both:
    """Two counties, the things of the first, and the secrets of a program in each."""

    first: World
    second: SecondCounty
    things: dict[str, Thing]
    secrets: dict[str, str]


@pytest.fixture(scope="module")
def kept(module_world: World) -> Both:
    with building(module_world):
        send_files(module_world)
        module_world.batch(table([penalty(7, 处罚类别="其他-责令学习", **{"罚款金额(万元)": ""})]), "penalty")
        join(module_world, "shop.a", word_for(module_world))
        secrets = {"program": _program(module_world.department(MARKET.code))}
        things = _things(module_world)
        second = found_second_county()
        secrets["wu.program"] = _program(second.department)
        by = Actor.of(second.credit_officer)
        _, word = people.issue_binding_code(credit_code=SHOP, region=second.region, for_holder=True, by=by, now=NOW)
        join(module_world, "wu.shop", word)
    return Both(module_world, second, things, secrets)


@pytest.fixture
def both(kept: Both, home: Home, db: None) -> Iterator[Both]:
    with time_machine.travel(NOW, tick=False):
        yield Both(lent(kept.first, home), kept.second, kept.things, kept.secrets)


def test_every_route_that_names_something_is_tried(both: Both) -> None:
    assert sorted(both.things) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_thing_of_another_county_is_not_there(both: Both, name: str) -> None:
    thing = both.things[name]
    address, own, foreign = reverse(name, kwargs=thing.kwargs), _browser(both, thing.own), _browser(both, thing.foreign)
    answers = [foreign.get(address, follow=True), _send(foreign, address, thing, follow=True)]
    assert {one.status_code for one in answers} <= {404, 405}, (address, [one.status_code for one in answers])
    assert 404 in {one.status_code for one in answers}
    assert not any(word in one.content.decode() for one in answers for word in (*WORDS, SHOP_NAME))
    if thing.told:
        statuses = {own.get(address).status_code, _send(own, address, thing).status_code}
        assert statuses - {403, 404, 405}, (address, statuses)


@pytest.mark.parametrize("purpose", ["case", "funding"])
def test_the_archive_of_a_common_organisation_shows_nothing_of_another_county(both: Both, purpose: str) -> None:
    client = _officer(both.first, "wu.deng")
    client.post("/desk/purpose", {"purpose": purpose, "note": "试探"})
    response = client.get(f"/desk/archives/{SHOP}")
    assert not any(word in response.content.decode() for word in WORDS)
    own = _officer(both.first, "lin.xinyu")
    own.post("/desk/purpose", {"purpose": "case", "note": "第 1 号"})
    assert WORDS[0] in own.get(f"/desk/archives/{SHOP}").content.decode()


QUERIES = (
    "/desk/quality?department={department}",
    "/desk/retractions?recipient={recipient}",
    "/desk/organisation-users?code={code}",
    "/desk/records/find?type=penalty&q={document}",
    "/desk/archives?q={document}",
    "/desk/records/new?type=penalty&department={department}",
)
"""Numbers of another county's things that stand behind the question mark."""


@pytest.mark.parametrize("address", QUERIES)
def test_a_number_behind_the_question_mark_opens_nothing_either(both: Both, address: str) -> None:
    page = _officer(both.first, "wu.deng").get(address.format(**_numbers(both)))
    content = page.content.decode().replace(_numbers(both)["document"], "")
    assert page.status_code in {200, 404}
    assert not any(word in content for word in (*WORDS, "shop.a", "公共资源交易中心"))


FORMS = (
    ("wu.an", "/desk/clients", {"name": "程序", "department": "{department}", "scopes": "read"}),
    ("wu.an", "/desk/officers",
     {"display_name": "某人", "username": "mou.ren", "department": "{department}", "password": PASSWORD,
      "roles": "collector"}),
    ("wu.deng", "/desk/records/new?type=penalty", {"department": "{department}", "entry": "0" * 32}),
    ("wu.deng", "/desk/upload", {"type": "penalty", "department": "{department}"}),
    ("wu.deng", "/desk/cases/cover",
     {"officer": "{officer}", "substitute": "{officer}", "first": "2026-11-23", "last": "2026-11-27"}),
    ("wu.shop", "/centre/switch", {"membership": "{member}"}),
    ("wu.shop", "/centre/users/change", {"step": "end", "membership": "{member}"}),
    ("wu.shop", "/centre/consents",
     {"recipient": "{department}", "purpose_code": "funding", "purpose": "资金", "scope": "penalty",
      "until": "2026-12-31"}),
)  # fmt: skip
"""Forms whose fields name things of another county."""


@pytest.mark.parametrize(("who", "address", "form"), FORMS, ids=[f"{who} {address}" for who, address, _ in FORMS])
def test_a_number_in_a_form_changes_nothing_either(both: Both, who: str, address: str, form: dict[str, str]) -> None:
    client = _browser(both, who)
    before = _counts()
    filled = {name: value.format(**_numbers(both)) for name, value in form.items()}
    assert client.post(address, filled).status_code in {200, 400, 404}
    assert _counts() == before


def _numbers(both: Both) -> dict[str, str]:
    return {
        "department": str(both.first.department(MARKET.code).pk),
        "recipient": str(both.things["desk:confirm_retractions"].kwargs["recipient"]),
        "officer": str(both.first.officer("zhou.ming").pk),
        "member": str(both.things["desk:end_member"].kwargs["id"]),
        "code": SHOP,
        "document": "云市监罚〔2026〕1号",
    }


def _counts() -> list[int]:
    """How many there are of what the forms above would make or end."""
    open_ones = OrganisationMembership.objects.filter(revoked_at=None)
    return [one.count() for one in (ApiClient.objects, User.objects, Delivery.objects, Consent.objects, open_ones)]


def _send(client: Client, address: str, thing: Thing, *, follow: bool = False) -> Any:
    if thing.json is None:
        return client.post(address, thing.form or {}, follow=follow)
    return client.post(address, thing.json, content_type="application/json", headers={"Idempotency-Key": "one-of-them"})


def _browser(both: Both, who: str) -> Client:
    if who in both.secrets:
        return Client(headers={"Authorization": f"Bearer {both.secrets[who]}"})
    if who in ("shop.a", "wu.shop"):
        client = Client()
        assert client.post("/centre/login", {"username": who, "password": PASSWORD}).status_code == 302
        return client
    return _officer(both.first, who)


def _officer(county: World, username: str) -> Client:
    client = Client()
    client.force_login(county.officer(username), backend=BACKEND)
    client.post("/desk/purpose", {"purpose": "case", "note": "第 1 号"})
    return client


def _program(department: Any) -> str:
    return people.create_api_client(
        name=PROGRAM, department=department, scopes=["read", "submit", "check"], by=SYSTEM, now=NOW
    )[1]


def _seat(county: World, membership_id: int) -> TrainingSeat:
    """A session of the credit office, booked by the shop."""
    starts = NOW + timedelta(days=3)
    plan = training.Plan("信用修复怎样办", "材料和期限", "政务服务中心二楼", starts, starts + timedelta(hours=2), 10)
    held = training.announce(plan=plan, by=county.officer("lin.xinyu"), now=NOW)
    membership = OrganisationMembership.objects.select_related("user", "region").get(pk=membership_id)
    return training.book(session=held.pk, membership=membership, name=SHOP_NAME, seats=1, now=NOW)


def _material(county: World) -> int:
    path = county.home.tmp / "材料.pdf"
    path.write_bytes(PDF)
    upload = Upload("material", "材料.pdf", path)
    return training.add_material(title="办事指南", upload=upload, by=county.officer("lin.xinyu"), now=NOW).pk


def _retractions(county: World) -> tuple[Retraction, Retraction]:
    """What a recipient by letter and the county's program are asked to remove."""
    record = Record.objects.filter(type="licence", known_to=None).order_by("pk")[0]
    effects = list(Effect.objects.filter(record_id=record.pk).values_list("pk", flat=True))
    program = ApiClient.objects.get(department=county.department(MARKET.code), name=PROGRAM)
    hand_to_program(client=client_summary(program), effect_ids=effects, now=NOW)
    _officer(county, "lin.xinyu").post("/desk/handovers/give", {"type": "licence", "name": "云屿县公共资源交易中心"})
    end_effects(effect_ids=effects, reason=EndReason.CORRECTED, why="更正", by=SYSTEM, now=NOW, today=today(NOW))
    by_call = Recipient.objects.get(client_id=program.pk)
    return (
        Retraction.objects.exclude(recipient=by_call).get(),
        Retraction.objects.get(recipient=by_call),
    )
