"""Handing a mail copy over to the worker, inside the transaction that wrote the message."""

from procrastinate.contrib.django import app

LIGHT = "light"
MAIL_COPY = "people.mail_copy"


def defer_mail_copy(message_id: int) -> None:
    """Have the e-mail written by the worker once the present transaction is committed."""
    app.configure_task(MAIL_COPY, queue=LIGHT).defer(message_id=message_id)
