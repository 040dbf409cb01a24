"""Forgetting a person finds her in files that wait for their columns or their turn, and in held batches."""

import pytest
from tests.intake.intake_rows import penalty
from tests.world import MARKET, NOW, SCHOOLS, SYSTEM, World, table

from xinheng.base.errors import NotFound, Refused
from xinheng.base.identifiers import citizen_number
from xinheng.intake.actions.delivering import Sender, receive
from xinheng.intake.actions.forgetting import forget_person
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.ledger.models import Channel
from xinheng.vault.models import DataKey, SealedRecord

pytestmark = pytest.mark.django_db
NUMBER = citizen_number.complete("990001900307001")
OTHER = citizen_number.complete("990001850612002")


def of_person(number: str, key: str = "人") -> dict[str, str]:
    return penalty(
        key, "", "欧阳翡翠", 行政相对人类别="自然人", 法定代表人="", 证件类型="身份证", 证件号码=number,
    )  # fmt: skip


def waiting(world: World, rows: list[dict[str, str]], *, rename: str = "") -> Delivery:
    """A file that was received and not processed; with a column nobody knows, it waits for a mapping."""
    content = table(rows).replace("行政处罚决定书文号", rename or "行政处罚决定书文号")
    path = world.home.tmp / f"handed-{DataKey.objects.count()}"
    path.write_bytes(content.encode())
    sender = Sender(world.department(MARKET.code), Channel.DESK, SYSTEM)
    (delivery,) = receive(path=path, file_name="处罚.csv", type="penalty", sender=sender, now=NOW)
    path.unlink()
    return delivery


def forget(number: str = NUMBER):
    return forget_person(number=number, by=SYSTEM, now=NOW, reason="本人申请删除")


@pytest.mark.parametrize("written", [NUMBER, f" {NUMBER[:6]} {NUMBER[6:14]}-{NUMBER[14:]}", NUMBER[:6] + NUMBER[8:17]])
def test_a_file_waiting_for_its_columns_is_forgotten_whatever_the_spelling(world: World, written: str) -> None:
    delivery = waiting(world, [of_person(written)], rename="号")
    other = waiting(world, [of_person(OTHER)], rename="号")
    assert delivery.state == other.state == DeliveryState.MAPPING
    stored = world.home.root / delivery.stored_path

    assert forget().waiting == 1

    delivery.refresh_from_db()
    other.refresh_from_db()
    assert (delivery.state, delivery.stored_path) == (DeliveryState.REFUSED, "")
    assert DataKey.objects.get(pk=delivery.key_id).wrapped is None
    assert other.state == DeliveryState.MAPPING
    assert stored.name
    assert (world.home.root / other.stored_path).exists()


def test_the_file_itself_goes_with_the_commit(world: World, django_capture_on_commit_callbacks) -> None:
    stored = world.home.root / waiting(world, [of_person(NUMBER)]).stored_path
    with django_capture_on_commit_callbacks(execute=True):
        forget()
    assert not stored.exists()
    assert list(world.home.tmp.glob("forget-*")) == []


def test_her_number_in_any_cell_counts(world: World) -> None:
    waiting(world, [penalty(1, 备注=f"经办人证件{NUMBER}")], rename="号")
    assert forget().waiting == 1


def test_a_held_batch_is_found(world: World) -> None:
    row = of_person(NUMBER) | {
        "数据来源单位": SCHOOLS.name, "数据来源单位统一社会信用代码": SCHOOLS.code,
        "处罚机关": SCHOOLS.name, "处罚机关统一社会信用代码": SCHOOLS.code,
    }  # fmt: skip
    batch = world.batch(table([row]), "penalty", department=SCHOOLS.code)
    assert batch.held
    assert forget().batches == (batch.number,)
    assert SealedRecord.objects.get().key.wrapped is None


def test_nothing_anywhere_is_said_and_a_wrong_number_is_refused(world: World) -> None:
    waiting(world, [of_person(OTHER)])
    with pytest.raises(NotFound, match="没有可销毁的内容"):
        forget()
    with pytest.raises(Refused, match="证件号码不正确"):
        forget("12345")
