"""The desk takes letters, sees what is due, records what was kept, begins what may not have been, and counts."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.commitments.promising import SHOP, SHOP_NAME, TYPED, Promising, paper
from tests.people.test_organisation_users import join, word_for
from tests.world import NOW, PASSWORD, SCHOOLS, SYSTEM, World, table

from xinheng.commitments.actions import open_follow_ups
from xinheng.commitments.models import AssociationMember, Commitment, FollowUp
from xinheng.people import actions as people
from xinheng.people.models import OrganisationMembership, Role
from xinheng.proceedings.models import Case

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


def text(response) -> str:
    return response.content.decode()


def signed(county: World, item: str = "food-licence") -> Commitment:
    join(county, "shop.a", word_for(county))
    membership = OrganisationMembership.objects.select_related("user", "region").get(user__username="shop.a")
    return Promising(county, membership).sign(item)


def association(county: World) -> None:
    people.create_officer(
        username="xie.hui", display_name="解惠", department=county.department(SCHOOLS.code), password=PASSWORD,
        roles=[Role.ASSOCIATION], by=SYSTEM, now=NOW,
    )  # fmt: skip


def test_a_letter_is_taken_at_the_counter_as_it_was_shown(county, at_desk):
    desk = at_desk("he.shuo")
    typed = {f"letter-{key}": value for key, value in TYPED["honest-price"].items()} | {"letter-credit_code": SHOP}
    page = text(desk.post("/desk/commitments/new/honest-price", typed | {"step": "show"}))
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    assert found is not None, page[:2000]
    given = typed | {"shown": found[1], "entry": str(uuid.uuid4()), "step": "sign", "letter-signed_by": SHOP_NAME}
    assert "怎样核验了承诺单位的身份" in text(desk.post("/desk/commitments/new/honest-price", given))
    answer = desk.post("/desk/commitments/new/honest-price", given | {"letter-identified_by": "核对了营业执照和公章"})
    assert answer.status_code == 302
    page = text(desk.get(answer["Location"]))
    assert "核对了营业执照和公章" in page
    assert desk.get(f"{answer['Location']}/letter.pdf").content.startswith(b"%PDF-")
    assert desk.get("/desk/commitments/new/open-promise").status_code == 404


def test_what_is_due_is_shown_and_what_was_kept_is_recorded(county, at_desk):
    county.batch(table([paper(承诺作出日期="2026/09/25")]), "commitment")
    open_follow_ups(now=NOW)
    desk, task = at_desk("he.shuo"), FollowUp.objects.get()
    assert "以承诺代替经营场所证明" in text(desk.get("/desk/commitments"))
    address = f"/desk/commitments/follow-ups/{task.pk}"
    assert "登记全部履行" in text(desk.get(address))
    assert desk.post(address, {"step": "kept", "kept-found": ""}).status_code == 400
    assert desk.post(address, {"step": "kept", "kept-found": "现场核查，与承诺一致"}).status_code == 302
    page = text(desk.get("/desk/commitments"))
    assert "全部履行" in page
    assert "承诺 1 份，履行情况认定 1 次" in page
    assert desk.get(address).status_code == 404


def test_a_doubt_begins_with_notice_and_evidence(county, at_desk):
    made = signed(county)
    desk, address = at_desk("he.shuo"), f"/desk/commitments/follow-ups/{FollowUp.objects.get().pk}"
    said = {"step": "doubt", "doubt-found": "没有冷藏设备", "doubt-reason": "与承诺不符", "entry": str(uuid.uuid4())}
    assert "还缺少：检查记录和证据" in text(desk.post(address, said))
    assert not Case.objects.filter(procedure="breach").exists()
    answer = desk.post(address, said | {"file-evidence": SimpleUploadedFile("检查.pdf", PDF)})
    assert answer.status_code == 302
    assert "违诺认定事先告知书" in text(desk.get(answer["Location"]))
    assert "违诺认定" in text(at_desk("lin.xinyu").get("/desk/cases?show=open"))
    centre = Client()
    centre.post("/centre/login", {"username": "shop.a", "password": PASSWORD})
    case = Case.objects.get(procedure="breach")
    assert "说明情况" in text(centre.get(f"/centre/cases/{case.pk}"))
    assert made.number in text(desk.get(f"/desk/commitments/{made.pk}"))


def test_a_commitment_ends_with_a_reason(county, at_desk):
    made, desk = signed(county), at_desk("he.shuo")
    desk.post(f"/desk/commitments/{made.pk}/end", {"reason": "superseded", "why": ""})
    assert Commitment.objects.get().ended_at is None
    desk.post(f"/desk/commitments/{made.pk}/end", {"reason": "superseded", "why": "场所变更，重新签署"})
    assert "已由新的承诺代替" in text(desk.get("/desk/commitments"))
    assert made.reason not in text(Client().get(f"/organisations/{SHOP}"))


def test_an_association_says_who_its_members_are_and_sees_who_promised(county, at_desk):
    association(county)
    desk, number = at_desk("xie.hui"), county.department(SCHOOLS.code).pk
    address = f"/desk/associations/{number}"
    page = text(desk.post(address, {"codes": f"{SHOP}\n91990001MA00009999", "joined_on": "2026-01-01"}, follow=True))
    assert "已登记 1 个会员单位" in page
    assert "91990001MA00009999" in page
    signed(county, "honest-price")
    assert "其中有有效承诺的 1 个" in text(desk.get(address))
    assert "100.0%" in text(desk.get("/desk/commitments"))
    desk.post(f"{address}/members/{AssociationMember.objects.get().pk}/end")
    assert "还没有会员单位" in text(desk.get(address))


def test_an_association_sees_no_other_department_and_takes_no_letters(county, at_desk):
    association(county)
    made, desk = signed(county), at_desk("xie.hui")
    assert desk.get(f"/desk/commitments/{made.pk}").status_code == 404
    assert made.number not in text(desk.get("/desk/commitments"))
    assert desk.get("/desk/commitments/new/food-licence").status_code == 403
    other = county.officer("he.shuo").department_id
    assert desk.get(f"/desk/associations/{other}").status_code == 404
