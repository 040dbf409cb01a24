"""What the database itself refuses, whoever writes: the ORM, raw SQL, or COPY."""

from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from tests.effects.effects_world import NOW, TODAY, EffectsWorld

from xinheng.effects.models import Effect, EffectChange, PublicationTally, PublicationTerms, Suspension
from xinheng.law.actions import intern_basis_set
from xinheng.law.models import BasisRole, Provision
from xinheng.people.models import User
from xinheng.register.models import Gate, Record

pytestmark = pytest.mark.django_db

ENABLING, GOVERNING, APPLIED = BasisRole.ENABLING, BasisRole.GOVERNING, BasisRole.APPLIED
COMPLETE = (("ndrc-2018-424#公示原则", ENABLING), ("order-36-2025#公示期", GOVERNING))


def basis(*members: tuple[str, BasisRole]) -> int:
    def number(reference: str) -> int:
        key, article = reference.split("#")
        return Provision.objects.get(text_key=key, article=article, superseded_at=None).pk

    return intern_basis_set(members=[(number(reference), role) for reference, role in members], now=NOW)


def terms() -> int:
    found, _ = PublicationTerms.objects.get_or_create(
        rule="penalty",
        regime="penalty-order-36",
        class_key="general",
        severity="一般",
        set_by="rule",
        transition=False,
        min_months=3,
        max_months=12,
    )
    return found.pk


def effect(record: Record | None, **facts: object) -> dict[str, object]:
    values: dict[str, object] = {
        "region_id": record.region_id if record else 1,
        "subject_no": 500,
        "kind": "publication",
        "record_id": record.pk if record else None,
        "basis_set_id": basis(*COMPLETE),
        "terms_id": terms(),
        "starts": TODAY,
        "ends": date(2027, 5, 20),
        "created_at": NOW,
    }
    return values | facts


def refused(message: str, **values: object) -> None:
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        Effect.objects.create(**values)


def test_a_complete_effect_is_taken(county: EffectsWorld):
    assert Effect.objects.create(**effect(county.record())).pk


def test_an_effect_has_exactly_one_cause(county: EffectsWorld):
    refused("exactly_one_cause", **effect(None))
    refused("exactly_one_cause", **effect(county.record(), decision="决定"))


def test_an_effect_ends_or_says_how_it_is_removed(county: EffectsWorld):
    refused("end_or_a_removal_rule", **effect(county.record(), ends=None))
    assert Effect.objects.create(**effect(county.record(), ends=None, removal_rule="公示至移出之日")).pk


def test_an_effect_ends_after_it_starts(county: EffectsWorld):
    refused("ends_after_start", **effect(county.record(), ends=TODAY))


def test_listing_and_restraint_never_follow_from_another_effect(county: EffectsWorld):
    parent = Effect.objects.create(**effect(county.record()))
    for kind in ("listing", "restraint"):
        facts = effect(None, kind=kind, parent_id=parent.pk, terms_id=None)
        refused("needs_a_record_or_decision", **facts)


def test_the_named_record_exists_and_is_about_the_same_subject_and_region(county: EffectsWorld):
    record = county.record()
    refused("no record of its subject", **effect(record, record_id=record.pk + 99))
    refused("no record of its subject", **effect(record, subject_no=501))
    refused("no record of its subject", **effect(record, region_id=record.region_id + 1))


def test_only_the_open_version_of_a_record_is_public(county: EffectsWorld):
    old = county.record()
    county.amend(old)
    refused("only the open version", **effect(old))
    refused("only the open version", **effect(county.record(gate=Gate.HELD)))
    refused("only the open version", **effect(county.record(withdrawn=True, withdrawal_reason="误报")))


def test_a_record_version_is_published_once(county: EffectsWorld):
    record = county.record()
    Effect.objects.create(**effect(record))
    refused("one_publication_of_a_record_version", **effect(record))


def test_an_effect_rests_on_a_provision_in_force_on_its_first_day(county: EffectsWorld):
    record = county.record()
    governing = ("order-36-2025#公示期", GOVERNING)
    refused("no enabling provision in force", **effect(record, basis_set_id=basis(governing)))
    old = basis(("order-58-2023#公示期", ENABLING), governing)
    refused("no enabling provision in force", **effect(record, basis_set_id=old))
    refused("no enabling provision in force", **effect(record, basis_set_id=10**9))


def test_the_governing_provision_was_in_force_on_the_day_of_decision(county: EffectsWorld):
    enabling = ("ndrc-2018-424#公示原则", ENABLING)
    refused("no governing provision", **effect(county.record(), basis_set_id=basis(enabling)))
    refused("no governing provision", **effect(county.record(decided_on=date(2026, 3, 31))))
    refused(
        "no governing provision",
        **effect(county.record(), basis_set_id=basis(enabling, ("order-58-2023#公示期", GOVERNING))),
    )


def test_a_later_rule_applies_to_an_older_decision_only_through_a_transition_provision(county: EffectsWorld):
    enabling, applied = ("ndrc-2018-424#公示原则", ENABLING), ("order-36-2025#公示期", APPLIED)
    record = county.record(decided_on=date(2026, 1, 10))
    plain = basis(enabling, ("order-58-2023#公示期", GOVERNING), applied)
    refused("without a transition provision", **effect(record, basis_set_id=plain))

    through = basis(enabling, ("demo-measures#第十五条", GOVERNING), applied)
    assert Effect.objects.create(**effect(record, basis_set_id=through)).pk


def test_a_superseded_provision_carries_no_new_effect(county: EffectsWorld):
    values = effect(county.record())
    Provision.objects.filter(text_key="order-36-2025").update(superseded_at=NOW)
    refused("no governing provision", **values)


def test_copy_is_checked_like_any_insert(county: EffectsWorld):
    values = effect(county.record(), basis_set_id=basis(("order-36-2025#公示期", GOVERNING))) | {
        "removal_rule": "",
        "end_reason": "",
    }
    with (
        pytest.raises(psycopg.DatabaseError, match="no enabling provision"),
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY effects_effect ({', '.join(values)}) FROM STDIN") as copy,
    ):
        copy.write_row(list(values.values()))


def test_one_wrong_row_refuses_the_whole_statement(county: EffectsWorld):
    good, bad = county.record(), county.record(decided_on=date(2026, 3, 31))
    with pytest.raises(DatabaseError, match="no governing provision"), transaction.atomic():
        Effect.objects.bulk_create([Effect(**effect(good)), Effect(**effect(bad))])
    assert not Effect.objects.exists()


@pytest.mark.parametrize("change", ["ends = '2030-01-01'", "subject_no = 9", "starts = '2026-01-01'", "record_id = 1"])
def test_an_effect_is_never_edited(county: EffectsWorld, change: str):
    Effect.objects.create(**effect(county.record()))
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE effects_effect SET {change}")


def test_an_early_end_needs_a_row_that_says_who_and_why_and_happens_once(county: EffectsWorld):
    row = Effect.objects.create(**effect(county.record()))
    end = {"ended_at": NOW, "end_reason": "corrected"}
    with pytest.raises(DatabaseError, match="who ended it"), transaction.atomic():
        Effect.objects.filter(pk=row.pk).update(**end)

    EffectChange.objects.create(
        effect_id=row.pk, change="ended", at=NOW, actor_kind="system", actor_name="测试", reason="更正"
    )
    assert Effect.objects.filter(pk=row.pk).update(**end) == 1
    for again in ({"ended_at": None, "end_reason": ""}, {"ended_at": NOW + timedelta(days=1)}):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            Effect.objects.filter(pk=row.pk).update(**again)


def test_an_early_end_states_its_reason(county: EffectsWorld):
    refused("early_end_states_its_reason", **effect(county.record(), ended_at=NOW))
    refused("does not begin ended", **effect(county.record(), ended_at=NOW, end_reason="repaired"))


def test_a_suspension_needs_a_row_that_says_who_and_why(county: EffectsWorld):
    row = Effect.objects.create(**effect(county.record()))
    with pytest.raises(DatabaseError, match="who suspended it"), transaction.atomic():
        Suspension.objects.create(effect_id=row.pk, cause="测试", hides=True, suspended_at=NOW, reason="测试")


@pytest.mark.parametrize("table", ["effects_effect", "effects_effectchange", "effects_publicationtally"])
def test_nothing_of_the_history_is_deleted(county: EffectsWorld, table: str):
    county.record()
    county.publish()
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic(), connection.cursor() as c:
        c.execute(f"DELETE FROM {table}")
    assert PublicationTally.objects.exists()


def test_the_person_who_proposed_a_takedown_cannot_confirm_it(county: EffectsWorld):
    officer = User.objects.order_by("pk")[0]
    with (
        pytest.raises(DatabaseError, match="second_person"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            """INSERT INTO effects_takedown (region_id, record_no, reason, proposed_by_id, proposed_at,
               confirmed_by_id, confirmed_at, lift_reason) VALUES (1, 1, '测试', %s, now(), %s, now(), '')""",
            [officer.pk, officer.pk],
        )
