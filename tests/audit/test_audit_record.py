"""What goes into the log, and what the database promises about it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import Error, connection, connections, transaction
from django.db.transaction import TransactionManagementError

from xinheng.audit.actions import record
from xinheng.audit.actor import VISITOR, Actor
from xinheng.audit.models import AuditBatch, AuditEvent
from xinheng.base.errors import Refused

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK = Actor("officer", "7", "王小云")


def close_batch() -> None:
    """Do what the commit does, inside a test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.django_db
def test_an_event_keeps_who_what_when_and_why() -> None:
    number = record(
        act="vault.open",
        by=CLERK,
        now=NOW,
        region_id=3,
        object_type="sealed_record",
        object_id="15",
        purpose="办理异议",
        detail={"rows": 1},
    )

    event = AuditEvent.objects.get(pk=number)
    assert (event.actor_kind, event.actor_id, event.actor_name) == ("officer", "7", "王小云")
    assert (event.act, event.object_id, event.purpose, event.detail) == (
        "vault.open",
        "15",
        "办理异议",
        {"rows": 1},
    )
    assert event.at == NOW


@pytest.mark.django_db
def test_events_of_one_transaction_get_one_batch_when_it_commits() -> None:
    first = record(act="a", by=CLERK, now=NOW)
    last = record(act="b", by=VISITOR, now=NOW)
    assert not AuditBatch.objects.filter(last_event__gte=first).exists()

    close_batch()

    batch = AuditBatch.objects.get(last_event=last)
    assert (batch.first_event, batch.count) == (first, 2)
    assert len(batch.digest) == 64


@pytest.mark.django_db
def test_events_after_an_early_check_of_constraints_get_a_batch_of_their_own() -> None:
    record(act="a", by=CLERK, now=NOW)
    close_batch()
    later = record(act="b", by=CLERK, now=NOW)
    close_batch()

    assert AuditBatch.objects.get(last_event=later).count == 1


@pytest.mark.django_db
def test_the_batch_of_a_rolled_back_step_goes_with_its_events() -> None:
    point = transaction.savepoint()
    number = record(act="a", by=CLERK, now=NOW)
    close_batch()
    transaction.savepoint_rollback(point)

    assert not AuditEvent.objects.filter(pk=number).exists()
    assert not AuditBatch.objects.filter(last_event=number).exists()


@pytest.mark.django_db
def test_the_program_cannot_choose_the_number_or_the_transaction_of_an_event() -> None:
    event = AuditEvent.objects.create(at=NOW, act="a", actor_kind="system", actor_name="x", transaction=1)
    event.refresh_from_db()
    assert event.transaction != 1

    with pytest.raises(Error, match="id"), transaction.atomic():
        AuditEvent.objects.create(pk=1, at=NOW, act="a", actor_kind="system", actor_name="x")


@pytest.mark.parametrize("table", ["audit_event", "audit_batch", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.django_db(databases=["default", "owner"])
def test_nobody_changes_or_deletes_a_row_of_the_log(table: str, statement: str, alias: str) -> None:
    column = {"audit_event": "act", "audit_batch": "digest", "audit_seal": "hash"}[table]

    with pytest.raises(Error, match=r"permission denied|只能增加"), transaction.atomic(using=alias):
        connections[alias].cursor().execute(statement.format(table, column, column))


@pytest.mark.django_db
def test_the_program_cannot_write_a_batch_itself() -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic():
        AuditBatch.objects.create(transaction=1, first_event=1, last_event=1, count=1, digest="0" * 64, made_at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "detail",
    [
        {"value": "11010519491231002X"},
        {"rows": [{"note": "证件 11010519491231002x 已核"}]},
        {"11010519491231002X": 1},
        {"number": 110105194912310021},
    ],
)
def test_a_detail_that_looks_like_a_citizen_number_is_refused(detail: dict[str, object]) -> None:
    with pytest.raises(Refused, match="公民身份号码"):
        record(act="a", by=CLERK, now=NOW, detail=detail)


@pytest.mark.django_db
def test_credit_codes_and_digests_are_not_taken_for_citizen_numbers() -> None:
    record(act="a", by=CLERK, now=NOW, object_id="91990001MA00000T5X", detail={"sha256": "0123456789abcdef" * 4})


def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        record(act="a", by=CLERK, now=NOW)
