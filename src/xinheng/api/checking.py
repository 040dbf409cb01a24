"""The credit check for programs of halls and platforms: one code, many codes, what was done, and the public keys."""

import hashlib
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Form, Header, Path, Router, Status, UploadedFile

from xinheng.api.access import require_scope
from xinheng.api.check_schemas import CheckFileOut, CheckIn, CheckOut, ChecksIn, ChecksOut, FeedbackIn, FeedbackOut
from xinheng.api.problems import Problem
from xinheng.api.uploads import on_disk
from xinheng.base import clock
from xinheng.base.errors import XinhengError
from xinheng.checks import actions as checks
from xinheng.checks.actions import Asked, answer_checks, answer_many, give_feedback
from xinheng.checks.actions.feedback import Done
from xinheng.checks.asking import Errand, errand, question
from xinheng.checks.jobs import submit_codes
from xinheng.checks.keys import ensure_check_key, key_set
from xinheng.checks.queries import answers_of, asker_of_client, file_of
from xinheng.ledger.writing import sha256_of

router = Router(tags=["信用核查"])
public_router = Router(tags=["信用核查"])
ERRORS = {400: Problem, 401: Problem, 403: Problem, 422: Problem, 429: Problem}
Key = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[!-~]+$", default=None)
]
JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8"


@router.post("/checks", response={200: CheckOut, 409: Problem, 503: Problem, **ERRORS}, summary="核查一个单位")
def check(request: HttpRequest, body: CheckIn, idempotency_key: Key = None) -> HttpResponse:
    """What is in force about one organisation for this item, as a signed receipt; logged before it is answered.

    A citizen number is refused and kept nowhere.
    """
    asked = Asked(
        question(_errand(request, body.item, body.case_no, body.purpose), body.code, body.name),
        _key(request, idempotency_key),
    )
    (found,) = answer_checks(asked=[asked], pack=settings.PACK, home=settings.HOME, now=clock.now())
    if isinstance(found, XinhengError):
        raise found
    return HttpResponse(found.body, content_type=JSON, status=HTTPStatus.OK)


@router.post("/checks/batch", response={200: ChecksOut, 409: Problem, 503: Problem, **ERRORS}, summary="核查多个单位")
def check_many(request: HttpRequest, body: ChecksIn, idempotency_key: Key = None) -> HttpResponse:
    """Up to 10 000 codes for one item; one receipt signs the digests of all lines."""
    found = answer_many(
        about=_errand(request, body.item, body.case_no, body.purpose),
        codes=body.codes,
        pack=settings.PACK,
        home=settings.HOME,
        now=clock.now(),
        key=_key(request, idempotency_key),
    )
    return HttpResponse(found.body, content_type=JSON, status=HTTPStatus.OK)


@router.post(
    "/checks/files", response={202: CheckFileOut, 409: Problem, 503: Problem, **ERRORS}, summary="核查一个文件的单位"
)
def check_file(
    request: HttpRequest,
    file: Annotated[UploadedFile, File(description="CSV、TXT 或 XLSX，第一列是代码，最多 1,000,000 个")],
    item: Annotated[str, Form(max_length=40, description="业务事项代码")],
    purpose: Annotated[str, Form(max_length=30, description="用途代码")],
    case_no: Annotated[str, Form(max_length=100, description="办件编号")] = "",
    idempotency_key: Key = None,
) -> Status[CheckFileOut]:
    """Up to a million codes for one item, answered in the background under one receipt over the digests of all lines.

    Citizen numbers are refused in their places and kept nowhere. Only the sender reads the file, for seven days.
    """
    about = _errand(request, item, case_no, purpose)
    with on_disk(file) as path:
        digest = hashlib.sha256(f"{sha256_of(path)}\0{item}\0{case_no}\0{purpose}".encode()).hexdigest()
        key = checks.Key(idempotency_key, digest) if idempotency_key else None
        sent = submit_codes(
            about=about, path=path, file_name=file.name or "file", home=settings.HOME, now=clock.now(), key=key
        )
    return Status(HTTPStatus.ACCEPTED, _file(request, sent.pk))


@router.get("/checks/files/{id}", response={200: CheckFileOut, 404: Problem, **ERRORS}, summary="核查文件的进度")
def check_file_state(request: HttpRequest, id: UUID) -> CheckFileOut:
    """Where a file of codes stands; only its sender may ask."""
    return _file(request, id)


@router.get(
    "/checks/files/{id}/result", response={200: bytes, 404: Problem, 503: Problem, **ERRORS}, summary="核查文件的结果"
)
def check_file_result(request: HttpRequest, id: UUID) -> FileResponse:
    """The answers as CSV, one line for each code in the order of the file; only its sender may fetch them."""
    client = require_scope(request, "check")
    path = answers_of(client.scope, asker_of_client(client.scope, client), id, home=settings.HOME)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"checks-{id.hex}.csv", content_type=CSV)


@router.post(
    "/checks/{number}/feedback", response={200: FeedbackOut, 404: Problem, **ERRORS}, summary="反馈采取了什么措施"
)
def feedback(
    request: HttpRequest, number: Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Z-]+$")], body: FeedbackIn
) -> FeedbackOut:
    """What was done about each measure that the answer named; a measure that was not applied needs a reason."""
    client = require_scope(request, "check")
    asker = asker_of_client(client.scope, client)
    noted = give_feedback(
        number=number,
        region_id=asker.region_id,
        department_id=asker.department_id,
        done=[Done(one.measure, one.outcome, one.note, one.document_no) for one in body.measures],
        by=client.actor,
        now=clock.now(),
    )
    return FeedbackOut(number=number, noted=noted)


@public_router.get("/checks/keys", response={200: dict[str, Any], 429: Problem}, summary="核查回执的公钥")
def keys(request: HttpRequest) -> dict[str, Any]:
    """The public keys that receipts are verified with, as a JSON Web Key Set."""
    ensure_check_key(settings.HOME)
    return key_set(settings.HOME)


def _file(request: HttpRequest, number: UUID) -> CheckFileOut:
    client = require_scope(request, "check")
    found = file_of(client.scope, asker_of_client(client.scope, client), number, home=settings.HOME)
    return CheckFileOut.from_orm(found)


def _key(request: HttpRequest, text: str | None) -> checks.Key | None:
    return checks.Key(text, hashlib.sha256(request.body).hexdigest()) if text else None


def _errand(request: HttpRequest, item: str, case_no: str, purpose: str) -> Errand:
    client = require_scope(request, "check")
    asker = asker_of_client(client.scope, client)
    return errand(asker=asker, item=item, case_no=case_no, purpose=purpose, pack=settings.PACK)
