"""What killed processes leave behind on the way in: deliveries that run no more, unlisted originals, clear text."""

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.home import Home
from xinheng.intake.jobs import enqueue
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.intake.turns import is_held
from xinheng.ledger.models import DataFile
from xinheng.ledger.restored import sweeping_is_off
from xinheng.ledger.sweeping import fresh, orphan_folders, remove

_KEEPER = Actor.system("检查与清理")


def abandoned_deliveries() -> tuple[Delivery, ...]:
    """Deliveries marked as running that no living process works on."""
    running = Delivery.objects.filter(state=DeliveryState.RUNNING).order_by("received_at")
    return tuple(delivery for delivery in running if not is_held(delivery.pk))


@transaction.atomic
def put_back(*, deliveries: tuple[Delivery, ...], now: datetime) -> int:
    """Let abandoned deliveries wait again, and have them processed in the background."""
    count = 0
    for delivery in deliveries:
        changed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.RUNNING).update(
            state=DeliveryState.WAITING, percent=0, stage=""
        )
        if not changed:
            continue
        count += 1
        delivery.state = DeliveryState.WAITING
        record(
            act="intake.put_back",
            by=_KEEPER,
            now=now,
            region_id=delivery.region_id,
            object_type="delivery",
            object_id=delivery.pk.hex,
        )
        enqueue(delivery)
    return count


def orphan_originals(home: Home, *, now: datetime, lease: timedelta) -> tuple[Path, ...]:
    """Encrypted originals that belong to no delivery and no batch."""
    files = sorted(home.sources.glob("*.sealed"))
    listed = set(Delivery.objects.exclude(stored_path="").values_list("stored_path", flat=True).iterator())
    listed |= set(DataFile.objects.filter(path__startswith="source/").values_list("path", flat=True).iterator())
    return tuple(
        path for path in files if path.relative_to(home.root).as_posix() not in listed and not fresh(path, now, lease)
    )


def leftover_clear_text(home: Home, *, now: datetime, lease: timedelta) -> tuple[Path, ...]:
    """Files and folders in `tmp` that no one touched for the time of the lease."""
    return tuple(path for path in sorted(home.tmp.iterdir()) if not fresh(path, now, lease))


def sweep_old(*, home: Home, now: datetime, lease: timedelta) -> int:
    """Remove everything of the three kinds above that is older than the lease; returns how many.

    Nothing while a restored home is unproven: what its database does not know may still be wanted.
    """
    if sweeping_is_off(home):
        return 0
    return (
        remove(orphan_folders(home, now=now, lease=lease))
        + remove(orphan_originals(home, now=now, lease=lease))
        + remove(leftover_clear_text(home, now=now, lease=lease))
    )
