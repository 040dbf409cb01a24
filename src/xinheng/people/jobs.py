"""Work in the background: telling somebody by e-mail that a message waits. Arguments are numbers, never data."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from xinheng.base import clock
from xinheng.people.actions.messages import mail_copy
from xinheng.people.mail_queue import LIGHT, MAIL_COPY

_AGAIN = RetryStrategy(max_attempts=6, exponential_wait=5, retry_exceptions=[OSError])  # SMTP errors are OSErrors


@app.task(queue=LIGHT, name=MAIL_COPY, retry=_AGAIN)
def send_mail_copy(message_id: int) -> None:
    """Tell the recipient of one message; doing it twice tells once."""
    mail_copy(message_id=message_id, now=clock.now())
