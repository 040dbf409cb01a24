"""Organisation pages, two times, and the way from a record back to its file."""

from datetime import date, datetime

import pytest
import register_world as world
from register_world import NOW, OFFICER, SHANGHAI, TODAY, code

from xinheng.audit.actor import Actor
from xinheng.audit.models import AuditEvent
from xinheng.base.errors import NotFound, Refused, WrongUsage
from xinheng.base.scope import PUBLIC
from xinheng.register.actions.review import resolve_link, undo_link
from xinheng.register.models import Gate, LifeCycle, OrganisationName
from xinheng.register.queries import history, identity, organisation, trace
from xinheng.register.references import organisation_id, organisation_ref, record_no_of, record_ref

pytestmark = pytest.mark.django_db

CLERK = Actor("officer", "7", "林信予")


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, 0, tzinfo=SHANGHAI)


def past(of, *, as_at=TODAY, known_at=TODAY, scope=OFFICER):
    return history(scope, of.credit_code, as_at=as_at, known_at=known_at, purpose="核对异议", by=CLERK, now=NOW)


class TestOrganisation:
    def test_it_is_reached_by_reference_and_by_code(self):
        world.region()
        firm = world.organisation("云屿县鑫源商贸有限公司", code=code(1), established_on=date(2019, 3, 1))
        by_ref = organisation(PUBLIC, organisation_ref(firm.id))
        assert by_ref == organisation(PUBLIC, code(1).lower())
        assert (by_ref.name, by_ref.credit_code, by_ref.kind_label) == (firm.name, code(1), "企业")
        assert (by_ref.status_label, by_ref.place, by_ref.established_on) == (
            "存续", "演示省幻海市990001", date(2019, 3, 1),
        )  # fmt: skip

    def test_a_code_it_bore_before_still_leads_there(self):
        firm = world.organisation("云屿县鑫源商贸有限公司", code=code(1))
        world.number(firm, code(5), kind="credit_code", known_to=NOW)
        assert organisation(PUBLIC, code(5)).id == firm.id

    @pytest.mark.parametrize("key", ["12", "", "鑫源", "a" * 26, code(77)])
    def test_an_unknown_key_is_told_kindly(self, key):
        with pytest.raises(NotFound):
            organisation(PUBLIC, key)

    def test_a_record_reference_is_not_an_organisation_reference(self):
        assert record_no_of(record_ref(12)) == 12
        with pytest.raises(NotFound):
            organisation_id(record_ref(12))

    def test_the_public_does_not_reach_one_whose_only_decision_is_held(self):
        hidden = world.organisation("云屿县松涛家具有限公司", code=code(8), registered=False)
        held = world.record(hidden, gate=Gate.HELD)
        with pytest.raises(NotFound):
            organisation(PUBLIC, code(8))
        with pytest.raises(NotFound):
            identity(PUBLIC, hidden.id)
        world.record(hidden, amends=held, gate=Gate.OPEN)
        assert organisation(PUBLIC, code(8)).status == LifeCycle.OPERATING

    def test_identity_tells_former_names_registered_facts_and_the_source(self):
        firm = world.organisation("云屿县鑫源商贸有限公司", code=code(1), former=("云屿县鑫源商店",))
        source = world.batch(type="organisation")
        world.record(
            firm,
            source=source,
            type="organisation",
            decision_no="",
            content={"subject_name": firm.name, "business_scope": "日用百货销售", "legal_representative": "某某"},
        )
        shown = identity(PUBLIC, firm.id)
        assert shown.former_names == ("云屿县鑫源商店",)
        assert shown.registration == (("经营范围", "日用百货销售"),)
        assert (shown.source.file_name, shown.source.row_no) == (source.file_name, 2)

    def test_identity_of_one_known_from_a_decision_names_the_file_that_mentioned_it(self):
        source = world.batch()
        firm = world.organisation("云屿县松涛家具有限公司", registered=False, source=source)
        world.record(firm)
        shown = identity(PUBLIC, firm.id)
        assert shown.registration == ()
        assert shown.source.batch_no == source.number


class TestTwoTimes:
    """“What did we hold about X on day D, as known on day E?”"""

    @pytest.fixture
    def firm(self):
        return world.organisation("云屿县鑫源商贸有限公司", code=code(1), known_from=at(2026, 1, 5))

    def test_a_record_is_not_known_before_it_was_received(self, firm):
        world.record(firm, source=world.batch(known_at=at(2026, 3, 10)), decided_on=date(2026, 2, 1))
        assert past(firm, known_at=date(2026, 3, 9)).records == ()
        assert len(past(firm, known_at=date(2026, 3, 10)).records) == 1

    def test_an_amendment_changes_only_what_is_known_afterwards(self, firm):
        first = world.record(
            firm, source=world.batch(known_at=at(2026, 3, 10)), decided_on=date(2026, 2, 1), title="罚款五千元"
        )
        world.record(
            firm,
            amends=first,
            source=world.batch(known_at=at(2026, 4, 2)),
            decided_on=date(2026, 2, 1),
            title="罚款三千元",
        )
        assert [one.title for one in past(firm, known_at=date(2026, 4, 1)).records] == ["罚款五千元"]
        assert [one.title for one in past(firm, known_at=date(2026, 4, 2)).records] == ["罚款三千元"]

    def test_a_decision_later_than_the_day_asked_about_is_left_out(self, firm):
        world.record(firm, source=world.batch(known_at=at(2026, 3, 10)), decided_on=date(2026, 3, 1))
        assert past(firm, as_at=date(2026, 2, 28)).records == ()

    @pytest.mark.parametrize(
        ("day", "state"),
        [(date(2026, 2, 10), "尚未生效"), (date(2026, 2, 15), "有效"), (date(2026, 8, 14), "有效"),
         (date(2026, 8, 15), "已过有效期")],
    )  # fmt: skip
    def test_validity_is_judged_on_the_day_asked_about(self, firm, day, state):
        world.record(
            firm,
            source=world.batch(known_at=at(2026, 3, 10)),
            type="licence",
            decided_on=date(2026, 2, 1),
            valid_from=date(2026, 2, 15),
            valid_to=date(2026, 8, 14),
        )
        assert [one.state_label for one in past(firm, as_at=day).records] == [state]

    def test_a_withdrawal_is_shown_as_one_with_its_reason(self, firm):
        first = world.record(firm, source=world.batch(known_at=at(2026, 3, 10)))
        world.record(
            firm,
            amends=first,
            source=world.batch(known_at=at(2026, 5, 1)),
            withdrawn=True,
            withdrawal_reason="决定已撤销",
        )
        (one,) = past(firm).records
        assert (one.state, one.withdrawal_reason) == ("withdrawn", "决定已撤销")

    def test_names_and_numbers_are_those_known_then(self, firm):
        OrganisationName.objects.filter(organisation=firm).update(known_to=at(2026, 6, 1))
        OrganisationName.objects.create(
            organisation=firm, name="云屿县鑫源贸易有限公司", name_key="云屿县鑫源贸易有限公司", former=False,
            known_from=at(2026, 6, 1), batch_no=1, row_no=2,
        )  # fmt: skip
        world.number(firm, "990001000012340", known_from=at(2026, 7, 1))
        before, after = past(firm, known_at=date(2026, 5, 31)), past(firm)
        assert [name.name for name in before.names] == ["云屿县鑫源商贸有限公司"]
        assert [name.name for name in after.names] == ["云屿县鑫源贸易有限公司"]
        assert [number.value for number in before.numbers] == [code(1)]
        assert [number.value for number in after.numbers] == [code(1), "990001000012340"]

    def test_a_link_counts_from_the_decision_until_it_was_taken_back(self, firm):
        lin = world.officer()
        stated = world.unlinked_record(source=world.batch(known_at=at(2026, 3, 10)), decided_on=date(2026, 3, 1))
        question = world.review(stated, firm)
        resolve_link(review=question.pk, organisation_id=firm.id, by=lin, now=at(2026, 4, 1))
        undo_link(review=question.pk, by=lin, now=at(2026, 5, 1), reason="关联有误")
        held = [
            len(past(firm, known_at=day).records) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 1))
        ]
        assert held == [0, 1, 0]

    def test_records_of_another_region_are_not_shown(self, firm):
        elsewhere = world.department("邻县市场监管局", division="990002")
        world.record(firm, source=world.batch(by=elsewhere))
        assert past(firm).records == ()
        assert len(past(firm, scope=world.ELSEWHERE).records) == 1

    def test_every_look_is_logged_with_its_purpose(self, firm):
        past(firm, as_at=date(2026, 2, 1))
        event = AuditEvent.objects.get(act="register.history")
        assert (event.actor_name, event.purpose, event.detail["as_at"]) == ("林信予", "核对异议", "2026-02-01")

    def test_the_public_cannot_look_and_nobody_without_a_purpose(self, firm):
        with pytest.raises(Refused):
            past(firm, scope=PUBLIC)
        with pytest.raises(WrongUsage, match="用途"):
            history(OFFICER, code(1), as_at=TODAY, known_at=TODAY, purpose=" ", by=CLERK, now=NOW)


class TestTrace:
    def test_it_names_file_row_hash_and_sender(self):
        source = world.batch(submitted_by=world.officer())
        one = world.record(world.organisation("云屿县鑫源商贸有限公司"), source=source, row_no=17)
        found = trace(OFFICER, one.record_no)
        assert (found.batch_no, found.row_no, found.file_name, found.sha256) == (
            source.number, 17, source.file_name, source.sha256,
        )  # fmt: skip
        assert (found.department, found.submitted_by, found.channel) == ("云屿县县市场监管局", "林信予", "网页上传")

    def test_it_lists_all_versions_newest_first_and_goes_to_an_earlier_one(self):
        firm = world.organisation("云屿县鑫源商贸有限公司")
        first = world.record(firm, title="罚款五千元")
        world.record(firm, amends=first, title="罚款三千元")
        assert [one.title for one in trace(OFFICER, first.record_no).versions] == ["罚款三千元", "罚款五千元"]
        earlier = trace(OFFICER, first.record_no, version=1)
        assert (earlier.title, earlier.batch_no) == ("罚款五千元", first.batch_no)

    def test_the_public_and_other_regions_learn_nothing(self):
        one = world.record(world.organisation("云屿县鑫源商贸有限公司"))
        with pytest.raises(Refused):
            trace(PUBLIC, one.record_no)
        with pytest.raises(NotFound):
            trace(world.ELSEWHERE, one.record_no)
