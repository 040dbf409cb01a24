"""Work on a schedule. Every job is idempotent and its arguments are numbers, never data."""

from django.conf import settings
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from xinheng.audit.actor import Actor
from xinheng.authorisations.storing import sweep_unlisted as sweep_evidence
from xinheng.base import clock
from xinheng.base.errors import TryLater
from xinheng.effects.actions import chase_retractions, daily_upkeep, forget_old_timepoints, sequence_feed
from xinheng.intake.actions.matching import link_waiting
from xinheng.intake.folder import take_in_folder
from xinheng.intake.jobs import HEAVY, LIGHT, enqueue_waiting
from xinheng.intake.leftovers import sweep_old
from xinheng.ledger.actions import optimise, remove_retired
from xinheng.ledger.restored import sweeping_is_off
from xinheng.ledger.sweeping import LEASE
from xinheng.people.actions import sweep_sessions
from xinheng.vault.actions import end_retention


@app.periodic(cron="1 0 * * *", periodic_id="upkeep")
@app.task(queue=LIGHT, name="site.upkeep", queueing_lock="site.upkeep")
def upkeep(timestamp: int) -> None:
    """After midnight: tell what ran out, check that nothing expired is shown, clear caches."""
    now = clock.now()
    daily_upkeep(today=clock.today(now), now=now)


@app.periodic(cron="20 1 * * *", periodic_id="retention")
@app.task(queue=LIGHT, name="site.retention", queueing_lock="site.retention", lock="site.retention")
def retention(timestamp: int) -> None:
    """At night: destroy the keys of sealed records on persons whose retention has ended."""
    now = clock.now()
    end_retention(pack=settings.PACK, today=clock.today(now), now=now)


@app.periodic(cron="30 8 * * *", periodic_id="chase")
@app.task(queue=LIGHT, name="site.chase", queueing_lock="site.chase")
def chase(timestamp: int) -> None:
    """In the morning: remind those who have not confirmed a retraction in time; let old timepoints go."""
    now = clock.now()
    chase_retractions(now=now)
    forget_old_timepoints(now=now)


@app.periodic(cron="* * * * * */5", periodic_id="feed")
@app.task(queue=LIGHT, name="site.feed", queueing_lock="site.feed")
def feed(timestamp: int) -> None:
    """Give committed changes their place in the public feed."""
    sequence_feed(now=clock.now())


@app.periodic(cron="* * * * * */15", periodic_id="folder")  # the sixth field is seconds
@app.task(queue=LIGHT, name="site.watch_folder", queueing_lock="site.watch_folder", lock="site.watch_folder")
def watch_folder(timestamp: int) -> None:
    """Take in files that departments put into the watched folder."""
    take_in_folder(home=settings.HOME, clock=clock.now)


@app.periodic(cron="*/5 * * * *", periodic_id="waiting")
@app.task(queue=LIGHT, name="site.enqueue_waiting", queueing_lock="site.enqueue_waiting")
def enqueue_forgotten(timestamp: int) -> None:
    """Deliveries that wait without a job, for example since a restore, get one again."""
    enqueue_waiting(now=clock.now())


@app.periodic(cron="40 * * * *", periodic_id="names")
@app.task(queue=LIGHT, name="site.link_waiting", queueing_lock="site.link_waiting", lock="site.link_waiting")
def link_forgotten(timestamp: int) -> None:
    """Batches whose names a killed process did not come to compare are compared now."""
    link_waiting(now=clock.now())


@app.periodic(cron="10 * * * *", periodic_id="sweep")
@app.task(queue=LIGHT, name="site.sweep", queueing_lock="site.sweep")
def sweep(timestamp: int) -> None:
    """Remove what killed processes left behind and no one lists, and ledger files that were replaced long ago."""
    sweep_old(home=settings.HOME, now=clock.now(), lease=LEASE)
    remove_retired(home=settings.HOME, now=clock.now())
    if not sweeping_is_off(settings.HOME):
        sweep_evidence(settings.HOME, now=clock.now(), lease=LEASE)


@app.periodic(cron="40 2 * * *", periodic_id="gather")
@app.task(
    queue=HEAVY, name="site.gather", queueing_lock="site.gather", lock="site.gather",
    retry=RetryStrategy(max_attempts=3, wait=600, retry_exceptions=[TryLater]),
)  # fmt: skip
def gather(timestamp: int) -> None:
    """At night: gather the small files of the ledger, so that one subject's rows are found at once."""
    optimise(home=settings.HOME, by=Actor.system("账本归集"), clock=clock.now)


@app.periodic(cron="20 3 * * *", periodic_id="sessions")
@app.task(queue=LIGHT, name="site.sessions", queueing_lock="site.sessions")
def sessions(timestamp: int) -> None:
    """At night: forget logins that are over."""
    sweep_sessions(now=clock.now())


@app.periodic(cron="* * * * *", periodic_id="stalled")
@app.task(queue=LIGHT, name="site.retry_stalled", queueing_lock="site.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """A killed worker leaves its jobs marked as running; they are begun again."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
