"""The message box and its e-mail copies."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from tests.people.test_organisation_users import SHOP, join, word_for
from tests.world import NOW, SYSTEM, World

from xinheng.base.identifiers import citizen_number
from xinheng.people import actions as people
from xinheng.people.models import Message
from xinheng.people.queries import messages_of_officer, messages_of_organisation, unread
from xinheng.people.recipients import OrganisationBox


def send(world: World, to: object = None, **more: str) -> Message:
    given = {"title": "异议已受理", "text": "第 12 号异议已受理。", "link": "/centre/cases/12"} | more
    recipient = to or OrganisationBox(SHOP, world.region.pk)
    return people.send_message(to=recipient, by=SYSTEM, now=NOW, **given)  # type: ignore[arg-type]


def test_an_officer_reads_her_own_and_her_departments_messages(world):
    officer = world.officer("he.shuo")
    send(world, officer, title="给本人")
    send(world, officer.department, title="给部门")
    send(world, world.officer("lin.xinyu"), title="给别人")
    lines = messages_of_officer(world.scope, user_id=officer.pk, department_id=officer.department_id)
    assert [one.title for one in lines] == ["给部门", "给本人"]
    assert unread(world.scope, user_id=officer.pk, department_id=officer.department_id) == 2


def test_a_message_is_read_once(world):
    message = send(world)
    assert people.mark_read(messages=[message.pk], now=NOW) == 1
    assert people.mark_read(messages=[message.pk], now=NOW) == 0
    assert messages_of_organisation(world.scope, credit_code=SHOP)[0].read_at == NOW


def test_numbers_of_persons_are_masked(world):
    number = citizen_number.complete("990001900307001")
    assert number not in send(world, text=f"申请人 {number}").text


@pytest.mark.parametrize("link", ["https://example.com", "//example.com", "/\\example.com", "centre"])
def test_a_link_never_leaves_this_site(world, link):
    with pytest.raises(IntegrityError, match="stays_on_this_site"), transaction.atomic():
        send(world, link=link)


def test_an_e_mail_says_only_that_there_is_a_message(world):
    join(world, "shop.a", word_for(world))
    message = send(world)
    assert people.mail_copy(message_id=message.pk, now=NOW) == 1
    (copy,) = mail.outbox
    assert copy.subject == "您有一条新消息"
    assert "异议" not in copy.body
    assert "12" not in copy.body
    assert copy.to == ["shop.a@example.com"]


def test_an_e_mail_is_sent_once(world):
    join(world, "shop.a", word_for(world))
    message = send(world)
    people.mail_copy(message_id=message.pk, now=NOW)
    assert people.mail_copy(message_id=message.pk, now=NOW) == 0
    assert len(mail.outbox) == 1


def test_without_a_mail_server_nothing_is_queued(world, django_assert_num_queries, settings):
    settings.MAIL_COPIES = False
    send(world)
    assert not mail.outbox


def test_with_a_mail_server_a_job_is_queued_with_the_number_only(world, settings):
    from procrastinate.contrib.django.models import ProcrastinateJob

    settings.MAIL_COPIES = True
    message = send(world)
    job = ProcrastinateJob.objects.get(task_name="people.mail_copy")
    assert (job.queue_name, job.args) == ("light", {"message_id": message.pk})


def test_a_message_has_exactly_one_recipient(world):
    with pytest.raises(IntegrityError, match="message_to_exactly_one"), transaction.atomic():
        Message.objects.filter(pk=send(world).pk).update(officer=world.officer("he.shuo"))
