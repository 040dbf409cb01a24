"""What may be asked about cases; a scope comes first. The public asks nothing here but what repair would need."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.proceedings.eligibility import Eligibility, eligibility_of
from xinheng.proceedings.facts import hidden, newest, publication, subject_of, title_of
from xinheng.proceedings.procedures import FormField, Procedure, procedure_at
from xinheng.proceedings.queries.determining import (
    Link,
    OfferedList,
    determination_link,
    links_of_case,
    links_of_record,
    offered_lists,
)
from xinheng.proceedings.queries.figures import ObjectionFigures, RepairFigures, objection_figures, repair_figures
from xinheng.proceedings.queries.lists import (
    CaseLine,
    OpenCounts,
    case_list,
    cases_of,
    cases_of_record,
    incident_list,
    open_counts,
)
from xinheng.proceedings.queries.pages import (
    CasePage,
    DeadlineLine,
    EventLine,
    FileLine,
    NextStep,
    ProposalLine,
    case_contact,
    case_page,
    file_of,
    handlers,
)
from xinheng.register.references import record_ref
from xinheng.register.scoping import records_in

__all__ = [
    "CaseLine",
    "CasePage",
    "DeadlineLine",
    "Eligibility",
    "EventLine",
    "FileLine",
    "FormField",
    "Link",
    "NextStep",
    "ObjectionFigures",
    "OfferedList",
    "OpenCounts",
    "OwnRecord",
    "Procedure",
    "ProposalLine",
    "RepairFigures",
    "case_contact",
    "case_list",
    "case_page",
    "cases_of",
    "cases_of_record",
    "determination_link",
    "file_of",
    "handlers",
    "incident_list",
    "links_of_case",
    "links_of_record",
    "objection_figures",
    "offered_lists",
    "open_counts",
    "own_record",
    "procedure_now",
    "repair_eligibility",
    "repair_figures",
]


@dataclass(frozen=True)
class OwnRecord:
    """A record as its own subject names it when it opens a case."""

    title: str
    subject_name: str
    decided_on: date | None
    ref: str


def repair_eligibility(scope: Scope, record_no: int, *, as_at: date) -> Eligibility:
    """Whether a repair of this record may be applied for on that day, and otherwise from when or why not.

    The public may ask about what is public on that day only.
    """
    if not records_in(scope).filter(record_no=record_no, known_to=None).exists():
        raise NotFound("没有这条信息。", "请从记录页面重新进入。")
    if scope.public:
        effect = publication(record_no, on=as_at)
        if effect is None or hidden(effect):
            raise NotFound("没有这条公示信息。", "它现在可能不在公示期内。请从查询页重新进入。")
    return eligibility_of(record_no, on=as_at)


def own_record(scope: Scope, record_no: int, *, credit_code: str) -> OwnRecord:
    """A record of an organisation, for its own users; NotFound for any other."""
    if not records_in(scope).filter(record_no=record_no, known_to=None).exists():
        raise NotFound("没有这条记录。", "请从本单位的记录重新进入。")
    record = newest(record_no)
    subject = subject_of(record)
    if not credit_code or subject.credit_code != credit_code:
        raise NotFound("没有这条记录。", "请从本单位的记录重新进入。")
    return OwnRecord(title_of(record), subject.name, record.decided_on, record_ref(record_no))


def procedure_now(scope: Scope, key: str, *, as_at: date) -> Procedure:
    """The table by which a case opened on that day is handled; the same for every caller."""
    del scope
    return procedure_at(settings.PACK, key, as_at)
