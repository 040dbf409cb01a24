"""What may be asked about regions, departments, officers and programs."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from xinheng.audit.queries import EventPage, events
from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.people.guarding import officers_only
from xinheng.people.identity import ClientSummary, client_summary
from xinheng.people.models import ApiClient, Department, Region, Role, RoleGrant, User


@dataclass(frozen=True)
class RegionSummary:
    """An administrative division."""

    id: int
    code: str
    name: str
    short_name: str


@dataclass(frozen=True)
class DepartmentSummary:
    """A department and how a person reaches it; all of this is public."""

    id: int
    region_id: int
    code: str
    name: str
    short_name: str
    address: str
    telephone: str
    hours: str
    fields: tuple[str, ...]
    hold_before_publication: bool
    is_active: bool


@dataclass(frozen=True)
class OfficerSummary:
    """An account as the administrator sees it."""

    id: int
    username: str
    display_name: str
    department_id: int
    department_name: str
    roles: tuple[Role, ...]
    is_active: bool
    created_at: datetime


def regions(scope: Scope) -> tuple[RegionSummary, ...]:
    """The regions this caller may know of: all for the public, her own for an officer."""
    found = Region.objects.order_by("code")
    if scope.region is not None:
        found = found.filter(code=scope.region)
    return tuple(_region(region) for region in found)


def region(scope: Scope, code: str) -> RegionSummary:
    """One region by its division code; NotFound outside the scope."""
    for one in regions(scope):
        if one.code == code:
            return one
    raise NotFound("没有这个地区。", "请核对行政区划代码。")


def departments(scope: Scope, *, active_only: bool = True) -> tuple[DepartmentSummary, ...]:
    """The departments within the scope, in the order they were set up."""
    found = _departments(scope)
    if active_only:
        found = found.filter(is_active=True)
    return tuple(_department(department) for department in found)


def department(scope: Scope, department_id: int) -> DepartmentSummary:
    """One department by our number; NotFound outside the scope."""
    found = _departments(scope).filter(pk=department_id).first()
    if found is None:
        raise NotFound("没有这个部门。", "请从部门列表重新进入。")
    return _department(found)


def department_by_code(scope: Scope, code: str) -> DepartmentSummary:
    """One department by its credit code; NotFound outside the scope."""
    found = _departments(scope).filter(code=code.strip().upper()).first()
    if found is None:
        raise NotFound(f"没有代码为 {code} 的部门。", "请核对部门的统一社会信用代码。")
    return _department(found)


def officers(scope: Scope) -> tuple[OfficerSummary, ...]:
    """The accounts of a region with their present roles."""
    officers_only(scope)
    grants = RoleGrant.objects.filter(revoked_at=None)
    found = User.objects.select_related("department").prefetch_related(Prefetch("grants", grants, to_attr="held"))
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return tuple(
        OfficerSummary(
            id=user.pk,
            username=user.username,
            display_name=user.display_name,
            department_id=user.department_id,
            department_name=user.department.name,
            roles=tuple(role for role in Role if role in {grant.role for grant in user.held}),
            is_active=user.is_active,
            created_at=user.created_at,
        )
        for user in found.order_by("username")
    )


def clients(scope: Scope) -> tuple[ClientSummary, ...]:
    """The programs of a region, ended ones included."""
    officers_only(scope)
    found = ApiClient.objects.select_related("department__region").order_by("name", "pk")
    if scope.region is not None:
        found = found.filter(department__region__code=scope.region)
    if scope.departments:
        found = found.filter(department_id__in=scope.departments)
    return tuple(client_summary(client) for client in found)


def audit_events(
    scope: Scope,
    *,
    act: str | None = None,
    actor_id: str | None = None,
    object_type: str | None = None,
    object_id: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> EventPage:
    """The log of the caller's region, newest first; the next page begins before `next_before`."""
    officers_only(scope)
    numbers = [one.id for one in regions(scope)]
    return events(
        scope,
        region_ids=numbers,
        act=act,
        actor_id=actor_id,
        object_type=object_type,
        object_id=object_id,
        before=before,
        limit=limit,
    )


def is_set_up(scope: Scope) -> bool:
    """Whether the first set-up has been done, whoever asks."""
    return bool(regions(Scope(public=scope.public)))


def _departments(scope: Scope) -> QuerySet[Department]:
    found = Department.objects.order_by("pk")
    if scope.region is not None:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(pk__in=scope.departments)
    return found


def _region(row: Region) -> RegionSummary:
    return RegionSummary(id=row.pk, code=row.code, name=row.name, short_name=row.short_name)


def _department(row: Department) -> DepartmentSummary:
    return DepartmentSummary(
        id=row.pk,
        region_id=row.region_id,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        address=row.address,
        telephone=row.telephone,
        hours=row.hours,
        fields=tuple(row.fields),
        hold_before_publication=row.hold_before_publication,
        is_active=row.is_active,
    )
