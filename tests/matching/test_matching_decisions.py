"""What an officer decides about a typed name is followed, kept, and undone everywhere."""

import pytest
from django.db import IntegrityError, connection, transaction
from matching_world import fined, firm, question, record, register_firms
from tests.kept import building, lent
from tests.world import NOW, SCHOOLS

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import WrongUsage
from xinheng.effects.models import Effect, EndReason
from xinheng.intake.actions.reviewing import link_subject, undo_link
from xinheng.matching.models import Comparison, NameDecision
from xinheng.register.linked import link_told
from xinheng.register.models import SubjectLink
from xinheng.register.queries import subject_numbers

pytestmark = pytest.mark.django_db

DOUBTFUL = "云屿县云航机械配件有限公司"
SLIP = "云屿云帆机械配件有限公司"


@pytest.fixture(scope="module", autouse=True)
def _register(module_world):
    with building(module_world) as county:
        register_firms(county)


@pytest.fixture
def world(module_world, home):
    return lent(module_world, home)


@pytest.fixture
def lin(world):
    return world.officer("lin.xinyu")


def published() -> list[int]:
    return list(Effect.objects.filter(kind="publication", ended_at=None).values_list("record_id", flat=True))


def test_the_same_department_typing_the_same_name_is_answered_by_the_decision(world, lin):
    fined(world, DOUBTFUL)
    link_subject(review=question(1).pk, organisation_id=firm("sail").id, by=lin, now=NOW, note="电话核对")
    fined(world, DOUBTFUL, first=2)
    assert (record(2).link_method, record(2).gate, question(2).outcome) == ("match", "open", "remembered")
    assert record(2).subject_no in subject_numbers(world.scope, firm("sail").id)
    followed = Comparison.objects.get(review_id=question(2).pk, linked=True)
    assert followed.decision == NameDecision.objects.get()
    assert (followed.decision.by, followed.decision.note) == (lin, "电话核对")
    assert sorted(published()) == sorted([record(1).id, record(2).id])


def test_a_record_that_followed_a_decision_tells_which(world, lin):
    fined(world, DOUBTFUL)
    link_subject(review=question(1).pk, organisation_id=firm("sail").id, by=lin, now=NOW, note="电话核对")
    fined(world, DOUBTFUL, first=2)
    assert list(link_told([record(1), record(2)]).values()) == [
        "由信用办核对后归到这个单位",
        f"来源没有可用的代码，报送的名称“{DOUBTFUL}”经比对归到这个单位："
        f"按第 {question(1).pk} 号待审事项的处理：同一部门、同一写法",
    ]


def test_open_questions_about_the_same_typed_name_are_answered_at_once(world, lin):
    fined(world, DOUBTFUL, DOUBTFUL, "云屿县云舫机械配件有限公司")
    link_subject(review=question(1).pk, organisation_id=firm("sail").id, by=lin, now=NOW)
    assert [question(number).outcome for number in (1, 2, 3)] == ["linked", "remembered", ""]
    assert len(published()) == 2


def test_another_department_is_asked_anew(world, lin):
    fined(world, DOUBTFUL)
    link_subject(review=question(1).pk, organisation_id=firm("sail").id, by=lin, now=NOW)
    fined(world, DOUBTFUL, first=2, department=SCHOOLS.code)
    assert question(2).closed_at is None


def test_a_refused_candidate_is_not_offered_again(world, lin):
    fined(world, DOUBTFUL)
    link_subject(review=question(1).pk, organisation_id=None, by=lin, now=NOW, note="外地单位")
    fined(world, DOUBTFUL, first=2)
    assert (record(2).link_method, question(2).candidates) == ("none", [])


def test_undoing_a_link_made_by_comparing_ends_what_followed_and_asks_again(world, lin):
    fined(world, SLIP)
    asked = question(1)
    assert undo_link(review=asked.pk, by=lin, now=NOW, reason="不是同一单位") == 1
    assert (record(1).link_method, record(1).gate) == ("none", "unlinked")
    assert record(1).subject_no not in subject_numbers(world.scope, firm("sail").id)
    assert Effect.objects.get(record_id=record(1).id).end_reason == EndReason.CORRECTED
    assert SubjectLink.objects.get(number=record(1).subject_no).known_to == NOW
    assert question(1).pk != asked.pk
    assert question(1).candidates == [firm("sail").id]


def test_what_was_undone_is_not_linked_again_the_same_way(world, lin):
    fined(world, SLIP)
    undo_link(review=question(1).pk, by=lin, now=NOW, reason="不是同一单位")
    fined(world, SLIP, first=2)
    assert (record(2).link_method, record(2).gate) == ("none", "unlinked")


def test_undoing_a_decision_unlinks_everything_it_answered(world, lin):
    fined(world, DOUBTFUL, DOUBTFUL)
    first = question(1)
    link_subject(review=first.pk, organisation_id=firm("sail").id, by=lin, now=NOW)
    fined(world, DOUBTFUL, first=3)
    assert len(published()) == 3
    assert undo_link(review=first.pk, by=lin, now=NOW, reason="看错了") == 3
    assert published() == []
    assert subject_numbers(world.scope, firm("sail").id) == (firm("sail").id,)
    assert [question(number).closed_at for number in (1, 2, 3)] == [None] * 3


def test_undoing_one_that_followed_unlinks_the_decision_as_well(world, lin):
    fined(world, DOUBTFUL, DOUBTFUL)
    link_subject(review=question(1).pk, organisation_id=firm("sail").id, by=lin, now=NOW)
    assert undo_link(review=question(2).pk, by=lin, now=NOW, reason="看错了") == 2
    assert published() == []


def test_decisions_and_undoing_are_kept_and_logged(world, lin):
    fined(world, DOUBTFUL)
    link_subject(review=question(1).pk, organisation_id=firm("sail").id, by=lin, now=NOW)
    undo_link(review=question(1).pk, by=lin, now=NOW, reason="看错了")
    made, refused = NameDecision.objects.order_by("pk")
    assert (made.organisation, made.undone_by, made.undone_why) == (firm("sail"), lin, "撤销关联：看错了")
    assert (refused.organisation, refused.refused, refused.undone_at) == (None, [firm("sail").id], None)
    assert AuditEvent.objects.filter(act="matching.decided").count() == 2


def test_a_new_answer_after_undoing_takes_the_place_of_the_refusal(world, lin):
    fined(world, DOUBTFUL)
    link_subject(review=question(1).pk, organisation_id=firm("sail").id, by=lin, now=NOW)
    undo_link(review=question(1).pk, by=lin, now=NOW, reason="看错了")
    link_subject(review=question(1).pk, organisation_id=firm("spring").id, by=lin, now=NOW)
    fined(world, DOUBTFUL, first=2)
    assert record(2).subject_no in subject_numbers(world.scope, firm("spring").id)
    assert NameDecision.objects.filter(undone_at=None).count() == 1


def test_undoing_needs_a_reason(world, lin):
    fined(world, SLIP)
    with pytest.raises(WrongUsage):
        undo_link(review=question(1).pk, by=lin, now=NOW, reason=" ")
    assert record(1).link_method == "match"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE matching_comparison SET score = 1",
        "DELETE FROM matching_comparison",
        "DELETE FROM matching_namedecision",
    ],
)
def test_comparisons_and_decisions_cannot_be_changed_or_deleted(world, lin, statement):
    fined(world, DOUBTFUL)
    link_subject(review=question(1).pk, organisation_id=firm("sail").id, by=lin, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
