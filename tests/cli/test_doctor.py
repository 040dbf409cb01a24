"""The doctor finds what killed processes leave behind, and clears it away only when asked."""

import pytest
from tests.portal.senders import penalty, send_files
from tests.world import MARKET, SYSTEM, table

from xinheng.intake.actions.delivering import Sender, receive
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.ledger.models import Channel, DataFile

pytestmark = pytest.mark.django_db


def kinds(answer) -> list[str]:
    return [finding["kind"] for finding in answer.json["findings"]]


def test_a_healthy_home_has_no_findings(world, xinheng):
    send_files(world)
    assert kinds(xinheng("doctor", "--lease", 0, "--json")) == kinds(xinheng("doctor", "--lease", 0, "--json"))


def test_orphans_are_told_and_removed_on_request(world, xinheng, home):
    send_files(world)
    for path in (home.tmp, home.sources):
        for leftover in path.glob("sent-*"):
            leftover.unlink()
    (home.ledger / "data" / "9.orphan").mkdir()
    (home.ledger / "data" / "9.orphan" / "accepted.parquet").touch()
    (home.sources / "orphan.sealed").touch()
    (home.tmp / "intake-orphan").mkdir()
    told = xinheng("doctor", "--lease", 0, "--json")
    assert told.code == 1
    assert {"ledger", "originals", "clear_text"} <= set(kinds(told))
    xinheng("doctor", "--lease", 0, "--repair", "--json")
    assert {"ledger", "originals", "clear_text"} & set(kinds(xinheng("doctor", "--lease", 0, "--json"))) == set()
    assert not (home.ledger / "data" / "9.orphan").exists()


def test_what_was_written_within_the_lease_is_left_alone(world, xinheng, home):
    (home.ledger / "data" / "9.busy").mkdir(parents=True)
    assert "ledger" not in kinds(xinheng("doctor", "--json"))


def test_a_delivery_left_running_by_a_killed_process_waits_again(world, xinheng, home):
    path = home.tmp / "one.csv"
    path.write_text(table([penalty(1)]), encoding="utf-8")
    sender = Sender(world.department(MARKET.code), Channel.COMMAND, SYSTEM)
    (delivery,) = receive(path=path, file_name="one.csv", type="penalty", sender=sender, now=world.now)
    Delivery.objects.update(state=DeliveryState.RUNNING)
    assert "deliveries" in kinds(xinheng("doctor", "--json"))
    xinheng("doctor", "--repair", "--json")
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.WAITING


def test_a_changed_and_a_missing_ledger_file_are_named(world, xinheng, home):
    send_files(world)
    first, second = (home.root / file.path for file in DataFile.objects.filter(path__startswith="ledger/")[:2])
    first.unlink()
    content = bytearray(second.read_bytes())
    content[len(content) // 2] ^= 1
    second.write_bytes(content)
    answer = xinheng("doctor")
    assert answer.code == 1
    assert "不见了" in answer.out
    assert "已被改动" in answer.out
