"""The desk shows what is wrong with codes, by which rows, and the rates; a command says the same."""

import json

import pytest
from django.test import Client
from tests.desk.reading import text_of
from tests.governance.codes import MEND, MEND_NAME, looked, organisation, registers, wrong_digit
from tests.world import MARKET, NOW

from xinheng.cli.identifiers import check
from xinheng.governance.models import Finding
from xinheng.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(county) -> Client:
    client = Client()
    User.objects.update(must_change_password=False)
    client.force_login(county.officer("lin.xinyu"), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clerk(county) -> Client:
    client = Client()
    User.objects.update(must_change_password=False)
    client.force_login(county.officer("he.shuo"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_office_looks_assigns_and_the_clerk_corrects_at_the_source(county, office, clerk):
    batch = registers(county, organisation(wrong_digit(), MEND_NAME))
    assert office.post("/desk/identifiers/check").status_code == 302
    page = text_of(office, "/desk/identifiers")
    assert wrong_digit() in page
    assert "3,333.33" in page or "3333.33" in page
    found = Finding.objects.get()
    shown = text_of(office, f"/desk/identifiers/{found.pk}")
    assert batch.file_name in shown
    assert "第 2 行" in shown
    assert "这一行没有收下" in shown
    office.post(f"/desk/identifiers/{found.pk}/assign", {"officer": str(county.officer("he.shuo").pk)})
    assert wrong_digit() in text_of(clerk, "/desk/identifiers?mine=1")
    registers(county, organisation(MEND, MEND_NAME))
    office.post("/desk/identifiers/check")
    assert "没有代码问题" in text_of(clerk, "/desk/identifiers?mine=1")
    assert "已在来源改正" in text_of(clerk, f"/desk/identifiers/{found.pk}")
    assert office.get("/desk/identifiers?closed=1&export=1")["Content-Type"].endswith("sheet")


def test_a_clerk_closes_with_a_reason_and_starts_no_look(county, clerk):
    registers(county, organisation("", MEND_NAME))
    looked(county)
    found = Finding.objects.get()
    assert clerk.post("/desk/identifiers/check").status_code == 403
    clerk.post(f"/desk/identifiers/{found.pk}/close", {"outcome": "corrected", "note": "改好了"})
    clerk.post(f"/desk/identifiers/{found.pk}/close", {"outcome": "impossible", "note": ""})
    found.refresh_from_db()
    assert found.closed_at is None
    clerk.post(f"/desk/identifiers/{found.pk}/close", {"outcome": "impossible", "note": "已经注销"})
    assert "已经注销" in text_of(clerk, "/desk/identifiers?closed=1")


def test_the_command_counts_and_with_a_day_keeps_nothing(county, capsys):
    registers(county, organisation(wrong_digit(), MEND_NAME))
    check(as_at=f"{NOW.date()}", as_json=True)
    counted = json.loads(capsys.readouterr().out)["regions"][0]
    assert [one["department"] for one in counted["departments"]] == [MARKET.name, "合计"]
    assert counted["departments"][0]["faults"]["check_digit"] == 1
    assert counted["departments"][0]["wrong_per_10000"] == "3333.33"
    assert not Finding.objects.exists()
    check(as_json=True)
    assert json.loads(capsys.readouterr().out)["regions"][0]["opened"] == 1
    check()
    assert "新发现 0 项" in capsys.readouterr().out
