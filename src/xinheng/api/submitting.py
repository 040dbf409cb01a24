"""What a department's program may do: hand in files, follow them, read its receipts."""

import hashlib
import json
import uuid
from itertools import islice
from pathlib import Path as FilePath
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpRequest
from ninja import File, Form, Header, Path, Query, Router, Status, UploadedFile

from xinheng.api import cursors
from xinheng.api.access import require_scope
from xinheng.api.models import AnsweredWrite
from xinheng.api.problems import Problem
from xinheng.api.public import Cursor, Limit
from xinheng.api.schemas import (
    BatchesOut,
    BatchOut,
    DeliveriesOut,
    DeliveryOut,
    FindingOut,
    FindingsOut,
    ReceiptOut,
)
from xinheng.api.uploads import on_disk
from xinheng.base import clock
from xinheng.base.errors import Conflict, NotFound, WrongUsage
from xinheng.intake import queries as intake
from xinheng.intake.actions.delivering import Sender
from xinheng.intake.correction import write_correction_file
from xinheng.intake.jobs import submit
from xinheng.ledger import queries as ledger
from xinheng.ledger.models import Channel
from xinheng.ledger.writing import sha256_of
from xinheng.people.models import Department
from xinheng.people.queries import ClientSummary

router = Router(tags=["报送"])
ERRORS = {401: Problem, 403: Problem, 422: Problem, 429: Problem}
MISSING = {404: Problem, **ERRORS}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BatchNumber = Annotated[int, Path(ge=1, le=2**53, description="批次号")]


@router.post("/batches", response={202: DeliveriesOut, 409: Problem, 503: Problem, **ERRORS}, summary="报送一个文件")
def hand_in(
    request: HttpRequest,
    file: Annotated[UploadedFile, File(description="CSV、XLSX、JSON Lines、Parquet，或装有它们的 ZIP")],
    type: Annotated[str, Form(max_length=40, description="信息类型，见 /catalogue；auto 表示按列名判断")],
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[!-~]+$")],
    mapping: Annotated[str | None, Form(max_length=20_000, description="JSON：列名对应的字段名")] = None,
) -> Status[DeliveriesOut]:
    """Hand in one file; it is processed in the background and answered by a receipt.

    Repeating the call with the same `Idempotency-Key` and content gives the same answer and does nothing twice.
    """
    client = require_scope(request, "submit")
    with on_disk(file) as path:
        digest = hashlib.sha256(f"{sha256_of(path)}\0{type}\0{mapping or ''}".encode()).hexdigest()
        known = _answered(client, idempotency_key, digest)
        if known is None:
            known = _hand_in(client, idempotency_key, digest, path, file.name or "", type, mapping)
    return Status(202, DeliveriesOut(deliveries=[_delivery(client, number) for number in known]))


@router.get("/deliveries/{number}", response={200: DeliveryOut, **MISSING}, summary="报送的进度")
def delivery(request: HttpRequest, number: UUID) -> DeliveryOut:
    """Where a delivered file stands."""
    return _delivery(require_scope(request, "read"), number)


@router.get("/batches", response={200: BatchesOut, **ERRORS}, summary="批次列表")
def batches(
    request: HttpRequest,
    type: Annotated[str | None, Query(max_length=40)] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> BatchesOut:
    """The department's batches, newest first."""
    scope = require_scope(request, "read").scope
    found = ledger.batches(scope, type=_plain(type), before=cursors.read(cursor) or None, limit=limit + 1)
    page = found[:limit]
    return BatchesOut(
        batches=[BatchOut.from_orm(batch) for batch in page],
        next_cursor=cursors.write(page[-1].number) if len(found) > limit else "",
    )


@router.get("/batches/{number}", response={200: BatchOut, **MISSING}, summary="一个批次")
def batch(request: HttpRequest, number: BatchNumber) -> BatchOut:
    """One batch of the department."""
    return BatchOut.from_orm(ledger.batch(require_scope(request, "read").scope, number))


@router.get("/receipts/{number}", response={200: ReceiptOut, **MISSING}, summary="回执")
def receipt(request: HttpRequest, number: BatchNumber) -> ReceiptOut:
    """The receipt of a batch: how its rows ended, and its problems by kind."""
    return ReceiptOut.from_orm(intake.receipt(require_scope(request, "read").scope, number))


@router.get("/receipts/{number}/findings", response={200: FindingsOut, **MISSING}, summary="逐条问题")
def findings(
    request: HttpRequest,
    number: BatchNumber,
    level: Annotated[str | None, Query(pattern="^(error|warning|notice)$")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="每页条数")] = 100,
    cursor: Cursor = None,
) -> FindingsOut:
    """Single problems row by row; a page may be longer than `limit`, so that the problems of one row stay together."""
    scope = require_scope(request, "read").scope
    every = intake.findings(scope, number, level=level, after_row=cursors.read(cursor))
    page = list(islice(every, limit))
    following = next(every, None)
    while following and page and following.row == page[-1].row:
        page.append(following)
        following = next(every, None)
    return FindingsOut(
        findings=[FindingOut.from_orm(one) for one in page],
        next_cursor=cursors.write(page[-1].row) if following else "",
    )


@router.get("/receipts/{number}/corrections", response={200: bytes, **MISSING}, summary="需改正的行（XLSX）")
def corrections(request: HttpRequest, number: BatchNumber) -> FileResponse:
    """The refused rows as a workbook, errors in place, ready to correct and to hand in again."""
    scope = require_scope(request, "read").scope
    folder = settings.HOME.tmp / f"correction-{uuid.uuid4().hex}"
    folder.mkdir(mode=0o700)
    target = folder / "rows.xlsx"
    try:
        write_correction_file(scope, number, target=target, tmp=folder)
        content = target.open("rb")
    finally:
        target.unlink(missing_ok=True)
        folder.rmdir()
    # The open file stays readable after its name is gone, and leaves nothing behind when it is closed.
    return FileResponse(content, as_attachment=True, filename=f"corrections-{number}.xlsx", content_type=XLSX)


def _answered(client: ClientSummary, key: str, digest: str) -> list[UUID] | None:
    known = AnsweredWrite.objects.filter(client_id=client.id, key=key).first()
    if known is None:
        return None
    if known.request_digest != digest:
        raise Conflict("这个 Idempotency-Key 已用于另一个文件。", "请为每次报送换一个新的值。")
    return list(known.deliveries)


def _hand_in(
    client: ClientSummary, key: str, digest: str, path: FilePath, name: str, type: str, mapping: str | None
) -> list[UUID]:
    department = Department.objects.select_related("region").get(pk=client.department_id)
    sender = Sender(department, Channel.API, client.actor)
    now = clock.now()
    try:
        with transaction.atomic():
            deliveries = submit(
                path=path,
                file_name=_plain(name) or "file",
                type=_plain(type) or "",
                sender=sender,
                now=now,
                mapping=_mapping(mapping),
            )
            numbers = [delivery.pk for delivery in deliveries]
            AnsweredWrite.objects.create(
                client_id=client.id, key=key, request_digest=digest, deliveries=numbers, answered_at=now
            )
    except NotFound as error:  # the address is right, the type in the form is not
        raise WrongUsage(error.message, error.advice) from error
    except IntegrityError:  # the same call, a moment earlier
        known = _answered(client, key, digest)
        if known is None:
            raise
        return known
    return numbers


def _delivery(client: ClientSummary, number: UUID) -> DeliveryOut:
    return DeliveryOut.from_orm(intake.delivery(client.scope, number))


def _mapping(text: str | None) -> dict[str, str] | None:
    if not text:
        return None
    try:
        found = json.loads(text)
    except ValueError as error:
        raise WrongUsage("mapping 不是 JSON。", "它应是列名到字段名的对照。") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise WrongUsage("mapping 应是列名到字段名的对照。", '例如 {"企业名称": "name"}。')
    return found


def _plain(text: str | None) -> str | None:
    """The text without what PostgreSQL cannot hold."""
    return text.replace("\x00", "") if text else None
