"""The daily look at promises, begun by the worker's schedule."""

from procrastinate.contrib.django import app

from xinheng.base import clock
from xinheng.commitments.actions import open_follow_ups
from xinheng.intake.jobs import LIGHT


@app.periodic(cron="30 0 * * *", periodic_id="commitments")
@app.task(queue=LIGHT, name="commitments.daily", queueing_lock="commitments.daily", lock="commitments.daily")
def daily(timestamp: int) -> None:
    """After midnight: tasks for commitments that came as files, and a word to the departments that are due."""
    open_follow_ups(now=clock.now())
