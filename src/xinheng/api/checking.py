"""The credit check for programs of halls and platforms: one code, many codes, what was done, and the public keys."""

import hashlib
from http import HTTPStatus
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Router

from xinheng.api.access import require_scope
from xinheng.api.check_schemas import CheckIn, CheckOut, ChecksIn, ChecksOut, FeedbackIn, FeedbackOut
from xinheng.api.problems import Problem
from xinheng.base import clock
from xinheng.base.errors import XinhengError
from xinheng.checks import actions as checks
from xinheng.checks.actions import Asked, answer_checks, answer_many, give_feedback
from xinheng.checks.actions.feedback import Done
from xinheng.checks.asking import Errand, errand, question
from xinheng.checks.keys import ensure_check_key, key_set
from xinheng.checks.queries import asker_of_client

router = Router(tags=["信用核查"])
public_router = Router(tags=["信用核查"])
ERRORS = {400: Problem, 401: Problem, 403: Problem, 422: Problem, 429: Problem}
Key = Annotated[
    str | None, Header(alias="Idempotency-Key", min_length=8, max_length=100, pattern=r"^[!-~]+$", default=None)
]
JSON = "application/json; charset=utf-8"


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


def _key(request: HttpRequest, text: str | None) -> checks.Key | None:
    return checks.Key(text, hashlib.sha256(request.body).hexdigest()) if text else None


def _errand(request: HttpRequest, item: str, case_no: str, purpose: str) -> Errand:
    client = require_scope(request, "check")
    asker = asker_of_client(client.scope, client)
    return errand(asker=asker, item=item, case_no=case_no, purpose=purpose, pack=settings.PACK)
