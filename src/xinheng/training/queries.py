"""What may be asked about training; a scope comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from xinheng.base.clock import SHANGHAI
from xinheng.base.errors import NotFound
from xinheng.base.scope import Scope
from xinheng.training.models import TrainingMaterial, TrainingSeat, TrainingSession
from xinheng.training.reading import Reading, readings


@dataclass(frozen=True)
class SeatLine:
    """One organisation's booking."""

    id: int
    credit_code: str
    subject_name: str
    seats: int
    booked_at: datetime
    attended_at: datetime | None
    certificate_number: str


@dataclass(frozen=True)
class SessionLine:
    """One session, with what is left of its seats and, for an organisation, its own booking."""

    id: int
    title: str
    about: str
    place: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    free: int
    attended: int
    cancel_reason: str
    begun: bool
    own: SeatLine | None


@dataclass(frozen=True)
class MaterialLine:
    """A file to read."""

    id: int
    title: str
    file_name: str
    size: int
    added_at: datetime


@dataclass(frozen=True)
class TrainingFigures:
    """Counts of a period; organisations are counted once."""

    sessions: int
    booked: int
    attended: int
    organisations: int
    people: int


@dataclass(frozen=True)
class Download:
    """A file with its name and kind."""

    file_name: str
    media_type: str
    content: bytes


def sessions(scope: Scope, *, now: datetime, credit_code: str = "", limit: int = 50) -> tuple[SessionLine, ...]:
    """Sessions of the region, the latest first; with `credit_code` each with that organisation's booking."""
    found = _sessions(scope).order_by("-starts_at", "-pk")[:limit]
    own = {
        one.session_id: one
        for one in TrainingSeat.objects.filter(session__in=list(found), credit_code=credit_code, given_up_at=None)
    }
    counted = _counted(found)
    return tuple(_line(one, own.get(one.pk), counted, now) for one in found)


def session(scope: Scope, number: int, *, now: datetime) -> tuple[SessionLine, tuple[SeatLine, ...]]:
    """One session with all bookings."""
    found = _sessions(scope).filter(pk=number).first()
    if found is None:
        raise NotFound("没有这场培训。", "请从培训列表重新进入。")
    seats = TrainingSeat.objects.filter(session=found, given_up_at=None).order_by("pk")
    return _line(found, None, _counted([found]), now), tuple(_seat(one) for one in seats)


def materials(scope: Scope) -> tuple[MaterialLine, ...]:
    """The files the office put up, newest first."""
    found = TrainingMaterial.objects.filter(removed_at=None, **_here(scope)).defer("content").order_by("-pk")
    return tuple(MaterialLine(one.pk, one.title, one.file_name, one.size, one.added_at) for one in found)


def texts(scope: Scope) -> tuple[Reading, ...]:
    """What the rulebook gives to read."""
    del scope
    return readings(settings.PACK)


def material(scope: Scope, number: int) -> Download:
    """One file; NotFound when it was taken down."""
    found = TrainingMaterial.objects.filter(pk=number, removed_at=None, **_here(scope)).first()
    if found is None:
        raise NotFound("没有这份材料。", "请刷新页面查看。")
    return Download(found.file_name, found.media_type, bytes(found.content))


def certificate(scope: Scope, number: int, *, credit_code: str | None = None) -> Download:
    """The certificate of a booking; with `credit_code` only of that organisation."""
    found = TrainingSeat.objects.filter(pk=number, certificate__isnull=False)
    if scope.region is not None:
        found = found.filter(session__region__code=scope.region)
    if credit_code is not None:
        found = found.filter(credit_code=credit_code)
    seat = found.first()
    if seat is None or seat.certificate is None:
        raise NotFound("没有这份证明。", "请从培训页重新进入。")
    return Download(f"信用培训参加证明 {seat.certificate_number}.pdf", "application/pdf", bytes(seat.certificate))


def figures(scope: Scope, *, first: date, last: date) -> TrainingFigures:
    """What was offered and used between two days, both counted."""
    start = datetime(first.year, first.month, first.day, tzinfo=SHANGHAI)
    end = datetime(last.year, last.month, last.day, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    held = _sessions(scope).filter(cancelled_at=None, starts_at__gte=start, starts_at__lte=end)
    seats = TrainingSeat.objects.filter(session__in=held.values("pk"), given_up_at=None)
    came = Q(attended_at__isnull=False)
    counted = seats.aggregate(
        booked=Count("pk"),
        attended=Count("pk", filter=came),
        organisations=Count("credit_code", filter=came, distinct=True),
        people=Sum("seats", filter=came),
    )
    return TrainingFigures(
        held.count(), counted["booked"], counted["attended"], counted["organisations"], counted["people"] or 0
    )


def _here(scope: Scope) -> dict[str, str]:
    return {} if scope.region is None else {"region__code": scope.region}


def _sessions(scope: Scope) -> QuerySet[TrainingSession]:
    return TrainingSession.objects.filter(**_here(scope))


def _counted(found: Iterable[TrainingSession]) -> dict[int, tuple[int, int]]:
    """Seats booked, and organisations that came, by session."""
    seats = TrainingSeat.objects.filter(session__in=list(found), given_up_at=None).values_list("session_id")
    rows = seats.annotate(taken=Sum("seats"), came=Count("pk", filter=Q(attended_at__isnull=False)))
    return {number: (taken, came) for number, taken, came in rows}


def _line(
    row: TrainingSession, own: TrainingSeat | None, counted: dict[int, tuple[int, int]], now: datetime
) -> SessionLine:
    taken, came = counted.get(row.pk, (0, 0))
    return SessionLine(
        id=row.pk,
        title=row.title,
        about=row.about,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        free=row.capacity - taken,
        attended=came,
        cancel_reason=row.cancel_reason,
        begun=row.starts_at <= now,
        own=_seat(own) if own else None,
    )


def _seat(row: TrainingSeat) -> SeatLine:
    return SeatLine(
        row.pk, row.credit_code, row.subject_name, row.seats, row.booked_at, row.attended_at, row.certificate_number
    )
