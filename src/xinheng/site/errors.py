"""Errors as pages: what happened, what was kept, what to do next. Registered in `urls` and `settings`."""

import sys
from collections.abc import Callable
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from xinheng.base.errors import Conflict, NotFound, TryLater, XinhengError


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: the address or form could not be read."""
    return render(request, "errors/400.html", status=HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403: the officer's roles do not allow it."""
    return render(request, "errors/403.html", status=HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return render(request, "errors/404.html", status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500; a database that does not answer is told apart, since waiting helps then."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        response = render(request, "errors/offline.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = "30"
        return response
    return render(request, "errors/500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)


def session_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: nearly always a form left open until the login ran out."""
    return render(request, "errors/expired.html", status=HTTPStatus.FORBIDDEN)


class ErrorPages:
    """Middleware that turns our own errors into pages with their sentence and advice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for errors of our own tree; everything else goes on to the handlers above."""
        if not isinstance(exception, XinhengError):
            return None
        return render(request, "errors/refused.html", {"error": exception}, status=_status(exception))


def _status(error: XinhengError) -> HTTPStatus:
    if isinstance(error, NotFound):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, Conflict):
        return HTTPStatus.CONFLICT
    if isinstance(error, TryLater):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.BAD_REQUEST
