"""A file from the browser: taken in, watched, its columns decided, its receipt read."""

import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from tests.desk.reading import text_of
from tests.portal.senders import organisation, penalty
from tests.world import MARKET, SCHOOLS, table

from xinheng.base import clock
from xinheng.base.identifiers import credit_code
from xinheng.intake.jobs import sender_of, work_on
from xinheng.intake.models import Delivery, DeliveryState
from xinheng.ledger.models import Batch


def send(client, world, content: str, type: str = "penalty", department: str = MARKET.code, name: str = "处罚.csv"):
    return client.post(
        "/desk/upload",
        {
            "type": type,
            "department": world.department(department).pk,
            "file": SimpleUploadedFile(name, content.encode()),
        },
    )


def work(delivery: Delivery) -> Delivery:
    """What the worker does with a waiting delivery."""
    return work_on(delivery_id=delivery.pk, by=sender_of(delivery), clock=clock.now)


def test_a_file_waits_for_the_worker_and_leads_to_its_receipt(office, at_desk):
    client = at_desk("he.shuo")
    response = send(client, office, table([penalty(1), penalty(2, "9199")]))
    delivery = Delivery.objects.get()
    assert response["Location"] == f"/desk/deliveries/{delivery.pk}"
    assert delivery.state == DeliveryState.WAITING
    assert delivery.submitted_by == office.officer("he.shuo")
    assert "排队中" in text_of(client, response["Location"])
    work(delivery)
    batch = Batch.objects.get()
    assert client.get(response["Location"])["Location"] == f"/desk/batches/{batch.number}/receipt"
    polled = client.get(response["Location"], headers={"HX-Request": "true"})
    assert polled["HX-Redirect"] == f"/desk/batches/{batch.number}/receipt"


def test_the_job_is_handed_over_with_the_delivery(office, at_desk):
    send(at_desk("he.shuo"), office, table([penalty(1)]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.process_delivery'")
        assert cursor.fetchone()[0] == 1


def test_the_receipt_tells_three_numbers_and_what_to_correct(office, at_desk):
    wrong = "云市监罚〔2026〕9号"
    batch = office.batch(table([penalty(1), penalty(2, "9199"), penalty(3, 处罚决定日期="去年")]), "penalty")
    client = at_desk("he.shuo")
    text = text_of(client, f"/desk/batches/{batch.number}/receipt")
    figures = re.findall(r'<span class="value">(\d+)</span>', text)
    assert figures[:3] == ["1", "2", "0"]
    assert "需要改正什么" in text
    assert wrong not in text
    one = client.get(f"/desk/batches/{batch.number}/receipt.json")
    found = json.loads(one.content)
    assert (found["accepted"], found["rejected"]) == (1, 2)
    assert {error["row"] for error in found["errors"]} == {3, 4}
    assert client.get(f"/desk/batches/{batch.number}/correction.xlsx").content[:2] == b"PK"


def test_the_rows_of_a_receipt_can_be_narrowed_to_one_problem(office, at_desk):
    batch = office.batch(table([penalty(2, "9199"), penalty(3, 处罚决定日期="去年")]), "penalty")
    client = at_desk("he.shuo")
    text = text_of(client, f"/desk/batches/{batch.number}/receipt")
    groups = re.findall(r'href="(/desk/batches/\d+/receipt\?code=[^"#]+)', text)
    assert groups
    narrowed = text_of(client, groups[0].replace("&amp;", "&"))
    assert "看全部" in narrowed


def test_a_file_nobody_can_read_is_refused_beside_the_field(office, at_desk):
    client = at_desk("he.shuo")
    response = send(client, office, "%PDF-1.7 not a table", name="a.pdf")
    assert response.status_code == 200
    assert "没有收下这份文件" in response.content.decode()
    assert not Delivery.objects.exists()


def test_nobody_sends_for_another_department(office, at_desk):
    response = send(at_desk("he.shuo"), office, table([penalty(1)]), department=SCHOOLS.code)
    assert response.status_code == 200
    assert not Delivery.objects.exists()


def test_unclear_columns_are_asked_once_and_remembered(office, at_desk):
    code = credit_code.make("91", "990001", "MA000009")
    row = organisation(code, "云屿县浮灯渔具店")
    row["企业大名"] = row.pop("主体名称")
    client = at_desk("he.shuo")
    address = send(client, office, table([row]), type="organisation")["Location"]
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.MAPPING
    columns = client.get(address)["Location"]
    text = text_of(client, columns)
    assert "企业大名" in text
    position = re.search(r'name="(c\d+)"', text).group(1)
    missing = client.post(columns, {position: ""})
    assert "还缺少必填的列" in missing.content.decode()
    assert client.post(columns, {position: "name"})["Location"] == address
    delivery.refresh_from_db()
    assert work(delivery).batch.accepted == 1
    other = organisation(credit_code.make("91", "990001", "MA000010"), "云屿县浮舟渔具店")
    other["企业大名"] = other.pop("主体名称")
    send(client, office, table([other]), type="organisation")
    assert Delivery.objects.order_by("-received_at").filter(state=DeliveryState.MAPPING).count() == 0


def test_a_refused_delivery_says_why_and_how_to_go_on(office, at_desk):
    client = at_desk("he.shuo")
    send(client, office, table([penalty(1)]))
    delivery = Delivery.objects.get()
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.REFUSED, message="文件读到一半断了。", advice="请重新导出。"
    )
    text = text_of(client, f"/desk/deliveries/{delivery.pk}")
    assert "文件读到一半断了。" in text
    assert "改好后重新报送" in text
