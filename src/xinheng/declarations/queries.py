"""What may be asked about declarations; a scope comes first. What is public of them, `effects.queries` says."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet

from xinheng.base.clock import format_date
from xinheng.base.errors import Refused
from xinheng.base.scope import Scope
from xinheng.declarations.models import Declaration, DeclarationEnd
from xinheng.declarations.rules import DeclarationKind, Pledge, kind_of, load_kinds, pledge_on
from xinheng.register.models import Record


@dataclass(frozen=True)
class DeclarationLine:
    """One version. Of the states only one counts: verified and not yet expired."""

    number: str
    case_number: str
    version: int
    kind: DeclarationKind
    fields: tuple[tuple[str, str], ...]
    title: str
    valid_to: date
    declared_at: datetime
    verified_at: datetime | None
    verified_how: str
    department_name: str
    pledge_version: str
    pledge_text: str
    pledge_sha256: str
    signed_by: str
    ended_at: datetime | None
    end_reason: str
    state_kind: str
    state: str
    record_no: int | None
    typed: tuple[tuple[str, str], ...]
    """As the form would show it again, for a change."""

    @property
    def verified(self) -> bool:
        return self.state == VERIFIED


UNVERIFIED, VERIFIED, EXPIRED, TAKEN_BACK = "未核验", "已核验", "有效期届满", "公示已撤销"


def kinds(scope: Scope) -> tuple[DeclarationKind, ...]:
    """What may be declared under the pack in use."""
    del scope
    return tuple(load_kinds(settings.PACK).values())


def kind(scope: Scope, key: str) -> DeclarationKind:
    """One kind; NotFound for a word that is none."""
    del scope
    return kind_of(settings.PACK, key)


def pledge_now(scope: Scope, *, as_at: date) -> Pledge:
    """The words that would be signed on that day."""
    del scope
    return pledge_on(settings.PACK, as_at)


def own_declarations(scope: Scope, *, credit_code: str, as_at: date) -> tuple[DeclarationLine, ...]:
    """The newest version of everything an organisation declared, newest first."""
    found = _within(scope).filter(credit_code=credit_code).order_by("case_number", "-version").distinct("case_number")
    return tuple(sorted((_line(one, as_at) for one in found), key=lambda one: one.declared_at, reverse=True))


def versions_of(scope: Scope, case_number: str, *, as_at: date) -> tuple[DeclarationLine, ...]:
    """All versions declared in a case, newest first; empty for a case about something else."""
    found = _within(scope).filter(case_number=case_number).order_by("-version")
    return tuple(_line(one, as_at) for one in found)


def found_untrue(scope: Scope, *, credit_code: str) -> tuple[str, ...]:
    """What the organisation once declared and was found untrue, in words; for whoever verifies its next one."""
    rows = _within(scope).filter(credit_code=credit_code, end_reason=DeclarationEnd.UNTRUE).order_by("-ended_at")
    return tuple(f"{one.title}（{one.number}）" for one in rows)


def _within(scope: Scope) -> QuerySet[Declaration]:
    if scope.public:
        raise Refused("此项信息不对外公开。")
    found = Declaration.objects.select_related("department", "region")
    return found.filter(region__code=scope.region) if scope.region is not None else found


def _line(row: Declaration, as_at: date) -> DeclarationLine:
    kind = kind_of(settings.PACK, row.kind)
    state_kind, state = _state(row, as_at)
    typed = {
        "title": row.title,
        "certificate_no": row.certificate_no,
        "issuer": row.issuer,
        "obtained_on": row.obtained_on.isoformat() if row.obtained_on else "",
        "valid_to": row.valid_to.isoformat(),
        "statement": row.statement,
    }
    words = typed | {
        "obtained_on": format_date(row.obtained_on) if row.obtained_on else "",
        "valid_to": format_date(row.valid_to),
    }
    return DeclarationLine(
        number=row.number,
        case_number=row.case_number,
        version=row.version,
        kind=kind,
        fields=tuple((kind.labels[name], text) for name, text in words.items() if text),
        title=row.title,
        valid_to=row.valid_to,
        declared_at=row.declared_at,
        verified_at=row.verified_at,
        verified_how=row.verified_how,
        department_name=row.department.name,
        pledge_version=row.pledge_version,
        pledge_text=row.pledge_text,
        pledge_sha256=row.pledge_sha256,
        signed_by=row.signed_by,
        ended_at=row.ended_at,
        end_reason=row.get_end_reason_display() if row.end_reason else "",
        state_kind=state_kind,
        state=state,
        record_no=row.record_no,
        typed=tuple(typed.items()),
    )


def _state(row: Declaration, as_at: date) -> tuple[str, str]:
    if row.ended_at is not None:
        return "ended", str(DeclarationEnd(row.end_reason).label)
    if row.valid_to < as_at:
        return "ended", EXPIRED
    if row.record_no is None:
        return "scheduled", UNVERIFIED
    if Record.objects.filter(record_no=row.record_no, known_to=None, withdrawn=True).exists():
        return "ended", TAKEN_BACK
    return "in_force", VERIFIED
