"""Looking at the codes in the background: soon after something came in, and once a month in any case."""

from procrastinate.contrib.django import app

from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.scope import Scope
from xinheng.governance.actions import check_codes
from xinheng.governance.queries import needs_look
from xinheng.intake.jobs import HEAVY
from xinheng.people.models import Region

BY = Actor.system("代码核对")


@app.periodic(cron="25 * * * *", periodic_id="codes_after_intake")
@app.task(queue=HEAVY, name="governance.follow", queueing_lock="governance.follow")
def follow(timestamp: int) -> None:
    """Look where something came in since the last look, so that what was corrected ends by itself."""
    for region in Region.objects.order_by("pk"):
        if needs_look(Scope(region=region.code)):
            check_codes(region=region, by=BY, now=clock.now())


@app.periodic(cron="30 2 1 * *", periodic_id="codes_of_a_month")
@app.task(queue=HEAVY, name="governance.monthly", queueing_lock="governance.monthly")
def monthly(timestamp: int) -> None:
    """The figures of a month, also where nothing came in."""
    for region in Region.objects.order_by("pk"):
        check_codes(region=region, by=BY, now=clock.now())
