"""What leaves with a file for the upper platform is noted, and taken back when it ends."""

from datetime import date

import pytest
from tests.portal.senders import SHOP, SHOP_NAME, organisation, penalty
from tests.world import NOW, SYSTEM, World, table

from xinheng.base.errors import TryLater
from xinheng.effects.actions import confirm_takedown, end_effects, propose_takedown
from xinheng.effects.models import Effect, EndReason, HandedVersion, Retraction
from xinheng.exchange.actions import log_export
from xinheng.exchange.queries import ExchangeFile, exchange_file
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture
def sent(world: World) -> World:
    """Two penalties of an organisation."""
    world.batch(table([organisation(SHOP, SHOP_NAME)]), "organisation")
    world.batch(table([penalty(1), penalty(2)]), "penalty")
    return world


def file_of(world: World) -> ExchangeFile:
    return exchange_file(world.scope, type="penalty", first=TODAY, last=TODAY, home=world.home)


def repair(number: int) -> Record:
    record = Record.objects.get(decision_no=f"云市监罚〔2026〕{number}号")
    end_effects(
        effect_ids=list(Effect.objects.filter(record_id=record.pk).values_list("id", flat=True)),
        reason=EndReason.REPAIRED, why="准予修复", by=SYSTEM, now=NOW, today=TODAY,
    )  # fmt: skip
    return record


def test_the_versions_of_a_file_are_noted_and_taken_back(sent):
    log_export(file=file_of(sent), by=sent.officer("lin.xinyu"), now=NOW)
    assert HandedVersion.objects.count() == 2

    record = repair(1)

    assert list(Retraction.objects.values_list("recipient__name", "record_id")) == [("上级平台", record.pk)]


def test_a_department_that_withdraws_a_record_has_it_taken_back_upstairs(sent):
    log_export(file=file_of(sent), by=sent.officer("lin.xinyu"), now=NOW)
    sent.batch(table([penalty(1, 数据操作="撤回", 撤回原因="决定被撤销")]), "penalty")
    assert Retraction.objects.count() == 1


def test_what_was_repaired_or_taken_down_does_not_leave_again(sent):
    repair(1)
    second = Record.objects.get(decision_no="云市监罚〔2026〕2号")
    proposed = propose_takedown(record_no=second.record_no, reason="核查", by=sent.officer("lin.xinyu"), now=NOW)
    confirm_takedown(takedown=proposed.pk, by=sent.officer("zhou.ming"), now=NOW)
    assert file_of(sent).rows == 0


def test_a_file_written_before_an_end_is_not_handed_over_after_it(sent):
    file = file_of(sent)
    repair(1)
    with pytest.raises(TryLater):
        log_export(file=file, by=sent.officer("lin.xinyu"), now=NOW)
    assert not HandedVersion.objects.exists()
