"""Departments put files into a folder; they are taken in, answered, and do not stay in clear."""

import json

import pytest
from tests.portal.senders import penalty
from tests.world import MARKET, NOW, table

from xinheng.intake.folder import RECEIPTS, prepare_folders, take_in_folder
from xinheng.ledger.models import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def put(world, home):
    prepare_folders(home)

    def put(name: str, content: str, type: str = "penalty"):
        folder = home.inbox / MARKET.code / type
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(content, encoding="utf-8")
        return path

    return put


def scan(home, **options):
    return take_in_folder(home=home, clock=lambda: NOW, **options)


def test_a_file_is_taken_in_answered_and_removed(home, put):
    path = put("处罚.csv", table([penalty(1)]))
    assert scan(home, quiet_seconds=0) == 1
    assert not path.exists()
    (receipt,) = (home.inbox / MARKET.code / RECEIPTS).glob("*.json")
    assert json.loads(receipt.read_text(encoding="utf-8"))["accepted"] == 1
    assert Batch.objects.get().channel == "folder"


def test_a_file_still_being_copied_is_left_alone(home, put):
    path = put("处罚.csv", table([penalty(1)]))
    assert scan(home, quiet_seconds=60) == 0
    assert path.exists()


def test_a_file_that_cannot_be_read_is_set_aside_with_the_reason(home, put):
    path = put("处罚.csv", "")
    scan(home, quiet_seconds=0)
    assert not path.exists()
    assert path.with_name("处罚.csv.refused").exists()
    assert path.with_name("处罚.csv.refused.txt").read_text(encoding="utf-8").startswith("这个文件是空的。")
    assert scan(home, quiet_seconds=0) == 0


def test_the_same_file_twice_is_one_batch(home, put):
    put("一.csv", table([penalty(1)]))
    scan(home, quiet_seconds=0)
    put("二.csv", table([penalty(1)]))
    scan(home, quiet_seconds=0)
    assert Batch.objects.count() == 1


def test_a_link_is_never_followed(home, put, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(table([penalty(1)]), encoding="utf-8")
    put("a.csv", "x").unlink()
    (home.inbox / MARKET.code / "penalty" / "a.csv").symlink_to(secret)
    assert scan(home, quiet_seconds=0) == 0
