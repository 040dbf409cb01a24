"""Associations, their members, and how many of them have a commitment in force."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.commitments.models import AssociationMember
from xinheng.commitments.rules import COMMITMENT
from xinheng.people.models import Department, Role
from xinheng.register.scoping import officers_only, records_in


@dataclass(frozen=True)
class Coverage:
    """How many members of an association have a commitment in force."""

    association_id: int
    name: str
    members: int
    covered: int

    @property
    def percent(self) -> str:
        return f"{self.covered * 1000 // self.members / 10:.1f}%" if self.members else ""


@dataclass(frozen=True)
class Association:
    """An industry association: a department whose officer has that role."""

    id: int
    name: str


@dataclass(frozen=True)
class MemberLine:
    """One member of an association, and whether its commitment stands."""

    id: int
    name: str
    credit_code: str
    joined_on: date
    covered: bool


def coverage(scope: Scope, *, as_at: date) -> tuple[Coverage, ...]:
    """For each association, and each with members: how many of them have a commitment in force on that day."""
    names = {one.id: one.name for one in associations(scope)}
    found: dict[int, list[str]] = {number: [] for number in names}
    for one in _members(scope).select_related("association"):
        found.setdefault(one.association_id, []).append(one.credit_code)
        names[one.association_id] = one.association.name
    covered = _covered(scope, {code for codes in found.values() for code in codes}, as_at)
    return tuple(
        Coverage(number, names[number], len(codes), sum(code in covered for code in codes))
        for number, codes in sorted(found.items())
    )


def associations(scope: Scope) -> tuple[Association, ...]:
    """The associations in the caller's reach: departments of which somebody has the role."""
    officers_only(scope)
    found = Department.objects.filter(
        is_active=True, user__grants__role=Role.ASSOCIATION, user__grants__revoked_at=None
    ).distinct()  # fmt: skip
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(pk__in=scope.departments)
    return tuple(Association(one.pk, one.name) for one in found.order_by("pk"))


def association(scope: Scope, id: int) -> Association:
    """One association; NotFound for any other department, and outside the caller's reach."""
    found = next((one for one in associations(scope) if one.id == id), None)
    if found is None:
        raise NotFound("没有这个行业协会。", "请从“信用承诺”页重新进入。")
    return found


def members(scope: Scope, *, association: int, as_at: date) -> tuple[MemberLine, ...]:
    """The members of an association, those without a commitment first."""
    rows = list(_members(scope).filter(association_id=association).order_by("name", "pk"))
    covered = _covered(scope, {one.credit_code for one in rows}, as_at)
    lines = [MemberLine(one.pk, one.name, one.credit_code, one.joined_on, one.credit_code in covered) for one in rows]
    return tuple(sorted(lines, key=lambda one: one.covered))


def _members(scope: Scope) -> QuerySet[AssociationMember]:
    officers_only(scope)
    found = AssociationMember.objects.filter(left_at=None)
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    return found.filter(association_id__in=scope.departments) if scope.departments else found


def _covered(scope: Scope, codes: set[str], as_at: date) -> set[str]:
    standing = records_in(Scope(region=scope.region)).filter(
        Q(valid_to=None) | Q(valid_to__gte=as_at), type=COMMITMENT, known_to=None, withdrawn=False,
        subject_code__in=codes,
    )  # fmt: skip
    return set(standing.values_list("subject_code", flat=True))
