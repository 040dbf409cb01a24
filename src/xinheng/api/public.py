"""What everybody may ask: search, organisations, what is public about them today, and the catalogue."""

from collections.abc import Sequence
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Query, Router

from xinheng.api import cursors
from xinheng.api.access import known_caller
from xinheng.api.problems import Problem
from xinheng.api.schemas import (
    IdentityOut,
    LabelledOut,
    OrganisationOut,
    ProvenanceOut,
    RecordOut,
    RecordsOut,
    SearchOut,
    TypeOut,
    TypePageOut,
)
from xinheng.base import clock
from xinheng.base.errors import NotFound, Refused
from xinheng.base.scope import PUBLIC
from xinheng.catalogue import queries as catalogue
from xinheng.effects import queries as effects
from xinheng.effects.actions import hand_to_program
from xinheng.effects.queries import PublishedRecord
from xinheng.matching.queries import similar_names
from xinheng.people.queries import ClientSummary
from xinheng.register import queries as register
from xinheng.register.references import record_no_of

router = Router(tags=["公开查询"])
ERRORS = {422: Problem, 429: Problem}
MISSING = {404: Problem, **ERRORS}
IDENTIFIED = {401: Problem}
"""Where a program may name itself by its secret, so that it is told what to remove later."""

Limit = Annotated[int, Query(ge=1, le=100, description="每页条数")]
Cursor = Annotated[str | None, Query(max_length=64, description="上一页给出的 next_cursor")]
Word = Annotated[str, Path(max_length=64, pattern=r"^[0-9A-Za-z]+$")]


@router.get("/search", response={200: SearchOut, **IDENTIFIED, **ERRORS}, summary="查询单位")
def search(
    request: HttpRequest,
    q: Annotated[str, Query(min_length=1, max_length=100, description="名称、名称片段、拼音首字母、代码或文书号")],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> SearchOut:
    """Organisations by name, part of a name, pinyin initials or code; records by document number.

    Persons are never found; a citizen number is refused and not kept.
    """
    client = known_caller(request)
    offset = cursors.read(cursor)
    found = register.search(PUBLIC, _stored(q), limit=limit, offset=offset)
    if found.kind == "refused":
        raise Refused("查询内容像是公民身份号码，没有用于查询，也没有保存。", "本接口只查询单位。")
    records = _with_document_no(q, client) if found.kind == "decision_no" else []
    return SearchOut.model_validate(
        {
            "text": found.text,
            "kind": found.kind,
            "understood_as": found.understood_as,
            "hits": found.hits,
            "similar": similar_names(PUBLIC, found, first_page=offset == 0, pack=settings.PACK),
            "records": records,
            "next_cursor": cursors.write(offset + limit) if found.more else "",
        },
        from_attributes=True,
    )


@router.get("/organisations/{key}", response={200: IdentityOut, **MISSING}, summary="单位基本信息")
def organisation(request: HttpRequest, key: Word) -> IdentityOut:
    """An organisation by its credit code or the word in its address."""
    found = register.identity(PUBLIC, register.organisation(PUBLIC, key).id)
    return IdentityOut(
        organisation=OrganisationOut.from_orm(found.summary),
        former_names=list(found.former_names),
        registration=[LabelledOut(label=label, value=value) for label, value in found.registration],
        source=ProvenanceOut.from_orm(found.source) if found.source else None,
    )


@router.get(
    "/organisations/{key}/records", response={200: RecordsOut, **IDENTIFIED, **MISSING}, summary="单位的公示信息"
)
def records(
    request: HttpRequest,
    key: Word,
    type: Annotated[str | None, Query(max_length=40, description="信息类型，例如 penalty")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> RecordsOut:
    """What is public about an organisation today, newest decision first."""
    client = known_caller(request)
    one = register.organisation(PUBLIC, key)
    found = effects.published_of(PUBLIC, one.id, as_at=clock.today(), type=type)
    offset = cursors.read(cursor)
    more = len(found) > offset + limit
    return RecordsOut(
        records=[_record(record) for record in _handed(client, found[offset : offset + limit])],
        next_cursor=cursors.write(offset + limit) if more else "",
    )


@router.get("/records/{ref}", response={200: RecordOut, **IDENTIFIED, **MISSING}, summary="一条公示信息")
def record(request: HttpRequest, ref: Word) -> RecordOut:
    """One record that is public today; 404 when it is not, whatever the reason."""
    client = known_caller(request)
    handed = _handed(client, (effects.published(PUBLIC, record_no_of(ref), as_at=clock.today()),))
    if not handed:
        raise NotFound("没有这条公示信息。", "它现在可能不在公示期内。请从查询页重新进入。")
    return _record(handed[0])


@router.get("/catalogue", response={200: list[TypeOut], **ERRORS}, summary="信息目录")
def types(request: HttpRequest) -> list[TypeOut]:
    """All record types that can be collected."""
    return [TypeOut.from_orm(entry) for entry in catalogue.catalogue(PUBLIC, pack=settings.PACK)]


@router.get("/catalogue/{type}", response={200: TypePageOut, **MISSING}, summary="一类信息的字段")
def one_type(request: HttpRequest, type: Annotated[str, Path(max_length=40, pattern=r"^[a-z0-9_]+$")]) -> TypePageOut:
    """One record type with all its fields and the provision that allows each."""
    return TypePageOut.from_orm(catalogue.contract(PUBLIC, type, pack=settings.PACK))


def _with_document_no(text: str, client: ClientSummary | None) -> list[RecordOut]:
    found = []
    for record_no in register.records_by_decision_no(PUBLIC, _stored(text)):
        try:
            found.append(effects.published(PUBLIC, record_no, as_at=clock.today()))
        except NotFound:
            continue  # open in the register, but not public today
    return [_record(record) for record in _handed(client, found)]


def _handed(client: ClientSummary | None, records: Sequence[PublishedRecord]) -> tuple[PublishedRecord, ...]:
    """The records the caller may have; for a program that named itself it is noted which."""
    if client is None or not records:
        return tuple(records)
    kept = hand_to_program(client=client, effect_ids=[one.effect_id for one in records], now=clock.now())
    return tuple(one for one in records if one.effect_id in kept)


def _record(record: PublishedRecord) -> RecordOut:
    shown = {name: getattr(record, name) for name in RecordOut.model_fields if name != "fields"}
    labelled = [LabelledOut(label=label, value=value) for label, value in record.fields]
    return RecordOut.model_validate({**shown, "fields": labelled}, from_attributes=True)


def _stored(text: str) -> str:
    """The text without what PostgreSQL cannot hold."""
    return text.replace("\x00", "")
