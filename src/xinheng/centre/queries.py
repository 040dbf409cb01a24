"""What an organisation sees about itself: everything held on it, at two times, and who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from xinheng.audit.actor import Actor
from xinheng.authorisations.reading import READ
from xinheng.base.clock import format_date, today
from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.catalogue.contract import Contract
from xinheng.catalogue.contracts import load_contracts
from xinheng.catalogue.reading import as_read
from xinheng.effects.models import Effect, EndReason, Kind, Suspension
from xinheng.effects.queries import BasisLine, PublishedRecord, published_of
from xinheng.people.queries import ReadingLine, readings
from xinheng.proceedings.queries import CaseLine, cases_of
from xinheng.register.models import Gate, Record, SubjectLink
from xinheng.register.queries import History, RecordState, history, organisation
from xinheng.register.references import record_ref

PURPOSE = "本单位查阅自己的档案"


@dataclass(frozen=True)
class OwnRecord:
    """One record as its subject sees it: what it says, since when it holds and is known, and whether it is public."""

    state: RecordState
    act: str
    fields: tuple[tuple[str, str], ...]
    public: PublishedRecord | None
    publicity_kind: str
    publicity: str
    basis: tuple[BasisLine, ...]


@dataclass(frozen=True)
class OwnArchive:
    """Everything held on an organisation on a day, by what was known on another."""

    history: History
    records: tuple[OwnRecord, ...]

    @property
    def public_count(self) -> int:
        return sum(one.public is not None for one in self.records)


@dataclass(frozen=True)
class Look:
    """One look at the organisation's data by somebody else."""

    at: datetime
    department_name: str
    what: str
    ref: str
    case_id: int | None
    purpose: str


@dataclass(frozen=True)
class LookPage:
    """A page, newest first."""

    lines: tuple[Look, ...]
    next_before: int | None


def own_archive(
    scope: Scope, *, credit_code: str, as_at: date, known_at: date, by: Actor, now: datetime
) -> OwnArchive | None:
    """The archive of the organisation with this code, or None when the region holds nothing on it. Logged."""
    try:
        found = history(scope, credit_code, as_at=as_at, known_at=known_at, purpose=PURPOSE, by=by, now=now)
    except NotFound:
        return None
    day = today(now)
    shown = {one.record_no: one for one in published_of(scope, found.organisation.id, as_at=day)}
    effects = _publications(found.records)
    contracts = load_contracts(settings.PACK)
    return OwnArchive(
        history=found,
        records=tuple(
            _own(one, contracts[one.type], shown.get(one.record_no), effects.get(one.record_no), day)
            for one in found.records
        ),
    )


def looks(scope: Scope, *, credit_code: str, now: datetime, before: int | None = None, limit: int = 50) -> LookPage:
    """Who looked at data on the organisation that are not public: department, time, purpose."""
    numbers = _record_numbers(scope, credit_code)
    objects: dict[str, list[str]] = {"organisation": [credit_code], "record": [str(number) for number in numbers]}
    objects["organisation"] += _organisation_numbers(scope, credit_code)
    cases = {one.id: one for one in cases_of(scope, credit_code=credit_code, today=today(now))}
    objects["case"] = [str(number) for number in cases]
    page = readings(scope, objects=objects, before=before, limit=limit)
    return LookPage(tuple(_look(one, numbers, cases) for one in page.lines), page.next_before)


def name_of(scope: Scope, credit_code: str) -> str:
    """What the organisation is called; its code when the register does not know it."""
    try:
        return organisation(scope, credit_code).name
    except NotFound:
        return credit_code


def _look(one: ReadingLine, records: dict[int, str], cases: dict[int, CaseLine]) -> Look:
    """One look in words; the number of what was looked at is the organisation's own, or it would not be here."""
    what, ref, case_id = _of_archive(one), "", None
    if one.object_type == "record":
        what, ref = f"记录：{records[int(one.object_id)]}", record_ref(int(one.object_id))
    elif one.object_type == "case":
        case_id = int(one.object_id)
        what = f"案件：{cases[case_id].procedure_title} {cases[case_id].number}"
    return Look(one.at, one.department_name, what, ref, case_id, one.purpose or "未说明")


def _of_archive(one: ReadingLine) -> str:
    """How much of the archive: a department that reads by consent sees only the types it was allowed."""
    if one.act == READ:
        return "凭授权查阅的特定信用信息"
    if one.types is None:
        return "整个档案"
    contracts = load_contracts(settings.PACK)
    titles = "、".join(contracts[type].title if type in contracts else type for type in one.types)
    return f"档案中您单位同意查阅的部分：{titles}" if titles else "单位名称和代码"


def _organisation_numbers(scope: Scope, credit_code: str) -> list[str]:
    try:
        return [str(organisation(scope, credit_code).id)]
    except NotFound:
        return []


def _record_numbers(scope: Scope, credit_code: str) -> dict[int, str]:
    """Every record ever held on the organisation in the region, with a word for it."""
    own = [int(number) for number in _organisation_numbers(scope, credit_code)]
    linked = SubjectLink.objects.filter(organisation_id__in=own).values_list("number", flat=True)
    rows = Record.objects.filter(subject_no__in=[*own, *linked], region__code=scope.region)
    return {
        number: decision_no or title or "无文书号"
        for number, decision_no, title in rows.order_by("version").values_list("record_no", "decision_no", "title")
    }


def _publications(records: Sequence[RecordState]) -> dict[int, Effect]:
    """The publication of each record's known version, ended ones included."""
    wanted = {(one.record_no, one.version) for one in records}
    rows = Record.objects.filter(record_no__in=[number for number, _ in wanted])
    versions = {
        pk: number
        for pk, number, version in rows.values_list("pk", "record_no", "version")
        if (number, version) in wanted
    }
    found = Effect.objects.filter(kind=Kind.PUBLICATION, record_id__in=list(versions)).order_by("pk")
    return {versions[one.record_id]: one for one in found if one.record_id is not None}


def _own(
    state: RecordState, contract: Contract, public: PublishedRecord | None, effect: Effect | None, day: date
) -> OwnRecord:
    kind, words = _publicity(state, public, effect, day)
    return OwnRecord(
        state=state,
        act=contract.act or contract.title,
        fields=tuple(
            (field.label, as_read(field, state.content[field.name]))
            for field in contract.fields
            if not field.personal and state.content.get(field.name) not in (None, "")
        ),
        public=public,
        publicity_kind=kind,
        publicity=words,
        basis=public.basis if public else (),
    )


def _publicity(state: RecordState, public: PublishedRecord | None, effect: Effect | None, day: date) -> tuple[str, str]:
    """Whether it is public and until when: the kind of the status label, and the words."""
    if public:
        until = f"公示至{format_date(public.last_day)}" if public.last_day else f"公示中，{public.removal_rule}"
        return ("suspended", f"{public.mark}，{until}") if public.mark else ("in_force", until)
    if effect is None:
        return "scheduled", "未公示" if state.gate == Gate.OPEN else f"未公示：{state.gate_label}"
    if effect.ended_at:
        return "ended", f"{format_date(today(effect.ended_at))}起不再公示：{EndReason(effect.end_reason).label}"
    if effect.ends and effect.ends <= day:
        return "ended", f"公示期满，公示至{format_date(effect.ends - timedelta(days=1))}"
    if effect.starts > day:
        return "scheduled", f"{format_date(effect.starts)}起公示"
    if Suspension.objects.filter(effect_id=effect.pk, resumed_at=None, hides=True).exists():
        return "suspended", "暂停公示"
    return "scheduled", "未公示"
