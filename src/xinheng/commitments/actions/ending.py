"""Ending a commitment before its last day: taken back through the ledger, and whoever has it is told."""

from datetime import datetime

from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.masking import find_personal_numbers
from xinheng.catalogue.contract import WITHDRAW, WITHDRAWAL_REASON
from xinheng.commitments.actions.following import close_needless
from xinheng.commitments.actions.writing import log, write
from xinheng.commitments.models import Commitment, CommitmentEnd
from xinheng.commitments.rules import COMMITMENT, FREE
from xinheng.people.models import OrganisationUser, User
from xinheng.register.models import Record


@transaction.atomic
def end_commitment(
    *, commitment: int, reason: CommitmentEnd, why: str, by: User | OrganisationUser, now: datetime
) -> Commitment:
    """End a commitment signed here. The promisor may take back only what nothing was granted on."""
    held = Commitment.objects.select_for_update(of=("self",)).select_related("department__region").filter(
        pk=commitment
    ).first()  # fmt: skip
    if held is None:
        raise NotFound("没有这份承诺。", "请从“信用承诺”页重新进入。")
    if held.ended_at is not None:
        raise Conflict("这份承诺已经终止。", "请刷新页面查看。")
    if not why.strip() or find_personal_numbers(why):
        raise Refused("请写明原因，不要写个人的号码。")
    if isinstance(by, OrganisationUser) and (held.type not in FREE or reason != CommitmentEnd.WITHDRAWN):
        raise Refused("这份承诺是办理事项的条件，不能自行撤回。", "如有需要，请联系受理部门。")
    user = by if isinstance(by, User) else None
    actor = Actor.of(by) if isinstance(by, User) else Actor.organisation_user(by.pk, by.display_name)
    return end_held(held, reason, why.strip()[:200], by=actor, user=user, now=now)


def end_held(
    held: Commitment, reason: CommitmentEnd, why: str, *, by: Actor, user: User | None, now: datetime
) -> Commitment:
    """End one that the caller has locked."""
    version = Record.objects.filter(record_no=held.record_no, known_to=None).first()
    if version is not None and not version.withdrawn:
        row = {"commitment_no": held.number, "promisor_name": held.subject_name, "promisor_code": held.credit_code}
        write(
            COMMITMENT, row | {WITHDRAWAL_REASON: why}, WITHDRAW, entry=f"commitment-{held.pk}-end",
            department=held.department, by=by, user=user, now=now,
        )  # fmt: skip
    held.ended_at, held.end_reason, held.end_why = now, reason, why
    held.save(update_fields=["ended_at", "end_reason", "end_why"])
    close_needless(record_no=held.record_no, why=str(reason.label), now=now)
    log("commitment.end", held.number, held.region_id, by=by, now=now, detail={"reason": reason.value})
    return held
