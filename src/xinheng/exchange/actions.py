"""What comes back from the upper platform: each returned record becomes a question for its department."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Upper

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base.errors import Conflict, NotFound, WrongUsage
from xinheng.effects.actions import hand_over, named_recipient
from xinheng.effects.models import RecipientKind
from xinheng.exchange.queries import ExchangeFile
from xinheng.exchange.returned_rows import ReturnedRow, read_returned
from xinheng.people.identity import scope_of
from xinheng.people.models import User
from xinheng.register.models import Record, Review, ReviewKind
from xinheng.register.scoping import records_in, reviews_in

CORRECTED, EXPLAINED = "corrected", "explained"
UPPER = "上级平台"


@dataclass(frozen=True)
class Returned:
    """What became of a returned file's rows."""

    rows: int
    opened: int
    known: int
    """Rows about records whose return is open already."""
    unknown: tuple[ReturnedRow, ...]
    """Rows whose document number is none of ours."""


@transaction.atomic
def import_returned(*, path: Path, type: str, by: User, now: datetime) -> Returned:
    """Open a review for every record the upper platform sent back; the records themselves stay as they are."""
    rows = read_returned(path, home=settings.HOME)
    found = {str(one.decision_no).upper(): one for one in _named(by, type, rows)}
    open_ones = set(
        Review.objects.filter(
            kind=ReviewKind.REJECTED, closed_at=None, record_no__in=[one.record_no for one in found.values()]
        ).values_list("record_no", flat=True)
    )
    asked: dict[int, Review] = {}
    known, unknown = 0, []
    for row in rows:
        version = found.get(row.decision_no.upper())
        if version is None:
            unknown.append(row)
        elif version.record_no in open_ones or version.record_no in asked:
            known += 1
        else:
            asked[version.record_no] = _question(version, row, now)
    Review.objects.bulk_create(asked.values())
    record(
        act="exchange.returns",
        by=Actor.of(by),
        now=now,
        region_id=by.region_id,
        object_type="list",
        object_id=type,
        detail={"rows": len(rows), "opened": len(asked), "known": known, "unknown": len(unknown)},
    )
    return Returned(len(rows), len(asked), known, tuple(unknown))


@transaction.atomic
def settle_return(*, review: int, outcome: str, by: User, now: datetime, note: str) -> None:
    """Close the question of a returned record: the department corrected it, or it was explained upward."""
    if outcome not in (CORRECTED, EXPLAINED):
        raise WrongUsage("处理结果只能是已更正或者已说明。")
    if outcome == EXPLAINED and not note.strip():
        raise WrongUsage("请写明向上级说明的情况。")
    question = reviews_in(scope_of(by)).filter(pk=review, kind=ReviewKind.REJECTED).first()
    if question is None:
        raise NotFound("没有这一待审事项。", "请从待审列表中选择。")
    closed = Review.objects.filter(pk=review, closed_at=None).update(
        closed_at=now, closed_by=by, outcome=outcome, note=note.strip()
    )
    if not closed:
        raise Conflict("这一事项已由他人处理。", "请刷新待审列表查看。")
    record(
        act="exchange.settle",
        by=Actor.of(by),
        now=now,
        region_id=question.region_id,
        object_type="record",
        object_id=str(question.record_no),
        detail={"review": review, "outcome": outcome},
    )


@transaction.atomic
def log_export(*, file: ExchangeFile, by: User, now: datetime) -> None:
    """Keep who took which file for the upper platform, and which versions it holds now.

    TryLater when one of them ended while the file was written.
    """
    above = named_recipient(region=by.region, kind=RecipientKind.UPPER_PLATFORM, name=UPPER, now=now)
    hand_over(recipient=above, title=file.name, record_ids=file.record_ids, by=Actor.of(by), now=now)
    record(
        act="exchange.export",
        by=Actor.of(by),
        now=now,
        region_id=by.region_id,
        object_type="list",
        object_id=file.name[:100],
        detail={"rows": file.rows},
    )


def _named(by: User, type: str, rows: list[ReturnedRow]) -> QuerySet[Record]:
    numbers = {row.decision_no.upper() for row in rows if row.decision_no}
    upper = records_in(scope_of(by)).annotate(written=Upper("decision_no"))
    return upper.filter(type=type, known_to=None, withdrawn=False, written__in=numbers).order_by("pk")


def _question(version: Record, row: ReturnedRow, now: datetime) -> Review:
    return Review(
        kind=ReviewKind.REJECTED,
        region_id=version.region_id,
        department_id=version.department_id,
        record_no=version.record_no,
        batch_no=version.batch_no,
        row_no=version.row_no,
        reason=f"上级平台退回：{row.reason}"[:300],
        candidates=[],
        opened_at=now,
    )
