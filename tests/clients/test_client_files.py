"""Files of codes from the Python client: sent once, waited for, and fetched whole or not at all."""

import csv
import dataclasses
from pathlib import Path

import pytest
from tests.checks.counter import CITIZEN, CLEAN, ITEM, LISTED
from tests.clients.between import Reply, between
from tests.clients.conftest import Served

from xinheng.checks.jobs import answer_waiting
from xinheng.checks.models import CheckFile
from xinheng_client import Altered, Platform, Refused, Unavailable, verify


@pytest.fixture
def codes(tmp_path: Path) -> Path:
    file = tmp_path / "codes.csv"
    file.write_text(f"统一社会信用代码\n{LISTED}\n{CLEAN}\n{CITIZEN}\n", encoding="utf-8")
    return file


def send(platform: Platform, codes: Path, key: str):
    return platform.files.send(codes, item=ITEM, purpose="service", case_no="", key=key)


def test_a_file_is_answered_in_the_background_and_fetched_whole(
    platform: Platform, served: Served, codes: Path, tmp_path: Path
):
    sent = send(platform, codes, "file-0001")
    answer_waiting(file_id=str(sent.id))
    found = platform.files.fetch(sent.id, tmp_path / "answers.csv")

    assert (found.state, found.codes, found.hits, found.refused) == ("done", 3, 1, 1)
    assert verify(found.receipt, served.keys)["codes"] == 3
    rows = list(csv.DictReader((tmp_path / "answers.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["代码"] for row in rows] == [LISTED, CLEAN, ""]
    assert CITIZEN not in (tmp_path / "answers.csv").read_text(encoding="utf-8")


def test_the_same_key_is_the_same_file(platform: Platform, codes: Path):
    first, again = send(platform, codes, "file-0002"), send(platform, codes, "file-0002")

    assert first.id == again.id
    assert CheckFile.objects.filter(idempotency_key="file-0002").count() == 1


def test_a_file_that_is_not_worked_through_is_not_fetched(platform: Platform, codes: Path, tmp_path: Path):
    sent = send(platform, codes, "file-0003")

    with pytest.raises(Unavailable, match="还在核查"):
        platform.files.fetch(sent.id, tmp_path / "answers.csv")
    with pytest.raises(Unavailable, match="还在核查"):
        platform.files.wait(sent.id, seconds=0.1, every=0.05)
    assert not (tmp_path / "answers.csv").exists()


def test_answers_that_differ_from_their_receipt_are_not_kept(
    platform: Platform, served: Served, codes: Path, tmp_path: Path
):
    sent = send(platform, codes, "file-0004")
    answer_waiting(file_id=str(sent.id))

    def lie(call: int, reply: Reply) -> Reply:
        return dataclasses.replace(reply, body=reply.body.replace("市场监督".encode(), b"")) if call == 2 else reply

    with between(served.url, lie) as line, served.platform(line.url) as other, pytest.raises(Altered):
        other.files.fetch(sent.id, tmp_path / "answers.csv")
    assert not (tmp_path / "answers.csv").exists()


def test_a_file_without_codes_is_refused_in_words(platform: Platform, tmp_path: Path):
    empty = tmp_path / "empty.csv"
    empty.write_text("")

    with pytest.raises(Refused):
        platform.check_file(empty, tmp_path / "answers.csv", item=ITEM, purpose="service")
