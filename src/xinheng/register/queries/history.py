"""What we held about an organisation on a day, as known on another day. Officers only, with a purpose, logged."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.transaction import atomic

from xinheng.audit.actions import record as log
from xinheng.audit.actor import Actor
from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import Refused, WrongUsage
from xinheng.base.scope import Scope
from xinheng.ledger.queries import LedgerRow, rows_of_subject
from xinheng.people.models import Region
from xinheng.register.linked import WITHOUT_CODE, link_told
from xinheng.register.models import Identifier, OrganisationName, Record, SubjectLink
from xinheng.register.queries.organisations import organisation
from xinheng.register.references import record_ref
from xinheng.register.scoping import records_in
from xinheng.register.summaries import OrganisationSummary


@dataclass(frozen=True)
class KnownName:
    """A name as known then; `former` ones were given up before."""

    name: str
    former: bool


@dataclass(frozen=True)
class KnownNumber:
    """A number the organisation was known by then."""

    kind: str
    kind_label: str
    value: str


@dataclass(frozen=True)
class RecordState:
    """A record in the version known then, and how it stood on the day asked about.

    `state` is `valid`, `not_yet` (validity begins later), `ended` (validity was over) or `withdrawn`.
    """

    record_no: int
    ref: str
    version: int
    type: str
    title: str
    decision_no: str
    decided_on: date | None
    valid_from: date | None
    valid_to: date | None
    authority_name: str
    department_name: str
    state: str
    state_label: str
    gate: str
    gate_label: str
    linked: str
    """How it came to this organisation; empty while it waits for one."""
    linked_without_code: bool
    withdrawal_reason: str
    batch_no: int
    row_no: int
    known_from: datetime
    content: dict[str, Any]


@dataclass(frozen=True)
class History:
    """The archive of an organisation as it was on `as_at`, by what was known at the end of `known_at`."""

    organisation: OrganisationSummary
    as_at: date
    known_at: date
    names: tuple[KnownName, ...]
    numbers: tuple[KnownNumber, ...]
    records: tuple[RecordState, ...]
    ledger_rows: tuple[LedgerRow, ...] = ()
    """What only the ledger holds, of the types asked for."""


_Row = TypeVar("_Row", Record, OrganisationName, Identifier, SubjectLink)
STATES = {"valid": "有效", "not_yet": "尚未生效", "ended": "已过有效期", "withdrawn": "已撤回"}


@atomic
def history(
    scope: Scope, code: str, *, as_at: date, known_at: date, purpose: str, by: Actor, now: datetime,
    types: Collection[str] | None = None, ledger_types: Collection[str] = (),
) -> History:  # fmt: skip
    """The archive at two times; decisions made after `as_at` are left out. Every call is logged.

    `code` is a credit code or a reference; `types` leaves out records of other types, and `ledger_types` names the
    types whose rows are read from the ledger (none by default). Refused for the public, and without a purpose.
    """
    if scope.public:
        raise Refused("历史状态仅供工作人员查询。")
    if not purpose.strip():
        raise WrongUsage("请说明查询历史状态的用途。", "例如“核对异议申请第12号”。")
    summary = organisation(scope, code)
    moment = datetime.combine(known_at + timedelta(days=1), time.min, tzinfo=SHANGHAI)
    numbers = [summary.id, *_linked_then(summary.id, moment)]
    versions = _known_at(records_in(scope).filter(subject_no__in=numbers), moment)
    if types is not None:
        versions = versions.filter(type__in=types)
    decided = versions.filter(Q(decided_on=None) | Q(decided_on__lte=as_at)).select_related("department")
    rows = list(decided.order_by("-decided_on", "-pk"))
    linked = link_told(rows)
    found = History(
        organisation=summary,
        as_at=as_at,
        known_at=known_at,
        names=_names(summary.id, moment),
        numbers=_numbers(summary.id, moment),
        records=tuple(_state(one, as_at, linked[one.pk]) for one in rows),
        ledger_rows=rows_of_subject(
            scope, numbers, home=settings.HOME, as_at=as_at, types=ledger_types, known_before=moment
        ),
    )
    log(
        act="register.history",
        by=by,
        now=now,
        region_id=Region.objects.filter(code=scope.region).values_list("pk", flat=True).first(),
        object_type="organisation",
        object_id=str(summary.id),
        purpose=purpose.strip(),
        detail={"as_at": as_at.isoformat(), "known_at": known_at.isoformat(), "records": len(found.records)}
        | ({"types": sorted(types)} if types is not None else {})
        | ({"ledger_rows": len(found.ledger_rows)} if ledger_types else {}),
    )
    return found


def _known_at(rows: QuerySet[_Row], moment: datetime) -> QuerySet[_Row]:
    return rows.filter(Q(known_to=None) | Q(known_to__gte=moment), known_from__lt=moment)


def _linked_then(organisation_id: int, moment: datetime) -> list[int]:
    links = _known_at(SubjectLink.objects.filter(organisation_id=organisation_id), moment)
    return list(links.values_list("number", flat=True))


def _names(organisation_id: int, moment: datetime) -> tuple[KnownName, ...]:
    rows = _known_at(OrganisationName.objects.filter(organisation_id=organisation_id), moment)
    return tuple(KnownName(row.name, row.former) for row in rows.order_by("former", "-known_from", "pk"))


def _numbers(organisation_id: int, moment: datetime) -> tuple[KnownNumber, ...]:
    rows = _known_at(Identifier.objects.filter(organisation_id=organisation_id), moment)
    return tuple(KnownNumber(row.kind, row.get_kind_display(), row.value) for row in rows.order_by("kind", "value"))


def _state(row: Record, as_at: date, linked: str) -> RecordState:
    state = _state_on(row, as_at)
    return RecordState(
        record_no=row.record_no,
        ref=record_ref(row.record_no),
        version=row.version,
        type=row.type,
        title=row.title,
        decision_no=row.decision_no,
        decided_on=row.decided_on,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        authority_name=row.authority_name,
        department_name=row.department.name,
        state=state,
        state_label=STATES[state],
        gate=row.gate,
        gate_label=row.get_gate_display(),
        linked=linked,
        linked_without_code=row.link_method in WITHOUT_CODE,
        withdrawal_reason=row.withdrawal_reason,
        batch_no=row.batch_no,
        row_no=row.row_no,
        known_from=row.known_from,
        content=row.content,
    )


def _state_on(row: Record, day: date) -> str:
    if row.withdrawn:
        return "withdrawn"
    if row.valid_from and day < row.valid_from:
        return "not_yet"
    # The last day of validity is a day of validity.
    if row.valid_to and day > row.valid_to:
        return "ended"
    return "valid"
