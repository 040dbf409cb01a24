"""The daily look at retractions nobody confirmed: reminded, counted, and told to those who can act."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.effects.deadlines import remind_from
from xinheng.effects.models import Recipient
from xinheng.people.actions.messages import send_message
from xinheng.people.models import User
from xinheng.people.permissions import Act, may

_CHASER = Actor.system("撤回催办")
_DESK = "/desk/retractions?show=overdue"


@dataclass(frozen=True)
class Chased:
    """How many retractions were reminded of, and how many recipients that are."""

    retractions: int
    recipients: int


@transaction.atomic
def chase_retractions(*, now: datetime) -> Chased:
    """Remind of every overdue retraction that was not reminded of lately. Repeating it the same day does nothing.

    A program's department is told; of all others the officers who may record a confirmation are.
    """
    day = today(now)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH reminded AS (
                UPDATE effects_retraction SET reminders = least(reminders + 1, 30000), reminded_on = %(day)s
                WHERE confirmed_at IS NULL AND due_on < %(day)s AND (reminded_on IS NULL OR reminded_on <= %(before)s)
                RETURNING recipient_id
            )
            SELECT recipient_id, count(*) FROM reminded GROUP BY recipient_id
            """,
            {"day": day, "before": remind_from(day)},
        )
        counts = {int(recipient): int(count) for recipient, count in cursor.fetchall()}
    recipients = Recipient.objects.select_related("client__department").in_bulk(counts)
    by_region = Counter[int]()
    for number, recipient in recipients.items():
        by_region[recipient.region_id] += counts[number]
        _tell_department(recipient, counts[number], now)
    for region, count in by_region.items():
        _tell_officers(region, count, now)
        record(
            act="retraction.remind",
            by=_CHASER,
            now=now,
            region_id=region,
            object_type="day",
            object_id=day.isoformat(),
            detail={"retractions": count},
        )
    return Chased(sum(counts.values()), len(counts))


def _tell_department(recipient: Recipient, count: int, now: datetime) -> None:
    if recipient.client is None:
        return
    send_message(
        to=recipient.client.department,
        title=f"接口程序有 {count} 条撤回逾期未确认",
        text=f"{recipient.name}读取过的 {count} 条信息已经停止公示。请停用这些信息，并用接口程序的密钥逐条确认。",
        link="",
        by=_CHASER,
        now=now,
    )


def _tell_officers(region: int, count: int, now: datetime) -> None:
    for officer in User.objects.filter(region_id=region, is_active=True).order_by("pk"):
        if may(officer, Act.CONFIRM_RETRACTIONS):
            send_message(
                to=officer,
                title=f"有 {count} 条撤回逾期未确认",
                text="已向接收方催办。没有接口的接收方，请取得书面确认后登记。",
                link=_DESK,
                by=_CHASER,
                now=now,
            )
