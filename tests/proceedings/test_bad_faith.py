"""Files that are not what they say, numbers of persons, ids of others, forms sent twice."""

import io
import uuid
import zipfile

import pytest
from tests.desk.second_county import found_second_county
from tests.proceedings.cases import PDF, CaseWorld

from xinheng.base import uploads
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.proceedings.actions import add_attachment, confirm, hand_over, move, propose, send_back
from xinheng.proceedings.models import Attachment, Case
from xinheng.proceedings.queries import case_contact, case_page, file_of
from xinheng.proceedings.stating import StatedWrong

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "空.pdf", "是空的"),
        (b"MZ\x90\x00\x03", "证明.pdf", "不是可以接收的格式"),
        (b"<html><script>alert(1)</script></html>", "证明.html", "不是可以接收的格式"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "图.svg", "不是可以接收的格式"),
        (PNG, "证明.pdf", "后缀和内容不一致"),
        (PDF, "证明.pdf.exe", "后缀和内容不一致"),
        (packed("word/document.xml", "word/vbaProject.bin"), "证明.docx", "不是可以接收的格式"),
        (packed("任意.txt"), "证明.docx", "不是可以接收的格式"),
    ],
)
def test_a_file_is_judged_by_its_content(county: CaseWorld, content: bytes, name: str, told: str) -> None:
    case = county.objection().case
    with pytest.raises(Refused, match=told):
        add_attachment(case=case.pk, upload=county.upload(content, name, "evidence"), by=county.clerk, now=county.now)
    assert not Attachment.objects.exists()


def test_a_workbook_and_a_picture_are_taken_and_the_same_file_once(county: CaseWorld) -> None:
    case = county.objection().case
    for content, name in ((packed("xl/workbook.xml"), "表.xlsx"), (PNG, "图.png"), (PNG, "同一张.png")):
        add_attachment(case=case.pk, upload=county.upload(content, name, "evidence"), by=county.clerk, now=county.now)
    assert sorted(Attachment.objects.values_list("file_name", flat=True)) == ["图.png", "表.xlsx"]


def test_an_oversized_file_is_refused(county: CaseWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST", 1000)
    case = county.objection().case
    with pytest.raises(Refused, match="超过"):
        add_attachment(
            case=case.pk,
            upload=county.upload(PDF + b"\0" * 1000, "大.pdf", "evidence"),
            by=county.clerk,
            now=county.now,
        )


def test_nothing_of_an_attachment_lies_in_clear(county: CaseWorld) -> None:
    case = county.objection(contact="测试联系人 0990-0007777").case
    word = "这一句只在材料里"
    content = PDF + word.encode()
    add_attachment(case=case.pk, upload=county.upload(content, "证.pdf", "evidence"), by=county.clerk, now=county.now)
    for path in county.world.home.cases.iterdir():
        assert word.encode() not in path.read_bytes()
    assert "0990-0007777" not in str(list(Case.objects.values()))
    assert case_contact(county.world.scope, case.pk, by=county.clerk) == "测试联系人 0990-0007777"
    with pytest.raises(Refused):
        case_contact(county.world.scope, case.pk, by=county.source)


@pytest.mark.parametrize("text", ["经办人 11010519491231002X", "请打 13900990017", "卡号 6222020200112233445"])
def test_numbers_of_persons_are_not_taken_into_a_text(county: CaseWorld, text: str) -> None:
    with pytest.raises(StatedWrong, match="请删去"):
        county.open("objection", {"ground": "wrong", "statement": text})
    assert not Case.objects.exists()


def test_a_form_sent_twice_opens_one_case_and_somebody_elses_form_opens_nothing(county: CaseWorld) -> None:
    entry = uuid.uuid4()
    first, again = county.objection(entry=entry), county.objection(entry=entry)
    assert (first.case.pk, again.code) == (again.case.pk, "")
    found_second_county()
    stranger = county.world.officer("wu.deng")
    with pytest.raises(NotFound):
        county.objection(entry=entry, by=stranger)


def test_a_replayed_step_is_stale(county: CaseWorld) -> None:
    case = county.objection().case
    seen = case_page(county.world.scope, case.pk, by=county.clerk, today=county.now.date()).seen
    move(case=case.pk, event="accept", stated={}, by=county.clerk, now=county.now, seen=seen)
    with pytest.raises(Conflict, match="已由他人办理"):
        move(case=case.pk, event="withdraw", stated={"reason": "重放"}, by=county.clerk, now=county.now, seen=seen)


def test_an_officer_of_another_county_cannot_even_name_the_case(county: CaseWorld) -> None:
    found_second_county()
    stranger = county.world.officer("wu.deng")
    case = county.objection().case
    add_attachment(case=case.pk, upload=county.upload(PDF, "证.pdf", "evidence"), by=county.clerk, now=county.now)
    file = Attachment.objects.get().pk
    tries = (
        lambda: move(case=case.pk, event="accept", stated={}, by=stranger, now=county.now),
        lambda: propose(case=case.pk, event="reject", stated={}, by=stranger, now=county.now),
        lambda: hand_over(case=case.pk, to=stranger, by=stranger, now=county.now),
        lambda: hand_over(case=case.pk, to=stranger, by=county.clerk, now=county.now),
        lambda: add_attachment(case=case.pk, upload=county.upload(PDF, "证.pdf"), by=stranger, now=county.now),
        lambda: file_of(county.world.scope, case.pk, what="attachment", file_id=file + 1, by=county.clerk),
        lambda: county.objection(by=stranger),
        lambda: confirm(proposal=1, by=stranger, now=county.now),
        lambda: send_back(proposal=1, note="退", by=stranger, now=county.now),
    )
    for one in tries:
        with pytest.raises((NotFound, Refused)):
            one()


def test_a_sent_back_proposal_changes_nothing(county: CaseWorld) -> None:
    case = county.objection().case
    for event, stated, by in (
        ("accept", {}, county.clerk),
        ("forward", {}, county.clerk),
        ("answer", {"finding": "right", "answer": "核对过"}, county.source),
        ("notify_rejection", {"reason": "与案卷一致"}, county.clerk),
        ("state", {"statement": "不同意"}, county.clerk),
    ):
        county.step(case, event, by=by, **stated)
    made = propose(case=case.pk, event="reject", stated={"reason": "一致"}, by=county.clerk, now=county.now)
    with pytest.raises(Conflict, match="已有人提出"):
        propose(case=case.pk, event="reject", stated={"reason": "一致"}, by=county.second, now=county.now)
    with pytest.raises(Refused, match="写明退回的原因"):
        send_back(proposal=made.pk, note=" ", by=county.second, now=county.now)
    send_back(proposal=made.pk, note="理由太简单", by=county.second, now=county.now)
    case.refresh_from_db()
    assert case.state == "heard"
    with pytest.raises(Conflict):
        confirm(proposal=made.pk, by=county.second, now=county.now)


def test_how_somebody_was_identified_is_noted_without_her_number(county: CaseWorld) -> None:
    with pytest.raises(Refused, match="不要写证件号码"):
        county.objection(identified="身份证 11010519491231002X")
