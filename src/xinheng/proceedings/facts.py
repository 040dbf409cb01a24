"""What a case must know of the record it is about: its newest version, its subject, what is public of it."""

from dataclasses import dataclass
from datetime import date

from xinheng.base.errors import NotFound
from xinheng.effects.models import (
    Change,
    Effect,
    EffectChange,
    EndReason,
    Kind,
    MeasureTerms,
    PublicationTerms,
    Suspension,
)
from xinheng.register.models import Organisation, Record, SubjectLink

ADVERSE_MEASURES = (Kind.RESTRAINT, Kind.GRADUATED)


@dataclass(frozen=True)
class Subject:
    """Whom a record speaks of, as the register knows it now."""

    number: int
    name: str
    credit_code: str


def newest(record_no: int) -> Record:
    """The open version of a record."""
    found = Record.objects.select_related("department", "region").filter(record_no=record_no, known_to=None).first()
    if found is None:
        raise NotFound("没有这条记录。", "请从记录页面重新进入。")
    return found


def subject_of(record: Record) -> Subject:
    """The organisation a record is linked to; without one, as the record itself names it."""
    linked = SubjectLink.objects.filter(number=record.subject_no, known_to=None).values_list("organisation_id").first()
    number = linked[0] if linked else record.subject_no
    organisation = Organisation.objects.filter(pk=number).first()
    if organisation is None:
        return Subject(record.subject_no, record.subject_name, "")
    return Subject(organisation.pk, organisation.name, organisation.credit_code or "")


def organisation_of(credit_code: str) -> Subject | None:
    """The organisation of that code, as the register knows it; None where it knows none."""
    found = Organisation.objects.filter(credit_code=credit_code).first() if credit_code else None
    return Subject(found.pk, found.name, credit_code) if found else None


def title_of(record: Record) -> str:
    """A record in one line, as documents name it."""
    number = record.decision_no or record.title
    return f"{record.authority_name}“{number}”"[:300]


def publication(record_no: int, *, on: date) -> Effect | None:
    """The publication of the newest version that stands on that day, hidden or not."""
    for effect in living(record_no):
        if effect.kind == Kind.PUBLICATION and effect.starts <= on and (effect.ends is None or effect.ends > on):
            return effect
    return None


def was_public(record_no: int) -> bool:
    """Whether any version of the record was ever published."""
    versions = Record.objects.filter(record_no=record_no).values("id")
    return Effect.objects.filter(kind=Kind.PUBLICATION, record_id__in=versions).exists()


def left_its_list(record_no: int) -> bool:
    """Whether the record was an entry in force and none of its versions is any more, with no return decided."""
    versions = Record.objects.filter(record_no=record_no).values("id")
    entries = Effect.objects.filter(kind=Kind.LISTING, record_id__in=versions).exclude(end_reason=EndReason.CORRECTED)
    last = entries.order_by("-pk").first()
    if last is None or last.ended_at is None:
        return False
    return not EffectChange.objects.filter(effect_id=last.pk, change=Change.RESTORED).exists()


def hidden(effect: Effect) -> bool:
    """Whether a publication is kept from the public for some cause."""
    return Suspension.objects.filter(effect_id=effect.pk, hides=True, resumed_at=None).exists()


def terms_of(effect: Effect) -> PublicationTerms:
    """The terms of a publication; the database gives every publication some."""
    return PublicationTerms.objects.get(pk=effect.terms_id or 0)


def living(record_no: int) -> list[Effect]:
    """Every effect that any version of the record caused and that has not ended early, descendants included."""
    versions = Record.objects.filter(record_no=record_no).values_list("id", flat=True)
    level = list(Effect.objects.filter(record_id__in=list(versions), ended_at=None).order_by("pk"))
    found = []
    while level:
        found += level
        level = list(Effect.objects.filter(parent_id__in=[one.pk for one in level], ended_at=None).order_by("pk"))
    return found


def resting_while_examined(record_no: int, *, region_id: int) -> list[int]:
    """Restraints and graduated measures of a region, caused by the record, whose terms let them rest meanwhile."""
    found = [one for one in living(record_no) if one.kind in ADVERSE_MEASURES and one.region_id == region_id]
    terms = [one.terms_id for one in found if one.terms_id is not None]
    rests = set(MeasureTerms.objects.filter(pk__in=terms, rests=True).values_list("pk", flat=True))
    return [one.pk for one in found if one.terms_id in rests]
