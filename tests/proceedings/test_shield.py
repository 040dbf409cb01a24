"""Bankruptcy: while a plan is carried out a record rests out of sight; it returns when the plan fails."""

import pytest
from tests.intake.intake_rows import penalty
from tests.proceedings.cases import CaseWorld
from tests.world import table

from xinheng.effects.models import Effect
from xinheng.proceedings.actions import confirm, propose
from xinheng.proceedings.models import Case

pytestmark = pytest.mark.django_db
RULING = {"act_no": "（2026）演01破2号", "act_on": "2026-11-20"}


def shielded(county: CaseWorld) -> Case:
    case = county.open("shield", RULING, uploads=[county.upload(kind="ruling", name="裁定书.pdf")]).case
    made = propose(case=case.pk, event="shield", stated=RULING, by=county.clerk, now=county.now)
    assert county.shown() is not None
    confirm(proposal=made.pk, by=county.second, now=county.now)
    case.refresh_from_db()
    return case


def test_a_shielded_record_is_out_of_sight_also_in_its_next_version(county: CaseWorld) -> None:
    shielded(county)
    assert county.shown() is None
    county.world.batch(table([penalty(1, 违法事实="现场检查时没有进货查验记录，已改正")]), "penalty")
    assert county.shown() is None
    assert Effect.objects.filter(ended_at=None).count() == 1


def test_it_returns_when_the_plan_fails(county: CaseWorld) -> None:
    case = shielded(county)
    stated = RULING | {"reason": "重整计划不能执行"}
    made = propose(case=case.pk, event="record_failed", stated=stated, by=county.clerk, now=county.now)
    confirm(proposal=made.pk, by=county.second, now=county.now)
    assert county.shown() is not None
    case.refresh_from_db()
    assert case.state == "restored"


def test_it_ends_for_good_when_the_plan_is_fulfilled(county: CaseWorld) -> None:
    case = shielded(county)
    county.step(case, "record_fulfilled", **RULING)
    assert county.shown() is None
    assert Effect.objects.get().end_reason == "repaired"
