"""Users of organisations, looked after at the counter: binding codes, and ending."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from xinheng.base.errors import NotFound, XinhengError
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.people import BindingForm
from xinheng.people import actions as people
from xinheng.people.models import BindingCode, OrganisationMembership
from xinheng.people.permissions import Act
from xinheng.people.queries import binding_codes, member, members
from xinheng.register.queries import organisation

SHOWN = 50


@officer(Act.BIND_ORGANISATIONS)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """`/desk/organisation-users?code=`, with a form for a binding code; the word is shown on this answer only."""
    code = request.GET.get("code", "").strip().upper()
    form = BindingForm(request.POST or None, initial={"credit_code": code})
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            made, word = people.issue_binding_code(
                credit_code=form.cleaned_data["credit_code"], region=visit.user.region,
                for_holder=form.cleaned_data["holder"], by=visit.actor, now=visit.now,
            )  # fmt: skip
        except XinhengError as error:
            form.add_error(None, f"{error.message}{error.advice}")
        else:
            context |= {"made": made, "word": word, "name": _name(visit, made.credit_code)}
            context |= {"form": BindingForm(), "register_url": request.build_absolute_uri(reverse("centre:register"))}
    return _page(request, visit, code, context)


@officer(Act.BIND_ORGANISATIONS)
@require_POST
def recover(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """A word for somebody who forgot her password; shown on this answer only."""
    found = member(visit.scope, id)
    context: dict[str, object] = {"form": BindingForm(initial={"credit_code": found.credit_code})}
    if request.POST.get("seen") != "on":
        messages.error(request, "请先核对本人，再勾选“已核对本人”。")
    else:
        membership = OrganisationMembership.objects.get(pk=found.id)
        made, word = people.issue_recovery_word(membership=membership, by=visit.actor, now=visit.now)
        context |= {"recovery": made, "recovery_word": word, "person": found}
        context |= {"recover_url": request.build_absolute_uri(reverse("centre:recover"))}
    return _page(request, visit, found.credit_code, context)


def _page(request: HttpRequest, visit: Visit, code: str, context: dict[str, object]) -> HttpResponse:
    wanted = code or None
    context |= {
        "code": code,
        "members": members(visit.scope, credit_code=wanted, present_only=wanted is None)[:SHOWN],
        "codes": [(one, one.state(visit.today)) for one in binding_codes(visit.scope, credit_code=wanted, limit=SHOWN)],
    }
    return render(request, "desk/organisation_users.html", context)


@officer(Act.BIND_ORGANISATIONS)
@require_POST
def withdraw(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """Make a binding code worthless that was not used yet."""
    found = BindingCode.objects.filter(pk=id, region_id=visit.user.region_id).first()
    if found is None:
        raise NotFound("没有这个绑定码。", "请从列表中选择。")
    people.withdraw_binding_code(code=found, by=visit.actor, now=visit.now)
    messages.success(request, "绑定码已作废。")
    return redirect("desk:organisation_users")


@officer(Act.BIND_ORGANISATIONS)
@require_POST
def end(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """End that somebody acts for an organisation."""
    found = member(visit.scope, id)
    membership = OrganisationMembership.objects.get(pk=found.id)
    people.revoke_membership(membership=membership, why=request.POST.get("why", ""), by=visit.actor, now=visit.now)
    messages.success(request, f"已停用{found.display_name}，即时生效。")
    return redirect("desk:organisation_users")


def _name(visit: Visit, code: str) -> str:
    try:
        return organisation(visit.scope, code).name
    except NotFound:
        return ""
