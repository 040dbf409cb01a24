"""What the demo county's organisation promised, and how one promise was looked after, so that no page is empty."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xinheng.base import clock
from xinheng.commitments import actions as promising
from xinheng.commitments.models import Commitment, FollowUp
from xinheng.commitments.rules import load_items
from xinheng.people.models import Department, OrganisationMembership, User

LETTERS: tuple[tuple[str, dict[str, str], int], ...] = (
    (
        "honest-price",
        {"matter": "明码标价", "promises": "所有商品标明价格，标价和结算一致，发现不一致的按低价结算"},
        70,
    ),
    (
        "food-licence",
        {
            "licence": "食品经营许可（虚构）",
            "place": "云屿县望灯大道7号（虚构）",
            "met": "经营场所和设备设施符合规定的条件，从业人员培训合格",
        },
        58,
    ),
)
"""Item, what was filled in, and how many days ago it was signed."""
DUE = ("meter-filing", {"matter": "计量器具备案（虚构）", "missing": "检定证书原件"})
KEPT = "抽查十种商品，标价和结算一致。"


@transaction.atomic
def promise(*, membership: OrganisationMembership, name: str, officer: User, now: datetime) -> None:
    """Three letters: one kept, one due to be looked after within days, one with material to come."""
    made = [
        _sign(item, typed, membership=membership, name=name, now=now - timedelta(days=days))
        for item, typed, days in LETTERS
    ]
    code, typed = DUE
    due_on = (clock.today(now) + timedelta(days=9)).isoformat()
    _sign(code, {**typed, "due_on": due_on}, membership=membership, name=name, now=now - timedelta(days=3))
    task = FollowUp.objects.get(record_no=made[0].record_no)
    keeper = _officer_of(code, fallback=officer)
    promising.find_kept(follow_up=task.pk, found=KEPT, by=keeper, now=now - timedelta(days=5))


def _sign(
    item: str, typed: dict[str, str], *, membership: OrganisationMembership, name: str, now: datetime
) -> Commitment:
    letter = promising.prepare(
        item=item, typed=typed, credit_code=membership.credit_code, region=membership.region, now=now
    )
    promise = promising.Promise(item, typed, name, letter.sha256, uuid.uuid4())
    return promising.sign_online(promise=promise, membership=membership, now=now)


def _officer_of(item: str, *, fallback: User) -> User:
    """Somebody of the accepting department, else of the credit office."""
    department = Department.objects.filter(code=load_items(settings.PACK)[item].department).first()
    found = User.objects.filter(department=department, is_active=True, grants__revoked_at=None).order_by("pk")
    return found.first() or fallback
