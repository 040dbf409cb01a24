"""Special information comes in as far as its subject authorised it, and can be changed and taken back."""

from datetime import timedelta

import pyarrow.parquet as pq
import pytest
from tests.authorisations.authorising import SINCE, UNTIL, give, holder, paid, send, taken_back
from tests.people.test_organisation_users import MILL
from tests.portal.senders import MILL_NAME
from tests.world import NOW

from xinheng.authorisations.actions import revoke
from xinheng.effects.models import Effect
from xinheng.intake.queries import findings
from xinheng.ledger.models import Batch, FileKind
from xinheng.ledger.queries import files
from xinheng.register.models import Record

pytestmark = pytest.mark.django_db


def told(world, batch: Batch) -> list[tuple[int, str, str, str]]:
    return [(one.row, one.code, one.column, one.message) for one in findings(world.scope, batch.number)]


def kept_rows(world, batch: Batch) -> list[dict[str, object]]:
    (file,) = [one for one in files(world.scope, batch.number, home=world.home) if one.kind is FileKind.ACCEPTED]
    return pq.read_table(file.path).to_pylist()


def test_without_an_authorisation_no_row_comes_in(county):
    batch = send(county, paid(9))
    assert (batch.rows, batch.rejected) == (1, 1)
    assert told(county, batch) == [(2, "V16", "uscc", "这个单位没有授权归集这一类信息，没有收下。")]


def test_what_is_authorised_goes_into_the_ledger_and_nowhere_else(county):
    give(county)
    before = Record.objects.count(), Effect.objects.count()
    batch = send(county, paid(9), paid(10))
    assert (batch.accepted, batch.rejected, batch.linked) == (2, 0, 2)
    assert (batch.timely, batch.late) == (0, 0)
    assert (Record.objects.count(), Effect.objects.count()) == before
    assert [row["paid_amount"] for row in kept_rows(county, batch)] == [42_000_500_000, 42_000_500_000]


def test_rows_of_others_and_of_other_classes_stay_out(county):
    give(county)
    mixed = send(county, paid(9), paid(9, code=MILL, name=MILL_NAME))
    assert (mixed.accepted, mixed.rejected) == (1, 1)
    funds = {key: value for key, value in paid(9).items() if key not in ("税种", "税款所属期起", "税款所属期止")} | {
        "费款所属期": "2026-09-01",
        "应缴存额(元)": "1",
        "实缴存额(元)": "1",
    }
    funds = {key: value for key, value in funds.items() if key not in ("应纳税额(元)", "已缴税额(元)")}
    assert send(county, funds, type="housing_fund").rejected == 1


def test_facts_before_or_after_what_was_authorised_stay_out(county):
    give(county, facts_from=SINCE.replace(year=2026, month=6))
    batch = send(county, paid(5), paid(6))
    assert (batch.accepted, batch.rejected) == (1, 1)
    assert told(county, batch) == [(2, "V16", "period", "“税款所属期起”不在单位授权的信息范围之内，没有收下。")]


def test_an_authorisation_that_has_not_begun_or_has_run_out_lets_nothing_in(county):
    give(county, starts=NOW.date() + timedelta(days=1))
    early = send(county, paid(9))
    assert [one[3] for one in told(county, early)] == [
        "这个单位对这一类信息的授权已经撤回、到期或者还没有开始，没有收下。"
    ]
    assert send(county, paid(8), now=NOW + timedelta(days=1)).accepted == 1
    assert send(county, paid(10), now=NOW.replace(year=UNTIL.year + 1)).rejected == 1


def test_a_revoked_authorisation_lets_nothing_in_from_the_same_moment(county):
    given = give(county)
    assert send(county, paid(9)).accepted == 1
    revoke(membership=holder(county), authorisation=given.pk, now=NOW)
    assert send(county, paid(10)).rejected == 1
    assert send(county, taken_back(9)).withdrawn == 1, "taking back needs no authorisation"


def test_any_of_several_authorisations_is_enough(county):
    give(county, facts_from=SINCE.replace(year=2026, month=6))
    give(county, facts_from=SINCE, until=SINCE.replace(year=2026, month=11, day=30))
    assert send(county, paid(5), paid(6)).accepted == 2


def test_rows_that_name_the_old_number_of_the_subject_are_covered_too(county):
    give(county)
    county.batch(
        "主体名称,统一社会信用代码,工商注册号,主体类别,登记状态,数据来源单位,数据来源单位统一社会信用代码\n"
        f"云屿县浮光食品有限公司,{holder(county).credit_code},990001000000010,企业,存续,"
        "云屿县市场监督管理局,119900010000084085\n",
        "organisation",
    )
    assert send(county, paid(9, code="990001000000010")).accepted == 1


def test_the_same_row_again_is_unchanged_and_another_amount_is_an_amendment(county):
    give(county)
    send(county, paid(9), paid(10))
    again = send(county, paid(9), paid(10, **{"已缴税额(元)": "40000"}), paid(11, year=2025))
    assert (again.accepted, again.amended, again.unchanged) == (1, 1, 1)
    assert {(row["statement"], row["version"]) for row in kept_rows(county, again)} == {("new", 1), ("amended", 2)}


def test_what_is_in_the_ledger_alone_can_be_taken_back_and_stated_again(county):
    give(county)
    send(county, paid(9))
    gone = send(county, taken_back(9))
    assert (gone.withdrawn, gone.rejected) == (1, 0)
    again = send(county, taken_back(9) | {"撤回原因": "再次撤回"})
    assert again.unchanged == 1
    back = send(county, paid(9) | {"已缴税额(元)": "1"})
    assert (back.amended, back.rejected) == (1, 0)
    assert kept_rows(county, back)[0]["version"] == 3


def test_what_never_came_in_cannot_be_taken_back(county):
    give(county)
    batch = send(county, taken_back(9))
    assert [one[1] for one in told(county, batch)] == ["V11"]
    assert "没有报送过" in told(county, batch)[0][3]


def test_another_department_cannot_change_or_take_back_a_row(county):
    give(county)
    send(county, paid(9))
    other = county.batch(
        ",".join(paid(9)) + "\n" + ",".join(str(value) for value in taken_back(9).values()) + "\n",
        "tax_payment", department="1199000100000137X5",
    )  # fmt: skip
    assert other.rejected == 1
    assert "另一个部门" in told(county, other)[0][3]
