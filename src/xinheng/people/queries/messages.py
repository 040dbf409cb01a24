"""The message boxes, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from xinheng.base.scope import Scope
from xinheng.people.guarding import officers_only
from xinheng.people.models import Message

LARGEST_PAGE = 200


@dataclass(frozen=True)
class MessageLine:
    """One message as its recipient sees it."""

    id: int
    title: str
    text: str
    link: str
    sent_by: str
    created_at: datetime
    read_at: datetime | None
    for_department: bool


def messages_of_officer(
    scope: Scope, *, user_id: int, department_id: int | None, before: int | None = None, limit: int = 50
) -> tuple[MessageLine, ...]:
    """What was sent to this officer, and to her department where one is given."""
    return _page(_within(scope).filter(_box(user_id, department_id)), before, limit)


def messages_of_organisation(
    scope: Scope, *, credit_code: str, before: int | None = None, limit: int = 50
) -> tuple[MessageLine, ...]:
    """What was sent to an organisation by the region of the scope."""
    return _page(_within(scope).filter(credit_code=credit_code), before, limit)


def unread(scope: Scope, *, user_id: int = 0, department_id: int | None = None, credit_code: str = "") -> int:
    """How many messages nobody has opened yet, for one officer with her department or for one organisation."""
    box = Q(credit_code=credit_code) if credit_code else _box(user_id, department_id)
    return _within(scope).filter(box, read_at=None).count()


def _box(user_id: int, department_id: int | None) -> Q:
    own = Q(officer=user_id)
    return own if department_id is None else own | Q(department=department_id)


def _within(scope: Scope) -> QuerySet[Message]:
    officers_only(scope)
    found = Message.objects.order_by("-pk")
    return found if scope.region is None else found.filter(region__code=scope.region)


def _page(found: QuerySet[Message], before: int | None, limit: int) -> tuple[MessageLine, ...]:
    if before is not None:
        found = found.filter(pk__lt=before)
    return tuple(
        MessageLine(
            id=row.pk,
            title=row.title,
            text=row.text,
            link=row.link,
            sent_by=row.sent_by,
            created_at=row.created_at,
            read_at=row.read_at,
            for_department=row.department_id is not None,
        )
        for row in found[: min(limit, LARGEST_PAGE)]
    )
