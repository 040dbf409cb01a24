"""The SQL function that every check asks says the same as a plain query of the models."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.checks.counter import CLEAN, LISTED, OTHER, TODAY, UNKNOWN, Counter
from tests.effects.effects_world import EffectsWorld
from tests.world import NOW, SYSTEM

from xinheng.base.scope import Scope
from xinheng.checks.asking import question
from xinheng.checks.looking import found_rows
from xinheng.effects.actions.listing import (
    Applied,
    ListedBy,
    apply_measures,
    list_subjects,
    measure_terms,
    note_service,
)
from xinheng.effects.models import Effect, EffectChange, Kind, ServiceMethod, Suspension
from xinheng.law.actions import intern_basis_set
from xinheng.law.models import BasisRole
from xinheng.law.queries import reliable_provisions
from xinheng.register.models import Identifier, Record, SubjectLink

pytestmark = pytest.mark.django_db

CODES = (LISTED, CLEAN, OTHER, UNKNOWN)
DAYS = st.integers(-3, 40).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def entries(draw: st.DrawFn) -> dict[str, object]:
    """One listing: of whom, until when, what rests or is marked, and whether a measure follows."""
    return {
        "code": draw(st.sampled_from(CODES[:3])),
        "until": draw(st.one_of(st.none(), st.integers(1, 30))),
        "suspended": draw(st.sampled_from(["", "hides", "marks", "resumed"])),
        "measure": draw(st.booleans()),
    }


@given(made=st.lists(entries(), max_size=4), day=DAYS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_function_and_the_models_agree(counter: Counter, made: list[dict[str, object]], day: date):
    with transaction.atomic():
        _build(counter, made)
        about = counter.errand()
        rows = found_rows([question(about, code) for code in CODES], day)
        asked = [{row.effect_id for row in each if row.effect_id} for each in rows]
        plain = [_plainly(code, counter.world.region.pk, day) for code in CODES]
        hidden = set(Suspension.objects.filter(hides=True, resumed_at=None).values_list("effect_id", flat=True))
        transaction.set_rollback(True)  # the next example begins anew

    assert asked == plain
    assert not hidden & set[int | None]().union(*asked)


def test_another_region_is_not_answered(counter: Counter):
    counter.restrain()

    assert _plainly(LISTED, counter.world.region.pk, TODAY)
    assert not _plainly(LISTED, counter.world.region.pk + 1, TODAY)


def _build(counter: Counter, made: list[dict[str, object]]) -> None:
    world = EffectsWorld(counter.world.region)
    provision = reliable_provisions(Scope())["demo-credit-regulation#第二十三条"].id
    for number, one in enumerate(made):
        organisation = Identifier.objects.get(kind="credit_code", value=one["code"]).organisation_id
        until = one["until"]
        row = world.record(
            type="serious_list", list_key="L04", subject_no=organisation, decided_on=TODAY, valid_from=TODAY,
            valid_to=TODAY + timedelta(days=until) if isinstance(until, int) else None,
        )  # fmt: skip
        listed = ListedBy(
            record_type="serious_list", record_value="L04", list_key="L04", title="名单", enabling=(provision,),
            governing=(provision,), by_decision=True, months=0, removal_rule="移出",
        )  # fmt: skip
        list_subjects(lists=[listed], record_nos=[row.record_no], today=TODAY, now=NOW, by=SYSTEM)
        if one["measure"]:
            _restrain(row, provision, f"M-{number}")
        _rest(row, str(one["suspended"]))


def _restrain(row: Record, provision: int, key: str) -> None:
    note_service(
        region_id=row.region_id, records=[(row.record_no, row.subject_no)], method=ServiceMethod.DIRECT,
        served_on=TODAY, evidence="回证", by=SYSTEM, now=NOW, today=TODAY,
    )  # fmt: skip
    terms = measure_terms(
        measure_key=key, edition="demo-2026", list_key="L04", title="措施", executing_body="部门", applies_to="单位",
        rests=True,
    )  # fmt: skip
    basis = intern_basis_set(members=[(provision, BasisRole.ENABLING), (provision, BasisRole.GOVERNING)], now=NOW)
    starts = TODAY + timedelta(days=2)
    apply_measures(
        kind=Kind.RESTRAINT, measures=[Applied(row.pk, terms, basis, starts, starts + timedelta(days=9), "")],
        by=SYSTEM, now=NOW,
    )  # fmt: skip


def _rest(row: Record, how: str) -> None:
    if not how:
        return
    effects = list(Effect.objects.filter(record_id=row.pk).values_list("pk", flat=True))
    for change in ("suspended", "resumed") if how == "resumed" else ("suspended",):
        EffectChange.objects.bulk_create(
            EffectChange(effect_id=one, change=change, at=NOW, actor_kind="system", actor_name="测试", reason="异议")
            for one in effects
        )
        if change == "suspended":
            Suspension.objects.bulk_create(
                Suspension(effect_id=one, cause="case:1", hides=how != "marks", suspended_at=NOW, reason="异议")
                for one in effects
            )
        else:
            Suspension.objects.filter(effect_id__in=effects).update(resumed_at=NOW)


def _plainly(code: str, region: int, day: date) -> set[int]:
    """What is in force for a code, asked of the models in the plainest words."""
    known = Identifier.objects.filter(value=code, known_to=None).first()
    if known is None:
        return set()
    links = SubjectLink.objects.filter(organisation_id=known.organisation_id, known_to=None)
    numbers = [known.organisation_id, *links.values_list("number", flat=True)]
    in_force = Effect.objects.filter(subject_no__in=numbers, region_id=region, ended_at=None, starts__lte=day)
    in_force = in_force.filter(Q(ends=None) | Q(ends__gt=day))
    resting = Suspension.objects.filter(hides=True, resumed_at=None).values("effect_id")
    found = set[int]()
    for effect in in_force.exclude(pk__in=resting):
        if effect.kind in {Kind.LISTING, Kind.RESTRAINT, Kind.INCENTIVE}:
            found.add(effect.pk)
        elif effect.kind == Kind.PUBLICATION:
            record = Record.objects.get(pk=effect.record_id)
            stands = record.known_to is None and not record.withdrawn and record.gate == "open"
            listed = Effect.objects.filter(record_id=effect.record_id, kind=Kind.LISTING).exists()
            if record.type in {"serious_list", "abnormal_entry"} and stands and not listed:
                found.add(effect.pk)
    return found
