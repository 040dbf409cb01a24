"""Findings on whether a promise was kept. Each is a record of its own; the history is never overwritten."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.clock import today
from xinheng.base.errors import Refused
from xinheng.base.masking import find_personal_numbers
from xinheng.base.scope import PUBLIC
from xinheng.catalogue.contract import ASSERT
from xinheng.commitments.actions.ending import end_held
from xinheng.commitments.actions.following import locked_task
from xinheng.commitments.actions.writing import log, standing, write
from xinheng.commitments.models import Commitment, CommitmentEnd, FollowUp, FollowUpOutcome
from xinheng.commitments.rules import FULFILMENT, Template, template_signed
from xinheng.law.queries import reliable_provisions
from xinheng.people.models import Department, User
from xinheng.register.models import Record

KEPT, PARTLY, BROKEN = "全部履行", "部分履行", "全部未履行"
OPEN = "可向社会公开"
LOOKED, FOUND, FOUND_PUBLIC = "检查", "告知后认定不公示", "告知后认定并公示"


@dataclass(frozen=True)
class Finding:
    """A breach as two persons found it, in the words of the case."""

    status: str
    unperformed: str
    liability: str


@transaction.atomic
def find_kept(*, follow_up: int, found: str, by: User, now: datetime) -> FollowUp:
    """The look showed that everything was kept; that is recorded at once and takes nothing away."""
    held = locked_task(follow_up)
    if not found.strip() or find_personal_numbers(found):
        raise Refused("请写明怎样检查、结果如何，不要写个人的号码。")
    version = standing(held.record_no)
    _write(version, KEPT, "", "", "", procedure=LOOKED, entry=f"kept-{held.pk}", by=by, now=now)
    held.done_at, held.done_by, held.outcome, held.found = now, by, FollowUpOutcome.KEPT, found.strip()[:4000]
    held.save(update_fields=["done_at", "done_by", "outcome", "found"])
    log("commitment.kept", held.commitment_no, held.region_id, by=Actor.of(by), now=now, detail={"task": held.pk})
    return held


@transaction.atomic
def find_breach(*, record_no: int, finding: Finding, case_number: str, by: User, now: datetime) -> None:
    """Record a breach after notice, hearing and two persons; what follows is what the signed letter's law says.

    A letter that was not signed here states nothing that could be executed: the breach is recorded and no more.
    """
    if finding.status not in (PARTLY, BROKEN):
        raise Refused("认定结果只能是部分履行或者全部未履行。")
    version = standing(record_no)
    signed = Commitment.objects.select_for_update(of=("self",)).select_related("department__region").filter(
        record_no=record_no
    ).first()  # fmt: skip
    letter = template_signed(settings.PACK, signed.template, signed.template_version) if signed else None
    in_force = _in_force(letter, now)
    public = letter is not None and letter.may("publish", in_force) and version.severity == OPEN
    _write(
        version, finding.status, finding.unperformed, finding.liability, case_number,
        procedure=FOUND_PUBLIC if public else FOUND, entry=f"breach-{case_number}", by=by, now=now,
    )  # fmt: skip
    log(
        "commitment.breach", version.decision_no, version.region_id, by=Actor.of(by), now=now,
        detail={"status": finding.status, "case": case_number, "published": public},
    )  # fmt: skip
    if signed and letter and finding.status == BROKEN and letter.may("end", in_force) and signed.ended_at is None:
        end_held(signed, CommitmentEnd.BREACHED, f"{case_number} {BROKEN}", by=Actor.of(by), user=by, now=now)


def _in_force(letter: Template | None, now: datetime) -> frozenset[str]:
    """The provisions of a letter that may be relied on today."""
    if letter is None:
        return frozenset()
    known, day = reliable_provisions(PUBLIC), today(now)
    named = {one.provision for one in letter.consequences}
    return frozenset(one for one in named if one in known and known[one].in_force_on(day))


def _write(
    version: Record, status: str, unperformed: str, liability: str, document_no: str, *, procedure: str, entry: str,
    by: User, now: datetime,
) -> None:  # fmt: skip
    department = Department.objects.select_related("region").get(pk=version.department_id)
    row = {
        "commitment_no": version.decision_no,
        "promisor_name": version.subject_name,
        "promisor_category": str(version.content.get("promisor_category", "")),
        "promisor_code": version.subject_code,
        "fulfilment_status": status,
        "unperformed_content": unperformed,
        "liability_enforced": liability,
        "found_by": procedure,
        "document_no": document_no,
        "determined_on": f"{today(now):%Y/%m/%d}",
        "determined_by": department.name,
        "determined_by_uscc": department.code,
        "publicity_type": version.severity,
    }
    write(FULFILMENT, row, ASSERT, entry=entry, department=department, by=Actor.of(by), user=by, now=now)
