"""Which lists a department may propose for a penalty; how penalty, determination, entry and removal hang together."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import Scope
from xinheng.people.models import User
from xinheng.proceedings.determination_rules import load_determination_rules
from xinheng.proceedings.determined import has_fallen, is_over, why_not_listed
from xinheng.proceedings.facts import newest, title_of
from xinheng.proceedings.models import Case, ListDetermination
from xinheng.proceedings.parties import ONLY_THE_SOURCE, parts_of
from xinheng.proceedings.procedures import procedure_at, procedure_of
from xinheng.register.references import record_ref
from xinheng.register.scoping import records_in


@dataclass(frozen=True)
class OfferedList:
    """A list that the department of a penalty may put its subject on today."""

    key: str
    title: str
    criteria: str
    consent: str
    persons: tuple[str, ...]


@dataclass(frozen=True)
class LinkedCase:
    """A case beside this one."""

    id: int
    number: str
    title: str
    state: str


@dataclass(frozen=True)
class Link:
    """One determination with the penalty it rests on, the entry it became, and its removals."""

    id: int
    case: LinkedCase
    list_title: str
    about_person: bool
    penalty_ref: str
    penalty_title: str
    fallen: bool
    entry_ref: str
    entry_title: str
    entered_on: date | None
    removed_on: date | None
    over: bool
    removals: tuple[LinkedCase, ...]
    may_ask_removal: bool


def offered_lists(scope: Scope, record_no: int, *, by: User, as_at: date) -> tuple[OfferedList, ...]:
    """The lists for which this officer may open a determination of the record's subject; none for most records."""
    _officers_only(scope)
    if not records_in(scope).filter(record_no=record_no, known_to=None).exists():
        raise NotFound("没有这条记录。", "请从记录页面重新进入。")
    penalty = newest(record_no)
    if "source" not in parts_of(by, "determination", penalty.region_id, penalty.department_id):
        return ()
    titles = dict(procedure_at(settings.PACK, "determination", as_at).field("ground").options)
    return tuple(
        OfferedList(key, titles.get(key, key), rule.criteria, rule.consent, rule.persons)
        for key, rule in sorted(load_determination_rules(settings.PACK).items())
        if not why_not_listed(key, penalty, as_at)
    )


def links_of_case(scope: Scope, case_id: int, *, by: User, as_at: date) -> tuple[Link, ...]:
    """The determination that a case is, or is about; and others that rest on the same penalty."""
    held = _in(scope).filter(Q(case_id=case_id) | Q(removals__case_id=case_id)).first()
    if held is None:
        return ()
    return _links(scope, Q(penalty_no=held.penalty_no), by, as_at)


def links_of_record(scope: Scope, record_no: int, *, by: User, as_at: date) -> tuple[Link, ...]:
    """The determinations that rest on a record, or the one that an entry came from."""
    return _links(scope, Q(penalty_no=record_no) | Q(entry_no=record_no), by, as_at)


def determination_link(scope: Scope, number: int, *, by: User, as_at: date) -> Link:
    """One determination by its number; NotFound outside the scope."""
    found = _links(scope, Q(pk=number), by, as_at)
    if not found:
        raise NotFound("没有这件名单认定。", "请从案件页面重新进入。")
    return found[0]


def _links(scope: Scope, wanted: Q, by: User, as_at: date) -> tuple[Link, ...]:
    rows = _in(scope).filter(wanted).select_related("case").distinct().order_by("pk")
    return tuple(_link(one, by, as_at) for one in rows)


def _link(held: ListDetermination, by: User, as_at: date) -> Link:
    penalty = newest(held.penalty_no)
    entry = newest(held.entry_no) if held.entry_no is not None else None
    removals = [_case(one.case) for one in held.removals.select_related("case").order_by("pk")]
    open_one = held.removals.filter(case__closed_at=None).exists()
    own = "source" in parts_of(by, "removal", held.case.region_id, held.case.department_id)
    over = is_over(held, as_at)
    return Link(
        id=held.pk,
        case=_case(held.case),
        list_title=held.list_title,
        about_person=bool(held.person_role),
        penalty_ref=record_ref(held.penalty_no),
        penalty_title=title_of(penalty),
        fallen=has_fallen(held.penalty_no),
        entry_ref=record_ref(held.entry_no) if held.entry_no is not None else "",
        entry_title=title_of(entry) if entry else "",
        entered_on=held.entered_on,
        removed_on=held.removed_on,
        over=over,
        removals=tuple(removals),
        may_ask_removal=own and held.entered_on is not None and not over and not open_one,
    )


def _case(case: Case) -> LinkedCase:
    table = procedure_of(settings.PACK, case.rule_set)
    return LinkedCase(case.pk, case.number, table.title, table.state(case.state).title)


def _in(scope: Scope) -> QuerySet[ListDetermination]:
    _officers_only(scope)
    found = ListDetermination.objects.filter(case__procedure__in=ONLY_THE_SOURCE)
    if scope.region is not None:
        found = found.filter(case__region__code=scope.region)
    if scope.departments:
        found = found.filter(case__department_id__in=scope.departments)
    return found


def _officers_only(scope: Scope) -> None:
    if scope.public:
        raise Refused("此项信息不对外公开。")
