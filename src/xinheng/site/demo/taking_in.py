"""Taking in one of the demo county's files on the day it was handed in."""

from datetime import datetime
from datetime import time as day_time

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.demo.county import DemoFile
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.jobs import submit, work_on
from xinheng.intake.models import DeliveryState
from xinheng.ledger.models import Channel
from xinheng.people.models import Department

OPENS = day_time(9, 0)


def moment_of(file: DemoFile) -> datetime:
    """When the department handed it in."""
    return datetime.combine(file.delivered_on, OPENS, clock.SHANGHAI)


def take_in(file: DemoFile) -> list[str]:
    """Receive and process one file; returns sentences on what was refused. The file itself is gone afterwards."""
    by, moment = Actor.system("演示数据"), moment_of(file)
    sender = Sender(Department.objects.select_related("region").get(code=file.department), Channel.COMMAND, by)
    refused = []
    for delivery in submit(path=file.path, file_name=file.path.name, type=file.type, sender=sender, now=moment):
        done = work_on(delivery_id=delivery.pk, by=by, clock=lambda: moment)
        if done.state != DeliveryState.DONE:
            refused.append(f"{done.file_name}：{done.message}{done.advice}")
    file.path.unlink()
    return refused
