"""Files of codes are answered in the background; what is over is deleted at night."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from xinheng.base import clock
from xinheng.base.errors import Refused, TryLater, WrongUsage
from xinheng.base.home import Home
from xinheng.base.scope import Scope
from xinheng.checks.actions.correcting import ask_corrections
from xinheng.checks.actions.files import answer_file, end_files, fail_file, receive_codes
from xinheng.checks.actions.keeping import Key
from xinheng.checks.asking import Errand
from xinheng.checks.models import CheckFile, FileState
from xinheng.checks.queries import errand_of_file
from xinheng.intake.jobs import HEAVY, LIGHT

_A_MOMENT = timedelta(minutes=5)
_AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4, retry_exceptions=[TryLater, OperationalError])


@app.task(queue=HEAVY, name="checks.answer_file", retry=_AGAIN)
def answer_waiting(file_id: str) -> None:
    """Answer one file; doing it twice changes nothing."""
    file, now = CheckFile.objects.get(pk=file_id), clock.now()
    try:
        answer_file(
            file=file,
            about=errand_of_file(Scope(), file, settings.PACK),
            pack=settings.PACK,
            home=settings.HOME,
            now=now,
        )
    except (Refused, WrongUsage, FileNotFoundError) as error:  # the item is gone, or the codes are after a restore
        advice = "文件的内容已不在这里，请重新提交。" if isinstance(error, FileNotFoundError) else str(error)
        fail_file(file=file, message=advice, now=now)


@app.periodic(cron="*/5 * * * *", periodic_id="check_files")
@app.task(queue=LIGHT, name="checks.enqueue_waiting", queueing_lock="checks.enqueue_waiting")
def enqueue_waiting(timestamp: int) -> None:
    """Files that wait without a job, for example since a restore, get one again."""
    waiting = CheckFile.objects.filter(state=FileState.WAITING, received_at__lt=clock.now() - _A_MOMENT)
    for file in waiting:
        enqueue(file)


@app.periodic(cron="40 1 * * *", periodic_id="end_check_files")
@app.task(queue=LIGHT, name="checks.end_files", queueing_lock="checks.end_files")
def end_over(timestamp: int) -> None:
    """At night: delete files of codes and answers whose time is over."""
    now = clock.now()
    end_files(home=settings.HOME, today=clock.today(now), now=now)


@app.periodic(cron="20 * * * *", periodic_id="check_corrections")
@app.task(queue=LIGHT, name="checks.ask_corrections", queueing_lock="checks.ask_corrections")
def ask_for_corrections(timestamp: int) -> None:
    """Every hour: whoever applied a measure that has since been found wrong is asked to put it right."""
    ask_corrections(now=clock.now())


@transaction.atomic
def submit_codes(
    *, about: Errand, path: Path, file_name: str, home: Home, now: datetime, key: Key | None = None
) -> CheckFile:
    """Receive a file of codes as `receive_codes` does, and have it answered in the background."""
    file = receive_codes(about=about, path=path, file_name=file_name, home=home, now=now, key=key)
    enqueue(file)
    return file


def enqueue(file: CheckFile) -> None:
    """Have a waiting file answered; nothing happens when it already is on its way or done."""
    if file.state != FileState.WAITING:
        return
    try:
        with transaction.atomic():
            answer_waiting.configure(queueing_lock=f"check-{file.pk.hex}").defer(file_id=str(file.pk))
    except AlreadyEnqueued:
        return
