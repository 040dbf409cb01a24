"""The organisation gives and revokes; a grantee sees what was authorised for its purpose, and nothing after that."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.authorisations.authorising import PDF, PURPOSE, USER, give, holder, paid, send
from tests.desk.reading import text_of
from tests.people.test_organisation_users import SHOP
from tests.world import MARKET, NOW, OFFICE, PASSWORD, SYSTEM, World

from xinheng.audit.models import AuditEvent
from xinheng.authorisations.models import Authorisation, AuthorisedUse, StopRequest
from xinheng.authorisations.storing import sweep_unlisted
from xinheng.people import actions as people
from xinheng.people.models import Department, Message, Role, User

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ARCHIVE = f"/desk/archives/{SHOP}"
AMOUNT = "42000.5"


def at_desk(world: World, username: str) -> Client:
    client = Client()
    User.objects.filter(username=username).update(must_change_password=False)
    client.force_login(world.officer(username), backend=BACKEND)
    return client


@pytest.fixture
def school(county: World) -> Client:
    """An officer of the department that may use what the shop authorises."""
    people.create_officer(
        username="yu.ran", display_name="于然", department=Department.objects.get(code=USER.code), password=PASSWORD,
        roles=[Role.REVIEWER], by=SYSTEM, now=NOW,
    )  # fmt: skip
    return at_desk(county, "yu.ran")


@pytest.fixture
def shop(county: World) -> Client:
    """The shop's holder in the organisation centre."""
    holder(county)
    client = Client()
    client.post("/centre/login", {"username": "shop.a", "password": PASSWORD})
    return client


def reads(client: Client, key: str = PURPOSE) -> tuple[int, str]:
    client.post("/desk/purpose", {"purpose": key, "note": "2026年技改资金"})
    response = client.get(ARCHIVE)
    return response.status_code, response.content.decode()


def test_the_grantee_sees_the_rows_for_the_purpose_and_each_look_is_kept(county, school):
    given = give(county)
    send(county, paid(9), paid(10))
    status, page = reads(school)
    assert status == 200
    assert page.count(AMOUNT) == 4
    assert "凭单位的特定信用信息授权查阅" in page
    use = AuthorisedUse.objects.get()
    assert (use.authorisation_id, use.actor_name, use.classes, use.rows) == (given.pk, "于然", ["tax_payment"], 2)
    event = AuditEvent.objects.get(act="special.read")
    assert (event.object_id, event.purpose) == (SHOP, "[funding] 2026年技改资金")


def test_nothing_is_shown_for_another_purpose_or_to_another_department(county, school):
    give(county)
    send(county, paid(9))
    for client, key in ((school, "honours"), (school, "case"), (at_desk(county, "he.shuo"), "funding"),
                        (at_desk(county, "lin.xinyu"), "case"), (at_desk(county, "lin.xinyu"), "funding")):  # fmt: skip
        assert AMOUNT not in reads(client, key)[1]
    assert not AuthorisedUse.objects.exists()


def test_revoking_shuts_the_page_at_once_and_asks_the_grantee_to_stop(county, school, shop):
    given = give(county)
    send(county, paid(9))
    assert AMOUNT in reads(school)[1]
    assert "查阅" in text_of(shop, "/centre/authorisations")
    assert shop.post(f"/centre/authorisations/{given.pk}/revoke").status_code == 302
    status, page = reads(school)
    assert status == 403
    assert AMOUNT not in page
    asked = StopRequest.objects.get()
    assert asked.due_on > NOW.date()
    assert Message.objects.filter(department__code=USER.code, title="单位撤回了特定信用信息授权").exists()
    listed = text_of(school, "/desk/authorisations?open=1")
    assert "前确认停用" in listed
    school.post(f"/desk/authorisations/{given.pk}/stopped", {"note": "已删除下载的表格"})
    assert "已删除下载的表格" in text_of(shop, "/centre/authorisations")
    assert "前确认停用" not in text_of(school, "/desk/authorisations?open=1")


def test_revoking_what_nobody_looked_at_asks_for_nothing(county, shop):
    given = give(county)
    shop.post(f"/centre/authorisations/{given.pk}/revoke")
    assert not StopRequest.objects.exists()


def test_an_organisation_authorises_in_the_centre(county, shop):
    form = {
        "grantee": str(Department.objects.get(code=USER.code).pk), "purpose_code": "financing", "purpose": "申请贷款",
        "classes": ["tax_payment", "water_use"], "facts_from": "2025-11-21", "starts": "2026-11-21",
        "until": "2027-11-20", "signer_name": "钱守信", "signer_title": "",
    }  # fmt: skip
    assert shop.post("/centre/authorisations", form).status_code == 302
    made = Authorisation.objects.get()
    assert made.classes == ["tax_payment", "water_use"]
    page = text_of(shop, "/centre/authorisations")
    assert "申请贷款" in page
    evidence = shop.get(f"/centre/authorisations/{made.pk}/evidence/{made.evidence.get().pk}")
    assert b"".join(evidence.streaming_content).decode() == made.wording
    refused = shop.post("/centre/authorisations", form | {"until": "2040-01-01"})
    assert "一次授权最长三年" in refused.content.decode()


def test_what_was_signed_on_paper_is_entered_with_its_image_sealed(county, school):
    give(county)
    form = {
        "credit_code": SHOP, "grantee": str(Department.objects.get(code=USER.code).pk), "purpose_code": "funding",
        "purpose": "技改资金", "classes": ["gas_use"], "facts_from": "2026-01-01", "starts": "2026-11-01",
        "until": "2026-12-31", "signer_name": "钱守信", "signer_title": "经理",
        "file": SimpleUploadedFile("授权书.pdf", PDF),
    }  # fmt: skip
    response = school.post("/desk/authorisations/new", form)
    assert response.status_code == 302, response.content.decode()
    made = Authorisation.objects.latest("pk")
    kept = county.home.root / made.evidence.get().stored_path
    assert PDF not in kept.read_bytes()
    shown = school.get(f"/desk/authorisations/{made.pk}/evidence/{made.evidence.get().pk}")
    assert b"".join(shown.streaming_content) == PDF
    wrong = form | {"file": SimpleUploadedFile("授权书.pdf", b"MZ nothing of the kind")}
    assert "不是可以接收的格式" in school.post("/desk/authorisations/new", wrong).content.decode()


def test_a_department_enters_and_sees_only_what_was_given_to_itself(county, school):
    give(county, grantee=MARKET.code)
    assert "没有授权" in text_of(school, "/desk/authorisations")
    assert school.get(f"/desk/authorisations/{Authorisation.objects.get().pk}").status_code == 404
    assert OFFICE.name not in text_of(school, "/desk/authorisations/new")
    office = at_desk(county, "lin.xinyu")
    assert "云屿县浮光食品有限公司" in text_of(office, "/desk/authorisations")
    office.post(f"/desk/authorisations/{Authorisation.objects.get().pk}/revoke", {"why": "收到盖章的撤回函"})
    assert Authorisation.objects.get().revoked_why == "收到盖章的撤回函"


def test_the_organisation_reads_who_looked(county, school, shop):
    give(county)
    send(county, paid(9))
    reads(school)
    told = text_of(shop, "/centre/readers")
    assert USER.name in told
    assert "凭授权查阅的特定信用信息" in told
    assert "单位名称和代码" in told
    assert "整个档案" not in told


def test_evidence_of_a_failed_transaction_is_swept_and_that_of_an_authorisation_stays(county):
    given = give(county)
    kept = county.home.root / given.evidence.get().stored_path
    left = county.home.authorisations / "left.sealed"
    left.write_bytes(b"left by a killed process")
    later = datetime.fromtimestamp(left.stat().st_mtime, UTC) + timedelta(days=1)
    assert sweep_unlisted(county.home, now=later, lease=timedelta(hours=1)) == 1
    assert kept.exists()
    assert not left.exists()
