"""Regions and departments."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, Refused
from xinheng.base.identifiers.credit_code import FORMAT, check_character
from xinheng.people.actions.storing import insert
from xinheng.people.models import Department, Region

_REGION_CODE = re.compile(r"[1-9]\d{5}")


@transaction.atomic
def create_region(
    *, code: str, name: str, short_name: str, by: Actor, now: datetime, parent: Region | None = None
) -> Region:
    """Add an administrative division that runs or uses the platform."""
    if not _REGION_CODE.fullmatch(code):
        raise Refused("行政区划代码应为六位数字。", "请核对后重新填写。")
    if not name.strip() or not short_name.strip():
        raise Refused("请填写地区名称和简称。")
    region = Region(code=code, name=name.strip(), short_name=short_name.strip(), parent=parent)
    insert(region, f"行政区划 {code} 已经存在。")
    record(
        act="region.create",
        by=by,
        now=now,
        region_id=region.pk,
        object_type="region",
        object_id=code,
        detail={"name": name},
    )
    return region


@transaction.atomic
def create_department(
    *,
    region: Region,
    code: str,
    name: str,
    short_name: str,
    by: Actor,
    now: datetime,
    address: str = "",
    telephone: str = "",
    hours: str = "",
    fields: Iterable[str] = (),
    hold_before_publication: bool = False,
) -> Department:
    """Add a body that supplies or uses records, known by its unified social credit code."""
    normal = code.strip().upper()
    if not FORMAT.fullmatch(normal) or check_character(normal[:17]) != normal[17]:
        raise Refused(f"部门“{name}”的统一社会信用代码不正确。", "请核对 18 位代码后重新填写。")
    if not name.strip() or not short_name.strip():
        raise Refused("请填写部门全称和简称。")
    department = Department(
        region=region,
        code=normal,
        name=name.strip(),
        short_name=short_name.strip(),
        address=address,
        telephone=telephone,
        hours=hours,
        fields=list(fields),
        hold_before_publication=hold_before_publication,
    )
    insert(department, f"本地区已有代码为 {normal} 的部门。")
    _log_department("department.create", department, by, now, {"name": name, "hold": hold_before_publication})
    return department


@transaction.atomic
def update_department(
    *,
    department: Department,
    by: Actor,
    now: datetime,
    name: str | None = None,
    short_name: str | None = None,
    address: str | None = None,
    telephone: str | None = None,
    hours: str | None = None,
    fields: Iterable[str] | None = None,
    is_active: bool | None = None,
) -> Department:
    """Change what was given and leave the rest; the log keeps old and new."""
    wanted: dict[str, object] = {
        "name": name,
        "short_name": short_name,
        "address": address,
        "telephone": telephone,
        "hours": hours,
        "fields": None if fields is None else list(fields),
        "is_active": is_active,
    }
    if any(text is not None and not text.strip() for text in (name, short_name)):
        raise Refused("部门全称和简称不能为空。")
    current = Department.objects.select_for_update().get(pk=department.pk)
    old = {field: getattr(current, field) for field in wanted}
    new = {field: value for field, value in wanted.items() if value is not None and value != old[field]}
    if not new:
        return current
    for field, value in new.items():
        setattr(current, field, value)
    current.save(update_fields=list(new))
    changed = {field: [old[field], value] for field, value in new.items()}
    _log_department("department.update", current, by, now, changed)
    return current


@transaction.atomic
def set_department_hold(*, department: Department, hold: bool, by: Actor, now: datetime) -> Department:
    """Whether this department's records wait for a reviewer before they are published."""
    changed = Department.objects.filter(pk=department.pk, hold_before_publication=not hold).update(
        hold_before_publication=hold
    )
    if not changed:
        raise Conflict("该部门的公示前审核设定已经是这样了。", "请刷新页面。")
    department.hold_before_publication = hold
    _log_department("department.hold", department, by, now, {"hold": hold})
    return department


def _log_department(act: str, department: Department, by: Actor, now: datetime, detail: Mapping[str, object]) -> None:
    record(
        act=act,
        by=by,
        now=now,
        region_id=department.region_id,
        object_type="department",
        object_id=department.code,
        detail=detail,
    )
