"""What the database refuses of listings and measures, whoever writes: the ORM, raw SQL, or COPY."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from tests.effects.effects_world import NOW, SYSTEM, TODAY, EffectsWorld, build
from tests.world import World

from xinheng.base.scope import PUBLIC
from xinheng.effects.actions import (
    Applied,
    ListedBy,
    apply_measures,
    end_effects,
    list_subjects,
    measure_terms,
    note_service,
)
from xinheng.effects.models import Effect, EndReason, Kind, ListingTerms, ServiceMethod
from xinheng.law.actions import intern_basis_set
from xinheng.law.models import BasisRole
from xinheng.law.queries import reliable_provisions
from xinheng.register.models import Gate, Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(world: World) -> EffectsWorld:
    return build(world.region)


def basis() -> int:
    number = reliable_provisions(PUBLIC)["demo-credit-regulation#第二十三条"].id
    return intern_basis_set(members=[(number, BasisRole.ENABLING), (number, BasisRole.GOVERNING)], now=NOW)


def terms(key: str = "D-3", title: str = "不适用告知承诺") -> int:
    return measure_terms(
        measure_key=key, edition="demo-2026", list_key="L04", title=title, executing_body="行政审批部门",
        applies_to="单位", rests=True,
    )  # fmt: skip


def entry(county: EffectsWorld, **facts: object) -> Record:
    return county.record(type="serious_list", decided_on=date(2026, 11, 2), list_key="L04", **facts)


def effect(record: Record, **facts: object) -> dict[str, object]:
    values: dict[str, object] = {
        "region_id": record.region_id, "subject_no": record.subject_no, "kind": "restraint", "record_id": record.pk,
        "basis_set_id": basis(), "terms_id": terms(), "starts": TODAY, "ends": date(2028, 1, 1), "created_at": NOW,
    }  # fmt: skip
    return values | facts


def refused(message: str, **values: object) -> None:
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        Effect.objects.create(**values)


def serve(record: Record, on: date = TODAY - timedelta(days=1)) -> None:
    note_service(
        region_id=record.region_id, records=[(record.record_no, record.subject_no)], method=ServiceMethod.DIRECT,
        served_on=on, evidence="送达回证1号", by=SYSTEM, now=NOW, today=TODAY,
    )  # fmt: skip


def test_no_restraint_before_the_day_after_service(county: EffectsWorld) -> None:
    record = entry(county)
    refused("after the day on which its notice was served", **effect(record))
    serve(record, TODAY)
    refused("after the day on which its notice was served", **effect(record))
    assert Effect.objects.create(**effect(record, starts=TODAY + timedelta(days=1))).pk


def test_the_service_of_another_notice_does_not_count(county: EffectsWorld) -> None:
    serve(entry(county))
    refused("after the day on which its notice was served", **effect(entry(county)))


def test_one_effect_per_cause_and_measure(county: EffectsWorld) -> None:
    record = entry(county)
    serve(record)
    Effect.objects.create(**effect(record))
    refused("one_measure_of_a_record_version", **effect(record))
    refused("one effect per cause and measure", **effect(record, terms_id=terms(title="另一种写法")))


def test_each_kind_names_terms_of_its_own_kind(county: EffectsWorld) -> None:
    record = entry(county)
    serve(record)
    listing = ListingTerms.objects.create(list_key="L04", title="名单")
    refused("state_their_terms", **effect(record, terms_id=None))
    refused("terms that do not exist", **effect(record, terms_id=terms() + 10**6))
    refused("terms that do not exist", **effect(record, kind="listing", terms_id=listing.pk + 10**6))
    assert Effect.objects.create(**effect(record, kind="listing", terms_id=listing.pk)).pk
    refused("one_listing_of_a_record_version", **effect(record, kind="listing", terms_id=listing.pk))


@pytest.mark.parametrize("kind", ["listing", "incentive"])
def test_only_the_open_version_of_an_entry_sets_something_going(county: EffectsWorld, kind: str) -> None:
    listing = ListingTerms.objects.create(list_key="L04", title="名单")
    number = listing.pk if kind == "listing" else terms()
    for facts in ({"gate": Gate.UNLINKED}, {"withdrawn": True, "withdrawal_reason": "误报"}):
        refused("only the open version", **effect(entry(county, **facts), kind=kind, terms_id=number))


@pytest.mark.parametrize("table", ["effects_listingterms", "effects_measureterms", "effects_service"])
def test_terms_and_services_are_never_changed(county: EffectsWorld, table: str) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


def listed_by() -> ListedBy:
    number = reliable_provisions(PUBLIC)["demo-credit-regulation#第十五条"].id
    return ListedBy("serious_list", "L04", "L04", "名单", (number,), (number,), True, 36, "移出", date(2020, 1, 1))


def listed(county: EffectsWorld) -> int:
    return list_subjects(lists=[listed_by()], record_nos=None, today=TODAY, now=NOW, by=SYSTEM)


def test_an_entry_without_a_last_day_lasts_as_long_as_the_law_allows_at_most(county: EffectsWorld) -> None:
    entry(county)
    assert listed(county) == 1
    assert Effect.objects.get(kind=Kind.LISTING).ends == date(2029, 11, 2)


def test_an_entry_decided_before_the_rule_is_not_listed_by_it(county: EffectsWorld) -> None:
    county.record(type="serious_list", decided_on=date(2019, 12, 31), list_key="L04", valid_to=date(2030, 1, 1))
    assert listed(county) == 0


def test_what_left_the_list_for_good_does_not_return_by_a_resend(county: EffectsWorld) -> None:
    record = entry(county)
    listed(county)
    numbers = list(Effect.objects.values_list("pk", flat=True))
    end_effects(effect_ids=numbers, reason=EndReason.REPAIRED, why="修复", by=SYSTEM, now=NOW, today=TODAY)
    county.amend(record)
    assert listed(county) == 0


def test_a_measure_already_written_is_passed_over(county: EffectsWorld) -> None:
    record = entry(county)
    serve(record)
    one = Applied(record.pk, terms(), basis(), TODAY, date(2028, 1, 1), "")
    assert apply_measures(kind=Kind.RESTRAINT, measures=[one], by=SYSTEM, now=NOW) == 1
    assert apply_measures(kind=Kind.RESTRAINT, measures=[one], by=SYSTEM, now=NOW) == 0
