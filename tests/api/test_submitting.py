"""A department's program hands in files, follows them, and reads its receipts."""

import uuid
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.portal.senders import SHOP, SHOP_NAME, organisation, penalty
from tests.world import NOW, OFFICE, SYSTEM, table

from xinheng.intake.jobs import work_on
from xinheng.ledger.models import Batch

pytestmark = pytest.mark.django_db
KEY = "2026-11-21-0001"


def upload(*rows: dict[str, str], name: str = "处罚.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, table(rows).encode())


def process(answer) -> int:
    (delivery,) = answer.json()["deliveries"]
    done = work_on(delivery_id=uuid.UUID(delivery["id"]), by=SYSTEM, clock=lambda: NOW)
    return done.batch.number


def test_a_file_is_taken_in_and_answered_by_a_receipt(county, program):
    caller = program()
    answer = caller.post("/batches", {"file": upload(penalty(31)), "type": "penalty"}, key=KEY)
    assert answer.status_code == 202
    number = process(answer)
    receipt = caller.get(f"/receipts/{number}").json()
    assert (receipt["batch"]["accepted"], receipt["batch"]["rejected"]) == (1, 0)
    assert caller.get(f"/deliveries/{answer.json()['deliveries'][0]['id']}").json()["batch_no"] == number
    assert caller.get(f"/batches/{number}").json()["channel"] == "接口"


def test_a_file_waits_in_the_queue_as_soon_as_it_is_received(county, program):
    answer = program().post("/batches", {"file": upload(penalty(31)), "type": "penalty"}, key=KEY)
    (job,) = ProcrastinateJob.objects.filter(task_name="intake.process_delivery")
    assert job.args == {"delivery_id": answer.json()["deliveries"][0]["id"]}


def test_the_same_key_gives_the_same_answer_and_does_nothing_twice(county, program):
    caller = program()
    first = caller.post("/batches", {"file": upload(penalty(31)), "type": "penalty"}, key=KEY)
    again = caller.post("/batches", {"file": upload(penalty(31)), "type": "penalty"}, key=KEY)
    assert first.json() == again.json()
    assert ProcrastinateJob.objects.filter(task_name="intake.process_delivery").count() == 1


def test_the_same_key_for_another_file_is_a_conflict(county, program):
    caller = program()
    caller.post("/batches", {"file": upload(penalty(31)), "type": "penalty"}, key=KEY)
    answer = caller.post("/batches", {"file": upload(penalty(32)), "type": "penalty"}, key=KEY)
    assert answer.status_code == 409


def test_without_a_key_nothing_is_written(county, program):
    answer = program().post("/batches", {"file": upload(penalty(31)), "type": "penalty"})
    assert answer.status_code == 422


def test_problems_are_listed_page_by_page_and_handed_back_as_a_workbook(county, program):
    caller = program()
    bad = [penalty(number, 处罚类别="罚钱", 处罚机关="") for number in range(40, 45)]
    number = process(caller.post("/batches", {"file": upload(*bad), "type": "penalty"}, key=KEY))
    first = caller.get(f"/receipts/{number}/findings", level="error", limit=4).json()
    second = caller.get(f"/receipts/{number}/findings", level="error", limit=100, cursor=first["next_cursor"]).json()
    rows = [one["row"] for page in (first, second) for one in page["findings"]]
    assert rows == sorted(rows)
    assert set(rows) == set(range(2, 7))
    assert len(rows) == Batch.objects.get(number=number).errors_total
    workbook = caller.get(f"/receipts/{number}/corrections")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(workbook.streaming_content))).active
    assert sheet.max_row == 6


def test_an_unreadable_file_is_refused_with_a_sentence(county, program):
    answer = program().post("/batches", {"file": SimpleUploadedFile("空.csv", b""), "type": "penalty"}, key=KEY)
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"].endswith("。")


def test_another_departments_receipt_is_not_found(county, program):
    number = Batch.objects.filter(type="penalty").get().number
    assert program(OFFICE.code).get(f"/receipts/{number}").status_code == 404


def test_a_wrong_secret_opens_nothing(county, program, client):
    caller = program()
    caller.secret += "x"
    answer = caller.get("/batches")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_program_that_may_only_read_cannot_submit(county, program):
    caller = program(scopes=("read",))
    answer = caller.post("/batches", {"file": upload(penalty(31)), "type": "penalty"}, key=KEY)
    assert answer.status_code == 403


def test_batches_are_listed_newest_first_page_by_page(county, program):
    county.batch(table([organisation(SHOP, SHOP_NAME)]), "organisation")
    caller = program()
    first = caller.get("/batches", limit=2).json()
    second = caller.get("/batches", limit=100, cursor=first["next_cursor"]).json()
    numbers = [batch["number"] for page in (first, second) for batch in page["batches"]]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == Batch.objects.count()
