"""Errors as `application/problem+json` (RFC 9457): what happened, and what to do next."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from xinheng.base.errors import Conflict, NotFound, TryLater, XinhengError
from xinheng.effects.queries import TooOld

MEDIA_TYPE = "application/problem+json"
_STATUS = (
    (NotFound, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (TryLater, HTTPStatus.SERVICE_UNAVAILABLE),
    (TooOld, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE),
)
_WORDS = {
    HTTPStatus.BAD_REQUEST: "请求读不懂。",
    HTTPStatus.UNAUTHORIZED: "没有提供有效的接口密钥。",
    HTTPStatus.FORBIDDEN: "这个接口密钥没有此项权限。",
    HTTPStatus.NOT_FOUND: "没有这个地址。",
    HTTPStatus.METHOD_NOT_ALLOWED: "这个地址不支持这种请求方法。",
    HTTPStatus.TOO_MANY_REQUESTS: "请求太频繁。",
}


class FieldProblem(Schema):
    """One parameter that does not hold."""

    place: str
    message: str


class Problem(Schema):
    """An error. `detail` is one sentence, `advice` the next step."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    advice: str = ""
    errors: list[FieldProblem] = []


class NotAllowed(HttpError):
    """The program is known, and may not do this."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.FORBIDDEN, "")


class SecretExpired(HttpError):
    """The secret was right until it expired or was replaced."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.UNAUTHORIZED, "这个接口密钥已过有效期。")

    advice = "请向本地系统管理员领取新的密钥。"


class WrongAddress(HttpError):
    """The secret is right, and must not be used from here."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.FORBIDDEN, "这个接口密钥不能从这个地址使用。")

    advice = "请从登记的地址调用，或者请系统管理员修改允许的地址。"


class NotOffered(HttpError):
    """The request is understood, and asks for something this operation does not do."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(HTTPStatus.BAD_REQUEST, message)
        self.advice = advice


def problem(
    status: int, detail: str = "", *, advice: str = "", errors: list[FieldProblem] | None = None
) -> HttpResponse:
    """The response for one error."""
    known = HTTPStatus(status)
    body = Problem(
        title=known.phrase,
        status=status,
        detail=detail or _WORDS.get(known, known.phrase),
        advice=advice,
        errors=errors or [],
    )
    return JsonResponse(
        body.model_dump(), status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def register_handlers(api: NinjaAPI) -> None:
    """Have every error of the API answered as a problem."""
    api.add_exception_handler(XinhengError, _of_ours)
    api.add_exception_handler(ValidationError, _of_parameters)
    api.add_exception_handler(Throttled, _of_haste)
    api.add_exception_handler(AuthenticationError, _of_identity)
    api.add_exception_handler(SecretExpired, _of_secret)
    api.add_exception_handler(WrongAddress, _of_secret)
    api.add_exception_handler(NotOffered, _of_secret)
    api.add_exception_handler(HttpError, _of_status)
    api.add_exception_handler(Http404, lambda request, error: problem(HTTPStatus.NOT_FOUND))


# ninja types the second argument of a handler as an error or its class; it is always the error.
def _of_status(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code)


def _of_secret(request: HttpRequest, error: Any) -> HttpResponse:
    response = problem(error.status_code, error.message, advice=error.advice)
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="xinheng"'
    return response


def _of_ours(request: HttpRequest, error: Any) -> HttpResponse:
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), HTTPStatus.UNPROCESSABLE_ENTITY)
    response = problem(status, error.message, advice=error.advice)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "30"
    return response


def _of_parameters(request: HttpRequest, error: Any) -> HttpResponse:
    found = [FieldProblem(place=_place(one), message=str(one["msg"])) for one in error.errors]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "请求的参数不对。", errors=found)


def _of_haste(request: HttpRequest, error: Any) -> HttpResponse:
    response = problem(HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(error.wait or 1)
    return response


def _of_identity(request: HttpRequest, error: Any) -> HttpResponse:
    response = problem(HTTPStatus.UNAUTHORIZED)
    response["WWW-Authenticate"] = 'Bearer realm="xinheng"'
    return response


def _place(error: dict[str, Any]) -> str:
    # What was sent is never repeated: it may be a person's number.
    return ".".join(str(part) for part in error["loc"])


class ApiProblems:
    """Middleware: errors that arise before or around an operation of the API are problems too, never pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or not request.path.startswith("/api/"):
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        answer = problem(response.status_code)
        for header in ("Allow", "Retry-After"):
            if header in response.headers:
                answer[header] = response.headers[header]
        return answer
