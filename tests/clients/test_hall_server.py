"""The pretend hall's own server: what it passes on, and in which words it says that it cannot."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.checks.counter import CITIZEN, CLEAN, LISTED
from tests.clients.conftest import IMPATIENT, Served
from tests.docs.documents import ROOT

from pretend_hall.business import read_offer
from pretend_hall.server import HERE, Hall
from xinheng_client import Keys, Platform, verify

KEY = "0123456789abcdef"


@contextmanager
def hall_of(platform: Platform, keys: Keys) -> Iterator[str]:
    hall = Hall(0, platform=platform, keys=keys, offer=read_offer(HERE / "business.toml"))
    thread = threading.Thread(target=hall.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{hall.server_port}"
    finally:
        hall.shutdown()
        hall.server_close()
        thread.join()


@pytest.fixture
def hall(served: Served, platform: Platform) -> Iterator[str]:
    with hall_of(platform, served.keys) as url:
        yield url


def post(url: str, body: object, **headers: str) -> tuple[int, dict[str, Any]]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with urllib3.PoolManager() as pool:
        found = pool.request("POST", url, body=content, headers={"Content-Type": "application/json", **headers})
        return found.status, found.json()


def test_the_page_gets_the_receipt_and_nothing_else(hall: str, served: Served):
    status, found = post(f"{hall}/credit/checks", {"code": LISTED, "item": "food", "case_no": "1", "key": KEY})

    assert status == 200
    assert found.keys() == {"receipt"}
    facts = verify(found["receipt"], served.keys)
    assert (facts["item"], facts["purpose"], facts["case_no"], facts["hit"]) == ("SP-XK-01", "service", "1", True)


def test_the_page_cannot_choose_an_item_of_the_platform(hall: str):
    status, found = post(f"{hall}/credit/checks", {"code": CLEAN, "item": "ZH-PX-01", "key": KEY})

    assert (status, found["detail"]) == (422, "本大厅不办理这个事项。")


def test_a_refusal_of_the_platform_is_passed_on_in_its_words(hall: str):
    status, found = post(f"{hall}/credit/checks", {"code": CITIZEN, "item": "food", "key": KEY + "2"})

    assert status == 422
    assert "只回答单位" in found["detail"]
    assert CITIZEN not in json.dumps(found)


@pytest.mark.parametrize("body", [b"[", b"[]", b"{}", b"", b'{"code": 1, "item": "food", "key": "x"}'])
def test_what_is_no_question_is_refused(hall: str, body: bytes):
    assert post(f"{hall}/credit/checks", body)[0] == 422


def test_a_form_of_another_page_is_no_question(hall: str):
    body = json.dumps({"code": CLEAN, "item": "food", "key": KEY}).encode()

    assert post(f"{hall}/credit/checks", body, **{"Content-Type": "text/plain"})[0] == 422


def test_feedback_is_passed_on(hall: str, served: Served):
    _, found = post(f"{hall}/credit/checks", {"code": LISTED, "item": "food", "key": KEY + "3"})
    number = verify(found["receipt"], served.keys)["number"]
    done = {"measures": [{"measure": "D-3", "outcome": "applied", "document_no": "云审受〔2026〕1号"}]}

    assert post(f"{hall}/credit/checks/{number}/feedback", done) == (200, {"number": number, "noted": 1})


def test_a_platform_that_is_away_is_told_so(served: Served):
    with served.platform("http://127.0.0.1:9") as away, hall_of(away, served.keys) as url:
        status, found = post(f"{url}/credit/checks", {"code": CLEAN, "item": "food", "key": KEY})

    assert status == 503
    assert "不能认定没有记录" in found["advice"]


def test_a_secret_that_does_not_hold_is_the_halls_own_affair(served: Served):
    stranger = Platform.at(served.url, secret="none.none", patience=IMPATIENT)
    with stranger, hall_of(stranger, served.keys) as url:
        assert post(f"{url}/credit/checks", {"code": CLEAN, "item": "food", "key": KEY})[0] == 502


def test_the_command_pins_the_keys_once_and_serves(served: Served, tmp_path: Path):
    secret, keys = tmp_path / "secret", tmp_path / "keys.json"
    secret.write_text(json.dumps({"client": {}, "secret": served.secret}))
    paths = f"{ROOT / 'clients' / 'python' / 'src'}:{ROOT / 'clients' / 'hall'}"
    command = [sys.executable, "-m", "pretend_hall", "--platform", served.url, "--port", "0"]
    process = subprocess.Popen(
        [*command, "--secret-file", str(secret), "--keys", str(keys)],
        env={"PYTHONPATH": paths}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split("：")[1].split("/ ")[0]
        status, found = post(f"{url}/credit/checks", {"code": CLEAN, "item": "food", "key": KEY + "4"})
    finally:
        process.terminate()
        process.wait(20)

    assert status == 200
    assert verify(found["receipt"], Keys.read(keys))["code"] == CLEAN
