"""Every page of the desk opens for whom it is meant, and for nobody else."""

import pytest
from tests.desk.reading import text_of

from xinheng.ledger.models import Batch
from xinheng.register.models import Record
from xinheng.register.references import organisation_ref, record_ref

PAGES = {
    "/desk/": ("gu.anlan", "lin.xinyu", "he.shuo"),
    "/desk/upload": ("lin.xinyu", "he.shuo"),
    "/desk/deliveries": ("lin.xinyu", "he.shuo"),
    "/desk/batches": ("lin.xinyu", "he.shuo"),
    "/desk/records/new": ("lin.xinyu", "he.shuo"),
    "/desk/records/new?type=penalty": ("lin.xinyu", "he.shuo"),
    "/desk/records/find": ("lin.xinyu", "he.shuo"),
    "/desk/archives": ("lin.xinyu", "he.shuo"),
    "/desk/archives?q=浮光": ("lin.xinyu", "he.shuo"),
    "/desk/purpose": ("lin.xinyu", "he.shuo"),
    "/desk/takedowns": ("lin.xinyu", "he.shuo"),
    "/desk/reviews": ("lin.xinyu", "he.shuo"),
    "/desk/quality": ("lin.xinyu", "he.shuo"),
    "/desk/exchange": ("lin.xinyu",),
    "/desk/departments": ("gu.anlan", "lin.xinyu"),
    "/desk/officers": ("gu.anlan",),
    "/desk/templates/penalty.xlsx": ("lin.xinyu", "he.shuo"),
}


def test_pages_open_for_the_roles_that_use_them(county, at_desk):
    for address, who in PAGES.items():
        for username in ("gu.anlan", "lin.xinyu", "he.shuo"):
            text_of_status = at_desk(username).get(address).status_code
            assert text_of_status == (200 if username in who else 403), (address, username)


@pytest.mark.parametrize("address", [*PAGES, "/desk/batches/1", "/desk/reviews/1", "/desk/officers/1", "/desk/audit"])
def test_without_a_login_every_page_leads_to_the_login(world, client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/desk/login?next=")


def test_pages_of_single_things_open(county, at_desk):
    client = at_desk("lin.xinyu")
    client.post("/desk/purpose", {"purpose": "case", "note": "核对第1号批次"})
    batch = Batch.objects.get(type="penalty").number
    record = Record.objects.get(type="penalty", known_to=None)
    for address in (
        f"/desk/batches/{batch}",
        f"/desk/batches/{batch}/receipt",
        f"/desk/batches/{batch}/receipt.json",
        f"/desk/records/{record_ref(record.record_no)}",
        f"/desk/records/{record_ref(record.record_no)}/correct",
        f"/desk/records/{record_ref(record.record_no)}/withdraw",
        f"/desk/archives/{organisation_ref(record.subject_no)}",
        f"/desk/departments/{record.department_id}",
        f"/desk/quality?department={record.department_id}",
    ):
        text_of(client, address)
