"""One thing of a county for every address that names something, by the route's name; each area makes its own."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from tests.authorisations.authorising import give
from tests.commitments.promising import Promising
from tests.declarations.declaring import Declaring
from tests.desk.test_cases import PDF, opened
from tests.measures.engine_world import Engine, entry
from tests.people.test_organisation_users import SHOP
from tests.portal.senders import SHOP_NAME, organisation, penalty
from tests.proceedings.listing_cases import Listing
from tests.world import MARKET, NOW, PASSWORD, SCHOOLS, SYSTEM, World, table

from xinheng.audit.actor import Actor
from xinheng.authorisations.actions import note_use
from xinheng.authorisations.actions import revoke as revoke_authorisation
from xinheng.base.clock import today
from xinheng.checks.actions import Asked, answer_checks
from xinheng.checks.actions.files import answer_file, receive_codes
from xinheng.checks.asking import Asker, errand, question
from xinheng.checks.models import CheckCorrection, CheckFeedback, CheckRequest
from xinheng.commitments.actions import add_members
from xinheng.commitments.models import FollowUp
from xinheng.effects.actions import end_effects, hand_to_program, propose_takedown
from xinheng.effects.models import Effect, EndReason, Recipient, Retraction
from xinheng.governance.actions import check_codes
from xinheng.governance.models import Finding
from xinheng.intake.models import Delivery
from xinheng.measures.actions import propose_list, withdraw_list
from xinheng.measures.models import ListPublication
from xinheng.people import actions as people
from xinheng.people.identity import client_summary
from xinheng.people.models import ApiClient, OrganisationMembership, Role
from xinheng.people.recipients import OrganisationBox
from xinheng.proceedings.actions import Upload
from xinheng.proceedings.models import ListDetermination
from xinheng.register.models import Record, Review
from xinheng.register.references import record_ref, retraction_ref
from xinheng.training import actions as training
from xinheng.training.models import TrainingSeat

PROGRAM = "办件系统"
BACKEND = "django.contrib.auth.backends.ModelBackend"
ADMIN = {"own": "gu.anlan", "foreign": "wu.an"}
BY_PROGRAM = {"own": "program", "foreign": "wu.program"}
IN_CENTRE = {"own": "shop.a", "foreign": "wu.shop"}
MARKET_CLERK = {"own": "he.shuo"}

Things = dict[str, "Thing"]


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


def things_of(county: World) -> Things:
    """One thing of the county for each route."""
    return {
        **_intake(county),
        **_retraction_letters(county),
        **_people(county),
        **_trainings(county),
        **_declarations(county),
        **_commitments(county),
        **_authorisations(county),
        **_identifiers(county),
        **_measures(county),
        **_checks(county),
        **_cases(county),
    }


def officer_browser(county: World, username: str) -> Client:
    """A browser of an officer who said what the visit is for."""
    client = Client()
    client.force_login(county.officer(username), backend=BACKEND)
    client.post("/desk/purpose", {"purpose": "case", "note": "第 1 号"})
    return client


def _penalty() -> Record:
    return Record.objects.filter(type="penalty", known_to=None).order_by("pk")[0]


def _shop_holder(county: World) -> OrganisationMembership:
    return OrganisationMembership.objects.select_related("user", "region").get(credit_code=SHOP, region=county.region)


def _intake(county: World) -> Things:
    record = _penalty()
    ref, batch = {"ref": record_ref(record.record_no)}, {"number": record.batch_no}
    faulty = {"number": county.batch(table([penalty(8, 处罚机关=""), penalty(9)]), "penalty").number}
    takedown = propose_takedown(record_no=record.record_no, reason="核对", by=county.officer("zhou.ming"), now=NOW)
    delivery = {"id": Delivery.objects.get(batch__number=record.batch_no).pk}
    return {
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
        "desk:takedown": Thing({"id": takedown.pk}, form={"step": "confirm"}),
        "desk:review": Thing({"id": Review.objects.filter(region=county.region).order_by("pk")[0].pk}),
        "api-v1:delivery": Thing({"number": delivery["id"]}, **BY_PROGRAM),
        "api-v1:batch": Thing(batch, **BY_PROGRAM),
        "api-v1:receipt": Thing(batch, **BY_PROGRAM),
        "api-v1:findings": Thing(batch, **BY_PROGRAM),
        "api-v1:corrections": Thing(faulty, **BY_PROGRAM),
    }


def _cases(county: World) -> Things:
    ref = {"ref": record_ref(_penalty().record_no)}
    case = {"id": opened(officer_browser(county, "lin.xinyu"), ref["ref"]).pk}
    heavy, determined = _determined(county)
    market = {**MARKET_CLERK, "foreign": "wu.shou"}
    return {
        "desk:new_case": Thing(ref | {"procedure": "objection"}),
        "desk:determination": Thing(heavy, **market),
        "desk:ask_removal": Thing(determined, **market),
        "desk:case": Thing(case),
        "desk:case_step": Thing(case | {"event": "accept"}),
        "desk:case_proposal": Thing(case | {"proposal": 1}, told=False),
        "desk:case_files": Thing(case),
        "desk:case_file": Thing(case | {"what": "document", "file": 1}, told=False),
        "desk:case_assign": Thing(case, form={"to": str(county.officer("zhou.ming").pk)}),
        "desk:case_contact": Thing(case),
        "centre:new_case": Thing(ref | {"procedure": "objection"}, **IN_CENTRE),
        "centre:case": Thing(case, **IN_CENTRE),
        "centre:case_step": Thing(case | {"event": "state"}, **IN_CENTRE),
        "centre:case_files": Thing(case, **IN_CENTRE),
        "centre:case_file": Thing(case | {"what": "document", "file": 1}, **IN_CENTRE, told=False),
    }


def _retraction_letters(county: World) -> Things:
    letter, retraction = _retractions(county)
    return {
        "desk:retraction": Thing({"id": letter.pk}),
        "desk:confirm_retraction": Thing({"id": letter.pk}, form={"note": "函〔2026〕1号"}),
        "desk:contest_retraction": Thing({"id": letter.pk}, form={"note": "仍在使用"}),
        "desk:confirm_retractions": Thing({"recipient": letter.recipient_id}, form={"note": "函〔2026〕1号"}),
        "desk:notices": Thing({"recipient": letter.recipient_id}, told=False),
        "api-v1:one": Thing({"id": retraction_ref(retraction.pk)}, **BY_PROGRAM),
        "api-v1:acknowledge": Thing({"id": retraction_ref(retraction.pk)}, **BY_PROGRAM, json={"version": 1}),
    }


def _people(county: World) -> Things:
    market, holder = county.department(MARKET.code), _shop_holder(county)
    told = people.send_message(to=county.officer("he.shuo"), title="转办", text="", link="", by=SYSTEM, now=NOW)
    own_message = people.send_message(
        to=OrganisationBox(SHOP, county.region.pk), title="转告", text="", link="", by=SYSTEM, now=NOW
    )
    code, _ = people.issue_binding_code(
        credit_code=SHOP, region=county.region, for_holder=False, by=Actor.of(county.officer("lin.xinyu")), now=NOW
    )
    client, _ = people.create_api_client(name="案件系统", department=market, scopes=["read"], by=SYSTEM, now=NOW)
    asked = people.ask_consent(
        credit_code=SHOP, department=market, purpose_code="funding", purpose="技改资金",
        scope=["penalty"], by=Actor.of(county.officer("he.shuo")), now=NOW,
    )  # fmt: skip
    given = people.give_consent(
        membership=holder, purpose="技改资金", scope=["penalty"], recipient=market, until=today(NOW), now=NOW
    )
    return {
        "desk:message": Thing({"id": told.pk}, **MARKET_CLERK),
        "desk:withdraw_code": Thing({"id": code.pk}),
        "desk:end_member": Thing({"id": holder.pk}),
        "desk:recover_member": Thing({"id": holder.pk}, form={"seen": "on"}),
        "desk:department": Thing({"id": market.pk}),
        "desk:hold": Thing({"id": market.pk}),
        "desk:officer": Thing({"id": county.officer("he.shuo").pk}, **ADMIN),
        "desk:change_officer": Thing({"id": county.officer("he.shuo").pk}, **ADMIN, form={"step": "close"}),
        "desk:client": Thing({"id": client.pk}, **ADMIN),
        "centre:message": Thing({"id": own_message.pk}, **IN_CENTRE),
        "centre:answer_consent": Thing({"id": asked.pk}, **IN_CENTRE, form={"answer": "decline"}),
        "centre:withdraw_consent": Thing({"id": given.pk}, **IN_CENTRE),
    }


def _trainings(county: World) -> Things:
    seat = _seat(county)
    session, material = {"id": seat.session_id}, {"id": _material(county)}
    return {
        "desk:training_session": Thing(session),
        "desk:training_cancel": Thing(session, form={"reason": "场地不可用"}),
        "desk:training_attended": Thing(session | {"seat": seat.pk}),
        "desk:training_certificate": Thing({"seat": seat.pk}, told=False),
        "desk:training_material": Thing(material),
        "desk:training_remove": Thing(material),
        "centre:training_book": Thing(session, **IN_CENTRE, form={"seats": "1"}),
        "centre:training_give_up": Thing(session, **IN_CENTRE),
        "centre:training_certificate": Thing({"id": seat.pk}, **IN_CENTRE, told=False),
        "centre:training_material": Thing(material, **IN_CENTRE),
    }


def _declarations(county: World) -> Things:
    declared = Declaring(county, _shop_holder(county)).declare()
    return {"centre:change_declaration": Thing({"id": declared.pk}, **IN_CENTRE)}


def _commitments(county: World) -> Things:
    promised, looked, association, enrolled = _promised(county)
    return {
        "desk:commitment": Thing(promised),
        "desk:commitment_copy": Thing(promised),
        "desk:end_commitment": Thing(promised, form={"reason": "mistaken", "why": "登记有误"}),
        "desk:follow_up": Thing(looked),
        "desk:association": Thing(association),
        "desk:end_member_of": Thing(association | enrolled, told=False),
        "centre:commitment": Thing(promised, **IN_CENTRE),
        "centre:commitment_copy": Thing(promised, **IN_CENTRE),
        "centre:withdraw_commitment": Thing(promised, **IN_CENTRE, form={"why": "停业"}),
    }


def _authorisations(county: World) -> Things:
    given, stopped = give(county), give(county)
    note_use(rows={stopped.pk: {"tax_payment": 1}}, by=SYSTEM, now=NOW)
    revoke_authorisation(membership=_shop_holder(county), authorisation=stopped.pk, now=NOW)
    one, evidence = {"id": given.pk}, {"id": given.pk, "evidence": given.evidence.get().pk}
    return {
        "desk:authorisation": Thing(one),
        "desk:authorisation_evidence": Thing(evidence),
        "desk:revoke_authorisation": Thing(one, form={"why": "收到撤回函"}),
        "desk:confirm_stopped": Thing({"id": stopped.pk}, form={"note": "已删除"}),
        "centre:revoke_authorisation": Thing(one, **IN_CENTRE),
        "centre:authorisation_evidence": Thing(evidence, **IN_CENTRE),
    }


def _identifiers(county: World) -> Things:
    county.batch(table([organisation("", "云屿县无码小院民宿店")]), "organisation")
    check_codes(region=county.region, by=SYSTEM, now=NOW)
    one, clerk = {"id": Finding.objects.get(region=county.region).pk}, county.officer("he.shuo")
    return {
        "desk:identifier": Thing(one),
        "desk:assign_identifier": Thing(one, form={"officer": str(clerk.pk)}),
        "desk:close_identifier": Thing(one, form={"outcome": "impossible", "note": "已经注销"}),
    }


def _measures(county: World) -> Things:
    noticed, applied, carried, subject = _followed(county)
    proposed = propose_list(edition="demo-2026", pack="demo", by=county.officer("lin.xinyu"), now=NOW)
    served = {"method": "mail", "served_on": f"{today(NOW)}", "evidence": "邮件1号"}
    return {
        "desk:measure_notice": Thing(noticed),
        "desk:measure_notice_pdf": Thing(noticed),
        "desk:serve_notice": Thing(noticed, form=served),
        "desk:measure_why": Thing(applied),
        "desk:measure_task": Thing(carried, **MARKET_CLERK),
        "desk:measure_step": Thing(carried | {"step": "accept"}, **MARKET_CLERK),
        "desk:note_listed": Thing(subject, form={"situation": "lost", "treatment": "核查住所"}),
        "desk:decide_measures": Thing({"id": proposed.pk}, form={"step": "drop", "reason": "文字有误"}),
        "centre:measure_notice": Thing(noticed, **IN_CENTRE),
        "centre:measure_notice_pdf": Thing(noticed, **IN_CENTRE),
    }


def _checks(county: World) -> Things:
    checked = _checked(county)
    by_clerk = _sent(county, Actor.of(county.officer("he.shuo")))
    by_program = _sent(county, client_summary(ApiClient.objects.get(name=PROGRAM)).actor)
    wrong = {"id": _wrongly_applied(county, checked["number"])}
    fed_back = {"measures": [{"measure": "D-3", "outcome": "applied"}]}
    return {
        "desk:put_check_right": Thing(wrong, **MARKET_CLERK, form={f"{wrong['id']}-what": "已恢复"}),
        "desk:check_feedback": Thing(checked, **MARKET_CLERK, form={"measure": "D-3", "applied": "D-3"}),
        "desk:check_file": Thing(by_clerk, **MARKET_CLERK),
        "desk:check_file_result": Thing(by_clerk, **MARKET_CLERK),
        "api-v1:check_file_state": Thing(by_program, **BY_PROGRAM),
        "api-v1:check_file_result": Thing(by_program, **BY_PROGRAM),
        "api-v1:feedback": Thing(checked, **BY_PROGRAM, json=fed_back),
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


def _wrongly_applied(county: World, number: str) -> int:
    """What the market authority is asked to put right after its check."""
    told = CheckFeedback.objects.create(
        request_number=number, measure="D-3", outcome="applied", actor_kind="officer", actor_name="何朔", at=NOW
    )
    market = county.department(MARKET.code)
    return CheckCorrection.objects.create(
        feedback=told, region_id=market.region_id, department_id=market.pk, asked_at=NOW, due_on=today(NOW)
    ).pk


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


def _promised(county: World) -> tuple[dict[str, int], ...]:
    """A letter that was signed, its task, an association, and a member of it."""
    made = Promising(county, _shop_holder(county)).sign("honest-price")
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


def _seat(county: World) -> TrainingSeat:
    """A session of the credit office, booked by the shop."""
    starts = NOW + timedelta(days=3)
    plan = training.Plan("信用修复怎样办", "材料和期限", "政务服务中心二楼", starts, starts + timedelta(hours=2), 10)
    held = training.announce(plan=plan, by=county.officer("lin.xinyu"), now=NOW)
    return training.book(session=held.pk, membership=_shop_holder(county), name=SHOP_NAME, seats=1, now=NOW)


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
    officer_browser(county, "lin.xinyu").post(
        "/desk/handovers/give", {"type": "licence", "name": "云屿县公共资源交易中心"}
    )
    end_effects(effect_ids=effects, reason=EndReason.CORRECTED, why="更正", by=SYSTEM, now=NOW, today=today(NOW))
    by_call = Recipient.objects.get(client_id=program.pk)
    return (
        Retraction.objects.exclude(recipient=by_call).get(),
        Retraction.objects.get(recipient=by_call),
    )
