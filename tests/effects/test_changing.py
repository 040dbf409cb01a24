"""Corrections, withdrawals, take-downs, severity decisions, held batches and the daily upkeep."""

from datetime import date, timedelta

import pytest
from tests.effects.effects_world import NOW, SYSTEM, TODAY, EffectsWorld

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.scope import PUBLIC
from xinheng.effects import queries
from xinheng.effects.actions import (
    confirm_lift,
    confirm_takedown,
    daily_upkeep,
    decide_severity,
    end_effects,
    end_for_versions,
    lift_takedown,
    propose_takedown,
    publish_records,
    release_batch,
)
from xinheng.effects.models import EffectChange, EndReason, FeedEvent
from xinheng.ledger.models import Batch
from xinheng.register.models import Gate, Record, Review

pytestmark = pytest.mark.django_db


def public(record: Record, day: date = TODAY) -> bool:
    try:
        queries.published(PUBLIC, record.record_no, as_at=day)
    except NotFound:
        return False
    return True


def live(day: date = TODAY) -> int:
    shown = queries.still_shown(PUBLIC, as_at=day)
    assert shown.live == queries.counts(PUBLIC, as_at=day).total
    return shown.live


def end(batch_no: int = 8) -> dict[str, int]:
    return end_for_versions(batch_no=batch_no, now=NOW, today=TODAY, by=SYSTEM)


def test_publication_ends_on_its_day_without_any_job(county: EffectsWorld):
    record = county.record()
    county.publish()

    assert public(record, date(2027, 5, 19))
    assert not public(record, date(2027, 5, 20))
    assert (live(date(2027, 5, 19)), live(date(2027, 5, 20))) == (1, 0)


def test_an_amendment_ends_the_old_version_and_publishes_the_new_one(county: EffectsWorld):
    old = county.record()
    county.publish()
    new = county.amend(old, amount_fen=60_000_000)

    assert end() == {"corrected": 1}
    county.publish(8)

    shown = queries.published(PUBLIC, new.record_no, as_at=TODAY)
    assert (shown.record_id, shown.severity, shown.last_day) == (new.pk, "严重", date(2029, 5, 19))
    assert county.effect(old).end_reason == "corrected"
    assert live() == 1


def test_a_withdrawal_ends_publication_with_the_reason_the_department_gave(county: EffectsWorld):
    old = county.record()
    county.publish()
    county.amend(old, withdrawn=True, withdrawal_reason="决定被撤销")

    assert end() == {"withdrawn": 1}

    assert not public(old)
    assert live() == 0
    assert EffectChange.objects.get().reason == "决定被撤销"
    assert FeedEvent.objects.filter(kind="ended").count() == 1


@pytest.mark.parametrize("reason", [EndReason.REPAIRED, EndReason.OBJECTION_UPHELD, EndReason.WITHDRAWN])
def test_what_ended_for_good_does_not_return_by_an_amendment(county: EffectsWorld, reason: EndReason):
    old = county.record()
    county.publish()
    end_effects(effect_ids=[county.effect(old).pk], reason=reason, why="测试", by=SYSTEM, now=NOW, today=TODAY)
    new = county.amend(old)

    assert county.publish(8).unpublished == {"returned": 1}

    new.refresh_from_db()
    assert new.gate == Gate.RETURNED
    assert Review.objects.get().kind == "returned"
    assert not public(new)


def test_a_version_whose_link_was_taken_back_may_be_published_anew(county: EffectsWorld):
    record = county.record()
    county.publish()
    end_effects(
        effect_ids=[county.effect(record).pk],
        reason=EndReason.CORRECTED,
        why="撤销关联",
        by=SYSTEM,
        now=NOW,
        today=TODAY,
    )

    assert county.publish().published == 1
    assert (public(record), live()) == (True, 1)


def test_an_officer_may_let_a_returned_record_be_public_again(county: EffectsWorld):
    old = county.record()
    county.publish()
    withdrawn = county.amend(old, withdrawn=True, withdrawal_reason="误报")
    end()
    again = county.amend(withdrawn, batch_no=9)
    county.publish(9)
    later = NOW + timedelta(hours=1)
    Review.objects.update(closed_at=later, closed_by=county.officer("lin.xinyu"), outcome="accepted")
    Record.objects.filter(pk=again.pk).update(gate=Gate.OPEN)

    assert publish_records(record_nos=[again.record_no], today=TODAY, now=later, by=SYSTEM).published == 1
    assert public(again)


def test_a_takedown_needs_two_persons_to_begin_and_two_to_end(county: EffectsWorld):
    record = county.record()
    county.publish()
    lin, zhou = county.officer("lin.xinyu"), county.officer("zhou.ming")

    takedown = propose_takedown(record_no=record.record_no, reason="疑似泄露隐私", by=lin, now=NOW)
    assert public(record)
    with pytest.raises(Refused):
        confirm_takedown(takedown=takedown.pk, by=lin, now=NOW)
    confirm_takedown(takedown=takedown.pk, by=zhou, now=NOW)
    assert (public(record), live()) == (False, 0)

    lift_takedown(takedown=takedown.pk, reason="核实无误", by=lin, now=NOW)
    assert not public(record)
    with pytest.raises(Refused):
        confirm_lift(takedown=takedown.pk, by=lin, now=NOW)
    confirm_lift(takedown=takedown.pk, by=zhou, now=NOW)
    assert (public(record), live()) == (True, 1)
    assert queries.takedowns(PUBLIC.__class__(region="990001"), open_only=False)[0].state == "已恢复公示"


def test_an_amendment_does_not_bring_a_record_back_that_was_taken_down(county: EffectsWorld):
    old = county.record()
    county.publish()
    takedown = propose_takedown(record_no=old.record_no, reason="疑似泄露隐私", by=county.officer("lin.xinyu"), now=NOW)
    confirm_takedown(takedown=takedown.pk, by=county.officer("zhou.ming"), now=NOW)
    new = county.amend(old)
    end()

    county.publish(8)

    assert (public(new), live()) == (False, 0)


def test_a_severity_decision_publishes_and_names_who_set_the_class(county: EffectsWorld):
    record = county.record(penalty_categories="其他-限期改正")
    county.publish()
    review = Review.objects.get()
    officer = county.officer("lin.xinyu")

    result = decide_severity(review=review.pk, severity="一般", by=officer, now=NOW, note="比照较大数额罚款")

    shown = queries.published(PUBLIC, record.record_no, as_at=TODAY)
    assert result.published == 1
    assert (shown.severity, shown.severity_set_by) == ("一般", "由信用工作机构审核人员于2026年11月21日确定")
    assert officer.display_name not in shown.severity_set_by
    with pytest.raises(Conflict):
        decide_severity(review=review.pk, severity="严重", by=officer, now=NOW, note="")


def test_a_severity_decision_does_not_outlive_the_facts_it_was_given_for(county: EffectsWorld):
    old = county.record(penalty_categories="其他-限期改正")
    county.publish()
    decide_severity(review=Review.objects.get().pk, severity="一般", by=county.officer("lin.xinyu"), now=NOW, note="甲")
    county.amend(old, penalty_categories="其他-责令拆除")
    end()

    assert county.publish(8).unpublished == {"review": 1}
    assert Review.objects.filter(closed_at=None).count() == 1


def test_a_held_batch_is_public_once_somebody_releases_it(county: EffectsWorld):
    record = county.record(gate=Gate.HELD, batch_no=12)
    held_batch(county, 12)

    result = release_batch(batch_no=12, by=county.officer("he.shuo"), now=NOW, today=TODAY)

    assert result.published == 1
    assert public(record)
    with pytest.raises(Conflict):
        release_batch(batch_no=12, by=county.officer("he.shuo"), now=NOW, today=TODAY)


def held_batch(county: EffectsWorld, number: int) -> None:
    zero = dict.fromkeys(
        ("amended", "unchanged", "withdrawn", "rejected", "warnings", "errors_total", "timely", "late", "linked"), 0
    )
    Batch.objects.create(
        number=number,
        region=county.region,
        department=county.department("11990001000001740Y"),
        type="penalty",
        edition="2018",
        channel="desk",
        file_name="处罚.csv",
        sha256="0" * 64,
        size=1,
        received_at=NOW,
        known_at=NOW,
        rows=1,
        accepted=1,
        sealed_persons=0,
        held=True,
        **zero,
    )


def test_the_daily_upkeep_tells_what_ran_out_since_the_last_run_once(county: EffectsWorld):
    county.record(decided_on=date(2025, 11, 25))
    county.record()
    county.publish()
    daily_upkeep(today=TODAY, now=NOW)

    later = TODAY + timedelta(days=7)
    first = daily_upkeep(today=later, now=NOW + timedelta(days=7))
    second = daily_upkeep(today=later, now=NOW + timedelta(days=7))

    assert (first.expired, second.expired) == (1, 0)
    assert FeedEvent.objects.filter(kind="expired").count() == 1
