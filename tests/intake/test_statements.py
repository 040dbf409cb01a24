"""What sending means: the same again, something else, taken back, sent once more; nothing counts twice."""

from datetime import datetime

import pytest
from tests.intake.intake_rows import MILL, MILL_NAME, faults, organisation, penalty, withdrawal
from tests.world import MARKET, SCHOOLS, SYSTEM, World, table

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import Conflict
from xinheng.effects.models import Effect
from xinheng.intake.actions.delivering import Sender, choose_mapping, receive
from xinheng.intake.actions.processing import process
from xinheng.intake.actions.releasing import release
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.ledger.models import Batch, Channel
from xinheng.register.models import Record, Review

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)


def counts(batch: Batch) -> tuple[int, int, int, int, int]:
    """Accepted, amended, unchanged, withdrawn, rejected."""
    return batch.accepted, batch.amended, batch.unchanged, batch.withdrawn, batch.rejected


def test_the_same_file_gives_the_same_receipt_and_counts_once(world: World) -> None:
    text = table([penalty(1), penalty(2)])
    first, second = world.deliver(text, "penalty"), world.deliver(text, "penalty", name="另一个名字.csv", now=LATER)

    assert (first.pk, first.batch) == (second.pk, second.batch)
    assert (Batch.objects.count(), Record.objects.count()) == (1, 2)


def test_the_same_content_in_another_file_is_unchanged(world: World) -> None:
    world.batch(table([penalty(1)]), "penalty")
    again = world.batch(table([penalty(1), penalty(2)]), "penalty", now=LATER)
    assert counts(again) == (1, 0, 1, 0, 0)
    assert Record.objects.filter(decision_no__contains="1号").count() == 1


def test_other_content_amends_and_both_times_of_the_old_version_stay(world: World) -> None:
    world.batch(table([penalty(1)]), "penalty")
    amending = world.batch(table([penalty(1, **{"罚款金额(万元)": "3"})]), "penalty", now=LATER)

    assert counts(amending) == (0, 1, 0, 0, 0)
    old, new = Record.objects.order_by("version")
    assert (old.record_no, old.version, new.version) == (new.record_no, 1, 2)
    assert (old.known_from, old.known_to, new.known_from, new.known_to) == (world.now, LATER, LATER, None)
    assert (old.amount_fen, new.amount_fen) == (2_000_000, 3_000_000)
    assert new.first_received_at == world.now
    shown = Effect.objects.filter(ended_at=None)
    assert [one.record_id for one in shown] == [new.pk]


def test_what_was_withdrawn_comes_back_only_through_a_review(world: World) -> None:
    world.batch(table([penalty(1)]), "penalty")
    taken_back = world.batch(table([withdrawal(1)]), "penalty")
    assert counts(taken_back) == (0, 1, 0, 1, 0)
    assert not Effect.objects.filter(ended_at=None).exists()

    world.batch(table([penalty(1, 备注="重新报送")]), "penalty")
    world.batch(table([penalty("1 1")]), "penalty")
    world.batch(table([penalty(9, 行政处罚决定书文号="云市监罚[2026]l号")]), "penalty")

    assert not Effect.objects.filter(ended_at=None).exists()
    assert list(Record.objects.filter(known_to=None).values_list("gate", flat=True)) == ["returned"] * 3
    assert list(Review.objects.values_list("kind", flat=True)) == ["returned"] * 3


def test_one_file_cannot_withdraw_a_record_and_bring_it_back_with_a_changed_character(world: World) -> None:
    world.batch(table([penalty(1)]), "penalty")
    mixed = world.batch(table([withdrawal(1), penalty("1-")]), "penalty")
    assert counts(mixed) == (1, 1, 0, 1, 0)
    assert not Effect.objects.filter(ended_at=None).exists()


def test_a_withdrawal_of_what_nobody_sent_is_refused(world: World) -> None:
    delivery = world.deliver(table([withdrawal(1), withdrawal(2, 撤回原因="")]), "penalty")
    assert faults(world, delivery) == [(2, "V11", "decision_no"), (3, "V01", "withdrawal_reason")]


def test_within_one_file_a_key_stands_once(world: World) -> None:
    delivery = world.deliver(
        table([penalty(1), penalty(1, **{"罚款金额(万元)": "3"}), penalty(1, MILL, MILL_NAME)]), "penalty"
    )
    assert faults(world, delivery) == [(3, "V11", "decision_no")]
    assert delivery.batch
    assert counts(delivery.batch) == (2, 0, 0, 0, 1)


def test_a_department_cannot_touch_anothers_record(world: World) -> None:
    world.batch(table([penalty(1), penalty(2)]), "penalty")
    rows = [penalty(1, **{"罚款金额(万元)": "3"}), withdrawal(2)]
    delivery = world.deliver(table(rows), "penalty", department=SCHOOLS.code)

    assert faults(world, delivery) == [(2, "V11", "decision_no"), (3, "V11", "decision_no")]
    assert Record.objects.filter(known_to=None, withdrawn=False, amount_fen=2_000_000).count() == 2


def test_seven_working_days_count_from_the_decision_over_the_national_day(world: World) -> None:
    received = datetime(2026, 10, 15, 23, 59, tzinfo=SHANGHAI)
    rows = [penalty(1, 处罚决定日期="2026/09/30"), penalty(2, 处罚决定日期="2026/09/29")]
    batch = world.batch(table(rows), "penalty", now=received)
    assert (batch.timely, batch.late) == (1, 1)
    assert Record.objects.get(decision_no__contains="1号").timely is True


def test_a_department_that_looks_first_publishes_by_hand(world: World) -> None:
    batch = world.batch(table([penalty(1)]), "penalty", department=SCHOOLS.code)
    assert batch.held
    assert (Record.objects.get().gate, Effect.objects.count()) == ("held", 0)

    release(batch_no=batch.number, by=world.officer("lin.xinyu"), now=LATER)

    assert (Record.objects.get().gate, Effect.objects.count()) == ("open", 1)


def test_unclear_columns_wait_for_a_person_whose_answer_is_remembered(world: World) -> None:
    def renamed(number: int) -> str:
        return table([penalty(number)]).replace("行政处罚决定书文号", "本局编号", 1)

    def handed_in(number: int) -> Delivery:
        path = world.home.tmp / f"sent-mapping-{number}"
        path.write_text(renamed(number))
        sender = Sender(world.department(MARKET.code), Channel.DESK, SYSTEM)
        (delivery,) = receive(path=path, file_name="数据.csv", type="penalty", sender=sender, now=world.now)
        return delivery

    first = handed_in(1)
    assert first.state == DeliveryState.MAPPING
    with pytest.raises(Conflict):
        process(delivery_id=first.pk, by=SYSTEM, clock=lambda: world.now)

    headers = tuple(renamed(1).splitlines()[0].split(","))
    choose_mapping(
        delivery=first, mapping={"本局编号": "decision_no"}, headers=headers, by=world.officer("he.shuo"), now=world.now
    )
    done = process(delivery_id=first.pk, by=SYSTEM, clock=lambda: world.now)
    assert done.batch
    assert done.batch.accepted == 1
    assert handed_in(2).state == DeliveryState.WAITING


def test_a_registration_changes_the_organisation_and_keeps_its_number(world: World) -> None:
    world.batch(table([organisation()]), "organisation")
    world.batch(table([penalty(1)]), "penalty")
    world.batch(table([organisation(name="云屿县浮光食品股份有限公司")]), "organisation", now=LATER)
    delivery = world.deliver(table([penalty(2)]), "penalty", now=LATER)
    assert len(set(Record.objects.filter(type="penalty").values_list("subject_no", flat=True))) == 1
    assert delivery.batch
    assert delivery.batch.linked == 1
