"""The office's ledger of listed subjects: what it found about each and what it does about it."""

from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import NotFound, WrongUsage
from xinheng.base.masking import mask_text
from xinheng.effects.models import Effect, Kind
from xinheng.measures.models import Treatment
from xinheng.people.models import User
from xinheng.register.models import LifeCycle


@transaction.atomic
def note_treatment(
    *, subject_no: int, situation: LifeCycle, treatment: str, evidence: str, by: User, now: datetime
) -> Treatment:
    """Note what was found about a listed subject (operating, bankrupt, lost …) and what is done; earlier rows stay."""
    if not treatment.strip():
        raise WrongUsage("请写明采取的治理办法。")
    if not Effect.objects.filter(region_id=by.region_id, subject_no=subject_no, kind=Kind.LISTING).exists():
        raise NotFound("名单中没有这家单位。", "请从“名单治理”页选择。")
    made = Treatment.objects.create(
        region=by.region,
        subject_no=subject_no,
        situation=situation,
        treatment=mask_text(treatment.strip())[:500],
        evidence=mask_text(evidence.strip())[:300],
        noted_at=now,
        noted_by=by,
    )
    record(
        act="listed.govern",
        by=Actor.of(by),
        now=now,
        region_id=by.region_id,
        object_type="organisation",
        object_id=str(subject_no),
        detail={"situation": situation.value},
    )
    return made
