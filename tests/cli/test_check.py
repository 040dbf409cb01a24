"""A check from the command line: one code, a file, and a receipt that is verified with nothing but the key."""

import hashlib
import json

import pytest
import time_machine
from tests.checks.counter import CITIZEN, CLEAN, ITEM, LISTED, UNKNOWN, Counter, open_counter
from tests.kept import building, lent
from tests.world import NOW, World

from xinheng.audit.models import AuditEvent
from xinheng.base.home import Home
from xinheng.checks.keys import ensure_check_key
from xinheng.checks.models import CheckPart

pytestmark = pytest.mark.django_db

ERRAND = ("--item", ITEM, "--purpose", "service", "--department", "119900010000084085")


@pytest.fixture(scope="module")
def kept(module_world: World) -> World:
    with building(module_world):
        open_counter(module_world)
    return module_world


@pytest.fixture
def counter(kept: World, home: Home, db: None):
    with time_machine.travel(NOW, tick=False):
        yield Counter(lent(kept, home))


def test_one_code_is_answered_with_sentence_list_and_number(counter: Counter, xinheng):
    answer = xinheng("check", LISTED, *ERRAND)

    assert answer.code == 0
    assert "查到 1 条生效的名单信息" in answer.out
    assert "市场监督管理严重违法失信名单" in answer.out
    assert "HC990001-20261121-" in answer.out


def test_a_program_reads_the_same_answer(counter: Counter, xinheng):
    found = xinheng("check", CLEAN, *ERRAND, "--case", "办件1", "--json").json

    assert (found["hit"], found["case_no"]) == (False, "办件1")
    assert AuditEvent.objects.get(act="check.answer").detail["check"] == found["number"]


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ((CITIZEN, *ERRAND), 1, "只回答单位"),
        ((CLEAN, "--purpose", "service"), 2, "请写明业务事项"),
        ((CLEAN, "--item", ITEM), 2, "请写明核查用途"),
        ((CLEAN, "--item", "XX-00", "--purpose", "service"), 1, "没有这个业务事项"),
        (("不是代码", *ERRAND), 2, "这不是单位的代码"),
        (ERRAND, 2, "请写明要核查的代码"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(counter: Counter, xinheng, given, code: int, words: str):
    answer = xinheng("check", *given)

    assert (answer.code, words in answer.err) == (code, True)
    assert CITIZEN not in answer.err
    assert not AuditEvent.objects.filter(act="check.answer").exists()


def test_a_file_is_answered_line_by_line_under_one_receipt(counter: Counter, xinheng, tmp_path):
    codes, out = tmp_path / "codes.txt", tmp_path / "answers.csv"
    codes.write_text("\n".join((LISTED, CITIZEN, UNKNOWN, CLEAN)), encoding="ascii")

    answer = xinheng("check", "--file", codes, "--out", out, *ERRAND, "--json")

    assert answer.code == 0
    assert (answer.json["codes"], answer.json["hits"], answer.json["refused"]) == (4, 1, 1)
    assert CITIZEN not in out.read_text(encoding="utf-8-sig")
    assert CheckPart.objects.get().codes == [LISTED, "", UNKNOWN, CLEAN]
    checked = xinheng("check", "verify", out.with_suffix(".receipt"), "--json").json
    assert checked["facts"]["file_digest"] == hashlib.sha256(out.read_bytes()).hexdigest()


def test_answers_are_not_written_over(counter: Counter, xinheng, tmp_path):
    codes, out = tmp_path / "codes.txt", tmp_path / "answers.csv"
    codes.write_text(CLEAN, encoding="ascii")
    out.write_text("从前的结果", encoding="utf-8")

    answer = xinheng("check", "--file", codes, "--out", out, *ERRAND)

    assert (answer.code, out.read_text(encoding="utf-8")) == (1, "从前的结果")


@pytest.mark.parametrize("whole", [True, False], ids=["answer", "receipt"])
def test_a_receipt_is_verified_with_the_public_key_alone(counter: Counter, xinheng, tmp_path, whole: bool):
    found = xinheng("check", CLEAN, *ERRAND, "--json").json
    file = tmp_path / "receipt.txt"
    file.write_text(json.dumps(found) if whole else found["receipt"], encoding="utf-8")
    key = counter.home.keys / f"check-signing-{ensure_check_key(counter.home).id}.pub"

    answer = xinheng("check", "verify", file, "--key", key)

    assert answer.code == 0
    assert "回执是真的" in answer.out
    assert found["number"] in answer.out


def test_an_altered_receipt_leaves_with_one(counter: Counter, xinheng, tmp_path):
    found = xinheng("check", CLEAN, *ERRAND, "--json").json["receipt"]
    file = tmp_path / "receipt.txt"
    file.write_text(found[:-8] + "AAAAAAAA", encoding="ascii")

    assert xinheng("check", "verify", file).code == 1
    assert xinheng("check", "verify", file, "--json").json["verdict"] == "broken"


def test_what_is_no_receipt_is_told_so(counter: Counter, xinheng, tmp_path):
    file = tmp_path / "receipt.txt"
    file.write_text("核查回执", encoding="utf-8")

    answer = xinheng("check", "verify", file)

    assert (answer.code, "这不是核查回执" in answer.out) == (1, True)
    assert xinheng("check", "verify", tmp_path / "nothing").code == 2
