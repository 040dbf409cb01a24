"""Members of an association, which says itself who they are."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.identifiers.normalise import normalise
from xinheng.commitments.actions.writing import log
from xinheng.commitments.models import AssociationMember
from xinheng.people.models import Department, User
from xinheng.register.models import Organisation

AT_ONCE = 500


@transaction.atomic
def add_members(
    *, association: Department, codes: Sequence[str], joined_on: date, by: User, now: datetime
) -> tuple[tuple[AssociationMember, ...], tuple[str, ...]]:
    """Add members by credit code: those that were added, and the codes that the register does not know.

    Members already there stay as they are.
    """
    wanted = tuple(dict.fromkeys(code for one in codes if (code := normalise(one))))
    if not wanted or len(wanted) > AT_ONCE:
        raise Refused(f"请填写会员单位的统一社会信用代码，每行一个，一次最多 {AT_ONCE} 个。")
    known = {one.credit_code: one.name for one in Organisation.objects.filter(credit_code__in=wanted)}
    present = AssociationMember.objects.filter(association=association, left_at=None)
    there = set(present.values_list("credit_code", flat=True))
    made = [
        AssociationMember(
            region_id=association.region_id, association=association, credit_code=code, name=known[code] or "",
            joined_on=joined_on, added_by=by, added_at=now,
        )
        for code in wanted
        if code in known and code not in there
    ]  # fmt: skip
    AssociationMember.objects.bulk_create(made)
    log(
        "association.add", association.code, association.region_id, by=Actor.of(by), now=now,
        detail={"members": len(made)},
    )  # fmt: skip
    return tuple(made), tuple(code for code in wanted if code not in known)


@transaction.atomic
def end_member(*, member: int, by: User, now: datetime) -> AssociationMember:
    """A member left; it stays with its time."""
    held = AssociationMember.objects.select_for_update(of=("self",)).select_related("association").filter(
        pk=member
    ).first()  # fmt: skip
    if held is None:
        raise NotFound("没有这个会员单位。", "请刷新页面查看。")
    if held.left_at is not None:
        raise Conflict("这个会员单位已经退会。", "请刷新页面查看。")
    held.left_at, held.left_by = now, by
    held.save(update_fields=["left_at", "left_by"])
    log("association.end", held.association.code, held.region_id, by=Actor.of(by), now=now, detail={"member": held.pk})
    return held
