"""Deliveries that are processed in the background: handed over inside the transaction that received them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.errors import TryLater
from xinheng.intake.actions.delivering import Sender, receive
from xinheng.intake.actions.processing import Clock, process
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.intake.reading.limits import Limits
from xinheng.intake.turns import alone_with

HEAVY, LIGHT = "heavy", "light"
"""Queues: `heavy` runs one job at a time, in a process of its own; `light` runs several."""
_A_MOMENT = timedelta(minutes=5)
_AGAIN = RetryStrategy(
    max_attempts=5, exponential_wait=4, retry_exceptions=[TryLater, OperationalError, IntegrityError]
)


@app.task(queue=HEAVY, name="intake.process_delivery", retry=_AGAIN)
def process_delivery(delivery_id: str) -> None:
    """Process one delivery; doing it twice changes nothing."""
    delivery = Delivery.objects.select_related("submitted_by").get(pk=delivery_id)
    work_on(delivery_id=delivery.pk, by=sender_of(delivery), clock=clock.now)


def work_on(*, delivery_id: UUID, by: Actor, clock: Clock) -> Delivery:
    """Process a delivery, here and now, unless another process is at it (TryLater)."""
    with alone_with(delivery_id):
        return process(delivery_id=delivery_id, by=by, clock=clock)


@transaction.atomic
def submit(
    *,
    path: Path,
    file_name: str,
    type: str,
    sender: Sender,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> list[Delivery]:
    """Receive a file as `receive` does, and have every delivery of it processed in the background."""
    deliveries = receive(
        path=path, file_name=file_name, type=type, sender=sender, now=now, mapping=mapping, limits=limits
    )
    for delivery in deliveries:
        enqueue(delivery)
    return deliveries


def enqueue(delivery: Delivery) -> None:
    """Have a waiting delivery processed; nothing happens when it already is on its way or done.

    To be called in the transaction that made it wait, for example after `choose_mapping`.
    """
    if delivery.state not in {DeliveryState.WAITING, DeliveryState.RUNNING}:
        return
    try:
        with transaction.atomic():
            process_delivery.configure(queueing_lock=f"delivery-{delivery.pk.hex}").defer(delivery_id=str(delivery.pk))
    except AlreadyEnqueued:
        return


def sender_of(delivery: Delivery) -> Actor:
    """In whose name a delivery is processed: the officer's or program's that sent it, else the platform's."""
    if delivery.submitted_by:
        return Actor.of(delivery.submitted_by)
    return Actor.system(delivery.submitted_by_client or "报送处理")


def enqueue_waiting(*, now: datetime) -> int:
    """Have every delivery processed that waits for more than a moment; returns how many were looked at."""
    forgotten = Delivery.objects.filter(state=DeliveryState.WAITING, received_at__lt=now - _A_MOMENT)
    for delivery in forgotten:
        enqueue(delivery)
    return len(forgotten)
