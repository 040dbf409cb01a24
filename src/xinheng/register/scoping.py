"""Which records a caller may see at all; the doors' further conditions come on top."""

from django.db.models import QuerySet

from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.register.models import Record, Review


def records_in(scope: Scope) -> QuerySet[Record]:
    """All versions within the caller's region and departments; the public is bound to no region."""
    found = Record.objects.all()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return found


def reviews_in(scope: Scope) -> QuerySet[Review]:
    """The reviews of the caller's region and departments."""
    officers_only(scope)
    found = Review.objects.all()
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return found


def officers_only(scope: Scope) -> None:
    """Refuse the public."""
    if scope.public:
        raise Refused("此项信息不对外公开。")
