"""Who looked at what is not public, told by department: an organisation may know this about itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from xinheng.audit.queries import EventLine
from xinheng.audit.queries import readings as logged_readings
from xinheng.base.masking import mask_text
from xinheng.base.scope import Scope
from xinheng.people.models import ApiClient, User
from xinheng.people.purposes import told
from xinheng.people.queries.offices import regions

PLATFORM = "本平台自动处理"
BY_PROGRAM = "（接口程序）"


@dataclass(frozen=True)
class ReadingLine:
    """One look: when, from which department, at what, and for what purpose; never which officer.

    `types` are those of the records that could be seen; None: all of them.
    """

    id: int
    at: datetime
    act: str
    department_name: str
    object_type: str
    object_id: str
    purpose: str
    types: tuple[str, ...] | None


@dataclass(frozen=True)
class ReadingPage:
    """A page, newest first; `next_before` is None on the last one."""

    lines: tuple[ReadingLine, ...]
    next_before: int | None


def readings(
    scope: Scope, *, objects: Mapping[str, Collection[str]], before: int | None = None, limit: int = 50
) -> ReadingPage:
    """The looks at these objects in the scope's region; `objects` gives numbers by type, as the log names them."""
    page = logged_readings(
        scope, region_ids=[one.id for one in regions(scope)], objects=objects, before=before, limit=limit
    )
    names = _departments(page.lines)
    lines = tuple(
        ReadingLine(
            id=one.id,
            at=one.at,
            act=one.act,
            department_name=names.get((one.actor_kind, one.actor_id), PLATFORM),
            object_type=one.object_type,
            object_id=one.object_id,
            purpose=mask_text(told(one.purpose, settings.PACK)),
            types=_types(one.detail.get("types")),
        )
        for one in page.lines
    )
    return ReadingPage(lines, page.next_before)


def _types(kept: object) -> tuple[str, ...] | None:
    return tuple(str(one) for one in kept) if isinstance(kept, list) else None


def _departments(lines: Collection[EventLine]) -> dict[tuple[str, str], str]:
    officers = {int(one.actor_id) for one in lines if one.actor_kind == "officer"}
    programs = {one.actor_id for one in lines if one.actor_kind == "client"}
    found = {
        ("officer", str(number)): name
        for number, name in User.objects.filter(pk__in=officers).values_list("pk", "department__name")
    }
    rows = ApiClient.objects.filter(prefix__in=programs).values_list("prefix", "department__name")
    return found | {("client", prefix): f"{name}{BY_PROGRAM}" for prefix, name in rows}
