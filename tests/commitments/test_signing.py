"""What is signed is what was shown; it is public as far as the letter says, for as long as it is valid."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.commitments.promising import SHOP, TYPED, Promising, paper
from tests.intake.intake_rows import MILL
from tests.world import table

from xinheng.audit.models import AuditEvent
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.commitments.actions import Counter, end_commitment, prepare, sign_at_counter, sign_online
from xinheng.commitments.letters import LetterWrong, Promisor, letter_of, months_after
from xinheng.commitments.models import Commitment, CommitmentEnd
from xinheng.commitments.places import filled, places_of
from xinheng.commitments.queries import commitment_page, commitments, item, items, own_commitments
from xinheng.commitments.rules import item_of, template_on
from xinheng.effects.models import Effect, EndReason
from xinheng.effects.queries import why

pytestmark = pytest.mark.django_db


def test_the_text_that_was_shown_is_the_text_that_is_kept_and_hashed(county: Promising):
    shown = prepare(
        item="food-licence", typed=TYPED["food-licence"], credit_code=SHOP, region=county.world.region, now=county.now
    )
    made = county.sign()
    assert made.text == shown.text
    assert made.sha256 == hashlib.sha256(shown.text.encode()).hexdigest()
    assert AuditEvent.objects.get(act="commitment.sign").detail["sha256"] == made.sha256


def test_the_number_names_place_day_and_serial(county: Promising):
    first, second = county.sign(), county.sign("honest-price")
    assert (first.number, second.number) == ("99000120261121000001", "99000120261121000002")


def test_a_number_given_to_a_paper_one_is_passed_over(county: Promising):
    county.world.batch(table([paper("99000120261121000001", 承诺作出日期="2026/11/21")]), "commitment")
    assert county.sign().number == "99000120261121000002"


def test_an_open_letter_is_public_until_its_last_day_with_its_basis(county: Promising):
    made = county.sign()
    (shown,) = county.public()
    assert shown.last_day == made.valid_to == date(2027, 11, 21)
    assert "第五十二条" in repr(why(county.world.scope, shown.record_no, as_at=county.now.date()))
    county.later(366)
    assert county.public() == ()


def test_a_reason_that_is_too_long_is_refused_and_not_cut(county: Promising):
    chosen, day = item_of("demo", "honest-price"), county.now.date()
    wordy = replace(template_on("demo", chosen.template, day), reason="{matter}，" * 3)
    typed = TYPED["honest-price"] | {"matter": "明" * 200}
    promisor, department = Promisor(1, "云屿县浮光食品有限公司", SHOP), county.officer().department
    with pytest.raises(LetterWrong) as wrong:
        letter_of(chosen, wordy, typed, promisor=promisor, department=department, today=day)
    assert wrong.value.problems == {"matter": "承诺的事由最多 512 字，请写得简短一些。"}


def test_a_letter_for_a_limited_circle_is_not_public(county: Promising):
    made = county.sign("meter-filing")
    assert made.publicity == "特定范围内公开"
    assert made.valid_to == date(2026, 12, 20)
    assert county.public() == ()
    assert not Effect.objects.exists()


def test_a_letter_that_changed_since_it_was_shown_is_not_signed(county: Promising):
    stale = replace(county.promise(), shown_sha256="0" * 64)
    with pytest.raises(Conflict, match="重新阅读"):
        sign_online(promise=stale, membership=county.membership, now=county.now)
    assert not Commitment.objects.exists()


def test_the_day_after_the_letter_reads_differently_and_is_shown_again(county: Promising):
    promise = county.promise()
    county.later(1)
    with pytest.raises(Conflict):
        sign_online(promise=promise, membership=county.membership, now=county.now)


def test_the_same_form_signs_once(county: Promising):
    promise = county.promise()
    once, again = (sign_online(promise=promise, membership=county.membership, now=county.now) for _ in range(2))
    assert once == again


def test_the_same_promise_is_not_made_twice(county: Promising):
    county.sign()
    with pytest.raises(Conflict, match="已经作出"):
        county.sign()


def test_another_name_signs_nothing(county: Promising):
    with pytest.raises(LetterWrong) as wrong:
        sign_online(
            promise=replace(county.promise(), signed_by="别家公司"), membership=county.membership, now=county.now
        )
    assert "signed_by" in wrong.value.problems


@pytest.mark.parametrize(
    ("item", "facts"),
    [
        ("food-licence", {"licence": ""}),
        ("food-licence", {"met": "联系人13800001111"}),
        ("food-licence", {"place": "长" * 201}),
        ("meter-filing", {"due_on": "2026-11-21"}),
        ("meter-filing", {"due_on": "明天"}),
        ("meter-filing", {"due_on": "2099-01-01"}),
    ],
)
def test_what_cannot_be_right_is_told_by_field(county: Promising, item: str, facts: dict[str, str]):
    with pytest.raises(LetterWrong) as wrong:
        county.promise(item, **facts)
    assert set(wrong.value.problems) == set(facts)


def test_a_place_typed_in_is_not_filled_and_a_line_break_makes_no_new_paragraph(county: Promising):
    made = county.sign(met="{place}\n违诺责任：没有")
    assert "我单位承诺：{place}；违诺责任：没有" in made.text.split("\n")


def test_no_place_that_adopted_no_letter_takes_one():
    with pytest.raises(Refused, match="没有采用"):
        template_on("national", "licensing", date(2026, 11, 21))


def test_a_counter_takes_a_letter_that_was_signed_on_paper(county: Promising):
    made = sign_at_counter(
        promise=county.promise(), counter=Counter(SHOP, "核对了营业执照和公章"), by=county.officer(), now=county.now
    )
    assert made.taken_by == county.officer()
    assert commitment_page(county.world.scope, made.pk, as_at=county.now.date()).how.startswith("在窗口签署")
    assert len(county.public()) == 1


@pytest.mark.parametrize("how", ["", "身份证 11010519491231002X"])
def test_a_counter_says_how_it_knows_whom_it_sees_without_a_number(county: Promising, how: str):
    with pytest.raises(LetterWrong) as wrong:
        sign_at_counter(promise=county.promise(), counter=Counter(SHOP, how), by=county.officer(), now=county.now)
    assert "identified_by" in wrong.value.problems


def test_a_department_takes_letters_for_its_own_items_only(county: Promising):
    promise = replace(county.promise("honest-price"), item="open-promise")
    with pytest.raises(NotFound):
        sign_at_counter(promise=promise, counter=Counter(SHOP, "核对了营业执照"), by=county.officer(), now=county.now)


def test_what_nothing_was_granted_on_may_be_taken_back_and_is_gone_everywhere(county: Promising):
    made = county.sign("honest-price")
    end_commitment(
        commitment=made.pk, reason=CommitmentEnd.WITHDRAWN, why="不再经营", by=county.membership.user, now=county.now
    )
    assert county.public() == ()
    assert Effect.objects.get(ended_at__isnull=False).end_reason == EndReason.WITHDRAWN
    (line,) = own_commitments(county.world.scope, credit_code=SHOP, as_at=county.now.date())
    assert line.state == "承诺单位撤回"


def test_what_a_licence_rests_on_is_not_taken_back_by_the_promisor(county: Promising):
    made = county.sign()
    with pytest.raises(Refused, match="不能自行撤回"):
        end_commitment(
            commitment=made.pk, reason=CommitmentEnd.WITHDRAWN, why="算了", by=county.membership.user, now=county.now
        )
    end_commitment(
        commitment=made.pk, reason=CommitmentEnd.SUPERSEDED, why="重新签署", by=county.officer(), now=county.now
    )
    assert county.public() == ()


def test_paper_ones_come_as_a_file_and_stand_beside_those_signed_here(county: Promising):
    county.world.batch(table([paper(), paper("99000120261110000078", 公开类型="不可公开")]), "commitment")
    assert [one.decision_no for one in county.public()] == ["99000120261110000077"]
    lines = own_commitments(county.world.scope, credit_code=SHOP, as_at=county.now.date())
    assert [(one.id, one.state) for one in lines] == [(None, "有效"), (None, "有效")]


def test_a_row_on_a_natural_person_is_refused(county: Promising):
    batch = county.world.batch(table([paper(承诺人类别="自然人", 承诺人代码="")]), "commitment")
    assert (batch.accepted, batch.rejected) == (0, 1)
    assert county.public() == ()


def test_a_department_sees_its_own_commitments(county: Promising):
    county.sign()
    own = replace(county.world.scope, departments=(county.officer().department_id,))
    other = replace(county.world.scope, departments=(county.officer("lin.xinyu").department_id,))
    assert len(commitments(own, as_at=county.now.date())) == 1
    assert commitments(other, as_at=county.now.date()) == ()
    with pytest.raises(NotFound):
        commitment_page(other, Commitment.objects.get().pk, as_at=county.now.date())
    assert {one.item.department for one in items(own, as_at=county.now.date())} == {county.officer().department.code}
    with pytest.raises(NotFound):
        item(other, "food-licence", as_at=county.now.date())


def test_another_entry_of_another_organisation_does_not_show_the_first(county: Promising):
    promise = county.promise()
    sign_online(promise=promise, membership=county.membership, now=county.now)
    with pytest.raises(NotFound):
        sign_at_counter(promise=promise, counter=Counter(MILL, "核对了营业执照"), by=county.officer(), now=county.now)


@given(values=st.dictionaries(st.sampled_from(["a", "b_c"]), st.text(max_size=30), min_size=2))
@settings(suppress_health_check=list(HealthCheck), deadline=None)
def test_places_are_filled_once_whatever_was_typed(values: dict[str, str]):
    assert filled("{a}|{b_c}", values) == f"{values['a']}|{values['b_c']}"
    assert places_of("{a}|{b_c}") == ("a", "b_c")


@given(day=st.dates(date(2020, 1, 1), date(2060, 1, 1)), months=st.integers(1, 60))
def test_months_after_a_day_are_a_real_later_day(day: date, months: int):
    assert 0 < (months_after(day, months) - day).days <= 31 * months
