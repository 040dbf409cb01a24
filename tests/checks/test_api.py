"""The check as a hall's program calls it."""

import hashlib
import json
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.checks.counter import CITIZEN, CLEAN, ITEM, LISTED, UNKNOWN, Counter
from tests.world import MARKET, NOW, SYSTEM

from xinheng.audit.models import AuditEvent
from xinheng.checks.jobs import answer_waiting
from xinheng.checks.keys import public_keys
from xinheng.checks.models import CheckFeedback, CheckPart
from xinheng.checks.receipts import canonical, lines_digest, verify
from xinheng.people.actions import create_api_client

pytestmark = pytest.mark.django_db


class Hall:
    """A program of the market authority's hall."""

    def __init__(self, counter: Counter, client: Client, *scopes: str) -> None:
        made = create_api_client(
            name="办事大厅", department=counter.world.department(MARKET.code), scopes=scopes, by=SYSTEM, now=NOW
        )
        self.client, self.secret = client, made[1]

    def post(self, address: str, body: dict[str, Any], **headers: str) -> Any:
        with time_machine.travel(NOW, tick=False):
            return self.client.post(
                f"/api/v1{address}",
                json.dumps(body),
                content_type="application/json",
                headers={"Authorization": f"Bearer {self.secret}", **headers},
            )

    def get(self, address: str) -> Any:
        with time_machine.travel(NOW, tick=False):
            return self.client.get(f"/api/v1{address}", headers={"Authorization": f"Bearer {self.secret}"})

    def send(self, text: str, key: str = "") -> Any:
        """A file of codes."""
        file = SimpleUploadedFile("codes.csv", text.encode())
        headers = {"Authorization": f"Bearer {self.secret}"} | ({"Idempotency-Key": key} if key else {})
        form = {"file": file, "item": ITEM, "purpose": "service"}
        with time_machine.travel(NOW, tick=False):
            return self.client.post("/api/v1/checks/files", form, headers=headers)

    def check(self, code: str, **more: str) -> Any:
        return self.post("/checks", {"code": code, "item": ITEM, "purpose": "service"} | more)


@pytest.fixture
def hall(counter: Counter, client: Client) -> Hall:
    cache.clear()
    return Hall(counter, client, "check")


def test_a_program_reads_what_is_in_force(hall: Hall):
    found = hall.check(LISTED)

    assert found.status_code == 200
    assert found.json()["entries"][0]["list_key"] == "L04"


def test_a_program_without_the_permission_is_refused(counter: Counter, client: Client):
    cache.clear()

    assert Hall(counter, client, "read").check(LISTED).status_code == 403


def test_a_citizen_number_is_refused_and_not_repeated(hall: Hall):
    found = hall.check(CITIZEN)

    assert found.status_code == 422
    assert "只回答单位" in found.json()["detail"]
    assert CITIZEN not in found.content.decode()
    assert not AuditEvent.objects.filter(act="check.answer").exists()


def test_a_call_without_item_is_refused(hall: Hall):
    assert hall.check(CLEAN, item="").status_code == 422


def test_a_batch_is_answered_in_order_under_one_receipt(hall: Hall, counter: Counter):
    body = {"codes": [CLEAN, CITIZEN, LISTED, UNKNOWN], "item": ITEM, "purpose": "service"}
    found = hall.post("/checks/batch", body).json()

    assert [one.get("hit") for one in found["lines"]] == [False, None, True, False]
    assert "refused" in found["lines"][1]
    receipt = verify(found["receipt"], public_keys(counter.home))
    assert receipt.genuine
    assert receipt.facts["lines_digest"] == lines_digest([canonical(one) for one in found["lines"]])
    assert CheckPart.objects.get().codes == [CLEAN, "", LISTED, UNKNOWN]
    assert CITIZEN not in json.dumps(found)


def test_the_same_batch_under_the_same_key_is_one_check(hall: Hall):
    body = {"codes": [CLEAN, LISTED], "item": ITEM, "purpose": "service"}
    key = {"Idempotency-Key": "batch-0001"}
    first, second = (hall.post("/checks/batch", body, **key) for _ in range(2))
    other = hall.post("/checks/batch", body | {"codes": [CLEAN]}, **key)

    assert first.json() == second.json()
    assert CheckPart.objects.count() == 1
    assert (other.status_code, "Idempotency-Key" in other.json()["detail"]) == (409, True)


def test_a_key_of_a_single_check_is_not_one_of_a_batch(hall: Hall):
    key = {"Idempotency-Key": "either-or-1"}
    hall.post("/checks", {"code": CLEAN, "item": ITEM, "purpose": "service"}, **key)

    body = {"codes": [CLEAN], "item": ITEM, "purpose": "service"}
    assert hall.post("/checks/batch", body, **key).status_code == 409


def test_a_file_is_taken_in_followed_and_fetched(hall: Hall, counter: Counter):
    sent = hall.send(f"代码\n{LISTED}\n{CITIZEN}\n{CLEAN}\n")

    assert (sent.status_code, sent.json()["state"], sent.json()["codes"]) == (202, "waiting", 3)
    address = f"/checks/files/{sent.json()['id']}"
    assert hall.get(f"{address}/result").status_code == 503
    answer_waiting(sent.json()["id"])
    told = hall.get(address).json()
    assert (told["state"], told["hits"], told["refused"]) == ("done", 1, 1)
    content = b"".join(hall.get(f"{address}/result").streaming_content)
    assert (
        verify(told["receipt"], public_keys(counter.home)).facts["file_digest"] == hashlib.sha256(content).hexdigest()
    )
    assert CITIZEN.encode() not in content


def test_the_same_file_under_the_same_key_is_one_file(hall: Hall):
    first, second = (hall.send(CLEAN, "file-00001") for _ in range(2))

    assert first.json()["id"] == second.json()["id"]
    assert hall.send(LISTED, "file-00001").status_code == 409


def test_feedback_is_noted_for_a_measure_of_the_answer(hall: Hall, counter: Counter):
    counter.publish_measures()
    counter.restrain()
    number = hall.check(LISTED).json()["number"]

    done = {"measures": [{"measure": "D-3", "outcome": "applied", "document_no": "云批〔2026〕1号"}]}
    assert hall.post(f"/checks/{number}/feedback", done).json() == {"number": number, "noted": 1}
    assert CheckFeedback.objects.get().outcome == "applied"


def test_feedback_without_a_reason_for_doing_nothing_is_refused(hall: Hall, counter: Counter):
    counter.publish_measures()
    counter.restrain()
    number = hall.check(LISTED).json()["number"]

    refused = hall.post(f"/checks/{number}/feedback", {"measures": [{"measure": "D-3", "outcome": "not_applied"}]})
    assert refused.status_code == 422
    assert "原因" in refused.json()["detail"]


def test_the_public_keys_verify_a_receipt_elsewhere(hall: Hall, client: Client):
    receipt = hall.check(CLEAN).json()["receipt"]
    keys = client.get("/api/v1/checks/keys").json()["keys"]

    head = json.loads(_decoded(receipt.split(".")[0]))
    assert head["kid"] in {one["kid"] for one in keys}


def _decoded(part: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
