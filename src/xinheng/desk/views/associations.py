"""行业协会: who its members are, and how many of them promised."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from xinheng.base.errors import Conflict, NotFound, Refused
from xinheng.commitments import actions as promising
from xinheng.commitments.queries import association, associations, members
from xinheng.desk.access import Visit, officer
from xinheng.desk.forms.commitments import MembersForm
from xinheng.people.models import Department
from xinheng.people.permissions import Act


@officer(Act.MANAGE_MEMBERS)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest, visit: Visit, id: int) -> HttpResponse:
    """`/desk/associations/<id>`, with a form for new members."""
    found = association(visit.scope, id)
    form = MembersForm(request.POST or None, initial={"joined_on": visit.today})
    if request.method == "POST" and form.is_valid():
        try:
            made, unknown = promising.add_members(
                association=Department.objects.get(pk=found.id), codes=form.cleaned_data["codes"].split(),
                joined_on=form.cleaned_data["joined_on"], by=visit.user, now=visit.now,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, f"{refusal.message}{refusal.advice}")
        else:
            messages.success(request, f"已登记 {len(made)} 个会员单位。")
            if unknown:
                messages.warning(request, f"本站没有这些代码的登记信息，没有登记：{'、'.join(unknown)}。")
            return redirect("desk:association", id)
    lines = members(visit.scope, association=id, as_at=visit.today)
    covered = sum(one.covered for one in lines)
    context = {"association": found, "members": lines, "covered": covered, "form": form,
               "others": associations(visit.scope)}  # fmt: skip
    return render(request, "desk/association.html", context, status=400 if form.errors else 200)


@officer(Act.MANAGE_MEMBERS)
@require_POST
def end(request: HttpRequest, visit: Visit, id: int, member: int) -> HttpResponse:
    """A member left."""
    association(visit.scope, id)
    if all(one.id != member for one in members(visit.scope, association=id, as_at=visit.today)):
        raise NotFound("没有这个会员单位。", "请刷新页面查看。")
    try:
        promising.end_member(member=member, by=visit.user, now=visit.now)
    except Conflict as refusal:
        messages.error(request, f"{refusal.message}{refusal.advice}")
    else:
        messages.success(request, "已登记退会。")
    return redirect("desk:association", id)
