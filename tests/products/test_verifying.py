"""Whoever holds a report learns whether it is ours and still true, and never why it is not."""

import io
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader, PdfWriter
from tests.portal.senders import MILL, SHOP, SHOP_NAME, licence
from tests.products.reports import effects_of_penalties, issue
from tests.world import NOW, SYSTEM, table

from xinheng.base.clock import today
from xinheng.base.errors import Refused
from xinheng.base.home import Home
from xinheng.base.scope import PUBLIC
from xinheng.effects.actions import end_effects, suspend_effects
from xinheng.effects.models import EndReason
from xinheng.products.models import IssuedReport
from xinheng.products.queries import LARGEST_FILE, Verdict, verify_file, verify_number, verify_ref
from xinheng.products.signing import ensure_report_key, sign
from xinheng.register.references import report_ref

pytestmark = pytest.mark.django_db
TODAY = today(NOW)
FACTS = {"by": SYSTEM, "now": NOW, "today": TODAY}


def verdict_of(content: bytes) -> Verdict:
    return verify_file(PUBLIC, content, now=NOW).verdict


def test_a_report_is_genuine_by_number_by_code_and_by_file(county):
    report = issue()
    by_number = verify_number(PUBLIC, f" {report.number.lower()} ", as_at=TODAY)
    by_ref = verify_ref(PUBLIC, report_ref(IssuedReport.objects.get().pk), as_at=TODAY)
    by_file = verify_file(PUBLIC, report.content, now=NOW)
    assert by_number == by_ref == by_file
    assert (by_file.genuine, by_file.organisation_name, by_file.credit_code) == (True, SHOP_NAME, SHOP)


@pytest.mark.parametrize("reason", [EndReason.REPAIRED, EndReason.OBJECTION_UPHELD, EndReason.WITHDRAWN])
def test_after_an_end_it_says_updated_and_never_why(county, reason):
    report = issue()
    end_effects(effect_ids=effects_of_penalties(), reason=reason, why="理由", **FACTS)
    found = verify_number(PUBLIC, report.number, as_at=TODAY)
    assert (found.verdict, found.sentence) == (Verdict.UPDATED, "内容已更新，请重新获取。")
    assert (found.organisation_name, found.number) == ("", "")
    assert verify_file(PUBLIC, report.content, now=NOW) == found


def test_after_a_mark_or_a_new_record_it_says_updated_too(county):
    marked, grown = issue(), issue(MILL)
    suspend_effects(effect_ids=effects_of_penalties(), cause="objection:1", hides=False, reason="异议", **FACTS)
    county.batch(table([licence(8, MILL, "云屿县浮石磨坊有限公司")]), "licence")
    for report in (marked, grown):
        assert verify_number(PUBLIC, report.number, as_at=TODAY).verdict is Verdict.UPDATED


def test_the_version_without_violations_holds_while_there_are_none(county):
    report = issue(MILL, "clean")
    county.batch(table([licence(8, MILL, "云屿县浮石磨坊有限公司")]), "licence")
    assert verify_number(PUBLIC, report.number, as_at=TODAY).verdict is Verdict.GENUINE


def test_a_report_runs_out(county):
    report = issue(MILL)
    assert verify_number(PUBLIC, report.number, as_at=TODAY + timedelta(days=30)).genuine
    late = verify_number(PUBLIC, report.number, as_at=TODAY + timedelta(days=31))
    assert late.verdict is Verdict.EXPIRED


def test_a_changed_byte_is_noticed(county):
    content = bytearray(issue().content)
    content[len(content) // 3] ^= 1
    assert verdict_of(bytes(content)) is Verdict.ALTERED


def test_what_was_added_behind_the_signature_is_noticed(county):
    content = issue().content
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root["/Extra"] = writer.add_object(writer.root["/Pages"].get_object().raw_get("/Count"))
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    assert verdict_of(output.getvalue()) is Verdict.ALTERED
    assert verdict_of(content + b"\n%%EOF\n") is Verdict.ALTERED


def test_a_copy_made_by_another_program_was_altered(county):
    writer = PdfWriter()
    writer.append_pages_from_reader(PdfReader(io.BytesIO(issue().content)))
    output = io.BytesIO()
    writer.write(output)
    assert verdict_of(output.getvalue()) is Verdict.ALTERED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"PK\x03\x04", "报告".encode(), b"\x00" * 4096])
def test_any_other_file_is_not_ours(county, content):
    issue(MILL)
    assert verdict_of(content) is Verdict.NOT_OURS


def test_somebody_elses_signature_is_not_ours(county, tmp_path):
    report = issue()
    stranger = Home(tmp_path / "stranger")
    stranger.prepare()
    ensure_report_key(stranger, name="演示省幻海市云屿县公共信用信息平台", now=NOW)
    writer = PdfWriter()
    writer.append_pages_from_reader(PdfReader(io.BytesIO(report.content)))
    output = io.BytesIO()
    writer.write(output)
    forged = sign(output.getvalue(), home=stranger, number=report.number, reason="", now=NOW)
    assert verdict_of(forged) is Verdict.NOT_OURS


def test_a_signature_added_to_ours_is_noticed(county, tmp_path):
    stranger = Home(tmp_path / "stranger")
    stranger.prepare()
    ensure_report_key(stranger, name="别人", now=NOW)
    twice = sign(issue().content, home=stranger, number="1", reason="", now=NOW, field="Second")
    assert verdict_of(twice) is Verdict.ALTERED


def test_numbers_that_were_never_given_are_unknown(county):
    issue()
    for number in ("", "1", "990001-20261121-0000000000", "99000119900307001X", "' OR 1=1 --"):
        assert verify_number(PUBLIC, number, as_at=TODAY).verdict is Verdict.UNKNOWN
    assert verify_ref(PUBLIC, "abcdefghij", as_at=TODAY).verdict is Verdict.UNKNOWN


def test_a_file_too_large_for_a_report_is_refused(county):
    with pytest.raises(Refused, match="太大"):
        verify_file(PUBLIC, b"0" * (LARGEST_FILE + 1), now=NOW)
