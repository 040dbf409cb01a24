"""Which decisions become public, on which terms and until when."""

from datetime import date

import pytest
from tests.effects.effects_world import MARKET, NOW, SYSTEM, TODAY, EffectsWorld

from xinheng.effects.actions import publish_records
from xinheng.effects.models import Effect, FeedEvent, PublicationTerms
from xinheng.law.models import BasisSetMember
from xinheng.register.models import Gate, Review

pytestmark = pytest.mark.django_db


def test_a_fine_above_the_threshold_is_public_for_a_year_from_the_day_of_decision(county: EffectsWorld):
    record = county.record()

    result = county.publish()

    effect = county.effect(record)
    terms = PublicationTerms.objects.get(pk=effect.terms_id)
    assert (result.published, result.unpublished) == (1, {})
    assert (effect.starts, effect.ends) == (TODAY, date(2027, 5, 20))
    assert (terms.severity, terms.set_by, terms.regime) == ("一般", "rule", "penalty-order-36")


def test_the_basis_names_what_allows_it_now_and_what_governed_the_decision(county: EffectsWorld):
    record = county.record()
    county.publish()

    members = BasisSetMember.objects.filter(basis_set_id=county.effect(record).basis_set_id)
    roles = {(member.role, member.provision.reference) for member in members}

    assert ("enabling", "ndrc-2018-424#公示原则") in roles
    assert ("governing", "order-36-2025#公示期") in roles
    assert ("governing", "demo-measures#第十三条") in roles


def test_publishing_again_changes_nothing(county: EffectsWorld):
    county.record()
    county.publish()

    again = county.publish()

    assert (again.published, again.unpublished) == (0, {})
    assert Effect.objects.count() == 1


def test_a_decision_without_a_class_goes_to_review_and_is_not_public(county: EffectsWorld):
    record = county.record(penalty_categories="其他-限期改正")

    result = county.publish()

    review = Review.objects.get(record_no=record.record_no)
    assert result.unpublished == {"review": 1}
    assert (review.kind, review.closed_at) == ("severity", None)
    assert not Effect.objects.exists()


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"penalty_categories": "警告"}, "not_published"),
        ({"procedure": "简易程序"}, "not_published"),
        ({"amount_fen": 999_999}, "not_published"),
        ({"decided_on": date(2025, 11, 21), "type": "compulsion"}, "expired"),
        ({"decided_on": date(2019, 6, 30)}, "no_text"),
        ({"decided_on": date(2022, 6, 30)}, "expired"),
        ({"decided_on": None}, "no_date"),
        ({"type": "env_penalty_notice"}, "no_rule"),
    ],
)
def test_what_is_not_published_says_why_and_asks_nobody(county: EffectsWorld, facts, outcome):
    county.record(**facts)

    assert county.publish().unpublished == {outcome: 1}
    assert not Review.objects.exists()


def test_an_older_decision_takes_the_newer_rule_when_that_is_shorter(county: EffectsWorld):
    record = county.record(decided_on=date(2026, 1, 10))

    county.publish()

    effect = county.effect(record)
    terms = PublicationTerms.objects.get(pk=effect.terms_id)
    roles = {
        (member.role, member.provision.reference)
        for member in BasisSetMember.objects.filter(basis_set_id=effect.basis_set_id)
    }
    assert effect.ends == date(2027, 1, 10)
    assert terms.transition
    assert ("governing", "demo-measures#第十五条") in roles
    assert ("applied", "order-36-2025#公示期") in roles


def test_market_regulation_shows_minor_fines_for_three_months(county: EffectsWorld):
    record = county.record(department=county.department(MARKET), decided_on=date(2026, 10, 9), amount_fen=500_000)
    type(county.department(MARKET)).objects.filter(code=MARKET).update(fields=["市场监管"])

    county.publish()

    assert county.effect(record).ends == date(2027, 1, 9)


def test_a_licence_is_public_through_its_last_valid_day(county: EffectsWorld):
    record = county.record(type="licence", decided_on=date(2024, 3, 1), valid_to=date(2027, 2, 28))

    county.publish()

    assert county.effect(record).ends == date(2027, 3, 1)


def test_a_licence_without_end_is_public_for_ten_years_at_most(county: EffectsWorld):
    record = county.record(type="licence", decided_on=date(2024, 2, 29), valid_to=date(2099, 12, 31))

    county.publish()

    assert county.effect(record).ends == date(2034, 2, 28)


def test_an_abnormal_entry_is_public_until_it_is_removed(county: EffectsWorld):
    record = county.record(type="abnormal_entry", decided_on=date(2023, 7, 1))
    removed = county.record(type="abnormal_entry", decided_on=date(2023, 7, 1), valid_to=date(2026, 8, 1))

    result = county.publish()

    effect = county.effect(record)
    assert (effect.ends, effect.removal_rule) == (None, "公示至移出异常名录之日")
    assert result.unpublished == {"expired": 1}
    assert not Effect.objects.filter(record_id=removed.pk).exists()


def test_what_waits_for_a_person_is_not_published(county: EffectsWorld):
    county.record(gate=Gate.HELD)
    county.record(gate=Gate.UNLINKED)

    assert county.publish().published == 0


def test_single_records_are_published_like_a_batch(county: EffectsWorld):
    record, other = county.record(), county.record()

    result = publish_records(record_nos=[record.record_no], today=TODAY, now=NOW, by=SYSTEM)

    assert result.published == 1
    assert not Effect.objects.filter(record_id=other.pk).exists()


def test_a_batch_tells_the_feed_once_with_its_range(county: EffectsWorld):
    for _ in range(3):
        county.record()
    county.publish()

    event = FeedEvent.objects.get()

    assert (event.kind, event.count, event.batch_no) == ("appeared", 3, 7)
    assert event.last_effect - event.first_effect == 2


def test_without_verified_law_nothing_is_public(county: EffectsWorld, settings):
    settings.PACK = "national"
    county.record()

    assert county.publish().unpublished == {"review": 1}
    county.record(penalty_categories="吊销许可证件", batch_no=9)
    assert county.publish(9).unpublished == {"unverified": 1}
