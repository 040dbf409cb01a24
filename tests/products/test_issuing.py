"""A credit report says what is public about an organisation, and never speaks of a person."""

import pytest
from django.db import IntegrityError, transaction
from tests.portal.senders import MILL, REPRESENTATIVE, SHOP, SHOP_NAME, penalty
from tests.privacy.searching import found_in_database, found_in_files
from tests.products.reports import effects_of_penalties, issue, text_of
from tests.world import NOW, SYSTEM, table

from xinheng.audit.models import AuditEvent
from xinheng.base.clock import today
from xinheng.base.errors import NotFound, Refused, WrongUsage
from xinheng.base.identifiers import citizen_number
from xinheng.effects.actions import end_effects, suspend_effects
from xinheng.effects.models import EndReason, Handover, Retraction
from xinheng.products.models import IssuedReport

pytestmark = pytest.mark.django_db
CITIZEN_NUMBER = citizen_number.complete("990001880808001")
FACTS = {"by": SYSTEM, "now": NOW, "today": today(NOW)}


def test_the_plain_report_says_what_is_public(county):
    report = issue()
    text = text_of(report)
    for words in (SHOP_NAME, SHOP, report.number, "云市监罚〔2026〕1号", "行政许可", "用途招标投标", "2026年12月21日"):
        assert words in text
    assert REPRESENTATIVE not in text


def test_an_open_objection_is_marked(county):
    assert "异议处理中" not in text_of(issue()).split("说明")[0]
    suspend_effects(effect_ids=effects_of_penalties(), cause="objection:1", hides=False, reason="异议受理", **FACTS)
    assert "异议处理中" in text_of(issue()).split("说明")[0]


def test_a_repaired_record_is_not_in_it_and_the_word_neither(county):
    end_effects(effect_ids=effects_of_penalties(), reason=EndReason.REPAIRED, why="准予修复", **FACTS)
    text = text_of(issue())
    assert "云市监罚" not in text
    assert "已修复" not in text


def test_the_version_without_violations_is_given_only_where_there_are_none(county):
    with pytest.raises(Refused, match="1 条"):
        issue(SHOP, "clean")
    text = text_of(issue(MILL, "clean"))
    assert "没有云屿县浮石磨坊有限公司" in text
    assert "处罚信息" in text


def test_a_person_never_has_a_report_and_the_number_is_kept_nowhere(county):
    with pytest.raises(Refused, match="只为单位") as refused:
        issue(CITIZEN_NUMBER)
    assert CITIZEN_NUMBER not in str(refused.value)
    with pytest.raises(Refused):
        issue(SHOP, purpose=f"给{CITIZEN_NUMBER}办贷款")
    assert not IssuedReport.objects.exists()
    assert found_in_database([CITIZEN_NUMBER]) == []
    assert found_in_files(county.home.root, [CITIZEN_NUMBER]) == []


@pytest.mark.parametrize(
    ("code", "kind", "purpose", "error"),
    [
        ("91990001MA0000999X", "plain", "招标", NotFound),
        ("浮光", "plain", "招标", WrongUsage),
        (SHOP, "other", "招标", WrongUsage),
        (SHOP, "plain", " ", WrongUsage),
    ],
)
def test_what_cannot_be_issued_is_said_in_words(county, code, kind, purpose, error):
    with pytest.raises(error):
        issue(code, kind, purpose=purpose)


def test_issuing_is_on_record_with_who_and_what_for(county):
    report = issue(by=SYSTEM)
    row = IssuedReport.objects.get()
    assert (row.number, row.purpose, row.issued_by_name, row.credit_code) == (report.number, "招标投标", "测试", SHOP)
    assert Handover.objects.get(pk=row.handover_id).versions == 2
    assert AuditEvent.objects.filter(act="report.issue", object_id=SHOP).count() == 1


def test_its_records_are_taken_back_from_whoever_holds_it(county):
    report = issue()
    end_effects(effect_ids=effects_of_penalties(), reason=EndReason.REPAIRED, why="准予修复", **FACTS)
    assert report.number in Retraction.objects.get().recipient.name


def test_an_issued_report_is_never_changed(county):
    issue()
    for change in (lambda: IssuedReport.objects.update(purpose="别的"), lambda: IssuedReport.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_markup_in_a_record_stays_text(county):
    county.batch(table([penalty(1, 违法事实='#let x = 1 $a^2$ #read("/etc/passwd") *b* <标签>')]), "penalty")
    assert '#letx=1$a^2$#read("/etc/passwd")*b*<标签>' in text_of(issue())
