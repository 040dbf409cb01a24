"""The second step of the login, and binding an authenticator app."""

from contextlib import suppress
from datetime import datetime, timedelta

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.errors import Refused, XinhengError
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.people import CodeForm, EnrolForm
from xinheng.desk.sessions import SIGN_ON, begin, proven, signed_on
from xinheng.people import actions as people
from xinheng.people.actions.second_factor import WRONG_CODE
from xinheng.people.models import User
from xinheng.people.second_factor import app_address, factor_begun, factor_in_use, needed_by, secret_of, typed
from xinheng.people.tries import may_try, wrong_try
from xinheng.rulebook.loader import load_pack

WAITING = "second_step"
PATIENCE = timedelta(minutes=5)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def wait_for_code(request: HttpRequest, user: User, back: str, *, how: str = "password") -> None:
    """The password was right, or single sign-on held; nobody is logged in before the code is."""
    request.session.cycle_key()
    until = clock.now() + PATIENCE
    request.session[WAITING] = {"user": user.pk, "until": until.isoformat(), "back": back, "how": how}


def log_login(user: User, *, how: str = "password") -> None:
    """Write the login to the log."""
    with transaction.atomic():
        record(act="session.login", by=Actor.of(user), now=clock.now(), region_id=user.region_id, detail={"how": how})


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """`/desk/login/code`: the code of the app, or a recovery code. Wrong ones count towards the lock-out."""
    now = clock.now()
    waiting = request.session.get(WAITING)
    user = _waiting_user(request, now)
    if user is None or waiting is None:
        request.session.pop(WAITING, None)
        return redirect("desk:login")
    form = CodeForm(request.POST or None)
    form.fields["code"].widget.attrs["autofocus"] = True
    if request.method == "POST" and form.is_valid():
        factor = _prove(request, user, form.cleaned_data["code"], now)
        if factor is not None:
            login(request, user, backend=BACKEND)
            request.session.pop(WAITING, None)
            proven(request, factor)
            begin(request, user, now)
            if waiting["how"] == SIGN_ON:
                signed_on(request)
            log_login(user, how=waiting["how"])
            return HttpResponseRedirect(waiting["back"])
        form.add_error("code", WRONG_CODE)
    context = {"form": form, "person": user, "by_password": waiting["how"] != SIGN_ON}
    return render(request, "desk/second_step.html", context)


@officer(enrolling=True)
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/account/second-factor`: scan, type the first code, and see the recovery codes once."""
    user = visit.user
    begun = factor_begun(user) or people.begin_second_factor(user=user, now=visit.now)
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if authenticate(request, username=user.username, password=form.cleaned_data["password"]) != user:
            form.add_error("password", "密码不对。")
        else:
            try:
                codes = people.confirm_second_factor(user=user, code=form.cleaned_data["code"], now=visit.now)
            except XinhengError as error:
                form.add_error("code", f"{error.message}{error.advice}")
            else:
                proven(request, begun.pk)
                request.session.cycle_key()
                return render(request, "desk/recovery_codes.html", {"codes": codes, "fresh": True})
    secret = secret_of(begun)
    context = {
        "form": form,
        "qr": _qr(app_address(user, secret, load_pack(settings.PACK).site_name or "信衡")),
        "secret": typed(secret),
        "replacing": factor_in_use(user) is not None,
        "needed": needed_by(user),
    }
    return render(request, "desk/second_factor.html", context)


@officer(enrolling=True)
@require_POST
def start_over(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new secret, for one whose QR code somebody else may have seen."""
    people.begin_second_factor(user=visit.user, now=visit.now)
    return redirect("desk:second_factor")


@officer()
@sensitive_post_parameters("code")
@require_POST
def recovery_codes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """New recovery codes, against a code of the app; shown on this one answer only."""
    form = CodeForm(request.POST)
    if not form.is_valid() or _prove(request, visit.user, form.cleaned_data["code"], visit.now) is None:
        messages.error(request, WRONG_CODE)
        return redirect("desk:account")
    codes = people.renew_recovery_codes(user=visit.user, now=visit.now)
    return render(request, "desk/recovery_codes.html", {"codes": codes, "fresh": False})


def _prove(request: HttpRequest, user: User, code: str, now: datetime) -> int | None:
    """The number of the factor the code proves; a wrong one is counted, and the page for it comes from axes."""
    if may_try(request, username=user.username):
        with suppress(Refused):
            return people.prove_second_factor(user=user, code=code, now=now).pk
    wrong_try(request, username=user.username)
    return None


def _waiting_user(request: HttpRequest, now: datetime) -> User | None:
    waiting = request.session.get(WAITING)
    if waiting is None or datetime.fromisoformat(waiting["until"]) < now:
        return None
    return User.objects.filter(pk=waiting["user"], is_active=True).first()


def _qr(text: str) -> SafeString:
    # The picture is made of numbers only; the text is in its shape, not in its markup: nothing there to escape.
    return mark_safe(segno.make(text, error="m").svg_inline(scale=4, border=2))  # noqa: S308 - see above
