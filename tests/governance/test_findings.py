"""Each fault of a code is found with the row that shows it, and is gone when the source put it right."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.governance.codes import (
    MEND,
    MEND_NAME,
    looked,
    open_ones,
    organisation,
    penalises,
    penalty,
    registers,
    same_part,
    wrong_digit,
)
from tests.portal.senders import MILL, SHOP, SHOP_NAME
from tests.world import MARKET, NOW, SCHOOLS

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.governance.actions import assign, close
from xinheng.governance.models import Finding, FindingStep, Kind, Outcome
from xinheng.governance.queries import finding, findings, needs_look, rates, rates_as_at
from xinheng.people.models import Message

pytestmark = pytest.mark.django_db


def only(kind: Kind) -> Finding:
    return Finding.objects.get(kind=kind)


def rows_of(found: Finding) -> list[tuple[int, str, str]]:
    return [(one.row_no, one.code, one.name) for one in found.rows.order_by("batch_no", "row_no")]


def test_a_county_with_sound_codes_has_no_findings(county):
    result = looked(county)
    assert (result.found, result.opened, result.corrected) == (0, 0, 0)
    counted = rates(county.scope)
    assert counted is not None
    assert [(one.department_name, one.subjects, one.wrong) for one in counted.departments] == [
        (MARKET.name, 2, Decimal("0.00"))
    ]


def test_a_wrong_check_digit_is_found_in_the_refused_row_and_gone_once_the_right_code_came(county):
    batch = registers(county, organisation(wrong_digit(), MEND_NAME))
    assert batch.rejected == 1
    looked(county)
    assert open_ones(county) == {("check_digit", wrong_digit(), MARKET.code)}
    found = only(Kind.CHECK_DIGIT)
    assert rows_of(found) == [(2, wrong_digit(), MEND_NAME)]
    assert finding(county.scope, found.pk).rows[0].file_name == batch.file_name
    registers(county, organisation(MEND, MEND_NAME))
    assert needs_look(county.scope)
    assert looked(county).corrected == 1
    found.refresh_from_db()
    assert (found.outcome, found.closed_by, found.closed_at) == ("corrected", None, NOW)
    assert [one.step for one in found.steps.order_by("pk")] == ["found", "corrected"]
    assert not needs_look(county.scope)


def test_a_code_of_the_wrong_length_is_no_code(county):
    penalises(county, penalty(41, MEND[:-1], MEND_NAME))
    looked(county)
    assert open_ones(county) == {("code_form", MEND[:-1], MARKET.code)}


def test_one_code_under_another_name_is_found_and_gone_after_an_amendment(county):
    penalises(county, penalty(42, SHOP, "云屿县另一家商贸有限公司"))
    looked(county)
    assert open_ones(county) == {("code_names", SHOP, MARKET.code)}
    assert rows_of(only(Kind.CODE_NAMES)) == [(2, SHOP, "云屿县另一家商贸有限公司")]
    penalises(county, penalty(42, SHOP, SHOP_NAME))
    assert looked(county).corrected == 1


def test_a_former_name_is_no_second_name(county):
    registers(county, organisation(SHOP, SHOP_NAME, 曾用名="云屿县老浮光食品厂"))
    penalises(county, penalty(43, SHOP, "云屿县老浮光食品厂"))
    looked(county)
    assert open_ones(county) == set()


def test_one_code_twice_in_a_file_is_a_repeat_or_a_second_name(county):
    registers(county, organisation(MEND, MEND_NAME), organisation(MEND, MEND_NAME, 成立日期="2020/01/01"))
    looked(county)
    assert open_ones(county) == {("code_repeated", MEND, MARKET.code)}
    registers(county, organisation(MEND, MEND_NAME), organisation(MEND, "云屿县别家修理有限公司"))
    looked(county)
    assert ("code_names", MEND, MARKET.code) in open_ones(county)
    registers(county, organisation(MEND, MEND_NAME))
    looked(county)
    assert open_ones(county) == set()


def test_one_name_with_two_codes_is_found_in_both_rows(county):
    registers(county, organisation(MEND, SHOP_NAME))
    looked(county)
    found = only(Kind.NAME_CODES)
    assert {code for _, code, _ in rows_of(found)} == {SHOP, MEND}
    registers(county, organisation(MEND, MEND_NAME))
    assert looked(county).corrected == 1


def test_two_codes_around_one_organisation_part_are_found(county):
    registers(county, organisation(same_part(MILL), MEND_NAME))
    looked(county)
    assert open_ones(county) == {("part_codes", MILL[8:17], MARKET.code)}
    assert {code for _, code, _ in rows_of(only(Kind.PART_CODES))} == {MILL, same_part(MILL)}


def test_an_old_number_without_a_code_is_found_until_the_code_comes(county):
    registers(county, organisation("990001000000010", MEND_NAME))
    looked(county)
    assert open_ones(county) == {("old_code", "990001000000010", MARKET.code)}
    registers(county, organisation(MEND, MEND_NAME, 工商注册号="990001000000010"))
    looked(county)
    assert open_ones(county) == set()


def test_an_organisation_without_any_number_is_found(county):
    registers(county, organisation("", MEND_NAME))
    looked(county)
    assert open_ones(county) == {("missing", MEND_NAME, MARKET.code)}


def test_what_was_put_right_and_comes_back_is_open_again(county):
    penalises(county, penalty(42, SHOP, "云屿县另一家商贸有限公司"))
    looked(county)
    penalises(county, penalty(42, SHOP, SHOP_NAME))
    looked(county)
    penalises(county, penalty(42, SHOP, "云屿县另一家商贸有限公司", 违法事实="再次"))
    assert looked(county).opened == 1
    assert [one.step for one in only(Kind.CODE_NAMES).steps.order_by("pk")] == ["found", "corrected", "again"]


def test_what_an_officer_found_right_stays_closed_until_other_rows_show_it(county):
    registers(county, organisation(MEND, SHOP_NAME))
    looked(county)
    clerk = county.officer("he.shuo")
    found = only(Kind.NAME_CODES)
    close(finding=found.pk, outcome=Outcome.GENUINE, note="两家企业确系同名", by=clerk, now=NOW)
    looked(county)
    found.refresh_from_db()
    assert found.outcome == "genuine"
    registers(county, organisation(same_part(MEND), SHOP_NAME))
    looked(county)
    found.refresh_from_db()
    assert found.closed_at is None


def test_a_finding_is_given_to_a_clerk_of_the_department_and_closed_with_a_reason_only(county):
    registers(county, organisation("", MEND_NAME))
    looked(county)
    assert Message.objects.filter(department__code=MARKET.code, title="发现 1 项代码问题").exists()
    found, office, clerk = only(Kind.MISSING), county.officer("lin.xinyu"), county.officer("he.shuo")
    with pytest.raises(Refused):
        assign(finding=found.pk, officer=office.pk, by=office, now=NOW)
    assign(finding=found.pk, officer=clerk.pk, by=office, now=NOW)
    assert Message.objects.filter(officer=clerk, title="有一项代码问题交给您办理").exists()
    assert [one.id for one in findings(county.scope, assigned_to=clerk.pk)] == [found.pk]
    with pytest.raises(Refused):
        close(finding=found.pk, outcome=Outcome.CORRECTED, note="改好了", by=clerk, now=NOW)
    with pytest.raises(Refused):
        close(finding=found.pk, outcome=Outcome.IMPOSSIBLE, note=" ", by=clerk, now=NOW)
    close(finding=found.pk, outcome=Outcome.IMPOSSIBLE, note="已经注销", by=clerk, now=NOW)
    with pytest.raises(Conflict):
        close(finding=found.pk, outcome=Outcome.IMPOSSIBLE, note="已经注销", by=clerk, now=NOW)
    assert [one.label for one in finding(county.scope, found.pk).steps] == ["发现", "交给经办人", "写明原因办结"]


def test_a_department_sees_its_own_findings_only(county):
    registers(county, organisation("", MEND_NAME))
    looked(county)
    schools = Scope(region=county.region.code, departments=frozenset({county.department(SCHOOLS.code).pk}))
    assert findings(schools) == ()
    with pytest.raises(NotFound):
        finding(schools, only(Kind.MISSING).pk)


def test_the_rate_is_told_per_ten_thousand_subjects_of_the_department(county):
    registers(county, organisation(MEND, SHOP_NAME))
    looked(county)
    counted = rates(county.scope)
    assert counted is not None
    (market,) = counted.departments
    assert (market.subjects, market.faults["name_codes"], market.double) == (3, 1, Decimal("3333.33"))
    assert counted.total.double == Decimal("3333.33")


def test_the_rates_of_an_earlier_day_are_counted_by_what_was_known_then(county, tmp_path):
    county.batch(
        "主体名称,统一社会信用代码,主体类别,登记状态,成立日期,曾用名,法定代表人,登记机关,数据来源单位,数据来源单位统一社会信用代码\n"
        f"{MEND_NAME},,企业,存续,2019/03/12,,某甲乙,{MARKET.name},{MARKET.name},{MARKET.code}\n",
        "organisation", now=NOW + timedelta(days=2),
    )  # fmt: skip
    before = rates_as_at(county.scope, as_at=NOW.date(), folder=tmp_path)
    after = rates_as_at(county.scope, as_at=NOW.date() + timedelta(days=2), folder=tmp_path)
    assert before.total.faults.get("missing", 0) == 0
    assert after.total.faults["missing"] == 1
    assert not FindingStep.objects.exists(), "asking keeps nothing"
