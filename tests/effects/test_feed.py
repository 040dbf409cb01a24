"""The public feed: resumable, complete, and silent about reasons."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from tests.effects.effects_world import NOW, SYSTEM, TODAY, EffectsWorld
from tests.effects.receivers import effects_of

from xinheng.base.scope import PUBLIC
from xinheng.effects.actions import (
    daily_upkeep,
    end_effects,
    forget_old_timepoints,
    resume_effects,
    sequence_feed,
    suspend_effects,
)
from xinheng.effects.models import EndReason, FeedEvent
from xinheng.effects.queries import FeedEntry, Position, TooOld, feed
from xinheng.register.references import record_ref

pytestmark = pytest.mark.django_db


def follow(since: Position | None = None, limit: int = 100) -> list[FeedEntry]:
    """Everything from a position on, page by page."""
    sequence_feed(now=NOW)
    found: list[FeedEntry] = []
    while True:
        page = feed(PUBLIC, since=since, limit=limit)
        found += page.entries
        since = page.position
        if not page.more:
            return found


def said(entries: list[FeedEntry]) -> list[tuple[str, str]]:
    return [(one.kind.value, one.ref) for one in entries]


def test_a_batch_is_told_record_by_record_and_in_pages(county: EffectsWorld):
    records = [county.record() for _ in range(5)]
    county.publish()
    told = [("appeared", record_ref(one.record_no)) for one in records]

    assert sorted(said(follow())) == sorted(told)
    assert said(follow(limit=2)) == said(follow())


def test_a_reader_goes_on_from_where_it_was(county: EffectsWorld):
    record = county.record()
    county.publish()
    follow()
    newest = feed(PUBLIC, since=None, limit=10).newest
    later = county.record()
    county.publish()
    end_effects(effect_ids=effects_of(record), reason=EndReason.REPAIRED, why="修复", by=SYSTEM, now=NOW, today=TODAY)

    assert said(follow(newest)) == [
        ("appeared", record_ref(later.record_no)),
        ("ended", record_ref(record.record_no)),
    ]


def test_no_entry_says_why(county: EffectsWorld):
    repaired, suspended, expiring = county.record(), county.record(), county.record(decided_on=TODAY)
    county.publish()
    facts = {"by": SYSTEM, "now": NOW, "today": TODAY}
    end_effects(effect_ids=effects_of(repaired), reason=EndReason.REPAIRED, why="准予修复", **facts)
    suspend_effects(effect_ids=effects_of(suspended), cause="takedown:1", hides=True, reason="核查", **facts)
    resume_effects(cause="takedown:1", reason="恢复", **facts)
    later = NOW + timedelta(days=400)
    FeedEvent.objects.create(
        region_id=county.region.pk, kind="expired", first_effect=effects_of(expiring)[0],
        last_effect=effects_of(expiring)[0], count=1, at=later,
    )  # fmt: skip

    kinds = [one.kind.value for one in follow()][3:]

    assert kinds == ["ended", "suspended", "appeared", "ended"]
    assert set(asdict(follow()[0])) == {"kind", "ref", "version", "at"}


def test_the_daily_upkeep_tells_the_feed_what_ran_out(county: EffectsWorld):
    record = county.record()
    county.publish()
    daily_upkeep(today=TODAY, now=NOW)
    day = county.effect(record).ends
    assert day is not None
    daily_upkeep(today=day, now=NOW + timedelta(days=400))

    assert said(follow())[-1] == ("ended", record_ref(record.record_no))


def test_a_place_that_was_dropped_or_never_was_is_refused(county: EffectsWorld):
    county.record()
    county.publish()
    follow()
    county.record()
    county.publish()
    sequence_feed(now=NOW + timedelta(days=200))
    old = Position(0, 0)
    feed(PUBLIC, since=old, limit=1)

    assert forget_old_timepoints(now=NOW + timedelta(days=201)) == 1

    with pytest.raises(TooOld):
        feed(PUBLIC, since=old, limit=1)
    with pytest.raises(TooOld):
        feed(PUBLIC, since=Position(99, 0), limit=1)
    assert len(feed(PUBLIC, since=None, limit=10).entries) == 1


def test_timepoints_go_on_where_they_were_after_all_old_ones_are_gone(county: EffectsWorld):
    county.record()
    county.publish()
    follow()
    newest = feed(PUBLIC, since=None, limit=10).newest
    assert forget_old_timepoints(now=NOW + timedelta(days=999)) == 0
    late = county.record()
    county.publish()

    assert said(follow(newest)) == [("appeared", record_ref(late.record_no))]
