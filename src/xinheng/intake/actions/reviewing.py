"""An officer's answers to the review queue: the register opens or shuts the gate, and what may go out goes out.

Each is one transaction: a record is never left linked and unpublished, or published and unlinked.
"""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.effects.actions import Publication, end_effects, publish_records
from xinheng.effects.actions import decide_severity as decide_class
from xinheng.effects.models import Effect, EndReason, Kind
from xinheng.matching.actions import forget, remember
from xinheng.people.identity import scope_of
from xinheng.people.models import User
from xinheng.register.actions import review as register
from xinheng.register.models import Record
from xinheng.register.queries import review as find_review

NOTHING = Publication(0, {})


@transaction.atomic
def link_subject(*, review: int, organisation_id: int | None, by: User, now: datetime, note: str = "") -> Publication:
    """Say whose record it is, or with None that it is nobody's here, and publish what follows.

    The answer is kept: it also answers the department's other questions about the same typed name, now and later.
    """
    find_review(scope_of(by), review)
    opened = register.resolve_link(review=review, organisation_id=organisation_id, by=by, now=now, note=note)
    alike = remember(review=review, organisation_id=organisation_id, pack=settings.PACK, by=by, now=now, note=note)
    return _publish((*opened, *alike), by=by, now=now)


@transaction.atomic
def undo_link(*, review: int, by: User, now: datetime, reason: str) -> int:
    """Take a link back: the record leaves the public doors now and the question is open again.

    What was linked by the same decision is unlinked as well. Returns how many publications ended.
    """
    find_review(scope_of(by), review)
    others = forget(review=review, by=by, now=now, reason=reason)
    record_nos = [register.undo_link(review=one, by=by, now=now, reason=reason) for one in (review, *others)]
    versions = Record.objects.filter(record_no__in=record_nos).values_list("id", flat=True)
    alive = Effect.objects.filter(kind=Kind.PUBLICATION, ended_at=None, record_id__in=list(versions))
    return end_effects(
        effect_ids=list(alive.values_list("id", flat=True)),
        reason=EndReason.CORRECTED,
        why=f"撤销主体关联：{reason.strip()}"[:300],
        by=Actor.of(by),
        now=now,
        today=today(now),
    )


@transaction.atomic
def put_off(*, review: int, until: date, by: User, now: datetime, note: str) -> None:
    """Leave an open question until a day, with the reason."""
    find_review(scope_of(by), review)
    register.put_off(review=review, until=until, by=by, now=now, note=note)


@transaction.atomic
def accept_returned(*, review: int, by: User, now: datetime, note: str = "") -> Publication:
    """Let a statement that was withdrawn and sent again count after all, and publish it."""
    find_review(scope_of(by), review)
    opened = register.accept_returned(review=review, by=by, now=now, note=note)
    return _publish(opened, by=by, now=now)


@transaction.atomic
def keep_out(*, review: int, by: User, now: datetime, note: str) -> Publication:
    """Leave a statement that was withdrawn and sent again out of every public door."""
    find_review(scope_of(by), review)
    register.keep_out(review=review, by=by, now=now, note=note)
    return NOTHING


@transaction.atomic
def decide_severity(*, review: int, severity: str, by: User, now: datetime, note: str) -> Publication:
    """Say which severity class a decision belongs to, and publish it for the period of that class."""
    find_review(scope_of(by), review)
    return decide_class(review=review, severity=severity, by=by, now=now, note=note)


def _publish(opened: tuple[int, ...], *, by: User, now: datetime) -> Publication:
    if not opened:
        return NOTHING
    return publish_records(record_nos=opened, today=today(now), now=now, by=Actor.of(by))
