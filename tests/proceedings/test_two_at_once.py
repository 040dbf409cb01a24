"""Two people decide one case at the same moment, on connections of their own: one is served, the other is told."""

import os
import threading
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection, connections
from tests.proceedings.cases import CaseWorld, build
from tests.world import NOW, SYSTEM, build_world

from xinheng.base.errors import Conflict
from xinheng.base.home import Home
from xinheng.base.postgres import ServerAddress, drop_database, ensure_database
from xinheng.effects.actions import end_effects, publish_again
from xinheng.effects.models import Effect, EndReason
from xinheng.proceedings.actions import confirm, move, propose
from xinheng.proceedings.models import Case, CaseEvent


@pytest.fixture
def office(
    database_server: ServerAddress, template_database: str, django_db_setup: None, django_db_blocker, home: Home
) -> Iterator[CaseWorld]:
    """A county in a database of its own: threads see only what is committed, and nothing here can be deleted again."""
    name = f"at_once_{os.getpid()}"
    access = ensure_database(database_server, name, template=template_database)
    before = {alias: dict(connections.settings[alias]) for alias in ("default", "owner")}
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        _point_at({"default": access.app.django(), "owner": access.owner.django()})
        yield build(build_world(home))
        _point_at(before)
    drop_database(database_server, name)


def _point_at(addresses: dict[str, dict[str, object]]) -> None:
    for alias, address in addresses.items():
        connections[alias].close()
        connections.settings[alias].update(address)
        connections[alias].settings_dict.update(address)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all together; what each came to: `done`, or the sentence it was refused with."""
    start = threading.Barrier(len(acts))
    told: list[str] = []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            told.append("done")
        except Conflict as refusal:
            told.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_of_two_decisions_one_counts_and_the_other_learns_of_it(office: CaseWorld) -> None:
    case = office.objection().case

    def accept() -> object:
        return move(case=case.pk, event="accept", stated={}, by=office.clerk, now=NOW)

    told = at_once(accept, accept, accept)
    assert told.count("done") == 1
    assert sum("已由他人办理" in one for one in told) == 2
    assert CaseEvent.objects.filter(case=case, event="accept").count() == 1


def test_of_two_confirmations_one_counts(office: CaseWorld) -> None:
    case = office.objection().case
    for event, stated, by in (
        ("accept", {}, office.clerk),
        ("forward", {}, office.clerk),
        ("answer", {"finding": "right", "answer": "核对过"}, office.source),
        ("notify_rejection", {"reason": "与案卷一致"}, office.clerk),
        ("state", {"statement": "不同意"}, office.clerk),
    ):
        move(case=case.pk, event=event, stated=stated, by=by, now=NOW)
    made = propose(case=case.pk, event="reject", stated={"reason": "与案卷一致"}, by=office.clerk, now=NOW)

    def second() -> object:
        return confirm(proposal=made.pk, by=office.second, now=NOW)

    def other_way() -> object:
        return move(
            case=case.pk, event="uphold", stated={"remedy": "withdraw", "reason": "有误"}, by=office.clerk, now=NOW
        )

    told = at_once(second, second, other_way)
    assert told.count("done") == 1
    assert Case.objects.get(pk=case.pk).state in ("rejected", "upheld")


def test_case_numbers_are_given_without_gaps_and_never_twice(office: CaseWorld) -> None:
    grounds = ["wrong", "not_mine", "expired", "repaired"]
    told = at_once(*(lambda ground=ground: office.objection(ground=ground) for ground in grounds))
    assert told == ["done"] * 4
    assert sorted(Case.objects.values_list("number", flat=True)) == [f"信异〔2026〕000{n}号" for n in range(1, 5)]


def test_of_two_decisions_to_let_a_record_return_one_does(office: CaseWorld) -> None:
    day = office.now.date()
    ended = Effect.objects.get(kind="publication")
    end_effects(effect_ids=[ended.pk], reason=EndReason.REPAIRED, why="", by=SYSTEM, now=office.now, today=day)

    def again() -> None:
        publish_again(record_no=office.record_no, why="撤销修复", by=office.clerk, now=office.now)

    told = at_once(again, again)

    assert sorted(told) == ["done", "这条信息没有提前终止公示，或者已经恢复过。"]
    assert Effect.objects.get(ended_at=None).restores_id == ended.pk
