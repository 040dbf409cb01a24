"""What an officer answers in the review queue, and what follows."""

import pytest
import register_world as world
from register_world import NOW, OFFICER, code

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import NotFound, Refused, WrongUsage
from xinheng.base.identifiers.credit_code import PLACEHOLDER
from xinheng.base.scope import PUBLIC, Scope
from xinheng.register.actions.review import StaleReview, accept_returned, keep_out, resolve_link, undo_link
from xinheng.register.models import Gate, Record, Review, ReviewKind, SubjectLink
from xinheng.register.queries import review, review_counts, reviews, subject_numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return world.organisation("云屿县鑫源商贸有限公司", code=code(1), former=("云屿县鑫源商店",))


@pytest.fixture
def twin():
    return world.organisation("云屿县鑫源商贸有限公司", code=code(2))


@pytest.fixture
def lin():
    return world.officer()


class TestQueue:
    def test_the_longest_waiting_comes_first_and_pages_follow_by_id(self, firm):
        asked = [world.review(world.unlinked_record(), firm).pk for _ in range(3)]
        first = reviews(OFFICER, limit=2)
        assert [line.id for line in first] == asked[:2]
        assert [line.id for line in reviews(OFFICER, after=first[-1].id)] == asked[2:]

    def test_it_is_narrowed_by_kind_and_department(self, firm):
        school = world.department("县教育局")
        link = world.review(world.unlinked_record(), firm)
        other = world.review(world.record(firm, source=world.batch(by=school)), kind=ReviewKind.SEVERITY)
        assert [line.id for line in reviews(OFFICER, kind="link")] == [link.pk]
        assert [line.id for line in reviews(OFFICER, department=school.pk)] == [other.pk]
        assert [line.id for line in reviews(Scope("990001", departments=frozenset({school.pk})))] == [other.pk]
        assert review_counts(OFFICER) == {"link": 1, "severity": 1, "returned": 0, "name": 0, "code": 0, "rejected": 0}

    def test_another_region_sees_nothing_and_the_public_is_refused(self, firm):
        question = world.review(world.unlinked_record(), firm)
        assert reviews(world.ELSEWHERE) == ()
        with pytest.raises(NotFound):
            review(world.ELSEWHERE, question.pk)
        with pytest.raises(Refused):
            reviews(PUBLIC)

    def test_the_statement_stands_beside_what_agrees_and_what_does_not(self, firm):
        other = world.organisation("云屿县青禾商贸有限公司", code=code(3))
        stated = world.unlinked_record(subject_name="云屿县鑫源商店", subject_code=code(3))
        shown = review(OFFICER, world.review(stated, firm, other).pk)
        assert shown.line.subject_name == "云屿县鑫源商店"
        assert [(one.same, one.different) for one in shown.candidates] == [
            (("曾用名相同",), ("代码不同",)),
            (("代码相同",), ("名称不同",)),
        ]
        assert shown.source is not None
        assert shown.source.row_no == 2

    def test_a_placeholder_contradicts_nobodys_code(self, firm):
        stated = world.unlinked_record(subject_name="云屿县鑫源商店", subject_code=PLACEHOLDER)
        (candidate,) = review(OFFICER, world.review(stated, firm).pk).candidates
        assert (candidate.same, candidate.different) == (("曾用名相同",), ())


class TestResolveLink:
    def test_choosing_an_organisation_opens_the_gate_and_keeps_the_number(self, firm, twin, lin):
        stated = world.unlinked_record()
        question = world.review(stated, firm, twin)
        assert resolve_link(review=question.pk, organisation_id=twin.id, by=lin, now=NOW) == (stated.record_no,)
        stated.refresh_from_db()
        assert (stated.gate, stated.link_method) == (Gate.OPEN, "officer")
        assert subject_numbers(OFFICER, twin.id) == (twin.id, stated.subject_no)
        assert subject_numbers(OFFICER, firm.id) == (firm.id,)
        question.refresh_from_db()
        assert (question.outcome, question.closed_by, question.closed_at) == ("linked", lin, NOW)

    def test_it_is_written_to_the_log_once(self, firm, lin):
        question = world.review(world.unlinked_record(), firm)
        resolve_link(review=question.pk, organisation_id=firm.id, by=lin, now=NOW)
        event = AuditEvent.objects.get(act="register.link")
        assert (event.actor_name, event.object_id) == ("林信予", str(question.record_no))
        assert event.detail["organisation"] == firm.id

    def test_none_of_these_keeps_the_record_out(self, firm, lin):
        stated = world.unlinked_record()
        question = world.review(stated, firm)
        assert resolve_link(review=question.pk, organisation_id=None, by=lin, now=NOW) == ()
        stated.refresh_from_db()
        assert stated.gate == Gate.UNLINKED
        assert Review.objects.get(pk=question.pk).outcome == "not_found"
        assert not SubjectLink.objects.exists()

    def test_the_second_officer_learns_that_somebody_was_faster(self, firm, twin, lin):
        question = world.review(world.unlinked_record(), firm, twin)
        resolve_link(review=question.pk, organisation_id=firm.id, by=lin, now=NOW)
        with pytest.raises(StaleReview, match="已由他人处理"):
            resolve_link(review=question.pk, organisation_id=twin.id, by=world.officer("gu.anlan"), now=NOW)
        assert SubjectLink.objects.get().organisation == firm

    def test_a_record_withdrawn_meanwhile_is_not_opened(self, firm, lin):
        stated = world.unlinked_record()
        question = world.review(stated, firm)
        world.record(stated.subject_no, amends=stated, withdrawn=True, withdrawal_reason="决定已撤销")
        with pytest.raises(StaleReview):
            resolve_link(review=question.pk, organisation_id=firm.id, by=lin, now=NOW)
        assert Review.objects.get(pk=question.pk).closed_at is None

    def test_a_held_batch_stays_held(self, firm, lin):
        stated = world.unlinked_record(source=world.batch(held=True))
        question = world.review(stated, firm)
        assert resolve_link(review=question.pk, organisation_id=firm.id, by=lin, now=NOW) == ()
        assert Record.objects.get(pk=stated.pk).gate == Gate.HELD

    def test_an_organisation_that_does_not_exist_is_refused_and_nothing_changes(self, firm, lin):
        question = world.review(world.unlinked_record(), firm)
        with pytest.raises(NotFound):
            resolve_link(review=question.pk, organisation_id=10**9, by=lin, now=NOW)
        assert Review.objects.get(pk=question.pk).closed_at is None

    def test_an_officer_of_another_region_has_no_such_review(self, firm):
        question = world.review(world.unlinked_record(), firm)
        stranger = world.officer("elsewhere")
        stranger.region = world.region("990002")
        with pytest.raises(NotFound):
            resolve_link(review=question.pk, organisation_id=firm.id, by=stranger, now=NOW)

    def test_a_severity_question_is_not_answered_here(self, firm, lin):
        question = world.review(world.record(firm), kind=ReviewKind.SEVERITY)
        with pytest.raises(NotFound):
            resolve_link(review=question.pk, organisation_id=firm.id, by=lin, now=NOW)


class TestUnlikeName:
    """The code is one organisation's, the name is quite another's."""

    def test_the_organisation_of_the_code_is_confirmed(self, firm, lin):
        stated = world.record(firm, gate=Gate.UNLINKED, subject_name="云屿县天海渔业公司")
        question = world.review(stated, firm, kind=ReviewKind.NAME)
        assert resolve_link(review=question.pk, organisation_id=firm.id, by=lin, now=NOW) == (stated.record_no,)
        stated.refresh_from_db()
        assert (stated.subject_no, stated.gate) == (firm.id, Gate.OPEN)
        assert not SubjectLink.objects.exists()

    def test_another_organisation_gets_the_record_and_the_first_keeps_only_its_past(self, firm, lin):
        right = world.organisation("云屿县天海渔业有限公司", code=code(9))
        stated = world.record(firm, gate=Gate.UNLINKED, subject_name="云屿县天海渔业公司")
        question = world.review(stated, firm, kind=ReviewKind.NAME)
        resolve_link(review=question.pk, organisation_id=right.id, by=lin, now=NOW)
        stated.refresh_from_db()
        assert subject_numbers(OFFICER, right.id) == (right.id, stated.subject_no)
        assert subject_numbers(OFFICER, firm.id) == (firm.id,)
        past = SubjectLink.objects.get(organisation=firm)
        assert (past.number, past.known_from, past.known_to) == (stated.subject_no, stated.known_from, NOW)

    def test_none_of_ours_takes_the_record_away_from_the_first(self, firm, lin):
        stated = world.record(firm, gate=Gate.UNLINKED)
        question = world.review(stated, firm, kind=ReviewKind.NAME)
        resolve_link(review=question.pk, organisation_id=None, by=lin, now=NOW)
        stated.refresh_from_db()
        assert stated.subject_no != firm.id
        assert stated.gate == Gate.UNLINKED


class TestUndo:
    def test_a_link_taken_back_shuts_the_gate_and_asks_again(self, firm, twin, lin):
        stated = world.unlinked_record()
        question = world.review(stated, firm, twin)
        resolve_link(review=question.pk, organisation_id=firm.id, by=lin, now=NOW)
        later = NOW.replace(hour=15)
        record_no = undo_link(review=question.pk, by=lin, now=later, reason="单位来信说明不是本单位")
        assert record_no == stated.record_no
        stated.refresh_from_db()
        assert (stated.gate, stated.link_method) == (Gate.UNLINKED, "none")
        link = SubjectLink.objects.get()
        assert (link.known_from, link.known_to) == (NOW, later)
        (again,) = reviews(OFFICER)
        assert again.id != question.pk
        assert resolve_link(review=again.id, organisation_id=twin.id, by=lin, now=later) == (stated.record_no,)
        assert subject_numbers(OFFICER, twin.id) == (twin.id, stated.subject_no)

    def test_it_needs_a_reason_and_works_once(self, firm, lin):
        question = world.review(world.unlinked_record(), firm)
        resolve_link(review=question.pk, organisation_id=firm.id, by=lin, now=NOW)
        with pytest.raises(WrongUsage, match="理由"):
            undo_link(review=question.pk, by=lin, now=NOW, reason=" ")
        undo_link(review=question.pk, by=lin, now=NOW, reason="关联有误")
        with pytest.raises(StaleReview):
            undo_link(review=question.pk, by=lin, now=NOW, reason="关联有误")


class TestSentAgain:
    def test_an_accepted_one_may_be_published(self, firm, lin):
        stated = world.record(firm, gate=Gate.RETURNED)
        question = world.review(stated, kind=ReviewKind.RETURNED)
        assert accept_returned(review=question.pk, by=lin, now=NOW) == (stated.record_no,)
        assert Record.objects.get(pk=stated.pk).gate == Gate.OPEN

    def test_an_accepted_one_without_known_subject_is_asked_about(self, lin):
        stated = world.unlinked_record(gate=Gate.RETURNED)
        question = world.review(stated, kind=ReviewKind.RETURNED)
        assert accept_returned(review=question.pk, by=lin, now=NOW) == ()
        assert Record.objects.get(pk=stated.pk).gate == Gate.UNLINKED
        assert [line.kind for line in reviews(OFFICER)] == ["link"]

    def test_one_kept_out_stays_out_with_the_reason_on_file(self, firm, lin):
        stated = world.record(firm, gate=Gate.RETURNED)
        question = world.review(stated, kind=ReviewKind.RETURNED)
        with pytest.raises(WrongUsage):
            keep_out(review=question.pk, by=lin, now=NOW, note="")
        keep_out(review=question.pk, by=lin, now=NOW, note="原决定已被法院撤销")
        assert Record.objects.get(pk=stated.pk).gate == Gate.RETURNED
        assert Review.objects.get(pk=question.pk).outcome == "kept_out"
        with pytest.raises(StaleReview):
            accept_returned(review=question.pk, by=lin, now=NOW)
