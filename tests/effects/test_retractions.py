"""Every unplanned end reaches everybody who holds a copy; who does not answer is chased, who lies is marked."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.effects.effects_world import NOW, SYSTEM, TODAY, EffectsWorld
from tests.effects.receivers import asked, effects_of, hand_file, program, upper_platform

from xinheng.base.errors import Conflict, NotFound, Refused, TryLater, WrongUsage
from xinheng.base.scope import Scope
from xinheng.effects import queries
from xinheng.effects.actions import (
    acknowledge_retraction,
    chase_retractions,
    confirm_in_writing,
    confirm_takedown,
    end_effects,
    end_for_versions,
    hand_to_program,
    propose_takedown,
    report_still_held,
    resume_effects,
    suspend_effects,
)
from xinheng.effects.models import EndReason, HandedVersion, Handover, Retraction
from xinheng.people.models import Message
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db
REGION = Scope(region="990001")
OVERDUE = NOW + timedelta(days=6)


def end(*records: Record, reason: EndReason = EndReason.REPAIRED) -> int:
    return end_effects(
        effect_ids=effects_of(*records), reason=reason, why="本案准予修复", by=SYSTEM, now=NOW, today=TODAY
    )


def test_a_repair_asks_every_holder_to_remove_the_version(county: EffectsWorld):
    record, other = county.record(), county.record()
    county.publish()
    reader = program(county)
    hand_to_program(client=reader, effect_ids=effects_of(record, other), now=NOW)
    hand_file(upper_platform(county), record)

    end(record)

    assert asked() == [("上级平台", record.pk), ("云屿县市场监督管理局 政务大厅系统", record.pk)]
    (line,) = queries.retractions(REGION, as_at=TODAY, recipient=upper_platform(county).pk)
    assert (line.version, line.decision_no, line.due_on) == (1, record.decision_no, date(2026, 11, 25))


def test_an_end_known_in_advance_needs_no_message(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_file(upper_platform(county), record)
    later = NOW + timedelta(days=400)

    end_effects(
        effect_ids=effects_of(record), reason=EndReason.REPAIRED, why="", by=SYSTEM, now=later, today=later.date()
    )

    assert asked() == []


def test_a_withdrawal_and_a_correction_reach_the_holders_too(county: EffectsWorld):
    withdrawn, corrected = county.record(), county.record()
    county.publish()
    hand_file(upper_platform(county), withdrawn, corrected)
    county.amend(withdrawn, withdrawn=True, withdrawal_reason="决定被撤销")
    county.amend(corrected, title="改正后的事由")

    end_for_versions(batch_no=8, now=NOW, today=TODAY, by=SYSTEM)

    assert asked() == [("上级平台", withdrawn.pk), ("上级平台", corrected.pk)]
    assert set(Retraction.objects.values_list("batch_no", flat=True)) == {8}


def test_a_version_that_was_never_public_here_is_taken_back_when_it_is_replaced(county: EffectsWorld):
    minor = county.record(penalty_categories="警告", amount_fen=None)
    county.publish()
    assert effects_of(minor) == []
    hand_file(upper_platform(county), minor)
    county.amend(minor, withdrawn=True, withdrawal_reason="决定被撤销")

    end_for_versions(batch_no=8, now=NOW, today=TODAY, by=SYSTEM)

    (line,) = queries.retractions(REGION, as_at=TODAY)
    found = queries.retraction(REGION, line.id)
    assert (found.cause, found.caused_by, found.reason) == ("记录更正或撤回", "云屿县教育局", "决定被撤销")


def test_a_record_taken_down_leaves_the_copies_as_well(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_file(upper_platform(county), record)
    proposed = propose_takedown(
        record_no=record.record_no, reason="含个人信息", by=county.officer("lin.xinyu"), now=NOW
    )

    confirm_takedown(takedown=proposed.pk, by=county.officer("zhou.ming"), now=NOW)

    assert asked() == [("上级平台", record.pk)]
    assert queries.retractions(REGION, as_at=TODAY)[0].cause_label == "公示暂停"


def test_a_mark_alone_takes_nothing_back(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_file(upper_platform(county), record)

    suspend_effects(
        effect_ids=effects_of(record), cause="objection:1", hides=False, reason="异议已受理", by=SYSTEM, now=NOW,
        today=TODAY,
    )  # fmt: skip

    assert asked() == []


def test_what_came_back_and_was_read_again_is_taken_back_again(county: EffectsWorld):
    record = county.record()
    county.publish()
    reader = program(county)
    facts = {"by": SYSTEM, "now": NOW, "today": TODAY}
    hand_to_program(client=reader, effect_ids=effects_of(record), now=NOW)
    suspend_effects(effect_ids=effects_of(record), cause="takedown:1", hides=True, reason="核查", **facts)
    assert hand_to_program(client=reader, effect_ids=effects_of(record), now=NOW) == frozenset()
    resume_effects(cause="takedown:1", reason="核查完毕", **facts)
    hand_to_program(client=reader, effect_ids=effects_of(record), now=NOW)

    end(record)

    assert [one.cause for one in Retraction.objects.order_by("pk")] == ["suspended", "restored", "ended"]


def test_a_copy_that_ran_out_needs_no_message(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_file(upper_platform(county), record, valid_until=TODAY - timedelta(days=1))

    end(record)

    assert asked() == []


def test_nothing_that_ended_is_handed_over(county: EffectsWorld):
    record = county.record()
    county.publish()
    end(record)

    with pytest.raises(TryLater):
        hand_file(upper_platform(county), record)
    assert hand_to_program(client=program(county), effect_ids=effects_of(record), now=NOW) == frozenset()
    assert not HandedVersion.objects.exists()


def test_calls_of_a_day_are_one_handover_whatever_their_number(county: EffectsWorld):
    first, second = county.record(), county.record()
    county.publish()
    reader = program(county)
    for records in ((first,), (first, second), (second,)):
        hand_to_program(client=reader, effect_ids=effects_of(*records), now=NOW)

    assert (Handover.objects.get().versions, HandedVersion.objects.count()) == (2, 2)


def test_the_number_of_statements_does_not_depend_on_the_number_of_records(county: EffectsWorld):
    def statements(count: int) -> int:
        records = [county.record() for _ in range(count)]
        county.publish()
        hand_file(upper_platform(county), *records)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            end(*records)
        return len(captured)

    assert statements(2) == statements(40)
    assert Retraction.objects.count() == 42


def test_a_program_acknowledges_the_version_it_removed_once(county: EffectsWorld):
    record = county.record()
    county.publish()
    reader = program(county)
    hand_to_program(client=reader, effect_ids=effects_of(record), now=NOW)
    end(record)
    number = Retraction.objects.get().pk

    with pytest.raises(Refused, match="版本不对"):
        acknowledge_retraction(retraction=number, version=2, client=reader, now=NOW)
    with pytest.raises(NotFound):
        acknowledge_retraction(retraction=number, version=1, client=program(county, "另一系统"), now=NOW)
    acknowledge_retraction(retraction=number, version=1, client=reader, now=NOW)
    with pytest.raises(Conflict):
        acknowledge_retraction(retraction=number, version=1, client=reader, now=NOW)

    assert queries.retraction_counts(REGION, as_at=TODAY)["open"] == 0
    assert [one.label for one in queries.retraction(REGION, number).steps] == ["接口已确认"]


def test_a_silent_recipient_is_reminded_every_second_working_day(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_to_program(client=program(county), effect_ids=effects_of(record), now=NOW)
    end(record)

    assert chase_retractions(now=NOW).retractions == 0
    days = [chase_retractions(now=OVERDUE + timedelta(days=after)).retractions for after in range(5)]

    # Friday 27 November; the weekend does not count, so the next reminder is due on Tuesday.
    assert days == [1, 0, 0, 0, 1]
    line = queries.retractions(REGION, as_at=OVERDUE.date(), show="overdue")[0]
    assert (line.reminders, line.reminded_on) == (2, date(2026, 12, 1))
    assert Message.objects.filter(department__isnull=False, title__contains="逾期未确认").count() == 2
    assert Message.objects.filter(officer__isnull=False).values("officer").distinct().count() == 2


def test_a_lying_recipient_is_marked_with_evidence_and_asked_again(county: EffectsWorld):
    record = county.record()
    county.publish()
    reader = program(county)
    hand_to_program(client=reader, effect_ids=effects_of(record), now=NOW)
    end(record)
    number = Retraction.objects.get().pk
    officer = county.officer("lin.xinyu")
    with pytest.raises(Conflict):
        report_still_held(retraction=number, evidence="看到仍在使用", by=officer, now=NOW)
    acknowledge_retraction(retraction=number, version=1, client=reader, now=NOW)
    with pytest.raises(WrongUsage):
        report_still_held(retraction=number, evidence=" ", by=officer, now=NOW)

    report_still_held(retraction=number, evidence="2026-11-21 该系统办件页面仍显示", by=officer, now=NOW)

    assert queries.retraction_counts(REGION, as_at=TODAY) == {"open": 1, "overdue": 0, "contested": 1}
    acknowledge_retraction(retraction=number, version=1, client=reader, now=NOW + timedelta(hours=1))
    found = queries.retraction(REGION, number)
    assert [one.label for one in found.steps] == ["接口已确认", "发现仍在使用", "接口已确认"]
    assert (found.line.contested, found.cause, found.reason) == (True, "公示提前终止：信用修复", "本案准予修复")


def test_a_recipient_without_a_program_confirms_in_writing_and_all_at_once(county: EffectsWorld):
    first, second = county.record(), county.record()
    county.publish()
    above, officer = upper_platform(county), county.officer("lin.xinyu")
    hand_file(above, first, second)
    end(first, second)
    with pytest.raises(WrongUsage):
        confirm_in_writing(recipient=above.pk, retractions=None, note="", by=officer, now=NOW)

    assert confirm_in_writing(recipient=above.pk, retractions=None, note="幻信函〔2026〕8号", by=officer, now=NOW) == 2
    with pytest.raises(Conflict):
        confirm_in_writing(recipient=above.pk, retractions=None, note="幻信函〔2026〕8号", by=officer, now=NOW)


def test_an_officer_cannot_confirm_for_a_program(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_to_program(client=program(county), effect_ids=effects_of(record), now=NOW)
    end(record)
    recipient = Retraction.objects.get().recipient

    with pytest.raises(Refused, match="接口"):
        confirm_in_writing(recipient=recipient.pk, retractions=None, note="函", by=county.officer("lin.xinyu"), now=NOW)


def test_the_database_keeps_what_was_asked_and_who_confirmed(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_file(upper_platform(county), record)
    end(record)
    for change in ({"record_id": 1}, {"confirmed_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Retraction.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Retraction.objects.all().delete()
