"""Service of notices: by an officer with its evidence, or in the centre of an organisation that agreed to that."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import mask_text
from xinheng.base.postgres.bulk import joined_by_sets
from xinheng.effects.actions import note_service
from xinheng.effects.models import ServiceMethod
from xinheng.measures.engine import MANY, work_through
from xinheng.measures.models import ElectronicAgreement, Notice
from xinheng.people.models import OrganisationMembership, User


@transaction.atomic
def serve_notices(
    *, notices: Sequence[int], method: ServiceMethod, served_on: date, evidence: str, by: User, now: datetime
) -> int:
    """Note that these notices reached their subjects on that day; what they announce begins the day after. How many.

    Refused: electronic service, which only the platform itself notes; a day before the notice or after today. Conflict
    when one was served or closed meanwhile.
    """
    if method is ServiceMethod.ELECTRONIC:
        raise Refused("电子送达由平台在单位同意后自动登记。", "请选择实际采用的送达方式。")
    wanted = sorted(set(notices))
    found = list(
        Notice.objects.select_for_update()
        .filter(pk__in=wanted, region=by.region, closed_at=None, service_id=None)
        .order_by("pk")
    )
    if not found or len(found) != len(wanted):
        raise Conflict("有告知书已经送达或者不再需要送达。", "请刷新页面后再登记。")
    if any(served_on < today(one.made_at) for one in found):
        raise Refused("送达日期早于告知书的日期。", "请填写实际送达的日期。")
    services = note_service(
        region_id=by.region_id,
        records=[(one.record_no, one.subject_no) for one in found],
        method=method,
        served_on=served_on,
        evidence=mask_text(evidence),
        by=Actor.of(by),
        now=now,
        today=today(now),
    )
    with connection.cursor() as cursor, joined_by_sets(cursor, many=len(found) > MANY):
        cursor.execute(
            """
            UPDATE measures_notice n SET service_id = s.service
            FROM unnest(%s::bigint[], %s::bigint[]) AS s (notice, service) WHERE n.id = s.notice
            """,
            [[one.pk for one in found], services],
        )
    record(
        act="measures.serve",
        by=Actor.of(by),
        now=now,
        region_id=by.region_id,
        object_type="notice",
        object_id=",".join(str(one.pk) for one in found[:5]),
        detail={"notices": len(found), "method": method.value, "served_on": served_on.isoformat()},
    )
    work_through(record_nos=[one.record_no for one in found], now=now)
    return len(found)


@transaction.atomic
def agree_to_electronic_service(*, membership: OrganisationMembership, now: datetime) -> ElectronicAgreement:
    """The organisation will be served in its centre from now on, also with what waits; it may take that back."""
    if membership.revoked_at is not None:
        raise Refused("您已不再代表这家单位。")
    if ElectronicAgreement.objects.filter(
        region=membership.region, credit_code=membership.credit_code, withdrawn_at=None
    ).exists():
        raise Conflict("贵单位已经同意电子送达。")
    made = ElectronicAgreement.objects.create(
        region=membership.region, credit_code=membership.credit_code, given_by=membership, given_at=now
    )
    _log("measures.agree_electronic", membership, now)
    waiting = Notice.objects.filter(
        region=membership.region, credit_code=membership.credit_code, closed_at=None, service_id=None
    )
    numbers = list(waiting.values_list("record_no", flat=True))
    if numbers:
        work_through(record_nos=numbers, now=now)
    return made


@transaction.atomic
def withdraw_electronic_service(*, membership: OrganisationMembership, now: datetime) -> None:
    """From now on notices come on paper again; what was served stays served."""
    changed = ElectronicAgreement.objects.filter(
        region=membership.region, credit_code=membership.credit_code, withdrawn_at=None
    ).update(withdrawn_at=now)
    if not changed:
        raise NotFound("贵单位没有同意过电子送达。")
    _log("measures.withdraw_electronic", membership, now)


def _log(act: str, membership: OrganisationMembership, now: datetime) -> None:
    record(
        act=act,
        by=Actor.organisation_user(membership.user_id, membership.user.display_name),
        now=now,
        region_id=membership.region_id,
        object_type="organisation",
        object_id=membership.credit_code,
    )
