"""Following changes: the public feed, and what a program that read records was asked to remove."""

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from ninja import Header, Path, Query, Router

from xinheng.api import cursors
from xinheng.api.access import require_scope
from xinheng.api.models import AnsweredWrite
from xinheng.api.problems import Problem
from xinheng.api.public import Cursor, Limit
from xinheng.api.schemas import (
    AcknowledgementIn,
    AcknowledgementsIn,
    AcknowledgementsOut,
    AnsweredAcknowledgement,
    ChangeOut,
    FeedOut,
    NamedAcknowledgement,
    RetractionOut,
    RetractionsOut,
)
from xinheng.base import clock
from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.base.scope import PUBLIC
from xinheng.effects import queries as effects
from xinheng.effects.actions import acknowledge_retraction, sequence_feed
from xinheng.effects.models import NoticeKind
from xinheng.effects.queries import AskedToRemove
from xinheng.people.queries import ClientSummary
from xinheng.register.references import retraction_id

feed_router = Router(tags=["公开查询"])
router = Router(tags=["撤回"])
ERRORS = {401: Problem, 403: Problem, 422: Problem, 429: Problem}
KINDS: dict[NoticeKind, Literal["remove", "put_right", "public_again"]] = {
    NoticeKind.REMOVE: "remove",
    NoticeKind.PUT_RIGHT: "put_right",
    NoticeKind.PUBLIC_AGAIN: "public_again",
}
MISSING = {404: Problem, **ERRORS}
Word = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[0-9a-z]+$", description="撤回通知的编号")]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[!-~]+$")]


@feed_router.get("/feed", response={200: FeedOut, 416: Problem, 422: Problem, 429: Problem}, summary="变动清单")
def feed(
    request: HttpRequest,
    since: Annotated[str | None, Query(max_length=64, description="上次回答中的 timepoint；不填从最早的开始")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="每页条数")] = 100,
) -> FeedOut:
    """Which records appeared, were suspended or ended since a timepoint, as opaque words and never why.

    416 when the timepoint is older than the feed reaches: read everything anew, then go on from `newest`.
    """
    position = cursors.read_timepoint(since)
    sequence_feed(now=clock.now())
    page = effects.feed(PUBLIC, since=position, limit=limit)
    return FeedOut(
        changes=[
            ChangeOut.model_validate({"kind": one.kind.value, "record": one.ref, "version": one.version, "at": one.at})
            for one in page.entries
        ],
        timepoint=cursors.write_timepoint(page.position),
        newest=cursors.write_timepoint(page.newest),
        more=page.more,
    )


@router.get("/retractions", response={200: RetractionsOut, **ERRORS}, summary="要求本程序停用的信息")
def retractions(
    request: HttpRequest,
    all: Annotated[bool, Query(description="true 时也列出已确认的")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> RetractionsOut:
    """The record versions this program read with its secret and must remove now, oldest first."""
    client = require_scope(request, "read")
    found = effects.asked_of(
        client.scope, client=client, open_only=not all, after=cursors.read(cursor), limit=limit + 1
    )
    page = found[:limit]
    return RetractionsOut(
        retractions=[_out(one) for _, one in page],
        next_cursor=cursors.write(page[-1][0]) if len(found) > limit else "",
    )


@router.get("/retractions/{id}", response={200: RetractionOut, **MISSING}, summary="一项撤回通知")
def one(request: HttpRequest, id: Word) -> RetractionOut:
    """One of the program's own retractions."""
    client = require_scope(request, "read")
    return _out(effects.asked(client.scope, retraction_id(id), client=client))


@router.post(
    "/retractions/{id}/acknowledge",
    response={200: RetractionOut, 400: Problem, 409: Problem, **MISSING},
    summary="确认已停用",
)
def acknowledge(request: HttpRequest, id: Word, given: AcknowledgementIn, idempotency_key: Key) -> RetractionOut:
    """Say that the named version was removed; 422 when another version was to be removed, 409 when it was said before.

    Repeating the call with the same `Idempotency-Key` and content gives the same answer.
    """
    client = require_scope(request, "read")
    number = retraction_id(id)
    digest = hashlib.sha256(f"acknowledge\0{number}\0{given.version}".encode()).hexdigest()
    if not _answered(client, idempotency_key, digest):
        try:
            _acknowledge(client, number, given.version, idempotency_key, digest)
        except IntegrityError:  # the same call, a moment earlier
            if not _answered(client, idempotency_key, digest):
                raise
    return _out(effects.asked(client.scope, number, client=client))


@router.post("/acknowledgements", response={200: AcknowledgementsOut, 400: Problem, **ERRORS}, summary="确认多条已停用")
def acknowledge_several(request: HttpRequest, given: AcknowledgementsIn) -> AcknowledgementsOut:
    """Say of up to 500 notices that they were followed; each is answered by itself, and one that fails stops no other.

    Safe to repeat: what was confirmed before is answered as `already_confirmed`.
    """
    client, now = require_scope(request, "read"), clock.now()
    answers = [_answer(client, one, now) for one in given.acknowledgements]
    return AcknowledgementsOut(answers=answers, confirmed=sum(one.result == "confirmed" for one in answers))


def _answer(client: ClientSummary, one: NamedAcknowledgement, now: datetime) -> AnsweredAcknowledgement:
    try:
        acknowledge_retraction(retraction=retraction_id(one.id), version=one.version, client=client, now=now)
    except NotFound as none:
        return AnsweredAcknowledgement(id=one.id, result="unknown", detail=none.message)
    except Conflict as again:
        return AnsweredAcknowledgement(id=one.id, result="already_confirmed", detail=again.message)
    except Refused as other:
        return AnsweredAcknowledgement(id=one.id, result="wrong_version", detail=other.message)
    return AnsweredAcknowledgement(id=one.id, result="confirmed", detail="")


@transaction.atomic
def _acknowledge(client: ClientSummary, number: int, version: int, key: str, digest: str) -> None:
    now = clock.now()
    AnsweredWrite.objects.create(client_id=client.id, key=key, request_digest=digest, deliveries=[], answered_at=now)
    acknowledge_retraction(retraction=number, version=version, client=client, now=now)


def _answered(client: ClientSummary, key: str, digest: str) -> bool:
    known = AnsweredWrite.objects.filter(client_id=client.id, key=key).first()
    if known is not None and known.request_digest != digest:
        raise Conflict("这个 Idempotency-Key 已用于另一项请求。", "请为每次请求换一个新的值。")
    return known is not None


def _out(found: AskedToRemove) -> RetractionOut:
    return RetractionOut(
        id=found.ref,
        kind=KINDS[found.kind],
        record=found.record,
        version=found.version,
        written_at=found.written_at,
        due_on=found.due_on,
        confirmed_at=found.confirmed_at,
    )
