"""Coming in and leaving: login, first login with a binding code, one more organisation, password, logout."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinheng.audit.actions import record
from xinheng.audit.actor import Actor
from xinheng.base import clock
from xinheng.base.errors import NotFound, XinhengError
from xinheng.centre.access import Visit, logged_in, organisation_user
from xinheng.centre.forms import BindForm, LoginForm, PasswordForm, RecoverForm, RegisterForm
from xinheng.centre.session import choose, enter, leave, present_user, usable_memberships
from xinheng.people import actions as people
from xinheng.people.kept_forms import take
from xinheng.people.models import OrganisationUser
from xinheng.people.tries import may_try, wrong_try

WRONG = "登录名或密码不对。连续输错 5 次，这个登录名半小时内不能再登录。"


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """`/centre/login?next=`"""
    if request.method == "GET" and present_user(request):
        return redirect("centre:home")
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = authenticate(request, organisation_user=given["username"], password=given["password"])
        if isinstance(user, OrganisationUser):
            enter(request, user)
            log_login(user)
            return HttpResponseRedirect(back_to(request))
        form.add_error(None, WRONG)
    sign_on = settings.OIDC_ORGANISATIONS
    context = {"form": form, "next": back_to(request), "sign_on": sign_on.title if sign_on else ""}
    return render(request, "centre/login.html", context)


@sensitive_post_parameters("password", "word")
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """`/centre/recover`: a new password with a word from the counter. Wrong words count towards the lock-out."""
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, name = form.cleaned_data, form.cleaned_data["username"].strip()
        if not may_try(request, organisation_user=name):
            wrong_try(request, organisation_user=name)
        else:
            try:
                user = people.recover_login(
                    username=name, word=given["word"], password=given["password"], now=clock.now()
                )
            except XinhengError as error:
                if isinstance(error, people.WrongWord):
                    wrong_try(request, organisation_user=name)
                form.add_error(None, f"{error.message}{error.advice}")
            else:
                enter(request, user)
                log_login(user)
                messages.success(request, "已设定新密码。在别处的登录随即失效。")
                return redirect("centre:home")
    return render(request, "centre/recover.html", {"form": form})


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """`/centre/logout`, by the button only."""
    leave(request)
    return render(request, "centre/logged_out.html")


@sensitive_post_parameters("password", "word")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """`/centre/register`: a login of one's own, with the code from the counter or from a colleague."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = people.register_organisation_user(**form.cleaned_data, now=clock.now())
        except XinhengError as error:
            form.add_error(None, f"{error.message}{error.advice}")
        else:
            enter(request, made.user)
            log_login(made.user)
            messages.success(request, "已建立登录并绑定单位。")
            return redirect("centre:home")
    return render(request, "centre/register.html", {"form": form})


@logged_in
@require_http_methods(["GET", "POST"])
def bind(request: HttpRequest, user: OrganisationUser) -> HttpResponse:
    """`/centre/bind`: act for one more organisation."""
    form = BindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = people.bind_organisation(user=user, **form.cleaned_data, now=clock.now())
        except XinhengError as error:
            form.add_error(None, f"{error.message}{error.advice}")
        else:
            choose(request, made)
            messages.success(request, "已绑定单位。")
            return redirect("centre:home")
    return render(request, "centre/bind.html", {"form": form, "centre_user": user})


@logged_in
@require_POST
def switch(request: HttpRequest, user: OrganisationUser) -> HttpResponse:
    """Turn to another organisation one acts for."""
    wanted = request.POST.get("membership", "")
    own = next((one for one in usable_memberships(request, user) if str(one.pk) == wanted), None)
    if own is None:
        raise NotFound("您没有绑定这个单位。", "请从页面上方选择单位。")
    choose(request, own)
    return redirect("centre:home")


@organisation_user
@require_safe
def resume(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/resume`: what was typed when the login had run out, to be sent again."""
    kept = take(request, visit.now)
    return render(request, "centre/resume.html", {"kept": kept}) if kept else redirect("centre:home")


@organisation_user
@sensitive_post_parameters("old", "password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/centre/password`; other browsers have to log in again."""
    form = PasswordForm(request.POST or None)
    user, name = visit.user, visit.user.username
    if request.method == "POST" and form.is_valid():
        if not may_try(request, organisation_user=name):
            wrong_try(request, organisation_user=name)
        elif not user.check_password(form.cleaned_data["old"]):
            wrong_try(request, organisation_user=name)
            form.add_error("old", "原密码不对。")
        else:
            try:
                people.set_organisation_password(
                    user=user, old=form.cleaned_data["old"], password=form.cleaned_data["password"],
                    by=visit.actor, now=visit.now,
                )  # fmt: skip
            except XinhengError as error:
                form.add_error(None, f"{error.message}{error.advice}")
            else:
                enter(request, user)
                choose(request, visit.membership)
                messages.success(request, "已改密码。在别处的登录随即失效。")
                return redirect("centre:home")
    return render(request, "centre/password.html", {"form": form, "has_password": user.has_usable_password()})


def back_to(request: HttpRequest) -> str:
    """Where she was going, if that is a page of the centre; else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure()):
        return reverse("centre:home")
    try:
        door = resolve(urlsplit(wanted).path).app_name
    except Resolver404:
        return reverse("centre:home")
    return wanted if door == "centre" else reverse("centre:home")


def log_login(user: OrganisationUser) -> None:
    """Write the login to the log."""
    with transaction.atomic():
        record(
            act="centre.login",
            by=Actor.organisation_user(user.pk, user.display_name),
            now=clock.now(),
            object_type="organisation_user",
            object_id=str(user.pk),
        )
