"""A batch comes in with names and no codes: what is the same is linked, what may be is asked, the rest stays."""

import pytest
from matching_world import FIRMS, fined, firm, question, record, register_firms
from tests.kept import building, lent
from tests.world import NOW, SYSTEM

from xinheng.audit.models import AuditEvent
from xinheng.effects.models import Effect
from xinheng.intake.actions.matching import link_by_names, link_waiting
from xinheng.matching.models import Comparison, MatchRun
from xinheng.register.linked import link_told
from xinheng.register.models import SubjectLink
from xinheng.register.queries import subject_numbers

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _register(module_world):
    with building(module_world) as county:
        register_firms(county)


@pytest.fixture
def world(module_world, home):
    return lent(module_world, home)


def test_a_name_typed_with_a_slip_is_linked_and_published(world):
    batch = fined(world, "云屿云帆机械配件有限责任公司")
    stated = record(1)
    assert (stated.link_method, stated.gate) == ("match", "open")
    assert stated.subject_no in subject_numbers(world.scope, firm("sail").id)
    assert Effect.objects.filter(record_id=stated.id, kind="publication", ended_at=None).count() == 1
    asked = question(1)
    assert (asked.outcome, asked.closed_by) == ("matched", None)
    run = MatchRun.objects.get(batch=batch)
    assert (run.looked_at, run.linked, run.unsure, run.remembered) == (1, 1, 0, 0)


def test_one_question_tells_of_many_records_how_each_was_linked(world, django_assert_num_queries):
    fined(world, "云屿云帆机械配件有限责任公司", FIRMS["spring"], "云屿青苗种子商店", "云屿县苍梧渔具厂")
    rows = [record(number) for number in (1, 2, 3, 4)]
    with django_assert_num_queries(1):
        told = link_told(rows)
    assert list(told.values()) == [
        "来源没有可用的代码，报送的名称“云屿云帆机械配件有限责任公司”经比对归到这个单位："
        "名称比对得 990 分，没有相近的其他单位",
        f"报送的名称“{FIRMS['spring']}”与登记的名称（含曾用名）一致",
        f"来源没有可用的代码，报送的名称“云屿青苗种子商店”经比对归到这个单位：{_reason(3)}",
        "",
    ]


def _reason(number: int) -> str:
    return SubjectLink.objects.get(number=record(number).subject_no).reason


def test_the_basis_of_the_link_is_kept_with_score_reasons_and_version(world):
    fined(world, "云屿云帆机械配件有限责任公司")
    kept = Comparison.objects.get(linked=True)
    assert (kept.organisation, kept.score, kept.verdict, kept.matcher) == (firm("sail"), 990, "same", "1.1")
    assert kept.reasons == ["division_spelling", "form_spelling"]
    assert sum(kept.points) == 1000 - kept.score
    link = SubjectLink.objects.get(number=record(1).subject_no)
    assert (link.by, link.reason) == (None, "名称比对得 990 分，没有相近的其他单位")
    event = AuditEvent.objects.get(act="matching.batch")
    assert event.detail == {"matcher": "1.1", "looked_at": 1, "linked": 1, "unsure": 0, "remembered": 0}


def test_one_replaced_character_is_a_question_with_the_candidate_and_why(world):
    fined(world, "云屿县云航机械配件有限公司")
    stated, asked = record(1), question(1)
    assert (stated.link_method, stated.gate, asked.closed_at) == ("none", "unlinked", None)
    assert asked.candidates == [firm("sail").id]
    assert asked.reason == "有相近的名称，须由人核对"
    assert [(one.score, one.linked) for one in Comparison.objects.filter(review_id=asked.pk)] == [(840, False)]


def test_two_firms_one_character_apart_are_a_question_though_one_alone_would_be_linked(world):
    fined(world, "云屿县鹿鸣通商贸有限公司")
    assert question(1).outcome == ""
    assert question(1).candidates[0] == firm("west").id
    assert set(question(1).candidates) == {firm("east").id, firm("west").id}


def test_another_branch_of_the_house_is_never_a_candidate(world):
    fined(world, "云屿县大营建筑公司第三分公司")
    assert record(1).link_method == "none"
    assert question(1).candidates == []


def test_an_ordinal_written_in_digits_is_the_same(world):
    fined(world, "云屿县大营建筑公司第2分公司")
    assert record(1).subject_no in subject_numbers(world.scope, firm("second").id)


def test_a_former_name_typed_with_a_slip_leads_to_who_bore_it(world):
    fined(world, "云屿青苗种子商店")
    assert record(1).subject_no in subject_numbers(world.scope, firm("renamed").id)
    assert Comparison.objects.get(linked=True).reasons[0] == "former"


def test_a_name_like_no_other_stays_unlinked(world):
    batch = fined(world, "云屿县苍梧渔具厂")
    assert (record(1).link_method, question(1).candidates) == ("none", [])
    assert not Comparison.objects.exists()
    assert MatchRun.objects.get(batch=batch).looked_at == 1


def test_an_exact_name_and_a_code_are_linked_without_comparing(world):
    fined(world, FIRMS["sail"])
    assert record(1).link_method == "name"
    assert not MatchRun.objects.exists()


def test_an_amendment_of_what_was_linked_by_comparing_still_says_so(world):
    fined(world, "云屿云帆机械配件有限责任公司")
    fined(world, "云屿云帆机械配件有限责任公司", 备注="补正")
    stated = record(1)
    assert (stated.version, stated.link_method, stated.gate) == (2, "match", "open")
    assert stated.subject_no in subject_numbers(world.scope, firm("sail").id)


def test_a_held_batch_is_linked_and_waits_for_its_release(world):
    from tests.world import SCHOOLS

    fined(world, "云屿云帆机械配件有限公司", department=SCHOOLS.code)
    assert (record(1).link_method, record(1).gate) == ("match", "held")
    assert not Effect.objects.filter(kind="publication").exists()


def test_doing_it_again_changes_nothing(world):
    batch = fined(world, "云屿云帆机械配件有限公司", "云屿县云航机械配件有限公司")
    before = list(Comparison.objects.values_list("id", flat=True))
    again = link_by_names(batch_no=batch.number, by=SYSTEM, now=NOW)
    assert (again.looked_at, again.opened) == (0, ())
    assert list(Comparison.objects.values_list("id", flat=True)) == before


def test_a_later_batch_looks_only_at_its_own_statements(world):
    fined(world, "云屿县云航机械配件有限公司")
    second = fined(world, "云屿云帆机械配件有限公司", first=2)
    assert MatchRun.objects.get(batch=second).looked_at == 1


def test_a_batch_that_a_killed_process_left_behind_is_looked_at_within_the_hour(world, monkeypatch):
    from datetime import timedelta

    from xinheng.intake.actions import processing

    monkeypatch.setattr(processing, "link_by_names", lambda **facts: None)
    fined(world, "云屿云帆机械配件有限公司")
    assert record(1).link_method == "none"
    assert link_waiting(now=NOW + timedelta(hours=1)) == 1
    assert record(1).link_method == "match"
    assert link_waiting(now=NOW + timedelta(hours=1)) == 0


def test_an_amendment_keeps_the_subject_that_names_led_to(world):
    fined(world, "云屿云帆机械配件有限公司")
    number = record(1).subject_no
    fined(world, "云屿云帆机械配件有限公司", 处罚内容="罚款人民币叁万元")
    assert (record(1).version, record(1).subject_no, record(1).gate) == (2, number, "open")
