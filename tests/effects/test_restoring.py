"""What was wrong is made good: ended as never justified, or public again by a new effect; everybody is told."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.effects.effects_world import NOW, SCHOOLS, SYSTEM, TODAY, EffectsWorld
from tests.effects.receivers import effects_of, hand_file, program, upper_platform

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.scope import PUBLIC, Scope
from xinheng.effects import queries
from xinheng.effects.actions import (
    acknowledge_retraction,
    confirm_takedown,
    end_effects,
    end_for_versions,
    hand_to_program,
    lift_takedown,
    propose_takedown,
    publish_again,
    undo_effects,
)
from xinheng.effects.actions.takedown import confirm_lift
from xinheng.effects.leaving import may_leave
from xinheng.effects.models import Effect, EffectChange, EndReason, PublicationTally, Retraction
from xinheng.people.models import User
from xinheng.register.models import Gate, Record, Review

pytestmark = pytest.mark.django_db
REGION = Scope(region="990001")
LATER = NOW + timedelta(days=30)


def officer(county: EffectsWorld) -> User:
    return county.officer("lin.xinyu")


def repaired(county: EffectsWorld, **facts: object) -> Record:
    record = county.record(**facts)
    county.publish()
    end_effects(effect_ids=effects_of(record), reason=EndReason.REPAIRED, why="修复", by=SYSTEM, now=NOW, today=TODAY)
    return record


def again(county: EffectsWorld, record: Record, now: datetime = LATER) -> bool:
    return publish_again(record_no=record.record_no, why="撤销修复", by=officer(county), now=now).published


def undo(record: Record, now: datetime = NOW) -> int:
    return undo_effects(
        record_no=record.record_no, effect_ids=effects_of(record), why="处罚决定被撤销", by=SYSTEM, now=now
    ).told


def notices() -> list[tuple[str, str, str]]:
    """Recipient, what is asked, why, oldest first."""
    return [
        (one.recipient.name, one.kind.value, one.cause)
        for one in Retraction.objects.select_related("recipient").order_by("pk")
    ]


def test_a_revoked_repair_is_public_again_to_the_same_last_day_by_an_effect_of_its_own(county: EffectsWorld):
    record = repaired(county)

    assert again(county, record)

    old, new = Effect.objects.order_by("pk")
    assert (old.end_reason, new.ended_at, new.restores_id) == ("repaired", None, old.pk)
    assert (new.starts, new.ends) == (LATER.date(), old.ends)
    assert queries.published(PUBLIC, record.record_no, as_at=LATER.date()).ends == old.ends
    assert EffectChange.objects.get(effect_id=old.pk, change="restored").reason == "撤销修复"


def test_what_returned_is_counted_and_fed_like_anything_that_appears(county: EffectsWorld):
    record = repaired(county)
    again(county, record)

    assert sum(PublicationTally.objects.filter(day__lte=LATER.date()).values_list("delta", flat=True)) == 1
    assert queries.still_shown(PUBLIC, as_at=LATER.date()).live == 1
    assert record in may_leave(Record.objects.all())
    hand_file(upper_platform(county), record, now=LATER)


def test_it_returns_once(county: EffectsWorld):
    record = repaired(county)
    again(county, record)

    with pytest.raises(Conflict, match="已经恢复过"):
        again(county, record)


def test_a_second_revocation_after_a_second_repair_goes_on_from_the_second_effect(county: EffectsWorld):
    record = repaired(county)
    again(county, record)
    living = list(Effect.objects.filter(ended_at=None).values_list("pk", flat=True))
    end_effects(effect_ids=living, reason=EndReason.REPAIRED, why="", by=SYSTEM, now=LATER, today=LATER.date())

    assert again(county, record, LATER + timedelta(days=1))
    assert Effect.objects.filter(ended_at=None).get().restores_id == living[0]


def test_nothing_returns_after_the_lawful_period(county: EffectsWorld):
    record = repaired(county)

    assert not again(county, record, NOW + timedelta(days=400))
    assert Effect.objects.count() == 1


def test_what_never_ended_or_never_was_does_not_return(county: EffectsWorld):
    public, unknown = county.record(), county.record(decided_on=None)
    county.publish()

    with pytest.raises(Conflict):
        again(county, public)
    with pytest.raises(NotFound):
        again(county, unknown)


def test_a_withdrawn_record_is_for_its_department_to_send_again(county: EffectsWorld):
    record = county.record()
    county.publish()
    county.amend(record, withdrawn=True, withdrawal_reason="异议成立")
    end_for_versions(batch_no=8, now=NOW, today=TODAY, by=SYSTEM)

    with pytest.raises(Refused, match="重新报送"):
        again(county, record)


def test_a_version_sent_again_meanwhile_is_let_in_by_the_decision(county: EffectsWorld):
    record = repaired(county)
    newer = county.amend(record, title="改了一个字")
    county.publish(batch_no=8)
    assert Record.objects.get(pk=newer.pk).gate == Gate.RETURNED

    assert again(county, record)

    assert Effect.objects.get(record_id=newer.pk).ends == Effect.objects.get(record_id=record.pk).ends
    assert Review.objects.get(record_no=record.record_no, kind="returned").outcome == "accepted"


def test_an_amendment_of_what_returned_needs_no_new_question(county: EffectsWorld):
    record = repaired(county)
    again(county, record)
    newer = county.amend(record, title="改了一个字", now=LATER)
    end_for_versions(batch_no=8, now=LATER, today=LATER.date(), by=SYSTEM)
    county.publish(batch_no=8, today=LATER.date(), now=LATER)

    assert Record.objects.get(pk=newer.pk).gate == Gate.OPEN
    assert Effect.objects.get(record_id=newer.pk).ended_at is None


def test_whoever_was_asked_to_remove_it_is_told_that_it_is_public_again(county: EffectsWorld):
    record = county.record()
    county.publish()
    reader = program(county)
    hand_to_program(client=reader, effect_ids=effects_of(record), now=NOW)
    end_effects(effect_ids=effects_of(record), reason=EndReason.REPAIRED, why="", by=SYSTEM, now=NOW, today=TODAY)

    again(county, record)

    name = "云屿县市场监督管理局 政务大厅系统"
    assert notices() == [(name, "remove", "ended"), (name, "public_again", "restored")]
    told = Retraction.objects.get(cause="restored")
    acknowledge_retraction(retraction=told.pk, version=1, client=reader, now=LATER)
    detail = queries.retraction(REGION, told.pk)
    assert (detail.reason, detail.caused_by) == ("撤销修复", officer(county).display_name)


def test_the_end_of_a_take_down_is_told_and_what_was_not_confirmed_is_not_chased(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_file(upper_platform(county), record)
    second = county.officer("zhou.ming")
    made = propose_takedown(record_no=record.record_no, reason="疑有误", by=officer(county), now=NOW)
    confirm_takedown(takedown=made.pk, by=second, now=NOW)
    lift_takedown(takedown=made.pk, reason="核实无误", by=officer(county), now=LATER)

    confirm_lift(takedown=made.pk, by=second, now=LATER)

    assert notices() == [("上级平台", "remove", "suspended"), ("上级平台", "public_again", "restored")]
    first = Retraction.objects.order_by("pk")[0]
    assert first.confirmed_at == LATER
    assert [step.label for step in queries.retraction(REGION, first.pk).steps] == ["已恢复公示，不需要再停用"]


def test_everybody_who_ever_had_a_wrong_record_is_told_to_put_it_right_once(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_to_program(client=program(county), effect_ids=effects_of(record), now=NOW)
    hand_file(upper_platform(county), record)
    county.amend(record, title="更正后的事由")
    end_for_versions(batch_no=8, now=NOW, today=TODAY, by=SYSTEM)
    county.publish(batch_no=8)
    newer = Record.objects.get(record_no=record.record_no, known_to=None)
    hand_file(upper_platform(county), newer)

    told = undo_effects(
        record_no=record.record_no, effect_ids=effects_of(record, newer), why="撤销", by=SYSTEM, now=LATER
    )

    wrong = Retraction.objects.filter(cause="wrong").order_by("recipient__name")
    assert [(one.recipient.name, one.record_id, one.kind) for one in wrong] == [
        ("上级平台", newer.pk, "put_right"),
        ("云屿县市场监督管理局 政务大厅系统", record.pk, "put_right"),
    ]
    assert (told.ended, told.told) == (1, 2)
    assert Effect.objects.get(record_id=newer.pk).end_reason == EndReason.UNFOUNDED
    assert undo(newer, LATER + timedelta(days=1)) == 0


def test_a_record_that_ran_out_or_was_repaired_before_is_still_put_right_everywhere(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_file(upper_platform(county), record)

    assert undo(record, NOW + timedelta(days=400)) == 1

    told = Retraction.objects.get()
    assert queries.retraction(REGION, told.pk).reason == "处罚决定被撤销"
    assert Effect.objects.get().ended_at is None


def test_what_never_should_have_been_does_not_come_back_by_a_resend(county: EffectsWorld):
    record = county.record()
    county.publish()
    undo(record)
    newer = county.amend(record, title="改了一个字")
    county.publish(batch_no=8)

    assert Record.objects.get(pk=newer.pk).gate == Gate.RETURNED


def test_a_decision_that_annulled_wrongly_can_itself_be_made_good(county: EffectsWorld):
    record = county.record()
    county.publish()
    hand_file(upper_platform(county), record)
    undo(record)

    assert again(county, record)
    assert [one[1] for one in notices()] == ["put_right", "public_again"]
    assert undo(record, LATER + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"restores_id": 999_999},
        {"ends": date(2030, 1, 1)},
        {"ends": None, "removal_rule": "移出之日"},
        {},
    ],
)
def test_the_database_refuses_a_return_that_nobody_decided_or_that_lasts_longer(county: EffectsWorld, change):
    record = repaired(county)
    old = Effect.objects.get()
    if change:
        EffectChange.objects.create(
            effect_id=old.pk, change="restored", at=LATER, actor_kind="system", actor_name="测试", reason="撤销"
        )
    values = {f.attname: getattr(old, f.attname) for f in Effect._meta.concrete_fields if f.name != "id"}
    values |= {"ended_at": None, "end_reason": "", "created_at": LATER, "starts": LATER.date(), "restores_id": old.pk}

    with pytest.raises(IntegrityError), transaction.atomic():
        Effect.objects.create(**(values | change))
    assert record.record_no


def test_the_database_refuses_the_return_of_another_record_and_of_what_is_in_force(county: EffectsWorld):
    record, other = repaired(county), county.record(department=county.department(SCHOOLS))
    old = Effect.objects.get(record_id=record.pk)
    EffectChange.objects.create(
        effect_id=old.pk, change="restored", at=LATER, actor_kind="system", actor_name="测试", reason="撤销"
    )
    values = {f.attname: getattr(old, f.attname) for f in Effect._meta.concrete_fields if f.name != "id"}
    values |= {"ended_at": None, "end_reason": "", "created_at": LATER, "starts": LATER.date(), "restores_id": old.pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        Effect.objects.create(**(values | {"record_id": other.pk}))
    county.publish(batch_no=7)
    living = Effect.objects.get(record_id=other.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Effect.objects.create(**(values | {"record_id": other.pk, "restores_id": living.pk}))
