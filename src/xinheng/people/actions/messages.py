"""Messages to officers, departments and organisations, and the short notice of them by e-mail."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import NotFound, WrongUsage
from xinheng.base.masking import mask_text
from xinheng.people.mail_queue import defer_mail_copy
from xinheng.people.models import Department, Message, OrganisationMembership, User
from xinheng.people.recipients import OrganisationBox, Recipient

MAIL_SUBJECT = "您有一条新消息"


@transaction.atomic
def send_message(*, to: Recipient, title: str, text: str, link: str, by: Actor, now: datetime) -> Message:
    """Put a message into somebody's box, and have her told by e-mail where a mail server is set up.

    `link` is a path of this site or empty. Numbers of persons are masked.
    """
    if not title.strip():
        raise WrongUsage("消息须有标题。")
    message = Message(
        title=mask_text(title.strip())[:100],
        text=mask_text(text.strip()),
        link=link,
        sent_by=by.name,
        created_at=now,
    )
    match to:
        case User():
            message.officer, message.region_id = to, to.region_id
        case Department():
            message.department, message.region_id = to, to.region_id
        case OrganisationBox():
            message.credit_code, message.region_id = to.credit_code, to.region_id
    message.save(force_insert=True)
    record(
        act="message.send",
        by=by,
        now=now,
        region_id=message.region_id,
        object_type="message",
        object_id=str(message.pk),
        detail={"to": recipient_code(message)},
    )
    if settings.MAIL_COPIES:
        defer_mail_copy(message.pk)
    return message


@transaction.atomic
def mark_read(*, messages: Iterable[int], now: datetime) -> int:
    """Note that these messages were opened; how many had not been before. Callers have checked whose they are."""
    return Message.objects.filter(pk__in=list(messages), read_at=None).update(read_at=now)


def mail_copy(*, message_id: int, now: datetime) -> int:
    """Tell the recipient by e-mail that there is a message, never what it says; how many addresses were told.

    Safe to call again: a message is told once.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update().filter(pk=message_id).first()
        if message is None:
            raise NotFound("没有这条消息。")
        if message.mailed_at:
            return 0
        told = 0
        for address in _addresses(message):
            told += send_mail(MAIL_SUBJECT, _mail_text(message), settings.DEFAULT_FROM_EMAIL, [address])
        Message.objects.filter(pk=message_id).update(mailed_at=now)
    return told


def recipient_code(message: Message) -> str:
    """Whose box a message lies in, as the log names it."""
    if message.officer_id:
        return f"officer:{message.officer_id}"
    if message.department_id:
        return f"department:{message.department_id}"
    return f"organisation:{message.credit_code}"


def _addresses(message: Message) -> list[str]:
    if message.officer:
        found = [message.officer.email] if message.officer.is_active else []
    elif message.department:
        found = [message.department.email]
    else:
        members = OrganisationMembership.objects.filter(
            credit_code=message.credit_code, region_id=message.region_id, revoked_at=None, user__is_active=True
        )
        found = list(members.order_by("pk").values_list("user__email", flat=True))
    return [address for address in dict.fromkeys(found) if address]


def _mail_text(message: Message) -> str:
    where = "企业中心" if message.credit_code else "工作台"
    return f"您有一条新消息。请登录{where}，在“消息”中查看。\n本邮件由系统发出，请勿回复。\n"
