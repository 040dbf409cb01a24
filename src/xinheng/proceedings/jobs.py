"""The daily look at deadlines, begun by the worker's schedule."""

from django.conf import settings
from procrastinate.contrib.django import app

from xinheng.base import clock
from xinheng.intake.jobs import LIGHT
from xinheng.ledger.restored import sweeping_is_off
from xinheng.ledger.sweeping import LEASE
from xinheng.proceedings.actions.daily import daily_look
from xinheng.proceedings.actions.determining import look_for_fallen_grounds
from xinheng.proceedings.actions.progress import forget_tries
from xinheng.proceedings.storing import sweep_unlisted


@app.periodic(cron="10 0 * * *", periodic_id="cases")
@app.task(queue=LIGHT, name="proceedings.daily", queueing_lock="proceedings.daily")
def daily(timestamp: int) -> None:
    """After midnight: entries whose ground fell, clock steps, reminders, overdue marks, escalation."""
    look_for_fallen_grounds(now=clock.now())
    daily_look(now=clock.now())
    forget_tries(now=clock.now())


@app.periodic(cron="20 * * * *", periodic_id="case_files")
@app.task(queue=LIGHT, name="proceedings.sweep", queueing_lock="proceedings.sweep")
def sweep(timestamp: int) -> None:
    """Remove sealed files of transactions that failed."""
    if not sweeping_is_off(settings.HOME):
        sweep_unlisted(settings.HOME, now=clock.now(), lease=LEASE)
