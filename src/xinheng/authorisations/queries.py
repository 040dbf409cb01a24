"""What may be asked about authorisations: which there are, which cover a question today, what was done with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from xinheng.authorisations.models import Authorisation, AuthorisedUse, Evidence, StopRequest
from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.people.guarding import officers_only
from xinheng.vault.filing import read


@dataclass(frozen=True)
class AuthorisationLine:
    """One authorisation. `until` is its last day."""

    id: int
    credit_code: str
    organisation_name: str
    classes: tuple[str, ...]
    grantee_id: int
    grantee_name: str
    purpose_code: str
    purpose: str
    starts: date
    until: date
    facts_from: date
    signer: str
    on_paper: bool
    given_at: datetime
    revoked_at: datetime | None
    uses: int
    stop_due_on: date | None
    """Until when its grantee must confirm that it stopped; None when nothing was asked, or it confirmed."""

    def in_force(self, today: date) -> bool:
        """Whether somebody may rely on it on this day."""
        return self.revoked_at is None and self.starts <= today <= self.until

    def state(self, today: date) -> str:
        """How it stands, in words."""
        if self.revoked_at:
            return "已撤回"
        if today < self.starts:
            return "未开始"
        return "有效" if today <= self.until else "已到期"


@dataclass(frozen=True)
class EvidenceLine:
    """A piece of evidence."""

    id: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class UseLine:
    """One look by the grantee."""

    at: datetime
    by: str
    classes: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class StopLine:
    """What the grantee was asked to stop, and whether it confirmed."""

    written_at: datetime
    due_on: date
    confirmed_at: datetime | None
    confirmed_by: str
    note: str


@dataclass(frozen=True)
class AuthorisationPage:
    """One authorisation with its words, evidence, uses and what followed its revocation."""

    line: AuthorisationLine
    wording: str
    wording_sha256: str
    entered_by: str
    revoked_by: str
    revoked_why: str
    evidence: tuple[EvidenceLine, ...]
    uses: tuple[UseLine, ...]
    stop: StopLine | None


def authorisations(
    scope: Scope, *, credit_code: str = "", to_confirm: bool = False, before: int | None = None, limit: int = 100
) -> tuple[AuthorisationLine, ...]:
    """Authorisations within the caller's reach, newest first; with `to_confirm` those whose end waits for a word."""
    found = _within(scope)
    if credit_code:
        found = found.filter(credit_code=credit_code)
    if to_confirm:
        found = found.filter(stop_request__confirmed_at=None, stop_request__isnull=False)
    if before:
        found = found.filter(pk__lt=before)
    return _lines(found[:limit])


def authorisation(scope: Scope, number: int, *, credit_code: str = "") -> AuthorisationPage:
    """One authorisation; NotFound outside the caller's reach."""
    found = _within(scope).filter(pk=number)
    row = (found.filter(credit_code=credit_code) if credit_code else found).first()
    if row is None:
        raise NotFound("没有这项授权，或者它不是给本部门的。", "请从授权列表重新进入。")
    return _page(row)


def covering(
    scope: Scope, *, credit_code: str, department_id: int, purpose_code: str, today: date
) -> tuple[AuthorisationLine, ...]:
    """The authorisations by which a department may see special information on an organisation for this purpose."""
    found = _within(scope).filter(
        credit_code=credit_code, grantee=department_id, purpose_code=purpose_code, starts__lte=today,
        until__gte=today, revoked_at=None,
    )  # fmt: skip
    return _lines(found)


def evidence_file(scope: Scope, number: int, evidence: int) -> tuple[EvidenceLine, Iterator[bytes]]:
    """One piece of evidence with its content; NotFound outside the caller's reach."""
    authorisation(scope, number)
    found = Evidence.objects.select_related("authorisation").filter(pk=evidence, authorisation=number).first()
    if found is None:
        raise NotFound("没有这份材料。", "请从授权页重新进入。")
    return _evidence(found), read(found.stored_path, found.authorisation.key_id)


def _within(scope: Scope) -> QuerySet[Authorisation]:
    officers_only(scope)
    found = Authorisation.objects.select_related("grantee", "stop_request").order_by("-pk")
    if scope.region:
        found = found.filter(region__code=scope.region)
    if scope.departments:
        found = found.filter(grantee__in=scope.departments)
    return found


def _lines(found: Iterable[Authorisation]) -> tuple[AuthorisationLine, ...]:
    rows = list(found)
    uses = AuthorisedUse.objects.filter(authorisation__in=rows).values_list("authorisation").annotate(Count("pk"))
    counts: dict[int, int] = dict(uses)
    return tuple(_line(row, counts.get(row.pk, 0)) for row in rows)


def _line(row: Authorisation, uses: int) -> AuthorisationLine:
    stop = _stop_of(row)
    return AuthorisationLine(
        id=row.pk,
        credit_code=row.credit_code,
        organisation_name=row.organisation_name,
        classes=tuple(row.classes),
        grantee_id=row.grantee_id,
        grantee_name=row.grantee.name,
        purpose_code=row.purpose_code,
        purpose=row.purpose,
        starts=row.starts,
        until=row.until,
        facts_from=row.facts_from,
        signer=f"{row.signer_name}（{row.signer_title}）" if row.signer_title else row.signer_name,
        on_paper=row.registered_by_id is not None,
        given_at=row.given_at,
        revoked_at=row.revoked_at,
        uses=uses,
        stop_due_on=stop.due_on if stop and stop.confirmed_at is None else None,
    )


def _page(row: Authorisation) -> AuthorisationPage:
    entered = row.registered_by.display_name if row.registered_by else ""
    revoked = row.revocation_registered_by.display_name if row.revocation_registered_by else ""
    stop = _stop_of(row)
    return AuthorisationPage(
        line=_lines([row])[0],
        wording=row.wording,
        wording_sha256=row.wording_sha256,
        entered_by=row.given_by.user.display_name if row.given_by else entered,
        revoked_by=row.revoked_by.user.display_name if row.revoked_by else revoked,
        revoked_why=row.revoked_why,
        evidence=tuple(_evidence(one) for one in row.evidence.order_by("pk")),
        uses=tuple(
            UseLine(one.at, one.actor_name, tuple(one.classes), one.rows) for one in row.uses.order_by("-pk")[:100]
        ),
        stop=_stopping(stop) if stop else None,
    )


def _stopping(asked: StopRequest) -> StopLine:
    return StopLine(
        written_at=asked.written_at,
        due_on=asked.due_on,
        confirmed_at=asked.confirmed_at,
        confirmed_by=asked.confirmed_by.display_name if asked.confirmed_by else "",
        note=asked.note,
    )


def _stop_of(row: Authorisation) -> StopRequest | None:
    try:
        return row.stop_request
    except StopRequest.DoesNotExist:
        return None


def _evidence(row: Evidence) -> EvidenceLine:
    return EvidenceLine(row.pk, row.file_name, row.media_type, row.size, row.sha256, row.added_by, row.added_at)
