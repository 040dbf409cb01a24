"""A file of codes: taken in without persons, answered under one receipt, fetched by its sender, deleted in time."""

import csv
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter
from tests.checks.counter import CITIZEN, CLEAN, LISTED, UNKNOWN, Counter
from tests.world import NOW

from xinheng.audit.models import AuditEvent
from xinheng.base.clock import today
from xinheng.base.errors import Conflict, NotFound, Refused, TryLater
from xinheng.base.scope import Scope
from xinheng.checks.actions import Key
from xinheng.checks.actions.files import answer_file, end_files, fail_file, receive_codes
from xinheng.checks.actions.many import asked_digest
from xinheng.checks.code_files import KEPT_DAYS, read_codes
from xinheng.checks.keys import public_keys
from xinheng.checks.models import CheckFile, CheckPart, CheckRequest, FileState
from xinheng.checks.queries import answers_of, errand_of_file, file_of, files_of
from xinheng.checks.receipts import lines_digest, verify
from xinheng.checks.sheet import HEADINGS, unspoiled

pytestmark = pytest.mark.django_db

SCOPE = Scope(region="990001")


def sent(counter: Counter, *codes: str, key: Key | None = None, name: str = "名单.csv") -> CheckFile:
    path = counter.home.tmp / "sent.csv"
    path.write_text("\n".join(("统一社会信用代码", *codes)), encoding="utf-8")
    file = receive_codes(about=counter.errand(), path=path, file_name=name, home=counter.home, now=NOW, key=key)
    path.unlink()
    return file


def answered(counter: Counter, *codes: str) -> CheckFile:
    file = sent(counter, *codes)
    answer_file(file=file, about=errand_of_file(SCOPE, file, "demo"), pack="demo", home=counter.home, now=NOW)
    file.refresh_from_db()
    return file


def sheet(counter: Counter, file: CheckFile) -> Path:
    return answers_of(SCOPE, counter.asker, file.pk, home=counter.home)


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_every_line_is_answered_in_its_place(counter: Counter):
    file = answered(counter, LISTED, CLEAN, CITIZEN, UNKNOWN, "不是代码")

    heading, *lines = rows(sheet(counter, file))

    assert tuple(heading) == HEADINGS
    assert [line[1] for line in lines] == [LISTED, CLEAN, "", UNKNOWN, ""]
    assert [line[3] for line in lines] == ["有", *["来源未更新，不能认定无记录", "未核查"] * 2]
    assert (file.codes, file.hits, file.refused) == (5, 1, 2)


def test_a_measure_of_the_item_stands_in_its_line_with_basis_and_last_day(counter: Counter):
    counter.publish_measures()
    counter.restrain()

    (_, line) = rows(sheet(counter, answered(counter, LISTED)))

    assert line[5] == "不适用告知承诺、容缺受理（《演示省社会信用条例（虚构）》第二十三条；至2027年10月31日）"


def test_the_receipt_signs_each_line_and_the_whole_file(counter: Counter):
    file = answered(counter, LISTED, CLEAN)
    content = sheet(counter, file).read_bytes()

    receipt = verify(file.receipt, public_keys(counter.home))

    assert receipt.genuine
    assert receipt.facts["file_digest"] == hashlib.sha256(content).hexdigest()
    assert receipt.facts["lines_digest"] == lines_digest(content.splitlines()[1:])


def test_every_code_is_kept_and_the_sealed_log_has_their_digest(counter: Counter):
    file = answered(counter, LISTED, CITIZEN, CLEAN)

    request = CheckRequest.objects.get(number=file.request_number)
    (part,) = CheckPart.objects.filter(request_number=request.number)
    kept = [code for code in part.codes if code]
    event = AuditEvent.objects.get(act="check.answer_file")
    assert (part.first, part.codes) == (1, [LISTED, "", CLEAN])
    assert (part.entries, part.measures) == ([1, 0, 0], [0, 0, 0])
    assert event.detail["asked"] == asked_digest(kept)
    assert (event.object_id, event.detail["digest"]) == (request.number, request.digest)


def test_a_person_s_number_never_comes_to_rest(counter: Counter):
    file = sent(counter, CITIZEN, CLEAN, name=f"{CITIZEN}.csv")

    kept = b"".join(path.read_bytes() for path in counter.home.checks.iterdir())
    assert CITIZEN.encode() not in kept
    assert CITIZEN not in file.file_name


def test_answering_twice_changes_nothing(counter: Counter):
    file = answered(counter, CLEAN)

    assert answer_file(file=file, about=counter.errand(), pack="demo", home=counter.home, now=NOW) is None
    assert CheckRequest.objects.count() == 1


def test_a_job_that_was_cut_off_begins_again(counter: Counter):
    file = sent(counter, CLEAN)
    CheckFile.objects.filter(pk=file.pk).update(state=FileState.RUNNING)
    (counter.home.checks / f"{file.pk.hex}.part").write_bytes(b"half")

    found = answer_file(file=file, about=counter.errand(), pack="demo", home=counter.home, now=NOW)

    assert found is not None
    assert len(rows(sheet(counter, file))) == 2


def test_nobody_else_sees_the_file(counter: Counter):
    file = answered(counter, CLEAN)
    stranger = counter.as_officer("zhou.ming")

    assert files_of(SCOPE, stranger, home=counter.home) == ()
    with pytest.raises(NotFound):
        file_of(SCOPE, stranger, file.pk, home=counter.home)
    with pytest.raises(NotFound):
        answers_of(SCOPE, stranger, file.pk, home=counter.home)


def test_the_same_key_and_file_are_one_file(counter: Counter):
    key = Key("abcdefgh", "digest")

    assert sent(counter, CLEAN, key=key).pk == sent(counter, CLEAN, key=key).pk
    with pytest.raises(Conflict):
        sent(counter, LISTED, key=Key("abcdefgh", "other"))


def test_what_waits_has_no_answers_yet(counter: Counter):
    file = sent(counter, CLEAN)

    with pytest.raises(TryLater):
        sheet(counter, file)


def test_a_file_that_failed_says_why(counter: Counter):
    file = sent(counter, CLEAN)
    fail_file(file=file, message="没有这个业务事项。", now=NOW)

    assert file_of(SCOPE, counter.asker, file.pk, home=counter.home).message == "没有这个业务事项。"


def test_answers_are_deleted_in_time_and_the_log_stays(counter: Counter):
    file = answered(counter, CLEAN)
    last = today(NOW) + timedelta(days=KEPT_DAYS - 1)

    assert end_files(home=counter.home, today=last, now=NOW) == 0
    assert end_files(home=counter.home, today=last + timedelta(days=1), now=NOW) == 1

    assert not list(counter.home.checks.iterdir())
    assert CheckPart.objects.get().codes == [CLEAN]
    with pytest.raises(NotFound, match="到期清除"):
        sheet(counter, file)


def test_a_name_that_begins_like_a_formula_does_no_harm(counter: Counter):
    assert unspoiled("=1+1") == "'=1+1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_first_column_is_read_without_its_heading(tmp_path: Path, encoding: str):
    path = tmp_path / "codes.csv"
    path.write_bytes(f"代码,名称\r\n{CLEAN},甲\r\n\r\n{LISTED},乙\r\n".encode(encoding))

    assert read_codes(path) == [CLEAN, LISTED]


def test_a_workbook_is_read_too(tmp_path: Path):
    path = tmp_path / "codes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_column(0, 0, ["代码", CLEAN, LISTED])

    assert read_codes(path) == [CLEAN, LISTED]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01", "代码\n".encode()])
def test_a_file_without_codes_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "codes.csv"
    path.write_bytes(content)

    with pytest.raises(Refused):
        read_codes(path)
