"""The engine on the worker's schedule: what changed within seconds, everything once an hour."""

from procrastinate.contrib.django import app

from xinheng.base import clock
from xinheng.intake.jobs import LIGHT
from xinheng.measures.actions.tasking import chase_tasks
from xinheng.measures.engine import follow, work_through


@app.periodic(cron="* * * * * */10", periodic_id="measures")  # the sixth field is seconds
@app.task(queue=LIGHT, name="measures.follow", queueing_lock="measures.follow", lock="measures")
def follow_feed(timestamp: int) -> None:
    """Work through what appeared, ended, rested or went on since the last time."""
    follow(now=clock.now())


@app.periodic(cron="5 * * * *", periodic_id="measures_all")
@app.task(queue=LIGHT, name="measures.sweep", queueing_lock="measures.sweep", lock="measures")
def sweep(timestamp: int) -> None:
    """Every hour, the first after midnight: what no event told, what a new day or a new publication brings."""
    work_through(record_nos=None, now=clock.now())


@app.periodic(cron="40 8 * * *", periodic_id="measure_tasks")
@app.task(queue=LIGHT, name="measures.chase", queueing_lock="measures.chase")
def chase(timestamp: int) -> None:
    """In the morning: remind departments of tasks they have not answered in time."""
    chase_tasks(now=clock.now())
