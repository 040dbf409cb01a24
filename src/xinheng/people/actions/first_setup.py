"""The first set-up of a county: one region, its departments, its first officers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from xinheng.audit.actor import Actor
from xinheng.base.errors import Refused
from xinheng.people.actions.departments import create_department, create_region
from xinheng.people.actions.officers import create_officer
from xinheng.people.models import Region, Role

_SETUP_LOCK = 0x78680001
_NEEDED = (Role.ADMINISTRATOR, Role.CREDIT_OFFICE)


@dataclass(frozen=True)
class NewRegion:
    """The county itself."""

    code: str
    name: str
    short_name: str


@dataclass(frozen=True)
class NewDepartment:
    """A department of the county as pack data or the set-up page names it."""

    code: str
    name: str
    short_name: str
    address: str = ""
    telephone: str = ""
    hours: str = ""
    fields: tuple[str, ...] = ()
    hold_before_publication: bool = False


@dataclass(frozen=True)
class NewOfficer:
    """A first officer; `department` is the credit code of one of the new departments."""

    username: str
    display_name: str
    department: str
    password: str = field(repr=False)
    roles: tuple[Role, ...]
    must_change_password: bool = False


@transaction.atomic
def set_up_county(
    *, region: NewRegion, departments: Sequence[NewDepartment], officers: Sequence[NewOfficer], now: datetime
) -> Region:
    """Make everything the first login needs, once; refuses when any region exists."""
    by = Actor.system("首次设置")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SETUP_LOCK])
    if Region.objects.exists():
        raise Refused("本系统已经完成首次设置。", "增加部门或人员，请登录后在管理页面办理。")
    given = {role for officer in officers for role in officer.roles}
    if missing := [role.label for role in _NEEDED if role not in given]:
        raise Refused(f"首批人员中还缺少：{'、'.join(missing)}。", "每个角色至少要有一位人员。")
    made = create_region(code=region.code, name=region.name, short_name=region.short_name, by=by, now=now)
    by_code = {
        department.code: create_department(
            region=made,
            code=department.code,
            name=department.name,
            short_name=department.short_name,
            address=department.address,
            telephone=department.telephone,
            hours=department.hours,
            fields=department.fields,
            hold_before_publication=department.hold_before_publication,
            by=by,
            now=now,
        )
        for department in departments
    }
    for officer in officers:
        if officer.department not in by_code:
            raise Refused(f"人员 {officer.display_name} 的部门不在部门清单中。", "请核对部门代码。")
        create_officer(
            username=officer.username,
            display_name=officer.display_name,
            department=by_code[officer.department],
            password=officer.password,
            roles=officer.roles,
            by=by,
            now=now,
            must_change_password=officer.must_change_password,
        )
    return made
