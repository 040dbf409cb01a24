"""The log is touched as the owner of the database could touch it; every touch is found and located."""

import json
import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, transaction

from xinheng.audit.actions import record, run_sealer, seal, write_checkpoint, write_head
from xinheng.audit.actions.sealing import Settled
from xinheng.audit.actor import Actor
from xinheng.audit.chain import EVENT_COLUMNS, GENESIS, batch_digest, event_text, next_hash
from xinheng.audit.checkpoints import make_signing_key
from xinheng.audit.models import AuditBatch, AuditEvent, AuditSeal
from xinheng.audit.queries import VerifyReport, verify
from xinheng.base.clock import now as real_now
from xinheng.base.errors import Conflict, Refused
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC, Scope

pytestmark = pytest.mark.usefixtures("committed")
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DETAIL: dict[str, object] = {"n": 1, "改": ["旧", "新\n"]}
INSERT_PAST_THE_PROGRAM = (
    "INSERT INTO audit_event (at, act, actor_kind, actor_id, actor_name, object_type, object_id, purpose,"
    " detail, transaction) VALUES (now(), 'x', 'system', '', 'x', '', '', '', '{}', 1)"
)
CLERK = Actor("officer", "7", "林信予")


def act(*names: str, detail: dict[str, object] | None = None) -> None:
    """One transaction with these events."""
    with transaction.atomic():
        for name in names:
            record(
                act=name,
                by=CLERK,
                now=NOW,
                object_id="对象“1”",
                detail=detail or DETAIL,
            )


def five_sealed() -> None:
    for name in ("a", "b", "c", "d"):
        act(name)
    act("e", "f", "g")
    assert seal(now=NOW).count == 5


def as_owner(*statements: str) -> None:
    """What somebody with the owner's password can do."""
    with connections["owner"].cursor() as cursor:
        for table in ("audit_event", "audit_batch", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in ("audit_event", "audit_batch", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def redo_chain() -> None:
    """Compute every batch digest and every seal anew, as an owner who knows the program would."""
    previous = GENESIS
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT n, batch_id FROM audit_seal ORDER BY n")
        for n, batch_id in cursor.fetchall():
            cursor.execute(
                f"SELECT {EVENT_COLUMNS} FROM audit_batch b"
                " JOIN audit_event e ON e.transaction = b.transaction"
                " AND e.id BETWEEN b.first_event AND b.last_event WHERE b.id = %s ORDER BY e.id",
                [batch_id],
            )
            texts = [event_text(row) for row in cursor.fetchall()]
            digest = batch_digest(batch_id, texts)
            previous = next_hash(previous, digest)
            as_owner(
                f"UPDATE audit_batch SET digest = '{digest}', count = {len(texts)} WHERE id = {batch_id}",
                f"UPDATE audit_seal SET hash = '{previous}' WHERE n = {n}",
            )


def report(home: Home, now: datetime = NOW) -> VerifyReport:
    return verify(Scope(), home=home, now=now)


def kinds(report: VerifyReport) -> list[tuple[str, int, int]]:
    return [(one.kind, one.first, one.last) for one in report.findings]


def test_an_untouched_log_is_intact(home: Home) -> None:
    five_sealed()
    write_checkpoint(home=home, now=NOW)

    result = report(home)

    assert result.intact
    assert (result.events, result.batches, result.seals, result.checkpoints) == (7, 5, 5, 1)
    assert result.sentences()[-1] == "未发现改动。"


def test_an_empty_log_is_intact(home: Home) -> None:
    assert report(home).intact


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = '别人'",
        "detail = '{}'",
        "at = at - interval '1 microsecond'",
        "region_id = 1",
        "region_id = 0",
        "act = 'c1', actor_kind = 'fficer'",
        "purpose = '补写的用途'",
    ],
)
def test_one_changed_row_is_found_and_located(change: str, home: Home) -> None:
    five_sealed()
    third = AuditEvent.objects.get(act="c").pk
    as_owner(f"UPDATE audit_event SET {change} WHERE id = {third}")
    assert kinds(report(home)) == [("event_changed", third, third)]
    assert f"日志第 {third} 号" in report(home).sentences()[2]


def test_a_changed_row_among_several_of_one_act_is_located_to_that_act(home: Home) -> None:
    five_sealed()
    first, last = AuditEvent.objects.get(act="e").pk, AuditEvent.objects.get(act="g").pk
    as_owner("UPDATE audit_event SET act = 'x' WHERE act = 'f'")
    assert kinds(report(home)) == [("event_changed", first, last)]


def test_a_row_deleted_in_the_middle_is_found(home: Home) -> None:
    five_sealed()
    second = AuditEvent.objects.get(act="b").pk
    as_owner(f"DELETE FROM audit_event WHERE id = {second}")
    assert kinds(report(home)) == [("event_deleted", second, second)]


def test_a_row_deleted_with_its_batch_is_found(home: Home) -> None:
    five_sealed()
    batch = AuditBatch.objects.order_by("id")[1].pk
    as_owner("DELETE FROM audit_event WHERE act = 'b'", f"DELETE FROM audit_batch WHERE id = {batch}")
    assert kinds(report(home)) == [("batch_deleted", batch, batch)]


def test_a_row_deleted_with_its_batch_and_its_seal_is_found(home: Home) -> None:
    five_sealed()
    batch = AuditBatch.objects.order_by("id")[1].pk
    as_owner(
        "DELETE FROM audit_event WHERE act = 'b'",
        f"DELETE FROM audit_batch WHERE id = {batch}",
        "DELETE FROM audit_seal WHERE n = 2",
    )
    assert ("seal_missing", 2, 2) in kinds(report(home))


def test_the_newest_rows_deleted_are_found_by_what_is_left(home: Home) -> None:
    five_sealed()
    as_owner("DELETE FROM audit_event WHERE act IN ('e', 'f', 'g')")
    [finding] = report(home).findings
    assert finding.kind == "event_deleted"
    assert "少了 3 条" in finding.message


NEWEST = (
    "DELETE FROM audit_event WHERE act IN ('d', 'e', 'f', 'g')",
    "DELETE FROM audit_batch WHERE id IN (SELECT batch_id FROM audit_seal WHERE n > 3)",
    "DELETE FROM audit_seal WHERE n > 3",
)


def test_the_newest_rows_deleted_without_a_trace_are_found_by_the_checkpoint(home: Home) -> None:
    five_sealed()
    write_checkpoint(home=home, now=NOW)
    as_owner(*NEWEST)
    assert kinds(report(home)) == [("newest_deleted", 4, 5)]


def test_rows_newer_than_the_checkpoint_are_guarded_by_the_head(home: Home) -> None:
    act("a")
    seal(now=NOW)
    write_checkpoint(home=home, now=NOW)
    write_head(home=home, now=NOW)
    five_sealed_more = ("b", "c", "d", "e")
    for name in five_sealed_more:
        act(name)
    seal(now=NOW)
    write_head(home=home, now=NOW)
    as_owner(*NEWEST)

    assert json.loads((home.checkpoints / "head.json").read_text())["events"] == 5
    assert kinds(report(home)) == [("newest_deleted", 4, 5)]


def test_a_changed_batch_is_found(home: Home) -> None:
    five_sealed()
    as_owner(f"UPDATE audit_batch SET digest = '{'0' * 64}' WHERE id = (SELECT batch_id FROM audit_seal WHERE n = 3)")
    third = AuditEvent.objects.get(act="c").pk
    assert kinds(report(home)) == [("seal_changed", 3, 3), ("event_changed", third, third)]


def test_a_changed_seal_is_found(home: Home) -> None:
    five_sealed()
    as_owner(f"UPDATE audit_seal SET hash = '{'0' * 64}' WHERE n = 5")
    assert kinds(report(home)) == [("seal_changed", 5, 5)]


def test_a_chain_computed_anew_is_found_between_two_checkpoints(home: Home) -> None:
    act("a")
    act("b")
    seal(now=NOW)
    write_checkpoint(home=home, now=NOW)
    act("c")
    act("d")
    seal(now=NOW)
    write_checkpoint(home=home, now=NOW + timedelta(days=1))

    as_owner("UPDATE audit_event SET act = 'x' WHERE act = 'd'")
    redo_chain()

    assert kinds(report(home)) == [("chain_redone", 3, 4)]


def test_a_deletion_hidden_by_renumbering_the_chain_is_found(home: Home) -> None:
    five_sealed()
    write_checkpoint(home=home, now=NOW)
    as_owner(
        "DELETE FROM audit_event WHERE act = 'b'",
        "DELETE FROM audit_batch WHERE id = (SELECT batch_id FROM audit_seal WHERE n = 2)",
        "DELETE FROM audit_seal WHERE n = 2",
        *(f"UPDATE audit_seal SET n = {n - 1} WHERE n = {n}" for n in (3, 4, 5)),
    )
    redo_chain()
    assert kinds(report(home)) == [("newest_deleted", 5, 5)]


def test_an_event_written_past_the_triggers_is_found(home: Home) -> None:
    five_sealed()
    as_owner(INSERT_PAST_THE_PROGRAM)
    assert [one.kind for one in report(home).findings] == ["stray_event"]


def test_a_forged_and_a_missing_checkpoint_are_found(home: Home) -> None:
    five_sealed()
    paths = [write_checkpoint(home=home, now=NOW + timedelta(days=day)) for day in range(3)]
    facts = json.loads(paths[1].read_text())
    paths[1].write_text(json.dumps({**facts, "n": 4}))
    assert [one.kind for one in report(home).findings] == ["checkpoint_forged", "checkpoint_missing"]

    paths[1].unlink()
    assert kinds(report(home)) == [("checkpoint_missing", 2, 2)]


def test_another_homes_signature_does_not_pass(home: Home) -> None:
    five_sealed()
    write_checkpoint(home=home, now=NOW)
    (home.keys / "audit-signing.key").unlink()
    make_signing_key(home)
    assert [one.kind for one in report(home).findings] == ["checkpoint_forged"]


def test_the_public_key_is_enough_to_verify(home: Home) -> None:
    five_sealed()
    write_checkpoint(home=home, now=NOW)
    (home.keys / "audit-signing.key").unlink()
    assert report(home).intact
    with pytest.raises(Refused, match="签名密钥"):
        write_checkpoint(home=home, now=NOW + timedelta(days=1))


def test_checkpoints_are_never_replaced(home: Home) -> None:
    write_checkpoint(home=home, now=NOW)
    with pytest.raises(Conflict):
        write_checkpoint(home=home, now=NOW)


def test_a_batch_nobody_seals_for_a_minute_is_told(home: Home) -> None:
    act("a")
    assert report(home, real_now()).intact
    late = report(home, real_now() + timedelta(minutes=2))
    assert [one.kind for one in late.findings] == ["unsealed"]
    assert "超过一分钟未封存" in late.findings[0].message


def test_a_change_before_sealing_is_found(home: Home) -> None:
    act("a")
    as_owner("UPDATE audit_event SET act = 'x'")
    assert [one.kind for one in report(home).findings] == ["event_changed"]


ODD = (
    {"a": '引号" 反斜\\ 换行\n制表\t'},
    {"b": [1, 2.5, None, True]},
    {"深": {"层": {"次": "😀"}}},
)


def test_what_the_database_and_the_program_compute_is_the_same_for_odd_texts(home: Home) -> None:
    for detail in ODD:
        act("odd", detail=detail)
    seal(now=NOW)
    assert report(home).intact


def test_a_second_sealing_adds_nothing(home: Home) -> None:
    five_sealed()
    assert seal(now=NOW).count == 0
    assert list(AuditSeal.objects.order_by("n").values_list("n", flat=True)) == [1, 2, 3, 4, 5]


def test_a_batch_that_commits_late_is_sealed_though_younger_ones_were_before(home: Home) -> None:
    settled = seal(now=NOW).settled
    with transaction.atomic(using="owner"):
        late = connections["owner"].cursor()
        late.execute(INSERT_PAST_THE_PROGRAM)
        late.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in ("a", "b", "c"):
            act(name)
            done = seal(now=NOW, settled=settled)
            assert done.count == 1
            settled = done.settled

    done = seal(now=NOW, settled=settled)
    assert done.count == 1
    assert AuditSeal.objects.order_by("-n")[0].batch_id < AuditSeal.objects.order_by("n")[0].batch_id
    assert report(home).intact


def test_a_sealer_looks_only_above_what_is_settled(home: Home) -> None:
    five_sealed()
    newest = AuditBatch.objects.order_by("-id")[0].pk
    act("later")
    assert seal(now=NOW, settled=Settled(upto=newest)).count == 1


def test_numbers_are_settled_once_every_transaction_that_could_use_them_ended() -> None:
    first = Settled().after(oldest_running=100, next_transaction=120, numbers_given=5)
    assert first == Settled(upto=0, candidate=5, horizon=120)
    assert first.after(oldest_running=119, next_transaction=130, numbers_given=9) == first
    assert first.after(oldest_running=120, next_transaction=130, numbers_given=9) == Settled(5, 9, 130)


def test_the_log_is_not_verified_for_the_public(home: Home) -> None:
    with pytest.raises(Refused):
        verify(PUBLIC, home=home, now=NOW)


def test_the_program_has_no_rights_to_change_the_log(home: Home) -> None:
    with connection.cursor() as cursor:
        for table in ("audit_event", "audit_batch", "audit_seal"):
            for right in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
                assert cursor.fetchone() == (False,), (table, right)


def test_the_sealer_works_until_it_is_told_to_stop(home: Home) -> None:
    act("a")
    stop = threading.Event()
    times = iter([NOW, NOW + timedelta(seconds=1), NOW + timedelta(days=1)])

    def clock() -> datetime:
        at = next(times)
        if at > NOW + timedelta(seconds=1):
            stop.set()
        else:
            act("more")
        return at

    run_sealer(home=home, stop=stop, clock=clock, pause=0.0)

    assert AuditSeal.objects.count() == 3
    assert len(list(home.checkpoints.glob("2026-11-2?T*.json"))) == 2
    assert report(home).intact
