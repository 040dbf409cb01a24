"""Those who hold copies, for tests."""

from datetime import datetime

from tests.effects.effects_world import MARKET, NOW, SYSTEM, EffectsWorld

from xinheng.effects.actions import hand_over, named_recipient
from xinheng.effects.models import Effect, Recipient, RecipientKind, Retraction
from xinheng.people.actions import create_api_client
from xinheng.people.identity import client_summary
from xinheng.people.queries import ClientSummary
from xinheng.register.models import Record


def program(county: EffectsWorld, name: str = "政务大厅系统") -> ClientSummary:
    """A program of the market authority."""
    client, _ = create_api_client(name=name, department=county.department(MARKET), scopes=("read",), by=SYSTEM, now=NOW)
    return client_summary(client)


def upper_platform(county: EffectsWorld) -> Recipient:
    return named_recipient(region=county.region, kind=RecipientKind.UPPER_PLATFORM, name="上级平台", now=NOW)


def hand_file(recipient: Recipient, *records: Record, now: datetime = NOW, **more: object) -> None:
    numbers = [record.pk for record in records]
    hand_over(recipient=recipient, title="上报文件", record_ids=numbers, by=SYSTEM, now=now, **more)  # type: ignore[arg-type]


def effects_of(*records: Record) -> list[int]:
    return list(Effect.objects.filter(record_id__in=[one.pk for one in records]).values_list("id", flat=True))


def asked() -> list[tuple[str, int]]:
    """Who was asked to remove which version row, in the order of names."""
    found = Retraction.objects.select_related("recipient").order_by("recipient__name", "record_id")
    return [(one.recipient.name, one.record_id) for one in found]
