"""A department puts a subject on a list of law: on a qualifying penalty, after notice and hearing, by two persons."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.db import connection
from tests.kept import building, lent
from tests.people.test_organisation_users import join, word_for
from tests.proceedings.listing_cases import BOSS, FACTS, LABOUR, NAME, NUMBER, SERVED, Listing, build
from tests.world import NOW, World

from xinheng.base.errors import NotFound, Refused
from xinheng.base.home import Home
from xinheng.effects.models import Effect, EndReason
from xinheng.people.models import Message
from xinheng.proceedings.actions import Application, confirm, move, open_case, open_determination, propose
from xinheng.proceedings.actions.daily import daily_look
from xinheng.proceedings.determined import NamedPerson
from xinheng.proceedings.models import Case, CaseChannel, CaseDocument, Deadline, ListDetermination, ListRemoval
from xinheng.proceedings.stating import StatedWrong
from xinheng.register.models import Record
from xinheng.vault.models import SealedRecord

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept(module_world: World) -> Listing:
    with building(module_world) as world:
        return build(world)


@pytest.fixture
def county(kept: Listing, home: Home, db: None):
    with time_machine.travel(NOW, tick=False):
        yield replace(kept, world=lent(kept.world, home))


@pytest.fixture
def labour(county: Listing) -> Listing:
    """The department whose list names persons beside the organisation."""
    return replace(county, code=LABOUR)


def test_a_decision_served_becomes_an_entry_with_its_penalty(county: Listing) -> None:
    penalty = county.fine()
    held = county.listed(penalty)
    entry = county.entry()
    assert held.entry_no == entry.record_no
    assert (entry.list_key, entry.decision_no, entry.department.code) == ("L04", "云列〔2026〕7号", county.code)
    assert (entry.valid_from, entry.valid_to) == (county.today, date(2029, 11, 20))
    assert entry.content["grounds"] == f"{FACTS['facts']}（{FACTS['article']}）"
    assert entry.subject_no == penalty.subject_no
    assert county.in_force() == {"publication"}
    county.run()
    assert county.in_force() == {"publication", "listing"}


def test_nothing_is_listed_before_the_decision_was_served(county: Listing) -> None:
    case = county.draft(county.fine())
    county.heard(case)
    county.consent(case)
    county.decide(case)
    assert not Record.objects.filter(type="serious_list").exists()
    assert Case.objects.get(pk=case.pk).state == "decided"


def test_the_documents_are_the_departments_own(county: Listing) -> None:
    held = county.listed(county.fine())
    titles = CaseDocument.objects.filter(case=held.case).order_by("pk").values_list("title", flat=True)
    assert list(titles) == ["列入名单事先告知书", "列入决定书"]


@pytest.mark.parametrize("template", ["listing_notice", "listing_decision"])
def test_notice_and_decision_name_the_list_the_facts_and_the_article(county: Listing, template: str) -> None:
    held = county.listed(county.fine())
    text = "".join(CaseDocument.objects.get(case=held.case, template=template).paragraphs)
    assert "市场监督管理严重违法失信名单" in text
    assert FACTS["facts"] in text
    assert FACTS["article"] in text
    assert held.case.record_title in text


@pytest.mark.parametrize(
    ("wan", "facts", "sentence"),
    [
        ("2", {}, "不符合列入的条件"),
        ("60", {"ground": "L05"}, "不是这份名单的认定部门"),
        ("60", {"ground": "L02"}, "不由本地部门认定"),
    ],
)
def test_what_the_list_does_not_allow_is_refused_with_the_sentence(
    county: Listing, wan: str, facts: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        county.draft(county.fine(wan=wan), **facts)
    assert not Case.objects.exists()


def test_a_kind_of_penalty_the_list_names_qualifies_whatever_the_fine(county: Listing) -> None:
    assert county.draft(county.fine(wan="", 处罚类别="责令停产停业", 处罚内容="责令停产停业整顿"))


def test_nobody_but_the_department_of_the_penalty_may_propose(county: Listing) -> None:
    penalty = county.fine()
    for stranger in ("lin.xinyu", "tao.ran", "song.yu"):
        with pytest.raises(NotFound):
            open_determination(
                record_no=penalty.record_no, stated=FACTS, uploads=[county.upload("decision")], entry=uuid.uuid4(),
                by=county.world.officer(stranger), now=county.now,
            )  # fmt: skip


def test_the_credit_office_decides_no_list(county: Listing) -> None:
    case = county.draft(county.fine())
    county.heard(case)
    with pytest.raises(NotFound):
        propose(case=case.pk, event="decide", stated={}, by=county.world.officer("lin.xinyu"), now=county.now)


def test_the_same_person_does_not_decide_twice(county: Listing) -> None:
    case = county.draft(county.fine())
    county.heard(case)
    county.consent(case)
    first, _ = county.deciders
    stated = {"act_no": "云列〔2026〕7号", "months": "36", "reason": "符合列入条件"}
    proposal = propose(case=case.pk, event="decide", stated=stated, by=first, now=county.now)
    with pytest.raises(Refused, match="不同的人"):
        confirm(proposal=proposal.pk, by=first, now=county.now)


def test_where_the_level_above_must_agree_its_consent_comes_first(county: Listing) -> None:
    case = county.draft(county.fine())
    county.heard(case)
    with pytest.raises(Refused, match="上一级市场监督管理部门同意"):
        county.decide(case)


def test_a_term_the_list_does_not_know_is_refused(labour: Listing) -> None:
    case = labour.draft(labour.fine(wan="2"))
    labour.heard(case)
    with pytest.raises(Refused, match="只允许列入 36 个月"):
        labour.decide(case, months="12")


def test_silence_is_heard_when_the_time_is_over_which_runs_from_service(county: Listing) -> None:
    case = county.draft(county.fine())
    county.step(case, "notify", reason="事实清楚")
    county.later(3)
    county.step(case, "serve_notice", served_on=f"{county.today}", **SERVED)
    deadline = Deadline.objects.get(case=case, key="statement", closed_at=None)
    assert deadline.counted_from == county.today
    county.later(4)
    daily_look(now=county.now)
    assert Case.objects.get(pk=case.pk).state == "told"
    county.later(10)
    daily_look(now=county.now)
    assert Case.objects.get(pk=case.pk).state == "answered"


def test_a_penalty_that_fell_before_service_lists_nobody(county: Listing) -> None:
    penalty = county.fine()
    case = county.draft(penalty)
    county.heard(case)
    county.consent(case)
    county.decide(case)
    county.take_back(penalty)
    with pytest.raises(Refused, match="已经撤回或者被撤销"):
        county.step(case, "serve", served_on=f"{county.today}", **SERVED)
    county.both(case, "give_up", reason="处罚已经撤销")
    assert Case.objects.get(pk=case.pk).state == "cleared"


def test_when_the_penalty_falls_the_clock_opens_the_revocation_once(county: Listing) -> None:
    penalty = county.fine()
    held = county.listed(penalty)
    assert county.look() == 0
    county.take_back(penalty)
    assert county.look() == 1
    assert county.look() == 0
    case = Case.objects.get(procedure="removal")
    assert (case.record_no, case.ground, case.state) == (held.entry_no, "revoked", "asked")
    assert Deadline.objects.filter(case=case, key="decision", closed_at=None).exists()
    assert Message.objects.filter(
        title__startswith="名单移出", department=county.world.department(county.code)
    ).exists()


def test_a_fallen_ground_can_only_be_followed_by_revocation_and_everybody_is_told_it_never_should_have_been(
    county: Listing,
) -> None:
    penalty = county.fine()
    county.listed(penalty)
    county.run()
    county.take_back(penalty)
    county.look()
    case = Case.objects.get(procedure="removal")
    first, _ = county.deciders
    with pytest.raises(Refused, match="应当撤销列入"):
        move(case=case.pk, event="notify_refusal", stated={"reason": "仍应列入"}, by=first, now=county.now)
    county.both(case, "remove", reason="处罚已经撤销")
    assert county.in_force() == set()
    ended = Effect.objects.filter(kind="listing").get()
    assert ended.end_reason == EndReason.UNFOUNDED
    assert county.entry().content["removal_ground"] == "撤销"


def test_early_removal_waits_for_the_time_the_list_names(labour: Listing) -> None:
    held = labour.listed(labour.fine(wan="2"))
    labour.run()
    early = labour.ask_removal(held)
    with pytest.raises(Refused, match="满六个月"):
        labour.both(early, "remove", reason="已经清偿")
    labour.later(200)
    labour.both(early, "remove", reason="已经清偿，并作出承诺")
    assert labour.in_force() == set()
    assert {one.end_reason for one in Effect.objects.filter(kind__in=("listing", "publication")).exclude(
        record_id__in=Record.objects.filter(type="penalty").values("pk"))} == {EndReason.REMOVED}  # fmt: skip
    assert labour.entry().content["removal_ground"] == "提前移出"


def test_a_standing_penalty_does_not_allow_revocation(county: Listing) -> None:
    case = county.ask_removal(county.listed(county.fine()), ground="revoked")
    with pytest.raises(Refused, match="仍然有效"):
        county.both(case, "remove", reason="撤销")


def test_refusing_a_removal_hears_the_subject_first(county: Listing) -> None:
    case = county.ask_removal(county.listed(county.fine()))
    first, _ = county.deciders
    move(case=case.pk, event="notify_refusal", stated={"reason": "尚未改正"}, by=first, now=county.now)
    county.step(case, "state", statement="请再核实")
    county.both(case, "refuse", reason="尚未改正")
    assert Case.objects.get(pk=case.pk).state == "refused"
    assert "publication" in county.in_force()


def test_what_ran_out_ends_the_question_by_itself(labour: Listing) -> None:
    held = labour.listed(labour.fine(wan="2"))
    case = labour.ask_removal(held)
    labour.later(3 * 366)
    daily_look(now=labour.now)
    assert Case.objects.get(pk=case.pk).state == "over"


def test_the_organisation_itself_may_ask_for_removal_in_its_centre(labour: Listing) -> None:
    held = labour.listed(labour.fine(wan="2"))
    member = join(labour.world, "shop.a", word_for(labour.world))
    application = Application(
        procedure="removal", record_no=held.entry_no, stated={"ground": "early", "statement": "已经清偿"},
        channel=CaseChannel.CENTRE, entry=uuid.uuid4(),
    )  # fmt: skip
    case = open_case(application=application, by=member.user, now=labour.now).case
    assert ListRemoval.objects.get(case=case).determination == held
    assert labour.in_force() == {"publication"}


def test_entries_of_courts_and_upper_levels_are_not_removed_here(county: Listing) -> None:
    with pytest.raises(NotFound):
        county.ask_removal(ListDetermination(pk=10**9))


def test_a_named_person_has_a_determination_of_her_own_and_lies_in_the_vault_alone(labour: Listing) -> None:
    penalty = labour.fine(wan="2")
    labour.listed(penalty)
    before = Record.objects.count(), Effect.objects.count()
    held = labour.listed(penalty, person=BOSS)
    assert (held.person, held.entry_no) == (None, None)
    assert held.entered_on == labour.today
    assert SealedRecord.objects.filter(type="serious_list", batch_no=held.batch_no).count() == 1
    assert (Record.objects.count(), Effect.objects.count()) == before
    assert (held.case.subject_no, held.case.credit_code) == (0, "")
    assert held.case.subject_name == "云屿县浮光食品有限公司的法定代表人（自然人，封存）"


def test_no_row_of_the_database_holds_the_person_in_clear(labour: Listing) -> None:
    labour.listed(labour.fine(wan="2"), person=BOSS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                           [f"%{NAME}%", f"%{NUMBER}%"])  # fmt: skip
            assert cursor.fetchone() == (0,), table


def test_the_organisations_entry_does_not_reach_the_person_and_the_persons_not_the_organisation(
    labour: Listing,
) -> None:
    penalty = labour.fine(wan="2")
    labour.listed(penalty, person=BOSS)
    assert not Record.objects.filter(type="serious_list").exists()
    assert labour.run().listed == 0
    assert not Message.objects.filter(credit_code=penalty.subject_code).exists()


def test_a_list_that_names_no_person_lists_none(county: Listing) -> None:
    with pytest.raises(Refused, match="没有写明对这类人员作出认定"):
        county.draft(county.fine(), person=BOSS)


def test_a_part_the_list_does_not_name_is_refused(labour: Listing) -> None:
    with pytest.raises(Refused, match="没有写明对这类人员作出认定"):
        labour.draft(labour.fine(wan="2"), person=NamedPerson("股东", NAME, NUMBER))


def test_a_name_typed_into_a_reason_is_refused(labour: Listing) -> None:
    penalty = labour.fine(wan="2")
    with pytest.raises(StatedWrong):
        labour.draft(penalty, person=BOSS, facts=f"{NAME}拖欠工资")
    case = labour.draft(penalty, person=BOSS)
    with pytest.raises(Refused, match="姓名"):
        labour.step(case, "notify", reason=f"{NAME}负有直接责任")


def test_a_person_who_is_not_listed_is_forgotten(labour: Listing) -> None:
    case = labour.draft(labour.fine(wan="2"), person=BOSS)
    assert ListDetermination.objects.get(case=case).person is not None
    labour.step(case, "clear", reason="不负有责任")
    assert ListDetermination.objects.get(case=case).person is None


def test_a_persons_entry_falls_with_the_penalty_too(labour: Listing) -> None:
    penalty = labour.fine(wan="2")
    held = labour.listed(penalty, person=BOSS)
    labour.take_back(penalty)
    assert labour.look() == 1
    case = Case.objects.get(procedure="removal")
    assert (case.record_no, case.record_title) == (None, held.case.number)
    labour.both(case, "remove", reason="处罚已经撤销")
    assert SealedRecord.objects.get(batch_no=held.batch_no).known_to is not None
    assert SealedRecord.objects.get(type="serious_list", known_to=None).withdrawn
    assert labour.look() == 0


def test_the_same_form_twice_is_one_case(county: Listing) -> None:
    penalty, entry = county.fine(), uuid.uuid4()
    cases = {
        open_determination(
            record_no=penalty.record_no, stated=FACTS, uploads=[county.upload("decision")], entry=entry,
            by=county.clerk, now=county.now,
        ).pk
        for _ in range(2)
    }  # fmt: skip
    assert len(cases) == 1
