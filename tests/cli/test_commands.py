"""What a person or a program gets from the commands."""

import subprocess
import sys

import openpyxl
import pytest
from tests.portal.senders import SHOP, SHOP_NAME, penalty, send_files
from tests.world import MARKET, table

from xinheng.audit.models import AuditEvent
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db
GOOD = {"证件类型": "", "证件号码": ""}


@pytest.fixture
def penalties(tmp_path):
    """One good row and one with two faults."""
    path = tmp_path / "处罚.csv"
    path.write_text(table([penalty(71) | GOOD, penalty(72, 处罚类别="罚钱", 处罚机关="") | GOOD]), encoding="utf-8")
    return path


def test_a_file_gets_its_receipt_as_json(world, xinheng, penalties):
    answer = xinheng("intake", penalties, "--type", "penalty", "--department", MARKET.code, "--json")
    assert answer.code == 0
    assert (answer.json["rows"], answer.json["accepted"], answer.json["rejected"]) == (2, 1, 1)
    assert {error["row"] for error in answer.json["errors"]} == {3}
    assert len(answer.json["errors"]) == answer.json["errors_total"]


def test_the_same_file_gets_the_same_receipt(world, xinheng, penalties):
    arguments = ("intake", penalties, "--type", "penalty", "--department", MARKET.code, "--json")
    assert xinheng(*arguments).json == xinheng(*arguments).json


def test_a_receipt_for_people_says_where_the_rows_to_correct_are(world, xinheng, penalties, tmp_path):
    answer = xinheng("intake", penalties, "--type", "penalty", "--department", MARKET.code)
    assert "需改正" in answer.out
    assert "xinheng receipt 1 --xlsx" in answer.out
    xinheng("receipt", 1, "--xlsx", tmp_path / "改正.xlsx")
    assert openpyxl.load_workbook(tmp_path / "改正.xlsx").active.max_row == 2


def test_a_file_that_cannot_be_read_is_refused_with_one_sentence(world, xinheng, tmp_path):
    empty = tmp_path / "空.csv"
    empty.touch()
    answer = xinheng("intake", empty, "--type", "penalty", "--department", MARKET.code)
    assert (answer.code, answer.err) == (1, "这个文件是空的。\n请确认导出成功后重新报送。\n")


def test_an_unknown_department_is_an_error_in_json_too(world, xinheng, penalties):
    answer = xinheng("intake", penalties, "--type", "penalty", "--department", "9" * 18, "--json")
    assert answer.code == 1
    assert set(answer.json["error"]) == {"message", "advice"}


@pytest.mark.parametrize("arguments", [["intake"], ["catalogue"], ["nothing"], ["receipt", "one"]])
def test_a_malformed_call_leaves_with_two(world, xinheng, arguments):
    assert xinheng(*arguments).code == 2


def test_a_missing_file_is_wrong_usage(world, xinheng, tmp_path):
    answer = xinheng("intake", tmp_path / "nowhere.csv", "--type", "penalty", "--department", MARKET.code)
    assert answer.code == 2


def test_a_record_leads_back_to_file_and_row_and_says_why_it_is_public(world, xinheng):
    send_files(world)
    number = Record.objects.get(type="penalty").record_no
    found = xinheng("trace", number, "--json").json
    assert (found["row_no"], found["batch_no"], found["subject_name"]) == (2, 2, SHOP_NAME)
    assert "第 2 行" in xinheng("trace", number).out
    assert xinheng("why", number, "--as-at", world.now.date().isoformat(), "--json").json["label"] == "公示"


def test_looking_at_an_archive_needs_a_purpose_and_is_logged(world, xinheng):
    send_files(world)
    assert xinheng("show", SHOP).code == 2
    answer = xinheng("show", SHOP, "--purpose", "核对异议", "--json")
    assert answer.json["organisation"]["name"] == SHOP_NAME
    assert AuditEvent.objects.filter(purpose="核对异议").exists()


def test_a_day_that_is_none_is_wrong_usage(world, xinheng):
    assert xinheng("show", SHOP, "--purpose", "核对", "--as-at", "明天").code == 2


def test_the_catalogue_can_be_listed_shown_and_exported(world, xinheng, tmp_path):
    assert {one["key"] for one in xinheng("catalogue", "list", "--json").json} >= {"penalty", "licence"}
    assert xinheng("catalogue", "show", "penalty", "--json").json["entry"]["key"] == "penalty"
    xinheng("catalogue", "export", "penalty", "--out", tmp_path / "模板.xlsx")
    assert "数据" in openpyxl.load_workbook(tmp_path / "模板.xlsx").sheetnames


def test_the_packs_that_are_shipped_hold(world, xinheng):
    assert xinheng("rulebook", "check", "--json").json == {"demo": [], "national": []}


def test_help_answers_without_a_database_and_without_django():
    code = (
        "import sys; from xinheng.site.command import run; "
        "run(['--help']); sys.exit('xinheng.people.models' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "intake" in done.stdout
